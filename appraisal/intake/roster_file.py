"""roster.xlsx or roster.csv, read into the roster: strictly, because money follows from who is on it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from appraisal.errors import AppraisalError
from appraisal.intake.cells import typed_value
from appraisal.intake.layout import LocatedSheet, locate_sheet
from appraisal.intake.roster import Roster, StaffMember
from appraisal.intake.submission import CellValue
from appraisal.intake.table import table_rows
from appraisal.intake.told import Fault
from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import GROUP, STAFF_ID, STAFF_NAME
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.workspace.authority import reserved_name_like
from appraisal.workspace.files import reason_of
from appraisal.workspace.safe_open import read_plain
from appraisal.xlsx.grid import RawSheet
from appraisal.xlsx.limits import Refused
from appraisal.xlsx.reader import read_workbook
from appraisal.xlsx.text_table import NotText, sheet_of_csv

XLSX, CSV = "roster.xlsx", "roster.csv"

SCHEME = "考核方案"


ROSTER_FORM = SheetForm(
    name="花名册",
    role=Role.DATA,
    labels=(),
    columns=(
        Cell(STAFF_ID, CellType.IDENTITY, Need.ALWAYS, aliases=("员工编号", "编号")),
        Cell(STAFF_NAME, CellType.TEXT, Need.ALWAYS, aliases=("员工姓名", "客服姓名")),
        Cell(GROUP, CellType.TEXT, Need.ALWAYS, aliases=("组别", "小组")),
        Cell(SCHEME, CellType.TEXT, Need.ALWAYS, aliases=("方案", "方案代号")),
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


def load_roster(workspace: Path, rulebook: Rulebook | None = None) -> Roster | None:
    """The roster of a workspace; None where it has none. Raises RosterError.

    With the rulebook a scheme may be written by its Chinese name.
    """
    found = [name for name in (XLSX, CSV) if (workspace / name).exists()]
    if not found:
        return None
    if len(found) > 1:
        raise RosterError(XLSX, [f"旁边还有一份 {CSV}，不知道以哪份为准，请只保留一份"])
    file = found[0]
    try:
        content = read_plain(workspace / file)
    except OSError as error:
        raise RosterError(
            file, [f"文件读不出来（{reason_of(error)}），请关闭正在打开它的程序后再试"]
        ) from None
    sheet = _locate(_sheets_of_xlsx(content) if file == XLSX else [_sheet_of_csv(content)], file)
    return Roster(_members(sheet, file, rulebook))


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


def _members(sheet: LocatedSheet, file: str, rulebook: Rulebook | None) -> tuple[StaffMember, ...]:
    schemes = {key(one.name): one.scheme for one in rulebook.versions} if rulebook else {}
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
            scheme = str(values[SCHEME])
            members[row.number] = _member({**values, SCHEME: schemes.get(key(scheme), scheme)})
    mistakes += _contradictions(members)
    mistakes += _odd_schemes(members, rulebook)
    mistakes += _shared_accounts(members)
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
        scheme=values[SCHEME],
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
    yield from _doubled_people(members)


def _odd_schemes(members: Mapping[int, StaffMember], rulebook: Rulebook | None) -> Iterator[str]:
    """Rows with another scheme than most of their group have; where as many have each, both are named."""
    known = rulebook.ids if rulebook else ()
    groups: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for row, one in members.items():
        groups[one.group][row] = one.scheme
    for group, by_row in groups.items():
        weight = {scheme: (scheme in known, count) for scheme, count in Counter(by_row.values()).items()}
        usual = max(weight, key=lambda scheme: weight[scheme])
        same = [row for row, scheme in by_row.items() if scheme == usual]
        for row, scheme in by_row.items():
            if scheme == usual:
                continue
            told = f"第 {row} 行考核组“{group}”的考核方案是“{scheme}”，"
            is_tie = weight[scheme] == weight[usual]
            yield told + (f"第 {same[0]} 行是“{usual}”" if is_tie else f"本组其他 {len(same)} 行是“{usual}”")


def _shared_accounts(members: Mapping[int, StaffMember]) -> Iterator[str]:
    """Two people with one account at one time: what an export says of it would be nobody's."""
    owners: defaultdict[str, list[tuple[int, StaffMember, str]]] = defaultdict(list)
    for row, one in members.items():
        for account in dict.fromkeys(one.accounts):
            owners[key(account)].append((row, one, account))
    for shared in owners.values():
        for (first, earlier, account), (second, later, _) in combinations(shared, 2):
            if key(earlier.id) != key(later.id) and _overlap(earlier, later):
                who = f"{earlier.name}（{earlier.id}）和{later.name}（{later.id}）"
                yield f"第 {first} 行和第 {second} 行里{who}的账号都有“{account}”，一个账号只能归一个人"


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
