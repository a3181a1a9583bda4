"""Removing personal data of months long past: from archive, outbox, receipts and the ledger together.

Files go first and the ledger last, as it says which they are: after an interruption the same command
does the rest.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from appraisal.delivery.message import OUTGOING
from appraisal.errors import AppraisalError
from appraisal.ledger.purging import is_payment_list
from appraisal.period import Period
from appraisal.pipeline.blanks import NEXT_MONTH_FOLDER, blank_month
from appraisal.pipeline.context import Tools
from appraisal.pipeline.returned_files import remove_receipts
from appraisal.pipeline.setup_changes import FORMER_ROSTERS
from appraisal.workspace.files import Files
from appraisal.workspace.names import HR_FINAL, HR_FOLDER, PAYMENTS, PERSONS, YEARS
from appraisal.workspace.paths import Workspace

KEPT_MONTHS = 24
"""Months younger than this are only removed when forced: papers on pay are kept two years at least."""


class PurgeRefused(AppraisalError):  # noqa: N818 - nothing is broken: it takes --force
    """The months are too young to be removed; one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Purged:
    """How many group months, archived files, papers, and error logs and ledger backups were removed.

    `behind_links` are papers that were left: a link on the way leads out of the outbox.
    """

    before: Period
    months: int
    archived: int
    papers: int
    traces: int
    behind_links: int

    def in_words(self) -> str:
        text = (
            f"已清除 {self.before} 以前的个人数据：台账{self.months}个考核月，存档{self.archived}份，"
            f"输出文件{self.papers}个，出错记录和台账备份{self.traces}个。"
            f"人事“{HR_FINAL}”里的文件没有动，需要时请自行清理。"
        )
        if self.behind_links:
            text += f"有{self.behind_links}个文件所在的文件夹是链接，没有动，请到链接指向的地方自行清理。"
        return text

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"before": str(self.before)}


def purge(tools: Tools, *, before: Period, forced: bool) -> Purged:
    """Remove whatever is about months before `before`. Raises PurgeRefused, unless forced, for young ones."""
    youngest = Period.of(tools.today).shifted(-KEPT_MONTHS)
    if before > youngest and not forced:
        raise PurgeRefused(
            f"{before} 以前的数据有的不满两年（{youngest} 以前的才满），没有清除。确实要清除的，加上 --force。"
        )
    workspace, files = tools.workspace, tools.files
    with tools.ledger.reading() as transaction:
        old = transaction.purging.before(before)
    archived = [path for sha256 in sorted(old.sha256s) for path in workspace.archive.glob(f"{sha256}.*")]
    papers = {
        *_papers(workspace.outbox, before),
        *(workspace.root / path for path in old.papers),
        *_payment_lists(workspace.outbox, old.paid_in),
        *(_all_in(workspace.outbox / PERSONS) if old.months else ()),
        *(path for year in old.years for path in (workspace.outbox / YEARS).glob(f"{year}*")),
    }
    present = sorted(path for path in papers if path.is_symlink() or path.is_file())
    traces = sorted(_traces(workspace, before))
    for path in (*archived, *traces):
        files.remove(path)
    there = [path for path in present if _is_removed(path, workspace.outbox, files)]
    files.remove_empty(there, workspace.outbox)
    remove_receipts(tools, of=old.claims)
    with tools.ledger.writing() as transaction:
        transaction.purging.forget(before)
    tools.ledger.reclaim_space()
    return Purged(
        before=before,
        months=len(old.months),
        archived=len(archived),
        papers=len(there),
        traces=len(traces),
        behind_links=len(present) - len(there),
    )


def _is_removed(path: Path, outbox: Path, files: Files) -> bool:
    """Whether it could be: not where a folder on the way is a link, or the path leads out of the outbox."""
    try:
        files.remove(path, inside=outbox)
    except OSError as error:
        if error.errno not in {errno.ELOOP, errno.ENOTDIR, errno.EXDEV}:
            raise
        return False
    return True


def _papers(outbox: Path, before: Period) -> Iterator[Path]:
    """Every file in the folders of old months, of groups and of HR, and blanks made of them; edited ones too."""
    for folder in outbox.glob("*/*"):
        period = _period(folder.name)
        if period is None or period >= before or folder.is_symlink() or not folder.is_dir():
            continue
        own = folder / HR_FINAL if folder.parent.name == HR_FOLDER else None
        for where, folders, names in os.walk(folder):
            if own is not None and Path(where) == folder:
                folders[:] = [name for name in folders if name != HR_FINAL]
            yield from (Path(where, name) for name in names)
    for path in outbox.glob(f"*/{NEXT_MONTH_FOLDER}/*"):
        month = blank_month(path.name)
        if month is not None and month.shifted(-1) < before and not path.parent.is_symlink():
            yield path  # it holds the targets of the month before its own


def _payment_lists(outbox: Path, paid_in: Collection[Period]) -> Iterator[Path]:
    """Those that name somebody for a month that is to go; what is left of them is written anew."""
    for path in (outbox / PAYMENTS).glob("*"):
        if is_payment_list(path.relative_to(outbox).as_posix(), paid_in):
            yield path


def _all_in(folder: Path) -> Iterator[Path]:
    """Copies of what the months say; `person` makes them anew of what is left."""
    for where, _, names in os.walk(folder):
        yield from (Path(where, name) for name in names)


def _period(name: str) -> Period | None:
    try:
        return Period.parse(name)
    except ValueError:
        return None


def _traces(workspace: Workspace, before: Period) -> Iterator[Path]:
    """Error logs and replaced rosters of those days, messages of those months, every backup of the ledger: it holds it all."""
    for path in (*(workspace.state / "errors").glob("*.log"), *(workspace.state / FORMER_ROSTERS).glob("*")):
        if datetime.fromtimestamp(path.stat().st_mtime).astimezone().date() < before.first_day:
            yield path
    for path in (workspace.state / OUTGOING).rglob("*"):
        month = _period(path.relative_to(workspace.state / OUTGOING).parts[0])
        if month is not None and month < before and path.is_file():
            yield path
    yield from workspace.state.glob("*.before-*.db")
