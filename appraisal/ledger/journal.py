"""The journal of dropped files, each claim's steps, so that a restart goes on where it was stopped;
and the files that we placed in the outbox, so that one with other bytes is known not to be ours.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, bindparam, delete, insert, literal, select, true, update

from appraisal.findings.finding import Finding
from appraisal.findings.kind import Severity
from appraisal.ledger.database import Repository, as_record, as_row, at_a_time
from appraisal.ledger.records import Claim, FileResult, InboxFile, Step
from appraisal.ledger.tables import claims, intended_files, placed_files
from appraisal.period import Period


class Journal(Repository):
    """One line per claim of a dropped file."""

    def receive(self, dropped: InboxFile, at: datetime) -> Claim:
        """The unfinished claim of the same bytes under the same name, or else a new one."""
        for claim in self.claims_of(dropped.sha256):
            if claim.step < Step.CLEARED and claim.dropped.file == dropped.file:
                return claim
        line = insert(claims).values(**asdict(dropped), received_at=at, step=Step.RECEIVED)
        number = self._connection.execute(line).inserted_primary_key
        assert number is not None
        return Claim(id=number[0], dropped=dropped, received_at=at, step=Step.RECEIVED, result=None)

    def advance(self, claim: int, step: Step, result: FileResult | None = None) -> None:
        """Say that the claim has come to `step`; a result replaces the former one.

        Twice is as good as once, and a claim that is already further stays as it is.
        """
        change: dict[str, Any] = {"step": step}
        if result is not None:
            findings, outputs = [asdict(finding) for finding in result.findings], list(result.outputs)
            change |= as_row(result) | {"findings": _written(findings), "outputs": _written(outputs)}
        this = (claims.c.id == claim) & (claims.c.step <= step)
        self._connection.execute(update(claims).where(this).values(**change))

    def advance_all(self, of: Iterable[int], step: Step) -> None:
        """Say that each of the claims has come to `step`; one that is already further stays as it is."""
        these = claims.c.id.in_(list(of)) & (claims.c.step <= step)
        self._connection.execute(update(claims).where(these).values(step=step))

    def claim(self, claim: int) -> Claim | None:
        return next(iter(self._claims(claims.c.id == claim)), None)

    def unfinished(self) -> tuple[Claim, ...]:
        """Claims that are not yet CLEARED, in the order in which they were received."""
        # Written into the statement, so that the database sees that the small index will do.
        cleared = literal(Step.CLEARED.value, literal_execute=True)
        return self._claims(claims.c.step < cleared)

    def claims_of(self, sha256: str) -> tuple[Claim, ...]:
        """Every claim of the same bytes, in the order in which they were received."""
        return self._claims(claims.c.sha256 == sha256)

    def claims_of_all(self, sha256s: Iterable[str]) -> tuple[Claim, ...]:
        """Every claim of any of these bytes."""
        return tuple(
            claim for some in at_a_time(sha256s) for claim in self._claims(claims.c.sha256.in_(some))
        )

    def returned(self, *periods: Period) -> tuple[Claim, ...]:
        """Claims of files whose returned papers still lie in the outbox, of these periods or of an unknown one."""
        lying = select(placed_files.c.returned).where(placed_files.c.returned.is_not(None))
        is_about = claims.c.period.is_(None) | claims.c.period.in_(periods)
        return self._claims(claims.c.id.in_(lying) & is_about)

    def about(self, group: str, period: Period) -> tuple[Claim, ...]:
        """Claims that were judged to be of the group, and of the period or of an unknown one."""
        is_of_period = claims.c.period.is_(None) | (claims.c.period == period)
        return self._claims((claims.c.group_name == group) & is_of_period)

    def received_since(self, moment: datetime) -> tuple[Claim, ...]:
        """Claims received at that moment or later, in the order of their coming."""
        day_before = moment - timedelta(days=1)  # texts with another offset from UTC sort a little otherwise
        late = self._claims(claims.c.received_at >= day_before)
        return tuple(claim for claim in late if claim.received_at >= moment)

    def of_month(self, period: Period, group: str | None) -> frozenset[int]:
        """The ids of claims that were judged to be of the period, and of the group if one is named."""
        is_of_group = true() if group is None else claims.c.group_name == group
        which = (claims.c.period == period) & is_of_group
        return frozenset(self._connection.scalars(select(claims.c.id).where(which)))

    def files_since(self, claim: int) -> tuple[tuple[int, str], ...]:
        """Id and path under the inbox of each file from this claim on, in order."""
        found = select(claims.c.id, claims.c.file).where(claims.c.id >= claim).order_by(claims.c.id)
        return tuple((row.id, row.file) for row in self._connection.execute(found))

    def owners_of_returned(self, folder: str) -> dict[str, Claim]:
        """Whose papers lie in `folder`, below the outbox, since they went back: path → claim."""
        path = placed_files.c.path
        lying = select(claims, path).join(placed_files, placed_files.c.returned == claims.c.id)
        rows = self._connection.execute(lying.where(_inside(placed_files, folder)).order_by(path))
        return {row.path: _claim(row) for row in rows}

    def _claims(self, which: ColumnElement[bool]) -> tuple[Claim, ...]:
        rows = self._connection.execute(select(claims).where(which).order_by(claims.c.id))
        return tuple(_claim(row) for row in rows)


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        id=row.id,
        dropped=as_record(InboxFile, row),
        received_at=row.received_at,
        step=Step(row.step),
        result=_result(row),
    )


def _result(row: Row[Any]) -> FileResult | None:
    if row.status is None:
        return None
    findings = tuple(
        Finding(**written | {"severity": Severity(written["severity"])})
        for written in json.loads(row.findings)
    )
    outputs = tuple(json.loads(row.outputs))
    return as_record(FileResult, row, findings=findings, outputs=outputs, note=row.note or "")


def _written(items: Sequence[Any]) -> str:
    return json.dumps(items, ensure_ascii=False)


_AFTER_SLASH = chr(ord("/") + 1)


class PlacedFiles(Repository):
    """Paths relative to the outbox, with `/`, to the sha256 of the bytes that we wrote there."""

    def intend(self, files: Mapping[str, str]) -> None:
        """The files, path → sha256, are about to be written: such bytes are ours from now on."""
        rows = [{"path": path, "sha256": sha256} for path, sha256 in files.items()]
        if rows:
            column = intended_files.c
            same = (column.path == bindparam("at")) & (column.sha256 == bindparam("hash"))
            pairs = [{"at": path, "hash": sha256} for path, sha256 in files.items()]
            self._connection.execute(delete(intended_files).where(same), pairs)
            self._connection.execute(insert(intended_files), rows)

    def wrote(self, files: Mapping[str, str], *, returned: int | None = None) -> None:
        """The files, path → sha256, stand there now; nothing is intended for their paths any more.

        `returned` is the claim of the dropped file that goes back by them.
        """
        self.forget(files)
        rows = [{"path": path, "sha256": sha256, "returned": returned} for path, sha256 in files.items()]
        if rows:
            self._connection.execute(insert(placed_files), rows)

    def forget(self, paths: Iterable[str]) -> None:
        """The files are no longer ours to replace: moved away, removed or given up."""
        rows = [{"gone": path} for path in paths]
        for table in (placed_files, intended_files):
            if rows:
                self._connection.execute(delete(table).where(table.c.path == bindparam("gone")), rows)

    def under(self, folder: str) -> dict[str, str]:
        """All our files in the folder and below, by path."""
        path = placed_files.c.path
        query = select(path, placed_files.c.sha256).where(_inside(placed_files, folder)).order_by(path)
        return {row.path: row.sha256 for row in self._connection.execute(query)}

    def intended(self, folder: str) -> dict[str, set[str]]:
        """What an interrupted program may have written in the folder and below: path → hashes."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self._connection.execute(select(intended_files).where(_inside(intended_files, folder))):
            found[row.path].add(row.sha256)
        return dict(found)


def _inside(table: Table, folder: str) -> ColumnElement[bool]:
    path = table.c.path
    return (path > f"{folder}/") & (path < f"{folder}{_AFTER_SLASH}")
