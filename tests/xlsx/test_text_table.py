"""Text tables as shop software and offices write them: each figure in its own cell, or the line that is unclear."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.xlsx.container import Refused
from appraisal.xlsx.file_format import NotText, sheet_of_csv

HEADER = "旺旺昵称{0}接待人数{0}客服销售额\n"


def cells(text: str, encoding: str = "utf-8") -> list[list[str]]:
    """The texts of each line, blank ones left out."""
    sheet = sheet_of_csv(text.encode(encoding), "x.csv")
    lines: dict[int, list[str]] = {}
    for (row, _), cell in sheet.cells.items():
        lines.setdefault(row, []).append(str(cell.value))
    return list(lines.values())


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_thousands_commas_do_not_separate(separator: str) -> None:
    """The commas are more than the separators; under them the lines are uneven."""
    people = [("小美", "1,200", "1,086,400.00"), ("阿强", "1,100", "1,065,000.00")]
    text = HEADER.format(separator) + "".join(separator.join(one) + "\n" for one in people)
    assert cells(text)[1:] == [list(one) for one in people]


def test_titles_and_notes_do_not_decide_the_separator() -> None:
    """`;` stands in a title only."""
    text = "客服绩效;按月\n统计周期：2026-11\n" + HEADER.format(",") + "小美,1200,5\n注：不含售后；以上\n"
    assert cells(text)[3] == ["小美", "1200", "5"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [('="KF001"', "KF001"), ('"=""1,200"""', "1,200"), ('="a""b"', 'a"b'), ("=1+2", "=1+2"), ('=" 7"', " 7")],
)
def test_a_formula_of_a_text_is_the_text(written: str, meant: str) -> None:
    """Software writes ids so, that Excel may not take their zeros."""
    assert cells(f"工号,数\n{written},3\n")[1] == [meant, "3"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_stray_quotes_belong_to_the_text(encoding: str) -> None:
    """The line has as many cells as the header."""
    text = '客服,人数,备注\n小美,1200,"说"你"好"\n小王,7,"a,b"\n'
    assert cells(text, encoding)[1:] == [["小美", "1200", '说"你"好'], ["小王", "7", "a,b"]]


@pytest.mark.parametrize(
    ("lines", "line", "column"),
    [
        ('小美,"说"你",好",5\n小王,6,x', 2, 2),  # a comma too many
        ('小王,6,x\n小美,"说"你,5', 3, 2),  # never closed
        ('小美,"5\n"小王",6,x', 2, 2),  # closed in the line below: somebody would be lost
    ],
)
def test_a_line_that_is_not_certain_is_named(lines: str, line: int, column: int) -> None:
    """By line and cell; nothing of the file is taken."""
    with pytest.raises(Refused, match=f"文件第 {line} 行第 {column} 格里有不成对的引号"):
        cells(f"客服,人数,备注\n{lines}\n")


def test_no_text() -> None:
    with pytest.raises(NotText):
        sheet_of_csv(b"\xff\x81\xff", "x.csv")


@pytest.mark.slow
@given(
    st.lists(
        st.lists(st.text('a7,"\n;\t ', max_size=6), min_size=2, max_size=4), min_size=1, max_size=5
    ).filter(lambda rows: len({len(row) for row in rows}) == 1)
)
def test_what_a_careful_writer_wrote_is_read_back(rows: list[list[str]]) -> None:
    """Quoted throughout, the separator certain."""
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([["x"] * len(rows[0])] * 50 + rows)
    read = cells(file.getvalue())[50:]
    assert read == [kept for row in rows if (kept := [text for text in row if text.strip()])]
