"""The header of an export: what each column is called, over up to three rows, and what it may be.

A column is a field's when its own word, or its words joined from above, are the field's name or alias,
or when the person who imports has chosen it for the field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from appraisal.intake.layout import read_header
from appraisal.scheme.forms.cells import Cell
from appraisal.text import key
from appraisal.xlsx.grid import RawSheet, Rows, column_name, range_bounds

_LEVELS = 3

WHO = ("account", "name", "id")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "账号", "客服账号", "子账号", "旺旺", "旺旺号", "旺旺账号", "旺旺昵称", "旺旺id", "客服旺旺", "客服",
        "客服昵称", "客服名称", "客服id", "客服pin", "京东账号", "登录账号", "员工账号", "昵称", "客服子账号",
    ),
    "name": ("姓名", "员工姓名", "客服姓名", "真实姓名", "班组", "班组名称"),
    "id": ("工号", "员工编号", "客服工号", "班组编号"),
    "day": ("日期", "统计日期", "数据日期", "统计时间", "时间", "日", "统计周期"),
}  # fmt: skip
_KEYS = {word: kind for kind, words in _WORDS.items() for word in words}

Chosen = Mapping[str, str]
"""By field, the header or the letters of the column that it is to be taken from."""

NOTHING_CHOSEN: Chosen = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class HeaderColumn:
    """A column as its header shows it, with its words: the lowest row's own, then joined with those above.

    `brackets` are what stands in brackets in any of its rows, the lowest first.
    """

    at: int
    shown: str
    words: tuple[str, ...]
    brackets: tuple[str, ...]

    @property
    def letters(self) -> str:
        return column_name(self.at)

    @property
    def says_who_or_when(self) -> str | None:
        """account, name, id or day; None for a column of anything else."""
        return _KEYS.get(self.words[0]) if self.words else None


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The fields by every word that they go by, those chosen for an import included."""

    fields: Mapping[str, Cell]
    by_word: Mapping[str, tuple[Cell, ...]]
    chosen: Chosen

    def know(self, column: HeaderColumn) -> bool:
        return any(word in self.by_word for word in column.words)

    def meant_by(self, header: Sequence[HeaderColumn]) -> dict[int, list[Cell]]:
        """The fields that each column may be. One chosen for a field is that field's alone, and its only one."""
        chosen = self.chosen_in(header)
        meant = {
            one.at: list(dict.fromkeys(cell for word in one.words for cell in self.by_word.get(word, ())))
            for one in header
        }
        for name, places in chosen.items():
            meant = {at: [cell for cell in cells if cell.name != name] for at, cells in meant.items()}
            meant |= {at: [self.fields[name]] for at in places}
        return meant

    def chosen_in(self, header: Sequence[HeaderColumn]) -> dict[str, list[int]]:
        """Where the columns stand that were chosen, by field; without those that this header has not."""
        found = {name: _chosen(header, told) for name, told in self.chosen.items()}
        return {name: [one.at for one in columns] for name, columns in found.items() if columns}


def field_words(fields: Iterable[Cell], chosen: Chosen) -> FieldWords:
    """The words of the fields: names, aliases, and what was chosen."""
    by_name = {cell.name: cell for cell in fields}
    words: dict[str, dict[str, Cell]] = {}
    for cell in by_name.values():
        for name in (*cell.names, *([chosen[cell.name]] if cell.name in chosen else [])):
            words.setdefault(read_header(name).word, {})[cell.name] = cell
    by_word = {word: tuple(cells.values()) for word, cells in words.items()}
    return FieldWords(by_name, by_word, chosen)


def _chosen(header: Sequence[HeaderColumn], told: str) -> list[HeaderColumn]:
    """The columns that were chosen: by the header as it stands there, else by its words, else by letters."""
    word, letters = read_header(told).word, key(told).removesuffix("列").upper()
    return (
        [one for one in header if key(one.shown) == key(told)]
        or [one for one in header if word in one.words]
        or [one for one in header if one.letters == letters]
    )


def header_ending_in(bottom: int, rows: Rows, raw: RawSheet) -> list[HeaderColumn]:
    """The columns of a header whose lowest row is `bottom`; merged cells count for all that they cover."""
    covered = {
        (row, column): (bounds[0], bounds[1])
        for name in raw.merged
        if (bounds := range_bounds(name)) and bounds[2] <= bottom and bounds[3] - bounds[1] < 100
        for row in range(bounds[0], bounds[2] + 1)
        for column in range(bounds[1], bounds[3] + 1)
    }

    def text(row: int, column: int) -> str:
        row, column = covered.get((row, column), (row, column))
        cell = rows.get(row, {}).get(column)
        return cell.value if cell is not None and isinstance(cell.value, str) else ""

    header: list[HeaderColumn] = []
    last = max(rows[bottom], default=0)
    for column in range(1, last + 1):
        levels = [text(row, column) for row in range(bottom, max(0, bottom - _LEVELS), -1)]
        levels = list(dict.fromkeys(level for level in levels if level))
        if text(bottom, column):
            read = [read_header(level) for level in levels]
            words = [one.word for one in read]
            joined = tuple("".join(reversed(words[: count + 1])) for count in range(len(words)))
            brackets = tuple(bracket for one in read for bracket in one.brackets)
            header.append(HeaderColumn(column, text(bottom, column).strip(), joined, brackets))
    return header
