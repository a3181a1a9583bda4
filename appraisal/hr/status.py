"""How a period stands: what `status` tells, as lines for people and as one JSON object for programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from appraisal.hr.acknowledgements import GroupAcknowledged, acknowledged, sent_in_words, unsigned_before
from appraisal.hr.appeals import appeal_as_json, appeal_in_words
from appraisal.hr.corrections import changes_in_words, correction_as_json, people_changed
from appraisal.hr.facts import Names, PeriodFacts, months_before, state_in_words
from appraisal.hr.missing import (
    DAY_UNKNOWN,
    HandIn,
    LeftOpen,
    hand_ins_of,
    left_open,
    missing_groups,
    returned_files,
)
from appraisal.hr.person import KnownPerson
from appraisal.hr.plan_tracker import plan_as_json, plan_in_words, talk_as_json, waits_for_judgement
from appraisal.hr.self_forms import ExpectedSelfForm, expected_self_forms
from appraisal.ledger.delivery_records import Delivery
from appraisal.ledger.records import (
    Appeal,
    GroupMonth,
    KeptOutcome,
    MonthState,
    OutcomeKey,
    Plan,
    PlanState,
    WaitingCorrection,
)
from appraisal.publish.wording import OUTCOME_NAMES, full_date, short_date
from appraisal.scheme.model.units import money
from appraisal.scheme.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """One group's month: its state (`missing` where none came), in JSON's word and in Chinese.

    `handed_in` is the day on which its first workbook was taken, `days_late` how long that was after 报送截止.
    A month that came has no day where a restored ledger does not know it.
    """

    group: str
    state: str
    in_words: str
    revision: int | None = None
    handed_in: date | None = None
    days_late: int = 0

    @property
    def line(self) -> str:
        """`旗舰店  已下发（第1版）  12月10日报送，迟3天`."""
        revision = f"（第{self.revision}版）" if self.revision else ""
        late = f"，迟{self.days_late}天" if self.days_late else ""
        unknown = f"  {DAY_UNKNOWN}" if self.revision else ""
        handed_in = f"  {short_date(self.handed_in)}报送{late}" if self.handed_in else unknown
        return f"{self.group}  {self.in_words}{revision}{handed_in}"

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "group": self.group,
            "state": self.state,
            "revision": self.revision,
            "handed_in": str(self.handed_in) if self.handed_in else None,
            "days_late": self.days_late,
        }


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """One thing that waits for somebody: the group's, or of the person with this id."""

    group: str
    staff: str
    name: str
    lines: tuple[str, ...]

    @property
    def who(self) -> str:
        return f"{self.name}（{self.staff}）" if self.staff else ""


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """Everything that waits for somebody: of the period, and what was left open in earlier ones.

    `talks` are the period's plans that are issued, each with a talk to go with it.
    """

    facts: PeriodFacts
    groups: tuple[GroupStatus, ...]
    plans: tuple[Plan, ...]
    talks: tuple[Plan, ...]
    waiting: tuple[WaitingCorrection, ...]
    held: tuple[KeptOutcome, ...]
    appeals: tuple[Appeal, ...] = ()
    self_forms: tuple[ExpectedSelfForm, ...] = ()
    acknowledged: tuple[GroupAcknowledged, ...] = ()
    undelivered: tuple[Delivery, ...] = ()
    left_open: tuple[LeftOpen, ...] = ()

    @property
    def overdue(self) -> tuple[Plan, ...]:
        today = self.facts.today
        return tuple(plan for plan in self.plans if plan.is_issued and plan.is_overdue(today))

    def of_group(self, group: str) -> MonthStatus:
        """What there is of one group."""
        return self._of([group])

    def of_person(self, person: KnownPerson) -> MonthStatus:
        """What there is of one person, in the groups of the person."""
        return self._of(person.groups, person.staff)

    def _of(self, groups: Collection[str], staff: str | None = None) -> MonthStatus:
        """What there is of the groups, or of one person in them."""

        def is_meant(matter: Plan | Appeal | ExpectedSelfForm | OutcomeKey) -> bool:
            return matter.group in groups and staff in {None, matter.staff}

        acknowledged = (group for group in self.acknowledged if group.group in groups)
        return replace(
            self,
            groups=tuple(group for group in self.groups if group.group in groups),
            plans=tuple(filter(is_meant, self.plans)),
            talks=tuple(filter(is_meant, self.talks)),
            waiting=tuple(
                correction
                for correction in self.waiting
                if correction.group in groups and (staff is None or staff in people_changed(correction))
            ),
            held=tuple(outcome for outcome in self.held if is_meant(outcome.key)),
            appeals=tuple(filter(is_meant, self.appeals)),
            self_forms=tuple(filter(is_meant, self.self_forms)),
            acknowledged=tuple(group if staff is None else group.of_person(staff) for group in acknowledged),
            undelivered=tuple(
                delivery
                for delivery in self.undelivered
                if delivery.key.group in groups and staff in {None, delivery.key.addressee}
            ),
            left_open=tuple(left for left in self.left_open if left.group in groups),
        )

    def in_words(self) -> Iterator[str]:
        """How many there are of each, then group by group, and in it person by person."""
        there = sum(
            group.revision is not None and group.state != MonthState.WITHDRAWN for group in self.groups
        )
        late = sum(group.days_late > 0 for group in self.groups)
        yield (
            f"{self.facts.period.in_words}：应报送{len(self.groups)}个考核组，已报送{there}个"
            f"{f'，其中迟报{late}个' if late else ''}。"
        )
        yield from self._counts()
        matters: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for left in self.left_open:
            matters[left.group][""].append(left.in_words)
        for matter in sorted(self._matters(), key=lambda matter: matter.staff):
            matters[matter.group][matter.who] += matter.lines
        lines = {group.group: group.line for group in self.groups}
        for group in self.facts.in_order({*lines, *matters}):
            yield lines.get(group, group)
            for who, texts in matters[group].items():
                yield from ([f"  {who}"] if who else [])
                yield from (f"{'    ' if who else '  '}{line}" for line in texts)
        if not any(matters.values()):
            yield "没有到期或待办的事项。"

    def _counts(self) -> Iterator[str]:
        if waiting_forms := [form for form in self.self_forms if form.is_open]:
            came = sum(form.received_on is not None for form in self.self_forms)
            until = full_date(waiting_forms[0].due)
            yield f"自评表：已收到{came}份，还在等{len(waiting_forms)}份，{until}前交。"
        if self.plans:
            waiting = sum(plan.state is PlanState.SUBMITTED for plan in self.plans)
            judged = f"，待审核{waiting}份" if waiting else ""
            yield f"整改方案：{len(self.plans)}份，其中逾期{len(self.overdue)}份{judged}。"
        if missing := sum(plan.talked_on is None for plan in self.talks):
            yield f"面谈记录：应收{len(self.talks)}份，未收到{missing}份。"
        if self.waiting:
            yield f"等待同意的更正：{len(self.waiting)}份。"
        if self.held:
            yield f"待研究确定的结果：{len(self.held)}项，用 decide 或人事办理单裁定。"
        if self.appeals:
            waiting = sum(appeal.is_open for appeal in self.appeals)
            to_correct = sum(appeal.waits_for_correction for appeal in self.appeals)
            answered = f"，待答复{waiting}份，用 answer 或人事办理单的“申诉决定”答复" if waiting else ""
            corrected = f"，等更正报送或重算{to_correct}份" if to_correct else ""
            yield f"申诉：{len(self.appeals)}份{answered}{corrected}。"
        for period, without in groupby(self.acknowledged, key=lambda group: group.period):
            if waiting := sum(not group.has_begun for group in without):
                yield f"签收：{period} 有{waiting}个组已下发，还没有收到签收登记。"
        if self.undelivered:
            yield f"没有发到：{len(self.undelivered)}条，改好后用 send … --again 补发，不确定的先问收件人。"

    def _matters(self) -> Iterator[OpenMatter]:
        today, period = self.facts.today, self.facts.period
        for form in self.self_forms:
            if form.is_open:
                late = f"，逾期{form.days_late(today)}天" if form.days_late(today) else ""
                line = f"{period} 自评表  {form.in_words(today)}{late}"
                yield OpenMatter(form.group, form.staff, form.name, (line,))
        for plan in self.plans:
            due = f"{full_date(plan.due)}前交" if plan.is_issued else "通报下发后定期限"
            line = f"{plan.period} 整改方案  {due}  {self._stands(plan)}"
            yield OpenMatter(plan.group, plan.staff, plan.name, (line,))
        for talk in self.talks:
            if talk.talked_on is None:
                line = f"{talk.period} 面谈记录  未收到"
                yield OpenMatter(talk.group, talk.staff, talk.name, (line,))
        names = Names(self.facts.transaction)
        for held in self.held:
            key = held.key
            what = f"{OUTCOME_NAMES[key.type]}{'' if held.amount is None else money(held.amount)}"
            which = f"  编号{key.part}" if key.part > 1 else ""
            line = f"{key.period} 待研究确定  {what}{which}"
            yield OpenMatter(key.group, key.staff, names.of(key), (line,))
        for wait in self.waiting:
            received = f"编号{wait.number}，{short_date(wait.received_on)}收到"
            line = f"{wait.period} 更正报送  {received}  更正原因：{wait.reason}"
            changes = (f"  {change}" for change in changes_in_words(wait))
            yield OpenMatter(wait.group, "", "", (line, *changes))
        for appeal in self.appeals:
            until = f"{full_date(appeal.answer_by)}前答复  " if appeal.is_open and appeal.answer_by else ""
            late = "（逾期提出）" if appeal.is_late else ""
            which = f"编号{appeal.revision}  {'、'.join(appeal.items)}{late}"
            line = f"{appeal.period} 申诉  {which}  {until}{appeal_in_words(appeal, self.facts.today)}"
            yield OpenMatter(appeal.group, appeal.staff, appeal.name, (line,))

        for group in self.acknowledged:
            if group.has_begun and group.missing:
                line = f"{group.period} 签收  {group.in_words}"
                yield OpenMatter(group.group, "", "", (line,))
        for message in self.undelivered:
            line = f"{message.key.period} 发送  {sent_in_words(message, names)}"
            yield OpenMatter(message.key.group, "", "", (line,))

    def _stands(self, plan: Plan) -> str:
        """`逾期3天`, `退回补充，逾期3天`, `待审核（12月14日提交，已等4天），请店长审核`."""
        state, today = plan_in_words(plan, self.facts.today), self.facts.today
        if plan in self.overdue:
            returned = f"{state}，" if plan.state is PlanState.RETURNED else ""
            return f"{returned}逾期{(today - plan.due).days}天"
        waits = waits_for_judgement(plan, today)
        return f"{state}（{waits}），请店长审核" if waits else state

    def as_json(self) -> dict[str, object]:
        """What `status --json` prints."""
        today = self.facts.today
        return {
            "period": str(self.facts.period),
            "groups": [group.as_json() for group in self.groups],
            "own_forms": [form.as_json() for form in self.self_forms],
            "plans": [plan_as_json(plan, is_overdue=plan in self.overdue) for plan in self.plans],
            "talks": [talk_as_json(plan) for plan in self.talks],
            "waiting": [correction_as_json(correction) for correction in self.waiting],
            "held": [_held_as_json(outcome) for outcome in self.held],
            "undelivered": [_undelivered_as_json(delivery) for delivery in self.undelivered],
            "appeals": [
                {**appeal_as_json(appeal), "overdue": appeal.is_overdue(today)} for appeal in self.appeals
            ],
            "acknowledgements": [group.as_json() for group in self.acknowledged],
            "left_open": [
                {"group": left.group, "handed_in": left.is_handed_in, "periods": [*map(str, left.periods)]}
                for left in self.left_open
            ],
        }


def _held_as_json(outcome: KeptOutcome) -> dict[str, object]:
    return {
        "group": outcome.key.group,
        "period": str(outcome.key.period),
        "staff": outcome.key.staff,
        "type": outcome.key.type.value,
        "item": outcome.key.part,
        "amount": None if outcome.amount is None else str(outcome.amount),
    }


def _undelivered_as_json(delivery: Delivery) -> dict[str, object]:
    return {
        "group": delivery.key.group,
        "paper": delivery.key.paper.value,
        "addressee": delivery.key.addressee,
        "state": delivery.state.value,
        "reason": delivery.reason,
    }


def status_of(facts: PeriodFacts, rulebook: Rulebook | None = None) -> MonthStatus:
    """As of today; what waits for HR is told of every period. People's self-assessments by `rulebook`."""
    transaction = facts.transaction
    months = {month.group: month for month in transaction.months.of_period(facts.period)}
    missing = missing_groups(facts, returned_files(facts))
    forms = () if rulebook is None else expected_self_forms(facts, rulebook)
    hand_ins = {hand_in.group: hand_in for hand_in in hand_ins_of(facts)}
    groups = [
        _group_status(month, hand_ins.get(group))
        if (month := months.get(group))
        else GroupStatus(group, "missing", missing[group])
        for group in facts.in_order({*facts.expected_groups, *months})
    ]
    before = [plan for plan in transaction.plans.unsettled() if plan.period < facts.period]
    all_now = transaction.plans.of_period(facts.period)
    now = [plan for plan in all_now if plan.state is not PlanState.ACCEPTED]
    return MonthStatus(
        facts=facts,
        groups=tuple(groups),
        plans=(*before, *now),
        talks=tuple(plan for plan in all_now if plan.is_issued),
        waiting=transaction.corrections.all(),
        held=transaction.outcomes.undecided(facts.period),
        self_forms=forms,
        appeals=transaction.appeals.known_in(facts.period),
        undelivered=transaction.deliveries.not_arrived(
            *(month.period for month in months_before(facts)), facts.period
        ),
        acknowledged=(*unsigned_before(facts), *acknowledged(facts)),
        left_open=left_open(facts),
    )


def _group_status(month: GroupMonth, hand_in: HandIn | None) -> GroupStatus:
    return GroupStatus(
        month.group,
        month.state.value,
        state_in_words(month),
        month.revision,
        handed_in=hand_in.day if hand_in else None,
        days_late=hand_in.days_late if hand_in else 0,
    )
