"""申诉表, 签收登记 and scans of signed papers: what people hand in about a month that HR has issued.

An appeal is entered with the day by which it is answered, or returned with what it lacks; what was signed is entered
person by person. All of it is filed in the folder of the month.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from appraisal.findings.finding import finding, has_errors
from appraisal.intake.acknowledgements import RegisterReading, ScanReading
from appraisal.intake.plans_and_appeals import AppealReading
from appraisal.intake.read_any import group_in_name, period_in_name
from appraisal.ledger.delivery_records import Acknowledgement
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, AppealState, GroupMonth, MonthState, Revision
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import SUBMITTED, surroundings
from appraisal.pipeline.reply import file_away, give_back, reply, reply_unchanged
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.setup import PastSetupError
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.acknowledgement import FOLDER, LETTERS, OF_LETTERS, REGISTER, RESULT_NAMES
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.personal import APPEAL_SHEET, paper_name
from appraisal.scoring.deadlines import ANSWER_DAYS, appeals_by, working_days_after
from appraisal.scoring.results import GroupResult
from appraisal.validation.other_forms import AppealOnRecord, PapersOnRecord, check_appeal, check_register
from appraisal.workspace.names import HR_FOLDER, RETURNED, returned_folder, safe_file_name

# -------------------------------------------------------------------------------------------- appeals


def take_appeal(context: RunContext, dropped: DroppedFile) -> None:
    """Hold the appeal against the ledger, enter it, and file it in the place of its form."""
    reading = dropped.paper
    assert isinstance(reading, AppealReading)
    with context.ledger.reading() as transaction:
        issued = issued_revision(transaction, reading.group, reading.period, reading.revision)
        former = _former(reading, issued, transaction)
        record = _on_record(context, reading, issued, former, transaction)
    sha256, today, holidays = dropped.claimed.sha256, context.today, context.setup.settings.extra_holidays
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
        _file(context, dropped, appeal, issued)
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


def _file(context: RunContext, dropped: DroppedFile, appeal: Appeal, issued: IssuedRevision) -> None:
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


# ------------------------------------------------------------------------------------ acknowledgements

_ENTERED = "_已登记"


def take_register(context: RunContext, dropped: DroppedFile) -> None:
    """Enter what the register says, and file it in the place of its form: the next entries go on in this one."""
    reading = dropped.paper
    assert isinstance(reading, RegisterReading)
    with context.ledger.reading() as transaction:
        issued = issued_revision(
            transaction, reading.group, reading.period, reading.revision, or_withdrawn=True
        )
        month = issued.month if issued else None
        known = transaction.acknowledgements.of_month(month.group, month.period) if month else ()
    if any(acknowledgement.sha256 == dropped.claimed.sha256 for acknowledgement in known):
        reply_unchanged(context, dropped)
        return
    record = PapersOnRecord()
    if issued is not None:
        states = {
            (acknowledgement.staff, acknowledgement.paper): acknowledgement.state
            for acknowledgement in known
            if acknowledgement.revision == issued.revision.number
        }
        record = PapersOnRecord(issued.revision.issued, {person.id for person in issued.result.staff}, states)
    dropped.add(*check_register(reading, record, surroundings(context, dropped)))
    if dropped.is_faulty or issued is None:
        give_back(context, dropped)
        return
    entries = _entries(issued, reading, dropped.claimed.sha256, context.today)

    def enter(transaction: Transaction) -> None:
        for entry in entries:
            transaction.acknowledgements.put(entry)

    is_of_letters = all(entry.paper in LETTERS for entry in entries)
    register = f"{FOLDER}/{OF_LETTERS if is_of_letters else ''}{REGISTER}"
    report = dropped.report_as(Status.ACCEPTED, _told(entries), revision=issued.revision.number)
    empty = () if issued.mark else (f"{register}.xlsx",)
    name = f"{register}{issued.mark}{_ENTERED}.xlsx"
    file_away(context, dropped, report, name, instead_of=empty, change=enter)


def _entries(
    issued: IssuedRevision, reading: RegisterReading, sha256: str, today: date
) -> list[Acknowledgement]:
    """The register's rows as the ledger keeps them."""
    return [
        Acknowledgement(
            group=issued.month.group,
            period=issued.month.period,
            revision=issued.revision.number,
            staff=row.staff,
            paper=row.paper,
            state=row.state,
            channel=row.channel,
            delivered_on=row.delivered_on,
            on=row.on,
            witness=row.witness,
            remark=row.remark,
            entered_on=today,
            sha256=sha256,
        )
        for row in reading.rows
    ]


def _told(entries: Sequence[Acknowledgement]) -> str:
    """`签收已登记：已签收5份，拒签1份。`"""
    counts = ((name, sum(entry.state is state for entry in entries)) for state, name in RESULT_NAMES.items())
    return f"签收已登记：{'；'.join(f'{name}{count}份' for name, count in counts if count)}。"


def take_scan(context: RunContext, dropped: DroppedFile) -> None:
    """Keep HR's scan as proof, in the folder of the month that its name speaks of."""
    reading = dropped.paper
    assert isinstance(reading, ScanReading)
    if not dropped.is_from_hr:
        dropped.add(finding("scan.not_from_hr"))
        give_back(context, dropped, RETURNED)
        return
    file, period = PurePath(reading.file).name, period_in_name(reading.file)
    with context.ledger.reading() as transaction:
        groups = [month.group for month in transaction.months.of_period(period)] if period else []
        group = group_in_name(file, groups)
        issued = issued_revision(transaction, group, period, None, or_withdrawn=True)
        known = transaction.acknowledgements.scans_of(group, period) if group and period else {}
    if issued is None or group is None or period is None:
        dropped.add(finding("scan.unclear", file=file))
        give_back(context, dropped, returned_folder(HR_FOLDER))
        return
    sha256 = dropped.claimed.sha256
    if sha256 in known:
        reply(context, dropped, FileReport(dropped.name, Status.UNCHANGED, group, period))
        return
    path = PurePath(file)
    stem = f"{path.stem}_{sha256[:8]}" if file in known.values() else path.stem
    name = safe_file_name(stem, path.suffix.lower())
    report = FileReport(dropped.name, Status.ACCEPTED, group, period, note="扫描件已存档。")

    def enter(transaction: Transaction) -> None:
        transaction.acknowledgements.keep_scan(group, period, name, sha256, context.today)

    file_away(context, dropped, report, f"{FOLDER}/{name}", instead_of=(), change=enter)


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
