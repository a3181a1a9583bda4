"""By hand: LibreOffice opens, recalculates and saves finished result workbooks, in one start.

python -m benchmarks.hand OUTBOX COUNT
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path

from tests.libreoffice import recalculated_all


def main(outbox: Path, count: int) -> None:
    found = islice(sorted(outbox.glob("*/*/*_考核结果.xlsx")), count)
    recalculated_all([path.read_bytes() for path in found])


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
