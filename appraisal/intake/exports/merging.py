"""Rows of several exports to one figure for each person and field.

Whose row it is, the roster's accounts, names and ids say. Counts and money of daily rows and of several
accounts are summed. Rates and averages never are: a mean of means is no mean. An average whose field says
what it is `weighted_by` is weighed by that field's own figures; any other stays open. What two exports
tell differently stops; what cannot be placed is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from appraisal.findings.finding import Finding, finding
from appraisal.intake.exports.rows import ExportRow
from appraisal.intake.exports.table import SUMMED
from appraisal.intake.roster import Roster, StaffMember
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell
from appraisal.scheme.model.units import number_text
from appraisal.text import key, person_name


def person_of(
    row: ExportRow, members: Sequence[StaffMember], roster: Roster, period: Period
) -> tuple[StaffMember, str] | str:
    """Whose of `members` the row is, and by which account (empty where by name or id); or why nobody's.

    The exact owner of an account wins, of whatever group. An account of another shop is nobody's here, though
    somebody of the same nickname is.
    """
    others = [member for member in roster.members if member not in members and member.is_there_in(period)]
    shop = _shop_and_part(row.who.get("account", ""))[0]
    found: dict[str, tuple[StaffMember, str]] = {}
    for kind, text in row.who.items():
        for member, account in _meant(kind, text, members, others):
            known = found.setdefault(member.id, (member, account))
            found[member.id] = (known[0], known[1] or account)
    if len(found) > 1:
        names = "、".join(f"{member.name}（{member.id}）" for member, _ in found.values())
        return f"可以是{names}，分不清是谁"
    for member, account in found.values():
        if member not in members:
            return f"属于考核组“{member.group}”"
        if shop not in _shops(others) - _shops(members):
            return member, account
    if shop and shop not in _shops(members):
        return "是别的店铺的账号，花名册本组没有这个账号"
    return "不在花名册本组人员的账号、姓名和工号里"


def _meant(
    kind: str, text: str, members: Sequence[StaffMember], others: Sequence[StaffMember]
) -> list[tuple[StaffMember, str]]:
    """Everyone whom the text may mean: by account whole, by account after the shop's name, by name."""
    everybody = [*members, *others]
    if kind == "id":
        return [(member, "") for member in everybody if key(member.id) == key(text)]
    if kind == "name":
        return _named(text, members) or _named(text, others)
    whole = [
        (member, key(text)) for member in everybody if any(key(own) == key(text) for own in member.accounts)
    ]
    if whole:
        return whole
    shop, part = _shop_and_part(text)
    own = [
        (member, part)
        for member in members
        if any(_may_be(account, shop, part) for account in member.accounts)
    ]
    is_elsewhere = shop and shop not in _shops(members) and _names_shops(members)
    return own or ([] if is_elsewhere else _named(part, members))


def _named(name: str, people: Sequence[StaffMember]) -> list[tuple[StaffMember, str]]:
    return [(member, "") for member in people if person_name(member.name) == person_name(name)]


def _may_be(account: str, shop: str, part: str) -> bool:
    """Whether an account of the roster is the one told: one of the two leaves the shop's name out."""
    own_shop, own_part = _shop_and_part(account)
    return own_part == part and not (own_shop and shop)


def _shop_and_part(account: str) -> tuple[str, str]:
    """`旗舰店` and `小美` of `旗舰店:小美`."""
    shop, _, part = key(account).rpartition(":")
    return shop, part


def _shops(people: Iterable[StaffMember]) -> set[str]:
    """The shops that people of these groups work for, as far as accounts and groups tell."""
    shops = {_shop_and_part(account)[0] for member in people for account in member.accounts}
    return (shops | {key(member.group) for member in people}) - {""}


def _names_shops(people: Sequence[StaffMember]) -> bool:
    return any(_shop_and_part(account)[0] for member in people for account in member.accounts)


_Apart = Mapping[tuple[str, date | None], ExportRow]
"""The rows that count apart from each other, by account and day."""


@dataclass(frozen=True, slots=True)
class MergedFigures:
    """What was placed: figures by 工号 and field; and what is to be said of all exports together."""

    by_staff: Mapping[str, Mapping[str, Decimal]]
    findings: Sequence[Finding]


def merge_rows(
    rows: Sequence[ExportRow], fields: Sequence[Cell], roster: Roster, group: str, period: Period
) -> MergedFigures:
    """The figures of the group's people in the month."""
    members = roster.members_of(group, period)
    by_person: defaultdict[str, list[tuple[str, ExportRow]]] = defaultdict(list)
    strangers: dict[str, str] = {}
    for row in rows:
        found = person_of(row, members, roster, period)
        if isinstance(found, str):
            strangers.setdefault(row.shown, found)
        else:
            by_person[found[0].id].append((found[1], row))
    people = [_Person(member, by_person[member.id], fields) for member in members if member.id in by_person]
    findings = [finding("export.unknown_person", who=who, why=why) for who, why in strangers.items()]
    findings += [problem for person in people for problem in person.findings]
    return MergedFigures({person.member.id: person.figures for person in people}, findings)


class _Person:
    """One person's rows merged to `figures` by field, with what is to be said of it."""

    def __init__(
        self, member: StaffMember, rows: Sequence[tuple[str, ExportRow]], fields: Sequence[Cell]
    ) -> None:
        self.member = member
        self.shown = f"{member.name}（{member.id}）"
        self.figures: dict[str, Decimal] = {}
        self._merged: dict[str, None] = {}
        self._averages = ""
        self.findings: list[Finding] = [*_doubled(rows)]
        self._apart = {cell.name: self._rows_apart(rows, cell) for cell in fields}
        for cell in fields:
            self._place(cell)
        if self._merged:
            made_of = "、".join(self._merged)
            problem = finding("export.summed", who=self.shown, rows=made_of, averages=self._averages)
            self.findings.append(problem)

    def _tell(self, code: str, cell: Cell, **gaps: object) -> None:
        problem = finding(code, sheet=None, cell=None, who=self.shown, name=cell.name, **gaps)
        self.findings.append(problem)

    def _place(self, cell: Cell) -> None:
        rows = self._apart[cell.name]
        values = [value for row in rows.values() if (value := row.figures[cell.name]) is not None]
        if not values:
            return
        if len(rows) == 1 or (cell.carried and len(set(values)) == 1):
            self.figures[cell.name] = values[0]
        elif cell.carried:
            targets = "、".join(number_text(value) for value in dict.fromkeys(values))
            self._tell("export.not_one_target", cell, told=targets)
        elif cell.type in SUMMED:
            self._add_up(cell, rows, values)
        else:
            self._weigh(cell, rows)

    def _add_up(self, cell: Cell, rows: _Apart, values: Sequence[Decimal]) -> None:
        gaps = sum(
            row.figures[cell.name] is None and any(value is not None for value in row.figures.values())
            for row in rows.values()
        )  # a row without any figure is a day off
        if gaps:
            self._tell("export.gap_in_rows", cell, count=gaps)
            return
        self.figures[cell.name] = sum(values, Decimal(0))
        self._merged[_made_of(rows)] = None

    def _weigh(self, cell: Cell, rows: _Apart) -> None:
        """The mean of the rows by the figures of `weighted_by`; a row that weighs nothing counts for nothing."""
        weights = {identity: self._weight(identity, row, cell) for identity, row in rows.items()}
        values = {identity: row.figures[cell.name] for identity, row in rows.items()}
        if cell.weighted_by is None:
            self._tell("export.not_averaged", cell, rows=_made_of(rows))
        elif any(values[identity] is not None and weights[identity] is None for identity in rows):
            self._tell("export.no_weight", cell, rows=_made_of(rows), weight=cell.weighted_by)
        elif gaps := sum(values[identity] is None and bool(weights[identity]) for identity in rows):
            self._tell("export.gap_in_rows", cell, count=gaps)
        else:
            pairs = [
                (value, weights[identity] or Decimal(0))
                for identity, value in values.items()
                if value is not None
            ]
            total = sum((weight for _, weight in pairs), Decimal(0))
            if total:
                mean = sum((value * weight for value, weight in pairs), Decimal(0)) / total
                mean = mean.quantize(Decimal(1).scaleb(-cell.decimals), ROUND_HALF_UP)
                self.figures[cell.name] = mean
                self._merged[_made_of(rows)] = None
                self._averages += f"；“{cell.name}”按“{cell.weighted_by}”加权平均得 {number_text(mean)}"

    def _weight(self, identity: tuple[str, date | None], row: ExportRow, cell: Cell) -> Decimal | None:
        """What the row weighs: by itself, or by the row of another table about the same account and day."""
        name = cell.weighted_by or ""
        beside = self._apart.get(name, {}).get(identity)
        own = row.figures.get(name)
        return own if own is not None or beside is None else beside.figures[name]

    def _rows_apart(self, rows: Sequence[tuple[str, ExportRow]], cell: Cell) -> _Apart:
        """One row for each account and day; what two exports tell of the same must be the same.

        An account counts apart from another only within one table, or where the roster names both.
        """
        rows = [(account, row) for account, row in rows if cell.name in row.figures]
        kept: dict[tuple[str, date | None], ExportRow] = {}
        is_one = any(not account for account, _ in rows) and len({_table(row) for _, row in rows}) > 1
        of_days = any(row.day for _, row in rows)
        for account, row in rows:
            identity = ("" if is_one else account, row.day if of_days else None)
            former = kept.get(identity)
            if former is None or former.figures[cell.name] is None:
                kept[identity] = row
            elif row.figures[cell.name] not in (None, former.figures[cell.name]):
                self._tell("export.conflict", cell, one=_told(former, cell), other=_told(row, cell))
        monthly = [row for (_, day), row in kept.items() if of_days and day is None]
        if monthly and len(kept) > len(monthly):
            daily = next(row for row in kept.values() if row.day)
            self._tell("export.conflict", cell, one=_told(monthly[0], cell), other=_told(daily, cell))
        return kept


def _made_of(rows: _Apart) -> str:
    """`30行（30天的每日数据）`, `2行（不止一个账号）`."""
    days = {row.day for row in rows.values() if row.day}
    return f"{len(rows)}行（{f'{len(days)}天的每日数据' if len(days) > 1 else '不止一个账号'}）"


def _table(row: ExportRow) -> tuple[str, str]:
    return row.file, row.sheet


def _told(row: ExportRow, cell: Cell) -> str:
    return f"{row.figures[cell.name]}（{row.place(cell.name)}）"


def _doubled(rows: Sequence[tuple[str, ExportRow]]) -> Iterator[Finding]:
    """The same account (or person) twice in one table, on the same day."""
    seen: dict[tuple[object, ...], ExportRow] = {}
    for account, row in rows:
        identity = (*_table(row), account or tuple(row.who.values()), row.day)
        if identity in seen:
            day = f"{row.day} " if row.day else ""
            first, second = seen[identity].number, row.number
            yield finding(
                "export.row_twice", sheet=row.sheet, who=row.shown, day=day, first=first, second=second
            )
        seen.setdefault(identity, row)
