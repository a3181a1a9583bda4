"""Findings in the order in which a person would come upon them."""

from __future__ import annotations

from collections.abc import Iterable

from appraisal.findings.finding import Finding
from appraisal.xlsx.grid import cell_position


def in_reading_order(findings: Iterable[Finding], sheets: Iterable[str]) -> tuple[Finding, ...]:
    """By sheet as `sheets` lists them, then by row and column, each once; what has no place comes first."""
    order = {name: at for at, name in enumerate(sheets)}

    def place(one: Finding) -> tuple[int, tuple[int, int]]:
        sheet = -1 if one.sheet is None else order.get(one.sheet, len(order))
        return sheet, (one.cell and cell_position(one.cell)) or (0, 0)

    return tuple(sorted(dict.fromkeys(findings), key=place))
