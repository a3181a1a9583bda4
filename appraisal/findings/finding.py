"""What can be wrong with a dropped file: one finding, made from the catalogue of kinds.

Bad data is never an exception here. A check yields findings; each says in plain Chinese what
the person sees in which cell and what to do about it. `docs/findings.md` is generated from
`CATALOGUE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from appraisal.findings import data, other_forms, workbooks
from appraisal.findings.kind import Kind, Severity
from appraisal.text import printable

CATALOGUE: Mapping[str, Kind] = MappingProxyType(
    {
        kind.code: kind
        for kinds in (
            workbooks.FILE_KINDS,
            workbooks.SUBMISSION_KINDS,
            data.PEOPLE_KINDS,
            workbooks.CELL_KINDS,
            data.DATA_KINDS,
            other_forms.OTHER_FORM_KINDS,
            data.EXPORT_KINDS,
        )
        for kind in kinds
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in one place.

    `sheet` and `cell` (like `C7`) are None where the fault is not in a sheet or not in one cell.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    sheet: str | None = None
    cell: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    @property
    def place(self) -> str:
        """Where to look, as a person would say it: `考核数据!C7`, `考核数据` or an empty string."""
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.sheet or ""

    def as_json(self) -> dict[str, str | None]:
        """The five keys that `--json` and the returned `.json` carry."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "cell": self.cell,
            "message": f"{self.message}{self.remedy}",
        }


def finding(code: str, *, sheet: str | None = None, cell: str | None = None, **gaps: object) -> Finding:
    """The finding of kind `code`; `gaps` fill the sentences' named gaps.

    Raises KeyError for a code that is not in the catalogue or a gap that was not filled: both
    are mistakes of ours, not of the person who filled the form.
    """
    kind = CATALOGUE[code]
    shown = {name: _shown(name, value) for name, value in gaps.items()}
    return Finding(
        code=code,
        severity=kind.severity,
        message=kind.message.format_map(shown),
        remedy=kind.remedy.format_map(shown),
        sheet=sheet,
        cell=cell,
    )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them returns the workbook."""
    return any(finding.is_error for finding in findings)


_LONGEST_QUOTE, _LONGEST_SENTENCE = 60, 400


def _shown(name: str, value: object) -> str:
    """A value as quoted in a sentence: on one line, printable, short. A `sentence` of ours keeps its end, the next step."""
    longest = _LONGEST_SENTENCE if name == "sentence" else _LONGEST_QUOTE
    text = printable(str(value))
    return text if len(text) <= longest else text[:longest] + "…"
