"""The indexes of a part of a table, as they are now. Every change here needs a migration beside it.

They stand apart because SQLAlchemy loads a database's dialect for a condition of its own: PostgreSQL's
takes 0.08 s, which every start would pay. Queries use an index without knowing of it, so this is only
imported where tables are compared.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from appraisal.ledger.tables import claims

for _name, _column, _condition in (
    ("claims_returned", claims.c.period, "status = 'returned'"),
    ("claims_unfinished", claims.c.id, "step < 5"),
):
    Index(_name, _column, sqlite_where=text(_condition), postgresql_where=text(_condition))
