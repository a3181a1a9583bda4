"""What became of the files that were handed in, told to the manager; and reminders of what has not come.

A reminder goes once before its day and once after it: what is asked for every day is read by nobody.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from appraisal.delivery.issued import MANAGER, NO_MANAGER, is_out, person_address
from appraisal.delivery.message import Attachment, Held, Message
from appraisal.delivery.sending import SendingContext
from appraisal.delivery.texts import rendered
from appraisal.hr.facts import PeriodFacts
from appraisal.ledger.delivery_records import Channel, DeliveryKey, SentPaper
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Claim, PlanState
from appraisal.period import Period
from appraisal.publish.templates.loading import MESSAGE_RECEIPT, MESSAGE_REMINDER
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.self_assessment import META_KIND as SELF_FORM
from appraisal.scoring.deadlines import hand_in_by, working_day_before
from appraisal.workspace.paths import sha256_of
from appraisal.workspace.safe_open import open_dropped
from appraisal.workspace.settings import SelfFormPolicy

DAYS_AHEAD = 2
"""So many days before its day a reminder goes out by itself."""

_MOST_FINDINGS = 20


# ------------------------------------------------------------------------------------------ reminders


def reminders(
    context: SendingContext, transaction: Transaction, group: str, period: Period, *, is_asked: bool
) -> Iterator[Message | Held]:
    """Who has not handed in, who owes a plan, who owes a self-assessment; `is_asked`: also long before the day."""
    facts = PeriodFacts(transaction, period, context.today, context.roster, context.settings)
    if group in facts.missing_groups and context.today > period.last_day:
        day = hand_in_by(period, context.settings)
        if is_asked or _is_near(context, day):
            yield _to_manager_in_time(context, group, period, day)
            yield from _self_forms(
                context, transaction, group, period, working_day_before(day, context.settings)
            )
    month = transaction.months.get(group, period)
    if month is None or not is_out(month):
        return
    for plan in transaction.plans.of_month(group, period):
        if plan.state in {PlanState.EXPECTED, PlanState.RETURNED} and (
            is_asked or _is_near(context, plan.due)
        ):
            key = _key(context, group, period, month.revision, SentPaper.PLAN_DUE, plan.staff, plan.due)
            yield _reminder(context, key, plan.name, plan.due, "整改方案")


def _is_near(context: SendingContext, day: date) -> bool:
    return context.today >= day - timedelta(days=DAYS_AHEAD)


def _key(
    context: SendingContext,
    group: str,
    period: Period,
    revision: int,
    paper: SentPaper,
    addressee: str,
    day: date,
) -> DeliveryKey:
    return DeliveryKey(group, period, revision, paper, addressee, "逾期" if context.today > day else "到期前")


def _to_manager_in_time(context: SendingContext, group: str, period: Period, day: date) -> Message | Held:
    manager = context.settings.notify.of(group).manager
    if not manager:
        return Held(SentPaper.HAND_IN_DUE, group, MANAGER, NO_MANAGER)
    key = _key(context, group, period, 0, SentPaper.HAND_IN_DUE, MANAGER, day)
    return _written(context, key, manager, f"{group}{MANAGER}", day, "考核上报表")


def _self_forms(
    context: SendingContext, transaction: Transaction, group: str, period: Period, day: date
) -> Iterator[Message | Held]:
    if context.settings.self_forms is not SelfFormPolicy.REQUIRED or context.roster is None:
        return
    given = {one.staff for one in transaction.self_forms.of_month(group, period)}
    for one in context.roster.members_of(group, period):
        if one.id not in given:
            key = _key(context, group, period, 0, SentPaper.SELF_FORM_DUE, one.id, day)
            yield _reminder(context, key, one.name, day, "自评表")


def _reminder(context: SendingContext, key: DeliveryKey, name: str, day: date, what: str) -> Message | Held:
    address, why = person_address(context, key.addressee, name)
    if not address:
        return Held(key.paper, key.group, f"{name}（{key.addressee}）", why)
    return _written(context, key, address, name, day, what)


def _written(
    context: SendingContext, key: DeliveryKey, address: str, who: str, day: date, what: str
) -> Message:
    names = {"收件人": who, "事项": what, "期限": full_date(day), "逾期": context.today > day}
    subject, text = rendered(context, MESSAGE_REMINDER, key.group, key.period, names)
    return Message(key, Channel.MAIL, address, subject, text)


# ------------------------------------------------------------------------------- what became of files


_STATUS = {"accepted": SentPaper.RECEIPT, "waiting": SentPaper.RECEIPT, "returned": SentPaper.RETURNED}


def receipts(
    context: SendingContext,
    transaction: Transaction,
    group: str,
    period: Period,
    *,
    since: datetime | None = None,
) -> Iterator[Message | Held]:
    """One for each file of the month that was judged; a returned one with its marked copy, as long as that lies there."""
    manager = context.settings.notify.of(group).manager
    for claim in transaction.journal.about(group, period, since):
        result = claim.result
        if result is None or result.status not in _STATUS or result.kind == SELF_FORM:
            continue
        paper = _STATUS[result.status]
        copies = _copies(context, transaction, claim) if paper is SentPaper.RETURNED else ()
        if paper is SentPaper.RETURNED and not copies:
            continue  # it came again since
        if any(one.code.startswith("group.") for one in result.findings):
            yield Held(paper, group, claim.dropped.file, "看不准是哪个考核组的")
        elif not manager:
            yield Held(paper, group, MANAGER, NO_MANAGER)
        else:
            key = DeliveryKey(group, period, result.revision or 0, paper, MANAGER, str(claim.id))
            subject, text = rendered(
                context, MESSAGE_RECEIPT, group, period, _receipt_names(group, claim, copies)
            )
            yield Message(key, Channel.MAIL, manager, subject, text, copies)


def _receipt_names(group: str, claim: Claim, copies: tuple[Attachment, ...]) -> dict[str, object]:
    result = claim.result
    assert result is not None
    errors = [one for one in result.findings if one.is_error]
    verdict = {
        "accepted": f"已受理{f'，第{result.revision}版' if result.revision else ''}。",
        "waiting": "已收到，等人事同意更正后生效。",
        "returned": f"已退回，有{len(errors)}处需要改正。",
    }[result.status]
    told = [f"{one.place} {one.message}{one.remedy}".strip() for one in (errors or result.findings)]
    more = [f"……共{len(told)}条"] if len(told) > _MOST_FINDINGS else []
    return {
        "收件人": f"{group}{MANAGER}",
        "文件": claim.dropped.file.rpartition("/")[2],
        "结论": verdict,
        "问题": [*told[:_MOST_FINDINGS], *more],
        "附件": [one.name for one in copies],
    }


def _copies(context: SendingContext, transaction: Transaction, claim: Claim) -> tuple[Attachment, ...]:
    """The marked workbook, or the list where there is none, as we placed it."""
    assert claim.result is not None
    root, found = context.workspace.outbox, []
    for output in claim.result.outputs:
        path = output.removeprefix("outbox/")
        placed = transaction.placed.under(path.rpartition("/")[0])
        try:
            with os.fdopen(open_dropped(root / path, root), "rb") as file:
                content = file.read()
        except OSError:
            continue
        if placed.get(path) == sha256_of(content) and not path.endswith(".json"):
            found.append(Attachment(path.rpartition("/")[2], content))
    return tuple(found)
