"""How a period stands: what `status` tells, as lines for people and as one JSON object for programs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appraisal.hr.appeals import appeal_as_json, appeal_in_words
from appraisal.hr.corrections import changes_as_json, changes_in_words
from appraisal.hr.facts import Names, PeriodFacts, state_in_words
from appraisal.hr.missing import missing_groups, returned_files
from appraisal.hr.plan_tracker import plan_in_words, waits_for_judgement
from appraisal.ledger.appeal_records import Appeal
from appraisal.ledger.outcome_changes import is_open
from appraisal.ledger.records import KeptOutcome, MonthState, Plan, PlanState, WaitingCorrection
from appraisal.publish.wording import OUTCOME_NAMES, full_date, short_date
from appraisal.scheme.model.units import money


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """One group's month: its state (`missing` where none came), in JSON's word and in Chinese."""

    group: str
    state: str
    in_words: str
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """Everything that waits for somebody. `plans` are the period's and those not settled of earlier ones, `appeals`
    the period's and those of others that wait;
    `talks` the period's plans that are issued, each with a talk to go with it.
    """

    facts: PeriodFacts
    groups: tuple[GroupStatus, ...]
    plans: tuple[Plan, ...]
    talks: tuple[Plan, ...]
    waiting: tuple[WaitingCorrection, ...]
    held: tuple[KeptOutcome, ...]
    appeals: tuple[Appeal, ...] = ()

    @property
    def overdue(self) -> tuple[Plan, ...]:
        today = self.facts.today
        return tuple(one for one in self.plans if one.is_issued and one.is_overdue(today))

    def in_words(self) -> Iterator[str]:
        """Line by line, what needs doing first at the end of each part."""
        facts, names = self.facts, Names(self.facts.transaction)
        there = sum(one.revision is not None and one.state != MonthState.WITHDRAWN for one in self.groups)
        yield f"{facts.period.in_words}：应报送{len(self.groups)}个考核组，已报送{there}个。"
        for one in self.groups:
            revision = f"（第{one.revision}版）" if one.revision else ""
            yield f"  {one.group}  {one.in_words}{revision}"
        if self.plans:
            waiting = sum(one.state is PlanState.SUBMITTED for one in self.plans)
            judged = f"，待审核{waiting}份" if waiting else ""
            yield f"整改方案：{len(self.plans)}份，其中逾期{len(self.overdue)}份{judged}。"
        for plan in self.plans:
            due = f"{full_date(plan.due)}前交" if plan.is_issued else "通报下发后定期限"
            yield f"  {plan.group} {plan.period} {plan.name}（{plan.staff}）  {due}  {self._stands(plan)}"
        if not_talked := [f"{one.name}（{one.staff}）" for one in self.talks if one.talked_on is None]:
            yield f"面谈记录：应收{len(self.talks)}份，未收到：{'、'.join(not_talked)}。"
        if self.waiting:
            yield f"等待同意的更正：{len(self.waiting)}份。"
        for wait in self.waiting:
            received = f"编号{wait.number}，{short_date(wait.received_on)}收到"
            yield f"  {wait.group} {wait.period}  {received}  更正原因：{wait.reason}"
            yield from (f"    {line}" for line in changes_in_words(wait))
        if self.held:
            yield f"待研究确定的结果：{len(self.held)}项，用 decide 或人事办理单裁定。"
        for held in self.held:
            key = held.key
            what = f"{OUTCOME_NAMES[key.type]}{'' if held.amount is None else money(held.amount)}"
            which = f"  编号{key.part}" if key.part > 1 else ""
            yield f"  {key.group} {key.period} {names.of(key)}（{key.staff}）  {what}{which}"
        yield from self._appeals()
        if not (self.plans or self.waiting or self.held or self.appeals):
            yield "没有到期或待办的事项。"

    def _appeals(self) -> Iterator[str]:
        if self.appeals:
            waiting = sum(one.is_open for one in self.appeals)
            yield f"申诉：{len(self.appeals)}份，待答复{waiting}份，用 answer 或人事办理单的“申诉决定”答复。"
        for one in self.appeals:
            until = f"{full_date(one.answer_by)}前答复  " if one.is_open and one.answer_by else ""
            late = "（逾期提出）" if one.is_late else ""
            stands = appeal_in_words(one, self.facts.today)
            which = f"编号{one.revision}  {'、'.join(one.items)}{late}"
            yield f"  {one.group} {one.period} {one.name}（{one.staff}）  {which}  {until}{stands}"

    def _stands(self, plan: Plan) -> str:
        """`逾期`, `退回补充，逾期3天`, `待审核（12月14日提交，已等4天），请店长审核`."""
        state, today = plan_in_words(plan, self.facts.today), self.facts.today
        if plan.state is PlanState.RETURNED and plan in self.overdue:
            return f"{state}，逾期{(today - plan.due).days}天"
        waits = waits_for_judgement(plan, today)
        return f"{state}（{waits}），请店长审核" if waits else state

    def as_json(self) -> dict[str, object]:
        """What `status --json` prints."""
        return {
            "period": str(self.facts.period),
            "groups": [
                {"group": one.group, "state": one.state, "revision": one.revision} for one in self.groups
            ],
            "plans": [
                {
                    "group": one.group,
                    "period": str(one.period),
                    "staff": one.staff,
                    "due": str(one.due) if one.is_issued else None,
                    "state": one.state.value,
                    "overdue": one in self.overdue,
                    "submitted": str(one.complete_on) if one.complete_on else None,
                }
                for one in self.plans
            ],
            "talks": [
                {
                    "group": one.group,
                    "period": str(one.period),
                    "staff": one.staff,
                    "held": str(one.talked_on) if one.talked_on else None,
                }
                for one in self.talks
            ],
            "waiting": [
                {
                    "group": one.group,
                    "period": str(one.period),
                    "number": one.number,
                    "reason": one.reason,
                    "preview": changes_as_json(one),
                }
                for one in self.waiting
            ],
            "held": [
                {
                    "group": one.key.group,
                    "period": str(one.key.period),
                    "staff": one.key.staff,
                    "type": one.key.type.value,
                    "item": one.key.part,
                    "amount": None if one.amount is None else str(one.amount),
                }
                for one in self.held
            ],
            "appeals": [
                {**appeal_as_json(one), "overdue": one.is_overdue(self.facts.today)} for one in self.appeals
            ],
        }


def status_of(facts: PeriodFacts) -> MonthStatus:
    """The period as of today; corrections of every period, for they wait for HR."""
    transaction = facts.transaction
    months = {one.group: one for one in transaction.months.of_period(facts.period)}
    missing = missing_groups(facts, returned_files(facts))
    groups = [
        GroupStatus(group, month.state.value, state_in_words(month), month.revision)
        if (month := months.get(group))
        else GroupStatus(group, "missing", missing[group])
        for group in facts.in_order({*facts.expected_groups, *months})
    ]
    before = [one for one in transaction.plans.unsettled() if one.period < facts.period]
    all_now = transaction.plans.of_period(facts.period)
    now = [one for one in all_now if one.state is not PlanState.ACCEPTED]
    return MonthStatus(
        facts=facts,
        groups=tuple(groups),
        plans=(*before, *now),
        talks=tuple(one for one in all_now if one.is_issued),
        waiting=transaction.corrections.all(),
        held=tuple(one for one in facts.outcomes if is_open(one)),
        appeals=transaction.appeals.known_in(facts.period),
    )
