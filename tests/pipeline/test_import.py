"""`import`: exports of shop software fill the blank; once the judged parts are filled it is accepted."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from appraisal.commands import main
from appraisal.verdicts import Status
from tests.builders.exports import CHITU, ROSTER, TARGETS, Rows, csv_export, replaced
from tests.builders.submissions import filled
from tests.builders.workbooks import fill_rows, header_cells, label_cell, saved
from tests.builders.workspaces import Place
from tests.office import recalculated

NAME = "旗舰店_2026-11_考核上报表.xlsx"
FORM = filled(staff=4).form


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path, roster=ROSTER)


def imported(place: Place, chitu: Rows, *options: str) -> int:
    exports = [
        csv_export(place.root / "赤兔.csv", chitu, encoding="gb18030"),
        csv_export(place.root / "目标.csv", TARGETS),
    ]
    arguments = ["import", *map(str, exports), "--group", "旗舰店", "--period", "2026-11"]
    return main([*arguments, "--out", str(place.root / "表"), "--workspace", str(place.root), *options])


def test_a_filled_blank_is_accepted_once_the_judged_parts_are_filled(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only 店长, 数据来源软件, 导出日期, 自评 and 店长评分 are left to the manager."""
    assert imported(place, CHITU, "--date", "2026-12-07") == 0
    told = capsys.readouterr().out
    assert "已填入 4 人、52 格。" in told
    assert "还要填" not in told
    assert "请店长填写店长、数据来源软件、导出日期，以及“自评”、“店长评分”" in told
    book = openpyxl.load_workbook(place.root / "表" / NAME)
    data = book["考核数据"]
    columns = header_cells(data, FORM.main)
    people = {data.cell(row, columns["工号"].column).value: row for row in range(1, data.max_row + 1)}
    assert data.cell(people["KF001"], columns["订单总金额"].column).value == 86400
    month = filled(staff=4)
    for name in ("店长", "数据来源软件", "导出日期"):
        found = label_cell(data, name)
        data.cell(found.row, found.column + 1).value = month.labels[name]
    for sheet in FORM.sheets:
        if sheet.reviewer:
            rows = [
                {key: value for key, value in row.items() if key != "姓名"} for row in month.rows[sheet.name]
            ]
            fill_rows(book[sheet.name], sheet, rows)
    report = place.take(saved(book), NAME, today=date(2026, 12, 7))
    assert report.status is Status.ACCEPTED, [one.message for one in report.findings]
    assert place.result()["staff"][0]["indicators"]["咨询转化率"]["value"] is not None


def test_nothing_is_written_where_a_figure_is_not_ready(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, the cell and the remedy."""
    assert imported(place, replaced(CHITU, 3, 6, "延迟统计")) == 1
    told = capsys.readouterr().out
    assert "[赤兔.csv!G4] “付款人数”还是“延迟统计”，软件没有统计完。请次月5日后重新导出" in told
    assert "没有生成上报表" in told
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


@pytest.mark.office
def test_the_counts_of_the_filled_blank_agree_with_libreoffice(place: Place) -> None:
    """已填/应填 and 还差 hold the same whether computed by us or by the office."""
    assert imported(place, CHITU) == 0
    content = (place.root / "表" / NAME).read_bytes()
    ours = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    theirs = openpyxl.load_workbook(io.BytesIO(recalculated(content)), data_only=True)
    for sheet in ours.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                other = theirs[sheet.title][cell.coordinate].value
                assert (cell.value or "") == (other or ""), f"{sheet.title}!{cell.coordinate}"
