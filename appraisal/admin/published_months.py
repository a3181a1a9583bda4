"""What the papers in the outbox prove: every revision by its result.json, states and money by HR's lists."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

from appraisal.hr.appeals import APPEALS
from appraisal.hr.appeals import STATES as APPEAL_STATES
from appraisal.hr.facts import MONTH_STATES, NOT_HANDED_IN
from appraisal.hr.missing import LATE
from appraisal.hr.payroll import LineState
from appraisal.hr.year import GROUP_MONTHS
from appraisal.ledger.records import AppealState, MoneyLine, MonthState, OutcomeKey
from appraisal.period import Period
from appraisal.publish.papers import RESULT_JSON
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult, Inputs, result_from_json
from appraisal.workspace.names import YEARS, hr_month_folder, month_folder
from appraisal.workspace.outbox import FORMER_REVISIONS
from appraisal.xlsx.grid import RawSheet, RawWorkbook
from appraisal.xlsx.reader import read_workbook

BEFORE_RESTORING = "恢复前"
"""The folder in `人事/<period>` for lists that the restored ledger writes otherwise."""


@dataclass(frozen=True, slots=True)
class PublishedRevision:
    """A revision as its result.json tells it; `folder` (below the outbox) is where its papers lie."""

    folder: str
    content: bytes
    result: GroupResult
    inputs: Inputs
    is_former: bool

    @property
    def submission(self) -> str:
        """The sha256 of the manager's workbook."""
        return next((file.sha256 for file in self.inputs.files if file.role == "manager"), "")


Published = Mapping[tuple[Period, str], Sequence[PublishedRevision]]
"""By month and group, in order of time; each month's revisions by number."""


def published_revisions(outbox: Path) -> tuple[Published, tuple[str, ...]]:
    """Every revision that has a result.json, and Chinese sentences about those that cannot be read."""
    found: defaultdict[tuple[Period, str], dict[int, PublishedRevision]] = defaultdict(dict)
    unreadable = []
    for path in _result_files(outbox):
        folder = path.parent.relative_to(outbox).as_posix()
        try:
            content = path.read_bytes()
            result, inputs = result_from_json(content)
        except (OSError, ValueError):
            unreadable.append(f"outbox/{folder}/{path.name} 读不懂，没有用它。")
            continue
        home = month_folder(result.group, result.period)
        if folder != home and not folder.startswith(f"{home}/{FORMER_REVISIONS}/"):
            continue  # a copy that somebody made
        revision = PublishedRevision(folder, content, result, inputs, is_former=folder != home)
        found[result.period, result.group].setdefault(result.revision, revision)
    return {
        month: [found[month][number] for number in sorted(found[month])] for month in sorted(found)
    }, tuple(unreadable)


def _result_files(outbox: Path) -> Iterator[Path]:
    """Those that stand in the month's own folder first."""
    name = RESULT_JSON.replace(".", "*.")
    for pattern in (f"*/*/{name}", f"*/*/{FORMER_REVISIONS}/*/{name}"):
        for path in sorted(outbox.glob(pattern)):
            if path.is_file() and path.resolve().is_relative_to(outbox.resolve()):
                yield path


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """Where a group's month stands by 汇总.xlsx."""

    state: MonthState
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A row of 奖励与提成调整明细.csv: `line` is the ledger's that it tells of, None where nothing was paid.

    Whether payroll caps it the list does not show.
    """

    key: OutcomeKey
    state: LineState
    reason: str
    line: MoneyLine | None


@dataclass(frozen=True, slots=True)
class ShownAppeal:
    """A row of 申诉登记.xlsx."""

    group: str
    period: Period
    staff: str
    revision: int
    came_on: date
    answer_by: date | None
    state: AppealState
    waits_for_correction: bool
    decided_on: date | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class HrLists:
    """HR's lists of one period; `lines` is None where the list of money is not there or cannot be read.

    `handed_in` is the day of each group that a list names.
    """

    months: Mapping[str, ShownMonth]
    lines: tuple[ShownLine, ...] | None
    handed_in: Mapping[str, date]
    appeals: tuple[ShownAppeal, ...]


def read_hr_lists(outbox: Path, period: Period) -> HrLists:
    """What the lists of the period show."""
    folder = outbox / hr_month_folder(period)
    return HrLists(
        _months(_bytes_of(folder, "汇总.xlsx")),
        _lines(_bytes_of(folder, "奖励与提成调整明细.csv")),
        _handed_in(outbox, period),
        tuple(_appeals(_bytes_of(folder, f"{APPEALS}.xlsx"))),
    )


def _bytes_of(folder: Path, name: str) -> bytes:
    """The list as it stands, or as it was put aside; empty if there is none."""
    for path in (folder / name, folder / BEFORE_RESTORING / name):
        try:
            return path.read_bytes()
        except OSError:
            continue
    return b""


_STATES = {name: state for state, name in MONTH_STATES.items()}


def _months(content: bytes) -> dict[str, ShownMonth]:
    shown = {}
    for row in _table(content):
        state = _STATES.get(str(row.get("状态")).partition("（")[0])
        if state is not None:
            shown[str(row["考核组"])] = ShownMonth(state, _day(row, "下发日期"))
    return shown


def _handed_in(outbox: Path, period: Period) -> dict[str, date]:
    """By the year's workbook, which names every group, and by the list of those that were late."""
    year = _table(_bytes_of(outbox / YEARS, f"{period.year}.xlsx"), GROUP_MONTHS)
    late = _table(_bytes_of(outbox / hr_month_folder(period), f"{NOT_HANDED_IN}名单.xlsx"), LATE)
    of_month = (row for row in year if row.get("考核月份") == str(period))
    return {
        str(row["考核组"]): day for row in (*of_month, *late) if (day := _day(row, "报送日期")) is not None
    }


def _appeals(content: bytes) -> Iterator[ShownAppeal]:
    """Those of which the row can be read."""
    for row in _table(content):
        text = str(row.get("情况"))
        state = next((state for state, words in APPEAL_STATES.items() if words in text), None)
        came_on, number = _day(row, "收到日期"), str(row.get("编号"))
        try:
            period = Period.parse(str(row.get("考核月份")))
        except ValueError:
            continue
        if state is None or came_on is None or not number.isdecimal():
            continue
        yield ShownAppeal(
            group=str(row["考核组"]),
            period=period,
            staff=str(row.get("工号")),
            revision=int(number),
            came_on=came_on,
            answer_by=_day(row, "答复期限"),
            state=state,
            waits_for_correction="等更正" in text,
            decided_on=_day(row, "答复日期"),
            reason=str(row.get("复核情况") or ""),
            by=str(row.get("复核人") or ""),
        )


def _day(row: Mapping[str, object], name: str) -> date | None:
    day = row.get(name)
    return day.date() if isinstance(day, datetime) else day if isinstance(day, date) else None


def _table(content: bytes, name: str | None = None) -> Iterator[Mapping[str, object]]:
    """The rows of the list with the name, else of the first one; none where there is no such.

    A list begins the sheet of its name, or stands below another one, under its name.
    """
    book = read_workbook(content) if content else None
    if not isinstance(book, RawWorkbook):
        return
    titles = ((sheet, 1) for sheet in book.sheets if name in {None, sheet.name})
    below = (
        (sheet, row)
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
        if column == 1 and cell.value == name
    )
    for sheet, title in islice(chain(titles, below), 1):
        yield from _rows(sheet, title, "考核组")


def _rows(sheet: RawSheet, title: int, first: str) -> Iterator[Mapping[str, object]]:
    """The rows below the headers that follow the title, of which `first` begins the line, by header; up to an empty one."""
    heads = (row for row in range(title, sheet.max_row + 1) if _value(sheet, row, 1) == first)
    head = next(heads, sheet.max_row)
    columns = {column: str(cell.value) for (row, column), cell in sheet.cells.items() if row == head}
    for row in range(head + 1, sheet.max_row + 1):
        if _value(sheet, row, 1) is None:
            return
        yield {
            name: sheet.cells[row, column].value
            for column, name in columns.items()
            if (row, column) in sheet.cells
        }


def _value(sheet: RawSheet, row: int, column: int) -> object:
    return sheet.cells[row, column].value if (row, column) in sheet.cells else None


def _lines(content: bytes) -> tuple[ShownLine, ...] | None:
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        return tuple(_line(row) for row in rows) if content else None
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return None


def _line(row: Mapping[str, str]) -> ShownLine:
    """Raises ValueError and its like for a row that is not as we wrote it."""
    group, staff = row["考核组"].removeprefix("'"), row["工号"].removeprefix("'")
    whole, _, last = row["编号"].rpartition("/")
    kind, part = (whole.rpartition("/")[2], int(last)) if last.isdigit() else (last, 1)
    key = OutcomeKey(
        group=group, period=Period.parse(row["考核月份"]), staff=staff, type=OutcomeType(kind), part=part
    )
    if str(key).replace("'", "") != row["编号"].replace("'", ""):
        raise ValueError(row["编号"])
    state, reason, line = LineState(row["状态"]), row["依据"].removeprefix("'"), None
    if row["笔次"] and row["记录日期"] and row["发放月份"]:
        sequence = int(row["笔次"])
        line = MoneyLine(
            key=key,
            sequence=sequence,
            amount=Decimal(row["金额"]),
            reverses=sequence - 1 if state is LineState.REVERSAL else None,
            revision=int(row["版次"].strip("第版")),
            reason=reason,
            recorded_on=date.fromisoformat(row["记录日期"]),
            paid_in=Period.parse(row["发放月份"]),
            capped_by_payroll=False,
        )
    return ShownLine(key, state, reason, line)
