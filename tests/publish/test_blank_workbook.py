"""The blank workbook: what a store manager gets, made from the scheme alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.publish.blank.workbook import Known, blank_file_name
from appraisal.publish.excel import theme
from appraisal.scheme.forms.cells import Need, Role, SheetForm
from appraisal.scheme.forms.submission import (
    GROUP,
    HAND_IN_BY,
    INSTRUCTIONS,
    META,
    PERIOD,
    SPARE_ROWS,
    STAFF_ID,
    STAFF_NAME,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.workspace.settings import SelfFormPolicy, Settings
from tests.builders.schemes import one_value_scheme, scheme_of
from tests.builders.submissions import (
    FILE,
    NOVEMBER,
    SHA256,
    online_shop,
    read_file,
    rulebook,
    staff_id,
    submission,
)
from tests.builders.workbooks import (
    blank,
    filled_workbook,
    first_row,
    header_cells,
    label_cell,
    opened,
    said,
    saved,
)
from tests.libreoffice import poisoned, recalculated, recalculated_all

TEMPLATE = Path(__file__).parents[2] / "templates" / "workbooks" / "online-shop.xlsx"
FORM = submission_form(online_shop())
EMPTY = {"group": None, "period": None, "handin": None, "staff": []}
TABLES = [sheet for sheet in FORM.sheets if sheet.role is not Role.INTERVIEWS]

TWO_TABLES = """
scheme: two-tables
name: 一个名称写得很长的两张表的月度绩效考核
version: 1
effective_from: 2020-01-01
purpose: [试验]
scope: 试验组
tables:
  工作量:
    fields:
      - {name: 接待人数, type: count}
      - {name: 备用数, type: number, required: false}
      - {name: 好评数, type: count}
  质检:
    group_fields:
      - {name: 抽检总数, type: count}
      - {name: 抽检天数, type: number, required: false}
      - {name: 抽检费用, type: money, required: false}
      - {name: 备用, type: number, required: false}
    fields:
      - {name: 合格数, type: count}
sections:
  - name: 全部
    indicators:
      - {name: 好评率, points: 60, meaning: 好评, value: 好评数 / 接待人数, unit: percent, bands: [">=50%: 60", "else: 0"]}
      - {name: 合格率, points: 20, meaning: 合格, value: 合格数 / 抽检总数, unit: percent, bands: [">=50%: 20", "else: 0"]}
      - {name: 总评, points: 20, meaning: 总评, judged: {anchors: [按实际评分]}}
reviewers:
  - {name: 自评, weight: 20%, focus: 任务, if_absent: 主管}
  - {name: 主管, weight: 80%, focus: 全部}
"""


def empty_blank(**options) -> bytes:
    return blank(**(EMPTY | options))


def reading_of(data: bytes, *schemes):
    return read_file(data, file=FILE, sha256=SHA256, rulebook=rulebook(*schemes), roster=None)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def staff_rows(cells: Worksheet, sheet: SheetForm) -> list[int]:
    """The rows that people stand in, or may be typed into."""
    column = header_cells(cells, sheet)[STAFF_ID].column
    rows = range(first_row(cells, sheet), cells.max_row + 1)
    return [row for row in rows if cells.cell(row, column).border.left.style]


# ------------------------------------------------------------------------------------ made from the form


def test_a_filled_blank_reads_as_the_month_that_was_typed():
    """What publish writes, intake reads: not one cell is lost or taken for another."""
    expected = submission()
    reading = reading_of(filled_workbook())
    assert reading.findings == ()
    assert {
        name: table.rows for name, table in reading.submission.tables.items()
    }.keys() == expected.tables.keys()
    for name, table in expected.tables.items():
        assert [row.values for row in reading.submission.tables[name].rows] == [
            row.values for row in table.rows
        ]
    assert {**reading.submission.labels, HAND_IN_BY: None} == {**expected.labels, HAND_IN_BY: None}


@pytest.mark.parametrize(
    "scheme", [scheme_of(TWO_TABLES), one_value_scheme('bands: [">=50%: 100", "else: 0"]')]
)
def test_any_scheme_has_its_blank(scheme):
    """Several tables, group figures, reviewers who may not be absent: the form alone decides."""
    reading = reading_of(filled_workbook(scheme=scheme, labels={"抽检总数": 90}), scheme)
    assert reading.findings == ()
    assert set(reading.submission.tables) == {sheet.name for sheet in submission_form(scheme).sheets}


def test_a_narrow_table_hides_nothing_that_people_need():
    """Labels, title and count stand in sight, whatever the number of columns."""
    book = opened(blank(scheme=scheme_of(TWO_TABLES)))
    for sheet in submission_form(scheme_of(TWO_TABLES)).sheets:
        cells = book[sheet.name]
        hidden = {name for name, column in cells.column_dimensions.items() if column.hidden}
        assert hidden, "the helpers of the count"
        seen = [label_cell(cells, label.header) for label in sheet.labels]
        seen.append(label_cell(cells, "已填/应填"))
        places = [cell.offset(column=step).column_letter for cell in seen for step in (0, 1)]
        assert not hidden & set(places)
        count = seen[-1]
        room = sum(cells.column_dimensions[get_column_letter(at)].width for at in range(1, count.column))
        assert room >= theme.text_width(cells["A1"].value) * theme.TITLE_SIZE / theme.BODY_SIZE


def test_the_sheets_come_in_the_order_of_work():
    """How to fill it, the data, the marks, the interviews; what machines need is hidden."""
    book = opened(blank())
    assert book.sheetnames == [INSTRUCTIONS, "考核数据", "自评", "店长评分", "抽访记录", META]
    assert book.active.title == INSTRUCTIONS
    assert book[META].sheet_state == "veryHidden"


def test_the_hidden_sheet_says_whose_form_it_is():
    """A renamed or rearranged workbook is still recognised."""
    known = {row[0].value: row[1].value for row in opened(blank())[META].iter_rows()}
    assert known == {
        "scheme": "online-shop", "version": 1, "kind": "submission", "period": "2026-11", "group": "旗舰店",
    }  # fmt: skip
    known = {row[0].value: row[1].value for row in opened(empty_blank())[META].iter_rows()}
    assert known == {"scheme": "online-shop", "version": 1, "kind": "submission"}


def test_the_same_arguments_give_the_same_bytes():
    """Handing out twice hands out the same file."""
    assert blank() == blank()


def test_names_that_look_like_formulas_or_markup_stay_text():
    """A name is never calculated, and nothing of it is lost."""
    staff = [("007", "=1+1"), ("+8", "A&B <1>"), ("@x", "{{7*7}}")]
    cells = opened(blank(staff=staff, group="A&B <店>"))["考核数据"]
    header = header_cells(cells, FORM.main)
    first = first_row(cells, FORM.main)
    for row, person in enumerate(staff, first):
        typed = [cells.cell(row, header[name].column) for name in (STAFF_ID, STAFF_NAME)]
        assert tuple(cell.value for cell in typed) == person
        assert {cell.data_type for cell in typed} == {"s"}
    assert label_cell(cells, GROUP).offset(column=1).value == "A&B <店>"


def test_the_file_is_named_after_group_and_month():
    """The name alone tells whose it is; without a group it is the scheme's."""
    assert blank_file_name(online_shop(), "旗舰店", NOVEMBER) == "旗舰店_2026-11_考核上报表.xlsx"
    assert blank_file_name(online_shop(), "../旗舰店", NOVEMBER).count("/") == 0
    assert blank_file_name(online_shop(), None, None) == "online-shop.xlsx"


# -------------------------------------------------------------------------------------- what is unlocked


@pytest.mark.parametrize("sheet", FORM.sheets, ids=lambda sheet: sheet.name)
def test_only_cells_to_fill_are_unlocked(sheet):
    """A slip of the hand cannot damage a header, a name from the roster or a formula."""
    cells = opened(blank())[sheet.name]
    assert cells.protection.sheet
    assert not cells.protection.password
    columns = header_cells(cells, sheet)
    expected = set()
    for label in sheet.labels:
        if label.name not in {GROUP, PERIOD, HAND_IN_BY}:
            expected.add(label_cell(cells, label.header).offset(column=1).coordinate)
    for row in staff_rows(cells, sheet):
        prefilled = cells.cell(row, columns[STAFF_ID].column).value is not None
        for column in sheet.columns:
            if not (prefilled and column.name in {STAFF_ID, STAFF_NAME}):
                expected.add(cells.cell(row, columns[column.name].column).coordinate)
    merged = {
        cell.coordinate
        for bounds in cells.merged_cells.ranges
        for row in cells[bounds.coord]
        for cell in row
        if cell.coordinate != bounds.start_cell.coordinate
    }
    unlocked = {cell.coordinate for row in cells.iter_rows() for cell in row if not cell.protection.locked}
    assert unlocked - merged == expected


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.name)
def test_spare_rows_follow_the_roster(sheet):
    """Ten new people fit in; without a roster there are twenty rows."""
    assert len(staff_rows(opened(blank(people=3))[sheet.name], sheet)) == 3 + SPARE_ROWS
    assert len(staff_rows(opened(empty_blank())[sheet.name], sheet)) == 20


def test_without_group_and_month_the_manager_fills_them_in():
    """The blank that is handed out to everybody asks for both."""
    cells = opened(empty_blank(settings=Settings(handin_day=8)))["考核数据"]
    for name in (GROUP, PERIOD):
        cell = label_cell(cells, name).offset(column=1)
        assert (cell.value, cell.protection.locked, cell.number_format) == (None, False, "@")
    assert label_cell(cells, HAND_IN_BY).offset(column=1).value == "次月8日"


def test_people_may_widen_columns_but_not_sort_one_sheet():
    """Sorting one sheet and not the others gives people each other's marks."""
    protection = opened(blank())["自评"].protection
    assert (protection.formatColumns, protection.formatRows) == (False, False)  # False: not forbidden
    assert protection.sort
    assert protection.insertRows


# ---------------------------------------------------------------------------------------- what guides


@pytest.mark.parametrize("sheet", FORM.sheets, ids=lambda sheet: sheet.name)
def test_every_column_to_fill_says_what_belongs_there(sheet):
    """Drop-downs for choices, ranges for numbers, and Chinese words on every refusal, in every row."""
    cells = opened(blank())[sheet.name]
    columns = header_cells(cells, sheet)
    rules = {}
    for rule in cells.data_validations.dataValidation:
        first_column, first, last_column, last = range_boundaries(str(rule.sqref))
        assert first_column == last_column
        rules[first_column, first, last] = rule
    rows = staff_rows(cells, sheet)
    for column in sheet.columns:
        if not (column.type.is_number or column.choices or column.hint):
            continue
        rule = rules[columns[column.name].column, rows[0], rows[-1]]
        assert rule.prompt == (column.hint or None)
        if column.choices:
            assert (rule.type, rule.formula1) == ("list", f'"{",".join(column.choices)}"')
        elif column.type.is_number:
            assert rule.type == ("whole" if column.decimals == 0 else "decimal")
            assert Decimal(rule.formula1) == column.low
            assert (rule.formula2 is None) == (column.high is None)
        if rule.type != "none" and rule.type is not None:
            assert column.name in rule.error
            assert rule.errorTitle == "请核对这一格"


def test_the_anchors_stand_above_the_marks():
    """Notes on cells are not found and not printed: what 6 points mean is on the sheet."""
    for name in ("自评", "店长评分"):
        cells = opened(blank())[name]
        header = header_cells(cells, FORM.sheet(name))[STAFF_ID].row
        above = {said(cell) for row in cells.iter_rows(max_row=header - 1) for cell in row}
        assert "报表上交及时性（6分）" in above
        assert "6分起评，每迟交1个报表日减1分；有报表未交，或迟交4天及以上：0分" in above


def test_the_instructions_are_the_scheme_in_plain_words():
    """Dates, sheets, cautions and an example: everything on the page comes from rules and settings."""
    sheet = opened(blank(settings=Settings(appeals_to="人事部王经理")))[INSTRUCTIONS]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    assert "请最迟于2026年12月7日（星期一）填好" in text
    assert "次月5日起，从绩效软件导出本月数据" in text, "who exports on the 5th is in time on the 5th"
    early = opened(blank(settings=Settings(handin_day=3)))[INSTRUCTIONS]
    assert not any("次月5日起，从" in str(cell.value) for row in early.iter_rows() for cell in row)
    assert "平均响应时间：填秒数；软件里是分钟的请乘以60。" in text
    assert "86,400" in text
    assert "自评30%（工作任务完成情况）、店长70%" in text
    assert "人事部王经理" in text
    assert "标记会自动清除" in text
    assert not re.search("罚款|处罚|末位淘汰", text)


def test_where_people_hand_in_forms_of_their_own_the_manager_fills_none_in_for_them():
    """The page and the sheet say so, and the count is full without: what is typed there would come back."""
    data = blank(people=4, settings=Settings(self_forms=SelfFormPolicy.REQUIRED))
    book = opened(data)
    said_there = "不用填：本人交的自评表自动并入；截止后没有交的，选“逾期未评”，分数留空"
    assert book["自评"]["A2"].value == said_there
    steps = [cell.value for row in book[INSTRUCTIONS].iter_rows() for cell in row]
    assert f"③ “自评”{said_there}。" in steps
    assert counts(data)["自评"] == (8, 8), "ids and names"


@pytest.mark.parametrize("name", ["考核数据", "自评", "店长评分"])
def test_the_people_and_three_rows_more_are_printed(name):
    """The other empty rows are for the screen."""
    sheet = opened(blank(people=12))[name]
    first = header_cells(sheet, FORM.sheet(name))[STAFF_ID].row
    last = int(sheet.print_area.rpartition("$")[2])
    ids = [sheet.cell(row, 1).value for row in range(first, last + 1)]
    assert [one for one in ids if one][-1] == staff_id(12)
    assert ids[-4:] == [staff_id(12), None, None, None]


@pytest.mark.parametrize("name", ["考核数据", "自评", "店长评分", "抽访记录"])
def test_each_sheet_prints_on_a4_with_its_headers_on_every_page(name):
    """Landscape, page numbers below."""
    sheet = opened(blank(people=60))[name]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    first, last = (int(row) for row in re.findall(r"\d+", sheet.print_title_rows))
    assert first <= header_cells(sheet, FORM.sheet(name))[STAFF_ID].row <= last
    assert "&P" in sheet.oddFooter.center.text


@pytest.mark.parametrize("name", ["自评", "店长评分", "抽访记录"])
def test_a_sheet_prints_as_wide_as_the_page(name):
    """One page across, however long."""
    sheet = opened(blank(people=60))[name]
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_sheet_too_wide_to_be_read_on_one_page_takes_two():
    """考核数据 breaks between two bands, right of the labelled cells; names stand on both pages."""
    sheet = opened(blank())["考核数据"]
    [only] = sheet.col_breaks.brk
    bands = [cell.band for cell in FORM.main.columns]
    assert bands[only.id - 1] != bands[only.id]
    assert only.id >= label_cell(sheet, HAND_IN_BY).column + 1
    assert sheet.print_title_cols == "$A:$B"
    assert sheet.page_setup.scale >= 56


@pytest.mark.parametrize("sheet", TABLES, ids=lambda sheet: sheet.name)
def test_headers_stay_in_sight(sheet):
    """Panes are frozen below the headers and behind the names."""
    cells = opened(blank())[sheet.name]
    header = header_cells(cells, sheet)[STAFF_ID]
    assert cells.freeze_panes == cells.cell(header.row + 1, 3).coordinate


# ------------------------------------------------------------------------------------ nothing gets lost


def test_openpyxl_loses_nothing_of_it():
    """A returned workbook goes through openpyxl: only the values of formulas are dropped."""
    data = blank()
    again = saved(opened(data))
    before, after = parts(data), parts(again)
    for name in before:
        if name.startswith("xl/worksheets/sheet"):
            elements, kept = (elements_of(part[name]) for part in (before, after))
            assert not elements - kept, name
    assert cells_of(again) == cells_of(data)
    assert not [name for name in before if re.search("drawing|comment|vml|media", name)]


def elements_of(part: bytes) -> Counter[str]:
    """How often each element occurs, values aside: openpyxl writes texts into the cells."""
    found = Counter(re.findall(r"<([a-zA-Z]+)[ />]", part.decode()))
    return Counter({name: count for name, count in found.items() if name not in {"c", "v", "f"}})


def cells_of(data: bytes) -> dict[tuple[str, str], tuple]:
    """Every cell's content and looks; of merged cells only the one that shows."""
    return {
        (sheet.title, cell.coordinate): (
            (
                cell.value,
                cell.number_format,
                cell.protection.locked,
                cell.border.left.style,
                cell.fill.fgColor.rgb,
            ),
            (cell.font.name, cell.font.size, cell.font.bold, cell.font.color.rgb),
            (cell.alignment.horizontal, cell.alignment.vertical, bool(cell.alignment.wrap_text)),
        )
        for sheet in opened(data)
        for row in sheet.iter_rows()
        for cell in row
        if not isinstance(cell, MergedCell)
    }


@pytest.mark.libreoffice
def test_libreoffice_saves_it_without_loss():
    """A manager who works in LibreOffice hands in the same form."""
    reading = reading_of(recalculated(filled_workbook()))
    assert reading.findings == ()
    for name, table in submission().tables.items():
        assert [row.values for row in reading.submission.tables[name].rows] == [
            row.values for row in table.rows
        ]


# --------------------------------------------------------------------------------------- 已填/应填


def counts(data: bytes) -> dict[str, tuple[int, int]]:
    """已填 and 应填 of every sheet as the workbook shows them, there and on the instructions."""
    book = opened(data, data_only=True)
    shown = {}
    for sheet in book:
        for cell in sheet[1]:
            if cell.value == "已填/应填":
                filled, needed = cell.offset(column=1).value.split("/")
                shown[sheet.title] = (int(filled), int(needed))
    instructions = [str(cell.value) for row in book[INSTRUCTIONS].iter_rows() for cell in row]
    assert {f"{filled}/{needed}" for filled, needed in shown.values()} <= set(instructions)
    return shown


def missing(data: bytes, scheme: Scheme) -> dict[str, int]:
    """How many cells the intake misses on every sheet; an empty row is one finding for all its figures."""
    reading = reading_of(data, scheme)
    assert {one.code for one in reading.findings} <= {"cell.missing", "row.empty"}
    found: Counter[str] = Counter()
    for one in reading.findings:
        columns = submission_form(scheme).sheet(one.sheet).columns
        figures = [cell for cell in columns if cell.need in {Need.WITH_DATA, Need.IF_REVIEWED}]
        found[one.sheet] += len(figures) if one.code == "row.empty" else 1
    return dict(found)


def test_the_blank_says_how_much_there_is_to_fill():
    """The values stored with the formulas are right before any program has calculated them."""
    assert {name: needed - filled for name, (filled, needed) in counts(blank()).items()} == missing(
        blank(), online_shop()
    )
    assert counts(empty_blank()) == {"考核数据": (0, 5), "自评": (0, 0), "店长评分": (0, 0)}


LEFT = {"参评情况": "已离职", "情况说明": "花名册：2026-11-09 离职"}
KNOWN = Known({"KF002": LEFT, "KF003": {**LEFT, "接待人数": Decimal(12)}})
"""Two have left; of one of them an export has figures."""


TARGETS = Known({f"KF00{n}": {"个人月目标": Decimal(90000)} for n in (1, 2)}).with_cells({"KF002": LEFT})
"""The targets of the month before, also of one who has left since."""


@pytest.mark.parametrize("known", [KNOWN, TARGETS, Known({"KF002": {"参评情况": "已离职"}})])
def test_who_has_left_needs_less_filled(known):
    """Nothing of somebody without data but why; all of somebody with data."""
    data = blank(people=4, known=known)
    assert {name: needed - filled for name, (filled, needed) in counts(data).items()} == missing(
        data, online_shop()
    )


@pytest.mark.libreoffice
def test_the_live_count_misses_exactly_what_the_intake_misses():
    """Calculated by LibreOffice, 应填 less 已填 is the number of cells for which it would be returned."""
    two_tables = scheme_of(TWO_TABLES)
    everything = {
        "statuses": {"KF004": "试用期", "KF005": "已离职"},
        "keep_data": {"KF005"},
        "absent": {"KF003"},
    }
    gaps = {
        ("考核数据", "KF001", "付款人数"): None,
        ("考核数据", "KF002", "订单总金额"): None,
        ("考核数据", "KF004", "情况说明"): None,
        ("考核数据", "KF005", "接待人数"): None,
        ("自评", "KF006", "报表整体质量"): None,
        ("店长评分", "KF005", "报表整体质量"): None,
    }
    files = {
        "blank": blank(),
        "complete": filled_workbook(),
        "exceptions": filled_workbook(**everything),
        "known": blank(known=KNOWN),
        "a target alone": filled_workbook(
            statuses={"KF004": "试用期"}, cells={("考核数据", "KF004", "个人月目标"): 90000}
        ),
        "gaps": filled_workbook(**everything, cells=gaps, labels={"店长": None, "店铺客单价": None}),
    }
    schemes = dict.fromkeys(files, online_shop()) | {"two": two_tables, "two gaps": two_tables}
    files["two"] = filled_workbook(scheme=two_tables, labels={"抽检总数": 90})
    files["two gaps"] = filled_workbook(
        scheme=two_tables,
        statuses={"KF002": "试用期", "KF003": "试用期"},
        keep_data={"KF003"},
        cells={
            ("质检", "KF001", "合格数"): None,
            ("工作量", "KF003", "好评数"): None,
            ("工作量", "KF004", "备用数"): None,
        },
    )
    results = recalculated_all([poisoned(data) for data in files.values()])
    calculated = dict(zip(files, results, strict=True))
    for name, data in calculated.items():
        shown = {sheet: needed - filled for sheet, (filled, needed) in counts(data).items()}
        assert {sheet: open_cells for sheet, open_cells in shown.items() if open_cells} == missing(
            files[name], schemes[name]
        ), name
    for name in ("blank", "known"):
        assert counts(calculated[name]) == counts(files[name])
    assert counts(calculated["complete"])["店长评分"] == (60, 60)


# -------------------------------------------------------------------------------- the one in the folder


def test_the_workbook_in_the_templates_is_this_output():
    """Hand it out as it is. After a change of rules/online_shop.yaml write it anew:

    python pipeline.py template online-shop --out templates/workbooks
    """
    assert parts(TEMPLATE.read_bytes()) == parts(empty_blank())
