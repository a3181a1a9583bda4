"""The notice's Word template.

Layout: GB/T 9704—2012 as firms follow it. A4, margins 3.7/3.5/2.8/2.6 cm, title 二号, body 三号仿宋, headings
黑体, fixed spacing 28 pt, page number `-1-` odd right and even left.
"""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.publish.word_templates.layout import Cell, Row, Style, TableStyle, paragraph, table
from appraisal.publish.word_templates.package import Page, document
from appraisal.publish.word_templates.tags import TAG_STYLES, cells_for_each, for_each, only_if, rows_for_each

_XIAO_BIAO_SONG, _FANG_SONG, _HEI, _SONG = "方正小标宋简体", "FangSong", "SimHei", "SimSun"

_LETTERHEAD = Style("通报 公司", _XIAO_BIAO_SONG, 18, 26, align="center")
_NUMBER = Style("通报 文号", _FANG_SONG, 14, 22, align="center")
_RULE = Style("通报 横线", _FANG_SONG, 4, 6, after=8, rule_below=True)
_TITLE = Style("通报 标题", _XIAO_BIAO_SONG, 22, 34, align="center", after=8, outline=0)
_ADDRESSEE = Style("通报 主送", _FANG_SONG, 16, 28, keep_next=True)
_BODY = Style("通报 正文", _FANG_SONG, 16, 28, first_line=2)
_HEADING = Style("通报 一级标题", _HEI, 16, 28, first_line=2, keep_next=True, outline=1)
_NOTE = Style("通报 表注", _FANG_SONG, 12, 18, before=2)
_TABLE_HEAD = Style("通报 表头", _HEI, 11, 16, align="center")
_TABLE_TEXT = Style("通报 表格", _FANG_SONG, 11, 16, align="center")
_ENCLOSED = Style("通报 附件说明", _FANG_SONG, 16, 28, first_line=2)
_SIGNED = Style("通报 落款", _FANG_SONG, 16, 28, align="right", right=2, before=8, keep_next=True)
_DATED = Style("通报 成文日期", _FANG_SONG, 16, 28, align="right", right=4)
_COPIES = Style("通报 抄送", _FANG_SONG, 12, 20, before=4, rule_above=True, rule_below=True)
_PAGE_NUMBER = Style("通报 页码", _SONG, 14, 18)
_ATTACHMENT = Style("通报 附件", _HEI, 16, 28, new_page=True, outline=1)
_ATTACHMENT_TITLE = Style("通报 附件标题", _XIAO_BIAO_SONG, 18, 32, align="center", after=8)
_SMALL_HEAD = Style("通报 附表表头", _HEI, 10.5, 16, align="center")
_SMALL = Style("通报 附表", _FANG_SONG, 10, 13, align="left")
_SMALL_CENTRED = Style("通报 附表居中", _FANG_SONG, 10, 13, align="center")
_NOTICE_STYLES = (
    _LETTERHEAD, _NUMBER, _RULE, _TITLE, _ADDRESSEE, _BODY, _HEADING, _NOTE, _TABLE_HEAD, _TABLE_TEXT,
    _ENCLOSED, _SIGNED, _DATED, _COPIES, _PAGE_NUMBER, _ATTACHMENT, _ATTACHMENT_TITLE, _SMALL_HEAD,
    _SMALL, _SMALL_CENTRED, *TAG_STYLES,
)  # fmt: skip
_TEXT_WIDTH = 156.0
_PLAIN = TableStyle()


def notice_template() -> bytes:
    """The notice as a Word file with tags; the names are those of `notice_names.NOTICE_NAMES`."""
    page = Page(top=37, right=26, bottom=35, left=28, footer=28)
    return document([*_notice_body()], _NOTICE_STYLES, page, number=_PAGE_NUMBER)


def _notice_body() -> Iterator[str]:
    yield paragraph(_LETTERHEAD, "{{ 公司 }}")
    yield from only_if("文号", [paragraph(_NUMBER, "{{ 文号 }}")])
    yield paragraph(_RULE, "")
    yield paragraph(
        _TITLE,
        "关于{% if 更正 %}更正{% endif %}{{ 月份 }}{{ 考核组 }}绩效考核{% if 试评 %}试评{% endif %}情况的通报",
    )
    yield paragraph(_ADDRESSEE, "{{ 考核组 }}全体人员：")
    yield paragraph(
        _BODY,
        "根据{{ 制度依据 }}，现将{{ 月份 }}{{ 考核组 }}绩效考核{% if 试评 %}试评{% endif %}情况通报如下。"
        "数据取自{{ 数据来源 }}，综合得分按{{ 权重 }}加权计算。",
    )
    yield from only_if("更正", _correction())
    yield paragraph(_HEADING, "一、总体情况")
    yield paragraph(
        _BODY,
        "本月应参评{{ 应参评人数 }}人，实际参评{{ 实际参评人数 }}人"
        "{% if 不参与排名人数 %}，不参与排名{{ 不参与排名人数 }}人（见附件2）{% endif %}。"
        "{{ 得分概况 }}{{ 类别概况 }}",
    )
    yield paragraph(_HEADING, "二、考核结果")
    yield from only_if("排名", _ranking())
    yield paragraph(_HEADING, "三、奖励与提成调整")
    yield from for_each("句", "奖励与提成调整", [paragraph(_BODY, "{{ 句 }}")])
    yield paragraph(_HEADING, "四、主要问题")
    yield from _problems()
    yield paragraph(_HEADING, "五、整改要求")
    yield from _plans()
    yield paragraph(_HEADING, "六、异议与申诉")
    yield paragraph(
        _BODY,
        "对考核结果有异议的，请于{{ 申诉截止 }}前（下发后{{ 申诉天数 }}个工作日内）向{{ 申诉受理人 }}提出，"
        "受理人自收到之日起5个工作日内答复。申诉期间不影响整改。",
    )
    yield paragraph(_BODY, "特此通报。")
    yield from for_each(
        "件",
        "附件",
        [paragraph(_ENCLOSED, "{% if loop.first %}附件：{% else %}　　　{% endif %}{{ 件 }}")],
    )
    yield paragraph(_SIGNED, "{{ 落款 }}")
    yield paragraph(_DATED, "{{ 下发日期 }}")
    yield paragraph(_COPIES, "抄送：人事、财务。")
    yield from _attachments()


def _correction() -> list[str]:
    headers = ["姓名", "原得分", "现得分", "原名次", "现名次"]
    changed = table(
        [_TEXT_WIDTH / 5] * 5,
        [
            Row([Cell(_TABLE_HEAD, one) for one in headers], is_header=True),
            *rows_for_each("人", "更正.变化", [Cell(_TABLE_TEXT, f"{{{{ 人.{one} }}}}") for one in headers]),
        ],
        _PLAIN,
    )
    return [
        paragraph(
            _BODY,
            "更正事由：{{ 更正.事由 }}。本通报为第{{ 更正.版次 }}版，此前各版以本版为准。"
            "{% if 更正.变化 %}得分或名次有变化的人员如下：{% endif %}",
        ),
        *only_if("更正.变化", [changed]),
        paragraph(
            _BODY,
            "因更正而变化的奖励和提成调整，由财务按本版结果多退少补；整改和申诉期限以本版为准。"
            "{% if 更正.免于整改 %}{{ 更正.免于整改 }}免于提交整改方案。{% endif %}",
        ),
    ]


def _ranking() -> list[str]:
    third = [_TEXT_WIDTH / 3] * 3
    ranking = table(
        third,
        [
            Row(cells_for_each(_TABLE_HEAD, "列", "排名表头"), is_header=True),
            Row([Cell(_TABLE_TEXT, "{%tr for 行 in 排名 %}"), Cell(_TABLE_TEXT, ""), Cell(_TABLE_TEXT, "")]),
            Row(cells_for_each(_TABLE_TEXT, "格", "行")),
            Row([Cell(_TABLE_TEXT, "{%tr endfor %}"), Cell(_TABLE_TEXT, ""), Cell(_TABLE_TEXT, "")]),
        ],
        _PLAIN,
    )
    only_ends = "人数较多，只列前{{ 只列两端 }}名和后{{ 只列两端 }}名，全部名次见考核结果工作簿。"
    return [
        *only_if("只列两端", [paragraph(_BODY, only_ends)]),
        ranking,
        *only_if("排名注", [paragraph(_NOTE, "{{ 排名注 }}")]),
    ]


def _problems() -> Iterator[str]:
    headers = ["指标", "组均值", "目标", "未达标人数"]
    weaknesses = table(
        [_TEXT_WIDTH / 4] * 4,
        [
            Row([Cell(_TABLE_HEAD, one) for one in headers], is_header=True),
            *rows_for_each("项", "主要问题", [Cell(_TABLE_TEXT, f"{{{{ 项.{one} }}}}") for one in headers]),
        ],
        _PLAIN,
    )
    cause = paragraph(_BODY, "原因：【请人事补充】")
    yield from only_if("主要问题", [weaknesses, cause], [paragraph(_BODY, "本月没有未达到目标的指标。")])


def _plans() -> Iterator[str]:
    sentence = (
        "请{{ 条.人员 }}分析失分原因、提出改进措施，于{{ 条.期限 }}前向店长提交整改方案（{{ 整改附件 }}）。"
    )
    yield from only_if(
        "整改",
        [*for_each("条", "整改", [paragraph(_BODY, sentence)])],
        [paragraph(_BODY, "{{ 无整改原因 }}")],
    )


def _attachments() -> Iterator[str]:
    yield paragraph(_ATTACHMENT, "附件1")
    yield paragraph(_ATTACHMENT_TITLE, "评分标准简表")
    headers = ["指标", "标准分", "计算", "得分标准"]
    cells = [Cell(_SMALL_CENTRED if one == "标准分" else _SMALL, f"{{{{ 行.{one} }}}}") for one in headers]
    yield table(
        [26, 14, 38, 78],
        [
            Row([Cell(_SMALL_HEAD, one) for one in headers], is_header=True),
            *rows_for_each("行", "评分标准", cells),
        ],
        TableStyle(beside=1, above=0.4),
    )
    unranked = [
        paragraph(_ATTACHMENT, "附件2"),
        paragraph(_ATTACHMENT_TITLE, "不参与排名人员"),
        table(
            [26, 50, 80],
            [
                Row([Cell(_TABLE_HEAD, one) for one in ("序号", "姓名", "说明")], is_header=True),
                *rows_for_each(
                    "人",
                    "不参与排名人员",
                    [
                        Cell(_TABLE_TEXT, "{{ 人.序号 }}"),
                        Cell(_TABLE_TEXT, "{{ 人.姓名 }}"),
                        Cell(_TABLE_TEXT, "按制度不参与本月排名"),
                    ],
                ),
            ],
            _PLAIN,
        ),
    ]
    yield from only_if("不参与排名人员", unranked)
    yield paragraph(_NOTE, "")
