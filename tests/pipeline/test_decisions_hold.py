"""A decision holds until the ledger takes it, and HR decides only about what stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.period import Period
from appraisal.pipeline.context import open_context
from appraisal.pipeline.hr_acts import perform
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.other_forms import ISSUE, filled_acts
from tests.builders.workspaces import Place, scores, workbook

SEPTEMBER, OCTOBER, NOVEMBER = Period(2026, 9), Period(2026, 10), Period(2026, 11)
GROUP = "旗舰店"
DECEMBER_8, DECEMBER_10 = date(2026, 12, 8), date(2026, 12, 10)
IN_ORDER = [1, 2, 3, 4, 5, 6]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def act(kind: ActKind, on: date = DECEMBER_8, period: Period = NOVEMBER, **more: object) -> Act:
    return Act(kind, period, GROUP, on, "李经理", "按制度", **more)  # type: ignore[arg-type]


def decision(staff: str, outcome: OutcomeType, decided: OutcomeDecision, on: date = DECEMBER_10) -> Act:
    return act(ActKind.DECIDE, on, staff=staff, outcome=outcome, decision=decided)


def net_money(place: Place, period: Period = NOVEMBER) -> dict[tuple[str, str], Decimal]:
    with place.ledger() as ledger, ledger.reading() as books:
        lines = books.outcomes.lines_of_month(GROUP, period)
    net: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        key = (line.key.staff, line.key.type.value)
        net[key] = net.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in net.items() if amount}


# ------------------------------------------------------------------- months that move on in one pass


def test_a_late_month_and_a_changed_later_one_in_one_pass(place: Place) -> None:
    """October as dropped is its second revision, made with the September that came with it; nothing is lost."""
    place.take(workbook(period=OCTOBER, cells=scores(IN_ORDER)), today=date(2026, 11, 6))
    before = place.files(f"{GROUP}/2026-10")
    place.drop("2026-09.xlsx", workbook(period=SEPTEMBER, cells=scores([2, 1, 3, 4, 5, 6])))
    place.drop("2026-10.xlsx", workbook(period=OCTOBER, cells=scores([1, 2, 3, 4, 6, 5])))

    report = place.run(date(2026, 11, 7))

    assert {(str(one.period), one.status, one.revision) for one in report.files} == {
        ("2026-09", Status.ACCEPTED, 1),
        ("2026-10", Status.ACCEPTED, 2),
    }
    result = place.result(period=OCTOBER)
    assert (result["revision"], [one["staff"] for one in result["outcomes"] if one["type"] == "deduct"]) == (
        2,
        ["KF005"],
    )
    papers = place.files(f"{GROUP}/2026-10")
    former = {name.split("/")[-1] for name in papers if name.startswith("历史版次/")}
    assert len(former) == len(before), "every paper of the first revision is kept"
    assert list(place.workspace.inbox.rglob("*.xlsx")) == []
    with place.ledger() as ledger, ledger.reading() as books:
        assert {one.number for one in books.months.revisions(GROUP, OCTOBER)} == {1, 2}
        assert books.pending_recalculations.all() == ()


def test_a_month_between_follows_after_all_that_were_dropped(place: Place) -> None:
    """September comes late, November is dropped anew: October is made anew once, November says what it should."""
    for period in (OCTOBER, NOVEMBER):
        place.take(workbook(period=period, cells=scores(IN_ORDER)), today=DECEMBER_8)
    place.drop("2026-09.xlsx", workbook(period=SEPTEMBER, cells=scores([2, 1, 3, 4, 5, 6])))
    place.drop("2026-11.xlsx", workbook(period=NOVEMBER, cells=scores([1, 2, 3, 4, 6, 5])))

    report = place.run(DECEMBER_8)

    (september,) = [one for one in report.files if one.period == SEPTEMBER]
    assert "2026-10 随之重算为第2版" in september.note
    assert [one.revision for one in report.files if one.period == NOVEMBER] == [2]
    with place.ledger() as ledger, ledger.reading() as books:
        current = books.months.current(GROUP, NOVEMBER)
    assert current is not None
    assert place.result(period=NOVEMBER)["revision"] == current[1].number


# -------------------------------------------------------------------------- only about what stands


TIED_FIRST = scores(IN_ORDER) | {("考核数据", "KF002", "平均响应时间"): 15}


def correction(order: list[int], reason: str = "响应时间导错") -> bytes:
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: reason}
    return workbook(cells=scores(order), labels=labels)


def test_a_former_first_is_not_paid_after_a_correction(place: Place) -> None:
    """Two shared the first place and one was paid; then a third is first, and the paid one is last."""
    place.hr = True
    place.take(workbook(cells=TIED_FIRST))
    place.act(act(ActKind.ISSUE))
    place.act(decision("KF001", OutcomeType.REWARD, OutcomeDecision.APPLY))
    place.act(decision("KF002", OutcomeType.REWARD, OutcomeDecision.WAIVE))
    place.take(correction([3, 2, 4, 5, 6, 1]))
    place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10))
    corrected = {("KF003", "reward"): Decimal(100), ("KF001", "deduct"): Decimal(-100)}
    assert net_money(place) == corrected

    for staff in ("KF001", "KF002"):
        with pytest.raises(ActRefused, match="在现在的第2版里已经不成立"):
            place.act(decision(staff, OutcomeType.REWARD, OutcomeDecision.APPLY))

    assert net_money(place) == corrected


def test_one_place_is_paid_once(place: Place) -> None:
    """Two shared the first place: the second is refused whether HR writes a sheet or a verb, and told who has it."""
    place.take(workbook(cells=TIED_FIRST))
    place.act(act(ActKind.ISSUE))
    row = {**ISSUE, "事项": "裁定", "日期": DECEMBER_10, "文号": None, "裁定事项": "奖励", "裁定结果": "执行"}
    place.drop("人事/裁定.xlsx", filled_acts(row | {"工号": "KF001"}, row | {"工号": "KF002"}))
    (report,) = place.run(DECEMBER_10).files
    (refused,) = [one.message for one in report.findings if one.is_error]
    assert "已裁定 KF001 " in refused
    assert "不能再裁定 KF002 执行" in refused
    assert ("KF001", "reward") not in net_money(place), "all of a sheet is done, or nothing"

    place.act(decision("KF002", OutcomeType.REWARD, OutcomeDecision.APPLY))
    with pytest.raises(ActRefused, match=r"已裁定 KF002 .* 执行，不能再裁定 KF001 执行"):
        place.act(decision("KF001", OutcomeType.REWARD, OutcomeDecision.APPLY))
    assert net_money(place)["KF002", "reward"] == 100


def test_a_tie_that_comes_back_is_decided_anew(place: Place) -> None:
    """What HR decided fell with the outcome that it was about."""
    place.hr = True
    place.take(workbook(cells=TIED_FIRST))
    place.act(act(ActKind.ISSUE))
    place.act(decision("KF001", OutcomeType.REWARD, OutcomeDecision.APPLY))
    place.take(correction([3, 1, 2, 4, 5, 6]))
    place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10))
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "原来没有错"}
    place.take(workbook(cells=TIED_FIRST, labels=labels), today=DECEMBER_10)
    place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10))

    assert net_money(place) == {("KF006", "deduct"): Decimal(-100)}
    place.act(decision("KF001", OutcomeType.REWARD, OutcomeDecision.APPLY))
    assert net_money(place)["KF001", "reward"] == 100


# ------------------------------------------------------------------ the correction that HR saw, in order


def waiting(place: Place) -> list[int]:
    with place.ledger() as ledger, ledger.reading() as books:
        return [one.number for one in books.corrections.all()]


def test_a_correction_that_came_meanwhile_waits(place: Place) -> None:
    """HR saw that 5 is last; before it agreed, another came that says 4. It says which it means."""
    place.hr = True
    place.take(workbook(cells=scores(IN_ORDER)))
    place.act(act(ActKind.ISSUE))
    place.take(correction([1, 2, 3, 4, 6, 5]))
    (seen,) = waiting(place)
    place.take(correction([1, 2, 3, 5, 6, 4], "又发现一处"))
    _, other = waiting(place)
    with pytest.raises(ActRefused, match="请写明同意的是哪一个编号"):
        place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10))

    place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10, item=seen))

    assert net_money(place) == {("KF001", "reward"): Decimal(100), ("KF005", "deduct"): Decimal(-100)}
    assert waiting(place) == [other]
    place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10))
    assert net_money(place)["KF004", "deduct"] == -100


def test_a_correction_and_a_word_on_it_in_one_pass(place: Place) -> None:
    """Nobody has seen it: HR's sheet comes back, the correction waits."""
    place.take(workbook(cells=scores(IN_ORDER)))
    place.act(act(ActKind.ISSUE))
    place.drop("更正.xlsx", correction([1, 2, 3, 4, 6, 5]))
    agreed = {**ISSUE, "事项": "同意更正", "文号": None, "日期": DECEMBER_10}
    place.drop("人事/办理.xlsx", filled_acts(agreed))

    report = place.run(DECEMBER_10)

    assert {one.status for one in report.files} == {Status.WAITING, Status.RETURNED}
    (told,) = [one for file in report.files for one in file.findings if one.is_error]
    assert "刚刚收到" in told.message
    assert len(waiting(place)) == 1


@pytest.mark.parametrize("on", [date(2026, 10, 31), date(2026, 12, 18)])
def test_a_day_that_cannot_be_meant_is_refused(place: Place, on: date) -> None:
    """Before the month, or more than a week away."""
    place.take(workbook(cells=scores(IN_ORDER)))
    with (
        open_context(place.workspace, place.setup, today=DECEMBER_10) as context,
        pytest.raises(ActRefused, match="请核对年份"),
    ):
        perform(context, act(ActKind.ISSUE, on))


def test_a_withdrawal_dated_before_the_issue_is_refused(place: Place) -> None:
    place.take(workbook(cells=scores(IN_ORDER)))
    place.act(act(ActKind.ISSUE))
    with pytest.raises(ActRefused, match="已于 2026-12-08 办理下发，撤回的日期不能早于这一天"):
        place.act(act(ActKind.WITHDRAW, date(2026, 12, 7)))
    assert net_money(place) == {("KF001", "reward"): Decimal(100), ("KF006", "deduct"): Decimal(-100)}
