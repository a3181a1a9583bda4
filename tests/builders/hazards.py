"""Files as a shared folder really receives them: good months with exactly one thing wrong in their bytes.

    Month("甲组").data()                                         a good month of four people
    Month("乙组").cell("付款人数", "KF001", value("#N/A", "e")).data()
    dropped = OnePass(tmp_path, {"甲.xlsx": ..., "乙.xlsx": ...})   all of them in one inbox, run once
    dropped.returned("乙.xlsx")                                   the codes it came back with

Every month has a group of its own, so that a hundred files can be judged in one pass.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Self

from appraisal.pipeline.reports import FileReport, PassReport, Status
from appraisal.xlsx.grid import RawWorkbook, cell_name
from appraisal.xlsx.reader import read_workbook
from tests.builders.workspaces import DECEMBER_7, Place, workbook
from tests.intake.builders import packed

GROUP = "旗舰店"
INSTRUCTIONS, DATA, OWN, MANAGER, INTERVIEWS, META = (
    f"xl/worksheets/sheet{number}.xml" for number in range(1, 7)
)
WORKBOOK, STYLES, TYPES = "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
_SHEETS = {DATA: "考核数据", OWN: "自评", MANAGER: "店长评分"}


@cache
def _good() -> bytes:
    return workbook(staff=4, group=GROUP)


@cache
def good_parts() -> Mapping[str, bytes]:
    """The parts of the month that every other is made from."""
    with zipfile.ZipFile(io.BytesIO(_good())) as package:
        return {name: package.read(name) for name in package.namelist()}


@cache
def address(column: str, staff: str, part: str = DATA) -> str:
    """Where a person's value stands: `address("付款人数", "KF001")`."""
    raw = read_workbook(_good())
    assert isinstance(raw, RawWorkbook)
    cells = next(one for one in raw.sheets if one.name == _SHEETS[part]).cells
    words = {at: re.split(r"[\n（]", str(one.value))[0] for at, one in cells.items()}
    column_number = next(at[1] for at, text in words.items() if text == column and at[0] > 5)
    return cell_name(next(at[0] for at, text in words.items() if text == staff), column_number)


@cache
def label_address(label: str) -> str:
    """Where the value of a labelled cell of the main sheet stands: right of its label."""
    raw = read_workbook(_good())
    assert isinstance(raw, RawWorkbook)
    cells = next(one for one in raw.sheets if one.name == _SHEETS[DATA]).cells
    row, column = next(at for at, one in cells.items() if str(one.value).split("（")[0] == label)
    return cell_name(row, column + 1)


def value(stored: str, kind: str = "n", *, formula: str | None = None, style: str = "0") -> str:
    """What stands inside a cell element, with its type: see `Month.at`."""
    inside = "" if formula is None else f"<f>{formula}</f>"
    return f'<c r="@" s="{style}" t="{kind}">{inside}<v>{stored}</v></c>'


def text(typed: str) -> str:
    """A cell that holds text; `typed` is XML."""
    return f'<c r="@" t="inlineStr"><is><t xml:space="preserve">{typed}</t></is></c>'


class Month:
    """A good month of the group, whose parts may be changed one by one."""

    def __init__(self, group: str) -> None:
        old, new = (_entities(one) for one in (GROUP, group))
        self.parts: dict[str, bytes] = {
            name: part.replace(old, new) if name in {DATA, META} else part
            for name, part in good_parts().items()
        }

    def put(self, part: str, old: str, new: str, *, count: int = 1) -> Self:
        """Replace a text in a part; it must be there."""
        content = self.parts[part].decode()
        assert old in content, (part, old)
        self.parts[part] = content.replace(old, new, count).encode()
        return self

    def cell(self, column: str, staff: str, element: str, part: str = DATA) -> Self:
        """Put a cell element in the place of a person's; `@` in it stands for the address."""
        return self.at(address(column, staff, part), element, part)

    def label(self, label: str, element: str) -> Self:
        return self.at(label_address(label), element)

    def at(self, where: str, element: str, part: str = DATA) -> Self:
        content, changes = re.subn(
            rf'<c r="{where}"[^>]*?(/>|>.*?</c>)',
            lambda _: element.replace("@", where),
            self.parts[part].decode(),
            count=1,
            flags=re.DOTALL,
        )
        assert changes == 1, where
        self.parts[part] = content.encode()
        return self

    def add(self, name: str, content: bytes | str) -> Self:
        """A part more, or in the place of another."""
        self.parts[name] = content.encode() if isinstance(content, str) else content
        return self

    def drop(self, *names: str) -> Self:
        for name in names:
            del self.parts[name]
        return self

    def before(self, part: str, mark: str, more: str) -> Self:
        """Put something before the first `mark` of a part."""
        return self.put(part, mark, more + mark)

    def data(self, **options: int) -> bytes:
        return packed(self.parts.items(), **options)


def _entities(words: str) -> bytes:
    """As openpyxl writes Chinese."""
    return "".join(mark if mark.isascii() else f"&#{ord(mark)};" for mark in words).encode()


@dataclass
class OnePass:
    """Files dropped together and taken in one pass, with each one's verdict."""

    place: Place
    files: Mapping[str, bytes]
    report: PassReport

    @classmethod
    def over(cls, root: Path, files: Mapping[str, bytes], today: date = DECEMBER_7, **options: str) -> Self:
        place = Place(root, **options, hr=True)
        for name, content in files.items():
            place.drop(name, content)
        return cls(place, files, place.run(today))

    def of(self, name: str) -> FileReport:
        """The one verdict of a file; its bytes must lie in the archive and nowhere in the inbox."""
        (report,) = (one for one in self.report.files if one.file == name)
        digest = hashlib.sha256(self.files[name]).hexdigest()
        (kept,) = self.place.workspace.archive.glob(f"{digest}.*")
        assert kept.read_bytes() == self.files[name]
        assert not (self.place.workspace.inbox / name).exists()
        return report

    def returned(self, name: str) -> list[str]:
        """Why a file came back: the codes of its errors. The papers that say so lie where they should."""
        report = self.of(name)
        assert report.status is Status.RETURNED, report
        assert report.outputs
        assert all((self.place.root / path).is_file() for path in report.outputs)
        return [one.code for one in report.findings if one.is_error]

    def said(self, name: str) -> str:
        """Everything that a returned file's findings say."""
        return "".join(f"{one.place}{one.message}{one.remedy}" for one in self.of(name).findings)

    def places(self, name: str) -> list[str]:
        """The cells that the errors of a returned file name."""
        return [one.place for one in self.of(name).findings if one.is_error]

    def accepted(self, name: str) -> FileReport:
        report = self.of(name)
        assert report.status is Status.ACCEPTED, report.findings
        return report
