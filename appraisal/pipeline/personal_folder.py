"""人事/个人/<工号>_<姓名>/: everything about one person, for HR and for the person's right to a copy.

The record, what the ledger keeps of each revision, and the person's own papers. What other people are in too (notice,
result workbook, the manager's workbook) stays out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from appraisal.hr.appeals import appeal_as_json
from appraisal.hr.facts import PeriodFacts
from appraisal.hr.person import KnownPerson, PersonalRecord, RecordedMonth, months_recorded, personal_record
from appraisal.hr.personal_workbook import personal_workbook
from appraisal.intake.hr_acts import Act
from appraisal.ledger.history import UNKNOWN_DAY
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MoneyLine, Plan
from appraisal.page.pages import personal_page
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.placing import place_documents
from appraisal.pipeline.reading import archived_file
from appraisal.scoring.results import indented, outcome_as_json, person_as_json
from appraisal.workspace.files import open_dropped
from appraisal.workspace.names import PERSONS, month_folder, safe_file_name

RECORD = "个人绩效档案"
AS_KEPT = "结果记录.json"
SELF_FORMS = "自评表"


@dataclass(frozen=True, slots=True)
class PersonalFolder:
    """Its name and what is to lie in it, by path inside; `months` are those that it is about."""

    name: str
    months: tuple[Period, ...]
    documents: dict[str, bytes]


def personal_folder(
    context: RunContext, person: KnownPerson, *, since: Period | None = None, until: Period | None = None
) -> PersonalFolder:
    """The folder of the person's months from `since` to `until`."""
    setup = context.setup
    with context.ledger.reading() as transaction:
        months = months_recorded(transaction, person, since=since, until=until)
        record = personal_record(context.facts(transaction, Period.of(context.today)), person, months)
        documents = {
            f"{RECORD}.xlsx": personal_workbook(record),
            f"{RECORD}.html": personal_page(record, setup.settings, setup.templates),
            AS_KEPT: _as_kept(context, transaction, record),
        }
        for month in months:
            group, period = month.group, month.period
            folder = f"{period}_{safe_file_name(group)}"
            papers = _own_papers(context.workspace.outbox / month_folder(group, period), person)
            documents |= {f"{folder}/{name}": content for name, content in papers}
            for form in transaction.self_forms.ever(group, period):
                path = archived_file(context.workspace, form.sha256) if form.staff == person.staff else None
                if path is not None:
                    name = f"{SELF_FORMS}_{form.received_on}_{form.sha256[:8]}{path.suffix}"
                    documents[f"{folder}/{SELF_FORMS}/{name}"] = path.read_bytes()
    stem = f"{person.staff}_{person.name}" + (f"_{person.groups[0]}" if person.shares_id else "")
    return PersonalFolder(safe_file_name(stem), tuple(sorted({month.period for month in months})), documents)


def put_into_outbox(context: RunContext, folder: PersonalFolder) -> list[Path]:
    """Into HR's folder, in the place of a former one; what HR has changed in it stays."""
    where = f"{PERSONS}/{folder.name}"
    paths = place_documents(context, where, folder.documents, drops_others=True)
    return [context.workspace.outbox / path for path in paths]


def put_into(out: Path, folder: PersonalFolder) -> list[Path]:
    """Into a new folder in `out`, beside one of the name that is there already."""
    names = (folder.name if turn == 1 else f"{folder.name}_{turn}" for turn in count(1))
    where = next(path for name in names if not (path := out / name).exists())
    for name, content in folder.documents.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [where / name for name in folder.documents]


def _own_papers(folder: Path, person: KnownPerson) -> Iterator[tuple[str, bytes]]:
    """Every paper that bears the person's id and name, former revisions' too, by its path in the month's folder."""
    stems = tuple({safe_file_name(f"{person.staff}_{name}") for name in person.names})
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if any(name.startswith((f"{stem}.", f"{stem}_")) for stem in stems):
                path = Path(where, name)
                with os.fdopen(open_dropped(path, inside=folder), "rb") as file:
                    yield path.relative_to(folder).as_posix(), file.read()


def _as_kept(context: RunContext, transaction: Transaction, record: PersonalRecord) -> bytes:
    """For programs: each month with every revision of it, as the ledger keeps them."""
    content = {
        "staff": record.person.staff,
        "name": record.person.name,
        "as_of": record.today.isoformat(),
        "months": [_month(context, transaction, month, record) for month in record.months],
        "money": [_line(line, record) for line in record.lines],
    }
    return f"{indented(content)}\n".encode()


def _month(
    context: RunContext, transaction: Transaction, recorded: RecordedMonth, record: PersonalRecord
) -> dict[str, object]:
    month, facts = recorded.month, context.facts(transaction, recorded.month.period)
    return {
        "group": month.group,
        "period": str(month.period),
        "state": month.state.value,
        "revision": month.revision,
        "issued": month.issued_on.isoformat() if month.issued_on else None,
        "revisions": list(_revisions(facts, month.group, record)),
        "plan": None if recorded.plan is None else _plan(recorded.plan),
        "appeals": [appeal_as_json(appeal) for appeal in recorded.appeals],
        "decisions": [_decision(act, record) for act in recorded.decisions],
    }


def _revisions(facts: PeriodFacts, group: str, record: PersonalRecord) -> Iterator[dict[str, object]]:
    """Those that knew the person."""
    staff, months = record.person.staff, facts.transaction.months
    for revision in months.revisions(group, facts.period):
        result = months.result(group, facts.period, revision.number)
        if result is None or staff not in {person.id for person in result.staff}:
            continue
        scheme, _ = facts.standard_of(revision)
        made_on = revision.provenance.made_on
        yield {
            "number": revision.number,
            "kind": revision.provenance.kind.value,
            "made": None if made_on == UNKNOWN_DAY else made_on.isoformat(),
            "issued": revision.issued.isoformat(),
            "reason": None
            if revision.provenance.reason is None
            else record.withheld(revision.provenance.reason),
            "scheme": revision.scheme,
            "version": revision.version,
            "result": person_as_json(result.person(staff), scheme),
            "outcomes": [outcome_as_json(outcome) for outcome in result.outcomes_of(staff)],
        }


def _plan(plan: Plan) -> dict[str, object]:
    return {
        "due": plan.due.isoformat() if plan.is_issued else None,
        "state": plan.state.value,
        "submitted": plan.submitted_on.isoformat() if plan.submitted_on else None,
        "judged": plan.judged_on.isoformat() if plan.judged_on else None,
        "talked": plan.talked_on.isoformat() if plan.talked_on else None,
        "goals": dict(plan.goals),
    }


def _decision(act: Act, record: PersonalRecord) -> dict[str, object]:
    return {
        "on": act.on.isoformat(),
        "by": act.by,
        "type": act.outcome.value if act.outcome else None,
        "item": act.item,
        "decision": act.decision.value if act.decision else None,
        "answer": act.answer.value if act.answer else None,
        "reason": record.withheld(act.reason),
    }


def _line(line: MoneyLine, record: PersonalRecord) -> dict[str, object]:
    return {
        "group": line.key.group,
        "period": str(line.key.period),
        "type": line.key.type.value,
        "item": line.key.part,
        "sequence": line.sequence,
        "amount": f"{line.amount:f}",
        "reverses": line.reverses,
        "paid_in": str(line.paid_in),
        "recorded": line.recorded_on.isoformat(),
        "reason": record.withheld(line.reason),
    }
