"""Filled sheets as strangers dress them: number formats, runs, merges, styles, formulas, units said anywhere.

    sheet.data()              the workbook, part by part, as Excel would write it
    only(sheet, 0, 4, cell)   the sheet with nothing odd but one cell
    list(simpler(cell))       the same cell with one thing less, to shrink by

tests/builders/dressed_by_lot.py makes them. What a cell says is not known here: that is for who reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from xml.sax.saxutils import escape, quoteattr

from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import SubmissionForm
from appraisal.xlsx.grid import cell_name
from tests.intake.builders import DECLARATION, MAIN, Book, content_types, packed, relation, relationships

TITLE, UNIT_LINE, HEADER_ROW, FIRST_ROW = 1, 3, 5, 7
"""Rows of every dressed sheet: its title, a line that may say a unit, its headers, its first person.

Between headers and people there is room for a row of units."""

COLUMNS = (
    Cell("工号", CellType.IDENTITY, Need.ALWAYS),
    Cell("姓名", CellType.TEXT, Need.ALWAYS),
    Cell("接待人数", CellType.COUNT),
    Cell("下单人数", CellType.COUNT),
    Cell("销售额", CellType.MONEY, unit="元"),
    Cell("退款额", CellType.MONEY, unit="元"),
    Cell("平均响应时间", CellType.DURATION, unit="秒"),
    Cell("最长响应时间", CellType.DURATION, unit="秒"),
    Cell("转化率", CellType.PERCENT),
    Cell("态度", CellType.MARK),
    Cell("出勤天数", CellType.NUMBER, unit="天"),
    Cell("入职日期", CellType.DATE),
    Cell("情况说明", CellType.TEXT),
)
"""One or two of every kind of cell."""

FORM = SubmissionForm("dressed", 1, "考核", (SheetForm("考核数据", Role.DATA, (), COLUMNS),))


@dataclass(frozen=True, slots=True)
class DressedCell:
    """What the file says of one cell; `kind` is the type as the XML has it, `runs` a rich text instead of `stored`."""

    stored: str = ""
    kind: str = "n"
    code: str = "General"
    formula: str = ""
    runs: tuple[tuple[str, str], ...] = ()
    is_struck: bool = False
    has_note: bool = False


@dataclass(frozen=True, slots=True)
class DressedSheet:
    """A sheet with its table; `units` are what the headers' brackets say, `unit_row` the row of units below."""

    columns: tuple[Cell, ...]
    units: tuple[str, ...]
    people: tuple[tuple[DressedCell, ...], ...]
    unit_row: tuple[str, ...] = ()
    unit_line: str = ""
    below: tuple[tuple[DressedCell, ...], ...] = ()
    """Rows of an export that are nobody's."""
    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    row_code: str = ""
    """A format of whole rows and columns, which says nothing of a cell that has its own."""
    from_1904: bool = False
    is_calculated_later: bool = False
    name: str = "考核数据"

    def rows(self) -> Iterator[tuple[int, tuple[DressedCell, ...]]]:
        yield TITLE, (text("月度绩效考核"),)
        if self.unit_line:
            yield UNIT_LINE, (text(self.unit_line),)
        yield HEADER_ROW, tuple(text(one) for one in self.headers())
        if self.unit_row:
            yield HEADER_ROW + 1, tuple(text(one) for one in self.unit_row)
        yield from enumerate((*self.people, *self.below), FIRST_ROW)

    def headers(self) -> Iterator[str]:
        for cell, unit in zip(self.columns, self.units, strict=True):
            yield f"{cell.title}（{unit}）" if unit else cell.title

    def unit_of(self, at: int) -> str:
        """What the sheet says that is nearest to the column's figures, as the writer of the sheet meant it."""
        below = self.unit_row[at] if self.unit_row else ""
        line = self.unit_line.removeprefix("单位：") if self.columns[at].type is CellType.MONEY else ""
        return self.units[at] or below or line

    def data(self) -> bytes:
        return _Writer(self).data()


def text(value: str) -> DressedCell:
    return DressedCell(value, "inlineStr")


def only(sheet: DressedSheet, row: int, at: int, cell: DressedCell) -> DressedSheet:
    """The sheet with one of its people's cells in the place of all that is odd."""
    plain = replace(sheet, merged=(), hidden_rows=(), hidden_columns=(), row_code="", below=())
    people = [tuple(_bare(one) for one in plain.columns) for _ in plain.people]
    people[row] = tuple(cell if column == at else one for column, one in enumerate(people[row]))
    return replace(plain, people=tuple(people))


def _bare(column: Cell) -> DressedCell:
    return text("KF9") if column.type is CellType.IDENTITY else DressedCell()


def simpler(cell: DressedCell) -> Iterator[DressedCell]:
    """The cell with one thing less."""
    if cell.runs:
        yield replace(cell, runs=(), stored="".join(one for one, _ in cell.runs))
    yield from (
        replace(cell, **{name: nothing})  # type: ignore[arg-type]
        for name, nothing in (("formula", ""), ("is_struck", False), ("has_note", False))
        if getattr(cell, name) != nothing
    )
    if cell.kind == "n":
        yield from (replace(cell, stored=one) for one in ("1", "28", "1.5") if len(one) < len(cell.stored))
    sections = cell.code.split(";")
    if len(sections) > 1:
        yield from (replace(cell, code=one) for one in sections if one)
    for piece in ("[Red]", "[Color10]", "_ ", "* ", "#,##", ".00", ".0", "?"):
        if piece in cell.code:
            yield replace(cell, code=cell.code.replace(piece, "", 1))


# ------------------------------------------------------------------------------------- as a file


@dataclass
class _Writer:
    sheet: DressedSheet
    strings: list[str] = field(default_factory=list)
    styles: dict[tuple[str, bool], int] = field(default_factory=lambda: {("General", False): 0})

    def data(self) -> bytes:
        rows = "".join(self._row(number, cells) for number, cells in self.sheet.rows())
        book = Book(
            rows=rows,
            strings=tuple(self.strings),
            sheet_names=(self.sheet.name,),
            before_rows=self._widths(),
            after_rows=self._merges(),
            parts={"xl/styles.xml": self._styles()},
        )
        parts = book.usual_parts() | book.parts
        if self.sheet.from_1904:
            workbook = str(parts["xl/workbook.xml"])
            parts["xl/workbook.xml"] = workbook.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
        if self.sheet.is_calculated_later:
            later = '<calcPr fullCalcOnLoad="1"/></workbook>'
            parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("</workbook>", later)
        parts["[Content_Types].xml"] = content_types(extra="".join(map(_override, _TYPES)))
        return packed({**parts, **self._notes()}.items())

    def _row(self, number: int, cells: Sequence[DressedCell]) -> str:
        inside = "".join(self._cell(cell_name(number, at), one) for at, one in enumerate(cells, 1))
        hidden = _HIDDEN[number in self.sheet.hidden_rows]
        whole = f' s="{self._style(self.sheet.row_code)}" customFormat="1"' if self.sheet.row_code else ""
        return f'<row r="{number}"{hidden}{whole}>{inside}</row>'

    def _cell(self, name: str, cell: DressedCell) -> str:
        if cell.kind == "s" and (cell.stored or cell.runs):
            self.strings.append(_words(cell))
            cell = replace(cell, stored=str(len(self.strings) - 1), runs=())
        return cell_element(name, cell, self._style(cell.code, is_struck=cell.is_struck))

    def _style(self, code: str, *, is_struck: bool = False) -> int:
        return self.styles.setdefault((code, is_struck), len(self.styles))

    def _styles(self) -> str:
        codes = {
            code: 200 + at for at, code in enumerate({code for code, _ in self.styles if code != "General"})
        }
        formats = "".join(
            f'<numFmt numFmtId="{at}" formatCode={quoteattr(code)}/>' for code, at in codes.items()
        )
        font = '<font><sz val="11"/><name val="Calibri"/></font>'
        struck = '<font><strike/><sz val="11"/><name val="Calibri"/></font>'
        used = "".join(
            f'<xf numFmtId="{codes.get(code, 0)}" fontId="{int(is_struck)}" fillId="0" borderId="0" xfId="0"'
            ' applyNumberFormat="1" applyFont="1"/>'
            for code, is_struck in self.styles
        )
        return (
            f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="{len(codes)}">{formats}</numFmts>'
            f'<fonts count="2">{font}{struck}</fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders>'
            f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs>{used}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        )

    def _widths(self) -> str:
        """Wide enough for every figure, or `###` would be all that is seen."""
        whole = f' style="{self._style(self.sheet.row_code)}"' if self.sheet.row_code else ""
        widths = (
            f'<col min="{at}" max="{at}" width="60" customWidth="1"{whole}{_HIDDEN[at in self.sheet.hidden_columns]}/>'
            for at in range(1, len(self.sheet.columns) + 3)
        )
        return f"<cols>{''.join(widths)}</cols>"

    def _merges(self) -> str:
        merged = "".join(f'<mergeCell ref="{one}"/>' for one in self.sheet.merged)
        return f"<mergeCells>{merged}</mergeCells>" if merged else ""

    def _notes(self) -> dict[str, str]:
        noted = [
            cell_name(number, at)
            for number, cells in self.sheet.rows()
            for at, one in enumerate(cells, 1)
            if one.has_note
        ]
        if not noted:
            return {}
        notes = "".join(
            f'<comment ref="{one}" authorId="0"><text><t>请核对 35</t></text></comment>' for one in noted
        )
        return {
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                relation("rId1", "comments", "../comments1.xml")
            ),
            "xl/comments1.xml": f'{DECLARATION}<comments xmlns="{MAIN}"><authors><author>店长</author></authors>'
            f"<commentList>{notes}</commentList></comments>",
        }


def cell_element(name: str, cell: DressedCell, style: int) -> str:
    """The cell as XML; of a shared string `stored` is the index."""
    if not cell.stored and not cell.runs:
        return f'<c r="{name}" s="{style}"/>'
    if cell.kind == "inlineStr":
        return f'<c r="{name}" s="{style}" t="inlineStr"><is>{_words(cell)}</is></c>'
    formula = f"<f>{cell.formula}</f>" if cell.formula else ""
    return f'<c r="{name}" s="{style}" t="{cell.kind}">{formula}<v>{escape(cell.stored)}</v></c>'


def _words(cell: DressedCell) -> str:
    return "".join(map(_run, cell.runs)) or f'<t xml:space="preserve">{escape(cell.stored)}</t>'


_TYPES = {
    "worksheets/sheet1.xml": "worksheet",
    "styles.xml": "styles",
    "sharedStrings.xml": "sharedStrings",
    "comments1.xml": "comments",
}


def _override(part: str) -> str:
    kind = f"application/vnd.openxmlformats-officedocument.spreadsheetml.{_TYPES[part]}+xml"
    return f'<Override PartName="/xl/{part}" ContentType="{kind}"/>'


_HIDDEN = {True: ' hidden="1"', False: ""}


def _run(run: tuple[str, str]) -> str:
    words, font = run
    return f'<r>{font and f"<rPr>{font}</rPr>"}<t xml:space="preserve">{escape(words)}</t></r>'
