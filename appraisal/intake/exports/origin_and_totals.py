"""What an export says besides people's figures: of what time it is, which software made it and when; which rows are totals or notes.

The time is said in the file's name, the sheet's name, the titles above the header, the headers, and a column of
days. A single day in a name is the day of the download and says nothing of the month.

Totals are check sums. A pivot table shows the account on the first row of its block alone. The rows below are taken
for the same account only where the block's own subtotal says so to the last figure; where it does not, or there is
none, they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from appraisal.findings.finding import Finding, finding
from appraisal.intake.cells import NOTHING_SAID, typed_value
from appraisal.intake.draft import TOTAL
from appraisal.intake.exports.table import SUMMED, WHO, ExportColumn, ExportTable
from appraisal.intake.layout import read_header
from appraisal.intake.values import as_typed, read_day
from appraisal.period import Period
from appraisal.text import key
from appraisal.xlsx.grid import RawCell, RawSheet, cell_name

_MADE = r"(?:导出|下载|生成|制表)(?:时间|日期|于)?"

# ------------------------------------------------------------------------------- of what time it is

_EIGHT_DIGIT_DAY = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_DAY = r"(20\d\d)[-/._年](\d{1,2})[-/._月](\d{1,2})日?"
_CLOCK = r"(?:[ T]*\d{1,2}:\d{2}(?::\d{2})?)?"
_TO = r"(?:至|到|~|～|-|—|–|_)+"
_RANGE = re.compile(rf"{_DAY}{_CLOCK}\s*{_TO}\s*{_DAY}")
_RANGE_IN_A_YEAR = re.compile(
    rf"{_DAY}\s*[至到~～—–-]+\s*(?:(\d{{1,2}})[月.](\d{{1,2}})日?|(\d{{1,2}})日)(?![\d:.-])"
)
_MONTHS = (
    re.compile(r"(?<!\d)(?P<year>20\d\d)年(?P<month>\d{1,2})月(?!\s*\d)"),
    re.compile(r"(?<!\d)(?P<year>20\d\d)[-/._](?P<month>\d{1,2})(?![-/._年月\d])"),
    re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?!\d)"),
)
"""A whole month: 2026年10月, 2026-10, 202610."""
_MONTHS_WITHOUT_YEAR = (
    re.compile(r"(?<![\d年近前后第每满])(?P<month>\d{1,2})月(?!\s*\d|导出|下载|生成|制表)"),
    re.compile(r"(?<![\d.])(?P<month>\d{1,2})\.0?1\s*[-~～至到—–]+\s*(?P=month)\.(?:28|29|30|31)(?!\d)"),
)
"""10月, 10.1-10.31: taken for months in short texts only, not in sentences."""
_SHORT = 40
_MADE_IN = re.compile(rf"{_MADE}[:：]?\s*20\d\d[-/.年]\d{{1,2}}月?")


def wrong_time(table: ExportTable, period: Period) -> Iterator[Finding]:
    """What the sheet's name, titles and headers say of another month, or of a part of it."""
    sheet = table.raw.name
    if not table.is_text:  # else it bears the file's name
        yield from wrong_stretch(None, None, sheet, period)
    for number in (number for number in table.rows if number < table.header_row):
        for column, cell in table.rows[number].items():
            yield from wrong_stretch(sheet, cell_name(number, column), str(cell.value), period)
    for export_column in table.columns:
        yield from wrong_stretch(
            sheet, cell_name(table.header_row, export_column.at), export_column.header.shown, period
        )


def wrong_days(sheet: str, days: Iterable[date], period: Period) -> Iterator[Finding]:
    """Daily rows that begin after the month's first day or end before its last."""
    in_order = sorted(set(days))
    if len(in_order) > 1 and (in_order[0], in_order[-1]) != (period.first_day, period.last_day):
        yield finding(
            "export.part_of_month", sheet=sheet, seen=f"{in_order[0]} 至 {in_order[-1]}", period=period
        )


def wrong_stretch(sheet: str | None, place: str | None, text: str, period: Period) -> Iterator[Finding]:
    """What a text says of its time that is not the month: another one, or only a part of it."""
    seen = text.strip()
    text = _EIGHT_DIGIT_DAY.sub(r"\1-\2-\3", text)
    stretch = _stretch(text)
    months = {(day.year, day.month) for day in stretch} if stretch else _months(text, period.year)
    if months - {(period.year, period.month)}:
        yield finding("export.other_month", sheet=sheet, cell=place, seen=seen, period=period)
    elif stretch and stretch != (period.first_day, period.last_day):
        yield finding("export.part_of_month", sheet=sheet, cell=place, seen=seen, period=period)


_WEEKDAY = re.compile(r"[\s(（]*(?:周|星期)[一二三四五六日天][)）]?\s*$")


def read_time(sheet: str, place: str, raw: RawCell, period: Period) -> tuple[date | None, list[Finding]]:
    """The day that a row is of, None for the whole month; and what is wrong with the time it names.

    `11月1日` and `近30天` are asked about: they are no day for certain, and no month.
    """
    text = _WEEKDAY.sub("", as_typed(raw))
    day = read_day(text if isinstance(raw.value, str) else raw.value)
    if day is not None:
        is_other = Period.of(day) != period
        gaps = {"seen": day, "period": period}
        return day, [finding("export.other_month", sheet=sheet, cell=place, **gaps)] if is_other else []
    found = list(wrong_stretch(sheet, place, text, period))
    plain = _EIGHT_DIGIT_DAY.sub(r"\1-\2-\3", text)
    if re.search(r"\d", text) and not _stretch(plain) and not _months(plain, period.year):
        found.append(finding("export.day_unclear", sheet=sheet, cell=place, seen=text))
    return None, found


def _stretch(text: str) -> tuple[date, date] | None:
    """The first and the last day of `2026-10-01 至 2026-10-31`, `2026年10月1日-31日`."""
    if match := _RANGE.search(text):
        first, second = _day(*match.groups()[:3]), _day(*match.groups()[3:])
    elif match := _RANGE_IN_A_YEAR.search(text):
        year, month, day, last_month, last_day, only_day = match.groups()
        first, second = _day(year, month, day), _day(year, last_month or month, last_day or only_day)
    else:
        return None
    return (min(first, second), max(first, second)) if first and second else None


def _months(text: str, year: int) -> set[tuple[int, int]]:
    """The whole months that a text names; those without a year are of `year`. A single day is none."""
    text = _MADE_IN.sub("", text)
    found = {
        (int(match["year"]), int(match["month"])) for pattern in _MONTHS for match in pattern.finditer(text)
    }
    if len(text) <= _SHORT:
        found |= {
            (year, int(match["month"]))
            for pattern in _MONTHS_WITHOUT_YEAR
            for match in pattern.finditer(text)
        }
    return {(year, month) for year, month in found if 1 <= month <= 12}


def _day(year: str, month: str, day: str) -> date | None:
    return read_day(f"{year}-{month}-{day}")


# ------------------------------------------------------------------------- who made it, and when

_NAMED_BY: Mapping[str, tuple[str, ...]] = {
    "赤兔": ("赤兔",),
    "生意参谋": ("生意参谋",),
    "京东客服管家": ("京东", "京麦", "咚咚", "客服pin"),
    "拼多多商家后台": ("拼多多", "多多客服", "pinduoduo"),
}
"""The software, as the form's 数据来源软件 offers it, by the words that give it away."""

_MADE_ON = re.compile(rf"{_MADE}[:：]?\s*(20\d\d[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?)")


@dataclass(frozen=True, slots=True)
class Origin:
    """None where the export does not say, or says more than one thing."""

    software: str | None = None
    made_on: date | None = None


UNKNOWN = Origin()


def origin_of(file: str, tables: list[ExportTable]) -> Origin:
    """By the file's name, its sheets' names, titles and headers; the day by words like 导出时间."""
    said = key("\n".join([file, *(text for table in tables for text in _texts_around(table))]))
    named = [software for software, words in _NAMED_BY.items() if any(word in said for word in words)]
    days = {day for table in tables for day in _days(table.raw)}
    return Origin(named[0] if len(named) == 1 else None, days.pop() if len(days) == 1 else None)


def _texts_around(table: ExportTable) -> Iterator[str]:
    yield table.raw.name
    for (row, _), cell in table.raw.cells.items():
        if row <= table.header_row and isinstance(cell.value, str):
            yield cell.value


def _days(raw: RawSheet) -> Iterator[date]:
    """`导出时间：2026-12-06 10:21`, in one cell or in two beside each other."""
    for (row, column), cell in raw.cells.items():
        if not isinstance(cell.value, str):
            continue
        beside = raw.cells.get((row, column + 1))
        if match := _MADE_ON.search(cell.value):
            day = read_day(match[1])
        elif beside is not None and re.fullmatch(_MADE, key(cell.value).strip(":")):
            day = read_day(beside.value)
        else:
            continue
        if day is not None:
            yield day


# ------------------------------------------------------------------------------- totals and notes


class RowKind(Enum):
    """What a row is."""

    PERSON = auto()
    GRAND_TOTAL = auto()
    """A sum of all rows: 合计, 总计."""
    SUMMARY = auto()
    """Any other row about several: 同行均值, 小计, `小美 汇总`."""
    NOBODY = auto()
    """Figures, and nobody whose they are."""
    OTHER = auto()


_GRAND_TOTAL = re.compile(
    r"(?:全店|店铺|本店|全组|本组|部门|团队|全部)?(?:合计|总计|共计|汇总|总和)(?:值|数|行)?|grandtotal|total"
)
_IN_ENGLISH = re.compile("(?:grand|sub)?total|sum|average|avg")
_SUM = "合计|总计|共计|小计|汇总|总和|(?:sub)?total|sum"
_SUMMARY_OF = re.compile(rf"(.+?)[-_:]*(?:{_SUM}|平均|平均值|均值|计数|average|count)")
_SUM_OF = re.compile(rf"(.*?)[-_:]*(?:{_SUM})")


def row_kinds(table: ExportTable) -> Mapping[int, RowKind]:
    """The kind of each row below the header, by number."""
    below = {
        number: cells
        for number, cells in table.rows.items()
        if number > table.header_row and number != table.unit_row
    }
    named = {key(text) for cells in below.values() for text in _leads(cells, table)}
    return {number: _kind(cells, table, named) for number, cells in below.items()}


def who_in(cells: Mapping[int, RawCell], table: ExportTable) -> dict[str, str]:
    """What a row says of the person: account, name, id."""
    said = {
        kind: as_typed(cells[column]).strip()
        for kind in WHO
        if (column := table.keys.get(kind)) in cells and column
    }
    return {kind: text for kind, text in said.items() if text and key(text) not in NOTHING_SAID}


def _kind(cells: Mapping[int, RawCell], table: ExportTable, named: set[str]) -> RowKind:
    leads = _leads_or_all(cells, table)
    words = [read_header(lead).word for lead in leads]
    if any(_GRAND_TOTAL.fullmatch(word) for word in words):
        return RowKind.GRAND_TOTAL
    if any(TOTAL.fullmatch(word) or _IN_ENGLISH.fullmatch(word) for word in words):
        return RowKind.SUMMARY
    if any((match := _SUMMARY_OF.fullmatch(key(lead))) and match[1] in named for lead in leads):
        return RowKind.SUMMARY
    if _is_header_again(cells, table):
        return RowKind.OTHER
    if who_in(cells, table):
        return RowKind.PERSON
    has_figure = any(_figure(cells.get(column.at), column) is not None for column in table.columns)
    return RowKind.NOBODY if has_figure else RowKind.OTHER


def _leads(cells: Mapping[int, RawCell], table: ExportTable) -> Iterator[str]:
    """The texts in the columns that say who and when."""
    return (as_typed(cells[column]) for column in table.keys.values() if column in cells)


def _leads_or_all(cells: Mapping[int, RawCell], table: ExportTable) -> list[str]:
    """The same; of a row that names nobody all its texts, for its word may stand in any column."""
    others = cells.values() if not who_in(cells, table) else ()
    return [*_leads(cells, table), *(cell.value for cell in others if isinstance(cell.value, str))]


def _summed_up(cells: Mapping[int, RawCell], table: ExportTable) -> str | None:
    """Of a row about several: whom or what it sums up (a `key`), empty where it does not say; None for an average."""
    leads = _leads_or_all(cells, table)
    return next((match[1] for lead in leads if (match := _SUM_OF.fullmatch(key(lead)))), None)


def _is_header_again(cells: Mapping[int, RawCell], table: ExportTable) -> bool:
    """Printed once more at the top of a page."""
    shown = [(column.shown, as_typed(cells[column.at])) for column in table.header if column.at in cells]
    return bool(shown) and all(key(header) == key(text) for header, text in shown)


@dataclass(frozen=True, slots=True)
class CheckSum:
    """A row of the export that sums up others: its number, what it calls itself, and the rows it is about."""

    number: int
    called: str
    rows: tuple[int, ...]


def check_sums(table: ExportTable, kinds: Mapping[int, RowKind]) -> Iterator[CheckSum]:
    """Each 合计 and 小计 with its rows: all, those of the name before the word, or those since the last of them."""
    people = [number for number, kind in kinds.items() if kind is RowKind.PERSON]
    named = {number: {key(lead) for lead in _leads(table.rows[number], table)} for number in people}
    block: list[int] = []
    about: dict[str, list[int]] = {}
    for number, kind in kinds.items():
        if kind is RowKind.PERSON:
            block.append(number)
        elif kind is RowKind.GRAND_TOTAL:
            yield CheckSum(number, "合计", tuple(people))
        elif kind is RowKind.SUMMARY:
            name = _summed_up(table.rows[number], table)
            if name:
                about.setdefault(name, []).append(number)
            elif name is not None and block:
                yield CheckSum(number, "小计", tuple(block))
            block = []
    for name, numbers in about.items():
        rows = tuple(number for number in people if name in named[number])
        if len(numbers) == 1 and rows:
            yield CheckSum(numbers[0], "小计", rows)


def sum_differences(
    table: ExportTable, checked: CheckSum, columns: Sequence[ExportColumn]
) -> Iterator[tuple[ExportColumn, Decimal, Decimal]]:
    """The columns in which the rows do not add up to what the export says: the sum, and what is said."""
    for column in _summable(columns):
        total = _figure(table.rows[checked.number].get(column.at), column)
        added = _sum(table, checked.rows, column)
        if total is not None and added != total:
            yield column, added, total


def carried_down(table: ExportTable) -> tuple[ExportTable, tuple[int, ...]]:
    """The table with whom it means on rows that name nobody, where a subtotal proves it; and those rows."""
    kinds = row_kinds(table)
    filled: dict[int, Mapping[int, RawCell]] = {}
    block: list[int] = []
    for number, kind in kinds.items():
        if kind is RowKind.PERSON:
            block = [number]
        elif kind is RowKind.NOBODY and block:
            block.append(number)
        else:
            if kind is RowKind.SUMMARY and len(block) > 1 and _proves(table, number, block):
                first = table.rows[block[0]]
                who = {
                    column: first[column]
                    for kind, column in table.keys.items()
                    if kind in WHO and column in first
                }
                filled |= {row: {**who, **table.rows[row]} for row in block[1:]}
            block = []
    return replace(table, rows={**table.rows, **filled}) if filled else table, tuple(filled)


def _proves(table: ExportTable, number: int, block: Sequence[int]) -> bool:
    """Whether the row sums up the block by the name on its first row, in all its figures."""
    name = _summed_up(table.rows[number], table)
    first = {key(lead) for lead in _leads(table.rows[block[0]], table)}
    checked = CheckSum(number, "小计", tuple(block))
    said = [column for column in _summable(table.columns) if column.at in table.rows[number]]
    return name in first and bool(said) and not any(sum_differences(table, checked, said))


def _summable(columns: Sequence[ExportColumn]) -> Iterator[ExportColumn]:
    return (column for column in columns if column.cell.type in SUMMED)


def _sum(table: ExportTable, rows: Sequence[int], column: ExportColumn) -> Decimal:
    figures = (_figure(table.rows[number].get(column.at), column) for number in rows)
    return sum((figure for figure in figures if figure is not None), Decimal(0))


def _figure(raw: RawCell | None, column: ExportColumn) -> Decimal | None:
    value = None if raw is None else typed_value(raw, column.cell, column.factor)
    return value if isinstance(value, Decimal) else None
