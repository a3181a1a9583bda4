"""The slips' Word template: one A4 page a person, to be printed and signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appraisal.publish.excel import theme
from appraisal.publish.word.document import (
    Page,
    Style,
    TableStyle,
    WordCell,
    WordRow,
    document,
    paragraph,
    table,
)
from tools.word_templates.tags import BUILT, TAG_STYLES, for_each, only_if, rows_for_each


def _style(name: str, size: float, line: float, **rest: object) -> Style:
    settings: dict[str, object] = {"align": "left", "latin": theme.SHEET_FONT, "colour": theme.INK, **rest}
    return Style(f"绩效单 {name}", theme.SHEET_FONT, size, line, **settings)  # type: ignore[arg-type]


_TITLE = _style("标题", 17, 24, align="center", bold=True, colour=theme.ACCENT, new_page=True)
_UNDER_TITLE = _style("副标题", 9, 14, align="center", colour=theme.GREY_DARK, after=4)
_LABEL = _style("栏目", 8.5, 13, align="center", colour=theme.GREY_DARK)
_VALUE = _style("内容", 9.5, 15, align="center")
_FIGURE = _style("大数", 15, 22, align="center", bold=True)
_HEADING = _style("小标题", 10, 16, bold=True, colour=theme.ACCENT, before=3, after=1, keep_next=True)
_LINE = _style("正文", 9, 13)
_HEAD = _style("表头", 8, 13, bold=True)
_HEAD_CENTRED = _style("表头居中", 8, 13, align="center", bold=True)
_GAP = _style("间隔", 4, 5)
_TEXT = _style("表格", 8, 12)
_CENTRED = _style("表格居中", 8, 12, align="center")
_SIGNATURE = _style("签字", 9.5, 19)
_SMALL = _style("附注", 8, 12, colour=theme.GREY_DARK)
_STYLES = (
    _TITLE, _UNDER_TITLE, _LABEL, _VALUE, _FIGURE, _HEADING, _LINE, _HEAD, _HEAD_CENTRED, _GAP, _TEXT, _CENTRED,
    _SIGNATURE, _SMALL, *TAG_STYLES,
)  # fmt: skip
_GRID = TableStyle(line=theme.GREY, beside=1, above=0.3, upright=False)
_WIDTH = 182.0


def slips_template() -> bytes:
    """All slips as a Word file with tags; their names are `slip` in publish/templates/names.yaml."""
    page = Page(top=8, right=14, bottom=6, left=14, footer=4)
    return document([*for_each("单", "绩效单", [*_slip()])], _STYLES, page, created=BUILT)


def _slip() -> Iterator[str]:
    yield paragraph(_TITLE, "{{ 单.对象 }}绩效考核结果通知单")
    yield paragraph(_UNDER_TITLE, "{{ 单.公司 }}　{{ 单.方案 }}{% if 单.试评 %}（试评）{% endif %}")
    yield _person()
    yield paragraph(_GAP, "")
    yield _figures()
    yield from only_if("单.近月得分", [paragraph(_LINE, "近月得分　{{ 单.近月得分 }}")])
    yield from for_each("句", "单.说明", [paragraph(_LINE, "{{ 句 }}")])
    yield from only_if("单.数据指标", [paragraph(_HEADING, "数据指标"), _computed()])
    yield from only_if("单.评分指标", [paragraph(_HEADING, "考核人评分"), _judged()])
    yield from only_if(
        "单.计算",
        [paragraph(_HEADING, "怎样算出综合得分"), *for_each("行", "单.计算", [paragraph(_LINE, "{{ 行 }}")])],
    )
    yield from only_if("单.意见", [paragraph(_HEADING, "考核人意见"), _opinions()])
    yield paragraph(_HEADING, "小结和结果运用")
    yield from only_if("单.做得好", [paragraph(_LINE, "做得好：{{ 单.做得好 }}")])
    yield from only_if("单.可改进", [paragraph(_LINE, "可改进：{{ 单.可改进 }}")])
    yield from for_each("句", "单.结果运用", [paragraph(_LINE, "{{ 句 }}")])
    yield from _appeal_and_signatures()


def _person() -> str:
    names = [("姓名", 15, 35), ("工号", 15, 29), ("岗位", 12, 30), ("月份", 12, 34)]
    titles = {"姓名": "{{ 单.名称栏 }}", "工号": "{{ 单.编号栏 }}"}
    cells = []
    for name, _, _ in names:
        label = WordCell(_LABEL, titles.get(name, name), shade=theme.GREY_FAINT)
        cells += [label, WordCell(_VALUE, f"{{{{ 单.{name} }}}}")]
    return table([width for _, label, value in names for width in (label, value)], [WordRow(cells)], _GRID)


def _figures() -> str:
    labels = [
        "综合得分",
        "名次（参评{{ 单.参评人数 }}{{ 单.计数单位 }}）",
        "组平均",
        "较上月（{{ 单.上月名次 }}）",
    ]
    values = ["{{ 单.综合得分 }}", "{{ 单.名次 }}", "{{ 单.组平均 }}", "{{ 单.较上月 }}"]
    return table(
        [_WIDTH / 4] * 4,
        [
            WordRow([WordCell(_LABEL, label, shade=theme.GREY_FAINT) for label in labels]),
            WordRow([WordCell(_FIGURE, value) for value in values]),
        ],
        _GRID,
    )


def _computed() -> str:
    return _indicators(
        "单.数据指标",
        [
            ("类别", 17, False),
            ("指标", 23, False),
            ("标准分", 12, True),
            ("怎么算", 59, False),
            ("所在档", 17, False),
            ("得分", 11, True),
            ("到下一档", 43, False),
        ],
    )


def _judged() -> str:
    columns = [("类别", 17, False), ("指标", 33, False), ("标准分", 12, True), ("评分", 120, False)]
    return _indicators("单.评分指标", columns)


def _indicators(many: str, columns: Sequence[tuple[str, float, bool]]) -> str:
    """A table of indicators; a column is its name, its width, and whether it holds a figure."""
    header = [
        WordCell(_HEAD_CENTRED if figure else _HEAD, name, shade=theme.ACCENT_LIGHT)
        for name, _, figure in columns
    ]
    cells = [WordCell(_CENTRED if figure else _TEXT, f"{{{{ 项.{name} }}}}") for name, _, figure in columns]
    rows = [WordRow(header, is_header=True), *rows_for_each("项", many, cells)]
    return table([width for _, width, _ in columns], rows, _GRID)


def _opinions() -> str:
    columns = [("考核人", 15, _TEXT), ("项目", 30, _TEXT), ("内容", 137, _TEXT)]
    return table(
        [width for _, width, _ in columns],
        rows_for_each(
            "条", "单.意见", [WordCell(style, f"{{{{ 条.{name} }}}}") for name, _, style in columns]
        ),
        _GRID,
    )


def _appeal_and_signatures() -> Iterator[str]:
    yield paragraph(
        _LINE,
        "有异议的，请于{{ 单.申诉截止 }}前（下发后{{ 单.申诉天数 }}个工作日内）填申诉表交{{ 单.申诉受理人 }}，"
        "申诉期间不影响整改。",
    )
    yield paragraph(
        _SIGNATURE,
        "□{{ 单.签收人 }}已知悉　　□有异议，将申诉　　{{ 单.签收人 }}签名：＿＿＿＿＿＿＿＿　日期：＿＿＿＿＿＿＿＿",
    )
    yield paragraph(_SIGNATURE, "{{ 单.上级 }}签名：＿＿＿＿＿＿＿＿　面谈日期：＿＿＿＿＿＿＿＿")
    yield paragraph(
        _SMALL,
        "签字仅表示收到，不代表认可。本单只发{{ 单.签收人 }}。{{ 单.下发日期 }}下发，第{{ 单.版次 }}版。"
        "申诉表在本组当月文件夹的“申诉”里。",
    )
