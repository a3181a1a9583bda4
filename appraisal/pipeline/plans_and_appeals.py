"""What people hand in about a month: 整改方案 and 面谈记录 that come back, and 申诉表 against a month that HR has issued.

Each is held against the ledger, entered and filed in the folder of the month, or returned with what it lacks. An appeal
is entered with the day by which it is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.plans_and_appeals import AppealReading, InterviewReading, PlanReading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, AppealState, GroupMonth, MonthState, PlanState, Revision, Talk
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import MARKS, SUBMITTED, note_placed, open_outbox, surroundings
from appraisal.pipeline.reply import file_away, give_back, reply_unchanged
from appraisal.pipeline.reports import Status
from appraisal.pipeline.revisions import papers_as_published
from appraisal.pipeline.setup import PastSetupError
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.personal import APPEAL_SHEET, INTERVIEW_SHEET, PLAN_SHEET, paper_name
from appraisal.scoring.deadlines import ANSWER_DAYS, appeals_by, working_days_after
from appraisal.scoring.results import GroupResult
from appraisal.validation.other_forms import (
    AppealOnRecord,
    PlanOnRecord,
    check_appeal,
    check_plan,
    check_talk,
)
from appraisal.workspace.names import month_folder, safe_file_name

# ------------------------------------------------------------------------------------ plans and talks


def plan_on_record(transaction: Transaction, reading: PlanReading | InterviewReading) -> PlanOnRecord:
    """What the ledger says of the person's plan, for `check_plan` and `check_talk`."""
    group, period, staff = reading.group, reading.period, reading.staff
    if group is None or period is None or staff is None:
        return PlanOnRecord()
    month = transaction.months.get(group, period)
    plan = transaction.plans.get(group, period, staff)
    if plan is None:
        return PlanOnRecord(is_withdrawn=month is not None and month.state is MonthState.WITHDRAWN)
    return PlanOnRecord(
        due=plan.due,
        is_issued=plan.is_issued,
        submitted_on=plan.submitted_on,
        accepted_on=plan.judged_on if plan.state is PlanState.ACCEPTED else None,
        waits_since=plan.complete_on if plan.state is PlanState.SUBMITTED else None,
    )


def keep_plan(
    transaction: Transaction, reading: PlanReading, about: Sequence[Finding], *, sha256: str, today: date
) -> PlanState | None:
    """Write into the ledger what became of the plan: its new state.

    `about` is what `check_plan` found. Where that has an error the plan is not the person's to give:
    nothing is written, and the state is None. Nor where a plan that has been taken would be undone by a copy that
    lacks something: only the manager's word sends that one back. Otherwise what the paper lacks does.
    """
    if reading.group is None or reading.period is None or reading.staff is None or has_errors(about):
        return None
    plan = transaction.plans.get(reading.group, reading.period, reading.staff)
    if plan is None or (reading.is_mistaken and plan.state in MARKS):
        return None
    if has_errors(reading.findings):
        transaction.plans.returned(plan, today, sha256, reading.goals, is_judged=reading.is_more_wanted)
        return PlanState.RETURNED
    if reading.is_agreed:
        transaction.plans.accepted(plan, today, sha256, reading.goals)
        return PlanState.ACCEPTED
    transaction.plans.submitted(plan, today, sha256, reading.goals)
    return PlanState.SUBMITTED


_NOTES = {
    PlanState.SUBMITTED: "整改方案已收下，等店长审核。",
    PlanState.ACCEPTED: "整改方案店长已同意。",
}


def take_plan(context: RunContext, dropped: DroppedFile) -> None:
    """Hold the plan against the ledger, and write there how far it has come."""
    reading = dropped.paper
    assert isinstance(reading, PlanReading)
    group, period, staff, sha256 = reading.group, reading.period, reading.staff, dropped.copy.sha256
    with context.ledger.reading() as transaction:
        record = plan_on_record(transaction, reading)
        plan = transaction.plans.get(group, period, staff) if group and period and staff else None
    if plan is not None and plan.sha256 == sha256 and plan.state in _NOTES:
        reply_unchanged(context, dropped)
        return
    about = check_plan(reading, record, surroundings(context, dropped))
    dropped.add(*about)

    def keep(transaction: Transaction) -> PlanState | None:
        return keep_plan(transaction, reading, about, sha256=sha256, today=context.today)

    if dropped.is_faulty:
        # Written first: until its papers are placed the file stays in the inbox, and it is done again.
        with context.ledger.writing() as transaction:
            is_returned = keep(transaction) is PlanState.RETURNED
        if is_returned:
            _take_away(context, dropped, reading)
        give_back(context, dropped)
        return
    state = PlanState.ACCEPTED if reading.is_agreed else PlanState.SUBMITTED
    _file_form(context, dropped, reading, MARKS[state], note=_NOTES[state], keep=keep)


def take_talk(context: RunContext, dropped: DroppedFile) -> None:
    """File the record of a talk, and write into the ledger that it has come."""
    reading = dropped.paper
    assert isinstance(reading, InterviewReading)
    with context.ledger.reading() as transaction:
        record = plan_on_record(transaction, reading)
        talks = (
            transaction.plans.talks_of(reading.group, reading.period)
            if reading.group and reading.period
            else {}
        )
    former = talks.get(reading.staff or "")
    if former is not None and former.sha256 == dropped.copy.sha256:
        reply_unchanged(context, dropped)
        return
    about = check_talk(reading, record, surroundings(context, dropped))
    dropped.add(*about)
    if dropped.is_faulty:
        give_back(context, dropped)
        return
    group, period = dropped.month
    assert reading.staff is not None
    assert reading.held_on is not None
    talk = Talk(
        group=group,
        period=period,
        staff=reading.staff,
        held_on=reading.held_on,
        received_on=context.today,
        sha256=dropped.copy.sha256,
    )
    note = "面谈记录已收下。"
    _file_form(context, dropped, reading, SUBMITTED, note=note, keep=lambda on: on.plans.talked(talk))


# --------------------------------------------------------------------------- in the month's folder


def _file_form(
    context: RunContext,
    dropped: DroppedFile,
    reading: PlanReading | InterviewReading,
    mark: str,
    *,
    note: str,
    keep: Callable[[Transaction], object],
) -> None:
    """The filled form into the month's folder instead of the empty one, and its state into the ledger."""
    names = _names(context, dropped, reading)
    instead_of = [name for other, name in names.items() if other != mark]
    report = dropped.report_as(Status.ACCEPTED, note)
    file_away(context, dropped, report, names[mark], instead_of=instead_of, change=keep)


def _take_away(context: RunContext, dropped: DroppedFile, reading: PlanReading) -> None:
    """A plan that goes back lies in the month's folder no more; an empty form does again."""
    folder, names = month_folder(*dropped.month), _names(context, dropped, reading)
    outbox = open_outbox(context, safe_file_name(dropped.month[0]))
    filed = [f"{folder}/{name}" for mark, name in names.items() if mark]
    outbox.drop(filed, or_like=dropped.copy.path.read_bytes())
    outbox.place(folder, _empty_form(context, dropped, names[""]))
    with context.ledger.writing() as transaction:
        note_placed(transaction, outbox)


def _empty_form(context: RunContext, dropped: DroppedFile, name: str) -> dict[str, bytes]:
    """As it was published; nothing where the month cannot be made again."""
    with context.ledger.reading() as transaction:
        in_force = transaction.months.current(*dropped.month)
        if in_force is None:
            return {}
        try:
            recorded = context.as_recorded(in_force[1], transaction)
        except PastSetupError:
            return {}
        documents = papers_as_published(recorded, transaction, *in_force)
    return {name: documents[name]} if name in documents else {}


def _names(
    context: RunContext, dropped: DroppedFile, reading: PlanReading | InterviewReading
) -> dict[str, str]:
    """What the form is called in the month's folder, by its mark; the empty one has none."""
    assert reading.staff is not None
    with context.ledger.reading() as transaction:
        plan = transaction.plans.get(*dropped.month, reading.staff)
    assert plan is not None
    sheet = PLAN_SHEET if isinstance(reading, PlanReading) else INTERVIEW_SHEET
    return {mark: paper_name(plan.staff, plan.name, sheet, mark) for mark in ("", *MARKS.values())}


# -------------------------------------------------------------------------------------------- appeals


def take_appeal(context: RunContext, dropped: DroppedFile) -> None:
    """Hold the appeal against the ledger, enter it, and file it in the place of its form."""
    reading = dropped.paper
    assert isinstance(reading, AppealReading)
    with context.ledger.reading() as transaction:
        issued = issued_revision(transaction, reading.group, reading.period, reading.revision)
        former = _former(reading, issued, transaction)
        record = _on_record(context, reading, issued, former, transaction)
    sha256, today, holidays = dropped.copy.sha256, context.today, context.setup.settings.extra_holidays
    if former is not None and former.sha256 == sha256 and former.state is not AppealState.RETURNED:
        reply_unchanged(context, dropped)
        return
    about = check_appeal(reading, record, surroundings(context, dropped))
    dropped.add(*about)
    if has_errors(about) or issued is None or record.appeal_by is None or reading.staff is None:
        give_back(context, dropped)
        return
    is_whole = not dropped.is_faulty
    appeal = Appeal(
        group=issued.month.group,
        period=issued.month.period,
        staff=reading.staff,
        revision=issued.revision.number,
        appeal_by=record.appeal_by,
        state=AppealState.RECEIVED if is_whole else AppealState.RETURNED,
        came_on=today,
        sha256=sha256,
        items=reading.in_words,
        name=issued.name_of(reading.staff) or "",
        complete_on=today if is_whole else None,
        answer_by=working_days_after(today, ANSWER_DAYS, holidays).day if is_whole else None,
    )
    if former is not None:
        appeal = appeal.after(former)
    if is_whole:
        _file_appeal(context, dropped, appeal, issued)
        return
    if former is None or former.state is AppealState.RETURNED:  # it goes back, but when it came counts
        with context.ledger.writing() as transaction:
            transaction.appeals.put(appeal)
    give_back(context, dropped)


def _former(reading: AppealReading, issued: IssuedRevision | None, transaction: Transaction) -> Appeal | None:
    if issued is None or reading.staff is None:
        return None
    revision = issued.revision
    return transaction.appeals.get(revision.group, revision.period, reading.staff, revision.number)


def _on_record(
    context: RunContext,
    reading: AppealReading,
    issued: IssuedRevision | None,
    former: Appeal | None,
    transaction: Transaction,
) -> AppealOnRecord:
    """What the ledger says of it, for `check_appeal`."""
    if issued is None:
        month = (
            transaction.months.get(reading.group, reading.period)
            if reading.group and reading.period
            else None
        )
        return AppealOnRecord(is_withdrawn=month is not None and month.state is MonthState.WITHDRAWN)
    if reading.staff is None or issued.name_of(reading.staff) is None:
        return AppealOnRecord()
    return AppealOnRecord(
        appeal_by=appeal_by(context, issued.revision, transaction),
        revision=issued.revision.number,
        current=issued.month.revision,
        came_on=former.came_on if former else None,
        came_whole_on=former.complete_on if former else None,
        answered_on=former.decided_on if former else None,
    )


def appeal_by(context: RunContext, revision: Revision, transaction: Transaction) -> date:
    """The last day for an appeal against it, the day that the slips name: by the settings with which they were made."""
    try:
        settings = context.as_recorded(revision, transaction).setup.settings
    except PastSetupError:  # its documents are gone: today's are the nearest
        settings = context.setup.settings
    return appeals_by(revision.issued, settings)


def _file_appeal(context: RunContext, dropped: DroppedFile, appeal: Appeal, issued: IssuedRevision) -> None:
    """The filled form into the month's folder instead of the empty one; against a former revision beside it."""
    assert appeal.answer_by is not None
    note = f"申诉已登记，{full_date(appeal.answer_by)}前书面答复。"
    file_away(
        context,
        dropped,
        dropped.report_as(Status.ACCEPTED, note, revision=appeal.revision),
        paper_name(appeal.staff, appeal.name, APPEAL_SHEET, f"{issued.mark}{SUBMITTED}"),
        instead_of=[] if issued.mark else [paper_name(appeal.staff, appeal.name, APPEAL_SHEET)],
        change=lambda transaction: transaction.appeals.put(appeal),
    )


# ------------------------------------------------------------- the issued month that a form is about


@dataclass(frozen=True, slots=True)
class IssuedRevision:
    """The month as it stands, and what was issued."""

    month: GroupMonth
    revision: Revision
    result: GroupResult

    @property
    def mark(self) -> str:
        """What tells its papers from those of the revision in force, in their names."""
        number = self.revision.number
        return "" if number == self.month.revision else f"_第{number}版"

    def name_of(self, staff: str) -> str | None:
        """What the person is called there; None who is not in it."""
        return next((person.name for person in self.result.staff if person.id == staff), None)


def issued_revision(
    transaction: Transaction,
    group: str | None,
    period: Period | None,
    number: int | None,
    *,
    or_withdrawn: bool = False,
) -> IssuedRevision | None:
    """The revision with the number, or the one in force where there is none; None where it was never issued.

    `or_withdrawn`: also of a month that was taken back after its issue, for people sign for having heard of that.
    """
    month = transaction.months.get(group, period) if group and period else None
    if month is None or not (month.is_issued or (or_withdrawn and _was_issued(transaction, month))):
        return None
    number = number or month.revision
    known = transaction.months.revisions(month.group, month.period)
    revision = next((revision for revision in known if revision.number == number), None)
    if revision is None or (month.issued_on is not None and revision.issued < month.issued_on):
        return None
    result = transaction.months.result(month.group, month.period, number)
    assert result is not None
    return IssuedRevision(month, revision, result)


def _was_issued(transaction: Transaction, month: GroupMonth) -> bool:
    acts = transaction.acts.find(group=month.group, period=month.period)
    return month.state is MonthState.WITHDRAWN and any(act.kind is ActKind.ISSUE for act in acts)
