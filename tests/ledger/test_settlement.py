"""Money is settled once: lines are only added, and they come to what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from appraisal.ledger.outcome_changes import Due, Posting, settle
from appraisal.ledger.records import MoneyLine, OutcomeKey
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType

NOVEMBER = Period(2026, 11)
REWARD = OutcomeKey("旗舰店", NOVEMBER, "甲", OutcomeType.REWARD)
DEDUCT = OutcomeKey("旗舰店", NOVEMBER, "丁", OutcomeType.DEDUCT)
ISSUED = Posting(on=date(2026, 12, 3), revision=1, why="冲回", paid_in=Period(2026, 12))
CORRECTED = Posting(on=date(2027, 1, 15), revision=2, why="第2版更正，冲回", paid_in=Period(2027, 1))


def due(amount: str) -> Due:
    return Due(Decimal(amount), "综合排名第一名")


def told(lines: Sequence[MoneyLine]) -> list[tuple[str, int, str, int | None]]:
    return [(line.key.staff, line.sequence, str(line.amount), line.reverses) for line in lines]


def test_what_is_due_is_written_once() -> None:
    """Settling again, with nothing changed, adds nothing."""
    lines = settle((), {REWARD: due("100"), DEDUCT: due("-100")}, ISSUED)
    assert told(lines) == [("丁", 1, "-100", None), ("甲", 1, "100", None)]
    assert settle(lines, {REWARD: due("100"), DEDUCT: due("-100")}, CORRECTED) == ()


def test_a_line_says_when_it_was_written_and_in_which_month_it_is_paid() -> None:
    (line,) = settle((), {REWARD: due("100")}, ISSUED)
    assert (line.recorded_on, line.paid_in, line.revision) == (date(2026, 12, 3), Period(2026, 12), 1)
    assert line.reason == "综合排名第一名"


def test_what_no_longer_holds_is_reversed_in_a_line_of_its_own() -> None:
    """The reversal names the line that it takes back, and its own reason and month of payment."""
    lines = settle((), {REWARD: due("100")}, ISSUED)
    (reversal,) = settle(lines, {}, CORRECTED)
    assert told([reversal]) == [("甲", 2, "-100", 1)]
    assert (reversal.reason, reversal.paid_in) == ("第2版更正，冲回", Period(2027, 1))


def test_another_amount_is_a_reversal_and_a_new_line() -> None:
    """Never a difference that nobody can follow."""
    lines = settle((), {REWARD: due("100")}, ISSUED)
    assert told(settle(lines, {REWARD: due("80.50")}, CORRECTED)) == [
        ("甲", 2, "-100", 1),
        ("甲", 3, "80.50", None),
    ]


def test_a_reversal_keeps_that_the_amount_was_an_upper_limit() -> None:
    """Payroll took what the commission allowed, and gives back as much."""
    lines = settle((), {DEDUCT: Due(Decimal(-100), "最后一名", capped_by_payroll=True)}, ISSUED)
    (reversal,) = settle(lines, {}, CORRECTED)
    assert reversal.capped_by_payroll


KEYS = [
    OutcomeKey("旗舰店", NOVEMBER, staff, kind)
    for staff in "甲乙"
    for kind in (OutcomeType.REWARD, OutcomeType.DEDUCT)
]
WANTED = st.dictionaries(
    st.sampled_from(KEYS),
    st.sampled_from([Decimal(100), Decimal(-100), Decimal("80.55")]).map(lambda amount: Due(amount, "")),
)


@given(st.lists(WANTED, max_size=8))
def test_after_any_settlements_the_lines_come_to_the_last_wanted(
    history: list[dict[OutcomeKey, Due]],
) -> None:
    """The law: net = wanted, each settled once, originals and reversals alternating, sequences without gaps."""
    lines: tuple[MoneyLine, ...] = ()
    for wanted in history:
        lines += settle(lines, wanted, ISSUED)
        by_key: dict[OutcomeKey, list[MoneyLine]] = defaultdict(list)
        for line in lines:
            by_key[line.key].append(line)
        for key, own in by_key.items():
            assert sum(line.amount for line in own) == (wanted[key].amount if key in wanted else 0)
            assert [line.sequence for line in own] == list(range(1, len(own) + 1))
            for original, reversal in zip(own[::2], own[1::2], strict=False):
                assert original.reverses is None
                assert (reversal.reverses, reversal.amount) == (original.sequence, -original.amount)
        assert set(wanted) <= set(by_key)
        assert settle(lines, wanted, CORRECTED) == ()
