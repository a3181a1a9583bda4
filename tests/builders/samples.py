"""A filled month of any shipped scheme, made from the examples in its rule file.

sample("service-agent")              six people, from good to poor, as the submission it reads as
sample_workbook("service-agent")     the same typed into our blank
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from appraisal.intake.submission import Submission
from appraisal.scheme.forms import EVIDENCE, CellType, Role, submission_form
from appraisal.scheme.formula import Comparison, Name, parse
from appraisal.scheme.model import FieldType, Scheme
from appraisal.scheme.rulebook import Rulebook, load_rulebook
from tests.builders.submissions import RULES, staff_id, submission
from tests.builders.workbooks import filled_workbook

PEOPLE = 6
Cells = dict[tuple[str, str, str], Any]


@cache
def shipped_rules() -> Rulebook:
    """Every rule file that comes with the program."""
    return load_rulebook(RULES)


def shipped(scheme: str) -> Scheme:
    found = shipped_rules().latest(scheme)
    assert found is not None
    return found


def sample(scheme: str) -> Submission:
    """The month as a well-read workbook."""
    return submission(**_options(shipped(scheme)))


def sample_workbook(scheme: str) -> bytes:
    """The month typed into our blank and saved as a spreadsheet saves it."""
    return filled_workbook(**_options(shipped(scheme)))


def _options(scheme: Scheme) -> dict[str, Any]:
    cells: Cells = {}
    for number in range(1, PEOPLE + 1):
        cells |= _figures(scheme, number) | _marks(scheme, number)
    return {"scheme": scheme, "staff": PEOPLE, "cells": cells}


def _figures(scheme: Scheme, number: int) -> Cells:
    """The examples, a little more of all for each next person, and relatively less of what is the smaller part."""
    cells: Cells = {}
    for sheet, table in scheme.tables.items():
        smaller = {}
        for check in table.checks:
            tree = parse(check.that)
            if isinstance(tree, Comparison) and isinstance(tree.left, Name) and isinstance(tree.right, Name):
                smaller[tree.left.name] = tree.right.name
        values: dict[str, Decimal] = {}
        for field in table.fields:
            example = field.example if field.example is not None else Decimal(10)
            bounded = field.between is not None and field.type is not FieldType.MONEY
            grown = example if bounded else example * (10 + number - 1) / 10
            less = 100 - 3 * (number - 1) if bounded or field.name in smaller else 100
            value = grown * less / 100
            values[field.name] = _as_typed(value, field.type)
        for name, other in smaller.items():
            values[name] = min(values[name], values[other])
        cells |= {(sheet, staff_id(number), name): value for name, value in values.items()}
    return cells


def _as_typed(value: Decimal, kind: FieldType) -> Decimal:
    decimals = {FieldType.COUNT: 0, FieldType.MONEY: 2, FieldType.DURATION: 1}.get(kind, 1)
    return round(value, decimals) if decimals else Decimal(int(value))


def _marks(scheme: Scheme, number: int) -> Cells:
    """Marks from high to low; what needs a record has one, by the name of the indicator."""
    cells: Cells = {}
    for sheet in submission_form(scheme).sheets:
        if sheet.role is not Role.REVIEW:
            continue
        records = []
        for turn, cell in enumerate(one for one in sheet.columns if one.type is CellType.MARK):
            assert cell.low is not None
            assert cell.high is not None
            mark = cell.high - Decimal(number - 1 + turn % 3) * (cell.high - cell.low) / 12
            if cell.low < 0:
                mark = Decimal(2 if number == 2 else -1 if number == 5 else 0)
            mark = round(mark, cell.decimals) if cell.decimals else Decimal(int(mark))
            cells[sheet.name, staff_id(number), cell.name] = mark
            if cell.ordinary is not None and not cell.ordinary[0] <= mark <= cell.ordinary[1]:
                records.append(f"{cell.name}：11月{turn + 1}日的记录")
        if any(cell.name == EVIDENCE for cell in sheet.columns):
            cells[sheet.name, staff_id(number), EVIDENCE] = "；".join(records) or None
    return cells
