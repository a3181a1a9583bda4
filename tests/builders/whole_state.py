"""All that a workspace holds, so that one which was disturbed can be held against one which was not."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, create_engine, select

from appraisal.ledger.tables import claims, identity, metadata, placed_files

_OF_ITS_TIME = ("state/ledger.db-", "state/health.json", "state/log/", "state/ledger_mark.json")
"""What says when something was done, or is there only while the ledger is open."""


def contents(root: Path) -> dict[str, bytes]:
    """Every file of inbox, outbox and archive; of the rest of the state only the names."""
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    files.pop("outbox/.ledger_mark.json", None)  # each ledger has a name of its own
    kept = {name: path.read_bytes() for name, path in files.items() if not name.startswith("state/")}
    kept |= {name: path.read_bytes() for name, path in files.items() if name.startswith("state/archive/")}
    return {name: b"" for name in files if not name.startswith(_OF_ITS_TIME)} | kept


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of a ledger."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = _rows_of(connection)
    engine.dispose()
    return found


def _rows_of(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Every row but for numbers and times that only say when it was written; a claim is told by its file's hash."""
    found: dict[str, list[tuple[object, ...]]] = {}
    of_claim = {one.id: one.sha256 for one in connection.execute(select(claims))}
    for table in (one for one in metadata.sorted_tables if one is not identity):
        kept = ", ".join(one.name for one in table.columns if one.name not in {"id", "received_at"})
        lines = connection.exec_driver_sql(f"SELECT {kept} FROM {table.name}")
        found[table.name] = sorted((tuple(line) for line in lines), key=repr)
    papers = connection.execute(select(placed_files))
    found[placed_files.name] = sorted(
        (tuple({**one._mapping, "returned": of_claim.get(one.returned)}.values()) for one in papers),
        key=repr,
    )
    return found


def differences(found: dict[str, bytes], wanted: dict[str, bytes]) -> list[str]:
    """The names of files that are there in one alone, or with other bytes."""
    return sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
