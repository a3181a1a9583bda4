"""People's own self-assessments and the manager's workbook: what fills what, and who is asked about what."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from appraisal.intake.self_assessment import merged, with_self_forms
from appraisal.intake.submission import CellValue, Reading, Submission
from appraisal.intake.submission_reader import read_submission
from appraisal.scheme.forms.submission import REVIEW_ABSENT, REVIEW_GIVEN, submission_form
from tests.builders.raw_edits import told
from tests.builders.schemes import month_of_finals, one_mark_scheme
from tests.builders.submissions import FILE, SHA256, online_shop, raw_workbook, rulebook, staff_id, submission

FORM = submission_form(online_shop())
SHEET = "自评"
STATUS = "自评情况"
MARKS = ("报表上交及时性", "报表数据真实性", "报表整体质量")
WORDS = "工作任务完成情况"


def filled_form(*marks: str, words: str | None = None, note: str | None = None) -> Mapping[str, CellValue]:
    """What one person said: 6, 8 and 5 points unless told otherwise."""
    given = zip(MARKS, map(Decimal, marks or ("6", "8", "5")), strict=True)
    return {WORDS: words, **dict(given), "自评说明": note}


def blank_rows(*people: str) -> dict[tuple[str, str, str], Any]:
    """Builder's cells that leave the people's rows of 自评 for them to fill."""
    names = (STATUS, WORDS, *MARKS)
    return {(SHEET, person, name): None for person in people for name in names}


def reading(**options: Any) -> Reading:
    """The manager's workbook of three people as the intake reads it."""
    raw = raw_workbook(staff=3, interviews=0, **options)
    return read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None)


def self_row(one: Submission | None, person: str) -> Mapping[str, CellValue]:
    assert one is not None
    return next(row.values for row in one.tables[SHEET].rows if row.values["工号"] == person)


def place(person: int, column: str) -> str:
    table = submission(staff=3).tables[SHEET]
    return f"{SHEET}!{table.cell(table.rows[person - 1], column)}"


# -------------------------------------------------------------------------------------- self-assessments fill


def test_a_self_form_fills_the_blank_row_of_its_person():
    """Status, marks and words; what others filled stays."""
    blank = submission(staff=3, cells=blank_rows("KF002"))
    whole, findings = merged(blank, {"KF002": filled_form(words="完成目标")}, FORM)
    assert findings == ()
    row = self_row(whole, "KF002")
    assert (row[STATUS], row[WORDS]) == (REVIEW_GIVEN, "完成目标")
    assert [row[mark] for mark in MARKS] == [6, 8, 5]
    assert self_row(whole, "KF001") == self_row(blank, "KF001")


def test_what_the_forms_answer_is_no_longer_missing():
    """A manager who leaves 自评 to her people hands in a workbook that is complete once theirs are in."""
    everyone = [staff_id(number) for number in (1, 2, 3)]
    before = reading(cells=blank_rows(*everyone))
    assert before.submission is None
    after = with_self_forms(before, {one: filled_form() for one in everyone}, rulebook=rulebook())
    assert after.findings == ()
    assert self_row(after.submission, "KF003")[STATUS] == REVIEW_GIVEN


def test_what_is_still_missing_is_still_told():
    """Two of three have handed in: the third's row is asked for, and nothing else."""
    before = reading(cells=blank_rows("KF001", "KF002", "KF003"))
    self_forms = {"KF001": filled_form(), "KF003": filled_form()}
    after = with_self_forms(before, self_forms, rulebook=rulebook())
    assert after.submission is None
    assert told(after.findings) == [("cell.missing", place(2, STATUS))]


def test_a_row_that_the_manager_left_out_is_added():
    """The person stands in 考核数据; their self-assessment brings the row along."""
    month = submission(staff=3)
    table = month.tables[SHEET]
    without = {**month.tables, SHEET: type(table)(table.sheet, table.columns, table.rows[:2])}
    month = type(month)(**{name: getattr(month, name) for name in month.__slots__} | {"tables": without})
    whole, findings = merged(month, {"KF003": filled_form()}, FORM)
    assert findings == ()
    assert self_row(whole, "KF003")[MARKS[0]] == 6
    numbers = [row.number for row in whole.tables[SHEET].rows]
    assert len(set(numbers)) == 3


def test_without_forms_nothing_changes():
    """Most groups never use them."""
    before = reading()
    assert with_self_forms(before, {}, rulebook=rulebook()) is before


def test_a_scheme_without_self_assessment_takes_none():
    """There is no sheet that they could fill."""
    month = month_of_finals("90", "80")
    assert merged(month, {"KF001": filled_form()}, submission_form(one_mark_scheme())) == (month, ())


# ------------------------------------------------------------------------------------- both have spoken


def test_both_the_same_is_no_matter():
    """The manager copied what the person then handed in as well."""
    before = reading(cells={(SHEET, "KF002", mark): Decimal(4) for mark in MARKS})
    after = with_self_forms(before, {"KF002": filled_form("4", "4", "4")}, rulebook=rulebook())
    assert after.findings == ()
    assert after.submission is not None


def test_marks_that_differ_go_back_with_both_shown():
    """Money may hang on half a point: nobody but the two of them can say which is meant."""
    before = reading(cells={(SHEET, "KF002", mark): Decimal(4) for mark in MARKS})
    after = with_self_forms(before, {"KF002": filled_form("4", "4.5", "4")}, rulebook=rulebook())
    assert after.submission is None
    assert told(after.findings) == [("self.marks_differ", place(2, MARKS[1]))]
    assert "4.5" in after.findings[0].message
    assert "这里填的是 4。" in after.findings[0].message


def test_a_persons_own_words_count():
    """What the manager copied is shown beside it, and the month goes on."""
    before = reading(cells={(SHEET, "KF002", WORDS): "完成目标"})
    typed = self_row(before.submission, "KF002")
    own = {name: typed[name] for name in MARKS} | {WORDS: "超额完成目标"}
    after = with_self_forms(before, {"KF002": own}, rulebook=rulebook())
    assert told(after.findings) == [("self.words_differ", place(2, WORDS))]
    assert not after.findings[0].is_error
    assert self_row(after.submission, "KF002")[WORDS] == "超额完成目标"


def test_who_handed_in_is_not_absent():
    """逾期未评 would take the manager's marks for a person who has given their own."""
    after = with_self_forms(reading(absent={"KF002"}), {"KF002": filled_form()}, rulebook=rulebook())
    assert after.submission is None
    assert told(after.findings) == [("self.not_absent", place(2, STATUS))]


def test_a_broken_cell_of_the_manager_is_told_once():
    """The form fills what it can; 优 still has to go, and no cell is called missing."""
    cells = blank_rows("KF002") | {(SHEET, "KF002", MARKS[0]): "优"}
    after = with_self_forms(reading(cells=cells), {"KF002": filled_form()}, rulebook=rulebook())
    assert told(after.findings) == [("cell.not_a_number", place(2, MARKS[0]))]


def test_a_form_of_somebody_else_is_told_and_not_taken():
    """Somebody of another group, or who is not listed."""
    after = with_self_forms(reading(), {"KF099": filled_form()}, rulebook=rulebook())
    assert [one.code for one in after.findings] == ["self.stranger"]
    assert after.submission is not None
    assert len(after.submission.tables[SHEET].rows) == 3


# ------------------------------------------------------------------------------------- forms are required


def test_where_forms_are_required_who_gave_none_is_absent():
    """A blank row becomes 逾期未评, and everybody can read it."""
    before = reading(cells=blank_rows("KF001", "KF002"))
    self_forms = {"KF001": filled_form()} | {"KF003": _typed(before, "KF003")}
    after = with_self_forms(before, self_forms, rulebook=rulebook(), required=True)
    assert told(after.findings) == [("self.absent", place(2, STATUS))]
    assert self_row(after.submission, "KF002")[STATUS] == REVIEW_ABSENT


def test_nothing_is_said_where_the_managers_sheet_says_so_too():
    """Both know that no form came."""
    before = reading(absent={"KF002"})
    self_forms = {one: _typed(before, one) for one in ("KF001", "KF003")}
    after = with_self_forms(before, self_forms, rulebook=rulebook(), required=True)
    assert after.findings == ()
    assert after.submission is not None


def test_where_forms_are_required_the_manager_cannot_speak_for_anybody():
    """Marks without the person's self-assessment go back."""
    after = with_self_forms(
        reading(), {one: _typed(reading(), one) for one in ("KF001", "KF003")},
        rulebook=rulebook(), required=True,
    )  # fmt: skip
    assert after.submission is None
    assert told(after.findings) == [("self.form_missing", place(2, STATUS))]


def test_who_is_not_appraised_owes_no_form():
    """Somebody on probation without data is asked for nothing."""
    before = reading(statuses={"KF002": "试用期"})
    self_forms = {one: _typed(before, one) for one in ("KF001", "KF003")}
    assert with_self_forms(before, self_forms, rulebook=rulebook(), required=True).findings == ()


@pytest.mark.parametrize("required", [True, False])
def test_putting_them_in_twice_changes_nothing(required):
    """A later revision of the month reads the same workbook with the same forms."""
    self_forms = {"KF001": filled_form(), "KF002": filled_form()}
    before = reading(cells=blank_rows("KF001", "KF002", "KF003"))
    once = with_self_forms(before, self_forms, rulebook=rulebook(), required=required)
    twice = with_self_forms(once, self_forms, rulebook=rulebook(), required=required)
    assert twice == once


def _typed(one: Reading, person: str) -> Mapping[str, CellValue]:
    """The person's self-assessment, saying what the manager's sheet says too."""
    row = self_row(one.draft, person)
    return {name: row[name] for name in (WORDS, *MARKS, "自评说明")}
