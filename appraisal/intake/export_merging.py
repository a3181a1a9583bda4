"""Rows of several exports to one figure for each person and field.

Counts and money of daily rows and of several accounts are summed. Rates and averages never are: a mean
of means is no mean. What two exports tell differently stops; what cannot be placed is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.findings import Finding, finding
from appraisal.intake.export_rows import ExportRow
from appraisal.intake.plain import key, person_name
from appraisal.intake.staff import Roster, StaffMember
from appraisal.scheme.forms import Cell, CellType
from appraisal.scheme.period import Period

_SUMMED = frozenset({CellType.COUNT, CellType.MONEY})


@dataclass
class Figures:
    """What was placed: figures by 工号 and field; and what is to be said of all exports together."""

    by_staff: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def merge_rows(
    rows: Sequence[ExportRow], fields: Sequence[Cell], roster: Roster, group: str, period: Period
) -> Figures:
    """The figures of the group's people in the month."""
    merged = Figures()
    members = roster.members_of(group, period)
    by_person: defaultdict[str, list[tuple[str, ExportRow]]] = defaultdict(list)
    strangers: dict[str, str] = {}
    for row in rows:
        found = _person(row, members, roster, period)
        if isinstance(found, str):
            strangers.setdefault(row.shown, found)
        else:
            by_person[found[0].id].append((found[1], row))
    merged.findings += [finding("export.unknown_person", who=who, why=why) for who, why in strangers.items()]
    for member in members:
        if member.id in by_person:
            _merge_person(merged, member, by_person[member.id], fields)
    return merged


# -------------------------------------------------------------------------------------------- people


def _person(
    row: ExportRow, members: Sequence[StaffMember], roster: Roster, period: Period
) -> tuple[StaffMember, str] | str:
    """Whose row it is, and by which account (empty where by name or id); or why nobody's."""
    found: dict[str, tuple[StaffMember, str]] = {}
    for kind, told in row.who.items():
        for member, account in _meant(kind, told, members):
            known = found.get(member.id)
            if known is None or not known[1]:
                found[member.id] = (member, account)
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        names = "、".join(f"{one.name}（{one.id}）" for one, _ in found.values())
        return f"可以是{names}，分不清是谁"
    others = [
        one
        for kind, told in row.who.items()
        for one, _ in _meant(kind, told, [one for one in roster.members if one.is_there_in(period)])
    ]
    return f"属于考核组“{others[0].group}”" if others else "不在花名册本组人员的账号、姓名和工号里"


def _meant(kind: str, told: str, members: Sequence[StaffMember]) -> list[tuple[StaffMember, str]]:
    """Everyone of `members` whom the text may mean: by account whole, by account after the shop's name, by name."""
    if kind == "id":
        return [(one, "") for one in members if key(one.id) == key(told)]
    if kind == "account":
        whole = [(one, key(told)) for one in members if any(key(own) == key(told) for own in one.accounts)]
        if whole:
            return whole
        part = _own_part(told)
        own = [(one, part) for one in members if any(_own_part(account) == part for account in one.accounts)]
        if own:
            return own
        told = told.replace("：", ":").rsplit(":", 1)[-1]
    return [(one, "") for one in members if person_name(one.name) == person_name(told)]


def _own_part(account: str) -> str:
    """`小美` of `旗舰店:小美`."""
    return key(account).rsplit(":", 1)[-1]


# ------------------------------------------------------------------------------------------- figures


def _merge_person(
    merged: Figures, member: StaffMember, rows: Sequence[tuple[str, ExportRow]], fields: Sequence[Cell]
) -> None:
    merged.findings += _doubled(rows)
    who = f"{member.name}（{member.id}）"
    placed = merged.by_staff.setdefault(member.id, {})
    summed: dict[int, str] = {}
    for cell in fields:
        having = [(account, row) for account, row in rows if cell.name in row.figures]
        distinct = _distinct(having, cell, who, merged)
        values = [value for row in distinct if (value := row.figures[cell.name]) is not None]
        if not values:
            continue
        why = _why(distinct)
        if len(distinct) == 1:
            placed[cell.name] = values[0]
        elif cell.type not in _SUMMED:
            gaps = {"who": who, "name": cell.name, "count": str(len(values)), "why": why}
            merged.findings.append(finding("export.not_averaged", **gaps))
        elif gaps_in := _gaps(distinct, cell):
            merged.findings.append(finding("export.gap_in_rows", who=who, name=cell.name, count=gaps_in))
        else:
            placed[cell.name] = sum(values, Decimal(0))
            summed[len(distinct)] = why
    merged.findings += [
        finding("export.summed", who=who, count=count, why=why) for count, why in summed.items()
    ]


def _why(rows: Sequence[ExportRow]) -> str:
    days = {row.day for row in rows if row.day}
    return f"{len(days)}天的每日数据" if len(days) > 1 else "不止一个账号"


def _gaps(rows: Sequence[ExportRow], cell: Cell) -> int:
    """Rows that have other figures but not this one; a row without any is a day off."""
    return sum(
        row.figures[cell.name] is None and any(value is not None for value in row.figures.values())
        for row in rows
    )


def _distinct(
    rows: Sequence[tuple[str, ExportRow]], cell: Cell, who: str, merged: Figures
) -> list[ExportRow]:
    """One row for each account and day; what two exports tell of the same must be the same.

    An account counts apart from another only within one table, or where the roster names both.
    """
    kept: dict[tuple[str, object], ExportRow] = {}
    nameless = any(not account for account, _ in rows)
    of_days = any(row.day for _, row in rows)
    for account, row in rows:
        identity = ("" if nameless and _tables(rows) > 1 else account, row.day if of_days else None)
        former = kept.get(identity)
        if former is None or former.figures[cell.name] is None:
            kept[identity] = row
        elif row.figures[cell.name] not in (None, former.figures[cell.name]):
            gaps = {"who": who, "name": cell.name, "one": _told(former, cell), "other": _told(row, cell)}
            merged.findings.append(finding("export.conflict", **gaps))
    monthly = [row for (_, day), row in kept.items() if of_days and day is None]
    if monthly and len(kept) > len(monthly):
        daily = next(row for row in kept.values() if row.day)
        gaps = {"who": who, "name": cell.name, "one": _told(monthly[0], cell), "other": _told(daily, cell)}
        merged.findings.append(finding("export.conflict", **gaps))
    return list(kept.values())


def _tables(rows: Sequence[tuple[str, ExportRow]]) -> int:
    return len({(row.file, row.sheet) for _, row in rows})


def _told(row: ExportRow, cell: Cell) -> str:
    return f"{row.figures[cell.name]}（{row.place(cell.name)}）"


def _doubled(rows: Sequence[tuple[str, ExportRow]]) -> Iterator[Finding]:
    """The same account (or person) twice in one table, on the same day."""
    seen: dict[tuple[object, ...], ExportRow] = {}
    for account, row in rows:
        identity = (row.file, row.sheet, account or tuple(row.who.values()), row.day)
        if identity in seen:
            day = f"{row.day} " if row.day else ""
            first, second = seen[identity].number, row.number
            yield finding(
                "export.row_twice", sheet=row.sheet, who=row.shown, day=day, first=first, second=second
            )
        seen.setdefault(identity, row)
