"""What the ledger is told of a plan that came back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from appraisal.findings.finding import finding
from appraisal.hr.plan_tracker import plan_in_words
from appraisal.intake.plans_and_appeals import PlanReading, read_plan
from appraisal.ledger.records import PlanState
from appraisal.pipeline.plans_and_appeals import keep_plan, plan_on_record
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.validation.other_forms import PlanOnRecord
from tests.builders.other_forms import GOALS, filled_plan, raw_of
from tests.builders.submissions import NOVEMBER, rulebook
from tests.hr.hr_shop import FLAGSHIP, Shop, opened

TODAY = date(2026, 12, 14)
SHA = "a" * 64
LACKING = {"咨询转化率": {"落后原因": None}}


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """November issued on 8 December: KF011 owes a plan by the 15th."""
    with opened(tmp_path) as one:
        one.month(last="KF011")
        one.issue()
        yield one


def reading(**changes: object) -> PlanReading:
    return read_plan(raw_of(filled_plan(**changes)), rulebook=rulebook(), roster=None)


def record(shop: Shop) -> PlanOnRecord:
    with shop.ledger.reading() as books:
        return plan_on_record(books, reading())


def keep(shop: Shop, what: PlanReading, *about: str, on: date = TODAY) -> PlanState | None:
    gaps = {"group": "", "period": "", "id": "", "name": ""}
    with shop.ledger.writing() as books:
        return keep_plan(books, what, [finding(code, **gaps) for code in about], sha256=SHA, today=on)


def test_a_plan_is_submitted_then_agreed_to(shop: Shop) -> None:
    """With its promises; the first day of handing in stays."""
    due = date(2026, 12, 15)
    assert record(shop) == PlanOnRecord(due, is_issued=True)
    assert keep(shop, reading()) is PlanState.SUBMITTED
    assert record(shop) == PlanOnRecord(due, is_issued=True, submitted_on=TODAY, waits_since=TODAY)
    assert keep(shop, reading(foot={"店长审核": "同意"}), on=date(2026, 12, 17)) is PlanState.ACCEPTED
    assert record(shop) == PlanOnRecord(due, True, TODAY, date(2026, 12, 17))
    with shop.ledger.reading() as books:
        plan = books.plans.get(FLAGSHIP, NOVEMBER, "KF011")
    assert plan is not None
    assert (plan.goals, plan.sha256) == (GOALS, SHA)


@pytest.mark.parametrize(
    ("lacking", "words", "judged_on"),
    [({"foot": {"店长审核": "退回补充"}}, "退回补充", TODAY), ({"rows": LACKING}, "系统退回", None)],
)
def test_a_plan_that_lacks_something_is_owed_again(
    shop: Shop, lacking: dict[str, object], words: str, judged_on: date | None
) -> None:
    """Its own cells say so, or the manager does: only his is a judgement, with its day."""
    assert keep(shop, reading(**lacking)) is PlanState.RETURNED
    with shop.ledger.reading() as books:
        plan = books.plans.get(FLAGSHIP, NOVEMBER, "KF011")
    assert plan is not None
    assert (plan_in_words(plan, TODAY), plan.judged_on) == (words, judged_on)


@pytest.mark.parametrize("review", [None, "同意"])
def test_only_the_managers_word_sends_back_what_was_taken(shop: Shop, review: str | None) -> None:
    """Submitted or agreed to: a copy that lacks something changes nothing."""
    keep(shop, reading(foot={"店长审核": review}))
    before = record(shop)
    assert keep(shop, reading(foot={"店长审核": review}, rows=LACKING)) is None
    assert record(shop) == before
    if review is None:
        assert keep(shop, reading(foot={"店长审核": "退回补充"}, rows=LACKING)) is PlanState.RETURNED


def test_nothing_is_written_of_a_plan_that_is_not_the_persons_to_give(shop: Shop) -> None:
    """Not even that it was returned."""
    assert keep(shop, reading(), "plan.not_asked") is None
    assert record(shop).submitted_on is None


def test_a_withdrawn_month_asks_for_nothing(shop: Shop) -> None:
    with shop.ledger.writing() as books:
        books.acts.withdraw(shop.act(ActKind.WITHDRAW, FLAGSHIP, NOVEMBER))
    assert record(shop) == PlanOnRecord(is_withdrawn=True)
