"""What follows over several months: streaks, corrections of issued months, HR's acts, money."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest

from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.period import Period
from appraisal.pipeline.reports import Status
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.workspaces import Place, scores, verified, workbook
from tests.hr.hr_shop import table
from tests.publish.documents import word_lines

NOVEMBER, DECEMBER, JANUARY = Period(2026, 11), Period(2026, 12), Period(2027, 1)
ISSUED = date(2026, 12, 8)
LAST_IS_SIX = [1, 2, 3, 4, 5, 6]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def month(period: Period, order: Sequence[int] = LAST_IS_SIX, **labels: object) -> bytes:
    return workbook(period=period, cells=scores(list(order)), labels=labels)


def take_month(place: Place, period: Period, order: Sequence[int] = LAST_IS_SIX) -> None:
    following = period.shifted(1)
    report = place.take(month(period, order), today=date(following.year, following.month, 8))
    assert report.status is Status.ACCEPTED, report.findings


def act(kind: ActKind, on: date = ISSUED, **more: object) -> Act:
    return Act(kind, NOVEMBER, "旗舰店", on, "李经理", "按制度", **more)  # type: ignore[arg-type]


def net_money(place: Place) -> dict[tuple[str, str], Decimal]:
    with place.ledger() as ledger, ledger.reading() as books:
        lines = books.outcomes.lines_of_month("旗舰店", NOVEMBER)
    net: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        key = (line.key.staff, line.key.type.value)
        net[key] = net.get(key, Decimal(0)) + line.amount
    return {key: amount for key, amount in net.items() if amount}


def types_of(place: Place, period: Period, staff: str) -> set[str]:
    return {one["type"] for one in place.result(period=period)["outcomes"] if one["staff"] == staff}


@pytest.mark.parametrize("order", list(permutations([NOVEMBER, DECEMBER, JANUARY])))
def test_three_months_last_in_any_order_of_arrival_prompt_a_transfer(
    place: Place, order: tuple[Period, ...]
) -> None:
    """Over the year-end, and whichever month comes first: the third month says consider_transfer."""
    for period in order:
        take_month(place, period)

    assert "consider_transfer" in types_of(place, JANUARY, "KF006")
    assert "consider_transfer" not in types_of(place, DECEMBER, "KF006")


def test_a_month_in_another_place_breaks_the_run(place: Place) -> None:
    """November and January alone are not three months running."""
    take_month(place, NOVEMBER)
    take_month(place, DECEMBER, [1, 2, 3, 4, 6, 5])
    take_month(place, JANUARY)

    assert "consider_transfer" not in types_of(place, JANUARY, "KF006")


def test_a_transfer_is_never_named_in_the_notice(place: Place) -> None:
    """It is a prompt for manager and HR alone."""
    for period in (NOVEMBER, DECEMBER, JANUARY):
        take_month(place, period)

    page = place.files("旗舰店/2027-01")["旗舰店_2027-01_考核通报.html"].decode()
    assert "调岗" not in page


def test_after_hr_decided_the_count_begins_anew(place: Place) -> None:
    """A fourth month last is then the first again."""
    for period in (NOVEMBER, DECEMBER, JANUARY):
        take_month(place, period)
    decided = Act(
        ActKind.DECIDE, JANUARY, "旗舰店", date(2027, 2, 10), "李经理", "已面谈，暂不调岗",
        staff="KF006", outcome=OutcomeType.CONSIDER_TRANSFER, decision=OutcomeDecision.WAIVE,
    )  # fmt: skip
    place.act(decided)
    take_month(place, Period(2027, 2))

    assert "consider_transfer" not in types_of(place, Period(2027, 2), "KF006")


def test_issuing_fixes_the_date_and_the_deadlines_follow_from_it(place: Place) -> None:
    """The notice dated the 8th gives until the 15th, and bears its number."""
    place.take(month(NOVEMBER))

    place.act(act(ActKind.ISSUE, document_number="星河绩〔2026〕11号"))

    result = place.result()
    assert (result["issued"], result["revision"]) == ("2026-12-08", 1)
    assert {one["due"] for one in result["outcomes"] if one["type"] == "rectification"} == {"2026-12-15"}
    page = place.files("旗舰店/2026-11")["旗舰店_2026-11_考核通报.html"].decode()
    assert "星河绩〔2026〕11号" in page
    assert net_money(place) == {("KF001", "reward"): Decimal(100), ("KF006", "deduct"): Decimal(-100)}


def test_after_it_is_issued_an_ordinary_file_comes_back(place: Place) -> None:
    """Nothing is overwritten behind a published notice."""
    place.take(month(NOVEMBER))
    place.act(act(ActKind.ISSUE))

    report = place.take(month(NOVEMBER, [1, 2, 3, 4, 6, 5]))

    assert report.status is Status.RETURNED
    assert [one.code for one in report.findings if one.is_error] == ["period.issued"]


def test_a_correction_waits_for_hr_and_then_settles_the_difference_once(place: Place) -> None:
    """The former last gets the money back, the new last is adjusted; twice changes nothing."""
    place.hr = True
    place.take(month(NOVEMBER))
    place.act(act(ActKind.ISSUE))
    corrected = month(
        NOVEMBER, [1, 2, 3, 4, 6, 5], **{SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
    )

    waiting = place.take(corrected)
    assert waiting.status is Status.WAITING
    assert place.result()["revision"] == 1

    done = place.act(act(ActKind.APPROVE_CORRECTION, date(2026, 12, 10)))

    assert done.revision == 2
    assert net_money(place) == {("KF001", "reward"): Decimal(100), ("KF005", "deduct"): Decimal(-100)}
    page = place.files("旗舰店/2026-11")["旗舰店_2026-11_考核通报.html"].decode()
    assert "更正" in page
    assert "响应时间导错" in page
    assert place.take(corrected).status is Status.UNCHANGED
    assert net_money(place) == {("KF001", "reward"): Decimal(100), ("KF005", "deduct"): Decimal(-100)}


def test_withdrawing_a_month_takes_its_money_back_and_its_papers_away(place: Place) -> None:
    """The month no longer counts; its papers lie in 历史版次; the right file may come."""
    place.take(month(NOVEMBER))
    place.act(act(ActKind.ISSUE))

    place.act(act(ActKind.WITHDRAW, date(2026, 12, 9)))

    assert net_money(place) == {}
    left = {name.split("/")[0] for name in place.files("旗舰店/2026-11")}
    assert left == {"历史版次", "旗舰店_2026-11_撤回通知.docx"}
    assert place.take(month(NOVEMBER, [2, 1, 3, 4, 5, 6])).revision == 2


def test_a_withdrawn_workbook_may_be_handed_in_again(place: Place) -> None:
    """It was right after all."""
    place.take(month(NOVEMBER))
    place.act(act(ActKind.WITHDRAW, date(2026, 12, 9)))

    report = place.take(month(NOVEMBER))

    assert (report.status, report.revision) == (Status.ACCEPTED, 2)


def test_a_later_month_is_made_anew_when_the_one_before_it_changes(place: Place) -> None:
    """The report of the changed month says so."""
    take_month(place, NOVEMBER)
    take_month(place, DECEMBER)

    report = place.take(month(NOVEMBER, [1, 2, 3, 4, 6, 5]), today=date(2027, 1, 9))

    assert "2026-12 随之重算为第2版" in report.note
    with place.ledger() as ledger, ledger.reading() as transaction:
        *_, claim = transaction.journal.about("旗舰店", NOVEMBER)
    assert claim.result is not None
    assert claim.result.note == report.note
    assert place.result(period=DECEMBER)["revision"] == 2


def test_a_later_month_of_another_version_of_the_program_stands_where_its_figures_do(place: Place) -> None:
    """That version wrote every paper a little otherwise: nobody is circulated a correction that corrects nothing."""
    for period in (NOVEMBER, DECEMBER, JANUARY):
        take_month(place, period)
    with closing(sqlite3.connect(place.workspace.state / "ledger.db")) as database, database:
        database.execute("UPDATE revisions SET inputs = json_set(inputs, '$.program', '0.9.0')")
        database.execute("UPDATE placed_files SET sha256 = ?", ("0" * 64,))

    reordered, no_longer_last = [2, 1, 3, 4, 5, 6], [1, 2, 3, 4, 6, 5]
    assert "2027-01" not in place.take(month(NOVEMBER, reordered), today=date(2027, 2, 9)).note
    assert "2027-01" in place.take(month(NOVEMBER, no_longer_last), today=date(2027, 2, 9)).note


def test_a_tie_for_last_is_held_until_hr_decides(place: Place) -> None:
    """Two share the last place: nobody loses money before the decision, one does after it."""
    cells = scores(LAST_IS_SIX) | {("考核数据", "KF005", "平均响应时间"): 55}
    place.take(workbook(cells=cells))
    place.act(act(ActKind.ISSUE))
    held = {one["staff"] for one in place.result()["outcomes"] if one["state"] == "hold"}
    assert held == {"KF005", "KF006"}
    assert net_money(place) == {("KF001", "reward"): Decimal(100)}

    choose = {"staff": "KF006", "outcome": OutcomeType.DEDUCT}
    place.act(act(ActKind.DECIDE, decision=OutcomeDecision.APPLY, **choose))

    assert net_money(place)[("KF006", "deduct")] == Decimal(-100)


def test_a_closed_month_takes_no_more_files_until_it_is_reopened(place: Place) -> None:
    """关账 and 重新开放."""
    place.act(act(ActKind.CLOSE, is_forced=True))
    refused = place.take(month(NOVEMBER))
    place.act(act(ActKind.REOPEN))

    assert [one.code for one in refused.findings if one.is_error] == ["period.closed"]
    assert place.take(month(NOVEMBER)).status is Status.ACCEPTED


def test_an_act_on_a_month_that_is_not_there_says_so(place: Place) -> None:
    """One Chinese sentence, nothing changed."""
    with pytest.raises(ActRefused, match="没有有效的考核结果"):
        place.act(act(ActKind.ISSUE))


def test_a_trial_month_scores_but_moves_nothing(tmp_path: Path) -> None:
    """试运行: slips and ranks, no outcomes, the notice says 试评."""
    place = Place(tmp_path, settings="trial = true\n")
    place.take(month(NOVEMBER))

    assert place.result()["outcomes"] == []
    assert "试评" in place.files("旗舰店/2026-11")["旗舰店_2026-11_考核通报.html"].decode()


def test_an_issued_month_that_follows_an_earlier_ones_correction_is_an_edition_with_its_reason(
    place: Place,
) -> None:
    """December is told as November's correction is: notice, number, list, history; its deadlines stand."""
    place.hr = True
    take_month(place, NOVEMBER)
    place.act(act(ActKind.ISSUE, document_number="绩〔2026〕11号"))
    take_month(place, DECEMBER)
    issued = Act(ActKind.ISSUE, DECEMBER, "旗舰店", date(2027, 1, 8), "李经理", "", "绩〔2027〕1号")
    place.act(issued)
    told = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
    place.take(month(NOVEMBER, [1, 2, 3, 4, 6, 5], **told), today=date(2027, 1, 11))
    due = {one["due"] for one in place.result(period=DECEMBER)["outcomes"] if one["due"]}

    place.act(act(ActKind.APPROVE_CORRECTION, date(2027, 1, 11)))

    reason = "2026年11月的考核结果已更正，本月与以前月份相关的内容据此重新核定"
    result = place.result(period=DECEMBER)
    assert (result["revision"], result["issued"]) == (2, "2027-01-11")
    assert {one["due"] for one in result["outcomes"] if one["due"]} == due
    papers = place.files("旗舰店/2026-12")
    for notice in (
        papers["旗舰店_2026-12_考核通报.html"].decode(),
        "\n".join(word_lines(papers["旗舰店_2026-12_考核通报.docx"])),
    ):
        assert "关于更正2026年12月旗舰店绩效考核情况的通报" in notice
        assert "绩〔2027〕1号（第2版·更正）" in notice
        assert f"更正事由：{reason}；得分和名次没有变化。本通报为第2版" in notice
    (row, *_) = table(place.files("人事/2026-12")["汇总.xlsx"])
    assert (row["版次"], row["更正事由"]) == ("第2版", reason)
    with place.ledger() as ledger, ledger.reading() as books:
        assert [one.edition_reason for one in books.past.of_person("KF006")] == ["响应时间导错", reason]
    assert [one for one in verified(place) if not one.is_same] == []
