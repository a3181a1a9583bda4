"""Ranges, whole numbers, decimals, choices and checks between cells, for a whole chunk at once."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from appraisal.findings.finding import Finding
from appraisal.findings.kind import Severity
from appraisal.intake.submission import Submission, Tidied
from appraisal.scheme.model.scheme import Scheme
from appraisal.validation.tables import validate_chunk
from tests.builders.raw_edits import told
from tests.builders.schemes import changed, scheme_of
from tests.builders.submissions import online_shop, submission

DATA, SELF, MANAGER = "考核数据", "自评", "店长评分"


def findings_of(one: Submission, scheme: Scheme | None = None) -> tuple[Finding, ...]:
    (findings,) = validate_chunk([one], scheme or online_shop())
    return findings


def with_cell(column: str, value: Any, *, sheet: str = DATA, person: str = "KF002") -> Submission:
    return submission(cells={(sheet, person, column): value})


def test_a_valid_month_has_no_findings():
    """Nor has one with people who do not take part, or a group price left blank."""
    assert findings_of(submission(staff=30)) == ()
    assert (
        findings_of(submission(statuses={"KF002": "试用期"}, absent={"KF003"}, labels={"店铺客单价": None}))
        == ()
    )


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("平均响应时间", "0.99", "cell.out_of_range"),
        ("平均响应时间", "3600.01", "cell.out_of_range"),
        ("平均响应时间", "1", None),
        ("平均响应时间", "3600", None),
        ("平均响应时间", "28.555", "cell.too_many_decimals"),
        ("平均响应时间", "28.550000", None),
        ("有责投诉数", "-1", "cell.out_of_range"),
        ("有责投诉数", "1.5", "cell.not_whole"),
        ("有责投诉数", "3.0", None),
        ("个人月目标", "0", "cell.out_of_range"),
        ("个人月目标", "60000.005", "cell.too_many_decimals"),
        ("个人月目标", "1E+300", "cell.out_of_range"),
        ("当月提成", "1000000000001", "cell.out_of_range"),
        ("应出勤天数", "31.5", "cell.out_of_range"),
        ("应出勤天数", "21.5", None),
    ],
)
def test_a_figure_is_held_against_the_rules_of_its_column(column, value, code):
    """Limits are allowed themselves; zeros at the end are no decimals; no figure is endless."""
    one = with_cell(column, Decimal(value))
    place = one.tables[DATA].cell(one.tables[DATA].rows[1], column)
    assert told(findings_of(one)) == ([] if code is None else [(code, f"考核数据!{place}")])


@pytest.mark.parametrize(
    ("mark", "codes"),
    [
        ("6", []),
        ("0", []),
        ("5.5", []),
        ("6.5", ["cell.too_many_points"]),
        ("-0.5", ["cell.out_of_range"]),
        ("5.55", ["cell.too_many_decimals"]),
        ("60", ["cell.too_many_points"]),
    ],
)
def test_a_mark_lies_between_nothing_and_full_points(mark, codes):
    """One decimal is allowed."""
    found = findings_of(with_cell("报表整体质量", Decimal(mark), sheet=MANAGER))
    assert [one.code for one in found] == codes
    assert {one.place for one in found} <= {"店长评分!E7"}


def test_a_range_is_told_in_words_that_help():
    """The limits, what stands there, and what the field's hint says."""
    (found,) = findings_of(with_cell("平均响应时间", Decimal("0.47")))
    assert found.message == "“平均响应时间”应在 1 到 3,600 之间，现在是 0.47。"
    assert found.remedy == "填秒数；软件里是分钟的请乘以60。"


def test_a_cell_that_was_taken_otherwise_is_told_as_it_is_seen():
    """Nobody finds 7200 on a sheet that shows 2小时."""
    one = with_cell("平均响应时间", Decimal(7200))
    table = one.tables[DATA]
    place = table.cell(table.rows[1], "平均响应时间")
    (found,) = findings_of(replace(one, tidied=(Tidied(DATA, place, "2小时", "7200"),)))
    assert found.message.endswith("现在是 2小时（读为 7200）。")


def test_a_wrong_choice_is_told():
    """A submission from elsewhere than the reading is held against the choices too."""
    found = findings_of(with_cell("工作能力", "很好", sheet=MANAGER))
    assert told(found) == [("cell.not_a_choice", "店长评分!G7")]


def test_the_interviews_are_held_against_their_rules():
    """服务评分 is 0 to 100."""
    found = findings_of(submission(cells={("抽访记录", "KF001", "服务评分"): Decimal(101)}))
    assert told(found) == [("cell.out_of_range", "抽访记录!F6")]


def test_a_number_that_the_group_has_once_is_told_once():
    """店铺客单价 stands above the table, not in thirty rows."""
    found = findings_of(submission(staff=30, labels={"店铺客单价": Decimal("0.001")}))
    assert told(found) == [("cell.out_of_range", "考核数据!H4"), ("cell.too_many_decimals", "考核数据!H4")]


# --------------------------------------------------------------------------------------- checks


def test_a_broken_check_names_all_its_cells_and_points_at_the_first():
    """What does not fit is said in the words of the rule file."""
    (found,) = findings_of(with_cell("有效订单数", Decimal(5000)))
    assert (found.code, found.place) == ("row.check", "考核数据!M10")
    assert found.message == "有效订单数不能多于已付款订单数。"
    assert found.remedy == "请核对这几格：有效订单数（M10）、已付款订单数（L10）。"


def test_a_check_at_warning_level_only_warns():
    """转化率, 流失率 and 付款比例 from different exports do not agree."""
    found = findings_of(with_cell("询单流失人数", Decimal(100)))
    assert [(one.code, one.severity) for one in found] == [("data.inconsistent", Severity.WARNING)]


def test_a_check_that_lacks_a_value_passes():
    """A division by zero is not comparable, and nor is a blank."""
    zero = {
        (DATA, "KF002", name): Decimal(0) for name in ("询单人数", "询单流失人数", "下单人数", "付款人数")
    }
    assert findings_of(submission(cells=zero)) == ()
    assert findings_of(with_cell("下单人数", None)) == ()


GROUP_CHECK = scheme_of(
    changed(
        (
            "- {that: 询单人数 <= 接待人数, say: 询单人数不能多于接待人数}",
            (
                "- {that: 订单总金额 <= sum(订单总金额) / 2, say: 一人的金额超过全组一半}\n"
                "      - {that: 订单总金额 <= 店铺客单价 * 100000, say: 金额与客单价不符}"
            ),
        )
    )
)


def test_a_check_over_the_group_looks_at_its_own_group_only():
    """Another submission of the chunk is another group."""
    alone = submission(staff=1, interviews=0)
    many = submission(staff=8)
    found = validate_chunk([many, alone, many], GROUP_CHECK)
    assert [told(one) for one in found] == [[], [("row.check", "考核数据!N9")], []]


def test_a_check_may_use_what_the_group_has_once():
    """The price repeats in every row; its own cell is named."""
    found = findings_of(submission(labels={"店铺客单价": Decimal("0.5")}), GROUP_CHECK)
    assert ("row.check", "考核数据!N9") in told(found)
    assert "店铺客单价（H4）" in found[0].remedy


def test_a_check_names_only_what_stands_in_the_workbook():
    """A label that nobody must fill may be missing; the check falls back and is broken all the same."""
    scheme = scheme_of(
        changed(("- {that: 询单人数 <= 接待人数,", "- {that: 询单人数 * 9 <= 店铺客单价 ?? 接待人数,"))
    )
    one = submission(staff=1, labels={"店铺客单价": None})
    label_cells = {name: place for name, place in one.label_cells.items() if name != "店铺客单价"}
    (found,) = findings_of(replace(one, label_cells=label_cells), scheme)
    assert (found.code, found.place) == ("row.check", "考核数据!G9")
    assert found.remedy == "请核对这几格：询单人数（G9）、接待人数（F9）。"


# ------------------------------------------------------------------------------------ whole chunks


def test_every_submission_of_a_chunk_gets_its_own_findings():
    """In the order of the chunk, whatever the number of rows of each."""
    chunk = [
        submission(staff=3),
        with_cell("有责投诉数", Decimal(-1)),
        submission(staff=30),
        with_cell("报表整体质量", Decimal(7), sheet=SELF, person="KF012"),
    ]
    assert [told(one) for one in validate_chunk(chunk, online_shop())] == [
        [],
        [("cell.out_of_range", "考核数据!Q10")],
        [],
        [("cell.too_many_points", "自评!G17")],
    ]
    assert validate_chunk([], online_shop()) == ()


def test_findings_come_in_the_order_of_the_workbook():
    """By sheet, row and column; none hides another."""
    one = submission(
        cells={
            (MANAGER, "KF001", "报表整体质量"): Decimal(9),
            (SELF, "KF002", "报表上交及时性"): Decimal(9),
            (DATA, "KF003", "接待人数"): Decimal("-1.5"),
            (DATA, "KF003", "当月提成"): Decimal(-1),
            (DATA, "KF002", "付款人数"): Decimal(1000000),
        }
    )
    assert told(findings_of(one)) == [
        ("row.check", "考核数据!K10"),
        ("cell.out_of_range", "考核数据!F11"),
        ("cell.not_whole", "考核数据!F11"),
        ("row.check", "考核数据!G11"),
        ("row.check", "考核数据!Q11"),
        ("cell.out_of_range", "考核数据!S11"),
        ("cell.too_many_points", "自评!E7"),
        ("cell.too_many_points", "店长评分!E6"),
    ]


def test_a_submission_without_interviews_is_validated_like_any_other():
    """The sheet may be missing."""
    full = submission()
    tables = {name: table for name, table in full.tables.items() if name != "抽访记录"}
    assert validate_chunk([full, replace(full, tables=tables)], online_shop()) == ((), ())


def test_the_module_is_cheap_until_it_is_used():
    """Readers in worker processes must not pay for pandas."""
    code = "import sys, appraisal.validation.tables, appraisal.validation.context; print('pandas' in sys.modules)"
    told_by_python = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told_by_python.stdout.strip() == "False"
