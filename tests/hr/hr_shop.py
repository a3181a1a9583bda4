"""A ledger of groups' months for HR's documents, each scored with the ledger's own history.

with opened(tmp_path) as shop:
    shop.month(FLAGSHIP, NOVEMBER, last="KF012")     handed in: KF012 is alone last
    shop.issue(FLAGSHIP, NOVEMBER)                   下发 on the 8th of the next month
    documents = shop.documents(NOVEMBER)             HR's folder
table(documents["汇总.xlsx"], "人员明细")              a list's rows by header
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import takewhile
from pathlib import Path
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from appraisal.hr.facts import PeriodFacts
from appraisal.hr.folder import hr_documents
from appraisal.intake.hr_acts import Act
from appraisal.intake.roster import Roster, StaffMember
from appraisal.ledger.ledger import Ledger, open_ledger
from appraisal.ledger.records import MoneyLine, Provenance, RevisionKind
from appraisal.period import Period
from appraisal.publish.excel.theme import HEADING_SIZE
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.forms.submission import STAFF_ID, STAFF_NAME
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import GroupResult, InputFile, Inputs
from appraisal.scoring.scoring import score_group
from appraisal.workspace.settings import Settings
from tests.builders.schemes import SHOP_TEXT, scheme_of
from tests.builders.submissions import NOVEMBER, filled, staff_id, staff_name, submission
from tests.builders.workbooks import opened as opened_workbook
from tests.builders.workspaces import empty_ledger
from tests.publish.documents import shipped

SETTINGS = Settings(
    company="示例商贸有限公司",
    signature="示例商贸有限公司人事部",
    policy="客服绩效考核办法",
    appeals_to="人事部刘女士",
    document_number="示例绩通〔{年}〕{月}号",
)
FLAGSHIP, SECOND = "旗舰店", "二店"


def day_of_issue(period: Period) -> date:
    """The 8th of the next month."""
    following = period.shifted(1)
    return date(following.year, following.month, 8)


def roster(**groups: int) -> Roster:
    """Groups with so many people, the same ids in the same order as in submissions."""
    return Roster(
        tuple(
            StaffMember(staff_id(at), staff_name(at), group, "online-shop", date(2024, 3, 1), post="客服专员")
            for group, people in groups.items()
            for at in range(1, people + 1)
        )
    )


def poor(staff: str) -> dict[tuple[str, str, str], Any]:
    """Figures and marks that leave a person alone in the last place."""
    figures = {"平均响应时间": "900", "有责投诉数": "60", "责任异常订单数": "90", "付款人数": "40"}
    marks = ("报表上交及时性", "报表数据真实性", "报表整体质量")
    return {("考核数据", staff, name): Decimal(value) for name, value in figures.items()} | {
        (sheet, staff, mark): Decimal(0) for sheet in ("自评", "店长评分") for mark in marks
    }


def table(document: bytes, name: str | None = None) -> list[dict[str, Any]]:
    """The rows under the header of a list (default: the first one) up to an empty one, formulas as stored."""
    page, title = _list(document, name)
    header = _header(page, title)
    columns = {cell.value: cell.column - 1 for cell in page[header] if cell.value is not None}
    rows = page.iter_rows(min_row=header + 1, values_only=True)
    filled = takewhile(lambda row: any(one is not None for one in row), rows)
    return [{name: row[at] for name, at in columns.items()} for row in filled]


def above(document: bytes, name: str | None = None) -> str:
    """Title, lead and notes of a list."""
    page, title = _list(document, name)
    return "\n".join(str(page.cell(row, 1).value) for row in range(title, _header(page, title)))


def _list(document: bytes, name: str | None) -> tuple[Worksheet, int]:
    """The sheet and the row of the list's title: it begins the sheet of its name, or stands below another."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl knows no small lines in cells
        book = opened_workbook(document, data_only=True)
    if name is None or name in book.sheetnames:
        return book[name] if name else book.worksheets[0], 1
    return next(
        (page, cell.row)
        for page in book.worksheets
        for cell in page["A"]
        if cell.value == name and cell.row > 1
    )


def _header(page: Worksheet, title: int) -> int:
    """The first row from there on that says more than one thing."""
    return next(
        row
        for row in range(title, page.max_row + 1)
        if page.cell(row, 1).value and any(cell.value is not None for cell in page[row][1:])
    )


def lists(document: bytes) -> list[str]:
    """The names of the lists: those that begin a sheet, and those that stand below another one."""
    book = opened_workbook(document)
    below = {page: [cell.value for cell in page["A"][1:] if cell.font.sz == HEADING_SIZE] for page in book}
    return [name for page in book for name in (page.title, *below[page])]


def lines(document: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file by header."""
    return list(csv.DictReader(io.StringIO(document.decode("utf-8-sig"), newline="")))


def alike(staff: str, other: str, *, people: int) -> dict[tuple[str, str, str], Any]:
    """The figures and marks that `other` would have as the last of so many people, for `staff`."""
    month = filled(staff=people, cells=poor(other))
    return {
        (sheet, staff, column): value
        for sheet in ("考核数据", "自评", "店长评分")
        for row in month.rows[sheet]
        if row[STAFF_ID] == other
        for column, value in row.items()
        if column not in {STAFF_ID, STAFF_NAME}
    }


@dataclass
class Shop:
    """Records months and acts in a ledger, and makes HR's folder from it."""

    ledger: Ledger
    roster: Roster | None = None
    settings: Settings = SETTINGS
    rules: str = SHOP_TEXT

    @property
    def scheme(self) -> Scheme:
        return scheme_of(self.rules)

    def month(
        self,
        group: str = FLAGSHIP,
        period: Period = NOVEMBER,
        *,
        last: str | None = None,
        kind: RevisionKind = RevisionKind.FIRST,
        on: date | None = None,
        **options: Any,
    ) -> GroupResult:
        """The group's next revision; `options` are those of a submission, `last` makes a person the last."""
        cells = options.pop("cells", {}) | (poor(last) if last else {})
        filled = submission(group=group, period=period, scheme=self.scheme, cells=cells, **options)
        with self.ledger.writing() as books:
            revision = books.months.next_revision(group, period)
            issue = Issue(on or day_of_issue(period), revision, (), self.settings.trial)
            history = books.past.before(group, period)
            result = score_group(filled, self.scheme, history, issue)
            books.months.record(result, self._provenance(books.documents.keep, kind, issue.issued))
        return result

    def _provenance(self, keep: Any, kind: RevisionKind, made_on: date) -> Provenance:
        sha256 = keep("rules", self.rules.encode())
        reason = "补录漏登记的订单" if kind is RevisionKind.CORRECTION else None
        inputs = Inputs((InputFile("manager", "a" * 64),), sha256, "1.0.0")
        return Provenance(kind, made_on, "a" * 64, inputs, {"rules": sha256, "settings": "c" * 64}, reason)

    def issue(
        self, group: str = FLAGSHIP, period: Period = NOVEMBER, on: date | None = None
    ) -> tuple[MoneyLine, ...]:
        with self.ledger.writing() as books:
            result = books.months.result(group, period)
            assert result is not None
            act = self.act(
                ActKind.ISSUE,
                group,
                period,
                on=on,
                document_number=f"示例绩通〔{period.year}〕{period.month}号",
            )
            _, current = books.months.current(group, period) or (None, None)
            assert current is not None
            return books.acts.issue(act, result, current.provenance.inputs)

    def withdraw(self, group: str = FLAGSHIP, period: Period = NOVEMBER) -> tuple[MoneyLine, ...]:
        with self.ledger.writing() as books:
            return books.acts.withdraw(self.act(ActKind.WITHDRAW, group, period))

    def decide(
        self, staff: str, outcome: OutcomeType, decision: OutcomeDecision, period: Period = NOVEMBER
    ) -> tuple[MoneyLine, ...]:
        act = self.act(ActKind.DECIDE, FLAGSHIP, period, staff=staff, outcome=outcome, decision=decision)
        with self.ledger.writing() as books:
            return books.acts.decide(act)

    def act(self, kind: ActKind, group: str, period: Period, *, on: date | None = None, **more: Any) -> Act:
        return Act(kind, period, group, on or day_of_issue(period), "人事刘女士", "研究决定", **more)

    def documents(
        self, period: Period = NOVEMBER, *, today: date | None = None, executor: Executor | None = None
    ) -> dict[str, bytes]:
        with self.ledger.reading() as books:
            facts = PeriodFacts(books, period, today or day_of_issue(period), self.roster, self.settings)
            return hr_documents(facts, shipped(), executor=executor)


@contextmanager
def opened(folder: Path, *, people: Roster | None = None, **settings: Any) -> Iterator[Shop]:
    """A shop with a new ledger in the folder; by default its roster has 旗舰店 (12) and 二店 (8)."""
    file = folder / "ledger.db"
    file.write_bytes(empty_ledger())
    with open_ledger(f"sqlite:///{file}") as ledger:
        yield Shop(ledger, people or roster(旗舰店=12, 二店=8), replace(SETTINGS, **settings))
