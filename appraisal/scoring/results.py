"""What a group's month comes to: points, totals, ranks and what follows; what earlier months came to; and result.json.

result.json is a month for programs. Its keys are a contract with the scripts that read it and never change
lightly. Every key is always there, null where there is nothing; decimals are strings exactly as printed; states
are as at issue and amounts positive.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme


@dataclass(frozen=True)
class IndicatorResult:
    """One person's indicator.

    `value` is rounded as printed; None for judged indicators and where nothing could be computed.
    `points` has one entry per reviewer on whose form the indicator stands; it is empty where the
    indicator is not applicable (`reason` then says why in Chinese) and where it gives no points.
    `by_count` is True where the sample was small and the value is the count that was scored instead.
    """

    value: Decimal | None
    applicable: bool
    reason: str | None
    points: Mapping[str, Decimal]
    by_count: bool = False


@dataclass(frozen=True, slots=True)
class StaffResult:
    """One person's month. `reviewers` and `final` are None where nothing could be scored.

    `participation` is 参评情况 as typed; `reason` says why a person is not ranked; `stood_in`
    maps an absent reviewer to the one whose marks count instead; `sections` holds the points by
    top 类别 weighted over the reviewers (2 decimals) as far as anything of it applies; `parts` each reviewer's
    scores by weighted 类别, where the scheme weighs them.
    """

    id: str
    name: str
    participation: str
    ranked: bool
    reason: str | None
    rank: int | None
    final: Decimal | None
    reviewers: Mapping[str, Decimal | None]
    indicators: Mapping[str, IndicatorResult]
    sections: Mapping[str, Decimal]
    stood_in: Mapping[str, str]
    parts: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)


class OutcomeState(StrEnum):
    """due 执行, hold 待研究确定, reversed 已撤销."""

    DUE = "due"
    HOLD = "hold"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows for one person. `amount` is positive, in 元; None where no money moves.

    `capped_by_payroll` is True where the amount is an upper limit because the commission is not
    known (由财务按实际提成核定). `decided_on` is the day on which HR decided about what was held.
    """

    staff: str
    type: OutcomeType
    amount: Decimal | None
    due: date | None
    state: OutcomeState
    reason: str
    clause: str | None
    capped_by_payroll: bool = False
    decided_on: date | None = None


NOTHING_LEFT = "无可调提成"
"""Why a deduction comes to 0.00: what it would be taken from is 0, or used up by the rules before it."""


def signed(kind: OutcomeType, amount: Decimal) -> Decimal:
    """The amount as the person feels it: a deduction is negative, nothing is 0 and never -0."""
    return -amount if kind is OutcomeType.DEDUCT and amount else amount


@dataclass(frozen=True)
class GroupResult:
    """A group's month, in the order of the workbook.

    `no_outcomes` says in one Chinese sentence why nothing follows (too few ranked, all level);
    None where the rules were applied. `warnings` are sentences for HR, such as a holiday
    arrangement that is not yet known. `issued` is the date that the notice bears.
    """

    scheme: str
    version: int
    group: str
    period: Period
    revision: int
    issued: date
    staff: tuple[StaffResult, ...]
    outcomes: tuple[Outcome, ...]
    no_outcomes: str | None = None
    warnings: tuple[str, ...] = ()
    is_trial: bool = False

    @cached_property
    def ranked(self) -> tuple[StaffResult, ...]:
        """The ranked staff by rank, equal ranks in the workbook's order."""
        return tuple(
            sorted((person for person in self.staff if person.ranked), key=lambda person: person.rank or 0)
        )

    @cached_property
    def finals(self) -> tuple[Decimal, ...]:
        """The final scores of the ranked, by rank."""
        return tuple(person.final for person in self.ranked if person.final is not None)

    @cached_property
    def not_ranked(self) -> tuple[StaffResult, ...]:
        return tuple(person for person in self.staff if not person.ranked)

    def outcomes_of(self, staff: str) -> tuple[Outcome, ...]:
        return self._outcomes.get(staff, ())

    def person(self, staff: str) -> StaffResult:
        return self._people[staff]

    def comes_to_the_same(self, other: GroupResult) -> bool:
        """Whether scores, places and what follows are those of `other`, however either is worded."""
        return self._figures == other._figures

    @property
    def _figures(self) -> tuple[object, object]:
        follows = [
            (outcome.staff, outcome.type, outcome.amount, outcome.due, outcome.state)
            for outcome in self.outcomes
        ]
        return {person.id: (person.final, person.rank) for person in self.staff}, sorted(follows, key=repr)

    def name_of(self, staff: str) -> str:
        """The person's name; with the id where another of the group has the same: `张伟（KF003）`."""
        name = self._people[staff].name
        return f"{name}（{staff}）" if self._bearers[name] > 1 else name

    @cached_property
    def _bearers(self) -> Mapping[str, int]:
        """How many people have each name."""
        return Counter(person.name for person in self.staff)

    @cached_property
    def _outcomes(self) -> Mapping[str, tuple[Outcome, ...]]:
        by_staff: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            by_staff.setdefault(outcome.staff, []).append(outcome)
        return {staff: tuple(following) for staff, following in by_staff.items()}

    @cached_property
    def _people(self) -> Mapping[str, StaffResult]:
        return {person.id: person for person in self.staff}

    def __getstate__(self) -> dict[str, object]:
        """What was looked up is not sent to other processes."""
        return {attribute.name: getattr(self, attribute.name) for attribute in fields(self)}


class PersonMonth(NamedTuple):
    """One person's earlier month. `rank` and `final` are None where there was none.

    `was_sole_last` is the streak's fact: the one last place of a month to which outcomes applied. A tuple, for
    every group takes a year of everybody's with it wherever it is appraised.
    """

    period: Period
    rank: int | None
    ranked_count: int
    final: Decimal | None
    was_sole_last: bool


@dataclass(frozen=True, slots=True)
class History:
    """Months before the one appraised: each person's in order of time, and the group's averages.

    `streak_from` maps a person to the first month that may count for a streak, after HR decided.
    """

    people: Mapping[str, tuple[PersonMonth, ...]] = field(default_factory=dict)
    group_averages: Mapping[Period, Decimal] = field(default_factory=dict)
    streak_from: Mapping[str, Period] = field(default_factory=dict)

    def month_of(self, staff: str, period: Period) -> PersonMonth | None:
        return next((month for month in self.people.get(staff, ()) if month.period == period), None)

    def ranked_in(self, period: Period) -> int | None:
        """How many were ranked in an earlier month; None where it is not known."""
        everybodys = (month for months in self.people.values() for month in months)
        return next((month.ranked_count for month in everybodys if month.period == period), None)


# ------------------------------------------------------------------------------- result.json


MANAGER, SELF_FORM = "manager", "self"
"""Who filled a file that a month was made from: the manager, or one of the people for themselves."""


@dataclass(frozen=True, slots=True)
class InputFile:
    """A dropped file that the month was made from; `role` is who filled it."""

    role: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the month was made from: files, the rule file's hash, and our version."""

    files: tuple[InputFile, ...]
    rules_sha256: str
    program: str

    @property
    def self_forms(self) -> frozenset[str]:
        """The self-assessments (sha256) among the files."""
        return frozenset(file.sha256 for file in self.files if file.role == SELF_FORM)


def result_as_json(result: GroupResult, inputs: Inputs, scheme: Scheme) -> dict[str, object]:
    """The object that result.json holds, its keys in the order of the contract. `scheme` says the grades."""
    return {
        "scheme": result.scheme,
        "version": result.version,
        "group": result.group,
        "period": str(result.period),
        "revision": result.revision,
        "issued": result.issued.isoformat(),
        "staff": [person_as_json(person, scheme) for person in result.staff],
        "outcomes": [outcome_as_json(outcome) for outcome in result.outcomes],
        "inputs": {
            "files": [{"role": file.role, "sha256": file.sha256} for file in inputs.files],
            "rules_sha256": inputs.rules_sha256,
            "program": inputs.program,
        },
    }


def person_as_json(person: StaffResult, scheme: Scheme) -> dict[str, object]:
    """One person's entry."""
    grade = scheme.grade_of(person.final) if person.ranked else None
    return {
        "id": person.id,
        "name": person.name,
        "ranked": person.ranked,
        "reason": person.reason,
        "rank": person.rank,
        "final": _text(person.final),
        "grade": None if grade is None else grade.name,
        "factor": None if grade is None else _text(grade.factor),
        "reviewers": {name: _text(total) for name, total in person.reviewers.items()},
        "indicators": {name: _indicator(indicator) for name, indicator in person.indicators.items()},
    }


def _indicator(result: IndicatorResult) -> dict[str, object]:
    return {
        "value": _text(result.value),
        "applicable": result.applicable,
        "points": {name: _text(points) for name, points in result.points.items()},
    }


def outcome_as_json(outcome: Outcome) -> dict[str, object]:
    """One outcome's entry."""
    return {
        "staff": outcome.staff,
        "type": outcome.type.value,
        "amount": _text(outcome.amount),
        "due": None if outcome.due is None else outcome.due.isoformat(),
        "state": outcome.state.value,
        "reason": outcome.reason,
    }


def result_from_json(content: bytes) -> tuple[GroupResult, Inputs]:
    """The month as result.json tells it; what it does not tell (sections, clauses, why nothing follows) is lost;
    grades follow from the scores.

    Raises ValueError for anything that this program did not write.
    """
    try:
        record = json.loads(content)
        inputs = record["inputs"]
        files = tuple(InputFile(str(file["role"]), str(file["sha256"])) for file in inputs["files"])
        outcomes = tuple(_outcome_again(outcome) for outcome in record["outcomes"])
        result = GroupResult(
            scheme=str(record["scheme"]),
            version=int(record["version"]),
            group=str(record["group"]),
            period=Period.parse(record["period"]),
            revision=int(record["revision"]),
            issued=date.fromisoformat(record["issued"]),
            staff=tuple(_person_again(person) for person in record["staff"]),
            outcomes=outcomes,
            no_outcomes=None if outcomes else _NOTHING_FOLLOWED,
        )
        return result, Inputs(files, str(inputs["rules_sha256"]), str(inputs["program"]))
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"no result.json of ours: {error!r}") from None


_NOTHING_FOLLOWED = "本月没有结果运用。"


def _person_again(person: dict[str, Any]) -> StaffResult:
    return StaffResult(
        id=str(person["id"]),
        name=str(person["name"]),
        participation="",
        ranked=bool(person["ranked"]),
        reason=person["reason"],
        rank=person["rank"],
        final=_number(person["final"]),
        reviewers={name: _number(total) for name, total in person["reviewers"].items()},
        indicators={
            name: IndicatorResult(
                _number(indicator["value"]),
                bool(indicator["applicable"]),
                None,
                {who: Decimal(points) for who, points in indicator["points"].items()},
            )
            for name, indicator in person["indicators"].items()
        },
        sections={},
        stood_in={},
    )


def _outcome_again(outcome: dict[str, Any]) -> Outcome:
    return Outcome(
        staff=str(outcome["staff"]),
        type=OutcomeType(outcome["type"]),
        amount=_number(outcome["amount"]),
        due=None if outcome["due"] is None else date.fromisoformat(outcome["due"]),
        state=OutcomeState(outcome["state"]),
        reason=str(outcome["reason"]),
        clause=None,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(number: Decimal | None) -> str | None:
    """Without an exponent, whatever the number."""
    return None if number is None else f"{number:f}"


def indented(value: object, margin: str = "\n") -> str:
    """JSON that people can read too, as `json.dumps(value, ensure_ascii=False, indent=1)` writes it, in a third of the time.

    Mappings with texts as keys, lists, texts, numbers, booleans and None; `margin` is a line's beginning.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{margin} "
    if isinstance(value, dict) and value:
        pairs = [f"{encode_basestring(key)}: {indented(item, inner)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(pairs)}{margin}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join(indented(item, inner) for item in value)}{margin}]"
    return json.dumps(value)
