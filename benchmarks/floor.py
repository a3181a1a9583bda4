"""The floor: the same files read, and the same documents written, by the libraries alone.

    python -m benchmarks.floor INBOX RECORDED OUT

Reading is the pipeline's own fast reader, which takes a sixth of openpyxl's time. Every document is written
from ready values with XlsxWriter, docxtpl and Jinja as their manuals show it. Nothing is checked,
scored, remembered or kept safe from a power cut. Prints processor seconds, without start-up.
"""

from __future__ import annotations

import gc
import pickle
import sys
import time
from pathlib import Path

from appraisal.xlsx.reader import read_workbook
from benchmarks.plain_documents import write_all
from benchmarks.ready_values import Recorded


def main(inbox: Path, recorded: Path, out: Path) -> None:
    """The recorded months serve all workbooks in turn: each has as many cells as any other. HR's folder comes last."""
    taken: Recorded = pickle.loads(recorded.read_bytes())
    gc.freeze()  # what was recorded is nothing that either would hold: the collector need not look through it
    months = taken.months
    began = time.process_time()
    for number, file in enumerate(sorted(inbox.glob("*.xlsx"))):
        read_workbook(file.read_bytes())
        write_all(months[number % len(months)], out / str(number))
    write_all(taken.hr, out / "hr")
    print(time.process_time() - began)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
