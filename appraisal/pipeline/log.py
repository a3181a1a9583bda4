"""What is kept for the administrator: the log of a watching program, without names and scores; traces of our mistakes."""

from __future__ import annotations

import json
import logging
import os
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from appraisal.pipeline.health import written
from appraisal.pipeline.reports import FileReport
from appraisal.workspace.files import Files
from appraisal.workspace.paths import Workspace

_log = logging.getLogger(__name__)


def log_report(report: FileReport) -> None:
    """Names and scores stay out of the log: which month, what verdict, which kinds of finding."""
    _log.info(
        "file",
        extra={
            "status": report.status.value,
            "period": None if report.period is None else str(report.period),
            "revision": report.revision,
            "findings": sorted({one.code for one in report.findings}),
        },
    )


def now_written() -> str:
    """This moment, as logs and the health file write it."""
    return written(datetime.now().astimezone())


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, and what the call added."""

    _OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    def format(self, record: logging.LogRecord) -> str:
        told = {"time": now_written(), "level": record.levelname, "message": record.getMessage()}
        told |= {key: value for key, value in record.__dict__.items() if key not in self._OWN}
        return json.dumps(told, ensure_ascii=False, default=str)


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


def keep_trace(workspace: Workspace, files: Files, reference: str, trace: str) -> Path | None:
    """Keep what went wrong with us in `state/errors`; the file, or None where it could not be written."""
    path = workspace.state / "errors" / f"{reference}.log"
    try:
        files.write(path, trace.encode("utf-8", "backslashreplace"), private=True)
    except OSError:  # a full disk must not hide what has happened
        return None
    return path
