"""The letters that acts of HR's leave: a 决定书 or 申诉答复书 for the person, a 撤回通知 for the group.

They are about what the notice told: of a month that was never issued nobody has to be told anything. They are
handed over on paper against a signature, and so there is no page of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from appraisal.hr.acknowledgements import GroupAcknowledged, handouts
from appraisal.intake.hr_acts import Act
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import decisions_on
from appraisal.ledger.records import GroupMonth, MoneyLine
from appraisal.publish.forms.acknowledgement import PapersToSign, register_workbook, signature_list
from appraisal.publish.letters import (
    AppealAnswer,
    DecisionOnOutcome,
    Withdrawal,
    appeal_answer,
    decision_letter,
    withdrawal_notice,
)
from appraisal.publish.wording import OUTCOME_NAMES, plain_date
from appraisal.scheme.forms import acknowledgement
from appraisal.scheme.forms.appeal import paper_name
from appraisal.scheme.forms.hr_acts import DECISION_NAMES, ActKind, AppealDecision, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState
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
            letters = _withdrawal(act, before, lines, transaction, settings)
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
        one
        for one, _ in GroupAcknowledged(month.group, month.period, papers, has_begun=True).missing
        if one.paper in acknowledgement.LETTERS
    ]
    if not unsigned:
        return {}
    written_on = max(one.since for one in unsigned if one.since is not None)
    handover = PapersToSign(
        company=settings.company,
        group=month.group,
        period=month.period,
        revision=month.revision,
        made_on=written_on,
        about=f"截至{plain_date(written_on)}尚未签收的书面决定",
        signers=("经办人", "人事"),
        papers=tuple((one.staff, one.name, acknowledgement.PAPER_NAMES[one.paper]) for one in unsigned),
    )
    stem = f"{acknowledgement.FOLDER}/{acknowledgement.OF_LETTERS}"
    return {
        f"{stem}{acknowledgement.LIST}.docx": signature_list(handover),
        f"{stem}{acknowledgement.REGISTER}.xlsx": register_workbook(handover),
    }


def decision_letters(
    month: GroupMonth, transaction: Transaction, settings: Settings, *, only_last: bool = False
) -> dict[str, bytes]:
    """The 决定书 of the decisions that stand (`only_last`: about what was decided last), by their names; none of a draft.

    A later edition of the month puts away the former papers, and these with them: they are made again with it.
    """
    if not month.is_issued:
        return {}
    decided = [
        one
        for one in transaction.outcomes.of_month(month.group, month.period)
        if one.decision is not None and one.amount
    ]
    if not decided:
        return {}
    acts = transaction.acts.find(group=month.group, period=month.period)
    if only_last:
        decided = [one for one in decided if decisions_on(one, acts[-1:])]
    names = transaction.months.names(month.period)
    written = transaction.outcomes.lines_of_month(month.group, month.period)
    letters: dict[str, bytes] = {}
    for one in decided:
        made = decisions_on(one, acts)
        if not made or one.amount is None:
            continue  # a restored ledger may not know who decided
        *former, last = made
        key, name = one.key, names.get((one.key.group, one.key.staff), "")
        is_applied = one.state is OutcomeState.DUE
        paid_in = [line.paid_in for line in written if line.key == key]
        letter = DecisionOnOutcome(
            staff=key.staff,
            name=name,
            group=key.group,
            period=key.period,
            type=key.type,
            reason=one.reason,
            clause=one.clause,
            is_applied=is_applied,
            amount=one.amount,
            is_upper_limit=one.capped_by_payroll,
            paid_in=paid_in[-1] if paid_in else None,
            ground=last.reason,
            by=last.by,
            on=last.on,
            former=tuple(
                f"{each.on}：{DECISION_NAMES[each.decision or OutcomeDecision.APPLY]}" for each in former
            ),
        )
        item = f"{OUTCOME_NAMES[key.type]}{key.part if key.part > 1 else ''}"
        again = f"_第{len(former) + 1}次" if former else ""
        file = safe_file_name(f"{key.staff}_{name}_{item}_决定书{again}", ".docx")
        letters[f"决定书/{file}"] = decision_letter(letter, settings)
    return letters


def _answer(act: Act, transaction: Transaction, settings: Settings) -> dict[str, bytes]:
    assert act.group is not None
    assert act.staff is not None
    assert act.item is not None
    appeal = transaction.appeals.get(act.group, act.period, act.staff, act.item)
    assert appeal is not None
    acts = transaction.acts.find(group=act.group, period=act.period)
    same = [one for one in acts if (one.kind, one.staff, one.item) == (act.kind, act.staff, act.item)]
    which = f"_第{appeal.revision}版" if appeal.revision != appeal.revision_now else ""
    again = f"_第{len(same)}次" if len(same) > 1 else ""
    answer = AppealAnswer(
        staff=appeal.staff,
        name=appeal.name,
        group=appeal.group,
        period=appeal.period,
        revision=appeal.revision,
        came_on=appeal.came_on,
        is_late=appeal.is_late,
        items=appeal.items,
        review=act.reason,
        is_corrected=act.answer is AppealDecision.CORRECT,
        by=act.by,
        on=act.on,
    )
    name = paper_name(appeal.staff, appeal.name, f"{which}{again}", sheet="申诉答复书", end=".docx")
    return {name: appeal_answer(answer, settings)}


def _withdrawal(
    act: Act,
    before: GroupMonth,
    lines: Sequence[MoneyLine],
    transaction: Transaction,
    settings: Settings,
) -> dict[str, bytes]:
    assert before.issued_on is not None
    outcomes = transaction.outcomes.of_month(before.group, before.period)
    withdrawal = Withdrawal(
        group=before.group,
        period=before.period,
        revision=before.revision,
        issued_on=before.issued_on,
        document_number=before.document_number,
        ground=act.reason,
        by=act.by,
        on=act.on,
        reversals=tuple(line.amount for line in lines),
        paid_in=lines[0].paid_in if lines else None,
        plans=sum(one.key.type is OutcomeType.RECTIFICATION for one in outcomes),
    )
    name = safe_file_name(f"{before.group}_{before.period}_撤回通知", ".docx")
    return {name: withdrawal_notice(withdrawal, settings)}
