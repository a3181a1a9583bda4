"""One worksheet's XML to cells. Why this is not left to a library: see reader.py."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from appraisal.xlsx.cell import DamagedCell, SharedParts, StoredCell, read_cell
from appraisal.xlsx.container import DEEPEST, Refused, parse_part, refusal
from appraisal.xlsx.grid import CellProblem, RawCell, RawSheet, cell_name, cell_position
from appraisal.xlsx.number_formats import FontReader
from appraisal.xlsx.package import MAIN, STRICT, SheetPart, is_true

_ROW_NUMBER = re.compile("[1-9][0-9]{0,8}")

_OTHER = "elsewhere"
_INSIDE: Mapping[str, Mapping[str, str]] = {
    "document": {"worksheet": "sheet"},
    "sheet": {"cols": "columns", "sheetData": "rows", "mergeCells": "merges"},
    "columns": {"col": "column"},
    "merges": {"mergeCell": "merge"},
    "rows": {"row": "row"},
    "row": {"c": "cell", "extLst": _OTHER},
    "cell": {"v": "value", "f": "formula", "is": "inline", "extLst": _OTHER},
    "inline": {"t": "text", "r": "run", "rPh": _OTHER, "phoneticPr": _OTHER},
    "run": {"t": "text", "rPr": "run font"},
    "run font": {"strike": "strike", "vertAlign": "vertAlign", "sz": "sz"},
}
"""Where one is inside which element of the main namespace; all others lead elsewhere."""
_CLOSED = frozenset({"document", "rows", "row", "cell", "inline", "run", "value", "text"})
"""Where an element that we do not know could hide a value from us, and so is refused."""

_ROW_OR_CELL = frozenset({f"{MAIN} row", f"{MAIN} c"})


def read_sheet(
    part: SheetPart, book: SharedParts, *, room: int
) -> tuple[RawSheet, Mapping[tuple[int, int], str]]:
    """The cells of one worksheet, at most `room` of them, and its formulas as written.

    Raises `Refused` where the sheet is damaged, can be read in two ways, or holds something outside
    the size of a form.
    """
    reader = _SheetReader(part.name, book, room)
    parse_part(
        part.part,
        part.xml,
        start=reader.start,
        end=reader.end,
        text=reader.pieces.append,
        sheet=part.name,
    )
    sheet = RawSheet(
        name=part.name,
        cells=reader.cells,
        state=part.state,
        hidden_rows=frozenset(reader.hidden),
        merged=tuple(reader.merged),
        hidden_columns=reader.hidden_columns(),
    )
    return sheet, reader.formulas


@dataclass(slots=True)
class _CellPlace:
    """Where one may be inside a worksheet: the places inside it by element, and what happens on the way in and out."""

    is_closed: bool
    opens: Callable[[dict[str, str]], None] | None
    closes: Callable[[], None] | None
    inside: dict[str, _CellPlace] = field(default_factory=dict)


class _SheetReader:
    """Follows the elements of a worksheet, keeping the places that are still open."""

    def __init__(self, name: str, book: SharedParts, room: int) -> None:
        self.cells: dict[tuple[int, int], RawCell] = {}
        self.hidden: set[int] = set()
        self.merged: list[str] = []
        self.formulas: dict[tuple[int, int], str] = {}
        self.pieces: list[str] = []
        """The text since the last `v` or `t` was opened; expat fills it."""
        self._name = name
        self._book = book
        self._room = room
        self._row, self._column, self._row_is_hidden = 0, 0, False
        self._columns: set[int] = set()
        self._is_below = False
        """Below the last row of any form only emptiness may follow: often a million formatted rows."""
        self._cell = StoredCell("n", "0")
        self._hidden_stretches: list[tuple[int, int]] = []
        self._font: FontReader | None = None
        opens: Mapping[str, Callable[[dict[str, str]], None]] = {
            "rows": self._open_rows,
            "row": self._open_row,
            "cell": self._open_cell,
            "value": self._open_text,
            "formula": self._open_text,
            "text": self._open_text,
            "merge": self._open_merge,
            "column": self._open_column,
            "run": self._open_run,
            "run font": self._open_run_font,
            **{element: partial(self._see_font, element) for element in _INSIDE["run font"]},
        }
        closes = {
            "run": self._close_run,
            "formula": self._close_formula,
            "value": self._close_value,
            "text": self._close_inline_text,
            "cell": self._close_cell,
        }
        every = {*_INSIDE, *(to for steps in _INSIDE.values() for to in steps.values())}
        places = {place: _CellPlace(place in _CLOSED, opens.get(place), closes.get(place)) for place in every}
        for place, steps in _INSIDE.items():
            places[place].inside = {f"{MAIN} {element}": places[to] for element, to in steps.items()}
        self._places = [places["document"]]
        self._elsewhere = places[_OTHER]

    def hidden_columns(self) -> frozenset[int]:
        """Those among the filled ones that are hidden."""
        if not self._hidden_stretches:
            return frozenset()
        filled = {column for _, column in self.cells}
        return frozenset(
            column for column in filled if any(low <= column <= high for low, high in self._hidden_stretches)
        )

    def start(self, element: str, attributes: dict[str, str]) -> None:
        if self._is_below and element in _ROW_OR_CELL:
            return
        inside = self._places[-1]
        place = inside.inside.get(element)
        if place is None:
            if inside.is_closed:
                raise self._unknown(element)
            place = self._elsewhere
        self._places.append(place)
        if len(self._places) > DEEPEST:
            detail = f"工作表“{self._name}”里的内容套得太深"
            raise refusal("workbook.corrupt", sheet=self._name, detail=detail)
        if place.opens is not None:
            place.opens(attributes)

    def end(self, element: str) -> None:
        if self._is_below and element in _ROW_OR_CELL:
            return
        place = self._places.pop()
        if place.closes is not None:
            place.closes()

    def _open_rows(self, _attributes: dict[str, str]) -> None:
        if self._row:
            raise refusal("workbook.ambiguous", sheet=self._name, detail=f"“{self._name}”有两处内容")

    def _open_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        if given is not None and not _ROW_NUMBER.fullmatch(given):
            raise self._outside(f"第 {given} 行")
        number = self._row + 1 if given is None else int(given)
        if number <= self._row:
            detail = f"“{self._name}”第 {number} 行重复或次序颠倒"
            raise refusal("workbook.ambiguous", sheet=self._name, detail=detail)
        if number > self._book.limits.rows:
            self._is_below = True
            self._places.pop()
        self._row, self._column = number, 0
        self._columns.clear()
        self._row_is_hidden = is_true(attributes.get("hidden")) or attributes.get("ht") == "0"

    def _open_cell(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        if given is None:
            self._column += 1
        else:
            position = cell_position(given)
            if position is None:
                raise self._outside(given)
            if position[0] != self._row:
                detail = f"“{self._name}”{given} 写在第 {self._row} 行里"
                raise refusal("workbook.ambiguous", sheet=self._name, detail=detail)
            self._column = position[1]
        self._cell = StoredCell(kind=attributes.get("t", "n"), style=attributes.get("s", "0"))
        if "vm" in attributes:
            self._cell.is_rich_value = True

    def _open_column(self, attributes: dict[str, str]) -> None:
        is_hidden = is_true(attributes.get("hidden")) or attributes.get("width") == "0"
        low, high = attributes.get("min", ""), attributes.get("max", "")
        if is_hidden and _ROW_NUMBER.fullmatch(low) and _ROW_NUMBER.fullmatch(high):
            self._hidden_stretches.append((int(low), int(high)))

    def _open_run(self, _attributes: dict[str, str]) -> None:
        self._font = None
        self.pieces.clear()

    def _open_run_font(self, _attributes: dict[str, str]) -> None:
        self._font = FontReader()

    def _see_font(self, element: str, attributes: dict[str, str]) -> None:
        if self._font is not None:
            self._font.start(f"{MAIN} {element}", attributes)

    def _close_run(self) -> None:
        runs = self._cell.runs = self._cell.runs or []
        runs.append((self._font.font() if self._font else None, "".join(self.pieces)))

    def _close_formula(self) -> None:
        self._cell.formula = "".join(self.pieces)

    def _open_text(self, _attributes: dict[str, str]) -> None:
        self.pieces.clear()

    def _close_value(self) -> None:
        if self._cell.value is not None:
            raise self._damaged("有两个值")
        self._cell.value = "".join(self.pieces)

    def _close_inline_text(self) -> None:
        self._cell.inline = (self._cell.inline or "") + "".join(self.pieces)

    def _open_merge(self, attributes: dict[str, str]) -> None:
        self.merged.append(attributes.get("ref", ""))

    def _close_cell(self) -> None:
        if self._column in self._columns:
            self._put(RawCell(None, problem=CellProblem.DUPLICATE))
            return
        self._columns.add(self._column)
        stored = self._cell
        if stored.value is None and stored.inline is None and stored.formula is None:
            return  # formatting only
        try:
            cell = read_cell(stored, self._book)
        except DamagedCell as damage:
            raise self._damaged(str(damage)) from None
        if cell is not None:
            self._put(cell)

    def _put(self, cell: RawCell) -> None:
        if self._column > self._book.limits.columns:
            raise self._outside(cell_name(self._row, self._column))
        if len(self.cells) >= self._room:
            raise refusal("workbook.too_large", detail=f"有内容的单元格超过 {self._book.limits.cells} 个")
        self.cells[self._row, self._column] = cell
        if cell.is_formula and self._cell.formula is not None:
            self.formulas[self._row, self._column] = self._cell.formula
        if self._row_is_hidden:
            self.hidden.add(self._row)

    def _damaged(self, what: str) -> Refused:
        cell = cell_name(self._row, self._column)
        detail = f"“{self._name}”{cell} {what}"
        return refusal("workbook.corrupt", sheet=self._name, cell=cell, detail=detail)

    def _outside(self, where: str) -> Refused:
        limits = self._book.limits
        detail = f"“{self._name}”{where}；最多 {limits.rows} 行、{limits.columns} 列"
        return refusal("workbook.outside_form", sheet=self._name, detail=detail)

    def _unknown(self, element: str) -> Refused:
        if self._is_below:
            return self._outside(f"第 {self._book.limits.rows} 行以下")
        if element.startswith(STRICT):
            return refusal("workbook.strict")
        name = element.rpartition(" ")[2]
        return refusal("workbook.corrupt", sheet=self._name, detail=f"“{self._name}”里有不认识的内容 {name}")
