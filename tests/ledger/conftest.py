"""Every test that asks for `url` or `ledger` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appraisal.ledger.ledger import Ledger, open_ledger
from tests.builders.workspaces import empty_ledger
from tests.ledger.postgres import Server, is_wanted, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if not is_wanted():
        pytest.skip("no PostgreSQL on this machine; CI has one")
    with running_server() as running:
        yield running


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """Where a SQLite ledger of this test lies."""
    return tmp_path / "ledger.db"


@pytest.fixture(
    params=["sqlite", *([pytest.param("postgresql", marks=pytest.mark.slow)] if is_wanted() else [])]
)
def url(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    """The URL of a ledger that does not exist yet."""
    if request.param == "sqlite":
        return f"sqlite:///{sqlite_file}"
    running: Server = request.getfixturevalue("server")
    return running.new_database()


@pytest.fixture(scope="session")
def migrated(server: Server) -> str:
    """The URL of a ledger with this version's tables and nothing in them; migrating one takes a tenth of a second."""
    url = server.new_database()
    open_ledger(url).close()
    return url


@pytest.fixture
def ledger(request: pytest.FixtureRequest, url: str, sqlite_file: Path) -> Iterator[Ledger]:
    """A new ledger."""
    if url.startswith("sqlite"):
        sqlite_file.write_bytes(empty_ledger())
    else:
        running: Server = request.getfixturevalue("server")
        running.copy(request.getfixturevalue("migrated"), url)
    with open_ledger(url) as opened:
        yield opened
