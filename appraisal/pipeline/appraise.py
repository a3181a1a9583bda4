"""Submissions in, finished documents out: pure, picklable, and never near a dropped file.

`appraise` runs wherever an executor puts it: in this process, in a pool, on a cluster.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from appraisal import __version__
from appraisal.findings.finding import Finding, has_errors
from appraisal.intake.hr_acts import Act
from appraisal.intake.submission import Submission
from appraisal.ledger.outcome_changes import as_decided
from appraisal.ledger.records import KeptOutcome, RevisionKind
from appraisal.period import Period
from appraisal.publish.blank.workbook import Known, blank_file_name, blank_workbook
from appraisal.publish.month import Month, OpenPlan
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import Templates
from appraisal.scheme.forms.submission import SubmissionForm, submission_form
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import MANAGER, SELF_FORM, GroupResult, History, InputFile, Inputs
from appraisal.scoring.scoring import GroupFigures, score_figures
from appraisal.validation.tables import validate_chunk
from appraisal.workspace.settings import Settings

if TYPE_CHECKING:
    from appraisal.publish.notice.words import Words


@dataclass(frozen=True, slots=True)
class DecidedOutcomes:
    """A month's outcomes with HR's decisions, and the acts by which it made them."""

    outcomes: tuple[KeptOutcome, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class BegunBlank:
    """What a group's blank of a month begins with: the scheme in force then, and its people (id and name)."""

    group: str
    period: Period
    scheme: Scheme
    staff: tuple[tuple[str, str], ...]
    handin: date
    known: Known


@dataclass(frozen=True, slots=True)
class RevisionRequest:
    """A revision to be made: from which submission, under which number, bearing which date.

    Until HR has issued the month it `is_draft`, and the date is the day on which it is made.
    `replaces` is the revision whose papers make room; None for a first one, and for one that is only
    made again (下发). `former` is the issued result that it corrects and `reason` why, `promised_deadlines` those that
    the issued revision before gave. `decision` counts HR's decisions, for papers that are made
    again after one. `words` are HR's in the notice, `claim` is the journal's line of
    the dropped workbook that asks for it. `decided` is what papers tell where the ledger has lost it.

    The last four are what ledger and set-up add, so that it can be appraised in any process: `history`, without which
    nothing is scored; `posts` maps staff ids to 岗位; `open_plans` are earlier plans not settled on the day of issue;
    `next_month_blank` is for a group's latest month.
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
    promised_deadlines: Mapping[str, date] = field(default_factory=dict)
    document_number: str | None = None
    words: Words = field(default_factory=dict)
    claim: int | None = None
    decided: DecidedOutcomes | None = None
    history: History | None = None
    posts: Mapping[str, str] = field(default_factory=dict)
    open_plans: tuple[OpenPlan, ...] = ()
    next_month_blank: BegunBlank | None = None


@dataclass(frozen=True, slots=True)
class ChunkSetup:
    """What every request of a chunk shares."""

    scheme: Scheme
    rules_sha256: str
    settings: Settings
    templates: Templates


@dataclass(frozen=True, slots=True)
class Appraised:
    """What was made of one month.

    With an error among `findings` nothing was scored: `result` is None and `documents` is empty.
    Otherwise `documents` maps names inside the month's folder to bytes, result.json last; `next_month_blank`
    is next month's blank by its name, if one was asked for.
    """

    findings: tuple[Finding, ...]
    result: GroupResult | None
    documents: Mapping[str, bytes]
    inputs: Inputs
    next_month_blank: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was made: a mistake of ours, whose trace the administrator gets to see.

    `template` says what is wrong with a template of the workspace's, where that is why; else it is "".
    """

    trace: str
    template: str = ""


def prepare_worker(templates: Templates) -> None:
    """Have this process ready for a first chunk that comes with these templates."""
    from appraisal.publish.papers import compile_templates  # noqa: PLC0415 - as below

    compile_templates(templates)


def appraise(requests: Sequence[RevisionRequest], shared: ChunkSetup) -> list[Appraised | Failed]:
    """Every request of the chunk, in order: validated together, then scored and published one by one.

    A mistake of ours costs its own group only: in its place stands `Failed`. Where validation
    itself fails they go one by one.
    """
    try:
        found = validate_chunk([request.submission for request in requests], shared.scheme)
    except Exception:  # noqa: BLE001 - whatever it is, the other groups must not pay for it
        if len(requests) == 1:
            return [Failed(traceback.format_exc())]
        return [made for request in requests for made in appraise([request], shared)]
    form = submission_form(shared.scheme)
    return [
        _guarded(request, findings, shared, form) for request, findings in zip(requests, found, strict=True)
    ]


def _guarded(
    request: RevisionRequest, findings: tuple[Finding, ...], shared: ChunkSetup, form: SubmissionForm
) -> Appraised | Failed:
    try:
        return _appraise(request, findings, shared, form)
    except TemplateError as error:
        return Failed(traceback.format_exc(), str(error))
    except Exception:  # noqa: BLE001 - a mistake of ours costs its own group only
        return Failed(traceback.format_exc())


def _appraise(
    request: RevisionRequest, findings: tuple[Finding, ...], shared: ChunkSetup, form: SubmissionForm
) -> Appraised:
    inputs = inputs_of(request, shared)
    if has_errors(findings):
        return Appraised(findings, None, {}, inputs)
    from appraisal.publish.papers import papers  # noqa: PLC0415 - where a worker makes them, nobody else needs it

    month, result = scored_month(request, findings, shared, form)
    return Appraised(
        findings=findings,
        result=result,
        documents=papers(month, shared.templates, inputs, issued=result),
        inputs=inputs,
        next_month_blank=begun_blank(request.next_month_blank, shared.settings),
    )


def inputs_of(request: RevisionRequest, shared: ChunkSetup) -> Inputs:
    """What the revision is made from."""
    submission = request.submission
    self_forms = (InputFile(SELF_FORM, sha256) for sha256 in submission.self_forms)
    return Inputs((InputFile(MANAGER, submission.sha256), *self_forms), shared.rules_sha256, __version__)


def scored_month(
    request: RevisionRequest, findings: Iterable[Finding], shared: ChunkSetup, form: SubmissionForm
) -> tuple[Month, GroupResult]:
    """A validated month as its papers tell it, and its result as at issue: without what HR decided since."""
    submission, settings, decided = request.submission, shared.settings, request.decided
    assert request.history is not None  # the ledger was asked
    issue = Issue(
        issued=request.issued,
        revision=request.revision,
        extra_holidays=settings.extra_holidays,
        is_trial=settings.trial,
        promised_deadlines=request.promised_deadlines,
    )
    figures, result = score(submission, findings, shared.scheme, request.history, issue)
    month = Month(
        result=as_decided(result, decided.outcomes, decided.acts) if decided else result,
        submission=figures.submission,
        scheme=shared.scheme,
        form=form,
        settings=settings,
        history=request.history,
        posts=request.posts,
        former=request.former,
        reason=request.reason,
        document_number=request.document_number,
        open_plans=request.open_plans,
        is_draft=request.is_draft,
        words=request.words,
        measured=figures,
    )
    return month, result


def score(
    submission: Submission, findings: Iterable[Finding], scheme: Scheme, history: History, issue: Issue
) -> tuple[GroupFigures, GroupResult]:
    """A validated month's figures and result; what validation warned of goes with them."""
    figures = GroupFigures(replace(submission, warnings=(*submission.warnings, *findings)), scheme)
    return figures, score_figures(figures, history, issue)


def begun_blank(begun: BegunBlank | None, settings: Settings) -> dict[str, bytes]:
    """The blank by its name; nothing where none is begun."""
    if begun is None:
        return {}
    content = blank_workbook(
        begun.scheme,
        group=begun.group,
        period=begun.period,
        staff=begun.staff,
        settings=settings,
        handin=begun.handin,
        known=begun.known,
    )
    return {blank_file_name(begun.scheme, begun.group, begun.period): content}
