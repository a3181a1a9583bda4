"""Which of our forms a dropped workbook is, told by its content and never by its name; and what it says.

Papers that the system itself sends out and nobody hands in are told for what they are, with what to do
instead: a person who was sent a result or a list may drop it where they drop everything else. Workbooks are
known by their first sheet, which a program that saves them again keeps; pages by the beginning of their title.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from appraisal.findings.finding import Finding, finding
from appraisal.intake.acknowledgements import RegisterReading, ScanReading, is_scan, read_register
from appraisal.intake.form import SUBMISSION, meta_of
from appraisal.intake.hr_acts import ActsReading, read_acts
from appraisal.intake.layout import HEADER_WITHIN, read_header
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
from appraisal.intake.submission_reader import Reading, read_submission
from appraisal.scheme.forms import acknowledgement, hr_acts, personal, self_assessment
from appraisal.scheme.rulebook import Rulebook
from appraisal.xlsx.grid import RawSheet, RawWorkbook, rows_of
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
    personal.PLAN: (personal.CAUSE, personal.ACTION, personal.NEXT_GOAL, personal.DONE_BY),
    personal.INTERVIEW: (personal.HELD_ON, personal.AGREED_ACTIONS, personal.INTERVIEWER_SIGNED),
    acknowledgement.ACKNOWLEDGEMENTS: (
        acknowledgement.PAPER,
        acknowledgement.RESULT,
        acknowledgement.SIGNED_ON,
        acknowledgement.WITNESS,
    ),
    personal.APPEAL: (personal.ITEM, personal.SHOWN, personal.WANTED, personal.GROUNDS),
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


_CORRECT = "结果要更正的，请在原来的考核上报表上改好，再放入（已下发的，“报送性质”选“更正报送”）。"
_FOR_READING = "这份只供查看，不用放入收件夹；考核上报表请另外放入。"
_OF_HR = "这是人事的汇总材料，不用放入收件夹；要更正的，请在相应的考核上报表上改，或由人事填写人事办理单。"
_REPAIR = "请按里面的说明改上报表，再放入改好的上报表（.xlsx）。"
_ROSTER = "花名册由人事放进收件夹的“人事”文件夹（inbox/人事）换上；或放到工作区里，和收件夹并列，文件名为 roster.xlsx。"

_WORKBOOKS = {
    "综合排名": ("考核结果", _CORRECT),
    "花名册": ("花名册", _ROSTER),
    "各组汇总": ("汇总", _OF_HR),
    "奖励与提成调整明细": ("奖励与提成调整明细", _OF_HR),
    "整改跟踪": ("整改跟踪", _OF_HR),
    "未报送": ("未报送名单", _OF_HR),
    "连续末位": ("连续末位", _OF_HR),
    "证据说明": ("证据说明", _OF_HR),
    "申诉登记": ("申诉登记", _OF_HR),
    "签收情况": ("签收情况", _OF_HR),
    "个人绩效档案": ("个人绩效档案", _OF_HR),
}
"""By its first sheet: what each is called, what to do instead."""

_PAGES = (
    ("退回说明", "<title>退回说明", _REPAIR),
    ("考核通报", "绩效考核通报</title>", _FOR_READING),
    ("绩效单", "绩效考核结果通知单", _FOR_READING),
    ("退回说明", '"status": "returned"', _REPAIR),
    ("回执", "\n详见：", _FOR_READING),
)
"""What each is called, what stands in the beginning of its text, what to do instead."""

_BEGINNING = 1024


def own_workbook(first_sheet: str) -> Finding | None:
    """What to tell of a workbook with this sheet in front if it is one that nobody hands in; None for any other."""
    known = _WORKBOOKS.get(first_sheet)
    return None if known is None else _told(*known)


def own_page(data: bytes) -> Finding | None:
    """The same of a dropped file that is no workbook."""
    text = data[:_BEGINNING].decode("utf-8", "ignore")
    return next((_told(what, instead) for what, mark, instead in _PAGES if mark in text), None)


def _told(what: str, instead: str) -> Finding:
    return finding("workbook.own_paper", what=what, instead=instead)
