"""签收登记 as a form: who received which paper, who signed for it and who would not. `publish` writes it, `intake` reads it."""

from __future__ import annotations

from enum import StrEnum

from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.personal import REVISION
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME, SubmissionForm

ACKNOWLEDGEMENTS = "acknowledgements"
"""What `kind` says on the hidden sheet; beside it stand group, period and revision."""

SCAN = "scan"
"""What the ledger calls a scan of signed papers."""

FOLDER = "签收"
"""Of the month's folder."""

REGISTER = "签收登记"
LIST = "签收表"
OF_LETTERS = "补充"
"""Before the names of list and register of the letters, which are written after the month's papers."""

PAPER = "材料"
CHANNEL = "送达方式"
DELIVERED_ON = "送达日期"
RESULT = "签收情况"
SIGNED_ON = "签收日期"
WITNESS = "见证人"
REMARK = "备注"

CHANNELS = ("当面", "邮件", "企业微信", "钉钉", "飞书", "邮寄", "其他")
NOTE = "签收仅表示收到，不代表认可。"


class AcknowledgedPaper(StrEnum):
    """What is signed for; `PAPER_NAMES` says it in Chinese."""

    SLIP = "slip"
    PLAN = "plan"
    DECISION = "decision"
    APPEAL_ANSWER = "appeal_answer"
    WITHDRAWAL = "withdrawal"


LETTERS = frozenset(
    {AcknowledgedPaper.DECISION, AcknowledgedPaper.APPEAL_ANSWER, AcknowledgedPaper.WITHDRAWAL}
)
"""What an act of HR's leaves; the others come with the issued month."""


class AcknowledgementState(StrEnum):
    """How far it has come; `RESULT_NAMES` says it in Chinese."""

    DELIVERED = "delivered"
    SIGNED = "signed"
    REFUSED = "refused"


PAPER_NAMES = {
    AcknowledgedPaper.SLIP: "绩效单",
    AcknowledgedPaper.PLAN: "整改方案",
    AcknowledgedPaper.DECISION: "决定书",
    AcknowledgedPaper.APPEAL_ANSWER: "申诉答复书",
    AcknowledgedPaper.WITHDRAWAL: "撤回通知",
}
RESULT_NAMES = {
    AcknowledgementState.DELIVERED: "已送达，未签",
    AcknowledgementState.SIGNED: "已签收",
    AcknowledgementState.REFUSED: "拒签",
}

LABELS = (
    Cell(GROUP, CellType.TEXT, Need.ALWAYS, prefilled=True),
    Cell(PERIOD, CellType.PERIOD, Need.ALWAYS, prefilled=True),
    Cell(REVISION, CellType.TEXT, prefilled=True),
)

COLUMNS = (
    Cell(STAFF_ID, CellType.IDENTITY, Need.ALWAYS, prefilled=True),
    Cell(STAFF_NAME, CellType.TEXT, prefilled=True),
    Cell(PAPER, CellType.CHOICE, Need.ALWAYS, choices=tuple(PAPER_NAMES.values()), prefilled=True),
    Cell(CHANNEL, CellType.CHOICE, choices=CHANNELS, hint="怎么送到本人的"),
    Cell(DELIVERED_ON, CellType.DATE, hint="写成 2026-12-08"),
    Cell(RESULT, CellType.CHOICE, choices=tuple(RESULT_NAMES.values()), hint="还没有送到的不填"),
    Cell(SIGNED_ON, CellType.DATE, hint="本人签名的日期；拒签的，填当天"),
    Cell(WITNESS, CellType.TEXT, hint="拒签的，写明在场的见证人"),
    Cell(REMARK, CellType.TEXT),
)


def register_form() -> SubmissionForm:
    """The workbook: one sheet, the same for every scheme."""
    sheet = SheetForm(REGISTER, Role.DATA, LABELS, COLUMNS)
    return SubmissionForm(scheme="", version=1, title=REGISTER, sheets=(sheet,))
