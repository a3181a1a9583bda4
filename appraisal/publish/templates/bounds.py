"""How much one paper may take: so much work, so many characters. A template that asks for more is stopped and named.

A template is tried out with an example before it is used (`loading.try_out`), but what it comes to with real
people is seen only then. So every loop and every text that it puts together is counted, in whatever process it runs.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jinja2.exceptions import TemplateRuntimeError

from appraisal.errors import Signal

SECONDS, SECONDS_EACH = 20.0, 0.05
"""Of a processor, for a paper and for each row of its longest list: a slip takes about 3 ms."""

CHARACTERS, CHARACTERS_EACH = 50_000_000, 200_000
"""A slip in Word has about 40,000."""

_STEPS = 256
"""So many times a loop goes on between two looks at the clock."""


class TooMuch(Signal):
    """A rendering that is over its bounds; a Chinese clause."""


class Bounds:
    """What is left of what one paper may take."""

    def __init__(self, rows: int) -> None:
        self._seconds = SECONDS + SECONDS_EACH * rows
        self._until = time.thread_time() + self._seconds
        self._characters = CHARACTERS + CHARACTERS_EACH * rows
        self._steps = 0

    def step(self) -> None:
        """A loop goes on."""
        self._steps += 1
        if self._steps % _STEPS == 0:
            self.look()

    def look(self) -> None:
        """Raises TooMuch where the time is up."""
        if time.thread_time() > self._until:
            raise TooMuch(f"填写一份材料，计算了 {self._seconds:.0f} 秒还没有完成，已经停下")

    def take(self, characters: int) -> None:
        """Raises TooMuch where the paper has grown beyond what anybody reads."""
        self._characters -= characters
        if self._characters < 0:
            raise TooMuch("填出来的一份材料过长，已经停下")


_BOUNDS: ContextVar[Bounds] = ContextVar("bounds of what is being rendered")


@contextmanager
def bounded(names: Mapping[str, Any]) -> Iterator[Bounds]:
    """Bounds for the paper that is rendered from `names` in the block."""
    rows = max((len(one) for one in names.values() if _is_list(one)), default=0)
    before = _BOUNDS.set(Bounds(rows))
    try:
        yield _BOUNDS.get()
    finally:
        _BOUNDS.reset(before)


def _is_list(value: object) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | Mapping)


class Counted:
    """What a loop goes through, each step counted."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __iter__(self) -> Iterator[Any]:
        bounds = _BOUNDS.get()
        for one in self._value:
            bounds.step()
            yield one

    def __len__(self) -> int:
        return len(self._value)


def together(pieces: Iterable[Any], between: str = "") -> list[Any]:
    """The pieces as a list, once it is certain that they are texts and not too long with what goes between."""
    found, bounds = [], _BOUNDS.get()
    for one in pieces:
        bounds.step()
        bounds.take(len(str(must_be_one(one))) + len(between))
        found.append(one)
    return found


def must_be_one(value: Any) -> Any:
    """The value, which is one and not a list of them: nobody reads those, and they can be of any depth."""
    if isinstance(value, list | tuple | dict):
        raise TemplateRuntimeError("这里是一组内容，请用 {% for %} 逐项写出")
    return value
