"""The forms that one person fills about an issued month: 整改方案, the 面谈记录 of the talk about it, 申诉表.

Labelled cells and columns: `publish` writes the forms, and they are read by these cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.workspace.names import safe_file_name


def paper_name(staff: str, name: str, sheet: str, mark: str = "", *, end: str = ".xlsx") -> str:
    """Where a person's form, or the answer to one (`sheet`), lies in the month's folder; filled ones bear a `mark`."""
    folder = PLAN_SHEET if sheet in {PLAN_SHEET, INTERVIEW_SHEET} else APPEALS_FOLDER
    return f"{folder}/{safe_file_name(f'{staff}_{name}_{sheet}{mark}', end)}"


# ------------------------------------------------------------------------------- 整改方案

PLAN = "plan"
"""What `kind` says on the hidden sheet; beside it stand scheme, version, group, period and staff, and what
the system filled in: each label of the head by its name, each cell of the table by `filled_in_key`."""

PLAN_SHEET = "整改方案"

POST = "岗位"
SCORE_AND_PLACE = "得分/名次"
DOCUMENT_NUMBER = "通报文号"
ISSUED_ON = "下发日期"
SUBMIT_BY = "提交截止"

INDICATOR = "指标"
GOAL = "目标值"
ACTUAL = "实际值"
GAP = "差距"
LOST = "失分"
CAUSE = "落后原因"
ACTION = "改进措施"
NEXT_GOAL = "下月目标值"
DONE_BY = "完成时限"
SUPPORT = "需要的支持"
NEXT_ACTUAL = "下月实际值"
CHECKED = "复核结果"

SIGNED_BY = "本人签名"
SIGNED_ON = "签名日期"
REVIEWED = "店长审核"
MENTOR = "帮带人"
REVIEW_OPINION = "审核意见"

AGREED, MORE_WANTED = "同意", "退回补充"
REACHED = ("达到", "部分达到", "未达到")

PLAN_HELP = "写能查得到的动作，例如“每天16点清一次未回复”，不要只写“加强学习”。"


def _known(
    name: str, kind: CellType = CellType.TEXT, need: Need = Need.NEVER, *, band: str | None = None
) -> Cell:
    return Cell(name, kind, need, band=band, prefilled=True)


HEAD = (
    _known(STAFF_NAME, need=Need.ALWAYS),
    _known(STAFF_ID, CellType.IDENTITY, Need.ALWAYS),
    _known(POST),
    _known(GROUP, need=Need.ALWAYS),
    _known(PERIOD, CellType.PERIOD, Need.ALWAYS),
    _known(SCORE_AND_PLACE),
    _known(DOCUMENT_NUMBER),
    _known(ISSUED_ON),
    _known(SUBMIT_BY),
)
"""Above the table, filled by the system."""

_MONTH, _PERSON, _CHECK = "本月情况（系统已填）", "本人填写", "下月复核（店长填写）"

PLAN_COLUMNS = (
    _known(INDICATOR, need=Need.ALWAYS, band=_MONTH),
    _known(GOAL, band=_MONTH),
    _known(ACTUAL, band=_MONTH),
    _known(GAP, band=_MONTH),
    _known(LOST, band=_MONTH),
    Cell(
        CAUSE,
        CellType.TEXT,
        Need.ALWAYS,
        band=_PERSON,
        hint="先写主观还是客观，再写事实：哪几天、哪类顾客、差在哪里",
    ),
    Cell(
        ACTION,
        CellType.TEXT,
        Need.ALWAYS,
        band=_PERSON,
        hint="做什么、多久做一次，要查得到，例如“每天16点清一次未回复”",
    ),
    Cell(NEXT_GOAL, CellType.TEXT, Need.ALWAYS, band=_PERSON, hint="下月要达到的数值，例如 55%"),
    Cell(DONE_BY, CellType.DATE, Need.ALWAYS, band=_PERSON, hint="写成 2026-12-31"),
    Cell(SUPPORT, CellType.TEXT, band=_PERSON, hint="需要谁帮什么；没有可以不填"),
    Cell(NEXT_ACTUAL, CellType.TEXT, band=_CHECK, hint="下月考核结果出来后由店长填写"),
    Cell(CHECKED, CellType.CHOICE, choices=REACHED, band=_CHECK, hint="下月考核结果出来后由店长选择"),
)
"""The table: one row for each weak indicator."""

SIGNATURE = (
    Cell(SIGNED_BY, CellType.TEXT, Need.ALWAYS, hint="请输入本人姓名"),
    Cell(SIGNED_ON, CellType.DATE, Need.ALWAYS, hint="写成 2026-12-08"),
)
"""Below the table, by the person."""

REVIEW = (
    Cell(REVIEWED, CellType.CHOICE, choices=(AGREED, MORE_WANTED), hint="由店长选择"),
    Cell(MENTOR, CellType.TEXT, hint="指定谁来带；不需要可以不填"),
    Cell(REVIEW_OPINION, CellType.TEXT, hint="退回补充的，写明补充什么"),
)
"""Below the signature, by the manager (店长审核)."""

PLAN_FORM = SheetForm(PLAN_SHEET, Role.DATA, HEAD, PLAN_COLUMNS)
"""The head and the table below it."""

PLAN_FOOT = SheetForm(PLAN_SHEET, Role.DATA, (*SIGNATURE, *REVIEW), ())
"""What stands below the table."""


def filled_in_key(column: str, number: int) -> str:
    """What the hidden sheet calls a cell of the table that the system filled: `目标值2` in the second row."""
    return f"{column}{number}"


def filled_in_rows(said: Mapping[str, str], columns: Sequence[Cell] = PLAN_COLUMNS) -> list[dict[str, str]]:
    """What stands by those keys, row by row of the table."""
    rows: list[dict[str, str]] = []
    names = [cell.name for cell in columns if cell.prefilled]
    while filled_in_key(names[0], len(rows) + 1) in said:
        keys = {column: filled_in_key(column, len(rows) + 1) for column in names}
        rows.append({column: said[name] for column, name in keys.items() if name in said})
    return rows


# ------------------------------------------------------------------------------- 面谈记录

INTERVIEW = "interview"
"""What `kind` says on the hidden sheet; beside it stand scheme, version, group, period, staff and name."""

INTERVIEW_SHEET = "面谈记录"

HELD_ON = "面谈日期"
INTERVIEW_PLACE = "面谈地点"
INTERVIEWER = "面谈人"
AGREED_ACTIONS = "商定的行动"
INTERVIEWER_SIGNED = "面谈人签名"
NEXT_TALK = "下次面谈"

INTERVIEW_HEAD = tuple(
    cell for cell in HEAD if cell.name in {STAFF_NAME, STAFF_ID, POST, GROUP, PERIOD, SCORE_AND_PLACE}
)
"""Filled in by the system."""

TOPICS = (
    Cell("做得好的地方", CellType.TEXT, hint="先说事实，再肯定"),
    Cell("本人怎么看", CellType.TEXT, hint="由本人说明失分的原因，客观、主观分开记"),
    Cell("要改善的地方", CellType.TEXT, hint="对着上面的数据，一项一项谈"),
    Cell(AGREED_ACTIONS, CellType.TEXT, Need.ALWAYS, hint="做什么、多久一次、谁来看，与整改方案一致"),
    Cell("培训和需要的帮助", CellType.TEXT, hint="谁在什么时候提供"),
    Cell("对考核的意见", CellType.TEXT, hint="本人有异议的如实记下，并告知申诉的渠道和期限"),
)
"""What is talked about, in the order in which it is best talked about."""

OTHERS = (
    Cell(HELD_ON, CellType.DATE, Need.ALWAYS, hint="写成 2026-12-08"),
    Cell(INTERVIEW_PLACE, CellType.TEXT),
    Cell(INTERVIEWER, CellType.TEXT),
    Cell(SIGNED_BY, CellType.TEXT, Need.ALWAYS, hint="请输入本人姓名；本人不愿签的，写明“拒签”和见证人"),
    Cell(INTERVIEWER_SIGNED, CellType.TEXT, Need.ALWAYS, hint="请输入面谈人姓名"),
    Cell(NEXT_TALK, CellType.TEXT),
)

INTERVIEW_FORM = SheetForm(INTERVIEW_SHEET, Role.DATA, (*INTERVIEW_HEAD, *TOPICS, *OTHERS), ())
"""All labels of the page; the table of weak indicators is there to be looked at."""


# ------------------------------------------------------------------------------- 申诉表

APPEAL = "appeal"
"""What `kind` says on the hidden sheet; beside it stand scheme, version, group, period, staff, revision, who signs,
and what the system filled in."""

APPEAL_SHEET = "申诉表"
APPEALS_FOLDER = "申诉"
"""Of the month's folder."""

REVISION = "版次"
APPEAL_BY = "申诉截止"

ITEM = "申诉事项"
SHOWN = "表上数值"
WANTED = "本人认为应为"
GROUNDS = "理由与依据"
REQUEST = "希望如何处理"

TOTAL, CONSEQUENCE = "综合得分与名次", "结果运用"
"""What one may object to besides the indicators."""

SIGNER = "signer"
"""On the hidden sheet, who has to sign; left out where a row is a team."""

APPEAL_HELP = "只填有异议的那几行，其他行不用填；写清楚认为应为多少、依据是什么（单号、日期、聊天记录等）。"

APPEAL_HEAD = (
    *(cell for cell in HEAD if cell.name not in {DOCUMENT_NUMBER, SUBMIT_BY}),
    Cell(REVISION, CellType.TEXT, prefilled=True),
    Cell(APPEAL_BY, CellType.TEXT, prefilled=True),
)
"""Above the table, filled by the system."""

APPEAL_COLUMNS = (
    Cell(ITEM, CellType.TEXT, prefilled=True),
    Cell(SHOWN, CellType.TEXT, prefilled=True),
    Cell(WANTED, CellType.TEXT, hint="认为应为多少；说不准数的，写明哪里不对"),
    Cell(GROUNDS, CellType.TEXT, hint="有什么依据：单号、日期、聊天记录、考勤等"),
)
"""The table: what may be objected to, a row each."""

APPEAL_FOOT = SheetForm(
    APPEAL_SHEET,
    Role.DATA,
    (
        Cell(REQUEST, CellType.TEXT, hint="希望怎么处理，例如“补计11月3日的5笔订单”"),
        Cell(SIGNED_BY, CellType.TEXT, Need.ALWAYS, hint="请输入本人姓名"),
        Cell(SIGNED_ON, CellType.DATE, Need.ALWAYS, hint="写成 2026-12-09"),
    ),
    (),
)
"""Below the table, by the person."""

APPEAL_FORM = SheetForm(APPEAL_SHEET, Role.DATA, APPEAL_HEAD, APPEAL_COLUMNS)
"""The head and the table below it."""
