"""A ledger that holds the results of many years, made from the rows of one real month.

fill(place / "state" / "ledger.db", results=100_000)
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from appraisal.period import Period

_MONTHS = 36


def fill(file: Path, *, results: int) -> int:
    """Copy the ledger's only month into months before it, of other groups, until there are so many results.

    Every month comes with its claim, revision, people and outcomes. Gives how many results there are now.
    """
    with closing(sqlite3.connect(file)) as ledger, ledger:
        group, newest = ledger.execute("SELECT group_name, period FROM months").fetchone()
        (people,) = ledger.execute("SELECT count(*) FROM results").fetchone()
        ledger.execute("CREATE TEMP TABLE copies (group_name TEXT, period TEXT, number INTEGER)")
        months = [
            (f"老店{number // _MONTHS:05}", str(Period.parse(newest).shifted(-1 - number % _MONTHS)), number)
            for number in range(results // people)
        ]
        ledger.executemany("INSERT INTO copies VALUES (?, ?, ?)", months)
        for table in ("months", "revisions", "results", "outcomes"):
            _copy(ledger, table, group)
        _copy(ledger, "claims", group, {"id": "1000000 + number", "sha256": "sha256 || number"})
        (count,) = ledger.execute("SELECT count(*) FROM results").fetchone()
    return int(count)


def _copy(ledger: sqlite3.Connection, table: str, group: str, changed: dict[str, str] | None = None) -> None:
    """The group's rows of the table, once for each of `copies`."""
    columns = [row[1] for row in ledger.execute(f"PRAGMA table_info({table})")]
    values = {"group_name": "copies.group_name", "period": "copies.period", **(changed or {})}
    picked = ", ".join(values.get(name, f"{table}.{name}") for name in columns)
    ledger.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picked} FROM {table}, copies"
        f" WHERE {table}.group_name = ?",
        (group,),
    )
