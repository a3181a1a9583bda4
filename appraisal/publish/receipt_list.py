"""签收表: who has got which papers of a month, to be signed by each."""

from __future__ import annotations

from appraisal.publish.excel import styles
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import ListColumn, ListSheet, Shown, write_listing
from appraisal.scheme.forms.plan import PLAN_SHEET
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult

RECEIPT_LIST = "签收表"
WAYS = ("当面", "电子邮件", "企业微信", "钉钉", "飞书")
"""How a paper may come to its person (送达方式)."""

SLIP = "绩效单"
COLUMNS = (
    ListColumn("工号", 10),
    ListColumn("姓名", 10, Shown.STRONG),
    ListColumn("材料", 26, Shown.WRAPPED),
    ListColumn("送达方式", 11, Shown.CENTRED),
    ListColumn("送达时间", 14, Shown.CENTRED),
    ListColumn("本人签名", 16),
    ListColumn("日期", 13, Shown.CENTRED),
    ListColumn("备注（拒签的写见证人）", 26, Shown.WRAPPED),
)

_ROOM_TO_SIGN = 30
"""Points of a row."""


def materials(result: GroupResult, staff: str) -> tuple[str, ...]:
    """What the person gets of the month."""
    plans = any(one.type is OutcomeType.RECTIFICATION for one in result.outcomes_of(staff))
    return (SLIP, *((PLAN_SHEET,) if plans else ()))


def receipt_list(result: GroupResult, *, is_draft: bool) -> bytes:
    """Everybody of the group in the order of the workbook; the same result gives the same bytes."""
    listing = ListSheet(
        name=RECEIPT_LIST,
        title=f"{result.group}　{result.period.in_words}绩效考核材料{RECEIPT_LIST}",
        lead=[f"第{result.revision}版，共{len(result.staff)}份绩效单。"],
        columns=COLUMNS,
        rows=[
            [one.id, one.name, "、".join(materials(result, one.id)), *[""] * (len(COLUMNS) - 3)]
            for one in result.staff
        ],
        frozen=2,
    )
    book = Book(is_draft=is_draft)
    sheet = write_listing(book, listing)
    for row in range(listing.first_row, listing.last_row + 1):
        sheet.set_row(row - 1, _ROOM_TO_SIGN)
    note = f"签收仅表示收到，不代表认可。送达方式：{'、'.join(WAYS)}等。"
    sheet.text(listing.end + 1, 1, note, styles.note(book))
    return book.finished(created=result.issued)
