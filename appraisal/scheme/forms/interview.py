"""面谈记录 as a form: its labelled cells. `publish` writes it, and it is read by them."""

from __future__ import annotations

from appraisal.scheme.forms import plan
from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME

INTERVIEW = "interview"
"""What `kind` says on the hidden sheet; beside it stand scheme, version, group, period, staff and name."""

INTERVIEW_SHEET = "面谈记录"

HELD_ON = "面谈日期"
PLACE = "面谈地点"
INTERVIEWER = "面谈人"
AGREED_ACTIONS = "商定的行动"
SIGNED_BY = "本人签名"
INTERVIEWER_SIGNED = "面谈人签名"
NEXT_TALK = "下次面谈"

KNOWN = tuple(
    cell
    for cell in plan.HEAD
    if cell.name in {STAFF_NAME, STAFF_ID, plan.POST, GROUP, PERIOD, plan.SCORE_AND_PLACE}
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
    Cell(PLACE, CellType.TEXT),
    Cell(INTERVIEWER, CellType.TEXT),
    Cell(SIGNED_BY, CellType.TEXT, Need.ALWAYS, hint="请输入本人姓名；本人不愿签的，写明“拒签”和见证人"),
    Cell(INTERVIEWER_SIGNED, CellType.TEXT, Need.ALWAYS, hint="请输入面谈人姓名"),
    Cell(NEXT_TALK, CellType.TEXT),
)

SHEET = SheetForm(INTERVIEW_SHEET, Role.DATA, (*KNOWN, *TOPICS, *OTHERS), ())
"""All labels of the page; the table of weak indicators is there to be looked at."""
