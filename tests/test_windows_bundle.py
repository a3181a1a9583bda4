"""The folder for a Windows without a network: what of it can be tried elsewhere."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "windows_bundle.py"
_SPEC = importlib.util.spec_from_file_location("windows_bundle", TOOL)
assert _SPEC is not None
assert _SPEC.loader is not None
windows_bundle = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(windows_bundle)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("离线包")
    windows_bundle.lay_out(folder)
    return folder


def test_the_program_in_it_starts_by_itself(bundle: Path) -> None:
    """With nothing of the checkout beside it."""
    command = [sys.executable, "-m", "appraisal", "rules", "check"]
    done = subprocess.run(command, cwd=bundle / "program", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", windows_bundle.SCRIPTS)
def test_a_script_names_only_verbs_that_there_are(bundle: Path, name: str) -> None:
    """Lines end as Windows wants them, and the page of characters is set before any Chinese."""
    raw = (bundle / name).read_bytes()
    lines = raw.decode("utf-8").split("\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert lines[1] == "chcp 65001 >nul"
    verbs = {line.split("-m appraisal ")[1].split()[0] for line in lines if "-m appraisal" in line}
    assert verbs <= {"init", "doctor", "run", "watch"}
    assert verbs


def test_what_packages_want_on_windows_alone_is_fetched_too() -> None:
    """Typer's colours, for one; nothing that this machine has anyway."""
    wanted = windows_bundle.wanted_on_windows()
    assert any(one.startswith("colorama") for one in wanted)
    assert not any(one.startswith("pandas") for one in wanted)
