"""Text as people mean it: what is kept of what they typed, and what only looks different."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.text import (
    ascii_number,
    did_you_mean,
    free_text,
    key,
    one_line,
    person_name,
    printable,
    unusual_characters,
    with_unusual_characters,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  很好\u200b ", "很好"), ("一\r\n二\r三", "一\n二\n三"), ("Ａ店", "Ａ店"), ("a\xa0b", "a b")],
)
def test_free_text_keeps_what_a_person_wrote(typed: str, kept: str) -> None:
    """Its lines and its full-width letters; not the marks that nobody sees."""
    assert free_text(typed) == kept


@pytest.mark.parametrize(
    ("typed", "name"), [("张 三", "张三"), ("张　三", "张三"), ("John  Smith", "John Smith"), ("ＫＦ", "KF")]
)
def test_a_name_is_the_same_however_it_is_spaced(typed: str, name: str) -> None:
    """Chinese names have no space inside; foreign ones keep theirs."""
    assert person_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张\u2ed3高", "张长高"),
        ("\u2f65\u2f09高", "田儿高"),
        ("赵晓雯\u3164", "赵晓雯"),
        ("赵\u2800晓\uffa0雯\u115f", "赵晓雯"),
        ("葛\U000e0100佳琪", "葛佳琪"),
        ("王\ufe00敏", "王敏"),
        *((f"阿依古丽{dot}买买提", "阿依古丽·买买提") for dot in "•・．‧.･∙⋅·"),
        ("J. Smith", "J. Smith"),
    ],
)
def test_a_name_that_only_looks_written_otherwise_is_the_same(typed: str, name: str) -> None:
    """Radicals, fillers that nobody sees, variation selectors, and a dot of another kind between Chinese letters."""
    assert person_name(typed) == name
    assert key(typed) == key(name)


@pytest.mark.parametrize(("text", "same"), [("1.5", "15"), ("张三.a", "张三a"), ("戶", "户"), ("ニ", "二")])
def test_what_may_be_another_text_stays_another(text: str, same: str) -> None:
    """Points of numbers, and characters that are only alike."""
    assert key(text) != key(same)


def test_a_character_that_is_not_what_it_looks_like_is_named() -> None:
    """What stands in the expected text is not odd."""
    assert unusual_characters("王ニ", "王二") == "，其中“ニ”（U+30CB）不是常用的汉字或字母，请删掉重新输入"
    assert "U+041A" in unusual_characters("КF001")
    assert unusual_characters("优ニ店", "优ニ店") == ""
    assert unusual_characters("阿依古丽·Élise") == ""


def test_what_was_folded_is_told_apart() -> None:
    """Typed and taken would look alike in 数据核对说明."""
    assert (
        with_unusual_characters("张\u2ed3高\u3164")
        == "张\u2ed3高\u3164（“\u2ed3”是 U+2ED3，看不见的 U+3164）"
    )
    assert with_unusual_characters("１２００") == "１２００"


def test_compared_are_words_without_spaces_case_and_width() -> None:
    assert key("Ａ 店") == key("a店")


@pytest.mark.parametrize(("typed", "number"), [("１２．５％", "12.5%"), ("−3", "-3"), ("5²", "5²")])
def test_a_number_may_be_typed_in_full_width(typed: str, number: str) -> None:
    """A raised two is no digit of it."""
    assert ascii_number(typed) == number


@given(st.text())
def test_any_text_is_on_one_line_once_it_is_quoted(text: str) -> None:
    """And a stream of UTF-8 takes it, half a character and all."""
    shown = printable(text)
    assert shown.isprintable()
    shown.encode("utf-8")


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    for tidied in (free_text, one_line, person_name):
        assert tidied(tidied(text)) == tidied(text)


def test_the_nearest_known_name_is_asked_for_and_a_far_one_is_not() -> None:
    assert did_you_mean("付款人", ["付款人数", "接待人数"]) == "，是不是“付款人数”？"
    assert did_you_mean("天气", ["付款人数", "接待人数"]) == ""
