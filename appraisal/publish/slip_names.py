"""The names that the slips' templates print: the list that HR is given, with an example of each."""

from __future__ import annotations

from appraisal.publish.template_names import TemplateName

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
    TemplateName("上月名次", "上月第几名，或上月没有名次", "上月第5名"),
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
