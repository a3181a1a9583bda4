"""`restore`: the drill. A ledger is lost, put back from papers and archive, and the next month is as if nothing had been."""

from __future__ import annotations

import json
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from appraisal.cli.app import main
from appraisal.hr.facts import PeriodFacts
from appraisal.hr.status import status_of
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import open_ledger
from appraisal.ledger.records import Appeal, MoneyLine, MonthState
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind, AppealDecision, OutcomeDecision
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.workspace.paths import mark_paths
from tests.builders.other_forms import filled_appeal
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workspaces import Place, scores, workbook
from tests.hr.hr_shop import table
from tests.ledger.postgres import is_wanted, running_server
from tests.publish.documents import edited

DECEMBER, JANUARY = Period(2026, 12), Period(2027, 1)
GROUP = "旗舰店"
RESTORED_ON = "2027-01-20"


@cache
def month(period: Period, *best_first: int, corrected: bool = False) -> bytes:
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "漏计一单"} if corrected else {}
    return workbook(period=period, cells=scores(list(best_first)), labels=labels)


def played(root: Path) -> Place:
    """November issued and corrected, so that money went back and forth; December issued under a number."""
    place = Place(root, 'company = "星河"', hr=True)
    place.take(month(NOVEMBER, 1, 2, 3, 4, 5, 6), today=date(2026, 12, 7))
    place.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, date(2026, 12, 8), "李经理", "审定"))
    place.take(month(NOVEMBER, 2, 1, 3, 4, 5, 6, corrected=True), today=date(2026, 12, 10))
    place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, GROUP, date(2026, 12, 11), "李经理", "属实"))
    place.take(month(DECEMBER, 2, 1, 3, 4, 5, 6), today=date(2027, 1, 7))
    place.act(Act(ActKind.ISSUE, DECEMBER, GROUP, date(2027, 1, 8), "李经理", "审定", "绩通〔2027〕1号"))
    return place


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return played(tmp_path_factory.mktemp("shop") / "工作区")


@pytest.fixture
def place(shop: Place, tmp_path: Path) -> Place:
    return shop.copied_to(tmp_path / "工作区")


def lose_ledger(place: Place) -> None:
    for path in place.workspace.state.glob("ledger.db*"):
        path.unlink()


def restore(place: Place, capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["restore", "--workspace", str(place.root), "--date", RESTORED_ON, "--json", *more]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def money(place: Place) -> list[MoneyLine]:
    with place.ledger() as ledger, ledger.reading() as transaction:
        return [
            line
            for period in (NOVEMBER, DECEMBER, JANUARY)
            for line in transaction.outcomes.lines_of_month(GROUP, period)
        ]


def is_verified(place: Place) -> bool:
    return main(["verify", "--workspace", str(place.root), "--date", RESTORED_ON]) == 0


def hand_in_january(place: Place) -> None:
    place.take(month(JANUARY, 3, 2, 1, 4, 5, 6), today=date(2027, 2, 7))
    place.act(Act(ActKind.ISSUE, JANUARY, GROUP, date(2027, 2, 8), "李经理", "审定"))


def test_what_was_paid_is_paid_and_the_next_month_is_as_if_nothing_had_been(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same money to the cent, the same result, and nothing of it twice."""
    undisturbed = place.copied_to(tmp_path / "未出事")
    before = money(place)
    lose_ledger(place)

    told = restore(place, capsys)

    assert [one.get("revisions") for one in told[:-1]] == [[1, 2], [1]]
    assert [one.get("to_check") for one in told[:-1]] == [[], []]
    assert money(place) == before
    assert is_verified(place), capsys.readouterr().out
    hand_in_january(place)
    hand_in_january(undisturbed)
    assert money(place) == money(undisturbed)
    assert place.result(period=JANUARY) == undisturbed.result(period=JANUARY)


def test_what_hr_wrote_into_a_notice_is_put_back_too(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The notice says it, so the ledger does, and a later edition."""
    place.take(month(JANUARY, 3, 2, 1, 4, 5, 6), today=date(2027, 2, 7))
    draft = place.workspace.outbox / f"{GROUP}/2027-01/{GROUP}_2027-01_考核通报.docx"
    draft.write_bytes(edited(draft.read_bytes(), "【请人事补充】", "春节排班不足。"))
    place.act(Act(ActKind.ISSUE, JANUARY, GROUP, date(2027, 2, 8), "李经理", ""))
    lose_ledger(place)
    restore(place, capsys)
    with place.ledger() as ledger, ledger.reading() as transaction:
        _, current = transaction.months.current(GROUP, JANUARY) or (None, None)
        assert current is not None
        assert transaction.documents.words(current.provenance.documents) == {"原因": ("春节排班不足。",)}


def test_the_month_is_as_it_was_issued_and_goes_on_with_its_next_revision(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_ledger(place)
    restore(place, capsys)
    with place.ledger() as ledger, ledger.reading() as transaction:
        december = transaction.months.get(GROUP, DECEMBER)
        assert transaction.months.next_revision(GROUP, NOVEMBER) == 3
    assert december is not None
    assert (december.state, december.issued_on) == (MonthState.ISSUED, date(2027, 1, 8))
    assert december.document_number == "绩通〔2027〕1号"
    assert main(["issue", GROUP, "2026-12", "--date", "2027-01-09", "--workspace", str(place.root)]) == 2
    assert "已于 2027-01-08 下发" in capsys.readouterr().err
    unchanged = place.take(month(DECEMBER, 2, 1, 3, 4, 5, 6), today=date(2027, 1, 21))
    assert unchanged.status.value == "unchanged"


def test_an_old_backup_is_completed_and_keeps_what_it_knew(
    tmp_path: Path, shop: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The acts of before stand with their names."""
    place = Place(tmp_path / "工作区", 'company = "星河"', hr=True)
    place.take(month(NOVEMBER, 1, 2, 3, 4, 5, 6), today=date(2026, 12, 7))
    place.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, date(2026, 12, 8), "李经理", "审定"))
    backup = shutil.copytree(place.workspace.state, tmp_path / "备份")
    place.take(month(NOVEMBER, 2, 1, 3, 4, 5, 6, corrected=True), today=date(2026, 12, 10))
    place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, GROUP, date(2026, 12, 11), "李经理", "属实"))
    paid = money(place)
    archive = shutil.copytree(place.workspace.archive, tmp_path / "存档")
    shutil.rmtree(place.workspace.state)
    shutil.copytree(backup, place.workspace.state)
    shutil.copytree(archive, place.workspace.archive, dirs_exist_ok=True)

    (november, _rest) = restore(place, capsys)

    assert november["revisions"] == [2]
    assert money(place) == paid
    assert is_verified(place), capsys.readouterr().out
    with place.ledger() as ledger, ledger.reading() as transaction:
        assert [(one.kind, one.by) for one in transaction.acts.find()] == [
            (ActKind.ISSUE, "李经理"),
            (ActKind.APPROVE_CORRECTION, "台账恢复"),
        ]


def test_what_hr_decided_about_money_and_took_back_is_proved_by_its_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One of two tied in the last place was decided about, the other not; December was withdrawn."""
    place = Place(tmp_path / "工作区", 'company = "星河"', hr=True)
    tie = scores([1, 2, 3, 4, 5, 6]) | {("考核数据", "KF005", "平均响应时间"): 55}
    place.take(workbook(cells=tie))
    place.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, date(2026, 12, 8), "李经理", "审定"))
    decision = {"staff": "KF006", "outcome": OutcomeType.DEDUCT, "decision": OutcomeDecision.APPLY}
    place.act(Act(ActKind.DECIDE, NOVEMBER, GROUP, date(2026, 12, 9), "李经理", "研究确定", **decision))
    place.take(month(DECEMBER, 2, 1, 3, 4, 5, 6), today=date(2027, 1, 7))
    place.act(Act(ActKind.ISSUE, DECEMBER, GROUP, date(2027, 1, 8), "李经理", "审定"))
    place.act(Act(ActKind.WITHDRAW, DECEMBER, GROUP, date(2027, 1, 9), "李经理", "报错月份"))
    before, stood = money(place), outcomes(place)
    lose_ledger(place)

    november = restore(place, capsys)[0]

    assert [one for one in november["to_check"] if "当作有人改过" in one] == [], (
        "the papers tell the decision"
    )
    assert money(place) == before
    assert outcomes(place) == stood
    assert is_verified(place), capsys.readouterr().out
    with place.ledger() as ledger, ledger.reading() as transaction:
        december = transaction.months.get(GROUP, DECEMBER)
        (decided,) = (one for one in transaction.acts.find(period=NOVEMBER) if one.kind is ActKind.DECIDE)
    assert december is not None
    assert december.state is MonthState.WITHDRAWN
    assert (decided.by, decided.on, decided.reason) == ("李经理", date(2026, 12, 9), "研究确定")


def outcomes(place: Place) -> list[tuple[str, str, str, str | None]]:
    with place.ledger() as ledger, ledger.reading() as transaction:
        found = [
            one for period in (NOVEMBER, DECEMBER) for one in transaction.outcomes.of_month(GROUP, period)
        ]
    return [(str(one.key), str(one.amount), one.state.value, one.decision) for one in found]


def test_where_nothing_shows_whether_it_was_paid_nothing_is_paid(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """HR's folder is gone: the month is closed until HR has looked, and says so."""
    lose_ledger(place)
    shutil.rmtree(place.workspace.outbox / "人事")
    told = restore(place, capsys)
    assert "先按已关账恢复" in told[0]["to_check"][0]
    assert money(place) == []
    with place.ledger() as ledger, ledger.reading() as transaction:
        assert transaction.months.is_closed(GROUP, NOVEMBER)


def test_without_the_list_of_money_an_issued_month_counts_as_paid(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """By 汇总 it was issued: its money is entered as paid then, and each line is named to HR."""
    lose_ledger(place)
    (place.workspace.outbox / "人事" / "2026-12" / "奖励与提成调整明细.csv").unlink()
    told = restore(place, capsys)
    december = [one for one in money(place) if one.key.period == DECEMBER]
    assert {(one.recorded_on, str(one.paid_in)) for one in december} == {(date(2027, 1, 8), "2027-01")}
    assert len(told[1]["to_check"]) == len(december)


def handed_in(place: Place, period: Period) -> dict[str, object]:
    """What `status` tells programs of the group's hand-in, and its line."""
    with place.ledger() as ledger, ledger.reading() as books:
        facts = PeriodFacts(books, period, date(2027, 1, 20), place.setup.roster, place.setup.settings)
        (one,) = status_of(facts).groups
    return {"day": one.handed_in, "late": one.days_late, "line": one.line}


def test_the_day_of_handing_in_is_what_the_years_workbook_proves(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """An issued result bears the day of issue, which says nothing of it."""
    before = handed_in(place, NOVEMBER), handed_in(place, DECEMBER)
    assert (before[1]["day"], before[1]["late"]) == (date(2027, 1, 7), 2)
    lose_ledger(place)
    restore(place, capsys)
    assert (handed_in(place, NOVEMBER), handed_in(place, DECEMBER)) == before


def test_a_day_of_handing_in_that_nothing_proves_is_not_guessed(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_ledger(place)
    shutil.rmtree(place.workspace.outbox / "人事" / "年度")

    november, december, _rest = restore(place, capsys)

    assert december["to_check"] == [], "the list of those that were late tells it"
    assert handed_in(place, DECEMBER)["day"] == date(2027, 1, 7)
    assert ["报送日不详，不计迟报" in one for one in november["to_check"]] == [True]
    unknown = handed_in(place, NOVEMBER)
    assert (unknown["day"], unknown["late"]) == (None, 0)
    assert str(unknown["line"]).endswith("报送日不详")
    (late,) = table(place.files("人事/2026-11")["未报送名单.xlsx"], "迟报")
    assert (late["报送日期"], late["迟报天数"]) == ("报送日不详", "—")
    row, _ = table(place.files("人事/年度")["2026.xlsx"], "各组各月")
    assert (row["报送日期"], row["迟报天数"]) == ("报送日不详", "—")


def test_a_draft_bears_the_day_of_handing_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = Place(tmp_path / "工作区", 'company = "星河"', hr=True)
    place.take(month(NOVEMBER, 1, 2, 3, 4, 5, 6), today=date(2026, 12, 9))
    before = handed_in(place, NOVEMBER)
    lose_ledger(place)
    shutil.rmtree(place.workspace.outbox / "人事" / "年度")
    (place.workspace.outbox / "人事" / "2026-11" / "未报送名单.xlsx").unlink()
    assert restore(place, capsys)[0]["to_check"] == []
    assert handed_in(place, NOVEMBER) == before


def test_appeals_are_put_back_from_the_register_and_the_filed_forms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One is answered, one waits; of a third only the form lies there."""
    place = Place(tmp_path / "工作区", 'company = "星河"', hr=True)
    place.take(month(NOVEMBER, 1, 2, 3, 4, 5, 6), today=date(2026, 12, 7))
    place.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, date(2026, 12, 8), "李经理", "审定"))
    forms = place.files(f"{GROUP}/2026-11")
    for number, day in ((2, 9), (3, 10)):
        form = forms[f"申诉/KF00{number}_{staff_name(number)}_申诉表.xlsx"]
        taken = place.take(filled_appeal(form, staff_name(number)), f"申诉{number}.xlsx", date(2026, 12, day))
        assert taken.status.value == "accepted", taken.findings
    answer = {"staff": "KF002", "answer": AppealDecision.CORRECT}
    place.act(Act(ActKind.ANSWER, NOVEMBER, GROUP, date(2026, 12, 11), "李经理", "故障属实", **answer))
    before, answered = appeals(place), table(place.files("人事/2026-11")["申诉登记.xlsx"])[0]
    assert len(before) == 2
    assert (answered["复核情况"], answered["复核人"]) == ("故障属实", "李经理")
    unproved = f"申诉/KF004_{staff_name(4)}_申诉表.xlsx"
    filed = place.workspace.outbox / GROUP / "2026-11" / unproved.replace(".xlsx", "_已提交.xlsx")
    filed.write_bytes(filled_appeal(forms[unproved], staff_name(4)))
    lose_ledger(place)

    november, rest = restore(place, capsys)

    assert november["to_check"] == []
    (told,) = (one for one in rest["to_check"] if one.startswith(f"{GROUP} 2026-11 KF"))
    assert "KF004 对第1版的申诉：有已提交的申诉表" in told
    assert appeals(place) == before
    files = place.files("人事/2026-11")
    assert table(files["申诉登记.xlsx"])[0] == answered
    assert "申诉登记_新.xlsx" not in files
    again = Act(ActKind.REISSUE, NOVEMBER, GROUP, date(2026, 12, 9), "李经理", "日期写错")
    with pytest.raises(ActRefused, match="已有人申诉"):
        place.act(again)


def test_a_filed_appeal_forbids_another_date_though_no_register_proves_it(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = place.workspace.outbox / GROUP / "2026-12" / "申诉"
    form = folder / f"KF002_{staff_name(2)}_申诉表.xlsx"
    content = filled_appeal(form.read_bytes(), staff_name(2))
    assert place.take(content, "申诉.xlsx", date(2027, 1, 11)).status.value == "accepted"
    lose_ledger(place)
    register = place.workspace.outbox / "人事" / "2026-12" / "申诉登记.xlsx"
    register.write_bytes(b"HR's own list")
    told = restore(place, capsys)[-1]["to_check"]
    assert any("KF002 对第1版的申诉" in one and "没有恢复" in one for one in told)
    assert not register.exists(), "put aside: the next register takes its place"
    again = Act(ActKind.REISSUE, DECEMBER, GROUP, date(2027, 1, 9), "李经理", "日期写错")
    with pytest.raises(ActRefused, match=r"已有人申诉（月份文件夹里有 .*_已提交\.xlsx）"):
        place.act(again)


def appeals(place: Place) -> list[Appeal]:
    with place.ledger() as ledger, ledger.reading() as transaction:
        return list(transaction.appeals.of_month(GROUP, NOVEMBER))


@pytest.mark.slow
@pytest.mark.skipif(not is_wanted(), reason="no PostgreSQL on this machine; CI has one")
def test_a_ledger_in_postgresql_is_put_back_too(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty database gets what the papers prove, an old backup of it what it lacks; both verify, nothing is paid twice."""
    before = money(place)
    lose_ledger(place)
    with running_server() as server:
        url, backup = server.new_database(), server.new_database()
        restore(place, capsys, "--ledger", url)
        server.copy(url, backup)
        with open_ledger(url) as ledger, ledger.reading() as transaction:
            lines = [
                line
                for period in (NOVEMBER, DECEMBER)
                for line in transaction.outcomes.lines_of_month(GROUP, period)
            ]
        assert lines == before
        place.drop("1月.xlsx", month(JANUARY, 2, 1, 3, 4, 5, 6))
        options = ("--workspace", str(place.root), "--ledger", url)
        assert main(["run", "--date", "2027-02-07", *options]) == 0
        assert main(["issue", GROUP, "2027-01", "--by", "李经理", "--date", "2027-02-08", *options]) == 0
        server.copy(backup, url)

        assert main(["run", "--date", "2027-02-09", *options]) == 2, "older than the papers"
        assert restore(place, capsys, "--ledger", url)[0]["period"] == "2026-11"
        assert main(["verify", "--date", "2027-02-09", *options]) == 0


def test_a_month_that_only_its_result_proves_is_put_back_and_made_by_nothing(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The archive is gone too: money and HR's lists are whole; no correction is made by other rules than then."""
    before = money(place)
    lose_ledger(place)
    shutil.rmtree(place.workspace.archive)
    told = restore(place, capsys)
    assert "只按 result.json 恢复" in told[0]["to_check"][0]
    assert money(place) == before
    assert place.files("人事/2026-12").keys() >= {"汇总.xlsx", "奖励与提成调整明细.csv"}
    place.take(month(DECEMBER, 1, 2, 3, 4, 5, 6, corrected=True), today=date(2027, 1, 20))
    agreed = Act(ActKind.APPROVE_CORRECTION, DECEMBER, GROUP, date(2027, 1, 20), "李经理", "属实")
    with pytest.raises(ActRefused, match=r"只有 result\.json.*没有办理"):
        place.act(agreed)
    assert money(place) == before


def test_without_the_rules_of_a_month_nothing_is_begun(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_ledger(place)
    path = place.workspace.outbox / GROUP / "2026-12" / "result.json"
    path.write_text(path.read_text("utf-8").replace('"online-shop"', '"gone-shop"'), "utf-8")
    assert main(["restore", "--workspace", str(place.root), "--date", RESTORED_ON]) == 2
    assert "考核方案 gone-shop 第1版 算的，规则文件里没有" in capsys.readouterr().err


def test_what_hr_edited_is_kept_and_named(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A notice with HR's words is never overwritten by a later revision, and a list is put aside."""
    lose_ledger(place)
    notice = place.workspace.outbox / GROUP / "2026-12" / f"{GROUP}_2026-12_考核通报.docx"
    notice.write_bytes(b"HR's own words")
    watched = place.workspace.outbox / "人事" / "2026-12" / "连续末位.xlsx"
    watched.write_bytes(b"HR's own list")
    told = restore(place, capsys)
    assert "考核通报.docx 与重算的不同" in told[1]["to_check"][0]
    assert notice.read_bytes() == b"HR's own words"
    assert (watched.parent / "恢复前" / watched.name).read_bytes() == b"HR's own list"


def test_a_break_at_any_step_is_made_good_by_the_same_command(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until the marks are written a run is refused; the second try finds everything there and adds nothing."""
    before = money(place)
    lose_ledger(place)
    marks = {path: path.read_bytes() for path in mark_paths(place.workspace)}
    restore(place, capsys)
    for path, content in marks.items():
        path.write_bytes(content)  # as if the power had gone just before the last step
    again = restore(place, capsys)
    assert [one.get("revisions") for one in again[:-1]] == [[], []]
    assert money(place) == before
    assert is_verified(place)


def test_a_whole_ledger_and_another_workspaces_are_left_alone(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["restore", "--workspace", str(place.root)]) == 0
    assert "台账完好" in capsys.readouterr().out
    other = Place(tmp_path / "别的工作区")
    strange = ["--ledger", place.workspace.default_ledger]
    assert main(["restore", "--workspace", str(other.root), *strange]) == 2
    assert "是别的工作区的" in capsys.readouterr().err
    assert is_verified(place)
