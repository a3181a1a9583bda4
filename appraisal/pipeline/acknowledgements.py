"""签收登记 and scans of signed papers of a month that HR has issued: entered person by person, and filed in its folder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from appraisal.findings.finding import finding
from appraisal.intake.acknowledgements import RegisterReading, ScanReading
from appraisal.intake.submission_reader import group_in_name, period_in_name
from appraisal.ledger.delivery_records import Acknowledgement
from appraisal.ledger.ledger import Transaction
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.placing import surroundings
from appraisal.pipeline.plans_and_appeals import IssuedRevision, issued_revision
from appraisal.pipeline.reply import file_away, give_back, reply, reply_unchanged
from appraisal.pipeline.reports import FileReport, Status
from appraisal.scheme.forms.acknowledgement import FOLDER, LETTERS, OF_LETTERS, REGISTER, RESULT_NAMES
from appraisal.validation.other_forms import PapersOnRecord, check_register
from appraisal.workspace.names import HR_FOLDER, RETURNED, returned_folder, safe_file_name

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
    if any(acknowledgement.sha256 == dropped.copy.sha256 for acknowledgement in known):
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
    entries = _entries(issued, reading, dropped.copy.sha256, context.today)

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
    sha256 = dropped.copy.sha256
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
