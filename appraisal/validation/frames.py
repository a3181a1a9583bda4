"""One table of a whole chunk as a frame, held against its pandera schema.

Imports pandas and pandera (0.6 s), so it is itself imported only when a table is validated. A frame
has one running integer index and plain object columns: pandera then keeps positions and values as
they are (with `coerce=True` one text cell would hide every range error of its column).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors

from appraisal.scheme.forms.cells import Cell
from appraisal.scheme.formula.parse import evaluate, group_names_in, names_in, parse
from appraisal.scheme.model.tables import Check
from appraisal.validation.cell_rules import Rule, rules_of

SUBMISSION = "·submission"
"""The frame's own column: which submission of the chunk a row is from. No field can be called so."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Rows that break one rule of the column `column`, or one check between cells; then it is None."""

    broken: Rule | Check
    column: str | None
    rows: tuple[int, ...]


def failures(
    columns: dict[str, list[object]], cells: tuple[Cell, ...], checks: tuple[Check, ...]
) -> list[Failure]:
    """Everything in the columns that breaks a rule of its cell or a check between cells.

    `columns` maps the name of each of `cells`, and `SUBMISSION`, to one value a row.
    """
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    try:
        _schema(cells, checks).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return [_failure(error, checks) for error in errors.schema_errors]
    return []


def warm_up_pandera() -> None:
    """Have pandera load what it loads with a first frame, so that the first workbook need not wait for it."""
    failures({SUBMISSION: [0]}, (), ())


_BETWEEN_CELLS = "between cells "


def _failure(error: SchemaError, checks: tuple[Check, ...]) -> Failure:
    """Raises the error itself where a check could not run: then we are wrong, not the data."""
    passed = error.check_output
    if passed is None:
        raise error
    rows = tuple(int(row) for row in passed.index[~passed.astype(bool)])
    name = error.check.name
    if name.startswith(_BETWEEN_CELLS):
        return Failure(checks[int(name.removeprefix(_BETWEEN_CELLS))], None, rows)
    return Failure(Rule(name), error.schema.name, rows)


@lru_cache(maxsize=64)
def _schema(cells: tuple[Cell, ...], checks: tuple[Check, ...]) -> pa.DataFrameSchema:
    columns = {
        cell.name: pa.Column(None, [_each(*rule) for rule in rules_of(cell).items()], nullable=True)
        for cell in cells
    }
    return pa.DataFrameSchema(
        columns, [_between_cells(index, check.that) for index, check in enumerate(checks)]
    )


def _each(rule: Rule, holds: Callable[[Any], bool]) -> pa.Check:
    """A rule for every filled cell of a column."""

    def check(column: pd.Series) -> pd.Series:
        return pd.Series([holds(value) for value in column], index=column.index, dtype=bool)

    return pa.Check(check, name=rule.value)


def _between_cells(index: int, formula: str) -> pa.Check:
    """A comparison for every row; one that lacks a value it needs is not held against anyone."""
    tree = parse(formula)
    names = names_in(tree)

    def passed(part: pd.DataFrame) -> pd.Series:
        columns = {name: part[name].tolist() for name in names}
        results = evaluate(tree, columns, len(part))
        return pd.Series([result is None or result != 0 for result in results], index=part.index, dtype=bool)

    def by_submission(frame: pd.DataFrame) -> pd.Series:
        joined: pd.Series = pd.concat([passed(part) for _, part in frame.groupby(SUBMISSION, sort=False)])
        return joined

    over_group = bool(group_names_in(tree))
    return pa.Check(by_submission if over_group else passed, name=f"{_BETWEEN_CELLS}{index}")
