"""申诉表 that come back: entered with the day by which they are answered, or returned with what they lack."""

from __future__ import annotations

from datetime import date

from appraisal.errors import AppraisalError
from appraisal.findings.finding import has_errors
from appraisal.intake.appeal_form import AppealReading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, AppealState, MonthState, Revision
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.filed_papers import SUBMITTED, IssuedRevision, issued_revision, surroundings
from appraisal.pipeline.reply import file_away, give_back, reply_unchanged
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.setup import FormerSetupError
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.appeal import paper_name
from appraisal.scoring.deadlines import ANSWER_DAYS, working_days_after
from appraisal.validation.other_forms import AppealOnRecord, check_appeal


def take_appeal(context: RunContext, dropped: DroppedFile) -> None:
    """Hold the appeal against the ledger, enter it, and file it in the place of its form."""
    reading = dropped.paper
    assert isinstance(reading, AppealReading)
    with context.ledger.reading() as transaction:
        issued = issued_revision(transaction, reading.group, reading.period, reading.revision)
        former = _former(reading, issued, transaction)
        record = _on_record(context, reading, issued, former, transaction)
    sha256, today = dropped.claimed.sha256, context.today
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
        answer_by=_answer_by(context, today) if is_whole else None,
    )
    if former is not None:
        appeal = appeal.after(former)
    if is_whole:
        _file(context, dropped, appeal, issued)
        return
    if former is None or former.state is AppealState.RETURNED:  # it goes back, but when it came counts
        with context.ledger.writing() as transaction:
            transaction.appeals.put(appeal)
    give_back(context, dropped)


def _answer_by(context: RunContext, day: date) -> date:
    return working_days_after(day, ANSWER_DAYS, context.setup.settings.extra_holidays).day


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
    except (FormerSetupError, AppraisalError):  # its documents are gone: today's are the nearest
        settings = context.setup.settings
    return working_days_after(revision.issued, settings.appeal_days, settings.extra_holidays).day


def _file(context: RunContext, dropped: DroppedFile, appeal: Appeal, issued: IssuedRevision) -> None:
    """The filled form into the month's folder instead of the empty one; against a former revision beside it."""
    assert appeal.answer_by is not None
    note = f"申诉已登记，{full_date(appeal.answer_by)}前书面答复。"
    about = (appeal.group, appeal.period, appeal.revision, dropped.findings)
    report = FileReport(dropped.name, Status.ACCEPTED, *about, note=note)
    file_away(
        context,
        dropped,
        report,
        paper_name(appeal.staff, appeal.name, f"{issued.mark}{SUBMITTED}"),
        instead_of=[] if issued.mark else [paper_name(appeal.staff, appeal.name)],
        change=lambda transaction: transaction.appeals.put(appeal),
    )
