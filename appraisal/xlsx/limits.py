"""How large a workbook may be, and the exception that refuses a whole file from deep inside the reader.

The limits on bytes and parts were held against 2,269 real workbooks from many programs: apart from
made attacks they refuse one, a test file of 1,033 parts (the largest unpacks to 60 MB, 99 % to under
1.8 MB). Those on sheets, rows, columns and cells come from what a form of one group can need.
"""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.errors import Signal
from appraisal.findings.finding import Finding, finding

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one reading; tests pass smaller ones to stay quick."""

    file_bytes: int = 20 * _MEGABYTE
    part_bytes: int = 64 * _MEGABYTE
    unpacked_bytes: int = 100 * _MEGABYTE
    parts: int = 1_000
    suspect_part_bytes: int = 10 * _MEGABYTE
    """A part beyond this may not have been packed better than `suspect_ratio` to one."""
    suspect_ratio: int = 200
    sheets: int = 50
    rows: int = 25_000
    columns: int = 200
    cells: int = 1_000_000
    text_length: int = 32_767
    """Excel's own limit; openpyxl cuts longer text without a word when it writes."""
    number_format_length: int = 255


LIMITS = Limits()


class Refused(Signal):
    """Carries the finding up to the function that was asked about the file; never leaves the intake."""

    def __init__(self, reason: Finding) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason.message


def refused(code: str, *, sheet: str | None = None, cell: str | None = None, **gaps: object) -> Refused:
    """A refusal for the finding of kind `code`; the arguments are those of `finding`."""
    return Refused(finding(code, sheet=sheet, cell=cell, **gaps))
