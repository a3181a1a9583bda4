"""roster.xlsx or roster.csv, read into the roster: strictly, because money follows from who is on it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from appraisal.errors import AppraisalError
from appraisal.findings.finding import Finding, finding
from appraisal.intake.draft import CellReader, TableRow, table_rows
from appraisal.intake.layout import LocatedSheet, locate_sheet
from appraisal.intake.roster import (
    ACCOUNTS,
    CONTACTS,
    FIELDS,
    JOINED,
    JOINED_GROUP,
    LEFT,
    LEFT_GROUP,
    MAIL,
    MOBILE,
    POST,
    SCHEME,
    Contacts,
    Roster,
    StaffMember,
    contact_problems,
    grouped,
)
from appraisal.intake.submission import CellValue
from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import GROUP, STAFF_ID, STAFF_NAME
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.workspace.files import read_setup_file, reason_of
from appraisal.workspace.names import reserved_name_like
from appraisal.xlsx.container import Refused
from appraisal.xlsx.file_format import NotText, sheet_of_csv
from appraisal.xlsx.grid import RawSheet
from appraisal.xlsx.reader import read_workbook

XLSX, CSV = "roster.xlsx", "roster.csv"

_DATES = (JOINED, JOINED_GROUP, LEFT_GROUP, LEFT)

ROSTER_FORM = SheetForm(
    name="花名册",
    role=Role.DATA,
    labels=(),
    columns=(
        Cell(STAFF_ID, CellType.IDENTITY, Need.ALWAYS, aliases=("员工编号", "编号")),
        Cell(STAFF_NAME, CellType.TEXT, Need.ALWAYS, aliases=("员工姓名", "客服姓名")),
        Cell(GROUP, CellType.TEXT, Need.ALWAYS, aliases=("组别", "小组")),
        Cell(SCHEME, CellType.TEXT, Need.ALWAYS, aliases=("方案", "方案代号")),
        Cell(JOINED, CellType.DATE, Need.ALWAYS),
        *(Cell(column, CellType.DATE) for column in _DATES[1:]),
        Cell(POST, CellType.TEXT),
        Cell(ACCOUNTS, CellType.TEXT, aliases=("子账号", "旺旺账号", "账号列表")),
        Cell(MAIL, CellType.TEXT, aliases=("电子邮箱", "邮件地址", "email")),
        Cell(MOBILE, CellType.IDENTITY, aliases=("手机号", "手机号码")),
        *(Cell(column, CellType.IDENTITY) for column in CONTACTS if column not in {MAIL, MOBILE}),
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


def load_roster(workspace: Path, rulebook: Rulebook | None = None, *, is_kept: bool = False) -> Roster | None:
    """The roster of a workspace; None where it has none. Raises RosterError.

    With the rulebook a scheme may be written by its Chinese name. One that `is_kept` with a month was found right
    when it came, and is not judged again: the rules of other groups are not kept beside it.
    """
    found = [name for name in (XLSX, CSV) if (workspace / name).exists()]
    if not found:
        return None
    if len(found) > 1:
        raise RosterError(XLSX, [f"旁边还有一份 {CSV}，不知道以哪份为准，请只保留一份"])
    file = found[0]
    try:
        content = read_setup_file(workspace / file)
    except OSError as error:
        sentence = f"文件读不出来（{reason_of(error)}），请关闭正在打开它的程序后再试"
        raise RosterError(file, [sentence]) from None
    return read_roster(content, file, rulebook, is_kept=is_kept)


def read_roster(
    content: bytes, file: str = XLSX, rulebook: Rulebook | None = None, *, is_kept: bool = False
) -> Roster:
    """The roster in the bytes of a `file` of that name, as `load_roster` reads it. Raises RosterError."""
    sheets = [_sheet_of_csv(content)] if file.endswith(".csv") else _sheets_of_xlsx(content)
    sheet = _locate(sheets, file)
    rows, mistakes = _rows(sheet, rulebook)
    if not is_kept:
        mistakes += [
            *_struck(rows),
            *_contradictions(rows),
            *_scheme_problems(rows, rulebook),
            *(
                sentence
                for column in (ACCOUNTS, *CONTACTS)
                if column != MOBILE
                for sentence in _shared(rows, column)
            ),
        ]
    if not rows:
        mistakes.append("里面没有任何人员")
    if mistakes:
        raise RosterError(file, mistakes)
    return Roster(tuple(row.member for row in rows))


@dataclass(frozen=True, slots=True)
class RosterReading:
    """A roster that lay in the inbox: the people, or what is wrong with it. `elsewhere` is told where HR did not drop it."""

    roster: Roster | None
    findings: tuple[Finding, ...]
    elsewhere: Finding


def read_dropped_roster(data: bytes, rulebook: Rulebook, elsewhere: Finding) -> RosterReading:
    """Raises nothing."""
    try:
        return RosterReading(read_roster(data, XLSX, rulebook), (), elsewhere)
    except RosterError as error:
        findings = tuple(finding("roster.mistake", sentence=sentence) for sentence in error.mistakes)
        return RosterReading(None, findings, elsewhere)


def _sheets_of_xlsx(content: bytes) -> Sequence[RawSheet]:
    workbook = read_workbook(content)
    if isinstance(workbook, tuple):
        raise RosterError(XLSX, [f"{problem.message}{_remedy(problem)}".rstrip("。") for problem in workbook])
    return workbook.sheets


def _remedy(problem: Finding) -> str:
    """What to do about the file: a roster is handed in nowhere."""
    if problem.code == "workbook.not_xlsx":
        return "请用 Excel 或 WPS 打开花名册，另存为 roster.xlsx。"
    return problem.remedy


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
        errors = [problem.message.rstrip("。") for problem in findings if problem.is_error]
        if located and not errors:
            return located
        problems = problems or errors
    raise RosterError(file, problems)


@dataclass(frozen=True, slots=True)
class _RosterRow:
    """A row as far as its cells are `certain` (by name): what is not is blank in `member`, and told by itself."""

    number: int
    member: StaffMember
    certain: frozenset[str]
    struck: tuple[Finding, ...]

    def has(self, *names: str) -> bool:
        return self.certain.issuperset(names)


def _rows(sheet: LocatedSheet, rulebook: Rulebook | None) -> tuple[list[_RosterRow], list[str]]:
    """Every person's row, and what is wrong with single cells and rows."""
    schemes = {key(version.name): version.scheme for version in rulebook.versions} if rulebook else {}
    filled, findings = table_rows(sheet)
    mistakes = [_in_words(problem) for problem in findings if problem.is_error]
    rows: list[_RosterRow] = []
    for row in filled:
        read, found = _read_row(row, sheet, schemes)
        rows.append(read)
        mistakes += found
    return rows, mistakes


def _read_row(
    row: TableRow, sheet: LocatedSheet, schemes: Mapping[str, str]
) -> tuple[_RosterRow, Sequence[str]]:
    reader = CellReader()
    values: dict[str, CellValue] = {column.name: None for column in ROSTER_FORM.columns}
    missing: list[str] = []
    odd: list[str] = []
    for column in sheet.columns:
        raw, place = row.cells.get(column.at), f"{column.letters}{row.number}"
        value = None if raw is None else reader.take(raw, column, (sheet.raw.name, place))
        values[column.cell.name] = value
        odd += [f"{place} {sentence}" for sentence in contact_problems(column.cell.name, value)]
        is_told = (sheet.raw.name, place) in reader.faulty
        if is_told or (value is None and column.cell.need is Need.ALWAYS):
            del values[column.cell.name]
            missing += [] if is_told else [f"{place} “{column.cell.name}”没有填写"]
    reader.end_row(row.number, len(row.cells))
    if isinstance(scheme := values.get(SCHEME), str):
        values[SCHEME] = schemes.get(key(scheme), scheme)
    mistakes = [_in_words(problem) for problem in reader.findings if problem.is_error]
    struck = tuple(problem for problem in reader.findings if not problem.is_error)
    return _RosterRow(row.number, _member(values), frozenset(values), struck), (*mistakes, *missing, *odd)


def _in_words(problem: Finding) -> str:
    return f"{problem.cell} {problem.message.rstrip('。')}"


def _member(values: Mapping[str, Any]) -> StaffMember:
    blank = {STAFF_ID: "", STAFF_NAME: "", GROUP: "", SCHEME: "", JOINED: date.min}
    return StaffMember(
        **{field: values.get(column, blank.get(column)) for column, field in FIELDS.items()},
        accounts=tuple(filter(None, _SEPARATORS.split(values.get(ACCOUNTS) or ""))),
        contacts=Contacts(**{field: values.get(column) for column, field in CONTACTS.items()}),
    )


_SEPARATORS = re.compile(r"\s*[、,，;；\n]\s*")

_NOT_IN_FOLDER_NAMES = frozenset('<>:"/\\|?*')


def _struck(rows: Sequence[_RosterRow]) -> Iterator[str]:
    """Nobody can be asked later whether what is struck out counts."""
    for problem in (problem for row in rows for problem in row.struck):
        if problem.code == "row.struck":
            yield f"{problem.cell} 这一行划了删除线，看不出还算不算：不要的请删除整行，离开的请填离职日期，要的请去掉删除线"
        else:
            yield f"{problem.cell} 划了删除线，看不出还算不算：不要的请删除，要的请去掉删除线"


def _contradictions(rows: Sequence[_RosterRow]) -> Iterator[str]:
    """What no single cell shows."""
    names: dict[str, tuple[int, str]] = {}
    alike: list[str] = []
    for row in rows:
        number, member = row.number, row.member
        if row.has(GROUP):
            yield from _wrong_group(number, member.group)
            first, name = names.setdefault(key(member.group), (number, member.group))
            if name != member.group:
                names[key(member.group)] = (number, member.group)
                alike.append(
                    f"第 {number} 行考核组“{member.group}”和第 {first} 行的“{name}”只差大小写或空格，文件夹分不清"
                )
        if row.has(*_DATES) and member.last_day is not None and member.last_day < member.first_day:
            yield f"第 {number} 行{member.name}（{member.id}）离开的日期早于加入的日期"
    yield from alike
    yield from _doubled_people(rows)


def _wrong_group(number: int, group: str) -> Iterator[str]:
    if reserved_name_like(group):
        yield f"第 {number} 行考核组不能叫“{group}”，这个名称由系统使用"
    if not _NOT_IN_FOLDER_NAMES.isdisjoint(group) or group.strip(".") != group:
        yield f"第 {number} 行考核组“{group}”里有不能用作文件夹名称的符号"


def _scheme_problems(rows: Sequence[_RosterRow], rulebook: Rulebook | None) -> Iterator[str]:
    """Rows with another scheme than most of their group have; where as many have each, both are named."""
    known = rulebook.ids if rulebook else ()
    groups: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for row in rows:
        if row.has(GROUP, SCHEME):
            groups[row.member.group][row.number] = row.member.scheme
    for group, by_row in groups.items():
        weight = {scheme: (scheme in known, count) for scheme, count in Counter(by_row.values()).items()}
        usual = max(weight, key=lambda scheme: weight[scheme])
        same = [number for number, scheme in by_row.items() if scheme == usual]
        for number, scheme in by_row.items():
            if scheme == usual:
                continue
            sentence = f"第 {number} 行考核组“{group}”的考核方案是“{scheme}”，"
            is_tie = weight[scheme] == weight[usual]
            yield sentence + (
                f"第 {same[0]} 行是“{usual}”" if is_tie else f"本组其他 {len(same)} 行是“{usual}”"
            )


def _shared(rows: Sequence[_RosterRow], what: str) -> Iterator[str]:
    """Two people with one account at one time: what an export says of it, or is sent to it, would be nobody's."""
    owners = grouped(
        (key(value), (row, value))
        for row in rows
        if row.has(STAFF_ID)
        for value in dict.fromkeys(_values_in(what, row.member))
    )
    for shared in owners.values():
        for (first, value), (second, _) in combinations(shared, 2):
            member, other = first.member, second.member
            if key(member.id) == key(other.id):
                continue
            which = f"第 {first.number} 行和第 {second.number} 行"
            if not (first.has(*_DATES) and second.has(*_DATES)):
                yield f"{which}都有{what}“{value}”，改好日期才看得出是不是两个人同时在用"
            elif member.overlaps(other):
                who = f"{member.name}（{member.id}）和{other.name}（{other.id}）"
                yield f"{which}里{who}的{what}都有“{value}”，一个{what}只能归一个人"


def _values_in(column: str, member: StaffMember) -> Iterable[str]:
    return (
        member.accounts if column == ACCOUNTS else filter(None, [getattr(member.contacts, CONTACTS[column])])
    )


def _doubled_people(rows: Sequence[_RosterRow]) -> Iterator[str]:
    people = grouped((key(row.member.id), row) for row in rows if row.has(STAFF_ID))
    for records in people.values():
        for first, second in combinations(records, 2):
            member, other = first.member, second.member
            which = f"第 {first.number} 行和第 {second.number} 行"
            has_names = first.has(STAFF_NAME) and second.has(STAFF_NAME)
            if member.id != other.id or (has_names and member.name != other.name):
                who = f"“{member.id}”{member.name}和“{other.id}”{other.name}"
                yield f"{which}的工号相同而人不同（{who}）"
            elif not (first.has(*_DATES) and second.has(*_DATES)):
                yield f"{which}都是工号“{member.id}”，改好日期才看得出在组时间是否重叠"
            elif member.overlaps(other):
                yield f"{which}里{member.name}（{member.id}）的在组时间重叠"
