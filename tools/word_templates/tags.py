"""docxtpl's tags as HR sees them in Word: paragraphs, rows and cells that appear if, or for each.

A tag on a line, row or cell of its own (`{%p`, `{%tr`, `{%tc`) goes with that line, row or cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from appraisal.publish.excel import theme
from appraisal.publish.notice.words import LABELS, MARK
from appraisal.publish.word.document import Style, WordCell, WordRow, paragraph

_TAG = Style("模板标记", "FangSong", 10.5, 16, align="left", colour=theme.GREY)
TAG_STYLES = (_TAG,)
BUILT = date(2026, 1, 1)
"""The day that the templates bear: the same bytes whenever they are made."""


def only_if(condition: str, then: list[str], otherwise: list[str] | None = None) -> Iterator[str]:
    """Paragraphs that appear only if there is such a thing."""
    yield paragraph(_TAG, f"{{%p if {condition} %}}")
    yield from then
    if otherwise is not None:
        yield paragraph(_TAG, "{%p else %}")
        yield from otherwise
    yield paragraph(_TAG, "{%p endif %}")


def place(name: str, paragraphs: list[str]) -> list[str]:
    """Paragraphs that HR writes, as a marked place: what stands there is carried into the next notice."""
    number = 100 + list(LABELS).index(name)
    start = f'<w:bookmarkStart w:id="{number}" w:name="{MARK}{name}"/>'
    return [start, *paragraphs, f'<w:bookmarkEnd w:id="{number}"/>']


def for_each(one: str, many: str, repeated: list[str]) -> Iterator[str]:
    """Paragraphs that appear once for each entry of a list."""
    yield paragraph(_TAG, f"{{%p for {one} in {many} %}}")
    yield from repeated
    yield paragraph(_TAG, "{%p endfor %}")


def overdue_sentence(one: str, of: str = "") -> str:
    """What a notice says of an earlier plan that never came; `one` is the entry's name in the template.

    `of` stands before the names of the notice itself: `组.` where it is one of several.
    """
    return (
        f"{{{{ {one}.人员 }}}}{{{{ {one}.月份 }}}}的整改方案应于{{{{ {one}.期限 }}}}前提交，"
        f"至本通报下发时尚未收到，请立即向{{{{ {of}上级 }}}}补交。"
    )


def plan_sentence(one: str, enclosed: str = "", of: str = "") -> str:
    """Until when who hands in a plan, or that a correction leaves the day as it was."""
    return (
        f"{{% if {one}.不变 %}}{{{{ {one}.人员 }}}}提交整改方案的期限不变，仍为{{{{ {one}.期限 }}}}。{{% else %}}"
        f"请{{{{ {one}.人员 }}}}分析失分原因、提出改进措施，于{{{{ {one}.期限 }}}}前向{{{{ {of}上级 }}}}"
        f"提交整改方案{enclosed}。{{% endif %}}"
    )


OPEN_PLAN = "{{ 条.人员 }}{{ 条.月份 }}的整改方案{{ 条.情况 }}。"
"""A plan of an earlier month that came and is not agreed to."""


def rows_for_each(one: str, many: str, cells: list[WordCell]) -> list[WordRow]:
    """A table row that appears once for each entry of a list."""
    blank = [WordCell(cell.style, "") for cell in cells[1:]]
    return [
        WordRow([WordCell(cells[0].style, f"{{%tr for {one} in {many} %}}"), *blank]),
        WordRow(cells),
        WordRow([WordCell(cells[0].style, "{%tr endfor %}"), *blank]),
    ]


def cells_for_each(style: Style, one: str, many: str) -> list[WordCell]:
    """A cell that appears once for each entry of a list."""
    return [
        WordCell(style, f"{{%tc for {one} in {many} %}}"),
        WordCell(style, f"{{{{ {one} }}}}"),
        WordCell(style, "{%tc endfor %}"),
    ]
