"""The names that the templates of HR's pages may print."""

from __future__ import annotations

from appraisal.publish.templates.names import TemplateName

_ATTENTION = [
    {
        "种类": "已退回",
        "紧急": True,
        "考核组": "旗舰店",
        "内容": "2处要改，12月6日退回",
        "链接": "../旗舰店/退回/上报表_退回.xlsx",
    }
]


_FILES = [{"名称": "考核结果", "链接": "../旗舰店/2026-11/旗舰店_2026-11_考核结果.xlsx"}]


_PERSON = {
    "姓名": "张三",
    "工号": "KF001",
    "名次": "3",
    "较上月": "↑2",
    "较上月数": "2",
    "得分": "78.20",
    "走势": "<svg></svg>",
    "结果": "奖励100元",
}


_POLICY = TemplateName("策略", "只准运行本页自带的脚本、不准联网的规定；请留在页首", "default-src 'none'")
_STYLE = TemplateName("样式", "页面的样式；后面可以加自己的", "body {}")
_COMPANY = TemplateName("公司", "settings.toml 的 company", "示例商贸有限公司")


_OF_EVERY_PAGE = (
    TemplateName("标记", "由什么做成的记号：没有变化的页面不重做；请留在页首", "<meta>"),
    _POLICY,
    _STYLE,
    TemplateName("脚本", "查找、筛选、排序；改了就不再运行", "0"),
    _COMPANY,
    TemplateName("月份", "考核月份", "2026年11月"),
    TemplateName("要点", "几个关键数字：名称、数值", [{"名称": "平均得分", "数值": "78.20"}]),
    TemplateName("需要关注", "等着谁办的事，最要紧的在前：种类、紧急、考核组、内容、链接", _ATTENTION),
    TemplateName("走势图", "近12个月的平均、最高、最低；没有得分则为空", "<svg></svg>"),
    TemplateName(
        "走势",
        "走势图的数值：月份、人数、平均、最高、最低",
        [{"月份": "2026-11", "人数": "11", "平均": "78.20", "最高": "92.40", "最低": "61.05"}],
    ),
    TemplateName("分布图", "各分数段的人数；没有得分则为空", "<svg></svg>"),
    TemplateName("分布", "分布图的数值：分数段、人数", [{"分数段": "75–80", "人数": "4"}]),
    TemplateName("文件", "可以打开的文件：名称、链接", _FILES),
)


HR_PAGE_NAMES = (
    *_OF_EVERY_PAGE,
    TemplateName("截至", "做成的日期", "2026年12月7日（星期一）"),
    TemplateName("种类", "需要关注的事有哪几种", ["已退回"]),
    TemplateName(
        "考核组",
        "各组一行：考核组、页面、状态、参评、平均、较上月、最高、最低、第一名、走势、文件",
        [
            {
                "考核组": "旗舰店",
                "页面": "页面/旗舰店.html",
                "状态": "已下发",
                "参评": "11 / 12",
                "平均": "78.20",
                "较上月": "+1.05",
                "最高": "92.40",
                "最低": "61.05",
                "第一名": "张三",
                "走势": "<svg></svg>",
                "文件": _FILES,
            }
        ],
    ),
    TemplateName(
        "人员",
        "全体人员：姓名、工号、考核组、页面、名次、较上月、较上月数、得分、走势、结果",
        [{**_PERSON, "考核组": "旗舰店", "页面": "页面/旗舰店.html"}],
    ),
    TemplateName(
        "发放",
        "按发放月份：月份、笔数、奖励、扣减、合计、链接",
        [
            {
                "月份": "2026年12月",
                "笔数": "2",
                "奖励": "100.00",
                "扣减": "-100.00",
                "合计": "0.00",
                "链接": "发放/2026-12.xlsx",
            }
        ],
    ),
    TemplateName(
        "整改",
        "整改方案：考核组、人员、月份、期限、状态",
        [
            {
                "考核组": "旗舰店",
                "人员": "王五（KF011）",
                "月份": "2026-11",
                "期限": "2026年12月10日（星期四）",
                "状态": "逾期",
            }
        ],
    ),
    TemplateName(
        "申诉",
        "申诉：考核组、人员、月份、项目、期限、状态",
        [
            {
                "考核组": "旗舰店",
                "人员": "王敏（KF002）",
                "月份": "2026-11",
                "项目": "平均响应时间",
                "期限": "2026年12月21日（星期一）",
                "状态": "待答复",
            }
        ],
    ),
    TemplateName(
        "末位",
        "独自排在末位的人员：考核组、人员、连续、得分",
        [{"考核组": "旗舰店", "人员": "赵六（KF012）", "连续": "2个月", "得分": "61.05"}],
    ),
)
"""Every name that `hr_page.html.j2` may print."""


GROUP_PAGE_NAMES = (
    *_OF_EVERY_PAGE,
    TemplateName("考核组", "考核组名称", "旗舰店"),
    TemplateName("状态", "这个月办到哪一步", "已下发"),
    TemplateName("人员", "全组：姓名、工号、名次、较上月、较上月数、得分、走势、结果", [_PERSON]),
)
"""Every name that `hr_group_page.html.j2` may print."""


PERSON_PAGE_NAMES = (
    _POLICY,
    _STYLE,
    _COMPANY,
    TemplateName("标题", "谁的档案", "张三（KF001）个人绩效档案"),
    TemplateName("走势图", "本人得分、组平均和组内居中的一半人；没有得分则为空", "<svg></svg>"),
    TemplateName(
        "表",
        "各张表：标题、文字、列、行、没有；列和格各有文字、是数",
        [
            {
                "标题": "各月得分与名次",
                "文字": ["考核组：旗舰店"],
                "列": [{"文字": "综合得分", "是数": True}],
                "行": [[{"文字": "78.20", "是数": True}]],
                "没有": "没有记录。",
            }
        ],
    ),
)
"""Every name that `hr_person_page.html.j2` may print."""
