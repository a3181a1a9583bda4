"""What a month's notice leads people to bring: rectification plans (整改方案) with the talks (面谈) that go with them, and
appeals (申诉).

Of a plan it is known who owes it, by when, and how far it has come; of an appeal until when it is answered, and how.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, delete, func, insert, or_, select, update

from appraisal.intake.hr_acts import Act
from appraisal.ledger.database import Repository, as_record, as_row, of_month, same_month
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.records import Appeal, AppealState, MonthState, Plan, PlanState, Talk
from appraisal.ledger.tables import appeals, months, outcomes, plan_papers, plan_steps, results, talks
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import AppealDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState

Goals = Mapping[str, str]
NO_GOALS: Goals = {}

REMINDED = 3
"""So many months a notice asks again for a plan that never came; then it is for HR to ask."""


class Plans(Repository):
    """Plans that rectification outcomes in force ask for."""

    def of_month(self, group: str, period: Period) -> tuple[Plan, ...]:
        """By deadline and person."""
        return self._plans(of_month(outcomes, group, period) & _NOT_PURGED)

    def of_period(self, period: Period) -> tuple[Plan, ...]:
        """Every group's, by deadline, group and person."""
        return self._plans((outcomes.c.period == period) & _NOT_PURGED)

    def get(self, group: str, period: Period, staff: str) -> Plan | None:
        """The plan that the person owes or has given; None where none is asked for."""
        return next((plan for plan in self.of_month(group, period) if plan.staff == staff), None)

    def released(self, group: str, period: Period, staff: str) -> Plan | None:
        """The plan that the person owed until a correction no longer asked for it (免于整改); None without one."""
        this = of_month(outcomes, group, period) & (outcomes.c.staff == staff)
        return next(iter(self._plans(this & _NOT_PURGED, OutcomeState.REVERSED)), None)

    def unsettled(self) -> tuple[Plan, ...]:
        """Plans of issued months to which the manager has not agreed: not come, returned, or still to be judged.

        By deadline; `is_overdue` tells which are late.
        """
        state = plan_papers.c.state
        is_open = or_(state.is_(None), state != PlanState.ACCEPTED)
        return self._plans(is_open & (months.c.state == MonthState.ISSUED))

    def unsettled_on(self, day: date, *groups: str, before: Period) -> tuple[tuple[Plan, PlanState], ...]:
        """The groups' plans of the months before a period about which a notice of `day` reminds, and their state then.

        EXPECTED: nothing had come by `day`, though due. RETURNED: due as well. SUBMITTED: not judged, as the day
        before ended. The answer stays the same when a plan comes later: what a notice said of them was true
        then. Plans older than `REMINDED` months are left alone.
        """
        plans = self._plans(_in_reach(outcomes, groups, before) & (months.c.issued_on <= day))
        last = self._last_steps(_in_reach(plan_steps, groups, before), day) if plans else {}
        found = []
        for plan in plans:
            state = last.get((plan.group, plan.period, plan.staff), PlanState.EXPECTED)
            came = plan.submitted_on is not None and plan.submitted_on <= day
            is_late = plan.due < day and not (state is PlanState.EXPECTED and came)
            if state is PlanState.SUBMITTED or (is_late and state is not PlanState.ACCEPTED):
                found.append((plan, state))
        return tuple(found)

    def _last_steps(self, which: ColumnElement[bool], day: date) -> dict[tuple[str, Period, str], PlanState]:
        """To which state each plan had come when the day before ended."""
        steps = plan_steps.c
        query = select(steps.group_name, steps.period, steps.staff, steps.state).order_by(steps.id)
        rows = self._connection.execute(query.where(which, steps.day < day))
        return {(row.group_name, row.period, row.staff): row.state for row in rows}

    def papers_of(self, group: str, period: Period) -> dict[str, tuple[PlanState, str]]:
        """By person, the state of the plan that came last, and its sha256."""
        papers = plan_papers.c
        query = select(papers.staff, papers.state, papers.sha256).where(of_month(plan_papers, group, period))
        return {row.staff: (row.state, row.sha256) for row in self._connection.execute(query)}

    def submitted(self, plan: Plan, on: date, sha256: str, goals: Goals = NO_GOALS) -> None:
        """A complete plan has come, with these 下月目标值 by indicator."""
        self._put(plan, PlanState.SUBMITTED, on, sha256, goals, is_judged=False)

    def returned(
        self, plan: Plan, on: date, sha256: str, goals: Goals = NO_GOALS, *, is_judged: bool = True
    ) -> None:
        """The manager wants more; or, where he has not judged it, the plan that came is incomplete."""
        self._put(plan, PlanState.RETURNED, on, sha256, goals, is_judged=is_judged)

    def accepted(self, plan: Plan, on: date, sha256: str, goals: Goals = NO_GOALS) -> None:
        """The manager has agreed to the plan."""
        self._put(plan, PlanState.ACCEPTED, on, sha256, goals)

    def forget_papers(self, group: str, period: Period) -> None:
        """The month that asked for them was withdrawn."""
        for table in (plan_papers, plan_steps, talks):
            self._connection.execute(delete(table).where(of_month(table, group, period)))

    def talked(self, talk: Talk) -> None:
        """The record of a talk has come; it takes the place of a former one."""
        this = of_month(talks, talk.group, talk.period) & (talks.c.staff == talk.staff)
        self._connection.execute(delete(talks).where(this))
        self._connection.execute(insert(talks).values(**as_row(talk)))

    def talks_of(self, group: str, period: Period) -> dict[str, Talk]:
        """The records of the month's talks, by person."""
        rows = self._connection.execute(select(talks).where(of_month(talks, group, period)))
        return {row.staff: as_record(Talk, row) for row in rows}

    def _put(
        self, plan: Plan, state: PlanState, on: date, sha256: str, goals: Goals, *, is_judged: bool = True
    ) -> None:
        this = of_month(plan_papers, plan.group, plan.period) & (plan_papers.c.staff == plan.staff)
        first = self._connection.scalar(select(plan_papers.c.submitted_on).where(this))
        self._connection.execute(delete(plan_papers).where(this))
        whose = {"group_name": plan.group, "period": plan.period, "staff": plan.staff, "state": state}
        paper = {"submitted_on": first or on, "judged_on": on if is_judged else None}
        promises = json.dumps(dict(goals), ensure_ascii=False)
        self._connection.execute(
            insert(plan_papers).values(**whose, **paper, sha256=sha256, promises=promises)
        )
        self._connection.execute(insert(plan_steps).values(**whose, day=on))

    def _plans(self, which: ColumnElement[bool], state: OutcomeState = OutcomeState.DUE) -> tuple[Plan, ...]:
        order = (outcomes.c.due, outcomes.c.period, outcomes.c.group_name, outcomes.c.staff)
        found = _ASKED.where(outcomes.c.state == state, which).order_by(*order)
        return tuple(_plan(row) for row in self._connection.execute(found))


def _in_reach(table: Table, groups: Collection[str], before: Period) -> ColumnElement[bool]:
    """Of the groups, and of the months of which a notice of `before` reminds."""
    periods = (table.c.period < before) & (table.c.period >= before.shifted(-REMINDED))
    return table.c.group_name.in_(groups) & periods


def _same_person(table: Table, other: Table) -> ColumnElement[bool]:
    return same_month(table, other) & (table.c.staff == other.c.staff)


_COMPLETE_ON = (
    select(func.max(plan_steps.c.day))
    .where(_same_person(plan_steps, outcomes), plan_steps.c.state == PlanState.SUBMITTED)
    .correlate(outcomes)
    .scalar_subquery()
)

_ASKED = (
    select(
        outcomes.c.group_name,
        outcomes.c.period,
        outcomes.c.staff,
        results.c.name,
        outcomes.c.due,
        outcomes.c.due_moved_by,
        months.c.issued_on,
        plan_papers.c.state,
        plan_papers.c.submitted_on,
        plan_papers.c.judged_on,
        plan_papers.c.sha256,
        plan_papers.c.promises,
        talks.c.held_on,
        _COMPLETE_ON.label("complete_on"),
    )
    .join_from(outcomes, months, same_month(outcomes, months))
    .join(
        results,
        and_(
            same_month(outcomes, results),
            results.c.revision == months.c.revision,
            results.c.staff == outcomes.c.staff,
        ),
    )
    .outerjoin(plan_papers, _same_person(outcomes, plan_papers))
    .outerjoin(talks, _same_person(outcomes, talks))
    .where(outcomes.c.type == OutcomeType.RECTIFICATION)
)
"""Every plan that is or was asked for, with the paper that came of it."""

_NOT_PURGED = months.c.state != MonthState.PURGED


def _plan(row: Row[*tuple[Any, ...]]) -> Plan:
    return as_record(
        Plan,
        row,
        is_issued=row.issued_on is not None,
        state=row.state or PlanState.EXPECTED,
        goals=json.loads(row.promises) if row.promises else NO_GOALS,
        talked_on=row.held_on,
    )


_DECIDED = {
    AppealDecision.MAINTAIN: AppealState.MAINTAINED,
    AppealDecision.CORRECT: AppealState.CORRECTED,
}

_WAITS = or_(
    appeals.c.state == AppealState.RECEIVED,
    and_(appeals.c.state == AppealState.CORRECTED, appeals.c.decided_at_revision == months.c.revision),
)


class Appeals(Repository):
    """The register."""

    def get(self, group: str, period: Period, staff: str, revision: int) -> Appeal | None:
        """The person's appeal against the revision."""
        found = self._appeals(_of_person(group, period, staff) & (appeals.c.revision == revision))
        return found[0] if found else None

    def of_person(self, staff: str) -> tuple[Appeal, ...]:
        """Of every month and group, in order of time."""
        return self._appeals(appeals.c.staff == staff)

    def of_month(self, group: str, period: Period) -> tuple[Appeal, ...]:
        """By person and revision."""
        return self._appeals(of_month(appeals, group, period))

    def known_in(self, period: Period) -> tuple[Appeal, ...]:
        """The period's, and those of other periods that still wait."""
        return self._appeals((appeals.c.period == period) | _WAITS)

    def waiting(self) -> tuple[Appeal, ...]:
        """Those that wait for HR's answer, or for the correction that it promised."""
        return self._appeals(_WAITS)

    def put(self, appeal: Appeal) -> None:
        """Enter it in the place of what was known of it."""
        this = _of_person(appeal.group, appeal.period, appeal.staff)
        self._connection.execute(delete(appeals).where(this, appeals.c.revision == appeal.revision))
        values = as_row(appeal) | {"items": json.dumps(dict(appeal.items), ensure_ascii=False)}
        known = {name: value for name, value in values.items() if name in appeals.c}
        self._connection.execute(insert(appeals).values(**known))

    def meant(self, act: Act) -> Appeal:
        """The one that HR decides about: by its revision, which may be left out where one waits. Raises ActRefused."""
        assert act.group is not None
        assert act.staff is not None
        where = f"{act.month_in_words} {act.staff}"
        whole = [
            appeal
            for appeal in self._appeals(_of_person(act.group, act.period, act.staff))
            if appeal.complete_on is not None and appeal.state is not AppealState.ENDED
        ]
        named = [appeal for appeal in whole if act.item in {None, appeal.revision}]
        if not named:
            which = "" if act.item is None else f"对第{act.item}版"
            raise ActRefused(f"{where} 没有{which}可以答复的申诉，请核对工号和申诉登记。")
        meant = [appeal for appeal in named if appeal.is_open] or named[-1:]
        if len(meant) > 1:
            numbers = "、".join(str(appeal.revision) for appeal in meant)
            raise ActRefused(f"{where} 有{len(meant)}份申诉等待答复。请在编号里写明是对第几版的：{numbers}。")
        (appeal,) = meant
        if act.on < (appeal.complete_on or appeal.came_on):
            raise ActRefused(
                f"{where} 的申诉 {appeal.complete_on} 才收到，答复的日期不能早于这一天。请核对日期。"
            )
        return appeal

    def decided(self, appeal: Appeal, act: Act) -> None:
        """HR's answer; a later one takes the place of a former."""
        assert act.answer is not None
        this = _of_person(appeal.group, appeal.period, appeal.staff)
        self._connection.execute(
            update(appeals)
            .where(this, appeals.c.revision == appeal.revision)
            .values(state=_DECIDED[act.answer], decided_on=act.on, decided_at_revision=appeal.revision_now)
        )

    def end(self, group: str, period: Period) -> None:
        """The month was withdrawn: what was not answered need not be."""
        waits = appeals.c.state.in_([AppealState.RECEIVED, AppealState.RETURNED])
        this = of_month(appeals, group, period)
        self._connection.execute(update(appeals).where(this, waits).values(state=AppealState.ENDED))

    def _appeals(self, which: ColumnElement[bool]) -> tuple[Appeal, ...]:
        order = (appeals.c.period, appeals.c.group_name, appeals.c.staff, appeals.c.revision)
        return tuple(_appeal(row) for row in self._connection.execute(_KNOWN.where(which).order_by(*order)))


def _of_person(group: str, period: Period, staff: str) -> ColumnElement[bool]:
    return of_month(appeals, group, period) & (appeals.c.staff == staff)


_KNOWN = (
    select(appeals, results.c.name, months.c.revision.label("revision_now"))
    .join_from(appeals, months, same_month(appeals, months))
    .outerjoin(
        results,
        and_(
            same_month(appeals, results),
            results.c.revision == appeals.c.revision,
            results.c.staff == appeals.c.staff,
        ),
    )
    .where(months.c.state != MonthState.PURGED)
)


def _appeal(row: Row[Any]) -> Appeal:
    return as_record(Appeal, row, items=json.loads(row.items), name=row.name or "")
