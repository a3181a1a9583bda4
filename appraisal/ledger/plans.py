"""Rectification plans (整改方案): who owes one, by when, and how far it has come."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    insert,
    or_,
    select,
    true,
)

from appraisal.ledger.records import MonthState, Plan, PlanState
from appraisal.ledger.tables import months, of_month, outcomes, plan_papers, results, same_month
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState

Goals = Mapping[str, str]
NO_GOALS: Goals = {}


REMINDED = 3
"""So many months a notice asks again for a plan that never came; then it is for HR to ask."""


class Plans:
    """Plans that rectification outcomes in force ask for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_month(self, group: str, period: Period) -> tuple[Plan, ...]:
        """By deadline and person."""
        return self._plans(of_month(outcomes, group, period) & _NOT_PURGED)

    def of_period(self, period: Period) -> tuple[Plan, ...]:
        """Every group's, by deadline, group and person."""
        return self._plans((outcomes.c.period == period) & _NOT_PURGED)

    def get(self, group: str, period: Period, staff: str) -> Plan | None:
        """The plan that the person owes or has given; None where none is asked for."""
        return next((one for one in self.of_month(group, period) if one.staff == staff), None)

    def owed(self, group: str | None = None) -> tuple[Plan, ...]:
        """Plans of issued months that have not come, or were returned; `is_overdue` tells which are late.

        By deadline; of every group where none is named.
        """
        state = plan_papers.c.state
        waits = or_(state.is_(None), state == PlanState.RETURNED)
        of_group = true() if group is None else outcomes.c.group_name == group
        return self._plans(and_(waits, of_group, months.c.state == MonthState.ISSUED))

    def overdue_on(self, day: date, *groups: str, before: Period) -> tuple[Plan, ...]:
        """The groups' plans of the months before a period of which nothing had come by `day`, though due.

        The answer stays the same when a plan comes later: what a notice said of them was true then.
        Plans older than `REMINDED` months are left alone.
        """
        in_reach = (outcomes.c.period < before) & (outcomes.c.period >= before.shifted(-REMINDED))
        came_not = plan_papers.c.submitted_on.is_(None) | (plan_papers.c.submitted_on > day)
        is_late = (outcomes.c.due < day) & months.c.issued_on.is_not(None) & came_not
        return self._plans(outcomes.c.group_name.in_(groups) & in_reach & is_late)

    def submitted(self, plan: Plan, on: date, sha256: str, goals: Goals = NO_GOALS) -> None:
        """A complete plan has come, with these 下月目标值 by indicator."""
        self._put(plan, PlanState.SUBMITTED, on, sha256, goals)

    def returned(self, plan: Plan, on: date, sha256: str, goals: Goals = NO_GOALS) -> None:
        """The plan that came is incomplete, or the manager wants more."""
        self._put(plan, PlanState.RETURNED, on, sha256, goals)

    def accepted(self, plan: Plan, on: date, sha256: str, goals: Goals = NO_GOALS) -> None:
        """The manager has agreed to the plan."""
        self._put(plan, PlanState.ACCEPTED, on, sha256, goals)

    def forget_papers(self, group: str, period: Period) -> None:
        """The month that asked for them was withdrawn."""
        this = of_month(plan_papers, group, period)
        self._connection.execute(delete(plan_papers).where(this))

    def _put(self, plan: Plan, state: PlanState, on: date, sha256: str, goals: Goals) -> None:
        this = of_month(plan_papers, plan.group, plan.period) & (plan_papers.c.staff == plan.staff)
        first = self._connection.scalar(select(plan_papers.c.submitted_on).where(this))
        self._connection.execute(delete(plan_papers).where(this))
        self._connection.execute(
            insert(plan_papers).values(
                group_name=plan.group,
                period=plan.period,
                staff=plan.staff,
                state=state,
                submitted_on=first or on,
                judged_on=None if state is PlanState.SUBMITTED else on,
                sha256=sha256,
                promises=json.dumps(dict(goals), ensure_ascii=False),
            )
        )

    def _plans(self, which: ColumnElement[bool]) -> tuple[Plan, ...]:
        order = (outcomes.c.due, outcomes.c.period, outcomes.c.group_name, outcomes.c.staff)
        return tuple(_plan(row) for row in self._connection.execute(_ASKED.where(which).order_by(*order)))


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
    .outerjoin(plan_papers, and_(same_month(outcomes, plan_papers), plan_papers.c.staff == outcomes.c.staff))
    .where(outcomes.c.type == OutcomeType.RECTIFICATION, outcomes.c.state == OutcomeState.DUE)
)
"""Every plan that is asked for, with the paper that came of it."""


_NOT_PURGED = months.c.state != MonthState.PURGED


def _plan(row: Row[*tuple[Any, ...]]) -> Plan:
    return Plan(
        group=row.group_name,
        period=row.period,
        staff=row.staff,
        name=row.name,
        due=row.due,
        due_moved_by=row.due_moved_by,
        is_issued=row.issued_on is not None,
        state=row.state or PlanState.EXPECTED,
        submitted_on=row.submitted_on,
        judged_on=row.judged_on,
        sha256=row.sha256,
        goals=json.loads(row.promises) if row.promises else NO_GOALS,
    )
