"""The ledger's tables and their indexes as they are now. Every change here needs a migration beside it.

A group, period and revision number name everything a month has; `months.revision` says which
revision is in force. Indexes serve every look-up that a pass makes, so that none grows with the
ledger.

The indexes of a part of a table are made apart, because SQLAlchemy loads a database's dialect for a
condition of its own: PostgreSQL's takes 0.08 s, which every start would pay.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    text,
)
from sqlalchemy.schema import SchemaItem

from appraisal.ledger.database import DAY, MOMENT, PERIOD, WORDS, Hundredths, choice
from appraisal.ledger.delivery_records import Channel, DeliveryState, SentPaper
from appraisal.ledger.records import AppealState, MonthState, PlanState, RevisionKind
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper, AcknowledgementState
from appraisal.scheme.forms.hr_acts import ActKind, AppealDecision, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState

metadata = MetaData()

documents = Table(
    "documents",
    metadata,
    Column("sha256", WORDS, primary_key=True),
    Column("kind", WORDS, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", WORDS, nullable=False),
    Column("file", WORDS, nullable=False),
    Column("folder", WORDS),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("step", Integer, nullable=False),
    Column("status", WORDS),
    Column("kind", WORDS),
    Column("group_name", WORDS),
    Column("period", PERIOD),
    Column("staff", WORDS),
    Column("revision", Integer),
    Column("findings", WORDS),
    Column("outputs", WORDS),
    Column("note", WORDS),
    Index("claims_by_sha256", "sha256"),
)

months = Table(
    "months",
    metadata,
    Column("group_name", WORDS, primary_key=True),
    Column("period", PERIOD, primary_key=True),
    Column("state", choice(MonthState), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("issued_on", DAY),
    Column("document_number", WORDS),
    Index("months_by_period", "period"),
)


def _month_table(name: str, *columns: SchemaItem) -> Table:
    """A table about groups' months: each row is of one."""
    return Table(
        name,
        metadata,
        Column("group_name", WORDS, primary_key=True),
        Column("period", PERIOD, primary_key=True),
        *columns,
        ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    )


EVERY_GROUP = ""
"""Stands for all groups in `closings`."""

closings = Table(
    "closings",
    metadata,
    Column("period", PERIOD, primary_key=True),
    Column("group_name", WORDS, primary_key=True),
    Column("closed", Boolean, nullable=False),
)
"""Who may no longer hand in. `EVERY_GROUP` means each group that has no row of its own."""

revisions = _month_table(
    "revisions",
    Column("number", Integer, primary_key=True),
    Column("scheme", WORDS, nullable=False),
    Column("version", Integer, nullable=False),
    Column("issued", DAY, nullable=False),
    Column("kind", choice(RevisionKind), nullable=False),
    Column("reason", WORDS),
    Column("made_on", DAY, nullable=False),
    Column("submission", WORDS, nullable=False),
    Column("inputs", WORDS, nullable=False),
    Column("documents", WORDS, nullable=False),
    Column("ranked_count", Integer, nullable=False),
    Column("result", LargeBinary, nullable=False),
)

results = Table(
    "results",
    metadata,
    Column("group_name", WORDS, primary_key=True),
    Column("period", PERIOD, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("staff", WORDS, primary_key=True),
    Column("name", WORDS, nullable=False),
    Column("rank", Integer),
    Column("final", Hundredths),
    Column("reason", WORDS),
    Column("was_sole_last", Boolean, nullable=False),
    ForeignKeyConstraint(
        ["group_name", "period", "revision"],
        ["revisions.group_name", "revisions.period", "revisions.number"],
    ),
    Index("results_by_staff", "staff"),
)

outcomes = _month_table(
    "outcomes",
    Column("staff", WORDS, primary_key=True),
    Column("type", choice(OutcomeType), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", choice(OutcomeState), nullable=False),
    Column("amount", Hundredths),
    Column("due", DAY),
    Column("reason", WORDS, nullable=False),
    Column("clause", WORDS),
    Column("capped_by_payroll", Boolean, nullable=False),
    Column("decision", choice(OutcomeDecision)),
    Column("due_moved_by", Integer),
    Index("outcomes_by_period", "period"),
    Index("outcomes_by_type_and_due", "type", "due"),
)

money_lines = _month_table(
    "money_lines",
    Column("staff", WORDS, primary_key=True),
    Column("type", choice(OutcomeType), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("amount", Hundredths, nullable=False),
    Column("reverses", Integer),
    Column("revision", Integer, nullable=False),
    Column("reason", WORDS, nullable=False),
    Column("recorded_on", DAY, nullable=False),
    Column("paid_in", PERIOD, nullable=False),
    Column("capped_by_payroll", Boolean, nullable=False),
    CheckConstraint(
        "(reverses IS NULL) = ((sequence & 1) = 1) AND coalesce(reverses, sequence - 1) = sequence - 1",
        name="money_lines_alternate",
    ),
    Index("money_lines_by_month_of_payment", "paid_in"),
)
"""Originals bear odd numbers and reversals the even ones after them: no key has two lines in force."""

plan_papers = _month_table(
    "plan_papers",
    Column("staff", WORDS, primary_key=True),
    Column("state", choice(PlanState), nullable=False),
    Column("submitted_on", DAY, nullable=False),
    Column("judged_on", DAY),
    Column("sha256", WORDS, nullable=False),
    Column("promises", WORDS, nullable=False),
)
"""What has come of the plans that rectification outcomes ask for."""

plan_steps = Table(
    "plan_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_name", WORDS, nullable=False),
    Column("period", PERIOD, nullable=False),
    Column("staff", WORDS, nullable=False),
    Column("state", choice(PlanState), nullable=False),
    Column("day", DAY, nullable=False),
    ForeignKeyConstraint(["group_name", "period"], ["months.group_name", "months.period"]),
    Index("plan_steps_by_month", "group_name", "period"),
)
"""Every state that a plan came to, and when: what a notice said of it on its day can be said again."""

talks = _month_table(
    "talks",
    Column("staff", WORDS, primary_key=True),
    Column("held_on", DAY, nullable=False),
    Column("received_on", DAY, nullable=False),
    Column("sha256", WORDS, nullable=False),
)
"""The records (面谈记录) of the talks that go with plans: the one received last."""

appeals = _month_table(
    "appeals",
    Column("staff", WORDS, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("state", choice(AppealState), nullable=False),
    Column("appeal_by", DAY, nullable=False),
    Column("came_on", DAY, nullable=False),
    Column("complete_on", DAY),
    Column("answer_by", DAY),
    Column("decided_on", DAY),
    Column("decided_at_revision", Integer),
    Column("sha256", WORDS, nullable=False),
    Column("items", WORDS, nullable=False),
    Index("appeals_by_period", "period"),
    Index("appeals_by_staff", "staff"),
    Index("appeals_by_state", "state"),
)
"""What people objected to (申诉), by the revision that they objected to; the form that came last."""

acknowledgements = _month_table(
    "acknowledgements",
    Column("revision", Integer, primary_key=True),
    Column("staff", WORDS, primary_key=True),
    Column("paper", choice(AcknowledgedPaper), primary_key=True),
    Column("state", choice(AcknowledgementState), nullable=False),
    Column("channel", WORDS),
    Column("delivered_on", DAY),
    Column("settled_on", DAY),
    Column("witness", WORDS, nullable=False),
    Column("remark", WORDS, nullable=False),
    Column("entered_on", DAY, nullable=False),
    Column("sha256", WORDS, nullable=False),
    Index("acknowledgements_by_period", "period"),
)
"""Who received and signed for which paper (签收), as the registers that came back say."""

scans = _month_table(
    "scans",
    Column("sha256", WORDS, primary_key=True),
    Column("file", WORDS, nullable=False),
    Column("received_on", DAY, nullable=False),
)
"""Scans of signed papers, by the names under which they lie in the month's folder."""

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", choice(ActKind), nullable=False),
    Column("group_name", WORDS),
    Column("period", PERIOD, nullable=False),
    Column("acted_on", DAY, nullable=False),
    Column("acted_by", WORDS, nullable=False),
    Column("reason", WORDS, nullable=False),
    Column("document_number", WORDS),
    Column("staff", WORDS),
    Column("type", choice(OutcomeType)),
    Column("decision", choice(OutcomeDecision)),
    Column("answer", choice(AppealDecision)),
    Column("item", Integer),
    Index("acts_by_period", "period"),
    Index("acts_by_group", "group_name"),
)

waiting_corrections = _month_table(
    "waiting_corrections",
    Column("number", Integer, primary_key=True),
    Column("sha256", WORDS, nullable=False),
    Column("file", WORDS, nullable=False),
    Column("reason", WORDS, nullable=False),
    Column("received_on", DAY, nullable=False),
    Column("is_listed", Boolean, nullable=False),
    Column("preview", WORDS),
)

self_forms = Table(
    "self_forms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_name", WORDS, nullable=False),
    Column("period", PERIOD, nullable=False),
    Column("staff", WORDS, nullable=False),
    Column("sha256", WORDS, nullable=False),
    Column("entries", WORDS, nullable=False),
    Column("received_on", DAY, nullable=False),
    Index("self_forms_by_month", "group_name", "period"),
)
"""Former forms stay: a month that was issued is made again from those that it was made from."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("group_name", WORDS, nullable=False),
    Column("period", PERIOD, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("paper", choice(SentPaper), nullable=False),
    Column("addressee", WORDS, nullable=False),
    Column("occasion", WORDS, nullable=False),
    Column("service", choice(Channel), nullable=False),
    Column("address", WORDS, nullable=False),
    Column("file", WORDS, nullable=False),
    Column("state", choice(DeliveryState), nullable=False),
    Column("reason", WORDS, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("changed_at", MOMENT, nullable=False),
    Column("receipt", WORDS, nullable=False, server_default=""),
    Column("arrived_at", MOMENT),
    Column("seen_at", MOMENT),
    Column("asked_at", MOMENT),
    Index(
        "deliveries_once",
        "group_name",
        "period",
        "revision",
        "paper",
        "addressee",
        "occasion",
        unique=True,
    ),
    Index("deliveries_by_state", "state"),
)
"""Every message that was written: once for each person or channel, paper, month and revision."""

placed_files = Table(
    "placed_files",
    metadata,
    Column("path", WORDS, primary_key=True),
    Column("sha256", WORDS, nullable=False),
    Column("returned", Integer),
)
"""`returned` is the claim that went back by the paper: what lies there is found without all that ever did."""

intended_files = Table(
    "intended_files",
    metadata,
    Column("path", WORDS, primary_key=True),
    Column("sha256", WORDS, primary_key=True),
)
"""What was about to be written to the outbox; rows stay only where the writing was interrupted."""

pending_recalculations = _month_table(
    "unfollowed_months",
)
"""Months that changed, while the months after them have not been looked through yet."""

hr_folders_to_renew = Table(
    "hr_folders_to_renew",
    metadata,
    Column("period", PERIOD, primary_key=True),
)
"""Periods about which something changed since HR's folder was written."""

hr_folders_day = Table(
    "hr_folders_day",
    metadata,
    Column("looked_through_on", DAY, primary_key=True),
)
"""One row at most: the day on which HR's folders were last looked through for what a new day changes."""

identity = Table(
    "identity",
    metadata,
    Column("id", WORDS, primary_key=True),
    Column("passes", BigInteger, nullable=False),
)
"""One row: which ledger this is, and how many passes have written to it."""


for _name, _column, _condition in (
    ("placed_files_returned", placed_files.c.returned, "returned IS NOT NULL"),
    ("claims_unfinished", claims.c.id, "step < 5"),
):
    Index(_name, _column, sqlite_where=text(_condition), postgresql_where=text(_condition))
