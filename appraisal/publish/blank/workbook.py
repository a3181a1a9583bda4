"""The blank workbook 考核上报表 that a store manager fills, made from the scheme's form: what is filled in already, its sheets, and the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from math import ceil
from operator import itemgetter

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from appraisal.intake.form import SUBMISSION
from appraisal.period import Period
from appraisal.publish.blank.instructions import Advice, InstructionPage, write_instructions
from appraisal.publish.blank.layout import (
    COUNTED,
    MISSING,
    NEEDED,
    SOURCE_LINES,
    BlankFormula,
    BlankLayout,
    TablePlace,
    layout_of,
    on_two_lines,
    row_count,
    sheet_count,
)
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, set_widths, write_across, write_meta
from appraisal.publish.excel.form_page import cell_style, guide
from appraisal.publish.excel.pages import print_across, print_on_a4
from appraisal.publish.excel.styles import BAND, BOXED, HEADER, LABEL, QUIET, STILL_ALLOWED, TITLE, Style
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.cells import Cell, Need
from appraisal.scheme.forms.self_assessment import with_separate_self_forms
from appraisal.scheme.forms.submission import (
    ENGINE_COLUMNS,
    FIRST_SUBMISSION,
    GROUP,
    HAND_IN_BY,
    PARTICIPATES,
    PARTICIPATION,
    PERIOD,
    SPARE_ROWS,
    STAFF_ID,
    STAFF_NAME,
    SUBMISSION_KIND,
    SubmissionForm,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.settings import SelfFormPolicy, Settings

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


# ------------------------------------------------------------------------------------------ its sheets

COUNT_NAME = "已填/应填"

_SOURCE = {
    **BOXED,
    **QUIET,
    "align": "center",
    "text_wrap": True,
    "font_size": theme.NOTE_SIZE - 1,
    "bg_color": theme.hexed(theme.GREY_LIGHT),
}

_ANCHOR = {
    **BOXED,
    "text_wrap": True,
    "font_size": theme.NOTE_SIZE,
    "bg_color": theme.hexed(theme.GREY_FAINT),
}

_CALCULATED = {**BOXED, **QUIET, "align": "center", "bg_color": theme.hexed(theme.GREY_FAINT)}

_HIDDEN = {"num_format": ";;;"}

_SPARE_ROWS_IN_PRINT = 3
"""Empty rows behind the people, for who writes by hand; on the screen there are more."""

_COUNT = {**TITLE, "align": "center", "font_size": theme.HEADING_SIZE}


class _TableSheet:
    """One sheet in the making."""

    def __init__(self, book: Book, layout: BlankLayout) -> None:
        self.book = book
        self.layout = layout
        self.form = layout.form
        self.sheet = book.sheet(layout.form.name)

    def write(self, main: TablePlace, fill: Fill) -> BlankFormula | None:
        """The whole sheet, protected, with only the cells to fill unlocked; `main` says who counts.

        Returns a formula for its 已填/应填; None where nothing must be filled.
        """
        set_widths(self.sheet, self.layout.widths)
        self.sheet.set_default_row(theme.ROW_HEIGHT)
        self.sheet.hide_gridlines(2)
        self._write_title()
        required, filled = self._write_labels(fill)
        self._write_anchors()
        self._write_headers()
        self._write_rows(fill)
        count = None
        if self.layout.counts:
            in_rows = self._write_row_counts(main, fill)
            count = self._write_count(required, filled + in_rows[0], len(required) + in_rows[1])
        self.sheet.freeze_panes(self.layout.header + 1, 2 if self.layout.counts else 0)
        self.sheet.protect("", STILL_ALLOWED)
        repeat = (self.layout.band, self.layout.first_row - 1)
        print_on_a4(
            self.sheet, title=f"{self.layout.scheme} · {self.form.name}", landscape=True, repeat=repeat
        )
        printed = len(fill.staff) + _SPARE_ROWS_IN_PRINT
        if self.layout.counts and fill.staff and printed < self.layout.rows:
            self.sheet.print_area(0, 0, self.layout.first_row + printed - 1, len(self.layout.widths) - 1)
        if self.layout.counts:
            height = theme.ROW_HEIGHT * (self.layout.first_row + printed)
            print_across(self.sheet, self.layout.widths, self.layout.page_ends, height, is_form=True)
        return count

    def _write_title(self) -> None:
        self.sheet.set_row(0, 28)
        self.sheet.write(0, 0, self.form.name, self._style(TITLE))
        self.sheet.write(0, 2, self.layout.scheme, self._style(QUIET))
        if self.form.instruction:
            self.sheet.write(1, 0, self.form.instruction, self._style(QUIET))

    def _write_labels(self, fill: Fill) -> tuple[list[str], int]:
        """Writes the labelled cells; returns the addresses of the required ones, and how many are filled."""
        required, filled = [], 0
        for index, cell in enumerate(self.form.labels):
            row, column = self.layout.label(index)
            value = fill.labels.get(cell.name)
            locked = cell.prefilled and value is not None
            style = cell_style(self.book, cell, locked=locked, align="left")
            self.sheet.write(row, column, cell.header, self._style(LABEL))
            write_across(self.sheet, (row, column + 1, column + 2), value or "", style)
            if not locked:
                guide(self.sheet, (row, column + 1, row, column + 1), cell)
            if cell.need is Need.ALWAYS:
                required.append(xl_rowcol_to_cell(row, column + 1))
                filled += value is not None
        return required, filled

    def _write_anchors(self) -> None:
        last = len(self.form.columns) - 1
        room = sum(self.layout.widths[2 : last + 1])
        for row, (name, words) in enumerate(self.layout.anchors, self.layout.first_anchor):
            self.sheet.set_row(row, 6 + 14 * ceil(theme.text_width(words) / room))
            write_across(self.sheet, (row, 0, 1), name, self._style(_ANCHOR))
            write_across(self.sheet, (row, 2, last), words, self._style(_ANCHOR))

    def _write_headers(self) -> None:
        layout, columns = self.layout, self.form.columns
        headers = [cell.header for cell in columns]
        sources = [cell.source or "" for cell in columns]
        bands = [cell.band if layout.has_bands else None for cell in columns]
        if layout.counts:
            headers.append(f"{MISSING}（格）")
            sources.append("0 就是齐了")
            hidden = layout.place.first_hidden
            self.sheet.set_column(hidden, hidden + 1, None, None, {"hidden": True})
            self.sheet.write_row(layout.header, hidden, (COUNTED, NEEDED), self._style(HEADER))
        self.sheet.set_row(layout.band, 18 if layout.has_bands else 6)
        for band, group in groupby(range(len(bands)), key=bands.__getitem__):
            places = list(group)
            if band:
                write_across(self.sheet, (layout.band, places[0], places[-1]), band, self._style(BAND))
        self.sheet.set_row(layout.header, theme.HEADER_HEIGHT * (1.5 if layout.is_dense else 1))
        self.sheet.write_row(layout.header, 0, map(on_two_lines, headers), self._style(HEADER))
        if layout.has_source_line:
            self.sheet.set_row(layout.header + 1, 12 * SOURCE_LINES + 4)
            self.sheet.write_row(layout.header + 1, 0, sources, self._style(_SOURCE))

    def _write_rows(self, fill: Fill) -> None:
        first, rows = self.layout.first_row, self.layout.rows
        for column, cell in enumerate(self.form.columns):
            values = fill.in_column(cell) if self.layout.counts else []
            values += [None] * (rows - len(values))
            row = first
            is_known = (cell.prefilled and value is not None for value in values)
            for locked, run in groupby(zip(is_known, values, strict=True), key=itemgetter(0)):
                same = [value for _, value in run]
                self.sheet.write_values(row, column, same, cell_style(self.book, cell, locked=locked))
                row += len(same)
            guide(self.sheet, (first, column, first + rows - 1, column), cell)
        width = self.layout.widths[1]
        for row, (_, name) in enumerate(fill.staff if self.layout.counts else (), first):
            if theme.text_width(name) > width:
                self.sheet.set_row(row, theme.name_height(name, width))

    def _write_row_counts(self, main: TablePlace, fill: Fill) -> tuple[int, int]:
        """Writes what each row still needs; returns how many cells are filled and needed in all rows."""
        count = row_count(self.layout.place, main)
        filled = fill.filled(self.form.columns)
        missing: list[int | str] = [""] * self.layout.rows
        counted, needed = [0] * self.layout.rows, [0] * self.layout.rows
        people = zip(filled, fill.takes_part(), fill.has_data(), strict=True)
        for row, (have, takes_part, has_data) in enumerate(people):
            counted[row] = int(takes_part or has_data)
            needed[row] = count.in_blank(takes_part=takes_part, counts=takes_part or has_data)
            missing[row] = needed[row] - have
        first, last, hidden = self.layout.first_row, len(self.form.columns), self.layout.place.first_hidden
        unseen = self._style(_HIDDEN)
        self.sheet.write_formulas(first, last, count.missing, self._style(_CALCULATED), missing)
        self.sheet.write_formulas(first, hidden, count.counted, unseen, counted)
        self.sheet.write_formulas(first, hidden + 1, count.needed, unseen, needed)
        return sum(filled), sum(needed)

    def _write_count(self, required: Sequence[str], filled: int, needed: int) -> BlankFormula:
        """已填/应填 at the top right; returns a formula that shows it elsewhere."""
        column = self.layout.count_column
        formula = sheet_count(self.layout.place, required, filled=filled, needed=needed)
        self.sheet.write(0, column, COUNT_NAME, self._style(LABEL))
        self.sheet.write_formulas(0, column + 1, formula.text, self._style(_COUNT), [formula.value])
        where = xl_rowcol_to_cell(0, column + 1, row_abs=True, col_abs=True)
        return BlankFormula(f"='{self.form.name}'!{where}", formula.value)

    def _style(self, style: Style) -> Format:
        return self.book.style(**style)


_ROWS_WITHOUT_ROSTER = 20


def blank_workbook(
    scheme: Scheme,
    *,
    group: str | None,
    period: Period | None,
    staff: Sequence[tuple[str, str]],
    settings: Settings,
    handin: date | None,
    known: Known = NOTHING_KNOWN,
) -> bytes:
    """The workbook with the group's people (id, name) in it, or with empty rows where none are known.

    `known` is filled in too. What is known of group and month is filled in and locked; what is None is left to the manager.
    The same arguments give the same bytes.
    """
    form = submission_form(scheme)
    if settings.self_forms is SelfFormPolicy.REQUIRED:
        form = with_separate_self_forms(form)
    hand_in_by = full_date(handin) if handin else f"次月{settings.handin_day}日"
    month = str(period) if period else None
    whose = {name: value for name, value in ((GROUP, group), (PERIOD, month)) if value}
    cells = known.without_idle_targets(form).cells
    written = {**known.labels, **whose, HAND_IN_BY: hand_in_by, SUBMISSION_KIND: FIRST_SUBMISSION}
    fill = Fill(written, staff, SPARE_ROWS if staff else _ROWS_WITHOUT_ROSTER, cells)
    layouts = [layout_of(sheet, scheme, len(staff) + fill.spare) for sheet in form.sheets]
    book = Book()
    instructions = InstructionPage(book)
    main = layouts[0].place
    counts = {layout.form.name: _TableSheet(book, layout).write(main, fill) for layout in layouts}
    progress = {name: count for name, count in counts.items() if count is not None}
    write_instructions(instructions, Advice(scheme, form, settings, hand_in_by), progress)
    pairs: dict[str, str | int | None] = {
        "scheme": form.scheme,
        "version": form.version,
        "kind": SUBMISSION,
        "period": month,
        "group": group,
    }
    write_meta(book, {key: value for key, value in pairs.items() if value is not None})
    return book.finished(created=period.last_day if period else scheme.effective_from)


def blank_file_name(scheme: Scheme, group: str | None, period: Period | None) -> str:
    """`旗舰店_2026-11_考核上报表.xlsx`; without group or month `online-shop.xlsx`."""
    if group is None or period is None:
        return f"{scheme.scheme}.xlsx"
    return safe_file_name(f"{group}_{period}_考核上报表", ".xlsx")
