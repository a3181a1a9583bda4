"""自评表 that people hand in themselves: read, and put into the manager's workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from appraisal.findings.finding import Finding, finding
from appraisal.intake.completeness import Person, incompleteness, people_of
from appraisal.intake.draft import Draft
from appraisal.intake.form import in_reading_order, latest_of, meta_of
from appraisal.intake.person_form import (
    PersonReading,
    best_sheet,
    read_labelled,
    scheme_of_form,
    signed_by_other,
    whose_paper,
)
from appraisal.intake.roster import Roster
from appraisal.intake.submission import CellValue, Reading, Row, Submission, Table
from appraisal.intake.values import as_taken
from appraisal.scheme.forms.cells import Cell, Role, SheetForm
from appraisal.scheme.forms.self_assessment import (
    HEAD,
    SELF_SHEET,
    SIGNATURE,
    self_form,
    self_reviewer,
    self_sheet,
)
from appraisal.scheme.forms.submission import (
    GROUP,
    PERIOD,
    REVIEW_ABSENT,
    REVIEW_GIVEN,
    STAFF_ID,
    STAFF_NAME,
    SubmissionForm,
    review_status_name,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.xlsx.grid import RawWorkbook, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfReading(PersonReading):
    """What became of reading the form.

    `values` bear the names of the columns of the reviewer's sheet in the manager's workbook.
    """

    scheme: str | None = None
    values: Mapping[str, CellValue] = field(default_factory=dict)


_IN_META = {GROUP: "group", PERIOD: "period", STAFF_ID: "staff", STAFF_NAME: "name"}
"""What the hidden sheet says once more of whose form it is."""

_FRAME = SheetForm(SELF_SHEET, Role.REVIEW, (*HEAD, *SIGNATURE), ())
"""What every such form has, whatever the scheme asks for."""


def read_self(raw: RawWorkbook, *, rulebook: Rulebook, roster: Roster | None) -> SelfReading:
    """The reading of a recognised workbook, with all of its mistakes at once.

    It is read by the version of its scheme that is in force in its month.
    """
    meta = meta_of(raw)
    filled_in = {label: meta[name] for label, name in _IN_META.items() if name in meta}
    sheet = best_sheet(raw, _FRAME)
    rows = rows_of(sheet)
    head = read_labelled(sheet, rows, _FRAME, roster)
    whose = SelfReading(**whose_paper(head, meta), findings=(), sheet=head.sheet, addresses=head.addresses)
    scheme = _scheme(meta, whose.group, rulebook, roster)
    if isinstance(scheme, Finding):
        return replace(whose, findings=(scheme,))
    in_force = rulebook.in_force(scheme.scheme, whose.period) if whose.period else scheme
    form = self_form(in_force or scheme)
    if form is None:
        return replace(whose, scheme=scheme.scheme, findings=(finding("workbook.unrecognised"),))
    page = read_labelled(sheet, rows, form.sheet, roster)
    findings = [
        *page.findings,
        *page.held_against(filled_in),
        *signed_by_other(page, "self.signed_by_other", whose.name),
    ]
    if in_force is None:
        since = min(version.first_period for version in rulebook.versions_of(scheme.scheme))
        gaps = {"scheme": scheme.name, "period": whose.period, "since": since}
        findings.append(page.finding("scheme.not_in_force", PERIOD, **gaps))
    return replace(
        whose,
        scheme=scheme.scheme,
        values={cell.name: page.values[cell.name] for cell in form.own},
        findings=in_reading_order(findings, (sheet.name for sheet in raw.sheets)),
        addresses=page.addresses,
    )


def _scheme(
    meta: Mapping[str, str], group: str | None, rulebook: Rulebook, roster: Roster | None
) -> Scheme | Finding:
    """The scheme that the form names, else the group's, else the only one in which people assess themselves."""
    if named := scheme_of_form(meta, group, roster):
        return latest_of(named, rulebook)
    latest = [scheme for name in rulebook.ids if (scheme := rulebook.latest(name)) and self_reviewer(scheme)]
    return latest[0] if len(latest) == 1 else finding("workbook.unrecognised")


SelfFormValues = Mapping[str, Mapping[str, CellValue]]
"""What each person said, by staff id and then by column: `SelfReading.values`."""


def with_self_forms(
    reading: Reading,
    self_forms: SelfFormValues,
    *,
    rulebook: Rulebook,
    roster: Roster | None = None,
    required: bool = False,
) -> Reading:
    """The reading of the manager's workbook once its people's self-assessments have been put in.

    What the forms answer is no longer missing, and where both speak and differ a finding shows both.
    With `required`, whoever handed in no form counts as absent.
    """
    draft = reading.draft
    scheme = rulebook.in_force(draft.scheme, draft.period) if draft else None
    if draft is None or scheme is None or not (self_forms or required):
        return reading
    form = submission_form(scheme)
    whole, problems = merged(draft, self_forms, form, required=required)
    faulty = frozenset(_faulty(reading.findings))
    before, after = (
        dict.fromkeys(incompleteness(_as_draft(submission, form, faulty), roster))
        for submission in (draft, whole)
    )
    kept = [problem for problem in reading.findings if problem not in before or problem in after]
    asked = [problem for problem in after if problem not in before]
    sheets = (table.sheet for table in whole.tables.values())
    findings = in_reading_order((*kept, *asked, *problems), sheets)
    whole = replace(whole, warnings=findings)
    return replace(reading, findings=findings, draft=whole)


def merged(
    submission: Submission, self_forms: SelfFormValues, form: SubmissionForm, *, required: bool = False
) -> tuple[Submission, tuple[Finding, ...]]:
    """The submission with people's self-assessments in the sheet of the reviewer who is themselves.

    Only blank cells are filled, except that a person's own words take the place of what was copied
    from them. Marks that differ are an error that shows both, since money may follow from them.
    """
    sheet = self_sheet(form)
    if sheet is None or sheet.name not in submission.tables:
        return submission, ()
    table, main = submission.tables[sheet.name], submission.tables[form.main.name]
    merging = _Merging(sheet, table)
    people = people_of(main, _as_draft(submission, form))
    for staff, person in people.items():
        if str(staff) in self_forms:
            merging.put(person, self_forms[str(staff)])
        elif required and person.is_appraised:
            merging.without_form(person)
    strangers = [identity for identity in sorted(self_forms) if identity not in people]
    problems = [
        finding("self.stranger", sheet=main.sheet, id=identity, table=main.sheet) for identity in strangers
    ]
    tables = {**submission.tables, sheet.name: replace(table, rows=tuple(merging.rows))}
    return replace(submission, tables=tables), (*merging.findings, *problems)


def _as_draft(
    submission: Submission, form: SubmissionForm, faulty: frozenset[tuple[str, str]] = frozenset()
) -> Draft:
    """The submission as the checks for what is missing want it."""
    return Draft(
        form=form,
        found={name: table.sheet for name, table in submission.tables.items()},
        is_there=True,
        tables=submission.tables,
        labels=submission.labels,
        label_cells=submission.label_cells,
        tidied=(),
        findings=(),
        faulty=faulty,
    )


def _faulty(findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """Cells in which something stands that could not be taken."""
    for problem in findings:
        if (
            problem.sheet
            and problem.cell
            and problem.code.startswith("cell.")
            and problem.code != "cell.missing"
        ):
            yield problem.sheet, problem.cell


class _Merging:
    """The rows of the sheet while people's self-assessments are put in, and what there is to say about them."""

    def __init__(self, sheet: SheetForm, table: Table) -> None:
        assert sheet.reviewer is not None
        self.rows = list(table.rows)
        self.findings: list[Finding] = []
        self._sheet = sheet
        self._table = table
        self._status = sheet.column(review_status_name(sheet.reviewer))
        self._marks = sheet.marks

    def put(self, person: Person, own: Mapping[str, CellValue]) -> None:
        """What the person said goes where nothing stands; where something else does, that is told."""
        index = self._row_of(person)
        values = dict(self.rows[index].values)
        if values[self._status.name] == REVIEW_ABSENT:
            self._tell("self.not_absent", person, index, self._status)
            return
        values[self._status.name] = REVIEW_GIVEN
        for cell in self._sheet.columns:
            said, typed = own.get(cell.name), values[cell.name]
            if said is None or _alike(said, typed):
                continue
            if typed is not None:
                code = "self.marks_differ" if cell in self._marks else "self.words_differ"
                shown = {"own": as_taken(said, cell), "typed": as_taken(typed, cell)}
                self._tell(code, person, index, cell, **shown)
            if typed is None or cell not in self._marks:
                values[cell.name] = said
        self.rows[index] = replace(self.rows[index], values=values)

    def without_form(self, person: Person) -> None:
        """Counts as absent; who is marked all the same is told."""
        index = self._row_of(person)
        values = self.rows[index].values
        if values[self._status.name] == REVIEW_ABSENT:
            return
        if values[self._status.name] or any(values[mark.name] is not None for mark in self._marks):
            self._tell("self.form_missing", person, index, self._status)
            return
        self._tell("self.absent", person, index, self._status)
        self.rows[index] = replace(self.rows[index], values={**values, self._status.name: REVIEW_ABSENT})

    def _row_of(self, person: Person) -> int:
        """The index of the person's row; of a new one below the others where there is none."""
        for index, row in enumerate(self.rows):
            if row.values[STAFF_ID] == person.id:
                return index
        number = max((row.number for row in self.rows), default=0) + 1
        blank: dict[str, CellValue] = dict.fromkeys(cell.name for cell in self._sheet.columns)
        self.rows.append(Row(number, blank | {STAFF_ID: person.id, STAFF_NAME: person.name}))
        return len(self.rows) - 1

    def _tell(self, code: str, person: Person, index: int, cell: Cell, **gaps: object) -> None:
        place = None
        if cell.name in self._table.columns and index < len(self._table.rows):
            place = self._table.cell(self.rows[index], cell.name)
        who = {"id": person.id, "name": person.name, "column": cell.name}
        self.findings.append(finding(code, sheet=self._table.sheet, cell=place, **who, **gaps))


def _alike(said: CellValue, typed: CellValue) -> bool:
    """Whether both say the same; of texts, whatever their spaces and width."""
    if isinstance(said, str) and isinstance(typed, str):
        return key(said) == key(typed)
    return said == typed
