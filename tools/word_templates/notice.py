"""The notice's Word template."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.publish.word.document import TableStyle, WordCell, WordRow, document, paragraph, table
from tools.word_templates import notice_styles as styles
from tools.word_templates.tags import (
    BUILT,
    OPEN_PLAN,
    cells_for_each,
    for_each,
    only_if,
    overdue_sentence,
    place,
    plan_sentence,
    rows_for_each,
)


def notice_template() -> bytes:
    """The notice as a Word file with tags; its names are `notice` in publish/templates/names.yaml."""
    return document(
        [*_notice_body()], styles.NOTICE_STYLES, styles.PAGE, created=BUILT, number=styles.PAGE_NUMBER
    )


def _notice_body() -> Iterator[str]:
    yield paragraph(styles.LETTERHEAD, "{{ 公司 }}")
    yield from only_if("文号", place("文号", [paragraph(styles.NUMBER, "{{ 文号 }}")]))
    yield paragraph(styles.RULE, "")
    yield from place("标题", [paragraph(styles.TITLE, "{{ 标题 }}")])
    yield paragraph(styles.ADDRESSEE, "{{ 考核组 }}全体人员：")
    yield paragraph(
        styles.BODY,
        "根据{{ 制度依据 }}，现将{{ 月份 }}{{ 考核组 }}绩效考核{% if 试评 %}试评{% endif %}情况通报如下。"
        "数据取自{{ 数据来源 }}，综合得分按{{ 权重 }}计算。",
    )
    yield from only_if("更正", _correction())
    yield paragraph(styles.HEADING, "一、总体情况")
    yield paragraph(
        styles.BODY,
        "本月应参评{{ 应参评人数 }}{{ 计数单位 }}，实际参评{{ 实际参评人数 }}{{ 计数单位 }}"
        "{% if 不参与排名人数 %}，不参与排名{{ 不参与排名人数 }}{{ 计数单位 }}（见附件2）{% endif %}。"
        "{{ 得分概况 }}{{ 类别概况 }}",
    )
    yield paragraph(styles.HEADING, "二、考核结果")
    yield from only_if("排名", _ranking())
    yield paragraph(styles.HEADING, "三、奖励与提成调整")
    yield from for_each("句", "奖励与提成调整", [paragraph(styles.BODY, "{{ 句 }}")])
    yield from only_if("表扬", place("表扬", [*for_each("段", "表扬", [paragraph(styles.BODY, "{{ 段 }}")])]))
    yield paragraph(styles.HEADING, "四、主要问题")
    yield from _problems()
    yield paragraph(styles.HEADING, "五、整改要求")
    yield from _plans()
    yield paragraph(styles.HEADING, "六、异议与申诉")
    yield paragraph(
        styles.BODY,
        "对考核结果有异议的，请于{{ 申诉截止 }}前（下发后{{ 申诉天数 }}个工作日内）填写申诉表（在本组当月文件夹的“申诉”里，"
        "每人一份），放入收件夹或交{{ 申诉受理人 }}，受理人自收到之日起5个工作日内答复。申诉期间不影响整改。",
    )
    yield paragraph(styles.CLOSING, "特此通报。")
    yield from for_each(
        "件",
        "附件",
        [paragraph(styles.ENCLOSED, "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ 件 }}")],
    )
    yield paragraph(styles.SIGNED, "{{ 落款 }}")
    yield paragraph(styles.DATED, "{{ 下发日期 }}")
    yield from only_if("抄送", place("抄送", [paragraph(styles.COPIES, "抄送：{{ 抄送 }}")]))
    yield from _attachments()


def _correction() -> list[str]:
    headers = ["姓名", "原得分", "现得分", "原名次", "现名次"]
    titles = {"姓名": "{{ 名称栏 }}"}
    changed = table(
        [styles.TEXT_WIDTH / 5] * 5,
        [
            WordRow([WordCell(styles.TABLE_HEAD, titles.get(one, one)) for one in headers], is_header=True),
            *rows_for_each(
                "人", "更正.变化", [WordCell(styles.TABLE_TEXT, f"{{{{ 人.{one} }}}}") for one in headers]
            ),
        ],
        styles.PLAIN,
    )
    return [
        paragraph(
            styles.BODY,
            "更正事由：{{ 更正.事由 }}。本通报为第{{ 更正.版次 }}版，此前各版以本版为准。"
            "{% if 更正.变化 %}得分或名次有变化的人员如下：{% endif %}",
        ),
        *only_if("更正.变化", [changed]),
        paragraph(
            styles.BODY,
            "因更正而变化的奖励和提成调整，由财务按本版结果多退少补；整改期限只对新列入的人员重新计算，申诉期限以本版为准。"
            "{% if 更正.免于整改 %}{{ 更正.免于整改 }}免于提交整改方案。{% endif %}",
        ),
    ]


def _ranking() -> list[str]:
    third = [styles.TEXT_WIDTH / 3] * 3
    ranking = table(
        third,
        [
            WordRow(cells_for_each(styles.TABLE_HEAD, "列", "排名表头"), is_header=True),
            WordRow(
                [
                    WordCell(styles.TABLE_TEXT, "{%tr for 行 in 排名 %}"),
                    WordCell(styles.TABLE_TEXT, ""),
                    WordCell(styles.TABLE_TEXT, ""),
                ]
            ),
            WordRow(cells_for_each(styles.TABLE_TEXT, "格", "行")),
            WordRow(
                [
                    WordCell(styles.TABLE_TEXT, "{%tr endfor %}"),
                    WordCell(styles.TABLE_TEXT, ""),
                    WordCell(styles.TABLE_TEXT, ""),
                ]
            ),
        ],
        styles.PLAIN,
    )
    only_ends = "人数较多，只列前{{ 只列两端 }}名和后{{ 只列两端 }}名，全部名次见考核结果工作簿。"
    return [
        *only_if("只列两端", [paragraph(styles.BODY, only_ends)]),
        ranking,
        *only_if("排名注", [paragraph(styles.NOTE, "{{ 排名注 }}")]),
    ]


def cause(of: str = "") -> Iterator[str]:
    """Why, as HR knows it. In a notice of several groups each has its own, behind `of`, and no marked place."""
    text = "{% if loop.first %}原因：{% endif %}{{ 段 }}"
    paragraphs = [*for_each("段", f"{of}原因", [paragraph(styles.BODY, text)])]
    yield from only_if(f"{of}原因", paragraphs if of else place("原因", paragraphs))


def _problems() -> Iterator[str]:
    headers = ["指标", "组均值", "目标", "未达标人数"]
    titles = {"未达标人数": "未达标{{ 对象数 }}"}
    weaknesses = table(
        [styles.TEXT_WIDTH / 4] * 4,
        [
            WordRow([WordCell(styles.SHORT_HEAD, titles.get(one, one)) for one in headers], is_header=True),
            *rows_for_each(
                "项", "主要问题", [WordCell(styles.SHORT_TEXT, f"{{{{ 项.{one} }}}}") for one in headers]
            ),
        ],
        styles.PLAIN,
    )
    yield from only_if(
        "主要问题", [weaknesses, *cause()], [paragraph(styles.BODY, "本月没有未达到目标的指标。")]
    )


def _plans() -> Iterator[str]:
    sentence = plan_sentence("条", "（{{ 整改附件 }}）")
    yield from only_if(
        "整改",
        [*for_each("条", "整改", [paragraph(styles.BODY, sentence)])],
        [paragraph(styles.BODY, "{{ 无整改原因 }}")],
    )
    yield from for_each("条", "整改逾期", [paragraph(styles.BODY, overdue_sentence("条"))])
    yield from for_each("条", "整改未结", [paragraph(styles.BODY, OPEN_PLAN)])


def _attachments() -> Iterator[str]:
    yield paragraph(styles.ATTACHMENT, "附件1")
    yield paragraph(styles.ATTACHMENT_TITLE, "评分标准简表")
    headers = ["指标", "标准分", "计算", "得分标准"]
    cells = [
        WordCell(styles.SMALL_CENTRED if one == "标准分" else styles.SMALL, f"{{{{ 行.{one} }}}}")
        for one in headers
    ]
    yield table(
        [26, 14, 38, 78],
        [
            WordRow([WordCell(styles.SMALL_HEAD, one) for one in headers], is_header=True),
            *rows_for_each("行", "评分标准", cells),
        ],
        TableStyle(beside=1, above=0.4),
    )
    unranked = [
        paragraph(styles.ATTACHMENT, "附件2"),
        paragraph(styles.ATTACHMENT_TITLE, "不参与排名人员"),
        table(
            [26, 50, 80],
            [
                WordRow(
                    [WordCell(styles.TABLE_HEAD, one) for one in ("序号", "{{ 名称栏 }}", "说明")],
                    is_header=True,
                ),
                *rows_for_each(
                    "人",
                    "不参与排名人员",
                    [
                        WordCell(styles.TABLE_TEXT, "{{ 人.序号 }}"),
                        WordCell(styles.TABLE_TEXT, "{{ 人.姓名 }}"),
                        WordCell(styles.TABLE_TEXT, "按制度不参与本月排名"),
                    ],
                ),
            ],
            styles.PLAIN,
        ),
    ]
    yield from only_if("不参与排名人员", unranked)
    yield paragraph(styles.NOTE, "")
