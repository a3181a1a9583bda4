"""Which papers of an issued month are to be signed for, its letters too, and how far each has come; 签收情况.xlsx says it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import PurePosixPath

from appraisal.hr.facts import Names, PeriodFacts, months_before
from appraisal.intake.hr_acts import Act
from appraisal.ledger.delivery_records import (
    CHANNEL_NAMES,
    TELLS_READING,
    Acknowledgement,
    Delivery,
    DeliveryState,
    Handout,
    SentPaper,
)
from appraisal.ledger.delivery_records import LETTERS as SENT_LETTERS
from appraisal.ledger.delivery_records import PAPER_NAMES as DELIVERED_NAMES
from appraisal.ledger.delivery_records import STATE_NAMES as DELIVERY_NAMES
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import decisions_on
from appraisal.ledger.records import GroupMonth, KeptOutcome, MonthState
from appraisal.period import Period
from appraisal.publish.excel.listing import Columns, ListColumn, ListSheet, Shown, listed
from appraisal.scheme.forms.acknowledgement import NOTE, PAPER_NAMES, RESULT_NAMES, AcknowledgedPaper
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.names import month_folder


class HandoutState(StrEnum):
    """made 未送, sent 已发送, arrived 已到达, seen 已读未签, delivered 已送达, signed 已签收, refused 拒签.

    `arrived` and `seen` are what a service told of a message, `delivered` and what follows what the register says.
    """

    MADE = "made"
    SENT = "sent"
    ARRIVED = "arrived"
    SEEN = "seen"
    DELIVERED = "delivered"
    SIGNED = "signed"
    REFUSED = "refused"


STATE_NAMES = {
    HandoutState.MADE: "未送",
    HandoutState.SENT: "已发送",
    HandoutState.ARRIVED: "已到达",
    HandoutState.SEEN: "已读未签",
    HandoutState.DELIVERED: "已送达",
    HandoutState.SIGNED: "已签收",
    HandoutState.REFUSED: "拒签",
}

_SETTLED = {HandoutState.SIGNED, HandoutState.REFUSED}

Papers = tuple[tuple[Handout, HandoutState], ...]
"""Each with how far it has come."""


@dataclass(frozen=True, slots=True)
class GroupAcknowledged:
    """A group's papers of the revision in force, each with how far it has come. `has_begun`: a register has come."""

    group: str
    period: Period
    papers: Papers
    has_begun: bool

    def count(self, state: HandoutState) -> int:
        """How many have come so far and no further."""
        return sum(reached is state for _, reached in self.papers)

    @property
    def missing(self) -> Papers:
        """Those that nobody has signed for, nor refused."""
        return tuple(paper for paper in self.papers if paper[1] not in _SETTLED)

    @property
    def in_words(self) -> str:
        """`应签14份，已签3份，拒签1份；绩效单未送：张三`."""
        refused = self.count(HandoutState.REFUSED)
        counts = [f"应签{len(self.papers)}份", f"已签{self.count(HandoutState.SIGNED)}份"]
        counts += [f"拒签{refused}份"] if refused else []
        text = "，".join(counts)
        return f"{text}；{self.names}" if self.missing else text

    @property
    def names(self) -> str:
        """Who has not signed: `绩效单未送：张三、李四；整改方案已送达：王五`; those of one name with their ids."""
        bearers = Counter(name for _, name in {(handout.staff, handout.name) for handout, _ in self.papers})
        of: defaultdict[str, list[str]] = defaultdict(list)
        for handout, state in self.missing:
            who = handout.name if bearers[handout.name] == 1 else f"{handout.name}（{handout.staff}）"
            of[f"{PAPER_NAMES[handout.paper]}{STATE_NAMES[state]}"].append(who)
        return "；".join(f"{what}：{'、'.join(names)}" for what, names in of.items())

    def of_person(self, staff: str) -> GroupAcknowledged:
        """What there is of one person's."""
        return replace(self, papers=tuple(paper for paper in self.papers if paper[0].staff == staff))

    def as_json(self) -> dict[str, object]:
        """For programs."""
        papers = [
            {"staff": handout.staff, "paper": handout.paper.value, "state": state.value}
            for handout, state in self.papers
        ]
        return {"group": self.group, "period": str(self.period), "papers": papers}


def acknowledged(facts: PeriodFacts) -> tuple[GroupAcknowledged, ...]:
    """The issued groups of the period, in the roster's order."""
    entries = facts.transaction.acknowledgements.of_period(facts.period)
    begun = {(entry.group, entry.revision) for entry in entries}
    of_group = handouts(facts.transaction, facts.period)
    return tuple(
        GroupAcknowledged(group, facts.period, papers, (group, papers[0][0].revision) in begun)
        for group in facts.in_order(of_group)
        if (papers := of_group[group])
    )


def unsigned_before(facts: PeriodFacts) -> tuple[GroupAcknowledged, ...]:
    """Earlier months that are not closed and of which somebody has still to sign, old to new.

    Of one that was taken back, 撤回通知.
    """
    found = []
    is_closed = facts.transaction.months.is_closed
    for before in months_before(facts):
        issued = (
            month for month in before.months if month.is_issued and month.state is not MonthState.CLOSED
        )
        withdrawn = (month for month in before.withdrawn if not is_closed(month.group, before.period))
        still_open = {month.group for month in (*issued, *withdrawn)}
        if still_open:  # thousands of papers are not read for a month that is done with
            found += [group for group in acknowledged(before) if group.missing and group.group in still_open]
    return tuple(found)


def handouts(transaction: Transaction, period: Period) -> dict[str, Papers]:
    """What is to be signed for, letters too, and how far each has come: by group, in it by person.

    A signature under an earlier slip counts where the present one says the same, and so was not sent again.
    """
    entries = transaction.acknowledgements.of_period(period)
    sent: dict[tuple[str, int, str, str], Delivery] = {}
    letters: defaultdict[tuple[str, int, str, str], set[str]] = defaultdict(set)
    alike: defaultdict[str, set[int]] = defaultdict(set)
    for delivery in transaction.deliveries.of_period(period):
        if delivery.state is DeliveryState.SENT:
            what = delivery.key
            sent[what.group, what.revision, what.addressee, what.paper.value] = delivery
            letters[what.group, what.revision, what.addressee, what.paper.value].add(what.occasion)
            alike[delivery.file].add(what.revision)
    come = set(sent) | {(entry.group, entry.revision, entry.staff, entry.paper.value) for entry in entries}
    entered: defaultdict[tuple[str, str], list[Acknowledgement]] = defaultdict(list)
    for entry in entries:
        entered[entry.group, entry.staff].append(entry)
    of_group: defaultdict[str, list[tuple[Handout, HandoutState]]] = defaultdict(list)
    for handout in (*transaction.acknowledgements.handouts(period), *_letters(transaction, period, come)):
        key = handout.group, handout.revision, handout.staff, handout.paper.value
        went = sent.get(key)
        if (
            went
            and handout.paper.value in SENT_LETTERS
            and not _letters_of(transaction, handout) <= letters[key]
        ):
            went = None  # it was another letter of the kind
        state = _as_sent(went) if went else HandoutState.MADE
        revisions = {handout.revision, *(alike[went.file] if went else ())}
        for entry in entered[handout.group, handout.staff]:
            if any(replace(handout, revision=each).is_meant_by(entry) for each in revisions):
                state = HandoutState(entry.state)
        of_group[handout.group].append((handout, state))
    return {
        group: tuple(sorted(papers, key=lambda paper: paper[0].staff)) for group, papers in of_group.items()
    }


def _letters_of(transaction: Transaction, handout: Handout) -> set[str]:
    """The letters of the kind that lie in the month's folder for the person, as `send` names them."""
    begins, what = f"{handout.staff}_{handout.name}_", PAPER_NAMES[handout.paper]
    placed = transaction.placed.under(month_folder(handout.group, handout.period))
    paths = [PurePosixPath(path) for path in placed if path.count("/") == 3]  # former editions lie deeper
    return {path.stem for path in paths if path.name.startswith(begins) and what in path.name}


def _letters(
    transaction: Transaction, period: Period, come: Collection[tuple[str, int, str, str]]
) -> Iterator[Handout]:
    """The letters of the issued months, and of one taken back those for whom the slip had `come` to."""
    acts, names = transaction.acts.find(period=period), transaction.months.names(period)
    months = {month.group: month for month in transaction.months.of_period(period)}
    issued = {month.group for month in months.values() if month.is_issued}
    days = {
        AcknowledgedPaper.APPEAL_ANSWER: {
            (appeal.group, appeal.staff): appeal.decided_on
            for appeal in transaction.appeals.known_in(period)
            if appeal.period == period and appeal.decided_on
        },
        AcknowledgedPaper.DECISION: _days_of_decision(transaction.outcomes.of_period(period), acts),
        AcknowledgedPaper.WITHDRAWAL: _days_of_withdrawal(months.values(), acts, come),
    }
    for letter, written in days.items():
        for (group, staff), day in written.items():
            if group in issued or letter is AcknowledgedPaper.WITHDRAWAL:
                name = names.get((group, staff), "")
                yield Handout(
                    group=group,
                    period=period,
                    revision=months[group].revision,
                    staff=staff,
                    name=name,
                    paper=letter,
                    since=day,
                )


def _days_of_decision(outcomes: Iterable[KeptOutcome], acts: Sequence[Act]) -> dict[tuple[str, str], date]:
    """By group and person, when HR last decided about money."""
    days: dict[tuple[str, str], date] = {}
    for outcome in outcomes:
        whose = outcome.key.group, outcome.key.staff
        decisions = decisions_on(outcome, [act for act in acts if act.group == outcome.key.group])
        if decisions and outcome.decision is not None and outcome.amount:
            days[whose] = max(decisions[-1].on, days.get(whose, date.min))
    return days


def _days_of_withdrawal(
    months: Iterable[GroupMonth], acts: Iterable[Act], come: Iterable[tuple[str, int, str, str]]
) -> dict[tuple[str, str], date]:
    """By group and person, when HR took the revision back whose slip had come."""
    days = {act.group: act.on for act in acts if act.kind is ActKind.WITHDRAW}
    withdrawn = {(month.group, month.revision) for month in months if month.state is MonthState.WITHDRAWN}
    return {
        (group, staff): days[group]
        for group, revision, staff, paper in come
        if paper == AcknowledgedPaper.SLIP and (group, revision) in withdrawn and group in days
    }


def _as_sent(delivery: Delivery) -> HandoutState:
    if delivery.seen_at:
        return HandoutState.SEEN
    return HandoutState.ARRIVED if delivery.arrived_at else HandoutState.SENT


def acknowledgement_sheets(facts: PeriodFacts) -> list[ListSheet]:
    """Nothing where no group is issued, and nothing that was sent has failed to arrive."""
    names = facts.transaction.months.names(facts.period)
    groups = acknowledged(facts)
    issued = [_signed(facts, groups), _entered(facts, names), _sent(facts, names)] if groups else []
    return [*_undelivered(facts), *issued]


def _undelivered(facts: PeriodFacts) -> Iterator[ListSheet]:
    """What HR has to look after, whatever was sent to whom."""
    names = Names(facts.transaction)
    columns: Columns[Delivery] = [
        ListColumn("考核组", lambda delivery: delivery.key.group, 18, Shown.STRONG),
        ListColumn(
            "发给",
            lambda delivery: names.who(delivery.key.group, delivery.key.period, delivery.key.addressee),
            22,
        ),
        *SENT_COLUMNS,
    ]
    if missed := facts.transaction.deliveries.not_arrived(facts.period):
        yield ListSheet(
            name="没有发到",
            title=f"{facts.period.in_words}没有发到的",
            notes=["改好地址后用 send … --again 补发；“不确定”的先问收件人，再用 --unsure 了结。"],
            table=listed(missed, columns),
            frozen=2,
        )


_SIGNED_COLUMNS: Columns[GroupAcknowledged] = (
    ListColumn("考核组", lambda group: group.group, 18, Shown.STRONG),
    ListColumn("应签", lambda group: len(group.papers), 8, Shown.COUNT),
    ListColumn("已签", lambda group: group.count(HandoutState.SIGNED), 8, Shown.COUNT),
    ListColumn("拒签", lambda group: group.count(HandoutState.REFUSED), 8, Shown.COUNT),
    ListColumn("未签", lambda group: len(group.missing), 8, Shown.COUNT),
    ListColumn("未签的人", lambda group: group.names, 70, Shown.WRAPPED),
)


def _signed(facts: PeriodFacts, groups: Sequence[GroupAcknowledged]) -> ListSheet:
    return ListSheet(
        name="签收情况",
        title=f"{facts.period.in_words}考核材料签收情况",
        notes=[f"按现在的一版列；没有收到签收登记的组，全部列为未签。{NOTE}"],
        table=listed(groups, _SIGNED_COLUMNS),
        frozen=1,
    )


def _entered(facts: PeriodFacts, names: Mapping[tuple[str, str], str]) -> ListSheet:
    columns: Columns[Acknowledgement] = [
        ListColumn("考核组", lambda entry: entry.group, 16, Shown.STRONG),
        ListColumn("工号", lambda entry: entry.staff, 11),
        ListColumn("姓名", lambda entry: names.get((entry.group, entry.staff), ""), 11, Shown.NAME),
        *ENTRY_COLUMNS,
    ]
    return ListSheet(
        name="签收登记",
        title=f"{facts.period.in_words}已登记的签收",
        table=listed(facts.transaction.acknowledgements.of_period(facts.period), columns),
        empty="还没有收到签收登记。",
        frozen=3,
    )


def _sent(facts: PeriodFacts, names: Mapping[tuple[str, str], str]) -> ListSheet:
    columns: Columns[Delivery] = [
        ListColumn("考核组", lambda delivery: delivery.key.group, 16, Shown.STRONG),
        ListColumn("工号", lambda delivery: delivery.key.addressee, 11),
        ListColumn(
            "姓名", lambda delivery: names[delivery.key.group, delivery.key.addressee], 11, Shown.NAME
        ),
        *SENT_COLUMNS,
    ]
    sent = [
        delivery
        for delivery in facts.transaction.deliveries.of_period(facts.period)
        if (delivery.key.group, delivery.key.addressee) in names and delivery.key.paper in PERSONAL
    ]
    return ListSheet(
        name="发送和已读",
        title=f"{facts.period.in_words}发给本人的材料",
        notes=[READING],
        table=listed(sent, columns),
        empty="还没有发给本人的材料。",
        frozen=3,
    )


PERSONAL = {SentPaper.SLIP, SentPaper.PLAN, *SENT_LETTERS}
READING = (
    "已读是服务告诉的：本人的账号打开过消息，不是签收。钉钉只说已读，不说何时，所列为查到的时间，发出24小时内可查；"
    "飞书说明阅读的时间，7天内可查；企业微信的应用消息和邮件都查不到已读。查到的一直留在台账里。"
)


def _told_at(delivery: Delivery, moment: datetime | None) -> str:
    """What a service told, where it tells such things."""
    if delivery.channel not in TELLS_READING:
        return "查不到"
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


SENT_COLUMNS: Columns[Delivery] = (
    ListColumn("版次", lambda delivery: delivery.key.revision, 7, Shown.COUNT),
    ListColumn("材料", lambda delivery: DELIVERED_NAMES[delivery.key.paper], 12),
    ListColumn("发送方式", lambda delivery: CHANNEL_NAMES[delivery.channel], 11, Shown.CENTRED),
    ListColumn("情况", lambda delivery: DELIVERY_NAMES[delivery.state], 12, Shown.CENTRED),
    ListColumn("时间", lambda delivery: f"{delivery.changed_at:%Y-%m-%d %H:%M}", 18, Shown.CENTRED),
    ListColumn("到达", lambda delivery: _told_at(delivery, delivery.arrived_at), 18, Shown.CENTRED),
    ListColumn("已读", lambda delivery: _told_at(delivery, delivery.seen_at), 18, Shown.CENTRED),
    ListColumn("说明", lambda delivery: delivery.reason, 34, Shown.WRAPPED),
)


def sent_in_words(delivery: Delivery, names: Names) -> str:
    """`绩效单（钉钉）发给张三（KF001）：已发出，2026-12-08 09:00 到达，2026-12-08 09:30 已读`."""
    known = [(delivery.arrived_at, "到达"), (delivery.seen_at, "已读")]
    moments = "".join(f"，{moment:%Y-%m-%d %H:%M} {what}" for moment, what in known if moment)
    why = f"，{delivery.reason}" if delivery.reason else ""
    what = f"{DELIVERED_NAMES[delivery.key.paper]}（{CHANNEL_NAMES[delivery.channel]}）"
    who = names.who(delivery.key.group, delivery.key.period, delivery.key.addressee)
    return f"{what}发给{who}：{DELIVERY_NAMES[delivery.state]}{moments}{why}"


ENTRY_COLUMNS: Columns[Acknowledgement] = (
    ListColumn("版次", lambda entry: entry.revision, 7, Shown.COUNT),
    ListColumn("材料", lambda entry: PAPER_NAMES[entry.paper], 12),
    ListColumn("送达方式", lambda entry: entry.channel or "", 11, Shown.CENTRED),
    ListColumn("送达日期", lambda entry: entry.delivered_on, 12, Shown.DAY),
    ListColumn("签收情况", lambda entry: RESULT_NAMES[entry.state], 13, Shown.CENTRED),
    ListColumn("签收日期", lambda entry: entry.on, 12, Shown.DAY),
    ListColumn("见证人", lambda entry: entry.witness, 11),
    ListColumn("备注", lambda entry: entry.remark, 24, Shown.WRAPPED),
    ListColumn("登记日期", lambda entry: entry.entered_on, 12, Shown.DAY),
)
