"""Ids, names, choices, days, months and free text as people type them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.intake.cells import typed_value
from appraisal.intake.roster import KnownIds
from appraisal.intake.submission import Fault
from appraisal.intake.values import as_taken, as_typed
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType
from appraisal.scheme.forms.submission import PARTICIPATION_CHOICES, STAFF_NAME
from appraisal.xlsx.grid import RawCell

IDENTITY = Cell("工号", CellType.IDENTITY)
NAME = Cell(STAFF_NAME, CellType.TEXT)
GROUP = Cell("考核组", CellType.TEXT)
COMMENT = Cell("评语", CellType.TEXT)
CHOICE = Cell("参评情况", CellType.CHOICE, choices=PARTICIPATION_CHOICES)
DAY = Cell("导出日期", CellType.DATE)
MONTH = Cell("考核月份", CellType.PERIOD)


def taken(value: object, cell: Cell, number_format: str = "General"):
    return typed_value(RawCell(value, number_format), cell)


@pytest.mark.parametrize(
    ("typed", "number_format", "expected"),
    [
        ("KF001", "General", "KF001"),
        (" KF001 ", "General", "KF001"),
        ("ＫＦ００１", "General", "KF001"),
        ("KF001\u200b", "General", "KF001"),
        ("007", "@", "007"),
        (7, "General", "7"),
        (7.0, "General", "7"),
        (7, "000", "007"),
        (123456789012, "General", "123456789012"),
        ("店名:小美", "General", "店名:小美"),
    ],
)
def test_an_id_stays_text(typed, number_format, expected):
    """Zeros that people see are kept; a number is written as people see it."""
    assert taken(typed, IDENTITY, number_format) == expected


@pytest.mark.parametrize("typed", [date(2026, 1, 2), time(1, 2), True])
@pytest.mark.parametrize("cell", [IDENTITY, NAME, GROUP], ids=lambda cell: cell.name)
def test_an_id_or_name_that_became_something_else_is_told(typed, cell):
    """Excel makes a date of `1-2`: nobody can know what was meant."""
    value = taken(typed, cell)
    assert isinstance(value, Fault)
    assert value.code == "cell.not_text"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("张\xa0三 ", "张三"),
        ("张\u200b三", "张三"),
        ("\u202e张三", "张三"),
        ("张\n三", "张三"),
        ("John  Smith", "John Smith"),
        ("阿卜杜拉 · 买买提", "阿卜杜拉·买买提"),
        ("A&B <c> {{d}}", "A&B <c> {{d}}"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    ],
)
def test_a_name_is_freed_of_spaces_and_nothing_else(typed, expected):
    """Formulas, templates and markup in a name are only text."""
    assert taken(typed, NAME) == expected


@pytest.mark.parametrize(("cell", "longest"), [(NAME, 40), (IDENTITY, 40), (COMMENT, 1000)])
def test_a_text_that_is_too_long_is_told(cell, longest):
    """Nothing is cut off without a word."""
    assert taken("啊" * longest, cell) == "啊" * longest
    assert taken("啊" * (longest + 1), cell).code == "cell.too_long"


def test_free_text_keeps_its_punctuation_and_lines():
    """A comment is not normalised: full-width commas and line breaks are what was written."""
    assert taken(" 很好，继续努力！\r\n第二行 ", COMMENT) == "很好，继续努力！\n第二行"


@pytest.mark.parametrize(
    ("typed", "expected"), [(100, "100"), (True, "TRUE"), (date(2026, 11, 3), "2026-11-03"), (0.5, "0.5")]
)
def test_free_text_takes_whatever_was_made_of_it(typed, expected):
    """11月3日 in a remark becomes a date in Excel; it still says the day."""
    assert taken(typed, COMMENT) == expected


@pytest.mark.parametrize("typed", ["参评", " 参评 ", "参 评", "参评\u200b"])
def test_a_choice_is_matched_without_spaces(typed):
    """A choice that was pasted instead of picked is the same choice."""
    assert taken(typed, CHOICE) == "参评"


@pytest.mark.parametrize("typed", ["参与", "是", 1, True, date(2026, 1, 1)])
def test_what_is_no_choice_is_told_with_the_choices(typed):
    """The person sees what could have been picked."""
    finding = taken(typed, CHOICE).at("考核数据", "C9")
    assert finding.code == "cell.not_a_choice"
    assert "试用期" in finding.remedy


@pytest.mark.parametrize(
    "typed",
    [
        date(2026, 12, 5),
        datetime.fromisoformat("2026-12-05 10:30:00"),
        "2026-12-05",
        "2026-12-5",
        "2026/12/05",
        "2026.12.5",
        "2026年12月5日",
        "２０２６年１２月５日",
        "2026-12-05 10:23:11",
        "20261205",
        20261205,
    ],
)
def test_a_day_is_taken_from_every_usual_spelling(typed):
    """Date cells, Chinese, dots, slashes, eight digits, an export's timestamp."""
    assert taken(typed, DAY) == date(2026, 12, 5)


@pytest.mark.parametrize(
    "typed",
    ["12月5日", "2026-02-31", "2026-13-01", 46361, "46361", "昨天", True, "26-12-05", date(1905, 1, 1)],
)
def test_what_is_no_day_for_certain_is_told(typed):
    """A year is never guessed, and a bare serial number is not a date that anyone saw."""
    assert taken(typed, DAY).code == "cell.not_a_date"


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11", "2026/11", "2026.11", "2026年11月", "2026年11月份", "２０２６－１１", " 2026 年 11 月 ", "202611",
        202611, 2026.11, date(2026, 11, 1), datetime.fromisoformat("2026-11-01"), "2026-11-01",
    ],
)  # fmt: skip
def test_a_month_is_taken_from_every_usual_spelling(typed):
    """Excel itself makes a date of 2026-11."""
    assert taken(typed, MONTH) == Period(2026, 11)


@pytest.mark.parametrize(
    "typed", ["11月", "2026", "2026-13", "2026-00", 2026, 2026.1, True, "本月", "26年11月"]
)
def test_what_is_no_month_for_certain_is_told(typed):
    """The number 2026.1 may be October."""
    assert taken(typed, MONTH).code == "period.missing"


def test_a_month_typed_as_text_may_have_one_digit():
    """As text 2026.1 is January: nothing was cut off."""
    assert taken("2026.1", MONTH) == Period(2026, 1)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{0:%Y-%m-%d}", "{0.year}年{0.month}月{0.day}日"]),
)
def test_every_spelling_of_a_day_says_the_same(day, spelling):
    """Law: what is printed as a day is read as that day, and as its month."""
    assert taken(spelling.format(day), DAY) == day
    assert taken(spelling.format(day), MONTH) == Period.of(day)


@given(st.text(max_size=30))
def test_no_text_ends_in_an_exception(text):
    """Law: whatever is typed is taken, blank, or a fault."""
    for cell in (IDENTITY, NAME, GROUP, COMMENT, CHOICE, DAY, MONTH):
        value = taken(text, cell)
        assert value is None or isinstance(value, str | date | Period | Fault)


@pytest.mark.parametrize(
    ("raw", "cell", "shown"),
    [
        (RawCell(0.453, "0.0%"), Cell("好评率", CellType.PERCENT), "45.3%"),
        (RawCell(1200), Cell("付款人数", CellType.COUNT), "1200"),
        (RawCell(27.900000000000002), Cell("平均响应时间", CellType.DURATION), "27.9"),
        (RawCell(date(2026, 12, 5)), DAY, "2026-12-05"),
        (RawCell(datetime.fromisoformat("2026-12-05")), DAY, "2026-12-05"),
        (RawCell(7.0), IDENTITY, "7"),
    ],
)
def test_what_was_taken_as_typed_looks_the_same(raw, cell, shown):
    """Only then is nothing listed as tidied."""
    value = typed_value(raw, cell)
    assert (as_typed(raw), as_taken(value, cell)) == (shown, shown)


KNOWN = KnownIds(
    ["007", "KF001", "kf2", "KF2", "12"], accounts=[("旗舰店:小美", "007"), ("共用", "12"), ("共用", "KF001")]
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("007", "007"),
        ("7", "007"),
        ("0007", "007"),
        ("kf001", "KF001"),
        ("旗舰店：小美", "007"),
        ("12", "12"),
        ("012", "12"),
        ("Kf2", "Kf2"),
        ("共用", "共用"),
        ("99", "99"),
    ],
)
def test_an_id_means_the_one_known_person(typed, meant):
    """Lost zeros, case and account names are seen through; where two could be meant, none is taken."""
    assert KNOWN.resolve(typed) == meant
