"""The ledger (台账): history in, results out. `open_ledger` is the only door.

    with open_ledger(url) as ledger:
        with ledger.writing() as transaction:      # all of it, or none
            transaction.months.record(result, provenance)
        with ledger.reading() as transaction:      # a consistent look; writing is refused
            history = transaction.past.before(group, period)

Opening brings the tables to this version, after a backup, in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    PrimaryKeyConstraint,
    String,
    column,
    insert,
    inspect,
    select,
    table,
    update,
)

from appraisal.errors import Signal
from appraisal.ledger import database
from appraisal.ledger.acts import Acts
from appraisal.ledger.database import Repository
from appraisal.ledger.deliveries import Acknowledgements, Deliveries
from appraisal.ledger.errors import DAMAGED, LedgerError
from appraisal.ledger.history import PastMonths
from appraisal.ledger.journal import Journal, PlacedFiles
from appraisal.ledger.migrations import MIGRATIONS, Migrations
from appraisal.ledger.months import Documents, Months
from appraisal.ledger.outcomes import Outcomes
from appraisal.ledger.pending import Corrections, KeptSelfForms, PendingHrFolders, PendingRecalculations
from appraisal.ledger.plans_and_appeals import Appeals, Plans
from appraisal.ledger.purging import Purging
from appraisal.ledger.tables import identity
from appraisal.workspace.paths import LedgerMark
from appraisal.workspace.system import is_on_network


class Transaction:
    """One part per subject; all see and change the same transaction."""

    def __init__(self, connection: Connection) -> None:
        self.identity = Identity(connection)
        self.documents = Documents(connection)
        self.journal = Journal(connection)
        self.months = Months(connection)
        self.pending_recalculations = PendingRecalculations(connection)
        self.past = PastMonths(connection)
        self.outcomes = Outcomes(connection)
        self.plans = Plans(connection)
        self.deliveries = Deliveries(connection)
        self.purging = Purging(connection)
        self.acknowledgements = Acknowledgements(connection)
        self.appeals = Appeals(connection)
        self.acts = Acts(connection)
        self.corrections = Corrections(connection)
        self.self_forms = KeptSelfForms(connection)
        self.placed = PlacedFiles(connection)
        self.pending_hr_folders = PendingHrFolders(connection)
        self._connection = connection

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What is changed within is taken back where it raises; the rest of the unit stands."""
        self._connection.exec_driver_sql("SAVEPOINT attempt")
        try:
            yield
        except BaseException:
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
            raise
        finally:
            self._connection.exec_driver_sql("RELEASE SAVEPOINT attempt")

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """What is changed within is taken back at the end: what would come of it."""
        with suppress(_TakenBack), self.attempt():
            yield
            raise _TakenBack


_VERSION = table("alembic_version", column("version_num"))


def version_of(connection: Connection) -> str | None:
    """The migration that the ledger's tables come from; None for a new ledger."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    version: str | None = connection.scalar(select(_VERSION.c.version_num))
    return version


def _run_migrations(connection: Connection, migrations: Migrations) -> None:
    """Run every migration that the ledger lacks. Raises LedgerError if a newer program made it."""
    from alembic.migration import MigrationContext  # noqa: PLC0415 - needed only when there is something to migrate
    from alembic.operations import Operations  # noqa: PLC0415

    op = Operations(MigrationContext.configure(connection))
    version = version_of(connection)
    if version is None:
        number = Column("version_num", String(32), nullable=False)
        op.create_table(_VERSION.name, number, PrimaryKeyConstraint(number, name="alembic_version_pkc"))
        connection.execute(insert(_VERSION).values(version_num=""))
    elif version not in migrations:
        raise LedgerError("这个台账由更新版本的程序建立。请先升级本程序再使用。", version)
    for name, upgrade in migrations.items():
        if name > (version or ""):
            upgrade(op)
    connection.execute(update(_VERSION).values(version_num=max(migrations)))


def _back_up(file: Path, newest: str) -> None:
    """Copy a SQLite ledger as last committed to `<name>.before-<migration>.db` beside it."""
    copy = file.with_name(f"{file.stem}.before-{newest}.db")
    unfinished = copy.with_suffix(".tmp")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)


_checked: set[Path] = set()
"""SQLite files whose integrity this process has checked."""


class _TakenBack(Signal):
    """Ends a rehearsal."""


class Ledger:
    """An open ledger. `warnings` are Chinese sentences for the administrator.

    Its methods raise LedgerError where the database is locked, damaged or out of reach.
    """

    def __init__(self, engine: Engine, warnings: tuple[str, ...]) -> None:
        self._engine = engine
        self.warnings = warnings

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """One transaction, alone in writing: committed at the end, rolled back by any exception."""
        with database.writing(self._engine) as connection:
            yield Transaction(connection)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A consistent view of what was last committed."""
        with database.reading(self._engine) as connection:
            yield Transaction(connection)

    @contextmanager
    def rehearsing(self) -> Iterator[Transaction]:
        """A transaction like `writing`, all of it taken back at the end: what would come of changes."""
        with suppress(_TakenBack), database.writing(self._engine) as connection:
            yield Transaction(connection)
            raise _TakenBack

    def reclaim_space(self) -> None:
        """Give up the room of deleted rows, so that a SQLite file no longer holds their bytes."""
        file = database.sqlite_file(self._engine)
        if file is not None:
            self._engine.dispose()
            with closing(sqlite3.connect(file)) as connection:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_ledger(
    url: str, *, migrations: Migrations = MIGRATIONS, is_remote: Callable[[Path], bool] = is_on_network
) -> Ledger:
    """The ledger at the SQLAlchemy URL (SQLite or PostgreSQL), brought to this version's tables.

    A SQLite file is made where there is none, and backed up beside itself before its tables
    change. Raises LedgerError.
    """
    engine = database.open_engine(url)
    try:
        _make_ready(engine, migrations)
        file = database.sqlite_file(engine)
        return Ledger(engine, (_ON_NETWORK,) if file is not None and is_remote(file) else ())
    except BaseException:
        engine.dispose()
        raise


_ON_NETWORK = "台账文件在网络盘上，断网或多机同时运行可能损坏它。请把工作区的 state 文件夹放到本机磁盘。"


def _make_ready(engine: Engine, migrations: Migrations) -> None:
    """Check and migrate the database."""
    file = database.sqlite_file(engine)
    if file is not None:
        database.make_private(file)
        _check_integrity(engine, file.resolve())
    with database.reading(engine) as connection:
        version = version_of(connection)
    if version != max(migrations):
        _migrate(engine, file, migrations)


def _check_integrity(engine: Engine, file: Path) -> None:
    if file in _checked:
        return
    with database.reading(engine) as connection:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise LedgerError(DAMAGED, str(found))
    _checked.add(file)


def _migrate(engine: Engine, file: Path | None, migrations: Migrations) -> None:
    with database.writing(engine) as connection:
        version = version_of(connection)  # again: another program may just have done it
        if version == max(migrations):
            return
        if file is not None and version is not None:
            _back_up(file, max(migrations))
        _run_migrations(connection, migrations)


class Identity(Repository):
    """One row, made with the tables; a new ledger has seen no pass."""

    def mark(self) -> LedgerMark:
        """As it stands in this transaction."""
        return LedgerMark(*self._connection.execute(select(identity)).one())

    def count_pass(self) -> LedgerMark:
        """One pass more."""
        self._connection.execute(update(identity).values(passes=identity.c.passes + 1))
        return self.mark()

    def rename(self) -> LedgerMark:
        """A ledger of its own from now on: whoever worked with it under its former name is refused."""
        self._connection.execute(update(identity).values(id=uuid4().hex))
        return self.count_pass()
