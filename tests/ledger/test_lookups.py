"""With 100,000 results in the ledger every look-up of a pass still goes by an index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, event, text

from appraisal.ledger import database
from appraisal.ledger.ledger import Transaction, open_ledger
from appraisal.period import Period
from tests.ledger.builders import NOVEMBER

GROUPS, MONTHS, STAFF = 140, 24, 30
"""100,800 results."""

MANY_RESULTS = f"""
WITH RECURSIVE
  g(g) AS (SELECT 1 UNION ALL SELECT g + 1 FROM g WHERE g < {GROUPS}),
  m(m) AS (SELECT 0 UNION ALL SELECT m + 1 FROM m WHERE m < {MONTHS - 1}),
  s(s) AS (SELECT 1 UNION ALL SELECT s + 1 FROM s WHERE s < {STAFF})
"""
PERIOD = "(CASE WHEN m < 12 THEN '2025-' ELSE '2026-' END || substr('0' || (m % 12 + 1), -2))"
FILL = [
    f"""INSERT INTO months SELECT '店' || g, {PERIOD}, 'open', 1, NULL, NULL FROM g, m""",
    f"""INSERT INTO revisions SELECT '店' || g, {PERIOD}, 1, 'one-mark', 1, '2026-12-03', 'first', NULL,
        '2026-12-03', 'sha' || g || '-' || m,
        '{{"files": [], "rules_sha256": "", "program": ""}}', '{{}}', 30, x'00' FROM g, m""",
    f"""INSERT INTO results SELECT '店' || g, {PERIOD}, 1, 'KF' || g || '-' || s, '某', s, 9000 - s, NULL, s = 30
        FROM g, m, s""",
    f"""INSERT INTO outcomes SELECT '店' || g, {PERIOD}, 'KF' || g || '-30', 'rectification', 1, 1, 'due', NULL,
        '2026-12-10', '后两名', NULL, 0, NULL, NULL FROM g, m""",
    """INSERT INTO claims SELECT g * 1000 + m, 'sha' || g || '-' || m, 'x.xlsx', NULL, 1, 1, '2026-12-03T08:00:00+00:00',
        5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM g, m""",
    f"""INSERT INTO placed_files SELECT '店' || g || '/' || {PERIOD} || '/' || s || '.html', 'sha', NULL FROM g, m, s""",
]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A SQLite ledger with two years of 140 groups."""
    url = f"sqlite:///{tmp_path_factory.mktemp('crowded') / 'ledger.db'}"
    open_ledger(url).close()
    engine = database.open_engine(url)
    with database.writing(engine) as connection:
        for statement in FILL:
            connection.exec_driver_sql(MANY_RESULTS + statement)
        connection.exec_driver_sql("ANALYZE")
    with database.reading(engine) as connection:
        yield connection
    engine.dispose()


SMALL_INDEXES = ("claims_unfinished", "placed_files_returned")

LOOK_UPS: dict[str, Callable[[Transaction], object]] = {
    "history": lambda books: books.past.before("店70", NOVEMBER),
    "history of several groups": lambda books: books.past.before_each(["店70", "店7"], NOVEMBER),
    "one person": lambda books: books.past.of_person("KF70-7"),
    "month": lambda books: books.months.get("店70", NOVEMBER),
    "months of a group": lambda books: books.months.of_group("店70"),
    "groups handed in": lambda books: books.months.groups_handed_in(NOVEMBER),
    "later months": lambda books: books.months.periods_after("店70", Period(2025, 6)),
    "revisions": lambda books: books.months.revisions("店70", NOVEMBER),
    "current revision": lambda books: books.months.current("店70", NOVEMBER),
    "revisions in force": lambda books: books.months.in_force(["店70"], NOVEMBER),
    "next revision": lambda books: books.months.next_revision("店70", NOVEMBER),
    "claims by sha": lambda books: books.journal.claims_of("sha70-7"),
    "returned files": lambda books: books.journal.returned(NOVEMBER),
    "whose returned papers": lambda books: books.journal.owners_of_returned("店70/退回"),
    "unfinished claims": lambda books: books.journal.unfinished(),
    "outcomes of a month": lambda books: books.outcomes.of_month("店70", NOVEMBER),
    "outcomes of several groups": lambda books: books.outcomes.of_months(["店70", "店7"], NOVEMBER),
    "money of several groups": lambda books: books.outcomes.lines_of_months(["店70", "店7"], NOVEMBER),
    "money of a month": lambda books: books.outcomes.lines_of_month("店70", NOVEMBER),
    "money paid in a month": lambda books: books.outcomes.lines_paid_in(NOVEMBER),
    "plans of a month": lambda books: books.plans.of_month("店70", NOVEMBER),
    "plans of a period": lambda books: books.plans.of_period(NOVEMBER),
    "plans to remind of": lambda books: books.plans.unsettled_on(
        date(2026, 12, 20), "店70", "店7", before=NOVEMBER
    ),
    "placed files": lambda books: books.placed.under("店70/2026-11"),
    "self-assessments": lambda books: books.self_forms.of_month("店70", NOVEMBER),
    "acts": lambda books: books.acts.find(group="店70", period=NOVEMBER),
}


@pytest.mark.parametrize("look_up", LOOK_UPS)
def test_a_look_up_searches_by_an_index(crowded: Connection, look_up: str) -> None:
    """SQLite's own plan has no scan of a table, but of the indexes that hold only what is unfinished or lies there."""
    made: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        made.append((statement, values))

    event.listen(crowded, "before_cursor_execute", note)
    LOOK_UPS[look_up](Transaction(crowded))
    event.remove(crowded, "before_cursor_execute", note)
    assert made
    for statement, values in made:
        plan = [row[-1] for row in crowded.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
        scanned = [step for step in plan if step.startswith("SCAN")]
        assert not [one for one in scanned if not any(small in one for small in SMALL_INDEXES)], plan


def test_there_are_that_many_results(crowded: Connection) -> None:
    """So that the plans above are those of a full ledger."""
    assert crowded.scalar(text("SELECT count(*) FROM results")) == GROUPS * MONTHS * STAFF
    assert len(Transaction(crowded).past.before("店70", NOVEMBER).people) == STAFF
