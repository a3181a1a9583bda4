"""申诉 put back from what proves them: HR's register, held against the filed forms in the month's folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from appraisal.admin.published import HrLists, Published, ShownAppeal
from appraisal.hr.appeals import APPEALS, STATES
from appraisal.intake.appeal_form import AppealReading
from appraisal.intake.hr_acts import Act
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, AppealState
from appraisal.period import Period
from appraisal.pipeline.appeals_and_acknowledgements import appeal_by
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.placing import filed_appeals
from appraisal.pipeline.reading import archived_file, start_reading
from appraisal.processes.sandbox import Stopped
from appraisal.scheme.forms.hr_acts import ActKind, AppealDecision
from appraisal.workspace.paths import sha256_of

_ANSWERS = {
    AppealState.MAINTAINED: AppealDecision.MAINTAIN,
    AppealState.CORRECTED: AppealDecision.CORRECT,
}


@dataclass(frozen=True, slots=True)
class _Filed:
    """A filed form, and what stands in it."""

    path: Path
    sha256: str
    items: Mapping[str, str]


_Forms = dict[tuple[str, int], list[_Filed]]
"""By person and revision, the first one first."""


def put_back_appeals(
    context: RunContext, published: Published, lists: Mapping[Period, HrLists]
) -> tuple[str, ...]:
    """Enter those that the ledger lacks; Chinese sentences about what is not proved."""
    sentences: list[str] = []
    for period, group in published:
        shown = {
            (row.staff, row.revision): row
            for row in lists[period].appeals
            if (row.group, row.period) == (group, period)
        }
        forms, unread = _filed(context, group, period)
        sentences += (f"{group} {period} 的申诉表 {name} 读不懂，没有恢复。" for name in unread)
        with context.ledger.writing() as transaction:
            for staff, number in sorted({*shown, *forms}):
                row, filed = shown.get((staff, number)), forms.get((staff, number), [])
                where = f"{group} {period} {staff} 对第{number}版的申诉"
                known = transaction.appeals.get(group, period, staff, number)
                if known is None and row is not None and filed:
                    known = _entered(context, transaction, row, filed)
                if known is not None and row is not None:
                    _answer(transaction, known, row)
                if known is None:
                    sentences.append(f"{where}：{_not_proved(row, filed)}")
    return tuple(sentences)


def _filed(context: RunContext, group: str, period: Period) -> tuple[_Forms, list[str]]:
    """The month's filed forms, and the names of those that are no appeal against it."""
    forms, unread = defaultdict[tuple[str, int], list[_Filed]](list), []
    for path in filed_appeals(context.workspace.outbox, group, period):
        sha256 = sha256_of(path.read_bytes())
        try:
            reading = start_reading(context.sandbox, context.setup, path, file=path.name).result().paper
        except Stopped:
            reading = None
        if (
            isinstance(reading, AppealReading)
            and (reading.group, reading.period) == (group, period)
            and reading.staff is not None
            and reading.revision is not None
        ):
            forms[reading.staff, reading.revision].append(_Filed(path, sha256, reading.in_words))
        else:
            unread.append(path.name)
    return forms, unread


def _entered(
    context: RunContext, transaction: Transaction, row: ShownAppeal, filed: list[_Filed]
) -> Appeal | None:
    """As it was before HR's answer; None where its revision is not there."""
    revisions = transaction.months.revisions(row.group, row.period)
    revision = next((revision for revision in revisions if revision.number == row.revision), None)
    if revision is None:
        return None
    items: dict[str, str] = {}
    for form in filed:
        items |= form.items
    newest = filed[-1]
    if (
        archived_file(context.workspace, newest.sha256) is None
    ):  # came back once: filed without the marks of that
        context.files.store(context.workspace.archive / f"{newest.sha256}.xlsx", [newest.path.read_bytes()])
    transaction.appeals.put(
        Appeal(
            group=row.group,
            period=row.period,
            staff=row.staff,
            revision=row.revision,
            appeal_by=appeal_by(context, revision, transaction),
            state=AppealState.RECEIVED if row.state in _ANSWERS else row.state,
            came_on=row.came_on,
            sha256=newest.sha256,
            items=items,
            complete_on=row.came_on if row.answer_by else None,  # at the earliest; `answer_by` is what counts
            answer_by=row.answer_by,
        )
    )
    return transaction.appeals.get(row.group, row.period, row.staff, row.revision)


def _answer(transaction: Transaction, known: Appeal, row: ShownAppeal) -> None:
    """HR's decision with its ground, where the register tells one that the ledger does not know."""
    if known.decided_on is not None or row.decided_on is None or row.state not in _ANSWERS:
        return
    act = Act(
        kind=ActKind.ANSWER,
        period=row.period,
        group=row.group,
        on=row.decided_on,
        by=row.by,
        reason=row.reason,
        staff=row.staff,
        answer=_ANSWERS[row.state],
        item=row.revision,
    )
    # A correction that came after is told by the register; which revision HR had before it is not.
    number = known.revision_now if row.waits_for_correction else known.revision
    transaction.appeals.decided(replace(known, revision_now=number), act)
    transaction.acts.put_back(act)


def _not_proved(row: ShownAppeal | None, filed: list[_Filed]) -> str:
    if row is None:
        names = "、".join(form.path.name for form in filed)
        return (
            f"有已提交的申诉表（{names}），{APPEALS}里看不到，没有恢复。请核对纸质记录，"
            "再把它复制进收件夹（收到日期会记为放进的那天），下发日期不能再改。"
        )
    stood = f"收到日期{row.came_on}，{STATES[row.state]}"
    why = "没有它所针对的版次" if filed else "找不到已提交的申诉表"
    return f"{APPEALS}里有（{stood}），{why}，没有恢复。请本人重新提交，并核对纸质记录。"
