"""Managers' workbooks in which nothing is wrong: appraised, placed, entered, and their files cleared away.

Months are appraised by one executor in chunks, and what a chunk came to is finished together: one
transaction says what will be written, one sync makes it safe, one transaction enters it all.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import PurePath

from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.ledger.records import RevisionKind, WaitingCorrection
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, Made, Order
from appraisal.pipeline.decision import Reception
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.recompute import LaterMonths
from appraisal.pipeline.repeated_data import same_as_last_month
from appraisal.pipeline.reply import Answers, unmarked
from appraisal.pipeline.reports import WAITS_FOR_HR, FileReport, Status
from appraisal.pipeline.revisions import CHUNK, MonthMaker
from appraisal.scheme.forms.submission import CORRECTION_REASON
from appraisal.scoring.results import GroupResult
from appraisal.workspace.names import RETURNED, safe_file_name
from appraisal.workspace.outbox import Outbox, Placement

Progress = Callable[[int, int, str], None]
"""Told how many are done, of how many, and of what in Chinese."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A dropped workbook whose month is scored and not yet placed."""

    case: DroppedFile
    made: Made
    result: GroupResult


_Placed = tuple[_Scored, Placement, Outbox | None]
"""A month whose papers lie in the outbox, and the folder for what has no group, where it was cleared of something."""

CameBack = Mapping[PurePath, Sequence[str]]
"""Papers of earlier passes in the folder for what has no group, by the file that they are about."""


@dataclass(frozen=True, slots=True)
class MonthsDesk:
    """Takes cases that the conductor has decided about.

    `came_back` is from before the pass: what it gives back itself is not put right by it.
    """

    ledger: Ledger
    maker: MonthMaker
    later: LaterMonths
    answers: Answers
    today: date
    progress: Progress
    came_back: CameBack = field(default_factory=dict)

    def take(self, cases: Sequence[DroppedFile]) -> None:
        """Appraise what is accepted; say of the others what becomes of them."""
        accepted = []
        for case in cases:
            assert case.decision is not None
            if case.decision.reception is Reception.ACCEPT:
                accepted.append(case)
            else:
                answer = self._wait if case.decision.reception is Reception.WAIT else self._unchanged
                with self.answers.alone_with(case):
                    answer(case)
        # A month's history is what the months before it came to: so months go in their order.
        for period in sorted({case.month[1] for case in accepted}):
            month = sorted((case for case in accepted if case.period == period), key=_standard)
            cases_by_file = {case.claimed.sha256: case for case in month}
            made = self.maker.make(self._order(case) for case in month)
            done = 0
            while chunk := list(islice(made, CHUNK)):
                self._finish([(cases_by_file[order.submission.sha256], order, one) for order, one in chunk])
                done += len(chunk)
                self.progress(done, len(month), f"计算 {period}")

    def _order(self, case: DroppedFile) -> Order:
        assert case.decision is not None
        assert case.decision.revision is not None
        revision, replaces = case.decision.revision, case.decision.replaces
        kind = RevisionKind.FIRST if revision == 1 else RevisionKind.REPLACEMENT
        return Order(case.submission, revision, self.today, kind, replaces=replaces, own_forms=case.own_forms)

    def _finish(self, chunk: Sequence[tuple[DroppedFile, Order, Appraised | str]]) -> None:
        scored: list[_Scored] = []
        for case, order, appraised in chunk:
            with self.answers.alone_with(case):
                if isinstance(appraised, str):
                    self.answers.fail(case, appraised)
                    continue
                case.findings = (*case.findings, *appraised.findings)
                if appraised.result is None:
                    self.answers.give_back(case)
                else:
                    scored.append(_Scored(case, Made(order, appraised, case.id), appraised.result))
        self._warn_of_last_months_figures(scored)
        if open_ones := [one for one in scored if one.case.is_open]:
            self._accept(open_ones)

    def _warn_of_last_months_figures(self, scored: Sequence[_Scored]) -> None:
        with self.ledger.reading() as books:
            for one in scored:
                with self.answers.alone_with(one.case):
                    submission = one.made.order.submission
                    told = same_as_last_month(books, submission, self.maker.scheme_of(submission))
                    one.case.findings = (*one.case.findings, *told)

    def _accept(self, scored: Sequence[_Scored]) -> None:
        """Place the months, enter them, empty the inbox: each step for all of them together.

        A mistake of ours on the way is one of them; each by itself tells which one's.
        """
        try:
            accepted = self._enter(self._placed(scored))
        except (OSError, LedgerError):
            raise
        except Exception:  # noqa: BLE001 - whatever it is, nothing has been entered
            if len(scored) == 1:
                self.answers.fail(scored[0].case, traceback.format_exc())
            else:
                for one in scored:
                    self._accept([one])
            return
        for one, is_followed in accepted:
            with self.answers.alone_with(one.case):
                self._tell(one, is_followed=is_followed)
        self.answers.clear_inbox(*(one.case for one, _ in accepted))

    def _placed(self, scored: Sequence[_Scored]) -> list[_Placed]:
        """What could be placed, with what came back before out of its way; the other files wait."""
        placements = self.maker.outboxes.place_all([one.made for one in scored])
        placed = []
        for one, placement in zip(scored, placements, strict=True):
            try:
                if isinstance(placement, OSError):
                    raise placement
                self._clear_returned(placement.outbox, one.result.group, one.result.period)
                placed.append((one, placement, self._clear_without_group(one.case)))
            except OSError as error:
                self.answers.not_placed(one.case, error)
        return placed

    def _enter(self, placed: Sequence[_Placed]) -> list[tuple[_Scored, bool]]:
        """Into the ledger, all or none; whether later months look back on each."""
        entered = []
        with self.ledger.writing() as books:
            for one, placement, without_group in placed:
                making = self.maker.making(books, one.made.order, one.made.appraised)
                books.months.record(one.result, making)
                is_followed = books.pending_recalculations.note(one.result.group, one.result.period)
                one.case.report = _accepted(one, placement)
                self.answers.note(books, one.case, one.case.report, placement.outbox)
                if without_group is not None:
                    note_placed(books, without_group)
                entered.append((one, is_followed))
        return entered

    def _tell(self, one: _Scored, *, is_followed: bool) -> None:
        """What else became of the month, beside its verdict."""
        own_forms = one.made.order.own_forms
        told = [f"并入{len(own_forms)}份自评表"] if own_forms else []
        if is_followed:
            told += self.later.follow(one.result.group, one.result.period).in_words
        if told:
            assert one.case.report is not None
            one.case.report = replace(one.case.report, note=f"{'；'.join(told)}。")

    def _clear_returned(self, outbox: Outbox, group: str, period: Period) -> None:
        """What came back of this month is put right; what came back of other months is still to be done."""
        folder = f"{safe_file_name(group)}/{RETURNED}"
        if not any(path.startswith(f"{folder}/") for path in (*outbox.placed, *outbox.intended)):
            return
        with self.ledger.reading() as books:
            owners = books.journal.owners_of_returned(folder)
        still_open = [
            path
            for path, claim in owners.items()
            if claim.result is not None and claim.result.period not in {None, period}
        ]
        outbox.drop_others(folder, kept=still_open)

    def _clear_without_group(self, case: DroppedFile) -> Outbox | None:
        """A file that came back before anyone could tell its group is put right, too, once it is accepted."""
        about_it = self.came_back.get(unmarked(case.name))
        if about_it is None:
            return None
        outbox = self.maker.outboxes.of(RETURNED)
        outbox.drop(about_it)
        return outbox

    def _unchanged(self, case: DroppedFile) -> None:
        assert case.decision is not None
        report = FileReport(case.name, Status.UNCHANGED, *case.month, case.decision.revision)
        self.answers.give(case, report)

    def _wait(self, case: DroppedFile) -> None:
        submission = case.submission
        correction = WaitingCorrection(
            submission.group,
            submission.period,
            submission.sha256,
            case.name,
            str(submission.labels[CORRECTION_REASON]),
            self.today,
        )
        report = FileReport(
            case.name,
            Status.WAITING,
            submission.group,
            submission.period,
            findings=case.findings,
            note=WAITS_FOR_HR,
        )
        self.answers.give(case, report, change=lambda books: books.corrections.wait(correction))


def came_back_without_group(books: Transaction) -> CameBack:
    """What earlier passes gave back without being able to tell whose it was."""
    papers: defaultdict[PurePath, list[str]] = defaultdict(list)
    for path, owner in books.journal.owners_of_returned(RETURNED).items():
        papers[unmarked(owner.dropped.file)].append(path)
    return papers


def _accepted(one: _Scored, placement: Placement) -> FileReport:
    return FileReport(
        one.case.name,
        Status.ACCEPTED,
        one.result.group,
        one.result.period,
        one.result.revision,
        one.case.findings,
        tuple(f"outbox/{path}" for path in placement.paths),
    )


def _standard(case: DroppedFile) -> tuple[str, int]:
    """Months by one version of a scheme follow each other."""
    assert case.sealed is not None
    assert case.sealed.standard is not None
    return case.sealed.standard
