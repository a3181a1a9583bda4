"""The database behind the ledger: opening it safely, its two kinds of transaction, its complaints.

SQLite and PostgreSQL behave alike here: one writer at a time, readers see what was last committed.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from appraisal.ledger.errors import LedgerError

BUSY_SECONDS = 5
"""How long a transaction waits for another writer."""

_WRITERS_LOCK = 20201107
"""Any fixed number: the advisory lock that lets one writer at a time into a PostgreSQL ledger."""

_BACKENDS = {"sqlite", "postgresql"}


def open_engine(url: str) -> Engine:
    """An engine for the URL; nothing is connected yet. Raises LedgerError for a URL that cannot serve."""
    parsed = _parsed(url)
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "hide_parameters": True}
    if parsed.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": BUSY_SECONDS}
    else:
        options["pool_pre_ping"] = True
    try:
        engine = create_engine(parsed, **options)
    except ModuleNotFoundError:
        raise LedgerError(
            "PostgreSQL 台账还缺驱动程序。请先执行 pip install -r requirements-postgres.txt。"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _parsed(url: str) -> URL:
    with suppress(ArgumentError, NoSuchModuleError, ValueError):
        parsed = make_url(url)
        if parsed.get_backend_name() in _BACKENDS:
            parsed.get_dialect()
            return parsed
    raise LedgerError(
        "台账地址（--ledger）写得不对。可用 sqlite:///文件路径 或 postgresql+psycopg://用户@主机/数据库。"
    )


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Durable in WAL mode only with synchronous FULL (sqlite.org/pragma.html#pragma_synchronous)."""
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for others by itself here, which two programs that make a ledger would need."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def sqlite_file(engine: Engine) -> Path | None:
    """The ledger's file; None for PostgreSQL, a ledger in memory, and a `file:` address of SQLite's own."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


def make_private(file: Path) -> None:
    """Make the file before SQLite does, so that its owner alone can read it where modes exist."""
    with suppress(OSError):  # where it cannot be made, connecting says why
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction, alone in writing: committed at the end, rolled back by any exception."""
    if engine.dialect.name == "sqlite":
        begin = ["PRAGMA query_only = OFF", "BEGIN IMMEDIATE"]
    else:
        begin = [
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'",
            f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})",
        ]
    with _transaction(engine, begin) as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A consistent view of what was last committed; writing in it is refused by the database."""
    if engine.dialect.name == "sqlite":
        begin = ["PRAGMA query_only = ON", "BEGIN"]
    else:
        begin = ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"]
    with _transaction(engine, begin) as connection:
        yield connection


@contextmanager
def _transaction(engine: Engine, begin: Sequence[str]) -> Iterator[Connection]:
    with _complaints(engine), engine.connect() as connection:
        for statement in begin:
            connection.exec_driver_sql(statement)
        try:
            yield connection
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            with suppress(DBAPIError):  # what went wrong first is what counts
                connection.exec_driver_sql("ROLLBACK")
            raise


@contextmanager
def _complaints(engine: Engine) -> Iterator[None]:
    """A database's complaint about its state as LedgerError; our own mistakes pass as they are."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        complaint = error.orig if isinstance(error, DBAPIError) else error
        sentence = _sentence(complaint, engine)
        if sentence is None:
            raise
        raise LedgerError(sentence, _one_line(complaint, engine.url)) from None


DAMAGED = "台账文件已损坏。请停止使用，用备份的台账文件替换后再试；归档文件夹不要动。"
_LOCKED = f"台账正被另一个程序占用，等了{BUSY_SECONDS}秒仍未空出。请稍后再试，并确认没有别的程序开着台账。"
_UNREACHABLE = "连不上台账数据库。请检查地址、账号和网络，并确认数据库正在运行。"
_NO_RIGHTS = "台账数据库不允许这个账号建表或写入。请管理员授予该账号建表和读写的权限。"

_SQLITE_SENTENCES = {
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
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


def _sentence(complaint: BaseException | None, engine: Engine) -> str | None:
    """What to tell people; None where the complaint is about our own statement."""
    if isinstance(complaint, sqlite3.Error):
        name = getattr(complaint, "sqlite_errorname", "")
        return next((words for code, words in _SQLITE_SENTENCES.items() if name.startswith(code)), None)
    state = getattr(complaint, "sqlstate", None)
    if state in _POSTGRES_SENTENCES:
        return _POSTGRES_SENTENCES[state]
    return _UNREACHABLE if isinstance(complaint, engine.dialect.loaded_dbapi.OperationalError) else None


def _one_line(complaint: BaseException | None, url: URL) -> str:
    text = " ".join(str(complaint).split())
    return text.replace(str(url.password), "***") if url.password else text
