"""The names that a template may print: what each means, and an example to try a template with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class TemplateName:
    """One name, what HR should know about it, and an example of the value.

    A list's example holds one entry; where entries have names of their own, it is a mapping.
    """

    name: str
    meaning: str
    example: Any


def examples(names: Sequence[TemplateName]) -> dict[str, Any]:
    """Everything is there, and of every list two entries: one would hide a loop that is badly closed."""
    return {one.name: _plenty(one.example) for one in names}


def empty(names: Sequence[TemplateName]) -> dict[str, Any]:
    """Nothing is there: empty texts and lists, no numbers, every yes a no.

    Together with `examples` this leads a template through both ways of its plain `if`s.
    """
    return {one.name: _empty(one.example) for one in names}


def _plenty(example: Any) -> Any:
    if isinstance(example, Mapping):
        return {key: _plenty(inner) for key, inner in example.items()}
    return [_plenty(inner) for inner in example] * 2 if isinstance(example, list) else example


def _empty(example: Any) -> Any:
    return {} if isinstance(example, Mapping) else type(example)()
