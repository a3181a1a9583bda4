"""Which scheme a workbook belongs to: what its hidden `_meta` sheet says, else what its headers fit."""

from __future__ import annotations

from collections.abc import Mapping

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import as_typed
from appraisal.intake.form import fit
from appraisal.intake.layout import rows_of
from appraisal.scheme.forms.submission import META, submission_form
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook

SUBMISSION = "submission"
"""What `kind` in `_meta` says of the workbook that a store manager hands in."""


def meta_of(raw: RawWorkbook) -> Mapping[str, str]:
    """The keys and values of the hidden `_meta` sheet, as text; empty where there is none."""
    sheet = next((sheet for sheet in raw.sheets if key(sheet.name) == META), None)
    if sheet is None:
        return {}
    return {
        as_typed(row[1]).strip(): as_typed(row[2]).strip()
        for row in rows_of(sheet).values()
        if {1, 2} <= row.keys()
    }


def recognise(raw: RawWorkbook, rulebook: Rulebook) -> Scheme | Finding:
    """The latest version of the scheme whose form this is; a finding where that cannot be told."""
    meta = meta_of(raw)
    if meta.get("kind", SUBMISSION) != SUBMISSION:
        return finding("workbook.unrecognised")
    if named := meta.get("scheme"):
        scheme = rulebook.latest(named)
        return scheme or finding("scheme.unknown", scheme=named, known="、".join(rulebook.ids))
    schemes = [scheme for name in rulebook.ids if (scheme := rulebook.latest(name))]
    fits = [fit(raw, submission_form(scheme)) for scheme in schemes]
    best = max(fits, default=(0, 0, 0))
    if best[0] == 0 or fits.count(best) > 1:
        return finding("workbook.unrecognised")
    return schemes[fits.index(best)]
