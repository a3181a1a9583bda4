"""Figures that are unlike the person's own earlier months, or the group's: warnings, with what was there before.

A slip of the decimal point, minutes for seconds, 万元 for 元, two columns changed about, last month's sheet. How
far is too far stands in the rule file (`plausibility`). Only people who take part are looked at, and never a 0:
a 0 is a 0 in many a month.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from statistics import median

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Row, Submission
from appraisal.period import Period
from appraisal.scheme.forms.submission import PARTICIPATES, PARTICIPATION, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import DataField, FieldType
from appraisal.scheme.model.units import money, number_text, percent_text

ENOUGH_FIGURES = 10
"""With fewer figures a month may well be like another."""

LONG_KNOWN = 3
"""Months after which a person's own figures are all that counts; before, the group's may explain a leap."""

MANY = 3
"""So many people, and half of those compared, make it the column's matter and not each one's."""

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


def comparable_figures(submission: Submission, scheme: Scheme) -> dict[str, dict[str, Decimal]]:
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
            return percent_text(value)
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
                    yield PersonFigure(
                        staff=staff,
                        name=taking_part[staff],
                        field=field,
                        value=value,
                        sheet=table.sheet,
                        cell=place,
                    )


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
        shown = "、".join(f"{cell.shown(value)}（{period}）" for value, period in known[:_TOLD])
        return shown if len(known) <= _TOLD else f"{shown}等"

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


def unusual_figures(
    submission: Submission, scheme: Scheme, earlier: Sequence[EarlierMonth]
) -> tuple[Finding, ...]:
    """Warnings about this month's figures; `earlier` are the group's months before, the latest first."""
    cells = tuple(figures_in(submission, scheme))
    usual = UsualFigures(cells, earlier)
    swapped, explained = _swapped(cells, usual, scheme)
    return (
        *_taken_from_before(cells, scheme, earlier),
        *swapped,
        *_far_away([cell for cell in cells if cell.place not in explained], usual, scheme),
    )


# ------------------------------------------------------------------------------- an earlier month's sheet


def _taken_from_before(
    cells: Sequence[PersonFigure], scheme: Scheme, earlier: Sequence[EarlierMonth]
) -> Iterator[Finding]:
    """A warning where most figures equal those of a month before. Targets are carried over: they do not count."""
    figures = [cell for cell in cells if not cell.field.carried]
    for month in earlier if len(figures) >= ENOUGH_FIGURES else ():
        same = sum(month.figures.get(cell.staff, {}).get(cell.field.name) == cell.value for cell in figures)
        if same >= scheme.plausibility.same * len(figures):
            share = f"{100 * same // len(figures)}%"
            yield finding("data.same_as_last_month", sheet=figures[0].sheet, period=month.period, share=share)
            return


# ------------------------------------------------------------------------------- changed about


_Pair = tuple[PersonFigure, PersonFigure]

_Moved = tuple[PersonFigure, float, float]
"""A figure, and the logarithms of what it is now and usually was."""


def _swapped(
    cells: Sequence[PersonFigure], usual: UsualFigures, scheme: Scheme
) -> tuple[list[Finding], frozenset[tuple[str, str]]]:
    """Figures of a row that stand in each other's place, and the places of them all."""
    least = _log(scheme.plausibility.swapped)
    compared: defaultdict[str, int] = defaultdict(int)
    moved: defaultdict[tuple[str, str], list[_Moved]] = defaultdict(list)
    for cell in cells:
        if own := usual.own(cell):
            compared[cell.field.name] += 1
            now, before = _log(cell.value), _log(median(own))
            if abs(now - before) >= least / 2:  # what stands in another's place is not near its own
                moved[cell.staff, cell.sheet].append((cell, now, before))
    pairs: defaultdict[tuple[str, str], list[_Pair]] = defaultdict(list)
    for row in moved.values():
        for first, second in combinations(row, 2):
            if _stand_in_each_others_place(first, second, scheme):
                pairs[first[0].field.name, second[0].field.name].append((first[0], second[0]))
    found: list[Finding] = []
    for names, there in pairs.items():
        if _is_the_columns(len(there), min(compared[name] for name in names)):
            found.append(_swap(there[0], usual, "data.columns_swapped", count=len(there)))
        else:
            found += [_swap(pair, usual, "data.cells_swapped") for pair in there]
    explained = frozenset(cell.place for there in pairs.values() for pair in there for cell in pair)
    return found, explained


def _stand_in_each_others_place(first: _Moved, second: _Moved, scheme: Scheme) -> bool:
    """Whether each is far nearer to what the other usually is than to what it usually is itself."""
    limits = scheme.plausibility
    (cell, now, before), (other_cell, other_now, other_before) = first, second
    apart = abs(before - other_before)
    near = min(apart / 3, _NEAR)
    return (
        apart >= _log(limits.swapped)
        and max(cell.size(cell.value), other_cell.size(other_cell.value)) >= limits.smallest
        and abs(now - other_before) <= near
        and abs(other_now - before) <= near
    )


def _swap(pair: _Pair, usual: UsualFigures, code: str, **gaps: object) -> Finding:
    cell, other = pair
    return cell.finding(
        code,
        other=other.field.name,
        other_seen=other.shown(other.value),
        usual=cell.shown(median(usual.own(cell))),
        other_usual=other.shown(median(usual.own(other))),
        **gaps,
    )


# ------------------------------------------------------------------------------- too much, too little


def _far_away(cells: Sequence[PersonFigure], usual: UsualFigures, scheme: Scheme) -> Iterator[Finding]:
    """Figures that are many times what they were, or a small part: a whole column's in one warning."""
    new = [cell for cell in cells if not usual.own(cell)]
    yield from _unlike_group(new, usual, scheme)
    compared: defaultdict[str, int] = defaultdict(int)
    leaps: defaultdict[tuple[str, bool], list[tuple[PersonFigure, Decimal]]] = defaultdict(list)
    for cell in cells:
        if own := usual.own(cell):
            compared[cell.field.name] += 1
            if _is_unlike_own(cell, own, usual, scheme):
                leaps[cell.field.name, cell.value > own[0]].append((cell, cell.value / median(own)))
    for (name, _), there in leaps.items():
        if _is_the_columns(len(there), compared[name]):
            (cell, _), times = there[0], median(times for _, times in there)
            words = {"usual": usual.in_words(cell), "count": len(there), **_times(cell.field, times)}
            yield cell.finding("data.column_unlike_before", **words)
        else:
            for cell, times in there:
                words = {"usual": usual.in_words(cell), **_times(cell.field, times)}
                yield cell.finding("data.unlike_own", **words)


def _is_unlike_own(cell: PersonFigure, own: Sequence[Decimal], usual: UsualFigures, scheme: Scheme) -> bool:
    limits = scheme.plausibility
    return (
        all(_is_far(cell.value, figure, limits.own) for figure in own)
        and max(cell.size(figure) for figure in (cell.value, *own)) >= limits.smallest
        and (len(own) >= LONG_KNOWN or not usual.had_by_somebody(cell))
    )


def _unlike_group(cells: Sequence[PersonFigure], usual: UsualFigures, scheme: Scheme) -> Iterator[Finding]:
    """Who has no months before. Where most of a row is small it is a short month, and no slip."""
    rows: defaultdict[str, list[PersonFigure]] = defaultdict(list)
    for cell in cells:
        rows[cell.staff].append(cell)
    for row in rows.values():
        far = [cell for cell in row if _is_unlike_group(cell, usual, scheme)]
        for cell in far if 2 * len(far) < len(row) else ():
            between = usual.of_most(cell)
            assert between is not None
            least, most = map(cell.shown, between)
            words = _times(cell.field, cell.value / median(between))
            yield cell.finding("data.unlike_group", usual=f"{least} 到 {most}", **words)


def _is_unlike_group(cell: PersonFigure, usual: UsualFigures, scheme: Scheme) -> bool:
    limits, between = scheme.plausibility, usual.of_most(cell)
    return (
        between is not None
        and all(_is_far(cell.value, figure, limits.group) for figure in between)
        and max(cell.size(figure) for figure in (cell.value, *between)) >= limits.smallest
    )


def _is_far(value: Decimal, other: Decimal, times: Decimal) -> bool:
    return abs(value) >= times * abs(other) or abs(other) >= times * abs(value)


def _is_the_columns(people: int, compared: int) -> bool:
    return people >= MANY and 2 * people >= compared


def _log(value: Decimal) -> float:
    return math.log10(abs(value))


# ------------------------------------------------------------------------------- what it might be


_SLIPS = (
    (FieldType.MONEY, Decimal("0.0001"), "像是按万元填的"),
    (FieldType.MONEY, Decimal("0.001"), "像是按千元填的"),
    (FieldType.MONEY, Decimal(100), "像是按分填的"),
    (FieldType.DURATION, 1 / Decimal(60), "像是按分钟填的"),
    (FieldType.DURATION, Decimal(60), "像是多乘了一次60"),
    (FieldType.DURATION, Decimal(1000), "像是按毫秒填的"),
    (FieldType.PERCENT, Decimal(100), "像是百分号写错了"),
    (FieldType.PERCENT, Decimal("0.01"), "像是百分号写错了"),
    (None, Decimal(10), "像是多打了一位"),
    (None, Decimal("0.1"), "像是少打了一位"),
    (None, Decimal(100), "像是小数点错了位"),
    (None, Decimal("0.01"), "像是小数点错了位"),
    (None, Decimal(1000), "像是小数点错了位"),
    (None, Decimal("0.001"), "像是小数点错了位"),
    (None, Decimal(10_000), "像是小数点错了位"),
    (None, Decimal("0.0001"), "像是小数点错了位"),
)
"""What makes a figure so many times what it should be; of two that fit the first, which knows the field."""

_NEAR = math.log10(2)
"""Nearer than half and twice as much."""


def _times(field: DataField, ratio: Decimal) -> dict[str, str]:
    """How many times more or less in words, with what may have happened where that is plain."""
    known = (slip for slip in _SLIPS if slip[0] in {None, field.type})
    guess = next((words for _, times, words in known if abs(_log(ratio / times)) <= _NEAR), None)
    more = max(abs(ratio), 1 / abs(ratio))
    return {
        "times": number_text(Decimal(f"{more:.2g}")),
        "guess": f"，{guess}" if guess else "",
    }
