"""What each act of HR comes to: the papers that it makes or takes away, and what it writes into the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from appraisal.intake.hr_acts import Act
from appraisal.intake.submission import Reading, Submission
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, MoneyLine, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, Failed, RevisionRequest
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.notice_words import hr_words
from appraisal.pipeline.placing import filed_appeals
from appraisal.pipeline.reading import read_as_made, read_for_remake, read_with_latest_forms
from appraisal.pipeline.revisions import (
    as_next_revision,
    make_revision,
    number_of_correction,
    provenance_of,
    request_again,
)
from appraisal.pipeline.setup import PastSetupError
from appraisal.pipeline.setup_changes import changed_rules, changes_since
from appraisal.pipeline.workbook_checks import ranked_elsewhere
from appraisal.publish.notice.words import Words
from appraisal.scheme.forms.hr_acts import ACTS, FORCED, ActKind, AppealDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult
from appraisal.text import key
from appraisal.validation.other_forms import wrong_day


@dataclass(frozen=True, slots=True)
class ActEffect:
    """What an act comes to: what it writes, the papers that it makes or takes away, and what HR is told.

    `letters` are the papers about the act itself, by their names in the month's folder.
    """

    act: Act
    write: Callable[[Transaction], tuple[MoneyLine, ...] | None]
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
    _must_say_why(act)
    _must_be_plausible(context, act)
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
            act = replace(act, staff=_staff_meant(act, transaction))
            act = replace(act, item=transaction.appeals.meant(act).revision)
            sentences = (_CORRECTION_TO_COME,) if act.answer is AppealDecision.CORRECT else ()
            return ActEffect(act, lambda on: on.acts.answer(act), told=sentences)
        case ActKind.CLOSE:
            _must_be_handed_in(context, act, transaction)
            return ActEffect(act, lambda on: on.acts.close(act))
        case ActKind.REOPEN:
            return ActEffect(act, lambda on: on.acts.reopen(act))


_CORRECTION_TO_COME = (
    "决定更正的，还要请店长报来更正的上报表（“报送性质”选“更正报送”），或办“重算”；更正通报和金额随之办理。"
)


def _issue(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """The current revision once more, bearing HR's date and number: its deadlines follow from them."""
    month, current = _current(act, transaction)
    is_again = act.kind is ActKind.REISSUE
    if is_again and not transaction.appeals.of_month(month.group, month.period):
        _must_have_no_filed_appeal(context, act)
    if is_again and act.document_number is None:
        act = replace(act, document_number=month.document_number)
    if not act.is_forced and is_again is month.is_issued:
        _must_be_after_hand_in(act, current, transaction)
    recorded = _as_recorded(context, current, transaction)
    reading = read_as_made(recorded, current)
    hers = hr_words(recorded, month, current, transaction)
    if act.document_number is None:
        act = replace(act, document_number=hers.number)
    provenance = current.provenance
    request = _request(reading, current, act, provenance.kind, provenance.reason, hers.words)
    if provenance.corrects_issued:
        request = replace(
            request,
            former=transaction.months.result(month.group, month.period, current.number - 1),
            document_number=number_of_correction(
                None, replace(month, document_number=act.document_number), current.number
            ),
        )
    made, result = _made(recorded, request, transaction)
    sentences = (*hers.told, *_not_heeded(context, recorded, current))

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        words = on.documents.keep_words(request.words)
        return on.acts.issue(act, result, made.inputs, words, today=context.today)

    return ActEffect(act, write, (request, made), told=sentences)


def _correct(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """The waiting correction becomes a revision with a 更正通报; money is settled by the difference.

    It corrects what the manager handed in: the rules stay those that the month was scored by.
    """
    month, current = _current(act, transaction)
    waiting = transaction.corrections.meant(act)
    named = replace(act, item=waiting.number)  # another may come, but this is the one that HR saw
    recorded = _as_recorded(context, current, transaction)
    reading = read_with_latest_forms(recorded, waiting.sha256)
    hers = hr_words(recorded, month, current, transaction)
    request = _request(reading, current, act, RevisionKind.CORRECTION, waiting.reason, hers.words)
    request = as_next_revision(request, month, current, transaction)
    made, result = _made(recorded, request, transaction)
    (elsewhere,) = ranked_elsewhere(recorded.setup, transaction, [(request.submission, result)])
    if elsewhere:
        raise ActRefused(f"{elsewhere[0].message}{elsewhere[0].remedy}")

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        on.acts.approve_correction(named)
        return on.months.record(result, provenance_of(recorded, on, request, made), on=act.on)

    sentences = (*hers.told, *_not_heeded(context, recorded, current))
    return ActEffect(act, write, (request, made), changes_later=True, told=sentences)


def _decide(context: RunContext, act: Act, transaction: Transaction) -> ActEffect:
    """What was held is carried out or not; the month's papers tell it."""
    month, current = _current(act, transaction)
    act = replace(act, staff=_staff_meant(act, transaction))

    def decide(on: Transaction) -> tuple[MoneyLine, ...]:
        return on.acts.decide(act, today=context.today)

    if act.outcome is OutcomeType.CONSIDER_TRANSFER:  # no paper tells it; the streak begins anew
        return ActEffect(act, decide, changes_later=True)
    with transaction.rehearsal():
        decide(transaction)
    not_told = f"{act.month_in_words}：裁定已办理；{_NOT_TOLD}"
    try:
        request, made, sentences = _papers_after(context, act, month, current, transaction)
    except ActRefused:
        return ActEffect(act, decide, told=(not_told,))
    published = transaction.months.result(month.group, month.period)
    if published is None or made.result is None or made.result.outcomes != published.outcomes:
        return ActEffect(act, decide, told=(not_told,))

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        words = on.documents.keep_words(request.words)
        on.months.replace_result(published, current.provenance.inputs, words)
        return decide(on)

    return ActEffect(act, write, (request, made), told=sentences)


_NOT_TOLD = "当时的上报表和设置现在重做不出同样的结果，通报和绩效单没有更新，请以决定书为准。"


def _papers_after(
    context: RunContext, act: Act, month: GroupMonth, current: Revision, transaction: Transaction
) -> tuple[RevisionRequest, Appraised, tuple[str, ...]]:
    """The current revision's papers as they tell the decision: places and scores stay. Raises ActRefused."""
    recorded = _as_recorded(context, current, transaction)
    submission = _readable(read_as_made(recorded, current))
    hers = hr_words(recorded, month, current, transaction)
    with transaction.rehearsal():
        transaction.acts.decide(act, today=context.today)
        acts = transaction.acts.find(group=month.group, period=month.period)
        count = sum(act.kind is ActKind.DECIDE for act in acts)
        request = replace(
            request_again(transaction, submission, month, current), words=hers.words, decision=count
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
    reading = read_for_remake(context, month, current)
    hers = hr_words(recorded, month, current, transaction)
    reason = f"考核规定或设置有改动，重新计算（{act.reason}）"
    kind = RevisionKind.CORRECTION if month.is_issued else RevisionKind.REPLACEMENT
    request = _request(reading, current, act, kind, reason, hers.words)
    request = as_next_revision(request, month, current, transaction)
    made, result = _made(context, request, transaction)

    def write(on: Transaction) -> tuple[MoneyLine, ...]:
        on.acts.rescore(act)
        return on.months.record(result, provenance_of(context, on, request, made), on=act.on)

    sentences = (*hers.told, f"{where} 第{request.revision}版按改动后的重算：{'；'.join(changes)}。")
    return ActEffect(act, write, (request, made), changes_later=True, told=sentences)


def _as_recorded(context: RunContext, current: Revision, transaction: Transaction) -> RunContext:
    """The set-up that the revision was made with. Raises ActRefused."""
    try:
        return context.as_recorded(current, transaction)
    except PastSetupError as error:
        raise ActRefused(
            f"{current.group} {current.period} 当时的规则和设置用不了（{error}），没有办理。请告诉管理员。"
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


def _readable(reading: Reading | None) -> Submission:
    """What the month can be scored from. Raises ActRefused."""
    if reading is None or reading.submission is None:
        errors = [finding for finding in reading.findings if finding.is_error] if reading else []
        why = f"（{errors[0].place} {errors[0].message}）" if errors else ""
        raise ActRefused(
            f"存档的上报表按这个月的规则、花名册和自评表读不通{why}，没有办理。请店长改正后重新报送。"
        )
    return reading.submission


def _request(
    reading: Reading | None,
    current: Revision,
    act: Act,
    kind: RevisionKind,
    reason: str | None,
    words: Words,
) -> RevisionRequest:
    """What the act asks for, under the number of the current revision."""
    return RevisionRequest(
        _readable(reading),
        current.number,
        act.on,
        kind,
        is_draft=False,
        reason=reason,
        document_number=act.document_number,
        words=words,
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
        first = next(finding for finding in made.findings if finding.is_error)
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


# ------------------------------------------------------------------------- whether it can be meant


def _must_say_why(act: Act) -> None:
    """What undoes something, answers somebody or is done in spite of a doubt has its ground. Raises ActRefused."""
    asked = next(form for form in ACTS if form.kind is act.kind)
    if (act.is_forced or asked.needs_reason) and not act.reason.strip():
        which = asked.name if asked.needs_reason else f"{FORCED}的（--force）"
        raise ActRefused(f"{which}要写明原因，请补上原因（--reason）后再办。")


def _must_be_plausible(context: RunContext, act: Act) -> None:
    """No day that cannot be meant, unless HR means it. Raises ActRefused."""
    if act.is_forced:
        return
    wrong = wrong_day(act.kind, act.period, act.on, context.today, context.setup.settings.extra_holidays)
    if wrong is not None:
        finding = wrong.at(None, None)
        raise ActRefused(f"{finding.message}{finding.remedy}")


def _staff_meant(act: Act, transaction: Transaction) -> str | None:
    """The id of the person: HR may have written the name, where nobody else in the group has it."""
    names = {
        staff: name
        for (group, staff), name in transaction.months.names(act.period).items()
        if group == act.group
    }
    if act.staff is None or act.staff in names:
        return act.staff
    same = [staff for staff, name in names.items() if key(name) == key(act.staff)]
    if len(same) > 1:
        raise ActRefused(f"{act.month_in_words} 有{len(same)}位{act.staff}：{'、'.join(same)}。请写明工号。")
    return same[0] if same else act.staff


def _must_be_handed_in(context: RunContext, act: Act, transaction: Transaction) -> None:
    """Nobody is shut out by mistake. Raises ActRefused."""
    if act.is_forced:
        return
    missing = context.facts(transaction, act.period).missing_groups
    if act.group is not None:
        missing = () if act.group in transaction.months.groups_handed_in(act.period) else (act.group,)
    if missing:
        raise ActRefused(
            f"{act.period} 还有{'、'.join(missing)}没有报送，关账以后就不能再报。请等报齐；"
            "确实要关账的，“仍要办理”选“是”（命令加 --force），并写明原因。"
        )


def _must_be_after_hand_in(act: Act, current: Revision, transaction: Transaction) -> None:
    """A notice is never older than the figures in it. Raises ActRefused."""
    revisions = transaction.months.revisions(current.group, current.period)
    same = [
        revision for revision in revisions if revision.provenance.submission == current.provenance.submission
    ]
    handed_in = min(revision.provenance.made_on for revision in same)
    if act.on < handed_in:
        raise ActRefused(
            f"{act.month_in_words} 的上报表 {handed_in} 才受理，下发的日期不能早于这一天。"
            "请核对日期；确实要这样办的，“仍要办理”选“是”（命令加 --force）。"
        )


def _must_have_no_filed_appeal(context: RunContext, act: Act) -> None:
    """A form in the month's folder tells of an appeal, also where a restored ledger does not. Raises ActRefused."""
    assert act.group is not None
    if filed := filed_appeals(context.workspace.outbox, act.group, act.period):
        names = "、".join(path.name for path in filed)
        raise ActRefused(f"{act.month_in_words} 已有人申诉（月份文件夹里有 {names}），下发日期不能再改。")
