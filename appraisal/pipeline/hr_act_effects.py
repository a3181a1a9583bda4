"""What each act of HR comes to: the papers that it makes or takes away, and what it writes into the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from appraisal.errors import AppraisalError
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, MoneyLine, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, Failed
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.hr_acts_meant import (
    must_be_after_hand_in,
    must_be_handed_in,
    must_be_plausible,
    must_have_no_filed_appeal,
    must_say_why,
    staff_meant,
)
from appraisal.pipeline.notice_words import hr_words
from appraisal.pipeline.reading import MonthSource, from_archive, source_as_made, source_of
from appraisal.pipeline.revisions import (
    RevisionRequest,
    make_revision,
    number_of_correction,
    promised,
    provenance,
    request_again,
)
from appraisal.pipeline.setup import FormerSetupError
from appraisal.pipeline.setup_changes import changed_rules, changes_since
from appraisal.pipeline.workbook_checks import ranked_elsewhere
from appraisal.scheme.forms.hr_acts import ActKind, AppealDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult


@dataclass(frozen=True, slots=True)
class ActEffect:
    """What an act comes to: what it writes, the papers that it makes or takes away, and what HR is told.

    `letters` are the papers about the act itself, by their names in the month's folder.
    """

    act: Act
    write: Callable[[Transaction], tuple[MoneyLine, ...]]
    made: tuple[RevisionRequest, Appraised] | None = None
    retires: int | None = None
    changes_later: bool = False
    told: tuple[str, ...] = ()
    letters: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def month(self) -> tuple[str, Period]:
        assert self.act.group is not None
        return self.act.group, self.act.period


def effect_of(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """What the act comes to, by the state of its month. Raises ActRefused."""
    today = context.today
    must_say_why(act)
    must_be_plausible(context, act)
    match act.kind:
        case ActKind.ISSUE | ActKind.REISSUE:
            return _issue(context, act, transaction)
        case ActKind.APPROVE_CORRECTION:
            return _correct(context, act, transaction)
        case ActKind.RESCORE:
            return _rescore(context, act, transaction)
        case ActKind.WITHDRAW:
            _, current = _current(act, transaction)
            return ActEffect(
                act, lambda on: on.acts.withdraw(act, today=today), retires=current.number, changes_later=True
            )
        case ActKind.DECIDE:
            return _decide(context, act, transaction)
        case ActKind.ANSWER:
            _current(act, transaction)
            act = replace(act, staff=staff_meant(act, transaction))
            act = replace(act, item=transaction.appeals.meant(act).revision)
            told = (_CORRECTION_TO_COME,) if act.answer is AppealDecision.CORRECT else ()
            return ActEffect(act, _answering(act), told=told)
        case ActKind.CLOSE | ActKind.REOPEN:
            must_be_handed_in(context, act, transaction)
            return ActEffect(act, _closing(act))


def _issue(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """The current revision once more, bearing HR's date and number: its deadlines follow from them."""
    month, current = _current(act, transaction)
    is_again = act.kind is ActKind.REISSUE
    if is_again and not transaction.appeals.of_month(month.group, month.period):
        must_have_no_filed_appeal(context, act)
    if is_again and act.document_number is None:
        act = replace(act, document_number=month.document_number)
    if not act.is_forced and is_again is month.is_issued:
        must_be_after_hand_in(act, current, transaction)
    recorded = _as_recorded(context, current, transaction)
    source = source_as_made(recorded, current)
    hers = hr_words(recorded, month, current, transaction)
    if act.document_number is None:
        act = replace(act, document_number=hers.number)
    request = replace(
        _request(source, current.number, act, current.making.kind, current.making.reason), words=hers.words
    )
    if current.making.corrects_issued:
        request = replace(
            request,
            former=transaction.months.result(month.group, month.period, current.number - 1),
            document_number=number_of_correction(
                None, replace(month, document_number=act.document_number), current.number
            ),
        )
    made, result = _made(recorded, request, transaction)
    told = (*hers.told, *_not_heeded(context, recorded, current))

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        enter = on.acts.reissue if is_again else on.acts.issue
        words = on.documents.keep_words(request.words)
        return enter(act, result, made.inputs, words, today=context.today)

    return ActEffect(act, write, (request, made), told=told)


def _correct(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """The waiting correction becomes a revision with a 更正通报; money is settled by the difference.

    It corrects what the manager handed in: the rules stay those that the month was scored by.
    """
    month, current = _current(act, transaction)
    waiting = transaction.corrections.meant(act)
    named = replace(act, item=waiting.number)  # another may come, but this is the one that HR saw
    number = transaction.months.next_revision(month.group, month.period)
    recorded = _as_recorded(context, current, transaction)
    source = from_archive(recorded, waiting.sha256)
    hers = hr_words(recorded, month, current, transaction)
    former = transaction.months.result(month.group, month.period)
    request = replace(
        _request(source, number, act, RevisionKind.CORRECTION, waiting.reason),
        words=hers.words,
        replaces=current.number,
        former=former,
        promised=promised(former),
        document_number=number_of_correction(act.document_number, month, number),
    )
    made, result = _made(recorded, request, transaction)
    (elsewhere,) = ranked_elsewhere(recorded.setup, transaction, [(request.submission, result)])
    if elsewhere:
        raise ActRefused(f"{elsewhere[0].message}{elsewhere[0].remedy}")

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        on.acts.approve_correction(named)
        return on.months.record(result, provenance(recorded, on, request, made), on=act.on)

    told = (*hers.told, *_not_heeded(context, recorded, current))
    return ActEffect(act, write, (request, made), changes_later=True, told=told)


def _decide(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """What was held is carried out or not; the month's papers tell it."""
    month, current = _current(act, transaction)
    act = replace(act, staff=staff_meant(act, transaction))

    def decide(on: Transaction) -> tuple[MoneyLine, ...]:
        return on.acts.decide(act, today=context.today)

    if act.outcome is OutcomeType.CONSIDER_TRANSFER:  # no paper tells it; the streak begins anew
        return ActEffect(act, decide, changes_later=True)
    with transaction.rehearsal():
        decide(transaction)
    try:
        request, made, told = _papers_after(context, act, month, current, transaction)
    except ActRefused:
        return ActEffect(act, decide, told=(_NOT_TOLD.format(where=act.month_in_words),))
    published = transaction.months.result(month.group, month.period)
    if published is None or made.result is None or made.result.outcomes != published.outcomes:
        return ActEffect(act, decide, told=(_NOT_TOLD.format(where=act.month_in_words),))

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        words = on.documents.keep_words(request.words)
        on.months.replace_result(published, current.making.inputs, words)
        return decide(on)

    return ActEffect(act, write, (request, made), told=told)


_NOT_TOLD = (
    "{where}：裁定已办理；当时的上报表和设置现在重做不出同样的结果，通报和绩效单没有更新，请以决定书为准。"
)


def _papers_after(
    context: RunContext, act: Act, month: GroupMonth, current: Revision, transaction: Transaction
) -> tuple[RevisionRequest, Appraised, tuple[str, ...]]:
    """The current revision's papers as they tell the decision: places and scores stay. Raises ActRefused."""
    recorded = _as_recorded(context, current, transaction)
    source = _readable(source_as_made(recorded, current))
    hers = hr_words(recorded, month, current, transaction)
    with transaction.rehearsal():
        transaction.acts.decide(act, today=context.today)
        acts = transaction.acts.find(group=month.group, period=month.period)
        count = sum(one.kind is ActKind.DECIDE for one in acts)
        request = replace(
            request_again(transaction, source, month, current), words=hers.words, decision=count
        )
        made, _ = _made(recorded, request, transaction)
    return request, made, hers.told


def _rescore(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """The month by the set-up of today: its next revision, with a 更正通报 where it is issued."""
    month, current = _current(act, transaction)
    where = f"{month.group} {month.period}"
    if changed := changed_rules(context.setup.rulebook, transaction):
        raise ActRefused("".join(map(str, changed)))
    recorded = _as_recorded(context, current, transaction)
    changes = changes_since(recorded.setup, current, context.setup)
    if not changes:
        raise ActRefused(f"{where} 就是按现在的考核方案、设置、花名册和模板算的，不用重算。")
    source = source_of(context, month, current)
    hers = hr_words(recorded, month, current, transaction)
    number = transaction.months.next_revision(month.group, month.period)
    reason = f"考核规定或设置有改动，重新计算（{act.reason}）"
    kind = RevisionKind.CORRECTION if month.is_issued else RevisionKind.REPLACEMENT
    former = transaction.months.result(month.group, month.period) if month.is_issued else None
    request = replace(
        _request(source, number, act, kind, reason),
        is_draft=not month.is_issued,
        replaces=current.number,
        former=former,
        words=hers.words,
        promised=promised(former),
        document_number=number_of_correction(act.document_number, month, number),
    )
    made, result = _made(context, request, transaction)

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        on.acts.rescore(act)
        return on.months.record(result, provenance(context, on, request, made), on=act.on)

    told = (*hers.told, f"{where} 第{number}版按改动后的重算：{'；'.join(changes)}。")
    return ActEffect(act, write, (request, made), changes_later=True, told=told)


def _as_recorded(context: RunContext, current: Revision, transaction: Transaction) -> RunContext:
    """The set-up that the revision was made with. Raises ActRefused."""
    try:
        return context.as_recorded(current, transaction)
    except (FormerSetupError, AppraisalError) as error:
        raise ActRefused(
            f"{current.group} {current.period} 当时的规则和设置用不了（{str(error).rstrip('。')}），没有办理。请告诉管理员。"
        ) from None


def _not_heeded(context: RunContext, recorded: RunContext, current: Revision) -> tuple[str, ...]:
    """What was changed since and counts for later months only, in one sentence."""
    changes = changes_since(recorded.setup, current, context.setup)
    if not changes:
        return ()
    where = f"{current.group} {current.period}"
    return (
        f"{where} 算出以后有改动：{'；'.join(changes)}。本次仍按当时的办理；要按改动后的算，请办“重算”（rescore）。",
    )


def _readable(source: MonthSource | None) -> MonthSource:
    """The source, in which there is a submission. Raises ActRefused."""
    if source is None or source.reading.submission is None:
        errors = [one for one in source.reading.findings if one.is_error] if source else []
        why = f"（{errors[0].place} {errors[0].message}）" if errors else ""
        raise ActRefused(
            f"存档的上报表按这个月的规则、花名册和自评表读不通{why}，没有办理。请店长改正后重新报送。"
        )
    return source


def _request(
    source: MonthSource | None, number: int, act: Act, kind: RevisionKind, reason: str | None
) -> RevisionRequest:
    source = _readable(source)
    assert source.reading.submission is not None
    return RevisionRequest(
        source.reading.submission,
        number,
        act.on,
        kind,
        is_draft=False,
        reason=reason,
        document_number=act.document_number,
        own_forms=source.own_forms,
    )


def _made(
    context: RunContext, request: RevisionRequest, transaction: Transaction
) -> tuple[Appraised, GroupResult]:
    made = make_revision(context, request, transaction)
    if isinstance(made, Failed) and made.template:
        raise ActRefused(f"{made.template}没有办理。")
    if isinstance(made, Failed):
        raise RuntimeError(made.trace)
    if made.result is None:
        first = next(one for one in made.findings if one.is_error)
        raise ActRefused(
            f"存档的上报表按这个月的规则有问题（{first.place} {first.message}），没有办理。请店长改正后重新报送。"
        )
    return made, made.result


def _current(act: Act, transaction: Transaction) -> tuple[GroupMonth, Revision]:
    assert act.group is not None
    current = transaction.months.current(act.group, act.period)
    if current is None:
        raise ActRefused(f"{act.group} {act.period} 没有有效的考核结果，请核对考核组和考核月份。")
    return current


_CORRECTION_TO_COME = (
    "决定更正的，还要请店长报来更正的上报表（“报送性质”选“更正报送”），或办“重算”；更正通报和金额随之办理。"
)


def _answering(act: Act) -> Callable[[Transaction], tuple[MoneyLine, ...]]:
    """An answer to an appeal moves no money: the correction that follows does."""

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        on.acts.answer(act)
        return ()

    return write


def _closing(act: Act) -> Callable[[Transaction], tuple[MoneyLine, ...]]:
    """Closing and reopening move no money."""

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        (on.acts.close if act.kind is ActKind.CLOSE else on.acts.reopen)(act)
        return ()

    return write
