"""What is wrong with a self-assessment, a plan or HR's sheet that its own cells cannot show.

The roster, the folder, the calendar, and how many points there are to give.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from appraisal.findings import Finding
from appraisal.intake.acts_form import ActsReading, RequestedAct
from appraisal.intake.ordering import in_reading_order
from appraisal.intake.self_form import SelfReading
from appraisal.intake.staff import Roster
from appraisal.scheme.forms import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.forms_acts import ACTED_ON
from appraisal.scheme.forms_self import self_form
from appraisal.scheme.model import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.scheme.spelling import did_you_mean
from appraisal.validation.belonging import Named, Place, group_findings, person_findings, scheme_findings
from appraisal.validation.rules import breach, rules_of


def check_self(
    reading: SelfReading, *, roster: Roster | None, folder_group: str | None, today: date, rulebook: Rulebook
) -> tuple[Finding, ...]:
    """What is wrong with a person's self-assessment besides, in the order of the sheet.

    Nothing is held against a form of which it could not be read whose it is: the reading has told that.
    """
    group, period, staff, scheme = reading.group, reading.period, reading.staff, reading.scheme
    if group is None or period is None or staff is None or scheme is None:
        return ()
    findings = [
        *_marks(reading, rulebook.in_force(scheme, period)),
        *group_findings(group, _place(reading, GROUP), roster=roster, folder_group=folder_group),
    ]
    if today < period.first_day:
        findings.append(_place(reading, PERIOD).finding("period.future", period=period))
    if roster is not None and group in roster.groups:
        person = Named(staff, reading.name, _place(reading, STAFF_ID), _place(reading, STAFF_NAME))
        findings += scheme_findings(group, scheme, roster=roster, rulebook=rulebook)
        findings += person_findings(person, group=group, period=period, roster=roster)
    return in_reading_order(findings, (reading.sheet,))


def _place(reading: SelfReading, label: str) -> Place:
    return Place(reading.sheet, reading.addresses.get(label))


def _marks(reading: SelfReading, scheme: Scheme | None) -> Iterator[Finding]:
    """Marks outside of what there is to give."""
    form = self_form(scheme) if scheme else None
    for cell in form.marks if form else ():
        value = reading.values[cell.name]
        for rule, holds in rules_of(cell).items():
            if value is not None and not holds(value):
                fault = breach(rule, cell, value)
                yield _place(reading, cell.name).finding(fault.code, **fault.gaps)


def check_acts(reading: ActsReading, *, roster: Roster | None, today: date) -> tuple[Finding, ...]:
    """What is wrong with HR's sheet besides: groups that nobody knows, days that cannot be meant."""
    return tuple(one for act in reading.acts for one in _act(act, roster, today))


def _act(act: RequestedAct, roster: Roster | None, today: date) -> Iterator[Finding]:
    if act.group is not None and roster is not None and act.group not in roster.groups:
        near = did_you_mean(act.group, roster.groups).removeprefix("，")
        gaps = {"group": act.group, "near": near, "known": "、".join(roster.groups)}
        yield Place(act.sheet, act.addresses[GROUP]).finding("act.group_unknown", **gaps)
    day = Place(act.sheet, act.addresses[ACTED_ON])
    if act.on > today:
        yield day.finding("act.in_future", date=act.on)
    elif act.on < act.period.first_day:
        yield day.finding("act.before_month", date=act.on, period=act.period)
