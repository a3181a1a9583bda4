"""When a month changes, the months after it look back on it: those that change too are made anew.

Each is made with the set-up that it was made with before: what somebody changed since is not its doing.

The change notes itself in the ledger (`pending_recalculations`) in its own transaction; the note goes when
every later month says what it should. So whatever stops us, a later pass goes on here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from appraisal import __version__
from appraisal.errors import Signal
from appraisal.findings.finding import Finding, finding
from appraisal.hr.letters import decision_letters, signing_papers
from appraisal.intake.submission import Submission
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, MonthState, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, Failed, RevisionRequest
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.log import keep_trace
from appraisal.pipeline.notice_words import hr_words
from appraisal.pipeline.placing import note_placed, open_outbox, place
from appraisal.pipeline.reading import read_as_made
from appraisal.pipeline.revisions import as_next_revision, make_revision, provenance_of, request_again
from appraisal.pipeline.setup import PastSetupError
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import month_folder, safe_file_name
from appraisal.workspace.paths import sha256_of


@dataclass(frozen=True, slots=True)
class RecalculatedMonth:
    """A month that was made anew: its new revision, and where its papers lie."""

    period: Period
    revision: int
    outputs: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.period} 随之重算为第{self.revision}版"


@dataclass(frozen=True, slots=True)
class Recalculation:
    """The later months that were made anew, in order of time; `stuck` says why it ended before the last."""

    remade: tuple[RecalculatedMonth, ...] = ()
    stuck: str = ""

    @property
    def in_words(self) -> tuple[str, ...]:
        """Chinese clauses, one per month."""
        return (*map(str, self.remade), *([self.stuck] if self.stuck else []))


NOTHING_RECOMPUTED = Recalculation()


class Stuck(Signal):
    """A month should be made anew and cannot be now: a Chinese clause that says why, and the finding."""

    def __init__(self, clause: str, told: Finding) -> None:
        super().__init__(clause, told)
        self.clause = clause
        self.told = told

    def __str__(self) -> str:
        return self.clause


def resume_recomputing(context: RunContext) -> list[str]:
    """Recompute what an earlier pass left undone; what came of it, in Chinese clauses."""
    with context.ledger.reading() as transaction:
        left = transaction.pending_recalculations.all()
    return [
        f"{group} {clause}"
        for group, period in left
        for clause in recompute_later_months(context, group, period).in_words
    ]


def recompute_later_months(context: RunContext, group: str, period: Period) -> Recalculation:
    """Make anew every later month of the group whose papers come out different now."""
    with context.ledger.reading() as transaction:
        periods = transaction.months.periods_after(group, period)
        is_noted = any(
            group == noted and period <= since for noted, since in transaction.pending_recalculations.all()
        )
        reason = _why(transaction, group, period)
    remade: list[RecalculatedMonth] = []
    for later in periods:
        try:
            revision = _recompute_month(context, group, later, reason)
        except Stuck as stuck:
            return Recalculation(tuple(remade), f"{later} 本应随之重算，但{stuck}")
        remade += [revision] if revision else []
    if is_noted:
        with context.ledger.writing() as transaction:
            transaction.pending_recalculations.done_from(group, period)
    return Recalculation(tuple(remade))


def _recompute_month(
    context: RunContext, group: str, period: Period, reason: str
) -> RecalculatedMonth | None:
    with context.ledger.reading() as transaction:
        in_force = transaction.months.current(group, period)
    assert in_force is not None
    month, current = in_force
    recorded = as_recorded(context, current)
    reading = read_as_made(recorded, current)
    if reading is None or reading.submission is None:
        clause = "存档的上报表打不开，请把存档恢复后再运行一次"
        raise Stuck(clause, finding("submission.not_made_again", reason=clause))
    return remake(recorded, month, current, reading.submission, RevisionKind.RECOMPUTED, reason=reason)


def _why(transaction: Transaction, group: str, period: Period) -> str:
    """What those read whose later month is another one now, because this one changed."""
    current = transaction.months.current(group, period)
    acts = transaction.acts.find(group=group, period=period)
    if current is None:
        what = "已撤回"
    elif acts and acts[-1].kind in {ActKind.APPROVE_CORRECTION, ActKind.RESCORE}:
        what = "已更正"
    elif current[1].number == 1 and not acts:
        what = "补报"
    else:
        what = "有变动"
    return f"{period.in_words}的考核结果{what}，本月与以前月份相关的内容据此重新核定"


def as_recorded(context: RunContext, current: Revision) -> RunContext:
    """The context with the set-up that the revision was made with. Raises Stuck where that cannot be used any more."""
    try:
        with context.ledger.reading() as transaction:
            return context.as_recorded(current, transaction)
    except PastSetupError as error:
        clause = f"当时的规则和设置用不了（{error}）"
        raise Stuck(clause, finding("submission.not_made_again", reason=clause)) from None


def remake(
    context: RunContext,
    month: GroupMonth,
    current: Revision,
    submission: Submission,
    kind: RevisionKind,
    *,
    reason: str | None = None,
) -> RecalculatedMonth | None:
    """The month's next revision, if its papers come out different now; None if not. Raises Stuck.

    `context` has the set-up of the current revision. An issued month's is a 更正通报 that gives the `reason`.
    """
    group, period = month.group, month.period
    folder = month_folder(group, period)
    with context.ledger.reading() as transaction:
        placed = transaction.placed.under(folder)
        published = transaction.months.result(group, period)
        same = request_again(transaction, submission, month, current)
        hers = hr_words(context, month, current, transaction)
        request = replace(
            same,
            kind=kind,
            reason=reason if month.is_issued else None,
            issued=max(context.today, current.issued) if month.is_issued else current.issued,
            document_number=None if month.is_issued else hers.number,
            words=hers.words,
        )
        request = as_next_revision(request, month, current, transaction)
        number = request.revision
        letters = decision_letters(month, transaction, context.setup.settings)
        letters |= signing_papers(replace(month, revision=number), transaction, context.setup.settings)
    again = _made(context, same)
    if current.provenance.inputs.program == __version__:
        is_same = not _differs(again, placed, folder)
    else:  # it writes every paper a little otherwise, which is no reason for a 更正通报
        is_same = again.result is None or published is None or again.result.comes_to_the_same(published)
    if is_same:
        return None
    if month.state is MonthState.CLOSED:
        raise Stuck("已经关账，请人事重新开放后再运行一次", finding("period.closed", period=period))
    made = _made(context, request)
    assert made.result is not None
    try:
        papers = replace(made, documents={**letters, **made.documents})
        outbox = open_outbox(context, safe_file_name(group))
        paths = place(context, outbox, request, papers)
    except OSError as error:
        reason = reason_of(error)
        problem = finding("submission.not_placed", reason=reason)
        raise Stuck(f"没能写入输出文件夹（{reason}），下次自动再试", problem) from None
    with context.ledger.writing() as transaction:
        transaction.months.record(made.result, provenance_of(context, transaction, request, made))
        if kind is not RevisionKind.RECOMPUTED:  # else the loop over the later months goes on by itself
            transaction.pending_recalculations.note(group, period)
        transaction.pending_hr_folders.note(period)
        note_placed(transaction, outbox)
    return RecalculatedMonth(period, number, tuple(f"outbox/{path}" for path in paths))


def _made(context: RunContext, request: RevisionRequest) -> Appraised:
    made = make_revision(context, request)
    if isinstance(made, Failed) and made.template:
        raise Stuck(made.template.rstrip("。"), finding("submission.template", sentence=made.template))
    if isinstance(made, Failed):
        reference = request.submission.sha256[:8]
        keep_trace(context.workspace, context.files, reference, made.trace)
        problem = finding("submission.failed", reference=reference)
        raise Stuck(f"处理时出现内部错误，请把编号 {reference} 告诉管理员", problem)
    return made


def _differs(made: Appraised, placed: dict[str, str], folder: str) -> bool:
    """Whether any paper has other bytes than the one that we placed."""
    if made.result is None:
        return False  # the program has become stricter since: the month stands
    return any(
        placed.get(f"{folder}/{name}") not in {None, sha256_of(content)}
        for name, content in made.documents.items()
    )
