"""What follows from the months (结果运用) as it stands now, and the money lines that it led to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, insert, select

from appraisal.intake.hr_acts import Act
from appraisal.ledger.database import Repository, as_row, at_a_time, of_month, of_months
from appraisal.ledger.outcome_changes import Posting, money_due, settle
from appraisal.ledger.records import KeptOutcome, MoneyLine, OutcomeKey
from appraisal.ledger.tables import money_lines, outcomes
from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState


class Outcomes(Repository):
    """Outcomes by their stable key. Money lines are only ever added."""

    def of_month(self, group: str, period: Period) -> tuple[KeptOutcome, ...]:
        """The month's outcomes by person and type, those taken back (reversed) included."""
        return self._outcomes(of_month(outcomes, group, period))

    def of_months(self, groups: Collection[str], period: Period) -> dict[str, tuple[KeptOutcome, ...]]:
        """By group, its outcomes of the month, those taken back (reversed) included; read together."""
        of_group: dict[str, list[KeptOutcome]] = {group: [] for group in groups}
        for outcome in self._outcomes(of_months(outcomes, groups, period)):
            of_group[outcome.key.group].append(outcome)
        return {group: tuple(found) for group, found in of_group.items()}

    def of_period(self, period: Period) -> tuple[KeptOutcome, ...]:
        """Every group's, by group, person and type."""
        return self._outcomes(outcomes.c.period == period)

    def undecided(self, until: Period) -> tuple[KeptOutcome, ...]:
        """Every group's up to this period that HR has still to decide (`is_open`), by period."""
        is_held = outcomes.c.state == OutcomeState.HOLD
        is_prompt = outcomes.c.type == OutcomeType.CONSIDER_TRANSFER
        waits = is_held | (is_prompt & (outcomes.c.state == OutcomeState.DUE))
        return self._outcomes((outcomes.c.period <= until) & outcomes.c.decision.is_(None) & waits)

    def lines_of_month(self, group: str, period: Period) -> tuple[MoneyLine, ...]:
        """The money lines of one appraised month, by key and sequence."""
        return self._lines(of_month(money_lines, group, period))

    def lines_of_months(self, groups: Collection[str], period: Period) -> tuple[MoneyLine, ...]:
        """Those of several groups."""
        asked = (of_months(money_lines, some, period) for some in at_a_time(groups))
        return tuple(line for which in asked for line in self._lines(which))

    def lines_of_person(self, staff: str) -> tuple[MoneyLine, ...]:
        """One person's in every group, those of withdrawn months too."""
        return self._lines(money_lines.c.staff == staff)

    def lines_paid_in(self, paid_in: Period) -> tuple[MoneyLine, ...]:
        """What payroll moves in a month of payment, whichever month it was earned in."""
        return self._lines(money_lines.c.paid_in == paid_in)

    def months_of_payment(self, about: Iterable[Period] | None = None) -> tuple[Period, ...]:
        """The months in which payroll moves something about these periods (default: any), in order."""
        query = select(money_lines.c.paid_in).distinct().order_by(money_lines.c.paid_in)
        if about is not None:
            query = query.where(money_lines.c.period.in_(list(about)))
        return tuple(self._connection.scalars(query))

    def put(self, now: Iterable[KeptOutcome], *, instead_of: Sequence[KeptOutcome]) -> None:
        """Let `now` stand as a month's outcomes in place of all that stood."""
        if instead_of:
            former = instead_of[0].key
            self._connection.execute(delete(outcomes).where(of_month(outcomes, former.group, former.period)))
        rows = [_columns(outcome) for outcome in now]
        if rows:
            self._connection.execute(insert(outcomes), rows)

    def settle(
        self, group: str, period: Period, posting: Posting, acts: Sequence[Act] = ()
    ) -> tuple[MoneyLine, ...]:
        """Write the lines after which the money of the month is what its outcomes say; gives them.

        `acts` are those of the month: what HR decided is entered with its ground.
        """
        due = money_due(self.of_month(group, period), acts)
        lines = settle(self.lines_of_month(group, period), due, posting)
        self.add(lines)
        return lines

    def lines_in_force(self, group: str, period: Period) -> tuple[MoneyLine, ...]:
        """The money lines of a month that nothing has reversed."""
        last = {line.key: line for line in self.lines_of_month(group, period)}
        return tuple(line for line in last.values() if line.reverses is None)

    def take_back_elsewhere(self, group: str, period: Period, posting: Posting) -> tuple[MoneyLine, ...]:
        """Reverse the lines that stand in another month of payment than the posting's, there; gives the reversals."""
        reversals = [
            reversal
            for line in self.lines_in_force(group, period)
            if line.paid_in != posting.paid_in
            for reversal in settle([line], {}, replace(posting, paid_in=line.paid_in))
        ]
        self.add(reversals)
        return tuple(reversals)

    def add(self, lines: Sequence[MoneyLine]) -> None:
        """Write them; the database refuses a second line in force of one key."""
        if lines:
            self._connection.execute(insert(money_lines), [_columns(line) for line in lines])

    def put_back(self, lines: Iterable[MoneyLine]) -> tuple[MoneyLine, ...]:
        """Enter lines that HR's lists prove; those whose key and sequence are there stay. Gives what was entered."""
        missing = [line for line in lines if not self._has(line)]
        self.add(missing)
        return tuple(missing)

    def _has(self, line: MoneyLine) -> bool:
        there = self.lines_of_month(line.key.group, line.key.period)
        return any((other.key, other.sequence) == (line.key, line.sequence) for other in there)

    def _outcomes(self, which: ColumnElement[bool]) -> tuple[KeptOutcome, ...]:
        query = select(outcomes).where(which).order_by(*_key_columns(outcomes))
        return tuple(KeptOutcome(*_key_first(row)) for row in self._connection.execute(query))

    def _lines(self, which: ColumnElement[bool]) -> tuple[MoneyLine, ...]:
        order = (*_key_columns(money_lines), money_lines.c.sequence)
        query = select(money_lines).where(which).order_by(*order)
        return tuple(MoneyLine(*_key_first(row)) for row in self._connection.execute(query))


def _key_columns(table: Table) -> tuple[ColumnElement[Any], ...]:
    return table.c.period, table.c.group_name, table.c.staff, table.c.type, table.c.part


def _key_first(row: Sequence[Any]) -> tuple[Any, ...]:
    """The columns as the record takes them: both tables begin with those of the key."""
    group, period, staff, kind, part, *rest = row
    return OutcomeKey(group=group, period=period, staff=staff, type=kind, part=part), *rest


def _columns(record: KeptOutcome | MoneyLine) -> dict[str, Any]:
    values = as_row(record)
    return {**as_row(values.pop("key")), **values}
