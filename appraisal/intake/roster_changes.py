"""What one roster says otherwise than another, person by person, in words. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import zip_longest

from appraisal.intake.roster import CONTACTS, Roster, StaffMember
from appraisal.intake.roster_file import ACCOUNTS, JOINED, SCHEME
from appraisal.scheme.forms.submission import GROUP, STAFF_ID, STAFF_NAME

RosterCells = Mapping[str, str | date | None]


def as_cells(one: StaffMember) -> RosterCells:
    """The record as the row of a roster: by column."""
    return {
        STAFF_ID: one.id,
        STAFF_NAME: one.name,
        GROUP: one.group,
        SCHEME: one.scheme,
        JOINED: one.joined,
        "入组日期": one.joined_group,
        "离组日期": one.left_group,
        "离职日期": one.left,
        "岗位": one.post,
        ACCOUNTS: "、".join(one.accounts) or None,
        **{column: getattr(one.contacts, field) for column, field in CONTACTS.items()},
    }


def roster_changes(before: Roster | None, after: Roster) -> tuple[str, ...]:
    """What becomes another by `after`: who is new, who is gone, whose cells change; a Chinese clause each."""
    was, now = _records(before), _records(after)
    return tuple(
        told
        for person in dict.fromkeys((*now, *was))
        for old, new in zip_longest(was.get(person, ()), now.get(person, ()))
        for told in _changes(old, new)
    )


def _records(roster: Roster | None) -> Mapping[tuple[str, str], list[StaffMember]]:
    """Each person's times in each group."""
    found: defaultdict[tuple[str, str], list[StaffMember]] = defaultdict(list)
    for one in roster.members if roster else ():
        found[one.id, one.group].append(one)
    return found


def _changes(old: StaffMember | None, new: StaffMember | None) -> Iterator[str]:
    if old is None and new is not None:
        yield f"新增 {_who(new)}，{new.first_day} 起"
    elif new is None and old is not None:
        yield f"去掉 {_who(old)}（离职的不要删行，填离职日期；以前月份要用）"
    elif old is not None and new is not None:
        before, after = as_cells(old), as_cells(new)
        changed = [
            f"{column} {_shown(before[column])} → {_shown(after[column])}"
            for column in before
            if before[column] != after[column]
        ]
        if changed:
            yield f"{_who(old)}：{'；'.join(changed)}"


def _who(one: StaffMember) -> str:
    return f"{one.name}（{one.id}，{one.group}）"


def _shown(value: str | date | None) -> str:
    return "空" if value is None else str(value)
