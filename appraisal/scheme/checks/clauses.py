"""Whether a rule's 条款 says what the rule does: the sum, the days, how many people or months.

The clause is printed as the ground of an outcome, and the rule moves the money; who changes one of them often
forgets the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from appraisal.scheme.model.outcome_rules import OutcomeRule
from appraisal.scheme.model.units import number_text

_NUMBER = r"([0-9]+(?:[,，][0-9]{3})*(?:\.[0-9]+)?|[零一二两三四五六七八九十百千]+)"
_MONEY = re.compile(rf"{_NUMBER}元")
_DAYS = re.compile(rf"{_NUMBER}个?(自然)?(工作)?([天日周])(?:以?内|之内)")
_PEOPLE = re.compile(rf"(?:后|末|倒数){_NUMBER}[名位]")
_MONTHS = re.compile(rf"连续{_NUMBER}个?月")

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}


def said_otherwise(rule: OutcomeRule) -> Iterator[str]:
    """A sentence for each thing that the clause puts at another number than the rule; one it does not name is none."""
    clause = "".join((rule.clause or "").split())
    money = {_number(found) for found in _MONEY.findall(clause)}
    if rule.amount is not None and money and rule.amount not in money:
        yield f"条款写{_listed(money)}元，规则是 amount: {number_text(rule.amount)}"
    if rule.days is not None:
        yield from _other_days(clause, rule.days)
    for pattern, count, unit in (
        (_PEOPLE, rule.lowest_places, "名"),
        (_MONTHS, rule.months_running, "个月"),
    ):
        numbers = {_number(found) for found in pattern.findall(clause)}
        if count is not None and numbers and count not in numbers:
            yield f"条款写{_listed(numbers)}{unit}，规则是 when: {rule.when}"


def _other_days(clause: str, days: int) -> Iterator[str]:
    found = _DAYS.findall(clause)
    spans = {_number(number) * (7 if unit == "周" else 1) for number, _, _, unit in found}
    if spans and days not in spans:
        yield f"条款写{_listed(spans)}天，规则是 within: {days} days"
    elif any(working for _, _, working, _ in found):
        yield f"条款写的是工作日，规则的 within: {days} days 按自然日算"


def _listed(numbers: set[Decimal]) -> str:
    return "、".join(map(number_text, sorted(numbers)))


def _number(text: str) -> Decimal:
    """`1,000`, `88.5`, `一百二十`, `两`."""
    if text[0].isdecimal():
        return Decimal(text.replace(",", "").replace("，", ""))
    total, digit = 0, None
    for sign in text:
        if sign in _TENS:
            total += (1 if digit is None else digit) * _TENS[sign]
            digit = None
        else:
            digit = _DIGITS[sign]
    return Decimal(total + (digit or 0))
