"""Whether the inbox is still the folder that it was, or a shared drive has dropped out from under it."""

from __future__ import annotations

from dataclasses import dataclass

BELIEVED_AFTER = 60.0
"""Seconds for which the same folder must stay empty until it is taken for emptied by people."""


@dataclass
class InboxRoot:
    """What is known of the inbox from one look to the next.

    A share that dropped out leaves an empty folder, mostly another one: of that nothing is believed
    until something lies in it.
    """

    is_left_with_things: bool = False
    """Whether something lay there after the last look that was not ours to remove."""
    _folder: tuple[int, int] | None = None
    """Device and number of the folder."""
    _empty_since: float | None = None

    def has_dropped_out(self, folder: tuple[int, int], now: float, *, is_empty: bool) -> bool:
        """Whether it is suddenly empty though nobody emptied it file by file; `now` by a clock that never jumps."""
        is_same = self._folder in {None, folder}
        if not is_empty or (is_same and not self.is_left_with_things):
            self._folder, self._empty_since = folder, None
            return False
        if self._empty_since is None:
            self._empty_since = now
        return not (is_same and now - self._empty_since >= BELIEVED_AFTER)
