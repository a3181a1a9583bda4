"""A private PostgreSQL server for tests: its own cluster in a temporary folder, on a free port."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, make_url, text


def programs() -> Path | None:
    """The folder of initdb and pg_ctl; None where no server is installed."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda at: int(at.parts[-3]))
    return debian[-1].parent if debian else None


def is_wanted() -> bool:
    """CI must have a server; elsewhere the suite runs on SQLite alone where there is none."""
    installed = programs() is not None and importlib.util.find_spec("psycopg") is not None
    return installed or os.environ.get("CI") == "true"


@dataclass
class Server:
    """A running server; every database it makes is new and empty."""

    port: int
    made: int = field(default=0)

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://appraisal@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of a new database."""
        self.made += 1
        self._execute(f"CREATE DATABASE ledger{self.made}")
        return self.url(f"ledger{self.made}")

    def copy(self, source: str, target: str) -> None:
        """Make the database at one URL what that at another is."""
        name, template = make_url(target).database, make_url(source).database
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def hang_up_on(self, url: str) -> None:
        """Break every connection to the database, as a restart of the server does."""
        name = make_url(url).database
        self._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")

    def _execute(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server, and stop it at the end. PostgreSQL refuses to run as root: another user does."""
    found = programs()
    assert found is not None, "PostgreSQL is not installed (Debian: apt-get install postgresql)"
    user = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="ledger-postgres-"))
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        command = [str(found / program), "-D", str(folder / "data"), *arguments]
        done = subprocess.run(
            command,
            user=user,
            cwd=folder,
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout

    port = _free_port()
    settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
    try:
        run("initdb", "-U", "appraisal", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", settings, "start")
        try:
            yield Server(port)
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
