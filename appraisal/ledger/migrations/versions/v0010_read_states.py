"""What the services say of messages that were sent: arrived, seen."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("receipt", _TEXT, nullable=False, server_default=""))
    for name in ("arrived_at", "seen_at", "asked_at"):
        op.add_column("deliveries", sa.Column(name, _TEXT))
