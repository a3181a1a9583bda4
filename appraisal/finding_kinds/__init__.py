"""The catalogue of findings: every kind of what can be wrong, by what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from appraisal.finding_kinds import of_cells, of_exports, of_files, of_forms, of_papers
from appraisal.finding_kinds.kind import Kind, Severity

__all__ = ["CATALOGUE", "Kind", "Severity"]

CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {kind.code: kind for part in (of_files, of_forms, of_cells, of_papers, of_exports) for kind in part.KINDS}
)
