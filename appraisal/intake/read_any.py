"""Which of our forms a dropped workbook is, told by its content and never by its name; and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from appraisal.intake.acknowledgements import RegisterReading, ScanReading, is_scan, read_register
from appraisal.intake.appeal_form import AppealReading, read_appeal
from appraisal.intake.form import SUBMISSION, meta_of
from appraisal.intake.hr_acts import ActsReading, read_acts
from appraisal.intake.interview_form import InterviewReading, read_interview
from appraisal.intake.layout import HEADER_WITHIN, read_header, rows_of
from appraisal.intake.own_papers import own_page, own_workbook
from appraisal.intake.plan_form import PlanReading, read_plan
from appraisal.intake.roster import Roster
from appraisal.intake.roster_file import ROSTER_FORM, RosterReading, read_dropped_roster
from appraisal.intake.self_assessment import SelfReading, read_self
from appraisal.intake.submission_reader import Reading, read_submission
from appraisal.scheme.forms import acknowledgement, appeal, hr_acts, interview, plan, self_assessment
from appraisal.scheme.rulebook import Rulebook
from appraisal.xlsx.grid import RawSheet, RawWorkbook
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

_OWN_WORDS: Mapping[str, tuple[str, ...]] = {
    hr_acts.META_KIND: (
        hr_acts.ACT,
        hr_acts.OUTCOME,
        hr_acts.DECISION,
        hr_acts.ACTED_BY,
    ),
    plan.PLAN: (plan.CAUSE, plan.ACTION, plan.NEXT_GOAL, plan.DONE_BY),
    interview.INTERVIEW: (interview.HELD_ON, interview.AGREED_ACTIONS, interview.INTERVIEWER_SIGNED),
    acknowledgement.ACKNOWLEDGEMENTS: (
        acknowledgement.PAPER,
        acknowledgement.RESULT,
        acknowledgement.SIGNED_ON,
        acknowledgement.WITNESS,
    ),
    appeal.APPEAL: (appeal.ITEM, appeal.SHOWN, appeal.WANTED, appeal.GROUNDS),
    self_assessment.META_KIND: (self_assessment.SIGNED_BY, self_assessment.SIGNED_ON),
}
"""Labels and headers that stand on this form and on none that is asked about after it."""


def read_paper(data: bytes, *, file: str, sha256: str, rulebook: Rulebook, roster: Roster | None) -> Paper:
    """The reading of dropped bytes; `file` and `sha256` are their name and hash. Raises nothing.

    Run it in the sandbox: it opens a dropped file.
    """
    if is_scan(data, file):
        return ScanReading(file)
    raw = read_workbook(data)
    if isinstance(raw, tuple):
        page = own_page(data)
        return Reading(None, raw if page is None else (page,))
    if "kind" not in meta_of(raw) and (own := own_workbook(raw.sheets[0].name)):
        if raw.sheets[0].name == ROSTER_FORM.name:
            return read_dropped_roster(data, rulebook, own)
        return Reading(None, (own,))
    kind = kind_of(raw)
    if kind == hr_acts.META_KIND:
        return read_acts(raw, roster=roster)
    if kind == plan.PLAN:
        return read_plan(raw, rulebook=rulebook, roster=roster)
    if kind == interview.INTERVIEW:
        return read_interview(raw, roster=roster)
    if kind == acknowledgement.ACKNOWLEDGEMENTS:
        return read_register(raw, roster=roster)
    if kind == appeal.APPEAL:
        return read_appeal(raw, roster=roster)
    if kind == self_assessment.META_KIND:
        return read_self(raw, rulebook=rulebook, roster=roster)
    return read_submission(raw, file=file, sha256=sha256, rulebook=rulebook, roster=roster)


def kind_of(raw: RawWorkbook) -> str:
    """What the hidden sheet says; where that is lost, the form most of whose own words stand on a sheet."""
    meta = meta_of(raw)
    if "kind" in meta or "scheme" in meta:
        return meta.get("kind", SUBMISSION)
    for kind, own in _OWN_WORDS.items():
        words = {read_header(word).word for word in own}
        if any(4 * len(words & _words_on(sheet)) >= 3 * len(words) for sheet in raw.sheets):
            return kind
    return SUBMISSION


def _words_on(sheet: RawSheet) -> set[str]:
    rows = islice(rows_of(sheet).values(), HEADER_WITHIN)
    texts = (cell.value for row in rows for cell in row.values())
    return {read_header(text).word for text in texts if isinstance(text, str)}
