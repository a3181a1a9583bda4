"""`--help` answers at once: it loads nothing that only a run needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAVY = {"pydantic", "pandas", "pandera", "openpyxl", "sqlalchemy", "docxtpl", "xlsxwriter", "ruamel", "rich"}


def test_help_loads_no_heavy_library() -> None:
    """In a process of its own, as a person starts it; figures of seconds would depend on the machine."""
    program = "import sys, runpy; sys.argv = ['pipeline.py', '--help']\ntry:\n runpy.run_path('pipeline.py', run_name='__main__')\nfinally:\n print(*sys.modules, file=sys.stderr)"
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        encoding="utf-8",
    )
    assert "客服月度绩效考核" in told.stdout
    assert HEAVY & set(told.stderr.split()) == set()
