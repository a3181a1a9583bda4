"""A scheme whose rows are teams: every paper speaks of 班组编号 and 班组名称, and counts 个班组."""

from __future__ import annotations

from openpyxl import Workbook

from appraisal.publish.forms.personal import interview_form, plan_workbook
from appraisal.publish.notice.notice import notice
from appraisal.publish.slips import slips
from appraisal.scheme.forms.submission import PARTICIPATION, STAFF_ID, STAFF_NAME, submission_form
from tests.builders.samples import sample_workbook, shipped, shipped_rules
from tests.builders.submissions import read_file
from tests.builders.workbooks import first_row, header_cells, opened, saved
from tests.builders.workbooks import opened as opened_result
from tests.pipeline.test_every_scheme import BLANKS, scored, workbook
from tests.publish.documents import html_lines, word_lines
from tests.publish.documents import shipped as shipped_templates

TEAMS, SHEET = "service-department", "考核数据"
FORM = submission_form(shipped(TEAMS)).sheet(SHEET)
PERSONAL = ("工号", "姓名", "本人", "个人")


def texts(data: bytes) -> set[str]:
    return {
        str(cell.value)
        for sheet in opened_result(data)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "s"
    }


def told(book: Workbook) -> list[str]:
    """What is wrong with the sample after a person has changed it."""
    reading = read_file(saved(book), "x.xlsx", "a" * 64, shipped_rules(), None)
    return [one.message for one in reading.findings]


def test_the_blank_asks_for_teams() -> None:
    """No days of work, no one on probation."""
    said = texts((BLANKS / f"{TEAMS}.xlsx").read_bytes())
    assert {"班组编号", "班组名称", PARTICIPATION} <= said
    assert not {"工号", "姓名", "应出勤天数（天）"} & said
    assert FORM.column(PARTICIPATION).choices == ("参评", "当月新设", "当月调整", "已撤销")


def test_headers_as_for_people_are_read_all_the_same() -> None:
    """Somebody types what they are used to."""
    book = opened(sample_workbook(TEAMS))
    cells = header_cells(book[SHEET], FORM)
    cells[STAFF_ID].value, cells[STAFF_NAME].value = "工号", "姓名"
    assert told(book) == []


def test_a_finding_names_the_column_as_it_is_printed() -> None:
    """A row without an id, and an id twice."""
    book = opened(sample_workbook(TEAMS))
    column, first = header_cells(book[SHEET], FORM)[STAFF_ID].column, first_row(book[SHEET], FORM)
    book[SHEET].cell(first, column).value = None
    book[SHEET].cell(first + 1, column).value = "KF003"
    messages = told(book)
    assert "这一行填了内容，但没有班组编号。" in messages
    assert any(one.startswith("班组编号“KF003”在本表出现了不止一次") for one in messages)


def test_notice_and_workbook_count_teams() -> None:
    """6个班组, in a table of 班组名称."""
    lines = word_lines(notice(scored(TEAMS), shipped_templates()).word)
    assert any("应参评6个班组，实际参评6个班组" in line for line in lines)
    assert {"班组名称", "未达标班组数", "客服二组"} <= set(lines)
    assert "姓名" not in lines
    assert {"班组编号", "班组名称"} <= texts(workbook(TEAMS))
    assert not {"工号", "姓名"} & texts(workbook(TEAMS))


def test_the_slip_is_the_teams() -> None:
    """Its head signs for it."""
    page = html_lines(slips(scored(TEAMS), shipped_templates()).pages["KF001"].decode())
    assert page[0] == "班组绩效考核结果通知单"
    assert not [line for line in page if any(word in line for word in PERSONAL)]
    assert any("班组负责人签名" in line for line in page)


def test_plan_and_interview_form_count_teams() -> None:
    """`第6名（参评6个班组）`."""
    month = scored(TEAMS)
    (last, *_) = month.result.ranked[::-1]
    for form in (plan_workbook(month, last.id), interview_form(month, last.id)):
        assert f"{last.final}分，第{last.rank}名（参评6个班组）" in texts(form)
