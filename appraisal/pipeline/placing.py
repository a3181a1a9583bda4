"""Months on their way into the outbox: intended in the ledger first, then written, then made safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Step
from appraisal.pipeline.appraise import Appraised
from appraisal.pipeline.blanks import NEXT_BLANK
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.filed_papers import FiledPaper, filed_papers, with_filed
from appraisal.pipeline.revisions import RevisionRequest
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


def place(context: RunContext, request: RevisionRequest, made: Appraised) -> tuple[Outbox, list[str]]:
    """Put the papers into the month's folder, the former revision's out of the way; OSError if not."""
    outbox = open_outbox(context, _folder(request))
    return outbox, place_into(context, outbox, request, made)


def place_into(context: RunContext, outbox: Outbox, request: RevisionRequest, made: Appraised) -> list[str]:
    """The same into an outbox that knows the group's folder; the paths. Raises OSError."""
    with context.ledger.reading() as transaction:
        filed = _filed(context, transaction, made)
    placement = _placement(outbox, request, made, filed)
    placement.prepare()
    outbox.intend(intended_by(placement.ready))
    placement.write()
    _sync(context, [placement])
    return placement.paths


def place_all(
    context: RunContext, months: Sequence[tuple[RevisionRequest, Appraised]]
) -> list[Placement | OSError]:
    """The same of several months, intended in one transaction and synced together.

    One that cannot be placed costs the others nothing: its error stands in its place.
    """
    with context.ledger.reading() as transaction:
        placements = [
            _placement(
                _outbox(context, transaction, _folder(request), request.claim),
                request,
                made,
                _filed(context, transaction, made),
            )
            for request, made in months
        ]
    failed: dict[int, OSError] = {}

    def each(step: Callable[[Placement], None]) -> list[Placement]:
        for at, placement in enumerate(placements):
            if at not in failed:
                try:
                    step(placement)
                except OSError as error:
                    failed[at] = error
        return [one for at, one in enumerate(placements) if at not in failed]

    prepared = each(Placement.prepare)
    with context.ledger.writing() as transaction:
        transaction.placed.intend(intended_by(ready for one in prepared for ready in one.ready))
        transaction.journal.advance_all(
            (one.claim for one, _ in months if one.claim is not None), Step.COMPUTED
        )
    written = each(Placement.write)
    try:
        _sync(context, written)
    except OSError:  # whose papers they are is seen one by one
        each(lambda placement: _sync(context, [placement]))
    return [failed.get(at, one) for at, one in enumerate(placements)]


def note_placed(transaction: Transaction, outbox: Outbox, *, returned: int | None = None) -> None:
    """Write into the ledger what the outbox now holds of ours; it keeps no empty folders.

    `returned` is the claim of the dropped file that goes back by what was written.
    """
    outbox.remove_empty()
    placed, changed = transaction.placed, outbox.changed
    placed.wrote({path: digest for path, digest in changed.items() if digest is not None}, returned=returned)
    placed.forget(path for path, digest in outbox.changed.items() if digest is None)


def _outbox(context: RunContext, transaction: Transaction, folder: str, claim: int | None) -> Outbox:
    def intend(files: Mapping[str, str]) -> None:
        with context.ledger.writing() as on:
            on.placed.intend(files)
            if claim is not None:
                on.journal.advance(claim, Step.COMPUTED)

    placed, intended = transaction.placed.under(folder), transaction.placed.intended(folder)
    return Outbox(context.workspace.outbox, context.files, placed, intended, intend)


def _folder(request: RevisionRequest) -> str:
    return safe_file_name(request.submission.group)


def _filed(context: RunContext, transaction: Transaction, made: Appraised) -> list[FiledPaper]:
    assert made.result is not None
    return filed_papers(context, transaction, made.result)


def _placement(
    outbox: Outbox, request: RevisionRequest, made: Appraised, filed: list[FiledPaper]
) -> Placement:
    group, period = request.submission.group, request.submission.period
    folder, documents = month_folder(group, period), with_filed(made.documents, filed)
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
        blank_folder=f"{_folder(request)}/{NEXT_BLANK}",
        blank={} if request.decision is not None else made.next_blank,
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
    context.files.sync(placed.outbox.at(one.path) for placed in placements for one in placed.ready)
