"""What a dropped file keeps of its reading, and what becomes of a month's workbook by what the ledger knows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Reading
from appraisal.pipeline.dropped_file import DroppedFile, KnownMonth, NextStep, decision_on, fingerprint
from appraisal.processes.packing import packed_value
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.workspace.archive import ArchivedCopy
from appraisal.workspace.paths import sha256_of
from tests.builders.submissions import submission

ONE, TWO, THREE = "1" * 64, "2" * 64, "3" * 64
"""Bytes that were handed in."""

FIRST = submission(sha256=ONE)
NEW = KnownMonth(None, None, {})
OPEN = KnownMonth(2, TWO, {ONE: 1})
ISSUED = replace(OPEN, issued_on=date(2026, 12, 3))
WITHDRAWN = KnownMonth(None, None, {ONE: 1, TWO: 2})
CORRECTS = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "导错了"}


@pytest.mark.parametrize(
    ("month", "sha256", "labels", "becomes"),
    [
        (NEW, THREE, {}, NextStep.APPRAISE),
        (OPEN, THREE, {}, NextStep.APPRAISE),
        (OPEN, TWO, {}, NextStep.UNCHANGED),
        (replace(OPEN, current_content=sha256_of(fingerprint(FIRST))), THREE, {}, NextStep.UNCHANGED),
        (OPEN, ONE, {}, "submission.duplicate"),
        (ISSUED, THREE, {}, "period.issued"),
        (ISSUED, THREE, CORRECTS, NextStep.WAIT),
        (ISSUED, THREE, CORRECTS | {CORRECTION_REASON: None}, "period.issued"),
        (replace(ISSUED, is_closed=True), THREE, CORRECTS, "period.closed"),
        (replace(ISSUED, is_closed=True), TWO, {}, NextStep.UNCHANGED),
        (WITHDRAWN, TWO, {}, NextStep.APPRAISE),
        (WITHDRAWN, ONE, {}, "submission.duplicate"),
        (replace(NEW, is_purged=True), THREE, {}, "period.purged"),
    ],
)
def test_the_state_of_its_month_decides_what_becomes_of_a_workbook(
    month: KnownMonth, sha256: str, labels: dict[str, str | None], becomes: NextStep | str
) -> None:
    """The next step, or the code of the finding with which it goes back."""
    decision = decision_on(submission(sha256=sha256, labels=labels), month)
    assert (decision.code if isinstance(decision, Finding) else decision) == becomes


@pytest.mark.parametrize(("month", "number"), [(NEW, 1), (OPEN, 3), (WITHDRAWN, 3)])
def test_a_revision_gets_a_number_that_none_had(month: KnownMonth, number: int) -> None:
    """Not that of a withdrawn one either."""
    assert month.next_revision == number


def test_a_file_keeps_what_was_read_of_it() -> None:
    """Packed, with whose it is told outside."""
    dropped = DroppedFile(Path("甲.xlsx"), "甲.xlsx", None, ArchivedCopy(ONE, Path(ONE), 1, 1, 1))
    dropped.take(packed_value(Reading((), FIRST.group, FIRST.period, FIRST.scheme, FIRST)))
    assert (dropped.month, dropped.standard) == ((FIRST.group, FIRST.period), (FIRST.scheme, FIRST.version))
    assert (dropped.kind, dropped.staff, dropped.submission) == (Reading, None, FIRST)
    assert dropped.is_readable


def test_a_workbook_with_a_mistake_is_a_draft() -> None:
    """It is looked through for more, and never scored."""
    dropped = DroppedFile(Path("甲.xlsx"), "甲.xlsx", None, ArchivedCopy(ONE, Path(ONE), 1, 1, 1))
    mistake = finding("row.without_id", sheet="考核数据", cell="A9", whose="工号")
    dropped.take(packed_value(Reading((mistake,), FIRST.group, FIRST.period, FIRST.scheme, FIRST)))
    assert (dropped.standard, dropped.draft, dropped.findings) == (None, FIRST, (mistake,))
    assert not dropped.is_readable
