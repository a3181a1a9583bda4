"""Cases 50 to 55: names and texts that do harm elsewhere, and months that are not what they say."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.builders.hazards import Month, OnePass, label_address, text
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
ROSTER = "工号,姓名,考核组,考核方案,入职日期\n" + "".join(
    f"KF{number:03},{staff_name(number)},{group},online-shop,2020-01-01\n"
    for number, group in ((1, "名册组"), (2, "名册组"), (3, "名册组"), (4, "名册组"))
)


def named(group: str, typed: str) -> bytes:
    month = Month(group)
    for part in ("xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/worksheets/sheet4.xml"):
        month.cell("姓名", "KF001", text(typed), part)
    return month.cell("评语", "KF001", text(typed), "xl/worksheets/sheet4.xml").data()


FILES: Mapping[str, bytes] = {f"{name}.xlsx": named(name, typed) for name, typed in HOSTILE.items()} | {
    "改组.xlsx": Month("改组").label("考核组", text("别的组")).data(),
    "改月.xlsx": Month("改月").label("考核月份", text("2026-10")).data(),
    "未来.xlsx": Month("未来").label("考核月份", text("2027-05")).data(),
    "同名.xlsx": Month("同名").data(),
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


def test_case_50_two_people_of_one_name_are_two_and_spaces_make_no_other(tmp_path: Path) -> None:
    """With a roster: people are told by number; a name with odd spaces is the same name, another is told."""
    spaced = "　".join(staff_name(1)) + "\u200b"
    good = {("考核数据", "KF001", "姓名"): spaced}
    other = {(sheet, "KF002", "姓名"): "查无此人" for sheet in ("考核数据", "自评", "店长评分")}
    one = OnePass.over(
        tmp_path / "a", {"名.xlsx": workbook(group="名册组", staff=4, cells=good)}, roster=ROSTER
    )
    two = OnePass.over(
        tmp_path / "b", {"名.xlsx": workbook(group="名册组", staff=4, cells=other)}, roster=ROSTER
    )

    one.accepted("名.xlsx")
    assert "staff.name_mismatch" in two.returned("名.xlsx")
    assert staff_name(2) in two.said("名.xlsx")


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
        assert "period.retyped" in dropped.returned("未来.xlsx")

    def test_another_groups_folder_is_told(self, dropped: OnePass) -> None:
        assert dropped.returned("甲店/别家.xlsx") == ["group.wrong_folder"]

    def test_people_of_the_roster_who_are_missing_are_named(self, tmp_path: Path) -> None:
        short = OnePass.over(tmp_path, {"缺人.xlsx": workbook(group="名册组", staff=3)}, roster=ROSTER)
        assert "staff.missing" in short.returned("缺人.xlsx")
        assert staff_name(4) in short.said("缺人.xlsx")
