"""What a month that was taken back has to be told, to whom its notice or slip had gone: once each."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from appraisal.delivery.apps import APPS
from appraisal.delivery.issued import MANAGER, Way, person_way
from appraisal.delivery.message import Held, Message
from appraisal.delivery.papers import WENT, IssuedFiles
from appraisal.delivery.sending import SendingContext, rendered
from appraisal.intake.hr_acts import Act
from appraisal.ledger.delivery_records import Channel, Delivery, DeliveryKey, SentPaper
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, MonthState
from appraisal.publish.templates.loading import MESSAGE_WITHDRAWAL
from appraisal.publish.wording import plain_date
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.notify import Circulated

_TOLD = {Circulated.NOTICE: SentPaper.NOTICE, Circulated.SLIPS: SentPaper.SLIP}


def withdrawal_of(transaction: Transaction, month: GroupMonth | None) -> Act | None:
    """The act that took the month back; None of one that stands."""
    if month is None or month.state is not MonthState.WITHDRAWN:
        return None
    acts = transaction.acts.find(group=month.group, period=month.period)
    return next((act for act in reversed(acts) if act.kind is ActKind.WITHDRAW), None)


def withdrawal_messages(
    context: SendingContext, transaction: Transaction, month: GroupMonth, wanted: Collection[Circulated]
) -> Iterator[Message | Held]:
    """To whoever was sent the notice or slip, the same way; a person to the mailbox of now."""
    act = withdrawal_of(transaction, month)
    if act is None:
        return
    papers = {_TOLD[paper] for paper in wanted if paper in _TOLD}
    names = transaction.months.names(month.period)
    stem = safe_file_name(f"{month.group}_{month.period}_撤回通知", ".docx").removesuffix(".docx")
    letter = IssuedFiles(context, transaction, month.group, month.period).ours("", stem, ".docx")
    for sent in _gone_before(transaction, month, papers):
        addressee = sent.key.addressee
        name = names.get((month.group, addressee), "")
        who = name or f"{month.group}{addressee if addressee == MANAGER else '各位同事'}"
        way = person_way(context, addressee, name) if name else Way(sent.channel, sent.address)
        bears_files = isinstance(way, Way) and way.channel in {Channel.MAIL, *APPS}
        if isinstance(way, str) or (bears_files and isinstance(letter, str)):
            why = way if isinstance(way, str) else str(letter)
            yield Held(SentPaper.WITHDRAWAL, month.group, f"{who}（{addressee}）", why)
            continue
        files = () if isinstance(letter, str) or not bears_files else (letter,)
        said = {
            "收件人": who,
            "附件": [attachment.name for attachment in files],
            "撤回日期": plain_date(act.on),
            "撤回原因": act.reason,
        }
        subject, text = rendered(context, MESSAGE_WITHDRAWAL, month.group, month.period, said)
        key = DeliveryKey(
            group=month.group,
            period=month.period,
            revision=month.revision,
            paper=SentPaper.WITHDRAWAL,
            addressee=addressee,
        )
        whole = text if bears_files else f"{subject}\n{text}"
        receiver = f"{who}（{addressee}）" if name else who
        yield Message(
            key=key,
            who=receiver,
            channel=way.channel,
            address=way.address,
            subject=subject,
            text=whole,
            attachments=files,
        )


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
