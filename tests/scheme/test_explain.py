"""`rules explain`: the scheme in words, complete and readable, as a document to sign."""

from __future__ import annotations

import unicodedata

import pytest

from appraisal.scheme.describe.document import Bullets, Heading, Paragraph, TableBlock, as_markdown
from appraisal.scheme.describe.explain import explain_scheme, scheme_document
from tests.builders.samples import shipped
from tests.builders.schemes import (
    EVERYTHING_TEXT,
    SHOP_TEXT,
    changed,
    one_mark_scheme,
    one_value_scheme,
    scheme_of,
)

TEXT = explain_scheme(scheme_of(SHOP_TEXT))


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


@pytest.mark.parametrize(
    "told",
    [
        "# 网店客服组月度绩效考核",
        "方案代号 online-shop，第1版。2020年6月7日起实施，自2020年7月起按本版考核。",
        "- 鼓励先进，促进发展。",
        "网店客服组。每月考核一次。",
        "共13项指标，满分100分：按数据计分的80分，由考核人评分的20分。",
        "### 1. 咨询转化率（16分）",
        "- 含义：来咨询的顾客最终付款的比例",
        "- 计算：付款人数 ÷ 询单人数，四舍五入到0.01%后计分",
        "- 样本下限：询单人数不足30的，本项不适用",
        "| ≥60.00% | ≥55.00% | ≥50.00% | ≥45.00% | ≥40.00% | ≥35.00% | 其他 |",
        "| 16分    | 14分    | 12分    | 9分     | 6分     | 3分     | 0分  |",
        "- 计算：平均响应时间，四舍五入到0.1秒后计分",
        "店铺客单价（未填时按 全组订单总金额合计 ÷ 全组付款人数合计）",
        "- 评分：每位考核人在0到6分之间评分，最多1位小数",
        "- 6分起评，每迟交1个报表日减1分",
        "| 自评   | 30%  | 工作任务完成情况                       | 按店长评分计，各项材料上注明 |",
        "- 综合得分＝自评合计×30%＋店长合计×70%。",
        "- 店长另填、不计分：扣分依据、工作能力、工作协作性、服务性、评语。",
        "- 按印出来的综合得分从高到低排名，同分并列，名次排成1、2、2、4。",
        "- 可计分指标的标准分合计不足60分的，不参与排名。",
        "| 综合排名第一名            | 奖励100元 ",
        "| 提成调整，减少100元                | 以当月提成为限 |",
        "| 通报下发后7日内提交整改方案        |",
        "- 参与排名不足4人，或全部同分的，当月不执行结果运用。",
        "- 综合排名第一名、综合排名最后一名有并列的，待研究确定，由人事裁定前不执行。",
        "- 综合排名后2名：与最后一位同分的一并计入，但不含第一名。",
        "下发当日不计入；最后一天不是工作日的，顺延到下一个工作日",
        "这只是提示，附各月依据，不写入通报。",
        "| 平均响应时间（秒）           | 时长（秒） | 是   | 1 到 3,600          |",
        "- 付款人数不超过下单人数，否则退回更正：付款人数不能多于下单人数",
        "- 比本人前6个月中每个月都多或少6倍以上的（前后都不到20的不提示）",
        "- 与前6个月中某个月有80%以上的数相同的",
        "批准：＿＿＿＿＿＿",
    ],
)
def test_the_document_says(told: str) -> None:
    """Purpose, scope, every indicator, who weighs what, ranking, outcomes, deadlines, data, signatures."""
    assert told in TEXT


def test_every_name_of_the_scheme_is_in_it() -> None:
    """Every section, indicator, reviewer and data field."""
    scheme = scheme_of(SHOP_TEXT)
    names = [
        one.name
        for group in (scheme.indicators, scheme.fields, scheme.group_fields, scheme.reviewers)
        for one in group
    ]
    assert [name for name in names if name not in TEXT] == []
    assert "服务类 › 旺旺沟通" in TEXT


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ties: competition", "ties: dense", "名次排成1、2、2、3"),
        ("minimum_points: 60", "minimum_points: 60, break_by: [订单总金额, 咨询转化率]", "同分的依次比较订单总金额、咨询转化率"),
        ("do: reward,", "do: reward, if_tied: each,", "综合排名第一名有并列的，每人都按规定执行"),
        ("do: reward,", "do: reward, only_if: final >= 60,", "仅限综合得分不少于60"),
        ("do: deduct,", "do: deduct, unless: final >= 85,", "以当月提成为限；综合得分不少于85的除外"),
        ("    if_absent: 店长\n", "", "| 退回补评   |"),
        ("interviews: true", "interviews: false", "九、签署"),
        ("sections:\n", "plausibility: {own: 8}\nsections:\n", "比本人前6个月中每个月都多或少8倍以上的"),
    ],
)  # fmt: skip
def test_a_changed_rule_is_told_in_words(old: str, new: str, told: str) -> None:
    """Options read as sentences, not as keys."""
    assert told in explain_scheme(scheme_of(changed((old, new))))


def test_a_deduction_is_told_by_what_each_event_costs() -> None:
    """The standard of another method."""
    told = explain_scheme(one_value_scheme("deduct: {each: 5, void_from: 4}", value="甲", unit="count"))
    assert "| 每发生1次扣 | 达到4，本项记0分 |" in told
    assert "| 5分         | 0分              |" in told


def test_a_scheme_without_outcomes_says_so() -> None:
    """No empty table."""
    told = explain_scheme(one_mark_scheme(outcomes="{}"))
    assert "本方案只计分、排名，不规定结果运用。" in told


def test_words_that_must_not_be_said_are_not_said() -> None:
    """Money is an adjustment of commission, and nobody is 'eliminated'."""
    assert not [word for word in ("罚款", "处罚", "末位淘汰") if word in TEXT]


def test_no_key_of_the_rule_file_shines_through() -> None:
    """English words stay in the rule file (the scheme's id aside)."""
    words = {"final", "bands", "judged", "percent", "hold", "each", "reward", "deduct", "None", "True"}
    assert not [word for word in words if word in TEXT]


def test_tables_stand_in_straight_columns_in_a_terminal() -> None:
    """Chinese characters are two columns wide."""
    table = [line for line in TEXT.splitlines() if line.startswith("|")]
    blocks: dict[int, set[int]] = {}
    number = 0
    for line in TEXT.splitlines():
        number += not line.startswith("|")
        if line.startswith("|"):
            blocks.setdefault(number, set()).add(width(line))
    assert len(table) > 30
    assert {len(widths) for widths in blocks.values()} == {1}


def test_blocks_become_markdown() -> None:
    """One blank line between blocks; a bar inside a cell does not break the table."""
    blocks = (
        Heading(2, "标题"),
        Paragraph("正文"),
        Bullets(("一", "二")),
        TableBlock(("甲|乙", "丙"), (("1", "2\n3"),)),
    )
    assert (
        as_markdown(blocks)
        == "## 标题\n\n正文\n\n- 一\n- 二\n\n| 甲\\|乙 | 丙  |\n| ------ | --- |\n| 1      | 2 3 |\n"
    )


def test_the_document_is_made_of_blocks_for_other_papers() -> None:
    """Headings, paragraphs, lists and full tables; a Word file can be made of the same."""
    blocks = scheme_document(scheme_of(SHOP_TEXT))
    assert isinstance(blocks[0], Heading)
    assert all(
        len(row) == len(one.header) for one in blocks if isinstance(one, TableBlock) for row in one.rows
    )


def test_grades_know_no_ties_and_no_level_months() -> None:
    """They ask for a score: what is said of places is not said of them."""
    told = explain_scheme(scheme_of(EVERYTHING_TEXT))
    assert "- 全部同分的，当月不执行按名次的规定，按等级的照常执行。" in told
    assert "等级为A有并列的" not in told
    assert "绩效工资由财务按绩效系数核定" in told
    alone = explain_scheme(shipped("account-manager"))
    assert "并列的，" not in alone
    assert "全部同分" not in alone
