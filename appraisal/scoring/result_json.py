"""result.json: a group's month for programs. Its keys are a contract with the scripts that read it and never change lightly.

Every key is always there, null where there is nothing; decimals are strings exactly as printed;
states are as at issue and amounts positive.

JSON that people can read too, as `json.dumps(value, ensure_ascii=False, indent=1)` writes it.

With an indent the standard library writes in pure Python, piece by piece: a third of it is enough."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring

from appraisal.scoring.results import GroupResult, IndicatorResult, Outcome, StaffResult


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


def result_as_json(result: GroupResult, inputs: Inputs) -> dict[str, object]:
    """The object that result.json holds, its keys in the order of the contract."""
    return {
        "scheme": result.scheme,
        "version": result.version,
        "group": result.group,
        "period": str(result.period),
        "revision": result.revision,
        "issued": result.issued.isoformat(),
        "staff": [_person(one) for one in result.staff],
        "outcomes": [_outcome(one) for one in result.outcomes],
        "inputs": {
            "files": [{"role": one.role, "sha256": one.sha256} for one in inputs.files],
            "rules_sha256": inputs.rules_sha256,
            "program": inputs.program,
        },
    }


def _person(person: StaffResult) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "ranked": person.ranked,
        "reason": person.reason,
        "rank": person.rank,
        "final": _text(person.final),
        "reviewers": {name: _text(total) for name, total in person.reviewers.items()},
        "indicators": {name: _indicator(one) for name, one in person.indicators.items()},
    }


def _indicator(result: IndicatorResult) -> dict[str, object]:
    return {
        "value": _text(result.value),
        "applicable": result.applicable,
        "points": {name: _text(points) for name, points in result.points.items()},
    }


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "staff": outcome.staff,
        "type": outcome.type.value,
        "amount": _text(outcome.amount),
        "due": None if outcome.due is None else outcome.due.isoformat(),
        "state": outcome.state.value,
        "reason": outcome.reason,
    }


def _text(number: Decimal | None) -> str | None:
    """Without an exponent, whatever the number."""
    return None if number is None else f"{number:f}"


def indented(value: object, margin: str = "\n") -> str:
    """Mappings with texts as keys, lists, texts, numbers, booleans and None; `margin` is a line's beginning."""
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{margin} "
    if isinstance(value, dict) and value:
        pairs = [f"{encode_basestring(key)}: {indented(one, inner)}" for key, one in value.items()]
        return f"{{{inner}{f',{inner}'.join(pairs)}{margin}}}"
    if isinstance(value, list) and value:
        return f"[{inner}{f',{inner}'.join(indented(one, inner) for one in value)}{margin}]"
    return json.dumps(value)
