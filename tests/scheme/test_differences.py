"""`rules diff`: every change between two versions of a scheme is told in plain Chinese, and nothing else."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from appraisal.scheme.describe.differences import differences, explain_differences
from appraisal.scheme.describe.document import as_markdown
from appraisal.scheme.model.scheme import Scheme
from tests.builders.schemes import EACH_RULE_FILE, SHOP_TEXT, changed, scheme_of

SHOP = scheme_of(SHOP_TEXT)


def told(*replacements: tuple[str, str]) -> list[str]:
    """What is told of the shipped file with these changes."""
    return [str(one) for one in differences(SHOP, scheme_of(changed(*replacements)))]


BANDS = '["<=35%: 4", "<=45%: 3", "<=55%: 2", "<=65%: 1", "else: 0"]'


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("version: 1", "version: 2", "版本号由1改为2"),
        ("2020-06-07", "2026-10-01", "考核实施日期由2020年6月7日改为2026年10月1日"),
        ("interviews: true", "interviews: false", "抽访由是改为否"),
        ('">=55%: 14"', '">=56%: 14"', "指标“咨询转化率”：14分这一档由≥55.00%改为≥56.00%"),
        ('">=55%: 14"', '">=55%: 15"', "指标“咨询转化率”：≥55.00%这一档由14分改为15分"),
        ('">=55%: 14", ', "", "指标“咨询转化率”：取消≥55.00%这一档（≥55.00% 得14分）"),
        ("target: 45%", "target: 40%", "指标“客户流失率”：目标值由“45%”改为“40%”"),
        ("            target: 45%\n", "", "指标“客户流失率”：目标值由“45%”改为不写"),
        (
            "value: 付款人数 / 询单人数",
            "value: 下单人数 / 询单人数",
            "指标“咨询转化率”：公式由付款人数 ÷ 询单人数改为下单人数 ÷ 询单人数",
        ),
        (
            "value: 付款人数 / 询单人数",
            "value: (付款人数) / 询单人数",
            "指标“咨询转化率”：公式由“付款人数 / 询单人数”改为“(付款人数) / 询单人数”（意思相同，写法不同）",
        ),
        (
            "- name: 报表整体质量",
            "- name: 报表质量",
            "指标“报表整体质量”：名称由“报表整体质量”改为“报表质量”",
        ),
        ("- name: 服务类", "- name: 客服类", "类别“服务类”：改名为“客服类”"),
        (
            "focus: 工作任务完成情况",
            "focus: 任务完成",
            "考核人“自评”：考核重点由“工作任务完成情况”改为“任务完成”",
        ),
        ("ties: competition", "ties: dense", "并列排法由1-2-2-4改为1-2-2-3"),
        ("  minimum: 4", "  minimum: 5", "最少人数由4人改为5人"),
        ("amount: 100, clause", "amount: 88.5, clause", "规定“综合排名第一名”：金额由100元改为88.50元"),
        ("within: 7 days", "within: 10 days", "规定“综合排名后2名”：期限由7天内改为10天内"),
        ("bottom 2", "bottom 3", "规定“综合排名后2名”：条件由综合排名后2名改为综合排名后3名"),
        (
            "do: deduct,",
            "do: deduct, unless: final >= 85,",
            "规定“综合排名最后一名”：除外由不写改为综合得分不少于85",
        ),
        (
            "that: 付款人数 <= 下单人数",
            "that: 付款人数 < 下单人数",
            "“考核数据”的核对“付款人数不能多于下单人数”：关系由付款人数不超过下单人数改为付款人数小于下单人数",
        ),
        (
            "元, required: false",
            "元, required: true",
            "“考核数据”的全组共用的数的数据“店铺客单价”：必填由否改为是",
        ),
        ("sections:\n", "plausibility: {same: 90%}\nsections:\n", "雷同由80%改为90%"),
        (
            f"bands: {BANDS}",
            "linear: {at: 45%, gives: 3, per: 5%, change: 1, better: lower}",
            (
                "指标“客户流失率”：计分方法由"
                "分档计分（≤35.00% 4分；≤45.00% 3分；≤55.00% 2分；≤65.00% 1分；其他 0分）改为"
                "比例计分（基准“45%”，基准分3分，步长“5%”，增减1分，方向越低越好）"
            ),
        ),
    ],
)
def test_a_change_is_told_in_words(old: str, new: str, line: str) -> None:
    """Names, weights, bands, points, formulas, outcomes, dates: from what to what, as people see it."""
    assert line in told((old, new))


def test_a_renamed_section_is_no_move_of_its_indicators() -> None:
    """One line for one act."""
    assert told(("- name: 服务类", "- name: 客服类")) == ["类别“服务类”：改名为“客服类”"]


def test_an_indicator_that_moves_is_told_as_moved() -> None:
    """It keeps its name and its points."""
    moved = """
      - name: 报表整体质量
        points: 6
        meaning: 报表是否完整、一致，有无分析和建议"""
    split = told((moved, f"\n  - name: 质量类\n    indicators:{moved}"))
    assert split == [
        "增加类别“质量类”",
        "指标“报表整体质量”：由类别“管理类”移到“质量类”",
    ]


def test_a_whole_new_field_is_told_with_everything_that_it_says() -> None:
    """Nothing is left to be looked up."""
    line = "      - {name: 有责投诉数"
    new = "      - {name: 表扬数, type: count, required: false, aliases: [好评数], hint: 没有填0}\n"
    assert told((line, new + line)) == [
        "“考核数据”：增加数据“表扬数”：类型整数，别名“好评数”，必填否，提示“没有填0”"
    ]


def test_the_document_groups_the_changes_and_counts_them() -> None:
    """A heading for each part of the file that changed, and from when the new version counts."""
    new = scheme_of(
        changed(("version: 1", "version: 2"), ("2020-06-07", "2026-10-15"), ("bottom 2", "bottom 3"))
    )
    text = as_markdown(explain_differences(SHOP, new))
    assert "由第1版（自2020年7月起考核）改为第2版（自2026年11月起考核）。共3处改动。" in text
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# 网店客服组月度绩效考核：规则改动",
        "## 方案",
        "## 结果运用",
    ]
    assert "两份规则没有差别。" in as_markdown(explain_differences(SHOP, SHOP))


# ----------------------------------------------------------------------- nothing is left unsaid


def another(value: Any) -> Any:
    """A value of the same kind that is not this one."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str() if value.endswith("%") and value[:-1].isdigit():
            return f"{int(value[:-1]) + 1}%"
        case str() if value and value[-1].isdigit():
            return value[:-1] + str((int(value[-1]) + 1) % 10)
        case str():
            return value + "乙"
        case _:
            return value


def mutations(node: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where a rule file can be changed, and how: each value changed, each entry gone, neighbours swapped."""
    if path:
        yield path, "gone"
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from mutations(inner, (*path, key))
    elif isinstance(node, list):
        for at, inner in enumerate(node):
            yield from mutations(inner, (*path, at))
            if at:
                yield (*path, at), "swapped with the one before"
    else:
        yield path, "another"


def mutated(document: Any, path: tuple[str | int, ...], how: str) -> Any:
    document = copy.deepcopy(document)
    node = document
    for step in path[:-1]:
        node = node[step]
    last: Any = path[-1]
    if how == "gone":
        del node[last]
    elif how == "another":
        node[last] = another(node[last])
    else:
        node[last - 1], node[last] = node[last], node[last - 1]
    return document


def loaded(document: Any) -> Scheme | None:
    """The model, lint or no lint; None where a part is not well-formed."""
    try:
        scheme = Scheme.model_validate(document)
        _ = [one.method for one in scheme.indicators]
    except (ValidationError, StopIteration):
        return None
    return scheme


@EACH_RULE_FILE
def test_whatever_loads_differently_is_told(file: Path) -> None:
    """Every value of the file changed, every entry taken away, every two neighbours swapped, in turn."""
    document = json.loads(json.dumps(YAML(typ="safe").load(file.read_text("utf-8")), default=str))
    scheme = loaded(document)
    assert scheme is not None
    assert differences(scheme, scheme) == ()
    different = 0
    for path, how in mutations(document):
        other = loaded(mutated(document, path, how))
        if other is None or (other == scheme and list(other.tables) == list(scheme.tables)):
            continue
        different += 1
        lines = [str(one) for one in differences(scheme, other)]
        assert lines, f"{path} {how}: nothing is told"
        assert not any(word in line for line in lines for word in ("None", "Decimal", "=(", "＇")), lines
        assert differences(other, scheme), f"{path} {how}: nothing is told the other way round"
    assert different > 100
