"""The ledger's first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("group_name", _TEXT),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("acted_on", _TEXT, nullable=False),
        sa.Column("acted_by", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("document_number", _TEXT),
        sa.Column("staff", _TEXT),
        sa.Column("type", _TEXT),
        sa.Column("decision", _TEXT),
    )
    op.create_index("acts_by_group", "acts", ["group_name"])
    op.create_index("acts_by_period", "acts", ["period"])
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("file", _TEXT, nullable=False),
        sa.Column("folder", _TEXT),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("received_at", _TEXT, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("status", _TEXT),
        sa.Column("group_name", _TEXT),
        sa.Column("period", _TEXT),
        sa.Column("revision", sa.Integer()),
        sa.Column("findings", _TEXT),
        sa.Column("outputs", _TEXT),
    )
    op.create_index("claims_by_sha256", "claims", ["sha256"])
    returned = sa.text("status = 'returned'")
    op.create_index("claims_returned", "claims", ["period"], sqlite_where=returned, postgresql_where=returned)
    unfinished = sa.text("step < 5")
    op.create_index(
        "claims_unfinished", "claims", ["id"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_table(
        "closings",
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "documents",
        sa.Column("sha256", _TEXT, primary_key=True),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "intended_files",
        sa.Column("path", _TEXT, primary_key=True),
        sa.Column("sha256", _TEXT, primary_key=True),
    )
    op.create_table(
        "months",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("issued_on", _TEXT),
        sa.Column("document_number", _TEXT),
    )
    op.create_index("months_by_period", "months", ["period"])
    op.create_table(
        "placed_files",
        sa.Column("path", _TEXT, primary_key=True),
        sa.Column("sha256", _TEXT, nullable=False),
    )
    op.create_table(
        "self_forms",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("group_name", _TEXT, nullable=False),
        sa.Column("period", _TEXT, nullable=False),
        sa.Column("staff", _TEXT, nullable=False),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("entries", _TEXT, nullable=False),
        sa.Column("received_on", _TEXT, nullable=False),
    )
    op.create_index("self_forms_by_month", "self_forms", ["group_name", "period"])
    op.create_table("hr_folders_day", sa.Column("looked_through_on", _TEXT, primary_key=True))
    op.create_table("hr_folders_to_renew", sa.Column("period", _TEXT, primary_key=True))
    op.create_table(
        "money_lines",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("type", _TEXT, primary_key=True),
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reverses", sa.Integer()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("recorded_on", _TEXT, nullable=False),
        sa.Column("paid_in", _TEXT, nullable=False),
        sa.Column("capped_by_payroll", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_index("money_lines_by_month_of_payment", "money_lines", ["paid_in"])
    op.create_table(
        "outcomes",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("type", _TEXT, primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("due", _TEXT),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("clause", _TEXT),
        sa.Column("capped_by_payroll", sa.Boolean(), nullable=False),
        sa.Column("decision", _TEXT),
        sa.Column("due_moved_by", sa.Integer()),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_index("outcomes_by_period", "outcomes", ["period"])
    op.create_index("outcomes_by_type_and_due", "outcomes", ["type", "due"])
    op.create_table(
        "plan_papers",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("submitted_on", _TEXT, nullable=False),
        sa.Column("judged_on", _TEXT),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("promises", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_table(
        "revisions",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("scheme", _TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("issued", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("reason", _TEXT),
        sa.Column("made_on", _TEXT, nullable=False),
        sa.Column("submission", _TEXT, nullable=False),
        sa.Column("inputs", _TEXT, nullable=False),
        sa.Column("documents", _TEXT, nullable=False),
        sa.Column("ranked_count", sa.Integer(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_index("revisions_by_submission", "revisions", ["submission"])
    op.create_table(
        "unfollowed_months",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_table(
        "waiting_corrections",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("file", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("received_on", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )
    op.create_table(
        "results",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("revision", sa.Integer(), primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("rank", sa.Integer()),
        sa.Column("final", sa.BigInteger()),
        sa.Column("reason", _TEXT),
        sa.Column("was_sole_last", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_name", "period", "revision"],
            ["revisions.group_name", "revisions.period", "revisions.number"],
        ),
    )
    op.create_index("results_by_staff", "results", ["staff"])
