"""Money stays apart rule by rule, and lines alternate; corrections wait under numbers; a decision falls with its outcome."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("acts", sa.Column("item", sa.Integer()))
    op.drop_index("revisions_by_submission", "revisions")  # nobody looks by it
    _outcomes()
    _money_lines()
    _corrections()


def _outcomes() -> None:
    _rebuilt(
        "outcomes",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("type", _TEXT, primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("amount", sa.BigInteger()),
        sa.Column("due", _TEXT),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("clause", _TEXT),
        sa.Column("capped_by_payroll", sa.Boolean(), nullable=False),
        sa.Column("decision", _TEXT),
        sa.Column("due_moved_by", sa.Integer()),
        added={"part": "1"},
    )
    op.create_index("outcomes_by_period", "outcomes", ["period"])
    op.create_index("outcomes_by_type_and_due", "outcomes", ["type", "due"])
    # What a later revision took back kept its decision, and could be decided about again.
    op.execute(
        "UPDATE outcomes SET decision = NULL WHERE state = 'reversed' AND (decision = 'apply' OR revision <> "
        "(SELECT months.revision FROM months WHERE months.group_name = outcomes.group_name"
        " AND months.period = outcomes.period))"
    )


def _money_lines() -> None:
    _rebuilt(
        "money_lines",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("staff", _TEXT, primary_key=True),
        sa.Column("type", _TEXT, primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reverses", sa.Integer()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("recorded_on", _TEXT, nullable=False),
        sa.Column("paid_in", _TEXT, nullable=False),
        sa.Column("capped_by_payroll", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(reverses IS NULL) = ((sequence & 1) = 1) AND coalesce(reverses, sequence - 1) = sequence - 1",
            name="money_lines_alternate",
        ),
        added={"part": "1"},
    )
    op.create_index("money_lines_by_month_of_payment", "money_lines", ["paid_in"])


def _corrections() -> None:
    """Their numbers are those of the dropped files in the journal."""
    number = (
        "coalesce((SELECT max(claims.id) FROM claims WHERE claims.sha256 = waiting_corrections.sha256), 1)"
    )
    _rebuilt(
        "waiting_corrections",
        sa.Column("group_name", _TEXT, primary_key=True),
        sa.Column("period", _TEXT, primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("sha256", _TEXT, nullable=False),
        sa.Column("file", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("received_on", _TEXT, nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        added={"number": number, "is_listed": "true"},
    )


def _rebuilt(table: str, *columns: sa.schema.SchemaItem, added: dict[str, str]) -> None:
    """The table made anew with these columns; `added` says what the new ones begin with."""
    of_month = sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"])
    op.create_table(f"new_{table}", *columns, of_month)
    names = [column.name for column in columns if isinstance(column, sa.Column)]
    values = ", ".join(added.get(name, name) for name in names)
    copy = f"INSERT INTO new_{table} ({', '.join(names)}) SELECT {values} FROM {table}"  # noqa: S608 - our own words
    op.execute(copy)
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)
