"""A formula told in Chinese, alone and with one person's numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from appraisal.scheme.formula.parse import parse
from appraisal.scheme.formula.printing import in_words


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("付款人数 / 询单人数", "付款人数 ÷ 询单人数"),
        ("甲 - 乙 - 丙", "甲 － 乙 － 丙"),
        ("甲 - (乙 - 丙)", "甲 － （乙 － 丙）"),
        ("甲 / (乙 * 丙)", "甲 ÷ （乙 × 丙）"),
        ("甲 * (乙 / 丙)", "甲 × 乙 ÷ 丙"),
        ("(甲 + 乙) * 丙", "（甲 ＋ 乙） × 丙"),
        ("-(甲 + 乙) * 丙", "－（甲 ＋ 乙） × 丙"),
        ("-甲", "－甲"),
        ("1 - 甲 / 乙", "1 － 甲 ÷ 乙"),
        ("付款人数 <= 下单人数", "付款人数不超过下单人数"),
        ("final >= 60", "final不少于60"),
        ("sum(订单总金额) / sum(付款人数)", "全组订单总金额合计 ÷ 全组付款人数合计"),
        ("mean(甲)", "全组甲平均"),
        ("店铺客单价 ?? mean(甲)", "店铺客单价（未填时按 全组甲平均）"),
    ],
)
def test_a_formula_reads_as_people_write_it(formula: str, words: str) -> None:
    """Brackets only where they are needed, the signs of a textbook."""
    assert in_words(parse(formula)) == words


def test_with_numbers_every_name_carries_its_figure() -> None:
    """The line 怎么算 of a slip."""
    numbers = {"付款人数": Decimal(432), "询单人数": Decimal(800)}
    assert in_words(parse("付款人数 / 询单人数"), numbers.get) == "付款人数432 ÷ 询单人数800"


def test_what_was_not_filled_says_so() -> None:
    """A blank is told as 未填, not as 0."""
    assert in_words(parse("甲 + 乙"), {"甲": Decimal(1)}.get) == "甲1 ＋ 乙未填"


def test_of_two_sources_only_the_one_taken_is_told() -> None:
    """The typed price if there is one, else the group's figures."""
    tree = parse("金额 / (店铺客单价 ?? sum(金额) / sum(人数))")
    group = {"金额": Decimal(100), "sum(金额)": Decimal(9000), "sum(人数)": Decimal(50)}
    assert in_words(tree, (group | {"店铺客单价": Decimal(190)}).get) == "金额100 ÷ 店铺客单价190"
    assert in_words(tree, group.get) == "金额100 ÷ （全组金额合计9,000 ÷ 全组人数合计50）"
