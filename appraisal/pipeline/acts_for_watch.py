"""A verb of HR's while a watch holds the workspace: its act is handed over in the state folder, and answered there.

Whoever may write there may use the ledger: it is as if the verb had carried out its act itself. An act is taken by
renaming its file, so that either the watch has it or the verb takes it back; never both.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from appraisal.errors import AppraisalError
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import LedgerError
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.hr_acts import PerformedAct, perform
from appraisal.workspace.files import Files
from appraisal.workspace.names import HR_FOLDER
from appraisal.workspace.paths import sha256_of

PATIENCE = 120.0
"""Seconds until a verb takes its act back: a watch looks every few seconds, but a pass may take a while."""

_FOLDER = "acts"
_ASKED, _TAKEN, _ANSWERED = ".act", ".taken", ".answer"
_PAUSE = 0.1
_UNFETCHED = 3600.0
"""Seconds after which an answer that nobody has fetched goes."""

_UNSURE = "守候（watch）在办理时中断，不知道有没有办成。请用 status 核对以后再办。"


class NoAnswerError(AppraisalError):
    """The watch did not answer in time: one Chinese sentence that says what became of the act, and the other way."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an act did, as people are told; or why it was not done."""

    words: str
    outputs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    is_refused: bool = False


def answer_of(done: PerformedAct) -> Answer:
    """What an act did that was carried out here."""
    return Answer(done.in_words(), done.outputs, done.warnings)


def hand_over(
    state: Path, files: Files, act: Act, *, ledger_url: str | None = None, patience: float = PATIENCE
) -> Answer:
    """Have the watch carry the act out, and wait for its answer. Raises NoAnswerError."""
    folder = state / _FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    asked = folder / f"{time.time_ns()}-{os.getpid()}{_ASKED}"
    handed = {"ledger": _known_as(ledger_url), "act": _ACT.dump_python(act, mode="json")}
    files.write(asked, json.dumps(handed, ensure_ascii=False).encode(), private=True)
    if (answer := _awaited(asked, files, patience)) is not None:
        return answer
    try:
        files.move(asked, back := asked.with_suffix(".back"))
    except FileNotFoundError:
        pass
    else:
        files.remove(back)
        raise NoAnswerError(
            "守候（watch）一直在忙，没有办理，这件事已经收回。请过一会儿再试；或填一张人事办理单（空白的是 "
            f"outbox/{HR_FOLDER}/人事办理单.xlsx），放进 inbox/{HR_FOLDER}，轮到时自动办理。"
        )
    if (answer := _awaited(asked, files, patience)) is not None:
        return answer
    raise NoAnswerError("守候（watch）正在办理，还没有答复。请稍后用 status 核对，不要重复办理。")


def take_handed_acts(
    context: RunContext, ledger_url: str | None, trouble: Callable[[Exception], str]
) -> bool:
    """Carry out what verbs have handed over, in order, and answer; whether something broke on the way."""
    folder, files = context.workspace.state / _FOLDER, context.files
    for left in folder.glob(f"*{_TAKEN}"):  # by a watch that died at it
        _answer(left, files, Answer(_UNSURE, is_refused=True))
    for old in folder.glob(f"*{_ANSWERED}"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _UNFETCHED:
                files.remove(old)
    for asked in sorted(folder.glob(f"*{_ASKED}")):
        taken = asked.with_suffix(_TAKEN)
        try:
            files.move(asked, taken)
        except FileNotFoundError:  # taken back
            continue
        answer, is_broken = _carried_out(context, taken, ledger_url, trouble)
        _answer(taken, files, answer)
        if is_broken:
            return True
    return False


def _carried_out(
    context: RunContext, taken: Path, ledger_url: str | None, trouble: Callable[[Exception], str]
) -> tuple[Answer, bool]:
    try:
        handed = json.loads(taken.read_text("utf-8"))
        if handed["ledger"] != _known_as(ledger_url):
            sentence = "守候（watch）用的是另一个台账，没有办理。请用与守候相同的 --ledger。"
            return Answer(sentence, is_refused=True), False
        return answer_of(perform(context, _ACT.validate_python(handed["act"], strict=False))), False
    except AppraisalError as error:
        return Answer(str(error), is_refused=True), isinstance(error, LedgerError)
    except Exception as error:  # noqa: BLE001 - whoever asked is told, and the watch opens the workspace anew
        return Answer(trouble(error), is_refused=True), True


def _answer(taken: Path, files: Files, answer: Answer) -> None:
    content = json.dumps(asdict(answer), ensure_ascii=False).encode("utf-8", "backslashreplace")
    files.write(taken.with_suffix(_ANSWERED), content, private=True)
    files.remove(taken)


def _awaited(asked: Path, files: Files, patience: float) -> Answer | None:
    """The answer, taken from its file; None where there was none in so many seconds."""
    path, end = asked.with_suffix(_ANSWERED), time.monotonic() + patience
    while time.monotonic() < end:
        if path.exists():
            content = json.loads(path.read_text("utf-8"))
            files.remove(path)
            return Answer(
                content["words"], tuple(content["outputs"]), tuple(content["warnings"]), content["is_refused"]
            )
        time.sleep(_PAUSE)
    return None


def _known_as(ledger_url: str | None) -> str | None:
    """The ledger's address may hold a password."""
    return None if ledger_url is None else sha256_of(ledger_url.encode())


_ACT = TypeAdapter(Act)
