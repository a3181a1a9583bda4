"""Whatever HR does, the money in 发放, in the ledger and in result.json is the same, and nothing is paid twice."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.workspaces import Place, scores, verified, workbook

GROUP, OCTOBER, NOVEMBER = "旗舰店", Period(2026, 10), Period(2026, 11)
TIED = {("考核数据", "KF006", "平均响应时间"): 45}
"""KF005 and KF006 share the last place."""

Sums = Mapping[tuple[str, str], Decimal]
"""By person, and a month."""


def month(period: Period, order: list[int], **labels: object) -> bytes:
    return workbook(period=period, cells=scores(order) | TIED, labels=labels)


def act(kind: ActKind, period: Period, on: date, **more: object) -> Act:
    return Act(kind, period, GROUP, on, "李经理", "按制度", **more)  # type: ignore[arg-type]


def correction(place: Place, period: Period, order: list[int], on: date) -> None:
    """Handed in and agreed to."""
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: f"{on}查明数据导错"}
    place.take(month(period, order, **labels), today=on)
    place.act(act(ActKind.APPROVE_CORRECTION, period, on))


def summed(amounts: list[tuple[str, str, Decimal]]) -> Sums:
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for staff, of, amount in amounts:
        sums[staff, of] += amount
    return {key: amount for key, amount in sums.items() if amount}


def paid_by_lists(place: Place) -> Sums:
    """By person and month of payment, as finance reads it."""
    lists = [
        text.decode("utf-8-sig") for name, text in place.files("人事/发放").items() if name.endswith("csv")
    ]
    rows = [row for text in lists for row in csv.DictReader(io.StringIO(text))]
    return summed([(row["工号"], row["发放月份"], Decimal(row["金额"])) for row in rows])


def paid_by_ledger(place: Place) -> Sums:
    with place.ledger() as ledger, ledger.reading() as books:
        lines = [
            one for month in books.outcomes.months_of_payment() for one in books.outcomes.lines_paid_in(month)
        ]
    return summed([(one.key.staff, str(one.paid_in), one.amount) for one in lines])


def due_by_results(place: Place) -> Sums:
    """By person and appraised month: what result.json says is due, and what was held there, as HR decided."""
    found: list[tuple[str, str, Decimal]] = []
    with place.ledger() as ledger, ledger.reading() as books:
        for period in (OCTOBER, NOVEMBER):
            known = books.months.get(GROUP, period)
            if known is None or not known.is_issued:
                continue
            applied = {
                (one.key.staff, one.key.type.value)
                for one in books.outcomes.of_month(GROUP, period)
                if one.decision is OutcomeDecision.APPLY
            }
            told = json.loads(
                (place.workspace.outbox / GROUP / str(period) / "result.json").read_text("utf-8")
            )
            found += [
                (one["staff"], str(period), Decimal(one["amount"]) * (-1 if one["type"] == "deduct" else 1))
                for one in told["outcomes"]
                if one["amount"] and (one["state"] == "due" or (one["staff"], one["type"]) in applied)
            ]
    return summed(found)


def net_by_ledger(place: Place) -> Sums:
    with place.ledger() as ledger, ledger.reading() as books:
        lines = [
            one for period in (OCTOBER, NOVEMBER) for one in books.outcomes.lines_of_month(GROUP, period)
        ]
    return summed([(one.key.staff, str(one.key.period), one.amount) for one in lines])


def must_agree(place: Place) -> None:
    assert paid_by_lists(place) == paid_by_ledger(place)
    assert net_by_ledger(place) == due_by_results(place)


def test_after_every_act_of_hr_the_money_is_the_same_wherever_it_stands(tmp_path: Path) -> None:
    place = Place(tmp_path, hr=True)
    place.take(month(OCTOBER, [1, 2, 3, 4, 5, 6]), today=date(2026, 11, 6))
    place.take(month(NOVEMBER, [1, 2, 3, 4, 5, 6]), today=date(2026, 12, 7))
    decide = {"staff": "KF005", "outcome": OutcomeType.DEDUCT}
    apply, waive = OutcomeDecision.APPLY, OutcomeDecision.WAIVE

    def done(kind: ActKind, period: Period, on: date, **more: object) -> None:
        place.act(act(kind, period, on, **more))
        must_agree(place)

    def corrected(period: Period, order: list[int], on: date) -> None:
        correction(place, period, order, on)
        must_agree(place)

    done(ActKind.ISSUE, NOVEMBER, date(2026, 12, 8))
    assert paid_by_lists(place) == {("KF001", "2026-12"): 100}
    done(ActKind.REISSUE, NOVEMBER, date(2026, 12, 9))
    corrected(NOVEMBER, [2, 1, 3, 4, 5, 6], date(2026, 12, 10))
    assert paid_by_lists(place) == {("KF002", "2026-12"): 100}
    done(ActKind.DECIDE, NOVEMBER, date(2026, 12, 11), decision=apply, **decide)
    corrected(NOVEMBER, [3, 1, 2, 4, 5, 6], date(2026, 12, 14))
    assert paid_by_lists(place) == {("KF003", "2026-12"): 100, ("KF005", "2026-12"): -100}, "decided once"
    done(ActKind.DECIDE, NOVEMBER, date(2027, 1, 4), decision=waive, **decide)
    assert paid_by_lists(place)["KF005", "2027-01"] == 100, (
        "what was taken in December is given back in January"
    )
    corrected(NOVEMBER, [1, 2, 3, 4, 5, 6], date(2027, 1, 5))
    done(ActKind.ISSUE, OCTOBER, date(2027, 1, 6))
    corrected(OCTOBER, [6, 2, 3, 4, 1, 5], date(2027, 1, 7))
    with place.ledger() as ledger, ledger.reading() as books:
        _, current = books.months.current(GROUP, NOVEMBER) or (None, None)
        assert current is not None
        assert current.provenance.corrects_issued, "made anew because October changed"
    done(ActKind.WITHDRAW, NOVEMBER, date(2027, 1, 8))
    assert {staff for staff, period in net_by_ledger(place) if period == "2026-11"} == set()
    place.take(month(NOVEMBER, [4, 2, 3, 1, 5, 6]), today=date(2027, 1, 8))
    done(ActKind.ISSUE, NOVEMBER, date(2027, 2, 1))
    assert paid_by_lists(place)["KF004", "2027-02"] == 100
    assert [one for one in verified(place) if not one.is_same] == []
