"""The letters that acts of HR's leave: a 决定书 or 申诉答复书 for the person, a 撤回通知 for the group.

One page of Word each. They are about what the notice told: of a month that was never issued nobody has to be told
anything. They are handed over on paper against a signature, and so there is no page of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from appraisal.hr.acknowledgements import GroupAcknowledged, handouts
from appraisal.intake.hr_acts import Act
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import decisions_on
from appraisal.ledger.records import Appeal, GroupMonth, KeptOutcome, MoneyLine
from appraisal.period import Period
from appraisal.publish.forms.for_hr import PapersToSign, register_workbook, signature_list
from appraisal.publish.word.blocks import blocks_as_word
from appraisal.publish.wording import OUTCOME_NAMES, SETTLED_BY_FINANCE, document_date
from appraisal.scheme.describe.document import Block, Heading, Paragraph, Signatures, TableBlock
from appraisal.scheme.forms import acknowledgement
from appraisal.scheme.forms.hr_acts import DECISION_NAMES, ActKind, AppealDecision, OutcomeDecision
from appraisal.scheme.forms.personal import paper_name
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import money
from appraisal.scoring.results import OutcomeState
from appraisal.text import printable
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.settings import Settings


def letters_after(
    act: Act,
    before: GroupMonth | None,
    lines: Sequence[MoneyLine],
    transaction: Transaction,
    settings: Settings,
) -> dict[str, bytes]:
    """By their names in the month's folder; `lines` are those that the act has written, `before` the month till then."""
    if before is None:
        return {}
    month = transaction.months.get(before.group, before.period)
    if month is None:
        return {}
    match act.kind:
        case ActKind.WITHDRAW if before.issued_on is not None:
            outcomes = transaction.outcomes.of_month(before.group, before.period)
            has_plans = any(outcome.key.type is OutcomeType.RECTIFICATION for outcome in outcomes)
            name = safe_file_name(f"{before.group}_{before.period}_撤回通知", ".docx")
            letters = {name: _withdrawal_notice(act, before, lines, settings, has_plans=has_plans)}
        case ActKind.ANSWER:
            letters = _answer(act, transaction, settings)
        case ActKind.DECIDE:
            letters = decision_letters(month, transaction, settings, only_last=True)
        case ActKind.ISSUE | ActKind.REISSUE | ActKind.APPROVE_CORRECTION | ActKind.RESCORE:
            letters = decision_letters(month, transaction, settings)
        case _:
            return {}
    return letters | signing_papers(month, transaction, settings)


def signing_papers(month: GroupMonth, transaction: Transaction, settings: Settings) -> dict[str, bytes]:
    """List and register of the letters that nobody has signed for yet; nothing where there are none."""
    papers = handouts(transaction, month.period).get(month.group, ())
    unsigned = [
        handout
        for handout, _ in GroupAcknowledged(month.group, month.period, papers, has_begun=True).missing
        if handout.paper in acknowledgement.LETTERS
    ]
    if not unsigned:
        return {}
    written_on = max(handout.since for handout in unsigned if handout.since is not None)
    handover = PapersToSign(
        company=settings.company,
        group=month.group,
        period=month.period,
        revision=month.revision,
        made_on=written_on,
        about=f"截至{document_date(written_on)}尚未签收的书面决定",
        signers=("经办人", "人事"),
        papers=tuple(
            (handout.staff, handout.name, acknowledgement.PAPER_NAMES[handout.paper]) for handout in unsigned
        ),
    )
    stem = f"{acknowledgement.FOLDER}/{acknowledgement.OF_LETTERS}"
    return {
        f"{stem}{acknowledgement.LIST}.docx": signature_list(handover),
        f"{stem}{acknowledgement.REGISTER}.xlsx": register_workbook(handover),
    }


# ---------------------------------------------------------------------------------------- 决定书


def decision_letters(
    month: GroupMonth, transaction: Transaction, settings: Settings, *, only_last: bool = False
) -> dict[str, bytes]:
    """The 决定书 of the decisions that stand (`only_last`: about what was decided last), by their names; none of a draft.

    A later edition of the month puts away the former papers, and these with them: they are made again with it.
    """
    if not month.is_issued:
        return {}
    decided = [
        outcome
        for outcome in transaction.outcomes.of_month(month.group, month.period)
        if outcome.decision is not None and outcome.amount
    ]
    if not decided:
        return {}
    acts = transaction.acts.find(group=month.group, period=month.period)
    if only_last:
        decided = [outcome for outcome in decided if decisions_on(outcome, acts[-1:])]
    names = transaction.months.names(month.period)
    written = transaction.outcomes.lines_of_month(month.group, month.period)
    letters: dict[str, bytes] = {}
    for outcome in decided:
        made = decisions_on(outcome, acts)
        if not made:
            continue  # a restored ledger may not know who decided
        key, name = outcome.key, names.get((outcome.key.group, outcome.key.staff), "")
        paid_in = next((line.paid_in for line in reversed(written) if line.key == key), None)
        item = f"{OUTCOME_NAMES[key.type]}{key.part if key.part > 1 else ''}"
        again = f"_第{len(made)}次" if len(made) > 1 else ""
        file = safe_file_name(f"{key.staff}_{name}_{item}_决定书{again}", ".docx")
        letters[f"决定书/{file}"] = _decision_letter(outcome, made, settings, name=name, paid_in=paid_in)
    return letters


def _decision_letter(
    outcome: KeptOutcome, decisions: Sequence[Act], settings: Settings, *, name: str, paid_in: Period | None
) -> bytes:
    """About the last of the decisions; `paid_in` is the month of payment, None where nothing is paid."""
    key, (*former, last) = outcome.key, decisions
    earlier = [f"{act.on}：{DECISION_NAMES[act.decision or OutcomeDecision.APPLY]}" for act in former]
    rows = [
        ("姓名、工号", f"{name}（{key.staff}）"),
        ("考核组、考核月份", f"{key.group}，{key.period.in_words}"),
        ("事项", f"{OUTCOME_NAMES[key.type]}：{outcome.reason}"),
        ("依据（条款）", outcome.clause or settings.policy),
        ("决定", "执行" if outcome.state is OutcomeState.DUE else "不执行"),
        ("金额", _amount(outcome, paid_in)),
        ("执行月份", paid_in.in_words if paid_in else "—"),
        ("理由", last.reason or "—"),
        *([("此前的决定", "；".join(earlier))] if earlier else []),
        ("决定人", last.by),
        ("决定日期", document_date(last.on)),
    ]
    appeal = (
        f"对本决定有异议的，请在收到之日起{settings.appeal_days}个工作日内向{settings.appeals_to}书面提出，"
        "由其复核后书面答复。签收仅表示收到，不代表认可。"
    )
    title = f"{key.period.in_words}考核结果决定书"
    return _letter(title, rows, appeal, on=last.on, settings=settings, receiver="本人签收")


def _amount(outcome: KeptOutcome, paid_in: Period | None) -> str:
    assert outcome.amount is not None
    amount = money(outcome.amount)
    if outcome.state is not OutcomeState.DUE:
        return f"不涉及（原为{amount}）" if paid_in is None else f"已记入的{amount}冲回"
    limit = f"，{SETTLED_BY_FINANCE}" if outcome.capped_by_payroll else ""
    return f"{'奖励' if outcome.key.type is OutcomeType.REWARD else '提成减少'}{amount}{limit}"


# ---------------------------------------------------------------------------- 申诉答复书, 撤回通知


def _answer(act: Act, transaction: Transaction, settings: Settings) -> dict[str, bytes]:
    assert act.group is not None
    assert act.staff is not None
    assert act.item is not None
    appeal = transaction.appeals.get(act.group, act.period, act.staff, act.item)
    assert appeal is not None
    acts = transaction.acts.find(group=act.group, period=act.period)
    same = [
        answer
        for answer in acts
        if (answer.kind, answer.staff, answer.item) == (act.kind, act.staff, act.item)
    ]
    which = f"_第{appeal.revision}版" if appeal.revision != appeal.revision_now else ""
    again = f"_第{len(same)}次" if len(same) > 1 else ""
    name = paper_name(appeal.staff, appeal.name, "申诉答复书", f"{which}{again}", end=".docx")
    return {name: appeal_answer(appeal, act, settings)}


def appeal_answer(appeal: Appeal, act: Act, settings: Settings) -> bytes:
    """The person's 申诉答复书: what was objected to, by item, and what HR found and decided."""
    is_corrected = act.answer is AppealDecision.CORRECT
    late = "（已过申诉截止）" if appeal.is_late else ""
    after_decision = (
        "按更正后的数据重新计算，以随后下发的更正通报为准；奖励与提成调整有变动的，按差额多退少补。"
        if is_corrected
        else "得分、名次和结果运用不变，原有的期限照旧。"
    )
    rows = [
        ("姓名、工号", f"{appeal.name}（{appeal.staff}）"),
        ("考核组、考核月份", f"{appeal.group}，{appeal.period.in_words}，第{appeal.revision}版"),
        ("收到申诉", f"{document_date(appeal.came_on)}{late}"),
        ("申诉事项和理由", "；".join(f"{item}：{grounds}" for item, grounds in appeal.items.items())),
        ("复核情况", act.reason),
        ("决定", "更正" if is_corrected else "维持原结果"),
        ("以后怎么办", after_decision),
        ("复核人", act.by),
        ("答复日期", document_date(act.on)),
    ]
    after = f"对答复有疑问的，请与{settings.appeals_to}联系。签收仅表示收到，不代表认可。"
    title = f"{appeal.period.in_words}考核结果申诉答复书"
    return _letter(title, rows, after, on=act.on, settings=settings, receiver="本人签收")


def _withdrawal_notice(
    act: Act, before: GroupMonth, reversals: Sequence[MoneyLine], settings: Settings, *, has_plans: bool
) -> bytes:
    """To the group: what it was told, and what becomes of money and plans."""
    assert before.issued_on is not None
    number = f"（{before.document_number}）" if before.document_number else ""
    notice = f"{document_date(before.issued_on)}下发的{before.period.in_words}考核通报{number}，第{before.revision}版"
    money_back = (
        f"已记入的{len(reversals)}笔全部冲回，随{reversals[0].paid_in.in_words}的工资办理。"
        if reversals
        else "没有记入过，不涉及。"
    )
    rows = [
        ("考核组、考核月份", f"{before.group}，{before.period.in_words}"),
        ("撤回的通报", notice),
        ("原因", act.reason or "—"),
        ("名次和得分", "不再作为依据，不计入连续末位和以后月份的比较。"),
        ("奖励与提成调整", money_back),
        ("整改方案", "不再要求提交。" if has_plans else "没有要求过。"),
        ("经办人", act.by),
        ("撤回日期", document_date(act.on)),
    ]
    after = f"重新考核的，以以后下发的通报为准。有疑问的，请与{settings.appeals_to}联系。"
    title = f"{before.period.in_words}考核通报撤回通知"
    return _letter(title, rows, after, on=act.on, settings=settings, receiver="考核组签收")


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
        Paragraph(f"{settings.signature}　{document_date(on)}"),
        Signatures(("人事", receiver)),
    ]
    return blocks_as_word(blocks, created=on)
