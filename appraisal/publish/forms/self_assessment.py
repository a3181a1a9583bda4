"""自评表: one small workbook for one person to assess themselves, in three minutes."""

from __future__ import annotations

from datetime import date

from appraisal.period import Period
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, write_meta
from appraisal.publish.excel.form_page import FormPage
from appraisal.publish.excel.styles import BOXED, HEADER, QUIET, TITLE, Style
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.self_assessment import HEAD, META_KIND, SELF_SHEET, SIGNATURE, SelfForm, self_form
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import percent_text
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.settings import Settings

_WIDTHS = (22.0, 17.0, 14.0, 38.0)
_PLACES = ((0, (1, 1)), (2, (3, 3)))
"""Where labels stand, and their cells: two to a row."""

_WIDE = ((0, (1, 3)),)
"""One to a row, as wide as the page."""

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
    reviewer = form.reviewer
    known = {GROUP: group, PERIOD: str(period), STAFF_ID: staff_id, STAFF_NAME: name}
    book = Book()
    page = FormPage(book, SELF_SHEET, _WIDTHS)
    page.paragraph(f"{scheme.name} · {SELF_SHEET}", TITLE, 34)
    page.paragraph(f"请{name}本人填写白底的格子，大约三分钟，于{full_date(due)}前放入共享文件夹。", _LEAD)
    page.paragraph(
        f"{reviewer.name}占综合得分的{percent_text(reviewer.weight)}，请按实际情况评，别人不得代填；"
        f"没有按时交的，按{reviewer.if_absent}的评分计。",
        _LEAD,
    )
    page.gap()
    page.labelled(HEAD, known, height=26, places=_PLACES)
    _questions(page, form)
    page.gap()
    page.labelled(SIGNATURE, {}, height=26, places=_PLACES)
    page.gap()
    own = "其余考核数据由绩效软件统计，不用自己填。" if form.marks else ""
    page.paragraph(f"{own}填好后保存；被退回时，直接改退回的那一份再放入。", _NOTE)
    page.paragraph(f"有疑问请问{scheme.superior}或{settings.appeals_to}。", _NOTE)
    page.finish(f"{name}（{staff_id}）")
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


def _questions(page: FormPage, form: SelfForm) -> None:
    """What the person says and gives marks for, in numbered parts."""
    numbers = iter(("一、", "二、", "三、"))
    if form.account:
        page.paragraph(f"{next(numbers)}自述", _HEADING, 30)
        page.labelled(form.account, {}, height=_TEXT_HEIGHT, places=_WIDE)
    if form.marks:
        page.paragraph(f"{next(numbers)}打分", _HEADING, 30)
        _marks(page, form)
    page.paragraph(f"{next(numbers)}说明和签名", _HEADING, 30)
    page.labelled(form.closing, {}, height=_TEXT_HEIGHT, places=_WIDE)


def _marks(page: FormPage, form: SelfForm) -> None:
    row = page.next_row(24)
    page.headers(row, ("评分项", "本人评分"), HEADER)
    page.put(row, page.from_column(2), "评分参照", HEADER)
    for cell in form.marks:
        anchors = f"{_REMARK}{form.anchors[cell.name]}"
        row = page.next_row(max(32, 6 + page.height_of(anchors, 2)))
        page.put(row, (0, 0), cell.header, _ITEM)
        page.field(row, (1, 1), cell, None, align="center" if cell.type.is_number else "left")
        page.put(row, page.from_column(2), anchors, _ANCHOR)
