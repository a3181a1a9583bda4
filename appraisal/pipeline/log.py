"""What a watch leaves for the administrator: its health, its log without names and scores, traces of our mistakes."""

from __future__ import annotations

import json
import logging
import os
import traceback
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from appraisal.pipeline.reports import FileReport
from appraisal.workspace.files import Files
from appraisal.workspace.paths import Workspace, sha256_of

QUIET = timedelta(minutes=3)
"""A program at work writes every few seconds, and once a minute in an outage: silent for so long, it is gone."""

_FILE = "health.json"


def written(moment: datetime) -> str:
    """A moment as the log and the health file have it."""
    return moment.astimezone().isoformat(timespec="seconds")


@dataclass
class Health:
    """The keys of the file; moments are written with their time zone."""

    started: str
    alive: str = ""
    """When the file was written."""
    stopped: str | None = None
    """When it was told to stop and did; None while it works, and for ever if it died."""
    last_pass: str = ""
    passes: int = 0
    files: int = 0
    queue: int = 0
    failures: int = 0
    outage: str | None = None
    """What keeps it from looking, or from finishing a pass; None while all goes well."""
    setup: str | None = None
    """What is wrong with a changed set-up that was not taken over."""

    def write(self, state: Path, files: Files, now: datetime) -> None:
        """Raises OSError."""
        self.alive = written(now)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1)
        files.write(state / _FILE, text.encode("utf-8", "backslashreplace"), private=True)


def state_of_watch(state: Path, now: datetime) -> str | None:
    """How the watch of this workspace stands, in a sentence; None where all is well or nobody ever watched."""
    health = _read_health(state)
    if not health:
        return None
    if health.get("stopped"):
        return f"守候（watch）已于 {_clock(health['stopped'])} 停止，收件夹现在没有人看；要继续请重新启动。"
    try:
        is_gone = now - datetime.fromisoformat(str(health["alive"])) > QUIET
    except (KeyError, ValueError, TypeError):
        return None  # written by another version
    if is_gone:
        return (
            f"守候（watch）没有在运行：{_clock(health['alive'])} 以后再没有动静。"
            "请管理员重新启动；没做完的会接着做。"
        )
    stuck = [str(health[key]) for key in ("outage", "setup") if health.get(key)]
    return f"守候（watch）在运行，但有问题：{''.join(stuck)}" if stuck else None


def is_watched(state: Path, now: datetime) -> bool:
    """Whether a watch is at work here."""
    health = _read_health(state)
    try:
        return not health.get("stopped") and now - datetime.fromisoformat(str(health["alive"])) <= QUIET
    except (KeyError, ValueError, TypeError):
        return False


def _read_health(state: Path) -> dict[str, object]:
    health: dict[str, object] = {}
    with suppress(OSError, ValueError):
        health = json.loads((state / _FILE).read_text("utf-8"))
    return health


def _clock(moment: object) -> str:
    return str(moment)[:16].replace("T", " ")


_log = logging.getLogger(__name__)


def log_report(report: FileReport) -> None:
    """Names and scores stay out of the log: which month, what verdict, which kinds of finding."""
    _log.info(
        "file",
        extra={
            "status": report.status.value,
            "period": None if report.period is None else str(report.period),
            "revision": report.revision,
            "findings": sorted({finding.code for finding in report.findings}),
        },
    )


def now_written() -> str:
    """This moment, as logs and the health file write it."""
    return written(datetime.now().astimezone())


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, and what the call added."""

    _OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        line = {"time": now_written(), "level": record.levelname, "message": record.getMessage()}
        line |= {key: value for key, value in record.__dict__.items() if key not in self._OWN}
        return json.dumps(line, ensure_ascii=False, default=str)


class _PrivateFile(RotatingFileHandler):
    """Readable for its owner alone, each time that a new file is begun."""

    def _open(self) -> TextIOWrapper:
        handle = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return TextIOWrapper(os.fdopen(handle, "ab"), encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - as in logging
        """A disk that is full is told by the pass itself; the terminal is not for a traceback of the log."""


def log_to(folder: Path) -> None:
    """Write the log as JSON lines to `folder/pipeline.log`, ten files of a megabyte at the most."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handler = _PrivateFile(folder / "pipeline.log", maxBytes=1_000_000, backupCount=9)
    handler.setFormatter(JsonLines())
    logging.getLogger("appraisal").addHandler(handler)
    logging.getLogger("appraisal").setLevel(logging.INFO)


def keep_mistake(workspace: Workspace, files: Files) -> str:
    """Keep the trace of the exception that is being handled; its number, one and the same for the same mistake."""
    trace = traceback.format_exc()
    reference = sha256_of(trace.encode("utf-8", "backslashreplace"))[:8]
    keep_trace(workspace, files, reference, trace)
    return reference


def keep_trace(workspace: Workspace, files: Files, reference: str, trace: str) -> Path | None:
    """Keep what went wrong with us in `state/errors`; the file, or None where it could not be written."""
    path = workspace.state / "errors" / f"{reference}.log"
    try:
        files.write(path, trace.encode("utf-8", "backslashreplace"), private=True)
    except OSError:  # a full disk must not hide what has happened
        return None
    return path
