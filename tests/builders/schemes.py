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

import pytest

from appraisal.intake.submission import Submission
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import RuleMistake, RulesError, parse_scheme
from tests.builders.submissions import RULES, staff_id, submission

SHOP_FILE = RULES / "online_shop.yaml"
SHOP_TEXT = SHOP_FILE.read_text("utf-8")
FILE = "online_shop.yaml"

RULE_FILES = sorted(RULES.glob("*.yaml"))
_VARIANTS = {"online_shop_extended", "online_shop_focus_split"}
EACH_RULE_FILE = pytest.mark.parametrize(
    "file",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.soak] if path.stem in _VARIANTS else [])
        for path in RULE_FILES
    ],
)
"""Every shipped file; those that say what online_shop.yaml says, and a little more, in the soak."""

MARK = "综合表现"
DEFAULT_OUTCOMES = """
  minimum: 4
  rules:
    - {when: first, do: reward, amount: 100}
    - {when: last, do: deduct, amount: 100, from: 当月提成}
    - {when: bottom 2, do: rectification, within: 7 days}
    - {when: last 3 months running, do: consider_transfer}
"""


EVERYTHING_TEXT = """
scheme: everything
name: 全部写法的试验方案
version: 1
effective_from: 2026-01-01
purpose: [每一种写法都用上]
scope: 试验组
tables:
  业务数据:
    fields:
      - {name: 接待人数, type: count}
      - {name: 询单人数, type: count}
      - {name: 付款人数, type: count}
      - {name: 销售额, type: money, unit: 元}
      - {name: 目标, type: money, unit: 元, between: [1, 1000000], carried: true}
      - {name: 响应时间, type: duration, unit: 秒, between: [1, 600], weighted_by: 接待人数}
      - {name: 投诉数, type: count}
      - {name: 差错数, type: count}
      - {name: 重大投诉数, type: count}
    checks:
      - {that: 付款人数 <= 询单人数, say: 付款的不能多于询单的}
sections:
  - name: 业绩
    weight: 60%
    indicators:
      - {name: 转化率, points: 40, meaning: 付款, value: 付款人数 / 询单人数, unit: percent, min_denominator: 30,
         bands: [">=60%: 40", ">=50%: 30", "else: 10"]}
      - {name: 完成率, points: 30, meaning: 目标, value: 销售额 / 目标, unit: percent,
         linear: {at: 100%, gives: 24, per: 5%, change: 2, floor: 6}}
      - {name: 相对销售额, points: 30, meaning: 与全组平均比, value: 销售额 / mean(销售额), unit: ratio,
         bands: [">=1.1: 30", ">=0.9: 20", "else: 10"]}
  - name: 服务
    weight: 40%
    sections:
      - name: 数据
        indicators:
          - name: 投诉率
            points: 30
            meaning: 投诉占接待
            value: 投诉数 / 接待人数
            unit: percent
            bands: ["<=0%: 30", "<=1%: 20", "else: 0"]
            small_sample: {under: 100, value: 投诉数, deduct: {each: 10}}
          - {name: 差错, points: 20, meaning: 差错, value: 差错数, unit: count, deduct: {each: 4, void_from: 4}}
          - {name: 响应, points: 20, meaning: 响应, value: 响应时间, unit: duration,
             linear: {at: 30, gives: 16, per: 5, change: 1, better: lower}}
      - name: 评价
        indicators:
          - name: 沟通
            points: 20
            meaning: 沟通
            rating: {anchors: {"5": 顾客从不重复, "3": 问一次就明白, "1": 多次误解}}
          - {name: 报表, points: 10, meaning: 报表, by: [店长], judged: {anchors: [按实际]}}
  - name: 另计
    indicators:
      - {name: 加减分, meaning: 加减, by: [店长], adjust: {most: 5, least: -5, anchors: [表扬加1分]}}
      - {name: 重大投诉, meaning: 否决, value: 重大投诉数, unit: count, veto: {from: 1, at_most: 59}}
reviewers:
  - {name: 自评, weight: 0%, focus: 参考}
  - {name: 同事, weight: 30%, focus: 协作, if_absent: 店长}
  - {name: 店长, weight: 70%, focus: 全部}
ranking: {ties: dense, minimum_points: 50, break_by: [转化率, 沟通]}
grades:
  - {name: A, from: 90, factor: 1.2}
  - {name: B, from: 60, factor: 1}
  - {name: C, factor: 0.8}
outcomes:
  minimum: 3
  rules:
    - {when: first, do: reward, amount: 100, only_if: final >= 60}
    - {when: grade A, do: reward, amount: 200, clause: A级另奖200元}
    - {when: last, do: deduct, amount: 50, from: 当月提成, unless: final >= 85, if_tied: each}
    - {when: bottom 2, do: rectification, within: 7 days, only_if: final < 80}
    - {when: last 3 months running, do: consider_transfer}
overrides:
  - name: 大促月
    from: 2026-11
    until: 2026-11
    indicators:
      转化率: {target: 45%, bands: [">=55%: 40", ">=45%: 30", "else: 10"]}
"""
"""A scheme that uses every part of the grammar."""


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
