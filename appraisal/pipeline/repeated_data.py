"""Whether a month's data are those of the month before: somebody may have dropped last month's file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Submission
from appraisal.ledger.ledger import Transaction
from appraisal.period import Period
from appraisal.scheme.forms.submission import STAFF_ID
from appraisal.scheme.model.scheme import Scheme

FIGURES = "figures"
"""The kind of document in the ledger that keeps the typed figures of a revision."""

ENOUGH_CELLS = 10
"""With fewer figures a month may well be like the one before."""

MOST = Decimal("0.8")
"""The share of equal figures from which on they are hardly the month's own."""

Figures = Mapping[str, Mapping[str, str]]
"""By 工号 and field; as text, so that 1200 and 1200.0 are the same."""


def keep_figures(transaction: Transaction, submission: Submission, scheme: Scheme) -> str:
    """Keep the month's figures in the ledger for the next month to be compared with; their sha256."""
    text = json.dumps(_figures(submission, scheme), ensure_ascii=False, sort_keys=True)
    return transaction.documents.keep(FIGURES, text.encode())


def same_as_last_month(
    transaction: Transaction, submission: Submission, scheme: Scheme
) -> tuple[Finding, ...]:
    """A warning where most figures equal those of the month before that is in force."""
    before = submission.period.shifted(-1)
    former = _kept(transaction, submission.group, before)
    if not former:
        return ()
    told = [
        former.get(staff, {}).get(name) == value
        for staff, own in _figures(submission, scheme).items()
        for name, value in own.items()
    ]
    if len(told) < ENOUGH_CELLS or sum(told) < MOST * len(told):
        return ()
    sheet = next(iter(submission.tables.values())).sheet
    share = f"{100 * sum(told) // len(told)}%"
    return (finding("data.same_as_last_month", sheet=sheet, period=before, share=share),)


def _figures(submission: Submission, scheme: Scheme) -> dict[str, dict[str, str]]:
    """What was counted this month. Targets are carried over, and a 0 is a 0 in many a month."""
    counted = {field.name for field in scheme.fields if not field.carried}
    figures: dict[str, dict[str, str]] = {}
    for table in submission.tables.values():
        for row in table.rows:
            own = {name: value for name, value in row.values.items() if name in counted}
            figures.setdefault(str(row.values[STAFF_ID]), {}).update(
                (name, f"{value.normalize():f}")
                for name, value in own.items()
                if isinstance(value, Decimal) and value
            )
    return figures


def _kept(transaction: Transaction, group: str, period: Period) -> Figures:
    current = transaction.months.current(group, period)
    if current is None:
        return {}
    _, revision = current
    content = transaction.documents.get(revision.making.documents.get(FIGURES, ""))
    figures: Figures = {} if content is None else json.loads(content)
    return figures
