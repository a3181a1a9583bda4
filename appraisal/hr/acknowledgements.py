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


@dataclass(frozen=True, slots=True)
class GroupAcknowledged:
    """A group's papers of the revision in force, each with how far it has come. `has_begun`: a register has come."""

    group: str
    period: Period
    papers: tuple[tuple[Handout, HandoutState], ...]
    has_begun: bool

    def count(self, state: HandoutState) -> int:
        """How many have come so far and no further."""
        return sum(one is state for _, one in self.papers)

    @property
    def missing(self) -> tuple[tuple[Handout, HandoutState], ...]:
        """Those that nobody has signed for, nor refused."""
        return tuple(one for one in self.papers if one[1] not in _SETTLED)

    @property
    def in_words(self) -> str:
        """`应签14份，已签3份，拒签1份；绩效单未送：张三`."""
        refused = self.count(HandoutState.REFUSED)
        counts = [f"应签{len(self.papers)}份", f"已签{self.count(HandoutState.SIGNED)}份"]
        counts += [f"拒签{refused}份"] if refused else []
        told = "，".join(counts)
        return f"{told}；{self.names}" if self.missing else told

    @property
    def names(self) -> str:
        """Who has not signed: `绩效单未送：张三、李四；整改方案已送达：王五`; those of one name with their ids."""
        bearers = Counter(name for _, name in {(one.staff, one.name) for one, _ in self.papers})
        of: defaultdict[str, list[str]] = defaultdict(list)
        for one, state in self.missing:
            who = one.name if bearers[one.name] == 1 else f"{one.name}（{one.staff}）"
            of[f"{PAPER_NAMES[one.paper]}{STATE_NAMES[state]}"].append(who)
        return "；".join(f"{what}：{'、'.join(names)}" for what, names in of.items())

    def of_person(self, staff: str) -> GroupAcknowledged:
        """What there is of one person's."""
        return replace(self, papers=tuple(one for one in self.papers if one[0].staff == staff))

    def as_json(self) -> dict[str, object]:
        """For programs."""
        papers = [
            {"staff": one.staff, "paper": one.paper.value, "state": state.value} for one, state in self.papers
        ]
        return {"group": self.group, "period": str(self.period), "papers": papers}


def acknowledged(facts: PeriodFacts) -> tuple[GroupAcknowledged, ...]:
    """The issued groups of the period, in the roster's order."""
    entries = facts.transaction.acknowledgements.of_period(facts.period)
    begun = {(one.group, one.revision) for one in entries}
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
        issued = (one for one in before.months if one.is_issued and one.state is not MonthState.CLOSED)
        withdrawn = (one for one in before.withdrawn if not is_closed(one.group, before.period))
        still_open = {one.group for one in (*issued, *withdrawn)}
        if still_open:  # thousands of papers are not read for a month that is done with
            found += [one for one in acknowledged(before) if one.missing and one.group in still_open]
    return tuple(found)


Papers = tuple[tuple[Handout, HandoutState], ...]


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
    come = set(sent) | {(one.group, one.revision, one.staff, one.paper.value) for one in entries}
    entered: defaultdict[tuple[str, str], list[Acknowledgement]] = defaultdict(list)
    for entry in entries:
        entered[entry.group, entry.staff].append(entry)
    of_group: defaultdict[str, list[tuple[Handout, HandoutState]]] = defaultdict(list)
    for one in (*transaction.acknowledgements.handouts(period), *_letters(transaction, period, come)):
        key = one.group, one.revision, one.staff, one.paper.value
        went = sent.get(key)
        if went and one.paper.value in SENT_LETTERS and not _letters_of(transaction, one) <= letters[key]:
            went = None  # it was another letter of the kind
        state = _as_sent(went) if went else HandoutState.MADE
        revisions = {one.revision, *(alike[went.file] if went else ())}
        for entry in entered[one.group, one.staff]:
            if any(replace(one, revision=each).is_meant_by(entry) for each in revisions):
                state = HandoutState(entry.state)
        of_group[one.group].append((one, state))
    return {group: tuple(sorted(papers, key=lambda one: one[0].staff)) for group, papers in of_group.items()}


def _letters_of(transaction: Transaction, one: Handout) -> set[str]:
    """The letters of the kind that lie in the month's folder for the person, as `send` names them."""
    begins, what = f"{one.staff}_{one.name}_", PAPER_NAMES[one.paper]
    placed = transaction.placed.under(month_folder(one.group, one.period))
    paths = [PurePosixPath(path) for path in placed if path.count("/") == 3]  # former editions lie deeper
    return {path.stem for path in paths if path.name.startswith(begins) and what in path.name}


def _letters(
    transaction: Transaction, period: Period, come: Collection[tuple[str, int, str, str]]
) -> Iterator[Handout]:
    """The letters of the issued months, and of one taken back those for whom the slip had `come` to."""
    acts, names = transaction.acts.find(period=period), transaction.months.names(period)
    months = {one.group: one for one in transaction.months.of_period(period)}
    issued = {one.group for one in months.values() if one.is_issued}
    days = {
        AcknowledgedPaper.APPEAL_ANSWER: {
            (one.group, one.staff): one.decided_on
            for one in transaction.appeals.known_in(period)
            if one.period == period and one.decided_on
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
    withdrawn = {(one.group, one.revision) for one in months if one.state is MonthState.WITHDRAWN}
    return {
        (group, staff): days[group]
        for group, revision, staff, paper in come
        if paper == AcknowledgedPaper.SLIP and (group, revision) in withdrawn and group in days
    }


def _as_sent(one: Delivery) -> HandoutState:
    if one.seen_at:
        return HandoutState.SEEN
    return HandoutState.ARRIVED if one.arrived_at else HandoutState.SENT


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
        ListColumn("考核组", lambda one: one.key.group, 18, Shown.STRONG),
        ListColumn("发给", lambda one: names.who(one.key.group, one.key.period, one.key.addressee), 22),
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
    ListColumn("考核组", lambda one: one.group, 18, Shown.STRONG),
    ListColumn("应签", lambda one: len(one.papers), 8, Shown.COUNT),
    ListColumn("已签", lambda one: one.count(HandoutState.SIGNED), 8, Shown.COUNT),
    ListColumn("拒签", lambda one: one.count(HandoutState.REFUSED), 8, Shown.COUNT),
    ListColumn("未签", lambda one: len(one.missing), 8, Shown.COUNT),
    ListColumn("未签的人", lambda one: one.names, 70, Shown.WRAPPED),
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
        ListColumn("考核组", lambda one: one.group, 16, Shown.STRONG),
        ListColumn("工号", lambda one: one.staff, 11),
        ListColumn("姓名", lambda one: names.get((one.group, one.staff), ""), 11, Shown.NAME),
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
        ListColumn("考核组", lambda one: one.key.group, 16, Shown.STRONG),
        ListColumn("工号", lambda one: one.key.addressee, 11),
        ListColumn("姓名", lambda one: names[one.key.group, one.key.addressee], 11, Shown.NAME),
        *SENT_COLUMNS,
    ]
    sent = [
        one
        for one in facts.transaction.deliveries.of_period(facts.period)
        if (one.key.group, one.key.addressee) in names and one.key.paper in PERSONAL
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


def _told_at(one: Delivery, moment: datetime | None) -> str:
    """What a service told, where it tells such things."""
    if one.channel not in TELLS_READING:
        return "查不到"
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


SENT_COLUMNS: Columns[Delivery] = (
    ListColumn("版次", lambda one: one.key.revision, 7, Shown.COUNT),
    ListColumn("材料", lambda one: DELIVERED_NAMES[one.key.paper], 12),
    ListColumn("发送方式", lambda one: CHANNEL_NAMES[one.channel], 11, Shown.CENTRED),
    ListColumn("情况", lambda one: DELIVERY_NAMES[one.state], 12, Shown.CENTRED),
    ListColumn("时间", lambda one: f"{one.changed_at:%Y-%m-%d %H:%M}", 18, Shown.CENTRED),
    ListColumn("到达", lambda one: _told_at(one, one.arrived_at), 18, Shown.CENTRED),
    ListColumn("已读", lambda one: _told_at(one, one.seen_at), 18, Shown.CENTRED),
    ListColumn("说明", lambda one: one.reason, 34, Shown.WRAPPED),
)


def sent_in_words(one: Delivery, names: Names) -> str:
    """`绩效单（钉钉）发给张三（KF001）：已发出，2026-12-08 09:00 到达，2026-12-08 09:30 已读`."""
    known = [(one.arrived_at, "到达"), (one.seen_at, "已读")]
    moments = "".join(f"，{moment:%Y-%m-%d %H:%M} {what}" for moment, what in known if moment)
    why = f"，{one.reason}" if one.reason else ""
    what = f"{DELIVERED_NAMES[one.key.paper]}（{CHANNEL_NAMES[one.channel]}）"
    who = names.who(one.key.group, one.key.period, one.key.addressee)
    return f"{what}发给{who}：{DELIVERY_NAMES[one.state]}{moments}{why}"


ENTRY_COLUMNS: Columns[Acknowledgement] = (
    ListColumn("版次", lambda one: one.revision, 7, Shown.COUNT),
    ListColumn("材料", lambda one: PAPER_NAMES[one.paper], 12),
    ListColumn("送达方式", lambda one: one.channel or "", 11, Shown.CENTRED),
    ListColumn("送达日期", lambda one: one.delivered_on, 12, Shown.DAY),
    ListColumn("签收情况", lambda one: RESULT_NAMES[one.state], 13, Shown.CENTRED),
    ListColumn("签收日期", lambda one: one.on, 12, Shown.DAY),
    ListColumn("见证人", lambda one: one.witness, 11),
    ListColumn("备注", lambda one: one.remark, 24, Shown.WRAPPED),
    ListColumn("登记日期", lambda one: one.entered_on, 12, Shown.DAY),
)
