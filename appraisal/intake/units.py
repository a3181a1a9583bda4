"""Units: what one makes of a number, and where on a sheet it may be said.

The nearest word counts: a unit typed in the cell, then one that its number format prints, then the
header's brackets or the row of units below, then a line like `单位：万元` above the table; where none
says anything, the form's own. Two that stand beside each other and differ are never chosen between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from appraisal.intake.submission import Fault
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.text import key
from appraisal.xlsx.grid import Rows

_ONE, _MINUTE, _HOUR = Decimal(1), Decimal(60), Decimal(3600)

_COUNTED = ("", "人", "人次", "人数", "单", "笔", "个", "次", "件", "位", "名", "条")

_MONEY = ("", "元", "块", "圆", "元人民币", "人民币")

_LARGE = {
    "百": Decimal(10) ** 2,
    "千": Decimal(10) ** 3,
    "万": Decimal(10) ** 4,
    "十万": Decimal(10) ** 5,
    "百万": Decimal(10) ** 6,
    "千万": Decimal(10) ** 7,
    "亿": Decimal(10) ** 8,
}

_UNITS: Mapping[CellType, Mapping[str, Decimal]] = MappingProxyType(
    {
        CellType.COUNT: {
            **dict.fromkeys(_COUNTED[1:], _ONE),
            **{large + unit: factor for large, factor in _LARGE.items() for unit in _COUNTED},
        },
        CellType.MONEY: {
            **dict.fromkeys((*_MONEY[1:], "¥", "rmb", "cny"), _ONE),
            **{large + unit: factor for large, factor in _LARGE.items() for unit in _MONEY},
        },
        CellType.DURATION: {
            **dict.fromkeys(("秒", "秒钟", "s", "sec"), _ONE),
            **dict.fromkeys(("分钟", "分", "min", "m"), _MINUTE),
            **dict.fromkeys(("小时", "时", "h"), _HOUR),
            **dict.fromkeys(("毫秒", "ms"), Decimal("0.001")),
        },
        CellType.PERCENT: {"%": Decimal("0.01")},
        CellType.MARK: {"分": _ONE},
        CellType.NUMBER: dict.fromkeys(("分", "天", "日", "个", "次"), _ONE),
    }
)
"""What a unit makes of a number, by the type of the cell: in people, 元, seconds, or parts of one."""

_DAYS = frozenset({"天", "日"})


class _Measured(NamedTuple):
    """What of a cell decides over its units."""

    type: CellType
    unit: str | None


def unit_factor(unit: str | None, cell: Cell | _Measured) -> Decimal | None:
    """What a number in `unit` is to be multiplied by to be in the form's own unit for this cell.

    None where the unit says nothing about numbers of this type, such as `必填`.
    """
    word = key(unit or "")
    if word and cell.unit is not None and word == key(cell.unit) and cell.type is not CellType.PERCENT:
        return _ONE
    if cell.type is CellType.NUMBER and cell.unit is not None and {word, key(cell.unit)} != _DAYS:
        return None  # 5次 are no days
    factor = _UNITS[cell.type].get(word) if cell.type.is_number else None
    return None if factor is None else in_own_unit(factor, cell)


def in_own_unit(factor: Decimal, cell: Cell | _Measured) -> Decimal:
    """The form's own unit is 1; only a percent is kept as a part of one, whatever its header says."""
    if cell.unit is None or cell.type is CellType.PERCENT:
        return factor
    return factor / _UNITS[cell.type].get(key(cell.unit), _ONE)


def column_factor(cell: Cell, said: Decimal | None) -> Decimal | None:
    """What plain numbers in a column or beside a label are multiplied by, where a unit of that factor is `said`, if any.

    None for percents of which nothing says `%`: there each cell must show its own sign.
    """
    if not cell.type.is_number:
        return None
    return _ONE if said is None and cell.type is not CellType.PERCENT else said


_APART = re.compile("[,;、:]|或|及|和")
_UNIT_OF_A_UNIT = re.compile("/|每|per")
_NEUTRAL = re.compile(
    r"单位|百分[比数制]|十分制|必填|选填|可选|必须填写|整数|保留.*小数|[0-9一二两]位小数|本月|当月|全月|月|[\d.~\-—至到]+分?|满分.*|最高.*|"
    r"不含税|含税|数值|数字|填.*|见.*|如.*|例.*|没有.*|选择|下拉.*|手填|自动.*|系统.*|公式.*|元人民币|\*|注\d*|%|分秒|时分秒|[hms]{1,2}"
)
_OTHER_MEASURE = re.compile(
    r"[十百千万亿]+[^\d]{0,2}|[kw][元人次单笔件个]?|.*(美元|美金|港[元币]|欧元|日元|英镑|韩元|台币|新币|卢布)|usd|hkd|eur|jpy|gbp|"
    r"krw|twd|us\$|hk\$|[$€£₩₽]|天|日|周|工作日|‰|千分比|千分之.*|角|分币|微秒|刻"
)
"""Words that measure, and of which the type of the cell makes nothing."""

_IN_POINTS = frozenset({CellType.MARK, CellType.NUMBER})


@dataclass(frozen=True, slots=True)
class SaidUnit:
    """What a header's brackets, a unit row or a line above the table says of the numbers in a column.

    `factor` is None where nothing is said of a unit. `unclear` is the unit that cannot be converted, or
    two that differ. `qualifier` is what is said besides, and may make another figure of it: 售后, 首次.
    """

    factor: Decimal | None = None
    unclear: str | None = None
    qualifier: str | None = None


_NOTHING_SAID = SaidUnit()


def said_unit(brackets: Iterable[str], cell: Cell) -> SaidUnit:
    """Of the texts in a header's brackets."""
    if not cell.type.is_number:
        return _NOTHING_SAID
    return _said(tuple(brackets), _Measured(cell.type, cell.unit))


@lru_cache(maxsize=4096)
def _said(brackets: tuple[str, ...], cell: _Measured) -> SaidUnit:
    factors: dict[Decimal, str] = {}
    others: list[str] = []
    unclear: str | None = None
    own = key(cell.unit or "")
    for bracket in brackets:
        text = key(bracket)
        if own and text == own:
            factors.setdefault(unit_factor(own, cell) or _ONE, bracket)
        if text == own or text in _CLOCKS:
            continue
        for piece in filter(None, _APART.split(text.removeprefix("单位"))):
            word, *_ = _UNIT_OF_A_UNIT.split(piece)
            factor = unit_factor(word, cell)
            if factor is not None:
                factors.setdefault(factor, piece)
            elif _NEUTRAL.fullmatch(piece):
                continue
            elif _OTHER_MEASURE.fullmatch(word) and cell.type not in _IN_POINTS:
                unclear = piece
            else:
                others.append(piece)
    if len(factors) > 1:
        unclear = "、".join(factors.values())
    if unclear is not None:
        return SaidUnit(unclear=unclear)
    return SaidUnit(next(iter(factors), None), None, "、".join(others) or None)


_CLOCKS = frozenset(
    {"分:秒", "时:分:秒", "小时:分钟:秒", "mm:ss", "m:ss", "m:s", "hh:mm:ss", "h:mm:ss", "[h]:mm:ss"}
)
"""How times are written in the column, which is no unit."""

_LINE = re.compile(r"(?:计量|金额|数据|货币)?单位[:：]\s*(.+?)\s*[)）】\]]?\s*$")


def unit_lines(texts: Iterable[str]) -> Iterator[str]:
    """What lines like `单位：万元` above a table say; an organisation (`单位：某某公司`) is none."""
    for text in texts:
        if len(text) <= 60 and (match := _LINE.search(text)) and _measures(match[1]):
            yield match[1]


def _measures(text: str) -> bool:
    """Whether a text names a unit of any type."""
    return any(
        _OTHER_MEASURE.fullmatch(piece) or any(piece in units for units in _UNITS.values())
        for piece in _APART.split(key(text))
        if piece
    )


_OF_MORE_THAN_ONE_TYPE = frozenset({"分", "m", "时", "日", "次", "个"})


def _table_unit(lines: Iterable[str], cell: Cell) -> SaidUnit:
    """What the lines above a table say of one of its columns; `分` alone may be minutes or points."""
    pieces = [piece for line in lines for piece in _APART.split(key(line)) if piece]
    meant = [piece for piece in pieces if unit_factor(piece, cell) is not None]
    if cell.type is CellType.DURATION and any(piece in _OF_MORE_THAN_ONE_TYPE for piece in meant):
        return SaidUnit(unclear="、".join(meant))
    if cell.type is CellType.MONEY:
        meant += [piece for piece in pieces if piece not in meant and _OTHER_MEASURE.fullmatch(piece)]
    said = said_unit(meant, cell)
    return SaidUnit(said.factor, said.unclear)


def _is_unit(text: str, cell: Cell) -> bool:
    """Whether a text is a unit and nothing else, such as stands in a row of units below the headers."""
    word = key(text).strip("()[]【】")
    return cell.type.is_number and (
        unit_factor(word, cell) is not None or _OTHER_MEASURE.fullmatch(word) is not None
    )


@dataclass(frozen=True, slots=True)
class ColumnUnit:
    """What a column's plain numbers are multiplied by, None where nothing is said; and what there is to ask."""

    factor: Decimal | None
    faults: tuple[Fault, ...]


class ColumnUnits:
    """The units that are said of a table; `cells` are those of its columns, by where they stand.

    `row` is the row of units below the headers, None without one: it is no person's.
    """

    def __init__(self, rows: Rows, header_row: int, cells: Mapping[int, Cell]) -> None:
        self.row = _unit_row(rows, header_row, cells)
        self._below = rows[self.row] if self.row is not None else {}
        self._lines = tuple(unit_lines(_texts_above(rows, header_row)))
        self._says_nothing = not self._below and not self._lines

    def of(self, cell: Cell, column: int, brackets: Sequence[str]) -> ColumnUnit:
        """Of the column at `column`, with what stands in its header's brackets."""
        if self._says_nothing and (not brackets or not cell.type.is_number):
            return ColumnUnit(None, ())
        own = said_unit(brackets, cell)
        below = self._below.get(column)
        below_text = str(below.value) if below is not None else ""
        row = said_unit((below_text.strip().strip("()（）[]【】"),), cell) if below_text else _NOTHING_SAID
        line = _table_unit(self._lines, cell) if self._lines else _NOTHING_SAID
        factor = next((unit.factor for unit in (own, row, line) if unit.factor is not None), None)
        said = (*brackets, *filter(None, [below_text]), *self._lines)
        return ColumnUnit(factor, tuple(_faults(cell, own, row, line, said)))


def _faults(cell: Cell, own: SaidUnit, row: SaidUnit, line: SaidUnit, said: Sequence[str]) -> Iterator[Fault]:
    is_open = own.factor is None and row.factor is None
    unclear = own.unclear or row.unclear or (line.unclear if is_open else None)
    if unclear is not None:
        yield Fault("header.unit_unclear", {"name": cell.title, "seen": unclear})
    elif len({unit.factor for unit in (own, row, line) if unit.factor is not None}) > 1:
        yield Fault("header.units_differ", {"name": cell.title, "seen": "、".join(dict.fromkeys(said))})
    if own.qualifier is not None:
        yield Fault("header.qualified", {"name": cell.title, "seen": own.qualifier})


_NO_UNIT = frozenset({"单位", "-", "/", "—"})


def _unit_row(rows: Rows, header_row: int, cells: Mapping[int, Cell]) -> int | None:
    """The row right below the headers, or below their grey lines, in which nothing but units stands."""
    for number in (header_row + 1, header_row + 2):
        row = rows.get(number, {})
        said = {
            column: row[column].value
            for column in cells
            if column in row and row[column].value not in {None, ""}
        }
        units = {
            column for column, text in said.items() if isinstance(text, str) and _is_unit(text, cells[column])
        }
        if units and all(key(str(said[column])) in _NO_UNIT for column in said.keys() - units):
            return number
    return None


def _texts_above(rows: Rows, header_row: int) -> Iterator[str]:
    """The texts above a table; `单位：` with what stands in the cell beside it."""
    for row in (row for number, row in rows.items() if number < header_row):
        for column, cell in row.items():
            if isinstance(cell.value, str):
                beside = row.get(column + 1) if key(cell.value).endswith("单位:") else None
                yield cell.value if beside is None else f"{cell.value}{beside.value}"
