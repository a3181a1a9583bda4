"""What follows a pass or an act: HR's folder, what goes out by itself, and 下月空白表.

The blanks that lie ready follow roster and settings until their month is handed in.

A blank is made with the month before its own; a group of the roster that never had a month gets its first one,
of the month that people are busy with. When the set-up has changed, each group's is looked at once, and made
anew where it would begin otherwise now: who joins, who leaves, the scheme, the deadline.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from appraisal.errors import AppraisalError
from appraisal.intake.submission import Submission
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, Revision
from appraisal.period import Period
from appraisal.pipeline.appraise import begun_blank
from appraisal.pipeline.blanks import (
    NEXT_MONTH_FOLDER,
    begins_with,
    blank_for,
    carried_figures,
    next_month_blank,
)
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.hr_folder import renew_hr_folder
from appraisal.pipeline.placing import note_placed, open_outbox
from appraisal.pipeline.reading import read_as_made
from appraisal.pipeline.revisions import scheme_of
from appraisal.pipeline.setup import PastSetupError, Setup
from appraisal.publish.blank.workbook import NOTHING_KNOWN, Known
from appraisal.publish.templates.engine import TemplateError
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.deadlines import usual_month
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import safe_file_name

FinishingStep = Callable[[RunContext], list[str]]
"""What a pass or an act ends with; Chinese sentences about what was made anew, and what could not be done."""


def finish_pass(context: RunContext) -> list[str]:
    """Bring next month's blanks and HR's folder up to date, and send what settings want sent."""
    return [*renew_next_month_blanks(context), *finish_act(context)]


def finish_act(context: RunContext) -> list[str]:
    """What is left to do after an act of HR: its folder, and what settings want sent."""
    return [*renew_hr_folder(context), *circulate_by_itself(context)]


def circulate_by_itself(context: RunContext) -> list[str]:
    """Send what settings want sent. Without such a setting it costs nothing."""
    if not context.setup.settings.notify.does_anything_by_itself:
        return []
    # Mail and HTTP take a while to load.
    from appraisal.delivery.circulate import send_by_itself  # noqa: PLC0415

    try:
        return send_by_itself(context)
    except OSError as error:
        why = reason_of(error)
    except TemplateError as error:
        why = str(error).rstrip("。")
    return [f"自动发送没有做完（{why}），下次接着发。"]


NOTE = "next_blanks.json"
"""In the state folder: with which set-up the blanks were looked at, and which were made anew. Losing it costs time."""


@dataclass
class _Note:
    setup: str = ""
    made_anew: dict[str, list[str]] = field(default_factory=dict)
    """By group, the blank's month and what it begins with."""


def renew_next_month_blanks(context: RunContext) -> list[str]:
    """Bring the blanks up to the set-up of today; Chinese sentences about what was made anew, and what was not."""
    now = f"{usual_month(context.today)} {_fingerprint(context.setup)}"
    note = _read_note(context)
    if note.setup == now:
        return []
    with context.ledger.reading() as transaction:
        by_group = {month.group: (month, current) for month, current in transaction.months.all_current()}
        latest = by_group.values()  # each group's last month in force
        new_groups = _new_groups(context, transaction, by_group)
    renewed, sentences, is_whole = [], [], True
    steps = {group: partial(_begin, context, note, group) for group in new_groups}
    steps |= {month.group: partial(_renew, context, note, month, current) for month, current in latest}
    for group, step in steps.items():
        try:
            if step():
                renewed.append(group)
        except OSError as error:
            sentences.append(f"{group} 的{NEXT_MONTH_FOLDER}没能更新（{reason_of(error)}），下次自动再试。")
            is_whole = False
        except LedgerError:
            raise
        except (PastSetupError, AppraisalError) as error:
            sentences.append(
                f"{group} 的{NEXT_MONTH_FOLDER}没能更新（{str(error).rstrip('。')}），请告诉管理员。"
            )
    if renewed:
        sentences.append(f"{NEXT_MONTH_FOLDER}已按现在的花名册和设置更新：{'、'.join(renewed)}。")
    note.made_anew = {group: kept for group, kept in note.made_anew.items() if group in steps}
    with suppress(OSError):
        kept = {"setup": now if is_whole else "", "made_anew": note.made_anew}
        content = json.dumps(kept, ensure_ascii=False)
        context.files.write(context.workspace.state / NOTE, content.encode(), private=True)
    return sentences


def carried_into(context: RunContext, group: str, period: Period) -> Known:
    """店长 and the figures that the group's blank of the period takes from its latest month before.

    Nothing where the set-up of that month cannot be used any more.
    """
    with context.ledger.reading() as transaction:
        months = [month for month in transaction.months.of_group(group) if month.period < period]
        current = [
            found
            for month in months
            if (found := transaction.months.current(group, month.period)) is not None
        ]
    if not current:
        return NOTHING_KNOWN
    try:
        made_from = _made_from(context, current[-1][1])
    except PastSetupError:
        return NOTHING_KNOWN
    return carried_figures(*made_from) if made_from else NOTHING_KNOWN


def _renew(context: RunContext, note: _Note, month: GroupMonth, current: Revision) -> bool:
    """Make the blank anew if it begins otherwise; whether its bytes changed."""
    group, following = month.group, month.period.shifted(1)
    begins = begins_with(group, current.scheme, following, context.setup)
    before = note.made_anew.get(group)
    if before is None or before[0] != str(following):
        with context.ledger.reading() as transaction:
            then = context.as_recorded(current, transaction).setup
        before = [str(following), begins_with(group, current.scheme, following, then)]
    if before == [str(following), begins]:
        return False
    made_from = _made_from(context, current)
    if made_from is None:
        return False
    begun = next_month_blank(*made_from, context.setup)
    note.made_anew[group] = [str(following), begins]
    return _lay_out(context, group, begun_blank(begun, context.setup.settings))


def _new_groups(context: RunContext, transaction: Transaction, known: Collection[str]) -> list[str]:
    """Those of the roster that have never handed in."""
    roster = context.setup.roster
    unknown = [group for group in roster.groups if group not in known] if roster else []
    return [group for group in unknown if not transaction.months.of_group(group)]


def _begin(context: RunContext, note: _Note, group: str) -> bool:
    """Lay out the group's first blank; whether it took the place of another one."""
    setup, before, month = context.setup, note.made_anew.get(group), usual_month(context.today)
    begins = begins_with(group, "", month, setup)
    if before == [str(month), begins] or not (setup.roster and setup.roster.members_of(group, month)):
        return False
    scheme = setup.roster.scheme_of(group) or ""
    blank = blank_for(scheme, setup, group=group, period=month)
    note.made_anew[group] = [str(month), begins]
    return _lay_out(context, group, {blank.name: blank.content}) and before is not None


def _lay_out(context: RunContext, group: str, blank: Mapping[str, bytes]) -> bool:
    """Put it down in place of the former one; whether its bytes changed."""
    folder = f"{safe_file_name(group)}/{NEXT_MONTH_FOLDER}"
    outbox = open_outbox(context, folder)
    former = dict(outbox.placed)
    paths = outbox.place(folder, blank)
    outbox.drop_others(folder, kept=paths)
    with context.ledger.writing() as transaction:
        note_placed(transaction, outbox)
    return outbox.placed != former


def _made_from(context: RunContext, current: Revision) -> tuple[Submission, Scheme] | None:
    """The submission and the scheme of then; None where it cannot be read any more. Raises PastSetupError."""
    with context.ledger.reading() as transaction:
        recorded = context.as_recorded(current, transaction)
    reading = read_as_made(recorded, current)
    submission = reading.submission if reading else None
    return None if submission is None else (submission, scheme_of(recorded.setup, submission))


def _fingerprint(setup: Setup) -> str:
    texts = [*sorted(setup.own_documents.items()), *sorted(setup.rulebook.texts.items())]
    return hashlib.sha256(repr(texts).encode()).hexdigest()


def _read_note(context: RunContext) -> _Note:
    try:
        return _Note(**json.loads((context.workspace.state / NOTE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return _Note()
