"""The living formula in the workbook gives the same value as the pipeline, and never counts text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scheme.formula.parse import Expression, denominator_of, evaluate, parse
from appraisal.scheme.formula.printing import NOT_APPLICABLE, References, value_formula
from appraisal.scheme.model.units import round_half_up
from tests.builders.excel import Cells, Value, as_cell, calculate
from tests.scheme.test_formula import COLUMNS, VALUES

REFERENCES = References(cell=lambda name: name, column=lambda name: f"{name}:{name}")
Columns = dict[str, list[Decimal | None]]


def shown(
    tree: Expression, columns: Columns, row: int, *, blank: Value = None, minimum: str | None = None
) -> Value:
    """What the cell shows in one row; a missing number stands there as a blank or as a text."""
    cells: dict[str, Value | Sequence[Value]] = {}
    for name, column in columns.items():
        stored = [blank if number is None else as_cell(number) for number in column]
        cells |= {name: stored[row], f"{name}:{name}": stored}
    formula = value_formula(tree, REFERENCES, decimals=4, minimum=minimum)
    as_cells: Cells = cells
    return calculate(formula, as_cells)


@given(VALUES, COLUMNS, st.sampled_from([None, "", NOT_APPLICABLE, "延迟统计"]))
def test_every_formula_gives_the_pipelines_value_or_not_applicable(
    tree: Expression, columns: Columns, blank: Value
) -> None:
    """For any formula and any figures, blanks and texts included, the cell shows what was computed."""
    values = evaluate(tree, columns, len(columns["甲"]))
    for row, value in enumerate(values):
        expected = NOT_APPLICABLE if value is None else round_half_up(value, 4)
        assert shown(tree, columns, row, blank=blank) == expected


@given(COLUMNS, st.integers(min_value=1, max_value=50))
def test_a_small_sample_is_not_applicable_in_the_cell_too(columns: Columns, minimum: int) -> None:
    """Under `min_denominator` the cell says 不适用; at the minimum it counts."""
    tree = parse("甲 / 乙")
    values = evaluate(tree, columns, len(columns["甲"]))
    for row, value in enumerate(values):
        sample = columns["乙"][row]
        enough = value is not None and sample is not None and sample >= minimum
        expected = round_half_up(value, 4) if value is not None and enough else NOT_APPLICABLE
        assert shown(tree, columns, row, minimum=str(minimum)) == expected


@given(VALUES)
def test_only_functions_of_excel_2010_are_used(tree: Expression) -> None:
    """No LET, IFS or XLOOKUP: the workbook opens in old Excel and in WPS."""
    formula = value_formula(tree, REFERENCES, decimals=2, minimum=None)
    assert set(re.findall(r"([A-Z]+)\(", formula)) <= {"IF", "COUNT", "ROUND", "SUM", "AVERAGE", "MIN", "MAX"}


def test_the_guards_can_be_read() -> None:
    """First that all operands are numbers, then that the divisor is not zero, then the sample."""
    cells = {"付款人数": "$E5", "询单人数": "$C5"}
    references = References(cell=cells.__getitem__, column=lambda name: f"{name}!")
    assert value_formula(parse("付款人数 / 询单人数"), references, decimals=4, minimum="$B$9") == (
        '=IF(COUNT($E5,$C5)=2,IF($C5<>0,IF($C5>=$B$9,ROUND(($E5/$C5),4),"不适用"),"不适用"),"不适用")'
    )


def test_a_field_used_twice_is_counted_once() -> None:
    """COUNT(A,A)=2 would hold as well, but COUNT(A)=1 is what a reader expects."""
    assert "COUNT(甲,乙)=2" in value_formula(parse("甲 / 乙 - 甲"), REFERENCES, decimals=2, minimum=None)


def test_division_by_a_written_zero_is_not_applicable() -> None:
    """A rule file may say `/ 0`; the sheet must not show #DIV/0!."""
    assert shown(parse("甲 / 0"), {"甲": [Decimal(1)]}, 0) == NOT_APPLICABLE
    assert "<>0" not in value_formula(parse("甲 / 2"), REFERENCES, decimals=2, minimum=None)


def test_a_sample_is_the_outermost_divisor() -> None:
    """The minimum guards what the whole formula divides by, brackets and all."""
    tree = parse("甲 / (乙 + 丙)")
    columns: Columns = {"甲": [Decimal(6)], "乙": [Decimal(10)], "丙": [Decimal(20)]}
    assert denominator_of(tree) is not None
    assert shown(tree, columns, 0, minimum="30") == Decimal("0.2")
    assert shown(tree, columns, 0, minimum="31") == NOT_APPLICABLE


def test_a_comparison_is_not_a_value() -> None:
    """The loader refuses it; printing one is our mistake."""
    with pytest.raises(ValueError, match="comparison"):
        value_formula(parse("甲 <= 乙"), REFERENCES, decimals=2, minimum=None)
