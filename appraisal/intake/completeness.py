"""What is missing from a draft, and where its sheets contradict each other about who is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import Draft
from appraisal.intake.roster import Roster
from appraisal.intake.submission import CellValue, Row, Table
from appraisal.intake.values import as_taken, missing_hint
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, Need, Role, SheetForm
from appraisal.scheme.forms.submission import (
    CORRECTION,
    CORRECTION_REASON,
    ENGINE_COLUMNS,
    EVIDENCE,
    EXPLANATION,
    GROUP,
    PARTICIPATES,
    PARTICIPATION,
    PERIOD,
    REVIEW_ABSENT,
    STAFF_ID,
    STAFF_NAME,
    SUBMISSION_KIND,
    review_status_name,
)
from appraisal.text import key, unusual_characters


def incompleteness(draft: Draft, roster: Roster | None) -> Iterator[Finding]:
    """Every cell that must be filled and is not; everyone who is named twice, nowhere or differently."""
    yield from _labels(draft)
    main = draft.tables.get(draft.form.main.name)
    people = {} if main is None else people_of(main, draft)
    meant = {} if main is None else _whom_main_means(main, draft, roster)
    if main is not None:
        yield from _wrong_in_main(main, draft, meant)
    for form in draft.form.sheets:
        table = draft.tables.get(form.name)
        if table is None:
            continue
        yield from _doubled(table, form)
        whose = people if table is main else _as_meant(people, meant)
        for row in table.rows:
            yield from _row(_FormRow(form, table, row), whose.get(row.values[STAFF_ID]), draft)
        if people and table is not main:
            yield from _strangers(table, whose, draft)
            yield from _absentees(table, form, whose, draft)
    if main is not None and not main.rows:
        yield finding("staff.none", sheet=main.sheet, table=main.sheet)


def _labels(draft: Draft) -> Iterator[Finding]:
    """Of the sheets that are there: what lies on one that is not is missing with it."""
    for form in draft.form.sheets:
        for label in form.labels if form.name in draft.found else ():
            sheet, cell = draft.label_cells.get(label.name, (form.name, None))
            is_correction = draft.labels[SUBMISSION_KIND] == CORRECTION
            needed = label.need is Need.ALWAYS or (label.name == CORRECTION_REASON and is_correction)
            if not needed or draft.labels[label.name] is not None or (sheet, cell) in draft.faulty:
                continue
            if label.name == GROUP:
                yield finding("group.missing", sheet=sheet, cell=cell)
            elif label.name == PERIOD:
                yield finding("period.missing", sheet=sheet, cell=cell, seen="空白")
            else:
                yield finding(
                    "cell.missing", sheet=sheet, cell=cell, name=label.title, hint=missing_hint(label)
                )


@dataclass(frozen=True, slots=True)
class Person:
    """What the data sheets say of a person, as far as it decides what else must be filled."""

    id: CellValue
    name: CellValue
    participation: CellValue
    has_data: bool

    @property
    def is_appraised(self) -> bool:
        """Takes part, or has data all the same: then all data and all marks are wanted."""
        return self.participation == PARTICIPATES or self.has_data


def people_of(main: Table, draft: Draft) -> dict[CellValue, Person]:
    """The people of the main sheet by id, in its order; whose id could not be taken is left out."""
    with_data = {
        row.values[STAFF_ID]
        for form, table, row in data_rows(draft)
        if any(
            draft.is_filled(table, row, cell.name) for cell in form.columns if cell.name not in ENGINE_COLUMNS
        )
    }
    people: dict[CellValue, Person] = {}
    for row in main.rows:
        identity = row.values[STAFF_ID]
        if identity is not None:
            who = Person(identity, row.values[STAFF_NAME], row.values[PARTICIPATION], identity in with_data)
            people.setdefault(identity, who)
    return people


def data_rows(draft: Draft) -> Iterator[tuple[SheetForm, Table, Row]]:
    for form in draft.form.sheets:
        if form.role is Role.DATA and (table := draft.tables.get(form.name)):
            for row in table.rows:
                yield form, table, row


def _as_meant(
    people: Mapping[CellValue, Person], meant: Mapping[str, MeantPerson]
) -> Mapping[CellValue, Person]:
    """The people by whom the main sheet means, for the other sheets to be held against."""
    if not meant:
        return people
    right: dict[CellValue, Person] = {}
    for identity, person in people.items():
        whom = meant.get(str(identity))
        right[whom.id if whom else identity] = replace(person, id=whom.id, name=whom.name) if whom else person
    return right


@dataclass(frozen=True, slots=True)
class _FormRow:
    form: SheetForm
    table: Table
    row: Row


def _row(place: _FormRow, person: Person | None, draft: Draft) -> Iterator[Finding]:
    """What a row lacks; of someone whom the data sheets do not know, only what everyone needs."""
    wanted = _wanted(place, person, draft)
    columns = [cell for cell in place.form.columns if cell.name in place.table.columns]
    blank = [
        cell
        for cell in columns
        if (cell.need in wanted or cell.name == STAFF_NAME)
        and not draft.is_filled(place.table, place.row, cell.name)
    ]
    figures = [cell for cell in columns if cell.need in wanted & _FIGURES]
    if len(figures) > 1 and person and all(cell in blank for cell in figures):
        blank = [cell for cell in blank if cell not in figures]
        who = {"id": place.row.values[STAFF_ID], "name": person.name or ""}
        hint = _NO_DATA_AT_ALL if place.form.role is Role.DATA else "请补齐。"
        yield place.table.finding("row.empty", place.row, figures[0].name, **who, hint=hint)
    for cell in blank:
        yield place.table.finding(
            "cell.missing", place.row, cell.name, name=cell.title, hint=missing_hint(cell)
        )
    if place.form.role is Role.REVIEW and _is_absent(place):
        yield from _marks_of_the_absent(place)
    elif EVIDENCE in place.table.columns:
        yield from _marks_without_evidence(place, person)


_FIGURES = frozenset({Need.WITH_DATA, Need.IF_REVIEWED})
_NO_DATA_AT_ALL = f"请补齐；本月不参评的，请改选“{PARTICIPATION}”，并写明“{EXPLANATION}”。"


def _wanted(place: _FormRow, person: Person | None, draft: Draft) -> set[Need]:
    is_main = place.form is draft.form.main
    wanted = {Need.ALWAYS} if is_main or (person and person.is_appraised) else set()
    if person and person.is_appraised:
        wanted.add(Need.WITH_DATA)
        if _has_reviewed(place, draft):
            wanted.add(Need.IF_REVIEWED)
    if person and person.participation not in {PARTICIPATES, None}:
        wanted.add(Need.IF_NOT_PARTICIPATING)
    return wanted


def _status(place: _FormRow) -> Cell | None:
    name = review_status_name(place.form.reviewer or "")
    return next((cell for cell in place.form.columns if cell.name == name), None)


def _is_absent(place: _FormRow) -> bool:
    status = _status(place)
    return status is not None and place.row.values[status.name] == REVIEW_ABSENT


def _has_reviewed(place: _FormRow, draft: Draft) -> bool:
    """Whether marks are due: not of who is absent, and not while it is left open who reviewed at all."""
    status = _status(place)
    if status is None:
        return True
    if place.row.values[status.name] is None:
        return any(draft.is_filled(place.table, place.row, mark.name) for mark in place.form.marks)
    return not _is_absent(place)


def _marks_of_the_absent(place: _FormRow) -> Iterator[Finding]:
    for mark in place.form.marks:
        value = place.row.values[mark.name]
        if value is not None:
            yield place.table.finding(
                "mark.of_absent", place.row, mark.name, name=mark.name, seen=as_taken(value, mark)
            )


def _marks_without_evidence(place: _FormRow, person: Person | None) -> Iterator[Finding]:
    """Marks out of the ordinary that no record is told for; where several are, each is to be named."""
    values, addresses = place.row.values, place.table.addresses(place.row)
    if gaps := evidence_wanted(place.form.marks, values, addresses):
        who = {"id": values[STAFF_ID], "name": (person.name if person else None) or ""}
        yield place.table.finding("mark.no_evidence", place.row, EVIDENCE, **who, **gaps)


_MOST_NAMED = 3


def evidence_wanted(
    marks: Iterable[Cell], values: Mapping[str, CellValue], addresses: Mapping[str, str]
) -> Mapping[str, str]:
    """The gaps `marks` and `first` of `mark.no_evidence` for marks that no record is told for; empty for none."""
    evidence = values.get(EVIDENCE)
    written = key(evidence) if isinstance(evidence, str) else ""
    out = [cell for cell in marks if _is_out_of_the_ordinary(values[cell.name], cell)]
    missing = [cell for cell in out if not written or (len(out) > 1 and key(cell.name) not in written)]
    shown = "、".join(
        f"“{cell.name}”（{addresses[cell.name]}，{as_taken(values[cell.name], cell)}分）"
        for cell in missing[:_MOST_NAMED]
    )
    shown += f"等{len(missing)}项" if len(missing) > _MOST_NAMED else ""
    return {"marks": shown, "first": missing[0].name} if missing else {}


def _is_out_of_the_ordinary(value: CellValue, cell: Cell) -> bool:
    """Of a mark that may be given at all: one that may not is told by itself."""
    if not isinstance(value, Decimal) or cell.ordinary is None or cell.low is None or cell.high is None:
        return False
    low, high = cell.ordinary
    return cell.low <= value < low or high < value <= cell.high


def _doubled(table: Table, form: SheetForm) -> Iterator[Finding]:
    if form.role is Role.INTERVIEWS:
        return
    seen: defaultdict[str, list[str]] = defaultdict(list)
    for row in table.rows:
        identity = row.values[STAFF_ID]
        if isinstance(identity, str):
            cells = seen[key(identity)]
            cells.append(table.cell(row, STAFF_ID))
            if len(cells) > 1:
                gaps = {"whose": form.column(STAFF_ID).title, "id": identity, "found": "、".join(cells)}
                yield finding("staff.duplicate", sheet=table.sheet, cell=cells[-1], **gaps)


def _strangers(table: Table, people: Mapping[CellValue, Person], draft: Draft) -> Iterator[Finding]:
    """People whom the main sheet does not list, or lists by another name."""
    main = draft.tables[draft.form.main.name].sheet
    for row in table.rows:
        identity, name = row.values[STAFF_ID], row.values.get(STAFF_NAME)
        if identity is None:
            continue
        if identity not in people:
            odd = unusual_characters(str(identity))
            gaps = {"whose": draft.form.id_title, "id": str(identity), "table": main, "odd": odd}
            yield table.finding("row.not_in_data", row, STAFF_ID, **gaps)
        elif name and (expected := people[identity].name) and key(str(name)) != key(str(expected)):
            yield _misnamed(table, row, draft, str(identity), str(expected))


def _misnamed(table: Table, row: Row, draft: Draft, identity: str, expected: str) -> Finding:
    name = row.values[STAFF_NAME]
    titles = {"whose": draft.form.id_title, "called": draft.form.name_title}
    gaps = {
        "id": identity,
        "expected": expected,
        "name": str(name),
        "odd": unusual_characters(str(name), expected),
    }
    return table.finding("staff.name_mismatch", row, STAFF_NAME, **gaps, **titles)


def _absentees(
    table: Table, form: SheetForm, people: Mapping[CellValue, Person], draft: Draft
) -> Iterator[Finding]:
    """Appraised people whom a sheet should list and does not."""
    if form.role is Role.INTERVIEWS:
        return
    listed = {row.values[STAFF_ID] for row in table.rows}
    main = draft.tables[draft.form.main.name].sheet
    for identity, person in people.items():
        if person.is_appraised and identity not in listed:
            gaps = {"id": str(identity), "name": str(person.name or ""), "data": main, "table": table.sheet}
            yield finding("row.missing", sheet=table.sheet, **gaps)


# ------------------------------------------------------------------------- whom the main sheet means


@dataclass(frozen=True, slots=True)
class MeantPerson:
    """The person whom a row of the main sheet means, of whom it has id or name wrong."""

    id: str
    name: str


def _whom_main_means(main: Table, draft: Draft, roster: Roster | None) -> Mapping[str, MeantPerson]:
    """By the id that the main sheet has, only where it has the person wrong and another sheet has them right.

    The roster is asked first; without one, all other sheets together (of two or more) are believed against
    the main sheet.
    """
    others, listed = [_names_in(table) for table in _other_tables(main, draft)], _names_in(main)
    if all(names.items() <= listed.items() for names in others):
        return {}  # nobody differs
    known = _by_the_others(others) if roster is None else _by_the_roster(main, draft, roster)
    right = {(identity, key(name)) for names in others for identity, name in names.items()}
    absent: defaultdict[str, list[str]] = defaultdict(list)
    for identity, name in known.items():
        if identity not in listed:
            absent[key(name)].append(identity)
    meant: dict[str, MeantPerson] = {}
    for identity, name in listed.items():
        same = [] if identity in known or not name else absent[key(name)]
        whom = (
            MeantPerson(same[0], name) if len(same) == 1 else MeantPerson(identity, known.get(identity, name))
        )
        if (whom.id, key(whom.name)) != (identity, key(name)) and (whom.id, key(whom.name)) in right:
            meant[identity] = whom
    return meant


def _wrong_in_main(main: Table, draft: Draft, meant: Mapping[str, MeantPerson]) -> Iterator[Finding]:
    """What is to be put right in the main sheet, cell by cell."""
    for row in main.rows:
        identity, name = str(row.values[STAFF_ID]), row.values[STAFF_NAME]
        whom = meant.get(identity)
        if whom is None:
            continue
        if whom.id != identity:
            titles = {"whose": draft.form.id_title, "called": draft.form.name_title}
            gaps = {
                "id": identity,
                "expected": whom.id,
                "name": name,
                "odd": unusual_characters(identity, whom.id),
            }
            yield main.finding("staff.id_mismatch", row, STAFF_ID, **gaps, **titles)
        elif name is not None:
            yield _misnamed(main, row, draft, whom.id, whom.name)


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
    known = {member.id: member.name for identity in _names_in(main) if (member := roster.find(identity))}
    if isinstance(group, str) and isinstance(period, Period):
        known |= {member.id: member.name for member in roster.members_of(group, period)}
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
