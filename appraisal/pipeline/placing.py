"""Months on their way into the outbox: intended in the ledger first, then written, then made safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.ledger.records import Step
from appraisal.pipeline.appraise import Appraised, Made, Order
from appraisal.pipeline.blanks import NEXT_BLANK
from appraisal.workspace.files import Files
from appraisal.workspace.names import month_folder, safe_file_name
from appraisal.workspace.outbox import Outbox, Placement, intended_by
from appraisal.workspace.paths import Workspace


@dataclass(frozen=True, slots=True)
class Outboxes:
    """The folders of the outbox, as the ledger knows them."""

    workspace: Workspace
    ledger: Ledger
    files: Files

    def of(self, folder: str, *, claim: int | None = None) -> Outbox:
        """The outbox, knowing what we placed, or began to place, in `folder` (below the outbox).

        `claim` is the dropped file's in the journal that is the reason for what will be written.
        """
        with self.ledger.reading() as books:
            return self._of(books, folder, claim)

    def _of(self, books: Transaction, folder: str, claim: int | None) -> Outbox:
        def intend(files: Mapping[str, str]) -> None:
            with self.ledger.writing() as on:
                on.placed.intend(files)
                if claim is not None:
                    on.journal.advance(claim, Step.COMPUTED)

        placed, intended = books.placed.under(folder), books.placed.intended(folder)
        return Outbox(self.workspace.outbox, self.files, placed, intended, intend)

    def place(self, order: Order, appraised: Appraised) -> tuple[Outbox, list[str]]:
        """Put the papers into the month's folder, the former revision's out of the way; OSError if not."""
        outbox = self.of(safe_file_name(order.submission.group))
        return outbox, self.place_into(outbox, order, appraised)

    def place_into(self, outbox: Outbox, order: Order, appraised: Appraised) -> list[str]:
        """The same into an outbox that knows the group's folder; the paths. Raises OSError."""
        placement = _placement(outbox, order, appraised)
        placement.prepare()
        outbox.intend(intended_by(placement.ready))
        placement.write()
        self._sync([placement])
        return placement.paths

    def place_all(self, made: Sequence[Made]) -> list[Placement | OSError]:
        """The same of several months, intended in one transaction and synced together.

        One that cannot be placed costs the others nothing: its error stands in its place.
        """
        with self.ledger.reading() as books:
            placements = [
                _placement(self._of(books, safe_file_name(one.group), one.claim), one.order, one.appraised)
                for one in made
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
        with self.ledger.writing() as books:
            books.placed.intend(intended_by(ready for one in prepared for ready in one.ready))
            books.journal.advance_all((one.claim for one in made), Step.COMPUTED)
        written = each(Placement.write)
        try:
            self._sync(written)
        except OSError:  # whose papers they are is seen one by one
            each(lambda placement: self._sync([placement]))
        return [failed.get(at, one) for at, one in enumerate(placements)]

    def _sync(self, placements: Sequence[Placement]) -> None:
        self.files.sync(placed.outbox.at(one.path) for placed in placements for one in placed.ready)


def note_placed(books: Transaction, outbox: Outbox) -> None:
    """Write into the ledger what the outbox now holds of ours."""
    books.placed.wrote({path: digest for path, digest in outbox.changed.items() if digest is not None})
    books.placed.forget(path for path, digest in outbox.changed.items() if digest is None)


def _placement(outbox: Outbox, order: Order, appraised: Appraised) -> Placement:
    group, period = order.submission.group, order.submission.period
    return Placement(
        outbox,
        folder=month_folder(group, period),
        documents=appraised.documents,
        mark=f"_第{order.revision}版",
        replaces=order.replaces,
        blank_folder=f"{safe_file_name(group)}/{NEXT_BLANK}",
        blank=appraised.next_blank,
    )
