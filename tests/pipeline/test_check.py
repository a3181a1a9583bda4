"""`check` says of a file what a pass would: it is made of the same steps, and writes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from appraisal.pipeline.check import check_files
from appraisal.pipeline.context import open_context
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.run import take_all
from appraisal.processes.sandbox import Sandbox
from appraisal.workspace.inbox import observe_inbox
from tests.builders.other_forms import filled_self
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import DECEMBER_7, Place, workbook

ALLOWED = 'self_forms = "allowed"\n'
DEADLY = "打开就中止.xlsx"

FILES = {
    "好的.xlsx": lambda: workbook(group="甲店", staff=4),
    # A cell that is no number, and a mark beyond its limit: the one hides the other from whoever stops there.
    "两处错.xlsx": lambda: workbook(
        group="乙店",
        staff=4,
        cells={("考核数据", "KF001", "付款人数"): "很多", ("店长评分", "KF002", "报表整体质量"): 99},
    ),
    "还没到.xlsx": lambda: workbook(group="丙店", staff=4, period=NOVEMBER.shifted(3)),
    "不是表.xlsx": lambda: "随手记的几句话。".encode() * 50,
    "自评.xlsx": lambda: filled_self({"报表上交及时性": 99}),
    DEADLY: lambda: workbook(group="丁店", staff=4),
}


def aborting(path: Path, file: str, sha256: str, reading_by: bytes) -> None:
    """In a worker: a file that ends the process that opens it."""
    os.abort()


class DeadlyForOne(Sandbox):
    """Reads like any other, but for the one file."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        return super().submit(aborting if DEADLY in arguments else function, *arguments)


def told(reports: list[FileReport]) -> Mapping[str, object]:
    return {one.file: (one.status, one.group, one.period, one.findings) for one in reports}


@pytest.mark.parametrize("settings", [ALLOWED, ""], ids=["self-assessments", "none of them"])
def test_check_says_what_run_then_does(tmp_path: Path, settings: str) -> None:
    """The same status and the same findings in the same order, whatever is wrong; one that cannot be read comes back."""
    place = Place(tmp_path, settings=settings)
    paths = [place.drop(name, content()) for name, content in FILES.items()]
    before = sorted(place.root.rglob("*"))

    checked = check_files(paths, place.setup, DECEMBER_7, sandbox=DeadlyForOne())
    after = sorted(place.root.rglob("*"))
    with open_context(place.workspace, place.setup, today=DECEMBER_7, sandbox=DeadlyForOne()) as context:
        taken = take_all(context, observe_inbox(place.workspace.inbox))

    expected = told(list(taken.files))
    assert told([one.report for one in checked]) == expected
    assert after == before
    assert {name for name, (status, *_) in expected.items() if status is Status.RETURNED} == {*FILES} - {
        "好的.xlsx"
    }
    assert {one.report.file for one in checked if one.result} == {"好的.xlsx"}
    assert len(next(one for one in checked if one.report.file == "两处错.xlsx").report.findings) > 1
