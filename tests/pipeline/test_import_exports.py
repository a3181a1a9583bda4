"""`import`: exports of shop software fill the blank; once the judged parts are filled it is accepted."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.pipeline.reports import Status
from tests.builders.exports import (
    CHITU,
    JINGDONG_SHOP,
    PINDUODUO_SHOP,
    REST,
    ROSTER,
    SHENGYI,
    TARGETS,
    Rows,
    csv_export,
    replaced,
    rest_of,
    xlsx_export,
)
from tests.builders.submissions import filled
from tests.builders.workbooks import fill_rows, header_cells, label_cell, opened, saved
from tests.builders.workspaces import Place
from tests.libreoffice import recalculated

NAME = "旗舰店_2026-11_考核上报表.xlsx"
FORM = filled(staff=4).form
SIXTH = datetime(2026, 12, 6, 9).astimezone().timestamp()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, roster=ROSTER)


def imported(place: Place, chitu: Rows, *options: str) -> int:
    exports = [
        csv_export(place.root / "赤兔.csv", chitu, encoding="gb18030"),
        csv_export(place.root / "目标.csv", TARGETS),
    ]
    return run_import(place, *exports, options=options)


def run_import(place: Place, *exports: Path, options: Sequence[str] = ()) -> int:
    arguments = ["import", *map(str, exports), "--group", "旗舰店", "--period", "2026-11"]
    return main([*arguments, "--out", str(place.root / "表"), "--workspace", str(place.root), *options])


def reviewed(content: bytes) -> bytes:
    """The imported workbook with what is left to people: 店长, 自评 and 店长评分."""
    book, month = opened(content), filled(staff=4)
    found = label_cell(book["考核数据"], "店长")
    book["考核数据"].cell(found.row, found.column + 1).value = month.labels["店长"]
    for sheet in FORM.sheets:
        if sheet.reviewer:
            rows = [
                {key: value for key, value in row.items() if key != "姓名"} for row in month.rows[sheet.name]
            ]
            fill_rows(book[sheet.name], sheet, rows)
    return saved(book)


def shengyi(folder: Path) -> list[Path]:
    told = {*REST} - {"个人月目标", "有责投诉数", "责任异常订单数"}
    return [xlsx_export(folder / "服务洞察.xlsx", SHENGYI), csv_export(folder / "补充.csv", rest_of(*told))]


def chitu(folder: Path) -> list[Path]:
    own = csv_export(folder / "赤兔_客服绩效.csv", CHITU, encoding="gb18030")
    return [own, csv_export(folder / "目标.csv", TARGETS)]


def jingdong(folder: Path) -> list[Path]:
    own = xlsx_export(folder / "客服.xlsx", JINGDONG_SHOP, merged=("A3:B3", "C3:D3", "E3:F3", "G3:H3"))
    return [
        own,
        xlsx_export(folder / "补充.xlsx", rest_of("接待人数", "平均响应时间", "下单人数", "付款人数")),
    ]


def pinduoduo(folder: Path) -> list[Path]:
    own = csv_export(folder / "拼多多_客服数据.csv", PINDUODUO_SHOP, encoding="utf-8")
    rest = rest_of("接待人数", "平均响应时间", "询单人数", "付款人数", "订单总金额")
    return [own, csv_export(folder / "补充.csv", rest)]


@pytest.mark.parametrize(
    ("exported", "software", "figures"),
    [
        (shengyi, "生意参谋", {"接待人数": 2600, "平均响应时间": 28, "订单总金额": 74893}),
        (chitu, "赤兔", {"接待人数": 1200, "平均响应时间": 28, "订单总金额": 86400}),
        (jingdong, "京东客服管家", {"接待人数": 3000, "平均响应时间": 28, "下单人数": 1000}),
        (pinduoduo, "拼多多商家后台", {"接待人数": 3000, "平均响应时间": 30, "订单总金额": 123456.6}),
    ],
)
def test_an_export_of_each_software_becomes_a_notice(
    place: Place,
    exported: Callable[[Path], list[Path]],
    software: str,
    figures: Mapping[str, float],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Only 店长 and the reviews are left to people; the notice names software and day of the export."""
    exports = exported(place.root)
    for one in exports:
        os.utime(one, (SIXTH, SIXTH))
    column = ["--column", "下单人数=促成下单人数"] if exported is jingdong else []
    assert run_import(place, *exports, options=["--date", "2026-12-07", *column]) == 0
    told = capsys.readouterr().out
    assert "已填入 4 人、52 格。" in told
    assert "还要填" not in told
    assert "“导出日期”2026-12-06" in told
    assert f"“数据来源软件”{software}，请核对。" in told
    assert "请店长填写店长，以及“自评”、“店长评分”，再放入收件夹。" in told
    content = (place.root / "表" / NAME).read_bytes()
    data = opened(content)["考核数据"]
    columns = header_cells(data, FORM.main)
    people = {data.cell(row, columns["工号"].column).value: row for row in range(1, data.max_row + 1)}
    assert {name: data.cell(people["KF001"], columns[name].column).value for name in figures} == figures
    report = place.take(reviewed(content), NAME, today=date(2026, 12, 7))
    assert report.status is Status.ACCEPTED, [one.message for one in report.findings]
    notice = place.workspace.outbox / "旗舰店" / "2026-11" / "旗舰店_2026-11_考核通报.html"
    assert f"{software}（2026年12月6日导出）" in notice.read_text("utf-8")


def test_nothing_is_written_where_a_figure_is_not_ready(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, the cell and the remedy."""
    assert imported(place, replaced(CHITU, 3, 6, "延迟统计")) == 1
    told = capsys.readouterr().out
    assert "[赤兔.csv!G4] “付款人数”还是“延迟统计”，软件没有统计完。请次月5日起重新导出" in told
    assert "没有生成上报表" in told
    assert not (place.root / "表").exists()


def test_an_export_of_a_day_to_come_stops(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Its 导出时间 is after today."""
    rows = replaced(CHITU, 0, 0, "客服绩效 导出时间：2026-12-06 09:30")
    assert imported(place, rows, "--date", "2026-12-05") == 1
    told = capsys.readouterr().out
    assert "导出文件里写的导出日期是 2026-12-06，比今天（2026-12-05）还晚。" in told
    assert not (place.root / "表").exists()
    assert imported(place, rows, "--date", "2026-12-06") == 0


def test_a_page_of_html_named_xls_is_told_for_what_it_is(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the inbox tells it; nothing is filled from the other exports either."""
    page = place.root / "客服.xls"
    page.write_text("<html><table><tr><td>客服昵称</td><td>接待人数</td></tr></table></html>", "utf-8")
    assert run_import(place, page, csv_export(place.root / "赤兔.csv", CHITU)) == 1
    assert "这个文件是网页（HTML），不是 .xlsx 工作簿。" in capsys.readouterr().out
    assert not (place.root / "表").exists()


def test_json_tells_of_each_export(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """The keys that every verb prints."""
    assert imported(place, CHITU, "--json") == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["file"], one["status"], one["group"], one["period"]) for one in told] == [
        ("赤兔.csv", "accepted", "旗舰店", "2026-11"),
        ("目标.csv", "accepted", "旗舰店", "2026-11"),
    ]
    assert told[0]["outputs"] == [str(place.root / "表" / NAME)]


@pytest.mark.parametrize(
    ("group", "export", "sentence"),
    [
        ("旗舰", "赤兔.csv", "花名册里没有考核组“旗舰”，是不是“旗舰店”？"),
        ("旗舰店", "没有.csv", "没有找到导出文件"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    place: Place, group: str, export: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2."""
    csv_export(place.root / "赤兔.csv", CHITU)
    path = str(place.root / export)
    code = main(["import", path, "--group", group, "--period", "2026-11", "--workspace", str(place.root)])
    assert code == 2
    assert sentence in capsys.readouterr().err


def test_nothing_that_stands_there_is_overwritten(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A filled workbook and what a link leads to stay; the new one goes beside, and is not made twice."""
    out, elsewhere = place.root / "表", place.root / "别处.xlsx"
    out.mkdir()
    (out / NAME).write_bytes(b"filled by the manager")
    (out / NAME.replace(".xlsx", "_2.xlsx")).symlink_to(elsewhere)
    third = NAME.replace(".xlsx", "_3.xlsx")
    template = ["template", "online-shop", "--group", "旗舰店", "--period", "2026-11", "--out", str(out)]
    for _ in range(2):
        assert main([*template, "--workspace", str(place.root)]) == 0
        assert f"“{NAME}”已经在那里，没有覆盖，新的另存为“{third}”。" in capsys.readouterr().out
    assert imported(place, CHITU) == 0
    assert "没有覆盖，新的另存为" in capsys.readouterr().out
    assert (out / NAME).read_bytes() == b"filled by the manager"
    assert not elsewhere.exists()
    assert len(list(out.iterdir())) == 4


@pytest.mark.libreoffice
def test_the_counts_of_the_filled_blank_agree_with_libreoffice(place: Place) -> None:
    """已填/应填 and 还差 hold the same whether computed by us or by LibreOffice."""
    assert imported(place, CHITU) == 0
    content = (place.root / "表" / NAME).read_bytes()
    ours = opened(content, data_only=True)
    theirs = opened(recalculated(content), data_only=True)
    for sheet in ours.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                other = theirs[sheet.title][cell.coordinate].value
                assert (cell.value or "") == (other or ""), f"{sheet.title}!{cell.coordinate}"
