"""Months on their way into the outbox: intended in the ledger first, then written, then made safe.

What people put into a month's folder stays when its papers are written again. A filled 整改方案, 面谈记录 or 申诉表 lies there
in the place of its empty form, as the person filled it in: one that was returned before bears no marks of that. It is
found again in the archive by the hash that the ledger keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import PlanState, Step
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, RevisionRequest
from appraisal.pipeline.blanks import NEXT_MONTH_FOLDER
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.reading import archived_file, as_filled_in
from appraisal.scheme.forms.personal import (
    APPEAL_SHEET,
    APPEALS_FOLDER,
    INTERVIEW_SHEET,
    PLAN_SHEET,
    paper_name,
)
from appraisal.scoring.results import GroupResult
from appraisal.validation.other_forms import Surroundings
from appraisal.workspace.names import month_folder, safe_file_name
from appraisal.workspace.outbox import (
    Outbox,
    Placement,
    edition_mark,
    former_edition,
    intended_by,
    placed_paper,
)
from appraisal.workspace.paths import sha256_of


def open_outbox(context: RunContext, folder: str, *, claim: int | None = None) -> Outbox:
    """The outbox, knowing what we placed, or began to place, in `folder` (below the outbox).

    `claim` is the dropped file's in the journal that is the reason for what will be written.
    """
    with context.ledger.reading() as transaction:
        return _outbox(context, transaction, folder, claim)


def place(context: RunContext, outbox: Outbox, request: RevisionRequest, made: Appraised) -> list[str]:
    """Put the papers into the month's folder, the former revision's out of the way; the paths. Raises OSError.

    The outbox knows the group's folder.
    """
    with context.ledger.reading() as transaction:
        placement = _placement(context, transaction, outbox, request, made)
    placement.prepare()
    outbox.intend(intended_by(placement.ready))
    placement.write()
    _sync(context, [placement])
    return placement.paths


def place_all(
    context: RunContext, months: Sequence[tuple[RevisionRequest, Appraised]]
) -> list[Placement | OSError]:
    """Put the papers of several months into their folders, intended in one transaction and synced together.

    One that cannot be placed costs the others nothing: its error stands in its place.
    """
    with context.ledger.reading() as transaction:
        placements = [
            _placement(
                context,
                transaction,
                _outbox(context, transaction, safe_file_name(request.submission.group), request.claim),
                request,
                made,
            )
            for request, made in months
        ]
    failed: dict[int, OSError] = {}

    def each(step: Callable[[Placement], None]) -> list[Placement]:
        for index, placement in enumerate(placements):
            if index not in failed:
                try:
                    step(placement)
                except OSError as error:
                    failed[index] = error
        return [placement for index, placement in enumerate(placements) if index not in failed]

    prepared = each(Placement.prepare)
    with context.ledger.writing() as transaction:
        transaction.placed.intend(intended_by(ready for placement in prepared for ready in placement.ready))
        transaction.journal.advance_all(
            (request.claim for request, _ in months if request.claim is not None), Step.COMPUTED
        )
    written = each(Placement.write)
    try:
        _sync(context, written)
    except OSError:  # whose papers they are is seen one by one
        each(lambda placement: _sync(context, [placement]))
    return [failed.get(index, placement) for index, placement in enumerate(placements)]


def place_documents(
    context: RunContext,
    folder: str,
    documents: Mapping[str, bytes],
    *,
    drops_others: bool = False,
    gone: Iterable[str] = (),
) -> list[str]:
    """Place the documents in the folder, below the outbox; their paths.

    What we placed there otherwise goes, or only what is `gone`. Raises OSError.
    """
    outbox = open_outbox(context, folder)
    paths = outbox.place(folder, documents)
    if drops_others:
        outbox.drop_others(folder, paths)
    outbox.drop(path for path in gone if path not in paths)
    context.files.sync(outbox.at(path) for path, digest in outbox.changed.items() if digest is not None)
    with context.ledger.writing() as transaction:
        note_placed(transaction, outbox)
    return paths


def note_placed(transaction: Transaction, outbox: Outbox, *, returned: int | None = None) -> None:
    """Write into the ledger what the outbox now holds of ours; it keeps no empty folders.

    `returned` is the claim of the dropped file that goes back by what was written.
    """
    outbox.remove_empty()
    placed, changed = transaction.placed, outbox.changed
    placed.wrote({path: digest for path, digest in changed.items() if digest is not None}, returned=returned)
    placed.forget(path for path, digest in changed.items() if digest is None)


def _outbox(context: RunContext, transaction: Transaction, folder: str, claim: int | None) -> Outbox:
    def intend(files: Mapping[str, str]) -> None:
        with context.ledger.writing() as on:
            on.placed.intend(files)
            if claim is not None:
                on.journal.advance(claim, Step.COMPUTED)

    placed, intended = transaction.placed.under(folder), transaction.placed.intended(folder)
    return Outbox(
        root=context.workspace.outbox, files=context.files, placed=placed, intended=intended, intend=intend
    )


def _placement(
    context: RunContext,
    transaction: Transaction,
    outbox: Outbox,
    request: RevisionRequest,
    made: Appraised,
) -> Placement:
    group, period = request.submission.group, request.submission.period
    folder, documents = month_folder(group, period), _with_filed_forms(context, transaction, made)
    if request.decision is not None:  # what says the same as before stays as it lies, filled in or not
        documents = {
            name: content
            for name, content in documents.items()
            if _lies_as(outbox, folder, name) != sha256_of(content)
        }
    return Placement(
        outbox,
        folder=folder,
        documents=documents,
        mark=edition_mark(request.revision, is_draft=request.is_draft),
        makes_room=_former(request),
        is_partial=request.decision is not None,
        blank_folder=f"{safe_file_name(group)}/{NEXT_MONTH_FOLDER}",
        blank={} if request.decision is not None else made.next_month_blank,
    )


def _lies_as(outbox: Outbox, folder: str, name: str) -> str | None:
    """The hash of the paper as we placed it last, in its place or beside one of HR's."""
    stem, dot, ending = name.rpartition(".")
    path = placed_paper(outbox.placed, folder, stem, dot + ending)
    return None if path is None else outbox.placed[path]


def _former(request: RevisionRequest) -> str | None:
    """The folder of 历史版次 for what lay there before; a draft that HR decided about makes room for nobody."""
    if request.decision is not None:
        return None if request.is_draft else f"第{request.revision}版_第{request.decision}次裁定前"
    return former_edition(request.replaces) if request.replaces else None


def _sync(context: RunContext, placements: Sequence[Placement]) -> None:
    context.files.sync(placed.outbox.at(ready.path) for placed in placements for ready in placed.ready)


# -------------------------------------------------------- filled forms in the place of the empty ones

SUBMITTED = "_已提交"
MARKS = {PlanState.SUBMITTED: SUBMITTED, PlanState.ACCEPTED: "_已审核"}
"""What the name of a filled plan ends with, by how far the plan has come."""


def surroundings(context: RunContext, dropped: DroppedFile) -> Surroundings:
    """What a filled form is held against besides the ledger."""
    return Surroundings(context.setup.roster, dropped.managers_group, context.today)


def file_paper(
    context: RunContext, outbox: Outbox, *, folder: str, name: str, archived: Path, instead_of: Sequence[str]
) -> str:
    """Put the filled form into the folder and take away the empty one and those before; its path.

    What somebody wrote into them where they lie stays, but for the very bytes that were handed in.
    """
    (path,) = outbox.place(folder, {name: as_filled_in(context, archived)})
    outbox.drop([f"{folder}/{former}" for former in instead_of], or_like=archived.read_bytes())
    outbox.files.sync([outbox.at(path)])
    return path


def filed_appeals(outbox: Path, group: str, period: Period) -> list[Path]:
    """The filled 申诉表 that lie in the month's folder, against former revisions too, in the order of their coming."""
    found = (outbox / month_folder(group, period)).rglob(f"{APPEALS_FOLDER}/*{SUBMITTED}*.xlsx")
    forms = [path for path in found if path.is_file() and not path.name.startswith("~$")]
    return sorted(forms, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _with_filed_forms(context: RunContext, transaction: Transaction, made: Appraised) -> dict[str, bytes]:
    """The month's documents, what has come by now of its plans, talks and appeals in the place of their forms."""
    assert made.result is not None
    filed = {
        form: (name, as_filled_in(context, archived))
        for form, (name, sha256) in _filed_forms(transaction, made.result).items()
        if form in made.documents and (archived := archived_file(context.workspace, sha256)) is not None
    }
    return dict(filed.get(name, (name, content)) for name, content in made.documents.items())


def _filed_forms(transaction: Transaction, result: GroupResult) -> dict[str, tuple[str, str]]:
    """By the name of the empty form, name and hash of the filled one; of people whom the result knows."""
    group, period = result.group, result.period
    came = [
        (staff, PLAN_SHEET, MARKS[state], sha256)
        for staff, (state, sha256) in transaction.plans.papers_of(group, period).items()
        if state in MARKS
    ]
    talks = transaction.plans.talks_of(group, period)
    came += [(staff, INTERVIEW_SHEET, SUBMITTED, talk.sha256) for staff, talk in talks.items()]
    names = {person.id: person.name for person in result.staff}
    filed = {
        paper_name(staff, names[staff], sheet): (paper_name(staff, names[staff], sheet, mark), sha256)
        for staff, sheet, mark, sha256 in came
        if staff in names
    }
    return filed | {
        paper_name(kept.staff, kept.name, APPEAL_SHEET): (
            paper_name(kept.staff, kept.name, APPEAL_SHEET, SUBMITTED),
            kept.sha256,
        )
        for kept in transaction.appeals.of_month(group, period)
        if kept.revision == result.revision and kept.complete_on is not None and kept.staff in names
    }
