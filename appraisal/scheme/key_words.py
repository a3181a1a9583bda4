"""What the keys of a rule file and their choices are called in Chinese, read off the model's descriptions.

A description begins with the key's short name and a colon, and names each choice before its meaning:
`轻重：error 退回，warning 只提示`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo


def title_in(description: str) -> str:
    """`轻重` of `轻重：error 退回，warning 只提示`."""
    return description.partition("：")[0]


def title_of(field: FieldInfo) -> str:
    """What a key is called."""
    return title_in(field.description or "")


def words_of_choices(field: FieldInfo) -> Mapping[str, str]:
    """The meaning of each choice of a key, in the key's own order; nothing where it has no choices."""
    return words_in(field.description or "", _choices(field.annotation))


def words_in(description: str, choices: Iterator[str] | list[str]) -> dict[str, str]:
    """The meaning of each of `choices` as the description tells it; one that it does not tell is its own."""
    words = {}
    for choice in choices:
        told = re.search(rf"(?<![\w ]){re.escape(choice)} ([^，；。]+)", description)
        words[choice] = told[1] if told else choice
    return words


def _choices(annotation: Any) -> Iterator[str]:
    """Every text that an enumeration or a `Literal`, optional or not, allows."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(one.value) for one in annotation)
    elif get_origin(annotation) is Literal:
        yield from (one for one in get_args(annotation) if isinstance(one, str))
    else:
        for inner in get_args(annotation):
            yield from _choices(inner)
