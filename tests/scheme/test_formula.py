"""The formula language: what can be written, what it means, and where a mistake stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scheme.formula.parse import (
    Arithmetic,
    Comparison,
    Expression,
    FirstPresent,
    FormulaError,
    Name,
    Negative,
    Number,
    OverGroup,
    denominator_of,
    divisors_in,
    evaluate,
    is_comparison,
    names_in,
    parse,
)

NAMES = ("甲", "乙", "丙")
NUMBERS = st.decimals(min_value=0, max_value=1000, places=2).map(Number)
LEAVES = st.one_of(
    NUMBERS,
    st.sampled_from(NAMES).map(Name),
    st.builds(OverGroup, st.sampled_from(["sum", "mean", "min", "max"]), st.sampled_from(NAMES)),
)
VALUES: st.SearchStrategy[Expression] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Negative, inner),
        st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner),
        st.builds(FirstPresent, inner, inner),
    ),
    max_leaves=8,
)
CELLS = st.none() | st.decimals(min_value=-100, max_value=100, places=2)
COLUMNS = st.integers(min_value=1, max_value=4).flatmap(
    lambda rows: st.fixed_dictionaries(
        {name: st.lists(CELLS, min_size=rows, max_size=rows) for name in NAMES}
    )
)


def value(text: str, **cells: str | None) -> Fraction | None:
    """The formula's value in one row."""
    row = {name: [None if typed is None else Decimal(typed)] for name, typed in cells.items()}
    return evaluate(parse(text), row, 1)[0]


def error_of(text: str) -> FormulaError | None:
    try:
        parse(text)
    except FormulaError as error:
        return error
    return None


def written(tree: Expression) -> str:
    """A formula text with every bracket, for the round trip."""
    match tree:
        case Number(number):
            return f"{number:f}"
        case Name(name):
            return name
        case OverGroup(function, name):
            return f"{function}({name})"
        case Negative(inner):
            return f"(-{written(inner)})"
        case FirstPresent(left, right):
            return f"({written(left)} ?? {written(right)})"
        case Arithmetic(sign, left, right) | Comparison(sign, left, right):
            return f"({written(left)}{sign}{written(right)})"


# -------------------------------------------------------------------------------------- reading


@given(VALUES)
def test_a_formula_reads_back_as_it_was_written(tree: Expression) -> None:
    """Printing a tree with all its brackets and parsing it gives the same tree."""
    assert parse(written(tree)) == tree


@pytest.mark.parametrize(
    ("short", "bracketed"),
    [
        ("甲 + 乙 * 丙", "甲 + (乙 * 丙)"),
        ("甲 - 乙 - 丙", "(甲 - 乙) - 丙"),
        ("甲 / 乙 / 丙", "(甲 / 乙) / 丙"),
        ("甲 / 乙 * 丙", "(甲 / 乙) * 丙"),
        ("-甲 * 乙", "(-甲) * 乙"),
        ("甲 - -乙", "甲 - (-乙)"),
        ("甲 ?? 乙 + 丙", "甲 ?? (乙 + 丙)"),
        ("甲 / 乙 ?? 丙", "(甲 / 乙) ?? 丙"),
        ("甲 ?? 乙 ?? 丙", "甲 ?? (乙 ?? 丙)"),
    ],
)
def test_what_binds_tighter(short: str, bracketed: str) -> None:
    """Signs, then × and ÷, then + and −, then `??`; equals from left to right."""
    assert parse(short) == parse(bracketed)


def test_comparison_binds_loosest() -> None:
    """`甲 + 1 <= 乙 ?? 丙` compares two whole values."""
    assert parse("甲 + 1 <= 乙 ?? 丙") == Comparison(
        "<=",
        Arithmetic("+", Name("甲"), Number(Decimal(1))),
        FirstPresent(Name("乙"), Name("丙")),
    )
    assert is_comparison(parse("甲 = 乙"))
    assert not is_comparison(parse("甲 - 乙"))


def test_a_percent_is_the_hundredth() -> None:
    """`2.5%` is 0.025."""
    assert parse("2.5%") == Number(Decimal("0.025"))


def test_names_may_carry_the_arrow_of_the_shop_software() -> None:
    """`询单→最终付款人数` is one name; Latin letters and digits may follow."""
    assert names_in(parse("询单→最终付款人数 / A2_数 + 询单→最终付款人数")) == ("询单→最终付款人数", "A2_数")


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("", 1, "公式“”第1个字处应为字段名、数字或左括号“(”，公式已经结束"),
        ("甲 +", 4, "公式“甲 +”第4个字处应为字段名、数字或左括号“(”，公式已经结束"),
        ("甲 乙", 3, "公式“甲 乙”第3个字处应为运算符，这里是“乙”"),
        ("(甲 + 乙", 7, "公式“(甲 + 乙”第7个字处应为右括号“)”，公式已经结束"),
        ("甲 + ) 乙", 5, "公式“甲 + ) 乙”第5个字处应为字段名、数字或左括号“(”，这里是“)”"),
        ("甲 ÷ 乙", 3, "公式“甲 ÷ 乙”第3个字“÷”无法识别，请改成英文的“/”"),
        ("甲 ≥ 乙", 3, "公式“甲 ≥ 乙”第3个字“≥”无法识别，请改成英文的“>=”"),
        ("甲 & 乙", 3, "公式“甲 & 乙”第3个字“&”无法识别"),
        ("total(甲)", 1, "公式“total(甲)”里没有“total”这个函数，可用：sum、mean、min、max"),
        ("sum(甲 + 乙)", 7, "公式“sum(甲 + 乙)”第7个字处应为右括号“)”（函数里只能写一个字段名），这里是“+”"),
        ("sum(3)", 5, "公式“sum(3)”第5个字处应为一个字段名，这里是“3”"),
        ("甲 <= 乙 <= 丙", 8, "公式“甲 <= 乙 <= 丙”第8个字处应为运算符，这里是“<=”"),
        ("(甲 <= 乙) * 2", 4, "公式“(甲 <= 乙) * 2”第4个字处应为右括号“)”，这里是“<=”"),
        ("3人", 2, "公式“3人”第2个字处应为运算符，这里是“人”"),
    ],
)
def test_a_mistake_says_what_was_expected_and_where(text: str, place: int, sentence: str) -> None:
    """The place counts characters as a person does; the sentence names what stands there."""
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.position + 1 == place
    assert str(caught.value) == sentence


@pytest.mark.parametrize("text", ["(" * 21 + "甲" + ")" * 21, "-" * 500 + "甲", "+".join(["甲"] * 300)])
def test_a_formula_that_no_one_could_check_is_refused(text: str) -> None:
    """Too deep or too long is one sentence, never a crash of the reader."""
    with pytest.raises(FormulaError, match=r"公式太长|括号套得太深"):
        parse(text)


@given(st.text(alphabet="甲乙1.%+-*/()<>=!? sum，÷", max_size=30))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    """Nothing that can be typed crashes the reader, and the place lies in the text."""
    error = error_of(text)
    assert error is None or (0 <= error.position <= len(text) and str(error).startswith("公式"))


# ----------------------------------------------------------------------------------- evaluating


def test_arithmetic_is_exact() -> None:
    """A third is a third, not 0.3333: rounding happens once, when a value is printed."""
    assert value("甲 / 乙", 甲="1", 乙="3") == Fraction(1, 3)
    assert value("甲 / 乙 * 乙", 甲="1", 乙="3") == 1
    assert value("甲 * 0.1 + 甲 * 0.2", 甲="1") == Fraction(3, 10)


@pytest.mark.parametrize("text", ["甲 + 乙", "乙 - 甲", "甲 * 乙", "乙 / 甲", "-乙", "甲 <= 乙"])
def test_what_is_missing_stays_missing(text: str) -> None:
    """A blank is never taken as 0: everything computed from it is blank."""
    assert value(text, 甲="5", 乙=None) is None


def test_division_by_zero_has_no_value() -> None:
    """A zero denominator is not applicable, never 0."""
    assert value("甲 / 乙", 甲="5", 乙="0") is None
    assert value("1 - 甲 / 乙", 甲="5", 乙="0") is None
    assert value("甲 / 0", 甲="5") is None


def test_zero_is_a_value() -> None:
    """0 is not missing."""
    assert value("甲 / 乙", 甲="0", 乙="5") == 0
    assert value("甲 ?? 乙", 甲="0", 乙="5") == 0


def test_first_present_takes_the_first_that_has_a_value() -> None:
    """`店铺客单价 ?? …`: the typed price, else the group's own."""
    assert value("甲 ?? 乙 ?? 丙", 甲=None, 乙="2", 丙="3") == 2
    assert value("甲 ?? 乙", 甲=None, 乙=None) is None
    assert value("甲 / 乙 ?? 丙", 甲="1", 乙="0", 丙="7") == 7


@pytest.mark.parametrize(
    ("text", "holds"),
    [("甲 < 2", 0), ("甲 <= 2", 1), ("甲 > 2", 0), ("甲 >= 2", 1), ("甲 = 2", 1), ("甲 != 2", 0)],
)
def test_a_comparison_is_one_or_zero(text: str, holds: int) -> None:
    """Guards and checks read 1 as holding."""
    assert value(text, 甲="2") == holds


def test_group_functions_run_over_every_row_that_has_the_value() -> None:
    """Blanks are left out; the figure is the same in every row."""
    columns: Mapping[str, Sequence[Decimal | None]] = {"甲": [Decimal(1), None, Decimal(4), Decimal(1)]}
    for text, expected in {"sum(甲)": 6, "mean(甲)": 2, "min(甲)": 1, "max(甲)": 4}.items():
        assert evaluate(parse(text), columns, 4) == [expected] * 4


@pytest.mark.parametrize("function", ["sum", "mean", "min", "max"])
def test_a_column_without_any_value_has_no_group_figure(function: str) -> None:
    """The sum of nothing is not 0."""
    assert evaluate(parse(f"{function}(甲)"), {"甲": [None, None]}, 2) == [None, None]


def test_a_name_that_is_not_a_column_is_our_mistake() -> None:
    """The loader refuses such formulas, so evaluation does not guess."""
    with pytest.raises(KeyError):
        evaluate(parse("丁"), {"甲": [Decimal(1)]}, 1)


@given(VALUES, COLUMNS)
def test_rows_do_not_depend_on_each_other_except_through_the_group(
    tree: Expression, columns: dict[str, list[Decimal | None]]
) -> None:
    """Turning the rows around turns the values around and changes none."""
    rows = len(columns["甲"])
    turned = {name: column[::-1] for name, column in columns.items()}
    assert evaluate(tree, columns, rows) == evaluate(tree, turned, rows)[::-1]


# --------------------------------------------------------------------------------------- asking


def test_the_denominator_is_what_the_whole_formula_divides_by() -> None:
    """Only an outermost division has one: the sample that `min_denominator` looks at."""
    assert denominator_of(parse("甲 / (乙 + 丙)")) == parse("乙 + 丙")
    assert denominator_of(parse("甲 / 乙 / 丙")) == Name("丙")
    assert denominator_of(parse("1 - 甲 / 乙")) is None


def test_every_divisor_can_be_named() -> None:
    """In the order of reading, so that a zero among them can be pointed out."""
    assert divisors_in(parse("甲 / 乙 / (丙 ?? 甲) - -(1 / 丙)")) == (
        Name("乙"),
        parse("丙 ?? 甲"),
        Name("丙"),
    )
