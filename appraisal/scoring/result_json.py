"""result.json: a group's month for programs. Its keys are a contract with the scripts that read it and never change lightly.

Every key is always there, null where there is nothing; decimals are strings exactly as printed;
states are as at issue and amounts positive.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from appraisal.period import Period
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.results import GroupResult, IndicatorResult, Outcome, OutcomeState, StaffResult


@dataclass(frozen=True, slots=True)
class InputFile:
    """A dropped file that the month was made from; `role` is who filled it: `manager` or `self`."""

    role: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the month was made from: files, the rule file's hash, and our version."""

    files: tuple[InputFile, ...]
    rules_sha256: str
    program: str


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
