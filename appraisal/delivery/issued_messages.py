"""What an issued month has to be circulated: its notice, everybody's slip, the plans that are asked for.

Nothing of a month that is not issued, nothing to somebody whose address is not known, and no file that is not as it
was issued: such a message is held, and listed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from appraisal.delivery.apps import APPS, is_one_person
from appraisal.delivery.message import Attachment, DeliveryRoute, Message, Unsendable
from appraisal.delivery.papers import IssuedFiles, SentFiles
from appraisal.delivery.sending import SendingContext, rendered
from appraisal.delivery.services import TAKES_FILES
from appraisal.hr.acknowledgements import handouts
from appraisal.hr.facts import GroupFacts
from appraisal.intake.roster import Contacts
from appraisal.ledger.delivery_records import (
    CHANNEL_NAMES,
    DECIDED,
    FILE,
    LETTERS,
    PAPER_NAMES,
    Channel,
    DeliveryKey,
    SentPaper,
)
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import decisions_on
from appraisal.ledger.records import GroupMonth, MonthState, PlanState
from appraisal.publish.templates.loading import MESSAGE_LETTER, MESSAGE_NOTICE, MESSAGE_PLAN, MESSAGE_SLIP
from appraisal.publish.wording import OUTCOME_NAMES, document_date, document_number, full_date
from appraisal.scheme.forms.hr_acts import DECISION_NAMES, OutcomeDecision
from appraisal.scheme.forms.personal import APPEAL_SHEET, APPEALS_FOLDER, PLAN_SHEET, paper_name
from appraisal.text import key
from appraisal.workspace.names import HR_FOLDER, safe_file_name
from appraisal.workspace.notify_settings import Circulated
from appraisal.workspace.outbox import edition_mark

_LETTER_FOLDERS = {SentPaper.DECISION: "决定书", SentPaper.APPEAL_ANSWER: APPEALS_FOLDER}

MANAGER = "店长"
"""The addressee of what goes to the group's manager."""

NO_MAIL = "没有设发件邮箱（settings.toml 的 [notify] 里写 mail_from、smtp_host）"


def messages_of_month(
    context: SendingContext, transaction: Transaction, month: GroupMonth, wanted: Collection[Circulated]
) -> Iterator[Message | Unsendable]:
    """What is wanted of an issued month, each with its addressee; nothing of any other."""
    if not is_out(month):
        return
    made = _Month(context, transaction, month)
    if Circulated.NOTICE in wanted:
        yield from made.notices()
    if Circulated.SLIPS in wanted:
        yield from made.slips()
    if Circulated.PLANS in wanted:
        yield from made.plans()
    if Circulated.LETTERS in wanted:
        yield from made.letters()


def is_out(month: GroupMonth) -> bool:
    """Whether the revision in force is issued."""
    return month.is_issued and month.state in {MonthState.ISSUED, MonthState.CLOSED}


def person_way(context: SendingContext, staff: str, name: str) -> DeliveryRoute | str:
    """By the first app of the settings in which the roster knows the person, else by mail; or why none is certain."""
    contacts = _contacts(context, staff, name)
    if isinstance(contacts, str):
        return contacts
    for channel in (_APP_CHANNELS[app.service] for app in context.setup.settings.notify.apps):
        identity = getattr(contacts, APPS[channel])
        if identity and not is_one_person(identity):
            return f"花名册里的{CHANNEL_NAMES[channel]}“{identity}”不是一个人的账号"
        if identity:
            return DeliveryRoute(channel, identity)
    return DeliveryRoute(Channel.MAIL, contacts.mail) if contacts.mail else _no_address(context)


_APP_CHANNELS = {service: channel for channel, service in APPS.items()}


def _no_address(context: SendingContext) -> str:
    apps = (CHANNEL_NAMES[_APP_CHANNELS[app.service]] for app in context.setup.settings.notify.apps)
    what = "、".join([*apps, "邮箱"])
    return f"花名册里没有{what}（用 roster export 补上，放进 inbox/{HR_FOLDER}）"


def _contacts(context: SendingContext, staff: str, name: str) -> Contacts | str:
    roster = context.setup.roster
    member = roster.find(staff) if roster else None
    if roster is None or member is None:
        return "花名册里没有这个人" if roster else "没有花名册"
    if key(member.name) != key(name):
        return f"花名册里 {staff} 是{member.name}，对不上"
    return member.contacts


@dataclass(frozen=True)
class _Month:
    """What its messages say of a month, gathered once for all of them."""

    context: SendingContext
    transaction: Transaction
    month: GroupMonth

    @cached_property
    def _facts(self) -> GroupFacts:
        month, context = self.month, self.context
        return context.facts(self.transaction, month.period).of_month(month)

    @cached_property
    def _files(self) -> IssuedFiles:
        outbox = self.context.workspace.outbox
        return IssuedFiles(outbox, self.transaction, self.month.group, self.month.period)

    @cached_property
    def _names(self) -> dict[str, Any]:
        """What every message about the month may say of it."""
        paper = self._facts.paper
        result = paper.result
        return {
            "更正": paper.former is not None,
            "文号": document_number(paper),
            "下发日期": document_date(result.issued),
            "参评人数": len(result.ranked),
            "组平均": "—" if paper.average is None else str(paper.average),
            "第一名": [person.name for person in result.ranked if person.rank == 1],
            "申诉截止": full_date(paper.appeal_by),
            "更正事由": paper.reason or "",
        }

    @cached_property
    def _decisions(self) -> list[tuple[str, str]]:
        """工号 and sentence of each of HR's decisions about money of the month, in their order."""
        names = {person.id: person.name for person in self._facts.paper.result.staff}
        return [
            (
                outcome.key.staff,
                (
                    f"{names[outcome.key.staff]}的{OUTCOME_NAMES[outcome.key.type]}："
                    f"裁定{DECISION_NAMES[act.decision or OutcomeDecision.APPLY]}（{document_date(act.on)}）"
                ),
            )
            for act in self._facts.acts
            for outcome in self._facts.outcomes
            if outcome.amount and outcome.key.staff in names and decisions_on(outcome, [act])
        ]

    @cached_property
    def _sent(self) -> SentFiles:
        return SentFiles(self.context.workspace, self.context.setup.settings, self.transaction, self.month)

    def _decided(self, paper: SentPaper, addressee: str, staff: str | None = None) -> tuple[str, list[str]]:
        """The occasion by HR's decisions (about one person), and those that were made since the paper last went.

        A decision changes the papers of the revision: they go once more, where they say something else.
        """
        made = [sentence for who, sentence in self._decisions if staff in {None, who}]
        line = self.month.revision, paper, addressee
        keys = [delivery.key for delivery in self._sent.went]
        gone = [key.occasion for key in keys if (key.revision, key.paper, key.addressee) == line]
        known = [
            int(occasion.removeprefix(DECIDED) or 0) for occasion in gone if not occasion.startswith(FILE)
        ]
        return f"{DECIDED}{len(made)}" if made else "", made[max(known, default=len(made)) :]

    def _text(self, template: str, receiver: str, **more: Any) -> tuple[str, str]:
        names = {**self._names, **more, "收件人": receiver}
        return rendered(self.context, template, self.month.group, self.month.period, names)

    def _key(self, paper: SentPaper, addressee: str, occasion: str = "") -> DeliveryKey:
        month = self.month
        return DeliveryKey(
            month.group, month.period, month.revision, paper, addressee=addressee, occasion=occasion
        )

    def notices(self) -> Iterator[Message | Unsendable]:
        """To the group's robots, to its people and its manager by mail, and to whoever else the settings name."""
        group = self.month.group
        notice = self._notice()
        if isinstance(notice, str):
            yield Unsendable(SentPaper.NOTICE, group, "全部", notice)
            return
        ways = self.context.setup.settings.notify.of(group)
        for robot in ways.robots:
            way, who = DeliveryRoute(Channel(robot.service), robot.secret), f"{group}群"
            addressee, is_file_taken = f"{way.channel}:{way.address}", way.channel in TAKES_FILES
            occasion, decided = self._decided(SentPaper.NOTICE, addressee)
            files = [notice.name] if is_file_taken else []
            subject, text = self._text(MESSAGE_NOTICE, f"{group}各位同事", 附件=files, 裁定=decided)
            delivery_key = self._key(SentPaper.NOTICE, addressee, occasion)
            yield Message(delivery_key, who, way, subject, text=f"{subject}\n{text}")
            if is_file_taken:
                delivery_key = self._key(SentPaper.NOTICE, addressee, f"{FILE}{occasion}")
                yield Message(delivery_key, who, way, subject, text="", attachments=(notice,))
        yield from self._notices_by_mail(notice, has_robot=bool(ways.robots))

    def _notice(self) -> Attachment | str:
        """HR's final version of this revision, else ours; a former revision's must not pass for this one's."""
        name = safe_file_name(f"{self.month.group}_{self.month.period}_考核通报", ".docx")
        stem = name.removesuffix(".docx")
        marks = (edition_mark(self.month.revision, is_draft=is_draft) for is_draft in (False, True))
        names = [*(f"{stem}{mark}.docx" for mark in marks), *([] if self._names["更正"] else [name])]
        hers = next(filter(None, map(self._files.hers, names)), None)
        return Attachment(name, hers.content) if hers else self._files.ours("", stem, ".docx")

    def _notices_by_mail(self, notice: Attachment, *, has_robot: bool) -> Iterator[Message | Unsendable]:
        """One mail for each: nobody sees the others' addresses. Who hears it from a robot is not missed here."""
        group, ways = self.month.group, self.context.setup.settings.notify.of(self.month.group)
        if not self.context.setup.settings.notify.has_mail:
            if not has_robot:
                yield Unsendable(SentPaper.NOTICE, group, "全部", NO_MAIL)
            return
        receivers = [(person.id, person.name) for person in self._facts.paper.result.staff]
        addresses = [(staff, who, *self._mailbox(staff, who)) for staff, who in receivers]
        if ways.manager:
            addresses.append((MANAGER, f"{group}{MANAGER}", ways.manager, ""))
        elif not has_robot:
            yield Unsendable(SentPaper.NOTICE, group, f"{group}{MANAGER}", NO_MANAGER)
        addresses += [(mailbox, mailbox, mailbox, "") for mailbox in ways.notice_to]
        taken: set[str] = set()
        for addressee, who, address, why in addresses:
            if address and address not in taken:
                taken.add(address)
                occasion, decided = self._decided(SentPaper.NOTICE, addressee)
                words = self._text(MESSAGE_NOTICE, who, 附件=[notice.name], 裁定=decided)
                delivery_key = self._key(SentPaper.NOTICE, addressee, occasion)
                receiver = who if addressee in {who, MANAGER} else f"{who}（{addressee}）"
                way = DeliveryRoute(Channel.MAIL, address)
                yield Message(delivery_key, receiver, way, *words, attachments=(notice,))
            elif not address and not has_robot:
                yield Unsendable(SentPaper.NOTICE, group, f"{who}（{addressee}）", why)

    def _mailbox(self, staff: str, name: str) -> tuple[str, str]:
        """A mail address, or why there is none: the notice is the group's, and goes by no personal app."""
        contacts = _contacts(self.context, staff, name)
        if isinstance(contacts, str):
            return "", contacts
        return (contacts.mail, "") if contacts.mail else ("", NO_MAILBOX)

    def slips(self) -> Iterator[Message | Unsendable]:
        """Each to its person alone, with the form of an appeal as long as that lies there empty."""
        for person in self._facts.paper.result.staff:
            stem = safe_file_name(f"{person.id}_{person.name}", ".html").removesuffix(".html")
            slip = self._files.ours("绩效单/", stem, ".html")
            form = self._form(paper_name(person.id, person.name, APPEAL_SHEET))
            more = () if isinstance(form, str) else (form,)
            yield self._to_person(SentPaper.SLIP, MESSAGE_SLIP, (person.id, person.name), slip, more)

    def plans(self) -> Iterator[Message | Unsendable]:
        """The form to each person who owes one and has given none yet."""
        for plan in self.transaction.plans.of_month(self.month.group, self.month.period):
            if plan.state is PlanState.EXPECTED:
                form = self._form(paper_name(plan.staff, plan.name, PLAN_SHEET))
                who, by = (plan.staff, plan.name), full_date(plan.due)
                yield self._to_person(SentPaper.PLAN, MESSAGE_PLAN, who, form, 事项=PLAN_SHEET, 期限=by)

    def letters(self) -> Iterator[Message | Unsendable]:
        """What HR decided about a person, to that person alone: each 决定书 and 申诉答复书, besides the one that is signed for."""
        for handout, _ in handouts(self.transaction, self.month.period).get(self.month.group, ()):
            if handout.paper.value not in LETTERS:
                continue
            paper, who = SentPaper(handout.paper.value), (handout.staff, handout.name)
            what, begins = PAPER_NAMES[paper], f"{_LETTER_FOLDERS[paper]}/{handout.staff}_{handout.name}_"
            for name, letter in self._files.beginning(begins):
                if what in name:
                    which = PurePosixPath(name).stem
                    yield self._to_person(paper, MESSAGE_LETTER, who, letter, occasion=which, 事项=what)

    def _form(self, path: str) -> Attachment | str:
        """An empty form, by its path in the month's folder."""
        whole = PurePosixPath(path)
        return self._files.ours(f"{whole.parent}/", whole.stem, whole.suffix)

    def _to_person(
        self,
        paper: SentPaper,
        template: str,
        who: tuple[str, str],
        file: Attachment | str,
        more: tuple[Attachment, ...] = (),
        *,
        occasion: str = "",
        **said: Any,
    ) -> Message | Unsendable:
        """`file` has to come along, `more` may; a text instead of it says why it cannot."""
        staff, name = who
        way, who_is_it = person_way(self.context, staff, name), f"{name}（{staff}）"
        if isinstance(way, str) or isinstance(file, str):
            return Unsendable(paper, self.month.group, who_is_it, way if isinstance(way, str) else str(file))
        files = (file, *more)
        decided: list[str] = []
        if paper is SentPaper.SLIP:
            occasion, decided = self._decided(paper, staff, staff)
        words = self._text(
            template, name, 附件=[attachment.name for attachment in files], 裁定=decided, **said
        )
        delivery_key = self._key(paper, staff, occasion)
        same = self._sent.same(delivery_key, file, self._facts.paper)
        return Message(delivery_key, who_is_it, way, *words, attachments=files, same=same)


NO_MAILBOX = f"花名册里没有邮箱（用 roster export 补上，放进 inbox/{HR_FOLDER}）"
NO_MANAGER = "不知道店长的邮箱（settings.toml 的 [[notify.group]] 里写 manager）"
