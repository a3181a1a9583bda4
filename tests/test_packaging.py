"""`pip install .` brings the whole program: every module, the shipped rules and templates, and the command."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from appraisal import __version__

ROOT = Path(__file__).parents[1]
SHIPPED = {"appraisal": "*.py", "rules": "*.*", "templates": "*.*"}
"""What the program runs with, by its folder in a checkout."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from a copy, as building leaves things beside the sources."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for folder in SHIPPED:
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "setup.py", "requirements.txt", "README.md", "LICENSE"):
        shutil.copy(ROOT / file, source)
    building = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*building, "--wheel-dir", built, source], check=True)
    return zipfile.ZipFile(next(built.glob("*.whl")))


def test_it_holds_all_that_the_program_runs_with_and_no_more(wheel: zipfile.ZipFile) -> None:
    """Rules and templates lie inside the package: nothing else is put among other people's packages."""
    wanted = {
        ("" if folder == "appraisal" else "appraisal/") + path.relative_to(ROOT).as_posix()
        for folder, pattern in SHIPPED.items()
        for path in (ROOT / folder).rglob(pattern)
        if path.is_file()
    }
    wanted |= {"appraisal/admin/self_test.json", "appraisal/publish/templates/names.yaml"}
    assert {name for name in wheel.namelist() if ".dist-info/" not in name} == wanted


def test_it_knows_version_command_and_what_it_was_tested_with(wheel: zipfile.ZipFile) -> None:
    """One version, in `appraisal/__init__.py`; requirements pinned as in requirements.txt."""
    about = f"monthly_appraisal_pipeline-{__version__}.dist-info"
    assert "appraisal = appraisal.__main__:main" in wheel.read(f"{about}/entry_points.txt").decode()
    assert f"{about}/licenses/LICENSE" in wheel.namelist()
    pins = [
        line.split(";")[0]
        for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines()
        if "==" in line
    ]
    told = wheel.read(f"{about}/METADATA").decode()
    assert len(pins) > 20
    assert [pin for pin in pins if f"Requires-Dist: {pin.strip()}" not in told] == []
