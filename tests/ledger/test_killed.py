"""The program dies in the middle of a write: the ledger is as it was before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from appraisal.ledger.ledger import open_ledger
from tests.ledger.builders import GROUP, NOVEMBER, issue, record

ROOT = Path(__file__).parents[2]

PROGRAM = """
import sys, time
from appraisal.ledger.ledger import open_ledger
from tests.ledger.builders import *
with open_ledger(sys.argv[1]) as ledger, ledger.writing() as books:
    books.months.record(month({**USUAL, "乙": "95"}, revision=2), provenance())
    books.acts.withdraw(act(ActKind.WITHDRAW))
    books.documents.keep("rules", bytes(5_000_000))
    print("written", flush=True)
    time.sleep(600)
"""


def test_a_write_that_is_killed_leaves_the_former_state(url: str) -> None:
    """kill -9 after every statement but the commit; the next start reads, and writes on."""
    with open_ledger(url) as ledger:
        record(ledger, NOVEMBER)
        lines = issue(ledger)
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "written\n"
        writer.kill()
    with open_ledger(url) as ledger:
        with ledger.reading() as books:
            now = books.months.get(GROUP, NOVEMBER)
            assert now is not None
            assert (now.revision, now.is_issued) == (1, True)
            assert books.outcomes.lines_of_month(GROUP, NOVEMBER) == lines
        record(ledger, NOVEMBER)
