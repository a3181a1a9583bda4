"""A ledger knows who it is and how many passes it has seen, so that an old copy and a stranger's are told."""

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    identity = op.create_table(
        "identity",
        sa.Column("id", _TEXT, primary_key=True),
        sa.Column("passes", sa.BigInteger(), nullable=False),
    )
    op.bulk_insert(identity, [{"id": uuid.uuid4().hex, "passes": 0}])
