"""After a month: the blank for the next one lies there, and last month's data are noticed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from appraisal.admin.demo import FilledMonth, filled_in
from appraisal.cli.app import main
from appraisal.period import Period
from appraisal.pipeline.blanks import blank_for
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.submission import EXPORTED_ON, SOURCE_SOFTWARE, STAFF_ID
from tests.builders.submissions import NOVEMBER, filled, staff_id, staff_name
from tests.builders.workbooks import opened
from tests.builders.workspaces import Place, scores, workbook

DECEMBER = Period(2026, 12)
BLANKS = "旗舰店/下月空白表"
OF_DECEMBER = "旗舰店_2026-12_考核上报表.xlsx"
SAME = "data.same_as_last_month"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def take(place: Place, period: Period, **options: Any) -> FileReport:
    after = period.shifted(1)
    report = place.take(workbook(period=period, **options), today=date(after.year, after.month, 8))
    assert report.status is Status.ACCEPTED, report.findings
    return report


def typed(content: bytes) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """What stands in 考核数据: the value right of each label, and each person's row by header."""
    sheet = opened(content)["考核数据"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    at = next(number for number, row in enumerate(rows) if row[0] == "工号")
    labels = {str(name): value for row in rows[:at] for name, value in pairwise(row) if name is not None}
    headers = [str(header).split("\n")[0] for header in rows[at]]
    people = [dict(zip(headers, row, strict=True)) for row in rows[at + 1 :]]
    return labels, {str(one["工号"]): one for one in people if str(one["工号"]).startswith("KF")}


def test_the_blank_for_the_next_month_lies_there_with_people_targets_and_manager(place: Place) -> None:
    """What seldom changes is filled in; what is counted anew each month is left empty."""
    take(place, NOVEMBER, cells={("考核数据", "KF002", "个人月目标"): 88000})

    blanks = place.files(BLANKS)
    assert list(blanks) == [OF_DECEMBER]
    labels, people = typed(blanks[OF_DECEMBER])
    before, former = typed(workbook())
    assert labels["考核月份"] == "2026-12"
    assert labels["店长"] == before["店长"] is not None
    assert labels["导出日期"] is None
    assert list(people) == [staff_id(number) for number in range(1, 7)]
    assert people["KF002"]["个人月目标"] == 88000
    assert people["KF003"]["个人月目标"] == former["KF003"]["个人月目标"]
    assert {one["接待人数"] for one in people.values()} == {None}


def test_the_blank_filled_in_is_taken_for_the_next_month(place: Place) -> None:
    """The manager fills what is left and drops it: a month without anything to ask about."""
    take(place, NOVEMBER)
    blank = place.files(BLANKS)[OF_DECEMBER]
    month = filled(period=DECEMBER, staff=6, cells=scores([1, 2, 3, 4, 5, 6]))
    rows = {sheet: {str(row[STAFF_ID]): dict(row) for row in rows} for sheet, rows in month.rows.items()}
    for row in rows["考核数据"].values():
        del row["个人月目标"]
    labels = {name: month.labels[name] for name in (SOURCE_SOFTWARE, EXPORTED_ON)}

    report = place.take(filled_in(blank, month.form, FilledMonth(labels, rows)), today=date(2027, 1, 8))

    assert (report.status, report.period) == (Status.ACCEPTED, DECEMBER), report.findings
    assert SAME not in [one.code for one in report.findings]


def test_the_people_of_the_blank_are_those_of_next_months_roster(tmp_path: Path) -> None:
    """Whoever leaves in November is not in December's; whoever comes is, without a target."""
    people = [f"{staff_id(n)},{staff_name(n)},旗舰店,online-shop,2024-01-01," for n in range(1, 6)]
    people += [
        f"{staff_id(6)},{staff_name(6)},旗舰店,online-shop,2024-01-01,2026-11-30",
        "KF020,新来的,旗舰店,online-shop,2026-12-01,",
    ]
    place = Place(tmp_path, roster="\n".join(["工号,姓名,考核组,考核方案,入职日期,离职日期", *people]))
    take(place, NOVEMBER)

    _, there = typed(place.files(BLANKS)[OF_DECEMBER])
    assert list(there) == ["KF001", "KF002", "KF003", "KF004", "KF005", "KF020"]
    assert there["KF020"]["个人月目标"] is None


def test_who_leaves_comes_or_moves_in_the_month_is_not_put_down_as_appraised(tmp_path: Path) -> None:
    """With the roster's date; a target is not carried over to somebody who will have no figures."""
    headers = "工号,姓名,考核组,考核方案,入职日期,入组日期,离组日期,离职日期"
    whose = {n: f"{staff_id(n)},{staff_name(n)},旗舰店,online-shop,2024-01-01" for n in range(1, 7)}
    whose = {n: f"{line},,,{'2026-12-09' if n == 5 else ''}" for n, line in whose.items() if n < 6}
    whose[6] = f"{staff_id(6)},{staff_name(6)},旗舰店,online-shop,2024-01-01,,2026-12-15,"
    moved = f"{staff_id(6)},{staff_name(6)},二店,online-shop,2024-01-01,2026-12-16,,"
    new = "KF020,新来的,旗舰店,online-shop,2026-12-25,,,"
    place = Place(tmp_path, roster="\n".join([headers, *whose.values(), moved, new]))
    take(place, NOVEMBER)

    _, there = typed(place.files(BLANKS)[OF_DECEMBER])
    told = {who: (one["参评情况"], one["情况说明"], one["个人月目标"]) for who, one in there.items()}
    assert told["KF005"] == ("已离职", "花名册：2026-12-09 离职", None)
    assert told["KF006"] == ("当月调动", "花名册：2026-12-16 从“旗舰店”调到“二店”", None)
    assert told["KF020"] == ("入职不满一个月", "花名册：2026-12-25 入职", None)
    assert {told[staff_id(n)][:2] for n in range(1, 5)} == {("参评", None)}
    blank = blank_for("online-shop", place.setup, group="二店", period=DECEMBER)
    _, there = typed(blank.content)
    assert there["KF006"]["参评情况"] == "参评"


def test_only_the_latest_month_leaves_a_blank_and_an_edited_one_is_kept(place: Place) -> None:
    """A month that comes late brings no blank back; what the manager began in its place stays."""
    take(place, DECEMBER)
    january = place.files(BLANKS)
    take(place, NOVEMBER)
    assert place.files(BLANKS) == january
    assert list(january) == ["旗舰店_2027-01_考核上报表.xlsx"]

    begun = place.workspace.outbox / BLANKS / "旗舰店_2027-01_考核上报表.xlsx"
    begun.write_bytes(b"begun by the manager")
    take(place, Period(2027, 1))
    assert place.files(BLANKS)[begun.name] == b"begun by the manager"
    assert set(place.files(BLANKS)) == {begun.name, "旗舰店_2027-02_考核上报表.xlsx"}


def test_data_equal_to_last_months_are_noticed_and_other_data_are_not(place: Place) -> None:
    """The month is accepted all the same; report and receipt say that it looks like last month's file."""
    assert SAME not in [one.code for one in take(place, NOVEMBER).findings]

    report = take(place, DECEMBER)

    (told,) = [one for one in report.findings if one.code == SAME]
    assert "2026-11" in told.message
    assert "100%" in told.message
    receipt = (place.workspace.inbox / "上报表.xlsx.回执.txt").read_text("utf-8-sig")
    assert "2026-11 完全相同" in receipt
    other = take(place, Period(2027, 1), cells=scores([1, 2, 3, 4, 5, 6]))
    assert SAME not in [one.code for one in other.findings]


# ------------------------------------------------------------------- the blank follows the roster


HEADER = "工号,姓名,考核组,考核方案,入职日期,离职日期"


def line(number: int, *, group: str = "旗舰店", scheme: str = "online-shop", left: str = "") -> str:
    return f"{staff_id(number)},{staff_name(number)},{group},{scheme},2024-01-01,{left}"


def with_roster(place: Place, *lines: str) -> Place:
    """The same workspace, its roster written anew."""
    (place.root / "roster.csv").write_text("\n".join([HEADER, *lines]), "utf-8")
    return Place(place.root, hr=place.hr)


@pytest.fixture
def rostered(tmp_path: Path) -> Place:
    return Place(tmp_path, roster="\n".join([HEADER, *map(line, range(1, 7))]))


def test_the_page_of_a_group_that_is_gone_goes(rostered: Place) -> None:
    """A group that the roster had by mistake has no page the day after it was taken out."""
    rostered.hr = True
    people = [*map(line, range(1, 7))]
    wrong = with_roster(rostered, *people, line(99, group="奇舰店"))
    take(wrong, NOVEMBER)
    assert wrong.files("人事/页面").keys() == {"旗舰店.html", "奇舰店.html"}

    with_roster(rostered, *people).run(date(2026, 12, 20))

    assert rostered.files("人事/页面").keys() == {"旗舰店.html"}


def test_the_blank_that_lies_ready_follows_the_roster_until_it_is_handed_in(rostered: Place) -> None:
    """Who leaves and who comes after November was taken: the next pass makes it anew, once, and says so."""
    take(rostered, NOVEMBER, cells={("考核数据", "KF002", "个人月目标"): 88000})
    changed = with_roster(rostered, *map(line, range(1, 6)), line(6, left="2026-11-30"), line(9))

    told = changed.run(date(2026, 12, 20)).warnings

    assert any("下月空白表已按现在的花名册和设置更新：旗舰店" in one for one in told)
    labels, there = typed(changed.files(BLANKS)[OF_DECEMBER])
    assert list(there) == [staff_id(number) for number in (1, 2, 3, 4, 5, 9)]
    assert there["KF002"]["个人月目标"] == 88000
    assert there["KF009"]["个人月目标"] is None
    assert labels["店长"] == typed(workbook())[0]["店长"]
    assert not any("下月空白表" in one for one in changed.run(date(2026, 12, 21)).warnings)

    back = with_roster(rostered, *map(line, range(1, 7)))
    back.run(date(2026, 12, 22))
    assert list(typed(back.files(BLANKS)[OF_DECEMBER])[1]) == [staff_id(number) for number in range(1, 7)]


def test_a_blank_that_the_manager_has_begun_to_fill_stays_and_the_new_one_lies_beside_it(
    rostered: Place,
) -> None:
    take(rostered, NOVEMBER)
    begun = rostered.workspace.outbox / BLANKS / OF_DECEMBER
    begun.write_bytes(b"begun by the manager")
    changed = with_roster(rostered, *map(line, range(1, 6)))
    changed.run(date(2026, 12, 20))
    blanks = changed.files(BLANKS)
    assert blanks.pop(OF_DECEMBER) == b"begun by the manager"
    ((name, content),) = blanks.items()
    assert name == "旗舰店_2026-12_考核上报表_新.xlsx"
    assert len(typed(content)[1]) == 5


def test_a_group_that_never_handed_in_finds_its_first_blank(rostered: Place) -> None:
    """It follows the roster, and makes room when the month comes."""
    rostered.run(date(2026, 12, 2))
    first = f"旗舰店_{NOVEMBER}_考核上报表.xlsx"
    assert list(rostered.files(BLANKS)) == [first]
    assert len(typed(rostered.files(BLANKS)[first])[1]) == 6
    with_roster(rostered, *map(line, range(1, 6))).run(date(2026, 12, 14))
    assert len(typed(rostered.files(BLANKS)[first])[1]) == 5
    with_roster(rostered, *map(line, range(1, 6))).run(date(2026, 12, 20))
    assert list(rostered.files(BLANKS)) == [OF_DECEMBER], "the month that people are busy with"
    take(with_roster(rostered, *map(line, range(1, 7))), NOVEMBER)
    assert list(rostered.files(BLANKS)) == [OF_DECEMBER]


def test_a_group_that_the_roster_knows_no_more_keeps_no_blank(rostered: Place) -> None:
    take(rostered, NOVEMBER)
    gone = with_roster(rostered, line(7, group="二店"))
    gone.run(date(2026, 12, 20))
    assert gone.files(BLANKS) == {}


def ask(place: Place, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main([*words, "--workspace", str(place.root), "--date", "2026-12-20"])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_one_command_makes_the_blanks_of_all_groups_with_what_the_month_before_gives(
    rostered: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """店长 and targets are carried; a group that has handed in nothing yet begins empty; nothing is overwritten."""
    take(rostered, NOVEMBER, cells={("考核数据", "KF002", "个人月目标"): 88000})
    place = with_roster(
        rostered,
        *map(line, range(1, 7)),
        line(7, group="二店"),
        line(8, group="服务部", scheme="service-agent"),
    )
    out = tmp_path / "发表"
    asked = ("template", "--all", "--period", "2026-12", "--out", str(out))
    assert ask(place, capsys, *asked)[0] == 0
    names = {f"{group}_2026-12_考核上报表.xlsx" for group in ("旗舰店", "二店", "服务部")}
    assert {one.name for one in out.iterdir()} == names
    labels, people = typed((out / OF_DECEMBER).read_bytes())
    assert labels["店长"] == typed(workbook())[0]["店长"]
    assert people["KF002"]["个人月目标"] == 88000
    assert typed((out / "二店_2026-12_考核上报表.xlsx").read_bytes())[0]["店长"] is None

    (out / OF_DECEMBER).write_bytes(b"filled")
    code, told = ask(place, capsys, *asked)
    assert code == 0
    assert (out / OF_DECEMBER).read_bytes() == b"filled"
    assert f"“{OF_DECEMBER}”已经在那里，没有覆盖" in told


def test_forms_of_all_groups_are_made_by_one_command_too(
    rostered: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = with_roster(rostered, line(1), line(7, group="二店"))
    out = tmp_path / "自评"
    assert ask(place, capsys, "template", "--all", "--self", "--period", "2026-12", "--out", str(out))[0] == 0
    assert {path.name: len(list(path.iterdir())) for path in out.iterdir()} == {"旗舰店": 1, "二店": 1}


def test_a_scheme_that_the_roster_does_not_give_the_group_is_refused(
    rostered: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its workbook would come back; without a scheme it is the roster's."""
    out = tmp_path / "发表"
    code, told = ask(rostered, capsys, "template", "service-agent", "--group", "旗舰店", "--out", str(out))
    assert code == 2
    assert "花名册里“旗舰店”的考核方案是 online-shop，不是 service-agent" in told
    assert not out.exists()
    assert ask(rostered, capsys, "template", "--group", "旗舰店", "--out", str(out))[0] == 0
    assert ask(rostered, capsys, "template", "--out", str(out))[0] == 2


def test_an_import_carries_the_manager_and_takes_the_commission(
    rostered: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the export says wins; what it does not say comes from the month before."""
    take(rostered, NOVEMBER, cells={("考核数据", "KF002", "个人月目标"): 88000})
    export = tmp_path / "导出.csv"
    rows = [f"{staff_name(number)},800,1200.50" for number in range(1, 7)]
    export.write_text("\n".join(["姓名,接待人数,当月提成", *rows]), "utf-8-sig")
    out = tmp_path / "填好"
    asked = ("import", str(export), "--group", "旗舰店", "--period", "2026-12", "--out", str(out))
    code, told = ask(rostered, capsys, *asked)
    assert code == 0, told
    labels, people = typed((out / OF_DECEMBER).read_bytes())
    assert labels["店长"] == typed(workbook())[0]["店长"]
    assert (people["KF002"]["接待人数"], people["KF002"]["当月提成"]) == (800, 1200.5)
    assert people["KF002"]["个人月目标"] == 88000
