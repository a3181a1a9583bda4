"""Making one revision of a group's month: what it is made from, appraised, and how it came about.

The same path serves a manager's first submission, a correction, a month that HR issues, and a later
month whose history changed.
"""

from __future__ import annotations

import json
import traceback
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby, islice

from appraisal.findings.finding import Finding
from appraisal.hr.facts import open_plans
from appraisal.intake.submission import Submission
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.months import RULE_FILE
from appraisal.ledger.records import GroupMonth, KeptOutcome, Provenance, Revision, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.appraise import (
    Appraised,
    ChunkSetup,
    DecidedOutcomes,
    Failed,
    RevisionRequest,
    appraise,
)
from appraisal.pipeline.blanks import next_month_blank
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import fingerprint
from appraisal.pipeline.reading import read_as_made
from appraisal.pipeline.setup import Setup
from appraisal.processes.executors import in_flight, outcome
from appraisal.publish.notice.words import document_number_in
from appraisal.publish.wording import number_of_edition
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.results import GroupResult, History
from appraisal.validation.tables import validate_chunk
from appraisal.validation.unusual_figures import EarlierMonth, comparable_figures
from appraisal.workspace.paths import sha256_of

CONTENT, FIGURES = "content", "figures"
"""Kinds of document that the ledger keeps: the fingerprint of what a revision was made from, its typed figures."""

CHUNK = 16
"""Submissions validated together; pandera costs the same for one as for many."""


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
    for index, draft in enumerate(drafts):
        by_version[draft.scheme, draft.version].append(index)
    for places in by_version.values():
        same = [drafts[index] for index in places]
        found.update(zip(places, validate_chunk(same, scheme_of(setup, same[0])), strict=True))
    return [found[index] for index in range(len(drafts))]


def promised_deadlines(issued: GroupResult | None) -> dict[str, date]:
    """The deadlines of plans that an issued revision gave, by person: who still owes one has no other."""
    found: dict[str, date] = {}
    for given in () if issued is None else issued.outcomes:
        if given.type is OutcomeType.RECTIFICATION and given.due is not None:
            found[given.staff] = min(given.due, found.get(given.staff, given.due))
    return found


def scheme_of(setup: Setup, submission: Submission) -> Scheme:
    """The scheme that a well-read submission is scored by."""
    scheme = setup.rulebook.in_force(submission.scheme, submission.period)
    assert scheme is not None  # the submission was read by it
    return scheme


def provenance_of(
    context: RunContext, transaction: Transaction, request: RevisionRequest, made: Appraised
) -> Provenance:
    """How the revision came about; what it was made with is kept in the ledger by hash."""
    submission, scheme = request.submission, scheme_of(context.setup, request.submission)
    documents = transaction.documents
    rules = documents.keep(RULE_FILE, context.setup.rulebook.text_of(scheme))
    figures = keep_figures(transaction, submission, scheme)
    content = documents.keep(CONTENT, fingerprint(submission))
    kept = {kind: documents.keep(kind, content) for kind, content in context.setup.own_documents.items()}
    return Provenance(
        kind=request.kind,
        made_on=context.today,
        submission=submission.sha256,
        inputs=made.inputs,
        documents={
            RULE_FILE: rules,
            FIGURES: figures,
            CONTENT: content,
            **kept,
            **documents.keep_words(request.words),
        },
        reason=request.reason,
    )


def request_again(
    transaction: Transaction, submission: Submission, month: GroupMonth, current: Revision
) -> RevisionRequest:
    """The request that gave the month's current revision: its date, its number, and what it corrected."""
    words = transaction.documents.words(current.provenance.documents)
    former, number = None, month.document_number if month.is_issued else document_number_in(words)
    before = transaction.months.result(month.group, month.period, current.number - 1)
    if current.provenance.corrects_issued:
        former = before
        number = number_of_correction(_number_given(transaction, current), month, current.number)
    return RevisionRequest(
        submission,
        current.number,
        current.issued,
        current.provenance.kind,
        is_draft=not month.is_issued,
        reason=current.provenance.reason,
        former=former,
        promised_deadlines=_promised_before(before, current.provenance.kind, month.issued_on),
        document_number=number,
        words=words,
    )


def papers_as_published(
    recorded: RunContext, transaction: Transaction, month: GroupMonth, current: Revision
) -> Mapping[str, bytes]:
    """The papers of the month's current revision made once more; none where it cannot be made now.

    `recorded` has the revision's set-up.
    """
    reading = read_as_made(recorded, current)
    if reading is None or reading.submission is None:
        return {}
    request = request_again(transaction, reading.submission, month, current)
    made = make_revision(recorded, request, transaction)
    return {} if isinstance(made, Failed) else made.documents


def as_next_revision(
    request: RevisionRequest, month: GroupMonth, current: Revision, transaction: Transaction
) -> RevisionRequest:
    """The request for the revision that takes the place of the current one: with a 更正通报 where that is issued."""
    number = transaction.months.next_revision(month.group, month.period)
    former = transaction.months.result(month.group, month.period) if month.is_issued else None
    return replace(
        request,
        revision=number,
        is_draft=not month.is_issued,
        replaces=current.number,
        former=former,
        promised_deadlines=promised_deadlines(former),
        document_number=number_of_correction(request.document_number, month, number),
    )


def _promised_before(
    before: GroupResult | None, kind: RevisionKind, first_issued: date | None
) -> dict[str, date]:
    """The deadlines that a revision of this kind took over from the one `before`, where that was issued."""
    follows = kind in {RevisionKind.CORRECTION, RevisionKind.RECOMPUTED}
    if before is None or first_issued is None or not follows or before.issued < first_issued:
        return {}
    return promised_deadlines(before)


def number_of_correction(given: str | None, month: GroupMonth, revision: int) -> str | None:
    """A 更正通报 bears the number that HR gave when agreeing to it, else the first notice's with its edition."""
    if given is not None or month.document_number is None:
        return given
    return number_of_edition(month.document_number, revision)


def _number_given(transaction: Transaction, current: Revision) -> str | None:
    if current.provenance.kind is not RevisionKind.CORRECTION:
        return None
    acts = transaction.acts.find(group=current.group, period=current.period)
    agreed = [act for act in acts if act.kind in _CORRECTING and act.on == current.issued]
    return agreed[-1].document_number if agreed else None


_CORRECTING = (ActKind.APPROVE_CORRECTION, ActKind.RESCORE)


# --------------------------------------------------------------------- figures for later months


def keep_figures(transaction: Transaction, submission: Submission, scheme: Scheme) -> str:
    """Keep the month's figures in the ledger for later months to be compared with; their sha256."""
    figures = {
        staff: {name: f"{value.normalize():f}" for name, value in own.items()}
        for staff, own in comparable_figures(submission, scheme).items()
    }
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True)
    return transaction.documents.keep(FIGURES, text.encode())


def earlier_months(
    transaction: Transaction, months: Sequence[tuple[Submission, Scheme]]
) -> list[Sequence[EarlierMonth]]:
    """For each of these months, in order, what the ledger keeps of its group's months before, the latest first."""
    groups: defaultdict[tuple[Period, int], set[str]] = defaultdict(set)
    for submission, scheme in months:
        groups[submission.period, scheme.plausibility.months].add(submission.group)
    kept = {of: _kept(transaction, among, *of) for of, among in groups.items()}
    return [
        kept[submission.period, scheme.plausibility.months].get(submission.group, ())
        for submission, scheme in months
    ]


def _kept(
    transaction: Transaction, groups: Collection[str], period: Period, back: int
) -> Mapping[str, Sequence[EarlierMonth]]:
    found: defaultdict[str, list[EarlierMonth]] = defaultdict(list)
    for revision in transaction.months.current_before(groups, period, back):
        content = transaction.documents.get(revision.provenance.documents.get(FIGURES, ""))
        if content is not None:
            figures = {
                staff: {name: Decimal(value) for name, value in own.items()}
                for staff, own in json.loads(content).items()
            }
            found[revision.group].append(EarlierMonth(revision.period, figures))
    return found


# ---------------------------------------------------------------------------------------- chunks


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What is appraised together, and the result to come where an executor is at it."""

    requests: list[RevisionRequest]
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
        groups = [request.submission.group for request in requests]
        histories, outcomes = on.past.before_each(groups, period), on.outcomes.of_months(groups, period)
        requests = [
            _completed(request, context, histories[group], outcomes[group], on)
            for request, group in zip(requests, groups, strict=True)
        ]
    rules_sha256 = sha256_of(setup.rulebook.text_of(scheme))
    shared = ChunkSetup(scheme, rules_sha256, setup.settings, setup.templates)
    future = None if context.executor is None else context.executor.submit(appraise, requests, shared)
    return _Chunk(requests, shared, future)


def _completed(
    request: RevisionRequest,
    context: RunContext,
    history: History,
    outcomes: tuple[KeptOutcome, ...],
    transaction: Transaction,
) -> RevisionRequest:
    """The request with what ledger and set-up add to it."""
    submission, roster = request.submission, context.setup.roster
    reminded = open_plans(transaction, request.issued, submission.group, before=submission.period)
    is_latest = not transaction.months.periods_after(submission.group, submission.period)
    members = roster.members_of(submission.group, submission.period) if roster else ()
    scheme, setup_now = scheme_of(context.setup, submission), context.setup_now
    return replace(
        request,
        decided=request.decided or _decided(submission, outcomes, transaction),
        history=history,
        posts={member.id: member.post for member in members if member.post},
        open_plans=tuple(plan for _, plan in reminded),
        next_month_blank=next_month_blank(submission, scheme, setup_now) if is_latest else None,
    )


def _decided(
    submission: Submission, outcomes: tuple[KeptOutcome, ...], transaction: Transaction
) -> DecidedOutcomes | None:
    """What HR has decided about the month, where it has: papers tell it."""
    if all(kept.decision is None for kept in outcomes):
        return None
    return DecidedOutcomes(outcomes, transaction.acts.find(group=submission.group, period=submission.period))


def _finished(chunk: _Chunk, executor: Executor | None) -> Iterator[Made]:
    if executor is None or chunk.future is None:
        made = appraise(chunk.requests, chunk.setup)
    else:
        # Where a whole chunk is lost, one group at a time tells whose month it was, if any's.
        made = outcome(
            chunk.future, again=lambda: [_alone(executor, request, chunk.setup) for request in chunk.requests]
        )
    yield from zip(chunk.requests, made, strict=True)


def _alone(executor: Executor, request: RevisionRequest, shared: ChunkSetup) -> Appraised | Failed:
    try:
        return executor.submit(appraise, [request], shared).result()[0]
    except Exception:  # noqa: BLE001 - each executor has its own words for a worker that died
        return Failed(traceback.format_exc())
