"""Mistakes in what the shipped shop file does not use: weights of 类别, grades, months of their own, other methods."""

from __future__ import annotations

from tests.builders.rule_mistake import RuleFileMistake
from tests.builders.schemes import EVERYTHING_TEXT

PARTS = "类别权重和谁评什么"
METHODS_TOPIC = "各种计分方法"
MONTHS = "另行规定"
GRADED = "等级、门槛和互相矛盾的规定"

DATA, RULES, MONTH = "tables.业务数据", "outcomes.rules", "overrides.大促月"
RESULTS, SERVICE = "sections.业绩", "sections.服务.sections.数据.indicators"
MARKS, OTHER = "sections.服务.sections.评价.indicators", "sections.另计.indicators"

_PROMPT = "    - {when: last 3 months running, do: consider_transfer}"
_MONTH = "      转化率: {target: 45%, "
_BANDS = 'bands: [">=55%: 40", ">=45%: 30", "else: 10"]'


def _mistake(topic: str, old: str, new: str, at: str, path: str, message: str) -> RuleFileMistake:
    return RuleFileMistake(topic, old, new, at, path, message, EVERYTHING_TEXT)


# fmt: off
MORE_MISTAKES = (
    _mistake(PARTS, "name: 业绩\n    weight: 60%", "name: 业绩\n    weight: 50%", "{name: 自评", "reviewers.自评",
             "“自评”所评各类别的权重合计 90%，应为 100%"),
    _mistake(PARTS, "name: 业绩\n    weight: 60%\n", "name: 业绩\n", "name: 业绩", RESULTS,
             "类别“业绩”没有写 weight（权重）；一类写了，就每类都要写"),
    _mistake(PARTS, "name: 转化率, points: 40", "name: 转化率, points: 41", "name: 业绩", RESULTS,
             "类别“业绩”的标准分合计 101 分；写了权重的类别，每类应为 100 分"),
    _mistake(PARTS, "      - name: 评价\n", "      - name: 评价\n        weight: 10%\n", "weight: 10%",
             "sections.服务.sections.评价.weight", "类别权重只写在最外层"),
    _mistake(PARTS, "name: 另计\n", "name: 另计\n    weight: 10%\n", "weight: 10%", "sections.另计.weight",
             "“另计”里的指标都不占标准分，没有权重可言"),
    _mistake(PARTS, "meaning: 报表, by: [店长]", "meaning: 报表, by: [点长]", "点长", f"{MARKS}.报表.by.1",
             "“点长”不是已定义的考核人，是不是“店长”？"),
    _mistake(PARTS, "meaning: 报表, by: [店长]", "meaning: 报表, by: [自评]", "{name: 报表", f"{MARKS}.报表",
             "评“报表”的考核人权重都是0，这一项永远不计入综合得分"),
    _mistake(PARTS, "focus: 全部}", "focus: 全部, if_absent: 自评}", "if_absent: 自评", "reviewers.店长.if_absent",
             "“自评”不评“加减分、报表”，代替不了“店长”"),
    _mistake(METHODS_TOPIC, "at: 100%, gives: 24", "at: 100, gives: 24", "at: 100", f"{RESULTS}.indicators.完成率.linear.at",
             "写法要与单位一致：百分比带“%”，其他不带"),
    _mistake(METHODS_TOPIC, "gives: 24, per: 5%", "gives: 31, per: 5%", "gives", f"{RESULTS}.indicators.完成率.linear.gives",
             "基准分超过了标准分 30 分"),
    _mistake(METHODS_TOPIC, "change: 2, floor: 6", "change: 2, floor: 24", "floor", f"{RESULTS}.indicators.完成率.linear.floor",
             "保底分应低于基准分 24 分，否则永远不会减分"),
    _mistake(METHODS_TOPIC, "gives: 16, per: 5, change: 1", "gives: 14, per: 5, change: 1", "linear: {at: 30",
             f"{SERVICE}.响应.linear", "数值只能在 1.0秒 到 600.0秒 之间，最多得 19.8 分，标准分 20 分谁都拿不到"),
    _mistake(METHODS_TOPIC, "linear: {at: 30, gives: 16, per: 5, change: 1, better: lower}",
             "linear: {at: 900, gives: 16, per: 5, change: 1, better: lower}", "linear: {at: 900", f"{SERVICE}.响应.linear",
             "数值只能在 1.0秒 到 600.0秒 之间，得分总是 20 分，分不出高低"),
    _mistake(METHODS_TOPIC, '{"5": 顾客从不重复, "3": 问一次就明白, ', '{"5": 顾客从不重复, ', "anchors", f"{MARKS}.沟通.rating.anchors",
             "没有写3分的标准，评分时没有依据可比"),
    _mistake(METHODS_TOPIC, '"3": 问一次就明白', '"3": ""', '"3"', f"{MARKS}.沟通.rating.anchors.3", "不能为空"),
    _mistake(METHODS_TOPIC, '"3": 问一次就明白', '"3": 顾客从不重复', '"3"', f"{MARKS}.沟通.rating.anchors.3",
             "与5分的标准写得一样，分不出高低"),
    _mistake(METHODS_TOPIC, "most: 5, least: -5", "most: 0, least: 0", "most", f"{OTHER}.加减分.adjust.most",
             "最多加分和最多减分都是 0，这一项永远用不上"),
    _mistake(METHODS_TOPIC, "most: 5, least: -5", "most: 5, least: 5", "least", f"{OTHER}.加减分.adjust.least", "不能大于 0"),
    _mistake(METHODS_TOPIC, "{name: 重大投诉数, type: count}", "{name: 重大投诉数, type: count, between: [1, 9]}", "from: 1",
             f"{OTHER}.重大投诉.veto.from", "数值只能在 1 到 9 之间，总是达到，人人都被否决"),
    _mistake(METHODS_TOPIC, "veto: {from: 1", "veto: {from: 5%", "from: 5%", f"{OTHER}.重大投诉.veto.from",
             "“5%”应写成数，不带“%”；单位是百分比（percent）的，写 0.05"),
    _mistake(METHODS_TOPIC, "{name: 重大投诉数, type: count}", "{name: 重大投诉数, type: count, between: [0, 0]}", "from: 1",
             f"{OTHER}.重大投诉.veto.from", "数值只能在 0 到 0 之间，永远达不到，这一项永远用不上"),
    _mistake(METHODS_TOPIC, "{name: 差错数, type: count}", "{name: 差错数, type: count, between: [0, 3]}", "void_from",
             f"{SERVICE}.差错.deduct.void_from", "数值只能在 0 到 3 之间，这一条永远用不上"),
    _mistake(METHODS_TOPIC, "{name: 差错数, type: count}", "{name: 差错数, type: count, between: [5, 9]}", "deduct: {each: 4",
             f"{SERVICE}.差错.deduct", "数值只能在 5 到 9 之间，得分总是 0 分"),
    _mistake(METHODS_TOPIC, "small_sample: {under: 100, ", "min_denominator: 30\n            small_sample: {under: 100, ", "small_sample",
             f"{SERVICE}.投诉率.small_sample",
             "small_sample 与 min_denominator 只能写一个：样本少时不是改按次数计分，就是不适用"),
    _mistake(METHODS_TOPIC, "value: 投诉数, deduct: {each: 10}}", "value: 投诉数, judged: {anchors: [按实际]}}", "judged",
             f"{SERVICE}.投诉率.small_sample.judged", "样本少时不能用考核人评分，请写 bands、deduct 或 linear"),
    _mistake(METHODS_TOPIC, "value: 投诉数, deduct: {each: 10}}", "value: 投诉数}", "small_sample", f"{SERVICE}.投诉率.small_sample",
             "“投诉率”样本少时的计分方法没有写"),
    _mistake(METHODS_TOPIC, "value: 投诉数, deduct: {each: 10}}", "value: 投诉, deduct: {each: 10}}", "value: 投诉,",
             f"{SERVICE}.投诉率.small_sample.value", "公式里的“投诉”不是已定义的字段，是不是“投诉数”？"),
    _mistake(METHODS_TOPIC, "{name: 接待人数, type: count}", "{name: 接待人数, type: count, between: [100, 9999]}", "under",
             f"{SERVICE}.投诉率.small_sample.under", "分母最少 100，从不小于它，这一条永远用不上"),
    _mistake(METHODS_TOPIC, "{name: 询单人数, type: count}", "{name: 询单人数, type: count, between: [0, 20]}", "min_denominator",
             f"{RESULTS}.indicators.转化率.min_denominator", "分母最多 20，总是小于它，这一项总是不适用"),
    _mistake(METHODS_TOPIC, "value: 付款人数 / 询单人数, unit", "value: 付款人数 / 0, unit", "value: 付款人数 / 0",
             f"{RESULTS}.indicators.转化率.value", "分母总是0，这一项永远不适用"),
    _mistake(METHODS_TOPIC, "{name: 目标, type: money, ", "{name: 目标, type: money, example: 0, ", "example", f"{DATA}.fields.目标.example",
             "示例超出了允许的范围"),
    _mistake(MONTHS, "until: 2026-11", "until: 2026-10", "until", f"{MONTH}.until", "结束的月份（2026-10）早于开始的月份（2026-11）"),
    _mistake(MONTHS, "from: 2026-11\n    until: 2026-11", "from: 2025-11\n    until: 2025-11", "until", f"{MONTH}.until",
             "本版从 2026-01 起考核，这一条永远用不上"),
    _mistake(MONTHS, "overrides:\n", "overrides:\n  - {name: 年末, from: 2026-10, until: 2026-12, indicators: {差错: {target: 1}}}\n",
             "name: 大促月", MONTH, "与“年末”的月份重叠"),
    _mistake(MONTHS, _MONTH, "      转华率: {target: 45%, ", "转华率", f"{MONTH}.indicators.转华率",
             "“转华率”不是已定义的指标，是不是“转化率”？"),
    _mistake(MONTHS, _MONTH, "      沟通: {target: 45%, ", "沟通", f"{MONTH}.indicators.沟通", "“沟通”由考核人评分，没有可另行规定的分档"),
    _mistake(MONTHS, _MONTH + _BANDS, "      转化率: {", "转化率", f"{MONTH}.indicators.转化率", "什么也没有改"),
    _mistake(MONTHS, _MONTH + _BANDS, '      转化率: {bands: [">=60%: 40", ">=50%: 30", "else: 10"]', "转化率",
             f"{MONTH}.indicators.转化率", "与平时一样，什么也没有改"),
    _mistake(MONTHS, _BANDS, 'bands: [">=55%: 30", ">=45%: 20", "else: 10"]', "bands", f"{MONTH}.indicators.转化率.bands",
             "最高一档是 30 分，而这项指标的标准分是 40 分"),
    _mistake(MONTHS, "target: 45%, ", "target: 40%, ", "target", f"{MONTH}.indicators.转化率.target",
             "目标值落在最低一档，达到了也拿不到分；请与分档对照"),
    _mistake(GRADED, "break_by: [转化率, 沟通]", "break_by: [转化率, 投诉率]", "投诉率", "ranking.break_by.2",
             "“投诉率”样本少时改按次数计，次数和比例不能比高低，不能用来定同分的次序"),
    _mistake(GRADED, "break_by: [转化率, 沟通]", "break_by: [沟通, 沟通]", "沟通]", "ranking.break_by.2", "“沟通”写了两次"),
    _mistake(GRADED, "{name: B, from: 60", "{name: A, from: 60", "name: A, from: 60", "grades.A.name", "等级“A”重名了"),
    _mistake(GRADED, "{name: B, from: 60, factor: 1}", "{name: B, factor: 1}", "{name: B", "grades.B",
             "等级“B”没有写 from（从多少分起），只有最低一级不写"),
    _mistake(GRADED, "{name: B, from: 60, factor: 1}", "{name: B, from: 95, factor: 1}", "from: 95", "grades.B.from",
             "起点应逐级变低，否则这一级永远用不上"),
    _mistake(GRADED, "{name: C, factor: 0.8}", "{name: C, from: 30, factor: 0.8}", "from: 30", "grades.C.from",
             "最低一级不写 from，否则有的得分没有等级"),
    _mistake(GRADED, "{name: A, from: 90", "{name: A, from: 106", "from: 106", "grades.A.from",
             "综合得分最高 105 分，这一级永远用不上"),
    _mistake(GRADED, "{name: C, factor: 0.8}", "{name: C}", "{name: C}", "grades.C", "绩效系数（factor）要写就每级都写"),
    _mistake(GRADED, "{name: C, factor: 0.8}", "{name: C, factor: 1.1}", "factor: 1.1", "grades.C.factor", "绩效系数不能高于上一级"),
    _mistake(GRADED, "when: grade A, do: reward", "when: grade E, do: reward", "when: grade E", f"{RULES}.2.when",
             "“E”不是已定义的等级"),
    _mistake(GRADED, "only_if: final >= 60}", "only_if: final >= 106}", "only_if", f"{RULES}.1.only_if",
             "综合得分在 0 到 105 之间，这个条件永远不成立，这一条永远用不上"),
    _mistake(GRADED, "only_if: final >= 60}", "only_if: final >= 0}", "only_if", f"{RULES}.1.only_if",
             "综合得分在 0 到 105 之间，这个条件总是成立，等于没写"),
    _mistake(GRADED, "unless: final >= 85", "unless: final <= 105", "unless", f"{RULES}.3.unless",
             "综合得分在 0 到 105 之间，这个除外条件总是成立，这一条永远用不上"),
    _mistake(GRADED, "unless: final >= 85", "unless: final < 0", "unless", f"{RULES}.3.unless",
             "综合得分在 0 到 105 之间，这个除外条件永远不成立，等于没写"),
    _mistake(GRADED, "amount: 200, clause", "amount: 200, only_if: final < 90, clause", "{when: grade A", f"{RULES}.2",
             "综合得分在 0 到 105 之间，没有哪个得分同时符合等级、only_if 和 unless，这一条永远用不上"),
    _mistake(GRADED, _PROMPT, "    - {when: grade A, do: rectification, within: 7 days}\n" + _PROMPT,
             "{when: grade A, do: rect", f"{RULES}.5", "与第2条矛盾：等级为A的人又奖励又整改"),
    _mistake(GRADED, _PROMPT, "    - {when: grade C, do: reward, amount: 1}\n    - {when: grade B, do: deduct, amount: 1, from: 当月提成}\n" + _PROMPT,
             "{when: grade B", f"{RULES}.6", "与第5条矛盾：B级扣减，更低的C级反而奖励"),
    _mistake(GRADED, _PROMPT, _PROMPT + "\n    - {when: last 4 months running, do: consider_transfer}",
             "{when: last 4", f"{RULES}.6", "与第5条都是连续末位，同一个人会提请两次；请只写月数最少的一条"),
)
# fmt: on
