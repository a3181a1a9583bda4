"""未报送名单.xlsx: which groups have not handed in, and what lies open besides.

What 未报送名单.xlsx lists: groups that owe the month, corrections and returned files that lie open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from appraisal.hr.facts import PeriodFacts
from appraisal.period import Period
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import ListColumn, ListSheet, Shown, mark_urgent, write_listing
from appraisal.publish.wording import full_date
from appraisal.scoring.deadlines import hand_in_by
from appraisal.workspace.names import safe_file_name

MISSING, WAITING, RETURNED = "未报送", "待同意的更正", "退回未重报"


@dataclass(frozen=True, slots=True)
class MissingGroup:
    """A group without a month in force. `people` is None without a roster, `days_late` 0 before the deadline."""

    group: str
    people: int | None
    days_late: int
    stand: str


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A correction that waits for HR's consent."""

    group: str
    period: Period
    file: str
    reason: str
    received_on: date


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A file that went back and has not come again. `group` is empty where nobody could tell it."""

    group: str
    file: str
    returned_on: date
    problems: int
    place: str


@dataclass(frozen=True, slots=True)
class Missing:
    """`expected` counts all groups that owe the month, `hand_in_by` is the managers' deadline."""

    period: Period
    today: date
    hand_in_by: date
    expected: int
    groups: tuple[MissingGroup, ...]
    waiting: tuple[WaitingLine, ...]
    returned: tuple[ReturnedLine, ...]


def missing_workbook(missing: Missing) -> bytes:
    """The workbook; the same values give the same bytes."""
    book = Book()
    groups = _missing(missing)
    mark_urgent(write_listing(book, groups), book, groups, "逾期天数")
    write_listing(book, _waiting(missing))
    write_listing(book, _returned(missing))
    return book.finished(created=missing.today)


def _missing(missing: Missing) -> ListSheet:
    return ListSheet(
        name=MISSING,
        title=f"{missing.period.in_words}考核上报表未报送名单",
        lead=[
            f"截至{full_date(missing.today)}：应报{missing.expected}组，未报{len(missing.groups)}组。",
            f"报送截止：{full_date(missing.hand_in_by)}。",
        ],
        columns=[
            ListColumn("考核组", 24, Shown.STRONG),
            ListColumn("应参评人数", 11, Shown.COUNT),
            ListColumn("报送截止", 28, Shown.DEADLINE),
            ListColumn("逾期天数", 10, Shown.COUNT),
            ListColumn("情况", 34, Shown.WRAPPED),
        ],
        rows=[
            [one.group, one.people, missing.hand_in_by, one.days_late or None, one.stand]
            for one in missing.groups
        ],
        empty="各考核组均已报送。",
        frozen=1,
        landscape=False,
    )


def _waiting(missing: Missing) -> ListSheet:
    return ListSheet(
        name=WAITING,
        title="等待人事同意的更正报送",
        notes=["办理“同意更正”后生效，见人事办理单。"],
        columns=[
            ListColumn("考核组", 18, Shown.STRONG),
            ListColumn("考核月份", 10, Shown.CENTRED),
            ListColumn("收到日期", 12, Shown.DAY),
            ListColumn("已等天数", 10, Shown.COUNT),
            ListColumn("更正原因", 40, Shown.WRAPPED),
            ListColumn("文件", 44, Shown.WRAPPED),
        ],
        rows=[
            [
                one.group,
                str(one.period),
                one.received_on,
                (missing.today - one.received_on).days,
                one.reason,
                one.file,
            ]
            for one in missing.waiting
        ],
        empty="没有等待同意的更正。",
        frozen=1,
    )


def _returned(missing: Missing) -> ListSheet:
    return ListSheet(
        name=RETURNED,
        title="已退回、尚未重新报送的文件",
        notes=["店长在退回的文件上改正后重新放入共享文件夹即可；采纳后本表自动清除。"],
        columns=[
            ListColumn("考核组", 18, Shown.STRONG),
            ListColumn("退回日期", 12, Shown.DAY),
            ListColumn("问题数", 9, Shown.COUNT),
            ListColumn("文件", 44, Shown.WRAPPED),
            ListColumn("退回文件所在", 50, Shown.WRAPPED),
        ],
        rows=[
            [one.group or "（未能识别）", one.returned_on, one.problems, one.file, one.place]
            for one in missing.returned
        ],
        empty="没有退回未重报的文件。",
        frozen=1,
    )


_RETURNED = "退回"


def missing_of(facts: PeriodFacts) -> Missing:
    """The period as of today; waiting corrections of every period, for they wait for HR."""
    deadline = hand_in_by(facts.period, facts.settings)
    returned = tuple(_returned_lines(facts))
    there = {one.group for one in facts.months}
    withdrawn = {one.group for one in facts.withdrawn}
    return Missing(
        period=facts.period,
        today=facts.today,
        hand_in_by=deadline,
        expected=len({*facts.expected_groups, *there, *withdrawn}),
        groups=tuple(
            MissingGroup(
                group=group,
                people=_people(facts, group),
                days_late=max((facts.today - deadline).days, 0),
                stand=_stand(group, withdrawn, {one.group for one in returned}),
            )
            for group in facts.missing_groups
        ),
        waiting=tuple(
            WaitingLine(one.group, one.period, one.file, one.reason, one.received_on)
            for one in facts.books.corrections.all()
        ),
        returned=returned,
    )


def _people(facts: PeriodFacts, group: str) -> int | None:
    return None if facts.roster is None else len(facts.roster.members_of(group, facts.period))


def _stand(group: str, withdrawn: set[str], returned: set[str]) -> str:
    if group in returned:
        return "已退回，等待改正后重报"
    return "已撤回，等待重新报送" if group in withdrawn else "尚未报送"


def _returned_lines(facts: PeriodFacts) -> Iterator[ReturnedLine]:
    """Files whose returned papers still lie in the outbox; each as it was returned the last time."""
    groups = {*facts.expected_groups, *(one.group for one in facts.months)}
    folders = {_RETURNED, *(f"{safe_file_name(group)}/{_RETURNED}" for group in groups)}
    claims = facts.books.journal.returned(facts.period)
    where = {_folder_of(path) for claim in claims if claim.result for path in claim.result.outputs}
    open_papers = {
        f"outbox/{path}" for folder in folders & where for path in facts.books.placed.under(folder)
    }
    lines: dict[str, ReturnedLine] = {}
    for claim in claims:
        assert claim.result is not None
        if open_papers.isdisjoint(claim.result.outputs):
            continue
        lines[claim.result.outputs[0]] = ReturnedLine(
            group=claim.result.group or "",
            file=claim.dropped.file,
            returned_on=claim.received_at.date(),
            problems=sum(one.is_error for one in claim.result.findings),
            place=claim.result.outputs[0],
        )
    yield from sorted(lines.values(), key=lambda one: (one.group, one.returned_on, one.file))


def _folder_of(path: str) -> str:
    """Below the outbox."""
    return path.removeprefix("outbox/").rpartition("/")[0]
