"""A month's figures beside those of the months before: told where people look, and nothing else becomes of it."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from tests.builders.submissions import staff_id
from tests.builders.workbooks import opened
from tests.builders.workspaces import Place, scores, workbook

OCTOBER, NOVEMBER, DECEMBER = (Period(2026, month) for month in (10, 11, 12))
DATA, AMOUNT = "考核数据", "订单总金额"
EVERYBODY = scores([1, 2, 3, 4, 5, 6])
IN_WAN = {(DATA, staff_id(n), AMOUNT): Decimal("8.64") for n in range(1, 7)} | {
    (DATA, staff_id(n), "成功退款金额"): Decimal(1) for n in range(1, 7)
}
"""The whole group's amounts in 万元, as one export gave them."""


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Place(tmp_path_factory.mktemp("shop"))
    for period in (OCTOBER, NOVEMBER):
        amounts = {(DATA, staff_id(n), AMOUNT): 80_000 + 900 * n + period.month for n in range(1, 7)}
        counts = {(DATA, staff_id(n), "接待人数"): 1000 + 7 * n + period.month for n in range(1, 7)}
        assert take(place, period, amounts | counts).status is Status.ACCEPTED
    return place.root


@pytest.fixture
def place(tmp_path: Path, two_months: Path) -> Place:
    """October and November are appraised."""
    return Place(shutil.copytree(two_months, tmp_path / "工作区"))


def take(place: Place, period: Period, cells: dict, **more: dict) -> FileReport:
    after = period.shifted(1)
    content = workbook(period=period, cells=EVERYBODY | cells, **more)
    return place.take(content, today=date(after.year, after.month, 8))


def told(report: FileReport) -> list[str]:
    return [one.message for one in report.findings if one.code == "data.column_unlike_before"]


def test_a_group_in_another_unit_is_accepted_and_told_in_report_and_receipt(place: Place) -> None:
    report = take(place, DECEMBER, IN_WAN)

    assert report.status is Status.ACCEPTED
    words, _refunds = told(report)
    assert "“订单总金额”这一列有6人的数和以前相差约9,600倍，像是按万元填的" in words
    assert "（2026-11）" in words
    receipt = (place.workspace.inbox / "上报表.xlsx.回执.txt").read_text("utf-8-sig")
    assert len(receipt.splitlines()) == 2
    for one in report.findings:  # they stand in no other list
        assert one.message in receipt


def test_a_workbook_that_comes_back_for_something_else_lists_it_too(place: Place) -> None:
    """So that both are put right in one round."""
    report = take(place, DECEMBER, IN_WAN | {(DATA, "KF003", "付款人数"): "延迟统计"})

    assert report.status is Status.RETURNED
    assert told(report)
    (name,) = [one for one in place.files("旗舰店/退回") if one.endswith(".xlsx")]
    sheets = opened(place.files("旗舰店/退回")[name])
    listed = [str(cell.value) for row in sheets.worksheets[0].iter_rows() for cell in row if cell.value]
    assert any("像是按万元填的" in text for text in listed)


def test_a_correction_that_waits_for_hr_says_it_too(place: Place) -> None:
    place.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", date(2026, 12, 8), "李经理", ""))
    reason = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "补录"}

    report = take(place, NOVEMBER, IN_WAN, labels=reason)

    assert report.status is Status.WAITING
    assert told(report)


def test_a_month_that_is_withdrawn_is_nothing_to_compare_with(place: Place) -> None:
    """What stands in force is; here October alone."""
    place.act(Act(ActKind.WITHDRAW, NOVEMBER, "旗舰店", date(2026, 12, 8), "李经理", "数据有误"))
    words, _refunds = told(take(place, DECEMBER, IN_WAN))
    assert "2026-10" in words
    assert "2026-11" not in words


def test_the_thresholds_may_be_changed_under_a_version_that_was_used(place: Place) -> None:
    """They are no part of any score: what was appraised stays as it is, and nothing is refused."""
    shutil.copytree(Path(__file__).parents[2] / "rules", place.root / "rules")
    path = place.root / "rules" / "online_shop.yaml"
    path.write_text(f"{path.read_text('utf-8')}\nplausibility: {{months: 0}}\n", "utf-8")
    report = take(Place(place.root), DECEMBER, IN_WAN)
    assert (report.status, told(report)) == (Status.ACCEPTED, [])
