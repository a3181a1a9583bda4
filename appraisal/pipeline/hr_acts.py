"""HR's acts (人事办理), carried out: papers made again, the ledger written, later months followed.

Acts that belong together are carried out whole or not at all, in their order: they are rehearsed in a
transaction that is taken back, then their papers are placed, then they are written in one transaction.
An interruption before its end has changed nothing but papers that the next try writes again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from appraisal.errors import Signal
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MoneyLine
from appraisal.pipeline.came_back import remove_receipts
from appraisal.pipeline.context import RunContext, count_pass
from appraisal.pipeline.follow_up import FollowUp, follow_act
from appraisal.pipeline.hr_act_effects import ActEffect, effect_of
from appraisal.pipeline.hr_acts_meant import group_by_group
from appraisal.pipeline.letters import letters_after
from appraisal.pipeline.placing import note_placed, open_outbox, place_into
from appraisal.pipeline.recompute import NOTHING_FOLLOWED, Followed, follow
from appraisal.scheme.forms.hr_acts import ACT_NAMES, ActKind
from appraisal.workspace.names import month_folder, safe_file_name
from appraisal.workspace.outbox import Outbox, former_edition


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: papers written (paths in the workspace), money lines, later months made anew.

    `warnings` are Chinese sentences about what went amiss beside it, or what it took no notice of.
    """

    act: Act
    outputs: tuple[str, ...] = ()
    lines: tuple[MoneyLine, ...] = ()
    followed: Followed = NOTHING_FOLLOWED
    revision: int | None = None
    warnings: tuple[str, ...] = ()

    def in_words(self) -> str:
        """One Chinese line for the console and the receipt."""
        parts = [f"{ACT_NAMES[self.act.kind]}：{self.act.month_in_words}，已办理"]
        if self.lines:
            parts.append(f"记入{len(self.lines)}条奖励与提成调整")
        parts += self.followed.in_words
        return "；".join(parts) + "。"


Beside = Callable[[Transaction, Sequence[Done]], None]
"""What is written in the same transaction as the acts."""


class ActsRefused(Signal):
    """Acts that do not fit the state of their months, by their place: Chinese sentences; nothing was done."""

    def __init__(self, sentences: Mapping[int, str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


def perform(context: RunContext, act: Act, *, then: FollowUp = follow_act) -> Done:
    """Carry one act out, then what follows: HR's folder says so, and what goes out by itself is sent.

    Raises ActRefused with one Chinese sentence where it does not fit the state of its month, OSError if papers
    cannot be placed.
    """
    try:
        done = _together(act, carry_out(context, [act]))
    except ActsRefused as refused:
        raise ActRefused(refused.sentences[0]) from None
    warnings = (*done.warnings, *context.ledger.warnings, *then(context))
    count_pass(context.workspace, context.ledger, context.files)
    return replace(done, warnings=warnings)


def _together(act: Act, done: Sequence[Done]) -> Done:
    """What an act on every group did, as one."""
    if len(done) == 1:
        return done[0]
    return Done(
        act,
        outputs=tuple(path for one in done for path in one.outputs),
        lines=tuple(line for one in done for line in one.lines),
        warnings=tuple(told for one in done for told in one.warnings),
    )


def carry_out(
    context: RunContext,
    acts: Sequence[Act],
    *,
    claim: int | None = None,
    beside: Beside = lambda _transaction, _done: None,
) -> tuple[Done, ...]:
    """Carry all of them out, or none; what each did, group by group where one is about every group.

    Raises ActsRefused, and OSError if papers cannot be placed.

    `claim` is HR's sheet in the journal, `beside` what is written along with the acts.
    """
    effects = rehearsed(context, acts)
    outboxes: dict[str, Outbox] = {}
    outputs = [_place(context, one, outboxes, claim) for one in effects]
    with context.ledger.writing() as transaction:
        done = []
        for effect, paths in zip(effects, outputs, strict=True):
            lines = _write(effect, transaction)
            revision = effect.made[0].revision if effect.made else None
            done.append(Done(effect.act, paths, lines, revision=revision, warnings=effect.told))
        for outbox in outboxes.values():
            note_placed(transaction, outbox)
        beside(transaction, done)
    for act in acts:
        if act.kind is ActKind.CLOSE:
            _remove_receipts(context, act)
    return tuple(
        replace(one, followed=follow(context, *effect.month)) if effect.changes_later else one
        for effect, one in zip(effects, done, strict=True)
    )


def _remove_receipts(context: RunContext, closing: Act) -> None:
    with context.ledger.reading() as transaction:
        claims = transaction.journal.of_month(closing.period, closing.group)
    remove_receipts(context.workspace, context.ledger, context.files, of=claims)


def rehearsed(context: RunContext, acts: Sequence[Act]) -> list[ActEffect]:
    """What they come to, one after the other; nothing is kept. Raises ActsRefused with all that cannot be done."""
    effects: list[ActEffect] = []
    refused: dict[int, str] = {}
    with context.ledger.rehearsing() as transaction:
        for at, act in enumerate(acts):
            try:
                with transaction.attempt():
                    for one in group_by_group(context, act, transaction):
                        before = transaction.months.get(one.group, one.period) if one.group else None
                        effect = effect_of(context, one, transaction)
                        lines = _write(effect, transaction)
                        letters = letters_after(
                            effect.act, before, lines, transaction, context.setup.settings
                        )
                        effects.append(replace(effect, letters=letters))
            except ActRefused as refusal:
                refused[at] = str(refusal)
    if refused:
        raise ActsRefused(refused)
    return effects


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
    paths = place_into(context, outboxes[folder], *effect.made) if effect.made else []
    if effect.letters:
        letters = outboxes[folder].place(month_folder(group, period), effect.letters)
        context.files.sync(context.workspace.outbox / path for path in letters)
        paths += letters
    return tuple(f"outbox/{path}" for path in paths)


def _write(effect: ActEffect, transaction: Transaction) -> tuple[MoneyLine, ...]:
    lines = effect.write(transaction)
    transaction.pending_hr_folders.note(effect.act.period)
    if effect.changes_later:
        transaction.pending_recalculations.note(*effect.month)
    return lines
