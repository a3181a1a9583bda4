"""What a number says under its cell's format and text style: taken as it is seen, or asked for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest

from appraisal.intake.cells import typed_value
from appraisal.intake.submission import Fault
from appraisal.intake.values import as_typed
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.xlsx.grid import CellProblem, RawCell, TextStyle
from tests.intake.builders import header_factor
from tests.intake.test_cells_numbers import COUNT, DAYS, DURATION, MARK, MONEY, PERCENT

IDENTITY = Cell("工号", CellType.IDENTITY, Need.ALWAYS)
NAME = Cell("姓名", CellType.TEXT, Need.ALWAYS)
WORDS = Cell("评语", CellType.TEXT)
IN_TEN_THOUSANDS = Cell("销售额", CellType.MONEY, unit="万元")


def said(value: object, number_format: str, cell: Cell, header: str | None = None):
    return typed_value(RawCell(value, number_format), cell, header_factor(cell, header))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stored", "number_format", "cell", "expected"),
    [
        (1.5, '0.0"分钟"', DURATION, "90"),
        (2, r"0\分", DURATION, "120"),
        (28, "0.0!s", DURATION, "28"),
        (1.2, '0.0"小时"', DURATION, "4320"),
        (800, '0"毫秒"', DURATION, "0.8"),
        (28, 'General"秒"', DURATION, "28"),
        (28, 'G/通用格式"秒"', DURATION, "28"),
        (230, '0"分"00"秒"', DURATION, "150"),
        (8.64, '0.00"万元"', MONEY, "86400"),
        (8.64, "0.00万", MONEY, "86400"),
        (86.4, '0.0"千元"', MONEY, "86400"),
        (86400, '#,##0.00"元"', MONEY, "86400"),
        (86400, '"¥"#,##0.00', MONEY, "86400"),
        (86400, "[$¥-804]#,##0.00", MONEY, "86400"),
        (86400, "[$￥-804]#,##0.00;[Red][$￥-804]-#,##0.00", MONEY, "86400"),
        (-120, "#,##0.00_);[Red]\\(#,##0.00\\)", MONEY, "-120"),
        (-120, "#,##0;-#,##0", MONEY, "-120"),
        (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', MONEY, "0"),
        (1200, '#,##0"人"', COUNT, "1200"),
        (0.12, '0.00"万人次"', COUNT, "1200"),
        (0.453, '0.0" %"', PERCENT, "0.00453"),
        (5, '0"分"', MARK, "5"),
        ("1.5", '@"分钟"', DURATION, "90"),
    ],
)  # fmt: skip
def test_a_unit_printed_by_the_format_counts_like_one_typed(stored, number_format, cell, expected):
    """People see 1.5分钟 and mean it."""
    assert said(stored, number_format, cell) == Decimal(expected)


@pytest.mark.parametrize(
    "number_format",
    [
        '0"."0,"万元"',
        "0!.0,",
        r"0\.0,",
        "0.00,",
        '0.00,"千元"',
        '[>=10000]0!.0,"万";0',
        '0!.0000"万"',
        "0.00,,",
    ],
)
def test_a_format_that_scales_is_only_a_way_of_showing(number_format):
    """86,400 shown as 8.6万元, or as 8.6 under a header in 元, is 86,400 元."""
    assert said(86400, number_format, MONEY, "元") == 86400


def test_a_scaled_number_under_a_header_in_the_same_unit_is_taken_once():
    """8.6 is seen under 万元, 86,400 is stored."""
    assert said(86400, "0!.0,", MONEY, "万元") == 86400
    assert said(86400, "0!.0,", IN_TEN_THOUSANDS, "万元") == Decimal("8.64")


@pytest.mark.parametrize(
    ("stored", "number_format", "cell", "header"),
    [
        (86400, '0.00,"万元"', MONEY, None),  # shows 86.40万元
        (86400, "0.00,", MONEY, "万元"),
        (95, ";;;", COUNT, None),
        (0, "#,###", COUNT, None),
        (0, "0;-0;", COUNT, None),
        (-120, "0.00;[Red]0.00", MONEY, None),
        (timedelta(hours=1, minutes=2, seconds=3), "mm:ss", DURATION, None),
        (time(1, 2, 3), "mm:ss", DURATION, None),
        (datetime.fromisoformat("1900-01-01T00:00:28"), "h:mm:ss", DURATION, None),
        ("95", ";;;", COUNT, None),
        (0.4, "#", COUNT, None),
        (0, '"-"# %', MARK, None),  # shows - %
        (230, '0"分"00"秒",', DURATION, None),  # shows 2分30秒, here and 0分00秒 there
        (0.453, "#,###", MONEY, None),
        (0.12, '#"万"', COUNT, None),  # shows 万 and no figure
        (8640000, "0!.00", MONEY, None),  # shows 86400.00: fen as yuan?
        (8640000, r"0\.00", MONEY, "元"),
        (-120, '[>=10000]0.0,"千元";0"元"', MONEY, None),  # shows 120元
        (time(0, 0, 28), "[s]", DURATION, "分钟"),  # shows 28
        (timedelta(seconds=28), "[ss]", DURATION, "小时"),
    ],
)  # fmt: skip
def test_a_cell_that_shows_something_else_than_it_holds_is_asked_for(stored, number_format, cell, header):
    """Nobody can say which of the two is meant."""
    value = said(stored, number_format, cell, header)
    assert isinstance(value, Fault)
    assert value.code == "cell.shown_otherwise"


def test_nobody_is_told_of_a_day_in_1900():
    """Over 24 hours under `h:mm:ss`: what is seen is 0:00:28."""
    value = said(datetime.fromisoformat("1900-01-01T00:00:28"), "h:mm:ss", DURATION)
    assert isinstance(value, Fault)
    told = value.at("考核数据", "I9").message
    assert "0:00:28" in told
    assert "1900" not in told


@pytest.mark.parametrize(
    ("stored", "number_format", "cell", "seen"),
    [
        (0.05, "0%", MONEY, "5%"),
        (0.5, "0%", MARK, "50%"),
        (0.05, "0.00%", COUNT, "5%"),
        (86400, "[$$-409]#,##0.00", MONEY, "$86400"),
        (86400, '"US$"#,##0', MONEY, "US$86400"),
        (86400, "[$€-2] #,##0", MONEY, "€ 86400"),
        (86400, "[$HK$-C04]#,##0.00", MONEY, "HK$86400"),
        (86400, "[$¥-411]#,##0", MONEY, "日元¥86400"),
        (1200, '"¥"#,##0', COUNT, "¥1200"),
        (95, '"约"0', COUNT, "约95"),
        (3, '0"个月"', MONEY, "3个月"),
        (230, '0":"00', DURATION, "2:30"),
        (123456, '0"万"0000', COUNT, "12万3456"),
        (95, '"-"0', COUNT, "-95"),
        (95, '0"+"', COUNT, "95+"),
        (86400, '#,##0"元以上"', MONEY, "86400元以上"),
        (5, '0"次"', DAYS, "5次"),
        ("5次", "General", DAYS, "5次"),
        (time(0, 0, 28), "h:mm:ss AM/PM", DURATION, "上午12:00:28"),
        (time(13, 0, 28), "上午/下午h:mm:ss", DURATION, "下午1:00:28"),
    ],
)
def test_what_would_be_asked_for_if_it_were_typed_is_asked_for(stored, number_format, cell, seen):
    """A percent in a money column, another currency, a word: told as it is seen."""
    value = said(stored, number_format, cell)
    assert isinstance(value, Fault)
    assert (value.code, value.gaps["seen"]) == ("cell.not_a_number", seen)


@pytest.mark.parametrize(
    ("stored", "number_format", "expected"),
    [
        (1, '"KF"000', "KF001"),
        (12, "KF000", "KF012"),
        (1, "000", "001"),
        (7, 'General"号"', "7号"),
        (7654321, "000-0000", "765-4321"),
        (1001, "#,##0", "1001"),
        ("001", '"KF"@', "KF001"),
        (1, "General", "1"),
        (1, "@", "1"),
        (12, r"\+General\号", "+12号"),
    ],
)
def test_an_id_is_what_people_see(stored, number_format, expected):
    """The number behind it is nobody's."""
    raw = RawCell(stored, number_format)
    assert typed_value(raw, IDENTITY) == expected
    assert as_typed(raw) == expected


@pytest.mark.parametrize(
    ("stored", "number_format"),
    [(1, "0%"), (1, "0.00,"), (1, ";;;"), (1, "# ?/?"), (1.5, '"KF"0'), (1.5, '"KF"0.0'), (1001, "0.00E+00")],
)
def test_an_id_under_a_format_for_amounts_is_asked_for(stored, number_format):
    """100% is nobody, and 1.5 shown as KF2 neither."""
    value = typed_value(RawCell(stored, number_format), IDENTITY)
    assert isinstance(value, Fault)


@pytest.mark.parametrize(
    ("stored", "number_format", "expected"),
    [
        (12, "General", "12"),
        (12.5, '0.0"分"', "12.5分"),
        (0.48, "0%", "48%"),
        (3, '"共"0"次"', "共3次"),
        (28 / 86400, "General", "0.000324074074074074"),
    ],
)
def test_a_number_among_words_is_taken_as_it_is_seen(stored, number_format, expected):
    """A comment may be a figure."""
    assert typed_value(RawCell(stored, number_format), WORDS) == expected


@pytest.mark.parametrize(
    ("stored", "number_format", "seen"),
    [
        (12.5, '0"分"', "13分"),
        (86400, '0.0,"千"', "86.4千"),
        (12.5, ";;;", "空白"),
        (0.125, '"约"0.0', "约0.1"),
    ],
)
def test_a_number_among_words_that_is_not_seen_whole_is_asked_for(stored, number_format, seen):
    """Rounded, scaled or hidden, it would be another text."""
    value = typed_value(RawCell(stored, number_format), WORDS)
    assert isinstance(value, Fault)
    assert (value.code, value.gaps["seen"]) == ("cell.shown_otherwise", seen)


@pytest.mark.parametrize(
    ("stored", "number_format"),
    [
        (datetime.fromisoformat("2026-12-06T12:00:00"), "h:mm:ss"),
        (20261206, '0"元"'),
        (20261206, "0%"),
        (20261206, "0.00E+00"),
    ],
)
def test_a_day_of_which_something_else_is_seen_is_asked_for(stored, number_format):
    """A time of day is no day."""
    value = typed_value(RawCell(stored, number_format), Cell("导出日期", CellType.DATE))
    assert isinstance(value, Fault)
    assert value.code == "cell.not_a_date"


@pytest.mark.parametrize("stored", [1e300, -1e300, 1e-300])
def test_no_number_is_too_long_for_its_format(stored):
    """Whatever a format adds to it."""
    for cell in (WORDS, MONEY, IDENTITY):
        value = typed_value(RawCell(stored, f'0.{"0" * 30}"元"'), cell, header_factor(cell, None))
        assert isinstance(value, str | Decimal | Fault)
        assert as_typed(RawCell(stored, f'0.{"0" * 30}"元"'))


def test_a_time_as_a_bare_number_is_taken_under_a_header_in_seconds():
    """28 under `[s]`."""
    assert said(timedelta(seconds=28), "[s]", DURATION, "秒") == 28


def test_nought_is_a_dash_only_where_no_figure_is_seen():
    """00-000 is none."""
    assert said(0, '"-"??', MONEY) == 0
    assert isinstance(said(0, "00-000", MONEY), Fault)
    assert isinstance(said(-3, '0;"-"0"-"', MONEY), Fault)


def test_a_time_kept_as_a_plain_number_is_one_finding_that_shows_it():
    """0.000324 is 28 seconds of a day."""
    value = said(0.00032407407407407406, "General", DURATION)
    assert isinstance(value, Fault)
    assert (value.code, value.gaps["clock"]) == ("cell.looks_like_time", "0:00:28")


@pytest.mark.parametrize("number", [0.5, 0.25, 0.8, 28.000324, 0.123456789, 1e-9])
def test_a_plain_fraction_is_no_time(number):
    """Half a second is half a second."""
    assert isinstance(said(number, "General", DURATION), Decimal)


@pytest.mark.parametrize(
    ("text_style", "cell", "is_asked"),
    [
        (TextStyle.PARTLY_STRUCK, COUNT, True),
        (TextStyle.PARTLY_STRUCK, IDENTITY, True),
        (TextStyle.PARTLY_STRUCK, NAME, True),
        (TextStyle.PARTLY_STRUCK, WORDS, False),
        (TextStyle.PARTLY_RAISED, COUNT, True),
        (TextStyle.PARTLY_RAISED, IDENTITY, True),
        (TextStyle.PARTLY_RAISED, WORDS, False),
        (TextStyle.MIXED_SIZES, COUNT, True),
        (TextStyle.MIXED_SIZES, NAME, False),
        (TextStyle.STRUCK, COUNT, False),
    ],
)
def test_a_number_or_name_of_parts_that_look_unlike_is_asked_for(text_style, cell, is_asked):
    """`3` struck out with `2` beside it is not 32; a comment may look as it likes."""
    value = typed_value(RawCell("32", text_style=text_style), cell, header_factor(cell, None))
    assert isinstance(value, Fault) == is_asked
    if is_asked:
        assert value.code == "cell.mixed_look"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (COUNT, "正确的数值"),
        (Cell("参评情况", CellType.CHOICE, choices=("参评", "试用期")), "参评、试用期"),
        (NAME, "姓名"),
        (IDENTITY, "工号"),
        (Cell("导出日期", CellType.DATE), "2026-12-05"),
        (Cell("考核月份", CellType.PERIOD), "2026-11"),
        (WORDS, "没有就留空"),
    ],
)
def test_the_remedy_of_an_error_value_fits_what_belongs_there(cell, says):
    """Nobody fills 0 for a name."""
    value = typed_value(RawCell("#N/A", problem=CellProblem.ERROR_VALUE), cell)
    assert isinstance(value, Fault)
    remedy = value.at("考核数据", "C9").remedy
    assert says in remedy
    assert ("0" in remedy.replace("2026-12-05", "").replace("2026-11", "")) == cell.type.is_number


@pytest.mark.parametrize("cell", [COUNT, WORDS, NAME, PERCENT])
@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (CellProblem.PICTURE, "cell.picture"),
        (CellProblem.STALE, "cell.stale_formula"),
        (CellProblem.UNCHECKED, "cell.unchecked_formula"),
    ],
)
def test_pictures_and_old_values_are_told_as_such(problem, code, cell):
    """Wherever they stand."""
    value = typed_value(RawCell(12, problem=problem), cell)
    assert isinstance(value, Fault)
    assert value.at("考核数据", "C9").code == code
