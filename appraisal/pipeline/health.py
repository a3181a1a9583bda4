"""What a watching program says of itself in `state/health.json`: whether passes go on, and what is stuck."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from appraisal.workspace.files import Files

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
    told: dict[str, object] = {}
    with suppress(OSError, ValueError):
        told = json.loads((state / _FILE).read_text("utf-8"))
    if not told:
        return None
    if told.get("stopped"):
        return f"守候（watch）已于 {_clock(told['stopped'])} 停止，收件夹现在没有人看；要继续请重新启动。"
    try:
        is_gone = now - datetime.fromisoformat(str(told["alive"])) > QUIET
    except (KeyError, ValueError, TypeError):
        return None  # written by another version
    if is_gone:
        return (
            f"守候（watch）没有在运行：{_clock(told['alive'])} 以后再没有动静。"
            "请管理员重新启动；没做完的会接着做。"
        )
    stuck = [str(told[key]) for key in ("outage", "setup") if told.get(key)]
    return f"守候（watch）在运行，但有问题：{''.join(stuck)}" if stuck else None


def is_watched(state: Path, now: datetime) -> bool:
    """Whether a watch is at work here."""
    told: dict[str, object] = {}
    with suppress(OSError, ValueError):
        told = json.loads((state / _FILE).read_text("utf-8"))
    try:
        return not told.get("stopped") and now - datetime.fromisoformat(str(told["alive"])) <= QUIET
    except (KeyError, ValueError, TypeError):
        return False


def _clock(moment: object) -> str:
    return str(moment)[:16].replace("T", " ")
