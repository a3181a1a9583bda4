"""`verify`: an edited paper is told from one that cannot be made again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.cli.app import main
from appraisal.ledger.records import Act
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import Place, workbook

FOLDER = "旗舰店/2026-11"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A month published by a workspace with rules, settings and a notice of its own."""
    place = Place(tmp_path / "工作区", 'company = "星河"')
    shipped = Path(__file__).parents[2]
    for name in ("rules/online_shop.yaml", "templates/notice.html.j2"):
        own = place.root / name
        own.parent.mkdir()
        own.write_bytes((shipped / name).read_bytes())
    place.take(workbook())
    return place


def verified(place: Place, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one month's object."""
    capsys.readouterr()
    code = main(["verify", "--workspace", str(place.root), "--json", *more])
    (line,) = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


def states(month: dict[str, Any]) -> dict[str, str]:
    """What is not the same, by file."""
    return {one["file"]: one["state"] for one in month["papers"] if one["state"] != "same"}


def test_an_untouched_month_is_the_same_whatever_was_set_up_since(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is made again with the rules, settings and templates of then, byte for byte."""
    (place.root / "settings.toml").write_text('company = "别家"', "utf-8")
    (place.root / "templates" / "notice.html.j2").write_text("{{ 标题 }}", "utf-8")
    rules = place.root / "rules" / "online_shop.yaml"
    rules.write_text(rules.read_text("utf-8").replace(">=60%: 16", ">=61%: 16"), "utf-8")

    code, month = verified(place, capsys)

    assert (code, month["same"], month["obstacle"], month["differences"]) == (0, True, None, [])
    assert len(month["papers"]) == len(place.files(FOLDER))


def test_an_edited_and_a_missing_paper_are_named(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever raised a score in the published workbook is found."""
    folder = place.workspace.outbox / FOLDER
    result = folder / "result.json"
    result.write_text(result.read_text("utf-8").replace("78.20", "99.90"), "utf-8")
    (folder / "旗舰店_2026-11_考核通报.html").unlink()

    code, month = verified(place, capsys, str(folder))

    assert code == 1
    assert states(month) == {
        f"outbox/{FOLDER}/result.json": "edited",
        f"outbox/{FOLDER}/旗舰店_2026-11_考核通报.html": "missing",
    }
    assert month["differences"] == []


def test_a_month_that_comes_out_otherwise_says_whose_places_moved(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that computes differently shows itself, and nobody is accused of editing."""
    from appraisal.pipeline import appraise  # noqa: PLC0415 - the place of the one change

    honest = appraise.GroupFigures
    monkeypatch.setattr(
        appraise, "GroupFigures", lambda submission, scheme: honest(submission, worth_less(scheme))
    )

    code, month = verified(place, capsys)

    assert code == 1
    assert set(states(month).values()) == {"unreproducible"}
    assert any(sentence.startswith("张三（KF001）：78.20分 第1名 → ") for sentence in month["differences"])


def worth_less(scheme: Any) -> Any:
    """The scheme with the reviewers' weights exchanged."""
    weights = [one.weight for one in scheme.reviewers]
    swapped = [
        one.model_copy(update={"weight": weight})
        for one, weight in zip(scheme.reviewers, reversed(weights), strict=True)
    ]
    return scheme.model_copy(update={"reviewers": tuple(swapped)})


def test_without_the_dropped_bytes_nothing_can_be_recomputed(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what is lacking; the papers are still held against the ledger's hashes."""
    for path in place.workspace.archive.iterdir():
        path.unlink()

    code, month = verified(place, capsys)

    assert code == 1
    assert "存档里没有当时的上报表" in month["obstacle"]
    assert states(month) == {}


def test_verifying_writes_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Not into the outbox, not beside it."""
    before = {path: path.stat().st_mtime_ns for path in place.workspace.outbox.rglob("*")}
    verified(place, capsys)
    assert {path: path.stat().st_mtime_ns for path in place.workspace.outbox.rglob("*")} == before


@pytest.mark.parametrize("where", ["nothing published", "elsewhere"])
def test_where_there_is_nothing_to_verify_it_says_so(
    tmp_path: Path, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence and exit code 2."""
    place = Place(tmp_path / "w")
    if where == "elsewhere":
        place.take(workbook())
    capsys.readouterr()

    assert main(["verify", "--workspace", str(place.root), str(tmp_path / "x")]) == 2

    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1


def test_an_issued_and_corrected_month_is_made_again_as_it_is(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its date, number, 更正通报 and the revision before it, whole in 历史版次."""
    day = date(2026, 12, 8)
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", day, "李", "", document_number="绩〔2026〕11号"))
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "付款人数导错"}
    corrected = workbook(cells={("考核数据", "KF001", "付款人数"): 300}, labels=labels)
    assert place.take(corrected, "更正.xlsx").status is Status.WAITING
    place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, "旗舰店", date(2026, 12, 10), "李", ""))

    code, month = verified(place, capsys)

    assert (code, states(month), month["differences"]) == (0, {}, [])
    assert month["revision"] == 2
    assert any("历史版次/第1版/" in one["file"] for one in month["papers"])
