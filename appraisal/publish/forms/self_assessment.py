"""自评表: one small workbook for one person to assess themselves, in three minutes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

from xlsxwriter.format import Format

from appraisal.period import Period
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, print_on_a4, set_widths, write_across, write_meta
from appraisal.publish.excel.input_cells import cell_style, guide
from appraisal.publish.excel.styles import BOXED, HEADER, LABEL, QUIET, STILL_ALLOWED, TITLE, Style
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.cells import Cell
from appraisal.scheme.forms.self_assessment import HEAD, META_KIND, SELF_SHEET, SIGNATURE, SelfForm, self_form
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import plain
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.settings import Settings

_WIDTHS = (22.0, 17.0, 14.0, 38.0)
_LAST = len(_WIDTHS) - 1
_LINE_HEIGHT = 15
_TEXT_HEIGHT = 84
"""Room for a few sentences, also by hand."""

_REMARK = "※ "
"""Begins what stands right of a cell to fill and is not its value: so it is never read as one."""

_LEAD: Style = {"text_wrap": True, "valign": "top"}
_HEADING: Style = {
    "bold": True,
    "font_size": theme.HEADING_SIZE,
    "font_color": theme.hexed(theme.ACCENT),
    "valign": "bottom",
}
_ITEM: Style = {**BOXED, "bg_color": theme.hexed(theme.GREY_FAINT)}
_ANCHOR: Style = {**_ITEM, "text_wrap": True, "font_size": theme.NOTE_SIZE}
_NOTE: Style = {**QUIET, "text_wrap": True, "valign": "top", "font_size": theme.NOTE_SIZE}


def self_workbook(
    scheme: Scheme,
    *,
    group: str,
    period: Period,
    staff_id: str,
    name: str,
    settings: Settings,
    due: date,
) -> bytes:
    """The person's form, to be handed in by `due`; the same arguments give the same bytes.

    Raises ValueError for a scheme in which nobody assesses themselves.
    """
    form = self_form(scheme)
    if form is None:
        raise ValueError(f"nobody assesses themselves in {scheme.scheme}")
    known = {GROUP: group, PERIOD: str(period), STAFF_ID: staff_id, STAFF_NAME: name}
    book = Book()
    page = _Page(book, form, f"{scheme.name} · {SELF_SHEET}")
    page.write(known, _leads(form, name, due), _notes(form, settings, scheme.superior))
    write_meta(
        book,
        {
            "scheme": scheme.scheme,
            "version": scheme.version,
            "kind": META_KIND,
            "period": str(period),
            "group": group,
            "staff": staff_id,
            "name": name,
        },
    )
    return book.finished(created=period.last_day)


def self_file_name(period: Period, staff_id: str, name: str) -> str:
    """`KF001_张三_2026-11_自评表.xlsx`."""
    return safe_file_name(f"{staff_id}_{name}_{period}_{SELF_SHEET}", ".xlsx")


def _leads(form: SelfForm, name: str, due: date) -> Sequence[str]:
    reviewer = form.reviewer
    return (
        f"请{name}本人填写白底的格子，大约三分钟，于{full_date(due)}前放入共享文件夹。",
        f"{reviewer.name}占综合得分的{plain(reviewer.weight * 100)}%，请按实际情况评，别人不得代填；没有按时交的，按{reviewer.if_absent}的评分计。",
    )


def _notes(form: SelfForm, settings: Settings, superior: str) -> Sequence[str]:
    own = "其余考核数据由绩效软件统计，不用自己填。" if form.marks else ""
    return (
        f"{own}填好后保存；被退回时，直接改退回的那一份再放入。",
        f"有疑问请问{superior}或{settings.appeals_to}。",
    )


class _Page:
    """Writes from top to bottom."""

    def __init__(self, book: Book, form: SelfForm, title: str) -> None:
        self.book = book
        self.form = form
        self.title = title
        self.sheet = book.sheet(SELF_SHEET)
        self.row = 0

    def write(self, known: dict[str, str], leads: Sequence[str], notes: Sequence[str]) -> None:
        set_widths(self.sheet, _WIDTHS)
        self.sheet.hide_gridlines(2)
        self._line(self.title, TITLE, height=34)
        for lead in leads:
            self._line(lead, _LEAD)
        self._gap()
        self._pairs(HEAD, known)
        headings = iter(("一、", "二、", "三、"))
        if self.form.account:
            self._heading(f"{next(headings)}自述")
            self._texts(self.form.account)
        if self.form.marks:
            self._heading(f"{next(headings)}打分")
            self._marks()
        self._heading(f"{next(headings)}说明和签名")
        self._texts(self.form.closing)
        self._gap()
        self._pairs(SIGNATURE, {})
        self._gap()
        for note in notes:
            self._line(note, _NOTE)
        self.sheet.protect("", STILL_ALLOWED)
        print_on_a4(self.sheet, title=f"{known[STAFF_NAME]}（{known[STAFF_ID]}）", one_page=True)

    def _pairs(self, labels: Sequence[Cell], known: dict[str, str]) -> None:
        """Two labelled cells to a row."""
        for at, cell in enumerate(labels):
            column = at % 2 * 2
            row = self.row - 1 if column else self._next(26)
            self._label(row, column, cell)
            self._input((row, column + 1, column + 1), cell, known.get(cell.name))

    def _texts(self, cells: Sequence[Cell]) -> None:
        for cell in cells:
            row = self._next(_TEXT_HEIGHT)
            self._label(row, 0, cell)
            self._input((row, 1, _LAST), cell, None)

    def _marks(self) -> None:
        row = self._next(24)
        self.sheet.write_row(row, 0, ("评分项", "本人评分"), self._style(HEADER))
        write_across(self.sheet, (row, 2, _LAST), "评分参照", self._style(HEADER))
        for cell in self.form.marks:
            anchors = f"{_REMARK}{self.form.anchors[cell.name]}"
            lines = ceil(theme.text_width(anchors) / sum(_WIDTHS[2:]))
            row = self._next(max(32, 6 + _LINE_HEIGHT * lines))
            self.sheet.write(row, 0, cell.header, self._style(_ITEM))
            self._input((row, 1, 1), cell, None)
            write_across(self.sheet, (row, 2, _LAST), anchors, self._style(_ANCHOR))

    def _label(self, row: int, column: int, cell: Cell) -> None:
        self.sheet.write(row, column, cell.header, self._style(LABEL))

    def _input(self, cells: tuple[int, int, int], cell: Cell, value: str | None) -> None:
        align = "center" if cell.type.is_number else "left"
        style = cell_style(self.book, cell, locked=value is not None, align=align)
        write_across(self.sheet, cells, value or "", style)
        if value is None:
            row, first, _ = cells
            guide(self.sheet, (row, first, row, first), cell)

    def _heading(self, text: str) -> None:
        self._line(text, _HEADING, height=30)

    def _line(self, text: str, style: Style, *, height: float | None = None) -> None:
        width = theme.text_width(text) * style.get("font_size", theme.BODY_SIZE) / theme.BODY_SIZE
        row = self._next(height or 4 + _LINE_HEIGHT * ceil(width / sum(_WIDTHS)))
        write_across(self.sheet, (row, 0, _LAST), text, self._style(style))

    def _gap(self) -> None:
        self._next(8)

    def _next(self, height: float) -> int:
        """The row to write now, its height set."""
        self.sheet.set_row(self.row, height)
        self.row += 1
        return self.row - 1

    def _style(self, style: Style) -> Format:
        return self.book.style(**style)
