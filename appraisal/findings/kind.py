"""One kind of finding: what it is called, how grave it is, what it says and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error returns the workbook; a warning is printed and the workbook is scored."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding: a stable code, and its sentences with `{named}` gaps."""

    code: str
    severity: Severity
    message: str
    remedy: str


def error(code: str, message: str, remedy: str) -> Kind:
    return Kind(code, Severity.ERROR, message, remedy)


def warning(code: str, message: str, remedy: str) -> Kind:
    return Kind(code, Severity.WARNING, message, remedy)
