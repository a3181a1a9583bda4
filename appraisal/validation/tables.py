"""What is wrong with typed tables: ranges, whole numbers, decimals, choices, checks between cells.

Cheap to import; pandas and pandera come with the first table that is validated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from appraisal.findings.finding import Finding, finding
from appraisal.intake.form import in_reading_order
from appraisal.intake.submission import CellValue, Fault, Row, Submission, Table
from appraisal.intake.values import as_taken, own_hint
from appraisal.scheme.forms.cells import Cell, CellType, Role, SheetForm
from appraisal.scheme.forms.submission import submission_form
from appraisal.scheme.formula.parse import names_in, parse
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import Check
from appraisal.scheme.model.units import number_text

LARGEST = Decimal(10) ** 12
"""Where the form says no limit: no shop sells for a million million 元 a month."""


class Rule(StrEnum):
    """What a single cell can break."""

    RANGE = "range"
    WHOLE = "whole"
    DECIMALS = "decimals"
    CHOICE = "choice"


def rules_of(cell: Cell) -> Mapping[Rule, Callable[[Any], bool]]:
    """What must hold for every filled cell of this kind: Decimals where it is a number."""
    if cell.type is CellType.CHOICE:
        return {Rule.CHOICE: frozenset(cell.choices).__contains__}
    if not cell.type.is_number:
        return {}
    low, high = _limits(cell)
    precision = Rule.DECIMALS if cell.decimals else Rule.WHOLE
    return {
        Rule.RANGE: lambda value: low <= value <= high,
        precision: lambda value: _has_decimals(value, at_most=cell.decimals),
    }


def breach(rule: Rule, cell: Cell, value: CellValue, typed: str | None = None) -> Fault:
    """How to tell that `value` breaks a rule of its cell; `typed` is what people see there, where it differs."""
    taken = as_taken(value, cell)
    gaps: dict[str, object] = {
        "name": cell.title,
        "seen": taken if typed is None else f"{typed}（读为 {taken}）",
    }
    match rule:
        case Rule.WHOLE:
            return Fault("cell.not_whole", gaps)
        case Rule.DECIMALS:  # a percent counts those of its ratio, and people see two fewer
            return Fault(
                "cell.too_many_decimals",
                gaps | {"decimals": cell.decimals - (2 if cell.type is CellType.PERCENT else 0)},
            )
        case Rule.CHOICE:
            return Fault("cell.not_a_choice", gaps | {"choices": "、".join(cell.choices)})
    low, high = _limits(cell)
    if cell.type is CellType.MARK and isinstance(value, Decimal) and value > high:
        hint = f"请填写 {cell.hint.rstrip('。')}。"
        return Fault("cell.too_many_points", gaps | {"full": number_text(high), "hint": hint})
    limits = {"low": _shown(low, cell), "high": _shown(high, cell)}
    return Fault("cell.out_of_range", gaps | limits | {"hint": own_hint(cell) or "请核对后改正。"})


def _limits(cell: Cell) -> tuple[Decimal, Decimal]:
    return -LARGEST if cell.low is None else cell.low, LARGEST if cell.high is None else cell.high


def _shown(limit: Decimal, cell: Cell) -> str:
    return as_taken(limit, cell) if cell.type is CellType.PERCENT else number_text(limit)


def _has_decimals(value: Decimal, *, at_most: int) -> bool:
    """Whether a number needs no more than so many decimals; zeros at the end do not count."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and (exponent >= -at_most or value == round(value, at_most))


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
