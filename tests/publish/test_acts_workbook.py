"""人事办理单.xlsx: the blank with which HR asks for its acts."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from appraisal.publish.forms.for_hr import ACT_ROWS, acts_workbook
from appraisal.scheme.forms.hr_acts import ACTS, ACTS_SHEET, EXAMPLE, hr_acts_form
from appraisal.scheme.forms.submission import META
from tests.builders.workbooks import header_cells, opened, said
from tests.libreoffice import as_pdf, page_count

TEMPLATE = Path(__file__).parents[2] / "templates" / "workbooks" / "人事办理单.xlsx"
FORM = hr_acts_form().main


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def table_rows():
    """The rows of the table: examples first, then those to fill."""
    cells = opened(acts_workbook())[ACTS_SHEET]
    header = next(iter(header_cells(cells, FORM).values())).row
    return list(cells.iter_rows(min_row=header + 1))


def test_the_committed_blank_is_the_one_that_is_made():
    """What lies in templates/workbooks is this output, part by part."""
    assert parts(TEMPLATE.read_bytes()) == parts(acts_workbook())


def test_every_act_is_explained_above_the_table():
    """Whoever opens it knows what each act does; nothing on it threatens."""
    cells = opened(acts_workbook())[ACTS_SHEET]
    text = "\n".join(said(cell) for row in cells.iter_rows() for cell in row)
    for act in ACTS:
        assert act.name in text
        assert act.meaning in text
    assert not re.search("罚款|处罚|末位淘汰", text)


def test_examples_are_marked_and_locked_and_the_rest_is_open():
    """Nobody types over an example, and everything below is to be filled."""
    rows = table_rows()
    examples, empty = rows[:-ACT_ROWS], rows[-ACT_ROWS:]
    assert examples
    for row in examples:
        assert said(row[0]).startswith(EXAMPLE)
        assert all(cell.protection.locked for cell in row)
    for row in empty:
        assert [cell.value for cell in row] == [None] * len(FORM.columns)
        assert not any(cell.protection.locked for cell in row)


def test_choices_are_drop_downs_in_every_empty_row():
    """What can only be one of a few words is picked, not typed."""
    cells = opened(acts_workbook())[ACTS_SHEET]
    empty = table_rows()[-ACT_ROWS:]
    lists = {
        str(rule.sqref): rule.formula1 for rule in cells.data_validations.dataValidation if rule.formula1
    }
    for at, column in enumerate(FORM.columns):
        if column.choices:
            first, last = empty[0][at].coordinate, empty[-1][at].coordinate
            assert lists[f"{first}:{last}"] == f'"{",".join(column.choices)}"'


def test_groups_are_picked_from_a_list_however_many_there_are():
    """Names with commas too, and more than Excel holds in a drop-down itself; 全部 comes first."""
    groups = tuple(f"第{number}考核组,甲" for number in range(1, 60))
    book = opened(acts_workbook(groups))
    cell = table_rows()[-ACT_ROWS][0].coordinate
    (rule,) = [one for one in book[ACTS_SHEET].data_validations.dataValidation if cell in one.sqref]
    assert (rule.type, rule.formula1) == ("list", f"{META}!$D$1:$D$60")
    assert [row[0].value for row in book[META]["D1:D60"]] == ["全部", *groups]


def test_the_hidden_sheet_says_what_it_is():
    """It is recognised however it is called."""
    sheet = opened(acts_workbook())[META]
    assert sheet.sheet_state == "veryHidden"
    assert {row[0].value: row[1].value for row in sheet.iter_rows()} == {"kind": "acts", "version": 1}


@pytest.mark.libreoffice
def test_it_prints_on_one_page():
    """A4, lying on its side."""
    assert page_count(as_pdf(acts_workbook())) == 1
