"""A real LibreOffice for tests: it recalculates workbooks and turns documents into PDF.

    recalculated(workbook)            every formula computed anew, whatever value the file holds
    as_pdf(document, ".docx")         the pages as they would be printed
    as_shown([workbook])              what every cell of the first sheet shows
    poisoned(workbook)                wrong values in all formula cells, or recalculating proves nothing

One private profile serves a whole test session, set to recalculate workbooks always on loading. A
machine without LibreOffice fails the tests that need it: skipped tests would look like passed ones.
"""

from __future__ import annotations

import atexit
import csv
import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
_FILTERS = {
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "docx": "docx:MS Word 2007 XML",
    "pdf": "pdf",
    "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true",
}
_SECONDS = 240

WRONG = "987654.321"
"""What `poisoned` puts into formula cells; no appraisal comes to it."""


class LibreOfficeError(AssertionError):
    """LibreOffice is missing or did not convert a document."""


def recalculated(workbook: bytes) -> bytes:
    """The workbook as LibreOffice saves it after computing every formula anew."""
    return recalculated_all([workbook])[0]


def recalculated_all(workbooks: Sequence[bytes]) -> list[bytes]:
    """Several workbooks in one start of LibreOffice, in order."""
    return _converted(workbooks, ".xlsx", "xlsx")


def saved_as_word(document: bytes) -> bytes:
    """A Word file as LibreOffice opens and saves it."""
    return _converted([document], ".docx", "docx")[0]


def as_pdf(document: bytes, suffix: str = ".xlsx") -> bytes:
    """The document printed; `suffix` says what it is, like `.docx`."""
    return _converted([document], suffix, "pdf")[0]


def as_pdfs(documents: Sequence[bytes], suffix: str = ".xlsx") -> list[bytes]:
    """Several documents of one kind printed in one start of LibreOffice, in order."""
    return _converted(documents, suffix, "pdf")


def as_shown(workbooks: Sequence[bytes]) -> list[dict[tuple[int, int], str]]:
    """What the cells of the first sheet show, by (row, column) from 1.

    LibreOffice is started anew for every hundred: after some 250 files of one call it gives up.
    """
    parts = [workbooks[start : start + 100] for start in range(0, len(workbooks), 100)]
    tables = (one.decode("utf-8") for part in parts for one in _converted(part, ".xlsx", "csv"))
    return [
        {
            (row, column): text
            for row, line in enumerate(csv.reader(io.StringIO(table, newline="")), 1)
            for column, text in enumerate(line, 1)
        }
        for table in tables
    ]


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True, timeout=_SECONDS)
    found = re.search(rb"^Pages:\s+(\d+)$", told.stdout, re.MULTILINE)
    assert found is not None
    return int(found[1])


def text_of(pdf: bytes, page: int | None = None) -> str:
    """The text of a PDF, or of one page counted from 1, laid out as printed."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    command = ["pdftotext", "-layout", *pages, "-", "-"]
    told = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=_SECONDS)
    return told.stdout.decode("utf-8")


def poisoned(workbook: bytes) -> bytes:
    """The workbook with `WRONG` as the stored value of every formula cell."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = _FORMULA_CELL.sub(_wrong_value, part.decode("utf-8")).encode("utf-8")
            target.writestr(name, part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


_FORMULA_CELL = re.compile(r'<c r="([A-Z]+\d+)"((?: s="\d+")?)[^>]*>(<f>[^<]*</f>)<v>[^<]*</v></c>')


def _wrong_value(found: re.Match[str]) -> str:
    return f'<c r="{found[1]}"{found[2]}>{found[3]}<v>{WRONG}</v></c>'


def _converted(documents: Sequence[bytes], suffix: str, to: str) -> list[bytes]:
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        inside, outside = Path(folder, "in"), Path(folder, "out")
        inside.mkdir()
        paths = [inside / f"{at}{suffix}" for at in range(len(documents))]
        for path, document in zip(paths, documents, strict=True):
            path.write_bytes(document)
        told = _run("--convert-to", _FILTERS[to], "--outdir", str(outside), *map(str, paths))
        results = [outside / f"{path.stem}.{to}" for path in paths]
        missing = [path.name for path in results if not path.exists()]
        if missing:
            raise LibreOfficeError(f"LibreOffice wrote no {', '.join(missing)}: {told[-1000:]}")
        return [path.read_bytes() for path in results]


def _run(*arguments: str) -> str:
    command = [
        _program(),
        f"-env:UserInstallation={_profile().as_uri()}",
        "--headless",
        "--norestore",
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
    return f"{done.stdout}{done.stderr}".strip()


def _program() -> str:
    windows = [Path(root, "LibreOffice", "program", "soffice.com") for root in _program_folders()]
    found = shutil.which("soffice") or next((str(path) for path in windows if path.exists()), None)
    if found is None:
        raise LibreOfficeError(
            "These tests need LibreOffice (calc and writer): the command `soffice` was not found."
        )
    return found


def _program_folders() -> list[str]:
    return [os.environ[name] for name in ("ProgramFiles", "ProgramFiles(x86)") if name in os.environ]


@cache
def _profile() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="office-profile-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "user").mkdir()
    (folder / "user" / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")
    return folder
