"""How a check deep inside the intake says that a whole file cannot be taken."""

from __future__ import annotations

from appraisal.findings.finding import Finding, finding


class Refused(Exception):  # noqa: N818 - not an error of ours: the file is refused
    """Carries the finding up to the function that was asked about the file; never leaves the intake."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason.message)
        self.reason = reason


def refused(code: str, *, sheet: str | None = None, cell: str | None = None, **gaps: object) -> Refused:
    """A refusal for the finding of kind `code`; the arguments are those of `finding`."""
    return Refused(finding(code, sheet=sheet, cell=cell, **gaps))
