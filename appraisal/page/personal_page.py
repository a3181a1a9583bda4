"""个人绩效档案.html: the sheets of one person's record as one page, with the line of the months."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.hr.personal_record import PersonalRecord
from appraisal.hr.personal_workbook import figures_drawn, personal_lists
from appraisal.page.behaviour import OF_EVERY_PAGE
from appraisal.page.charts import personal_chart
from appraisal.publish.excel.listing import NOTHING, Computed, ListSheet, Shown, Value
from appraisal.publish.templates.loading import PERSON_PAGE_HTML, Templates
from appraisal.publish.wording import full_date
from appraisal.workspace.settings import Settings

_NUMBERS = {Shown.COUNT, Shown.SCORE, Shown.MONEY}


def personal_page(record: PersonalRecord, settings: Settings, templates: Templates) -> bytes:
    """The page; the same values give the same bytes."""
    months = [f"{one.month.period.year % 100}年{one.month.period.month}月" for one in record.months]
    names: dict[str, Any] = {
        **OF_EVERY_PAGE,
        "公司": settings.company,
        "标题": f"{record.person.in_words}个人绩效档案",
        "走势图": personal_chart(months, figures_drawn(record)) if months else "",
        "表": [_table(one) for one in personal_lists(record)],
    }
    return templates.text(PERSON_PAGE_HTML).render(names).encode()


def _table(sheet: ListSheet) -> dict[str, Any]:
    numbers = [one.shown in _NUMBERS for one in sheet.columns]
    rows = [*sheet.rows]
    if sheet.rows and sheet.totals:
        rows.append([sheet.totals.get(one.header, "") for one in sheet.columns])
    return {
        "标题": sheet.name,
        "文字": [*sheet.lead, *sheet.notes],
        "列": [
            _cell(one.header, is_number=is_number)
            for one, is_number in zip(sheet.columns, numbers, strict=True)
        ],
        "行": [
            [
                _cell(_text(value, column.shown), is_number=is_number)
                for value, column, is_number in zip(row, sheet.columns, numbers, strict=True)
            ]
            for row in rows
        ],
        "没有": sheet.empty,
    }


def _cell(text: str, *, is_number: bool) -> Mapping[str, object]:
    return {"文字": text, "是数": is_number}


def _text(value: Value, shown: Shown) -> str:
    """As the column of the workbook shows it."""
    if isinstance(value, Computed):
        value = value.value
    if value is None:
        return NOTHING
    if isinstance(value, date):
        return full_date(value) if shown is Shown.DEADLINE else str(value)
    if shown is Shown.MONEY and isinstance(value, Decimal):
        return f"{value:+,.2f}".replace("-", "−") if value else "0.00"
    return str(value)
