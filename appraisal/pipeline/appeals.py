"""申诉表 that come back: entered with the day by which they are answered, or returned with what they lack."""

from __future__ import annotations

from datetime import date

from appraisal.errors import AppraisalError
from appraisal.findings.finding import has_errors
from appraisal.intake.appeal_form import AppealReading
from appraisal.ledger.appeal_records import Appeal, AppealState
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MonthState, Revision
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.filed_papers import SUBMITTED, file_paper
from appraisal.pipeline.past_setup import FormerSetupError
from appraisal.pipeline.placing import open_outbox
from appraisal.pipeline.reply import give_back, not_placed, reply
from appraisal.pipeline.reports import FileReport, Status
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.appeal import paper_name
from appraisal.scoring.deadlines import ANSWER_DAYS, working_days_after
from appraisal.validation.other_forms import AppealOnRecord, check_appeal
from appraisal.workspace.names import month_folder, safe_file_name


def take_appeal(context: RunContext, dropped: DroppedFile) -> None:
    """Hold the appeal against the ledger, enter it, and file it in the place of its form."""
    reading = dropped.paper
    assert isinstance(reading, AppealReading)
    with context.ledger.reading() as transaction:
        revision = _revision_meant(reading, transaction)
        former = _former(reading, revision, transaction)
        record = _on_record(context, reading, revision, former, transaction)
    sha256, today = dropped.claimed.sha256, context.today
    if former is not None and former.sha256 == sha256 and former.state is not AppealState.RETURNED:
        reply(context, dropped, FileReport(dropped.name, Status.UNCHANGED, reading.group, reading.period))
        return
    about = check_appeal(
        reading, record, roster=context.setup.roster, folder_group=dropped.folder_group, today=today
    )
    dropped.add(*about)
    if has_errors(about) or revision is None or record.appeal_by is None or reading.staff is None:
        give_back(context, dropped)
        return
    is_whole = not dropped.is_faulty
    items = {one.item: one.grounds for one in reading.items}
    if former is not None and former.complete_on is not None:
        items = {
            **former.items,
            **items,
        }  # whoever drops a second form takes nothing back that was objected to
    appeal = Appeal(
        group=revision.group,
        period=revision.period,
        staff=reading.staff,
        revision=revision.number,
        appeal_by=record.appeal_by,
        state=AppealState.RECEIVED if is_whole else AppealState.RETURNED,
        came_on=today,
        sha256=sha256,
        items=items,
        complete_on=today if is_whole else None,
        answer_by=_answer_by(context, today) if is_whole else None,
    )
    if is_whole:
        _file(context, dropped, appeal, former, is_current=revision.number == record.current)
    else:  # that it came, and when, counts although it goes back
        if former is None or former.state is AppealState.RETURNED:
            with context.ledger.writing() as transaction:
                transaction.appeals.put(appeal)
        give_back(context, dropped)


def _answer_by(context: RunContext, day: date) -> date:
    return working_days_after(day, ANSWER_DAYS, context.setup.settings.extra_holidays).day


def _revision_meant(reading: AppealReading, transaction: Transaction) -> Revision | None:
    """The revision that the form was handed out with; the current one where the form no longer says."""
    if reading.group is None or reading.period is None:
        return None
    if reading.revision is None:
        current = transaction.months.current(reading.group, reading.period)
        return current[1] if current else None
    known = transaction.months.revisions(reading.group, reading.period)
    return next((one for one in known if one.number == reading.revision), None)


def _former(reading: AppealReading, revision: Revision | None, transaction: Transaction) -> Appeal | None:
    if revision is None or reading.staff is None:
        return None
    return transaction.appeals.get(revision.group, revision.period, reading.staff, revision.number)


def _on_record(
    context: RunContext,
    reading: AppealReading,
    revision: Revision | None,
    former: Appeal | None,
    transaction: Transaction,
) -> AppealOnRecord:
    """What the ledger says of it, for `check_appeal`."""
    month = None
    if reading.group is not None and reading.period is not None:
        month = transaction.months.get(reading.group, reading.period)
    if month is not None and month.state is MonthState.WITHDRAWN:
        return AppealOnRecord(is_withdrawn=True)
    if month is None or revision is None or month.issued_on is None or revision.issued < month.issued_on:
        return AppealOnRecord()
    result = transaction.months.result(revision.group, revision.period, revision.number)
    if result is None or reading.staff not in {one.id for one in result.staff}:
        return AppealOnRecord()
    return AppealOnRecord(
        appeal_by=_appeal_by(context, revision, transaction),
        revision=revision.number,
        current=month.revision,
        came_on=former.came_on if former else None,
        came_whole_on=former.complete_on if former else None,
        answered_on=former.decided_on if former else None,
    )


def _appeal_by(context: RunContext, revision: Revision, transaction: Transaction) -> date:
    """The day that the slips name: by the settings with which they were made."""
    try:
        settings = context.as_recorded(revision, transaction).setup.settings
    except (FormerSetupError, AppraisalError):  # its documents are gone: today's are the nearest
        settings = context.setup.settings
    return working_days_after(revision.issued, settings.appeal_days, settings.extra_holidays).day


def _file(
    context: RunContext, dropped: DroppedFile, appeal: Appeal, former: Appeal | None, *, is_current: bool
) -> None:
    """The filled form into the month's folder instead of the empty one; against a former revision beside it."""
    with context.ledger.reading() as transaction:
        result = transaction.months.result(appeal.group, appeal.period, appeal.revision)
    assert result is not None
    name = result.person(appeal.staff).name
    of_former = "" if is_current else f"_第{appeal.revision}版"
    outbox = open_outbox(context, safe_file_name(appeal.group), claim=dropped.id)
    try:
        path = file_paper(
            outbox,
            month_folder(appeal.group, appeal.period),
            paper_name(appeal.staff, name, f"{of_former}{SUBMITTED}"),
            dropped.claimed.archived.read_bytes(),
            instead_of=[paper_name(appeal.staff, name)] if is_current else [],
        )
    except OSError as error:
        not_placed(context, dropped, error)
        return
    answer_by = (former and former.answer_by) or appeal.answer_by
    assert answer_by is not None
    note = f"申诉已登记，{full_date(answer_by)}前书面答复。"
    report = FileReport(
        dropped.name,
        Status.ACCEPTED,
        appeal.group,
        appeal.period,
        appeal.revision,
        dropped.findings,
        (f"outbox/{path}",),
        note,
    )

    def enter(transaction: Transaction) -> None:
        transaction.appeals.put(appeal)

    reply(context, dropped, report, outbox=outbox, change=enter)
