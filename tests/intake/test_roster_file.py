"""roster.xlsx and roster.csv: strict, with every mistake named at once."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.roster_file import RosterError, load_roster
from tests.builders.submissions import online_shop, rulebook

HEADERS = ("工号", "姓名", "考核组", "考核方案", "入职日期")
PEOPLE = (
    ("007", "张三", "旗舰店", "online-shop", "2020-01-01"),
    ("KF2", "李四", "二店", "online-shop", "2021-05-06"),
)
EXPECTED = Roster(
    (
        StaffMember("007", "张三", "旗舰店", "online-shop", date(2020, 1, 1)),
        StaffMember("KF2", "李四", "二店", "online-shop", date(2021, 5, 6)),
    )
)


def csv_text(*rows: tuple[str, ...], headers: tuple[str, ...] = HEADERS) -> str:
    return "\r\n".join(",".join(row) for row in (headers, *rows))


def loaded(folder: Path, text: str, encoding: str = "utf-8-sig") -> Roster | None:
    (folder / "roster.csv").write_bytes(text.encode(encoding))
    return load_roster(folder)


def mistakes_in(folder: Path, *rows: tuple[str, ...], headers: tuple[str, ...] = HEADERS) -> tuple[str, ...]:
    with pytest.raises(RosterError) as caught:
        loaded(folder, csv_text(*rows, headers=headers))
    return caught.value.mistakes


def test_without_a_roster_there_is_none(tmp_path):
    """Then the workbooks' own people count."""
    assert load_roster(tmp_path) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_the_encodings_of_excel(tmp_path, encoding):
    """Ids keep their zeros."""
    assert loaded(tmp_path, csv_text(*PEOPLE), encoding) == EXPECTED


def test_a_workbook_is_read_alike(tmp_path):
    """Date cells, numbers as ids by their format, a title above, an empty sheet before."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("花名册")
    sheet["A1"] = "某某公司花名册"
    for column, header in enumerate(HEADERS, 1):
        sheet.cell(3, column).value = header
    for row, person in enumerate(PEOPLE, 4):
        for column, value in enumerate(person, 1):
            sheet.cell(row, column).value = date.fromisoformat(value) if column == 5 else value
    sheet["A4"] = 7
    sheet["A4"].number_format = "000"
    output = io.BytesIO()
    book.save(output)
    (tmp_path / "roster.xlsx").write_bytes(output.getvalue())
    assert load_roster(tmp_path) == EXPECTED


def test_every_column_is_read(tmp_path):
    """The optional ones in any order, other columns left alone."""
    headers = ("备注", "账号", "岗位", *HEADERS, "入组日期", "离组日期", "离职日期")
    row = ("x", "旗舰店:小三、小三2", "售前", *PEOPLE[0], "2021-01-01", "2026-10-31", "2026-12-31")
    assert loaded(tmp_path, csv_text(row, headers=headers)) == Roster(
        (
            StaffMember(
                "007", "张三", "旗舰店", "online-shop", date(2020, 1, 1),
                joined_group=date(2021, 1, 1), left_group=date(2026, 10, 31), left=date(2026, 12, 31),
                post="售前", accounts=("旗舰店:小三", "小三2"),
            ),
        )
    )  # fmt: skip


def test_two_rosters_are_one_too_many(tmp_path):
    """Nobody can know which one counts."""
    (tmp_path / "roster.xlsx").write_bytes(b"")
    with pytest.raises(RosterError, match="只保留一份"):
        loaded(tmp_path, csv_text(*PEOPLE))


def test_every_mistake_is_named_with_its_cell(tmp_path):
    """One sentence lists them all."""
    found = mistakes_in(
        tmp_path,
        ("0", "钱一", "旗舰店", "online-shop", "2020-01-01"),
        ("1", "张三", "旗舰店", "online-shop", "一月"),
        ("2", "", "旗舰店", "online-shop", "2020-01-01"),
        ("", "王五", "旗舰店", "online-shop", "2020-01-01"),
        ("4", "赵六", "人事", "online-shop", "2020-01-01"),
        ("5", "孙七", "二/店", "online-shop", "2020-01-01"),
        ("6", "周八", "旗舰店", "phone-service", "2020-01-01"),
    )
    assert found == (
        "A5 这一行填了内容，但没有工号",
        "E3 “入职日期”应为日期，现在是“一月”",
        "B4 “姓名”没有填写",
        "第 6 行考核组不能叫“人事”，这个名称由系统使用",
        "第 7 行考核组“二/店”里有不能用作文件夹名称的符号",
        "第 8 行考核组“旗舰店”的考核方案是“phone-service”，本组其他 3 行是“online-shop”",
    )


def test_what_is_certain_in_a_row_is_compared_though_another_cell_is_wrong(tmp_path):
    """One round, not two: the account, the group and the scheme of a row whose date cannot be read."""
    headers = (*HEADERS, "账号")
    found = mistakes_in(
        tmp_path,
        ("1", "张三", "旗舰店", "online-shop", "2020-01-01", "小美"),
        ("2", "李四", "旗舰店", "phone-service", "一月", "小美"),
        ("3", "王五", "旗舰店", "online-shop", "2020-01-01", ""),
        ("3", "赵六", "人事", "online-shop", "二月", ""),
        ("1", "", "二店", "online-shop", "三月", ""),
        headers=headers,
    )
    assert found == (
        "E3 “入职日期”应为日期，现在是“一月”",
        "E5 “入职日期”应为日期，现在是“二月”",
        "E6 “入职日期”应为日期，现在是“三月”",
        "B6 “姓名”没有填写",
        "第 5 行考核组不能叫“人事”，这个名称由系统使用",
        "第 2 行和第 6 行都是工号“1”，改好日期才看得出在组时间是否重叠",
        "第 4 行和第 5 行的工号相同而人不同（“3”王五和“3”赵六）",
        "第 3 行考核组“旗舰店”的考核方案是“phone-service”，本组其他 2 行是“online-shop”",
        "第 2 行和第 3 行都有账号“小美”，改好日期才看得出是不是两个人同时在用",
    )


def test_a_date_that_cannot_be_read_makes_nobody_overlap(tmp_path):
    """张三 left the first group, on a day that is not known yet."""
    (_, told) = mistakes_in(
        tmp_path, stay("旗舰店", "", "十月中"), stay("二店", "2026-10-16", ""), headers=STAY
    )
    assert told == "第 2 行和第 3 行都是工号“1”，改好日期才看得出在组时间是否重叠"


def test_what_is_struck_out_is_asked_for(tmp_path):
    """A row, or a date in it: it may be meant away."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ((*HEADERS, "离组日期"), (*PEOPLE[0], None), (*PEOPLE[1], "2026-10-31")):
        sheet.append(row)
    for cell in (*sheet[2][:5], sheet["F3"]):
        cell.font = Font(strike=True)
    book.save(tmp_path / "roster.xlsx")
    with pytest.raises(RosterError) as caught:
        load_roster(tmp_path)
    assert caught.value.mistakes == (
        "A2 这一行划了删除线，看不出还算不算：不要的请删除整行，离开的请填离职日期，要的请去掉删除线",
        "F3 划了删除线，看不出还算不算：不要的请删除，要的请去掉删除线",
    )


def test_the_row_with_the_odd_scheme_is_blamed_wherever_it_stands(tmp_path):
    """Not the five that are right below it; of two that differ both are named."""
    right = [(str(n), f"张{n}", "旗舰店", "online-shop", "2020-01-01") for n in range(2, 7)]
    pair = [("8", "李四", "二店", "online-shop", "2020-01-01"), ("9", "王五", "二店", "phone", "2020-01-01")]
    assert mistakes_in(tmp_path, ("1", "张一", "旗舰店", "online-shp", "2020-01-01"), *right, *pair) == (
        "第 2 行考核组“旗舰店”的考核方案是“online-shp”，本组其他 5 行是“online-shop”",
        "第 9 行考核组“二店”的考核方案是“phone”，第 8 行是“online-shop”",
    )


def test_a_scheme_may_be_written_by_its_name(tmp_path):
    """Beside rows that have its id; of two rows that differ the one that no rule file knows is odd."""
    named = ("1", "张三", "旗舰店", online_shop().name, "2020-01-01")
    rows = (named, ("2", "李四", "旗舰店", "online-shop", "2020-01-01"))
    (tmp_path / "roster.csv").write_text(csv_text(*rows), "utf-8")
    roster = load_roster(tmp_path, rulebook())
    assert roster is not None
    assert {one.scheme for one in roster.members} == {"online-shop"}

    wrong = (("3", "王五", "旗舰店", "online-shp", "2020-01-01"), rows[1])
    (tmp_path / "roster.csv").write_text(csv_text(*wrong), "utf-8")
    with pytest.raises(RosterError, match="第 2 行考核组“旗舰店”的考核方案是“online-shp”"):
        load_roster(tmp_path, rulebook())


def test_one_account_of_two_people_at_one_time_is_told(tmp_path):
    """It may go on to another when its owner has left."""
    headers = (*HEADERS, "离职日期", "账号")
    gone = ("1", "张三", "旗舰店", "online-shop", "2020-01-01", "2026-10-31", "旗舰店:小美")
    after = ("2", "李四", "旗舰店", "online-shop", "2026-11-01", "", "旗舰店:小美")
    beside = ("3", "王五", "旗舰店", "online-shop", "2026-11-02", "", "旗舰店：小美、小五")
    assert loaded(tmp_path, csv_text(gone, after, headers=headers)) is not None
    assert mistakes_in(tmp_path, gone, after, beside, headers=headers) == (
        "第 3 行和第 4 行里李四（2）和王五（3）的账号都有“旗舰店:小美”，一个账号只能归一个人",
    )


def test_the_sentence_names_the_file_and_the_number_of_mistakes(tmp_path):
    """It is what the command line prints."""
    with pytest.raises(RosterError) as caught:
        loaded(tmp_path, csv_text(("1", "张三", "退回", "online-shop", "2020-01-01")))
    assert (
        str(caught.value)
        == "花名册 roster.csv 有 1 处要改正：第 2 行考核组不能叫“退回”，这个名称由系统使用。"
    )


STAY = (*HEADERS, "入组日期", "离组日期")


def stay(group: str, start: str, end: str, *, identity: str = "1", name: str = "张三") -> tuple[str, ...]:
    return (identity, name, group, "online-shop", "2020-01-01", start, end)


def test_one_after_the_other_a_person_may_be_in_several_groups(tmp_path):
    """The day of the transfer may stand in both rows."""
    rows = (stay("旗舰店", "", "2026-10-15"), stay("二店", "2026-10-15", ""))
    roster = loaded(tmp_path, csv_text(*rows, headers=STAY))
    assert roster is not None
    assert [one.group for one in roster.records_of("1")] == ["旗舰店", "二店"]


@pytest.mark.parametrize(
    ("rows", "part"),
    [
        ((stay("旗舰店", "", ""), stay("二店", "2026-10-15", "")), "在组时间重叠"),
        ((stay("旗舰店", "", "2026-10-15"), stay("旗舰店", "2026-10-01", "")), "在组时间重叠"),
        ((stay("旗舰店", "", ""), stay("旗舰店", "", "")), "在组时间重叠"),
        ((stay("旗舰店", "", "2026-10-15"), stay("二店", "2026-10-16", "", name="李四")), "工号相同而人不同"),
        ((stay("旗舰店", "", "", identity="a1"), stay("二店", "", "", identity="A1")), "工号相同而人不同"),
        ((stay("旗舰店", "2026-10-15", "2026-10-01"),), "早于加入的日期"),
    ],
)
def test_rows_that_contradict_each_other_are_told(tmp_path, rows, part):
    """A person cannot be in two groups on one day."""
    (mistake,) = mistakes_in(tmp_path, *rows, headers=STAY)
    assert part in mistake


def test_ids_written_as_formulas_of_text_keep_their_zeros(tmp_path):
    """As software writes them for Excel; separated by tabs, too."""
    rows = (HEADERS, ('="007"', *PEOPLE[0][1:]), PEOPLE[1])
    roster = loaded(tmp_path, "\n".join("\t".join(row) for row in rows))
    assert roster is not None
    assert [one.id for one in roster.members] == ["007", "KF2"]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (csv_text(headers=HEADERS).encode(), "没有任何人员"),
        (csv_text(*PEOPLE, headers=(*HEADERS[:4], "进公司")).encode(), "表头里缺少“入职日期”这一列"),
        ("只有一行字".encode(), "没有找到“花名册”的表头"),
        (b"\xff\xfe\x00\x01\xd8", "读不出文字"),
        (b"", "没有找到“花名册”的表头"),
        (
            csv_text(("007", '"张"三', "旗舰店", "online-shop", "2020-01-01,")).encode(),
            "第 2 行第 2 格里有不成对的引号",
        ),
    ],
)
def test_a_file_that_is_no_roster_is_told(tmp_path, content, part):
    """With what is missing from it."""
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(RosterError, match=part):
        load_roster(tmp_path)


def test_a_workbook_that_cannot_be_opened_is_told_with_the_remedy(tmp_path):
    """The sentence of the finding serves."""
    (tmp_path / "roster.xlsx").write_bytes(b"not a workbook at all")
    with pytest.raises(RosterError, match="另存为"):
        load_roster(tmp_path)
