"""The store manager's workbook, its cells known, to a submission or to everything in its way.

A blank's hidden `_meta` says for whom it was handed out, so that neither can be typed over. Where that was taken
away the file's name is the next witness: if it says otherwise, nobody can know which is meant.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath

from appraisal.findings.finding import Finding
from appraisal.intake.completeness import data_rows, incompleteness
from appraisal.intake.draft import Draft, draft_of, retyped
from appraisal.intake.form import in_reading_order, meta_of, recognise
from appraisal.intake.roster import Roster
from appraisal.intake.submission import CellValue, Reading, Submission, Table, Tidied
from appraisal.period import Period
from appraisal.scheme.forms.submission import (
    GROUP,
    PARTICIPATES,
    PARTICIPATION,
    PERIOD,
    STAFF_ID,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook


def read_submission(
    raw: RawWorkbook, *, file: str, sha256: str, rulebook: Rulebook, roster: Roster | None
) -> Reading:
    """The reading of a workbook whose cells are known, with all of its mistakes at once.

    It is read by the version of its scheme that is in force in its month.
    """
    latest = recognise(raw, rulebook)
    if isinstance(latest, Finding):
        return Reading((latest,))
    draft = _draft(raw, latest, roster)
    period = draft.labels[PERIOD]
    scheme = rulebook.in_force(latest.scheme, period) if isinstance(period, Period) else latest
    if scheme is not None and scheme.version != latest.version:
        draft = _draft(raw, scheme, roster)
    issued = meta_of(raw)
    findings = [*draft.findings, *incompleteness(draft, roster), *retyped(draft, issued)]
    if not (sha256 and file.startswith(sha256)):  # in the archive it bears no name of a person's
        findings += _named_otherwise(draft, issued, file, roster)
    if scheme is None:
        since = min(version.first_period for version in rulebook.versions_of(latest.scheme))
        gaps = {"scheme": latest.name, "period": period, "since": since}
        findings.append(draft.finding("scheme.not_in_force", PERIOD, **gaps))
    ordered = in_reading_order(findings, (sheet.name for sheet in raw.sheets))
    group, whole = draft.labels[GROUP], None
    if scheme is not None and draft.is_there and isinstance(group, str) and isinstance(period, Period):
        whole = Submission(
            file=file,
            sha256=sha256,
            scheme=draft.form.scheme,
            version=draft.form.version,
            group=group,
            period=period,
            labels=draft.labels,
            label_cells=draft.label_cells,
            tables=draft.tables,
            tidied=draft.tidied,
            warnings=ordered,
        )
    return Reading(
        findings=ordered,
        group=group if isinstance(group, str) else None,
        period=period if isinstance(period, Period) else None,
        scheme=latest.scheme,
        draft=whole,
    )


def _draft(raw: RawWorkbook, scheme: Scheme, roster: Roster | None) -> Draft:
    return _without_idle_targets(draft_of(raw, submission_form(scheme), roster))


def _without_idle_targets(draft: Draft) -> Draft:
    """Without what the blank carried over for people who do not take part and have no figure of the month."""
    idle = _idle_targets(draft)
    if not any(idle.values()):
        return draft
    tables: dict[str, Table] = {}
    left_out: list[Tidied] = []
    for name, table in draft.tables.items():
        rows = []
        for row in table.rows:
            targets = [
                target for target in idle.get(row.values[STAFF_ID], ()) if row.values.get(target) is not None
            ]
            rows.append(replace(row, values={**row.values, **dict.fromkeys(targets)}))
            left_out += [
                Tidied(table.sheet, table.cell(row, target), str(row.values[target]), "没有当月数据，不采用")
                for target in targets
            ]
        tables[name] = replace(table, rows=tuple(rows))
    return replace(draft, tables=tables, tidied=(*draft.tidied, *left_out))


def _idle_targets(draft: Draft) -> dict[CellValue, tuple[str, ...]]:
    """Their columns, by the ids of those who do not take part."""
    main = draft.tables.get(draft.form.main.name)
    away = {
        row.values[STAFF_ID]: row.values[PARTICIPATION]
        for row in (main.rows if main else ())
        if row.values[PARTICIPATION] not in (None, PARTICIPATES)
    }
    filled: defaultdict[CellValue, set[str]] = defaultdict(set)
    for form, table, row in data_rows(draft) if away else ():
        if (who := row.values[STAFF_ID]) in away:
            filled[who] |= {cell.name for cell in form.columns if draft.is_filled(table, row, cell.name)}
    return {who: draft.form.idle_targets(why, filled[who]) for who, why in away.items()}


def _named_otherwise(
    draft: Draft, issued: Mapping[str, str], file: str, roster: Roster | None
) -> Iterator[Finding]:
    """Group and month of which the hidden sheet says nothing (any more), held against the file's name."""
    witnesses = {
        GROUP: ("group", group_in_name(file, roster.groups if roster else ())),
        PERIOD: ("period", period_in_name(file)),
    }
    for label, (name, seen) in witnesses.items():
        value = draft.labels[label]
        if seen is not None and value is not None and value != seen and not issued.get(name):
            yield draft.finding(f"{name}.file_name", label, **{"seen": seen, name: value})


_WITH_SEPARATOR = re.compile(r"(?<!\d)(20\d\d)\s*[-_.年]\s*(1[0-2]|0?[1-9])(?!\d)(?!\s*[-_.月]\s*\d)")
_WITHOUT = re.compile(r"(?<![0-9A-Za-z])(20\d\d)(0[1-9]|1[0-2])(?![0-9A-Za-z])")
"""A month; a whole date, as the day of an export, is none."""

_SHORTEST_GROUP = 2
"""A name of one character stands in many a word."""


def period_in_name(file: str) -> Period | None:
    """The one month that the name speaks of; None where it speaks of none or several."""
    stem = PurePath(file).stem
    found = {
        Period(int(year), int(month))
        for pattern in (_WITH_SEPARATOR, _WITHOUT)
        for year, month in pattern.findall(stem)
    }
    return found.pop() if len(found) == 1 else None


def group_in_name(file: str, groups: Iterable[str]) -> str | None:
    """The one of the groups that the name speaks of; of `一店` and `十一店` the longer one."""
    stem = key(PurePath(file).stem)
    found = [group for group in groups if len(group) >= _SHORTEST_GROUP and key(group) in stem]
    longest = max(found, key=len, default=None)
    is_clear = longest is not None and all(key(group) in key(longest) for group in found)
    return longest if is_clear else None
