"""The journal: where each dropped file is on its way, so that a restart goes on from there."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from appraisal.findings.finding import finding
from appraisal.ledger import database
from appraisal.ledger.journal import Journal
from appraisal.ledger.ledger import Ledger, open_ledger
from appraisal.ledger.records import Claim, FileResult, InboxFile, Step
from tests.ledger.builders import GROUP, NOVEMBER

NOW = datetime(2026, 12, 3, 8, 30, 15, 250, tzinfo=UTC)
DROPPED = InboxFile("a" * 64, "旗舰店/11月.xlsx", "旗舰店", 20_480, 1_764_750_615_123_456_789)
RETURNED = FileResult(
    "returned",
    GROUP,
    NOVEMBER,
    findings=(finding("cell.missing", sheet="考核数据", cell="C7", name="付款人数", hint="请填整数。"),),
    outputs=("outbox/旗舰店/退回/11月_退回.xlsx",),
    note="人事核对后再报。",
)


def receive(ledger: Ledger, dropped: InboxFile = DROPPED) -> Claim:
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


def give_back(ledger: Ledger, file: str, result: FileResult, *, lies: bool = True) -> Claim:
    """A claim that went back by the paper `退回/<file>.html`, which lies there or has gone since."""
    paper = f"退回/{file}.html"
    claim = receive(ledger, replace(DROPPED, file=file))
    with ledger.writing() as books:
        books.placed.wrote({paper: "a" * 64}, returned=claim.id)
        books.journal.advance(claim.id, Step.CLEARED, replace(result, outputs=(f"outbox/{paper}",)))
        if not lies:
            books.placed.forget([paper])
    return claim


def test_returned_files_are_found_by_the_period_they_are_about(ledger: Ledger) -> None:
    """A file of an unknown period may be about any; one of another period, or put right since, is not told."""
    give_back(ledger, "0.xlsx", RETURNED)
    give_back(ledger, "1.xlsx", replace(RETURNED, period=None))
    give_back(ledger, "2.xlsx", replace(RETURNED, period=NOVEMBER.shifted(1)))
    give_back(ledger, "3.xlsx", RETURNED, lies=False)
    with ledger.reading() as books:
        assert [one.dropped.file for one in books.journal.returned(NOVEMBER)] == ["0.xlsx", "1.xlsx"]
        assert [one.dropped.file for one in books.journal.returned(None)] == ["1.xlsx"]


def test_a_paper_belongs_to_the_file_that_went_back_by_it_last(ledger: Ledger) -> None:
    """Whatever is written in its place belongs to none."""
    give_back(ledger, "0.xlsx", RETURNED)
    again = give_back(ledger, "0.xlsx", RETURNED)
    with ledger.reading() as books:
        owners = books.journal.owners_of_returned("退回")
    assert {path: one.id for path, one in owners.items()} == {"退回/0.xlsx.html": again.id}
    with ledger.writing() as books:
        books.placed.wrote({"退回/0.xlsx.html": "b" * 64})
        assert books.journal.owners_of_returned("退回") == {}


def test_what_ever_went_back_costs_nothing_once_it_is_put_right(sqlite_file: Path) -> None:
    """Counted in steps of SQLite's machine: five hundred files of the past, not one step more."""

    def steps(ask: Callable[[Journal], object]) -> int:
        counted = 0

        def count() -> None:
            nonlocal counted
            counted += 1

        with database.reading(engine) as connection:
            raw = connection.connection.dbapi_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.set_progress_handler(count, 1)
            ask(Journal(connection))
            raw.set_progress_handler(None, 1)
        return counted

    url = f"sqlite:///{sqlite_file}"
    engine = database.open_engine(url)
    with open_ledger(url) as ledger:
        for file in ("0.xlsx", "1.xlsx"):
            give_back(ledger, file, RETURNED)
        questions: list[Callable[[Journal], object]] = [
            lambda journal: journal.returned(NOVEMBER),
            lambda journal: journal.owners_of_returned("退回"),
        ]
        before = [steps(ask) for ask in questions]
        with ledger.writing() as books:
            for at in range(500):
                claim = books.journal.receive(replace(DROPPED, sha256=f"{at:064}"), NOW)
                books.journal.advance(claim.id, Step.CLEARED, RETURNED)
        assert [steps(ask) for ask in questions] == before
    engine.dispose()


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
