"""人事办理单 dropped by HR: carried out whole or not at all, in the order of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from appraisal.findings.finding import Finding, finding
from appraisal.intake.hr_acts import LEFT_OPEN, Act, ActsReading, RequestedAct
from appraisal.ledger.ledger import Transaction
from appraisal.pipeline.came_back import remove_what_came_back
from appraisal.pipeline.check import check_paper
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.hr_acts import ActsRefused, Done, carry_out, rehearsed
from appraisal.pipeline.placing import note_placed, open_outbox
from appraisal.pipeline.reply import clear_inbox, give_back, not_placed, note_result, reply_unchanged
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.hr_acts import ACTED_ON, REASON
from appraisal.workspace.names import HR_FOLDER, RETURNED, has_hr_folder, reserved_name_like, returned_folder

_HR_RETURNED = returned_folder(HR_FOLDER)


def take_hr_acts(context: RunContext, dropped: DroppedFile) -> None:
    """Carry out what HR's sheet asks for, or give it back with every row marked that cannot be done."""
    assert isinstance(dropped.paper, ActsReading)
    misplaced = _misplaced(context, dropped)
    found = check_paper(dropped.paper, context.setup, today=context.today)
    dropped.findings = (*misplaced, *dropped.findings, *found)
    if _was_done(context, dropped):
        note = "这张单以前已经办理，没有再办。"
        reply_unchanged(context, dropped, note)
    elif dropped.is_faulty:
        if not misplaced:
            dropped.add(*_more_refusals(context, dropped))
        give_back(context, dropped, RETURNED if misplaced else _HR_RETURNED)
    else:
        _carry_out_sheet(context, dropped, dropped.paper.acts)


def _misplaced(context: RunContext, dropped: DroppedFile) -> tuple[Finding, ...]:
    """HR's word counts where HR alone may drop: in its own folder of the inbox.

    Where there is no such folder, settings may let the inbox itself serve; never a group's folder, which is the
    authority of that group's manager, and never one that only looks like HR's.
    """
    if dropped.is_from_hr:
        return ()
    if not has_hr_folder(context.workspace.inbox):
        if dropped.folder_group is None and context.setup.settings.acts_from_inbox:
            return ()
        return (finding("act.no_hr_folder"),)
    folder = dropped.folder_group or "收件夹"
    is_like_it = reserved_name_like(folder) == HR_FOLDER
    return (finding("act.lookalike_folder" if is_like_it else "act.wrong_folder", folder=folder),)


def _was_done(context: RunContext, dropped: DroppedFile) -> bool:
    with context.ledger.reading() as transaction:
        claims = transaction.journal.claims_of(dropped.claimed.sha256)
    done = Status.ACCEPTED.value
    return any(one.id != dropped.id and one.result and one.result.status == done for one in claims)


def _more_refusals(context: RunContext, dropped: DroppedFile) -> list[Finding]:
    """What the ledger has against rows whose faults are no more than when, by whom and why: HR is told all at once."""
    assert isinstance(dropped.paper, ActsReading)
    told = {(one.sheet, one.cell) for one in dropped.findings}
    asked: list[RequestedAct] = []
    acts: list[Act] = []
    for one in dropped.paper.clear:
        faulty = {name for name, cell in one.addresses.items() if (one.sheet, cell) in told}
        if faulty <= set(LEFT_OPEN):
            asked.append(one)
            on = context.today if ACTED_ON in faulty else one.act.on
            acts.append(replace(one.act, on=on, reason=one.act.reason or REASON))
    try:
        rehearsed(context, acts)
    except ActsRefused as refused:
        return [_refusal(asked[at], sentence) for at, sentence in refused.sentences.items()]
    return []


def _carry_out_sheet(context: RunContext, dropped: DroppedFile, asked: Sequence[RequestedAct]) -> None:
    outbox = open_outbox(context, _HR_RETURNED, claim=dropped.id)

    def beside(transaction: Transaction, done: Sequence[Done]) -> None:
        outbox.clear(_HR_RETURNED)
        note_placed(transaction, outbox)
        note_result(transaction, dropped, _report(dropped, done))

    try:
        done = carry_out(context, [one.act for one in asked], claim=dropped.id, beside=beside)
    except ActsRefused as refused:
        dropped.add(*(_refusal(asked[at], sentence) for at, sentence in refused.sentences.items()))
        give_back(context, dropped, _HR_RETURNED)
    except OSError as error:
        not_placed(context, dropped, error)
    else:
        dropped.report = _report(dropped, done)
        put_right = remove_what_came_back(context, dropped.came_back)
        with context.ledger.writing() as transaction:
            for one in put_right:
                note_placed(transaction, one)
        clear_inbox(context, dropped)


def _report(dropped: DroppedFile, done: Sequence[Done]) -> FileReport:
    outputs = tuple(dict.fromkeys(path for one in done for path in one.outputs))
    note = "".join((*(one.in_words() for one in done), *(told for one in done for told in one.warnings)))
    return FileReport(dropped.name, Status.ACCEPTED, findings=dropped.findings, outputs=outputs, note=note)


def _refusal(asked: RequestedAct, sentence: str) -> Finding:
    return finding("act.refused", sheet=asked.sheet, cell=asked.cell, sentence=sentence)
