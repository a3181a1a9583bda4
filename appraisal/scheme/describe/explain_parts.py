"""The scheme in words, of what not every scheme has: own parts of reviewers, small samples, grades, single months."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.scheme.describe.document import Block, Bullets, Heading, Paragraph, TableBlock
from appraisal.scheme.formula.parse import denominator_of
from appraisal.scheme.formula.words import in_words
from appraisal.scheme.methods.method import ScoringMethod
from appraisal.scheme.model.indicator import Indicator, Override, methods_given
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import number_text


def share_of_the_hundred(indicator: Indicator) -> str:
    """`16分`, or `加减分` of what acts on the final score itself."""
    return f"{number_text(indicator.points)}分" if indicator.counts else indicator.method.title


def who_judges(scheme: Scheme, indicator: Indicator) -> Iterator[str]:
    """Only where not everybody does."""
    carriers = scheme.carriers(indicator.name)
    if len(carriers) < len(scheme.reviewers):
        yield f"谁评：{'、'.join(one.name for one in carriers)}"


def small_sample(indicator: Indicator) -> Iterator[str]:
    """When counts are scored instead of the ratio, and how."""
    few, by_count, tree = indicator.small_sample, indicator.by_count, indicator.expression
    divisor = None if tree is None else denominator_of(tree)
    if few is None or by_count is None or by_count.expression is None or divisor is None:
        return
    lines = standard_in_words(by_count.method, by_count)
    yield (
        f"样本少时：{in_words(divisor)}不足{number_text(few.under)}的，不看比例，"
        f"改按次数（{in_words(by_count.expression)}）：{lines}"
    )


def standard_in_words(method: ScoringMethod, indicator: Indicator) -> str:
    """`≥60.00% 16分；其他 0分`."""
    rows = method.standard(indicator.measure)
    return "；".join(
        row.words if row.points is None else f"{row.words} {number_text(row.points)}分" for row in rows
    )


def totals(scheme: Scheme) -> Iterator[str]:
    """How the totals are made where 类别 have weights, points come on top, or a reviewer has no weight."""
    if scheme.is_weighted:
        yield "类别有权重的，每类满分100分；每位考核人的合计＝所评各类的得分按类别权重相加。"
        for reviewer in scheme.reviewers:
            parts = "＋".join(
                f"{one.name}×{number_text(one.weight * 100)}%" for one in scheme.parts(reviewer.name)
            )
            yield f"{reviewer.name}合计＝{parts}。"
    for one in scheme.reviewers:
        if not one.weight:
            yield f"{one.name}只供参考，不计入综合得分。"
        if scheme.stands_in_whole(one):
            yield f"{one.name}逾期未评的，以{one.if_absent}的合计代替。"
    if scheme.outside:
        names = "、".join(one.name for one in scheme.outside)
        yield f"{names}不占标准分，在加权之后计入综合得分；综合得分不低于0分。"


def possible_in_words(scheme: Scheme) -> str:
    """What 可计分 is, which `minimum_points` asks for: the one sentence of every text that speaks of it."""
    if scheme.is_uniform:
        return "可计分指标的标准分合计"
    by = "先按类别权重、再按考核人权重" if scheme.is_weighted else "按考核人权重"
    return f"可计分（每位考核人所评的适用指标占其全部标准分的百分比，{by}相加，满分100）"


def breakers_in_words(scheme: Scheme) -> str:
    """`订单总金额、报表整体质量`, and how several reviewers' marks are compared."""
    named = {one.name: one for one in scheme.indicators}
    several = any(
        named[name].is_judged and len(scheme.carriers(name)) > 1 for name in scheme.ranking.break_by
    )
    return "、".join(scheme.ranking.break_by) + ("（评分按考核人权重合计）" if several else "")


def grades(scheme: Scheme) -> Iterator[Block]:
    """From which score on each grade begins, and its factor."""
    if not scheme.grades:
        return
    yield Paragraph("综合得分的等级：")
    yield TableBlock(
        ("等级", "综合得分", "绩效系数"),
        tuple(
            (
                one.name,
                "以上各级以外" if one.from_ is None else f"{number_text(one.from_)}分及以上",
                "—" if one.factor is None else number_text(one.factor),
            )
            for one in scheme.grades
        ),
    )


def overrides(scheme: Scheme) -> Iterator[Block]:
    """What is laid down for single months, until when."""
    indicators = {one.name: one for one in scheme.indicators}
    for override in scheme.overrides:
        yield Heading(3, f"{override.months}：{override.name}")
        yield Bullets(
            tuple(_changed(override, indicators[name]) for name in override.indicators if name in indicators)
        )


def _changed(override: Override, indicator: Indicator) -> str:
    change = override.indicators[indicator.name]
    told = [] if change.target is None else [f"目标{change.target}"]
    if change.min_denominator is not None:
        told.append(f"样本下限{number_text(change.min_denominator)}")
    told += [standard_in_words(method, override.applied_to(indicator)) for method in methods_given(change)]
    return f"{indicator.name}：{'；'.join(told)}。到期恢复原标准"


def plausibility(scheme: Scheme) -> Iterator[Block]:
    """Which figures are asked about though they count."""
    limits = scheme.plausibility
    if not scheme.fields:
        return
    yield Paragraph("数据反常的，只提示核对，不影响得分，也不退回：")
    least = f"（前后都不到{number_text(limits.smallest)}的不提示）"
    told = []
    if limits.months:
        told = [
            f"比本人前{limits.months}个月中每个月都多或少{number_text(limits.own)}倍以上的{least}",
            f"两项平时相差{number_text(limits.swapped)}倍以上、这次像是填颠倒了的",
            f"与前{limits.months}个月中某个月有{number_text(limits.same * 100)}%以上的数相同的",
        ]
    yield Bullets((*told, f"本人以前没有数，与同组绝大多数人相差{number_text(limits.group)}倍以上的{least}"))
