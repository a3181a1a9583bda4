"""One person, one group, one month: nobody is ranked, and nobody's money moves, in two groups of a month.

Only a roster makes an id the same person everywhere; without one the ids are each group's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Submission
from appraisal.ledger.ledger import Transaction
from appraisal.pipeline.revisions import scheme_of
from appraisal.pipeline.setup import Setup
from appraisal.scheme.forms.submission import STAFF_ID, submission_form
from appraisal.scoring.results import GroupResult

Scored = tuple[Submission, GroupResult]
"""A month that is to be entered: what was handed in, and what it came to."""


def ranked_elsewhere(
    setup: Setup, transaction: Transaction, months: Sequence[Scored]
) -> list[tuple[Finding, ...]]:
    """For each of the months, all of one period: who of its ranked is ranked in another group already.

    The ledger comes first, then the months in their order: the second group is told.
    """
    if setup.roster is None or not months:
        return [() for _ in months]
    everybody = {person.id for _, result in months for person in result.ranked}
    groups: dict[str, str] = {}
    found = []
    standing = transaction.past.ranked_in(months[0][1].period, sorted(everybody))
    for submission, result in months:
        others = groups | {one.staff: one.group for one in standing if one.group != result.group}
        found.append(tuple(_findings(setup, submission, result, others)))
        if not found[-1]:
            groups |= {person.id: result.group for person in result.ranked}
    return found


def _findings(
    setup: Setup, submission: Submission, result: GroupResult, others: dict[str, str]
) -> Iterator[Finding]:
    table = submission.tables[submission_form(scheme_of(setup, submission)).main.name]
    cells = {row.values[STAFF_ID]: table.cell(row, STAFF_ID) for row in table.rows}
    for person in result.ranked:
        if person.id in others:
            yield finding(
                "staff.ranked_elsewhere",
                sheet=table.sheet,
                cell=cells.get(person.id),
                name=person.name,
                id=person.id,
                period=result.period,
                group=others[person.id],
            )
