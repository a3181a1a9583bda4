"""What became of the files that were handed in, told to the manager; and reminders of what has not come.

A reminder goes once before its day and once after it: what is asked for every day is read by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from appraisal.delivery.issued import MANAGER, NO_MANAGER, Way, is_out, person_way
from appraisal.delivery.message import Attachment, Held, Message
from appraisal.delivery.sending import SendingContext, rendered
from appraisal.ledger.delivery_records import Channel, DeliveryKey, SentPaper
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Claim, Plan, PlanState
from appraisal.period import Period
from appraisal.publish.templates.loading import MESSAGE_RECEIPT, MESSAGE_REMINDER
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.self_assessment import META_KIND as SELF_FORM
from appraisal.scoring.deadlines import hand_in_by, own_forms_by, usual_month
from appraisal.workspace.files import read_dropped
from appraisal.workspace.paths import sha256_of
from appraisal.workspace.settings import SelfFormPolicy

DAYS_AHEAD, DAYS_AFTER = 2, 7
"""From so many days before its day to so many after it a reminder goes out by itself."""

_MOST_FINDINGS = 20


# ------------------------------------------------------------------------------------------ reminders


def reminders(
    context: SendingContext, transaction: Transaction, group: str, period: Period
) -> Iterator[Message | Held]:
    """What of the group's month has not come, long before its day too: HR asked for it."""
    facts = context.facts(transaction, period)
    if group in facts.missing_groups and context.today > period.last_day:
        yield from hand_in_reminders(context, transaction, group, period)
    month = transaction.months.get(group, period)
    if month is not None and is_out(month):
        for plan in transaction.plans.of_month(group, period):
            if plan.state in OWED:
                yield plan_reminder(context, plan, month.revision)


OWED = frozenset({PlanState.EXPECTED, PlanState.RETURNED})


def hand_in_reminders(
    context: SendingContext, transaction: Transaction, group: str, period: Period
) -> Iterator[Message | Held]:
    """To the manager for the workbook, to everybody for a self-assessment where it is required."""
    day = hand_in_by(period, context.settings)
    manager = context.settings.notify.of(group).manager
    if manager:
        key = DeliveryKey(
            group=group,
            period=period,
            revision=0,
            paper=SentPaper.HAND_IN_DUE,
            addressee=MANAGER,
            occasion=_occasion(context, day),
        )
        yield _written(context, key, Way(Channel.MAIL, manager), f"{group}{MANAGER}", day)
    else:
        yield Held(SentPaper.HAND_IN_DUE, group, f"{group}{MANAGER}", NO_MANAGER)
    if context.settings.self_forms is SelfFormPolicy.REQUIRED and context.roster is not None:
        before = own_forms_by(period, context.settings)
        occasion = _occasion(context, before)
        given = {form.staff for form in transaction.self_forms.of_month(group, period)}
        for member in context.roster.members_of(group, period):
            if member.id not in given:
                key = DeliveryKey(
                    group=group,
                    period=period,
                    revision=0,
                    paper=SentPaper.SELF_FORM_DUE,
                    addressee=member.id,
                    occasion=occasion,
                )
                yield _to_person(context, key, member.name, before)


def plan_reminder(context: SendingContext, plan: Plan, revision: int) -> Message | Held:
    """To the person who owes the plan."""
    occasion = _occasion(context, plan.due)
    key = DeliveryKey(
        group=plan.group,
        period=plan.period,
        revision=revision,
        paper=SentPaper.PLAN_DUE,
        addressee=plan.staff,
        occasion=occasion,
    )
    return _to_person(context, key, plan.name, plan.due)


def is_near(context: SendingContext, day: date) -> bool:
    """Whether a reminder goes out by itself: just before the day, or not long after it."""
    return -DAYS_AHEAD <= (context.today - day).days <= DAYS_AFTER


def _occasion(context: SendingContext, day: date) -> str:
    """Before its day a reminder is another message than after it."""
    return "逾期" if context.today > day else "到期前"


def _to_person(context: SendingContext, key: DeliveryKey, name: str, day: date) -> Message | Held:
    way, who = person_way(context, key.addressee, name), f"{name}（{key.addressee}）"
    if isinstance(way, str):
        return Held(key.paper, key.group, who, way)
    return replace(_written(context, key, way, name, day), who=who)


_ASKED_FOR = {
    SentPaper.HAND_IN_DUE: "考核上报表",
    SentPaper.PLAN_DUE: "整改方案",
    SentPaper.SELF_FORM_DUE: "自评表",
}


def _written(context: SendingContext, key: DeliveryKey, way: Way, who: str, day: date) -> Message:
    what, is_late = _ASKED_FOR[key.paper], context.today > day
    names = {"收件人": who, "事项": what, "期限": full_date(day), "逾期": is_late}
    subject, text = rendered(context, MESSAGE_REMINDER, key.group, key.period, names)
    return Message(key=key, who=who, channel=way.channel, address=way.address, subject=subject, text=text)


# ------------------------------------------------------------------------------- what became of files


_STATUS = {"accepted": SentPaper.RECEIPT, "waiting": SentPaper.RECEIPT, "returned": SentPaper.RETURNED}


def receipts(
    context: SendingContext, transaction: Transaction, group: str, period: Period
) -> Iterator[Message | Held]:
    """One for each file of the group's month that was judged."""
    for claim in transaction.journal.about(group, period):
        if month_of(claim) == (group, period):
            yield from receipt(context, transaction, claim)


def month_of(claim: Claim) -> tuple[str, Period] | None:
    """Which month the manager is told of; one that could not be read goes by the day. None without a group."""
    if claim.result is None or claim.result.group is None:
        return None
    return claim.result.group, claim.result.period or usual_month(claim.received_at.date())


def receipt(context: SendingContext, transaction: Transaction, claim: Claim) -> Iterator[Message | Held]:
    """What became of a manager's file; a returned one with its marked copy, as long as that lies there."""
    month, result = month_of(claim), claim.result
    if month is None or result is None or result.status not in _STATUS or result.kind == SELF_FORM:
        return
    group, paper = month[0], _STATUS[result.status]
    manager = context.settings.notify.of(group).manager
    copies = _copies(context, transaction, claim) if paper is SentPaper.RETURNED else ()
    if paper is SentPaper.RETURNED and not copies:
        return  # it came again since
    if any(finding.code.startswith("group.") for finding in result.findings):
        yield Held(paper, group, claim.dropped.file, "看不准是哪个考核组的")
    elif not manager:
        yield Held(paper, group, f"{group}{MANAGER}", NO_MANAGER)
    else:
        key = DeliveryKey(
            group=month[0],
            period=month[1],
            revision=result.revision or 0,
            paper=paper,
            addressee=MANAGER,
            occasion=str(claim.id),
        )
        subject, text = rendered(context, MESSAGE_RECEIPT, *month, _receipt_names(group, claim, copies))
        yield Message(
            key=key,
            who=f"{group}{MANAGER}",
            channel=Channel.MAIL,
            address=manager,
            subject=subject,
            text=text,
            attachments=copies,
        )


def _receipt_names(group: str, claim: Claim, copies: tuple[Attachment, ...]) -> dict[str, object]:
    result = claim.result
    assert result is not None
    errors = [finding for finding in result.findings if finding.is_error]
    verdict = {
        "accepted": f"已受理{f'，第{result.revision}版' if result.revision else ''}。",
        "waiting": "已收到，等人事同意更正后生效。",
        "returned": f"已退回，有{len(errors)}处需要改正。",
    }[result.status]
    sentences = [
        f"{finding.place} {finding.message}{finding.remedy}".strip()
        for finding in (errors or result.findings)
    ]
    more = [f"……共{len(sentences)}条"] if len(sentences) > _MOST_FINDINGS else []
    return {
        "收件人": f"{group}{MANAGER}",
        "文件": claim.dropped.file.rpartition("/")[2],
        "结论": verdict,
        "问题": [*sentences[:_MOST_FINDINGS], *more],
        "附件": [attachment.name for attachment in copies],
    }


def _copies(context: SendingContext, transaction: Transaction, claim: Claim) -> tuple[Attachment, ...]:
    """The marked workbook, or the list where there is none, as we placed it."""
    assert claim.result is not None
    root, found = context.workspace.outbox, []
    for output in claim.result.outputs:
        path = output.removeprefix("outbox/")
        placed = transaction.placed.under(path.rpartition("/")[0])
        try:
            content = read_dropped(root / path, root)
        except OSError:
            continue
        if placed.get(path) == sha256_of(content) and not path.endswith(".json"):
            found.append(Attachment(path.rpartition("/")[2], content))
    return tuple(found)
