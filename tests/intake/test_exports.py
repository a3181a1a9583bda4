"""Exports of shop software: which column is which field, whose row it is, and what must not be guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from appraisal.intake.exports.merging import MergedFigures, merge_rows
from appraisal.intake.exports.origin import Origin
from appraisal.intake.exports.rows import ExportReading, read_export
from appraisal.intake.exports.table import fields_of
from appraisal.intake.roster import Roster
from appraisal.intake.roster_file import load_roster
from appraisal.scheme.forms.submission import submission_form
from tests.builders.exports import CHITU, JINGDONG, PINDUODUO, ROSTER, Rows, csv_export, replaced, xlsx_export
from tests.builders.samples import shipped
from tests.builders.submissions import NOVEMBER, online_shop

FORM = submission_form(online_shop())


def read(path: Path) -> ExportReading:
    return read_export(path, FORM, NOVEMBER)


def roster_in(tmp_path: Path) -> Roster:
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    roster = load_roster(tmp_path)
    assert roster is not None
    return roster


def merged(tmp_path: Path, *exports: Path) -> MergedFigures:
    rows = [row for path in exports for row in read(path).rows]
    return merge_rows(rows, fields_of(FORM), roster_in(tmp_path), "旗舰店", NOVEMBER)


def codes(reading: ExportReading | MergedFigures) -> list[str]:
    return [one.code for one in reading.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_a_text_table_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    """Titles skipped, aliases known, units in cells taken, 合计 and 同行 rows dropped."""
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", CHITU, encoding=encoding, separator=separator))
    assert {name: str(value) for name, value in figures.by_staff["KF002"].items()} == {
        "接待人数": "1100", "询单人数": "700", "询单流失人数": "300", "平均响应时间": "35", "下单人数": "400",
        "付款人数": "350", "已付款订单数": "400", "有效订单数": "390", "订单总金额": "65000.0", "成功退款金额": "2000",
    }  # fmt: skip
    assert figures.by_staff["KF003"]["接待人数"] == 1000
    assert figures.by_staff["KF004"]["平均响应时间"] == 65
    assert figures.findings == []


def test_a_head_of_two_rows_partly_merged(tmp_path: Path) -> None:
    """京东: the lower row names the columns, what is merged into it counts too."""
    path = xlsx_export(tmp_path / "jd.xlsx", JINGDONG, merged=("A2:A3", "B2:C2"))
    figures = merged(tmp_path, path)
    assert figures.by_staff == {
        "KF001": {"接待人数": 300, "询单人数": 200, "平均响应时间": Decimal("20.5"), "付款人数": 90}
    }


def test_words_are_joined_over_the_rows_of_the_head(tmp_path: Path) -> None:
    """询单 over 人数 is 询单人数."""
    rows = [("客服", "接待", "询单", "询单"), ("客服", "人数", "人数", "流失人数"), ("旗舰店:小美", 9, 8, 3)]
    path = xlsx_export(tmp_path / "x.xlsx", rows, merged=("A1:A2",))
    assert merged(tmp_path, path).by_staff == {"KF001": {"接待人数": 9, "询单人数": 8, "询单流失人数": 3}}


def test_minutes_by_the_header_become_seconds(tmp_path: Path) -> None:
    """拼多多 counts in minutes."""
    assert (
        merged(tmp_path, xlsx_export(tmp_path / "x.xlsx", PINDUODUO)).by_staff["KF001"]["平均响应时间"] == 30
    )


def test_a_header_without_a_unit_is_told(tmp_path: Path) -> None:
    """Seconds are taken, and said."""
    reading = read(csv_export(tmp_path / "x.csv", replaced(CHITU, 2, 4, "平均响应")))
    told = [one.message for one in reading.findings if one.code == "export.unit_assumed"]
    assert told == ["“平均响应”的表头没有写单位，按秒读。"]


@pytest.mark.parametrize("nothing", ["-", "--", "暂无数据", "", "—"])
def test_nothing_is_never_zero(tmp_path: Path, nothing: str) -> None:
    """The cell stays blank; 0 is a figure."""
    rows = replaced(replaced(CHITU, 3, 10, nothing), 4, 10, "0")
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", rows))
    assert "成功退款金额" not in figures.by_staff["KF001"]
    assert figures.by_staff["KF002"]["成功退款金额"] == 0


@pytest.mark.parametrize(
    ("row", "column", "value", "code", "cell"),
    [
        (3, 6, "延迟统计", "export.not_ready", "G4"),
        (3, 4, "0.4", "cell.out_of_range", "E4"),
        (3, 1, "12.5", "cell.not_whole", "B4"),
        (3, 1, "很多", "cell.not_a_number", "B4"),
        (2, 11, "接待客户数", "export.two_columns", "L3"),
        (1, 0, "统计周期：2026-10-01 至 2026-10-31", "export.other_month", "A2"),
        (0, 0, "旗舰店2026年10月客服月报", "export.other_month", "A1"),
    ],
)
def test_what_stops_an_import(
    tmp_path: Path, row: int, column: int, value: str, code: str, cell: str
) -> None:
    """Each with the cell where it stands."""
    reading = read(csv_export(tmp_path / "x.csv", replaced(CHITU, row, column, value)))
    stopping = [(one.code, one.cell) for one in reading.findings if one.is_error]
    assert stopping == [(code, cell)]


TWICE: Rows = [*CHITU[:2], (*CHITU[2], "最终付款人数"), *((*row, "7") for row in CHITU[3:])]


@pytest.mark.parametrize(
    ("told", "taken"),
    [("最终付款人数", 7), ("询单→最终付款人数", 432), ("M列", 7), ("g", 432), ("接待人数", 1200)],
)
def test_a_choice_decides_between_two_columns_of_one_field(tmp_path: Path, told: str, taken: int) -> None:
    """By header or by letters; a column of any other name may be chosen too."""
    path = csv_export(tmp_path / "x.csv", TWICE)
    reading = read_export(path, FORM, NOVEMBER, {"付款人数": told})
    assert not [one for one in reading.findings if one.is_error]
    assert reading.rows[0].figures["付款人数"] == taken


@pytest.mark.parametrize(
    ("header", "slowest", "read_as"),
    [("平均响应", "1:23", "83"), ("平均响应（分:秒）", "0:59", "59"), ("平均响应", "0:59", None)],
)
def test_two_part_times_are_read_where_they_can_mean_one_thing(
    tmp_path: Path, header: str, slowest: str, read_as: str | None
) -> None:
    """An hour and 23 minutes would be beyond what the field allows; 0:59 alone may be either."""
    rows = [("旺旺", header), ("旗舰店:小美", slowest), ("旗舰店:阿强", "0:35")]
    for path in (csv_export(tmp_path / "x.csv", rows), xlsx_export(tmp_path / "x.xlsx", rows)):
        reading = read(path)
        told = [one.figures["平均响应时间"] for one in reading.rows]
        assert [None if one is None else str(one) for one in told] == [read_as, read_as and "35"]
        assert ("export.clock_unclear" in codes(reading)) is (read_as is None)


@pytest.mark.parametrize(
    ("file", "title", "origin"),
    [
        ("赤兔名品_客服绩效.csv", "客服绩效", Origin("赤兔")),
        ("导出.csv", "生意参谋-服务洞察　导出时间：2026-12-06 10:21", Origin("生意参谋", date(2026, 12, 6))),
        ("京东_拼多多.csv", "客服绩效", Origin()),
        ("客服.csv", "下载日期：2026年12月7日", Origin(None, date(2026, 12, 7))),
    ],
)
def test_an_export_says_where_it_comes_from(tmp_path: Path, file: str, title: str, origin: Origin) -> None:
    """By its name, its titles and its headers; what says two things says nothing."""
    assert (
        read(csv_export(tmp_path / file, [(title,), ("旺旺", "接待人数"), ("旗舰店:小美", "10")])).origin
        == origin
    )


def test_two_columns_of_one_field_that_agree_do_no_harm(tmp_path: Path) -> None:
    """接待人数 and 有效接待人数 with the same figures in every row."""
    rows = [(*row, row[1] if len(row) > 1 else "") for row in replaced(CHITU, 2, 11, "客单价")]
    rows[2] = (*CHITU[2], "有效接待人数")
    assert not [one for one in read(csv_export(tmp_path / "x.csv", rows)).findings if one.is_error]


def test_a_lost_row_shows_in_the_total(tmp_path: Path) -> None:
    """The export's own 合计 is a check sum."""
    reading = read(csv_export(tmp_path / "x.csv", [row for row in CHITU if row[0] != "旗舰店:小孙"]))
    told = [one.message for one in reading.findings if one.code == "export.total_differs"]
    assert told[0] == "“接待人数”各行相加是 3,300，导出里的合计是 4,200。"


@pytest.mark.parametrize(
    ("rows", "code"),
    [([("客服", "心情"), ("小美", "好")], "export.no_table"), ([("接待人数",), ("3",)], "export.no_table")],
)
def test_a_table_without_people_or_figures(tmp_path: Path, rows: Rows, code: str) -> None:
    """Not every table is an export by person."""
    assert codes(read(csv_export(tmp_path / "x.csv", rows))) == [code]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "code", "seen"),
    [
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "workbook.not_xlsx", "网页（HTML）"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
         "workbook.not_xlsx", "XML 电子表格 2003"),
        (b"mime-version: 1.0\ncontent-type: text/html\n", "workbook.not_xlsx", "网页存档（mht）"),
        (OLE + "EncryptedPackage\0".encode("utf-16-le"), "workbook.encrypted", "密码"),
        (OLE + "Workbook\0".encode("utf-16-le"), "workbook.not_xlsx", "旧版 Excel 工作簿（.xls）"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "workbook.not_xlsx", "PDF 文件"),
        (b"", "workbook.empty", "空的"),
        (bytes(600), "workbook.incomplete", "没有复制完整"),
        (b"\xff\x81\xff,\xff\n", "export.not_a_table", "文字表格"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_told_for_what_it_is(
    tmp_path: Path, content: bytes, code: str, seen: str
) -> None:
    """As the inbox tells it, whatever its name says."""
    path = tmp_path / "x.xls"
    path.write_bytes(content)
    [found] = read(path).findings
    assert (found.code, seen in found.message) == (code, True)


# --------------------------------------------------------------------------------- days and people

DAYS: Rows = (
    ("日期", "旺旺", "接待人数", "平均响应(秒)"),
    ("2026-11-01", "旗舰店:小美", "10", "20"),
    ("2026-11-02", "旗舰店:小美", "30", "40"),
    ("2026-11-03", "旗舰店:小美", "-", "-"),
)


def test_daily_rows_are_summed_and_averages_weighed(tmp_path: Path) -> None:
    """(10 × 20 + 30 × 40) ÷ 40 = 35 seconds, not the 30 of a mean of means; a day off is no gap."""
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", DAYS))
    assert figures.by_staff["KF001"] == {"接待人数": 40, "平均响应时间": 35}
    assert [one.message for one in figures.findings] == [
        "张三（KF001）的3行（3天的每日数据）已合并：人数、单数、金额相加；“平均响应时间”按“接待人数”加权平均得 35。"
    ]


def test_an_average_without_its_weights_is_left_to_the_manager(tmp_path: Path) -> None:
    """Neither added up nor averaged: the reason and the remedy are told."""
    figures = merged(
        tmp_path, csv_export(tmp_path / "x.csv", [(day, who, time) for day, who, _, time in DAYS])
    )
    assert figures.by_staff["KF001"] == {}
    [told] = figures.findings
    assert told.code == "export.no_weight"
    assert "不是每一行都有“接待人数”" in told.message
    assert "请连同“接待人数”一起导出" in told.remedy


def test_weights_may_lie_in_another_export(tmp_path: Path) -> None:
    """By account and day they belong together."""
    times = csv_export(tmp_path / "响应.csv", [(day, who, time) for day, who, _, time in DAYS])
    counts = csv_export(tmp_path / "接待.csv", [row[:3] for row in DAYS])
    assert merged(tmp_path, times, counts).by_staff["KF001"] == {"接待人数": 40, "平均响应时间": 35}


def test_a_day_with_customers_and_no_average_leaves_it_open(tmp_path: Path) -> None:
    """The mean of the other days would be another figure."""
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", replaced(DAYS, 2, 3, "-")))
    assert figures.by_staff["KF001"] == {"接待人数": 40}
    assert "export.gap_in_rows" in codes(figures)


def test_an_average_that_no_field_weighs_is_never_averaged(tmp_path: Path) -> None:
    """满意度得分 of the dealer's agents: the scheme names nothing to weigh it by."""
    form = submission_form(shipped("dealer-agent"))
    days = [("日期", "姓名", "满意度得分"), ("2026-11-01", "张三", "90"), ("2026-11-30", "张三", "80")]
    rows = read_export(csv_export(tmp_path / "x.csv", days), form, NOVEMBER).rows
    figures = merge_rows(rows, fields_of(form), roster_in(tmp_path), "旗舰店", NOVEMBER)
    assert figures.by_staff["KF001"] == {}
    assert "比率和平均数不能相加、也不能再平均" in figures.findings[0].message


@pytest.mark.parametrize(("targets", "taken"), [(("90000", "90000"), 90000), (("90000", "80000"), None)])
def test_a_target_is_never_added_up(tmp_path: Path, targets: tuple[str, str], taken: int | None) -> None:
    """It is of the whole month, though a daily export repeats it."""
    days = [
        ("日期", "旺旺", "月目标"),
        *(("2026-11-0" + str(at), "旗舰店:小美", one) for at, one in enumerate(targets, 1)),
    ]
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", days))
    assert figures.by_staff["KF001"].get("个人月目标") == taken
    assert codes(figures) == ([] if taken else ["export.not_one_target"])


def test_daily_rows_of_a_part_of_the_month_are_told(tmp_path: Path) -> None:
    """Exported up to the 3rd."""
    told = [one.message for one in read(csv_export(tmp_path / "x.csv", DAYS)).findings]
    assert told == ["导出里写的时间是“2026-11-01 至 2026-11-03”，不是整个 2026-11。"]


def test_a_gap_within_a_day_leaves_the_sum_open(tmp_path: Path) -> None:
    """A sum with a hole would be too small."""
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", replaced(DAYS, 2, 2, "-")))
    assert figures.by_staff["KF001"] == {}
    assert "export.gap_in_rows" in codes(figures)


def test_a_day_of_another_month_stops(tmp_path: Path) -> None:
    """Exported from the wrong page."""
    reading = read(csv_export(tmp_path / "x.csv", replaced(DAYS, 3, 0, "2026-12-01")))
    assert [(one.code, one.cell) for one in reading.findings if one.is_error] == [
        ("export.other_month", "A4")
    ]


@pytest.mark.parametrize(
    ("stretch", "code"),
    [
        ("2026-11-01~2026-11-30", None),
        ("2026-11-01 至 2026-11-15", "export.part_of_month"),
        ("2026-10-01~2026-10-31", "export.other_month"),
        ("2026-10-20~2026-11-20", "export.other_month"),
    ],
)
def test_a_row_that_names_its_stretch_of_days(tmp_path: Path, stretch: str, code: str | None) -> None:
    """统计周期 as a column: the whole month is as it should be."""
    rows = [("统计周期", "旺旺", "接待人数"), (stretch, "旗舰店:小美", "10")]
    assert codes(read(csv_export(tmp_path / "x.csv", rows))) == ([code] if code else [])


def test_the_same_day_twice_stops(tmp_path: Path) -> None:
    """Copied twice, it would count twice."""
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", [*DAYS, DAYS[1]]))
    assert "“旗舰店:小美”2026-11-01 的数据出现了两次（第 2 行和第 5 行）。" in [
        one.message for one in figures.findings
    ]


def test_two_exports_that_agree_merge_and_that_differ_stop(tmp_path: Path) -> None:
    """Both places are told."""
    one = csv_export(tmp_path / "一.csv", CHITU)
    same = csv_export(tmp_path / "二.csv", [("姓名", "接待人数"), ("张三", "1200")])
    other = csv_export(tmp_path / "三.csv", [("姓名", "接待人数"), ("张三", "1300")])
    agreeing = merged(tmp_path, one, same)
    assert (agreeing.by_staff["KF001"]["接待人数"], agreeing.findings) == (1200, [])
    assert [found.message for found in merged(tmp_path, one, other).findings] == [
        "张三（KF001）的“接待人数”在两份导出里不一样：1200（一.csv 一.csv!B4） 和 1300（三.csv 三.csv!B2）。"
    ]


def test_two_accounts_of_one_person_are_summed_and_told(tmp_path: Path) -> None:
    """The roster names both."""
    one = csv_export(tmp_path / "一.csv", CHITU)
    two = xlsx_export(tmp_path / "jd.xlsx", JINGDONG, merged=("A2:A3", "B2:C2"))
    figures = merged(tmp_path, one, two)
    assert figures.by_staff["KF001"]["接待人数"] == 1500
    assert figures.by_staff["KF001"]["平均响应时间"] == Decimal("26.50")  # (28 × 1200 + 20.5 × 300) ÷ 1500
    assert "export.summed" in codes(figures)


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("专卖店:小赵", "属于考核组“专卖店”"),
        ("旗舰店:小明", "不在花名册本组人员的账号、姓名和工号里"),
    ],
)
def test_people_who_cannot_be_placed_are_told(tmp_path: Path, who: str, why: str) -> None:
    """Never dropped in silence."""
    figures = merged(tmp_path, csv_export(tmp_path / "x.csv", replaced(CHITU, 3, 0, who)))
    assert "KF001" not in figures.by_staff
    assert [one.message for one in figures.findings] == [f"没有放进去：“{who}”{why}。"]
