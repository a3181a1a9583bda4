"""A good month of four people with some cells as strangers dress them: what a whole pass makes of it is to be seen."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from xml.sax.saxutils import quoteattr

from appraisal.scheme.forms.cells import CellType
from appraisal.scheme.forms.submission import submission_form
from tests.builders.dressed import cell_element
from tests.builders.dressed_by_lot import cell_by_lot
from tests.builders.hazards import DATA, STYLES, Month
from tests.builders.submissions import online_shop

_COLUMNS = [one for one in submission_form(online_shop()).main.columns if one.type is not CellType.CHOICE]
_FIRST_CODE = 600


def dressed_month(group: str, random: Random) -> bytes:
    """Six cells, and a merged area now and then."""
    month = Month(group)
    styles = int(month.parts[STYLES].decode().partition('<cellXfs count="')[2].partition('"')[0])
    for at, column in enumerate(random.sample(_COLUMNS, 6)):
        cell = cell_by_lot(random, column)
        cell = replace(cell, kind="inlineStr") if cell.kind == "s" else cell
        code = f'<numFmt numFmtId="{_FIRST_CODE + at}" formatCode={quoteattr(cell.code)}/>'
        month.before(STYLES, "</numFmts>", code)
        month.before(
            STYLES, "</cellXfs>", f'<xf numFmtId="{_FIRST_CODE + at}" fontId="0" fillId="0" borderId="0"/>'
        )
        month.cell(column.name, f"KF00{random.randint(1, 4)}", cell_element("@", cell, styles + at))
    if random.random() < 0.3:
        month.before(
            DATA, "</mergeCells>", f'<mergeCell ref="{random.choice(("F9:G9", "F8:F9", "B10:B11"))}"/>'
        )
    return month.data()
