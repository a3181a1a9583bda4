"""The names that templates may print: what each means, and an example to try a template with.

HR is given them as a list, for the notice, the combined notice and the slips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TemplateName:
    """One name, what HR should know about it, and an example of the value.

    A list's example holds one entry; where entries have names of their own, it is a mapping.
    """

    name: str
    meaning: str
    example: Any


def examples(names: Sequence[TemplateName]) -> dict[str, Any]:
    """Everything is there, and of every list two entries: one would hide a loop that is badly closed."""
    return {one.name: _plenty(one.example) for one in names}


def empty(names: Sequence[TemplateName]) -> dict[str, Any]:
    """Nothing is there: empty texts and lists, no numbers, every yes a no.

    Together with `examples` this leads a template through both ways of its plain `if`s.
    """
    return {one.name: _empty(one.example) for one in names}


def _plenty(example: Any) -> Any:
    if isinstance(example, Mapping):
        return {key: _plenty(inner) for key, inner in example.items()}
    return [_plenty(inner) for inner in example] * 2 if isinstance(example, list) else example


def _empty(example: Any) -> Any:
    return {} if isinstance(example, Mapping) else type(example)()


NOTICE_NAMES = (
    TemplateName("公司", "settings.toml 的 company", "示例商贸有限公司"),
    TemplateName("文号", "settings.toml 的 document_number；不用文号时为空", "示例绩通〔2026〕11号"),
    TemplateName("月份", "考核月份", "2026年11月"),
    TemplateName("考核组", "考核组名称", "旗舰店"),
    TemplateName("试评", "是否试运行：是则标题写“试评”，不涉及金额", True),
    TemplateName(
        "更正",
        "第2版起：版次、事由、变化（姓名、原得分、现得分、原名次、现名次）、免于整改；首次下发为空",
        {
            "版次": 2,
            "事由": "补录漏登记的订单",
            "变化": [{"姓名": "张三", "原得分": "78.20", "现得分": "79.20", "原名次": "3", "现名次": "2"}],
            "免于整改": "李四",
        },
    ),
    TemplateName("标题", "通报的标题；人事改过的，照人事写的", "关于2026年11月旗舰店绩效考核情况的通报"),
    TemplateName("制度依据", "settings.toml 的 policy，带书名号", "《客服绩效考核办法》"),
    TemplateName("数据来源", "填报表上的软件和导出日期", "赤兔（2026年12月6日（星期日）导出）"),
    TemplateName("权重", "综合得分按什么计算：各考核人的权重", "自评30%、店长70%加权"),
    TemplateName("计数单位", "参评的按什么数：人，每行是班组的方案为 个班组", "人"),
    TemplateName("对象数", "人数，每行是班组的方案为 班组数", "人数"),
    TemplateName("名称栏", "姓名，每行是班组的方案为 班组名称", "姓名"),
    TemplateName("上级", "整改方案交给谁：权重最大的考核人（自评除外）", "店长"),
    TemplateName("应参评人数", "考核组全部人数", 12),
    TemplateName("实际参评人数", "参与排名的人数", 11),
    TemplateName("不参与排名人数", "不参与排名的人数", 1),
    TemplateName(
        "得分概况", "平均、较上月、最高、最低，一句话", "平均得分78.20分，最高92.40分，最低61.05分。"
    ),
    TemplateName("类别概况", "各类别的平均得分，一句话", "服务类平均62.10分（标准分80分）。"),
    TemplateName("只列两端", "人数过多、排名表只列前后各若干名时为这个数，否则为0", 20),
    TemplateName("排名表头", "排名表各列的名称", ["名次", "姓名"]),
    TemplateName("排名", "排名表各行，每行是各列的文字", [["1", "张三"]]),
    TemplateName("排名注", "并列怎么排、谁逾期未评按谁计；没有则为空", "得分相同的并列同一名次。"),
    TemplateName("奖励与提成调整", "逐条的句子，至少一条", ["张三综合排名第一名，奖励100元。"]),
    TemplateName("表扬", "人事写的表扬，逐段；没有写则为空，草稿里是提示", ["张三连续三个月首次响应最快。"]),
    TemplateName(
        "主要问题",
        "失分最多的两三项：序号、指标、组均值、目标、未达标人数；没有则为空",
        [{"序号": 1, "指标": "咨询转化率", "组均值": "48.20%", "目标": "50.00%", "未达标人数": 7}],
    ),
    TemplateName("原因", "人事写的原因，逐段；没有写则为空，草稿里是提示", ["大促期间新人多，流程不熟。"]),
    TemplateName(
        "整改",
        "按期限分条：人员、期限、不变（更正通报里期限和原通报相同）；没有则为空",
        [{"人员": "王五、赵六", "期限": "2026年12月10日（星期四）", "不变": False}],
    ),
    TemplateName("无整改原因", "没有整改要求时的一句话", "本月没有需要提交整改方案的人员。"),
    TemplateName(
        "整改逾期",
        "以前月份逾期未交的整改方案：人员、月份、期限；没有则为空",
        [{"人员": "王五", "月份": "2026年10月", "期限": "2026年11月10日（星期二）"}],
    ),
    TemplateName(
        "整改未结",
        "以前月份交来了、还没有审核同意的整改方案：人员、月份、情况；没有则为空",
        [
            {
                "人员": "赵六",
                "月份": "2026年10月",
                "情况": "已经提交，至本通报下发前一日尚未审核，请店长尽快审核",
            }
        ],
    ),
    TemplateName("整改附件", "整改方案表是附件几", "附件3"),
    TemplateName("申诉截止", "提出异议的最后一天", "2026年12月8日（星期二）"),
    TemplateName("申诉天数", "settings.toml 的 appeal_days", 3),
    TemplateName("申诉受理人", "settings.toml 的 appeals_to", "人事部刘女士"),
    TemplateName("附件", "各附件的序号和名称", ["1．评分标准简表"]),
    TemplateName(
        "评分标准",
        "各指标：类别、指标、标准分、计算、得分标准",
        [
            {
                "类别": "服务类",
                "指标": "咨询转化率",
                "标准分": "16",
                "计算": "付款人数 ÷ 询单人数",
                "得分标准": "≥60.00% 16分",
            }
        ],
    ),
    TemplateName("不参与排名人员", "序号、姓名；一律不写原因", [{"序号": 1, "姓名": "钱七"}]),
    TemplateName("落款", "settings.toml 的 signature", "示例商贸有限公司人事部"),
    TemplateName("下发日期", "通报下发的日期；草稿里空着", "2026年12月3日"),
    TemplateName("抄送", "抄送谁；人事改过的，照人事写的", "人事、财务。"),
)
"""Every name that `notice.docx` and `notice.html.j2` may print."""

_OF_GROUP = {one.name: one.example for one in NOTICE_NAMES}

COMBINED_NAMES = (
    TemplateName("公司", "settings.toml 的 company", "示例商贸有限公司"),
    TemplateName("文号", "各组通报的文号相同时是它；不同时为空，写在 组.通报 里", "示例绩通〔2026〕11号"),
    TemplateName("月份", "考核月份", "2026年11月"),
    TemplateName("试评", "是否试运行：是则标题写“试评”", True),
    TemplateName("制度依据", "settings.toml 的 policy，带书名号", "《客服绩效考核办法》"),
    TemplateName("考核组名单", "各考核组的名称", "旗舰店、二店"),
    TemplateName("考核组数", "有结果的考核组数", 2),
    TemplateName(
        "概况",
        "各组一行：考核组、应参评、实际参评、平均、较上月、最高、最低",
        [
            {
                "考核组": "旗舰店",
                "应参评": "12",
                "实际参评": "11",
                "平均": "78.20",
                "较上月": "+1.05",
                "最高": "92.40",
                "最低": "61.05",
            }
        ],
    ),
    TemplateName(
        "各组",
        "各组一章：序号（二、三……），通报（该组通报自己的标题和文号，没有则为空），以及该组通报的全部名称，例如 组.排名",
        [{"序号": "二", "通报": "《关于11月客服之星的通报》，示例绩通〔2026〕11号", **_OF_GROUP}],
    ),
    TemplateName("申诉序号", "“异议与申诉”一章的序号", "四"),
    TemplateName("申诉截止", "提出异议的最后一天", "2026年12月8日（星期二）"),
    TemplateName("申诉天数", "settings.toml 的 appeal_days", 3),
    TemplateName("申诉受理人", "settings.toml 的 appeals_to", "人事部刘女士"),
    TemplateName(
        "不参与排名人员",
        "序号、考核组、姓名、说明；一律不写原因",
        [{"序号": 1, "考核组": "旗舰店", "姓名": "钱七", "说明": "按制度不参与本月排名"}],
    ),
    TemplateName("落款", "settings.toml 的 signature", "示例商贸有限公司人事部"),
    TemplateName("下发日期", "通报下发的日期：各组中最晚的一个", "2026年12月3日"),
    TemplateName("抄送", "各组通报抄送的，每个一次", "人事、财务。"),
)
"""Every name that `combined_notice.docx` and `combined_notice.html.j2` may print."""

_EXAMPLE = [
    {"序号": 1, "位置": "考核数据!F9", "问题": "“付款人数”没有填写。", "怎么改": "请填写；确实没有填0。"}
]

RETURNED_NAMES = (
    TemplateName("文件", "放进来的文件的名称", "旗舰店_2026-11_考核上报表.xlsx"),
    TemplateName("考核组", "考核组；看不出来则为空", "旗舰店"),
    TemplateName("月份", "考核月份；看不出来则为空", "2026年11月"),
    TemplateName("存档编号", "放进来的文件在存档里的编号，文件名以它开头", "3fa29c01"),
    TemplateName("退回的表", "旁边放的是哪一种：已标出（错处已标颜色）、未标出（原样退回）、没有", "已标出"),
    TemplateName("必须改正", "必须改正的问题，按改正的先后：序号、位置、问题、怎么改", _EXAMPLE),
    TemplateName("请核对", "只需核对的问题：序号、位置、问题、怎么改；没有则为空", _EXAMPLE),
)

SLIP_NAMES = (
    TemplateName("公司", "settings.toml 的 company", "示例商贸有限公司"),
    TemplateName("方案", "考核方案的名称", "网店客服组月度绩效考核"),
    TemplateName("对象", "标题上写的：个人，每行是班组的方案为 班组", "个人"),
    TemplateName("名称栏", "姓名，每行是班组的方案为 班组名称", "姓名"),
    TemplateName("编号栏", "工号，每行是班组的方案为 班组编号", "工号"),
    TemplateName("计数单位", "参评的按什么数：人，每行是班组的方案为 个班组", "人"),
    TemplateName("签收人", "谁签字：本人，每行是班组的方案为 班组负责人", "本人"),
    TemplateName("上级", "谁发这张单：权重最大的考核人（自评除外）", "店长"),
    TemplateName("姓名", "本人姓名", "张三"),
    TemplateName("工号", "本人工号", "KF001"),
    TemplateName("岗位", "花名册上的岗位；没有则为“—”", "客服专员"),
    TemplateName("考核组", "考核组名称", "旗舰店"),
    TemplateName("月份", "考核月份", "2026年11月"),
    TemplateName("版次", "第几版", 1),
    TemplateName("试评", "是否试运行", True),
    TemplateName("综合得分", "综合得分；没有得分则为“—”", "78.20"),
    TemplateName("名次", "第几名，或不参与排名", "第3名"),
    TemplateName("参评人数", "参与排名的人数", 12),
    TemplateName("组平均", "组平均得分；参评不足三人时为“—”，以免推知他人得分", "80.15"),
    TemplateName("较上月", "名次的变化；没有可比的则为“—”", "↑2"),
    TemplateName("上月名次", "上月多少人中第几名，或上月没有名次", "上月12人中第5名"),
    TemplateName("近月得分", "最近六个月的得分；第一个月为空", "10月 76.40　11月 78.20"),
    TemplateName("近月走势", "同上，画成一条小线（只在 slip.html.j2 里用）；第一个月为空", "<svg></svg>"),
    TemplateName(
        "说明", "逐条的句子：为什么不参与排名、谁逾期未评；没有则为空", ["自评逾期未评，按店长评分计。"]
    ),
    TemplateName(
        "数据指标",
        "由数据计分的指标：类别、指标、标准分、怎么算、所在档、得分、到下一档",
        [
            {
                "类别": "旺旺沟通",
                "指标": "咨询转化率",
                "标准分": "16",
                "怎么算": "付款人数432 ÷ 询单人数800 = 54.00%",
                "所在档": "≥50.00%",
                "得分": "12",
                "到下一档": "再多8人付款，可得14分",
            }
        ],
    ),
    TemplateName(
        "评分指标",
        "由考核人评分的指标：类别、指标、标准分、评分",
        [{"类别": "管理类", "指标": "报表上交及时性", "标准分": "6", "评分": "自评6分，店长5分"}],
    ),
    TemplateName("计算", "从各指标得分到综合得分，逐行", ["综合得分 ＝ 81.00×30% ＋ 77.00×70% ＝ 78.20"]),
    TemplateName(
        "意见",
        "自评和店长写的话：考核人、项目、内容",
        [{"考核人": "店长", "项目": "评语", "内容": "响应及时，注意核对地址。"}],
    ),
    TemplateName("做得好", "得分率最高的一项；没有得分则为空", "付款比例，得7分（标准分8分）。"),
    TemplateName(
        "可改进",
        "失分最多的一项；没有得分则为空",
        "咨询转化率，得12分（标准分16分）；再多8人付款，可得14分。",
    ),
    TemplateName("结果运用", "对本人意味着什么，逐条的句子，至少一条", ["综合排名第1名，奖励100元。"]),
    TemplateName("申诉截止", "提出异议的最后一天", "2026年12月8日（星期二）"),
    TemplateName("申诉天数", "settings.toml 的 appeal_days", 3),
    TemplateName("申诉受理人", "settings.toml 的 appeals_to", "人事部刘女士"),
    TemplateName("下发日期", "通报下发的日期", "2026年12月3日"),
)
"""Every name that `slip.html.j2` may print."""

SLIPS_NAMES = (
    TemplateName(
        "绩效单", "全组每人一份，各有上面的全部名称", [{one.name: one.example for one in SLIP_NAMES}]
    ),
)
"""Every name that `slips.docx` may print: it repeats its page for each entry of 绩效单."""

MESSAGE_NAMES = (
    TemplateName("公司", "settings.toml 的 company", "示例商贸有限公司"),
    TemplateName("落款", "settings.toml 的 signature", "示例商贸有限公司人事部"),
    TemplateName("收件人", "姓名；发给店长的为“旗舰店店长”，发到群里的为“旗舰店各位同事”", "张三"),
    TemplateName("考核组", "考核组名称", "旗舰店"),
    TemplateName("月份", "考核月份", "2026年11月"),
    TemplateName("附件", "随信附上的文件名；没有则为空", ["旗舰店_2026-11_考核通报.docx"]),
    TemplateName("文号", "通报文号；不用文号时为空", "示例绩通〔2026〕11号"),
    TemplateName("更正", "更正以后再发的为是", True),
    TemplateName("更正事由", "更正的原因；没有更正则为空", "补录漏登记的订单"),
    TemplateName(
        "裁定", "上次发出以后人事的裁定，逐条；没有则为空", ["张三的提成调整：裁定执行（2026年12月10日）"]
    ),
    TemplateName("下发日期", "通报下发的日期", "2026年12月3日"),
    TemplateName("参评人数", "参与排名的人数", 12),
    TemplateName("组平均", "组平均得分；没有则为“—”", "80.15"),
    TemplateName("第一名", "并列的都写上；没有则为空", ["张三"]),
    TemplateName("申诉截止", "提出异议的最后一天", "2026年12月8日（星期二）"),
    TemplateName("申诉受理人", "settings.toml 的 appeals_to", "人事部刘女士"),
    TemplateName("事项", "提醒或附上的是什么：考核上报表、整改方案、自评表、决定书或申诉答复书", "整改方案"),
    TemplateName("期限", "提醒的事项最迟哪一天交", "2026年12月10日（星期四）"),
    TemplateName("逾期", "期限已经过了为是", True),
    TemplateName("撤回日期", "已下发的月份撤回的日期", "2026年12月12日"),
    TemplateName("撤回原因", "为什么撤回", "报错了月份"),
    TemplateName("文件", "收到的文件", "旗舰店_2026-11_考核上报表.xlsx"),
    TemplateName("结论", "收到的文件怎么样了", "已退回：有2处需要改正。"),
    TemplateName("问题", "要改的地方，逐条；没有则为空", ["考核数据 D8 应为整数，现在是“三十”。"]),
)
"""Every name that `message_*.txt.j2` may print."""
