"""Messages on their way: written, entered, handed over, and what became of each entered again; and whether it was seen.

Written and synced before it is entered, entered as under way before it is handed over. So whoever dies in between
leaves a message that was never sent, or one that is known to be unsure; none goes twice. What was handed over lies in a
folder of its own: a ledger that is older, or made anew, does not send it again.

Whether it arrived and was seen is asked of the services that tell it, and kept: they forget it within days. Seen is no
signature: it says that the message was opened in the person's account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from appraisal.delivery.apps import APPS, TELLS_FOR, CompanyApps
from appraisal.delivery.mail import MailServer
from appraisal.delivery.message import OUTGOING, DeliveryRoute, Handover, Message, later, refused
from appraisal.delivery.services import A_MINUTE, send_by_robot
from appraisal.errors import AppraisalError
from appraisal.hr.facts import PeriodFacts
from appraisal.intake.roster import Roster
from appraisal.ledger.delivery_records import CHANNEL_NAMES, Channel, Delivery, DeliveryState
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.period import Period
from appraisal.publish.templates.loading import Templates, empty_example
from appraisal.workspace.files import Files, reason_of, sweep
from appraisal.workspace.lock import WorkspaceInUseError, workspace_lock
from appraisal.workspace.paths import Workspace
from appraisal.workspace.settings import Settings


class SendingInUseError(AppraisalError):
    """Another program is sending from the same workspace; one Chinese sentence."""


class SendingSetup(Protocol):
    """What messages are made by: the part of the set-up that is needed here."""

    @property
    def settings(self) -> Settings: ...
    @property
    def roster(self) -> Roster | None: ...
    @property
    def templates(self) -> Templates: ...


class SendingContext(Protocol):
    """The `RunContext` that is handed in, as far as it is needed here: pipeline/context.py opens it, above this room."""

    @property
    def workspace(self) -> Workspace: ...
    @property
    def setup(self) -> SendingSetup: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def files(self) -> Files: ...
    @property
    def today(self) -> date: ...
    @property
    def now(self) -> Callable[[], datetime]: ...
    @property
    def secret(self) -> Callable[[str], str | None]: ...
    def facts(self, transaction: Transaction, period: Period) -> PeriodFacts: ...


@contextmanager
def only_sender(context: SendingContext) -> Iterator[None]:
    """Nobody else sends meanwhile. What was under way when a former sender died is unsure from now on."""
    outgoing = context.workspace.state / OUTGOING
    outgoing.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with workspace_lock(outgoing, context.now(), context.files) as was_left:
            if was_left:
                sweep(outgoing, context.files)
            with context.ledger.writing() as transaction:
                transaction.deliveries.note_interrupted(context.now())
            yield
    except WorkspaceInUseError:
        raise SendingInUseError("正有另一个程序在发送。请等它发完再试。") from None


def enter_deliveries(
    context: SendingContext, messages: Sequence[Message], *, once_more: Collection[DeliveryState] = ()
) -> None:
    """Write the messages and enter them as to be sent; those that were made before stay as they are.

    What is not sent yet is written as it is now, to the address of now. So is what is in one of the states `once_more`.
    """
    sender, now, root = (
        context.setup.settings.notify.mail_from,
        context.now(),
        context.workspace.state / OUTGOING,
    )
    known = {delivery.key: delivery for delivery in deliveries_of(context, messages)}
    open_states = {DeliveryState.MADE, *once_more}
    due = [
        message for message in messages if message.key not in known or known[message.key].state in open_states
    ]
    new = [message for message in due if message.key not in known]
    gone = {message.key for message in new if _was_handed_over(context.workspace, message.file)}
    same = {message.key for message in new if message.same is not None} - gone
    written = [message for message in due if message.key not in gone | same]
    for message in written:
        context.files.write(root / message.file, message.written(sender, now), private=True)
    if written:
        context.files.sync(root / message.file for message in written)
    with context.ledger.writing() as transaction:
        for message in due:
            if message.key in known:
                transaction.deliveries.renew(
                    known[message.key].id, message.way.channel, message.way.address, message.file, now
                )
            elif message.same is not None and message.key in same:
                had = message.same
                made = transaction.deliveries.make(message.key, had.channel, had.address, had.file, now)
                why = f"与已发的第{had.key.revision}版相同，没有再发"
                transaction.deliveries.end(made, DeliveryState.SENT, why, now)
            else:
                made = transaction.deliveries.make(
                    message.key, message.way.channel, message.way.address, message.file, now
                )
                if message.key in gone:
                    transaction.deliveries.end(made, DeliveryState.UNSURE, FORGOTTEN, now)


def deliveries_of(context: SendingContext, messages: Sequence[Message]) -> list[Delivery]:
    """The messages as they are entered; those that are not yet are left out."""
    keys = {message.key for message in messages}
    months = sorted({(key.group, key.period) for key in keys})
    with context.ledger.reading() as transaction:
        return [
            delivery
            for month in months
            for delivery in transaction.deliveries.of_month(*month)
            if delivery.key in keys
        ]


FORGOTTEN = "以前交出去过，台账里没有记录"


def handed_over(workspace: Workspace, file: str) -> Path:
    """Where a message lies from the moment on at which its service may have it."""
    path = workspace.state / OUTGOING / file
    return path.parent / "handed_over" / path.name


def _was_handed_over(workspace: Workspace, file: str) -> bool:
    """By whatever way: the same message as mail and by an app differs in its ending alone."""
    gone = handed_over(workspace, file)
    return any(gone.with_name(f"{gone.stem}{ending}").exists() for ending in (".eml", ".json"))


def send_out(context: SendingContext, deliveries: Sequence[Delivery]) -> None:
    """Hand over those that are to be sent, each entered before and after. The caller is the `only_sender`."""
    closed: dict[DeliveryRoute, str] = {}
    apps = CompanyApps(context.setup.settings.notify, context.secret, context.now)
    with MailServer(context.setup.settings.notify, context.secret) as server:
        for delivery in deliveries:
            is_robot = delivery.channel not in {Channel.MAIL, *APPS}
            way = DeliveryRoute(delivery.channel, delivery.address if is_robot else "")
            if way in closed:
                with context.ledger.writing() as transaction:
                    transaction.deliveries.end(delivery.id, DeliveryState.MADE, closed[way], context.now())
                continue
            with context.ledger.writing() as transaction:
                if not transaction.deliveries.begin(delivery.id, context.now()):
                    continue
            outcome = _hand_over(context, server, apps, delivery)
            with context.ledger.writing() as transaction:
                transaction.deliveries.end(
                    delivery.id, outcome.state, outcome.reason, context.now(), receipt=outcome.receipt
                )
            if outcome.ends_channel:
                is_unsure = outcome.state is DeliveryState.UNSURE
                closed[way] = "前面一条没有等到答复，先不发" if is_unsure else outcome.reason


def _hand_over(
    context: SendingContext, server: MailServer, apps: CompanyApps, delivery: Delivery
) -> Handover:
    root = context.workspace.state / OUTGOING
    gone = handed_over(context.workspace, delivery.file)
    try:
        if (root / delivery.file).exists():
            context.files.move(root / delivery.file, gone)
        content = gone.read_bytes()
    except OSError as error:
        return refused(f"写好的信读不出来（{reason_of(error)}）")
    if delivery.channel is Channel.MAIL:
        return server.send(content, delivery.address)
    if delivery.channel in APPS:
        return apps.send(delivery.channel, delivery.address, content)
    since = context.now() - timedelta(minutes=1)
    with context.ledger.reading() as transaction:
        tried = transaction.deliveries.tried_since(delivery.channel, delivery.address, since)
    if tried > A_MINUTE:  # this one among them
        return later(f"群机器人一分钟最多发{A_MINUTE}条，过一分钟再发", ends_channel=True)
    return send_by_robot(
        delivery.channel, delivery.address, content, secret=context.secret, now=context.now()
    )


def rendered(
    context: SendingContext, template: str, group: str, period: Period, names: Mapping[str, Any]
) -> tuple[str, str]:
    """Subject (the first line) and text. A name that is not given is empty. Raises TemplateError."""
    settings = context.setup.settings
    every = {
        **empty_example(template),
        "公司": settings.company,
        "落款": settings.signature,
        "申诉受理人": settings.appeals_to,
        "考核组": group,
        "月份": period.in_words,
        **names,
    }
    whole = context.setup.templates.text(template).render(every)
    subject, _, text = whole.strip().partition("\n")
    return subject.strip(), f"{text.strip()}\n"


OFTEN_ENOUGH = timedelta(hours=1)
"""By itself nothing is asked about again before."""


@dataclass(frozen=True, slots=True)
class ReadStates:
    """How many messages were asked about, and what the services would not tell, in Chinese."""

    asked: int = 0
    problems: tuple[str, ...] = ()


def fetch_read_states(
    context: SendingContext,
    *,
    which: Callable[[Delivery], bool] = lambda _: True,
    not_again_within: timedelta = timedelta(0),
) -> ReadStates:
    """Ask about what was sent and is not known to be seen, as long as its service tells."""
    now = context.now()
    with context.ledger.reading() as transaction:
        waiting = [
            delivery
            for delivery in transaction.deliveries.not_seen(now - max(TELLS_FOR.values()))
            if which(delivery)
            and now - delivery.changed_at <= TELLS_FOR[delivery.channel]
            and now - (delivery.asked_at or delivery.changed_at) >= not_again_within
        ]
    apps, asked, closed = (
        CompanyApps(context.setup.settings.notify, context.secret, context.now),
        0,
        set[Channel](),
    )
    problems: list[str] = []
    for delivery in waiting:
        if delivery.channel in closed:
            continue
        state = apps.read_state(delivery.channel, delivery.address, delivery.receipt)
        if isinstance(state, Handover):
            problems.append(f"{CHANNEL_NAMES[delivery.channel]}没有答复是否已读（{state.reason}）")
            if state.ends_channel or state.state is DeliveryState.MADE:
                closed.add(delivery.channel)
            continue
        asked += 1
        with context.ledger.writing() as transaction:
            if state.refused:
                transaction.deliveries.end(
                    delivery.id, DeliveryState.REFUSED, state.refused, context.now(), receipt=delivery.receipt
                )
            else:
                transaction.deliveries.note_read(delivery, state.arrived, state.seen, context.now())
    return ReadStates(asked, tuple(dict.fromkeys(problems)))
