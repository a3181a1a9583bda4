"""Bytes of a dropped workbook to a raw grid, or why not.

The sheets are read by our own small expat reader (sheet.py, cell.py), because every library
tried loses something that decides over money: calamine shows errors and uncalculated formulas as
blank, knows no number formats and can abort the process; openpyxl loses cells where `<dimension>` is
wrong or rows are out of order, takes the last of two values without a word, and hangs on a merge over
the whole sheet. Finding all that beforehand takes a look at every cell of the XML, and a look at
every cell is a reader. Measured (openpyxl, calamine): a sheet of 30 x 23 in 3.4 ms (6.0, 0.3), the
six sheets of a form in 7.7 ms (48, 0.9), 20,000 x 23 in 2.5 s (4.0, 0.2).
"""

from __future__ import annotations

<<<<<<< HEAD
=======
import codecs
import csv
import io
from collections.abc import Mapping

from appraisal.errors import Signal
>>>>>>> 07c712b (What a cell says is decided by value, look, format and every unit around it; what differs is asked for)
from appraisal.findings.finding import Finding
from appraisal.xlsx.cell import SharedParts, read_strings
from appraisal.xlsx.grid import RawSheet, RawWorkbook
from appraisal.xlsx.limits import LIMITS, Limits, Refused
from appraisal.xlsx.number_formats import read_formats
from appraisal.xlsx.package import Calculated, Package, inspect
from appraisal.xlsx.recalculation import checked
from appraisal.xlsx.sheet import read_sheet


def read_workbook(data: bytes, *, limits: Limits = LIMITS) -> RawWorkbook | tuple[Finding, ...]:
    """All worksheets of the workbook in these bytes, or the findings that refuse it.

    Never raises for any bytes. Run it in the sandbox all the same: time and memory are bounded there.
    """
    package = inspect(data, limits=limits)
    if not isinstance(package, Package):
        return package
    try:
        return RawWorkbook(_sheets(package, limits))
    except Refused as refusal:
        return (refusal.reason,)


def _sheets(package: Package, limits: Limits) -> tuple[RawSheet, ...]:
    book = SharedParts(
        strings=read_strings(package.strings),
        formats=read_formats(package.styles, limits),
        dates_from_1904=package.dates_from_1904,
        recalculates=package.recalculates,
        limits=limits,
    )
    sheets: list[RawSheet] = []
    formulas: list[Mapping[tuple[int, int], str]] = []
    room = limits.cells
    for part in package.sheets:
<<<<<<< HEAD
        sheets.append(read_sheet(part, book, room=room))
        room -= len(sheets[-1].cells)
    return tuple(sheets)
=======
        sheet, written = read_sheet(part, book, room=room)
        sheets.append(sheet)
        formulas.append(written)
        room -= len(sheet.cells)
    if package.calculated is Calculated.DONE:
        return tuple(sheets)
    return checked(tuple(sheets), tuple(formulas), package.calculated)


_SEPARATORS = "\t;,"


class NotText(Signal):
    """The bytes are no text in UTF-8, UTF-16 or GB18030, or no table."""


def sheet_of_csv(content: bytes, name: str) -> RawSheet:
    """The file as a sheet called `name`. Raises NotText."""
    try:
        text = _decoded(content)
        if "\0" in text:
            raise NotText
        separator = max(_SEPARATORS, key=text[:20_000].count)
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator))
    except (UnicodeDecodeError, csv.Error):
        raise NotText from None
    return RawSheet(
        name,
        {
            (row, column): RawCell(value)
            for row, line in enumerate(lines, 1)
            for column, value in enumerate(line, 1)
            if value.strip()
        },
    )


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, else GB18030, as Chinese Excel and most shop software save.

    UTF-16 with its mark is what Excel's “Unicode 文本” is saved in.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")
>>>>>>> 07c712b (What a cell says is decided by value, look, format and every unit around it; what differs is asked for)
