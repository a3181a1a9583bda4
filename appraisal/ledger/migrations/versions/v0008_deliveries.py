"""Messages that were written to be sent, each once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_ONCE = ("group_name", "period", "revision", "paper", "addressee", "occasion")


def upgrade() -> None:
    texts = ("service", "address", "file", "state", "reason", "made_at", "changed_at")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("group_name", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        *(sa.Column(name, _TEXT, nullable=False) for name in ("paper", "addressee", "occasion")),
        *(sa.Column(name, _TEXT, nullable=False) for name in texts),
    )
    op.create_index("deliveries_once", "deliveries", list(_ONCE), unique=True)
    op.create_index("deliveries_by_state", "deliveries", ["state"])
