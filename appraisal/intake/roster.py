"""The roster: who was in which group and when, who of them for a part of a month only, and what another roster says otherwise. Pure.

A typed 工号 is matched to a known person also where Excel took its zeros or a hand changed its case. Of the groups in
which somebody was in one month, one appraises; the dates decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise, zip_longest
from typing import TypeVar

from appraisal.period import Period
from appraisal.scheme.forms.submission import (
    GROUP,
    HAS_LEFT,
    JOINED_IN_MONTH,
    MOVED_IN_MONTH,
    OF_TEAMS,
    STAFF_ID,
    STAFF_NAME,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.text import is_mail_address, key
from appraisal.workspace.settings import MovedStaff

SCHEME, JOINED, ACCOUNTS = "考核方案", "入职日期", "账号"
JOINED_GROUP, LEFT_GROUP, LEFT, POST = "入组日期", "离组日期", "离职日期", "岗位"
FIELDS = {
    STAFF_ID: "id",
    STAFF_NAME: "name",
    GROUP: "group",
    SCHEME: "scheme",
    JOINED: "joined",
    JOINED_GROUP: "joined_group",
    LEFT_GROUP: "left_group",
    LEFT: "left",
    POST: "post",
}
"""The columns of a roster, and what `StaffMember` calls them; besides accounts and `CONTACTS`."""


class KnownIds:
    """Ids that are known; `accounts` maps further names of theirs (子账号) to them."""

    def __init__(self, ids: Iterable[str], accounts: Iterable[tuple[str, str]] = ()) -> None:
        self._exact = frozenset(ids)
        self._named = tuple(accounts)
        self._loose = grouped((_loose(known), known) for known in self._exact)
        self._accounts = grouped((key(account), known) for account, known in self._named)

    def among(self, ids: Iterable[str]) -> KnownIds:
        """These ids alone, by the accounts that are known of them."""
        only = frozenset(ids)
        return KnownIds(only, (pair for pair in self._named if pair[1] in only))

    def resolve(self, typed: str) -> str:
        """The one known id that `typed` means: itself, `007` for `7`, an account's owner.

        Where none or more than one could be meant, `typed` as it is.
        """
        if typed in self._exact:
            return typed
        meant = set(self._loose.get(_loose(typed)) or self._accounts.get(key(typed), []))
        return meant.pop() if len(meant) == 1 else typed


def _loose(identity: str) -> str:
    plain = key(identity)
    return plain.lstrip("0") or "0" if plain.isdecimal() else plain


_Name = TypeVar("_Name")
_Thing = TypeVar("_Thing")


def grouped(pairs: Iterable[tuple[_Name, _Thing]]) -> dict[_Name, list[_Thing]]:
    """Things by their names, in order."""
    groups: defaultdict[_Name, list[_Thing]] = defaultdict(list)
    for name, thing in pairs:
        groups[name].append(thing)
    return dict(groups)


@dataclass(frozen=True, slots=True)
class Contacts:
    """Where a person is reached: addresses and ids as the services know them; None where the roster does not say."""

    mail: str | None = None
    mobile: str | None = None
    wecom: str | None = None
    dingtalk: str | None = None
    feishu: str | None = None


NO_CONTACTS = Contacts()

MAIL, MOBILE = "邮箱", "手机"
CONTACTS = {MAIL: "mail", MOBILE: "mobile", "企业微信": "wecom", "钉钉": "dingtalk", "飞书": "feishu"}
"""The columns of a roster that say where somebody is reached, and what `Contacts` calls them."""

_MOBILE = re.compile(r"\+?\d{7,15}", re.ASCII)


def contact_problems(column: str, value: object) -> Iterator[str]:
    """What reaches nobody, or might reach somebody else."""
    if not isinstance(value, str):
        return
    if column == MAIL and not is_mail_address(value):
        yield f"邮箱“{value}”写得不对：只写一个地址，例如 zhang@example.com"
    if column == MOBILE and not _MOBILE.fullmatch(value):
        yield f"手机“{value}”写得不对：只写数字，例如 13800000000"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One person's time in one group; who changed groups has one of these for each.

    `joined` and `left` are the company's dates, `joined_group` and `left_group` the group's; None
    where the roster does not say. The last day still counts.
    """

    id: str
    name: str
    group: str
    scheme: str
    joined: date
    joined_group: date | None = None
    left_group: date | None = None
    left: date | None = None
    post: str | None = None
    accounts: tuple[str, ...] = ()
    contacts: Contacts = NO_CONTACTS

    @property
    def first_day(self) -> date:
        """The first day in the group."""
        return max(self.joined, self.joined_group or self.joined)

    @property
    def last_day(self) -> date | None:
        """The last day in the group; None while no end is known."""
        return min((day for day in (self.left_group, self.left) if day), default=None)

    def is_there_in(self, period: Period) -> bool:
        """Whether the person is in the group on any day of the month."""
        return self.first_day <= period.last_day and (self.last_day or date.max) >= period.first_day

    def overlaps(self, other: StaffMember) -> bool:
        """Whether both last on after the other began; the day of a transfer may stand in both."""
        return self.first_day < (other.last_day or date.max) and other.first_day < (self.last_day or date.max)


@dataclass(frozen=True)
class Roster:
    """Everybody, in the order of the file."""

    members: tuple[StaffMember, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of all groups, in order of appearance."""
        return tuple(self._by_group)

    def members_of(self, group: str, period: Period) -> tuple[StaffMember, ...]:
        """Who is in the group on any day of the month, each once: who came back, by the latest record."""
        present = [member for member in self._by_group.get(group, ()) if member.is_there_in(period)]
        latest = {member.id: member for member in sorted(present, key=lambda member: member.first_day)}
        return tuple(member for member in present if latest[member.id] is member)

    def scheme_of(self, group: str) -> str | None:
        """The id of the group's scheme; None for a group that the roster does not know."""
        members = self._by_group.get(group)
        return members[0].scheme if members else None

    def find(self, identity: str) -> StaffMember | None:
        """The person's latest record; None for an id that the roster does not know."""
        return max(self.records_of(identity), key=lambda record: record.first_day, default=None)

    def records_of(self, identity: str) -> Sequence[StaffMember]:
        """Each of the person's times in a group."""
        return self._by_id.get(identity, ())

    @cached_property
    def known_ids(self) -> KnownIds:
        accounts = ((account, member.id) for member in self.members for account in member.accounts)
        return KnownIds(self._by_id, accounts)

    @cached_property
    def _by_group(self) -> Mapping[str, Sequence[StaffMember]]:
        return grouped((member.group, member) for member in self.members)

    @cached_property
    def _by_id(self) -> Mapping[str, Sequence[StaffMember]]:
        return grouped((member.id, member) for member in self.members)


def known_ids(roster: Roster | None) -> KnownIds:
    """The ids of the roster; none where there is none."""
    return roster.known_ids if roster else KnownIds(())


@dataclass(frozen=True, slots=True)
class PartOfMonth:
    """Why somebody is usually not appraised in a group in a month.

    `participation` is the 参评情况 that fits, `told` the dates in words; `appraised_in` is the other
    group that appraises them, None where there is none.
    """

    participation: str
    told: str
    appraised_in: str | None = None

    def of_a_row(self, scheme: Scheme) -> str:
        """The 参评情况 as the scheme's form offers it: of a person, or of a team."""
        return OF_TEAMS[self.participation] if scheme.rows_are else self.participation


def part_of_month(
    identity: str, group: str, period: Period, *, roster: Roster, moved: MovedStaff
) -> PartOfMonth | None:
    """Why the person is not appraised in this group in this month; None for who is, and for who is not in it at all."""
    present = [record for record in roster.records_of(identity) if record.is_there_in(period)]
    here = [record for record in present if record.group == group]
    if not here:
        return None
    appraising = _appraising(present, period, moved)
    if appraising.group != group:
        return PartOfMonth(MOVED_IN_MONTH, _way(present), appraising.group)
    last = max(present, key=lambda record: record.first_day)
    if last.left is not None and last.left < period.last_day:
        return PartOfMonth(HAS_LEFT, f"{last.left} 离职")
    if last.joined > period.first_day:
        return PartOfMonth(JOINED_IN_MONTH, f"{last.joined} 入职")
    if last.group == group and last.last_day is not None and last.last_day < period.last_day:
        return PartOfMonth(MOVED_IN_MONTH, f"{last.last_day} 离开本组")
    return None


def _appraising(present: Sequence[StaffMember], period: Period, moved: MovedStaff) -> StaffMember:
    """The record of the group that appraises; of two that would do as well, the later one."""
    in_order = sorted(present, key=lambda record: record.first_day)
    if moved is MovedStaff.FIRST_DAY:
        return in_order[0]
    if moved is MovedStaff.LAST_DAY:
        return in_order[-1]
    days: dict[str, int] = {}
    for record in in_order:
        days[record.group] = days.get(record.group, 0) + _days_in(record, period)
    return max(reversed(in_order), key=lambda record: days[record.group])


def _days_in(record: StaffMember, period: Period) -> int:
    first, last = max(record.first_day, period.first_day), min(record.last_day or date.max, period.last_day)
    return (last - first).days + 1


def _way(present: Sequence[StaffMember]) -> str:
    """`2026-11-16 从“旗舰店”调到“二店”`, of somebody who was in more than one group."""
    in_order = sorted(present, key=lambda record: record.first_day)
    moves = [(old, new) for old, new in pairwise(in_order) if old.group != new.group]
    return "，".join(f"{new.first_day} 从“{old.group}”调到“{new.group}”" for old, new in moves)


RosterCells = Mapping[str, str | date | None]


def as_cells(record: StaffMember) -> RosterCells:
    """The record as the row of a roster: by column."""
    return {
        **{column: getattr(record, field) for column, field in FIELDS.items()},
        ACCOUNTS: "、".join(record.accounts) or None,
        **{column: getattr(record.contacts, field) for column, field in CONTACTS.items()},
    }


def roster_changes(before: Roster | None, after: Roster) -> tuple[str, ...]:
    """What becomes another by `after`: who is new, who is gone, whose cells change; a Chinese clause each."""
    was, now = (
        grouped(((member.id, member.group), member) for member in (roster.members if roster else ()))
        for roster in (before, after)
    )
    return tuple(
        change
        for person in dict.fromkeys((*now, *was))
        for old, new in zip_longest(was.get(person, ()), now.get(person, ()))
        for change in _changes(old, new)
    )


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


def _who(member: StaffMember) -> str:
    return f"{member.name}（{member.id}，{member.group}）"


def _shown(value: str | date | None) -> str:
    return "空" if value is None else str(value)
