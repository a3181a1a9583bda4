"""While a watch holds the workspace HR's verbs hand their acts to it, and say what it answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.pipeline.acts_for_watch import NoAnswerError, hand_over, take_handed_acts
from appraisal.pipeline.context import open_context
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.files import REAL_FILES
from tests.builders.submissions import NOVEMBER
from tests.builders.watching import watching
from tests.builders.workspaces import DECEMBER_7, Place, scores, workbook

ISSUE = Act(ActKind.ISSUE, NOVEMBER, "旗舰店", DECEMBER_7, "李经理", "")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """旗舰店 has handed in November."""
    place = Place(tmp_path)
    place.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    return place


def left(place: Place) -> list[str]:
    return [path.name for path in (place.workspace.state / "acts").glob("*")]


def test_a_verb_is_carried_out_by_the_watch_that_is_at_work(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--workspace", str(place.root), "--date", "2026-12-07"]
    with watching(place):
        assert main(["issue", "旗舰店", "2026-11", "--number", "12号", "--by", "李经理", *where]) == 0
        told = capsys.readouterr().out
        assert "下发：旗舰店 2026-11，已办理；记入2条奖励与提成调整。" in told
        assert "→ outbox/旗舰店/2026-11/旗舰店_2026-11_考核结果.xlsx" in told
        assert main(["issue", "旗舰店", "2026-11", *where]) == 2
        assert "已于 2026-12-07 下发" in capsys.readouterr().err
        assert main(["close", "2026-11", "--json", *where]) == 0
        assert json.loads(capsys.readouterr().out) == {
            "act": "close",
            "group": None,
            "period": "2026-11",
            "outputs": [],
            "warnings": [],
        }
        assert main(["reopen", "2026-11", "--ledger", "sqlite:////tmp/other.db", *where]) == 2
        assert "另一个台账" in capsys.readouterr().err
    assert left(place) == []
    with place.ledger() as ledger, ledger.reading() as transaction:
        acts = transaction.acts.find(period=NOVEMBER)
    assert [(one.kind, one.by, one.document_number) for one in acts] == [
        (ActKind.ISSUE, "李经理", "12号"),
        (ActKind.CLOSE, "", None),
    ]


def test_an_act_that_nobody_takes_is_taken_back_and_told_where_else(place: Place) -> None:
    with pytest.raises(NoAnswerError, match=r"已经收回.*人事办理单\.xlsx），放进 inbox/人事"):
        hand_over(place.workspace.state, REAL_FILES, ISSUE, patience=0)
    assert left(place) == []


def test_what_a_watch_left_behind_is_answered_by_the_next_and_not_done_twice(place: Place) -> None:
    """It died in the middle: nobody can say from here whether it was done."""
    folder = place.workspace.state / "acts"
    folder.mkdir()
    (folder / "1.taken").write_text("{}", "utf-8")
    with open_context(place.workspace, place.setup, today=DECEMBER_7) as context:
        assert not take_handed_acts(context, None, str)
    (answer,) = folder.glob("*")
    assert "不知道有没有办成" in json.loads(answer.read_text("utf-8"))["words"]


def test_what_is_no_act_breaks_nothing_but_is_told(place: Place) -> None:
    """The workspace is opened anew after it, as after every mistake of ours."""
    folder = place.workspace.state / "acts"
    folder.mkdir()
    (folder / "1.act").write_text("{}", "utf-8")
    with open_context(place.workspace, place.setup, today=DECEMBER_7) as context:
        assert take_handed_acts(context, None, lambda _: "内部错误")
    (answer,) = folder.glob("*")
    assert json.loads(answer.read_text("utf-8"))["is_refused"]
