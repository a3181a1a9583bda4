"""Opening a ledger: made from nothing, brought up to date after a backup, refused in one sentence."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import sqlite3
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Engine, Text, create_engine, event

from appraisal.ledger import database
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import Ledger, Transaction, open_ledger, version_of
from appraisal.ledger.migrations import MIGRATIONS, Migrations
from appraisal.ledger.tables import metadata
from appraisal.scheme.forms.hr_acts import OutcomeDecision
from appraisal.workspace.system import file_system_of, is_on_network
from tests.ledger.builders import GROUP, NOVEMBER, record
from tests.ledger.postgres import Server

ROOT = Path(__file__).parents[2]


def has_november(url: str, migrations: Migrations = MIGRATIONS) -> bool:
    with open_ledger(url, migrations=migrations) as ledger, ledger.reading() as books:
        return books.months.get(GROUP, NOVEMBER) is not None


def refusal(url: str) -> str:
    with pytest.raises(LedgerError) as refused:
        open_ledger(url)
    return str(refused.value)


# --- From nothing, and again ---


def test_a_ledger_is_made_where_there_is_none_and_opened_again(url: str) -> None:
    with open_ledger(url) as ledger:
        assert ledger.warnings == ()
        record(ledger, NOVEMBER)
    assert has_november(url)


def test_the_migrations_end_in_the_tables_of_this_version(url: str) -> None:
    """Alembic finds no difference between the migrated database and tables.py."""
    open_ledger(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


@pytest.mark.slow
def test_an_up_to_date_ledger_is_opened_without_alembic(sqlite_file: Path) -> None:
    """Its import would cost more than the opening."""
    url = f"sqlite:///{sqlite_file}"
    open_ledger(url).close()
    program = f"""
import sys
from appraisal.ledger.ledger import open_ledger
open_ledger({url!r}).close()
sys.exit("alembic" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_a_relative_path_and_odd_folder_names_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From any folder, with blanks, percent signs and Chinese in the path."""
    folder = tmp_path / "100% 店铺 #1"
    folder.mkdir()
    monkeypatch.chdir(folder)
    open_ledger("sqlite:///ledger.db").close()
    assert (folder / "ledger.db").exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_the_file_is_for_its_owner_alone(sqlite_file: Path) -> None:
    """Scores are personal data; the WAL beside the file holds them too."""
    with open_ledger(f"sqlite:///{sqlite_file}") as ledger:
        record(ledger, NOVEMBER)
        beside = sorted(sqlite_file.parent.glob("ledger.db*"))
        assert len(beside) == 3
        assert {stat.S_IMODE(file.stat().st_mode) for file in beside} == {0o600}


def test_sqlite_is_set_up_to_lose_nothing(sqlite_file: Path) -> None:
    """WAL with synchronous FULL survives a power cut; foreign keys are enforced."""
    engine = database.open_engine(f"sqlite:///{sqlite_file}")
    with database.writing(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_ledger_in_memory_serves_for_trying_things_out() -> None:
    with open_ledger("sqlite://") as ledger:
        record(ledger, NOVEMBER)
        with ledger.reading() as books:
            assert books.months.get(GROUP, NOVEMBER) is not None


# --- Transactions ---


def test_an_exception_rolls_everything_back(ledger: Ledger) -> None:
    """All of a unit, or nothing of it."""

    def keep_and_fail(books: Transaction) -> None:
        kept.append(books.documents.keep("rules", b"text"))
        raise RuntimeError("power cut")

    kept: list[str] = []
    with pytest.raises(RuntimeError, match="power cut"), ledger.writing() as books:
        keep_and_fail(books)
    with ledger.reading() as books:
        assert books.documents.get(kept[0]) is None


def test_reading_writes_nothing(ledger: Ledger) -> None:
    """The database itself refuses."""
    with pytest.raises(Exception, match=r"(?i)read.?only"), ledger.reading() as books:
        books.documents.keep("rules", b"text")
    with ledger.writing() as books:
        books.documents.keep("rules", b"text")


def test_a_look_stays_the_same_while_another_writes(url: str) -> None:
    """A reader sees one state from beginning to end, and the new one the next time."""
    with open_ledger(url) as ledger, open_ledger(url) as other:
        with ledger.reading() as books:
            assert books.months.periods() == ()
            record(other, NOVEMBER)
            assert books.months.periods() == ()
        with ledger.reading() as books:
            assert books.months.periods() == (NOVEMBER,)


def test_a_connection_that_broke_between_two_passes_is_made_anew(server: Server) -> None:
    """The database was restarted while `watch` slept: the next pass goes on."""
    url = server.new_database()
    with open_ledger(url) as ledger:
        record(ledger, NOVEMBER)
        server.hang_up_on(url)
        with ledger.reading() as books:
            assert books.months.periods() == (NOVEMBER,)


def test_a_connection_that_breaks_in_the_middle_is_reported(server: Server) -> None:
    """In one sentence; nothing of the unit is kept."""
    url = server.new_database()
    with open_ledger(url) as ledger:
        with pytest.raises(LedgerError, match="连不上台账数据库"), ledger.writing() as books:
            keep_after(lambda: server.hang_up_on(url), books)
        with ledger.reading() as books:
            assert books.documents.get(hashlib.sha256(b"before").hexdigest()) is None


def keep_after(what: Callable[[], None], books: Transaction) -> None:
    books.documents.keep("rules", b"before")
    what()
    books.documents.keep("rules", b"after")


# --- Migrating ---


NEXT = f"{int(max(MIGRATIONS)) + 1:04}"


def _remark(op: Operations) -> None:
    op.add_column("documents", Column("remark", Text()))


LATER = {**MIGRATIONS, NEXT: _remark}
"""Those of a later version of the program, whose migration adds a column."""


def test_an_older_ledger_is_brought_up_to_date_and_keeps_its_months(url: str) -> None:
    with open_ledger(url) as ledger:
        record(ledger, NOVEMBER)
    assert has_november(url, LATER)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert version_of(connection) == NEXT
    engine.dispose()


def test_a_sqlite_file_is_backed_up_before_it_is_migrated(sqlite_file: Path) -> None:
    """The copy is a whole ledger of the version before, private, and complete without its WAL."""
    url = f"sqlite:///{sqlite_file}"
    with open_ledger(url) as ledger:
        record(ledger, NOVEMBER)
        with sqlite3.connect(sqlite_file) as beside:  # keeps the WAL from being folded in
            beside.execute("SELECT count(*) FROM months").fetchone()
            ledger.close()
            open_ledger(url, migrations=LATER).close()
        beside.close()
    copy = sqlite_file.with_name(f"ledger.before-{NEXT}.db")
    if os.name == "posix":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert has_november(f"sqlite:///{copy}")


def test_a_new_ledger_leaves_no_backup(sqlite_file: Path) -> None:
    open_ledger(f"sqlite:///{sqlite_file}").close()
    assert [file.name for file in sqlite_file.parent.iterdir()] == ["ledger.db"]


def test_a_migration_that_fails_leaves_the_ledger_as_it_was(url: str) -> None:
    """Tables change in one transaction: the former version of the program can go on."""
    with open_ledger(url) as ledger:
        record(ledger, NOVEMBER)

    def fails(op: Operations) -> None:
        _remark(op)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        open_ledger(url, migrations={**MIGRATIONS, NEXT: fails})
    assert has_november(url)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_ledger_of_a_newer_program_is_refused(url: str) -> None:
    open_ledger(url, migrations=LATER).close()
    assert "由更新版本的程序建立。请先升级本程序" in refusal(url)


FIRST_ROWS = """
INSERT INTO months VALUES ('旗舰店', '2026-11', 'issued', 2, '2026-12-03', NULL);
INSERT INTO claims (id, sha256, file, size, mtime_ns, received_at, step) VALUES (41, 'cc', 'x.xlsx', 1, 1, 'then', 5);
INSERT INTO claims (id, sha256, file, size, mtime_ns, received_at, step, status, findings, outputs)
 VALUES (42, 'dd', 'y.xlsx', 1, 1, '2026-12-04T08:00:00+00:00', 5, 'returned', '[]', '["outbox/退回/y.html"]');
INSERT INTO placed_files VALUES ('退回/y.html', 'ee');
INSERT INTO waiting_corrections VALUES ('旗舰店', '2026-11', 'cc', 'x.xlsx', '漏报', '2026-12-08');
INSERT INTO outcomes VALUES ('旗舰店', '2026-11', '甲', 'reward', 2, 'reversed', 10000, NULL, '第一名', NULL, false, 'apply', NULL);
INSERT INTO outcomes VALUES ('旗舰店', '2026-11', '乙', 'reward', 1, 'reversed', 10000, NULL, '第一名', NULL, false, 'waive', NULL);
INSERT INTO outcomes VALUES ('旗舰店', '2026-11', '丙', 'reward', 2, 'reversed', 10000, NULL, '第一名', NULL, false, 'waive', NULL);
INSERT INTO money_lines VALUES ('旗舰店', '2026-11', '甲', 'reward', 1, 10000, NULL, 1, '', '2026-12-03', '2026-12', false);
INSERT INTO money_lines VALUES ('旗舰店', '2026-11', '甲', 'reward', 2, -10000, 1, 2, '', '2026-12-08', '2026-12', false)
"""
"""A reward that HR had granted was taken back by a correction; 丙 it still waives."""


@pytest.fixture
def with_first_tables(url: str) -> str:
    """A ledger that the first version of the program left."""
    open_ledger(url, migrations={"0001": MIGRATIONS["0001"]}).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in FIRST_ROWS.split(";"):
            connection.exec_driver_sql(statement)
    engine.dispose()
    return url


def test_a_ledger_of_the_first_tables_gets_a_name_and_keeps_its_months(with_first_tables: str) -> None:
    """It has seen no pass yet, as nobody counted: the workspace that opens it next makes it its own."""
    assert has_november(with_first_tables)
    with open_ledger(with_first_tables) as ledger, ledger.reading() as books:
        mark = books.identity.mark()
    assert len(mark.ledger) == 32
    assert mark.passes == 0


def test_a_ledger_of_the_first_tables_keeps_its_money_and_what_waits(with_first_tables: str) -> None:
    """Lines are as they were; what was taken back is not decided any more; corrections bear their file's number."""
    with open_ledger(with_first_tables) as ledger, ledger.reading() as books:
        lines = books.outcomes.lines_of_month(GROUP, NOVEMBER)
        decided = {one.key.staff: one.decision for one in books.outcomes.of_month(GROUP, NOVEMBER)}
        (waiting,) = books.corrections.all()
    assert [(str(line.key), line.sequence, str(line.amount), line.reverses) for line in lines] == [
        ("2026-11/旗舰店/甲/reward", 1, "100.00", None),
        ("2026-11/旗舰店/甲/reward", 2, "-100.00", 1),
    ]
    assert decided == {"甲": None, "乙": None, "丙": OutcomeDecision.WAIVE}
    assert (waiting.number, waiting.reason, waiting.is_listed) == (41, "漏报", True)


def test_a_ledger_of_the_first_tables_knows_whose_the_returned_papers_are(with_first_tables: str) -> None:
    with open_ledger(with_first_tables) as ledger, ledger.reading() as books:
        owners = books.journal.owners_of_returned("退回")
    assert {path: one.dropped.file for path, one in owners.items()} == {"退回/y.html": "y.xlsx"}


# --- Refusals ---


@pytest.mark.parametrize(
    "written",
    [
        "ledger.db",
        "mysql://host/db",
        "postgresql+nonsense://host/db",
        "",
        "sqlite:/x",
        "sqlite:///x?timeout=soon",
    ],
)
def test_an_address_that_cannot_serve_is_refused(written: str) -> None:
    """With the two forms that can."""
    assert "sqlite:///文件路径 或 postgresql+psycopg://" in refusal(written)


def test_a_missing_folder_is_named_as_the_reason(tmp_path: Path) -> None:
    assert "请检查它所在的文件夹是否存在" in refusal(f"sqlite:///{tmp_path}/nowhere/ledger.db")


def test_a_file_that_is_no_ledger_is_refused_and_left_alone(sqlite_file: Path) -> None:
    sqlite_file.write_bytes(b"this is a letter to the editor, " * 100)
    assert "不是台账，或已损坏" in refusal(f"sqlite:///{sqlite_file}")
    assert sqlite_file.read_bytes().startswith(b"this is a letter")


def test_a_damaged_ledger_is_noticed_on_opening(sqlite_file: Path) -> None:
    """A page in the middle is overwritten: quick_check finds it before anything is written."""
    with open_ledger(f"sqlite:///{sqlite_file}") as ledger:
        for shift in range(12):
            record(ledger, NOVEMBER.shifted(shift))
    damaged = sqlite_file.rename(sqlite_file.with_name("damaged.db"))  # no file that was checked before
    size = damaged.stat().st_size
    with damaged.open("r+b") as file:
        for page in range(4096, size, 2 * 4096):
            file.seek(page)
            file.write(b"\xff" * 4096)
    assert "已损坏" in refusal(f"sqlite:///{damaged}")


def test_integrity_is_checked_once_per_process(sqlite_file: Path) -> None:
    url = f"sqlite:///{sqlite_file}"
    executed: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        executed.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    open_ledger(url).close()
    open_ledger(url).close()
    event.remove(Engine, "before_cursor_execute", note)
    assert executed.count("PRAGMA quick_check(1)") == 1


def test_a_ledger_that_another_program_is_writing_is_reported_as_locked(url: str) -> None:
    """The sentence says to wait, reading goes on; once the other is done, writing works."""
    with open_ledger(f"{url}?timeout=0.1") as ledger, open_ledger(url) as other:
        with other.writing():
            with ledger.reading() as books:
                assert books.months.periods() == ()
            with pytest.raises(LedgerError, match="正被另一个程序占用"):
                record(ledger, NOVEMBER)
        record(ledger, NOVEMBER)


def test_a_ledger_without_write_permission_is_reported(sqlite_file: Path) -> None:
    open_ledger(f"sqlite:///{sqlite_file}").close()
    read_only = f"sqlite:///file:{sqlite_file}?mode=ro&uri=true"
    with open_ledger(read_only) as ledger, pytest.raises(LedgerError, match="不能写入"):
        record(ledger, NOVEMBER)


def test_a_database_out_of_reach_is_reported_without_the_password() -> None:
    """Neither the sentence nor any traceback shows it."""
    password = secrets.token_hex()
    with socket.socket() as nobody_listens:
        nobody_listens.bind(("127.0.0.1", 0))
        port = nobody_listens.getsockname()[1]
        with pytest.raises(LedgerError, match="连不上台账数据库") as refused:
            open_ledger(f"postgresql+psycopg://hr:{password}@127.0.0.1:{port}/ledger")
    shown = "".join(traceback.format_exception(refused.value))
    assert "127.0.0.1" in refused.value.detail
    assert password not in shown + repr(refused.value)


@pytest.mark.slow
def test_postgresql_without_its_driver_says_what_to_install() -> None:
    """As on a machine with requirements.txt alone."""
    program = """
import sys
sys.modules["psycopg"] = None
from appraisal.ledger.ledger import open_ledger
try:
    open_ledger("postgresql+psycopg://hr@localhost/ledger")
except Exception as error:
    sys.stdout.buffer.write(str(error).encode())
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True)
    assert "pip install -r requirements-postgres.txt" in done.stdout.decode()


# --- Network drives ---

MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
tmpfs /run tmpfs rw 0 0
//server/share /mnt/shared\040files cifs rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
overlay /covered ext4 rw 0 0
server:/x /covered nfs rw 0 0
"""


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/var/ledger.db", "ext4"),
        ("/mnt/shared files/state/ledger.db", "cifs"),
        ("/mnt/shared", "ext4"),
        ("/home/hr/ledger.db", "nfs4"),
        ("/home/local/ledger.db", "ext4"),
        ("/homework/ledger.db", "ext4"),
        ("/covered/ledger.db", "nfs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(file: str, kind: str) -> None:
    assert file_system_of(PurePosixPath(file), MOUNTS) == kind


def test_a_ledger_on_a_network_drive_is_used_with_a_warning(sqlite_file: Path) -> None:
    """The warning is returned for the conductor to show, with what to do about it."""
    assert not is_on_network(sqlite_file)
    with open_ledger(f"sqlite:///{sqlite_file}", is_remote=lambda _file: True) as ledger:
        (warning,) = ledger.warnings
    assert "请把工作区的 state 文件夹放到本机磁盘" in warning
