"""Text in UTF-16, with its mark and without: told for what it is, and read where a text table is read."""

from __future__ import annotations

import pytest

from appraisal.xlsx.file_format import is_text_table, refuse_other_format, sheet_of_csv

ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be"]
TABLE = "工号,姓名\nKF001,张三\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_table_is_read(encoding: str) -> None:
    content = TABLE.encode(encoding)

    cells = sheet_of_csv(content, "导出.csv").cells

    assert [cells[at].value for at in sorted(cells)] == ["工号", "姓名", "KF001", "张三"]
    assert is_text_table(content)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    ("text", "actual"),
    [
        (TABLE, "CSV 文本文件"),
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML 电子表格 2003"),
        ("<html><table><tr><td>工号</td></tr></table></html>", "网页（HTML）"),
    ],
)  # fmt: skip
def test_in_the_inbox_it_is_told_for_what_it_is(text: str, actual: str, encoding: str) -> None:
    refused = refuse_other_format(text.encode(encoding))

    assert refused is not None
    assert actual in refused.message


@pytest.mark.parametrize("content", [b"\0\1\0\2", bytes(range(256)), b"\x00a\x00b\x01\x00"])
def test_bytes_are_not_taken_for_text(content: bytes) -> None:
    assert not is_text_table(content)
