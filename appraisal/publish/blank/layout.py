"""Where everything stands on the sheets that people fill. Rows and columns count from 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import ceil

from appraisal.publish.blank.fill_count import TablePlace
from appraisal.publish.excel import theme
from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import (
    ENGINE_COLUMNS,
    PARTICIPATES,
    PARTICIPATION,
    STAFF_ID,
    STAFF_NAME,
    SubmissionForm,
)
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import number_text

INTERVIEW_ROWS = 22
"""Empty rows of 抽访记录: one page."""

SOURCE_LINES = 3
"""Lines of the grey row that names the fields in common software."""

_LABELS_PER_ROW, _LABEL_STEP = 3, 3
_COUNT_COLUMN = 6
_LEAST_COUNT_COLUMN = 3
"""Left of it stand the names of sheet and scheme."""
_WIDTHS = {
    CellType.CHOICE: 14.0,
    CellType.DATE: 12.0,
    CellType.TEXT: 30.0,
    CellType.MONEY: 12.5,
    CellType.MARK: 13.0,
}
_SMALLEST_WIDTH = 10.0

_MANY_MARKS = 8
_OF_MANY_MARKS = {CellType.MARK: 8.5, CellType.TEXT: 22.0}
"""With more marks than that on a sheet, its columns are narrower and the headers stand on three lines."""

Label = str | Decimal | date
"""What a labelled cell may be filled with."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is filled in already, and stays open to be corrected: `cells` by 工号 and column, `labels` (店长 …).

    It comes from the roster's dates, an export of shop software, or the month before.
    """

    cells: Mapping[str, Mapping[str, str | Decimal]] = field(default_factory=dict)
    labels: Mapping[str, Label] = field(default_factory=dict)

    def with_cells(self, more: Mapping[str, Mapping[str, str]]) -> Known:
        """With the cells of these people too."""
        cells = {staff: {**self.cells.get(staff, {}), **own} for staff, own in more.items()}
        return replace(self, cells={**self.cells, **cells})

    def without_idle_targets(self, form: SubmissionForm) -> Known:
        """Without what is carried over for people who do not take part and have no figure of the month."""
        idle = {staff: form.idle_targets(own.get(PARTICIPATION), own) for staff, own in self.cells.items()}
        cells = {
            staff: {name: value for name, value in own.items() if name not in idle[staff]}
            for staff, own in self.cells.items()
        }
        return replace(self, cells=cells)


NOTHING_KNOWN = Known()


@dataclass(frozen=True, slots=True)
class Fill:
    """What the blank already holds: labelled cells by name, the people, and the empty rows behind them.

    `cells` are by 工号 and column; they stay open to be corrected.
    """

    labels: Mapping[str, Label]
    staff: Sequence[tuple[str, str]]
    spare: int
    cells: Mapping[str, Mapping[str, str | Decimal]] = field(default_factory=dict)

    def in_column(self, cell: Cell) -> list[str | Decimal | None]:
        """What stands in the people's cells of a column, from the first on; None in an empty one."""
        if cell.name == STAFF_ID:
            return [staff for staff, _ in self.staff]
        if cell.name == STAFF_NAME:
            return [name for _, name in self.staff]
        usual = PARTICIPATES if cell.name == PARTICIPATION else None
        return [self.cells.get(staff, {}).get(cell.name, usual) for staff, _ in self.staff]

    def filled(self, cells: Sequence[Cell]) -> list[int]:
        """How many cells of each person's row are filled, of those that must be."""
        must_be = {Need.ALWAYS, Need.WITH_DATA, Need.IF_NOT_PARTICIPATING}
        counted = [self.in_column(cell) for cell in cells if cell.need in must_be]
        return [sum(value is not None for value in row) for row in zip(*counted, strict=True)]

    def takes_part(self) -> list[bool]:
        """Of each person."""
        return [
            self.cells.get(staff, {}).get(PARTICIPATION, PARTICIPATES) == PARTICIPATES
            for staff, _ in self.staff
        ]

    def has_data(self) -> list[bool]:
        """Of each person, whether any figure of theirs stands there."""
        return [
            any(name not in ENGINE_COLUMNS for name in self.cells.get(staff, {})) for staff, _ in self.staff
        ]


@dataclass(frozen=True, slots=True)
class BlankLayout:
    """The rows of one sheet. `scheme` is the scheme's name; `anchors` say what each mark means: (`报表整体质量（6分）`, its words)."""

    form: SheetForm
    scheme: str
    anchors: Sequence[tuple[str, str]]
    rows: int

    @property
    def counts(self) -> bool:
        """Whether people are to be complete on it; 抽访记录 is as long as it is."""
        return self.form.role is not Role.INTERVIEWS

    @property
    def first_label(self) -> int:
        return 2 if self.form.instruction else 1

    @property
    def first_anchor(self) -> int:
        return self.first_label + ceil(len(self.form.labels) / _LABELS_PER_ROW)

    @property
    def band(self) -> int:
        """The coloured band, or a narrow empty row where the columns have none."""
        above = self.first_anchor + len(self.anchors)
        return above + 1 if self.form.labels or self.anchors else above

    @property
    def header(self) -> int:
        return self.band + 1

    @property
    def has_source_line(self) -> bool:
        return any(cell.source for cell in self.form.columns)

    @property
    def first_row(self) -> int:
        return self.header + (2 if self.has_source_line else 1)

    @property
    def place(self) -> TablePlace:
        return TablePlace(self.form, self.first_row, self.first_row + self.rows - 1)

    @property
    def is_dense(self) -> bool:
        """Whether there are so many marks that their columns are narrow."""
        return sum(cell.type is CellType.MARK for cell in self.form.columns) > _MANY_MARKS

    @property
    def page_ends(self) -> list[int]:
        """The columns (from 1) after which a printed page may end: right of all labels, between two bands."""
        bands = [cell.band for cell in self.form.columns]
        first = max((self.label(index)[1] for index in range(len(self.form.labels))), default=0) + _LABEL_STEP
        return [index for index in range(max(first, 3), len(bands)) if bands[index] != bands[index - 1]]

    @property
    def has_bands(self) -> bool:
        """Whether the columns are grouped; one band alone would say nothing."""
        return len({cell.band for cell in self.form.columns if cell.band}) > 1

    @property
    def count_column(self) -> int:
        """Where 已填/应填 stands: at the right end of the table, of a wide one at that of a first screen."""
        last = len(self.form.columns) - 1
        return min(last, _COUNT_COLUMN) if self.form.labels else max(last, _LEAST_COUNT_COLUMN)

    @property
    def widths(self) -> list[float]:
        """The width of each column: the form's, the count's, and those that only labels need."""
        widths = [_width(cell, dense=self.is_dense) for cell in self.form.columns]
        last_label = max((self.label(index)[1] for index in range(len(self.form.labels))), default=0)
        widths += [_SMALLEST_WIDTH] * max(1, last_label + _LABEL_STEP - len(widths))
        for index, cell in enumerate(self.form.labels):
            _, column = self.label(index)
            widths[column] = max(widths[column], _sized(cell.header, theme.NOTE_SIZE) + 1.5)
        name = _sized(self.scheme, theme.BODY_SIZE)
        widths[2] += max(0.0, name + 2 - sum(widths[2 : self.count_column]))
        return widths

    def label(self, index: int) -> tuple[int, int]:
        """(row, column) of the label with this index; its value stands right of it, over two columns."""
        return self.first_label + index // _LABELS_PER_ROW, index % _LABELS_PER_ROW * _LABEL_STEP


def layout_of(form: SheetForm, scheme: Scheme, fill: Fill) -> BlankLayout:
    """Where everything on the sheet stands."""
    is_review = form.role is Role.REVIEW
    rows = INTERVIEW_ROWS if form.role is Role.INTERVIEWS else len(fill.staff) + fill.spare
    anchors = [_anchor(indicator) for indicator in scheme.judged_by(form.reviewer)] if is_review else []
    return BlankLayout(form, scheme.name, anchors, rows)


def _anchor(indicator: Indicator) -> tuple[str, str]:
    words = "；".join(row.words for row in indicator.method.standard(indicator.measure))
    marking = indicator.method.marking(indicator.measure)
    weight = f"，占{number_text(indicator.points)}分" if marking.low and indicator.counts else ""
    return f"{indicator.name}（{marking.in_header}{weight}）", words


def on_two_lines(header: str) -> str:
    """The header with its bracket on a line of its own, or it breaks within the bracket."""
    return header.replace("（", "\n（", 1)


def _width(cell: Cell, *, dense: bool) -> float:
    """Wide enough for what is typed, the header on two lines and the source on three."""
    own = _SMALLEST_WIDTH if cell.name == STAFF_NAME else _WIDTHS.get(cell.type, _SMALLEST_WIDTH)
    if dense and cell.name != STAFF_NAME and cell.type in _OF_MANY_MARKS:
        return _OF_MANY_MARKS[cell.type]
    header = max(theme.text_width(line) for line in on_two_lines(cell.header).split("\n")) + 1
    source = _sized(cell.source or "", theme.NOTE_SIZE) / SOURCE_LINES + 1.5
    return max(own, header, source)


def _sized(text: str, size: int) -> float:
    """The width of a text in another size than the body's."""
    return theme.text_width(text) * size / theme.BODY_SIZE
