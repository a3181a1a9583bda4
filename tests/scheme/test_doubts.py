"""What `rules check` asks about although nothing is wrong: it may be meant so, and it may not."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from appraisal.scheme.checks.outcomes import clause_contradictions
from appraisal.scheme.model.outcome_rules import OutcomeRule
from appraisal.scheme.rulebook import load_rule_file
from tests.builders.samples import shipped_rules
from tests.builders.schemes import EVERYTHING_TEXT, changed
from tests.builders.submissions import RULES

GRADE_C = "    - {when: grade C, do: deduct, amount: 10, from: 当月提成}\n    - {when: last 3"


def doubts(folder: Path, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    """Path and sentence of each, in a scheme that has none by itself."""
    file = folder / "everything.yaml"
    file.write_text(changed(*changes, text=EVERYTHING_TEXT), "utf-8")
    return [(one.path, one.message) for one in load_rule_file(file).doubts]


def test_the_scheme_and_the_shipped_ones_raise_none(tmp_path: Path) -> None:
    """Or people would learn to read over them."""
    assert doubts(tmp_path) == []
    assert {one: load_rule_file(one).doubts for one in RULES.glob("*.yaml")} == dict.fromkeys(
        RULES.glob("*.yaml"), ()
    )
    assert len(shipped_rules().ids) == 11


@pytest.mark.parametrize(
    ("change", "path", "sentence"),
    [
        (("from: 当月提成, ", ""), "3", "没有写 from（例如 当月提成），扣减没有上限，可能扣到提成以外的工资"),
        (
            ("unless: final >= 85, ", ""),
            "3",
            "与第2条可能落到同一个人身上：又奖励又扣减；不是这个意思的，请用 only_if 或 unless 分开",
        ),
        (
            (", only_if: final < 80}", "}"),
            "4",
            "与第2条可能落到同一个人身上：又奖励又整改；不是这个意思的，请用 only_if 或 unless 分开",
        ),
        (
            ("    - {when: last 3", GRADE_C.replace("grade C", "grade B")),
            "5",
            "与第1条可能落到同一个人身上：又奖励又扣减；不是这个意思的，请用 only_if 或 unless 分开",
        ),
        (
            (
                "    - {when: last 3",
                "    - {when: grade C, do: rectification, within: 3 days}\n    - {when: last 3",
            ),
            "5",
            "与第4条可能落到同一个人身上：整改方案只交一份，按较早的期限；不是这个意思的，请只写一条",
        ),
    ],
)
def test_what_is_asked(tmp_path: Path, change: tuple[str, str], path: str, sentence: str) -> None:
    """With the rule that it is about."""
    assert (f"outcomes.rules.{path}", sentence) in doubts(tmp_path, change)


@pytest.mark.parametrize(
    ("rule", "sentences"),
    [
        ("when: first, do: reward, amount: 150, clause: 奖励100元", ["条款写100元，规则是 amount: 150"]),
        ("when: first, do: reward, amount: 1200, clause: 奖励一千二百元", []),
        ("when: first, do: reward, amount: 1200, clause: '奖励1,200.00元'", []),
        ("when: first, do: reward, amount: 100, clause: 第一名100元、第二名50元", []),
        ("when: first, do: reward, amount: 100, clause: 见制度第三条", []),
        ("when: bottom 2, do: rectification, within: 10 days, clause: 后三名，一周内提交", [
            "条款写7天，规则是 within: 10 days", "条款写3名，规则是 when: bottom 2",
        ]),
        ("when: bottom 2, do: rectification, within: 7 days, clause: 后两名，7个工作日内提交",
            ["条款写的是工作日，规则的 within: 7 days 按自然日算"]),
        ("when: bottom 2, do: rectification, within: 14 days, clause: 最后两名，通报下发后两周内提交", []),
        ("when: last 3 months running, do: consider_transfer, clause: 连续四个月最后一名",
            ["条款写4个月，规则是 when: last 3 months running"]),
    ],
)  # fmt: skip
def test_a_clause_that_says_another_number_than_its_rule_is_asked_about(
    rule: str, sentences: list[str]
) -> None:
    """Sums, days, people and months, in figures and in words."""
    values = YAML(typ="safe").load(f"{{{rule}}}")
    assert list(clause_contradictions(OutcomeRule.model_validate(values))) == sentences


def test_rules_check_names_the_clause(tmp_path: Path) -> None:
    """With its place in the file."""
    told = doubts(tmp_path, ("amount: 200, clause", "amount: 300, clause"))
    assert told == [
        ("outcomes.rules.2.clause", "条款写200元，规则是 amount: 300；两处应当一致，请改其中一处")
    ]


def test_rules_that_no_score_can_bring_together_are_not_asked_about(tmp_path: Path) -> None:
    """Grade C is under 60, and the first is rewarded from 60 on."""
    assert doubts(tmp_path, ("    - {when: last 3", GRADE_C)) == []


def test_a_group_of_two_is_asked_about(tmp_path: Path) -> None:
    """One is rewarded, the other pays."""
    told = doubts(tmp_path, ("  minimum: 3", "  minimum: 2"), ("when: bottom 2", "when: bottom 1"))
    assert told == [("outcomes.minimum", "只有两个人参加排名时，也会奖一个、扣一个")]
