"""Numbers as people type them: tolerant where the meaning is certain, strict where it is not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.intake.cells import typed_value
from appraisal.intake.submission import Fault
from appraisal.intake.values import as_typed
from appraisal.scheme.forms.cells import Cell, CellType, Need
from appraisal.xlsx.grid import CellProblem, RawCell
from tests.intake.builders import header_factor

COUNT = Cell("付款人数", CellType.COUNT, Need.WITH_DATA, decimals=0)
MONEY = Cell("订单总金额", CellType.MONEY, Need.WITH_DATA, unit="元")
DURATION = Cell("平均响应时间", CellType.DURATION, Need.WITH_DATA, unit="秒")
PERCENT = Cell("好评率", CellType.PERCENT, Need.WITH_DATA, decimals=6)
MARK = Cell("报表整体质量", CellType.MARK, Need.IF_REVIEWED, high=Decimal(6), decimals=1)
NUMBER = Cell("服务评分", CellType.NUMBER)
DAYS = Cell("应出勤天数", CellType.NUMBER, unit="天")
ALL = (COUNT, MONEY, DURATION, PERCENT, MARK, NUMBER, DAYS)


def taken(value: object, cell: Cell, *, header_unit: str | None = None, number_format: str = "General"):
    return typed_value(RawCell(value, number_format), cell, header_factor(cell, header_unit))


@pytest.mark.parametrize(
    ("typed", "cell", "expected"),
    [
        (1200, COUNT, "1200"),
        (0, COUNT, "0"),
        (-5, COUNT, "-5"),
        (27.900000000000002, DURATION, "27.9"),
        (0.1 + 0.2, NUMBER, "0.3"),
        (86400.5, MONEY, "86400.5"),
        ("95", COUNT, "95"),
        (" 95 ", COUNT, "95"),
        ("９５", COUNT, "95"),
        ("1２００", COUNT, "1200"),
        ("\xa01200\u200b", COUNT, "1200"),
        ("1,234,567", COUNT, "1234567"),
        ("１，２００", COUNT, "1200"),
        ("432人", COUNT, "432"),
        ("432 人次", COUNT, "432"),
        ("1.2万", COUNT, "12000"),
        ("￥1,234.5", MONEY, "1234.5"),
        ("¥1234.50元", MONEY, "1234.50"),
        ("￥ 86,400.00", MONEY, "86400"),
        ("¥\xa086400", MONEY, "86400"),
        ("1,234.5元", MONEY, "1234.5"),
        ("1.2万", MONEY, "12000"),
        ("8.64万元", MONEY, "86400"),
        ("-120.5", MONEY, "-120.5"),
        ("－120", MONEY, "-120"),
        ("+5", COUNT, "5"),
        (".5", NUMBER, "0.5"),
        ("35秒", DURATION, "35"),
        ("35.5 s", DURATION, "35.5"),
        ("2分30秒", DURATION, "150"),
        ("2分 30秒", DURATION, "150"),
        ("1.5分钟", DURATION, "90"),
        ("7小时41分52秒", DURATION, "27712"),
        ("1小时5秒", DURATION, "3605"),
        ("00:02:30", DURATION, "150"),
        ("800毫秒", DURATION, "0.8"),
        ("45.3%", PERCENT, "0.453"),
        ("４５．３％", PERCENT, "0.453"),
        ("5.5分", MARK, "5.5"),
        ("95分", NUMBER, "95"),
        ("22天", DAYS, "22"),
    ],
)
def test_takes_a_number_whose_meaning_is_certain(typed, cell, expected):
    """Width, spaces, thousands, currency and units around a number do not change it."""
    assert taken(typed, cell) == Decimal(expected)


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.name)
@pytest.mark.parametrize(
    "typed",
    [
        "延迟统计", "暂无数据", "-", "--", "－－", "无", "优", "√", "0x5F", "95,5", "1,23", "12,3456", "1e5", "1E999",
        "nan", "inf", "5²", "½", "①", "1 200", "约95", "95左右", "8/8", "--5", "1.2.3", "95%%", "一百", "9" * 5000,
        "(5)", "٣", True, False, date(1900, 1, 8), datetime.fromisoformat("2026-11-01 08:30"),
    ],
)  # fmt: skip
def test_refuses_what_is_no_number_for_certain(typed, cell):
    """Nothing is guessed, and a dash is not 0."""
    value = taken(typed, cell)
    assert isinstance(value, Fault)
    assert value.code == "cell.not_a_number"


@pytest.mark.parametrize("typed", [time(0, 35), timedelta(minutes=35), "2:30"])
def test_refuses_a_clock_without_seconds(typed):
    """0:35 is 35 minutes to Excel and 35 seconds to whoever typed it."""
    assert isinstance(taken(typed, DURATION, number_format="h:mm"), Fault)


@pytest.mark.parametrize(
    ("typed", "number_format", "expected"),
    [
        (time(0, 2, 30), "h:mm:ss", "150"),
        (timedelta(hours=7, minutes=41, seconds=52), "[h]:mm:ss", "27712"),
        (time(0, 0, 28, 500_000), "mm:ss.0", "28.5"),
    ],
)
def test_takes_a_clock_that_shows_its_seconds(typed, number_format, expected):
    """A time cell that is displayed with seconds says how many."""
    assert taken(typed, DURATION, number_format=number_format) == Decimal(expected)


@pytest.mark.parametrize(
    ("typed", "cell", "unit", "expected"),
    [
        (0.5, DURATION, "分钟", "30"),
        ("0.5", DURATION, "分钟", "30"),
        (2, DURATION, "小时", "7200"),
        (800, DURATION, "ms", "0.8"),
        (8.64, MONEY, "万元", "86400"),
        ("8.64", MONEY, "万", "86400"),
        (28, DURATION, "必填", "28"),
        (28, DURATION, None, "28"),
        (45.3, PERCENT, "%", "0.453"),
        (6, MARK, "6分", "6"),
    ],
)
def test_a_plain_number_is_in_the_unit_of_its_header(typed, cell, unit, expected):
    """分钟 in the header makes minutes of every plain number; other words in brackets do not matter."""
    assert taken(typed, cell, header_unit=unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("typed", "cell", "unit", "expected"),
    [
        ("35秒", DURATION, "分钟", "35"),
        ("86,400元", MONEY, "万元", "86400"),
        ("1.2万", MONEY, "万元", "12000"),
    ],
)
def test_a_unit_in_the_cell_counts_as_written(typed, cell, unit, expected):
    """Whoever writes 35秒 means seconds, whatever the header says."""
    assert taken(typed, cell, header_unit=unit) == Decimal(expected)


def test_numbers_are_taken_in_the_unit_that_the_form_itself_prints():
    """A scheme that asks for 万元 gets 8.64, not 86,400; for 元 typed there it is converted."""
    cell = Cell("销售额", CellType.MONEY, unit="万元")
    assert taken(8.64, cell, header_unit="万元") == Decimal("8.64")
    assert taken("86400元", cell, header_unit="万元") == Decimal("8.64")


@pytest.mark.parametrize(("stored", "number_format"), [(0.453, "0.0%"), (45.3, '0.0"%"'), (45.3, r"0.0\%")])
@pytest.mark.parametrize("header_unit", [None, "%"])
def test_a_percent_is_decided_by_its_number_format(stored, number_format, header_unit):
    """What people see as 45.3% is 45.3%, also where the sign is only written behind the number."""
    raw = RawCell(stored, number_format)
    assert typed_value(raw, PERCENT, header_factor(PERCENT, header_unit)) == Decimal("0.453")
    assert as_typed(raw) == "45.3%"


@pytest.mark.parametrize("typed", [-0.0, "-0", "－0.0"])
def test_there_is_no_minus_nought(typed):
    """It would print as such."""
    assert str(taken(typed, NUMBER)).lstrip("0.") == ""


@pytest.mark.parametrize("typed", [0.453, 45.3, "0.453", "45.3", 1])
def test_a_percent_without_a_sign_is_asked_for(typed):
    """Nobody can know whether 0.453 means 45.3% or 0.453%."""
    value = taken(typed, PERCENT)
    assert isinstance(value, Fault)
    assert value.code == "cell.ambiguous_percent"


def test_no_percent_at_all_needs_no_sign():
    """0 is 0% in either reading."""
    assert [taken(nought, PERCENT) for nought in (0, 0.0, "0")] == [0, 0, 0]


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("延迟统计", "次月5日起再导出"),
        ("暂无数据", "不要用0代替"),
        ("--", "不要用0代替"),
        ("约95", "请只填数字"),
        (True, "常规"),
    ],
)
def test_the_hint_fits_what_was_typed(typed, part):
    """The person is told what to do about exactly this."""
    assert part in taken(typed, COUNT).at("考核数据", "K9").remedy


def test_a_dash_where_nothing_is_asked_is_to_be_left_blank():
    """In an optional column there is no point in asking for a 0."""
    assert taken("-", DAYS).at("考核数据", "D9").remedy == "没有就留空。"


def test_blank_text_is_blank():
    """Spaces and zero-width marks alone are nothing."""
    assert [taken(text, COUNT) for text in ("", "  ", "\u3000", "\u200b", "\n")] == [None] * 5


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (CellProblem.ERROR_VALUE, "cell.error_value"),
        (CellProblem.FORMULA_WITHOUT_VALUE, "cell.formula_without_value"),
        (CellProblem.DUPLICATE, "cell.duplicate"),
        (CellProblem.UNREADABLE, "cell.unreadable"),
    ],
)
@pytest.mark.parametrize("cell", [COUNT, Cell("评语", CellType.TEXT)], ids=lambda cell: cell.name)
def test_a_cell_that_must_not_be_used_is_told_as_what_it_is(problem, code, cell):
    """An error, an uncalculated formula, a doubled or unreadable cell is never blank and never 0."""
    value = typed_value(RawCell("#N/A", problem=problem), cell)
    assert isinstance(value, Fault)
    assert value.code == code


@pytest.mark.parametrize(
    ("cell", "problem", "code", "says"),
    [
        (COUNT, CellProblem.NO_NUMBER, "cell.not_a_number", "请重新填写数字"),
        (COUNT, CellProblem.NO_DAY, "cell.not_a_number", "格式改为“常规”"),
        (Cell("导出日期", CellType.DATE), CellProblem.NO_DAY, "cell.not_a_date", "NaN"),
        (Cell("考核月份", CellType.PERIOD), CellProblem.NO_NUMBER, "period.missing", "NaN"),
        (Cell("参评情况", CellType.CHOICE, choices=("参评",)), CellProblem.NO_NUMBER, "cell.not_a_choice", "参评"),
        (Cell("工号", CellType.IDENTITY), CellProblem.NO_NUMBER, "cell.not_text", "格式改为“文本”"),
        (Cell("评语", CellType.TEXT), CellProblem.TOO_LONG, "cell.too_long", "1000 字以内"),
        (COUNT, CellProblem.TOO_LONG, "cell.too_long", "1000 字以内"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_told_as_what_should_stand_there(cell, problem, code, says):
    """A manager is told what to type, not that a file is odd inside."""
    value = typed_value(RawCell("NaN", problem=problem), cell)
    assert isinstance(value, Fault)
    told = value.at("考核数据", "C7")
    assert told.code == code
    assert says in told.message + told.remedy


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


@given(NUMBERS, st.sampled_from(["{:f}", "{:,f}", " {:f} ", "{:,f}元", "￥{:,f}", "\xa0{:f}"]))
def test_every_spelling_of_an_amount_says_the_same(amount, spelling):
    """Law: what is printed as money is read as that money."""
    assert taken(spelling.format(amount), MONEY) == amount


@given(NUMBERS)
def test_full_width_digits_say_the_same(amount):
    """Law: full-width digits are digits."""
    wide = f"{amount:f}".translate({ord(mark): ord(mark) + 0xFEE0 for mark in "0123456789.-"})
    assert taken(wide, MONEY) == amount


@given(NUMBERS)
def test_a_stored_number_is_taken_as_excel_shows_it(amount):
    """Law: an amount of up to 15 digits survives the way through a binary float."""
    assert taken(float(amount), MONEY) == amount


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_hours_minutes_and_seconds_add_up(hours, minutes, seconds):
    """Law: a composite duration is the sum of its parts."""
    total = hours * 3600 + minutes * 60 + seconds
    assert taken(f"{hours}小时{minutes}分{seconds}秒", DURATION) == total
    assert taken(f"{hours}:{minutes:02}:{seconds:02}", DURATION) == total


@pytest.mark.slow
@given(st.text(max_size=20))
def test_no_text_ends_in_an_exception(text):
    """Law: whatever is typed is a number, blank, or a fault."""
    for cell in ALL:
        assert isinstance(taken(text, cell), Decimal | Fault | None)
