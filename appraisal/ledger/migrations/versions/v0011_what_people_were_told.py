"""What a dropped file's people are told besides its findings, so that a stop before the receipt loses nothing of it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("claims", sa.Column("note", _TEXT))
