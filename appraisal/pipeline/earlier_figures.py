"""What people had in the months before, kept in the ledger for later months to be held against."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from appraisal.intake.submission import Submission
from appraisal.ledger.ledger import Transaction
from appraisal.period import Period
from appraisal.scheme.model.scheme import Scheme
from appraisal.validation.figures import EarlierMonth, figures_of

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
