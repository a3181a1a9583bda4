"""整改方案: what is known stands there, what is asked is open, and it is recognised when it comes back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.publish.forms.personal import plan_workbook
from appraisal.publish.points_explained import FEWEST, weak_indicators
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.cells import Need
from appraisal.scheme.forms.submission import GROUP, META, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.workspace.settings import Settings
from tests.builders.months import month
from tests.builders.schemes import MARK, month_of_finals, one_mark_scheme
from tests.builders.workbooks import label_cell, opened, said
from tests.libreoffice import as_pdf, page_count, text_of

LAST = "KF011"
OPEN = [cell for cell in personal.PLAN_COLUMNS if not cell.prefilled]


def page(this=None, staff: str = LAST, **options):
    """The plan's sheet, of the last of the builders' group."""
    return opened(plan_workbook(this or month(**options), staff))[personal.PLAN_SHEET]


def value_of(sheet, label: str):
    return label_cell(sheet, label).offset(column=1)


def table(sheet) -> tuple[dict[str, int], list[int]]:
    """The column of each header, and the rows of the indicators."""
    names = {cell.header: cell.name for cell in personal.PLAN_COLUMNS}
    header = next(row for row in sheet.iter_rows() if sum(said(cell) in names for cell in row) == len(names))
    columns = {names[said(cell)]: cell.column for cell in header if said(cell) in names}
    rows = []
    row = header[0].row + 1
    while sheet.cell(row, 1).border.left.style:
        rows.append(row)
        row += 1
    return columns, rows


def test_the_head_says_who_what_and_by_when():
    """Person, month, result, paper and deadline, as the notice has them."""
    sheet = page(posts={LAST: "客服专员"}, settings=Settings(document_number="绩通〔{年}〕{月}号"))
    shown = {cell.name: value_of(sheet, cell.name).value for cell in personal.HEAD}
    assert shown == {
        STAFF_NAME: "马梦瑶",
        STAFF_ID: LAST,
        personal.POST: "客服专员",
        GROUP: "旗舰店",
        PERIOD: "2026-11",
        personal.SCORE_AND_PLACE: "46.45分，第12名（参评12人）",
        personal.DOCUMENT_NUMBER: "绩通〔2026〕11号",
        personal.ISSUED_ON: "2026年12月3日（星期四）",
        personal.SUBMIT_BY: "2026年12月10日（星期四）",
    }


def test_what_nobody_knows_is_a_dash():
    """No post in the roster, no document number in the company."""
    sheet = page()
    assert value_of(sheet, personal.POST).value == "—"
    assert value_of(sheet, personal.DOCUMENT_NUMBER).value == "—"


def test_each_weak_indicator_has_its_row():
    """Goal, value, gap and points lost stand there, most points first."""
    this = month()
    sheet = page(this)
    columns, rows = table(sheet)
    weak = weak_indicators(this, LAST)
    shown = [
        [sheet.cell(row, columns[cell.name]).value for cell in personal.PLAN_COLUMNS[:5]] for row in rows
    ]
    assert [row[0] for row in shown] == [one.indicator.name for one in weak]
    assert shown[0] == ["咨询转化率", "≥50.00%", "37.54%", "差12.46个百分点", "13分"]


def test_only_what_people_fill_is_open():
    """The system's facts are locked, without a password."""
    sheet = page()
    columns, rows = table(sheet)
    assert sheet.protection.sheet
    assert not sheet.protection.password
    for row in rows:
        locked = {
            cell.name
            for cell in personal.PLAN_COLUMNS
            if sheet.cell(row, columns[cell.name]).protection.locked
        }
        assert locked == {cell.name for cell in personal.PLAN_COLUMNS if cell.prefilled}
    assert all(value_of(sheet, cell.name).protection.locked for cell in personal.HEAD)
    assert not any(
        value_of(sheet, cell.name).protection.locked for cell in (*personal.SIGNATURE, *personal.REVIEW)
    )


def test_every_open_cell_says_what_belongs_there():
    """Hints, dates, and drop-downs for the manager."""
    sheet = page()
    columns, rows = table(sheet)
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    for cell in OPEN:
        for row in rows:
            rule = rules[sheet.cell(row, columns[cell.name]).coordinate]
            assert rule.prompt == cell.hint
            if cell.choices:
                assert rule.formula1 == f'"{",".join(cell.choices)}"'
    verdict = rules[value_of(sheet, personal.REVIEWED).coordinate]
    assert verdict.formula1 == '"同意,退回补充"'


def test_the_person_is_asked_for_all_that_makes_a_plan():
    """Cause, action, goal and time for each indicator, and a signature."""
    asked = {cell.name for cell in (*OPEN, *personal.SIGNATURE) if cell.need is Need.ALWAYS}
    assert asked == {
        personal.CAUSE,
        personal.ACTION,
        personal.NEXT_GOAL,
        personal.DONE_BY,
        personal.SIGNED_BY,
        personal.SIGNED_ON,
    }


def test_it_is_recognised_by_its_hidden_sheet():
    """Whatever the file is called when it comes back."""
    meta = opened(plan_workbook(month(), LAST))[META]
    assert meta.sheet_state == "veryHidden"
    assert {row[0].value: row[1].value for row in meta.iter_rows(max_row=6)} == {
        "scheme": "online-shop",
        "version": 1,
        "kind": "plan",
        "period": "2026-11",
        "group": "旗舰店",
        "staff": LAST,
    }


def test_the_hidden_sheet_says_once_more_what_was_filled_in():
    """So that a changed cell is found when the plan comes back."""
    book = opened(plan_workbook(month(), LAST))
    meta = {row[0].value: row[1].value for row in book[META].iter_rows(min_row=7)}
    sheet = book[personal.PLAN_SHEET]
    columns, rows = table(sheet)
    on_the_page = {cell.name: value_of(sheet, cell.name).value for cell in personal.HEAD} | {
        personal.filled_in_key(name, number): sheet.cell(row, columns[name]).value
        for number, row in enumerate(rows, 1)
        for name in (personal.INDICATOR, personal.GOAL, personal.ACTUAL, personal.GAP, personal.LOST)
    }
    assert meta == on_the_page


def test_names_that_look_like_formulas_stay_text():
    """A name or group is never calculated."""
    cells = {("考核数据", LAST, STAFF_NAME): "=1+1"}
    cell = value_of(page(month(cells=cells, group="+店")), STAFF_NAME)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_who_lost_little_finds_an_empty_row_for_more():
    """Two rows at least, the second for what the person wants to add."""
    scheme = one_mark_scheme()
    this = month(month_of_finals("90", "80", "70", "60", scheme=scheme), scheme=scheme)
    sheet = page(this, "KF004")
    columns, rows = table(sheet)
    assert len(rows) == FEWEST
    assert [sheet.cell(row, columns[personal.INDICATOR]).value for row in rows] == [MARK, None]
    assert not sheet.cell(rows[1], columns[personal.INDICATOR]).protection.locked


def test_nobody_else_gets_a_plan():
    """To ask for the plan of somebody who owes none is our mistake."""
    with pytest.raises(ValueError, match="KF001"):
        plan_workbook(month(), "KF001")


def test_the_same_month_gives_the_same_bytes():
    """Written again, it is the same paper."""
    assert plan_workbook(month(), LAST) == plan_workbook(month(), LAST)


@pytest.mark.libreoffice
def test_it_prints_on_one_page():
    """A4 landscape, with everything that is asked on it."""
    bad = {
        ("店长评分", LAST, name): Decimal(0) for name in ("报表上交及时性", "报表数据真实性", "报表整体质量")
    }
    pdf = as_pdf(plan_workbook(month(cells=bad), LAST))
    assert page_count(pdf) == 1
    text = "".join(text_of(pdf).split())
    for cell in (*personal.HEAD, *personal.PLAN_COLUMNS, *personal.SIGNATURE, *personal.REVIEW):
        assert cell.name in text
    assert "".join(personal.PLAN_HELP.split()) in text
    assert "2026年12月10日（星期四）前交店长" in text
