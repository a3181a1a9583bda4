"""The names that the notice's templates print: the list that HR is given, with an example of each."""

from __future__ import annotations

from appraisal.publish.template_names import TemplateName

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
    TemplateName(
        "主要问题",
        "失分最多的两三项：序号、指标、组均值、目标、未达标人数；没有则为空",
        [{"序号": 1, "指标": "咨询转化率", "组均值": "48.20%", "目标": "50.00%", "未达标人数": 7}],
    ),
    TemplateName(
        "整改",
        "按期限分条：人员、期限；没有则为空",
        [{"人员": "王五、赵六", "期限": "2026年12月10日（星期四）"}],
    ),
    TemplateName("无整改原因", "没有整改要求时的一句话", "本月没有需要提交整改方案的人员。"),
    TemplateName(
        "整改逾期",
        "以前月份逾期未交的整改方案：人员、月份、期限；没有则为空",
        [{"人员": "王五", "月份": "2026年10月", "期限": "2026年11月10日（星期二）"}],
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
    TemplateName("下发日期", "通报下发的日期", "2026年12月3日"),
)
"""Every name that `notice.docx` and `notice.html.j2` may print."""
