"""The Word template of one notice for several groups: in common what is common, a chapter for each group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from appraisal.publish.word.document import WordCell, WordRow, document, paragraph, table
from tools.word_templates import notice_styles as styles
from tools.word_templates.notice import cause
from tools.word_templates.tags import (
    BUILT,
    OPEN_PLAN,
    cells_for_each,
    for_each,
    only_if,
    overdue_sentence,
    plan_sentence,
    rows_for_each,
)

_WIDTH = styles.TEXT_WIDTH


def combined_notice_template() -> bytes:
    """The Word file with tags; its names are `combined_notice` in publish/templates/names.yaml."""
    return document([*_body()], styles.NOTICE_STYLES, styles.PAGE, created=BUILT, number=styles.PAGE_NUMBER)


def _body() -> Iterator[str]:
    yield paragraph(styles.LETTERHEAD, "{{ 公司 }}")
    yield from only_if("文号", [paragraph(styles.NUMBER, "{{ 文号 }}")])
    yield paragraph(styles.RULE, "")
    yield paragraph(styles.TITLE, "关于{{ 月份 }}绩效考核{% if 试评 %}试评{% endif %}情况的通报")
    yield paragraph(styles.ADDRESSEE, "各考核组全体人员：")
    yield paragraph(
        styles.BODY,
        "根据{{ 制度依据 }}，现将{{ 月份 }}{{ 考核组名单 }}共{{ 考核组数 }}个考核组的绩效考核"
        "{% if 试评 %}试评{% endif %}情况通报如下。",
    )
    yield paragraph(styles.HEADING, "一、总体情况")
    yield _groups()
    yield paragraph(styles.NOTE, "注：平均、最高、最低只算参与排名人员；各组方案不同时，分数不作组间比较。")
    yield from for_each("组", "各组", [*_group()])
    yield paragraph(styles.HEADING, "{{ 申诉序号 }}、异议与申诉")
    yield paragraph(
        styles.BODY,
        "对考核结果有异议的，请于{{ 申诉截止 }}前（下发后{{ 申诉天数 }}个工作日内）填写申诉表（在各组当月文件夹的“申诉”里，"
        "每人一份），放入收件夹或交{{ 申诉受理人 }}，受理人自收到之日起5个工作日内答复。申诉期间不影响整改。",
    )
    yield paragraph(styles.CLOSING, "各组评分标准、整改方案表见各组通报附件。特此通报。")
    yield from only_if("不参与排名人员", [paragraph(styles.ENCLOSED, "附件：不参与排名人员")])
    yield paragraph(styles.SIGNED, "{{ 落款 }}")
    yield paragraph(styles.DATED, "{{ 下发日期 }}")
    yield paragraph(styles.COPIES, "抄送：{{ 抄送 }}")
    yield from only_if("不参与排名人员", _not_ranked())
    yield paragraph(styles.NOTE, "")


def _listed(
    one: str,
    many: str,
    headers: list[str],
    widths: list[float],
    *,
    titles: Mapping[str, str] = {},
    is_short: bool = False,
) -> str:
    """A table with one row for each entry of a list; a short one stays whole and with what follows it.

    `titles` say what a header reads where it is not the entry's name.
    """
    head, text = (
        (styles.SHORT_HEAD, styles.SHORT_TEXT) if is_short else (styles.TABLE_HEAD, styles.TABLE_TEXT)
    )
    return table(
        widths,
        [
            WordRow([WordCell(head, titles.get(header, header)) for header in headers], is_header=True),
            *rows_for_each(one, many, [WordCell(text, f"{{{{ {one}.{header} }}}}") for header in headers]),
        ],
        styles.PLAIN,
    )


def _groups() -> str:
    headers = ["考核组", "应参评", "实际参评", "平均", "较上月", "最高", "最低"]
    return _listed("行", "概况", headers, [42, *[19] * 6])


def _group() -> Iterator[str]:
    """One group's chapter."""
    yield paragraph(styles.HEADING, "{{ 组.序号 }}、{{ 组.考核组 }}")
    yield from only_if("组.通报", [paragraph(styles.BODY, "本组通报：{{ 组.通报 }}。")])
    yield from only_if("组.更正", _correction())
    yield paragraph(
        styles.BODY,
        "应参评{{ 组.应参评人数 }}{{ 组.计数单位 }}，实际参评{{ 组.实际参评人数 }}{{ 组.计数单位 }}"
        "{% if 组.不参与排名人数 %}，不参与排名{{ 组.不参与排名人数 }}{{ 组.计数单位 }}（见附件）{% endif %}。"
        "{{ 组.得分概况 }}{{ 组.类别概况 }}",
    )
    yield from only_if("组.排名", _ranking())
    yield from for_each("句", "组.奖励与提成调整", [paragraph(styles.BODY, "{{ 句 }}")])
    yield from for_each("段", "组.表扬", [paragraph(styles.BODY, "{{ 段 }}")])
    problems = _listed(
        "项",
        "组.主要问题",
        ["指标", "组均值", "目标", "未达标人数"],
        [_WIDTH / 4] * 4,
        titles={"未达标人数": "未达标{{ 组.对象数 }}"},
        is_short=True,
    )
    yield from only_if(
        "组.主要问题",
        [
            paragraph(styles.INTRODUCING, "主要问题："),
            problems,
            *cause("组."),
        ],
        [paragraph(styles.BODY, "本月没有未达到目标的指标。")],
    )
    yield from only_if(
        "组.整改",
        [*for_each("条", "组.整改", [paragraph(styles.BODY, plan_sentence("条", of="组."))])],
        [paragraph(styles.BODY, "{{ 组.无整改原因 }}")],
    )
    yield from for_each("条", "组.整改逾期", [paragraph(styles.BODY, overdue_sentence("条", of="组."))])
    yield from for_each("条", "组.整改未结", [paragraph(styles.BODY, OPEN_PLAN)])


def _correction() -> list[str]:
    headers = ["姓名", "原得分", "现得分", "原名次", "现名次"]
    return [
        paragraph(
            styles.BODY,
            "本组结果为第{{ 组.更正.版次 }}版更正，更正事由：{{ 组.更正.事由 }}。此前各版以本版为准。"
            "{% if 组.更正.变化 %}得分或名次有变化的人员如下：{% endif %}",
        ),
        *only_if(
            "组.更正.变化",
            [_listed("人", "组.更正.变化", headers, [_WIDTH / 5] * 5, titles={"姓名": "{{ 组.名称栏 }}"})],
        ),
        paragraph(
            styles.BODY,
            "因更正而变化的奖励和提成调整，由财务按本版结果多退少补；整改期限只对新列入的人员重新计算，申诉期限以本版为准。"
            "{% if 组.更正.免于整改 %}{{ 组.更正.免于整改 }}免于提交整改方案。{% endif %}",
        ),
    ]


def _ranking() -> list[str]:
    blank = [WordCell(styles.TABLE_TEXT, "")] * 2
    ranking = table(
        [_WIDTH / 3] * 3,
        [
            WordRow(cells_for_each(styles.TABLE_HEAD, "列", "组.排名表头"), is_header=True),
            WordRow([WordCell(styles.TABLE_TEXT, "{%tr for 行 in 组.排名 %}"), *blank]),
            WordRow(cells_for_each(styles.TABLE_TEXT, "格", "行")),
            WordRow([WordCell(styles.TABLE_TEXT, "{%tr endfor %}"), *blank]),
        ],
        styles.PLAIN,
    )
    only_ends = "人数较多，只列前{{ 组.只列两端 }}名和后{{ 组.只列两端 }}名，全部名次见考核结果工作簿。"
    return [
        *only_if("组.只列两端", [paragraph(styles.BODY, only_ends)]),
        ranking,
        *only_if("组.排名注", [paragraph(styles.NOTE, "{{ 组.排名注 }}")]),
    ]


def _not_ranked() -> list[str]:
    headers = ["序号", "考核组", "姓名", "说明"]
    return [
        paragraph(styles.ATTACHMENT, "附件"),
        paragraph(styles.ATTACHMENT_TITLE, "不参与排名人员"),
        _listed("人", "不参与排名人员", headers, [18, 44, 34, 60]),
    ]
