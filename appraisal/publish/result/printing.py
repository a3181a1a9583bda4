"""The heading of a sheet that is wider than a page."""

from __future__ import annotations

from appraisal.publish.month import Month
from appraisal.publish.result import styles
from appraisal.publish.result.living_sheet import LivingSheet
from appraisal.publish.sheets import Book


def heading(sheet: LivingSheet, book: Book, month: Month, title: str, note: str) -> None:
    """The title over the columns that stand on every page, so that no page cuts it; the note beside."""
    sheet.text(1, 1, title, styles.title(book))
    sheet.text(2, 1, f"{month.result.group} {month.result.period.in_words}", styles.note(book))
    sheet.text(2, 3, note, styles.note(book))
