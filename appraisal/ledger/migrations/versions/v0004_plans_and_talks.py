"""Each step of a plan, the records of talks, and of which form and person a dropped file is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("claims", sa.Column("kind", _TEXT))
    op.add_column("claims", sa.Column("staff", _TEXT))
    op.create_table(
        "plan_steps",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("group_name", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("staff", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("day", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_index("plan_steps_by_month", "plan_steps", ["group_name", "period"])
    op.create_table(
        "talks",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("held_on", _TEXT, nullable=False),
        sa.Column("received_on", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    # Of the plans that came before, the first step and the last are known.
    columns = (
        "INSERT INTO plan_steps (group_name, period, staff, state, day) SELECT group_name, period, staff, "
    )
    op.execute(f"{columns} 'submitted', submitted_on FROM plan_papers")
    op.execute(f"{columns} state, judged_on FROM plan_papers WHERE judged_on IS NOT NULL")
