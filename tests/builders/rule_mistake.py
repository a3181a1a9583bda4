"""One mistake in a rule file: a change to a sound one, and the report that it must bring."""

from __future__ import annotations

from dataclasses import dataclass

from tests.builders.schemes import SHOP_TEXT, changed


@dataclass(frozen=True)
class RuleFileMistake:
    """`old` in a sound file becomes `new`; the report points at `at`."""

    topic: str
    old: str
    new: str
    at: str
    path: str
    message: str
    sound: str = SHOP_TEXT

    @property
    def text(self) -> str:
        """The rule file with the mistake in it."""
        return changed((self.old, self.new), text=self.sound)

    @property
    def place(self) -> tuple[int, int]:
        """Line and column (from 1) of the last `at` up to the end of the change, else of the first behind it."""
        end = self.sound.index(self.old) + len(self.new)
        at = self.text.rfind(self.at, 0, end)
        before = self.text[: self.text.index(self.at, end) if at < 0 else at] + "\n" * self.at.startswith(
            "\n"
        )
        return before.count("\n") + 1, len(before) - before.rfind("\n")
