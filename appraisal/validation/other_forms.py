"""What is wrong with every paper but the submission that its own cells cannot show.

The roster, the folder, the calendar, and how many points there are to give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.acknowledgements import AcknowledgedRow, RegisterReading
from appraisal.intake.completeness import evidence_wanted
from appraisal.intake.form import in_reading_order
from appraisal.intake.hr_acts import ActsReading, RequestedAct
from appraisal.intake.person_form import PersonReading
from appraisal.intake.plans_and_appeals import AppealReading, InterviewReading, PlanReading
from appraisal.intake.roster import Roster
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import Fault
from appraisal.period import Period
from appraisal.scheme.forms import acknowledgement as form
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper, AcknowledgementState
from appraisal.scheme.forms.hr_acts import ACT_NAMES, ACTED_ON, ActKind
from appraisal.scheme.forms.personal import APPEAL_BY, HELD_ON, REVIEWED, REVISION, SUBMIT_BY
from appraisal.scheme.forms.self_assessment import self_form
from appraisal.scheme.forms.submission import EVIDENCE, GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.scoring.deadlines import working_days_after
from appraisal.text import did_you_mean
from appraisal.validation.cell_rules import breach, rules_of
from appraisal.validation.context import (
    CellPlace,
    NamedPerson,
    group_findings,
    person_findings,
    scheme_findings,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where and when a form came: the roster, the group whose folder it lay in (None: in none), the day."""

    roster: Roster | None
    folder_group: str | None
    today: date


def check_self(reading: SelfReading, around: Surroundings, *, rulebook: Rulebook) -> tuple[Finding, ...]:
    """What is wrong with a person's self-assessment besides, in the order of the sheet."""
    group, period, scheme = reading.group, reading.period, reading.scheme
    whose = _whose(reading, around)
    if whose is None or group is None or period is None or scheme is None:
        return ()
    findings = [*_marks(reading, rulebook.in_force(scheme, period)), *whose]
    if around.today < period.first_day:
        findings.append(reading.finding("period.future", PERIOD, period=period))
    if around.roster is not None and group in around.roster.groups:
        findings += scheme_findings(group, scheme, roster=around.roster, rulebook=rulebook)
    return in_reading_order(findings, (reading.sheet,))


def _marks(reading: SelfReading, scheme: Scheme | None) -> Iterator[Finding]:
    """Marks outside of what there is to give, and those that want a record and have none."""
    form = self_form(scheme) if scheme else None
    for cell in form.marks if form else ():
        value = reading.values[cell.name]
        for rule, holds in rules_of(cell).items():
            if value is not None and not holds(value):
                yield breach(rule, cell, value).at(reading.sheet, reading.addresses.get(cell.name))
    if form and (gaps := evidence_wanted(form.marks, reading.values, reading.addresses)):
        who = {"id": reading.staff, "name": reading.name or ""}
        yield reading.finding("mark.no_evidence", EVIDENCE, **who, **gaps)


@dataclass(frozen=True, slots=True)
class PlanOnRecord:
    """What the ledger says of a person's plan for a month.

    `due` is None where none is asked for; `submitted_on` is the day on which one came first, `waits_since` that on
    which the one came that waits for the manager, `accepted_on` that on which the manager agreed to it.
    """

    due: date | None = None
    is_issued: bool = False
    submitted_on: date | None = None
    accepted_on: date | None = None
    is_withdrawn: bool = False
    waits_since: date | None = None


def check_plan(reading: PlanReading, record: PlanOnRecord, around: Surroundings) -> tuple[Finding, ...]:
    """What is wrong with a plan besides: who owes it, for which month, and whether it comes in time."""
    return _held_against(reading, around, _owed(reading, record, around.today))


def check_talk(reading: InterviewReading, record: PlanOnRecord, around: Surroundings) -> tuple[Finding, ...]:
    """What is wrong with the record of a talk besides: it goes with a plan that the month asks for."""
    return _held_against(reading, around, _talked(reading, record, around.today))


def _talked(reading: InterviewReading, record: PlanOnRecord, today: date) -> Iterator[Finding]:
    assert reading.period is not None
    if record.is_withdrawn:
        yield reading.finding("talk.withdrawn", PERIOD, **_gaps(reading))
    elif record.due is None:
        yield reading.finding("talk.not_asked", STAFF_ID, **_gaps(reading))
    day, last = reading.held_on, reading.period.last_day
    if day is not None and not last < day <= today:
        gaps = {"date": day, "period": reading.period, "today": today}
        yield reading.finding("talk.day", HELD_ON, **gaps)


@dataclass(frozen=True, slots=True)
class AppealOnRecord:
    """What the ledger says of the revision that a person appeals against, and of a former appeal against it.

    `appeal_by` is None where the person has no issued result of that revision, `current` the revision in force.
    """

    appeal_by: date | None = None
    revision: int | None = None
    current: int | None = None
    came_on: date | None = None
    came_whole_on: date | None = None
    answered_on: date | None = None
    is_withdrawn: bool = False


def check_appeal(reading: AppealReading, record: AppealOnRecord, around: Surroundings) -> tuple[Finding, ...]:
    """What is wrong with an appeal besides: there is a result to object to, and no answer yet. Late is told."""
    return _held_against(reading, around, _appealed(reading, record, around.today))


def _appealed(reading: AppealReading, record: AppealOnRecord, today: date) -> Iterator[Finding]:
    gaps = _gaps(reading)
    if record.is_withdrawn:
        yield reading.finding("appeal.withdrawn", PERIOD, **gaps)
    elif record.appeal_by is None:
        yield reading.finding("appeal.not_issued", STAFF_ID, **gaps)
    elif record.answered_on is not None:
        answered = {"revision": record.revision, "date": record.answered_on, **gaps}
        yield reading.finding("appeal.answered_before", REVISION, **answered)
    else:
        if record.came_whole_on is not None:
            yield reading.finding("appeal.replaces", STAFF_ID, date=record.came_whole_on, **gaps)
        if record.revision != record.current:
            versions = {"revision": record.revision, "current": record.current}
            yield reading.finding("appeal.former_revision", REVISION, **versions)
        came = record.came_on or today
        if came > record.appeal_by:
            yield reading.finding("appeal.late", APPEAL_BY, by=record.appeal_by, came=came)


def _held_against(
    reading: PersonReading, around: Surroundings, the_record: Iterator[Finding]
) -> tuple[Finding, ...]:
    """Whose form it is, and only if that is in order what speaks against it by the record."""
    whose = _whose(reading, around)
    return () if whose is None else in_reading_order(whose or the_record, (reading.sheet,))


def _whose(reading: PersonReading, around: Surroundings) -> list[Finding] | None:
    """What speaks against the group or the person; None where it could not be read whose form it is, which is told."""
    group, period, staff = reading.group, reading.period, reading.staff
    if group is None or period is None or staff is None:
        return None
    roster, place = around.roster, _place(reading, GROUP)
    findings = [*group_findings(group, place, roster=roster, folder_group=around.folder_group)]
    if roster is not None and group in roster.groups:
        person = NamedPerson(staff, reading.name, _place(reading, STAFF_ID), _place(reading, STAFF_NAME))
        findings += person_findings(person, group=group, period=period, roster=roster)
    return findings


def _place(reading: PersonReading, label: str) -> CellPlace:
    return CellPlace(reading.sheet, reading.addresses.get(label))


def _gaps(reading: PersonReading) -> dict[str, object]:
    return {
        "group": reading.group,
        "period": reading.period,
        "id": reading.staff,
        "name": reading.name or "",
    }


def _owed(reading: PlanReading, record: PlanOnRecord, today: date) -> Iterator[Finding]:
    gaps = _gaps(reading)
    if record.is_withdrawn:
        yield reading.finding("plan.withdrawn", PERIOD, **gaps)
    elif record.due is None:
        yield reading.finding("plan.not_asked", STAFF_ID, **gaps)
    elif record.accepted_on is not None and not reading.is_agreed:
        yield reading.finding("plan.accepted_before", REVIEWED, date=record.accepted_on)
    elif kept_on := record.accepted_on or record.waits_since:
        if reading.is_mistaken:
            yield reading.finding("plan.stands", STAFF_ID, date=kept_on, **gaps)
    elif record.is_issued and record.due < today and record.submitted_on is None:
        days = (today - record.due).days
        yield reading.finding("plan.late", SUBMIT_BY, due=record.due, today=today, days=days)


def check_acts(
    reading: ActsReading, *, roster: Roster | None, today: date, extra_holidays: Collection[date] = ()
) -> tuple[Finding, ...]:
    """What is wrong with HR's sheet besides: groups that nobody knows, days that cannot be meant."""
    return tuple(problem for act in reading.acts for problem in _act(act, roster, today, extra_holidays))


def _act(
    asked: RequestedAct, roster: Roster | None, today: date, extra_holidays: Collection[date]
) -> Iterator[Finding]:
    act = asked.act
    if act.group is not None and roster is not None and act.group not in roster.groups:
        near = did_you_mean(act.group, roster.groups).removeprefix("，")
        gaps = {"group": act.group, "near": near, "known": "、".join(roster.groups)}
        yield CellPlace(asked.sheet, asked.addresses[GROUP]).finding("act.group_unknown", **gaps)
    wrong = None if act.is_forced else wrong_day(act.kind, act.period, act.on, today, extra_holidays)
    if wrong is not None:
        yield CellPlace(asked.sheet, asked.addresses[ACTED_ON]).finding(wrong.code, **wrong.gaps)


def wrong_day(
    kind: ActKind, period: Period, on: date, today: date, extra_holidays: Collection[date]
) -> Fault | None:
    """What speaks against the day, whoever asks for the act and by which way; None where nothing does.

    A notice is often dated the day on which it will hang out, but never more than a working week ahead; and a month
    is issued or closed when it is over.
    """
    if on < period.first_day:
        return Fault("act.before_month", {"date": on, "period": period})
    if on <= period.last_day and kind in _AFTER_THE_MONTH:
        return Fault("act.month_not_over", {"date": on, "last": period.last_day, "act": ACT_NAMES[kind]})
    if is_too_far(on, today, extra_holidays):
        return Fault("act.in_future", {"date": on, "days": A_WORKING_WEEK})
    return None


def is_too_far(day: date, today: date, extra_holidays: Collection[date]) -> bool:
    """Whether the day is more than a working week ahead."""
    return day > working_days_after(today, A_WORKING_WEEK, extra_holidays).day


A_WORKING_WEEK = 5

_AFTER_THE_MONTH = frozenset({ActKind.ISSUE, ActKind.REISSUE, ActKind.CLOSE})


@dataclass(frozen=True, slots=True)
class PapersOnRecord:
    """The revision that the register is about: its day of issue and people; what is entered of their papers already.

    `issued_on` is None where no such revision was issued.
    """

    issued_on: date | None = None
    staff: Collection[str] = ()
    states: Mapping[tuple[str, AcknowledgedPaper], AcknowledgementState] = field(default_factory=dict)


def check_register(
    reading: RegisterReading, record: PapersOnRecord, around: Surroundings
) -> tuple[Finding, ...]:
    """All of it; nothing of a register of which it could not be read which month it is about."""
    if reading.group is None or reading.period is None:
        return ()
    place = CellPlace(reading.sheet, None)
    findings = [*group_findings(reading.group, place, roster=around.roster, folder_group=around.folder_group)]
    if not findings and record.issued_on is None:
        findings.append(place.finding("ack.not_issued", group=reading.group, period=reading.period))
    elif not findings:
        findings = [problem for row in reading.rows for problem in _row(row, reading, record, around.today)]
    return in_reading_order(findings, (reading.sheet,))


def _row(
    row: AcknowledgedRow, reading: RegisterReading, record: PapersOnRecord, today: date
) -> Iterator[Finding]:
    assert record.issued_on is not None
    if row.staff not in record.staff:
        cell = row.addresses[STAFF_ID]
        yield finding("ack.stranger", sheet=reading.sheet, cell=cell, id=row.staff, period=reading.period)
        return
    for name, day in ((form.DELIVERED_ON, row.delivered_on), (form.SIGNED_ON, row.on)):
        if day is not None and not record.issued_on <= day <= today:
            gaps = {"name": name, "date": day, "issued": record.issued_on, "today": today}
            yield finding("ack.day", sheet=reading.sheet, cell=row.addresses[name], **gaps)
    before = record.states.get((row.staff, row.paper))
    if before not in {None, row.state, AcknowledgementState.DELIVERED}:
        gaps = {
            "id": row.staff,
            "paper": form.PAPER_NAMES[row.paper],
            "before": form.RESULT_NAMES[before],
            "now": form.RESULT_NAMES[row.state],
        }
        yield finding("ack.changed", sheet=reading.sheet, cell=row.addresses[form.RESULT], **gaps)
