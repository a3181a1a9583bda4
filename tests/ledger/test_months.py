"""Months and revisions: what is recorded comes back exactly, and the last revision is in force."""

from __future__ import annotations

from datetime import date

import pytest

from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import MonthState, RevisionKind
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import History
from appraisal.scoring.scoring import score_group
from tests.builders.submissions import online_shop, submission
from tests.ledger.builders import GROUP, ISSUED, NOVEMBER, USUAL, act, issue, month, provenance, record

OCTOBER, DECEMBER = Period(2026, 10), Period(2026, 12)


def test_a_month_that_was_never_reported_is_not_there(ledger: Ledger) -> None:
    """A new ledger knows no month, and its first revision will be number 1."""
    with ledger.reading() as books:
        assert books.months.get(GROUP, NOVEMBER) is None
        assert books.months.result(GROUP, NOVEMBER) is None
        assert books.months.next_revision(GROUP, NOVEMBER) == 1
        assert books.months.periods() == ()


def test_the_whole_result_comes_back_as_it_was(ledger: Ledger) -> None:
    """Decimals, dates, reasons, people who are not ranked: every field survives."""
    result = month({**USUAL, "戊": None})
    with ledger.writing() as books:
        books.months.record(result, provenance())
    with ledger.reading() as books:
        assert books.months.result(GROUP, NOVEMBER) == result
        assert str(books.months.result(GROUP, NOVEMBER)) == str(result)  # 90.00 is not 90


def test_a_month_of_the_shipped_scheme_comes_back_as_it_was(ledger: Ledger) -> None:
    """Thirteen indicators, two reviewers, one of them absent: as scored, through the database."""
    full = submission(statuses={"KF012": "试用期"}, absent={"KF003"})
    result = score_group(full, online_shop(), History(), Issue(ISSUED))
    with ledger.writing() as books:
        books.months.record(result, provenance())
    with ledger.reading() as books:
        assert repr(books.months.result(result.group, result.period)) == repr(result)


def test_a_revision_tells_how_it_came_about(ledger: Ledger) -> None:
    """Scheme, dates, inputs and reason are kept with the number."""
    made = provenance(kind=RevisionKind.CORRECTION)
    with ledger.writing() as books:
        books.months.record(month(), made)
    with ledger.reading() as books:
        (revision,) = books.months.revisions(GROUP, NOVEMBER)
    assert revision.provenance == made
    assert (revision.number, revision.scheme, revision.version, revision.issued) == (1, "one-mark", 1, ISSUED)


def test_the_last_revision_is_in_force_and_former_ones_stay(ledger: Ledger) -> None:
    """A re-drop before the issue makes revision 2; revision 1 can still be read."""
    first, _ = record(ledger, NOVEMBER)
    second, _ = record(ledger, NOVEMBER, {**USUAL, "丁": "95"}, submission="c" * 64)
    with ledger.reading() as books:
        current = books.months.get(GROUP, NOVEMBER)
        assert current is not None
        assert (current.revision, current.state, current.is_issued) == (2, MonthState.OPEN, False)
        assert books.months.result(GROUP, NOVEMBER) == second
        assert books.months.result(GROUP, NOVEMBER, 1) == first
        assert [one.provenance.submission[0] for one in books.months.revisions(GROUP, NOVEMBER)] == ["a", "c"]


def test_the_current_revision_is_told_with_its_month_and_a_withdrawn_month_has_none(ledger: Ledger) -> None:
    """The one question after what is in force: month and revision together, closed or not."""
    record(ledger, NOVEMBER)
    record(ledger, NOVEMBER, submission="c" * 64)
    record(ledger, NOVEMBER, group="二店")
    record(ledger, OCTOBER, group="三店")
    with ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW, group="二店"))
        books.acts.close(act(ActKind.CLOSE, group=None))
    with ledger.reading() as books:
        found = books.months.current(GROUP, NOVEMBER)
        assert found == (books.months.get(GROUP, NOVEMBER), books.months.revisions(GROUP, NOVEMBER)[-1])
        assert (found[0].state, found[1].number) == (MonthState.CLOSED, 2)
        assert books.months.current("二店", NOVEMBER) is None
        assert books.months.current(GROUP, DECEMBER) is None
        told = [(month.group, revision.number) for month, revision in books.months.all_current()]
        assert told == [("三店", 1), (GROUP, 2)]


def test_a_revision_must_follow_the_last_one(ledger: Ledger) -> None:
    """Two writers with the same number cannot both win."""
    record(ledger, NOVEMBER)
    with pytest.raises(ValueError, match="does not follow"), ledger.writing() as books:
        books.months.record(month(revision=1), provenance())


def test_months_are_listed_by_period_and_by_group(ledger: Ledger) -> None:
    """HR looks along a period, a store along its own months."""
    record(ledger, DECEMBER)
    record(ledger, OCTOBER)
    record(ledger, NOVEMBER, group="二店")
    with ledger.reading() as books:
        assert [one.period for one in books.months.of_group(GROUP)] == [OCTOBER, DECEMBER]
        assert [one.group for one in books.months.of_period(NOVEMBER)] == ["二店"]
        assert books.months.periods() == (OCTOBER, NOVEMBER, DECEMBER)
        assert books.months.periods_after(GROUP, Period(2026, 9)) == (OCTOBER, DECEMBER)
        assert books.months.periods_after(GROUP, OCTOBER) == (DECEMBER,)


def test_groups_that_handed_in_are_those_with_a_month_in_force(ledger: Ledger) -> None:
    """A withdrawn month counts as not handed in, nor does it look back on earlier ones."""
    for group in ("旗舰店", "二店", "三店"):
        record(ledger, NOVEMBER, group=group)
    with ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW, group="三店"))
    with ledger.reading() as books:
        assert set(books.months.groups_handed_in(NOVEMBER)) == {"旗舰店", "二店"}
        assert books.months.periods_after("三店", OCTOBER) == ()


def test_order_by_name_is_the_same_on_every_database(ledger: Ledger) -> None:
    """Sorted by code point: no server's locale changes what people get to see."""
    names = ["b店", "B店", "a店", "中店", "Ä店", "一店", "店"]
    for name in names:
        record(ledger, NOVEMBER, group=name)
    with ledger.reading() as books:
        assert list(books.months.groups_handed_in(NOVEMBER)) == sorted(names)


def test_issuing_fixes_date_and_number(ledger: Ledger) -> None:
    """After 下发 the month bears the notice's date and document number."""
    record(ledger, NOVEMBER, on=date(2026, 12, 1))
    issue(ledger, on=ISSUED)
    with ledger.reading() as books:
        now = books.months.get(GROUP, NOVEMBER)
        assert now is not None
        assert (now.state, now.issued_on, now.document_number) == (
            MonthState.ISSUED,
            ISSUED,
            "人发〔2026〕12号",
        )


def test_an_issued_month_stays_issued_when_it_is_corrected(ledger: Ledger) -> None:
    """The first notice's date and number stay; the correction has a date of its own."""
    record(ledger, NOVEMBER)
    issue(ledger)
    record(ledger, NOVEMBER, on=date(2026, 12, 20))
    with ledger.reading() as books:
        now = books.months.get(GROUP, NOVEMBER)
        assert now is not None
        assert (now.state, now.revision, now.issued_on) == (MonthState.ISSUED, 2, ISSUED)
        assert [one.issued for one in books.months.revisions(GROUP, NOVEMBER)] == [ISSUED, date(2026, 12, 20)]


def test_issuing_puts_the_result_with_the_date_of_issue_in_the_place_of_the_draft(ledger: Ledger) -> None:
    """The revision keeps its number; what it says is what the notice says."""
    draft, _ = record(ledger, NOVEMBER, on=date(2026, 12, 1))
    final = month(issued=date(2026, 12, 8))
    with ledger.writing() as books:
        books.acts.issue(act(ActKind.ISSUE, on=date(2026, 12, 8)), final, provenance().inputs)
    with ledger.reading() as books:
        assert books.months.result(GROUP, NOVEMBER) == final != draft
        assert [one.number for one in books.months.revisions(GROUP, NOVEMBER)] == [1]


def test_a_closed_period_takes_no_more_revisions(ledger: Ledger) -> None:
    """关账 stops every group; 重新开放 lets them in again, and an issued month is issued as before."""
    record(ledger, NOVEMBER)
    issue(ledger)
    with ledger.writing() as books:
        books.acts.close(act(ActKind.CLOSE, group=None))
    with ledger.reading() as books:
        now = books.months.get(GROUP, NOVEMBER)
        assert now is not None
        assert (now.state, now.is_issued) == (MonthState.CLOSED, True)
        assert books.months.is_closed("没有报过的店", NOVEMBER)
    with pytest.raises(ActRefused, match="已经关账"):
        record(ledger, NOVEMBER)
    with ledger.writing() as books:
        books.acts.reopen(act(ActKind.REOPEN, group=None))
    record(ledger, NOVEMBER)
    with ledger.reading() as books:
        assert [one.state for one in books.months.of_period(NOVEMBER)] == [MonthState.ISSUED]


def test_one_group_can_be_reopened_or_closed_alone(ledger: Ledger) -> None:
    """What is said of one group goes before what is said of all; a later word on all goes before both."""

    def closed() -> list[bool]:
        with ledger.reading() as books:
            return [books.months.is_closed(group, NOVEMBER) for group in ("旗舰店", "二店")]

    assert closed() == [False, False]
    with ledger.writing() as books:
        books.acts.close(act(ActKind.CLOSE, group=None))
        books.acts.reopen(act(ActKind.REOPEN, group="二店"))
    assert closed() == [True, False]
    with ledger.writing() as books:
        books.acts.reopen(act(ActKind.REOPEN, group=None))
        books.acts.close(act(ActKind.CLOSE, group="二店"))
    assert closed() == [False, True]
    with ledger.writing() as books:
        books.acts.close(act(ActKind.CLOSE, group=None))
    assert closed() == [True, True]


def test_a_withdrawn_month_is_open_again_with_the_next_revision(ledger: Ledger) -> None:
    """撤回 takes date and number back; the next workbook begins anew under the next number."""
    record(ledger, NOVEMBER)
    issue(ledger)
    with ledger.writing() as books:
        books.acts.withdraw(act(ActKind.WITHDRAW))
    with ledger.reading() as books:
        now = books.months.get(GROUP, NOVEMBER)
        assert now is not None
        assert (now.state, now.issued_on, now.document_number) == (MonthState.WITHDRAWN, None, None)
    result, lines = record(ledger, NOVEMBER)
    with ledger.reading() as books:
        now = books.months.get(GROUP, NOVEMBER)
        assert now is not None
        assert (now.state, now.revision, result.revision, lines) == (MonthState.OPEN, 2, 2, ())
