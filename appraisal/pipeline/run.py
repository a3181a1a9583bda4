"""One pass from inbox to outbox.

Claim the files (archive, journal), read each in a killable process, check and decide, then take them kind by
kind: self-assessments, which the managers' workbooks take in; workbooks; plans; appeals; what was signed; HR's acts, last, so that a month
may be dropped and issued in one pass. HR's folder says what came of it all. A step may be interrupted at any
instant: the next pass does it again and ends in the same place.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from appraisal.findings.finding import Finding, finding
from appraisal.intake.acknowledgements import RegisterReading, ScanReading
from appraisal.intake.hr_acts import ActsReading
from appraisal.intake.plans_and_appeals import AppealReading, InterviewReading, PlanReading
from appraisal.intake.roster_file import RosterReading
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import Reading
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.records import FileResult, InboxFile, Step
from appraisal.pipeline.acknowledgements import take_register, take_scan
from appraisal.pipeline.after_a_pass import FinishingStep, finish_pass
from appraisal.pipeline.context import RunContext, count_pass, open_context
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.hr_acts import take_hr_acts
from appraisal.pipeline.plans_and_appeals import take_appeal, take_plan, take_talk
from appraisal.pipeline.reading import finding_of, start_reading
from appraisal.pipeline.recompute import resume_recomputing
from appraisal.pipeline.reply import fail, isolate_failure, remove_answered, reply_again
from appraisal.pipeline.reports import (
    BrokenOff,
    FileReport,
    PassReport,
    Status,
    missing_inbox,
    unseen_warnings,
    waiting_findings,
)
from appraisal.pipeline.returned_files import note_what_came_back
from appraisal.pipeline.self_assessments import keep_self_assessments, put_in_self_assessments
from appraisal.pipeline.setup import Setup
from appraisal.pipeline.setup_changes import refuse_changed_rules, take_roster
from appraisal.pipeline.workbook_checks import check_and_decide, give_back_faulty
from appraisal.pipeline.workbooks import Progress, take_workbooks
from appraisal.processes.sandbox import Sandbox, Stopped
from appraisal.scoring.deadlines import is_arranged
from appraisal.text import one_line
from appraisal.workspace.archive import TryAgainLater, archive_file
from appraisal.workspace.files import REAL_FILES, Files, reason_of
from appraisal.workspace.inbox import InboxState, is_gone, observe_inbox
from appraisal.workspace.names import is_in_hr_folder, original_name
from appraisal.workspace.paths import Workspace

AT_ONCE = 32
"""Files that are entered into the journal in one transaction."""


def no_progress(_done: int, _of: int, _what: str) -> None:
    """Nobody wants to know."""


def run_once(
    workspace: Workspace,
    setup: Setup,
    *,
    today: date,
    ledger_url: str | None = None,
    executor: Executor | None = None,
    progress: Progress = no_progress,
    files: Files = REAL_FILES,
) -> PassReport:
    """Observe the inbox (twice, where something is still arriving), and take what lies ready.

    Raises ChangedRulesError, and what `open_context` does.
    """
    lost = missing_inbox(workspace)
    found = observe_inbox(workspace.made().inbox)
    sandbox = Sandbox(workers=1 if len(found.ready) == 1 else 2)
    with open_context(
        workspace,
        setup,
        today=today,
        ledger=ledger_url,
        executor=executor,
        sandbox=sandbox,
        files=files,
    ) as context:
        report = run_in(context, found, progress=progress)
    return report if lost is None else replace(report, warnings=(lost, *report.warnings))


def run_in(
    context: RunContext,
    found: InboxState,
    *,
    progress: Progress = no_progress,
    then: FinishingStep = finish_pass,
) -> PassReport:
    """The pass in a workspace that is open already. Raises ChangedRulesError."""
    refuse_changed_rules(context.setup.rulebook, context.ledger)
    try:
        return take_all(context, found, progress=progress, then=then)
    except BrokenOff as broken:
        return PassReport(broken.reports, broken_off=f"{broken.cause}上面没有列出的文件还在收件夹里。")


def take_all(
    context: RunContext,
    found: InboxState,
    *,
    progress: Progress = no_progress,
    then: FinishingStep = finish_pass,
) -> PassReport:
    """Take what lies ready, then what follows. Raises BrokenOff where files were done with by then."""
    taken = take_files(context, found.ready, progress=progress)
    try:
        followed = then(context)
    except LedgerError as error:
        raise _broken_off(taken.reports, error) from error
    warnings = (
        *unseen_warnings(found.unseen, context.workspace.inbox),
        *context.ledger.warnings,
        *taken.warnings,
        *followed,
    )
    not_ready = waiting_findings(found.not_ready, context.now()) | taken.later
    return PassReport(taken.reports, found.ignored, not_ready, warnings)


@dataclass(frozen=True, slots=True)
class TakenFiles:
    """What became of the files, why some are to be tried again later, and Chinese sentences about former passes.

    `left` names those that are answered and could not be removed from the inbox.
    """

    reports: list[FileReport]
    later: dict[str, Finding]
    warnings: list[str]
    left: list[str]


def take_files(context: RunContext, ready: Sequence[Path], *, progress: Progress = no_progress) -> TakenFiles:
    """Take the files that lie ready. HR's folder is left to `renew_hr_folder`: nobody at the inbox waits for it.

    The same bytes, or the same content, under two names are taken one after the other: the second is judged
    by what became of the first. Raises BrokenOff where the ledger can be used no longer.
    """
    _close_vanished(context)
    warnings = [f"{clause}。" for clause in resume_recomputing(context)]
    archived = _claim(context, ready)
    open_files = [dropped for dropped in archived.files if dropped.is_open]
    firsts = {dropped.copy.sha256: dropped for dropped in reversed(open_files)}
    twins = [dropped for dropped in open_files if firsts[dropped.copy.sha256] is not dropped]
    ids = frozenset(dropped.id for dropped in archived.files)
    try:
        different = [dropped for dropped in open_files if firsts[dropped.copy.sha256] is dropped]
        repeated = _take(context, different, ids, progress)
        for twin in (*twins, *repeated):
            _take(context, [twin], ids, progress)
        if ready:
            count_pass(context)
    except LedgerError as error:
        # Only what has left the inbox is certain to be in the ledger.
        gone = [
            dropped.report
            for dropped in archived.files
            if dropped.report is not None and not dropped.path.exists()
        ]
        raise _broken_off(gone, error) from error
    reports = [dropped.report for dropped in archived.files if dropped.report is not None]
    left = [dropped.name for dropped in archived.files if dropped.is_answered]
    return TakenFiles([*reports, *archived.refused], archived.later, warnings, left)


def _broken_off(reports: Sequence[FileReport], error: LedgerError) -> BrokenOff | LedgerError:
    """What tells what was done; the error itself where that is nothing."""
    return BrokenOff(reports, error) if reports else error


def _take(
    context: RunContext, dropped_files: Sequence[DroppedFile], ids: Collection[int], progress: Progress
) -> list[DroppedFile]:
    """Take the files, of a pass with these `ids` in the journal; gives those that are left, because they say what another of them says."""
    _read(context, dropped_files, progress)
    read = [dropped for dropped in dropped_files if dropped.is_open]
    note_what_came_back(context, read, ids)
    self_assessments = [dropped for dropped in read if dropped.kind is SelfReading]
    workbooks = [dropped for dropped in read if dropped.kind in {Reading, None}]

    keep_self_assessments(context, self_assessments)
    repeated = check_and_decide(context, workbooks)
    give_back_faulty(context, workbooks)
    well = [dropped for dropped in workbooks if dropped.is_open and dropped not in repeated]
    take_workbooks(context, well, progress=progress)
    put_in_self_assessments(context, self_assessments)
    steps = (
        (PlanReading, take_plan),
        (InterviewReading, take_talk),
        (AppealReading, take_appeal),
        (RegisterReading, take_register),
        (ScanReading, take_scan),
        (ActsReading, take_hr_acts),
        (RosterReading, take_roster),
    )
    for kind, take in steps:
        for dropped in read:
            if dropped.kind is kind:
                with isolate_failure(context, dropped):
                    take(context, dropped)
    return repeated


# ------------------------------------------------------------------------------------ claim and read


@dataclass(frozen=True, slots=True)
class _Archived:
    """What could be archived, why some are to be tried again later, and what the archive would not take."""

    files: list[DroppedFile]
    later: dict[str, Finding]
    refused: list[FileReport]


def _close_vanished(context: RunContext) -> None:
    """Claims of an interrupted pass whose files have left the inbox need nothing more."""
    with context.ledger.writing() as transaction:
        for entry in transaction.journal.unfinished():
            if is_gone(context.workspace.inbox / entry.dropped.file):
                result = entry.result or FileResult("ignored")
                transaction.journal.advance(entry.id, Step.CLEARED, result)


def _claim(context: RunContext, ready: Sequence[Path]) -> _Archived:
    """Each file into the archive before anything else is done with it, then into the journal."""
    inbox = context.workspace.inbox
    archived = _Archived([], {}, [])
    for path in ready:
        inside = path.relative_to(inbox)
        group = one_line(inside.parts[0]) if len(inside.parts) > 1 else None
        try:
            taken = archive_file(path, inbox, context.workspace.archive, context.files)
        except TryAgainLater:
            archived.later[inside.as_posix()] = finding("file.arriving")
        except OSError as error:  # the archive's fault: the file stays where it is
            problem = finding("submission.not_archived", reason=reason_of(error))
            archived.refused.append(FileReport(inside.as_posix(), Status.FAILED, findings=(problem,)))
        else:
            is_from_hr = is_in_hr_folder(path, inbox)
            archived.files.append(
                DroppedFile(
                    path=path,
                    name=inside.as_posix(),
                    folder_group=group,
                    copy=taken,
                    is_from_hr=is_from_hr,
                )
            )
    # What is told of a file's coming goes by the day that stands for today.
    received = datetime.combine(context.today, context.now().timetz())
    for start in range(0, len(archived.files), AT_ONCE):
        _enter(context, archived.files[start : start + AT_ONCE], received)
    return archived


def _enter(context: RunContext, dropped_files: Sequence[DroppedFile], received: datetime) -> None:
    """Into the journal: what is archived. What an interrupted pass was done with is told again."""
    with context.ledger.writing() as transaction:
        entered = []
        for dropped in dropped_files:
            taken = dropped.copy
            line = InboxFile(
                sha256=taken.sha256,
                file=dropped.name,
                folder=dropped.folder_group,
                size=taken.size,
                mtime_ns=taken.mtime_ns,
            )
            entered.append(transaction.journal.receive(line, received))
            dropped.id = entered[-1].id
            transaction.journal.advance(dropped.id, Step.ARCHIVED)
    for dropped, journal in zip(dropped_files, entered, strict=True):
        dropped.is_answered = journal.step is Step.ANSWERED
        if journal.result is not None and journal.step is Step.PLACED:
            reply_again(context, dropped, journal.result)
    remove_answered(context, [dropped for dropped in dropped_files if dropped.is_answered])


def _read(context: RunContext, dropped_files: Sequence[DroppedFile], progress: Progress) -> None:
    """The archived copy of each, in killable processes."""
    waiting = [
        start_reading(
            context.sandbox,
            context.setup,
            dropped.copy.path,
            file=original_name(dropped.path.name),
            sha256=dropped.copy.sha256,
        )
        for dropped in dropped_files
    ]
    is_arranged(context.today)  # loads the calendar meanwhile, which every month needs
    for done, (dropped, wait) in enumerate(zip(dropped_files, waiting, strict=True), start=1):
        try:
            dropped.take(wait())
        except Stopped as stopped:
            problem = finding_of(stopped)
            if problem is None:
                fail(context, dropped, str(stopped))
            else:
                dropped.findings = (problem,)
        progress(done, len(dropped_files), "读取和核对")
