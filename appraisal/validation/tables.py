"""What is wrong with typed tables: every cell held against its rules, and checks between cells.

Cheap to import; pandas and pandera come with the first table that is validated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appraisal.findings.finding import Finding, finding
from appraisal.intake.form import in_reading_order
from appraisal.intake.submission import CellValue, Row, Submission, Table
from appraisal.scheme.forms.cells import Role, SheetForm
from appraisal.scheme.forms.submission import submission_form
from appraisal.scheme.formula.parse import names_in, parse
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import Check
from appraisal.validation.cell_rules import breach, rules_of


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a row of a frame comes from."""

    at: int
    submission: Submission
    table: Table
    row: Row

    def place(self, name: str) -> tuple[str, str] | None:
        """(sheet, cell) of a column of the row, or of a number that the group has once; None if neither is there."""
        if name in self.table.columns:
            return self.table.sheet, self.table.cell(self.row, name)
        return self.submission.label_cells.get(name)

    def typed(self, place: tuple[str, str]) -> str | None:
        """What people see in a cell whose value was taken differently; None where it was not."""
        tidied = self.submission.tidied
        return next((entry.typed for entry in tidied if (entry.sheet, entry.cell) == place), None)

    def value(self, name: str) -> CellValue:
        return self.row.values[name] if name in self.row.values else self.submission.labels[name]


def validate_chunk(submissions: Sequence[Submission], scheme: Scheme) -> tuple[tuple[Finding, ...], ...]:
    """What breaks the rules of `scheme`, for each of its submissions.

    Every table is validated once for the whole chunk: a validation costs about the same for one row
    as for a thousand.
    """
    found: list[list[Finding]] = [[] for _ in submissions]
    sheets = submission_form(scheme).sheets
    for form in sheets:
        checks = scheme.tables[form.name].checks if form.role is Role.DATA else ()
        for index, problem in _table_findings(submissions, form, checks):
            found[index].append(problem)
    return tuple(
        in_reading_order(
            findings,
            (submission.tables[form.name].sheet for form in sheets if form.name in submission.tables),
        )
        for submission, findings in zip(submissions, found, strict=True)
    )


def _table_findings(
    submissions: Sequence[Submission], form: SheetForm, checks: tuple[Check, ...]
) -> Iterator[tuple[int, Finding]]:
    """Findings of one table, each with the number of its submission in the chunk."""
    from appraisal.validation.frames import SUBMISSION, failures  # noqa: PLC0415 - costs 0.6 s

    origins = [
        _Origin(index, submission, table, row)
        for index, submission in enumerate(submissions)
        if (table := submission.tables.get(form.name))
        for row in table.rows
    ]
    cells = {cell.name: cell for cell in (*form.labels, *form.columns) if rules_of(cell)}
    if not origins or not cells:
        return
    columns: dict[str, list[object]] = {name: [origin.value(name) for origin in origins] for name in cells}
    columns[SUBMISSION] = [origin.at for origin in origins]
    for failure in failures(columns, tuple(cells.values()), checks):
        for origin in (origins[row] for row in failure.rows):
            if isinstance(failure.broken, Check):
                yield origin.at, _check_finding(failure.broken, origin)
            elif failure.column is not None and (place := origin.place(failure.column)):
                cell, value = cells[failure.column], origin.value(failure.column)
                fault = breach(failure.broken, cell, value, origin.typed(place))
                yield origin.at, fault.at(*place)


def _check_finding(check: Check, origin: _Origin) -> Finding:
    """A broken check names all its fields and points at the first."""
    places = {name: place for name in names_in(parse(check.that)) if (place := origin.place(name))}
    sheet, cell = next(iter(places.values()))
    say = check.say.rstrip("。")
    if check.level == "warning":
        return finding("data.inconsistent", sheet=sheet, cell=cell, say=say)
    fields = "、".join(f"{name}（{address}）" for name, (_, address) in places.items())
    return finding("row.check", sheet=sheet, cell=cell, say=say, fields=fields)
