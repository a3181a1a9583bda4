"""How the ledger's tables came to be what `tables` says: a ledger of any age is brought to this version.

A migration that ledgers in the field have gone through is never changed; a new one goes to the end of MIGRATIONS.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _keys(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _TEXT, primary_key=True) for name in names]


def _texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _TEXT, nullable=False) for name in names]


def _optional_texts(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, _TEXT) for name in names]


def _of_month() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"])


def _of_outcome() -> list[sa.Column[Any]]:
    return [
        sa.Column("revision", sa.Integer(), nullable=False),
        *_texts("state"),
        sa.Column("amount", sa.BigInteger()),
        *_optional_texts("due"),
        *_texts("reason"),
        *_optional_texts("clause"),
        sa.Column("capped_by_payroll", sa.Boolean(), nullable=False),
        *_optional_texts("decision"),
        sa.Column("due_moved_by", sa.Integer()),
    ]


def _of_money_line() -> list[sa.Column[Any]]:
    return [
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reverses", sa.Integer()),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_texts("reason", "recorded_on", "paid_in"),
        sa.Column("capped_by_payroll", sa.Boolean(), nullable=False),
    ]


def _first_tables(op: Operations) -> None:
    """The ledger's first tables."""
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("kind"),
        *_optional_texts("group_name"),
        *_texts("period", "acted_on", "acted_by", "reason"),
        *_optional_texts("document_number", "staff", "type", "decision"),
    )
    op.create_index("acts_by_group", "acts", ["group_name"])
    op.create_index("acts_by_period", "acts", ["period"])
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("sha256", "file"),
        *_optional_texts("folder"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        *_texts("received_at"),
        sa.Column("step", sa.Integer(), nullable=False),
        *_optional_texts("status", "group_name", "period"),
        sa.Column("revision", sa.Integer()),
        *_optional_texts("findings", "outputs"),
    )
    op.create_index("claims_by_sha256", "claims", ["sha256"])
    for name, column, condition in (
        ("claims_returned", "period", sa.text("status = 'returned'")),
        ("claims_unfinished", "id", sa.text("step < 5")),
    ):
        op.create_index(name, "claims", [column], sqlite_where=condition, postgresql_where=condition)
    op.create_table(
        "closings", *_keys("period", "group_name"), sa.Column("closed", sa.Boolean(), nullable=False)
    )
    op.create_table(
        "documents",
        *_keys("sha256"),
        *_texts("kind"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table("intended_files", *_keys("path", "sha256"))
    op.create_table(
        "months",
        *_keys("group_name", "period"),
        *_texts("state"),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_optional_texts("issued_on", "document_number"),
    )
    op.create_index("months_by_period", "months", ["period"])
    op.create_table("placed_files", *_keys("path"), *_texts("sha256"))
    op.create_table(
        "self_forms",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("group_name", "period", "staff", "sha256", "entries", "received_on"),
    )
    op.create_index("self_forms_by_month", "self_forms", ["group_name", "period"])
    op.create_table("hr_folders_day", *_keys("looked_through_on"))
    op.create_table("hr_folders_to_renew", *_keys("period"))
    _first_tables_of_months(op)


def _first_tables_of_months(op: Operations) -> None:
    op.create_table(
        "money_lines",
        *_keys("group_name", "period", "staff", "type"),
        *_of_money_line(),
        _of_month(),
    )
    op.create_index("money_lines_by_month_of_payment", "money_lines", ["paid_in"])
    op.create_table(
        "outcomes",
        *_keys("group_name", "period", "staff", "type"),
        *_of_outcome(),
        _of_month(),
    )
    op.create_index("outcomes_by_period", "outcomes", ["period"])
    op.create_index("outcomes_by_type_and_due", "outcomes", ["type", "due"])
    op.create_table(
        "plan_papers",
        *_keys("group_name", "period", "staff"),
        *_texts("state", "submitted_on"),
        *_optional_texts("judged_on"),
        *_texts("sha256", "promises"),
        _of_month(),
    )
    op.create_table(
        "revisions",
        *_keys("group_name", "period"),
        sa.Column("number", sa.Integer(), primary_key=True),
        *_texts("scheme"),
        sa.Column("version", sa.Integer(), nullable=False),
        *_texts("issued", "kind"),
        *_optional_texts("reason"),
        *_texts("made_on", "submission", "inputs", "documents"),
        sa.Column("ranked_count", sa.Integer(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        _of_month(),
    )
    op.create_index("revisions_by_submission", "revisions", ["submission"])
    op.create_table("unfollowed_months", *_keys("group_name", "period"), _of_month())
    op.create_table(
        "waiting_corrections",
        *_keys("group_name", "period"),
        *_texts("sha256", "file", "reason", "received_on"),
        _of_month(),
    )
    op.create_table(
        "results",
        *_keys("group_name", "period"),
        sa.Column("revision", sa.Integer(), primary_key=True),
        *_keys("staff"),
        *_texts("name"),
        sa.Column("rank", sa.Integer()),
        sa.Column("final", sa.BigInteger()),
        *_optional_texts("reason"),
        sa.Column("was_sole_last", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_name", "period", "revision"],
            ["revisions.group_name", "revisions.period", "revisions.number"],
        ),
    )
    op.create_index("results_by_staff", "results", ["staff"])


def _whose_ledger(op: Operations) -> None:
    """A ledger knows who it is and how many passes it has seen, so that an old copy and a stranger's are told."""
    identity = op.create_table("identity", *_keys("id"), sa.Column("passes", sa.BigInteger(), nullable=False))
    op.bulk_insert(identity, [{"id": uuid.uuid4().hex, "passes": 0}])


def _what_stands(op: Operations) -> None:
    """Money stays apart rule by rule, and lines alternate; corrections wait under numbers; a decision falls with its outcome."""
    op.add_column("acts", sa.Column("item", sa.Integer()))
    op.drop_index("revisions_by_submission", "revisions")  # nobody looks by it
    _outcomes_by_rule(op)
    _lines_that_alternate(op)
    _numbered_corrections(op)


def _outcomes_by_rule(op: Operations) -> None:
    _rebuild(
        op,
        "outcomes",
        *_keys("group_name", "period", "staff", "type"),
        sa.Column("part", sa.Integer(), primary_key=True),
        *_of_outcome(),
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


def _lines_that_alternate(op: Operations) -> None:
    _rebuild(
        op,
        "money_lines",
        *_keys("group_name", "period", "staff", "type"),
        sa.Column("part", sa.Integer(), primary_key=True),
        *_of_money_line(),
        sa.CheckConstraint(
            "(reverses IS NULL) = ((sequence & 1) = 1) AND coalesce(reverses, sequence - 1) = sequence - 1",
            name="money_lines_alternate",
        ),
        added={"part": "1"},
    )
    op.create_index("money_lines_by_month_of_payment", "money_lines", ["paid_in"])


def _numbered_corrections(op: Operations) -> None:
    """Their numbers are those of the dropped files in the journal."""
    number = (
        "coalesce((SELECT max(claims.id) FROM claims WHERE claims.sha256 = waiting_corrections.sha256), 1)"
    )
    _rebuild(
        op,
        "waiting_corrections",
        *_keys("group_name", "period"),
        sa.Column("number", sa.Integer(), primary_key=True),
        *_texts("sha256", "file", "reason", "received_on"),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        added={"number": number, "is_listed": "true"},
    )


def _rebuild(op: Operations, table: str, *columns: sa.schema.SchemaItem, added: dict[str, str]) -> None:
    """The table made anew with these columns; `added` says what the new ones begin with."""
    op.create_table(f"new_{table}", *columns, _of_month())
    names = [column.name for column in columns if isinstance(column, sa.Column)]
    values = ", ".join(added.get(name, name) for name in names)
    copy = f"INSERT INTO new_{table} ({', '.join(names)}) SELECT {values} FROM {table}"  # noqa: S608 - our own words
    op.execute(copy)
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)


def _plans_and_talks(op: Operations) -> None:
    """Each step of a plan, the records of talks, and of which form and person a dropped file is."""
    for column in _optional_texts("kind", "staff"):
        op.add_column("claims", column)
    op.create_table(
        "plan_steps",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("group_name", "period", "staff", "state", "day"),
        _of_month(),
    )
    op.create_index("plan_steps_by_month", "plan_steps", ["group_name", "period"])
    op.create_table(
        "talks",
        *_keys("group_name", "period", "staff"),
        *_texts("held_on", "received_on", "sha256"),
        _of_month(),
    )
    # Of the plans that came before, the first step and the last are known.
    columns = (
        "INSERT INTO plan_steps (group_name, period, staff, state, day) SELECT group_name, period, staff, "
    )
    op.execute(f"{columns} 'submitted', submitted_on FROM plan_papers")
    op.execute(f"{columns} state, judged_on FROM plan_papers WHERE judged_on IS NOT NULL")


def _what_corrections_change(op: Operations) -> None:
    """What a waiting correction would change."""
    op.add_column("waiting_corrections", sa.Column("preview", _TEXT))


def _what_went_back(op: Operations) -> None:
    """Beside each paper of a returned file stands whose it is."""
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


def _appeals(op: Operations) -> None:
    """Appeals against issued months, and HR's answers to them."""
    op.add_column("acts", sa.Column("answer", _TEXT))
    op.create_table(
        "appeals",
        *_keys("group_name", "period", "staff"),
        sa.Column("revision", sa.Integer(), primary_key=True),
        *_texts("state", "appeal_by", "came_on"),
        *_optional_texts("complete_on", "answer_by", "decided_on"),
        sa.Column("decided_at_revision", sa.Integer()),
        *_texts("sha256", "items"),
        _of_month(),
    )
    for column in ("period", "staff", "state"):
        op.create_index(f"appeals_by_{column}", "appeals", [column])


def _deliveries(op: Operations) -> None:
    """Messages that were written to be sent, each once."""
    once = ("paper", "addressee", "occasion")
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("group_name", "period"),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_texts(*once, "service", "address", "file", "state", "reason", "made_at", "changed_at"),
    )
    op.create_index("deliveries_once", "deliveries", ["group_name", "period", "revision", *once], unique=True)
    op.create_index("deliveries_by_state", "deliveries", ["state"])


def _acknowledgements(op: Operations) -> None:
    """Who received and signed for which paper, and the scans that prove it."""
    op.create_table(
        "acknowledgements",
        *_keys("group_name", "period"),
        sa.Column("revision", sa.Integer(), primary_key=True),
        *_keys("staff", "paper"),
        *_texts("state"),
        *_optional_texts("channel", "delivered_on", "settled_on"),
        *_texts("witness", "remark", "entered_on", "sha256"),
        _of_month(),
    )
    op.create_index("acknowledgements_by_period", "acknowledgements", ["period"])
    op.create_table(
        "scans", *_keys("group_name", "period", "sha256"), *_texts("file", "received_on"), _of_month()
    )


def _read_states(op: Operations) -> None:
    """What the services say of messages that were sent: arrived, seen."""
    op.add_column("deliveries", sa.Column("receipt", _TEXT, nullable=False, server_default=""))
    for column in _optional_texts("arrived_at", "seen_at", "asked_at"):
        op.add_column("deliveries", column)


def _what_people_were_told(op: Operations) -> None:
    """What a dropped file's people are told besides its findings, so that a stop before the receipt loses nothing of it."""
    op.add_column("claims", sa.Column("note", _TEXT))


Migrations = Mapping[str, Callable[["Operations"], None]]

MIGRATIONS: Migrations = {
    "0001": _first_tables,
    "0002": _whose_ledger,
    "0003": _what_stands,
    "0004": _plans_and_talks,
    "0005": _what_corrections_change,
    "0006": _what_went_back,
    "0007": _appeals,
    "0008": _deliveries,
    "0009": _acknowledgements,
    "0010": _read_states,
    "0011": _what_people_were_told,
}
"""All of them, by the name that a ledger's `alembic_version` bears once it has gone through."""
