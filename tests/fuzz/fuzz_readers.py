# ruff: noqa: E402 - what is fuzzed is loaded by the fuzzer first
"""Coverage-guided fuzzing of everything that reads a stranger's bytes; figures in docs/reliability.md.

    pip install -r requirements-fuzz.txt                                       # Linux, CPython 3.11
    python tests/fuzz/fuzz_readers.py container -max_total_time=600 build/container

What follows the target goes to libFuzzer: the folder is the corpus (made, and filled with seeds that are
built here); `-help=1` tells the rest. An input that breaks a promise is written to `crash-…`; give that
file in place of the folder to see it again. The promises:

container  no bytes make the pre-flight raise, and what passes it is what zipfile unpacks
form       no content of a sound package makes the reading of forms raise; what was read openpyxl reads too
sheet      no XML of a sheet makes its reader raise anything but a refusal
export     no export of shop software, csv or xlsx, makes its reading raise
roster     no roster.csv makes its reading raise anything but its own error
docx       no Word template makes the look for what it must not hold raise anything but its own error
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random

import atheris

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["appraisal"], exclude=["appraisal.findings.finding"]):
    from appraisal.intake.exports.rows import read_export
    from appraisal.intake.read_any import read_paper
    from appraisal.intake.roster_file import RosterError, load_roster
    from appraisal.publish.templates.engine import TemplateError
    from appraisal.publish.templates.word_safety import refuse_unsafe
    from appraisal.xlsx.cell import SharedParts, SharedStrings
    from appraisal.xlsx.container import LIMITS, Refused
    from appraisal.xlsx.grid import RawWorkbook, SheetState
    from appraisal.xlsx.number_formats import read_formats
    from appraisal.xlsx.package import Package, SheetPart, inspect
    from appraisal.xlsx.reader import read_workbook
    from appraisal.xlsx.sheet import read_sheet

from appraisal.period import Period
from appraisal.scheme.forms.submission import submission_form
from tests.builders.dressed_by_lot import dressed_export, dressed_form
from tests.builders.dressed_month import dressed_month
from tests.builders.exports import CHITU, JINGDONG, PINDUODUO, ROSTER, TARGETS, csv_export, xlsx_export
from tests.builders.hazards import Month, good_parts
from tests.builders.mutated import parts_of, with_part_changed, zipped
from tests.builders.second_reader import contradictions
from tests.builders.submissions import online_shop, rulebook
from tests.intake.builders import STYLES
from tests.intake.builders import Book as SmallBook

HERE = Path(tempfile.mkdtemp(prefix="fuzz-"))
RULEBOOK, FORM, NOVEMBER = rulebook(), submission_form(online_shop()), Period(2026, 11)
STRINGS = tuple(f"文字{number}" for number in range(40))
BOOK = SharedParts(SharedStrings(STRINGS), read_formats(STYLES.encode(), LIMITS), False, False, LIMITS)


def container(data: bytes) -> None:
    package = inspect(data)
    if isinstance(package, Package):
        parts = parts_of(data)
        assert parts is not None, "we unpack what zipfile does not"
        assert all(parts[sheet.part] == sheet.xml for sheet in package.sheets), "zipfile reads other sheets"


def form(data: bytes) -> None:
    raw = read_workbook(data)
    if isinstance(raw, RawWorkbook):
        assert not contradictions(data, raw), contradictions(data, raw)
    read_paper(data, file="x.xlsx", sha256="0" * 64, rulebook=RULEBOOK, roster=None)


def sheet(data: bytes) -> None:
    with contextlib.suppress(Refused):
        read_sheet(SheetPart("考核数据", SheetState.VISIBLE, "sheet1.xml", data), BOOK, room=LIMITS.cells)


def export(data: bytes) -> None:
    file = HERE / "x.csv"
    file.write_bytes(data)
    read_export(file, FORM, NOVEMBER)


def roster(data: bytes) -> None:
    (HERE / "roster.csv").write_bytes(data)
    with contextlib.suppress(RosterError):
        load_roster(HERE)


def docx(data: bytes) -> None:
    with contextlib.suppress(TemplateError):
        refuse_unsafe("notice.docx", data)


TARGETS_BY_NAME: Mapping[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (container, form, sheet, export, roster, docx)
}
ZIPS = {"container", "form", "export", "docx"}
LONGEST = 300_000


def mutated(data: bytes, longest: int, seed: int) -> bytes:
    """Mostly what is inside the package, for a flip of its packed bytes only breaks a checksum."""
    if seed % 8:
        inside = with_part_changed(data, seed // 8, lambda part: atheris.Mutate(part, len(part) + 200))
        if len(inside) <= longest:
            return inside
    return atheris.Mutate(data, longest)


def seeds(target: str) -> Iterable[bytes]:
    """What the fuzzer begins with: good files, and a few of each kind that is told apart."""
    small = SmallBook(strings=("<t>工号</t>", "<r><t>张</t></r><r><t>三</t></r>")).data()
    match target:
        case "container":
            yield small
            yield from (b"%PDF-1.7", b"PK\x05\x06" + bytes(18), "工号,姓名\n1,张三".encode(), b"")
            yield b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook\x00".encode("utf-16-le")
        case "form":
            kept = {name: part for name, part in good_parts().items() if "theme" not in name}
            yield zipped({name: part for name, part in Month("店").parts.items() if name in kept})
            yield small
            for seed in range(4):
                yield dressed_form(Random(seed)).data()
                dressed = parts_of(dressed_month("店", Random(seed))) or {}
                yield zipped({name: part for name, part in dressed.items() if name in kept})
        case "sheet":
            yield from (part for name, part in good_parts().items() if name.startswith("xl/worksheets/sheet"))
            yield SmallBook(rows=_odd_cells()).sheet().encode()
        case "export":
            for number, rows in enumerate((CHITU, JINGDONG, PINDUODUO, TARGETS)):
                yield csv_export(HERE / f"seed{number}.csv", rows).read_bytes()
                yield csv_export(HERE / f"seed{number}.csv", rows, encoding="gb18030").read_bytes()
            yield xlsx_export(HERE / "seed.xlsx", PINDUODUO).read_bytes()
            for seed in range(4):
                yield dressed_export(Random(seed)).data()
        case "roster":
            yield ROSTER.encode()
            yield ROSTER.encode("gb18030")
        case "docx":
            whole = parts_of((ROOT / "templates" / "notice.docx").read_bytes()) or {}
            yield zipped({name: part for name, part in whole.items() if len(part) < 40_000})


def _odd_cells() -> str:
    cells = (
        '<c r="A1" t="s"><v>1</v></c><c t="str"><f>1+1</f><v>2</v></c><c r="D1" t="b"><v>1</v></c>',
        '<c r="A2" t="e"><v>#N/A</v></c><c r="B2" t="inlineStr"><is><r><t>甲</t></r><rPh><t>x</t></rPh></is></c>',
        '<c r="A3" s="2"><v>45000.5</v></c><c r="B3" s="5"><v>1.5</v></c><c r="C3" t="d"><v>2026-11-01T08:00:00</v></c>',
    )
    return "".join(f'<row r="{number}" hidden="1">{one}</row>' for number, one in enumerate(cells, 1))


def main() -> None:
    if len(sys.argv) < 2 or sys.argv[1] not in TARGETS_BY_NAME:
        sys.exit(f"usage: fuzz_readers.py {'|'.join(TARGETS_BY_NAME)} [libFuzzer's options] [corpus folder]")
    target = sys.argv.pop(1)
    for corpus in (Path(one) for one in sys.argv[1:] if not one.startswith("-")):
        if not corpus.is_file():
            corpus.mkdir(parents=True, exist_ok=True)
            for number, seed in enumerate(seeds(target)):
                (corpus / f"seed-{number}").write_bytes(seed)
    options = {"custom_mutator": mutated} if target in ZIPS else {}
    atheris.Setup([sys.argv[0], f"-max_len={LONGEST}", *sys.argv[1:]], TARGETS_BY_NAME[target], **options)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(HERE, ignore_errors=True)


if __name__ == "__main__":
    main()
