"""What is too large, too long or too much in a rule file: a slip of the finger, or made to do harm."""

from __future__ import annotations

from tests.builders.rule_mistake import RuleFileMistake

_TOO_MUCH = "太大、太长、太多"
_RULES = "outcomes.rules"
_CONVERSION = "sections.服务类.sections.旺旺沟通.indicators.咨询转化率"
_RESPONSE = "sections.服务类.sections.旺旺沟通.indicators.平均响应时间"


def _excess(old: str, new: str, at: str, path: str, message: str) -> RuleFileMistake:
    return RuleFileMistake(_TOO_MUCH, old, new, at, path, message)


# fmt: off
EXCESSES = (
    _excess("reward, amount: 100", "reward, amount: 1000001", "amount", f"{_RULES}.1.amount", "不能大于 1000000"),
    _excess("reward, amount: 100", "reward, amount: 1e999999999", "amount", f"{_RULES}.1.amount", "应为数字"),
    _excess("reward, amount: 100", "reward, amount: 1000000000000000", "1000000000000000", "文件", "这个数写了太多位，最多 15 位"),
    _excess("within: 7 days", "within: 366 days", "within", f"{_RULES}.3.within", "期限最多 365 天"),
    _excess("bottom 2", "bottom 1001", "when", f"{_RULES}.3.when", "最多写后 1000 名"),
    _excess("  minimum: 4", "  minimum: 10001", "minimum", "outcomes.minimum", "不能大于 10000"),
    _excess("minimum_points: 60", "minimum_points: 1001", "minimum_points", "ranking.minimum_points", "不能大于 1000"),
    _excess("version: 1", "version: 10000", "version", "version", "不能大于 9999"),
    _excess("            points: 16", "            points: 1001", "points", f"{_CONVERSION}.points", "不能大于 1000"),
    _excess("min_denominator: 30", "min_denominator: 1000000000001", "min_denominator", f"{_CONVERSION}.min_denominator",
            "不能大于 1000000000000"),
    _excess("min_denominator: 30", "min_denominator: 1e-300", "min_denominator", f"{_CONVERSION}.min_denominator",
            "最多 6 位小数"),
    _excess("between: [1, 3600]", "between: [1, 1e300]", "1e300", "tables.考核数据.fields.平均响应时间.between.2",
            "不能大于 1000000000000"),
    _excess('">=60%: 16"', '">=9999999999999%: 16"', '">=9999999999999', f"{_CONVERSION}.bands.1",
            "“9999999999999”位数太多：整数部分最多 12 位，小数最多 6 位"),
    _excess('target: "30"', 'target: "9999999999999"', "target", f"{_RESPONSE}.target",
            "“9999999999999”位数太多：整数部分最多 12 位，小数最多 6 位"),
    _excess("value: 付款人数 / 询单人数", "value: 付款人数 / 询单人数 * 9999999999999", "value", f"{_CONVERSION}.value",
            "“9999999999999”位数太多：整数部分最多 12 位，小数最多 6 位"),
    _excess("name: 网店客服组月度绩效考核", f"name: {'考' * 61}", "name", "name", "最多 60 个字"),
    _excess("aliases: [询单客户数", f"aliases: [{'数' * 41}", "数" * 41, "tables.考核数据.fields.询单人数.aliases.1", "最多 40 个字"),
    _excess("aliases: [询单客户数", f"aliases: [{'数, ' * 50}数", "aliases", "tables.考核数据.fields.询单人数.aliases", "最多 50 项"),
)
# fmt: on
