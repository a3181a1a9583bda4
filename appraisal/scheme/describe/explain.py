"""A scheme told in Chinese, as a document that HR can read, discuss and sign.

Everything in it comes from the rule file, so what is signed is what is computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from appraisal.scheme.describe.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Signatures,
    TableBlock,
    as_markdown,
)
from appraisal.scheme.describe.explain_parts import (
    breakers_in_words,
    grades,
    overrides,
    plausibility,
    possible_in_words,
    share_of_the_hundred,
    small_sample,
    totals_in_words,
    who_judges,
)
from appraisal.scheme.formula.parse import denominator_of, parse
from appraisal.scheme.formula.printing import guard_in_words, in_words
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeRule, OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import Check, DataField, DataTable, FieldType
from appraisal.scheme.model.units import MARK_DECIMALS, POINT_DECIMALS, money, number_text, percent_text

FIELD_TYPES = {
    FieldType.COUNT: "整数",
    FieldType.MONEY: "金额",
    FieldType.DURATION: "时长（秒）",
    FieldType.NUMBER: "数",
    FieldType.PERCENT: "百分数",
}
"""What the types of data fields are called."""


def explain_scheme(scheme: Scheme) -> str:
    """The scheme in words, as Markdown text that also reads well in a terminal."""
    return as_markdown(scheme_document(scheme))


def scheme_document(scheme: Scheme) -> tuple[Block, ...]:
    """The scheme in words: purpose, scope, what is appraised and how, and what follows from it."""
    day, rows = scheme.effective_from, scheme.rows_are
    of_rows = "" if rows is None else f"考核的是{rows}，每个{rows}一行。"
    return (
        Heading(1, scheme.name),
        Paragraph(
            f"方案代号 {scheme.scheme}，第{scheme.version}版。{day.year}年{day.month}月{day.day}日起实施，"
            f"自{scheme.first_period.in_words}起按本版考核。"
        ),
        Heading(2, "一、考核目的"),
        Bullets(scheme.purpose),
        Heading(2, "二、考核范围"),
        Paragraph(f"{scheme.scope}。每月考核一次。{of_rows}"),
        Heading(2, "三、考核内容"),
        *_contents(scheme),
        *overrides(scheme),
        Heading(2, "四、考核人和综合得分"),
        *_reviewers(scheme),
        Heading(2, "五、缺数据和不参评"),
        Bullets(tuple(_missing_data(scheme))),
        Heading(2, "六、排名"),
        Bullets(tuple(_ranking(scheme))),
        Heading(2, "七、结果运用"),
        *_outcomes(scheme),
        Heading(2, "八、上报的数据"),
        *_data(scheme),
        *plausibility(scheme),
        Heading(2, "九、签署"),
        Signatures(("制定", "人事", "批准")),
    )


def _contents(scheme: Scheme) -> Iterator[Block]:
    judged = sum((indicator.points for indicator in scheme.judged_by()), Decimal(0))
    computed = scheme.full_points - judged
    yield Paragraph(
        f"共{len(scheme.indicators)}项指标，满分{number_text(scheme.full_points)}分："
        f"按数据计分的{number_text(computed)}分，由考核人评分的{number_text(judged)}分。"
    )
    yield TableBlock(
        ("序号", "类别", "指标", "标准分", "计分方法", "目标"),
        tuple(
            (
                str(number),
                " › ".join(filter(None, (section, inner))),
                indicator.name,
                number_text(indicator.points) if indicator.counts else "—",
                indicator.method.title,
                _target_in_words(indicator),
            )
            for number, (section, inner, indicator) in enumerate(scheme.leaves(), 1)
        ),
    )
    for number, indicator in enumerate(scheme.indicators, 1):
        yield Heading(3, f"{number}. {indicator.name}（{share_of_the_hundred(indicator)}）")
        yield Bullets((*_facts(indicator), *who_judges(scheme, indicator), *small_sample(indicator)))
        yield from _standard(indicator)


def _target_in_words(indicator: Indicator) -> str:
    """The value to reach as it is printed; `—` where there is none."""
    target = indicator.target_value
    if target is None:
        return "—"
    if indicator.is_judged:
        return f"{number_text(target)}分"
    return indicator.measure.shown(target)


def _facts(indicator: Indicator) -> Iterator[str]:
    yield f"含义：{indicator.meaning}"
    tree = indicator.expression
    if tree is None:
        if indicator.method.key == "judged":
            yield f"评分：每位考核人在0到{number_text(indicator.points)}分之间评分，最多{MARK_DECIMALS}位小数"
        else:
            yield f"评分：{indicator.method.marking(indicator.measure).words}。{indicator.method.__doc__}"
    else:
        step = indicator.measure.shown(Decimal(1).scaleb(-indicator.measure.decimals))
        yield f"计算：{in_words(tree)}，四舍五入到{step}后计分"
        divisor = denominator_of(tree)
        if indicator.min_denominator is not None and divisor is not None:
            yield f"样本下限：{in_words(divisor)}不足{number_text(indicator.min_denominator)}的，本项不适用"
    if indicator.source is not None:
        yield f"数据来源：{indicator.source}"


def _standard(indicator: Indicator) -> Iterator[Block]:
    rows = indicator.method.standard(indicator.measure)
    words = tuple(row.words for row in rows)
    points = tuple(f"{number_text(row.points)}分" for row in rows if row.points is not None)
    if len(points) == len(words) and indicator.counts:
        yield TableBlock(words, (points,))
    else:
        yield Paragraph("评分参照：")
        yield Bullets(words)


def _reviewers(scheme: Scheme) -> Iterator[Block]:
    yield TableBlock(
        ("考核人", "权重", "考核重点", "逾期未评时"),
        tuple(
            (
                reviewer.name,
                percent_text(reviewer.weight),
                reviewer.focus,
                f"按{reviewer.if_absent}评分计，各项材料上注明" if reviewer.if_absent else "退回补评",
            )
            for reviewer in scheme.reviewers
        ),
    )
    total = "＋".join(f"{reviewer.name}合计×{percent_text(reviewer.weight)}" for reviewer in scheme.reviewers)
    yield Bullets(
        (
            "每位考核人的合计＝100×各项得分之和÷可计分指标的标准分之和。",
            f"综合得分＝{total}。",
            f"各项得分、合计和综合得分四舍五入，保留{POINT_DECIMALS}位小数；每个数都用印出来的数计算，可以用计算器复核。",
            "按数据计分的指标对每位考核人相同，只有评分的指标因人而异。",
            *totals_in_words(scheme),
            *(
                f"{reviewer.name}另填、不计分：{'、'.join(remark.name for remark in reviewer.remarks)}。"
                for reviewer in scheme.reviewers
                if reviewer.remarks
            ),
        )
    )


def _missing_data(scheme: Scheme) -> Iterator[str]:
    yield "空白、0和不适用是三回事：空白不会当作0。"
    if any(not indicator.is_judged for indicator in scheme.indicators):
        yield "分母为0，或低于样本下限的，该项不适用（不计分），其余指标按比例折算。"
    yield "参评人员缺少必填数据或评分的，整份表退回补齐，不计分。"
    yield "不参评的人员要写明情况；没有数据的不计分，填了数据的照常计分，但不参与排名。"


def _ranking(scheme: Scheme) -> Iterator[str]:
    ranking = scheme.ranking
    example = "1、2、2、4" if ranking.ties == "competition" else "1、2、2、3"
    yield f"按印出来的综合得分从高到低排名，同分并列，名次排成{example}。"
    if ranking.break_by:
        yield (
            f"同分的依次比较{breakers_in_words(scheme)}，优者在前；只用来定次序和奖励，"
            "扣减、整改和连续末位仍按综合得分。"
        )
    yield f"{possible_in_words(scheme)}不足{number_text(ranking.minimum_points)}分的，不参与排名。"
    yield "不参评的人员不参与排名。不参与排名的，一律注明原因。"


def _outcomes(scheme: Scheme) -> Iterator[Block]:
    rules = scheme.outcomes.rules
    if not rules:
        yield Paragraph("本方案只计分、排名，不规定结果运用。")
        return
    yield TableBlock(
        ("条件", "事项", "限制", "依据"),
        tuple(
            (rule.condition, _consequence(rule), "；".join(_limits(rule)) or "—", rule.clause or "—")
            for rule in rules
        ),
    )
    yield from grades(scheme)
    yield Bullets(tuple(_how_outcomes_apply(scheme)))


def _consequence(rule: OutcomeRule) -> str:
    amount = "" if rule.amount is None else money(rule.amount)
    match rule.do:
        case OutcomeType.REWARD:
            return f"奖励{amount}"
        case OutcomeType.DEDUCT:
            return f"提成调整，减少{amount}"
        case OutcomeType.RECTIFICATION:
            return f"通报下发后{rule.days}日内提交整改方案"
        case OutcomeType.CONSIDER_TRANSFER:
            return "提请人事研究，调岗须依法与本人协商"


def _limits(rule: OutcomeRule) -> Iterator[str]:
    if rule.from_ is not None:
        yield f"以{rule.from_}为限"
    if rule.only_if is not None:
        yield f"仅限{guard_in_words(rule.only_if)}"
    if rule.unless is not None:
        yield f"{guard_in_words(rule.unless)}的除外"


def _how_outcomes_apply(scheme: Scheme) -> Iterator[str]:
    rules = scheme.outcomes.rules
    by_place = [rule for rule in rules if rule.grade is None]
    level = "，或全部同分的，" if len(by_place) == len(rules) else "的，"
    if by_place or scheme.outcomes.minimum > 1:
        yield f"参与排名不足{scheme.outcomes.minimum}人{level}当月不执行结果运用。"
    if 0 < len(by_place) < len(rules):
        yield "全部同分的，当月不执行按名次的规定，按等级的照常执行。"
    if scheme.grades:
        factor = "；绩效工资由财务按绩效系数核定" if scheme.grades[0].factor is not None else ""
        yield f"等级只看综合得分，不论名次和人数{factor}。不参与排名的没有等级。"
    money = [rule for rule in by_place if rule.amount is not None]
    for state, sentence in _TIES.items():
        names = "、".join(rule.condition for rule in money if rule.if_tied == state)
        if names:
            yield f"{names}有并列的，{sentence}。"
    for rule in rules:
        if rule.lowest_places is not None:
            yield f"{rule.condition}：与最后一位同分的一并计入，但不含第一名。"
        if rule.from_ is not None:
            yield f"{rule.condition}的{rule.from_}没有填报的，由财务按实际提成核定。"
        if rule.months_running is not None:
            yield (
                f"{rule.condition}：指连续的自然月份（可以跨年）都是唯一的最后一名；当月并列、不参与排名"
                "或不执行结果运用的，重新起算。这只是提示，附各月依据，不写入通报。"
            )
        if rule.days is not None:
            yield (
                f"{rule.days}日的期限：下发当日不计入；最后一天不是工作日的，顺延到下一个工作日"
                "（按国务院办公厅的放假安排）。通报上写明到期的日期和星期。"
            )


_TIES = {"hold": "待研究确定，由人事裁定前不执行", "each": "每人都按规定执行"}


def _data(scheme: Scheme) -> Iterator[Block]:
    for name, table in scheme.tables.items():
        yield Heading(3, name)
        rows = [_field_row(field, of_group=False) for field in table.fields]
        rows += [_field_row(field, of_group=True) for field in table.group_fields]
        if rows:
            yield TableBlock(("数据", "类型", "必填", "允许范围"), tuple(rows))
        if origins := tuple(_origins(table)):
            yield Paragraph("数据的出处和别名：")
            yield Bullets(origins)
        if table.checks:
            yield Paragraph("逐行核对：")
            yield Bullets(tuple(_check(check) for check in table.checks))
    if scheme.interviews:
        yield Paragraph("另附“抽访记录”，只作佐证，不直接计分。")


def _field_row(field: DataField, *, of_group: bool) -> tuple[str, ...]:
    unit, note = f"（{field.unit}）" if field.unit else "", "（全组一个）" if of_group else ""
    ends = field.between
    allowed = "不小于0" if ends is None else f"{number_text(ends[0])} 到 {number_text(ends[1])}"
    return f"{field.name}{unit}{note}", FIELD_TYPES[field.type], "是" if field.required else "否", allowed


def _origins(table: DataTable) -> Iterator[str]:
    for field in (*table.fields, *table.group_fields):
        notes = [field.source] if field.source else []
        notes += [f"也认得 {'、'.join(field.aliases)}"] if field.aliases else []
        notes += [f"导入的数据分成几行时，按“{field.weighted_by}”加权平均"] if field.weighted_by else []
        if notes:
            yield f"{field.name}：{'；'.join(notes)}"


def _check(check: Check) -> str:
    consequence = "退回更正" if check.level == "error" else "提示核对"
    return f"{in_words(parse(check.that))}，否则{consequence}：{check.say}"
