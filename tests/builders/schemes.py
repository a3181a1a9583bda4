"""Schemes for tests: the shipped rule file as text to change, and small ones that isolate one rule.

scheme_of(changed("weight: 30%", "weight: 25%"))     the shipped file with one change
one_mark_scheme(outcomes="…")                        one manager's mark is the final score
month_of_finals("90", "80", "80", "70")              a month in that scheme, KF001 … KF004
one_value_scheme("bands: [...]", unit="percent")     one indicator of 100 points over 甲 and 乙
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from appraisal.intake.submission import Submission
from appraisal.scheme.loading import RuleMistake, RulesError, parse_scheme
from appraisal.scheme.model import Indicator, Scheme
from tests.builders.submissions import RULES, staff_id, submission

SHOP_FILE = RULES / "online_shop.yaml"
SHOP_TEXT = SHOP_FILE.read_text("utf-8")
FILE = "online_shop.yaml"

MARK = "综合表现"
DEFAULT_OUTCOMES = """
  minimum: 4
  rules:
    - {when: first, do: reward, amount: 100}
    - {when: last, do: deduct, amount: 100, from: 当月提成}
    - {when: bottom 2, do: rectification, within: 7 days}
    - {when: last 3 months running, do: consider_transfer}
"""


def changed(*replacements: tuple[str, str], text: str = SHOP_TEXT) -> str:
    """`text` with the first occurrence of each old piece replaced; a piece that is not there is our mistake."""
    for old, new in replacements:
        assert old in text, f"not in the rule file: {old}"
        text = text.replace(old, new, 1)
    return text


@cache
def scheme_of(text: str) -> Scheme:
    """The scheme written in `text`."""
    return parse_scheme(text, FILE)


def mistakes_in(text: str) -> tuple[RuleMistake, ...]:
    """Every mistake of a rule file; none if it is sound."""
    try:
        parse_scheme(text, FILE)
    except RulesError as error:
        return error.mistakes
    return ()


def one_mark_scheme(*, outcomes: str = DEFAULT_OUTCOMES, ranking: str = "{}") -> Scheme:
    """A scheme in which the manager's one mark, 0 to 100, is the final score; there are no data."""
    return scheme_of(one_mark_text(outcomes=outcomes, ranking=ranking))


def one_mark_text(*, outcomes: str = DEFAULT_OUTCOMES, ranking: str = "{}") -> str:
    """The rule file of `one_mark_scheme`."""
    return f"""
scheme: one-mark
name: 单项评分
version: 1
effective_from: 2020-01-01
purpose: [试验]
scope: 试验组
tables: {{人员: {{}}}}
sections:
  - name: 全部
    indicators:
      - {{name: {MARK}, points: 100, meaning: 店长的总评, judged: {{anchors: [按实际评分]}}}}
reviewers:
  - {{name: 店长, weight: 100%, focus: 全部}}
ranking: {ranking}
outcomes: {outcomes}
"""


def month_of_finals(*finals: str, scheme: Scheme | None = None, **options: Any) -> Submission:
    """A month in which the n-th person's final score is the n-th of `finals`."""
    marks = {("店长", staff_id(at), MARK): Decimal(final) for at, final in enumerate(finals, 1)}
    cells = marks | options.pop("cells", {})
    return submission(scheme=scheme or one_mark_scheme(), staff=len(finals), cells=cells, **options)


def one_value_scheme(
    method: str,
    *,
    value: str = "甲 / 乙",
    unit: str = "percent",
    points: str = "100",
    more: str = "",
    numerator: str = "count",
) -> Scheme:
    """A scheme of one data indicator, 得分项, over the fields 甲 and 乙 (and 组内, which the group has once)."""
    filler = Decimal(100) - Decimal(points)
    rest = (
        f"- {{name: 其余, points: {filler}, meaning: 其余, judged: {{anchors: [按实际]}}}}" if filler else ""
    )
    return scheme_of(
        f"""
scheme: one-value
name: 单项数据
version: 1
effective_from: 2020-01-01
purpose: [试验]
scope: 试验组
tables:
  数据:
    fields:
      - {{name: 甲, type: {numerator}}}
      - {{name: 乙, type: number, required: false}}
    group_fields:
      - {{name: 组内, type: money, required: false}}
sections:
  - name: 全部
    indicators:
      - {{name: 得分项, points: {points}, meaning: 试验, value: {value}, unit: {unit}, {more} {method}}}
      {rest}
reviewers:
  - {{name: 店长, weight: 100%, focus: 全部}}
"""
    )


def only_indicator(scheme: Scheme) -> Indicator:
    """The first indicator of a small scheme."""
    return scheme.indicators[0]


def month_of_values(scheme: Scheme, *rows: Mapping[str, str | None], **options: Any) -> Submission:
    """A month of `one_value_scheme`: each person's 甲 and 乙 (None is blank), marks in full."""
    cells: dict[tuple[str, str, str], Any] = {}
    for at, row in enumerate(rows, 1):
        for name, typed in row.items():
            cells["数据", staff_id(at), name] = None if typed is None else Decimal(typed)
        cells |= {("店长", staff_id(at), one.name): one.points for one in scheme.judged_by()}
    return submission(scheme=scheme, staff=len(rows), cells=cells, **options)
