"""Beside each paper of a returned file stands whose it is."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("placed_files", sa.Column("returned", sa.Integer()))
    papers = sa.table("placed_files", sa.column("path"), sa.column("returned"))
    found = sa.text("SELECT id, outputs FROM claims WHERE status = 'returned' ORDER BY id")
    for number, outputs in op.get_bind().execute(found).all():
        paths = [path.removeprefix("outbox/") for path in json.loads(outputs)]
        op.execute(sa.update(papers).where(papers.c.path.in_(paths)).values(returned=number))
    lying = sa.text("returned IS NOT NULL")
    op.create_index(
        "placed_files_returned", "placed_files", ["returned"], sqlite_where=lying, postgresql_where=lying
    )
    op.drop_index("claims_returned", "claims")
