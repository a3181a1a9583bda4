"""Bringing a ledger's tables to this version, after a backup, in one transaction."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table

from appraisal.ledger.errors import LedgerError

NEWEST = "0001"
"""The last migration. Stands here so that opening an up-to-date ledger need not import Alembic."""

MIGRATIONS = Path(__file__).parent / "migrations"

_VERSION_TABLE = "alembic_version"


def version_of(connection: Connection) -> str | None:
    """The migration that the ledger's tables come from; None for a new ledger."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    version: str | None = connection.scalar(select(column("version_num")).select_from(table(_VERSION_TABLE)))
    return version


def migrate(connection: Connection) -> None:
    """Run every migration that the ledger lacks. Raises LedgerError if a newer program made it."""
    from alembic import command  # noqa: PLC0415 - needed only when there is something to migrate
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise LedgerError("这个台账由更新版本的程序建立。请先升级本程序再使用。", str(error)) from None


def back_up(file: Path) -> Path:
    """Copy a SQLite ledger as last committed to `<name>.before-<migration>.db` beside it."""
    copy = file.with_name(f"{file.stem}.before-{NEWEST}.db")
    unfinished = copy.with_suffix(".tmp")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)
    return copy
