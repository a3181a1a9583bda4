"""Which of our forms a workbook is, told by its content and never by its name; of which scheme; which sheets are the form's.

Its hidden `_meta` sheet says so; where that is lost, the form's own words, and the scheme whose headers fit. Papers
that the system itself sends out and nobody hands in are told for what they are, with what to do instead: a person
who was sent a result or a list may drop it where they drop everything else. Workbooks are known by their first
sheet, which a program that saves them again keeps; pages by the beginning of their title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from appraisal.findings.finding import Finding, finding
from appraisal.intake.layout import (
    HEADER_WITHIN,
    LocatedSheet,
    find_header,
    locate_sheet,
    named_in,
    read_header,
)
from appraisal.intake.submission import CellValue
from appraisal.intake.values import as_typed
from appraisal.scheme.forms import acknowledgement, hr_acts, personal, self_assessment
from appraisal.scheme.forms.cells import Need, SheetForm
from appraisal.scheme.forms.submission import META, SubmissionForm, submission_form
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.xlsx.grid import RawSheet, RawWorkbook, SheetState, cell_position, rows_of

SUBMISSION = "submission"
"""What `kind` in `_meta` says of the workbook that a store manager hands in."""


def meta_of(raw: RawWorkbook) -> Mapping[str, str]:
    """The keys and values of the hidden `_meta` sheet, as text; empty where there is none."""
    sheet = next((sheet for sheet in raw.sheets if key(sheet.name) == META), None)
    if sheet is None:
        return {}
    return {
        as_typed(row[1]).strip(): as_typed(row[2]).strip()
        for row in rows_of(sheet).values()
        if {1, 2} <= row.keys()
    }


def revision_said(meta: Mapping[str, str], said: CellValue) -> int | None:
    """The revision that a paper is about: as the system had it, else as the paper says it, `第2版`."""
    text = meta.get("revision") or str(said or "").strip("第版 ")
    return int(text) if text.isascii() and text.isdecimal() else None


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


def latest_of(named: str, rulebook: Rulebook) -> Scheme | Finding:
    """The latest version of the scheme that a paper names; a finding where the rules have none of that id."""
    return rulebook.latest(named) or finding("scheme.unknown", scheme=named, known="、".join(rulebook.ids))


def recognise(raw: RawWorkbook, rulebook: Rulebook) -> Scheme | Finding:
    """The latest version of the scheme whose form this is; a finding where that cannot be told."""
    meta = meta_of(raw)
    if meta.get("kind", SUBMISSION) != SUBMISSION:
        return finding("workbook.unrecognised")
    if named := meta.get("scheme"):
        return latest_of(named, rulebook)
    schemes = [scheme for name in rulebook.ids if (scheme := rulebook.latest(name))]
    fits = [match_score(raw, submission_form(scheme)) for scheme in schemes]
    best = max(fits, default=(0, 0, 0))
    if best[0] == 0 or fits.count(best) > 1:
        return finding("workbook.unrecognised")
    return schemes[fits.index(best)]


def match_score(raw: RawWorkbook, form: SubmissionForm) -> tuple[int, int, int]:
    """How well a workbook fits a form: required sheets found, columns found on them, less those not found.

    So of two forms, one of which asks for more, the smaller is meant unless the rest is there too. All 0 where
    fewer than half of the required sheets are there: then it is some other workbook.
    """
    chosen, _ = _choose_sheets(raw, form)
    required = [sheet for sheet in form.sheets if sheet.required]
    present = [sheet for sheet in required if sheet.name in chosen]
    if 2 * len(present) < len(required):
        return 0, 0, 0
    found = sum(len(_columns_in(chosen[sheet.name], sheet)) for sheet in present)
    return len(present), found, found - sum(len(sheet.columns) for sheet in required)


# ------------------------------------------------------------------------------- its sheets


def locate_form(raw: RawWorkbook, form: SubmissionForm) -> tuple[list[LocatedSheet], list[Finding]]:
    """The sheets of `form` in the workbook, by name, else by their headers, and what is wrong with the rest."""
    found: list[LocatedSheet] = []
    chosen, findings = _choose_sheets(raw, form)
    for sheet_form in form.sheets:
        if sheet_form.name in chosen:
            located, problems = locate_sheet(chosen[sheet_form.name], sheet_form)
            findings += problems
            found += [located] if located else []
    return found, findings


_COPY = re.compile(r"(\(\d+\)|-?(的)?副本\d*)$")


def _choose_sheets(raw: RawWorkbook, form: SubmissionForm) -> tuple[dict[str, RawSheet], list[Finding]]:
    """The workbook's sheet for each sheet of the form that has one."""
    by_name = {key(sheet.name): sheet for sheet in reversed(raw.sheets)}
    chosen = {sheet.name: by_name[key(sheet.name)] for sheet in form.sheets if key(sheet.name) in by_name}
    findings = list(_copies(raw, form, chosen))
    missing = [sheet for sheet in form.sheets if sheet.name not in chosen and sheet.required]
    used = {sheet.name for sheet in chosen.values()}
    spare = [sheet for sheet in raw.sheets if sheet.name not in used] if missing else []
    fits = {form.name: [sheet for sheet in spare if _fits(sheet, form)] for form in missing}
    for name in _only_fits(fits):
        chosen[name] = fits[name][0]
    for sheet in missing:
        if sheet.name not in chosen:
            candidates = fits[sheet.name] or [
                candidate for candidate in raw.sheets if candidate.state is SheetState.VISIBLE
            ]
            code = "sheet.duplicate" if fits[sheet.name] else "sheet.missing"
            found = "、".join(candidate.name for candidate in candidates)
            findings.append(finding(code, name=sheet.name, found=found))
    return chosen, findings


def _only_fits(fits: dict[str, list[RawSheet]]) -> Iterator[str]:
    """Form sheets that one sheet alone fits, taking out each as it is found: a fit for two may then be one's."""
    open_names = list(fits)
    while name := next((name for name in open_names if len(fits[name]) == 1), None):
        yield name
        open_names.remove(name)
        taken = fits[name][0].name
        for other in open_names:
            fits[other] = [sheet for sheet in fits[other] if sheet.name != taken]


def _fits(raw: RawSheet, form: SheetForm) -> bool:
    needed = {column.name for column in form.columns if column.need is not Need.NEVER}
    return needed <= _columns_in(raw, form)


def _columns_in(raw: RawSheet, form: SheetForm) -> set[str]:
    _, header = find_header(rows_of(raw), raw, form)
    return named_in(header)


def _copies(raw: RawWorkbook, form: SubmissionForm, chosen: Mapping[str, RawSheet]) -> Iterator[Finding]:
    """`考核数据 (2)` beside 考核数据, filled as well: nobody can know which of them is meant."""
    for sheet in form.sheets:
        copies = [
            other
            for other in raw.sheets
            if sheet.name in chosen
            and other is not chosen[sheet.name]
            and _COPY.sub("", key(other.name)) == key(sheet.name)
            and _fits(other, sheet)
        ]
        if copies:
            names = "、".join(other.name for other in (chosen[sheet.name], *copies))
            yield finding("sheet.duplicate", name=sheet.name, found=names)


def in_reading_order(findings: Iterable[Finding], sheets: Iterable[str]) -> tuple[Finding, ...]:
    """By sheet as `sheets` lists them, then by row and column, each once; what has no place comes first."""
    order = {name: position for position, name in enumerate(sheets)}

    def place(problem: Finding) -> tuple[int, tuple[int, int]]:
        sheet = -1 if problem.sheet is None else order.get(problem.sheet, len(order))
        return sheet, (problem.cell and cell_position(problem.cell)) or (0, 0)

    return tuple(sorted(dict.fromkeys(findings), key=place))


# ------------------------------------------------------------------------------- papers that nobody hands in

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
    """What to tell of a file that is no workbook if it is a paper of ours that nobody hands in; None for any other."""
    text = data[:_BEGINNING].decode("utf-8", "ignore")
    return next((_told(what, instead) for what, mark, instead in _PAGES if mark in text), None)


def _told(what: str, instead: str) -> Finding:
    return finding("workbook.own_paper", what=what, instead=instead)
