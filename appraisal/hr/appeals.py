"""申诉登记.xlsx: who objected to what, until when an answer is due, what HR decided and whether a correction followed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from appraisal.hr.facts import PeriodFacts
from appraisal.intake.hr_acts import Act
from appraisal.ledger.records import Appeal, AppealState
from appraisal.publish.excel.listing import WHO, Columns, ListColumn, ListSheet, Shown, listed
from appraisal.scheme.forms.hr_acts import ActKind

APPEALS = "申诉登记"

STATES = {
    AppealState.RETURNED: "已退回补正",
    AppealState.RECEIVED: "待答复",
    AppealState.MAINTAINED: "已答复，维持",
    AppealState.CORRECTED: "已决定更正",
    AppealState.ENDED: "考核已撤回，终止",
}


def appeal_in_words(appeal: Appeal, today: date) -> str:
    """How it stands: `待答复，逾期2天`, `已决定更正，等更正报送或重算`."""
    words = STATES[appeal.state]
    if appeal.is_overdue(today) and appeal.answer_by is not None:
        return f"{words}，逾期{(today - appeal.answer_by).days}天"
    if appeal.waits_for_correction:
        return f"{words}，等更正报送或重算"
    if appeal.state is AppealState.CORRECTED:
        return f"{words}，见第{appeal.revision_now}版"
    return words


def items_in_words(appeal: Appeal) -> str:
    """`平均响应时间：系统故障两小时；结果运用：并列末位`."""
    return "；".join(f"{item}：{grounds}" for item, grounds in appeal.items.items())


def answer_to(appeal: Appeal, acts: Iterable[Act]) -> Act | None:
    """HR's last answer among the acts."""
    this = (ActKind.ANSWER, appeal.group, appeal.period, appeal.staff, appeal.revision)
    answers = [act for act in acts if (act.kind, act.group, act.period, act.staff, act.item) == this]
    return answers[-1] if answers else None


def appeal_as_json(appeal: Appeal) -> dict[str, object]:
    """For programs."""
    return {
        "group": appeal.group,
        "period": str(appeal.period),
        "staff": appeal.staff,
        "revision": appeal.revision,
        "items": list(appeal.items),
        "state": appeal.state.value,
        "came": str(appeal.came_on),
        "late": appeal.is_late,
        "answer_by": str(appeal.answer_by) if appeal.answer_by else None,
        "answered": str(appeal.decided_on) if appeal.decided_on else None,
    }


def appeals_sheet(facts: PeriodFacts) -> ListSheet | None:
    """The period's, and those of other periods that still wait; None where there are none."""
    appeals = facts.transaction.appeals.known_in(facts.period)
    if not appeals:
        return None
    periods = sorted({appeal.period for appeal in appeals})
    acts = [act for period in periods for act in facts.transaction.acts.find(period=period)]

    def stands(appeal: Appeal) -> str:
        return f"{'逾期提出；' if appeal.is_late else ''}{appeal_in_words(appeal, facts.today)}"

    columns: Columns[Appeal] = [
        *WHO,
        ListColumn("考核月份", lambda appeal: str(appeal.period), 10, Shown.CENTRED),
        ListColumn("编号", lambda appeal: appeal.revision, 6, Shown.COUNT),
        ListColumn("申诉事项和理由", items_in_words, 42, Shown.WRAPPED),
        ListColumn("收到日期", lambda appeal: appeal.came_on, 12, Shown.DAY),
        ListColumn("答复期限", lambda appeal: appeal.answer_by, 12, Shown.DAY),
        ListColumn("情况", stands, 18, Shown.WRAPPED),
        ListColumn("答复日期", lambda appeal: appeal.decided_on, 12, Shown.DAY),
        ListColumn(
            "复核情况",
            lambda appeal: act.reason if (act := answer_to(appeal, acts)) else "",
            30,
            Shown.WRAPPED,
        ),
        ListColumn("复核人", lambda appeal: act.by if (act := answer_to(appeal, acts)) else "", 9),
    ]
    return ListSheet(
        name=APPEALS,
        title=f"{facts.period.in_words}考核结果申诉登记",
        notes=[
            "答复用人事办理单的“申诉决定”，系统出申诉答复书。编号是申诉所针对的版次。",
            "决定更正的，再请店长报来更正的上报表（或办重算）；更正通报和金额的多退少补随之办理。",
        ],
        table=listed(appeals, columns),
        empty="没有申诉。",
        frozen=3,
    )
