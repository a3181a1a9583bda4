"""When the ledger cannot be used, or an act of HR is not possible: one sentence with the next step.

What a database complains of is put into such a sentence here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from appraisal.errors import AppraisalError


class LedgerError(AppraisalError):
    """The ledger cannot be used: one Chinese sentence with the next step.

    `detail` is the database's own complaint for the administrator, without passwords or values.
    """

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence, detail)
        self.sentence = sentence
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.sentence}（{self.detail}）" if self.detail else self.sentence


class ActRefused(AppraisalError):  # noqa: N818 - nothing is broken: HR is told why it cannot be done
    """HR's act does not fit the state of the month: one Chinese sentence; nothing was changed."""


DAMAGED = "台账文件已损坏。请停止使用，用备份的台账文件替换后再试；归档文件夹不要动。"

_LOCKED = "台账正被另一个程序占用，等了一会儿仍未空出。请稍后再试，并确认没有别的程序开着台账。"

_UNREACHABLE = "连不上台账数据库。请检查地址、账号和网络，并确认数据库正在运行。"

_NO_RIGHTS = "台账数据库不允许这个账号建表或写入。请管理员授予该账号建表和读写的权限。"

_SQLITE_SENTENCES = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_PROTOCOL": _LOCKED,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": "这个文件不是台账，或已损坏。请核对地址，或用备份的台账文件替换后再试。",
    "SQLITE_CANTOPEN": "台账文件打不开。请检查它所在的文件夹是否存在、是否有读写权限。",
    "SQLITE_READONLY": "台账文件不能写入。请检查文件和文件夹的写权限。",
    "SQLITE_PERM": "台账文件不能写入。请检查文件和文件夹的写权限。",
    "SQLITE_FULL": "台账所在的磁盘已满。请腾出空间后再试。",
    "SQLITE_IOERR": "读写台账文件时磁盘出错。请检查磁盘和空间后再试。",
}

_POSTGRES_SENTENCES = {
    "55P03": _LOCKED,  # lock_not_available
    "40P01": _LOCKED,  # deadlock_detected
    "42501": _NO_RIGHTS,  # insufficient_privilege
    "53100": "台账数据库的磁盘已满。请腾出空间后再试。",  # disk_full
}


@contextmanager
def as_ledger_errors(engine: Engine) -> Iterator[None]:
    """A database's complaint about its state as LedgerError; our own mistakes pass as they are."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        sentence = _sentence(cause, engine)
        if sentence is None:
            raise
        raise LedgerError(sentence, _one_line(cause, engine.url)) from None


def _sentence(cause: BaseException | None, engine: Engine) -> str | None:
    """What to tell people; None where the complaint is about our own statement."""
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "")
        return next((words for code, words in _SQLITE_SENTENCES.items() if name.startswith(code)), None)
    state = getattr(cause, "sqlstate", None)
    if state in _POSTGRES_SENTENCES:
        return _POSTGRES_SENTENCES[state]
    return _UNREACHABLE if isinstance(cause, engine.dialect.loaded_dbapi.OperationalError) else None


def _one_line(cause: BaseException | None, url: URL) -> str:
    text = " ".join(str(cause).split())
    return text.replace(str(url.password), "***") if url.password else text
