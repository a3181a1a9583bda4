"""The names that the texts of messages (mail, group robots) may print: the same for every one of them."""

from __future__ import annotations

from appraisal.publish.templates.names import TemplateName

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
    TemplateName("事项", "提醒的是什么：考核上报表、整改方案或自评表", "整改方案"),
    TemplateName("期限", "提醒的事项最迟哪一天交", "2026年12月10日（星期四）"),
    TemplateName("逾期", "期限已经过了为是", True),
    TemplateName("撤回日期", "已下发的月份撤回的日期", "2026年12月12日"),
    TemplateName("撤回原因", "为什么撤回", "报错了月份"),
    TemplateName("文件", "收到的文件", "旗舰店_2026-11_考核上报表.xlsx"),
    TemplateName("结论", "收到的文件怎么样了", "已退回：有2处需要改正。"),
    TemplateName("问题", "要改的地方，逐条；没有则为空", ["考核数据 D8 应为整数，现在是“三十”。"]),
)
"""Every name that `message_*.txt.j2` may print."""
