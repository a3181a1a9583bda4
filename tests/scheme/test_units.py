"""Numbers are rounded half-up to what is printed, and printed as people read them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scheme.model.units import Unit, excel_format, in_print, money, number_text, round_half_up

PLACES = st.integers(min_value=0, max_value=6)
FRACTIONS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
DECIMALS = st.decimals(min_value=-(10**6), max_value=10**6, places=8)


@given(FRACTIONS, PLACES)
def test_rounding_moves_a_number_by_half_a_printed_step_at_most(number: Fraction, places: int) -> None:
    """|rounded − x| ≤ half a step, and the result has exactly the printed decimals."""
    rounded = round_half_up(number, places)
    assert abs(Fraction(rounded) - number) <= Fraction(1, 2 * 10**places)
    assert rounded.as_tuple().exponent == -places


@given(st.integers(min_value=-(10**6), max_value=10**6), PLACES)
def test_an_exact_half_goes_away_from_zero(steps: int, places: int) -> None:
    """2.5 becomes 3 and −2.5 becomes −3, at every number of decimals."""
    half = Fraction(2 * steps + 1, 2 * 10**places)
    away = (steps + 1) if half > 0 else steps
    assert round_half_up(half, places) == Decimal(away).scaleb(-places)


@given(DECIMALS, PLACES)
def test_fractions_and_decimals_round_alike(number: Decimal, places: int) -> None:
    """The same number prints the same, whichever type it arrives in."""
    assert str(round_half_up(number, places)) == str(round_half_up(Fraction(number), places))


@given(FRACTIONS, FRACTIONS, PLACES)
def test_rounding_never_swaps_two_numbers(one: Fraction, other: Fraction, places: int) -> None:
    """Rounding is monotonic: a better value is never printed as the worse."""
    smaller, larger = sorted((one, other))
    assert round_half_up(smaller, places) <= round_half_up(larger, places)


@given(FRACTIONS, PLACES)
def test_rounding_twice_changes_nothing(number: Fraction, places: int) -> None:
    """What is printed is its own rounding."""
    once = round_half_up(number, places)
    assert str(round_half_up(once, places)) == str(once)


@given(st.decimals(min_value="-0.0004", max_value="-0.0001", places=4))
def test_zero_is_never_printed_with_a_minus(number: Decimal) -> None:
    """A tiny negative number prints 0.00, not -0.00."""
    assert str(round_half_up(number, 2)) == "0.00"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("0.5400", Unit.PERCENT, "54.00%"),
        ("0.00005", Unit.PERCENT, "0.01%"),
        ("28", Unit.DURATION, "28.0秒"),
        ("1.0526", Unit.RATIO, "1.053"),
        ("86400", Unit.MONEY, "86,400.00元"),
        ("1200", Unit.COUNT, "1,200"),
        ("3.455", Unit.NUMBER, "3.46"),
    ],
)
def test_a_value_is_printed_with_its_units_decimals(value: str, unit: Unit, shown: str) -> None:
    """Percents show two decimals, ratios three, seconds one, money two."""
    assert in_print(Decimal(value), unit) == shown


def test_a_scheme_may_ask_for_other_decimals() -> None:
    """`decimals` of a percent are those of its ratio."""
    assert in_print(Decimal("0.5"), Unit.PERCENT, 3) == "50.0%"
    assert in_print(Decimal("0.5"), Unit.PERCENT, 2) == "50%"
    assert in_print(Decimal("28.26"), Unit.DURATION, 2) == "28.26秒"


@pytest.mark.parametrize(
    ("unit", "decimals", "shown"),
    [
        (Unit.PERCENT, None, "0.00%"),
        (Unit.PERCENT, 3, "0.0%"),
        (Unit.PERCENT, 2, "0%"),
        (Unit.DURATION, 2, "0.00"),
        (Unit.MONEY, 0, "#,##0"),
        (Unit.COUNT, 0, "#,##0"),
        (Unit.NUMBER, 3, "#,##0.000"),
    ],
)
def test_the_worksheet_format_shows_the_same_decimals(unit: Unit, decimals: int | None, shown: str) -> None:
    """A cell shows as many decimals as the paper does."""
    assert excel_format(unit, decimals) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("100.00", "100"), ("28.50", "28.5"), ("86400", "86,400"), ("0", "0"), ("1000", "1,000")],
)
def test_a_plain_number_has_no_needless_zeros(number: str, shown: str) -> None:
    """As a person would type it, thousands separated."""
    assert number_text(Decimal(number)) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("100.00", "100元"), ("88.5", "88.50元"), ("1500", "1,500元"), ("0.125", "0.13元"), ("0", "0元")],
)
def test_money_has_two_decimals_or_none(amount: str, shown: str) -> None:
    """Nobody writes 88.5元."""
    assert money(Decimal(amount)) == shown
