"""Whom the main sheet means where the other sheets name somebody else: the odd one is blamed.

The roster is asked first; without one, all other sheets together (of two or more) are believed against
the main sheet. Where no other sheet differs nothing is said here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import Draft
from appraisal.intake.roster import Roster
from appraisal.intake.submission import Table
from appraisal.period import Period
from appraisal.scheme.forms.cells import Role
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.text import key, odd_characters


@dataclass(frozen=True, slots=True)
class Meant:
    """The person whom a row of the main sheet means, of whom it has id or name wrong."""

    id: str
    name: str


def whom_main_means(main: Table, draft: Draft, roster: Roster | None) -> Mapping[str, Meant]:
    """By the id that the main sheet has, only where it has the person wrong and another sheet has them right."""
    others, listed = [_names_in(table) for table in _other_tables(main, draft)], _names_in(main)
    if all(names.items() <= listed.items() for names in others):
        return {}  # nobody differs
    known = _by_the_others(others) if roster is None else _by_the_roster(main, draft, roster)
    right = {(identity, key(name)) for names in others for identity, name in names.items()}
    absent: defaultdict[str, list[str]] = defaultdict(list)
    for identity, name in known.items():
        if identity not in listed:
            absent[key(name)].append(identity)
    meant: dict[str, Meant] = {}
    for identity, name in listed.items():
        same = [] if identity in known or not name else absent[key(name)]
        one = Meant(same[0], name) if len(same) == 1 else Meant(identity, known.get(identity, name))
        if (one.id, key(one.name)) != (identity, key(name)) and (one.id, key(one.name)) in right:
            meant[identity] = one
    return meant


def wrong_in_main(main: Table, draft: Draft, meant: Mapping[str, Meant]) -> Iterator[Finding]:
    """What is to be put right in the main sheet, cell by cell."""
    form = draft.form
    titles = {"whose": form.id_title, "called": form.name_title}
    for row in main.rows:
        one = meant.get(str(row.values[STAFF_ID]))
        if one is None:
            continue
        name = row.values[STAFF_NAME]
        if one.id != row.values[STAFF_ID]:
            cell, gaps = main.cell(row, STAFF_ID), {"id": row.values[STAFF_ID], "expected": one.id}
            gaps["odd"] = odd_characters(str(row.values[STAFF_ID]), one.id)
            yield finding("staff.id_mismatch", sheet=main.sheet, cell=cell, name=name, **gaps, **titles)
        elif name is not None:
            cell, gaps = main.cell(row, STAFF_NAME), {"id": one.id, "expected": one.name}
            gaps["odd"] = odd_characters(str(name), one.name)
            yield finding("staff.name_mismatch", sheet=main.sheet, cell=cell, name=name, **gaps, **titles)


def _other_tables(main: Table, draft: Draft) -> list[Table]:
    forms = [form for form in draft.form.sheets if form.role is not Role.INTERVIEWS]
    tables = [draft.tables[form.name] for form in forms if form.name in draft.tables]
    return [table for table in tables if table is not main and STAFF_NAME in table.columns]


def _names_in(table: Table) -> dict[str, str]:
    """Names by id; empty where the sheet has none. Of an id that is there twice, the first."""
    names: dict[str, str] = {}
    for row in table.rows:
        identity, name = row.values[STAFF_ID], row.values.get(STAFF_NAME)
        if isinstance(identity, str):
            names.setdefault(identity, name if isinstance(name, str) else "")
    return names


def _by_the_roster(main: Table, draft: Draft, roster: Roster) -> dict[str, str]:
    """The group's people of the month, and whoever else of the main sheet it knows."""
    group, period = draft.labels[GROUP], draft.labels[PERIOD]
    known = {one.id: one.name for identity in _names_in(main) if (one := roster.find(identity))}
    if isinstance(group, str) and isinstance(period, Period):
        known |= {one.id: one.name for one in roster.members_of(group, period)}
    return known


def _by_the_others(others: list[dict[str, str]]) -> dict[str, str]:
    """Whoever all of them name alike; nobody where one sheet stands against the main one."""
    if len(others) < 2:
        return {}
    first, *more = others
    return {
        identity: name
        for identity, name in first.items()
        if name and all(key(other.get(identity, "")) == key(name) for other in more)
    }
