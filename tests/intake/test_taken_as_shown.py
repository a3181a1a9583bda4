"""The number taken is the one that the sheet shows, or a finding stands at that cell.

What the sheet shows is LibreOffice's word: it writes the sheet out as text, cell by cell as displayed. What a
person reads in such a text is tests/builders/shown_texts.py's. Figures stand in docs/reliability.md.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.findings.finding import Finding
from appraisal.intake.draft import draft_of
from appraisal.intake.exports.rows import read_export
from appraisal.scheme.forms.cells import Cell
from appraisal.xlsx.grid import RawWorkbook, range_bounds
from appraisal.xlsx.reader import read_workbook
from tests.builders.dressed import (
    FIRST_ROW,
    FORM,
    HEADER_ROW,
    DressedCell,
    DressedSheet,
    only,
    simpler,
)
from tests.builders.dressed_by_lot import dressed_export, dressed_form, dressed_text_export
from tests.builders.exports import csv_export
from tests.builders.shown_texts import as_person_reads, is_same_text, shows_day
from tests.builders.submissions import NOVEMBER
from tests.libreoffice import as_shown


@dataclass(frozen=True)
class Taken:
    """What was read of a sheet: values by (person, column), and the places (row, column) of errors."""

    values: Mapping[tuple[int, int], object]
    told: frozenset[tuple[int, int]]
    is_refused: bool = False


def of_form(sheet: DressedSheet) -> Taken:
    raw = read_workbook(sheet.data())
    if not isinstance(raw, RawWorkbook):
        return Taken({}, frozenset(), is_refused=True)
    draft = draft_of(raw, FORM, None)
    table = draft.tables.get(sheet.name)
    values = {}
    for row in table.rows if table else ():
        for at, cell in enumerate(sheet.columns):
            values[row.number - FIRST_ROW, at] = row.values[cell.name]
    return Taken(values, frozenset(_places(draft.findings)), is_refused=table is None)


def of_export(sheet: DressedSheet, folder: Path) -> Taken:
    file = folder / "export.xlsx"
    file.write_bytes(sheet.data())
    return taken_of(file, sheet)


def taken_of(file: Path, sheet: DressedSheet) -> Taken:
    reading = read_export(file, FORM, NOVEMBER)
    names = [cell.name for cell in sheet.columns]
    values = {}
    for row in reading.rows:
        values[row.number - FIRST_ROW, 0] = next(iter(row.who.values()))
        for name, value in row.figures.items():
            values[row.number - FIRST_ROW, names.index(name)] = value
    told = frozenset(_places(reading.findings))
    return Taken(values, told, is_refused=not reading.columns)


def _places(findings: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Where errors stand: a merged area whole; of a header's, the whole column."""
    for one in findings:
        if not one.is_error or one.cell is None:
            continue
        area = next((word for word in re.findall(r"[A-Z]+[0-9]+:[A-Z]+[0-9]+", one.message)), one.cell)
        bounds = range_bounds(area)
        assert bounds is not None
        top, left, bottom, right = bounds
        if top == HEADER_ROW:
            bottom = FIRST_ROW + 9
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


@dataclass(frozen=True)
class Broken:
    """A cell that was taken as something else than it shows."""

    seed: int
    sheet: DressedSheet
    row: int
    at: int
    shown: str
    taken: object

    def __str__(self) -> str:
        cell, column = self.sheet.people[self.row][self.at], self.sheet.columns[self.at]
        unit = self.sheet.unit_of(self.at)
        return f"seed {self.seed} {column.type} under {unit!r}: shows {self.shown!r}, taken {self.taken!r}: {cell}"


def judged(
    sheets: Sequence[tuple[int, DressedSheet]], read: Callable[[DressedSheet], Taken], count: Counter[str]
) -> list[Broken]:
    """Where the law is broken; `count` gets the figures."""
    shown = as_shown([sheet.data() for _, sheet in sheets])
    broken = []
    for (seed, sheet), texts in zip(sheets, shown, strict=True):
        taken = read(sheet)
        count["workbooks"] += 1
        if taken.is_refused:
            count["refused"] += 1
            continue
        for row, cells in enumerate(sheet.people):
            for at in range(len(cells)):
                text = seen_at((FIRST_ROW + row, at + 1), sheet, texts)
                verdict = verdict_on(sheet, row, at, text, taken)
                count[verdict] += 1
                if verdict == "broken":
                    broken.append(Broken(seed, sheet, row, at, text, taken.values.get((row, at), "no row")))
    return broken


def seen_at(place: tuple[int, int], sheet: DressedSheet, texts: Mapping[tuple[int, int], str]) -> str:
    """What is seen at a place: nothing of what a merged area covers, though LibreOffice writes it out.

    An export's account is everybody's over whose rows it is merged.
    """
    for area in sheet.merged:
        bounds = range_bounds(area)
        assert bounds is not None
        top, left, bottom, right = bounds
        if place != (top, left) and top <= place[0] <= bottom and left <= place[1] <= right:
            is_account = sheet.name != "考核数据" and left == place[1] == 1
            return texts.get((top, left), "") if is_account else ""
    return texts.get(place, "")


def verdict_on(sheet: DressedSheet, row: int, at: int, text: str, taken: Taken) -> str:
    place = (FIRST_ROW + row, at + 1)
    column, cell = sheet.columns[at], sheet.people[row][at]
    if text.startswith("#FMT") and cell.kind == "n":
        return "not shown"
    if place in taken.told:
        return "told"
    if (row, at) not in taken.values:
        is_told = any(one[0] == place[0] for one in taken.told)
        return "told" if is_told else "broken" if text else "taken"
    value = taken.values[row, at]
    if value is None:
        return "taken" if not text.strip() or _says_nothing(cell.stored) else "broken"
    if isinstance(value, Decimal):
        seen = as_person_reads(text, column, sheet.unit_of(at))
        if not isinstance(seen, str) and seen is not None and value in seen:
            return "taken"
        if value == 0 and cell.kind == "n" and text.strip() == "-":
            return "taken"  # the nought of accounts
        return "kept" if _only_scaled(cell, value, column, text) else "broken"
    if isinstance(value, date):
        return "taken" if shows_day(text, value) else "broken"
    if cell.kind == "n" and str(value).startswith("1900-01"):
        return "not shown"  # LibreOffice counts days before March 1900 in its own way
    if cell.kind == "n" and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}.*", str(value)):
        return "taken" if shows_day(text, date.fromisoformat(str(value)[:10])) else "broken"
    return "taken" if is_same_text(text, str(value)) else "broken"


def _says_nothing(text: str) -> bool:
    """What an export writes for nothing, of which nothing is taken."""
    return text.strip() in {"", "-", "—", "无", "暂无数据", "N/A"}


def _only_scaled(cell: DressedCell, value: Decimal, column: Cell, text: str) -> bool:
    """86,400 shown as 86.40 by `0.00,` without a unit is a way of showing: kept, see docs/findings.md."""
    is_scaled = re.search(r'[0#?],+(?![0#?])|"\."|\\\.', cell.code) is not None
    return (
        is_scaled
        and cell.kind == "n"
        and abs(Decimal(cell.stored) - value) < Decimal("1e-9")
        and re.search("[万千%]", text) is None
    )


# ------------------------------------------------------------------------------------------ the law

WORKBOOKS, SOAK = 90, int(os.environ.get("SOAK_WORKBOOKS", "3000"))


def broken_of(seeds: Sequence[int], folder: Path, count: Counter[str]) -> list[Broken]:
    """Two forms for each export."""
    forms = [(seed, dressed_form(Random(seed))) for seed in seeds if seed % 3]
    exports = [(seed, dressed_export(Random(seed))) for seed in seeds if not seed % 3]
    return [*judged(forms, of_form, count), *judged(exports, partial(of_export, folder=folder), count)]


@pytest.mark.libreoffice
def test_the_number_taken_is_the_one_that_is_shown(tmp_path: Path) -> None:
    """Of 90 workbooks; the same seeds each time."""
    count: Counter[str] = Counter()
    broken = broken_of(range(WORKBOOKS), tmp_path, count)
    assert not broken, "\n".join(map(str, broken))
    assert count["workbooks"] == WORKBOOKS
    assert count["taken"] > 900
    assert count["told"] > 900


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_the_number_taken_is_the_one_that_is_shown_in_thousands_of_workbooks(tmp_path: Path) -> None:
    """Other seeds than the suite's; prints the figures of docs/reliability.md."""
    count: Counter[str] = Counter()
    broken: list[Broken] = []
    for start in range(WORKBOOKS, WORKBOOKS + SOAK, 300):
        broken += broken_of(range(start, start + 300), tmp_path, count)
    print("\n", dict(count))  # noqa: T201 - the figures are the point
    assert not broken, "\n".join(str(shrunk(one)) for one in broken[:20])


# -------------------------------------------------------------------------------------- to shrink by


def is_broken(one: Broken) -> bool:
    """Whether the cell alone, in its own workbook, is still taken as something else than it shows."""
    read = of_form if one.sheet.name == FORM.main.name else partial(of_export, folder=Path(mkdtemp()))
    again = judged([(one.seed, one.sheet)], read, Counter())
    return any((other.row, other.at) == (one.row, one.at) for other in again)


def shrunk(one: Broken, is_still: Callable[[Broken], bool] = is_broken) -> Broken:
    """The simplest that is still broken: the cell without the rest of its sheet, then with one thing less each."""
    smaller: Iterator[DressedSheet] = iter([])
    while True:
        cell = one.sheet.people[one.row][one.at]
        smaller = (only(one.sheet, one.row, one.at, simple) for simple in (cell, *simpler(cell)))
        found = (replace(one, sheet=sheet) for sheet in smaller if sheet != one.sheet)
        following = next((other for other in found if is_still(other)), None)
        if following is None:
            return one
        one = following


def test_what_is_broken_shrinks_to_the_thing_that_breaks_it() -> None:
    """Here a percent sign in the format, wherever it stands."""
    sheet = dressed_form(Random(1))
    cell = DressedCell("86400.5", "n", '[Red]#,##0.00%;-0.0"元"', "86400.5*1", is_struck=True, has_note=True)
    people = ((*sheet.people[0][:4], cell, *sheet.people[0][5:]), *sheet.people[1:])
    one = Broken(1, replace(sheet, people=people), 0, 4, "", None)
    found = shrunk(one, lambda other: "%" in other.sheet.people[0][4].code)
    assert found.sheet.people[0][4] == DressedCell("1", "n", "0%")
    assert not found.sheet.merged


# ------------------------------------------------------------------------------ exports as text tables


@given(
    st.integers(0, 2**32),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from(",\t;"),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_text_table_is_taken_as_it_is_written(
    tmp_path: Path, seed: int, encoding: str, separator: str
) -> None:
    """What a text shows is the text itself."""
    sheet = dressed_text_export(Random(seed))
    lines = dict(sheet.rows())
    rows = [[one.stored for one in lines.get(number, ())] for number in range(1, max(lines) + 1)]
    taken = taken_of(csv_export(tmp_path / "x.csv", rows, encoding=encoding, separator=separator), sheet)
    for row, cells in enumerate(sheet.people):
        for at, cell in enumerate(cells):
            verdict = verdict_on(sheet, row, at, cell.stored, taken)
            assert verdict in {"taken", "told"}, (sheet.headers(), cell.stored, taken.values.get((row, at)))
