"""等级与绩效系数: what finance reckons the performance pay with, beside the money lines."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.builders.schemes import changed
from tests.hr.hr_shop import FLAGSHIP, SECOND, lines, lists, opened, table

MONEY, CSV, SHEET = "奖励与提成调整明细.xlsx", "等级与绩效系数.csv", "等级与绩效系数"
GRADED = changed(
    (
        "\noutcomes:",
        "\ngrades:\n  - {name: 优, from: 76, factor: 1.2}\n  - {name: 良, factor: 0.95}\n\noutcomes:",
    )
)


def told(document: bytes) -> list[tuple[Any, ...]]:
    names = ("工号", "等级", "绩效系数", "状态", "备注")
    return [tuple(line[name] for name in names) for line in lines(document)]


def test_without_grades_there_is_no_such_sheet(tmp_path: Path) -> None:
    """Most schemes have none."""
    with opened(tmp_path) as shop:
        shop.month()
        documents = shop.documents()
    assert CSV not in documents
    assert SHEET not in lists(documents[MONEY])


def test_factors_are_in_force_from_the_issue_on_and_go_with_the_month(tmp_path: Path) -> None:
    """A withdrawn group is not there at all."""
    with opened(tmp_path) as shop:
        shop.rules = GRADED
        shop.month(FLAGSHIP, staff=4, last="KF004")
        shop.month(SECOND, staff=4)
        shop.issue(FLAGSHIP)
        assert {line[3] for line in told(shop.documents()[CSV])} == {"执行", "待下发"}
        shop.withdraw(FLAGSHIP)
        assert FLAGSHIP not in {line["考核组"] for line in lines(shop.documents()[CSV])}
        documents = shop.documents()
    assert {row["考核组"] for row in table(documents[MONEY], SHEET)} == {SECOND}


def test_the_grade_is_of_the_score_and_a_trial_moves_nothing(tmp_path: Path) -> None:
    """试运行: grades are shown, and marked as not to be reckoned with. Who has no place has no factor."""
    with opened(tmp_path) as shop:
        shop.rules, shop.settings = GRADED, replace(shop.settings, trial=True)
        absent = {
            ("考核数据", "KF002", "参评情况"): "试用期",
            ("考核数据", "KF002", "情况说明"): "11月20日入职",
        }
        shop.month(FLAGSHIP, staff=4, last="KF004", cells=absent)
        shop.issue(FLAGSHIP)
        assert told(shop.documents()[CSV]) == [
            ("KF001", "优", "1.2", "试运行，不执行", ""),
            ("KF003", "良", "0.95", "试运行，不执行", ""),
            ("KF004", "良", "0.95", "试运行，不执行", ""),
            ("KF002", "不参与排名", "", "试运行，不执行", "试用期"),
        ]
