"""`doctor --self-test`: the demo, cut off in its last pass, says on this machine what the shipped one says.

The demo itself shows a newcomer all of it: three months, a streak, a returned workbook.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appraisal.admin.machine import CheckState
from appraisal.admin.self_test import SHIPPED, SelfTest, compared_with_shipped, run_self_test
from appraisal.cli.app import main
from appraisal.workspace.paths import Workspace
from tests.publish.documents import html_lines

REFRESH = "what papers say was changed; if on purpose: python tools/build_self_test.py"
KEPT = Path("自检")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("self-test") / "demo"


@pytest.fixture(scope="module")
def tested(root: Path) -> SelfTest:
    return run_self_test(Workspace(root))


def test_a_pass_that_was_killed_and_begun_again_says_what_is_shipped(tested: SelfTest) -> None:
    """Every figure and every text of every paper."""
    assert tested.was_cut_off
    assert tested.differing(json.loads(SHIPPED.read_text("utf-8"))) == [], REFRESH


@pytest.mark.parametrize("typed", ["demo --workspace DIR", "--workspace DIR demo", "demo DIR"])
def test_the_sample_is_meant_for_the_workspace_and_never_laid_over_anybodys(
    tmp_path: Path, typed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever the folder stands among the words."""
    used = tmp_path / "used"
    used.mkdir()
    (used / "settings.toml").write_text('company = "某公司"', "utf-8")
    assert main([str(used) if word == "DIR" else word for word in typed.split()]) == 2
    assert f"{used} 里已经有文件，示例不会建在里面" in capsys.readouterr().err
    assert [path.name for path in used.iterdir()] == ["settings.toml"]


def test_three_months_end_in_a_streak_and_a_returned_workbook(root: Path, tested: SelfTest) -> None:
    outbox = root / "outbox"
    assert len(list((outbox / "专卖店" / "退回").iterdir())) == 3
    result = json.loads((outbox / "旗舰店" / "2026-11" / "result.json").read_text("utf-8"))
    prompted = [one["staff"] for one in result["outcomes"] if one["type"] == "consider_transfer"]
    assert prompted == ["KF010"]
    for month in ("2026-09", "2026-10"):
        earlier = json.loads((outbox / "旗舰店" / month / "result.json").read_text("utf-8"))
        assert "consider_transfer" not in {one["type"] for one in earlier["outcomes"]}
    lines = html_lines((outbox / "旗舰店" / "2026-11" / "旗舰店_2026-11_考核通报.html").read_text("utf-8"))
    text = "".join(lines)
    assert "比上月" in text
    assert "2026年10月的整改方案应于" in text


@pytest.mark.parametrize(
    ("papers", "was_cut_off", "state", "told"),
    [
        ({"outbox/甲": "1", "outbox/乙": "2"}, True, CheckState.GOOD, "2个文件的数字和文字都与附带的一致"),
        ({"outbox/甲": "1", "outbox/乙": "2"}, False, CheckState.NOTE, "再执行一次"),
        ({"outbox/甲": "1", "outbox/乙": "3"}, True, CheckState.WRONG, "1个文件与随程序附带的结果不同：outbox/乙"),
        ({"outbox/甲": "1"}, True, CheckState.WRONG, "outbox/乙"),
        ({"outbox/甲": "1", "outbox/乙": "2", "丙": ""}, True, CheckState.WRONG, "丙"),
    ],
    ids=["as shipped", "too quick to be cut off", "another figure", "a paper is missing", "one too many"],
)  # fmt: skip
def test_what_the_administrator_is_told(
    papers: dict[str, str], *, was_cut_off: bool, state: CheckState, told: str
) -> None:
    """What differs by name, where it lies, and whom to send it to."""
    check = compared_with_shipped(SelfTest(papers, was_cut_off), {"outbox/甲": "1", "outbox/乙": "2"}, KEPT)
    assert check.state is state
    assert told in check.message
    assert (str(KEPT) in check.message) is (state is CheckState.WRONG)
