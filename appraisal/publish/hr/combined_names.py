"""The names that the combined notice's templates print: the list that HR is given, with an example of each."""

from __future__ import annotations

from appraisal.publish.notice_names import NOTICE_NAMES
from appraisal.publish.template_names import TemplateName

_OF_GROUP = {one.name: one.example for one in NOTICE_NAMES}

COMBINED_NAMES = (
    TemplateName("公司", "settings.toml 的 company", "示例商贸有限公司"),
    TemplateName("有文号", "settings.toml 写了 document_number：是则留出文号的位置，由人事填写", True),
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
        "各组一章：序号（二、三……），以及该组通报的全部名称，例如 组.排名",
        [{"序号": "二", **_OF_GROUP}],
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
)
"""Every name that `combined_notice.docx` and `combined_notice.html.j2` may print."""
