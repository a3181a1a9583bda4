"""The demo shows a newcomer all of it: three months, a streak, a returned workbook, and where they lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appraisal.cli.app import main
from tests.publish.documents import html_lines


def test_three_months_end_in_a_streak_and_a_returned_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 0: the faulty workbook is part of the show."""
    assert main(["demo", str(tmp_path / "demo")]) == 0
    told = capsys.readouterr().out
    assert "outbox/旗舰店/2026-11" in told
    outbox = tmp_path / "demo" / "outbox"
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
