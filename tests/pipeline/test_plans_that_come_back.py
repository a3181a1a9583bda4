"""整改方案 of an issued month, dropped as people fill it: told by its content, held against the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.status import status_of
from appraisal.intake.hr_acts import Act
from appraisal.ledger.records import Plan, PlanState
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms import personal
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import META
from tests.builders.other_forms import filled_plan, plan_table, plan_value
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workbooks import label_cell, opened, saved
from tests.builders.workspaces import Place, scores, verified, workbook
from tests.hr.hr_shop import table

ISSUED, IN_TIME, TOO_LATE = date(2026, 12, 8), date(2026, 12, 14), date(2026, 12, 18)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """November issued on the 8th: KF006 is last and owes a plan by the 15th."""
    shop = Place(tmp_path)
    shop.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    shop.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", ISSUED, "李经理", "定稿"))
    return shop


def blank(place: Place) -> bytes:
    """The plan that lies in the outbox for KF006, empty or filled."""
    (content,) = (
        content
        for name, content in place.files("旗舰店/2026-11").items()
        if name.startswith("整改方案/KF006") and "_整改方案" in name
    )
    return content


def answered(place: Place, foot: dict[str, object] | None = None, **gaps: object) -> bytes:
    """KF006's plan filled in, promising each target; `gaps` replaces cells of the first row by column."""
    empty = blank(place)
    book = opened(empty)
    columns, indicators = plan_table(book)
    goal_of = {
        name: book[personal.PLAN_SHEET].cell(row, columns[personal.GOAL]).value
        for name, row in indicators.items()
    }
    rows: dict[str, dict[str, object]] = {name: {personal.NEXT_GOAL: goal} for name, goal in goal_of.items()}
    rows[next(iter(rows))] |= gaps
    return filled_plan({personal.SIGNED_BY: staff_name(6)} | (foot or {}), rows=rows, data=empty)


def on_record(place: Place) -> Plan:
    with place.ledger() as ledger, ledger.reading() as books:
        found = books.plans.get("旗舰店", NOVEMBER, "KF006")
    assert found is not None
    return found


def take(place: Place, content: bytes, name: str = "我写好的.xlsx", on: date = IN_TIME) -> FileReport:
    return place.take(content, name, on)


@pytest.mark.parametrize(("folder", "status"), [("人事", Status.ACCEPTED), ("专卖店", Status.RETURNED)])
def test_hr_may_hand_a_plan_in_and_another_groups_manager_may_not(
    place: Place, folder: str, status: Status
) -> None:
    """Who sends the form to HR by mail is not sent away."""
    assert take(place, answered(place), f"{folder}/方案.xlsx").status is status


def test_an_empty_reason_sends_the_plan_back_naming_the_cell(place: Place) -> None:
    """The person sees the cell marked; the plan is still owed."""
    report = take(place, answered(place, **{personal.CAUSE: None}))

    assert (report.status, report.group, report.period) == (Status.RETURNED, "旗舰店", NOVEMBER)
    book = opened(blank(place))
    columns, rows = plan_table(book)
    cell = book[personal.PLAN_SHEET].cell(next(iter(rows.values())), columns[personal.CAUSE]).coordinate
    assert [(one.sheet, one.cell) for one in report.findings if one.is_error] == [(personal.PLAN_SHEET, cell)]
    assert {"我写好的_退回.xlsx", "我写好的_退回.html"} <= set(place.files("旗舰店/退回"))
    assert on_record(place).state is PlanState.RETURNED


def test_a_plan_that_came_back_is_filed_without_the_marks_of_that(place: Place) -> None:
    """The person fills the gap in the returned copy; whoever opens the filed one sees a plan and no list of faults."""
    place.hr = True
    empty = blank(place)
    take(place, answered(place, **{personal.CAUSE: None}))
    book = opened(place.files("旗舰店/退回")["我写好的_退回.xlsx"])
    assert book.sheetnames[0] == "退回说明"
    columns, rows = plan_table(book)
    gap = book[personal.PLAN_SHEET].cell(next(iter(rows.values())), columns[personal.CAUSE])
    gap.value = "不熟悉新活动"
    assert take(place, saved(book), "我写好的_退回.xlsx").status is Status.ACCEPTED

    filed = folder(place)["整改方案_已提交"]
    book = opened(filed)
    form = opened(empty)
    assert book.sheetnames == form.sheetnames
    cell = book[personal.PLAN_SHEET][gap.coordinate]
    assert (cell.value, cell.comment) == ("不熟悉新活动", None)
    assert cell.fill.fill_type == form[personal.PLAN_SHEET][gap.coordinate].fill.fill_type
    correct(place, scores([2, 1, 3, 4, 5, 6]))
    assert folder(place)["整改方案_已提交"] == filed


def test_a_complete_plan_is_submitted_and_hrs_tracker_says_so(place: Place) -> None:
    """With its promises; the same file again changes nothing."""
    place.hr = True
    content = answered(place)
    report = take(place, content)

    assert report.status is Status.ACCEPTED, report.findings
    kept = on_record(place)
    assert (kept.state, kept.submitted_on) == (PlanState.SUBMITTED, IN_TIME)
    assert kept.goals
    assert take(place, content, "再放一次.xlsx").status is Status.UNCHANGED
    (line,) = (one for one in tracker(place) if one["工号"] == "KF006")
    assert line["状态"] == "待审核"


def tracker(place: Place) -> list[dict[str, object]]:
    return table(place.files("人事/2026-11")["整改跟踪.xlsx"])


def test_the_managers_consent_accepts_the_plan(place: Place) -> None:
    """The day of the first submission stays."""
    take(place, answered(place))
    report = take(place, answered(place, {personal.REVIEWED: personal.AGREED}), on=date(2026, 12, 16))

    assert report.status is Status.ACCEPTED, report.findings
    kept = on_record(place)
    assert (kept.state, kept.submitted_on, kept.judged_on) == (
        PlanState.ACCEPTED,
        IN_TIME,
        date(2026, 12, 16),
    )


def test_a_plan_without_its_hidden_sheet_is_still_a_plan(place: Place) -> None:
    """Somebody saved it in a program that drops hidden sheets."""
    book = opened(answered(place))
    del book[META]
    report = take(place, saved(book))

    assert report.status is Status.ACCEPTED, report.findings
    assert on_record(place).state is PlanState.SUBMITTED


def test_a_plan_that_comes_late_is_taken_with_a_warning(place: Place) -> None:
    """The receipt says by how many days."""
    report = take(place, answered(place), on=TOO_LATE)

    assert report.status is Status.ACCEPTED
    assert [one.code for one in report.findings] == ["plan.late"]


def test_a_plan_of_a_withdrawn_month_comes_back(place: Place) -> None:
    """Nobody owes it any more."""
    content = answered(place)
    place.act(Act(ActKind.WITHDRAW, NOVEMBER, "旗舰店", date(2026, 12, 9), "李经理", "数据有误"))

    report = take(place, content)

    assert report.status is Status.RETURNED
    assert [one.code for one in report.findings if one.is_error] == ["plan.withdrawn"]


# ------------------------------------------------------------------- the month's folder and who waits


def folder(place: Place, staff: str = "KF006") -> dict[str, bytes]:
    """What lies in the month's folder of the person's plan and talk, by what follows the name."""
    start = f"整改方案/{staff}_{staff_name(int(staff[2:]))}_"
    files = place.files("旗舰店/2026-11")
    return {
        name.removeprefix(start).removesuffix(".xlsx"): content
        for name, content in files.items()
        if name.startswith(start)
    }


def status(place: Place, on: date) -> str:
    with place.ledger() as ledger, ledger.reading() as books:
        facts = PeriodFacts(books, NOVEMBER, on, None, place.setup.settings)
        return "\n".join(status_of(facts).in_words())


def test_a_plan_lies_filled_in_the_months_folder_until_and_after_the_manager_judges_it(place: Place) -> None:
    """The empty form makes room; whoever looks into the folder sees how far the plan has come."""
    assert set(folder(place)) == {"整改方案", "面谈记录"}
    handed_in = answered(place)
    report = take(place, handed_in)
    assert folder(place) == {"整改方案_已提交": handed_in, "面谈记录": folder(place)["面谈记录"]}
    assert report.outputs == (f"outbox/旗舰店/2026-11/整改方案/KF006_{staff_name(6)}_整改方案_已提交.xlsx",)
    waiting = "前交  待审核（12月14日提交，已等4天），请店长审核"
    assert waiting in status(place, date(2026, 12, 18))
    assert "待审核1份" in status(place, date(2026, 12, 18))

    book = opened(handed_in)
    plan_value(book, personal.REVIEWED).value = personal.AGREED
    judged = saved(book)
    take(place, judged, on=date(2026, 12, 18))
    assert folder(place)["整改方案_已审核"] == judged
    assert "整改方案_已提交" not in folder(place)
    assert "待审核" not in status(place, date(2026, 12, 18))


def test_what_the_manager_wrote_into_the_paper_where_it_lies_is_not_left_beside_the_judged_one(
    place: Place,
) -> None:
    """He opens the one in the folder, agrees, saves, and drops a copy."""
    take(place, answered(place))
    path = next((place.root / "outbox/旗舰店/2026-11/整改方案").glob("*_整改方案_已提交.xlsx"))
    book = opened(path.read_bytes())
    plan_value(book, personal.REVIEWED).value = personal.AGREED
    path.write_bytes(saved(book))
    take(place, path.read_bytes(), path.name)
    assert set(folder(place)) == {"整改方案_已审核", "面谈记录"}


def test_a_plan_that_the_manager_returns_late_says_returned_and_for_how_long(place: Place) -> None:
    """It lies in 退回 to be completed, and in the month's folder an empty form as at first."""
    place.hr = True
    form = folder(place)["整改方案"]
    take(place, answered(place))
    wanted = answered(place, {personal.REVIEWED: personal.MORE_WANTED, personal.REVIEW_OPINION: "写明频次"})
    assert take(place, wanted, on=date(2026, 12, 16)).status is Status.RETURNED
    assert set(folder(place)) == {"整改方案", "面谈记录"}
    assert folder(place)["整改方案"] == form
    assert "前交  退回补充，逾期3天" in status(place, date(2026, 12, 18))
    (line,) = (one for one in tracker(place) if one["工号"] == "KF006")
    assert line["状态"] == personal.MORE_WANTED


def test_a_faulty_copy_undoes_no_plan_that_was_taken(place: Place) -> None:
    """It goes back alone and says so, submitted or agreed to; the manager's name in the place of his word is a mistake."""
    take(place, answered(place))
    waits, filed = on_record(place), folder(place)
    slip = take(place, answered(place, {personal.REVIEWED: "李店长"}), "改.xlsx", TOO_LATE)
    assert (slip.status, codes(slip)) == (Status.RETURNED, {"cell.not_a_choice", "plan.stands"})
    assert (on_record(place), folder(place)) == (waits, filed)
    assert "待审核1份" in status(place, TOO_LATE)

    take(place, answered(place, {personal.REVIEWED: personal.AGREED}), on=date(2026, 12, 16))
    agreed, filed = on_record(place), folder(place)
    for name, copy in {
        "同意.xlsx": answered(place, **{personal.CAUSE: None}),
        "退回.xlsx": answered(place, {personal.REVIEWED: personal.MORE_WANTED}),
    }.items():
        assert take(place, copy, name, TOO_LATE).status is Status.RETURNED
    assert (on_record(place), folder(place)) == (agreed, filed)
    assert {"同意_退回.html", "退回_退回.html"} <= set(place.files("旗舰店/退回"))


def codes(report: FileReport) -> set[str]:
    return {one.code for one in report.findings}


def test_papers_that_came_stay_filed_when_the_month_is_made_again(place: Place) -> None:
    """A correction lays out new forms for those whose plans have not come, and files the others again."""
    place.hr = True
    handed_in = answered(place)
    take(place, handed_in)
    correct(place, scores([2, 1, 3, 4, 5, 6]))
    assert folder(place)["整改方案_已提交"] == handed_in
    assert set(folder(place, "KF005")) == {"整改方案", "面谈记录"}
    former = place.files("旗舰店/2026-11/历史版次/第1版/整改方案")
    assert f"KF006_{staff_name(6)}_整改方案_已提交.xlsx" in former


def test_a_correction_moves_no_deadline_of_people_who_owe_a_plan_before_and_after(place: Place) -> None:
    """KF006 stays among the last and keeps the day; KF004 is new there and has a week; KF005 is released."""
    place.hr = True
    correct(place, scores([1, 2, 3, 5, 4, 6]))
    with place.ledger() as ledger, ledger.reading() as books:
        dues = {one.staff: (one.due, one.due_moved_by) for one in books.plans.of_month("旗舰店", NOVEMBER)}
    assert dues == {"KF006": (date(2026, 12, 15), None), "KF004": (date(2026, 12, 28), None)}
    assert [one.is_same for one in verified(place)] == [True, True]


def correct(place: Place, cells: dict[tuple[str, str, str], object]) -> None:
    """HR agrees on the 21st to a correction of the month."""
    labels = {"报送性质": "更正报送", "更正原因": "两人数据填反"}
    day = date(2026, 12, 21)
    report = place.take(workbook(cells=cells, labels=labels), "更正.xlsx", day)
    assert report.status is Status.WAITING, report.findings
    place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, "旗舰店", day, "李经理", "核实"))


def test_the_record_of_a_talk_is_told_by_its_content_filed_and_tracked(place: Place) -> None:
    """Whatever its name; one without the day goes back."""
    place.hr = True
    assert "面谈记录：应收2份，未收到2份。" in status(place, IN_TIME)
    empty = take(place, talk(place, {personal.HELD_ON: None}))
    assert (empty.status, [one.code for one in empty.findings]) == (Status.RETURNED, ["cell.missing"])
    filled = talk(place)
    report = take(place, filled, "随便起的名字.xlsx")
    assert (report.status, report.note) == (Status.ACCEPTED, "面谈记录已收下。")
    assert set(folder(place)) == {"整改方案", "面谈记录_已提交"}
    assert folder(place)["面谈记录_已提交"] == filled
    (line,) = (one for one in tracker(place) if one["工号"] == "KF006")
    assert line["面谈日期"].date() == date(2026, 12, 10)
    told = status(place, IN_TIME)
    assert "面谈记录：应收2份，未收到1份。" in told
    assert told.index("（KF005）") < told.index("2026-11 面谈记录  未收到") < told.index("（KF006）")
    assert take(place, filled, "再放一次.xlsx").status is Status.UNCHANGED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({personal.HELD_ON: date(2027, 12, 10)}, "talk.day"),
        ({personal.SIGNED_BY: "别人"}, "talk.signed_by_other"),
        ({personal.AGREED_ACTIONS: None}, "cell.missing"),
        ({"姓名": "别人"}, "cell.changed"),
    ],
)
def test_a_talk_that_says_what_cannot_be_goes_back(
    place: Place, change: dict[str, object], code: str
) -> None:
    report = take(place, talk(place, change))
    assert (report.status, [one.code for one in report.findings]) == (Status.RETURNED, [code])
    assert "面谈记录" in folder(place)


def test_who_will_not_sign_is_noted_and_a_form_without_its_hidden_sheet_is_known(place: Place) -> None:
    book = opened(talk(place, {personal.SIGNED_BY: "拒签（见证人：王芳）"}))
    del book[META]
    assert take(place, saved(book)).status is Status.ACCEPTED


def talk(place: Place, changes: Mapping[str, object] = {}) -> bytes:
    """KF006's record, filled in."""
    book = opened(folder(place)["面谈记录"])
    said: dict[str, object] = {
        personal.HELD_ON: date(2026, 12, 10),
        personal.AGREED_ACTIONS: "每天16点清一次未回复，店长每周五看一次",
        personal.SIGNED_BY: staff_name(6),
        personal.INTERVIEWER_SIGNED: "王店长",
    }
    for label, value in (said | dict(changes)).items():
        label_cell(book[personal.INTERVIEW_SHEET], label).offset(column=1).value = value
    return saved(book)
