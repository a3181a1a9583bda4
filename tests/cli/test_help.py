"""`--help` and `--version` answer at once: they load nothing that only a run needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from appraisal import __version__

ROOT = Path(__file__).parents[2]
HEAVY = {"pydantic", "pandas", "pandera", "openpyxl", "sqlalchemy", "docxtpl", "xlsxwriter", "ruamel", "rich"}


@pytest.mark.parametrize(
    ("asked", "answer"), [("--help", "客服月度绩效考核"), ("--version", f"{__version__}\n")]
)
def test_what_is_only_asked_loads_no_heavy_library(asked: str, answer: str) -> None:
    """In a process of its own, as a person starts it; figures of seconds would depend on the machine."""
    program = f"import sys, runpy; sys.argv = ['pipeline.py', '{asked}']\ntry:\n runpy.run_path('pipeline.py', run_name='__main__')\nfinally:\n print(*sys.modules, file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    assert answer in told.stdout
    assert HEAVY & set(told.stderr.split()) == set()
