"""What the ledger's tables stand on: the database, opened safely, with its two kinds of transaction; how our values stand
in columns, and records in rows; and what questions to tables have in common.

SQLite and PostgreSQL behave alike here: one writer at a time, readers see what was last committed, and a column keeps
its values exactly, whatever the server's locale.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    Engine,
    Row,
    Table,
    Text,
    and_,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.types import TypeDecorator, TypeEngine

from appraisal.ledger.errors import LedgerError, as_ledger_errors
from appraisal.period import Period

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


class AsText(TypeDecorator[Any]):
    """A value kept as text that sorts by code point, whatever the server's locale."""

    impl = Text
    cache_ok = True

    def __init__(self, write: Callable[[Any], str], read: Callable[[str], Any]) -> None:
        super().__init__()
        self.write = write
        self.read = read

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.write(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else self.read(value)


_UNSTORABLE = re.compile(r"[\\\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(\\|u[0-9a-f]{4})")


def _escaped(text: str) -> str:
    """Names of dropped files may hold lone surrogates, which no database takes."""
    return _UNSTORABLE.sub(lambda match: "\\\\" if match[0] == "\\" else f"\\u{ord(match[0]):04x}", text)


def _restored(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: "\\" if match[1] == "\\" else chr(int(match[1][1:], 16)), text)


WORDS = AsText(_escaped, _restored)
"""Any Python text."""

PERIOD = AsText(str, lru_cache(maxsize=512)(Period.parse))

DAY = AsText(date.isoformat, date.fromisoformat)

MOMENT = AsText(datetime.isoformat, datetime.fromisoformat)
"""With its offset from UTC."""


def choice(of: type[StrEnum]) -> AsText:
    """One of an enumeration's values."""
    return AsText(str, of)


class Hundredths(TypeDecorator[Decimal]):
    """A number with two decimals, kept as a whole number of hundredths: exact, and sums are too."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        hundredths = value.scaleb(2)
        if hundredths != int(hundredths):
            raise ValueError(f"more than two decimals: {value}")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value).scaleb(-2)


_COLUMN_OF = {"group": "group_name"}
"""Fields that are columns by another name: GROUP is a word of SQL."""

Record = TypeVar("Record")


def as_row(record: Any, **columns: str) -> dict[str, Any]:
    """The record as values by column. A field goes into the column of its own name, or of the name given for it."""
    names = _COLUMN_OF | columns
    return {names.get(field.name, field.name): getattr(record, field.name) for field in fields(record)}


def as_record(kind: type[Record], row: Row[Any], **otherwise: Any) -> Record:
    """The record that a row holds: each field from the column of its name, except the values given in `otherwise`."""
    names = [field.name for field in fields(kind) if field.name not in otherwise]  # type: ignore[arg-type]
    return kind(**{name: getattr(row, _COLUMN_OF.get(name, name)) for name in names}, **otherwise)


class Repository:
    """Questions about some tables and changes in them, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection


def of_month(table: Table, group: str, period: Period) -> ColumnElement[bool]:
    """The rows of one group's month, in any table that has both."""
    return and_(table.c.group_name == group, table.c.period == period)


def of_months(table: Table, groups: Collection[str], period: Period) -> ColumnElement[bool]:
    """The rows of several groups' months of one period."""
    return and_(table.c.group_name.in_(groups), table.c.period == period)


_IN_ONE_QUESTION = 500
"""Groups; PostgreSQL takes 65,535 values in one statement, and SQLite may take half of that."""


def at_a_time(names: Iterable[str]) -> Iterator[list[str]]:
    """The names of groups or people, so many at a time as one statement may hold."""
    waiting = iter(names)
    while some := list(islice(waiting, _IN_ONE_QUESTION)):
        yield some


def same_month(table: Table, other: Table) -> ColumnElement[bool]:
    """Joins two such tables by the month."""
    return and_(table.c.group_name == other.c.group_name, table.c.period == other.c.period)
