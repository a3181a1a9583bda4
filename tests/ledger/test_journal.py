"""The journal: where each dropped file is on its way, so that a restart goes on from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from appraisal.findings.finding import finding
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import Claim, Dropped, FileResult, Step
from tests.ledger.builders import GROUP, NOVEMBER

NOW = datetime(2026, 12, 3, 8, 30, 15, 250, tzinfo=UTC)
DROPPED = Dropped("a" * 64, "旗舰店/11月.xlsx", "旗舰店", 20_480, 1_764_750_615_123_456_789)
RETURNED = FileResult(
    "returned",
    GROUP,
    NOVEMBER,
    findings=(finding("cell.missing", sheet="考核数据", cell="C7", name="付款人数", hint="请填整数。"),),
    outputs=("outbox/旗舰店/退回/11月_退回.xlsx",),
)


def receive(ledger: Ledger, dropped: Dropped = DROPPED) -> Claim:
    with ledger.writing() as books:
        return books.journal.receive(dropped, NOW)


def advance(ledger: Ledger, claim: Claim, step: Step, result: FileResult | None = None) -> Claim:
    with ledger.writing() as books:
        books.journal.advance(claim.id, step, result)
        now = books.journal.claim(claim.id)
    assert now is not None
    return now


def test_a_received_file_comes_back_as_it_lay_in_the_inbox(ledger: Ledger) -> None:
    claim = receive(ledger)
    with ledger.reading() as books:
        assert books.journal.claim(claim.id) == claim == Claim(claim.id, DROPPED, NOW, Step.RECEIVED, None)
        assert books.journal.claim(claim.id + 1) is None


def test_receiving_a_file_again_goes_on_with_its_claim(ledger: Ledger) -> None:
    """After a crash the same bytes under the same name are the same claim, as far as it had come."""
    first = advance(ledger, receive(ledger), Step.ARCHIVED)
    assert receive(ledger) == first


def test_other_bytes_or_another_name_or_a_finished_claim_make_a_new_one(ledger: Ledger) -> None:
    first = receive(ledger)
    others = [replace(DROPPED, sha256="b" * 64), replace(DROPPED, file="旗舰店/副本.xlsx")]
    ids = {first.id, *(receive(ledger, one).id for one in others)}
    assert len(ids) == 3
    advance(ledger, first, Step.CLEARED)
    assert receive(ledger).id not in ids


def test_a_verdict_is_kept_with_its_findings_and_outputs(ledger: Ledger) -> None:
    claim = advance(ledger, receive(ledger), Step.COMPUTED, RETURNED)
    assert (claim.step, claim.result) == (Step.COMPUTED, RETURNED)
    assert advance(ledger, claim, Step.PLACED).result == RETURNED


def test_advancing_twice_is_as_good_as_once_and_never_goes_back(ledger: Ledger) -> None:
    claim = receive(ledger)
    placed = advance(ledger, claim, Step.PLACED, RETURNED)
    assert advance(ledger, claim, Step.PLACED, RETURNED) == placed
    assert advance(ledger, claim, Step.COMPUTED, FileResult("failed")) == placed


def test_unfinished_claims_are_those_not_yet_cleared(ledger: Ledger) -> None:
    """In the order in which they were received."""
    claims = [receive(ledger, replace(DROPPED, file=f"{at}.xlsx")) for at in range(6)]
    for claim, step in zip(claims, Step, strict=True):
        advance(ledger, claim, step)
    with ledger.reading() as books:
        assert [(one.id, one.step) for one in books.journal.unfinished()] == [
            (claim.id, step) for claim, step in zip(claims[:5], Step, strict=False)
        ]
        assert [one.id for one in books.journal.claims_of(DROPPED.sha256)] == [one.id for one in claims]


def test_returned_files_are_found_by_the_period_they_are_about(ledger: Ledger) -> None:
    """A file of an unknown period may be about any; one of another period or verdict is not told."""
    results = [RETURNED, replace(RETURNED, period=None), replace(RETURNED, period=NOVEMBER.shifted(1))]
    results.append(replace(RETURNED, status="accepted"))
    for at, result in enumerate(results):
        advance(ledger, receive(ledger, replace(DROPPED, file=f"{at}.xlsx")), Step.PLACED, result)
    with ledger.reading() as books:
        assert [one.dropped.file for one in books.journal.returned(NOVEMBER)] == ["0.xlsx", "1.xlsx"]


def test_any_file_name_can_be_kept(ledger: Ledger) -> None:
    """Not UTF-8, with backslashes, line breaks, quotes: the name comes back exactly."""
    names = [
        "\udcd6\udcd0.xlsx",
        "a\\b\\u4e2d.xlsx",
        "a\nb'; DROP TABLE claims; --.xlsx",
        "\U0001f4c8\\\\.xlsx",
    ]
    for name in names:
        receive(ledger, replace(DROPPED, file=name, folder=name))
    with ledger.reading() as books:
        kept = books.journal.unfinished()
    assert [one.dropped.file for one in kept] == [one.dropped.folder for one in kept] == names
