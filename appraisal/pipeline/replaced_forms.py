"""A person's second 自评表 for a month: it counts, and everybody whom it concerns is told.

Nobody can see from a file who dropped it. So whoever handed in either form reads of the other in a receipt, and
the manager reads of both: a form in another's name does not stay unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appraisal.findings.finding import Finding, finding
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import KeptSelfForm
from appraisal.period import Period
from appraisal.pipeline.came_back import write_receipt
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.reading import archived_file
from appraisal.pipeline.reply import Returned, put_returned
from appraisal.workspace.names import returned_folder


@dataclass(frozen=True, slots=True)
class FormerForm:
    """The form that another took the place of, and the path under the inbox at which it lay."""

    form: KeptSelfForm
    file: str


def former_form(transaction: Transaction, form: KeptSelfForm) -> FormerForm | None:
    """The person's form of the month that this one, kept or about to be, takes the place of."""
    ever = [one for one in transaction.self_forms.ever(form.group, form.period) if one.staff == form.staff]
    hashes = [one.sha256 for one in ever]
    before = ever[: hashes.index(form.sha256)] if form.sha256 in hashes else ever
    if not before:
        return None
    claims = transaction.journal.claims_of(before[-1].sha256)
    return FormerForm(before[-1], claims[-1].dropped.file if claims else "")


def replaces(former: FormerForm, *, name: str) -> Finding:
    """What the one who handed in the new form reads."""
    form = former.form
    return finding(
        "self.replaces",
        name=name,
        id=form.staff,
        period=form.period,
        date=form.received_on,
        file=former.file,
    )


def tell_of_replacement(
    context: RunContext, former: FormerForm, *, name: str, by_file: str, claim: int
) -> None:
    """What those read who handed in the former form, and the manager. Raises OSError."""
    form = former.form
    told = finding(
        "self.replaced", name=name, id=form.staff, period=form.period, file=former.file, other=by_file
    )
    write_receipt(context, former.file, f"{context.today} {told.message}{told.remedy}\n")
    archived = archived_file(context.workspace, form.sha256)
    if archived is not None:
        paper = Returned(former.file, archived, (told,), form.group, form.period, claim)
        outbox, _ = put_returned(context, paper, returned_folder(form.group))
        with context.ledger.writing() as transaction:
            note_placed(transaction, outbox)


def several_forms(transaction: Transaction, group: str, period: Period) -> Iterator[Finding]:
    """What the manager reads with the workbook: whose last form was taken, of how many."""
    by_staff: dict[str, list[KeptSelfForm]] = {}
    for one in transaction.self_forms.ever(group, period):
        by_staff.setdefault(one.staff, []).append(one)
    for staff, forms in by_staff.items():
        if len({one.sha256 for one in forms}) > 1:
            yield finding("self.several", id=staff, count=len(forms), date=forms[-1].received_on)


def in_words(form: KeptSelfForm) -> str:
    """What was taken from the form, for the person's receipt."""
    filled = [f"{name} {value}" for name, value in form.values.items() if value is not None]
    shown = (one if len(one) <= _LONGEST else f"{one[:_LONGEST]}…" for one in filled)
    return f"收下的内容：{'、'.join(shown)}。"


_LONGEST = 30
