"""What is told of a pass, on the console, in JSON and in receipts: what became of each file, and of the inbox itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from appraisal.errors import AppraisalError, Signal
from appraisal.findings.finding import Finding, finding
from appraisal.period import Period
from appraisal.text import printable
from appraisal.workspace.inbox import Entry, FileState, InboxListing, NotReady, Settling, Unseen, not_ready_in
from appraisal.workspace.paths import Workspace


class Status(StrEnum):
    """accepted 已受理, unchanged 无变化, returned 已退回, waiting 等待中, failed 处理失败; settling: nothing is done yet."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    RETURNED = "returned"
    WAITING = "waiting"
    FAILED = "failed"
    SETTLING = "settling"


STATUS_WORDS = {
    Status.ACCEPTED: "已受理",
    Status.UNCHANGED: "无变化",
    Status.RETURNED: "已退回",
    Status.WAITING: "等待中",
    Status.FAILED: "处理失败",
    Status.SETTLING: "还没有处理",
}

WAITS_FOR_HR = "请人事办理“同意更正”后生效。"
"""What is to happen with a correction that waits."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file's verdict. `file` is its path under the inbox, `outputs` are paths in the workspace.

    `note` is a further Chinese sentence for people where the findings do not say it all.
    """

    file: str
    status: Status
    group: str | None = None
    period: Period | None = None
    revision: int | None = None
    findings: tuple[Finding, ...] = ()
    outputs: tuple[str, ...] = ()
    note: str = ""

    @property
    def needs_attention(self) -> bool:
        return self.status in {Status.RETURNED, Status.FAILED}

    def as_json(self) -> dict[str, object]:
        """The object that `--json` prints for the file."""
        return {
            "file": self.file,
            "status": self.status.value,
            "group": self.group,
            "period": None if self.period is None else str(self.period),
            "revision": self.revision,
            "findings": [finding.as_json() for finding in self.findings],
            "outputs": list(self.outputs),
        }

    def in_words(self) -> str:
        """The verdict in one Chinese line, as in the table and the receipt."""
        words = STATUS_WORDS[self.status]
        if self.status is Status.RETURNED:
            errors = sum(finding.is_error for finding in self.findings)
            return f"{words}：有{errors}处需要改正。{self._unmarked()}{self.note}"
        if self.status is Status.ACCEPTED and self.period is not None:
            words += f"：{self.group} {self.period}"
            words += f" 第{self.revision}版" if self.revision else ""
            words += f"，有{len(self.findings)}条提示" if self.findings else ""
        return f"{words}。{self.note}"

    def _unmarked(self) -> str:
        """What to tell of a workbook that lies behind its list because nothing is marked in it."""
        is_unmarked = (
            self.outputs and not self.outputs[0].endswith(".xlsx") and self.outputs[-1].endswith(".xlsx")
        )
        return "退回的表里没有标颜色，请对照退回说明改。" if is_unmarked else ""

    def receipt(self) -> str:
        """The two lines that lie where the file was dropped: what became of it, and where to look.

        What is only warned of stands in no list: so all of it is told here.
        """
        sentences = [
            f"{problem.place} {problem.message}".strip() for problem in sorted(self.findings, key=_weight)
        ]
        shown = sentences[:_IN_A_LIST_TOO] if self.status is Status.RETURNED else sentences
        first = "".join(f"{_mark(number)}{sentence}" for number, sentence in enumerate(shown, 1))
        more = f"等共{len(sentences)}条。" if len(sentences) > len(shown) else ""
        where = self.outputs[0] if self.outputs else "没有新的文件。"
        return f"{self.in_words()}{first}{more}\n详见：{where}"


_IN_A_LIST_TOO = 3
"""So many of a returned file's findings stand in its receipt; the list has them all."""


def _mark(number: int) -> str:
    return chr(ord("①") + number - 1) if number <= 20 else f"（{number}）"


def _weight(problem: Finding) -> tuple[bool, bool]:
    """What must be put right comes first, then what money may follow from."""
    return not problem.is_error, not problem.code.startswith(("data.", "self.", "row."))


class BrokenOff(Signal):
    """The ledger could be used no longer: what was done with files by then, and why no more."""

    def __init__(self, reports: Sequence[FileReport], cause: AppraisalError) -> None:
        super().__init__(reports, cause)
        self.reports = reports
        self.cause = cause


@dataclass(frozen=True, slots=True)
class PassReport:
    """What one pass over the inbox did. `ignored` counts files that are nobody's submission.

    `not_ready` says why a file (by its path under the inbox) waits for a later pass. `broken_off` is the Chinese sentence of what ended the pass before its end; empty where nothing did.
    """

    files: Sequence[FileReport]
    ignored: int = 0
    not_ready: Mapping[str, Finding] = field(default_factory=dict)
    warnings: Sequence[str] = ()
    broken_off: str = ""

    @property
    def waiting(self) -> list[FileReport]:
        """What waits for a later pass, each with its reason."""
        return [FileReport(name, Status.SETTLING, findings=(why,)) for name, why in self.not_ready.items()]

    @property
    def exit_code(self) -> int:
        if self.broken_off:
            return 2
        return 1 if any(report.needs_attention for report in self.files) else 0


def missing_inbox(workspace: Workspace) -> str | None:
    """What to tell of an inbox that is gone from a workspace that was at work before: perhaps a lost share."""
    if workspace.inbox.is_dir() or not (workspace.state / "pipeline.lock").exists():
        return None
    return f"收件夹 {workspace.inbox} 原来不在，已重新建立。它如果在共享盘上，请检查共享盘是否连着：店长放的文件可能还在那边。"


_WHY_UNSEEN = {
    Unseen.NO_FILE: "是链接或特殊文件，没有处理。请把文件本身放进来。",
    Unseen.CLOSED: "打不开，没有看。请检查它和所在文件夹的权限。",
    Unseen.TOO_DEEP: "放得太深，里面的文件没有看。请放在本组的文件夹里。",
}


def unseen_warnings(unseen: Sequence[tuple[Path, Unseen]], inbox: Path) -> tuple[str, ...]:
    """What to tell of things in the inbox that are not looked into, though somebody may have meant to hand them in."""
    return tuple(
        f"收件夹里的“{printable(path.relative_to(inbox).as_posix())}”{_WHY_UNSEEN[why]}"
        for path, why in unseen
    )


_WHY_NOT_READY = {
    FileState.IN_USE: "file.in_use",
    FileState.LOOKS_EMPTY: "file.looks_empty",
    FileState.LOOKS_INCOMPLETE: "file.looks_incomplete",
}


def waiting_findings(not_ready: Mapping[str, NotReady], now: datetime) -> dict[str, Finding]:
    """Why each file waits, and until when one that looks broken off does."""
    return {
        name: finding(
            _WHY_NOT_READY.get(file.state, "file.arriving"),
            until=f"{now + timedelta(seconds=file.seconds_left):%H:%M}",
        )
        for name, file in not_ready.items()
    }


_BROKEN = frozenset({FileState.LOOKS_EMPTY, FileState.LOOKS_INCOMPLETE})


class InboxNews:
    """What a watch has to tell of the inbox from look to look, each thing once.

    A copy that looks broken off is told of at once, not only when it comes back.
    """

    def __init__(self, inbox: Path) -> None:
        self._inbox = inbox
        self._unseen: frozenset[str] = frozenset()
        self._broken: frozenset[Entry] = frozenset()

    def news(
        self,
        listing: InboxListing,
        looked: Sequence[tuple[Entry, FileState]],
        settling: Settling,
        now: datetime,
    ) -> PassReport | None:
        """What is not looked into, and what looks broken off, that was not told before; None where nothing is new."""
        unseen = unseen_warnings(listing.unseen, self._inbox)
        broken = [(entry, state) for entry, state in looked if state in _BROKEN]
        warnings = [sentence for sentence in unseen if sentence not in self._unseen]
        fresh = [(entry, state) for entry, state in broken if entry not in self._broken]
        self._unseen, self._broken = frozenset(unseen), frozenset(entry for entry, _ in broken)
        if not (warnings or fresh):
            return None
        not_ready = not_ready_in(self._inbox, fresh, settling)
        return PassReport([], warnings=warnings, not_ready=waiting_findings(not_ready, now))
