"""What a submission says, whatever its bytes: the same workbook saved again is the same content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

from appraisal.intake.submission import CellValue, Submission
from appraisal.workspace.paths import sha256_of

CONTENT = "content"
"""The kind of document in the ledger that keeps the fingerprint of what a revision was made from."""


def fingerprint(submission: Submission) -> bytes:
    """Equal for two submissions that say the same; it tells nothing of anybody."""
    told = {
        "about": [submission.scheme, submission.version, submission.group, str(submission.period)],
        "labels": _said(submission.labels),
        "tables": {
            name: [_said(row.values) for row in table.rows] for name, table in submission.tables.items()
        },
    }
    return sha256_of(json.dumps(told, sort_keys=True).encode()).encode()


def _said(values: Mapping[str, CellValue]) -> dict[str, str]:
    return {name: _in_text(value) for name, value in values.items() if value is not None}


def _in_text(value: CellValue) -> str:
    """1200 and 1200.0 say the same; a number and a text do not."""
    text = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return f"{type(value).__name__} {text}"
