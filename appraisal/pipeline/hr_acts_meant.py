"""What an act of HR is about, and whether it can be meant: the same for a verb and for a row of HR's sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from appraisal.findings.finding import finding
from appraisal.hr.facts import PeriodFacts
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Revision
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.filed_papers import filed_appeals
from appraisal.scheme.forms.hr_acts import ACTS, FORCED, ActKind
from appraisal.text import key
from appraisal.validation.other_forms import is_too_far, wrong_day


def on_a_known_day(context: RunContext, clock: date) -> RunContext:
    """The context of a verb whose `--date` is the day of the act: that says today only where it is near.

    Near the clock, or the day on which the workspace was last at work: a year that is typed wrong makes no new year.
    """
    with context.ledger.reading() as transaction:
        latest = max(clock, transaction.pending_hr_folders.last_day() or clock)
    is_far = is_too_far(context.today, latest, context.setup.settings.extra_holidays)
    return replace(context, today=latest) if is_far else context


def group_by_group(context: RunContext, act: Act, transaction: Transaction) -> Sequence[Act]:
    """The act itself; 下发 of every group as one act for each that is handed in and not issued."""
    if act.kind is not ActKind.ISSUE or act.group is not None:
        return [act]
    facts = _facts(context, act, transaction)
    waiting = [one.group for one in facts.months if not one.is_issued]
    if facts.missing_groups and not act.is_forced:
        raise ActRefused(
            f"{act.month_in_words} 还有{'、'.join(facts.missing_groups)}没有报送，不能全部下发。"
            "请等报齐，或逐组下发；要先下发已报的各组，“仍要办理”选“是”（命令加 --force）。"
        )
    if not waiting:
        raise ActRefused(f"{act.month_in_words} 没有待下发的考核结果，请核对考核月份。")
    return [replace(act, group=group) for group in waiting]


def _facts(context: RunContext, act: Act, transaction: Transaction) -> PeriodFacts:
    setup = context.setup
    return PeriodFacts(transaction, act.period, context.today, setup.roster, setup.settings)


def must_say_why(act: Act) -> None:
    """What undoes something, answers somebody or is done in spite of a doubt has its ground. Raises ActRefused."""
    asked = next(one for one in ACTS if one.kind is act.kind)
    if (act.is_forced or asked.needs_reason) and not act.reason.strip():
        which = asked.name if asked.needs_reason else f"{FORCED}的（--force）"
        raise ActRefused(f"{which}要写明原因，请补上原因（--reason）后再办。")


def must_be_plausible(context: RunContext, act: Act) -> None:
    """No day that cannot be meant, unless HR means it. Raises ActRefused."""
    if act.is_forced:
        return
    wrong = wrong_day(act.kind, act.period, act.on, context.today, context.setup.settings.extra_holidays)
    if wrong is not None:
        told = finding(wrong.code, **wrong.gaps)
        raise ActRefused(f"{told.message}{told.remedy}")


def staff_meant(act: Act, transaction: Transaction) -> str | None:
    """The id of the person: HR may have written the name, where nobody else in the group has it."""
    names = {
        staff: name
        for (group, staff), name in transaction.months.names(act.period).items()
        if group == act.group
    }
    if act.staff is None or act.staff in names:
        return act.staff
    same = [staff for staff, name in names.items() if key(name) == key(act.staff)]
    if len(same) > 1:
        raise ActRefused(f"{act.month_in_words} 有{len(same)}位{act.staff}：{'、'.join(same)}。请写明工号。")
    return same[0] if same else act.staff


def must_be_handed_in(context: RunContext, act: Act, transaction: Transaction) -> None:
    """Nobody is shut out by mistake. Raises ActRefused."""
    if act.kind is not ActKind.CLOSE or act.is_forced:
        return
    missing = _facts(context, act, transaction).missing_groups
    if act.group is not None:
        missing = () if act.group in transaction.months.groups_handed_in(act.period) else (act.group,)
    if missing:
        raise ActRefused(
            f"{act.period} 还有{'、'.join(missing)}没有报送，关账以后就不能再报。请等报齐；"
            "确实要关账的，“仍要办理”选“是”（命令加 --force），并写明原因。"
        )


def must_be_after_hand_in(act: Act, current: Revision, transaction: Transaction) -> None:
    """A notice is never older than the figures in it. Raises ActRefused."""
    revisions = transaction.months.revisions(current.group, current.period)
    same = [one for one in revisions if one.making.submission == current.making.submission]
    handed_in = min(one.making.made_on for one in same)
    if act.on < handed_in:
        raise ActRefused(
            f"{act.month_in_words} 的上报表 {handed_in} 才受理，下发的日期不能早于这一天。"
            "请核对日期；确实要这样办的，“仍要办理”选“是”（命令加 --force）。"
        )


def must_have_no_filed_appeal(context: RunContext, act: Act) -> None:
    """A form in the month's folder tells of an appeal, also where a restored ledger does not. Raises ActRefused."""
    assert act.group is not None
    if filed := filed_appeals(context.workspace.outbox, act.group, act.period):
        names = "、".join(path.name for path in filed)
        raise ActRefused(f"{act.month_in_words} 已有人申诉（月份文件夹里有 {names}），下发日期不能再改。")
