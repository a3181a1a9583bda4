"""Exports of shop software into the blank workbook of a group and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from appraisal.findings.finding import finding, has_errors
from appraisal.intake.exports.merging import merge_rows
from appraisal.intake.exports.origin import Origin
from appraisal.intake.exports.rows import ExportReading, read_export
from appraisal.intake.exports.table import Chosen, fields_of
from appraisal.intake.roster import StaffMember
from appraisal.period import Period
from appraisal.pipeline.blanks import BlankError, blank_for, scheme_in_force
from appraisal.pipeline.reading import finding_of
from appraisal.pipeline.reports import FileReport, PassReport, Status
from appraisal.pipeline.setup import Setup
from appraisal.processes.sandbox import Sandbox, Stopped
from appraisal.publish.blank.workbook import NOTHING_KNOWN, Known, Label
from appraisal.scheme.forms.cells import Need, Role
from appraisal.scheme.forms.self_assessment import with_separate_self_forms
from appraisal.scheme.forms.submission import (
    EXPORTED_ON,
    MANAGER,
    SOURCE_SOFTWARE,
    SubmissionForm,
    submission_form,
)
from appraisal.text import did_you_mean
from appraisal.workspace.files import write_new
from appraisal.workspace.settings import SelfFormPolicy


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of each export, and Chinese sentences about the workbook that was filled."""

    report: PassReport
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WantedBlank:
    """Of which group and month. A field in `chosen` is taken from the column named there.

    `carried` is what the month before gives (店长, targets), where the exports do not tell it.
    """

    group: str
    period: Period
    chosen: Chosen
    carried: Known = NOTHING_KNOWN


def import_into_blank(
    exports: Sequence[Path], setup: Setup, wanted: WantedBlank, *, today: date, out: Path
) -> Imported:
    """Fills the group's blank with the figures of all exports, and writes it into `out`.

    Nothing that stands there is overwritten, and nothing is written where anything is wrong.
    BlankError for a group or month without a blank, a choice that fits no field or no column.
    """
    roster, carried, chosen = setup.roster, wanted.carried, wanted.chosen
    group, period = wanted.group, wanted.period
    if roster is None:
        raise BlankError("导入要按账号找人，请先在工作区里放入花名册 roster.xlsx（带“账号”列）。")
    scheme_id = roster.scheme_of(group)
    if scheme_id is None:
        near = did_you_mean(group, roster.groups) or "。"
        raise BlankError(f"花名册里没有考核组“{group}”{near}现有：{'、'.join(roster.groups)}。")
    form = submission_form(scheme_in_force(scheme_id, setup, period))
    if setup.settings.self_forms is SelfFormPolicy.REQUIRED:
        form = with_separate_self_forms(form)
    _fields_must_be_known(chosen, form)
    readings = [_not_made_later(reading, today) for reading in _read(exports, form, period, chosen)]
    _columns_must_be_there(chosen, readings)
    rows = [row for reading in readings for row in reading.rows]
    figures = merge_rows(rows, fields_of(form), roster, group, period)
    wrong = has_errors(
        [*figures.findings, *(problem for reading in readings for problem in reading.findings)]
    )
    placed = {
        staff: {**carried.cells.get(staff, {}), **own} for staff, own in figures.by_staff.items() if own
    }
    target: Path | None = None
    beside: tuple[str, ...] = ()
    labels = _labels(carried, _origin(exports, readings, today))
    if not wrong:
        known = Known({**carried.cells, **placed}, labels)
        blank = blank_for(scheme_id, setup, group=group, period=period, known=known)
        out.mkdir(parents=True, exist_ok=True)
        target = write_new(out / blank.name, blank.content)
        if target.name != blank.name:
            beside = (f"“{blank.name}”已经在那里，没有覆盖，新的另存为“{target.name}”。",)
    reports = [
        _report(path, reading, group, period, target) for path, reading in zip(exports, readings, strict=True)
    ]
    if figures.findings:
        status = Status.RETURNED if has_errors(figures.findings) else Status.ACCEPTED
        reports.append(FileReport("各份合并", status, group, period, findings=tuple(figures.findings)))
    if target is None:
        return Imported(PassReport(reports), ("没有生成上报表：请按上面的说明改好后再导入。",))
    sentences = _what_is_left(target, form, placed, labels, roster.members_of(group, period))
    return Imported(PassReport(reports), (*beside, *sentences))


def _labels(carried: Known, origin: Origin) -> dict[str, Label]:
    """What stands above the tables: what was carried over, with where the figures come from."""
    labels: dict[str, Label] = dict(carried.labels)
    if origin.made_on:
        labels[EXPORTED_ON] = origin.made_on
    if origin.software:
        labels[SOURCE_SOFTWARE] = origin.software
    return labels


def _fields_must_be_known(chosen: Chosen, form: SubmissionForm) -> None:
    fields = [cell.name for cell in fields_of(form)]
    for name in chosen:
        if name not in fields:
            near = did_you_mean(name, fields) or "。"
            raise BlankError(f"方案里没有要导入的数据“{name}”{near}可选：{'、'.join(fields)}。")


def _columns_must_be_there(chosen: Chosen, readings: Sequence[ExportReading]) -> None:
    taken = {(column.cell.name, column.is_chosen) for reading in readings for column in reading.columns}
    for name, header in chosen.items():
        if (name, True) not in taken:
            raise BlankError(f"导出文件里没有列“{header}”，请核对 --column {name}={header}。")


def _not_made_later(reading: ExportReading, today: date) -> ExportReading:
    """The reading, with a finding where the export says that it was made on a day that is yet to come."""
    made_on = reading.origin.made_on
    if made_on is None or made_on <= today:
        return reading
    problem = finding("export.made_later", made_on=made_on, today=today)
    return replace(reading, findings=(*reading.findings, problem))


def _origin(exports: Sequence[Path], readings: Sequence[ExportReading], today: date) -> Origin:
    """The software, where all that name one name the same; the earliest day of that software's exports.

    An export without a date of its own is as old as its file, but not of after `today`.
    """
    softwares = {reading.origin.software for reading in readings} - {None}
    days = [
        reading.origin.made_on or min(datetime.fromtimestamp(path.stat().st_mtime).astimezone().date(), today)
        for path, reading in zip(exports, readings, strict=True)
        if reading.rows and (reading.origin.software or not softwares)
    ]
    return Origin(softwares.pop() if len(softwares) == 1 else None, min(days, default=None))


def _read(
    exports: Sequence[Path], form: SubmissionForm, period: Period, chosen: Chosen
) -> list[ExportReading]:
    """Each export in a process of its own: the files are foreign."""
    for path in exports:
        if not path.is_file():
            raise BlankError(f"没有找到导出文件“{path}”，请核对文件名和文件夹。")
    readings = []
    with Sandbox() as sandbox:
        futures = [sandbox.submit(read_export, path, form, period, chosen) for path in exports]
        for path, future in zip(exports, futures, strict=True):
            try:
                readings.append(future.result())
            except Stopped as stopped:
                problem = finding_of(stopped) or finding("submission.failed", reference=path.name)
                readings.append(ExportReading((), (problem,)))
    return readings


def _report(
    path: Path, reading: ExportReading, group: str, period: Period, target: Path | None
) -> FileReport:
    status = Status.RETURNED if has_errors(reading.findings) else Status.ACCEPTED
    outputs = () if target is None else (str(target),)
    return FileReport(path.name, status, group, period, findings=reading.findings, outputs=outputs)


def _what_is_left(
    target: Path,
    form: SubmissionForm,
    placed: Mapping[str, Mapping[str, object]],
    known: Mapping[str, Label],
    members: Sequence[StaffMember],
) -> tuple[str, ...]:
    """The workbook, how much is in it, and what the manager still has to fill."""
    count = sum(len(cells) for cells in placed.values())
    sentences = [f"上报表：{target}", f"已填入 {len(placed)} 人、{count} 格。"]
    absent = [f"{member.name}（{member.id}）" for member in members if not placed.get(member.id)]
    if absent:
        sentences.append(f"没有数据的人员：{'、'.join(absent)}。")
    for cell in fields_of(form):
        blank = [
            member.name for member in members if placed.get(member.id) and cell.name not in placed[member.id]
        ]
        if cell.need is Need.WITH_DATA and blank:
            everybody = len(blank) == sum(bool(placed.get(member.id)) for member in members)
            sentences.append(f"还要填“{cell.name}”：{'全部人员' if everybody else '、'.join(blank)}。")
    if known:
        sentences.append(f"已填{'、'.join(f'“{name}”{value}' for name, value in known.items())}，请核对。")
    superior = next(cell.title for cell in form.main.labels if cell.name == MANAGER)
    labels = [
        cell.title
        for cell in form.main.labels
        if cell.need is Need.ALWAYS and not cell.prefilled and cell.name not in known
    ]
    reviews = [
        sheet.name
        for sheet in form.sheets
        if sheet.role is Role.REVIEW and any(cell.need is Need.IF_REVIEWED for cell in sheet.columns)
    ]
    sentences.append(
        f"请{superior}填写{'、'.join(labels)}，以及{'、'.join(f'“{name}”' for name in reviews)}，再放入收件夹。"
    )
    return tuple(sentences)
