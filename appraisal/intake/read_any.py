"""Which reader reads a dropped file: told by what is in it; the name of a scan must say, too, that it is one."""

from __future__ import annotations

from appraisal.intake.acknowledgements import RegisterReading, ScanReading, is_scan, read_register
from appraisal.intake.form import kind_of, meta_of, own_page, own_workbook
from appraisal.intake.hr_acts import ActsReading, read_acts
from appraisal.intake.plans_and_appeals import (
    AppealReading,
    InterviewReading,
    PlanReading,
    read_appeal,
    read_interview,
    read_plan,
)
from appraisal.intake.roster import Roster
from appraisal.intake.roster_file import ROSTER_FORM, RosterReading, read_dropped_roster
from appraisal.intake.self_assessment import SelfReading, read_self
from appraisal.intake.submission import Reading
from appraisal.intake.submission_reader import read_submission
from appraisal.scheme.forms import acknowledgement, hr_acts, personal, self_assessment
from appraisal.scheme.rulebook import Rulebook
from appraisal.xlsx.reader import read_workbook

Paper = (
    Reading
    | SelfReading
    | PlanReading
    | InterviewReading
    | AppealReading
    | ActsReading
    | RosterReading
    | RegisterReading
    | ScanReading
)
"""What became of one dropped file: a 上报表 (or none of our forms), 自评表, 整改方案, 面谈记录, 申诉表, 人事办理单, 花名册,
签收登记 or a scan."""


def read_paper(data: bytes, *, file: str, sha256: str, rulebook: Rulebook, roster: Roster | None) -> Paper:
    """The reading of dropped bytes; `file` and `sha256` are their name and hash. Raises nothing.

    Run it in the sandbox: it opens a dropped file.
    """
    if is_scan(data, file):
        return ScanReading(file)
    raw = read_workbook(data)
    if isinstance(raw, tuple):
        page = own_page(data)
        return Reading(raw if page is None else (page,))
    if "kind" not in meta_of(raw) and (own := own_workbook(raw.sheets[0].name)):
        if raw.sheets[0].name == ROSTER_FORM.name:
            return read_dropped_roster(data, rulebook, own)
        return Reading((own,))
    kind = kind_of(raw)
    if kind == hr_acts.META_KIND:
        return read_acts(raw, roster=roster)
    if kind == personal.PLAN:
        return read_plan(raw, rulebook=rulebook, roster=roster)
    if kind == personal.INTERVIEW:
        return read_interview(raw, roster=roster)
    if kind == acknowledgement.ACKNOWLEDGEMENTS:
        return read_register(raw, roster=roster)
    if kind == personal.APPEAL:
        return read_appeal(raw, roster=roster)
    if kind == self_assessment.META_KIND:
        return read_self(raw, rulebook=rulebook, roster=roster)
    return read_submission(raw, file=file, sha256=sha256, rulebook=rulebook, roster=roster)
