"""自评表 dropped by the people themselves: kept until the manager's workbook takes them in.

Either may come first. A form that comes after the workbook, and before the notice is issued, makes the
month's next revision; after that it waits for a correction. None is ever lost.

Nobody can see from a file who dropped it. So where a person's second form takes the place of the first, whoever
handed in either reads of the other in a receipt, and the manager reads of both: a form in another's name does not
stay unseen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from appraisal.findings.finding import Finding, finding
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import Reading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, KeptSelfForm, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.check import check_paper
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import note_placed
from appraisal.pipeline.reading import archived_file, read_for_remake
from appraisal.pipeline.recompute import Stuck, as_recorded, recompute_later_months, remake
from appraisal.pipeline.reply import (
    Returned,
    failed,
    give_back,
    isolate_failure,
    not_placed,
    put_returned,
    reply,
    reply_unchanged,
    was_taken_before,
)
from appraisal.pipeline.reports import Status
from appraisal.pipeline.returned_files import write_receipt
from appraisal.workspace.names import returned_folder
from appraisal.workspace.outbox import Outbox
from appraisal.workspace.settings import SelfFormPolicy


def keep_self_assessments(context: RunContext, dropped_files: Sequence[DroppedFile]) -> None:
    """Before the managers' workbooks: check the forms, keep the good ones, give the others back."""
    for dropped in dropped_files:
        with isolate_failure(context, dropped):
            dropped.add(*_check(context, dropped))
    checked = [dropped for dropped in dropped_files if dropped.is_open]
    _refuse_rivals([dropped for dropped in checked if not dropped.is_faulty])
    for dropped in checked:
        with isolate_failure(context, dropped):
            _keep(context, dropped)


def put_in_self_assessments(context: RunContext, dropped_files: Sequence[DroppedFile]) -> None:
    """After the managers' workbooks: what became of the forms that were kept in this pass."""
    by_month: dict[tuple[str, Period], list[DroppedFile]] = defaultdict(list)
    for dropped in dropped_files:
        if dropped.is_open:
            form = _form(context, dropped)
            by_month[form.group, form.period].append(dropped)
    for (group, period), same in by_month.items():
        with isolate_failure(context, *same):
            _put_into(context, group, period, same)


# ------------------------------------------------------------------------------------- one form alone


def _keep(context: RunContext, dropped: DroppedFile) -> None:
    if dropped.is_faulty:
        give_back(context, dropped)
    elif was_taken_before(context, dropped, Status.ACCEPTED, Status.WAITING):
        reply_unchanged(context, dropped)
    else:
        form = _form(context, dropped)
        with context.ledger.writing() as transaction:
            former = _former_form(transaction, form)
            transaction.self_forms.keep(form)
            transaction.pending_hr_folders.note(form.period)
        if former is not None:
            try:
                _tell_of_replacement(context, dropped, former)
            except OSError as error:
                not_placed(context, dropped, error)


def _check(context: RunContext, dropped: DroppedFile) -> tuple[Finding, ...]:
    reading = _reading(dropped)
    found = check_paper(reading, context.setup, folder_group=dropped.managers_group, today=context.today)
    if context.setup.settings.self_forms is SelfFormPolicy.OFF:
        return found
    return (*found, *_about_its_month(context, dropped, reading))


def _about_its_month(context: RunContext, dropped: DroppedFile, reading: SelfReading) -> tuple[Finding, ...]:
    group, period, sha256 = reading.group, reading.period, dropped.copy.sha256
    if group is None or period is None:
        return ()
    with context.ledger.reading() as transaction:
        latest = {form.sha256 for form in transaction.self_forms.of_month(group, period)}
        ever = {form.sha256 for form in transaction.self_forms.ever(group, period)}
        is_closed = transaction.months.is_closed(group, period)
        is_purged = transaction.months.is_purged(group, period)
    if is_purged:
        return (finding("period.purged", period=period),)
    if sha256 in latest:
        return ()
    if sha256 in ever:
        return (finding("self.superseded"),)
    return (finding("period.closed", period=period),) if is_closed else ()


def _refuse_rivals(dropped_files: Sequence[DroppedFile]) -> None:
    """Two different forms of one person and month in one pass: nobody can know which is meant."""
    by_person: dict[tuple[str | None, Period | None, str | None], list[DroppedFile]] = defaultdict(list)
    for dropped in dropped_files:
        reading = _reading(dropped)
        by_person[reading.group, reading.period, reading.staff].append(dropped)
    for (_, period, staff), rivals in by_person.items():
        if len(rivals) > 1:
            names = "、".join(dropped.name for dropped in rivals)
            name = _reading(rivals[0]).name or ""
            problem = finding("self.two_at_once", id=staff, name=name, period=period, files=names)
            for dropped in rivals:
                dropped.add(problem)


def _form(context: RunContext, dropped: DroppedFile) -> KeptSelfForm:
    return form_kept(_reading(dropped), dropped.copy.sha256, context.today)


def form_kept(reading: SelfReading, sha256: str, received_on: date) -> KeptSelfForm:
    """As the ledger keeps a form of which it could be read whose it is."""
    assert reading.group is not None
    assert reading.period is not None
    assert reading.staff is not None
    return KeptSelfForm(
        group=reading.group,
        period=reading.period,
        staff=reading.staff,
        sha256=sha256,
        values=reading.values,
        received_on=received_on,
    )


def _reading(dropped: DroppedFile) -> SelfReading:
    assert isinstance(dropped.paper, SelfReading)
    return dropped.paper


# -------------------------------------------------------------------------------- a month's new forms


def _put_into(context: RunContext, group: str, period: Period, forms: Sequence[DroppedFile]) -> None:
    with context.ledger.reading() as transaction:
        in_force = transaction.months.current(group, period)
    if in_force is None:
        _wait(context, forms, "等店长的上报表到了一起计算。")
        return
    month, current = in_force
    if month.is_issued:
        _wait(context, forms, f"通报已于 {month.issued_on} 下发，等店长作更正报送时一起计算。")
        return
    try:
        _renew(context, month, current, forms)
    except Stuck as stuck:
        for dropped in forms:
            failed(context, dropped, stuck.told)


def _renew(context: RunContext, month: GroupMonth, current: Revision, forms: Sequence[DroppedFile]) -> None:
    """The workbook was there first: the month becomes its next revision, if the forms change anything. Raises Stuck."""
    recorded = as_recorded(context, current)
    reading = read_for_remake(recorded, month, current)
    if reading is None or reading.submission is None:
        _ask_the_manager(context, current, reading, forms)
        return
    revision, note = current.number, "与上报表里录入的一致，不用改动。"
    if set(reading.submission.self_forms) != current.provenance.inputs.self_forms:
        remade = remake(recorded, month, current, reading.submission, RevisionKind.REPLACEMENT)
        if remade is not None:
            recomputed = recompute_later_months(context, month.group, month.period)
            revision = remade.revision
            note = f"{'；'.join(('自评已计入', *recomputed.in_words))}。"
    for dropped in forms:
        taken = f"{_in_words(dropped)}{note}"
        reply(context, dropped, dropped.report_as(Status.ACCEPTED, taken, revision=revision))


def _ask_the_manager(
    context: RunContext, current: Revision, reading: Reading | None, forms: Sequence[DroppedFile]
) -> None:
    """The forms and the workbook contradict each other: the workbook goes back to the manager."""
    sha256, group = current.provenance.submission, current.group
    archived = archived_file(context.workspace, sha256)
    if reading is None or archived is None:
        _wait(context, forms, "存档的上报表读不出来，等店长重新报送。")
        return
    with context.ledger.reading() as transaction:
        file = transaction.journal.claims_of(sha256)[-1].dropped.file
    returned = Returned(
        file=file,
        archived=archived,
        findings=reading.findings,
        group=group,
        period=current.period,
        claim=forms[0].id,
    )
    try:
        outbox, outputs = put_returned(context, returned, returned_folder(group))
    except OSError as error:
        for dropped in forms:
            not_placed(context, dropped, error)
        return
    _wait(context, forms, "与店长在上报表里录入的不同，已请店长核对。", outbox, outputs)


def _wait(
    context: RunContext,
    forms: Sequence[DroppedFile],
    note: str,
    outbox: Outbox | None = None,
    outputs: tuple[str, ...] = (),
) -> None:
    for dropped in forms:
        report = dropped.report_as(Status.WAITING, f"{_in_words(dropped)}{note}", outputs=outputs)
        reply(context, dropped, report, outbox=outbox)


_LONGEST = 30


def _in_words(dropped: DroppedFile) -> str:
    """What was taken from the form, for the person's receipt."""
    filled = [f"{name} {value}" for name, value in _reading(dropped).values.items() if value is not None]
    shown = (part if len(part) <= _LONGEST else f"{part[:_LONGEST]}…" for part in filled)
    return f"收下的内容：{'、'.join(shown)}。"


# ------------------------------------------------------------------- a second form in place of the first


@dataclass(frozen=True, slots=True)
class _FormerForm:
    """The form that another took the place of, and the path under the inbox at which it lay."""

    form: KeptSelfForm
    file: str


def _former_form(transaction: Transaction, form: KeptSelfForm) -> _FormerForm | None:
    """The person's form of the month that this one, kept or about to be, takes the place of."""
    ever = transaction.self_forms.ever(form.group, form.period)
    own = (kept for kept in ever if kept.staff == form.staff)
    before = list(takewhile(lambda kept: kept.sha256 != form.sha256, own))
    if not before:
        return None
    claims = transaction.journal.claims_of(before[-1].sha256)
    return _FormerForm(before[-1], claims[-1].dropped.file if claims else "")


def _tell_of_replacement(context: RunContext, dropped: DroppedFile, former: _FormerForm) -> None:
    """Whoever handed in either form reads of the other, and the manager of both. Raises OSError."""
    form, file, name = former.form, former.file, _reading(dropped).name or ""
    staff, period = form.staff, form.period
    dropped.add(
        finding("self.replaces", name=name, id=staff, period=period, date=form.received_on, file=file)
    )
    problem = finding("self.replaced", name=name, id=staff, period=period, file=file, other=dropped.name)
    write_receipt(context, file, f"{context.today} {problem.message}{problem.remedy}\n")
    archived = archived_file(context.workspace, form.sha256)
    if archived is not None:
        paper = Returned(
            file=file,
            archived=archived,
            findings=(problem,),
            group=form.group,
            period=period,
            claim=dropped.id,
        )
        outbox, _ = put_returned(context, paper, returned_folder(form.group))
        with context.ledger.writing() as transaction:
            note_placed(transaction, outbox)


def several_forms(transaction: Transaction, group: str, period: Period) -> Iterator[Finding]:
    """What the manager reads with the workbook: whose last form was taken, of how many."""
    by_staff: dict[str, list[KeptSelfForm]] = {}
    for form in transaction.self_forms.ever(group, period):
        by_staff.setdefault(form.staff, []).append(form)
    for staff, forms in by_staff.items():
        if len({form.sha256 for form in forms}) > 1:
            yield finding("self.several", id=staff, count=len(forms), date=forms[-1].received_on)
