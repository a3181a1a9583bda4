"""Appeals against issued months, and HR's answers to them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("acts", sa.Column("answer", _TEXT))
    op.create_table(
        "appeals",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("revision", sa.Integer(), primary_key=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("appeal_by", _TEXT, nullable=False),
        sa.Column("came_on", _TEXT, nullable=False),
        sa.Column("complete_on", _TEXT),
        sa.Column("answer_by", _TEXT),
        sa.Column("decided_on", _TEXT),
        sa.Column("decided_at_revision", sa.Integer()),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("items", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    for column in ("period", "staff", "state"):
        op.create_index(f"appeals_by_{column}", "appeals", [column])
