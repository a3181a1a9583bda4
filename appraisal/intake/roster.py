"""The roster (花名册): who belongs to which group when.

A typed 工号 is matched to a known person
also where Excel took its zeros or a hand changed its case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from appraisal.period import Period
from appraisal.text import is_mail_address, key


class KnownIds:
    """Ids that are known; `accounts` maps further names of theirs (子账号) to them."""

    def __init__(self, ids: Iterable[str], accounts: Iterable[tuple[str, str]] = ()) -> None:
        self._exact = frozenset(ids)
        self._named = tuple(accounts)
        self._loose = _by_spelling((_loose(known), known) for known in self._exact)
        self._accounts = _by_spelling((key(account), known) for account, known in self._named)

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
        meant = self._loose.get(_loose(typed)) or self._accounts.get(key(typed)) or frozenset()
        return next(iter(meant)) if len(meant) == 1 else typed


def _loose(identity: str) -> str:
    plain = key(identity)
    return plain.lstrip("0") or "0" if plain.isdecimal() else plain


def _by_spelling(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for name, known in pairs:
        groups[name].add(known)
    return {name: frozenset(known) for name, known in groups.items()}


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


def odd_contact(column: str, value: object) -> Iterator[str]:
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
        present = [one for one in self._by_group.get(group, ()) if one.is_there_in(period)]
        latest = {one.id: one for one in sorted(present, key=lambda one: one.first_day)}
        return tuple(one for one in present if latest[one.id] is one)

    def scheme_of(self, group: str) -> str | None:
        """The id of the group's scheme; None for a group that the roster does not know."""
        members = self._by_group.get(group)
        return members[0].scheme if members else None

    def find(self, identity: str) -> StaffMember | None:
        """The person's latest record; None for an id that the roster does not know."""
        return max(self.records_of(identity), key=lambda one: one.first_day, default=None)

    def records_of(self, identity: str) -> tuple[StaffMember, ...]:
        """Each of the person's times in a group."""
        return self._by_id.get(identity, ())

    @cached_property
    def known_ids(self) -> KnownIds:
        accounts = ((account, one.id) for one in self.members for account in one.accounts)
        return KnownIds(self._by_id, accounts)

    @cached_property
    def _by_group(self) -> Mapping[str, tuple[StaffMember, ...]]:
        return _grouped((one.group, one) for one in self.members)

    @cached_property
    def _by_id(self) -> Mapping[str, tuple[StaffMember, ...]]:
        return _grouped((one.id, one) for one in self.members)


def _grouped(pairs: Iterable[tuple[str, StaffMember]]) -> Mapping[str, tuple[StaffMember, ...]]:
    groups: defaultdict[str, list[StaffMember]] = defaultdict(list)
    for name, one in pairs:
        groups[name].append(one)
    return {name: tuple(members) for name, members in groups.items()}
