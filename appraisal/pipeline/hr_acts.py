"""HR's acts (人事办理), asked for by a verb or on 人事办理单: papers made again, the ledger written, later months followed.

Acts that belong together are carried out whole or not at all, in their order: they are rehearsed in a
transaction that is taken back, then their papers are placed, then they are written in one transaction.
An interruption before its end has changed nothing but papers that the next try writes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from appraisal.errors import Signal
from appraisal.findings.finding import Finding, finding
from appraisal.hr.letters import letters_after
from appraisal.intake.hr_acts import LEFT_OPEN, Act, ActsReading, RequestedAct
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MoneyLine
from appraisal.pipeline.after_a_pass import FinishingStep, finish_act
from appraisal.pipeline.check import check_paper
from appraisal.pipeline.context import RunContext, count_pass
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.hr_act_effects import ActEffect, effect_of
from appraisal.pipeline.placing import note_placed, open_outbox, place
from appraisal.pipeline.recompute import NOTHING_RECOMPUTED, Recalculation, recompute_later_months
from appraisal.pipeline.reply import (
    clear_inbox,
    give_back,
    not_placed,
    note_result,
    reply_unchanged,
    was_taken_before,
)
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.returned_files import remove_receipts, remove_what_came_back
from appraisal.scheme.forms.hr_acts import ACT_NAMES, ACTED_ON, REASON, ActKind
from appraisal.validation.other_forms import is_too_far
from appraisal.workspace.names import (
    HR_FOLDER,
    RETURNED,
    has_hr_folder,
    month_folder,
    reserved_name_like,
    returned_folder,
    safe_file_name,
)
from appraisal.workspace.outbox import Outbox, former_edition


@dataclass(frozen=True, slots=True)
class PerformedAct:
    """What an act did: papers written (paths in the workspace), money lines, later months made anew.

    `warnings` are Chinese sentences about what went amiss beside it, or what it took no notice of.
    """

    act: Act
    outputs: tuple[str, ...] = ()
    lines: tuple[MoneyLine, ...] = ()
    recomputed: Recalculation = NOTHING_RECOMPUTED
    revision: int | None = None
    warnings: tuple[str, ...] = ()

    def in_words(self) -> str:
        """One Chinese line for the console and the receipt."""
        parts = [f"{ACT_NAMES[self.act.kind]}：{self.act.month_in_words}，已办理"]
        if self.lines:
            parts.append(f"记入{len(self.lines)}条奖励与提成调整")
        parts += self.recomputed.in_words
        return "；".join(parts) + "。"


Beside = Callable[[Transaction, Sequence[PerformedAct]], None]
"""What is written in the same transaction as the acts."""


class ActsRefused(Signal):
    """Acts that do not fit the state of their months, by their place: Chinese sentences; nothing was done."""

    def __init__(self, sentences: Mapping[int, str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


def perform(context: RunContext, act: Act, *, then: FinishingStep = finish_act) -> PerformedAct:
    """Carry one act out, then what follows: HR's folder says so, and what goes out by itself is sent.

    Raises ActRefused with one Chinese sentence where it does not fit the state of its month, OSError if papers
    cannot be placed.
    """
    try:
        done = _together(act, carry_out(context, [act]))
    except ActsRefused as refused:
        raise ActRefused(refused.sentences[0]) from None
    warnings = (*done.warnings, *context.ledger.warnings, *then(context))
    count_pass(context)
    return replace(done, warnings=warnings)


def on_a_known_day(context: RunContext, clock: date) -> RunContext:
    """The context of a verb whose `--date` is the day of its act, which stands for today only where it is near.

    Near the clock or the day on which the workspace was last at work: a mistyped year must not begin a new one.
    """
    with context.ledger.reading() as transaction:
        latest = max(clock, transaction.pending_hr_folders.last_day() or clock)
    is_far = is_too_far(context.today, latest, context.setup.settings.extra_holidays)
    return replace(context, today=latest) if is_far else context


def _together(act: Act, done: Sequence[PerformedAct]) -> PerformedAct:
    """What an act on every group did, as one."""
    if len(done) == 1:
        return done[0]
    return PerformedAct(
        act,
        outputs=tuple(path for done_act in done for path in done_act.outputs),
        lines=tuple(line for done_act in done for line in done_act.lines),
        warnings=tuple(warning for done_act in done for warning in done_act.warnings),
    )


def carry_out(
    context: RunContext,
    acts: Sequence[Act],
    *,
    claim: int | None = None,
    beside: Beside = lambda _transaction, _done: None,
) -> tuple[PerformedAct, ...]:
    """Carry all of them out, or none; what each did, group by group where one is about every group.

    Raises ActsRefused, and OSError if papers cannot be placed.

    `claim` is HR's sheet in the journal, `beside` what is written along with the acts.
    """
    effects = rehearsed(context, acts)
    outboxes: dict[str, Outbox] = {}
    outputs = [_place(context, effect, outboxes, claim) for effect in effects]
    with context.ledger.writing() as transaction:
        done = []
        for effect, paths in zip(effects, outputs, strict=True):
            lines = _write(effect, transaction)
            revision = effect.made[0].revision if effect.made else None
            done.append(PerformedAct(effect.act, paths, lines, revision=revision, warnings=effect.told))
        for outbox in outboxes.values():
            note_placed(transaction, outbox)
        beside(transaction, done)
    for act in acts:
        if act.kind is ActKind.CLOSE:
            _remove_receipts(context, act)
    return tuple(
        replace(done_act, recomputed=recompute_later_months(context, *effect.month))
        if effect.changes_later
        else done_act
        for effect, done_act in zip(effects, done, strict=True)
    )


def _remove_receipts(context: RunContext, closing: Act) -> None:
    """Those of the month; and of what came for a month shortly before after that was closed, a plan above all."""
    with context.ledger.reading() as transaction:
        claims = transaction.journal.of_month(closing.period, closing.group)
        for period in (closing.period.shifted(-back) for back in (1, 2, 3)):
            groups = [closing.group] if closing.group else transaction.months.groups_handed_in(period)
            for group in groups:
                if transaction.months.is_closed(group, period):
                    claims |= transaction.journal.of_month(period, group)
    remove_receipts(context, of=claims)


def rehearsed(context: RunContext, acts: Sequence[Act]) -> list[ActEffect]:
    """What they come to, one after the other; nothing is kept. Raises ActsRefused with all that cannot be done."""
    effects: list[ActEffect] = []
    refused: dict[int, str] = {}
    with context.ledger.rehearsing() as transaction:
        for index, act in enumerate(acts):
            try:
                with transaction.attempt():
                    for group_act in _group_by_group(context, act, transaction):
                        before = (
                            transaction.months.get(group_act.group, group_act.period)
                            if group_act.group
                            else None
                        )
                        effect = effect_of(context, group_act, transaction)
                        lines = _write(effect, transaction)
                        letters = letters_after(
                            effect.act, before, lines, transaction, context.setup.settings
                        )
                        warnings = effect.told
                        if act.group is not None:  # what is issued of every group at once may bear one number
                            warnings += _same_number(effect.act, transaction)
                        effects.append(replace(effect, letters=letters, told=warnings))
            except ActRefused as refusal:
                refused[index] = str(refusal)
    if refused:
        raise ActsRefused(refused)
    return effects


def _same_number(act: Act, transaction: Transaction) -> tuple[str, ...]:
    """Where other groups' notices of the month bear the number too: perhaps HR mistyped it."""
    if act.kind not in _NUMBERED or act.document_number is None:
        return ()
    others = [
        month.group
        for month in transaction.months.of_period(act.period)
        if month.group != act.group and month.document_number == act.document_number
    ]
    sentence = (
        f"{act.month_in_words} 的文号“{act.document_number}”，{'、'.join(others)}这个月的通报也在用，请核对；"
        "下发的文号写错了，可以办“改下发日期”改正。"
    )
    return (sentence,) if others else ()


_NUMBERED = {ActKind.ISSUE, ActKind.REISSUE, ActKind.APPROVE_CORRECTION, ActKind.RESCORE}


def _group_by_group(context: RunContext, act: Act, transaction: Transaction) -> Sequence[Act]:
    """The act itself; 下发 of every group as one act for each that is handed in and not issued."""
    if act.kind is not ActKind.ISSUE or act.group is not None:
        return [act]
    facts = context.facts(transaction, act.period)
    waiting = [month.group for month in facts.months if not month.is_issued]
    if facts.missing_groups and not act.is_forced:
        raise ActRefused(
            f"{act.month_in_words} 还有{'、'.join(facts.missing_groups)}没有报送，不能全部下发。"
            "请等报齐，或逐组下发；要先下发已报的各组，“仍要办理”选“是”（命令加 --force）。"
        )
    if not waiting:
        raise ActRefused(f"{act.month_in_words} 没有待下发的考核结果，请核对考核月份。")
    return [replace(act, group=group) for group in waiting]


def _place(
    context: RunContext, effect: ActEffect, outboxes: dict[str, Outbox], claim: int | None
) -> tuple[str, ...]:
    if effect.made is None and effect.retires is None and not effect.letters:
        return ()
    group, period = effect.month
    folder = safe_file_name(group)
    if folder not in outboxes:
        outboxes[folder] = open_outbox(context, folder, claim=claim)
    if effect.retires is not None:
        outboxes[folder].retire(month_folder(group, period), former_edition(effect.retires))
    paths = place(context, outboxes[folder], *effect.made) if effect.made else []
    if effect.letters:
        letters = outboxes[folder].place(month_folder(group, period), effect.letters)
        context.files.sync(context.workspace.outbox / path for path in letters)
        paths += letters
    return tuple(f"outbox/{path}" for path in paths)


def _write(effect: ActEffect, transaction: Transaction) -> tuple[MoneyLine, ...]:
    lines = effect.write(transaction) or ()
    transaction.pending_hr_folders.note(effect.act.period)
    if effect.changes_later:
        transaction.pending_recalculations.note(*effect.month)
    return lines


# ------------------------------------------------------------------------------------ 人事办理单

_HR_RETURNED = returned_folder(HR_FOLDER)


def take_hr_acts(context: RunContext, dropped: DroppedFile) -> None:
    """Carry out what HR's sheet asks for, or give it back with every row marked that cannot be done."""
    assert isinstance(dropped.paper, ActsReading)
    misplaced = _misplaced(context, dropped)
    found = check_paper(dropped.paper, context.setup, today=context.today)
    dropped.findings = (*misplaced, *dropped.findings, *found)
    if was_taken_before(context, dropped, Status.ACCEPTED):
        reply_unchanged(context, dropped, "这张单以前已经办理，没有再办。")
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


def _more_refusals(context: RunContext, dropped: DroppedFile) -> list[Finding]:
    """What the ledger has against rows whose faults are no more than when, by whom and why: HR is told all at once."""
    assert isinstance(dropped.paper, ActsReading)
    marked = {(problem.sheet, problem.cell) for problem in dropped.findings}
    asked: list[RequestedAct] = []
    acts: list[Act] = []
    for row in dropped.paper.clear:
        faulty = {name for name, cell in row.addresses.items() if (row.sheet, cell) in marked}
        if faulty <= set(LEFT_OPEN):
            asked.append(row)
            on = context.today if ACTED_ON in faulty else row.act.on
            acts.append(replace(row.act, on=on, reason=row.act.reason or REASON))
    try:
        rehearsed(context, acts)
    except ActsRefused as refused:
        return [_refusal(asked[index], sentence) for index, sentence in refused.sentences.items()]
    return []


def _carry_out_sheet(context: RunContext, dropped: DroppedFile, asked: Sequence[RequestedAct]) -> None:
    outbox = open_outbox(context, _HR_RETURNED, claim=dropped.id)

    def beside(transaction: Transaction, done: Sequence[PerformedAct]) -> None:
        outbox.drop_others(_HR_RETURNED, kept=())
        note_placed(transaction, outbox)
        note_result(transaction, dropped, _report(dropped, done))

    try:
        done = carry_out(context, [row.act for row in asked], claim=dropped.id, beside=beside)
    except ActsRefused as refused:
        dropped.add(*(_refusal(asked[index], sentence) for index, sentence in refused.sentences.items()))
        give_back(context, dropped, _HR_RETURNED)
    except OSError as error:
        not_placed(context, dropped, error)
    else:
        dropped.report = _report(dropped, done)
        put_right = remove_what_came_back(context, dropped.came_back)
        with context.ledger.writing() as transaction:
            for emptied in put_right:
                note_placed(transaction, emptied)
        clear_inbox(context, dropped)


def _report(dropped: DroppedFile, done: Sequence[PerformedAct]) -> FileReport:
    outputs = tuple(dict.fromkeys(path for done_act in done for path in done_act.outputs))
    note = "".join(
        (
            *(done_act.in_words() for done_act in done),
            *(warning for done_act in done for warning in done_act.warnings),
        )
    )
    return dropped.report_as(Status.ACCEPTED, note, outputs=outputs)


def _refusal(asked: RequestedAct, sentence: str) -> Finding:
    return finding("act.refused", sheet=asked.sheet, cell=asked.cell, sentence=sentence)
