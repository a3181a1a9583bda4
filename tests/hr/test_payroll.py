"""奖励与提成调整明细: what payroll moves, line by line, each once and for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.hr.payroll import LineState, Payroll, PayrollLine, payroll_csv, payroll_workbook
from appraisal.ledger.records import MoneyLine, OutcomeKey, RevisionKind
from appraisal.period import Period
from appraisal.publish.excel.formula_injection import csv_text, is_like_formula
from appraisal.scheme.forms.hr_acts import OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.submissions import NOVEMBER
from tests.builders.workbooks import opened as opened_workbook
from tests.hr.hr_shop import SECOND, Shop, alike, lines, lists, opened, table

NAME, CSV = "奖励与提成调整明细.xlsx", "奖励与提成调整明细.csv"
JANUARY = date(2027, 1, 9)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path) as one:
        yield one


def told(shop: Shop) -> list[tuple[str, ...]]:
    """工号, 事项, 金额, 状态, 发放月份 of each line."""
    names = ("工号", "事项", "金额", "状态", "发放月份")
    return [tuple(line[name] for name in names) for line in lines(shop.documents()[CSV])]


def test_a_month_that_is_not_issued_has_no_month_of_payment_yet(shop: Shop) -> None:
    shop.month(last="KF012")
    assert told(shop) == [
        ("KF001", "奖励", "100.00", "待下发", ""),
        ("KF012", "提成调整", "-100.00", "待下发", ""),
    ]


def test_issuing_brings_the_lines_into_force_in_the_month_of_issue(shop: Shop) -> None:
    shop.month(last="KF012")
    shop.issue()
    assert told(shop) == [
        ("KF001", "奖励", "100.00", "执行", "2026-12"),
        ("KF012", "提成调整", "-100.00", "执行", "2026-12"),
    ]
    first = lines(shop.documents()[CSV])[0]
    assert (first["记录日期"], first["考核月份"], first["笔次"]) == ("2026-12-08", "2026-11", "1")


def test_a_correction_reverses_in_lines_of_their_own(shop: Shop) -> None:
    """What was taken back keeps its line; with its reversal it comes to nothing."""
    shop.month(last="KF012")
    shop.issue()
    shop.month(last="KF011", kind=RevisionKind.CORRECTION, on=JANUARY)
    assert told(shop)[1:] == [
        ("KF011", "提成调整", "-100.00", "执行", "2027-01"),
        ("KF012", "提成调整", "-100.00", "已撤销", "2026-12"),
        ("KF012", "提成调整", "100.00", "冲回", "2027-01"),
    ]


def test_number_and_sequence_together_are_unique(shop: Shop) -> None:
    shop.month(last="KF012")
    shop.month(SECOND, staff=8, last="KF003")
    shop.issue()
    for last in ("KF011", "KF012"):
        shop.month(last=last, kind=RevisionKind.CORRECTION, on=JANUARY)
    found = Counter((line["编号"], line["笔次"]) for line in lines(shop.documents()[CSV]))
    assert max(found.values()) == 1
    assert ("2026-11/旗舰店/KF012/deduct", "3") in found


def test_a_tie_at_the_last_place_waits_for_hr_and_says_what_was_decided(shop: Shop) -> None:
    shop.month(last="KF011", cells=alike("KF012", "KF011", people=12))
    shop.issue()
    assert [line[3] for line in told(shop)] == ["执行", "待研究确定", "待研究确定"]
    shop.decide("KF011", OutcomeType.DEDUCT, OutcomeDecision.WAIVE)
    shop.decide("KF012", OutcomeType.DEDUCT, OutcomeDecision.APPLY)
    assert told(shop)[1:] == [
        ("KF011", "提成调整", "-100.00", "不执行", ""),
        ("KF012", "提成调整", "-100.00", "执行", "2026-12"),
    ]


def test_a_withdrawn_month_keeps_its_lines_and_their_reversals(shop: Shop) -> None:
    shop.month(last="KF012")
    shop.issue()
    shop.withdraw()
    assert [line[3] for line in told(shop)] == ["已撤销", "冲回", "已撤销", "冲回"]
    assert sum(Decimal(line[2]) for line in told(shop)) == 0


def test_a_month_handed_in_again_after_a_withdrawal_waits_for_its_issue(shop: Shop) -> None:
    shop.month(last="KF012")
    shop.issue()
    shop.withdraw()
    shop.month(last="KF012")
    assert [line[3] for line in told(shop)] == ["已撤销", "冲回", "待下发"] * 2


def test_people_of_a_former_revision_are_still_named(shop: Shop) -> None:
    """The reversal concerns somebody who is no longer in the month at all."""
    shop.month(last="KF012")
    shop.issue()
    shop.month(staff=11, last="KF011", kind=RevisionKind.CORRECTION, on=JANUARY)
    names = {line["工号"]: line["姓名"] for line in lines(shop.documents()[CSV])}
    assert names["KF012"] == "朱志强"


def test_the_workbook_adds_up_what_counts_in_all_and_by_month_of_payment(shop: Shop) -> None:
    """Lines without a month of payment are not in any sum."""
    shop.month(last="KF012")
    shop.month(SECOND, staff=8, last="KF003")
    shop.issue()
    shop.month(
        last="KF012",
        cells={("考核数据", "KF001", "付款人数"): Decimal(40)},
        kind=RevisionKind.CORRECTION,
        on=JANUARY,
    )
    document = shop.documents()[NAME]
    assert table(document)[-1]["考核组"] == "生效合计"
    assert table(document)[-1]["金额"] == 0
    december, january, total = table(document, "按发放月份合计")
    assert (december["奖励（含冲回）"], december["提成调整（含冲回）"], december["笔数"]) == (100, -100, 2)
    assert (january["发放月份"], january["奖励（含冲回）"], january["笔数"]) == ("2027-01", 0, 2)
    assert total["合计"] == 0


def test_lines_of_other_months_paid_at_the_same_time_are_pointed_to_but_not_counted(shop: Shop) -> None:
    """September's late correction is paid in December like November; its lines stay in September's folder."""
    september = Period(2026, 9)
    shop.month(period=september, last="KF012")
    shop.issue(period=september)
    shop.month(period=september, last="KF011", kind=RevisionKind.CORRECTION, on=date(2026, 12, 2))
    shop.month(last="KF012")
    shop.issue()
    documents = shop.documents()
    assert {line["考核月份"] for line in lines(documents[CSV])} == {"2026-11"}
    elsewhere = table(documents[NAME], "其他考核月份同期发放")
    assert [(one["工号"], one["金额"], one["状态"]) for one in elsewhere] == [
        ("KF011", -100, "执行"),
        ("KF012", 100, "冲回"),
    ]
    assert {one["明细所在文件夹"] for one in elsewhere} == {"人事/2026-09"}
    sheet = opened_workbook(documents[NAME]).worksheets[0]
    assert sheet.auto_filter.ref, "finance filters the lines, whatever stands below them"
    assert ":$L$" in sheet.print_area, "the internal numbers are not printed"


def test_where_nothing_else_is_paid_there_is_no_such_sheet(shop: Shop) -> None:
    shop.month(last="KF012")
    shop.issue()
    assert lists(shop.documents()[NAME]) == ["奖励与提成调整明细", "按发放月份合计"]


# ------------------------------------------------------------------------------------- hostile texts


def line(
    amount: Decimal = Decimal("100.00"), reason: str = "综合排名第一名", name: str = "张三"
) -> PayrollLine:
    key = OutcomeKey("旗舰店", NOVEMBER, "007", OutcomeType.REWARD)
    written = MoneyLine(key, 1, amount, None, 1, reason, date(2026, 12, 8), NOVEMBER.shifted(1), False)
    return PayrollLine(key, name, amount, reason, None, LineState.IN_FORCE, 1, written)


def test_employee_numbers_keep_their_zeros() -> None:
    payroll = Payroll(NOVEMBER, (line(),))
    assert table(payroll_workbook(payroll))[0]["工号"] == "007"
    assert lines(payroll_csv(payroll))[0]["工号"] == "007"


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "\u200b=1", " =1", "\r=1"])
def test_text_that_begins_like_a_formula_is_inert_in_csv(name: str) -> None:
    """Numbers are not text: a deduction stays -100.00."""
    payroll = Payroll(NOVEMBER, (line(name=name, amount=Decimal("-100.00")),))
    read = lines(payroll_csv(payroll))[0]
    assert read["姓名"] == f"'{name}"
    assert read["金额"] == "-100.00"


@pytest.mark.parametrize("text", ["张三", "", "2026-11/旗舰店", "a=b", "1-2"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert not is_like_formula(text)
    assert csv_text(text) == text


def test_text_that_begins_like_a_formula_stays_text_in_the_workbook() -> None:
    document = payroll_workbook(Payroll(NOVEMBER, (line(name="=1+1"),)))
    assert table(document)[0]["姓名"] == "=1+1"


def test_text_that_no_file_can_hold_does_not_stop_the_list() -> None:
    """A lone surrogate, as names of dropped files may have."""
    payroll = Payroll(NOVEMBER, (line(reason="\ud800漏报"),))
    assert table(payroll_workbook(payroll))[0]["依据"] == "\\ud800漏报"
    assert "漏报" in lines(payroll_csv(payroll))[0]["依据"]


def test_the_csv_is_utf_8_with_its_mark_and_without_the_surprises_of_excel() -> None:
    content = payroll_csv(Payroll(NOVEMBER, (line(reason='第一行\n第二行，“引号”"'),)))
    assert content.startswith("\ufeff考核组,工号,姓名,事项,金额,".encode())
    assert lines(content)[0]["依据"] == '第一行\n第二行，“引号”"'
