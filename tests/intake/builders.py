"""Small workbooks made part by part, so that a test can break exactly one thing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.findings.finding import Finding
from appraisal.intake.units import column_factor, said_unit
from appraisal.scheme.forms.cells import Cell
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs>'
    + "".join(f'<xf numFmtId="{code}"/>' for code in (0, 10, 14, 22, 20, 46, 176, 31))
    + "</cellXfs></styleSheet>"
)
"""Cell styles by index: General, percent, date, date and time, time, duration, Chinese month, Chinese date."""
PERCENT, DATE, MOMENT, TIME, DURATION, MONTH, CHINESE_DATE = range(1, 8)


@dataclass
class Book:
    """A valid package of one sheet; every field may be replaced before `data()` packs it."""

    rows: str = '<row r="1"><c r="A1"><v>95</v></c></row>'
    strings: tuple[str, ...] = ()
    after_rows: str = ""
    before_rows: str = ""
    sheet_names: tuple[str, ...] = ("考核数据",)
    workbook_extra: str = ""
    parts: dict[str, bytes | str] = field(default_factory=dict)
    """Parts added or put in the place of the usual ones."""
    without: tuple[str, ...] = ()
    relations: str = ""
    """More relationships of the workbook part."""

    def usual_parts(self) -> dict[str, bytes | str]:
        sheets = range(1, len(self.sheet_names) + 1)
        tabs = "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(sheets, self.sheet_names, strict=True)
        )
        relations = "".join(relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in sheets)
        return {
            "[Content_Types].xml": content_types(),
            "_rels/.rels": relationships(relation("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": (
                f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
                f"<sheets>{tabs}</sheets>{self.workbook_extra}</workbook>"
            ),
            "xl/_rels/workbook.xml.rels": relationships(
                relations
                + relation("rId90", "sharedStrings", "sharedStrings.xml")
                + relation("rId91", "styles", "styles.xml")
                + self.relations
            ),
            "xl/sharedStrings.xml": (
                f'{DECLARATION}<sst xmlns="{MAIN}">'
                + "".join(f"<si>{one}</si>" for one in self.strings)
                + "</sst>"
            ),
            "xl/styles.xml": STYLES,
            **{f"xl/worksheets/sheet{n}.xml": self.sheet() for n in sheets},
        }

    def sheet(self) -> str:
        return (
            f'{DECLARATION}<worksheet xmlns="{MAIN}">{self.before_rows}'
            f"<sheetData>{self.rows}</sheetData>{self.after_rows}</worksheet>"
        )

    def data(self) -> bytes:
        parts = {**self.usual_parts(), **self.parts}
        return packed((name, part) for name, part in parts.items() if name not in self.without)


def content_types(
    main: str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", extra: str = ""
) -> str:
    return (
        f'{DECLARATION}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/>{extra}</Types>'
    )


def relationships(inside: str) -> str:
    return f'{DECLARATION}<Relationships xmlns="{PACKAGE}/relationships">{inside}</Relationships>'


def relation(identity: str, kind: str, target: str, *, external: bool = False, base: str = OFFICE) -> str:
    mode = ' TargetMode="External"' if external else ""
    return f'<Relationship Id="{identity}" Type="{base}/{kind}" Target="{target}"{mode}/>'


def packed(parts: Iterable[tuple[str, bytes | str]], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of the parts in this order; the same name may come twice."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as package:
        for name, part in parts:
            info = zipfile.ZipInfo(name)
            info.filename = info.orig_filename = name
            info.compress_type = method
            if name in package.NameToInfo:
                del package.NameToInfo[name]  # or it would warn
            package.writestr(info, part)
    return target.getvalue()


def row(number: int, *cells: str, **attributes: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


def cell(
    name: str, value: str | None = None, *, kind: str = "", style: int | str = "", formula: str = ""
) -> str:
    """A cell element; `formula` as the whole `f` element."""
    attributes = f' r="{name}"' + (f' t="{kind}"' if kind else "") + (f' s="{style}"' if style != "" else "")
    return f"<c{attributes}>{formula}{'' if value is None else f'<v>{value}</v>'}</c>"


def codes(found: RawWorkbook | object) -> list[str]:
    """The codes of the findings; a workbook that was read fails the test with what it held."""
    assert isinstance(found, tuple), found
    assert all(isinstance(one, Finding) for one in found)
    return [one.code for one in found]


def only_sheet(found: RawWorkbook | tuple[Finding, ...]) -> RawSheet:
    assert isinstance(found, RawWorkbook), found
    (sheet,) = found.sheets
    return sheet


def values(sheet: RawSheet) -> Mapping[tuple[int, int], object]:
    return {position: one.value for position, one in sheet.cells.items()}


def at(sheet: RawSheet, row_number: int, column: int) -> RawCell:
    return sheet.cells[row_number, column]


def header_factor(cell: Cell, unit: str | None) -> Decimal | None:
    """What plain numbers under a header with this in its brackets are multiplied by."""
    return column_factor(cell, said_unit((unit,) if unit else (), cell).factor)
