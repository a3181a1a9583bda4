"""Adding a scoring method is one new file: nothing else of the program changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.builders.schemes import changed

PACKAGE = Path(__file__).parents[2] / "appraisal"

PASS_OR_FAIL = '''
"""Pass or fail (达标计分): the full points from a threshold on, nothing under it."""

from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from appraisal.scheme.methods.method import LineReached, MethodWithKeys, StandardRow


class PassOrFail(MethodWithKeys):
    """达到标准得满分，否则不得分。"""

    key: ClassVar[str] = "pass_or_fail"
    title: ClassVar[str] = "达标计分"

    at_least: Decimal = Field(description="标准：达到这个数得满分")

    def points(self, value, measure):
        return measure.full if value >= self.at_least else Decimal(0)

    def standard(self, measure):
        words = f"达到{measure.shown(self.at_least)}"
        return (StandardRow(words, self.at_least, measure.full), StandardRow("其他", None, Decimal(0)))

    def points_formula(self, value, full, cells):
        return f"=IF(ISNUMBER({value}),IF({value}>={cells[0].threshold},{full},0),\\"不适用\\")"

    def line_reached(self, value, measure):
        return LineReached("达标" if value >= self.at_least else "未达标")
'''

USE_IT = """
import sys
from datetime import date
from pathlib import Path
from appraisal.scheme.describe.explain import explain_scheme
from appraisal.scheme.json_schema import json_schema
from appraisal.scheme.rulebook import RulesError, load_rule_file, parse_scheme

text = Path(sys.argv[1]).read_text("utf-8")
indicator = parse_scheme(text, "rules.yaml").indicators[1]
print(indicator.method.key, indicator.method.points(indicator.measure.full, indicator.measure))
print("达标计分" in explain_scheme(parse_scheme(text, "rules.yaml")))
print("pass_or_fail" in json_schema()["$defs"]["Indicator"]["properties"])
try:
    parse_scheme(text.replace("pass_or_fail", "pass_or_fall"), "rules.yaml")
except RulesError as error:
    print(error)
"""


def test_a_method_dropped_into_the_folder_is_usable_from_a_rule_file(tmp_path: Path) -> None:
    """It scores, is explained, is offered by the editor and suggested for a misspelling."""
    shutil.copytree(PACKAGE, tmp_path / "appraisal", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "appraisal/scheme/methods/pass_or_fail.py").write_text(PASS_OR_FAIL, "utf-8")
    rules = tmp_path / "rules.yaml"
    bands = '["<=20: 10", "<=25: 9", "<=30: 8", "<=40: 6", "<=50: 4", "<=60: 2", "else: 0"]'
    rules.write_text(changed((f"bands: {bands}", "pass_or_fail: {at_least: 10}")), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", USE_IT, str(rules)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(tmp_path), "PYTHONUTF8": "1", "PATH": ""},
        check=False,
    )
    assert done.stderr == ""
    points, explained, offered, *mistakes = done.stdout.splitlines()
    assert (points, explained, offered) == ("pass_or_fail 10", "True", "True")
    assert "不认识的键“pass_or_fall”，是不是“pass_or_fail”？" in mistakes[0]
