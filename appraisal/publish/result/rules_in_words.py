"""The rules that no number of the table in 评分标准 says, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.publish.wording import HELD, OUTCOME_NAMES
from appraisal.scheme.describe.explain_parts import breakers_in_words
from appraisal.scheme.formula.parse import parse
from appraisal.scheme.formula.words import in_words
from appraisal.scheme.model.outcome_rules import OutcomeRule, OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import money


def rules_in_words(scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Each rule's name, and what it says."""
    yield "考核人合计", "100 × 得分之和 ÷ 可计分指标标准分之和，保留2位小数（四舍五入）。"
    yield "综合得分", "各考核人合计按权重相加，保留2位小数；名次按综合得分排列。"
    yield "不适用", "分母为0、没有数据或样本少于下限的指标不计分，也不计入标准分；不适用不等于0分。"
    yield "不参与排名", "参评情况不是“参评”的、可计分指标不足的，只列明原因。"
    ties = "1、2、2、4" if scheme.ranking.ties == "competition" else "1、2、2、3"
    broken = breakers_in_words(scheme)
    order = f"同分的依次比较{broken}，仍相同的并列" if broken else "综合得分相同的并列同一名次"
    yield "并列", f"{order}（{ties}）。"
    for rule in scheme.outcomes.rules:
        yield "结果运用", _outcome(rule)
    yield "人数与并列", _numbers_and_ties(scheme)


def _numbers_and_ties(scheme: Scheme) -> str:
    """A grade asks for a score and not for a place: neither ties nor a level month matter to it."""
    few = f"参与排名少于{scheme.outcomes.minimum}人"
    by_place = [rule for rule in scheme.outcomes.rules if rule.grade is None]
    if not by_place:
        never = f"{few}的月份，不执行结果运用；" if scheme.outcomes.minimum > 1 else ""
        return f"{never}等级只看综合得分，不论名次。"
    others = len(by_place) < len(scheme.outcomes.rules)
    exempt = "（按等级的规定照常）" if others else ""
    return (
        f"{few}，或全部同分的月份，不执行结果运用{exempt}；"
        f"涉及金额的名次并列时{HELD}，另有约定的除外；后几名包括并列者，不含第一名。"
    )


def _outcome(rule: OutcomeRule) -> str:
    """The clause as the scheme words it, else in our own words; and when it does not apply."""
    words = rule.clause or f"综合排名{_when(rule)}，{_what(rule)}"
    if rule.only_if is not None:
        words += f"；只在{_guard(rule.only_if)}时适用"
    if rule.unless is not None:
        words += f"；{_guard(rule.unless)}时不适用"
    return f"{words}{'；并列的每人照办' if rule.if_tied == 'each' else ''}。"


def _when(rule: OutcomeRule) -> str:
    if rule.months_running is not None:
        return f"连续{rule.months_running}个月为最后一名"
    if rule.lowest_places is not None:
        return f"后{rule.lowest_places}名"
    if rule.grade is not None:
        return f"等级为{rule.grade}"
    return "第一名" if rule.when == "first" else "最后一名"


def _what(rule: OutcomeRule) -> str:
    match rule.do:
        case OutcomeType.REWARD if rule.amount is not None:
            return f"奖励{money(rule.amount)}"
        case OutcomeType.DEDUCT if rule.amount is not None:
            return f"{rule.from_ or '提成'}减少{money(rule.amount)}"
        case OutcomeType.RECTIFICATION:
            return f"通报下发后{rule.days}日内提交整改方案，遇休息日顺延"
        case _:
            return OUTCOME_NAMES[rule.do]


def _guard(formula: str) -> str:
    return in_words(parse(formula)).replace("final", "综合得分")
