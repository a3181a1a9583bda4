"""Where everything stands on the sheets that people fill, and the formulas of 已填/应填 over it. Rows and columns count from 0.

The live count follows the form's needs, with the blank's own numbers. Each table carries one visible column (还差, cells still
to fill in the row) and two hidden ones: whether the row's person counts (计分), and how many cells the row needs (应填).
Everything else is a sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from math import ceil

from xlsxwriter.utility import xl_col_to_name, xl_range_abs

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import ROW
from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import (
    PARTICIPATES,
    PARTICIPATION,
    REVIEW_GIVEN,
    STAFF_ID,
    STAFF_NAME,
    is_figure_of_the_month,
    review_status_name,
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
        return len(self.form.marks) > _MANY_MARKS

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


def layout_of(form: SheetForm, scheme: Scheme, rows: int) -> BlankLayout:
    """Where everything on the sheet stands; `rows` are those of the people."""
    is_review = form.role is Role.REVIEW
    rows = INTERVIEW_ROWS if form.role is Role.INTERVIEWS else rows
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


# ------------------------------------------------------------------------- the count of what is filled

MISSING = "还差"
COUNTED = "计分"
NEEDED = "应填"

FIRST_HIDDEN = 9
"""No hidden column stands before this one (from 0): labelled cells above the table reach up to there."""


@dataclass(frozen=True, slots=True)
class BlankFormula:
    """A formula and the value that it has in the blank."""

    text: str
    value: int | str


@dataclass(frozen=True, slots=True)
class TablePlace:
    """Where a form's table stands: its first and last row from 0; the columns begin at A."""

    form: SheetForm
    first: int
    last: int

    def at(self, column: str) -> str:
        """The column's cell in the row whose formula it stands in."""
        return f"${xl_col_to_name(self.index(column))}{ROW}"

    def column(self, column: str, *, of_sheet: bool = False) -> str:
        """The whole column of the table as an absolute range."""
        index = self.index(column)
        cells = xl_range_abs(self.first, index, self.last, index)
        return f"'{self.form.name}'!{cells}" if of_sheet else str(cells)

    @property
    def first_hidden(self) -> int:
        """The first of the two hidden columns, from 0."""
        return max(len(self.form.columns) + 1, FIRST_HIDDEN)

    def index(self, column: str) -> int:
        """The column's number, from 0."""
        if column in (COUNTED, NEEDED):
            return self.first_hidden + (COUNTED, NEEDED).index(column)
        return [*(cell.name for cell in self.form.columns), MISSING].index(column)


class _Of(Enum):
    """Of whom cells are needed in the blank."""

    EVERYBODY = auto()
    COUNTED = auto()
    ABSENT = auto()
    NOBODY = auto()


@dataclass(frozen=True, slots=True)
class _Term:
    """Cells that are needed together: times what (1 or 0) as a formula, and of whom in the blank."""

    cells: Sequence[Cell]
    when: str = ""
    of: _Of = _Of.EVERYBODY


@dataclass(frozen=True, slots=True)
class RowCount:
    """The formulas of a row's three cells, the same in every row."""

    missing: str
    counted: str
    needed: str
    terms: Sequence[_Term]

    def in_blank(self, *, takes_part: bool, counts: bool) -> int:
        """How many cells the row of such a person needs in the blank."""
        of = {_Of.EVERYBODY: True, _Of.COUNTED: counts, _Of.ABSENT: not takes_part, _Of.NOBODY: False}
        return sum(len(term.cells) for term in self.terms if of[term.of])


def row_count(place: TablePlace, main: TablePlace) -> RowCount:
    """The formulas of a row, with `{row}` for its number; `main` is the table that says who counts."""
    terms = _terms(place)
    staff = place.at(STAFF_ID)
    needed = "+".join(f"{len(term.cells)}{term.when}" for term in terms)
    have = "+".join(f"{_filled(place, term.cells)}{term.when}" for term in terms)
    return RowCount(
        missing=f'=IF({staff}="","",{place.at(NEEDED)}-({have}))',
        counted=_counted(place, main),
        needed=f'=IF({staff}="",0,{needed})',
        terms=terms,
    )


def _terms(place: TablePlace) -> list[_Term]:
    """The needs of a row, in the words of `forms.Need`."""
    columns = place.form.columns
    status = _status(place.form)
    counts = f"*{place.at(COUNTED)}"
    reviewed = _Term([cell for cell in columns if cell.need is Need.IF_REVIEWED], counts, _Of.COUNTED)
    terms = [
        _Term([cell for cell in columns if cell.need is Need.ALWAYS and cell is not status]),
        _Term([cell for cell in columns if cell.need is Need.WITH_DATA], counts, _Of.COUNTED),
    ]
    if status is not None:
        given = f'{counts}*({place.at(status.name)}="{REVIEW_GIVEN}")'
        terms += [_Term([status], counts, _Of.COUNTED), _Term(reviewed.cells, given, _Of.NOBODY)]
    else:
        terms.append(reviewed)
    for cell in columns:
        if cell.need is Need.IF_MARKED_OUT:
            terms.append(_Term([cell], f"*{_marked_out(place)}", _Of.NOBODY))
        if cell.need is Need.IF_NOT_PARTICIPATING:
            takes_part = place.at(PARTICIPATION)
            absent = f'*({takes_part}<>"")*({takes_part}<>"{PARTICIPATES}")'
            terms.append(_Term([cell], absent, _Of.ABSENT))
    return [term for term in terms if term.cells]


def _marked_out(place: TablePlace) -> str:
    """1 where a mark of the row is out of the ordinary, so that its record must be told; else 0."""
    counts = []
    for ordinary, cells in groupby(place.form.columns, key=lambda cell: cell.ordinary):
        if ordinary is None:
            continue
        marks = _ranges(place, list(cells))
        for sign, limit in (("<", ordinary[0]), (">", ordinary[1])):
            counts += [f'COUNTIF({cell_range},"{sign}{number_text(limit)}")' for cell_range in marks]
    return f"({'+'.join(counts)}>0)"


def _status(form: SheetForm) -> Cell | None:
    """The column 自评情况: it is asked of everyone who counts, unless people hand in forms of their own."""
    if form.reviewer is None:
        return None
    name = review_status_name(form.reviewer)
    return next((cell for cell in form.columns if cell.name == name and cell.need is not Need.NEVER), None)


def _counted(place: TablePlace, main: TablePlace) -> str:
    """Whether the person takes part or has data: 1 or 0."""
    staff = place.at(STAFF_ID)
    if place == main:
        conditions = [f'{place.at(PARTICIPATION)}="{PARTICIPATES}"']
    else:
        ids, counted = main.column(STAFF_ID, of_sheet=True), main.column(COUNTED, of_sheet=True)
        conditions = [f"SUMIF({ids},{staff},{counted})>0"]
    if place.form.role is Role.DATA:
        data = [cell for cell in place.form.columns if is_figure_of_the_month(cell)]
        conditions += [f"{_filled(place, data)}>0"] if data else []
    return f'=IF({staff}="",0,IF(OR({",".join(conditions)}),1,0))'


def _filled(place: TablePlace, cells: Sequence[Cell]) -> str:
    """How many of the cells of a row are filled."""
    return f"COUNTA({','.join(_ranges(place, cells))})"


def _ranges(place: TablePlace, cells: Sequence[Cell]) -> list[str]:
    """The cells of a row as few ranges."""
    runs: list[list[int]] = []
    for index in (place.index(cell.name) for cell in cells):
        if runs and runs[-1][1] == index - 1:
            runs[-1][1] = index
        else:
            runs.append([index, index])
    return [
        f"${xl_col_to_name(first)}{ROW}" + (f":${xl_col_to_name(last)}{ROW}" if last > first else "")
        for first, last in runs
    ]


def sheet_count(place: TablePlace, labels: Sequence[str], *, filled: int, needed: int) -> BlankFormula:
    """`已填/应填` of a sheet: its required labelled cells (by address) and the rows of its table."""
    have = [f"COUNTA({','.join(labels)})"] if labels else []
    need = [str(len(labels))] if labels else []
    have.append(f"SUM({place.column(NEEDED)})-SUM({place.column(MISSING)})")
    need.append(f"SUM({place.column(NEEDED)})")
    return BlankFormula(f'={"+".join(have)}&"/"&{"+".join(need)}', f"{filled}/{needed}")
