"""人事办理单: HR's acts as a workbook, one act a row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, SubmissionForm
from appraisal.scheme.model.outcome_rules import OutcomeType

ACTS_SHEET = "人事办理单"
META_KIND = "acts"
"""What `kind` in the hidden `_meta` sheet says of this workbook."""

ACT = "事项"
OUTCOME = "裁定事项"
DECISION = "裁定结果"
ITEM = "编号"
DOCUMENT_NUMBER = "文号"
ACTED_ON = "日期"
REASON = "原因"
ACTED_BY = "经办人"
FORCED = "仍要办理"
YES = "是"

EVERY_GROUP = "全部"
"""What stands under 考核组 where an act is about every group."""

EXAMPLE = "示例："
"""What 考核组 begins with in a row that shows how it is done; such a row is never carried out."""

EVERY_GROUP_WORDS = frozenset({EVERY_GROUP, f"{EVERY_GROUP}{GROUP}"})
"""How people write it."""


class ActKind(StrEnum):
    """What HR may do with a month; `ACTS` says each in Chinese."""

    ISSUE = "issue"
    REISSUE = "reissue"
    APPROVE_CORRECTION = "approve_correction"
    RESCORE = "rescore"
    CLOSE = "close"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    ANSWER = "answer"


class OutcomeDecision(StrEnum):
    """How HR ends a held outcome or answers a prompt; `DECISION_NAMES` says it in Chinese."""

    APPLY = "apply"
    WAIVE = "waive"


class AppealDecision(StrEnum):
    """How HR answers an appeal; `APPEAL_DECISION_NAMES` says it in Chinese."""

    MAINTAIN = "maintain"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class ActInWords:
    """One choice of 事项: its name, what it does, whether it may be about every group, whether it says why.

    `needs` are columns that it needs besides those that every act does, `decisions` what 裁定结果 may say. Where
    several may wait for it, 编号 says which (`has_item`).
    """

    kind: ActKind
    name: str
    meaning: str
    for_every_group: bool = False
    needs_reason: bool = False
    needs: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    has_item: bool = False


DECISION_NAMES = {OutcomeDecision.APPLY: "执行", OutcomeDecision.WAIVE: "不执行"}
APPEAL_DECISION_NAMES = {AppealDecision.MAINTAIN: "维持", AppealDecision.CORRECT: "更正"}

ACTS = (
    ActInWords(
        ActKind.ISSUE,
        "下发",
        "通报定稿、正式发出。“日期”填通报的日期：整改和申诉的期限从这一天算起，奖励与提成调整随之生效。"
        f"“考核组”写“{EVERY_GROUP}”，就是这个月报齐的各组一起下发。",
        for_every_group=True,
    ),
    ActInWords(
        ActKind.REISSUE,
        "改下发日期",
        "下发时日期或文号写错了：按这一行的重新下发。已办过更正、重算、裁定，已有人交整改方案或申诉，"
        "金额已到下个发放月或发放月已关账的，不能再改；这个月已关账的，先重新开放。",
        needs_reason=True,
    ),
    ActInWords(
        ActKind.APPROVE_CORRECTION,
        "同意更正",
        "已下发的月份，店长报来了更正，正等人事同意。同意后更正生效，系统出更正通报，金额按差额多退少补。",
        has_item=True,
    ),
    ActInWords(
        ActKind.RESCORE,
        "重算",
        "考核方案、设置、花名册或模板改过，而这个月要按改后的算时填。已下发的出更正通报，金额按差额多退少补；不办重算的，仍按当时的算。",
        needs_reason=True,
    ),
    ActInWords(
        ActKind.CLOSE,
        "关账",
        f"这个月不再接收上报和更正。“考核组”写“{EVERY_GROUP}”，就是所有考核组一起关账。",
        for_every_group=True,
    ),
    ActInWords(
        ActKind.REOPEN,
        "重新开放",
        f"关账以后还要改的，先重新开放，改完再关账。也可以写“{EVERY_GROUP}”。",
        for_every_group=True,
        needs_reason=True,
    ),
    ActInWords(
        ActKind.WITHDRAW,
        "撤回",
        "报错了月份或考核组：整月收回，不再计入排名和连续末位，已记的奖励与提成调整全部冲回。",
        needs_reason=True,
    ),
    ActInWords(
        ActKind.DECIDE,
        "裁定",
        f"了结一项“待研究确定”的结果，或答复一项调岗提请。请填“{STAFF_ID}”“{OUTCOME}”“{DECISION}”。",
        needs=(STAFF_ID, OUTCOME, DECISION),
        decisions=tuple(DECISION_NAMES.values()),
        has_item=True,
    ),
    ActInWords(
        ActKind.ANSWER,
        "申诉决定",
        f"答复一份申诉，系统出申诉答复书。请填“{STAFF_ID}”，“{DECISION}”选维持或更正，“{REASON}”写复核情况。"
        "选更正的，再请店长报来更正的上报表，或办重算。",
        needs_reason=True,
        needs=(STAFF_ID, DECISION),
        decisions=tuple(APPEAL_DECISION_NAMES.values()),
        has_item=True,
    ),
)

ACT_NAMES = {act.kind: act.name for act in ACTS}

FOR_EVERY_GROUP = frozenset(act.kind for act in ACTS if act.for_every_group)

OUTCOME_SHORT_NAMES = {
    OutcomeType.REWARD: "奖励",
    OutcomeType.DEDUCT: "提成调整",
    OutcomeType.RECTIFICATION: "整改方案",
    OutcomeType.CONSIDER_TRANSFER: "调岗提请",
}
"""As a column or a choice has them; the papers say of 调岗提请 in full what it is."""

OUTCOME_CHOICES = {name: outcome for outcome, name in OUTCOME_SHORT_NAMES.items()}
DECISION_CHOICES = {name: decision for decision, name in DECISION_NAMES.items()}
APPEAL_DECISION_CHOICES = {name: decision for decision, name in APPEAL_DECISION_NAMES.items()}

MEANT_FOR_SOME = {
    column: tuple(act.name for act in ACTS if column in act.needs) for column in (STAFF_ID, OUTCOME, DECISION)
} | {ITEM: tuple(act.name for act in ACTS if act.has_item)}
"""Columns that mean something only for these acts."""


def _only_for(column: str) -> str:
    return f"只在{'、'.join(f'“{name}”' for name in MEANT_FOR_SOME[column])}时填，其他事项留空"


def hr_acts_form() -> SubmissionForm:
    """The workbook: one sheet with one table, the same for every scheme."""
    columns = (
        Cell(
            GROUP,
            CellType.TEXT,
            Need.ALWAYS,
            hint=f"从下拉选项中选，与花名册一致；下发、关账、重新开放可以写“{EVERY_GROUP}”",
        ),
        Cell(PERIOD, CellType.PERIOD, Need.ALWAYS, hint="写成 2026-11 这样的年月"),
        Cell(
            ACT,
            CellType.CHOICE,
            Need.ALWAYS,
            choices=tuple(act.name for act in ACTS),
            hint="从下拉选项中选一件，每一件的意思见上方",
        ),
        Cell(
            STAFF_ID,
            CellType.IDENTITY,
            hint=f"{_only_for(STAFF_ID)}；组里没有同名的，写姓名也可以",
        ),
        Cell(OUTCOME, CellType.CHOICE, choices=tuple(OUTCOME_CHOICES), hint=_only_for(OUTCOME)),
        Cell(
            DECISION,
            CellType.CHOICE,
            choices=(*DECISION_CHOICES, *APPEAL_DECISION_CHOICES),
            hint=_only_for(DECISION),
        ),
        Cell(
            ITEM,
            CellType.COUNT,
            hint="有几份更正在等，或一个人有几项待裁定、几份申诉时，填名单上的编号；只有一份、一项的不填",
        ),
        Cell(
            DOCUMENT_NUMBER,
            CellType.TEXT,
            hint="下发、改下发日期、同意更正、重算时填通报的文号；没有文号的不填",
        ),
        Cell(
            ACTED_ON,
            CellType.DATE,
            Need.ALWAYS,
            hint="下发、改下发日期、同意更正、重算填通报的日期，其他填办理的日期，写成 2026-12-03",
        ),
        Cell(
            REASON,
            CellType.TEXT,
            hint="改下发日期、重算、重新开放、撤回、裁定、申诉决定，和“仍要办理”的，写一句为什么；其他可以不写",
        ),
        Cell(ACTED_BY, CellType.TEXT, Need.ALWAYS, hint="办理人的姓名，记入台账"),
        Cell(
            FORCED,
            CellType.CHOICE,
            choices=(YES,),
            hint="退回来说日期不对、月份没有结束或没有报齐，而确实要这样办的，选“是”并写明原因",
        ),
    )
    sheet = SheetForm(ACTS_SHEET, Role.DATA, (), columns)
    return SubmissionForm(scheme="", version=1, title=ACTS_SHEET, sheets=(sheet,))
