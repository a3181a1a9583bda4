"""Who received and signed for which paper, and the scans that prove it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "acknowledgements",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("revision", sa.Integer(), primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("paper", _TEXT, primary_key=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("channel", _TEXT),
        sa.Column("delivered_on", _TEXT),
        sa.Column("settled_on", _TEXT),
        sa.Column("witness", _TEXT, nullable=False),
        sa.Column("remark", _TEXT, nullable=False),
        sa.Column("entered_on", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_index("acknowledgements_by_period", "acknowledgements", ["period"])
    op.create_table(
        "scans",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("sha256", _TEXT, primary_key=True),
        sa.Column("file", _TEXT, nullable=False),
        sa.Column("received_on", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
