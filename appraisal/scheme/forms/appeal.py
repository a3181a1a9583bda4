"""申诉表 as a form: what a person objects to, item by item. `publish` writes it, and it is read by these cells."""

from __future__ import annotations

from appraisal.scheme.forms import plan
from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.workspace.names import safe_file_name

APPEAL = "appeal"
"""What `kind` says on the hidden sheet; beside it stand scheme, version, group, period, staff, revision, who signs,
and what the system filled in."""

APPEAL_SHEET = "申诉表"
FOLDER = "申诉"
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

HELP = "只填有异议的那几行，其他行不用填；写清楚认为应为多少、依据是什么（单号、日期、聊天记录等）。"


def paper_name(
    staff: str, name: str, mark: str = "", *, sheet: str = APPEAL_SHEET, end: str = ".xlsx"
) -> str:
    """Where an appeal, or the answer to it (`sheet`), lies in the month's folder; what is filed bears a `mark`."""
    return f"{FOLDER}/{safe_file_name(f'{staff}_{name}_{sheet}{mark}', end)}"


KNOWN = (
    *(cell for cell in plan.HEAD if cell.name not in {plan.DOCUMENT_NUMBER, plan.SUBMIT_BY}),
    Cell(REVISION, CellType.TEXT, prefilled=True),
    Cell(APPEAL_BY, CellType.TEXT, prefilled=True),
)
"""Above the table, filled by the system."""

COLUMNS = (
    Cell(ITEM, CellType.TEXT, prefilled=True),
    Cell(SHOWN, CellType.TEXT, prefilled=True),
    Cell(WANTED, CellType.TEXT, hint="认为应为多少；说不准数的，写明哪里不对"),
    Cell(GROUNDS, CellType.TEXT, hint="有什么依据：单号、日期、聊天记录、考勤等"),
)
"""The table: what may be objected to, a row each."""

FOOT = SheetForm(
    APPEAL_SHEET,
    Role.DATA,
    (
        Cell(REQUEST, CellType.TEXT, hint="希望怎么处理，例如“补计11月3日的5笔订单”"),
        Cell(plan.SIGNED_BY, CellType.TEXT, Need.ALWAYS, hint="请输入本人姓名"),
        Cell(plan.SIGNED_ON, CellType.DATE, Need.ALWAYS, hint="写成 2026-12-09"),
    ),
    (),
)
"""Below the table, by the person."""

SHEET = SheetForm(APPEAL_SHEET, Role.DATA, KNOWN, COLUMNS)
"""The head and the table below it."""
