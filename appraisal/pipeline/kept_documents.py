"""What the ledger keeps of a submission: its fingerprint, whatever the bytes, and the figures that later months are held against."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from appraisal.intake.submission import CellValue, Submission
from appraisal.ledger.ledger import Transaction
from appraisal.period import Period
from appraisal.scheme.model.scheme import Scheme
from appraisal.validation.figures import EarlierMonth, figures_of
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


FIGURES = "figures"
"""The kind of document in the ledger that keeps the typed figures of a revision."""


def keep_figures(transaction: Transaction, submission: Submission, scheme: Scheme) -> str:
    """Keep the month's figures in the ledger for later months to be compared with; their sha256."""
    figures = {
        staff: {name: f"{value.normalize():f}" for name, value in own.items()}
        for staff, own in figures_of(submission, scheme).items()
    }
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True)
    return transaction.documents.keep(FIGURES, text.encode())


def earlier_months(
    transaction: Transaction, months: Sequence[tuple[Submission, Scheme]]
) -> list[Sequence[EarlierMonth]]:
    """For each of these months, in order, what the ledger keeps of its group's months before, the latest first."""
    groups: defaultdict[tuple[Period, int], set[str]] = defaultdict(set)
    for submission, scheme in months:
        groups[submission.period, scheme.plausibility.months].add(submission.group)
    kept = {of: _kept(transaction, among, *of) for of, among in groups.items()}
    return [
        kept[submission.period, scheme.plausibility.months].get(submission.group, ())
        for submission, scheme in months
    ]


def _kept(
    transaction: Transaction, groups: Collection[str], period: Period, back: int
) -> Mapping[str, Sequence[EarlierMonth]]:
    found: defaultdict[str, list[EarlierMonth]] = defaultdict(list)
    for revision in transaction.months.current_before(groups, period, back):
        content = transaction.documents.get(revision.making.documents.get(FIGURES, ""))
        if content is not None:
            figures = {
                staff: {name: Decimal(value) for name, value in own.items()}
                for staff, own in json.loads(content).items()
            }
            found[revision.group].append(EarlierMonth(revision.period, figures))
    return found
