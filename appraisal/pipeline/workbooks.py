"""Managers' workbooks in which nothing is wrong: appraised, placed, entered, and their files cleared away.

Months are appraised by one executor in chunks, and what a chunk came to is finished together: one
transaction says what will be written, one sync makes it safe, one transaction enters it all.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from appraisal.findings.finding import finding
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.records import RevisionKind, WaitingCorrection
from appraisal.pipeline.appraise import Appraised, Failed, RevisionRequest
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile, NextStep
from appraisal.pipeline.notice_words import NO_WORDS, HrWords, hr_words
from appraisal.pipeline.placing import note_placed, place_all
from appraisal.pipeline.recompute import recompute_later_months
from appraisal.pipeline.reply import (
    clear_inbox,
    fail,
    failed,
    give_back,
    isolate_failure,
    not_made,
    not_placed,
    note_result,
    reply,
)
from appraisal.pipeline.reports import WAITS_FOR_HR, FileReport, Status
from appraisal.pipeline.returned_files import remove_what_came_back
from appraisal.pipeline.revisions import CHUNK, Made, make_revisions, provenance_of
from appraisal.pipeline.setup import PastSetupError
from appraisal.pipeline.workbook_checks import ranked_elsewhere, warn_of_unusual_figures
from appraisal.scheme.forms.submission import CORRECTION_REASON
from appraisal.scoring.results import GroupResult
from appraisal.workspace.names import returned_folder
from appraisal.workspace.outbox import Outbox, Placement

Progress = Callable[[int, int, str], None]
"""Told how many are done, of how many, and of what in Chinese."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A dropped workbook whose month is scored and not yet placed."""

    dropped: DroppedFile
    request: RevisionRequest
    made: Appraised
    result: GroupResult


_Placed = tuple[_Scored, Placement, list[Outbox]]
"""A month whose papers lie in the outbox, and the folders that were cleared of what it puts right."""


def take_workbooks(context: RunContext, workbooks: Sequence[DroppedFile], *, progress: Progress) -> None:
    """Appraise the workbooks that are to be; say of the others what becomes of them."""
    to_appraise = []
    for dropped in workbooks:
        if dropped.decision is NextStep.APPRAISE:
            to_appraise.append(dropped)
        else:
            answer = _wait if dropped.decision is NextStep.WAIT else _unchanged
            with isolate_failure(context, dropped):
                answer(context, dropped)
    # A month's history is what the months before it came to: so months go in their order, and what they
    # change in others that were there before comes last, lest it take the number of one still to come.
    changed: list[DroppedFile] = []
    for period in sorted({dropped.month[1] for dropped in to_appraise}):
        same_month = sorted((dropped for dropped in to_appraise if dropped.period == period), key=_standard)
        by_sha256 = {dropped.copy.sha256: dropped for dropped in same_month}
        made = make_revisions(context, (_request(dropped, context) for dropped in same_month))
        done = 0
        while chunk := list(islice(made, CHUNK)):
            ours = [(by_sha256[pair[0].submission.sha256], pair) for pair in chunk]
            changed += _finish(context, ours)
            done += len(chunk)
            progress(done, len(same_month), f"计算 {period}")
    _recompute_after(context, changed)


def _standard(dropped: DroppedFile) -> tuple[str, int]:
    """Months by one version of a scheme follow each other."""
    assert dropped.standard is not None
    return dropped.standard


def _words_so_far(context: RunContext, dropped: DroppedFile) -> HrWords:
    """What HR has written into the draft that this workbook replaces."""
    with context.ledger.reading() as transaction:
        in_force = transaction.months.current(*dropped.month)
        if in_force is None:
            return NO_WORDS
        try:
            recorded = context.as_recorded(in_force[1], transaction)
        except PastSetupError:
            return NO_WORDS
        return hr_words(recorded, *in_force, transaction)


def _request(dropped: DroppedFile, context: RunContext) -> RevisionRequest:
    assert dropped.known_month is not None
    revision, replaces = dropped.known_month.next_revision, dropped.known_month.current
    kind = RevisionKind.FIRST if revision == 1 else RevisionKind.REPLACEMENT
    hers = NO_WORDS if replaces is None else _words_so_far(context, dropped)
    dropped.told = hers.told
    return RevisionRequest(
        dropped.submission,
        revision,
        context.today,
        kind,
        is_draft=True,
        replaces=replaces,
        document_number=hers.number,
        words=hers.words,
        claim=dropped.id,
    )


def _finish(context: RunContext, chunk: Sequence[tuple[DroppedFile, Made]]) -> list[DroppedFile]:
    """The months scored, placed and entered; gives those on which later months look back."""
    scored: list[_Scored] = []
    warn_of_unusual_figures(context, [(dropped, request.submission) for dropped, (request, _) in chunk])
    for dropped, (request, made) in chunk:
        if not dropped.is_open:
            continue
        with isolate_failure(context, dropped):
            if isinstance(made, Failed):
                not_made(context, dropped, made)
                continue
            dropped.add(*made.findings)
            if made.result is None:
                give_back(context, dropped)
            else:
                scored.append(_Scored(dropped, request, made, made.result))
    scored = _ranked_once(context, scored)
    _keep_for_next_pass(context, scored)
    still_open = [month for month in scored if month.dropped.is_open]
    return _accept(context, still_open) if still_open else []


def _ranked_once(context: RunContext, scored: Sequence[_Scored]) -> list[_Scored]:
    """Those in which nobody is ranked whom another group ranks in that month; the others go back."""
    with context.ledger.reading() as transaction:
        months = [(month.request.submission, month.result) for month in scored]
        found = ranked_elsewhere(context.setup, transaction, months)
    for month, findings in zip(scored, found, strict=True):
        if findings:
            month.dropped.add(*findings)
            with isolate_failure(context, month.dropped):
                give_back(context, month.dropped)
    return [month for month in scored if month.dropped.is_open]


def _keep_for_next_pass(context: RunContext, scored: Sequence[_Scored]) -> None:
    """Nothing is placed that the ledger will not take: a month that has moved on is decided about anew."""
    with context.ledger.reading() as transaction:
        moved_on = [month for month in scored if not transaction.months.takes(month.result)]
    for month in moved_on:
        failed(context, month.dropped, finding("submission.not_placed", reason="这个月的台账刚刚有变动"))


def _accept(context: RunContext, scored: Sequence[_Scored]) -> list[DroppedFile]:
    """Place the months, enter them, empty the inbox: each step for all of them together.

    Those on which later months look back stay in the inbox until these have followed; they are given.
    A mistake of ours on the way is one of them; each by itself tells which one's.
    """
    try:
        entered = _enter(context, _placed(context, scored))
    except (OSError, LedgerError):
        raise
    except Exception:  # noqa: BLE001 - whatever it is, nothing has been entered
        if len(scored) > 1:
            return [dropped for month in scored for dropped in _accept(context, [month])]
        fail(context, scored[0].dropped, traceback.format_exc())
        return []
    clear_inbox(context, *(dropped for dropped, is_followed in entered if not is_followed))
    return [dropped for dropped, is_followed in entered if is_followed]


def _placed(context: RunContext, scored: Sequence[_Scored]) -> list[_Placed]:
    """What could be placed, with what came back before out of its way; the other files wait."""
    placements = place_all(context, [(month.request, month.made) for month in scored])
    placed = []
    for month, placement in zip(scored, placements, strict=True):
        try:
            if isinstance(placement, OSError):
                raise placement
            _clear_returned(context, placement.outbox, month.dropped)
            elsewhere = remove_what_came_back(context, month.dropped.came_back)
            placed.append((month, placement, elsewhere))
        except OSError as error:
            not_placed(context, month.dropped, error)
    return placed


def _clear_returned(context: RunContext, outbox: Outbox, dropped: DroppedFile) -> None:
    """What came back of this month's workbook is put right; all else, and what this pass gave back, is still to be done."""
    folder = returned_folder(dropped.month[0])
    if not any(path.startswith(f"{folder}/") for path in (*outbox.placed, *outbox.intended)):
        return
    with context.ledger.reading() as transaction:
        owners = transaction.journal.owners_of_returned(folder)
    put_right = {claim.id for claim in dropped.came_back}
    still_open = [path for path, claim in owners.items() if claim.id not in put_right]
    outbox.drop_others(folder, kept=still_open)


def _enter(context: RunContext, placed: Sequence[_Placed]) -> list[tuple[DroppedFile, bool]]:
    """Into the ledger, all or none; whether later months look back on each."""
    entered = []
    with context.ledger.writing() as transaction:
        for month, placement, elsewhere in placed:
            provenance = provenance_of(context, transaction, month.request, month.made)
            transaction.months.record(month.result, provenance)
            is_followed = transaction.pending_recalculations.note(month.result.group, month.result.period)
            self_forms = month.request.submission.self_forms
            note = f"并入{len(self_forms)}份自评表。" if self_forms else ""
            month.dropped.report = month.dropped.report_as(
                Status.ACCEPTED,
                note + "".join(month.dropped.told),
                revision=month.result.revision,
                outputs=tuple(f"outbox/{path}" for path in placement.paths),
            )
            note_result(transaction, month.dropped, month.dropped.report, placement.outbox)
            for outbox in elsewhere:
                note_placed(transaction, outbox)
            entered.append((month.dropped, is_followed))
    return entered


def _recompute_after(context: RunContext, changed: Sequence[DroppedFile]) -> None:
    """Later months look back on these, which are in order of time: from a group's first one on, all are seen."""
    firsts = {dropped.month[0]: dropped for dropped in reversed(changed)}
    for dropped in changed:
        if dropped is firsts[dropped.month[0]]:
            with isolate_failure(context, dropped):
                _tell_of_recomputed(
                    context, dropped, recompute_later_months(context, *dropped.month).in_words
                )
    clear_inbox(context, *changed)


def _tell_of_recomputed(context: RunContext, dropped: DroppedFile, clauses: Sequence[str]) -> None:
    if clauses:
        assert dropped.report is not None
        parts = [*filter(None, [dropped.report.note.removesuffix("。")]), *clauses]
        dropped.report = replace(dropped.report, note=f"{'；'.join(parts)}。")
        with context.ledger.writing() as transaction:
            note_result(transaction, dropped, dropped.report)


def _unchanged(context: RunContext, dropped: DroppedFile) -> None:
    assert dropped.known_month is not None
    report = FileReport(dropped.name, Status.UNCHANGED, *dropped.month, dropped.known_month.current)
    reply(context, dropped, report)


def _wait(context: RunContext, dropped: DroppedFile) -> None:
    submission = dropped.submission
    warn_of_unusual_figures(context, [(dropped, submission)])
    correction = WaitingCorrection(
        group=submission.group,
        period=submission.period,
        number=dropped.id,
        sha256=submission.sha256,
        file=dropped.name,
        reason=str(submission.labels[CORRECTION_REASON]),
        received_on=context.today,
    )
    report = dropped.report_as(Status.WAITING, WAITS_FOR_HR)
    reply(context, dropped, report, change=lambda transaction: transaction.corrections.wait(correction))
