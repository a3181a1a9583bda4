"""决定书, 申诉答复书 and 撤回通知: one page of Word each, for one person or a group, about an act of HR's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.period import Period
from appraisal.publish.word.blocks import blocks_paper
from appraisal.publish.wording import OUTCOME_NAMES, SETTLED_BY_FINANCE, plain_date
from appraisal.scheme.describe.document import Block, Heading, Paragraph, Signatures, TableBlock
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import money
from appraisal.text import printable
from appraisal.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class DecisionOnOutcome:
    """What HR decided about one person's money, and who it concerns.

    `amount` is positive, `paid_in` the month of payment, None where nothing is paid. `former` are earlier
    decisions about the same, as sentences.
    """

    staff: str
    name: str
    group: str
    period: Period
    type: OutcomeType
    reason: str
    clause: str | None
    is_applied: bool
    amount: Decimal
    is_upper_limit: bool
    paid_in: Period | None
    ground: str
    by: str
    on: date
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppealAnswer:
    """What a person objected to, by item, and what HR found and decided."""

    staff: str
    name: str
    group: str
    period: Period
    revision: int
    came_on: date
    is_late: bool
    items: Mapping[str, str]
    review: str
    is_corrected: bool
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An issued month that HR took back: what was told, and what becomes of money and plans."""

    group: str
    period: Period
    revision: int
    issued_on: date
    document_number: str | None
    ground: str
    by: str
    on: date
    reversals: tuple[Decimal, ...]
    paid_in: Period | None
    plans: int


def decision_letter(decision: DecisionOnOutcome, settings: Settings) -> bytes:
    """The person's 决定书; the same decision gives the same bytes."""
    rows = [
        ("姓名、工号", f"{decision.name}（{decision.staff}）"),
        ("考核组、考核月份", f"{decision.group}，{decision.period.in_words}"),
        ("事项", f"{OUTCOME_NAMES[decision.type]}：{decision.reason}"),
        ("依据（条款）", decision.clause or settings.policy),
        ("决定", "执行" if decision.is_applied else "不执行"),
        ("金额", _amount(decision)),
        ("执行月份", decision.paid_in.in_words if decision.paid_in else "—"),
        ("理由", decision.ground or "—"),
        *((("此前的决定", "；".join(decision.former)),) if decision.former else ()),
        ("决定人", decision.by),
        ("决定日期", plain_date(decision.on)),
    ]
    appeal = (
        f"对本决定有异议的，请在收到之日起{settings.appeal_days}个工作日内向{settings.appeals_to}书面提出，"
        "由其复核后书面答复。签收仅表示收到，不代表认可。"
    )
    return _letter(
        f"{decision.period.in_words}考核结果决定书",
        rows,
        appeal,
        on=decision.on,
        settings=settings,
        receiver="本人签收",
    )


def _amount(decision: DecisionOnOutcome) -> str:
    if not decision.is_applied:
        if decision.paid_in is None:
            return f"不涉及（原为{money(decision.amount)}）"
        return f"已记入的{money(decision.amount)}冲回"
    limit = f"，{SETTLED_BY_FINANCE}" if decision.is_upper_limit else ""
    return f"{'奖励' if decision.type is OutcomeType.REWARD else '提成减少'}{money(decision.amount)}{limit}"


def appeal_answer(answer: AppealAnswer, settings: Settings) -> bytes:
    """The person's 申诉答复书; the same answer gives the same bytes."""
    late = "（已过申诉截止）" if answer.is_late else ""
    after_decision = (
        "按更正后的数据重新计算，以随后下发的更正通报为准；奖励与提成调整有变动的，按差额多退少补。"
        if answer.is_corrected
        else "得分、名次和结果运用不变，原有的期限照旧。"
    )
    rows = [
        ("姓名、工号", f"{answer.name}（{answer.staff}）"),
        ("考核组、考核月份", f"{answer.group}，{answer.period.in_words}，第{answer.revision}版"),
        ("收到申诉", f"{plain_date(answer.came_on)}{late}"),
        ("申诉事项和理由", "；".join(f"{item}：{grounds}" for item, grounds in answer.items.items())),
        ("复核情况", answer.review),
        ("决定", "更正" if answer.is_corrected else "维持原结果"),
        ("以后怎么办", after_decision),
        ("复核人", answer.by),
        ("答复日期", plain_date(answer.on)),
    ]
    after = f"对答复有疑问的，请与{settings.appeals_to}联系。签收仅表示收到，不代表认可。"
    title = f"{answer.period.in_words}考核结果申诉答复书"
    return _letter(title, rows, after, on=answer.on, settings=settings, receiver="本人签收")


def withdrawal_notice(withdrawal: Withdrawal, settings: Settings) -> bytes:
    """The group's 撤回通知; the same withdrawal gives the same bytes."""
    number = f"（{withdrawal.document_number}）" if withdrawal.document_number else ""
    told = f"{plain_date(withdrawal.issued_on)}下发的{withdrawal.period.in_words}考核通报{number}，第{withdrawal.revision}版"
    rows = [
        ("考核组、考核月份", f"{withdrawal.group}，{withdrawal.period.in_words}"),
        ("撤回的通报", told),
        ("原因", withdrawal.ground or "—"),
        ("名次和得分", "不再作为依据，不计入连续末位和以后月份的比较。"),
        ("奖励与提成调整", _money_back(withdrawal)),
        ("整改方案", "不再要求提交。" if withdrawal.plans else "没有要求过。"),
        ("经办人", withdrawal.by),
        ("撤回日期", plain_date(withdrawal.on)),
    ]
    after = f"重新考核的，以以后下发的通报为准。有疑问的，请与{settings.appeals_to}联系。"
    return _letter(
        f"{withdrawal.period.in_words}考核通报撤回通知",
        rows,
        after,
        on=withdrawal.on,
        settings=settings,
        receiver="考核组签收",
    )


def _money_back(withdrawal: Withdrawal) -> str:
    if not withdrawal.reversals or withdrawal.paid_in is None:
        return "没有记入过，不涉及。"
    return f"已记入的{len(withdrawal.reversals)}笔全部冲回，随{withdrawal.paid_in.in_words}的工资办理。"


def _letter(
    title: str,
    rows: Sequence[tuple[str, str]],
    after: str,
    *,
    on: date,
    settings: Settings,
    receiver: str,
) -> bytes:
    # What people typed may hold characters that no Word file can.
    printed = tuple((label, printable(" ".join(text.split()))) for label, text in rows)
    blocks: list[Block] = [
        Heading(1, title),
        Paragraph(settings.company),
        TableBlock(("项目", "内容"), printed),
        Paragraph(after),
        Paragraph(f"{settings.signature}　{plain_date(on)}"),
        Signatures(("人事", receiver)),
    ]
    return blocks_paper(blocks, created=on)
