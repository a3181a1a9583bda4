"""整改方案 of an issued month, dropped as people fill it: told by its content, held against the ledger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from appraisal.ledger.records import Act, Plan, PlanState
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms import plan
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import META
from tests.builders.other_forms import filled_plan, plan_table
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workbooks import opened, saved
from tests.builders.workspaces import Place, scores, workbook
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
    """The plan that lies in the outbox for KF006."""
    (content,) = (
        content
        for name, content in place.files("旗舰店/2026-11").items()
        if name.startswith("整改方案/KF006") and name.endswith("_整改方案.xlsx")
    )
    return content


def answered(place: Place, foot: dict[str, object] | None = None, **gaps: object) -> bytes:
    """KF006's plan filled in, promising each target; `gaps` replaces cells of the first row by column."""
    empty = blank(place)
    book = opened(empty)
    columns, indicators = plan_table(book)
    goal_of = {
        name: book[plan.PLAN_SHEET].cell(row, columns[plan.GOAL]).value for name, row in indicators.items()
    }
    rows: dict[str, dict[str, object]] = {name: {plan.NEXT_GOAL: goal} for name, goal in goal_of.items()}
    rows[next(iter(rows))] |= gaps
    return filled_plan({plan.SIGNED_BY: staff_name(6)} | (foot or {}), rows=rows, data=empty)


def on_record(place: Place) -> Plan:
    with place.ledger() as ledger, ledger.reading() as books:
        found = books.plans.get("旗舰店", NOVEMBER, "KF006")
    assert found is not None
    return found


def take(place: Place, content: bytes, name: str = "我写好的.xlsx", on: date = IN_TIME) -> FileReport:
    return place.take(content, name, on)


def test_an_empty_reason_sends_the_plan_back_naming_the_cell(place: Place) -> None:
    """The person sees the cell marked; the plan is still owed."""
    report = take(place, answered(place, **{plan.CAUSE: None}))

    assert (report.status, report.group, report.period) == (Status.RETURNED, "旗舰店", NOVEMBER)
    book = opened(blank(place))
    columns, rows = plan_table(book)
    cell = book[plan.PLAN_SHEET].cell(next(iter(rows.values())), columns[plan.CAUSE]).coordinate
    assert [(one.sheet, one.cell) for one in report.findings if one.is_error] == [(plan.PLAN_SHEET, cell)]
    assert {"我写好的_退回.xlsx", "我写好的_退回.html"} <= set(place.files("旗舰店/退回"))
    assert on_record(place).state is PlanState.RETURNED


def test_a_complete_plan_is_submitted_and_hrs_tracker_says_so(place: Place) -> None:
    """With its promises; the same file again changes nothing."""
    content = answered(place)
    report = take(place, content)

    assert report.status is Status.ACCEPTED, report.findings
    kept = on_record(place)
    assert (kept.state, kept.submitted_on) == (PlanState.SUBMITTED, IN_TIME)
    assert kept.goals
    assert take(place, content, "再放一次.xlsx").status is Status.UNCHANGED
    (line,) = (one for one in tracker(place) if one["工号"] == "KF006")
    assert line["状态"] == "已提交"


def tracker(place: Place) -> list[dict[str, object]]:
    return table(place.files("人事/2026-11")["整改跟踪.xlsx"])


def test_the_managers_consent_accepts_the_plan(place: Place) -> None:
    """The day of the first submission stays."""
    take(place, answered(place))
    report = take(place, answered(place, {plan.REVIEWED: plan.AGREED}), on=date(2026, 12, 16))

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
