"""What is done is done, whether or not anybody can be shown it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.builders.watching import command
from tests.builders.workspaces import Place, workbook


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("screen", ["full disk", "closed pipe"])
def test_a_pass_ends_well_where_its_screen_is_gone(tmp_path: Path, screen: str) -> None:
    """The exit code is that of the pass; a full disk is told, whoever closed the pipe knows."""
    place = Place(tmp_path)
    place.drop("旗舰店.xlsx", workbook())
    if screen == "full disk":
        out = os.open("/dev/full", os.O_WRONLY)
    else:
        reader, out = os.pipe()
        os.close(reader)
    run = command("run", "--workspace", str(place.root), "--date", "2026-12-07")
    done = subprocess.run(run, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
    os.close(out)
    assert done.returncode == 0
    assert ("结果没能显示出来" in done.stderr) == (screen == "full disk")
    assert "Error" not in done.stderr
    assert place.result()["revision"] == 1
