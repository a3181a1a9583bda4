"""The database behind the ledger: opening it safely, and its two kinds of transaction.

SQLite and PostgreSQL behave alike here: one writer at a time, readers see what was last committed.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from appraisal.ledger.errors import LedgerError, as_ledger_errors

BUSY_SECONDS = 5.0
"""How long a transaction waits for another writer, unless the address says otherwise: `?timeout=30`."""

_WRITERS_LOCK = 20201107
"""Any fixed number: the advisory lock that lets one writer at a time into a PostgreSQL ledger."""

_BACKENDS = {"sqlite", "postgresql"}


@lru_cache(maxsize=8)
def open_engine(url: str) -> Engine:
    """The engine for the URL; nothing is connected yet. Raises LedgerError for a URL that cannot serve.

    It is the same one for the next pass over the same ledger: compiling its SQL anew takes a tenth of a pass. What
    is disposed of are its connections.
    """
    parsed, busy_seconds = _parsed(url)
    options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "hide_parameters": True}
    options["execution_options"] = {"busy_seconds": busy_seconds}
    if parsed.get_backend_name() == "sqlite":
        options["connect_args"] = {"timeout": busy_seconds}
    else:
        options["pool_pre_ping"] = True
    try:
        engine = create_engine(parsed, **options)
    except ModuleNotFoundError:
        raise LedgerError(
            "PostgreSQL 台账还缺驱动程序。请先执行 pip install -r requirements-postgres.txt。"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", partial(_set_up_sqlite, busy_seconds))
    return engine


def _parsed(url: str) -> tuple[URL, float]:
    """The address without its `timeout`, and that."""
    with suppress(ArgumentError, NoSuchModuleError, ValueError):
        parsed = make_url(url)
        busy_seconds = float(str(parsed.query.get("timeout", BUSY_SECONDS)))
        if parsed.get_backend_name() in _BACKENDS:
            parsed.get_dialect()
            return parsed.difference_update_query(["timeout"]), busy_seconds
    raise LedgerError(
        "台账地址（--ledger）写得不对。可用 sqlite:///文件路径 或 postgresql+psycopg://用户@主机/数据库。"
    )


def _set_up_sqlite(busy_seconds: float, connection: sqlite3.Connection, _record: object) -> None:
    """Durable in WAL mode only with synchronous FULL (sqlite.org/pragma.html#pragma_synchronous)."""
    _switch_to_wal(connection, busy_seconds)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _switch_to_wal(connection: sqlite3.Connection, busy_seconds: float) -> None:
    """SQLite does not wait for others by itself here, which two programs that make a ledger would need."""
    give_up = time.monotonic() + busy_seconds
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
    else:  # the lock is waited for before anything is looked at
        busy_ms = round(engine.get_execution_options()["busy_seconds"] * 1000)
        begin = [
            "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
            f"SET LOCAL lock_timeout = {busy_ms}",
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
    with as_ledger_errors(engine), engine.connect() as connection:
        for statement in begin:
            connection.exec_driver_sql(statement)
        try:
            yield connection
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            with suppress(SQLAlchemyError):  # what went wrong first is what counts
                connection.exec_driver_sql("ROLLBACK")
            raise
