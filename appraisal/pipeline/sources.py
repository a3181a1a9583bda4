"""What a month is made from: the manager's workbook, with what people said of themselves put in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appraisal.intake.self_assessment import with_self_forms
from appraisal.intake.submission import Row, Submission
from appraisal.intake.submission_reader import Reading
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.ledger.records import GroupMonth, KeptSelfForm, Revision
from appraisal.pipeline.reading import KeptSubmissions
from appraisal.pipeline.revisions import OWN_FORM
from appraisal.pipeline.setup import Setup
from appraisal.scheme.forms.self_assessment import self_sheet
from appraisal.scheme.forms.submission import STAFF_ID, submission_form
from appraisal.workspace.settings import SelfFormPolicy


@dataclass(frozen=True, slots=True)
class Completed:
    """The manager's workbook and the forms (sha256) that went into it."""

    reading: Reading
    own_forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """Puts together what a revision is made from, now and when it is made again."""

    kept: KeptSubmissions
    setup: Setup
    ledger: Ledger

    def complete(self, reading: Reading, books: Transaction) -> Completed:
        """The workbook with everybody's latest form of its month."""
        draft = reading.draft
        if draft is None:
            return Completed(reading)
        return self._completed(reading, books.self_forms.of_month(draft.group, draft.period))

    def archived(self, sha256: str) -> Completed | None:
        """The same of a workbook in the archive; None where it is not there or could not be opened."""
        reading = self.kept.read(sha256)
        if reading is None:
            return None
        with self.ledger.reading() as books:
            return self.complete(reading, books)

    def of_revision(self, month: GroupMonth, revision: Revision) -> Completed | None:
        """What the month's current revision is made from when it is made again.

        Once a month is issued, forms that come later wait for a correction: it is made from those that
        it was made from.
        """
        if month.is_issued:
            return self.as_made(revision)
        return self.archived(revision.making.submission)

    def as_made(self, revision: Revision) -> Completed | None:
        """What the revision was made from, whatever has come since; None where that cannot be opened."""
        reading = self.kept.read(revision.making.submission)
        if reading is None:
            return None
        used = {one.sha256 for one in revision.making.inputs.files if one.role == OWN_FORM}
        with self.ledger.reading() as books:
            ever = books.self_forms.ever(revision.group, revision.period)
        return self._completed(reading, [one for one in ever if one.sha256 in used])

    def _completed(self, reading: Reading, forms: Iterable[KeptSelfForm]) -> Completed:
        by_staff = {one.staff: one for one in forms}
        is_required = self.setup.settings.self_forms is SelfFormPolicy.REQUIRED
        if reading.draft is None or not (by_staff or is_required):
            return Completed(reading)
        said = {staff: one.values for staff, one in by_staff.items()}
        whole = with_self_forms(reading, said, rulebook=self.setup.rulebook, required=is_required)
        before, after = self._own_rows(reading.draft), self._own_rows(whole.draft)
        there = sorted(by_staff.keys() & after.keys())
        counted = [staff for staff in there if is_required or before.get(staff) != after[staff]]
        return Completed(whole, tuple(by_staff[staff].sha256 for staff in counted))

    def _own_rows(self, draft: Submission | None) -> dict[object, Row]:
        """By staff id, the rows of the sheet in which people assess themselves."""
        scheme = self.setup.rulebook.in_force(draft.scheme, draft.period) if draft else None
        sheet = self_sheet(submission_form(scheme)) if scheme else None
        table = draft.tables.get(sheet.name) if draft and sheet else None
        return {row.values[STAFF_ID]: row for row in (table.rows if table else ())}
