"""purge: what is about months long past goes from ledger, archive and outbox together."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from appraisal.admin.purge import Purged, purge
from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.pipeline.context import open_tools
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.files import REAL_FILES, Files, RealFiles
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook
from tests.hr.hr_shop import table

DECEMBER = Period(2026, 12)
GONE = staff_name(7).encode()
"""Somebody who was there in November only."""
LATER = date(2029, 1, 10)


@cache
def december() -> bytes:
    return workbook(period=DECEMBER, cells=scores([1, 2, 3, 4, 5, 6]))


def purged(place: Place, before: Period = DECEMBER, files: Files = REAL_FILES) -> Purged:
    """As the verb does it, two years later."""
    with open_tools(place.workspace, today=LATER, files=files) as tools:
        return purge(tools, before=before, forced=False)


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """November with seven people, issued, and a returned file of it; December with six."""
    shop = Place(tmp_path_factory.mktemp("two months"), hr=True)
    shop.take(workbook(staff=7, cells=scores([1, 2, 3, 4, 5, 6, 7], staff=7)))
    shop.act(Act(ActKind.ISSUE, NOVEMBER, "旗舰店", date(2026, 12, 8), "李经理", "审定"))
    shop.take(workbook(staff=7, cells={("考核数据", "KF007", "付款人数"): "延迟统计"}))
    shop.take(december(), today=date(2027, 1, 8))
    own = shop.workspace.outbox / "人事" / "2026-11" / "定稿"
    own.mkdir(parents=True, exist_ok=True)
    (own / "通报定稿.docx").write_bytes(b"HR's own")
    (shop.workspace.outbox / "旗舰店" / "2026-11" / "批注.txt").write_text("人事的批注", "utf-8")
    return shop


@pytest.fixture
def place(two_months: Place, tmp_path: Path) -> Place:
    return two_months.copied_to(tmp_path)


def bytes_of(place: Place, folder: str) -> bytes:
    return b"".join(path.read_bytes() for path in sorted((place.root / folder).rglob("*")) if path.is_file())


def archived(place: Place) -> int:
    return len(list(place.workspace.archive.iterdir()))


def test_old_months_are_gone_everywhere_and_later_ones_stay(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it removed; HR's own folder stays; the next month is worked on as before."""
    assert GONE in bytes_of(place, "state")
    papers = place.files("旗舰店/2026-12")
    assert main(["person", "KF007", "--workspace", str(place.root)]) == 0
    words = ("purge", "--before", "2026-12", "--date", str(LATER), "--workspace", str(place.root))
    assert main([*words]) == 0
    told = capsys.readouterr().out
    assert "已清除 2026-12 以前的个人数据：台账1个考核月，存档2份" in told
    assert not (place.workspace.outbox / "旗舰店" / "2026-11").exists()
    assert list(place.files("旗舰店/下月空白表")) == ["旗舰店_2027-01_考核上报表.xlsx"]
    assert place.files("旗舰店/2026-12") == papers
    assert place.files("人事/个人") == {}
    assert (place.workspace.outbox / "人事" / "2026-11" / "定稿" / "通报定稿.docx").exists()
    assert GONE not in bytes_of(place, "state")
    assert archived(place) == 1
    with place.ledger() as ledger, ledger.reading() as books:
        assert books.months.periods() == (DECEMBER,)
        assert books.past.of_person("KF007") == ()
        assert books.acts.find() == ()
    unchanged = place.take(december(), today=date(2027, 1, 8))
    assert unchanged.status.value == "unchanged"
    assert main([*words]) == 0
    assert "台账0个考核月，存档0份，输出文件0个" in capsys.readouterr().out


def test_lists_of_what_is_paid_go_with_the_month_and_come_back_without_it(place: Place) -> None:
    """November's late correction is paid in January, with December: January's list names November's people too."""
    place.act(Act(ActKind.ISSUE, DECEMBER, "旗舰店", date(2027, 1, 8), "李经理", "审定"))
    place.act(Act(ActKind.WITHDRAW, NOVEMBER, "旗舰店", date(2027, 1, 9), "李经理", "报错月份"))
    assert {"2026-12.csv", "2026-12.xlsx", "2027-01.csv"} <= set(place.files("人事/发放"))
    assert "2026-11/旗舰店/KF001" in place.files("人事/发放")["2027-01.csv"].decode()
    purged(place)
    assert place.files("人事/发放") == {}
    assert place.files("人事/年度") == {}

    place.run(LATER)

    assert set(place.files("人事/发放")) == {"2027-01.csv", "2027-01.xlsx"}
    assert {row["工号"] for row in table(place.files("人事/年度")["2026.xlsx"], "人员")[:-1]} == {
        staff_id(number) for number in range(1, 7)
    }
    left = place.files("人事/发放")["2027-01.csv"].decode()
    assert "2026-12/旗舰店/KF001" in left
    assert "2026-11" not in left


def test_kept_months_still_verify_and_can_be_corrected(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """What they look back on stays as figures: the trend, the average, the months last in a row, an overdue plan."""
    january = Period(2027, 1)
    place.act(Act(ActKind.ISSUE, DECEMBER, "旗舰店", date(2027, 1, 8), "李经理", "审定"))
    place.take(workbook(period=january, cells=scores([1, 2, 3, 4, 5, 6])), "1.xlsx", date(2027, 2, 8))
    with place.ledger() as ledger, ledger.reading() as books:
        before = books.past.before("旗舰店", january)

    assert main(["purge", "--before", "2027-01", "--date", str(LATER), "--workspace", str(place.root)]) == 0

    with place.ledger() as ledger, ledger.reading() as books:
        after = books.past.before("旗舰店", january)
        assert not any(one.name for one in books.past.summary([NOVEMBER, DECEMBER]))
    assert after.group_averages == before.group_averages
    assert {staff: after.people.get(staff) for staff in after.people if staff.startswith("KF")} == {
        staff: months for staff, months in before.people.items() if staff != "KF007"
    }
    assert GONE not in bytes_of(place, "state")
    capsys.readouterr()
    assert main(["verify", "--workspace", str(place.root)]) == 0, capsys.readouterr().out


def test_a_purged_month_is_refused(place: Place) -> None:
    """Handed in again it would look like a new month, and be paid anew; purging on does not forget that."""
    for _ in range(2):
        purged(place)
    again = place.take(workbook(staff=7, cells=scores([1, 2, 3, 4, 5, 6, 7], staff=7)), "11.xlsx")
    assert again.status.value == "returned"
    assert again.findings[0].code == "period.purged"


def test_months_under_two_years_old_are_kept_unless_forced(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("purge", "--before", "2026-12", "--date", "2028-11-30", "--workspace", str(place.root))
    assert main([*words]) == 2
    assert "不满两年" in capsys.readouterr().err
    assert archived(place) == 3
    assert main([*words, "--force"]) == 0
    assert archived(place) == 1


def test_the_blank_made_of_an_old_month_goes_with_it(place: Place) -> None:
    """It holds that month's people and targets, whoever has begun to fill it."""
    (place.workspace.outbox / "旗舰店" / "下月空白表" / "旗舰店_2027-01_考核上报表.xlsx").write_bytes(
        b"begun"
    )
    purged(place, before=Period(2027, 1))
    assert not (place.workspace.outbox / "旗舰店" / "下月空白表").exists()


def test_receipts_of_old_files_go_whether_or_not_their_month_was_closed(place: Place) -> None:
    """They name its people; a name that a later month's file bears keeps the receipt of that."""
    place.take(workbook(staff=7, cells={("考核数据", "KF007", "付款人数"): "?"}), "旗舰店/十一月.xlsx")
    place.take(december(), "十二月.xlsx", date(2027, 1, 9))
    purged(place)
    left = sorted(path.name for path in place.workspace.inbox.rglob("*.回执.txt"))
    assert left == ["上报表.xlsx.回执.txt", "十二月.xlsx.回执.txt"]


class Stopping(RealFiles):
    """A machine that dies after so many removals."""

    def __init__(self, after: int) -> None:
        self.left = after

    def remove(self, path: Path, *, inside: Path | None = None) -> None:
        if self.left == 0:
            raise KeyboardInterrupt
        self.left -= 1
        super().remove(path, inside=inside)


@pytest.mark.parametrize("after", [0, 1, 5])
def test_an_interrupted_purge_is_finished_by_the_next(place: Place, after: int) -> None:
    """The ledger goes last: until then it knows what is to be removed."""
    with pytest.raises(KeyboardInterrupt):
        purged(place, files=Stopping(after))
    purged(place)
    assert GONE not in bytes_of(place, "state")
    assert not (place.workspace.outbox / "旗舰店" / "2026-11").exists()
    assert archived(place) == 1


def test_what_lies_behind_a_link_is_left_and_told(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody moved the group's folder elsewhere and laid a link in its place: there nothing is deleted."""
    group, elsewhere = place.workspace.outbox / "旗舰店", tmp_path / "elsewhere"
    group.rename(elsewhere)
    group.symlink_to(elsewhere, target_is_directory=True)
    before = sorted(path for path in elsewhere.rglob("*") if path.is_file())
    words = ("purge", "--before", "2026-12", "--date", str(LATER), "--workspace", str(place.root))
    assert main([*words]) == 0
    assert "所在的文件夹是链接，没有动" in capsys.readouterr().out
    assert sorted(path for path in elsewhere.rglob("*") if path.is_file()) == before
