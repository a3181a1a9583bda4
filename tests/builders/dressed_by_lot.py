"""Dressed sheets by lot: what stands in them and how it looks follows from the seed alone.

    sheet = dressed_form(Random(7))          one data sheet of a form, three people
    sheet = dressed_export(Random(7))        an export: titles, a total row, units in the header
    sheet = dressed_text_export(Random(7))   the same in texts alone

Formats that LibreOffice reads otherwise than Excel are left out: E+00, fractions and % beside a currency or
in a format of several sections, `%%`, 上午/下午.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.xlsx.grid import cell_name
from tests.builders.dressed import COLUMNS, FIRST_ROW, HEADER_ROW, DressedCell, DressedSheet, text

_NUMBERS = {
    CellType.COUNT: ("0", "1", "7", "95", "1200", "12345", "0.12", "-3", "86400", "95.5"),
    CellType.MONEY: ("0", "8.64", "86400", "86400.5", "1234567.891", "-120", "0.05", "259400", "0.30000000000000004"),
    CellType.DURATION: ("0", "28", "28.5", "1.5", "230", "0.000324074074074074", "0.0625", "1.00032407407407", "4320"),
    CellType.PERCENT: ("0", "0.453", "45.3", "1", "0.05", "98", "-0.02"),
    CellType.MARK: ("0", "5", "4.5", "10", "95", "0.5"),
    CellType.NUMBER: ("0", "22", "21.5", "0.5", "1.5"),
    CellType.IDENTITY: ("1", "12", "1001", "7654321", "1.5"),
    CellType.TEXT: ("1", "12.5", "86400"),
    CellType.DATE: ("45992", "45992.5", "46000", "1", "20251205"),
}  # fmt: skip
_BEFORE = ("", "", "", "", '"¥"', "[$¥-804]", "[$￥-804]", "¥", "[$$-409]", "[$€-2]\\ ", '"约"', '"共 "', "_ * ", '"KF"', '"-"', "\\+", "KF", "_-", "$", "[$RMB]\\ ", '"≥"')  # fmt: skip
_DIGITS = ("General", "0", "0", "0.0", "0.00", "0.00", "#,##0", "#,##0.00", "#,##0.##", "#", "#,###", "000", "0000.0",
           "0\\.0", '0"."0', '0"."0000', "0.???", "#.##", "00-000", '0"分"00"秒"',
           '0":"00', '0"万"0000', "0.0000", "?", "#0.0#", "0 000", "0\"'\"000")  # fmt: skip
_ODD = ("# ?/?", "# ??/??", "# ?/2", "0.00E+00", "##0.0E+0")
_SCALE = ("", "", "", "", "", "", ",", ",,", "%", " %")
_AFTER = ("", "", "", "", '"元"', '"万元"', '"万"', '"千元"', '"人"', '"人次"', '"秒"', '"分钟"', "\\分", '"分"', "\\s", '"h"',
          '"%"', '" %"', "_)", '"次"', '"个月"', " ", '"美元"', '"天"', '"毫秒"', '"小时"', '"K"', '"w"', '"百万"', '"+"', '"↑"',
          '"-"', "_ ", '" (约)"')  # fmt: skip
_CLOCKS = ("h:mm:ss", "[h]:mm:ss", "mm:ss", "[mm]:ss", "[ss]", "h:mm", "mm:ss.0", "h:mm:ss AM/PM", 'h"时"mm"分"ss"秒"',
           'm"分"s"秒"', "hh:mm:ss", '[m]"分"ss"秒"', "[s]", "yyyy/m/d h:mm:ss", "s", '[h]"小时"', "h:mm;@", "[$-F400]h:mm:ss AM/PM",
           "d h:mm:ss")  # fmt: skip
_DAYS = ("yyyy/m/d", "yyyy-mm-dd", 'yyyy"年"m"月"d"日"', 'm"月"d"日"', "m/d/yy", "d-mmm-yy", 'yyyy"年"m"月"', "yy.mm.dd",
         "yyyy/m/d h:mm", "[$-804]yyyy/m/d;@", "mm-dd", "yyyymmdd", "d", "[$-F800]dddd, mmmm dd, yyyy", "mmm-yy")  # fmt: skip
_TEXTS = ("{n}", " {n} ", "'{n}", "{n}元", "{n}万", "{n}万元", "￥{n}", "¥ {n}", "{n}人", "{n}人次", "{n}秒", "{n} 秒", "{n}s",
          "{n}分钟", "{n}%", "{n}％", "约{n}", "{n}+", ">{n}", "{n}以上", "({n})", "-{n}", "+{n}", "{n}.", "RMB{n}", "{n}K", "{n}w",
          "{n}千", "{n}天", "{n}分", "{n}次/天", "{n}(估)", "{n}\n", "{n}、{n}", "{n}-{n}", "{n}/2", "{n}*2", "＝{n}", "0x{n}", "{n}e3",
          "{n}²", "№{n}", "{n}\u200b", "{n}\xa0", "{n}，000", "{n},000", "{n}.000,5", "{n} 000", "{n}'000", "{n}·5", "O{n}", "{n}$")  # fmt: skip
_WORDS = ("-", "—", "无", "暂无数据", "统计中", "N/A", "一千二百", "２８", "１，２００", "１２００．５", "2分30秒", "1小时2分3秒", "2'30\"", "0:00:28",
          "00:28", "1:2:3", "2：30", "1,2,3", "12,34", "1.2.3", "25:61:00", "½", "①", "十二", "二十八秒", "1 1/2", "#N/A", "TRUE",
          "5%~6%", "28 秒", "28秒 ", "1.2万人", "1千2百", "3千", "1,234,567.80元", "−120", "–120", "(120)", "0012", "1_200", "1e3",
          "１．５", "1.5．", "٣", "VIII", "  ", "'", "　28", "45.3 %", "45．3％", "半", "0.453", "100％", "8.64 万 元", "8万6千4百",
          "8万6400元", "1200(含售后1100)", "85 ↑", "共1200")  # fmt: skip
_UNITS = {
    CellType.COUNT: ("", "", "人", "人次", "万人", "单位：人"),
    CellType.MONEY: ("", "元", "元", "万元", "千元", "单位：万元", "万元，含运费", "百万元"),
    CellType.DURATION: ("", "秒", "秒", "分钟", "单位：分钟", "s", "小时", "分钟/次"),
    CellType.PERCENT: ("", "%", "%"),
    CellType.MARK: ("", "分"),
    CellType.NUMBER: ("", "天"),
}
_RUN_FONTS = (
    "",
    "",
    "<b/>",
    '<color rgb="FFFF0000"/>',
    "<strike/>",
    '<vertAlign val="superscript"/>',
    '<sz val="6"/>',
)


def dressed_form(random: Random) -> DressedSheet:
    """A data sheet of `FORM`, filled by three people."""
    return _dressed(random, COLUMNS)


EXPORTED = tuple(
    one
    for one in COLUMNS
    if one.type in {CellType.COUNT, CellType.MONEY, CellType.DURATION, CellType.PERCENT}
)


def dressed_export(random: Random) -> DressedSheet:
    """An export of the same figures: the account first, a total row below."""
    sheet = _dressed(random, (COLUMNS[0], *EXPORTED), plain_ids=True)
    total = (text("合计"), *(DressedCell("9") for _ in EXPORTED))
    return replace(sheet, below=(total,) if random.random() < 0.5 else (), name="Sheet1")


def dressed_text_export(random: Random) -> DressedSheet:
    """The same as texts alone, such as a text table holds."""
    sheet = dressed_export(random)
    people = tuple((row[0], *(_in_words(random, one) for one in sheet.columns[1:])) for row in sheet.people)
    return replace(sheet, people=people, merged=(), hidden_rows=(), hidden_columns=())


def _in_words(random: Random, column: Cell) -> DressedCell:
    if random.random() < 0.3:
        return text(random.choice(_WORDS))
    words = "{n}" if random.random() < 0.4 else random.choice(_TEXTS)
    return text(words.format(n=random.choice(_NUMBERS[column.type])))


def _dressed(random: Random, columns: tuple[Cell, ...], *, plain_ids: bool = False) -> DressedSheet:
    people = [[cell_by_lot(random, one) for one in columns] for _ in range(3)]
    if plain_ids:
        for number, row in enumerate(people, 1):
            row[0] = text(f"KF00{number}")
    units = tuple(random.choice(_UNITS.get(one.type, ("",))) for one in columns)
    unit_row: tuple[str, ...] = ()
    if random.random() < 0.1:
        unit_row = tuple(_UNITS[one.type][1] if one.type in _UNITS else "" for one in columns)
        units = tuple("" for _ in units)
    return DressedSheet(
        columns=columns,
        units=units,
        people=tuple(tuple(row) for row in people),
        unit_row=unit_row,
        unit_line=random.choice(("单位：万元", "单位：元")) if random.random() < 0.08 else "",
        merged=tuple(_merges(random, len(columns))) if random.random() < 0.3 else (),
        hidden_rows=(FIRST_ROW + 1,) if random.random() < 0.1 else (),
        hidden_columns=(random.randint(3, 7),) if random.random() < 0.1 else (),
        row_code=random.choice(('0.0"万元"', "0%", ";;;")) if random.random() < 0.1 else "",
        from_1904=random.random() < 0.05,
        is_calculated_later=random.random() < 0.05,
    )


def _merges(random: Random, width: int) -> Iterator[str]:
    """One area, which may reach into headers, totals and columns that are nobody's."""
    top, left = random.randint(HEADER_ROW + 1, FIRST_ROW + 3), random.randint(1, width + 1)
    bottom, right = top + random.choice((0, 0, 1)), left + random.choice((0, 0, 1))
    if (top, left) != (bottom, right):
        yield f"{cell_name(top, left)}:{cell_name(bottom, right)}"


def cell_by_lot(random: Random, column: Cell) -> DressedCell:
    """What may stand in a cell of the column; now and then nothing."""
    if random.random() < 0.04:
        return DressedCell()
    cell = _plain_cell(random, column)
    if random.random() < 0.06 and cell.kind in {"inlineStr", "s"} and len(cell.stored) > 1:
        at = random.randint(1, len(cell.stored) - 1)
        parts = (cell.stored[:at], cell.stored[at:])
        cell = replace(cell, code="General", runs=tuple((one, random.choice(_RUN_FONTS)) for one in parts))
    return replace(cell, is_struck=random.random() < 0.03, has_note=random.random() < 0.05)


def _plain_cell(random: Random, column: Cell) -> DressedCell:
    draw, kind = random.random(), random.choice(("inlineStr", "s"))
    number = random.choice(_NUMBERS[column.type])
    if column.type is CellType.TEXT and draw < 0.5:
        return DressedCell(
            random.choice(("张三", "张 三", "欧阳　雪", "Li Na", "王五")), kind, _code(random, column)
        )
    if column.type is CellType.IDENTITY and draw < 0.3:
        return DressedCell(
            random.choice(("KF001", "kf 002", "ＫＦ００３", "007", "1")), kind, _code(random, column)
        )
    if draw < 0.12 and column.type.is_number:
        return DressedCell(random.choice(_WORDS), kind, _code(random, column))
    if draw < 0.27:
        return DressedCell(random.choice(_TEXTS).format(n=number), kind, _code(random, column))
    if draw < 0.3:
        return DressedCell("1", "b", _code(random, column))
    if draw < 0.33:
        return DressedCell("#N/A", "e", _code(random, column))
    if draw < 0.4:
        return DressedCell(
            number,
            "n",
            _code(random, column),
            formula=random.choice((number, f"{number}*1", f"SUM({number})")),
        )
    return DressedCell(number, "n", _code(random, column))


def _code(random: Random, column: Cell) -> str:
    draw = random.random()
    if draw < 0.02:
        return random.choice(_ODD)
    if draw < 0.2:
        return random.choice(("General", "@", "0", "0.00", "#,##0.00"))
    if draw < (0.45 if column.type is CellType.DURATION else 0.27):
        return random.choice(_CLOCKS if column.type is not CellType.TEXT else _CLOCKS[:3])
    if draw < (0.9 if column.type is CellType.DATE else 0.3):
        return random.choice(_DAYS)
    section, other = _section(random), _section(random)
    if draw < 0.7:
        return random.choice(("", "", "", "[Red]", "[Color10]")) + section
    return random.choice(_SECTIONED).format(a=section, b=other)


_SECTIONED = ("{a};-{a}", "{a};[Red]-{a}", "{a};[Red]{a}", "{a};({a})", '{a};-{a};"-"', "{a};-{a};", "{a};;", "{a};", ";;;",
              '{a};-{a};0;@"分钟"', "[>=10000]{b};{a}", "[<60]{a};{b}", '[=0]"无";{a}', '[>=1]{a};"不足1"', '{a};"负"{a}',
              '{a};{a};"无"', '[>100]{a};[<0]"-";{b}', '{a};-{a};{a};""', '"KF"@', '@"元"', ';;;"有"', "[Red][<60]{a};[Green]{a}",
              '{a};"▼"{a}', "{a};{a}-", '{a};"-"{a};"零"')  # fmt: skip


def _section(random: Random) -> str:
    before, digits, scale, after = (random.choice(one) for one in (_BEFORE, _DIGITS, _SCALE, _AFTER))
    scale = "" if digits == "General" or ("%" in scale and before.startswith("[$")) else scale
    return f"{before}{digits}{scale}{after}"
