"""The roster (花名册), from roster.xlsx or roster.csv: who belongs to which group when.

It is read strictly, because money follows from who is on it. A typed 工号 is matched to a known person
also where Excel took its zeros or a hand changed its case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from appraisal.errors import AppraisalError
from appraisal.intake.cells import typed_value
from appraisal.intake.layout import LocatedSheet, locate_sheet
from appraisal.intake.submission import CellValue
from appraisal.intake.table import table_rows
from appraisal.intake.told import Fault
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import GROUP, STAFF_ID, STAFF_NAME
from appraisal.text import key
from appraisal.workspace.authority import reserved_name_like
from appraisal.workspace.files import reason_of
from appraisal.xlsx.grid import RawSheet
from appraisal.xlsx.limits import Refused
from appraisal.xlsx.reader import read_workbook
from appraisal.xlsx.text_table import NotText, sheet_of_csv


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


__all__ = ["Roster", "RosterError", "StaffMember", "load_roster"]


XLSX, CSV = "roster.xlsx", "roster.csv"


ROSTER_FORM = SheetForm(
    name="花名册",
    role=Role.DATA,
    labels=(),
    columns=(
        Cell(STAFF_ID, CellType.IDENTITY, Need.ALWAYS, aliases=("员工编号", "编号")),
        Cell(STAFF_NAME, CellType.TEXT, Need.ALWAYS, aliases=("员工姓名", "客服姓名")),
        Cell(GROUP, CellType.TEXT, Need.ALWAYS, aliases=("组别", "小组")),
        Cell("考核方案", CellType.TEXT, Need.ALWAYS, aliases=("方案", "方案代号")),
        Cell("入职日期", CellType.DATE, Need.ALWAYS),
        Cell("入组日期", CellType.DATE),
        Cell("离组日期", CellType.DATE),
        Cell("离职日期", CellType.DATE),
        Cell("岗位", CellType.TEXT),
        Cell("账号", CellType.TEXT, aliases=("子账号", "旺旺账号", "账号列表")),
    ),
)
"""The columns of a roster; those that are not always needed may be left out."""


class RosterError(AppraisalError):
    """A roster that cannot be used: the file, and every mistake in it as a Chinese clause."""

    def __init__(self, file: str, mistakes: Sequence[str]) -> None:
        super().__init__(file, tuple(mistakes))
        self.file = file
        self.mistakes = tuple(mistakes)

    def __str__(self) -> str:
        return f"花名册 {self.file} 有 {len(self.mistakes)} 处要改正：{'；'.join(self.mistakes)}。"


def load_roster(workspace: Path) -> Roster | None:
    """The roster of a workspace; None where it has none. Raises RosterError."""
    found = [name for name in (XLSX, CSV) if (workspace / name).exists()]
    if not found:
        return None
    if len(found) > 1:
        raise RosterError(XLSX, [f"旁边还有一份 {CSV}，不知道以哪份为准，请只保留一份"])
    file = found[0]
    try:
        content = (workspace / file).read_bytes()
    except OSError as error:
        raise RosterError(
            file, [f"文件读不出来（{reason_of(error)}），请关闭正在打开它的程序后再试"]
        ) from None
    sheet = _locate(_sheets_of_xlsx(content) if file == XLSX else [_sheet_of_csv(content)], file)
    return Roster(_members(sheet, file))


def _sheets_of_xlsx(content: bytes) -> Sequence[RawSheet]:
    workbook = read_workbook(content)
    if isinstance(workbook, tuple):
        raise RosterError(XLSX, [f"{one.message}{one.remedy}".rstrip("。") for one in workbook])
    return workbook.sheets


def _sheet_of_csv(content: bytes) -> RawSheet:
    try:
        return sheet_of_csv(content, CSV)
    except NotText:
        raise RosterError(CSV, ["读不出文字，请用 Excel 另存为“CSV UTF-8”或 roster.xlsx"]) from None
    except Refused as refusal:
        reason = refusal.reason
        raise RosterError(CSV, [f"{reason.message}{reason.remedy}".rstrip("。")]) from None


def _locate(sheets: Sequence[RawSheet], file: str) -> LocatedSheet:
    problems: list[str] = []
    for raw in sheets:
        located, findings = locate_sheet(raw, ROSTER_FORM)
        errors = [one.message.rstrip("。") for one in findings if one.is_error]
        if located and not errors:
            return located
        problems = problems or errors
    raise RosterError(file, problems)


def _members(sheet: LocatedSheet, file: str) -> tuple[StaffMember, ...]:
    mistakes: list[str] = []
    members: dict[int, StaffMember] = {}
    rows, findings = table_rows(sheet)
    mistakes += [f"{one.cell} {one.message.rstrip('。')}" for one in findings if one.is_error]
    for row in rows:
        values: dict[str, CellValue] = {}
        for column in sheet.columns:
            raw = row.cells.get(column.at)
            value = None if raw is None else typed_value(raw, column.cell)
            name = column.cell.name
            if isinstance(value, Fault):
                place = f"{column.letters}{row.number}"
                mistakes.append(f"{place} {value.at(sheet.raw.name, place).message.rstrip('。')}")
            elif value is None and column.cell.need is Need.ALWAYS:
                mistakes.append(f"{column.letters}{row.number} “{name}”没有填写")
            else:
                values[name] = value
        if all(column.name in values for column in ROSTER_FORM.columns if column.need is Need.ALWAYS):
            members[row.number] = _member(values)
    mistakes += _contradictions(members)
    if not rows:
        mistakes.append("里面没有任何人员")
    if mistakes:
        raise RosterError(file, mistakes)
    return tuple(members.values())


def _member(values: Mapping[str, Any]) -> StaffMember:
    return StaffMember(
        id=values[STAFF_ID],
        name=values[STAFF_NAME],
        group=values[GROUP],
        scheme=values["考核方案"],
        joined=values["入职日期"],
        joined_group=values.get("入组日期"),
        left_group=values.get("离组日期"),
        left=values.get("离职日期"),
        post=values.get("岗位"),
        accounts=tuple(filter(None, _SEPARATORS.split(values.get("账号") or ""))),
    )


_SEPARATORS = re.compile(r"\s*[、,，;；\n]\s*")


_NOT_IN_FOLDER_NAMES = frozenset('<>:"/\\|?*')


def _contradictions(members: Mapping[int, StaffMember]) -> Iterator[str]:
    """What no single cell shows; members are keyed by their row."""
    for row, one in members.items():
        if reserved_name_like(one.group):
            yield f"第 {row} 行考核组不能叫“{one.group}”，这个名称由系统使用"
        if not _NOT_IN_FOLDER_NAMES.isdisjoint(one.group) or one.group.strip(".") != one.group:
            yield f"第 {row} 行考核组“{one.group}”里有不能用作文件夹名称的符号"
        if one.last_day is not None and one.last_day < one.first_day:
            yield f"第 {row} 行{one.name}（{one.id}）离开的日期早于加入的日期"
    names: dict[str, tuple[int, str]] = {}
    for row, one in members.items():
        first, name = names.setdefault(key(one.group), (row, one.group))
        if name != one.group:
            names[key(one.group)] = (row, one.group)
            yield f"第 {row} 行考核组“{one.group}”和第 {first} 行的“{name}”只差大小写或空格，文件夹分不清"
    schemes: dict[str, tuple[int, str]] = {}
    for row, one in members.items():
        first, scheme = schemes.setdefault(one.group, (row, one.scheme))
        if scheme != one.scheme:
            yield f"第 {row} 行考核组“{one.group}”的考核方案是“{one.scheme}”，第 {first} 行是“{scheme}”"
    yield from _doubled_people(members)


def _doubled_people(members: Mapping[int, StaffMember]) -> Iterator[str]:
    people: dict[str, list[tuple[int, StaffMember]]] = {}
    for row, one in members.items():
        people.setdefault(key(one.id), []).append((row, one))
    for records in people.values():
        for (first, earlier), (second, later) in combinations(records, 2):
            if (earlier.id, earlier.name) != (later.id, later.name):
                who = f"“{earlier.id}”{earlier.name}和“{later.id}”{later.name}"
                yield f"第 {first} 行和第 {second} 行的工号相同而人不同（{who}）"
            elif _overlap(earlier, later):
                yield f"第 {first} 行和第 {second} 行里{earlier.name}（{earlier.id}）的在组时间重叠"


def _overlap(one: StaffMember, other: StaffMember) -> bool:
    """Whether both last on after the other began; the day of a transfer may stand in both."""
    return one.first_day < (other.last_day or date.max) and other.first_day < (one.last_day or date.max)
