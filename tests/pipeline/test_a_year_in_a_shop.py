"""A year in one shop: a late January, a joiner, a leaver, a tie, a correction, a closed month, an edited notice.

The year is lived once; each test looks at what one part of it came to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.pipeline.reports import FileReport
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.submissions import staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook

GROUP, LAST, NEWCOMER = "旗舰店", "KF006", "KF007"
USUAL, LAST_IS_FIVE = (1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 6, 5)
ROSTER = "工号,姓名,考核组,考核方案,入职日期,离职日期\n" + "".join(
    f"{staff_id(number)},{staff_name(number)},{GROUP},online-shop,{since},{until}\n"
    for number, since, until in [
        *((number, "2020-01-01", "") for number in range(1, 7)),
        (7, "2026-04-16", "2026-08-31"),
    ]
)


def month(number: int) -> Period:
    return Period(2026, number)


def day(number: int, of_month: int = 8) -> date:
    """A day of the month after."""
    following = month(number).shifted(1)
    return date(following.year, following.month, of_month)


def errors(report: FileReport) -> list[str]:
    return [one.code for one in report.findings if one.is_error]


@dataclass
class Year:
    """The shop, and what was seen on the way."""

    place: Place
    seen: dict[str, Any] = field(default_factory=dict)

    def drop(
        self, number: int, order: Sequence[int] = USUAL, on: date | None = None, **more: Any
    ) -> FileReport:
        people = 7 if 4 <= number <= 8 else 6
        ranks = [*order, 7][:people]
        cells = scores(ranks, staff=people) | more.pop("cells", {})
        data = workbook(period=month(number), staff=people, cells=cells, **more)
        return self.place.take(data, today=on or day(number))

    def act(self, kind: ActKind, number: int, on: date, **more: Any) -> None:
        self.place.act(Act(kind, month(number), more.pop("group", GROUP), on, "李经理", "按制度", **more))

    def issued(self, number: int, order: Sequence[int] = USUAL, **more: Any) -> None:
        report = self.drop(number, order, **more)
        assert report.status == "accepted", report.findings
        self.act(ActKind.ISSUE, number, day(number))

    def types(self, number: int, staff: str) -> set[str]:
        return {
            one["type"]
            for one in self.place.result(period=month(number))["outcomes"]
            if one["staff"] == staff
        }

    def net(self, number: int) -> dict[str, Decimal]:
        """What each person's pay was moved by for the month, corrections and all."""
        with self.place.ledger() as ledger, ledger.reading() as books:
            lines = books.outcomes.lines_of_month(GROUP, month(number))
        sums: dict[str, Decimal] = {}
        for line in lines:
            sums[line.key.staff] = sums.get(line.key.staff, Decimal(0)) + line.amount
        return {staff: amount for staff, amount in sums.items() if amount}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """January to December 2026."""
    one = Year(Place(tmp_path_factory.mktemp("shop"), roster=ROSTER))
    seen = one.seen
    one.issued(2)  # January has not come yet
    one.issued(3)
    seen["march without january"] = one.types(3, LAST)
    seen["late january"] = one.drop(1, on=date(2026, 4, 20))
    seen["march after january"] = one.types(3, LAST)

    notice = one.place.workspace.outbox / GROUP / "2026-04" / f"{GROUP}_2026-04_考核通报.docx"
    new = {"参评情况": "入职不满一个月", "情况说明": "4月16日入职"}
    seen["april"] = one.drop(4, cells={("考核数据", NEWCOMER, name): value for name, value in new.items()})
    notice.write_bytes(notice.read_bytes() + b"HR wrote a word of praise")
    seen["edited"] = notice.read_bytes()
    one.act(ActKind.ISSUE, 4, day(4, 9))

    one.act(ActKind.CLOSE, 2, date(2026, 5, 10), group=None)
    seen["february again"] = one.drop(2, LAST_IS_FIVE, on=date(2026, 5, 11))
    reason = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "补录漏登记的订单"}
    seen["march as it was"] = one.net(3)
    seen["march uncorrected"] = one.drop(3, LAST_IS_FIVE, on=date(2026, 5, 12))
    one.place.hr = True  # she agrees to what its list shows
    seen["march corrected"] = one.drop(3, LAST_IS_FIVE, on=date(2026, 5, 12), labels=reason)
    one.act(ActKind.APPROVE_CORRECTION, 3, date(2026, 5, 13))
    one.place.hr = False

    one.issued(5)
    tied = {("考核数据", staff_id(number), "平均响应时间"): 70 for number in (6, 7)}
    one.issued(6, cells=tied)
    seen["june held"] = one.net(6)
    decision = {"outcome": OutcomeType.DEDUCT, "decision": OutcomeDecision.WAIVE}
    for staff in (LAST, NEWCOMER):
        one.act(ActKind.DECIDE, 6, date(2026, 7, 15), staff=staff, **decision)
    for number in range(7, 13):
        one.issued(number)
    return one


def test_a_late_january_completes_the_run_of_march(year: Year) -> None:
    """A missing month is unknown; when it comes, March is made anew and says so."""
    seen = year.seen
    assert "consider_transfer" not in seen["march without january"]
    assert seen["late january"].status == "accepted"
    assert "2026-03 随之重算为第2版" in seen["late january"].note
    assert "consider_transfer" in seen["march after january"]


def test_a_newcomer_is_scored_and_not_ranked(year: Year) -> None:
    """From May on 周文博 is one of seven, in September no longer there."""
    assert year.seen["april"].status == "accepted"
    april = {one["id"]: one for one in year.place.result(period=month(4))["staff"]}
    assert (april[NEWCOMER]["ranked"], april[NEWCOMER]["rank"]) == (False, None)
    may = {one["id"]: one["rank"] for one in year.place.result(period=month(5))["staff"]}
    assert (may[LAST], may[NEWCOMER]) == (6, 7)
    assert NEWCOMER not in {one["id"] for one in year.place.result(period=month(9))["staff"]}


def test_a_notice_that_hr_edited_stays_and_later_ones_lie_beside_it(year: Year) -> None:
    """The issued one beside it went with the first revision when March's correction made April anew."""
    folder = year.place.files(f"{GROUP}/2026-04")
    stem = f"{GROUP}_2026-04_考核通报"
    assert folder[f"{stem}.docx"] == year.seen["edited"]
    assert {name for name in folder if name.endswith(".docx") and "考核通报" in name} == {
        f"{stem}.docx",
        f"{stem}_第2版_已下发.docx",
        f"历史版次/第1版/{stem}_第1版_已下发.docx",
    }


def test_a_closed_month_takes_nothing_more(year: Year) -> None:
    assert errors(year.seen["february again"]) == ["period.closed"]
    assert year.net(2) == {"KF001": Decimal(100), LAST: Decimal(-100)}


def test_a_correction_of_march_asked_for_in_may_moves_money_once(year: Year) -> None:
    """Refused without a reason, then waiting for HR; the former last gets back what was deducted."""
    assert errors(year.seen["march uncorrected"]) == ["period.issued"]
    assert year.seen["march corrected"].status == "waiting"
    assert year.seen["march as it was"] == {"KF001": Decimal(100), LAST: Decimal(-100)}
    assert year.net(3) == {"KF001": Decimal(100), "KF005": Decimal(-100)}
    assert "consider_transfer" not in year.types(3, LAST)
    notice = year.place.files(f"{GROUP}/2026-03")[f"{GROUP}_2026-03_考核通报.html"].decode()
    assert "补录漏登记的订单" in notice


def test_a_tie_at_the_end_moves_no_money_and_breaks_the_run(year: Year) -> None:
    """Held, then waived by HR; whoever is last in July and August has no run of three."""
    assert year.seen["june held"] == {"KF001": Decimal(100)}
    assert year.net(6) == {"KF001": Decimal(100)}
    assert "consider_transfer" not in year.types(8, NEWCOMER)


def test_the_year_ends_with_a_run_of_four(year: Year) -> None:
    """Last alone from September on: the prompt comes in November and stands in December."""
    assert "consider_transfer" not in year.types(10, LAST)
    assert "consider_transfer" in year.types(11, LAST)
    assert "consider_transfer" in year.types(12, LAST)


def test_everybody_has_a_year_to_look_back_on(year: Year) -> None:
    """Months, firsts and lasts, over joining, leaving and corrections."""
    with year.place.ledger() as ledger, ledger.reading() as books:
        summary = {one.staff: one for one in books.past.summary([month(number) for number in range(1, 13)])}
    assert (summary["KF001"].months_ranked, summary["KF001"].firsts) == (12, 12)
    assert (summary["KF005"].months_ranked, summary["KF005"].lasts) == (12, 1)
    assert (summary[NEWCOMER].months_ranked, summary[NEWCOMER].lasts) == (4, 3)
    assert summary[LAST].lasts == 7  # January, February, April, and September to December
