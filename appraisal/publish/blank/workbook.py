"""The blank workbook 考核上报表 that a store manager fills, made from the scheme's form."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from appraisal.intake.form import SUBMISSION
from appraisal.period import Period
from appraisal.publish.blank.instructions import Advice, write_instructions
from appraisal.publish.blank.layout import NOTHING_KNOWN, Fill, Known, layout_of
from appraisal.publish.blank.tables import write_table
from appraisal.publish.excel.book import Book, write_meta
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.submission import (
    FIRST_SUBMISSION,
    GROUP,
    HAND_IN_BY,
    INSTRUCTIONS,
    PERIOD,
    SPARE_ROWS,
    SUBMISSION_KIND,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.settings import Settings

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
    hand_in_by = full_date(handin) if handin else f"次月{settings.handin_day}日"
    month = str(period) if period else None
    whose = {name: value for name, value in ((GROUP, group), (PERIOD, month)) if value}
    written = {**known.labels, **whose, HAND_IN_BY: hand_in_by, SUBMISSION_KIND: FIRST_SUBMISSION}
    fill = Fill(written, staff, SPARE_ROWS if staff else _ROWS_WITHOUT_ROSTER, known.figures)
    layouts = [layout_of(sheet, scheme, fill) for sheet in form.sheets]
    book = Book()
    instructions = book.sheet(INSTRUCTIONS)
    counts = {layout.form.name: write_table(book, layout, layouts[0], fill) for layout in layouts}
    progress = {name: count for name, count in counts.items() if count is not None}
    write_instructions(book, instructions, Advice(scheme, form, settings, hand_in_by), progress)
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
