"""Making one revision of a group's month: what it is made from, appraised, and how it came about.

The same path serves a manager's first submission, a correction, a month that HR issues, and a later
month whose history changed.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby, islice

from appraisal import __version__
from appraisal.findings.finding import Finding
from appraisal.hr.facts import open_plans
from appraisal.intake.hr_acts import Act
from appraisal.intake.submission import Submission
from appraisal.ledger.documents import RULE_FILE
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, KeptOutcome, Making, Revision, RevisionKind
from appraisal.pipeline.appraise import Appraised, ChunkSetup, Failed, Task, appraise
from appraisal.pipeline.blanks import next_blank
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.kept_documents import CONTENT, FIGURES, fingerprint, keep_figures
from appraisal.pipeline.reading import OWN_FORM, MonthSource
from appraisal.pipeline.setup import Setup
from appraisal.processes.executors import in_flight, outcome
from appraisal.publish.notice.words import Words, number_in
from appraisal.publish.wording import number_of_edition
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.result_json import InputFile, Inputs
from appraisal.scoring.results import GroupResult, History
from appraisal.validation.tables import validate_chunk
from appraisal.workspace.paths import sha256_of

CHUNK = 16
"""Submissions validated together; pandera costs the same for one as for many."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A month's outcomes with HR's decisions, and the acts by which it made them."""

    outcomes: tuple[KeptOutcome, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class RevisionRequest:
    """A revision to be made: from which submission, under which number, bearing which date.

    Until HR has issued the month it `is_draft`, and the date is the day on which it is made.
    `replaces` is the revision whose papers make room; None for a first one, and for one that is only
    made again (下发). `former` is the issued result that it corrects and `reason` why, `promised` the deadlines that
    the issued revision before gave. `decision` counts HR's decisions, for papers that are made
    again after one. `own_forms` are the people's own self-assessments (sha256) that went into
    the submission, `words` are HR's in the notice, `claim` is the journal's line of
    the dropped workbook that asks for it. `decided` is what papers tell where the ledger has lost it.
    """

    submission: Submission
    revision: int
    issued: date
    kind: RevisionKind
    is_draft: bool
    reason: str | None = None
    replaces: int | None = None
    decision: int | None = None
    former: GroupResult | None = None
    promised: Mapping[str, date] = field(default_factory=dict)
    document_number: str | None = None
    own_forms: tuple[str, ...] = ()
    words: Words = field(default_factory=dict)
    claim: int | None = None
    decided: Decided | None = None


Made = tuple[RevisionRequest, Appraised | Failed]
"""What was asked for, and what was made."""


def make_revisions(
    context: RunContext, requests: Iterable[RevisionRequest], transaction: Transaction | None = None
) -> Iterator[Made]:
    """Each request with what was made, in order.

    Requests of one call are of one period, and those of one scheme follow each other. They are
    asked for as they are needed, and only a few chunks are under way, so that a pass over any
    number of workbooks takes the memory of some. `transaction` is one under way, whose changes count already.
    """
    started = (_started(context, chunk, transaction) for chunk in _chunks(context.setup, requests))
    for chunk in in_flight(started, context.executor):
        yield from _finished(chunk, context.executor)


def make_revision(
    context: RunContext, request: RevisionRequest, transaction: Transaction | None = None
) -> Appraised | Failed:
    """What was made of a single request."""
    ((_, made),) = make_revisions(context, [request], transaction)
    return made


def validate(setup: Setup, drafts: Sequence[Submission]) -> list[tuple[Finding, ...]]:
    """What breaks the rules of its scheme, for each draft, in order."""
    found: dict[int, tuple[Finding, ...]] = {}
    by_version: dict[tuple[str, int], list[int]] = defaultdict(list)
    for at, draft in enumerate(drafts):
        by_version[draft.scheme, draft.version].append(at)
    for places in by_version.values():
        same = [drafts[at] for at in places]
        found.update(zip(places, validate_chunk(same, scheme_of(setup, same[0])), strict=True))
    return [found[at] for at in range(len(drafts))]


def promised(issued: GroupResult | None) -> dict[str, date]:
    """The deadlines of plans that an issued revision gave, by person: who still owes one has no other."""
    found: dict[str, date] = {}
    for one in () if issued is None else issued.outcomes:
        if one.type is OutcomeType.RECTIFICATION and one.due is not None:
            found[one.staff] = min(one.due, found.get(one.staff, one.due))
    return found


def scheme_of(setup: Setup, submission: Submission) -> Scheme:
    """The scheme that a well-read submission is scored by."""
    scheme = setup.rulebook.in_force(submission.scheme, submission.period)
    assert scheme is not None  # the submission was read by it
    return scheme


def provenance(
    context: RunContext, transaction: Transaction, request: RevisionRequest, made: Appraised
) -> Making:
    """How the revision came about; what it was made with is kept in the ledger by hash."""
    submission, scheme = request.submission, scheme_of(context.setup, request.submission)
    documents = transaction.documents
    rules = documents.keep(RULE_FILE, context.setup.rulebook.text_of(scheme))
    figures = keep_figures(transaction, submission, scheme)
    content = documents.keep(CONTENT, fingerprint(submission))
    kept = {kind: documents.keep(kind, content) for kind, content in context.setup.own_documents.items()}
    return Making(
        request.kind,
        context.today,
        submission.sha256,
        made.inputs,
        {RULE_FILE: rules, FIGURES: figures, CONTENT: content, **kept, **documents.keep_words(request.words)},
        request.reason,
    )


def request_again(
    transaction: Transaction, source: MonthSource, month: GroupMonth, current: Revision
) -> RevisionRequest:
    """The request that gave the month's current revision: its date, its number, and what it corrected."""
    words = transaction.documents.words(current.making.documents)
    former, number = None, month.document_number if month.is_issued else number_in(words)
    before = transaction.months.result(month.group, month.period, current.number - 1)
    submission = source.reading.submission
    assert submission is not None
    if current.making.corrects_issued:
        former = before
        number = number_of_correction(_number_given(transaction, current), month, current.number)
    return RevisionRequest(
        submission,
        current.number,
        current.issued,
        current.making.kind,
        is_draft=not month.is_issued,
        reason=current.making.reason,
        former=former,
        promised=_promised_before(before, current.making.kind, month.issued_on),
        document_number=number,
        own_forms=source.own_forms,
        words=words,
    )


def _promised_before(
    before: GroupResult | None, kind: RevisionKind, first_issued: date | None
) -> dict[str, date]:
    """The deadlines that a revision of this kind took over from the one `before`, where that was issued."""
    follows = kind in {RevisionKind.CORRECTION, RevisionKind.RECOMPUTED}
    if before is None or first_issued is None or not follows or before.issued < first_issued:
        return {}
    return promised(before)


def number_of_correction(given: str | None, month: GroupMonth, revision: int) -> str | None:
    """A 更正通报 bears the number that HR gave when agreeing to it, else the first notice's with its edition."""
    if given is not None or month.document_number is None:
        return given
    return number_of_edition(month.document_number, revision)


def _number_given(transaction: Transaction, current: Revision) -> str | None:
    if current.making.kind is not RevisionKind.CORRECTION:
        return None
    acts = transaction.acts.find(group=current.group, period=current.period)
    agreed = [act for act in acts if act.kind in _CORRECTING and act.on == current.issued]
    return agreed[-1].document_number if agreed else None


_CORRECTING = (ActKind.APPROVE_CORRECTION, ActKind.RESCORE)


# ---------------------------------------------------------------------------------------- chunks


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Requests that are appraised together, and the result to come where an executor is at it."""

    requests: list[RevisionRequest]
    tasks: list[Task]
    setup: ChunkSetup
    future: Future[list[Appraised | Failed]] | None


def _chunks(setup: Setup, requests: Iterable[RevisionRequest]) -> Iterator[list[RevisionRequest]]:
    """Neighbours by one standard: the scheme's version, in a month of its own the month's too."""

    def standard(request: RevisionRequest) -> tuple[str, int, str | None]:
        scheme = scheme_of(setup, request.submission)
        override = scheme.override_in(request.submission.period)
        return scheme.scheme, scheme.version, override.from_ if override else None

    for _, same in groupby(requests, standard):
        while chunk := list(islice(same, CHUNK)):
            yield chunk


def _started(context: RunContext, requests: list[RevisionRequest], transaction: Transaction | None) -> _Chunk:
    setup, period = context.setup, requests[0].submission.period
    scheme = scheme_of(setup, requests[0].submission)
    with nullcontext(transaction) if transaction else context.ledger.reading() as on:
        histories = on.past.before_each([one.submission.group for one in requests], period)
        tasks = [_task(one, context, histories[one.submission.group], on) for one in requests]
        tasks = _with_decisions(requests, tasks, on)
    shared = ChunkSetup(scheme, setup.settings, setup.templates)
    future = None if context.executor is None else context.executor.submit(appraise, tasks, shared)
    return _Chunk(requests, tasks, shared, future)


def _with_decisions(
    requests: Sequence[RevisionRequest], tasks: Sequence[Task], transaction: Transaction
) -> list[Task]:
    """Those of months about which HR has decided, with what it decided: papers tell it."""
    period = requests[0].submission.period
    outcomes = transaction.outcomes.of_months([one.submission.group for one in requests], period)

    def told(request: RevisionRequest, task: Task) -> Task:
        group, decided = request.submission.group, request.decided
        if decided is None and any(one.decision is not None for one in outcomes[group]):
            decided = Decided(outcomes[group], transaction.acts.find(group=group, period=period))
        return replace(task, outcomes=decided.outcomes, acts=decided.acts) if decided else task

    return [told(*each) for each in zip(requests, tasks, strict=True)]


def _finished(chunk: _Chunk, executor: Executor | None) -> Iterator[Made]:
    if executor is None or chunk.future is None:
        made = appraise(chunk.tasks, chunk.setup)
    else:
        # Where a whole chunk is lost, one group at a time tells whose month it was, if any's.
        made = outcome(
            chunk.future, again=lambda: [_alone(executor, task, chunk.setup) for task in chunk.tasks]
        )
    yield from zip(chunk.requests, made, strict=True)


def _alone(executor: Executor, task: Task, shared: ChunkSetup) -> Appraised | Failed:
    try:
        return executor.submit(appraise, [task], shared).result()[0]
    except Exception:  # noqa: BLE001 - each executor has its own words for a worker that died
        return Failed(traceback.format_exc())


def _task(request: RevisionRequest, context: RunContext, history: History, transaction: Transaction) -> Task:
    submission, setup = request.submission, context.setup
    settings, roster = setup.settings, setup.roster
    scheme = scheme_of(setup, submission)
    reminded = open_plans(transaction, request.issued, submission.group, before=submission.period)
    is_latest = not transaction.months.periods_after(submission.group, submission.period)
    members = roster.members_of(submission.group, submission.period) if roster else ()
    return Task(
        submission=submission,
        history=history,
        issue=Issue(
            request.issued, request.revision, settings.extra_holidays, settings.trial, request.promised
        ),
        inputs=Inputs(
            files=(
                InputFile("manager", submission.sha256),
                *(InputFile(OWN_FORM, sha256) for sha256 in request.own_forms),
            ),
            rules_sha256=sha256_of(setup.rulebook.text_of(scheme)),
            program=__version__,
        ),
        posts={one.id: one.post for one in members if one.post},
        former=request.former,
        reason=request.reason,
        document_number=request.document_number,
        is_draft=request.is_draft,
        words=request.words,
        open_plans=tuple(plan for _, plan in reminded),
        next_blank=next_blank(submission, scheme, context.setup_now) if is_latest else None,
    )
