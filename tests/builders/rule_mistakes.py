"""Every kind of mistake that a rule file can have, as one change to the shipped file.

The tests prove that each is reported with its place; docs/rules.md prints the same table.
"""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.scheme.methods import METHODS
from tests.builders.schemes import SHOP_TEXT, changed

_METHODS = "、".join(METHODS)
CONVERSION = "sections.服务类.sections.旺旺沟通.indicators.咨询转化率"
RESPONSE = "sections.服务类.sections.旺旺沟通.indicators.平均响应时间"
QUALITY = "sections.管理类.indicators.报表整体质量"
DATA = "tables.考核数据"
RULES = "outcomes.rules"

RESPONSE_BANDS = '["<=20: 10", "<=25: 9", "<=30: 8", "<=40: 6", "<=50: 4", "<=60: 2", "else: 0"]'
JUDGED = """judged:
          anchors:
            - 6分：完整"""


@dataclass(frozen=True)
class RuleFileMistake:
    """`old` in the shipped file becomes `new`; the report points at `at`, within the change or before it."""

    topic: str
    old: str
    new: str
    at: str
    path: str
    message: str

    @property
    def text(self) -> str:
        """The rule file with the mistake in it."""
        return changed((self.old, self.new))

    @property
    def place(self) -> tuple[int, int]:
        """Line and column (from 1) of the last `at` up to the end of the change."""
        end = SHOP_TEXT.index(self.old) + len(self.new)
        before = self.text[: self.text.rindex(self.at, 0, end)] + "\n" * self.at.startswith("\n")
        return before.count("\n") + 1, len(before) - before.rfind("\n")


_FILE = "写法"
_KEYS = "键和值"
_NAMES = "名称"
_INDICATORS = "指标和计分"
_FORMULAS = "公式和核对"
_REVIEWERS = "考核人"
_OUTCOMES = "排名和结果运用"
_NEVER = "永远不会发生的"

MISTAKES = (
    # How the file is written
    RuleFileMistake(
        _FILE, "version: 1", "\tversion: 1", "\tversion", "文件", "缩进里有制表符（Tab），请改用空格"
    ),
    RuleFileMistake(
        _FILE, "version: 1", "version: 1\nversion: 2", "version: 2", "文件", "同一个键写了两次（version）"
    ),
    RuleFileMistake(
        _FILE,
        '[">=60%: 16", ',
        "[>=60%: 16, ",
        ">=60%",
        "文件",
        "内容不能以“>”开头，请给这段内容加上英文双引号",
    ),
    RuleFileMistake(
        _FILE,
        "scope: 网店客服组",
        "scope: 范围: 网店客服组",
        ": 网店客服组",
        "文件",
        "这里不该有“: ”，请检查上一行是否漏了冒号、缩进是否对齐，或给这段内容加上英文双引号",
    ),
    RuleFileMistake(
        _FILE, "scope: 网店", "scope: \x07网店", "scope", "文件", "这一行里有看不见的控制字符，请删掉"
    ),
    # Keys and values
    RuleFileMistake(
        _KEYS,
        "            points: 16",
        "            ponits: 16",
        "ponits",
        f"{CONVERSION}.ponits",
        "不认识的键“ponits”，是不是“points”？",
    ),
    RuleFileMistake(
        _KEYS, "    checks:", "    cheks:", "cheks", f"{DATA}.cheks", "不认识的键“cheks”，是不是“checks”？"
    ),
    RuleFileMistake(
        _KEYS, "scope: 网店客服组\n", "", "# yaml-language-server", "文件", "缺少必写的键“scope”"
    ),
    RuleFileMistake(
        _KEYS,
        "            meaning: 来咨询的顾客最终付款的比例\n",
        "",
        "name: 咨询转化率",
        CONVERSION,
        "缺少必写的键“meaning”",
    ),
    RuleFileMistake(_KEYS, "name: 网店客服组月度绩效考核", "name: 2026", "name: 2026", "name", "应为文字"),
    RuleFileMistake(
        _KEYS,
        "effective_from: 2020-06-07",
        "effective_from: 2020-06-31",
        "effective_from",
        "effective_from",
        "应为日期，例如 2026-01-01",
    ),
    RuleFileMistake(
        _KEYS,
        "effective_from: 2020-06-07",
        "effective_from: 1920-06-07",
        "effective_from",
        "effective_from",
        "不能小于 2000-01-01",
    ),
    RuleFileMistake(_KEYS, "version: 1", "version: 1.5", "version", "version", "应为整数"),
    RuleFileMistake(_KEYS, "version: 1", "version: 0", "version", "version", "不能小于 1"),
    RuleFileMistake(
        _KEYS,
        "            points: 16",
        "            points: 十六",
        "points",
        f"{CONVERSION}.points",
        "应为数字",
    ),
    RuleFileMistake(
        _KEYS, "            points: 16", "            points: 0", "points", f"{CONVERSION}.points", "应大于 0"
    ),
    RuleFileMistake(
        _KEYS,
        "            points: 16",
        "            points: 16.125",
        "points",
        f"{CONVERSION}.points",
        "最多 2 位小数",
    ),
    RuleFileMistake(
        _KEYS,
        "interviews: true ",
        "interviews: 要 ",
        "interviews",
        "interviews",
        "应为 true 或 false",
    ),
    RuleFileMistake(
        _KEYS,
        "ranking: {ties: competition, minimum_points: 60}",
        "ranking: competition",
        "ranking",
        "ranking",
        "应为键值，例如 {name: …}",
    ),
    RuleFileMistake(
        _KEYS,
        "aliases: [询单流失客户数, 出库流失人数]",
        "aliases: 询单流失客户数",
        "aliases",
        f"{DATA}.fields.询单流失人数.aliases",
        "应为列表（每行以“- ”开头，或写在方括号里）",
    ),
    RuleFileMistake(
        _KEYS,
        "between: [1, 3600]",
        "between: [3600]",
        "between",
        f"{DATA}.fields.平均响应时间.between",
        "至少要有 2 项",
    ),
    RuleFileMistake(
        _KEYS,
        "between: [1, 3600]",
        "between: [1, 60, 3600]",
        "between",
        f"{DATA}.fields.平均响应时间.between",
        "最多 2 项",
    ),
    RuleFileMistake(
        _KEYS,
        "between: [1, 3600]",
        "between: [3600, 1]",
        "between",
        f"{DATA}.fields.平均响应时间.between",
        "最小值大于最大值",
    ),
    RuleFileMistake(
        _KEYS,
        "{name: 询单人数, type: count",
        "{name: 询单人数, type: coutn",
        "type: coutn",
        f"{DATA}.fields.询单人数.type",
        "不能是“coutn”，可选：count、money、duration、number、percent，是不是“count”？",
    ),
    RuleFileMistake(
        _KEYS,
        "within: 7 days",
        "within: 7天",
        "within",
        f"{RULES}.3.within",
        "“7天”的写法不对（期限：例如 7 days，下发当日不计，遇休息日顺延；rectification 必写）",
    ),
    RuleFileMistake(
        _KEYS,
        "when: last,",
        "when: lats,",
        "when: lats",
        f"{RULES}.2.when",
        "“lats”的写法不对（条件：first 第一名，last 最后一名，bottom 2 后两名，"
        "last 3 months running 连续三个月最后一名，grade A 等级为A）",
    ),
    # Names
    RuleFileMistake(
        _NAMES,
        "{name: 询单人数, type",
        "{name: 询单 人数, type",
        "name: 询单 人数",
        f"{DATA}.fields.询单 人数.name",
        "“询单 人数”的写法不对（名称：汉字或字母开头，不含空格和符号）",
    ),
    RuleFileMistake(
        _NAMES,
        "    sheet: 店长评分",
        "    sheet: 店长/评分",
        "sheet",
        "reviewers.店长.sheet",
        "“店长/评分”的写法不对（评分表：工作表的名称，最多31个字；不写则与考核人同名）",
    ),
    RuleFileMistake(
        _NAMES,
        "    sheet: 店长评分",
        "    sheet: 填写说明",
        "sheet",
        "reviewers.店长.sheet",
        "工作表不能叫“填写说明”，这个名称由系统使用",
    ),
    RuleFileMistake(
        _NAMES,
        "    sheet: 店长评分",
        "    sheet: 自评",
        "sheet",
        "reviewers.店长.sheet",
        "工作表“自评”重名了",
    ),
    RuleFileMistake(
        _NAMES,
        "{name: 有效订单数, type",
        "{name: 当月提成, type",
        "name: 当月提成",
        f"{DATA}.fields.当月提成.name",
        "“当月提成”是系统固有的列，请不要再定义",
    ),
    RuleFileMistake(
        _NAMES,
        "{name: 有效订单数, type",
        "{name: 下单人数, type",
        "name: 下单人数",
        f"{DATA}.fields.下单人数.name",
        "字段“下单人数”重名了",
    ),
    RuleFileMistake(
        _NAMES,
        "aliases: [询单客户数, 当日询单人数]",
        "aliases: [接待客户数, 当日询单人数]",
        "接待客户数",
        f"{DATA}.fields.询单人数.aliases.1",
        "列名或别名“接待客户数”重名了",
    ),
    RuleFileMistake(
        _NAMES,
        "aliases: [询单客户数, 当日询单人数]",
        "aliases: [编号, 当日询单人数]",
        "编号",
        f"{DATA}.fields.询单人数.aliases.1",
        "列名或别名“编号”重名了",
    ),
    RuleFileMistake(
        _NAMES,
        "{name: 店铺客单价, type",
        "{name: 考核月份, type",
        "name: 考核月份",
        f"{DATA}.group_fields.考核月份.name",
        "“考核月份”是表头上方固有的一格，请换个名称",
    ),
    RuleFileMistake(
        _NAMES,
        "- name: 客户流失率",
        "- name: 咨询转化率",
        "name: 咨询转化率",
        f"{CONVERSION}.name",
        "指标“咨询转化率”重名了",
    ),
    RuleFileMistake(
        _NAMES,
        "- name: 管理类",
        "- name: 服务类",
        "name: 服务类",
        "sections.服务类.name",
        "类别“服务类”重名了",
    ),
    RuleFileMistake(
        _NAMES,
        "- name: 店长\n",
        "- name: 自评\n",
        "name: 自评\n",
        "reviewers.自评.name",
        "考核人“自评”重名了",
    ),
    RuleFileMistake(
        _NAMES,
        "{name: 评语,",
        "{name: 报表整体质量,",
        "name: 报表整体质量",
        "reviewers.店长.remarks.报表整体质量.name",
        "评分表的栏目“报表整体质量”重名了",
    ),
    # Indicators and how they score
    RuleFileMistake(
        _INDICATORS,
        "points: 10\n",
        "points: 11\n",
        "\nsections:",
        "sections",
        "各指标标准分合计 101 分，应为 100 分",
    ),
    RuleFileMistake(
        _INDICATORS,
        f"            bands: {RESPONSE_BANDS}\n",
        "",
        "name: 平均响应时间\n            points",
        RESPONSE,
        f"指标“平均响应时间”的计分方法没有写，请在 {_METHODS} 中写一种",
    ),
    RuleFileMistake(
        _INDICATORS,
        f"            bands: {RESPONSE_BANDS}\n",
        f"            bands: {RESPONSE_BANDS}\n            deduct: {{each: 1}}\n",
        "name: 平均响应时间\n            points",
        RESPONSE,
        f"指标“平均响应时间”的计分方法写了不止一种（bands、deduct），请在 {_METHODS} 中写一种",
    ),
    RuleFileMistake(
        _INDICATORS,
        "            unit: duration\n",
        "",
        "name: 平均响应时间\n            points",
        RESPONSE,
        "“平均响应时间”没有写 unit（单位），可选：percent、ratio、duration、money、count、number",
    ),
    RuleFileMistake(
        _INDICATORS,
        "            value: 平均响应时间\n",
        "",
        "name: 平均响应时间\n            points",
        RESPONSE,
        "“平均响应时间”没有写 value，不知道数值从哪里来",
    ),
    RuleFileMistake(
        _INDICATORS,
        '        target: "5"\n        judged:\n          anchors:\n            - 6分：完整',
        '        target: "5"\n        unit: count\n        judged:\n          anchors:\n            - 6分：完整',
        "unit: count",
        f"{QUALITY}.unit",
        "“报表整体质量”由考核人评分，不需要“unit”",
    ),
    RuleFileMistake(
        _INDICATORS,
        "            target: 50%",
        "            target: 0.5",
        "target",
        f"{CONVERSION}.target",
        "目标值的写法要与单位一致：百分比带“%”，其他不带",
    ),
    RuleFileMistake(
        _INDICATORS,
        '"<=20: 10"',
        '"20秒以内: 10"',
        '"20秒以内: 10"',
        f"{RESPONSE}.bands.1",
        "看不懂“20秒以内: 10”，应写成“>=60%: 16”“<=20: 10”或“else: 0”",
    ),
    RuleFileMistake(
        _INDICATORS,
        RESPONSE_BANDS,
        '["else: 10"]',
        "bands",
        f"{RESPONSE}.bands",
        "至少要有两档：一个条件，和最后的“else: 分数”",
    ),
    RuleFileMistake(
        _INDICATORS,
        '"<=60: 2", "else: 0"]',
        '"<=60: 2"]',
        "bands",
        f"{RESPONSE}.bands",
        "最后一档应为“else: 分数”，否则有的数值没有得分",
    ),
    RuleFileMistake(
        _INDICATORS,
        '"<=50: 4", "<=60: 2", "else: 0"]',
        '"else: 4", "<=60: 2", "else: 0"]',
        '"else: 4"',
        f"{RESPONSE}.bands.5",
        "“else”只能放在最后一档，它下面的各档永远用不上",
    ),
    RuleFileMistake(
        _INDICATORS,
        '"<=25: 9"',
        '"<=20: 9"',
        '"<=20: 9"',
        f"{RESPONSE}.bands.2",
        "阈值应逐档变大，否则这一档永远用不上",
    ),
    RuleFileMistake(
        _INDICATORS,
        '">=55%: 14"',
        '">=65%: 14"',
        '">=65%: 14"',
        f"{CONVERSION}.bands.2",
        "阈值应逐档变小，否则这一档永远用不上",
    ),
    RuleFileMistake(
        _INDICATORS,
        '">=35%: 3"',
        '"<=35%: 3"',
        '"<=35%: 3"',
        f"{CONVERSION}.bands.6",
        "各档的方向要一致，不能既有“>”又有“<”",
    ),
    RuleFileMistake(
        _INDICATORS,
        '">=60%: 16"',
        '">=60: 16"',
        '">=60: 16"',
        f"{CONVERSION}.bands.1",
        "这项指标以百分比计，阈值要带“%”",
    ),
    RuleFileMistake(
        _INDICATORS,
        '"<=20: 10"',
        '"<=20%: 10"',
        '"<=20%: 10"',
        f"{RESPONSE}.bands.1",
        "这项指标不是百分比，阈值不要带“%”",
    ),
    RuleFileMistake(
        _INDICATORS,
        '"<=20: 10"',
        '"<=20.25: 10"',
        '"<=20.25: 10"',
        f"{RESPONSE}.bands.1",
        "阈值写得比数值印出来的还细，印出来会看不懂；请减少小数位",
    ),
    RuleFileMistake(
        _INDICATORS,
        '">=60%: 16"',
        '">=60%: 15"',
        "bands",
        f"{CONVERSION}.bands",
        "最高一档是 15 分，而这项指标的标准分是 16 分",
    ),
    RuleFileMistake(
        _INDICATORS,
        '">=50%: 12", ">=45%: 9"',
        '">=50%: 12", ">=45%: 13"',
        '">=45%: 13"',
        f"{CONVERSION}.bands.4",
        "这一档的得分（13）应低于上一档（12）",
    ),
    RuleFileMistake(
        _INDICATORS,
        '">=35%: 3"',
        '">=35%: 3.125"',
        '">=35%: 3.125"',
        f"{CONVERSION}.bands.6",
        "得分最多2位小数",
    ),
    RuleFileMistake(
        _INDICATORS,
        f"bands: {RESPONSE_BANDS}",
        "deduct: {each: 11}",
        "each: 11",
        f"{RESPONSE}.deduct.each",
        "一次就扣 11 分，超过了标准分 10 分",
    ),
    RuleFileMistake(
        _INDICATORS,
        f"bands: {RESPONSE_BANDS}",
        "deduct: {each: 2, void_from: 9}",
        "void_from",
        f"{RESPONSE}.deduct.void_from",
        "还没有到这个数，分数就已经扣完，这一条永远用不上",
    ),
    RuleFileMistake(
        _INDICATORS,
        'bands: [">=60%: 16", ">=55%: 14", ">=50%: 12", ">=45%: 9", ">=40%: 6", ">=35%: 3", "else: 0"]',
        "deduct: {each: 2}",
        "deduct",
        f"{CONVERSION}.deduct",
        "逐次扣分按次数计，数值不能是百分比（percent）",
    ),
    RuleFileMistake(
        _INDICATORS,
        "            min_denominator: 30\n            target: 50%",
        "            min_denominator: 30\n            target: 50%\n            decimals: 9",
        "decimals",
        f"{CONVERSION}.decimals",
        "不能大于 6",
    ),
    RuleFileMistake(
        _INDICATORS,
        "            target: 100%\n",
        "            target: 100%\n            min_denominator: 0\n",
        "min_denominator",
        "sections.服务类.sections.订单类.indicators.订单总金额.min_denominator",
        "应大于 0",
    ),
    RuleFileMistake(
        _INDICATORS,
        "            unit: duration\n",
        "            unit: duration\n            min_denominator: 30\n",
        "min_denominator",
        f"{RESPONSE}.min_denominator",
        "公式不是除法，没有分母可比",
    ),
    RuleFileMistake(
        _INDICATORS,
        "  - name: 管理类\n",
        "  - name: 能力类\n  - name: 管理类\n",
        "name: 能力类",
        "sections.能力类",
        "类别“能力类”里没有指标",
    ),
    RuleFileMistake(
        _INDICATORS,
        "      - name: 其他类\n        indicators:",
        "      - name: 其他类\n        sections:\n        - name: 内层\n          indicators: [{name: 空, points: 1,"
        " meaning: 空, judged: {anchors: [空]}}]\n        indicators:",
        "name: 内层",
        "sections.服务类.sections.其他类.sections.内层",
        "类别最多分两层",
    ),
    # Formulas and checks
    RuleFileMistake(
        _FORMULAS,
        "value: 付款人数 / 询单人数",
        "value: 付款人数 ÷ 询单人数",
        "value",
        f"{CONVERSION}.value",
        "公式“付款人数 ÷ 询单人数”第6个字“÷”无法识别，请改成英文的“/”",
    ),
    RuleFileMistake(
        _FORMULAS,
        "value: 付款人数 / 询单人数",
        "value: 付款人数 / (询单人数",
        "value",
        f"{CONVERSION}.value",
        "公式“付款人数 / (询单人数”第13个字处应为右括号“)”，公式已经结束",
    ),
    RuleFileMistake(
        _FORMULAS,
        "value: 付款人数 / 询单人数",
        "value: 付款人数 / total(询单人数)",
        "value",
        f"{CONVERSION}.value",
        "公式“付款人数 / total(询单人数)”里没有“total”这个函数，可用：sum、mean、min、max",
    ),
    RuleFileMistake(
        _FORMULAS,
        "value: 付款人数 / 询单人数",
        "value: 付款数 / 询单人数",
        "value",
        f"{CONVERSION}.value",
        "公式里的“付款数”不是已定义的字段，是不是“付款人数”？",
    ),
    RuleFileMistake(
        _FORMULAS,
        "value: 付款人数 / 询单人数",
        "value: 付款人数 <= 询单人数",
        "value",
        f"{CONVERSION}.value",
        "数值的公式不能是比较式",
    ),
    RuleFileMistake(
        _FORMULAS,
        "sum(付款人数))",
        "sum(店铺客单价))",
        "value",
        "sections.服务类.sections.订单类.indicators.平均客单价.value",
        "“店铺客单价”每组只有一个数，不能再求合计或平均",
    ),
    RuleFileMistake(
        _FORMULAS,
        "that: 询单人数 <= 接待人数",
        "that: 询单人数 - 接待人数",
        "that: 询单人数 - 接待人数",
        f"{DATA}.checks.1.that",
        "核对应写成比较式，例如 付款人数 <= 下单人数",
    ),
    RuleFileMistake(
        _FORMULAS,
        "that: 询单人数 <= 接待人数",
        "that: 询单人数 <= 接待数",
        "that: 询单人数 <= 接待数",
        f"{DATA}.checks.1.that",
        "公式里的“接待数”不是已定义的字段，是不是“接待人数”？",
    ),
    RuleFileMistake(
        _FORMULAS,
        "weighted_by: 接待人数",
        "weighted_by: 接待数",
        "weighted_by",
        f"{DATA}.fields.平均响应时间.weighted_by",
        "“接待数”不是已定义的整数或金额字段，是不是“接待人数”？",
    ),
    RuleFileMistake(
        _FORMULAS,
        "{name: 询单人数, type: count, ",
        "{name: 询单人数, type: count, weighted_by: 接待人数, ",
        "weighted_by",
        f"{DATA}.fields.询单人数.weighted_by",
        "“询单人数”是整数或金额，几行直接相加，不用加权",
    ),
    RuleFileMistake(
        _FORMULAS,
        "{name: 店铺客单价, type: money, ",
        "{name: 店铺客单价, type: money, weighted_by: 接待人数, ",
        "weighted_by",
        f"{DATA}.group_fields.店铺客单价.weighted_by",
        "“店铺客单价”每组只有一个数，没有几行可合并",
    ),
    # Reviewers
    RuleFileMistake(
        _REVIEWERS,
        "weight: 30%",
        "weight: 25%",
        "\nreviewers:",
        "reviewers",
        "考核人权重合计 95%，应为 100%",
    ),
    RuleFileMistake(
        _REVIEWERS,
        "weight: 30%",
        "weight: 0.3",
        "weight",
        "reviewers.自评.weight",
        "应写成百分数，例如 30%，现在是“0.3”",
    ),
    RuleFileMistake(
        _REVIEWERS,
        "if_absent: 店长",
        "if_absent: 主管",
        "if_absent",
        "reviewers.自评.if_absent",
        "“主管”不是另一位考核人",
    ),
    RuleFileMistake(
        _REVIEWERS,
        "    sheet: 店长评分\n",
        "    sheet: 店长评分\n    if_absent: 自评\n",
        "if_absent: 店长",
        "reviewers.自评.if_absent",
        "“店长”自己也可以缺评，代替不了“自评”",
    ),
    # Ranking and outcomes
    RuleFileMistake(
        _OUTCOMES,
        "minimum_points: 60}",
        "minimum_points: 60, break_by: [转化率]}",
        "转化率",
        "ranking.break_by.1",
        "“转化率”不是已定义的指标，是不是“咨询转化率”？",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "minimum_points: 60}",
        "minimum_points: 101}",
        "minimum_points",
        "ranking.minimum_points",
        "超过了全部标准分，谁都不能参与排名",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "do: reward, amount: 100, ",
        "do: reward, ",
        "{when: first",
        f"{RULES}.1",
        "reward 要写 amount（金额）",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "do: rectification, ",
        "do: rectification, amount: 50, ",
        "amount: 50",
        f"{RULES}.3.amount",
        "rectification 不涉及金额",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "do: reward, ",
        "do: reward, from: 当月提成, ",
        "from",
        f"{RULES}.1.from",
        "只有 deduct 才有“from”",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "from: 当月提成",
        "from: 当月提乘",
        "from",
        f"{RULES}.2.from",
        "“当月提乘”不是已定义的字段，是不是“当月提成”？",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "within: 7 days, ",
        "",
        "{when: bottom 2",
        f"{RULES}.3",
        "rectification 要写 within（期限），例如 7 days",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "do: reward, ",
        "do: reward, within: 7 days, ",
        "within",
        f"{RULES}.1.within",
        "reward 没有期限，只有 rectification 才写“within”",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "when: last 3 months running",
        "when: bottom 3",
        "when: bottom 3",
        f"{RULES}.4.when",
        "consider_transfer 要与“last 3 months running”这样的连续月份配合",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "when: last, do: deduct",
        "when: last 2 months running, do: deduct",
        "do: deduct",
        f"{RULES}.2.do",
        "连续末位只能是提示（consider_transfer），不能直接动钱或下结论",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "do: deduct, ",
        "do: deduct, only_if: final, ",
        "only_if",
        f"{RULES}.2.only_if",
        "应写成比较式，例如 final >= 60",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "do: deduct, ",
        "do: deduct, unless: 得分 >= 85, ",
        "unless",
        f"{RULES}.2.unless",
        "公式里的“得分”不是已定义的字段",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "    - {when: last, do: deduct",
        "    - {when: first, do: reward, amount: 50}\n    - {when: last, do: deduct",
        "{when: first, do: reward, amount: 50}",
        f"{RULES}.2",
        "与第1条重复（first → reward）",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "when: bottom 2, do: rectification",
        "when: first, do: rectification",
        "do: rectification",
        f"{RULES}.3.do",
        "第一名不能扣减或整改",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "when: first, do: reward",
        "when: bottom 1, do: reward",
        "when: bottom 1",
        f"{RULES}.1.when",
        "奖励只能给第一名（first）或某个等级（grade A）",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "  minimum: 4",
        "  minimum: 2",
        "minimum: 2",
        "outcomes.minimum",
        "只有 2 人时，第一名也会落入后2名；请至少写 3",
    ),
    RuleFileMistake(
        _OUTCOMES,
        "    - {when: bottom 2, do: rectification",
        "    - {when: last, do: rectification, within: 3 days}\n    - {when: bottom 2, do: rectification",
        "{when: bottom 2, do: rectification",
        f"{RULES}.4",
        "与第3条都要最后一名整改，同一个人会收到两份整改方案；请只写一条",
    ),
    # What can never happen
    RuleFileMistake(
        _NEVER,
        '"<=20: 10", "<=25: 9"',
        '"<=0.5: 10", "<=25: 9"',
        '"<=0.5',
        f"{RESPONSE}.bands.1",
        "数值只能在 1.0秒 到 3,600.0秒 之间，这一档永远用不上",
    ),
    RuleFileMistake(
        _NEVER,
        '"<=60: 2", "else: 0"',
        '"<=3600: 2", "else: 0"',
        '"<=3600',
        f"{RESPONSE}.bands.6",
        "数值只能在 1.0秒 到 3,600.0秒 之间，到这一档总是符合，下面各档永远用不上",
    ),
    RuleFileMistake(
        _NEVER,
        "target: 50%",
        "target: 30%",
        "target",
        f"{CONVERSION}.target",
        "目标值落在最低一档，达到了也拿不到分；请与分档对照",
    ),
    RuleFileMistake(
        _NEVER,
        '        target: "5"\n        judged:\n          anchors:\n            - 6分起评',
        '        target: "7"\n        judged:\n          anchors:\n            - 6分起评',
        "target",
        "sections.管理类.indicators.报表上交及时性.target",
        "目标值超过了标准分 6 分，谁都达不到",
    ),
    RuleFileMistake(
        _NEVER,
        "that: 付款人数 <= 下单人数",
        "that: 付款人数 <= 付款人数",
        "that",
        f"{DATA}.checks.3.that",
        "按各数允许的范围，这条核对总是成立，什么也查不出来",
    ),
    RuleFileMistake(
        _NEVER,
        "that: 有效订单数 <= 已付款订单数",
        "that: 平均响应时间 >= 0",
        "that",
        f"{DATA}.checks.5.that",
        "按各数允许的范围，这条核对总是成立，什么也查不出来",
    ),
    RuleFileMistake(
        _NEVER,
        "that: 付款人数 <= 下单人数",
        "that: 平均响应时间 + 付款人数 < 1",
        "that",
        f"{DATA}.checks.3.that",
        "按各数允许的范围，这条核对永远不成立，每份表都会被退回",
    ),
)
