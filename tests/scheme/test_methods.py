"""The scoring methods: points, the printed standard, the living formula, what the next step takes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scheme.methods import METHODS, ScoringMethod
from appraisal.scheme.methods.bands import Bands
from appraisal.scheme.methods.deduct import Deduct
from appraisal.scheme.methods.judged import Judged
from appraisal.scheme.methods.method import LineReached, Measure, StandardCells
from appraisal.scheme.model.units import Unit
from tests.builders.excel import Value, as_cell, calculate

CONVERSION = Bands.model_validate([">=60%: 16", ">=55%: 14", ">=50%: 12", "else: 0"])
RESPONSE = Bands.model_validate(["<=20: 10", "<=25: 9", "else: 0"])
PERCENT = Measure(Decimal(16), Unit.PERCENT, 4)
SECONDS = Measure(Decimal(10), Unit.DURATION, 1)
EIGHT_FOR_COUNTS = Measure(Decimal(8), Unit.COUNT, 0)


def by_formula(method: ScoringMethod, value: Value, measure: Measure) -> Value:
    """The points that the worksheet computes, with the standard in cells as 评分标准 prints it."""
    rows = method.standard(measure)
    places = [StandardCells(f"$B${at}", f"$C${at}") for at in range(len(rows))]
    cells: dict[str, Value] = {"V": value, "F": as_cell(measure.full)}
    for row, place in zip(rows, places, strict=True):
        cells |= {place.threshold: as_cell(row.threshold), place.points: as_cell(row.points)}
    return calculate(method.points_formula("V", "F", places), cells)


def sentences(method: ScoringMethod, measure: Measure) -> list[str]:
    return [problem.sentence for problem in method.problems(measure)]


def test_the_methods_of_a_rule_file() -> None:
    """Each file in the folder is one method under its key."""
    assert METHODS.items() >= {"bands": Bands, "deduct": Deduct, "judged": Judged}.items()


# --------------------------------------------------------------------------------------- bands


@pytest.mark.parametrize(
    ("value", "points"),
    [("0.6000", 16), ("0.5999", 14), ("0.5500", 14), ("0.5499", 12), ("0.5000", 12), ("0.4999", 0), ("0", 0)],
)
def test_the_first_band_that_matches_gives_the_points(value: str, points: int) -> None:
    """A threshold belongs to its own band (`>=` means 含本数)."""
    assert CONVERSION.points(Decimal(value), PERCENT) == points


def test_strict_signs_leave_the_threshold_to_the_next_band() -> None:
    """`>` and `<` mean 不含本数."""
    strict = Bands.model_validate([">1.5: 5", ">1: 3", "else: 0"])
    ratio = Measure(Decimal(5), Unit.RATIO, 3)
    assert [strict.points(Decimal(value), ratio) for value in ("1.501", "1.500", "1.001", "1.000")] == [
        5,
        3,
        3,
        0,
    ]


def test_bands_may_run_downwards() -> None:
    """Fewer seconds are better."""
    assert not RESPONSE.higher_is_better
    assert [RESPONSE.points(Decimal(value), SECONDS) for value in ("20", "20.1", "25", "25.1")] == [
        10,
        9,
        9,
        0,
    ]


@pytest.mark.parametrize(
    "line", [">=60%: 16", " >= 60 % : 16 ", {">=60%": 16}, {"else": 0}, "else: 0", "<0.5: 1.25", ">3:2"]
)
def test_a_band_may_be_written_loosely(line: object) -> None:
    """Blanks do not matter, nor whether YAML took the line for a key and a value."""
    assert len(Bands.model_validate([line, "else: 0"]).root) == 2


@pytest.mark.parametrize(
    "line", ["≥60%: 16", ">=60%：16", ">=60%", "60%: 16", ">=: 3", 5, None, {"a": 1, "b": 2}]
)
def test_a_band_that_cannot_be_read_is_refused(line: object) -> None:
    """The sentence shows how it is written."""
    with pytest.raises(ValueError, match="应写成“>=60%: 16”"):
        Bands.model_validate([line])


@pytest.mark.parametrize(
    ("lines", "measure", "sentence"),
    [
        (["else: 16"], PERCENT, "至少要有两档：一个条件，和最后的“else: 分数”"),
        ([">=60%: 16", ">=50%: 8"], PERCENT, "最后一档应为“else: 分数”，否则有的数值没有得分"),
        (
            [">=60%: 16", "else: 8", ">=50%: 0", "else: 0"],
            PERCENT,
            "“else”只能放在最后一档，它下面的各档永远用不上",
        ),
        ([">=50%: 16", ">=60%: 8", "else: 0"], PERCENT, "阈值应逐档变小，否则这一档永远用不上"),
        (["<=30: 10", "<=20: 8", "else: 0"], SECONDS, "阈值应逐档变大，否则这一档永远用不上"),
        ([">=60%: 16", "<=50%: 8", "else: 0"], PERCENT, "各档的方向要一致，不能既有“>”又有“<”"),
        ([">=60: 16", "else: 0"], PERCENT, "这项指标以百分比计，阈值要带“%”"),
        (["<=20%: 10", "else: 0"], SECONDS, "这项指标不是百分比，阈值不要带“%”"),
        ([">=60.004%: 16", "else: 0"], PERCENT, "阈值写得比数值印出来的还细，印出来会看不懂；请减少小数位"),
        ([">=60%: 15", "else: 0"], PERCENT, "最高一档是 15 分，而这项指标的标准分是 16 分"),
        ([">=60%: 16", ">=50%: 16", "else: 0"], PERCENT, "这一档的得分（16）应低于上一档（16）"),
        ([">=60%: 16", "else: 0.125"], PERCENT, "得分最多2位小数"),
    ],
)
def test_unsound_bands_are_told(lines: list[str], measure: Measure, sentence: str) -> None:
    """Gaps, bands that can never match, and points that do not fall."""
    assert sentence in sentences(Bands.model_validate(lines), measure)


def test_sound_bands_have_no_problems() -> None:
    """The examples of this page."""
    assert sentences(CONVERSION, PERCENT) == []
    assert sentences(RESPONSE, SECONDS) == []


def test_the_printed_standard_of_bands() -> None:
    """One line a band, thresholds as the value is printed, numbers for the cells beside the words."""
    rows = CONVERSION.standard(PERCENT)
    assert [row.words for row in rows] == ["≥60.00%", "≥55.00%", "≥50.00%", "其他"]
    assert [(row.threshold, row.points) for row in rows][::3] == [(Decimal("0.6"), 16), (None, 0)]


def test_the_better_band_is_the_one_above() -> None:
    """Where a value stands, and what the next line takes."""
    assert CONVERSION.line_reached(Decimal("0.54"), PERCENT) == LineReached(
        "≥50.00%", Decimal("0.55"), Decimal(14)
    )
    assert CONVERSION.line_reached(Decimal("0.61"), PERCENT) == LineReached("≥60.00%")
    assert RESPONSE.line_reached(Decimal(90), SECONDS) == LineReached("其他", Decimal(25), Decimal(9))


def test_a_strict_threshold_is_not_reached_by_equality() -> None:
    """`next_is_inclusive` tells so."""
    strict = Bands.model_validate(["<3: 10", "else: 0"])
    assert not strict.line_reached(Decimal(5), SECONDS).next_is_inclusive


def test_the_target_of_bands_is_the_best_threshold() -> None:
    """Where a rule file names none."""
    assert CONVERSION.target == Decimal("0.6")


# -------------------------------------------------------------------------------------- judged


def test_a_mark_is_its_own_points() -> None:
    """The reviewers' marks count as they are; the anchors are printed, not computed."""
    judged = Judged(anchors=("6分：全部按时", "每迟1日减1分"))
    measure = Measure(Decimal(6), Unit.NUMBER, 2)
    assert judged.by_reviewers
    assert judged.points(Decimal("4.5"), measure) == Decimal("4.5")
    assert [row.words for row in judged.standard(measure)] == ["6分：全部按时", "每迟1日减1分"]
    assert judged.target is None


def test_judged_without_anchors_is_refused() -> None:
    """A mark needs something to hold on to."""
    with pytest.raises(ValueError, match="anchors"):
        Judged.model_validate({"anchors": []})


# -------------------------------------------------------------------------------------- deduct


@pytest.mark.parametrize(("events", "points"), [("0", 8), ("1", 6), ("2", 4), ("3", 0), ("4", 0), ("9", 0)])
def test_each_event_costs_and_from_a_number_on_nothing_is_left(events: str, points: int) -> None:
    """`deduct: {each: 2, void_from: 3}` of 8 points."""
    method = Deduct(each=Decimal(2), void_from=Decimal(3))
    assert method.points(Decimal(events), EIGHT_FOR_COUNTS) == points


def test_deductions_stop_at_zero() -> None:
    """Points are never negative."""
    assert Deduct(each=Decimal(3)).points(Decimal(5), EIGHT_FOR_COUNTS) == 0


def test_a_value_under_zero_earns_no_more_than_the_full_points() -> None:
    """A formula such as 甲 - 乙 may fall under zero; the full points are the most there is."""
    assert Deduct(each=Decimal(2)).points(Decimal(-3), EIGHT_FOR_COUNTS) == 8


@pytest.mark.parametrize(
    ("method", "measure", "sentence"),
    [
        ({"each": 9}, EIGHT_FOR_COUNTS, "一次就扣 9 分，超过了标准分 8 分"),
        ({"each": 2, "void_from": 5}, EIGHT_FOR_COUNTS, "还没有到这个数，分数就已经扣完，这一条永远用不上"),
        ({"each": 2}, PERCENT, "逐次扣分按次数计，数值不能是百分比（percent）"),
    ],
)
def test_unsound_deductions_are_told(method: dict[str, int], measure: Measure, sentence: str) -> None:
    """Parameters that contradict the full points or the unit."""
    assert sentence in sentences(Deduct.model_validate(method), measure)


def test_the_printed_standard_of_a_deduction() -> None:
    """What each event costs, and from where nothing is left."""
    rows = Deduct(each=Decimal(2), void_from=Decimal(3)).standard(EIGHT_FOR_COUNTS)
    assert [(row.words, row.threshold, row.points) for row in rows] == [
        ("每发生1次扣", None, 2),
        ("达到3，本项记0分", 3, 0),
    ]


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ("0", LineReached("没有发生")),
        ("1", LineReached("扣2分", Decimal(0), Decimal(8))),
        ("2", LineReached("扣4分", Decimal(1), Decimal(6))),
        ("3", LineReached("达到3，记0分", Decimal(2), Decimal(4))),
        ("9", LineReached("达到3，记0分", Decimal(2), Decimal(4))),
    ],
)
def test_the_next_step_of_a_deduction_is_one_that_earns_something(events: str, standing: LineReached) -> None:
    """Not one event fewer where that would still leave nothing."""
    assert (
        Deduct(each=Decimal(2), void_from=Decimal(3)).line_reached(Decimal(events), EIGHT_FOR_COUNTS)
        == standing
    )


def test_without_void_the_next_step_also_leaves_the_empty_range() -> None:
    """8 points at 3 each are gone at the third event; two events leave 2 points."""
    assert Deduct(each=Decimal(3)).line_reached(Decimal(7), EIGHT_FOR_COUNTS) == LineReached(
        "扣8分", Decimal(2), Decimal(2)
    )


def test_the_target_of_a_deduction_is_that_nothing_happened() -> None:
    """Not the number from which all is lost."""
    assert Deduct(each=Decimal(2), void_from=Decimal(3)).target == 0


# ----------------------------------------------------------------------------------- every method


THRESHOLDS = st.lists(st.integers(min_value=1, max_value=99), min_size=1, max_size=6, unique=True)


@st.composite
def sound_bands(draw: st.DrawFn) -> Bands:
    """Bands of 20 points in either direction, strict or not."""
    sign = draw(st.sampled_from([">=", ">", "<=", "<"]))
    thresholds = sorted(draw(THRESHOLDS), reverse=sign.startswith(">"))
    lines = [f"{sign}{threshold}%: {20 - 2 * at}" for at, threshold in enumerate(thresholds)]
    return Bands.model_validate([*lines, "else: 0"])


@st.composite
def sound_deductions(draw: st.DrawFn) -> Deduct:
    """Deductions from 20 points, with and without a number from which nothing is left."""
    each = draw(st.decimals(min_value="0.5", max_value=20, places=2))
    return Deduct(each=each, void_from=draw(st.none() | st.integers(min_value=1, max_value=9).map(Decimal)))


TWENTY_PERCENT = Measure(Decimal(20), Unit.PERCENT, 4)
TWENTY_COUNTS = Measure(Decimal(20), Unit.COUNT, 0)
SHARES = st.decimals(min_value=0, max_value=1, places=4)
COUNTS = st.integers(min_value=0, max_value=60).map(Decimal)


@given(sound_bands(), SHARES)
def test_the_worksheet_gives_the_points_of_the_bands(method: Bands, value: Decimal) -> None:
    """The living formula over the printed thresholds agrees with the pipeline everywhere."""
    assert by_formula(method, as_cell(value), TWENTY_PERCENT) == method.points(value, TWENTY_PERCENT)


@given(sound_deductions(), COUNTS)
def test_the_worksheet_gives_the_points_of_a_deduction(method: Deduct, value: Decimal) -> None:
    """The living formula of a deduction agrees too."""
    assert by_formula(method, as_cell(value), TWENTY_COUNTS) == method.points(value, TWENTY_COUNTS)


@pytest.mark.parametrize("method", [CONVERSION, Deduct(each=Decimal(1)), Judged(anchors=("按实际",))])
@pytest.mark.parametrize("text", ["不适用", "", None])
def test_text_never_earns_points(method: ScoringMethod, text: Value) -> None:
    """In a worksheet `"不适用" >= 0.6` is true; the formula must not fall for it."""
    assert by_formula(method, text, PERCENT) == "不适用"


@given(sound_bands(), SHARES, SHARES)
def test_a_better_value_never_earns_less(method: Bands, one: Decimal, other: Decimal) -> None:
    """Points follow the direction of the bands."""
    worse, better = sorted((one, other), reverse=not method.higher_is_better)
    assert method.points(worse, TWENTY_PERCENT) <= method.points(better, TWENTY_PERCENT)


@given(sound_bands() | sound_deductions(), SHARES, COUNTS)
def test_the_next_step_earns_what_it_says(method: Bands | Deduct, share: Decimal, count: Decimal) -> None:
    """The next threshold (or one printed step past a strict one) gives exactly the promised points."""
    measure, value = (TWENTY_PERCENT, share) if isinstance(method, Bands) else (TWENTY_COUNTS, count)
    standing = method.line_reached(value, measure)
    if standing.next_threshold is None:
        assert method.points(value, measure) == measure.full
        return
    past = Decimal(0) if standing.next_is_inclusive else Decimal(1).scaleb(-measure.decimals)
    reached = standing.next_threshold + (past if method.higher_is_better else -past)
    assert standing.next_points is not None
    assert method.points(reached, measure) == standing.next_points > method.points(value, measure)


@given(sound_bands() | sound_deductions(), SHARES, COUNTS)
def test_points_stay_between_nothing_and_the_full_points(
    method: Bands | Deduct, share: Decimal, count: Decimal
) -> None:
    """Whatever the value."""
    values: Sequence[Decimal] = (share, count, -share)
    assert all(0 <= method.points(value, TWENTY_COUNTS) <= 20 for value in values)
