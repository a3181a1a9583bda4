"""When the ledger cannot be used, and when an act of HR is not possible."""

from __future__ import annotations


class LedgerError(Exception):
    """The ledger cannot be used: one Chinese sentence with the next step.

    `detail` is the database's own complaint for the administrator, without passwords or values.
    """

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence, detail)
        self.sentence = sentence
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.sentence}（{self.detail}）" if self.detail else self.sentence


class ActRefused(Exception):  # noqa: N818 - nothing is broken: HR is told why it cannot be done
    """HR's act does not fit the state of the month: one Chinese sentence; nothing was changed."""
