"""The register of appeals: which one HR means, what stays of a form that came before, what a withdrawal ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import Appeal, AppealState
from appraisal.scheme.forms.hr_acts import ActKind, AppealDecision
from tests.builders.submissions import NOVEMBER
from tests.hr.hr_shop import FLAGSHIP, Shop, opened

CAME, COMPLETE, BY = date(2026, 12, 10), date(2026, 12, 11), date(2026, 12, 18)
FIRST = Appeal(
    FLAGSHIP,
    NOVEMBER,
    "KF002",
    1,
    appeal_by=COMPLETE,
    state=AppealState.RECEIVED,
    came_on=CAME,
    sha256="a" * 64,
    items={"平均响应时间": "系统故障"},
    complete_on=COMPLETE,
    answer_by=BY,
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """November issued, with KF002's appeal."""
    with opened(tmp_path) as one:
        one.month()
        one.issue()
        with one.ledger.writing() as books:
            books.appeals.put(FIRST)
        yield one


def answer(shop: Shop, *, on: date = BY, staff: str = "KF002", item: int | None = None) -> Act:
    said = {"staff": staff, "answer": AppealDecision.CORRECT, "item": item}
    return shop.act(ActKind.ANSWER, FLAGSHIP, NOVEMBER, on=on, **said)


def stands(shop: Shop) -> Appeal:
    with shop.ledger.reading() as books:
        (one,) = books.appeals.of_month(FLAGSHIP, NOVEMBER)
    return one


def test_what_is_to_be_corrected_waits_until_a_revision_follows(shop: Shop) -> None:
    """Also in the lists of other months."""
    with shop.ledger.writing() as books:
        books.acts.answer(answer(shop))
    assert (stands(shop).state, stands(shop).waits_for_correction) == (AppealState.CORRECTED, True)
    with shop.ledger.reading() as books:
        assert [one.staff for one in books.appeals.known_in(NOVEMBER.shifted(2))] == ["KF002"]
    shop.month()
    assert not stands(shop).waits_for_correction
    with shop.ledger.reading() as books:
        assert books.appeals.waiting() == ()


def test_a_withdrawn_month_ends_what_was_not_answered(shop: Shop) -> None:
    """HR owes no answer about what was taken back."""
    shop.withdraw()
    assert stands(shop).state is AppealState.ENDED


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"staff": "KF003"}, "没有可以答复的申诉"),
        ({"item": 2}, "没有对第2版可以答复的申诉"),
        ({"on": CAME}, "才收到"),
    ],
)
def test_what_hr_cannot_have_meant(shop: Shop, change: dict[str, object], why: str) -> None:
    """Nobody's appeal, another one, or one that had not come by then."""
    with pytest.raises(ActRefused, match=why), shop.ledger.writing() as books:
        books.acts.answer(answer(shop, **change))  # type: ignore[arg-type]


def test_of_two_that_wait_hr_names_one(shop: Shop) -> None:
    """By the revision that it is about."""
    shop.month()
    with shop.ledger.writing() as books:
        books.appeals.put(replace(FIRST, revision=2))
    with pytest.raises(ActRefused, match="有2份申诉等待答复"), shop.ledger.writing() as books:
        books.acts.answer(answer(shop))
    with shop.ledger.writing() as books:
        books.acts.answer(answer(shop, item=1))
    with shop.ledger.reading() as books:
        states = [one.state for one in books.appeals.of_month(FLAGSHIP, NOVEMBER)]
    assert states == [AppealState.CORRECTED, AppealState.RECEIVED]


def test_a_later_form_takes_nothing_back() -> None:
    """The days stay, and what it objected to once it was whole."""
    again = replace(
        FIRST, came_on=BY, complete_on=BY, answer_by=date(2026, 12, 25), items={"结果运用": "并列"}
    )
    later = again.after(FIRST)
    assert (later.came_on, later.complete_on, later.answer_by) == (CAME, COMPLETE, BY)
    assert list(later.items) == ["平均响应时间", "结果运用"]
    returned = replace(FIRST, state=AppealState.RETURNED, complete_on=None, answer_by=None)
    assert again.after(returned) == replace(again, came_on=CAME)
