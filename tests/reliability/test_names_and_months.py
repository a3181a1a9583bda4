"""Cases 50 to 55: names and texts that do harm elsewhere, and months that are not what they say."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from appraisal.period import Period
from tests.builders.hazards import DATA, MANAGER, OWN, Month, OnePass, address, label_address, text
from tests.builders.submissions import staff_name
from tests.builders.workspaces import workbook

HOSTILE = {
    "公式": "=cmd|' /C calc'!A0",
    "加号": "+1+1",
    "减号": "-2+3",
    "电邮": "@SUM(A1)",
    "全角": "＝1+1",
    "标签": "{{7*7}} {% raw %} ${7*7}",
    "尖括号": "A&amp;B &lt;c&gt; &lt;/w:t&gt;",
    "上级": "../../etc/passwd",
    "设备": "CON",
    "盘符": "C:\\Windows",
    "长": "长" * 40,
    "表情": "😀\u202e反",
    "引号": "Robert'); DROP TABLE months;--",
    "换行": "甲_x000A_已受理",
}
NAMES = {1: staff_name(1), 2: "類文", 3: staff_name(3), 4: staff_name(3)}
ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"KF{number:03},{name},名册组,online-shop,2020-01-01\n" for number, name in NAMES.items()
)
RENAMED = {
    (sheet, f"KF{number:03}", "姓名"): name
    for sheet in ("考核数据", "自评", "店长评分")
    for number, name in NAMES.items()
}


def named(group: str, typed: str) -> bytes:
    month = Month(group)
    for part in (DATA, OWN, MANAGER):
        month.cell("姓名", "KF001", text(typed), part)
    return month.cell("评语", "KF001", text(typed), MANAGER).data()


def numbered_twice(group: str) -> bytes:
    """KF004's rows under the number and the name of KF003."""
    month = Month(group)
    for part in (DATA, OWN, MANAGER):
        month.cell("工号", "KF004", text("KF003"), part).cell("姓名", "KF004", text(staff_name(3)), part)
    return month.data()


FILES: Mapping[str, bytes] = {f"{name}.xlsx": named(name, typed) for name, typed in HOSTILE.items()} | {
    "改组.xlsx": Month("改组").label("考核组", text("别的组")).data(),
    "改月.xlsx": Month("改月").label("考核月份", text("2026-10")).data(),
    "未来.xlsx": Month("未来").label("考核月份", text("2027-05")).data(),
    "同名.xlsx": Month("同名").data(),
    "重号.xlsx": numbered_twice("重号"),
    "甲店/别家.xlsx": Month("别家").data(),
}


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> OnePass:
    return OnePass.over(tmp_path_factory.mktemp("names"), FILES)


@pytest.mark.parametrize("name", HOSTILE)
def test_cases_50_to_54_any_name_is_taken(dropped: OnePass, name: str) -> None:
    """Accepted, and every paper of it lies inside the outbox under a name that any system takes."""
    report = dropped.accepted(f"{name}.xlsx")
    outbox = dropped.place.workspace.outbox.resolve()
    for path in report.outputs:
        file = (dropped.place.root / path).resolve()
        assert file.is_relative_to(outbox / name)
        assert file.is_file()
        assert len(file.name.encode()) <= 255
        assert not re.search(r'[<>:"|?*\\\x00-\x1f\u202e]', file.name)


def test_case_51_no_text_is_a_formula_in_anything_that_is_written(dropped: OnePass) -> None:
    """In xlsx no formula holds what people typed; in csv no cell begins as one."""
    seen = 0
    for name, content in dropped.place.files("").items():
        if name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                sheets = [
                    package.read(one).decode() for one in package.namelist() if "worksheets/sheet" in one
                ]
            formulas = "".join(one for sheet in sheets for one in re.findall(r"<f[^>]*>(.*?)</f>", sheet))
            assert not re.search(r"cmd\||^1\+1|DROP TABLE|calc", formulas), name
            seen += 1
        elif name.endswith(".csv"):
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            cells = [cell for row in rows for cell in row]
            assert all(
                re.fullmatch(r"-?[\d.,]*%?", cell) or not re.match(r"\s*[=+\-@＝＋－＠\t\r]", cell)
                for cell in cells
            ), name
            seen += 1
    assert seen > len(HOSTILE)


def test_case_52_tags_and_marks_come_out_literally(dropped: OnePass) -> None:
    page = dropped.place.files("标签/2026-11")["标签_2026-11_考核通报.html"].decode()
    assert "{{7*7}} {% raw %} ${7*7}" in page
    page = dropped.place.files("尖括号/2026-11")["尖括号_2026-11_考核通报.html"].decode()
    assert "A&amp;B &lt;c&gt; &lt;/w:t&gt;" in page


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> OnePass:
    sheets = ("考核数据", "自评", "店长评分")
    odd = {("考核数据", "KF001", "姓名"): "　".join(staff_name(1)) + "\u200b"}
    odd |= {(sheet, "KF002", "姓名"): "\uf9d0文" for sheet in sheets}  # NFC makes 類 of it
    other = {(sheet, "KF002", "姓名"): "查无此人" for sheet in sheets}
    months = {10: other, 11: odd}
    return OnePass.over(
        tmp_path_factory.mktemp("people"),
        {
            f"{month}月.xlsx": workbook(
                group="名册组", staff=4, period=Period(2026, month), cells={**RENAMED, **cells}
            )
            for month, cells in months.items()
        },
        roster=ROSTER,
    )


class TestCase50:
    """With a roster people are told by number; doubtful rows come back."""

    def test_two_people_of_one_name_are_two_and_odd_spaces_make_no_other(self, people: OnePass) -> None:
        """Wide spaces, zero-width marks and another form of the same character are the same name."""
        people.accepted("11月.xlsx")
        staff = people.place.result("名册组")["staff"]
        assert [one["name"] for one in staff if one["id"] in {"KF003", "KF004"}] == [staff_name(3)] * 2

    def test_another_name_is_told_with_the_one_that_was_expected(self, people: OnePass) -> None:
        assert people.returned("10月.xlsx") == ["staff.name_mismatch"]
        assert people.places("10月.xlsx") == [f"考核数据!{address('姓名', 'KF002')}"]
        assert "应为“類文”" in people.said("10月.xlsx")

    def test_a_number_that_the_roster_does_not_know_is_told_and_who_is_missing_for_it(
        self, tmp_path: Path
    ) -> None:
        roster = ROSTER.replace("名册组", "陌生组").replace("類文", staff_name(2))
        roster = roster.replace(f"KF004,{staff_name(3)}", f"KF009,{staff_name(4)}")
        stranger = OnePass.over(tmp_path, {"陌生.xlsx": Month("陌生组").data()}, roster=roster)
        assert stranger.returned("陌生.xlsx") == ["staff.missing", "staff.unknown"]
        assert stranger.places("陌生.xlsx") == ["考核数据", f"考核数据!{address('工号', 'KF004')}"]

    def test_a_number_given_twice_is_told_on_each_sheet(self, dropped: OnePass) -> None:
        assert dropped.returned("重号.xlsx") == ["staff.duplicate"] * 3


class TestCase55:
    """What the issued blank, the folder, the roster and the calendar say is held against what was typed."""

    def test_a_group_typed_over_is_returned_with_the_one_that_was_expected(self, dropped: OnePass) -> None:
        assert dropped.returned("改组.xlsx") == ["group.retyped"]
        assert dropped.places("改组.xlsx") == [f"考核数据!{label_address('考核组')}"]
        assert "“改组”" in dropped.said("改组.xlsx")
        assert dropped.of("改组.xlsx").outputs[0].startswith("outbox/退回/")

    def test_a_month_typed_over_is_returned_with_the_one_that_was_expected(self, dropped: OnePass) -> None:
        assert dropped.returned("改月.xlsx") == ["period.retyped"]
        assert "2026-11" in dropped.said("改月.xlsx")

    def test_a_month_that_has_not_come_is_told(self, dropped: OnePass) -> None:
        assert dropped.returned("未来.xlsx") == ["period.retyped"]

    def test_another_groups_folder_is_told(self, dropped: OnePass) -> None:
        assert dropped.returned("甲店/别家.xlsx") == ["group.wrong_folder"]

    def test_people_of_the_roster_who_are_missing_are_named(self, tmp_path: Path) -> None:
        present = {key: name for key, name in RENAMED.items() if key[1] != "KF004"}
        month = workbook(group="名册组", staff=3, cells=present)
        short = OnePass.over(tmp_path, {"缺人.xlsx": month}, roster=ROSTER)
        assert short.returned("缺人.xlsx") == ["staff.missing"]
        assert f"{NAMES[4]}（KF004）" in short.said("缺人.xlsx")
