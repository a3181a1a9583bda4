"""`person`: one person's record, and everything about them, in a folder of their own.

November of 旗舰店: 张 is first; the two last are tied, and HR decided about one with a reason that names the other.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook

LAST, OTHER = 6, 5
FOLDER = f"人事/个人/{staff_id(LAST)}_{staff_name(LAST)}"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("shop"), hr=True)
    tied = scores([1, 2, 3, 4, 5, 6]) | {("考核数据", "KF006", "平均响应时间"): 45}
    place.take(workbook(cells=tied))
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", date(2026, 12, 8), "李经理", "审定"))
    reason = f"{staff_name(OTHER)}的数据有误，另行处理"
    decided = {"outcome": OutcomeType.DEDUCT, "decision": OutcomeDecision.APPLY}
    place.act(
        Act(ActKind.DECIDE, NOVEMBER, "旗舰店", date(2026, 12, 9), "李经理", reason, staff="KF006", **decided)
    )
    return place


def asked(place: Place, capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(["person", *words, "--date", "2026-12-20", "--workspace", str(place.root)]) == code
    told = capsys.readouterr()
    return told.err if code else told.out


def texts_in(name: str, content: bytes) -> Iterator[str]:
    """What stands in a file, and in the parts of one that is packed."""
    if not name.endswith((".xlsx", ".docx")):
        yield content.decode()
        return
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        yield from (package.read(part).decode() for part in package.namelist() if part.endswith(".xml"))


def test_everything_about_one_person_and_nobody_else_lies_in_a_folder(
    shop: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Record, slip, plan, letter and what the ledger keeps; asked by name, and told where it lies."""
    told = asked(shop, capsys, staff_name(LAST))

    assert told.startswith(f"{staff_name(LAST)}（KF006）旗舰店：2026-11至2026-11，共1个考核月。")
    assert str(shop.workspace.outbox / FOLDER) in told
    files = shop.files(FOLDER)
    slip = f"2026-11_旗舰店/绩效单/KF006_{staff_name(LAST)}.html"
    assert {"个人绩效档案.xlsx", "个人绩效档案.html", "结果记录.json", slip} <= set(files)
    assert {"整改方案", "决定书"} <= {Path(name).parent.name for name in files}
    others = [staff_name(number) for number in range(1, 6)]
    finals = {one["final"] for one in shop.result()["staff"] if one["id"] not in {"KF005", "KF006"}}
    for name, content in files.items():
        if "决定书" in name:
            continue  # handed to the person as HR wrote it
        for text in texts_in(name, content):
            assert not [one for one in others if one in text], name
            assert not [one for one in finals if one in text], name
    kept = json.loads(files["结果记录.json"])
    (decision,) = kept["months"][0]["decisions"]
    assert decision["reason"] == "某同事的数据有误，另行处理"
    assert [one["amount"] for one in kept["money"]] == ["-100.00"]


def test_asked_again_it_is_the_same_folder_and_elsewhere_a_new_one(
    shop: Place, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked(shop, capsys, "KF006")
    before = shop.files("人事/个人")
    asked(shop, capsys, "kf006")
    assert shop.files("人事/个人") == before

    for _ in range(2):
        told = asked(shop, capsys, "KF006", "--from", "11月", "--to", "2026年11月", "--out", str(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {
        f"KF006_{staff_name(LAST)}",
        f"KF006_{staff_name(LAST)}_2",
    }
    assert str(tmp_path / f"KF006_{staff_name(LAST)}_2") in told


def test_who_is_not_known_is_asked_for(shop: Place, capsys: pytest.CaptureFixture[str]) -> None:
    told = asked(shop, capsys, f"{staff_name(LAST)[:2]}子", code=2)
    assert "台账和花名册里没有" in told
    assert not (shop.workspace.outbox / "人事" / "个人" / staff_name(LAST)).exists()


def test_months_without_a_result_are_said(
    shop: Place, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = asked(shop, capsys, "KF006", "--to", "2026-10", "--out", str(tmp_path))
    assert "这段时间没有考核结果" in told
