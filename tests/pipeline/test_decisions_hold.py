"""A decision holds until the ledger takes it, and HR decides only about what stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import Act
from appraisal.period import Period
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
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


def correction(order: list[int]) -> bytes:
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
    return workbook(cells=scores(order), labels=labels)


def test_a_former_first_is_not_paid_after_a_correction(place: Place) -> None:
    """Two shared the first place and one was paid; then a third is first, and the paid one is last."""
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


def test_a_tie_that_comes_back_is_decided_anew(place: Place) -> None:
    """What HR decided fell with the outcome that it was about."""
    place.take(workbook(cells=TIED_FIRST))
    place.act(act(ActKind.ISSUE))
    place.act(decision("KF001", OutcomeType.REWARD, OutcomeDecision.APPLY))
    place.take(correction([3, 1, 2, 4, 5, 6]))
    place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10))
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "原来没有错"}
    place.take(workbook(cells=TIED_FIRST, labels=labels))
    place.act(act(ActKind.APPROVE_CORRECTION, DECEMBER_10))

    assert net_money(place) == {("KF006", "deduct"): Decimal(-100)}
    place.act(decision("KF001", OutcomeType.REWARD, OutcomeDecision.APPLY))
    assert net_money(place)["KF001", "reward"] == 100
