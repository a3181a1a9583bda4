"""Groups' months and their revisions: what is in force, and what was; with the documents that they were made with.

A GroupResult is kept as bytes, because result.json is for others and leaves out what we need. Rule
texts, rosters, settings and templates are kept once each, by hash.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Row, Select, and_, delete, false, func, insert, select, true, update

from appraisal.ledger.database import (
    Repository,
    as_record,
    as_row,
    at_a_time,
    of_month,
    of_months,
    same_month,
)
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.outcome_changes import Posting, updated_outcomes
from appraisal.ledger.outcomes import Outcomes
from appraisal.ledger.records import GroupMonth, MoneyLine, MonthState, Provenance, Revision
from appraisal.ledger.tables import EVERY_GROUP, closings, documents, months, results, revisions
from appraisal.period import Period
from appraisal.scoring.final_score import counted_last
from appraisal.scoring.results import GroupResult, InputFile, Inputs
from appraisal.workspace.paths import sha256_of


class Months(Repository):
    """The months of every group, by (group, period)."""

    def get(self, group: str, period: Period) -> GroupMonth | None:
        """The group's month; None where no revision was ever recorded."""
        return next(iter(self._months(of_month(months, group, period))), None)

    def of_period(self, period: Period) -> tuple[GroupMonth, ...]:
        """All groups' months of a period by group, withdrawn ones included."""
        return self._months(months.c.period == period)

    def of_group(self, group: str) -> tuple[GroupMonth, ...]:
        """The group's months in order of time, withdrawn ones included."""
        return self._months(months.c.group_name == group)

    def not_issued_before(self, period: Period) -> tuple[GroupMonth, ...]:
        """Earlier months that were taken and neither issued nor closed, by period and group."""
        earlier = self._months((months.c.period < period) & months.c.issued_on.is_(None))
        return tuple(month for month in earlier if month.state is MonthState.OPEN)

    def periods(self) -> tuple[Period, ...]:
        """Every period of which some group has a month, in order of time."""
        found = select(months.c.period).where(months.c.state != MonthState.PURGED).distinct()
        return tuple(self._connection.scalars(found.order_by(months.c.period)))

    def groups_handed_in(self, period: Period) -> tuple[str, ...]:
        """The groups that have a month in force, sorted."""
        found = select(months.c.group_name).where(months.c.period == period, _IN_FORCE)
        return tuple(self._connection.scalars(found.order_by(months.c.group_name)))

    def periods_after(self, group: str, period: Period) -> tuple[Period, ...]:
        """The group's later months in force, which look back on this one."""
        later = (months.c.group_name == group) & (months.c.period > period)
        found = select(months.c.period).where(later, _IN_FORCE).order_by(months.c.period)
        return tuple(self._connection.scalars(found))

    def periods_scored_by(self, scheme: str, version: int) -> tuple[Period, ...]:
        """The periods of which some revision was scored by a version of a scheme, in order of time."""
        by = (revisions.c.scheme == scheme) & (revisions.c.version == version)
        found = select(revisions.c.period).where(by).distinct().order_by(revisions.c.period)
        return tuple(self._connection.scalars(found))

    def is_purged(self, group: str, period: Period) -> bool:
        """Whether the month was there and its personal data were removed for good."""
        found = select(months.c.state).where(of_month(months, group, period))
        return self._connection.scalar(found) is MonthState.PURGED

    def is_closed(self, group: str, period: Period) -> bool:
        """Whether HR has closed the period for this group, whether or not it handed in."""
        this = (closings.c.period == period) & closings.c.group_name.in_([group, EVERY_GROUP])
        found = select(closings.c.closed).where(this).order_by(closings.c.group_name.desc())
        return bool(self._connection.scalar(found))  # the group's own row comes first

    def month_of_payment(self, group: str, day: date) -> Period:
        """The month of the day; a later one where that is closed for the group."""
        period = Period.of(day)
        while self.is_closed(group, period):
            period = period.shifted(1)
        return period

    def next_revision(self, group: str, period: Period) -> int:
        """The number that the next revision bears, from 1."""
        return self._last_revision(group, period) + 1

    def revisions(self, group: str, period: Period) -> tuple[Revision, ...]:
        """Every revision by number, former ones included."""
        query = select(*_WITHOUT_RESULT).where(_revision(group, period)).order_by(revisions.c.number)
        return tuple(map(_read_revision, self._connection.execute(query)))

    def current(self, group: str, period: Period) -> tuple[GroupMonth, Revision] | None:
        """The group's month in force with its current revision; None where there is none."""
        return next(iter(self._current(of_month(months, group, period))), None)

    def all_current(self) -> tuple[tuple[GroupMonth, Revision], ...]:
        """Every month in force with its current revision, by period and group."""
        return self._current(true())

    def in_force(self, groups: Collection[str], period: Period) -> dict[str, tuple[Revision, bytes]]:
        """The current revision of several groups' months, with its result packed as `result_from_bytes` opens it."""
        found = _CURRENT.add_columns(revisions.c.result).where(of_months(months, groups, period))
        return {row.group_name: (_read_revision(row), row.result) for row in self._connection.execute(found)}

    def current_before(self, groups: Collection[str], period: Period, back: int) -> tuple[Revision, ...]:
        """The current revisions of several groups' `back` months before `period`, the latest first."""
        window = (months.c.period >= period.shifted(-back)) & (months.c.period < period)
        asked = (months.c.group_name.in_(some) & window for some in at_a_time(groups))
        return tuple(reversed([revision for which in asked for _, revision in self._current(which)]))

    def result(self, group: str, period: Period, revision: int | None = None) -> GroupResult | None:
        """The whole result of a revision (default: the last one); None where there is none."""
        number = revision or self._last_revision(group, period)
        found: bytes | None = self._connection.scalar(
            select(revisions.c.result).where(_revision(group, period, number))
        )
        return None if found is None else result_from_bytes(found)

    def names(self, period: Period, group: str | None = None) -> dict[tuple[str, str], str]:
        """What people (of one group) were called, by group and 工号, as the last revision that had them says it."""
        found = select(results.c.group_name, results.c.staff, results.c.name)
        found = found.where(results.c.period == period).order_by(results.c.revision)
        rows = self._connection.execute(
            found if group is None else found.where(results.c.group_name == group)
        )
        return {(row.group_name, row.staff): row.name for row in rows}

    def takes(self, result: GroupResult) -> bool:
        """Whether `record` would: the month is not closed, and the revision is its next."""
        group, period = result.group, result.period
        return not self.is_closed(group, period) and result.revision == self.next_revision(group, period)

    def record(
        self, result: GroupResult, provenance: Provenance, *, on: date | None = None
    ) -> tuple[MoneyLine, ...]:
        """Make `result` the month's current revision, with its people, outcomes and plans.

        `result.revision` must be `next_revision`. An issued month stays issued, and the money lines
        that the change calls for are written and given back; a withdrawn one is open again.
        `on` is the date of HR's act: a later month's is paid in it. Raises ActRefused for a closed month.
        """
        group, period = result.group, result.period
        if self.is_closed(group, period):
            raise ActRefused(f"{group} {period} 已经关账，不再接收上报。如确需更正，请先重新开放。")
        if self.is_purged(group, period):
            raise ActRefused(f"{group} {period} 的个人数据已经清除，不再接收上报。请核对考核月份。")
        month = self.get(group, period)
        last = 0 if month is None else self._last_revision(group, period)
        if result.revision != last + 1:
            raise ValueError(f"revision {result.revision} does not follow the last one")
        is_issued = month is not None and month.is_issued
        self._put_month(result, month, MonthState.ISSUED if is_issued else MonthState.OPEN)
        self._connection.execute(insert(revisions).values(**_revision_columns(result, provenance)))
        self._put_people(result)
        book = Outcomes(self._connection)
        former = () if month is None else book.of_month(group, period)
        book.put(updated_outcomes(result, former, is_issued=is_issued), instead_of=former)
        if not is_issued:
            return ()
        day = max(provenance.made_on, on or provenance.made_on)
        why = f"第{result.revision}版中不再成立，冲回"
        paid_in = self.month_of_payment(group, day)
        return book.settle(group, period, Posting(on=day, revision=result.revision, why=why, paid_in=paid_in))

    def put_back(self, result: GroupResult, provenance: Provenance) -> None:
        """Enter a revision as its papers show it, in place of one of its number. What follows is the caller's."""
        group, period = result.group, result.period
        if self.get(group, period) is None:
            self._put_month(result, None, MonthState.OPEN)
        if any(revision.number == result.revision for revision in self.revisions(group, period)):
            self.replace_result(result, provenance.inputs)
        else:
            self._connection.execute(insert(revisions).values(**_revision_columns(result, provenance)))
            self._put_people(result)

    def put_back_state(self, month: GroupMonth) -> None:
        """Where the month stands, as its papers show it; closing is an act."""
        this = of_month(months, month.group, month.period)
        self._connection.execute(update(months).where(this).values(**as_row(month)))

    def replace_result(
        self, result: GroupResult, inputs: Inputs, documents: Mapping[str, str] | None = None
    ) -> None:
        """Put `result` in the place of its revision: the same, with another date, and these `documents` besides."""
        this = _revision(result.group, result.period, result.revision)
        values = {"inputs": json.dumps(asdict(inputs)), **_result_columns(result)}
        if documents:
            had = json.loads(self._connection.scalar(select(revisions.c.documents).where(this)) or "{}")
            values["documents"] = json.dumps(had | dict(documents))
        self._connection.execute(update(revisions).where(this).values(**values))
        people = of_month(results, result.group, result.period) & (results.c.revision == result.revision)
        self._connection.execute(delete(results).where(people))
        self._put_people(result)

    def _put_month(self, result: GroupResult, month: GroupMonth | None, state: MonthState) -> None:
        values = {"state": state, "revision": result.revision}
        if month is None:
            new = insert(months).values(group_name=result.group, period=result.period, **values)
            self._connection.execute(new)
        else:
            this = of_month(months, result.group, result.period)
            self._connection.execute(update(months).where(this).values(**values))

    def _put_people(self, result: GroupResult) -> None:
        last = counted_last(result)
        rows = [
            {
                "group_name": result.group,
                "period": result.period,
                "revision": result.revision,
                "staff": person.id,
                "name": person.name,
                "rank": person.rank,
                "final": person.final,
                "reason": person.reason,
                "was_sole_last": person is last,
            }
            for person in result.staff
        ]
        if rows:
            self._connection.execute(insert(results), rows)

    def _last_revision(self, group: str, period: Period) -> int:
        found = select(func.max(revisions.c.number)).where(_revision(group, period))
        return self._connection.scalar(found) or 0

    def _months(self, which: ColumnElement[bool]) -> tuple[GroupMonth, ...]:
        return tuple(_month(row) for row in self._connection.execute(_MONTHS.where(which)))

    def _current(self, which: ColumnElement[bool]) -> tuple[tuple[GroupMonth, Revision], ...]:
        rows = self._connection.execute(_CURRENT.where(which).order_by(months.c.period, months.c.group_name))
        return tuple((_month(row), _read_revision(row)) for row in rows)


_IN_FORCE = months.c.state.not_in([MonthState.WITHDRAWN, MonthState.PURGED])

_own, _every = closings.alias(), closings.alias()
_CLOSED = func.coalesce(_own.c.closed, _every.c.closed, false()).label("closed")
_OWN_CLOSING = and_(_own.c.period == months.c.period, _own.c.group_name == months.c.group_name)
_EVERY_CLOSING = and_(_every.c.period == months.c.period, _every.c.group_name == EVERY_GROUP)
_MONTHS = (
    select(months, _CLOSED)
    .outerjoin(_own, _OWN_CLOSING)
    .outerjoin(_every, _EVERY_CLOSING)
    .where(months.c.state != MonthState.PURGED)
    .order_by(months.c.period, months.c.group_name)
)
"""Every month that is not purged, and whether it is closed: by its own group's row, else by the row of all groups."""

_WITHOUT_RESULT = tuple(column for column in revisions.c if column is not revisions.c.result)
_CURRENT: Select[Any] = (
    select(
        *_WITHOUT_RESULT,
        *(months.c.state, months.c.revision, months.c.issued_on, months.c.document_number),
        _CLOSED,
    )
    .select_from(months)
    .join(revisions, same_month(revisions, months) & (revisions.c.number == months.c.revision))
    .outerjoin(_own, _OWN_CLOSING)
    .outerjoin(_every, _EVERY_CLOSING)
    .where(_IN_FORCE)
)
"""Every month in force beside its current revision: the one place that says which revision that is."""


def _revision(group: str, period: Period, number: int | None = None) -> ColumnElement[bool]:
    this = of_month(revisions, group, period)
    return this if number is None else this & (revisions.c.number == number)


def _month(row: Row[Any]) -> GroupMonth:
    hidden = row.closed and row.state is not MonthState.WITHDRAWN
    return as_record(GroupMonth, row, state=MonthState.CLOSED if hidden else row.state)


def _result_columns(result: GroupResult) -> dict[str, Any]:
    return {
        "issued": result.issued,
        "ranked_count": len(result.ranked),
        "result": result_to_bytes(result),
    }


def _revision_columns(result: GroupResult, provenance: Provenance) -> dict[str, Any]:
    return {
        "group_name": result.group,
        "period": result.period,
        "number": result.revision,
        "scheme": result.scheme,
        "version": result.version,
        **as_row(provenance),
        "inputs": json.dumps(asdict(provenance.inputs)),
        "documents": json.dumps(dict(provenance.documents)),
        **_result_columns(result),
    }


def _read_revision(row: Row[Any]) -> Revision:
    inputs: dict[str, Any] = json.loads(row.inputs)
    files: Sequence[dict[str, str]] = inputs.pop("files")
    read = Inputs(files=tuple(InputFile(**file) for file in files), **inputs)
    provenance = as_record(Provenance, row, inputs=read, documents=json.loads(row.documents))
    return as_record(Revision, row, provenance=provenance)


@cache
def _adapter() -> TypeAdapter[GroupResult]:
    return TypeAdapter(GroupResult)


def result_to_bytes(result: GroupResult) -> bytes:
    """JSON, deflated: a month of 30 people takes a tenth of the room."""
    return zlib.compress(_adapter().dump_json(result))


def result_from_bytes(content: bytes) -> GroupResult:
    return _adapter().validate_json(zlib.decompress(content))


RULE_FILE = "rules"
"""The kind of document that keeps the rule file by which a month was scored."""

RULES_AT_HAND = "rules_at_hand"
"""What a month bears that was put back from its result.json alone: it is read by these rules, and nothing made by them."""

WORDS = "words"
"""The kind of document that keeps what HR wrote into the notice."""


class Documents(Repository):
    """Bytes kept once, however often they are used."""

    def keep(self, kind: str, content: bytes) -> str:
        """Keep the bytes, and give their sha256. `kind` (`rules`, `roster` …) is that of the first keeping."""
        sha256 = sha256_of(content)
        known = select(documents.c.sha256).where(documents.c.sha256 == sha256)
        if self._connection.scalar(known) is None:
            self._connection.execute(insert(documents).values(sha256=sha256, kind=kind, content=content))
        return sha256

    def keep_words(self, words: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Keep what HR wrote into a notice, for the documents of its revision; nothing where HR wrote nothing."""
        if not words:
            return {}
        return {WORDS: self.keep(WORDS, json.dumps(words, ensure_ascii=False, sort_keys=True).encode())}

    def words(self, kept: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
        """HR's words by the documents of a revision."""
        content = self.get(kept[WORDS]) if WORDS in kept else None
        return {place: tuple(said) for place, said in json.loads(content or b"{}").items()}

    def rule_files(self) -> frozenset[str]:
        """The hashes of all documents that were first kept as a rule file."""
        found = select(documents.c.sha256).where(documents.c.kind == RULE_FILE)
        return frozenset(self._connection.scalars(found))

    def get(self, sha256: str) -> bytes | None:
        content: bytes | None = self._connection.scalar(
            select(documents.c.content).where(documents.c.sha256 == sha256)
        )
        return content
