"""Messages beside an issued month's own papers: reminders, what became of a file, and that a month was taken back.

A reminder goes once before its day and once after it: what is asked for every day is read by nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from appraisal.delivery.apps import APPS
from appraisal.delivery.issued_messages import MANAGER, NO_MANAGER, is_out, person_way
from appraisal.delivery.message import Attachment, DeliveryRoute, Message, Unsendable
from appraisal.delivery.papers import WENT, IssuedFiles
from appraisal.delivery.sending import SendingContext, rendered
from appraisal.intake.hr_acts import Act
from appraisal.ledger.delivery_records import Channel, Delivery, DeliveryKey, SentPaper
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Claim, FileResult, GroupMonth, MonthState, Plan, PlanState
from appraisal.period import Period
from appraisal.publish.templates.loading import MESSAGE_RECEIPT, MESSAGE_REMINDER, MESSAGE_WITHDRAWAL
from appraisal.publish.wording import document_date, full_date
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.self_assessment import META_KIND as SELF_FORM
from appraisal.scoring.deadlines import hand_in_by, self_forms_by, usual_month
from appraisal.workspace.files import read_dropped
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.notify_settings import Circulated
from appraisal.workspace.paths import sha256_of
from appraisal.workspace.settings import SelfFormPolicy

DAYS_AHEAD, DAYS_AFTER = 2, 7
"""From so many days before its day to so many after it a reminder goes out by itself."""

_MOST_FINDINGS = 20


# ------------------------------------------------------------------------------------------ reminders


def reminders(
    context: SendingContext, transaction: Transaction, group: str, period: Period
) -> Iterator[Message | Unsendable]:
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
) -> Iterator[Message | Unsendable]:
    """To the manager for the workbook, to everybody for a self-assessment where it is required."""
    day = hand_in_by(period, context.setup.settings)
    manager = context.setup.settings.notify.of(group).manager
    if manager:
        occasion = _occasion(context, day)
        key = DeliveryKey(group, period, 0, SentPaper.HAND_IN_DUE, addressee=MANAGER, occasion=occasion)
        yield _written(context, key, DeliveryRoute(Channel.MAIL, manager), f"{group}{MANAGER}", day)
    else:
        yield Unsendable(SentPaper.HAND_IN_DUE, group, f"{group}{MANAGER}", NO_MANAGER)
    if context.setup.settings.self_forms is SelfFormPolicy.REQUIRED and context.setup.roster is not None:
        before = self_forms_by(period, context.setup.settings)
        occasion = _occasion(context, before)
        given = {form.staff for form in transaction.self_forms.of_month(group, period)}
        for member in context.setup.roster.members_of(group, period):
            if member.id not in given:
                key = DeliveryKey(
                    group, period, 0, SentPaper.SELF_FORM_DUE, addressee=member.id, occasion=occasion
                )
                yield _to_person(context, key, member.name, before)


def plan_reminder(context: SendingContext, plan: Plan, revision: int) -> Message | Unsendable:
    """To the person who owes the plan."""
    occasion = _occasion(context, plan.due)
    key = DeliveryKey(
        plan.group, plan.period, revision, SentPaper.PLAN_DUE, addressee=plan.staff, occasion=occasion
    )
    return _to_person(context, key, plan.name, plan.due)


def is_near(context: SendingContext, day: date) -> bool:
    """Whether a reminder goes out by itself: just before the day, or not long after it."""
    return -DAYS_AHEAD <= (context.today - day).days <= DAYS_AFTER


def _occasion(context: SendingContext, day: date) -> str:
    """Before its day a reminder is another message than after it."""
    return "逾期" if context.today > day else "到期前"


def _to_person(context: SendingContext, key: DeliveryKey, name: str, day: date) -> Message | Unsendable:
    way, who = person_way(context, key.addressee, name), f"{name}（{key.addressee}）"
    if isinstance(way, str):
        return Unsendable(key.paper, key.group, who, way)
    return replace(_written(context, key, way, name, day), who=who)


_ASKED_FOR = {
    SentPaper.HAND_IN_DUE: "考核上报表",
    SentPaper.PLAN_DUE: "整改方案",
    SentPaper.SELF_FORM_DUE: "自评表",
}


def _written(context: SendingContext, key: DeliveryKey, way: DeliveryRoute, who: str, day: date) -> Message:
    what, is_late = _ASKED_FOR[key.paper], context.today > day
    names = {"收件人": who, "事项": what, "期限": full_date(day), "逾期": is_late}
    return Message(key, who, way, *rendered(context, MESSAGE_REMINDER, key.group, key.period, names))


# ------------------------------------------------------------------------------- what became of files


_STATUS = {"accepted": SentPaper.RECEIPT, "waiting": SentPaper.RECEIPT, "returned": SentPaper.RETURNED}


def receipts(
    context: SendingContext, transaction: Transaction, group: str, period: Period
) -> Iterator[Message | Unsendable]:
    """One for each file of the group's month that was judged."""
    for claim in transaction.journal.about(group, period):
        if month_of(claim) == (group, period):
            yield from receipt(context, transaction, claim)


def month_of(claim: Claim) -> tuple[str, Period] | None:
    """Which month the manager is told of; one that could not be read goes by the day. None without a group."""
    if claim.result is None or claim.result.group is None:
        return None
    return claim.result.group, claim.result.period or usual_month(claim.received_at.date())


def receipt(
    context: SendingContext, transaction: Transaction, claim: Claim
) -> Iterator[Message | Unsendable]:
    """What became of a manager's file; a returned one with its marked copy, as long as that lies there."""
    month, result = month_of(claim), claim.result
    if month is None or result is None or result.status not in _STATUS or result.kind == SELF_FORM:
        return
    (group, period), paper = month, _STATUS[result.status]
    manager = context.setup.settings.notify.of(group).manager
    copies = _copies(context, transaction, result) if paper is SentPaper.RETURNED else ()
    if paper is SentPaper.RETURNED and not copies:
        return  # it came again since
    if any(finding.code.startswith("group.") for finding in result.findings):
        yield Unsendable(paper, group, claim.dropped.file, "看不准是哪个考核组的")
    elif not manager:
        yield Unsendable(paper, group, f"{group}{MANAGER}", NO_MANAGER)
    else:
        key = DeliveryKey(
            group, period, result.revision or 0, paper, addressee=MANAGER, occasion=str(claim.id)
        )
        names = _receipt_names(claim.dropped.file, result)
        names |= {"收件人": f"{group}{MANAGER}", "附件": [attachment.name for attachment in copies]}
        words = rendered(context, MESSAGE_RECEIPT, group, period, names)
        yield Message(
            key, f"{group}{MANAGER}", DeliveryRoute(Channel.MAIL, manager), *words, attachments=copies
        )


def _receipt_names(file: str, result: FileResult) -> dict[str, object]:
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
        "文件": file.rpartition("/")[2],
        "结论": verdict,
        "问题": [*sentences[:_MOST_FINDINGS], *more],
    }


def _copies(context: SendingContext, transaction: Transaction, result: FileResult) -> tuple[Attachment, ...]:
    """The marked workbook, or the list where there is none, as we placed it."""
    root, found = context.workspace.outbox, []
    for output in result.outputs:
        path = output.removeprefix("outbox/")
        placed = transaction.placed.under(path.rpartition("/")[0])
        try:
            content = read_dropped(root / path, root)
        except OSError:
            continue
        if placed.get(path) == sha256_of(content) and not path.endswith(".json"):
            found.append(Attachment(path.rpartition("/")[2], content))
    return tuple(found)


# --------------------------------------------------------------------------- a month that was taken back


_TOLD = {Circulated.NOTICE: SentPaper.NOTICE, Circulated.SLIPS: SentPaper.SLIP}


def withdrawal_of(transaction: Transaction, month: GroupMonth | None) -> Act | None:
    """The act that took the month back; None of one that stands."""
    if month is None or month.state is not MonthState.WITHDRAWN:
        return None
    acts = transaction.acts.find(group=month.group, period=month.period)
    return next((act for act in reversed(acts) if act.kind is ActKind.WITHDRAW), None)


def withdrawal_messages(
    context: SendingContext, transaction: Transaction, month: GroupMonth, wanted: Collection[Circulated]
) -> Iterator[Message | Unsendable]:
    """To whoever was sent the notice or slip, the same way; a person to the mailbox of now."""
    act = withdrawal_of(transaction, month)
    if act is None:
        return
    papers = {_TOLD[paper] for paper in wanted if paper in _TOLD}
    names = transaction.months.names(month.period)
    stem = safe_file_name(f"{month.group}_{month.period}_撤回通知", ".docx").removesuffix(".docx")
    letter = IssuedFiles(context.workspace.outbox, transaction, month.group, month.period).ours(
        "", stem, ".docx"
    )
    for sent in _gone_before(transaction, month, papers):
        addressee = sent.key.addressee
        name = names.get((month.group, addressee), "")
        who = name or f"{month.group}{addressee if addressee == MANAGER else '各位同事'}"
        way = person_way(context, addressee, name) if name else DeliveryRoute(sent.channel, sent.address)
        bears_files = isinstance(way, DeliveryRoute) and way.channel in {Channel.MAIL, *APPS}
        if isinstance(way, str) or (bears_files and isinstance(letter, str)):
            why = way if isinstance(way, str) else str(letter)
            yield Unsendable(SentPaper.WITHDRAWAL, month.group, f"{who}（{addressee}）", why)
            continue
        files = () if isinstance(letter, str) or not bears_files else (letter,)
        said = {
            "收件人": who,
            "附件": [attachment.name for attachment in files],
            "撤回日期": document_date(act.on),
            "撤回原因": act.reason,
        }
        subject, text = rendered(context, MESSAGE_WITHDRAWAL, month.group, month.period, said)
        key = DeliveryKey(
            month.group, month.period, month.revision, SentPaper.WITHDRAWAL, addressee=addressee
        )
        whole = text if bears_files else f"{subject}\n{text}"
        receiver = f"{who}（{addressee}）" if name else who
        yield Message(key, receiver, way, subject, text=whole, attachments=files)


def _gone_before(
    transaction: Transaction, month: GroupMonth, papers: Collection[SentPaper]
) -> Iterator[Delivery]:
    """One for each addressee of what went out, or may have, since the month was last taken back."""
    deliveries = transaction.deliveries.of_month(month.group, month.period)
    taken_back = {
        delivery.key.revision for delivery in deliveries if delivery.key.paper is SentPaper.WITHDRAWAL
    }
    since = max((revision for revision in taken_back if revision < month.revision), default=0)
    gone = {
        delivery.key.addressee: delivery
        for delivery in deliveries
        if delivery.key.paper in papers and delivery.key.revision > since and delivery.state in WENT
    }
    yield from gone.values()
