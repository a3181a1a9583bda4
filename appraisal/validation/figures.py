"""The figures of a month's people, what they had in the months before, and what is usual in the group.

Only of people who take part, and never a 0: a 0 is a 0 in many a month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Row, Submission
from appraisal.period import Period
from appraisal.scheme.forms.submission import PARTICIPATES, PARTICIPATION, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import DataField, FieldType
from appraisal.scheme.model.units import money, number_text

ENOUGH_OTHERS = 4
"""With fewer figures of others nobody can say what is usual in the group."""

_TOLD = 2
"""So many of a person's months are named."""

Figures = Mapping[str, Mapping[str, Decimal]]
"""By 工号 and field."""


@dataclass(frozen=True, slots=True)
class EarlierMonth:
    """What people had in a month before, by its revision in force."""

    period: Period
    figures: Figures


def figures_of(submission: Submission, scheme: Scheme) -> dict[str, dict[str, Decimal]]:
    """What is compared with other months: the figures of who takes part."""
    figures: defaultdict[str, dict[str, Decimal]] = defaultdict(dict)
    for cell in figures_in(submission, scheme):
        figures[cell.staff][cell.field.name] = cell.value
    return dict(figures)


@dataclass(frozen=True, slots=True)
class PersonFigure:
    """One person's figure of this month, and where it stands."""

    staff: str
    name: str
    field: DataField
    value: Decimal
    sheet: str
    cell: str

    @property
    def place(self) -> tuple[str, str]:
        return self.sheet, self.cell

    def finding(self, code: str, **gaps: object) -> Finding:
        about = {"who": self.name, "id": self.staff, "name": self.field.name, "seen": self.shown(self.value)}
        return finding(code, sheet=self.sheet, cell=self.cell, **about, **gaps)

    def size(self, value: Decimal) -> Decimal:
        """How large a value of this column looks: 45 for 45%."""
        return abs(value) * (100 if self.field.type is FieldType.PERCENT else 1)

    def shown(self, value: Decimal) -> str:
        """A value as this column's cells show it."""
        if self.field.type is FieldType.PERCENT:
            return f"{number_text(value * 100)}%"
        if self.field.type is FieldType.MONEY:
            return money(value)
        return number_text(value) + ("秒" if self.field.type is FieldType.DURATION else "")


def figures_in(submission: Submission, scheme: Scheme) -> Iterator[PersonFigure]:
    """Every figure of every table, in the order of the workbook."""
    taking_part = _taking_part(submission, scheme)
    for name, fields in scheme.tables.items():
        table = submission.tables.get(name)
        for row in table.rows if table else ():
            staff = row.values[STAFF_ID]
            if table is None or not isinstance(staff, str) or staff not in taking_part:
                continue
            for field in fields.fields:
                value = row.values.get(field.name)
                if isinstance(value, Decimal) and value:
                    place = table.cell(row, field.name)
                    yield PersonFigure(staff, taking_part[staff], field, value, table.sheet, place)


def _taking_part(submission: Submission, scheme: Scheme) -> Mapping[str, str]:
    """Names by 工号, of who is appraised this month."""
    main = submission.tables.get(next(iter(scheme.tables)))
    rows: Iterable[Row] = main.rows if main else ()
    return {
        str(row.values[STAFF_ID]): str(row.values.get(STAFF_NAME) or "")
        for row in rows
        if row.values.get(PARTICIPATION) == PARTICIPATES
    }


class UsualFigures:
    """What was there before, and what the others have."""

    def __init__(self, cells: Sequence[PersonFigure], earlier: Sequence[EarlierMonth]) -> None:
        self._own: defaultdict[tuple[str, str], list[tuple[Decimal, Period]]] = defaultdict(list)
        before: defaultdict[str, list[Decimal]] = defaultdict(list)
        for month in earlier:
            for staff, figures in month.figures.items():
                for name, value in figures.items():
                    self._own[staff, name].append((value, month.period))
                    before[name].append(value)
        self._range = {name: (min(values), max(values)) for name, values in before.items()}
        for cell in cells:
            before[cell.field.name].append(cell.value)
        self._everybodys = {name: sorted(values) for name, values in before.items()}

    def own(self, cell: PersonFigure) -> list[Decimal]:
        """The person's own figures, the latest first."""
        return [value for value, _ in self._own.get((cell.staff, cell.field.name), ())]

    def in_words(self, cell: PersonFigure) -> str:
        """`90,120元（2026-10）、86,400元（2026-09）`: the latest of the person's own."""
        known = self._own[cell.staff, cell.field.name]
        told = "、".join(f"{cell.shown(value)}（{period}）" for value, period in known[:_TOLD])
        return told if len(known) <= _TOLD else f"{told}等"

    def had_by_somebody(self, cell: PersonFigure) -> bool:
        """Whether the figure is not far from those that the group had before."""
        least, most = self._range[cell.field.name]
        return least <= 2 * cell.value and cell.value <= 2 * most

    def of_most(self, cell: PersonFigure) -> tuple[Decimal, Decimal] | None:
        """Between what most of the group lie, now and before; None for too few."""
        values = self._everybodys[cell.field.name]
        if len(values) <= ENOUGH_OTHERS:
            return None
        at_the_edge = len(values) // 5
        return values[at_the_edge], values[-1 - at_the_edge]
