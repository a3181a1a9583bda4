"""未报送名单.xlsx: which groups have not handed in, which corrections, returned files and doubts lie open besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.findings.finding import Finding
from appraisal.hr.corrections import corrections_sheet
from appraisal.hr.facts import NOT_HANDED_IN, PeriodFacts, months_before
from appraisal.intake.form import SUBMISSION
from appraisal.ledger.records import WaitingCorrection
from appraisal.period import Period
from appraisal.publish.excel.listing import Columns, ListColumn, ListSheet, Shown, listed
from appraisal.publish.wording import full_date
from appraisal.scoring.deadlines import hand_in_by
from appraisal.workspace.names import RETURNED, returned_folder


@dataclass(frozen=True, slots=True)
class ReturnedFile:
    """A file that went back and has not come again. `group` is empty where nobody could tell it.

    `is_workbook` is False of a form of one person: the group's own workbook is another matter. `period` is None
    where nobody could tell it.
    """

    group: str
    period: Period | None
    file: str
    returned_on: date
    problems: int
    place: str
    is_workbook: bool


DAY_UNKNOWN = "报送日不详"
LATE = "迟报"
"""The sheet of those that were late."""


@dataclass(frozen=True, slots=True)
class HandIn:
    """When a group handed in its month (None: nobody knows any more), and how many days after 报送截止 that was."""

    group: str
    day: date | None
    days_late: int


def hand_ins_of(facts: PeriodFacts) -> tuple[HandIn, ...]:
    """The period's, in the groups' order: what came first counts, whatever took its place."""
    deadline = hand_in_by(facts.period, facts.settings)
    days = {group: day for (group, _), day in facts.transaction.past.handed_in([facts.period]).items()}
    return tuple(
        HandIn(group, days[group], days_late(days[group], deadline)) for group in facts.in_order(days)
    )


def days_late(day: date | None, deadline: date) -> int:
    """How long after the deadline; nobody is late on a day that is not known."""
    return 0 if day is None else max((day - deadline).days, 0)


def missing_sheets(facts: PeriodFacts) -> tuple[ListSheet, ...]:
    """The period as of today; waiting corrections of every period, for they wait for HR."""
    returned = returned_files(facts)
    waiting = facts.transaction.corrections.all()
    late = [hand_in for hand_in in hand_ins_of(facts) if hand_in.days_late or hand_in.day is None]
    return (
        _missing(facts, missing_groups(facts, returned)),
        *([_late(facts, late)] if late else []),
        _waiting(facts, waiting),
        *([corrections_sheet(waiting)] if waiting else []),
        _returned(returned),
        _doubtful(facts),
    )


def missing_groups(facts: PeriodFacts, returned: Sequence[ReturnedFile]) -> dict[str, str]:
    """The groups without a month in force, in order, and what is known of each."""
    came_back = {file.group for file in returned if file.is_workbook and file.period in {None, facts.period}}
    withdrawn = {month.group for month in facts.withdrawn}

    def situation(group: str) -> str:
        if group in came_back:
            return CAME_BACK
        return "已撤回，等待重新报送" if group in withdrawn else f"尚{NOT_HANDED_IN}"

    return {group: situation(group) for group in facts.missing_groups}


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """Earlier months of a group that stand alike: handed in and not issued, or not handed in (again)."""

    group: str
    situation: str
    periods: tuple[Period, ...]

    @property
    def is_handed_in(self) -> bool:
        return self.situation == NOT_ISSUED

    @property
    def in_words(self) -> str:
        """`2026-08、2026-09 尚未下发`."""
        return f"{'、'.join(map(str, self.periods))} {self.situation}"


NOT_ISSUED, CAME_BACK = "尚未下发", "已退回，等待改正后重报"


def left_open(facts: PeriodFacts) -> tuple[LeftOpen, ...]:
    """What HR would lose sight of with the next month; a group that never handed in before is not waited for."""
    found: defaultdict[tuple[str, str], list[Period]] = defaultdict(list)
    for month in facts.transaction.months.not_issued_before(facts.period):
        found[month.group, NOT_ISSUED].append(month.period)
    known: set[str] = set()
    returned = [file for file in returned_files(facts, earlier=True) if file.period is not None]
    for before in months_before(facts):
        known |= {month.group for month in (*before.months_of_others, *before.withdrawn)}
        for group, situation in missing_groups(before, returned).items():
            if group in known:
                found[group, situation].append(before.period)
    return tuple(LeftOpen(*which, tuple(periods)) for which, periods in sorted(found.items()))


def returned_files(facts: PeriodFacts, *, earlier: bool = False) -> tuple[ReturnedFile, ...]:
    """Files whose returned papers still lie in the outbox; each as it was returned the last time."""
    before = [month.period for month in months_before(facts)] if earlier else []
    claims = facts.transaction.journal.returned(facts.period, *before)
    groups = {*facts.expected_groups, *(month.group for month in facts.months)}
    if facts.roster is None:  # any group may be a new one
        groups |= {claim.result.group for claim in claims if claim.result and claim.result.group}
    folders = {RETURNED, *map(returned_folder, groups)}
    found: dict[str, ReturnedFile] = {}
    for claim in claims:
        assert claim.result is not None
        if folders.isdisjoint(map(_folder_of, claim.result.outputs)):
            continue
        found[claim.result.outputs[0]] = ReturnedFile(
            group=claim.result.group or "",
            period=claim.result.period,
            file=claim.dropped.file,
            returned_on=claim.received_at.date(),
            problems=sum(finding.is_error for finding in claim.result.findings),
            place=claim.result.outputs[0],
            is_workbook=claim.result.kind in {None, SUBMISSION},
        )
    return tuple(sorted(found.values(), key=lambda file: (file.group, file.returned_on, file.file)))


def _folder_of(path: str) -> str:
    """Below the outbox."""
    return path.removeprefix("outbox/").rpartition("/")[0]


def _missing(facts: PeriodFacts, missing: Mapping[str, str]) -> ListSheet:
    deadline = hand_in_by(facts.period, facts.settings)
    late = days_late(facts.today, deadline) or None
    expected = {*facts.expected_groups, *(month.group for month in (*facts.months, *facts.withdrawn))}

    def people(group: str) -> int | None:
        return None if facts.roster is None else len(facts.roster.members_of(group, facts.period))

    columns: Columns[str] = [
        ListColumn("考核组", lambda group: group, 24, Shown.STRONG),
        ListColumn("应参评人数", people, 11, Shown.COUNT),
        ListColumn("报送截止", lambda _: deadline, 28, Shown.DEADLINE),
        ListColumn("逾期天数", lambda _: late, 10, Shown.COUNT),
        ListColumn("情况", lambda group: missing[group], 34, Shown.WRAPPED),
    ]
    return ListSheet(
        name=NOT_HANDED_IN,
        title=f"{facts.period.in_words}考核上报表{NOT_HANDED_IN}名单",
        lead=[
            f"截至{full_date(facts.today)}：应报{len(expected)}组，未报{len(missing)}组。",
            f"报送截止：{full_date(deadline)}。",
        ],
        table=listed(missing, columns),
        empty="各考核组均已报送。",
        frozen=1,
        landscape=False,
        urgent="逾期天数",
    )


def _late(facts: PeriodFacts, late: Sequence[HandIn]) -> ListSheet:
    deadline = hand_in_by(facts.period, facts.settings)
    is_some_unknown = any(hand_in.day is None for hand_in in late)
    columns: Columns[HandIn] = [
        ListColumn("考核组", lambda hand_in: hand_in.group, 24, Shown.STRONG),
        ListColumn("报送截止", lambda _: deadline, 28, Shown.DEADLINE),
        ListColumn("报送日期", lambda hand_in: hand_in.day or DAY_UNKNOWN, 28, Shown.DEADLINE),
        ListColumn("迟报天数", lambda hand_in: hand_in.days_late or None, 10, Shown.COUNT),
    ]
    return ListSheet(
        name=LATE,
        title=f"{facts.period.in_words}已报送、迟于报送截止{'或报送日不详' if is_some_unknown else ''}的考核组",
        notes=[
            "以系统受理第一份合格的上报表的日期为准；以后的重报、更正不改变它。",
            *([f"“{DAY_UNKNOWN}”：台账恢复时没有凭据，不计迟报。"] if is_some_unknown else []),
        ],
        table=listed(late, columns),
        frozen=1,
        landscape=False,
    )


def _waiting(facts: PeriodFacts, waiting: Sequence[WaitingCorrection]) -> ListSheet:
    columns: Columns[WaitingCorrection] = [
        ListColumn("编号", lambda correction: correction.number, 7, Shown.COUNT),
        ListColumn("考核组", lambda correction: correction.group, 18, Shown.STRONG),
        ListColumn("考核月份", lambda correction: str(correction.period), 10, Shown.CENTRED),
        ListColumn("收到日期", lambda correction: correction.received_on, 12, Shown.DAY),
        ListColumn(
            "已等天数", lambda correction: (facts.today - correction.received_on).days, 10, Shown.COUNT
        ),
        ListColumn("更正原因", lambda correction: correction.reason, 40, Shown.WRAPPED),
        ListColumn("文件", lambda correction: correction.file, 44, Shown.WRAPPED),
    ]
    return ListSheet(
        name="待同意的更正",
        title="等待人事同意的更正报送",
        notes=[
            "同意以后谁有什么变化，见“更正前后对照”。办理“同意更正”后生效，见人事办理单；同一个月有几份的，在办理单的“编号”里写明同意哪一份。"
        ],
        table=listed(waiting, columns),
        empty="没有等待同意的更正。",
        frozen=1,
    )


def _returned(returned: Sequence[ReturnedFile]) -> ListSheet:
    columns: Columns[ReturnedFile] = [
        ListColumn("考核组", lambda file: file.group or "（未能识别）", 18, Shown.STRONG),
        ListColumn("退回日期", lambda file: file.returned_on, 12, Shown.DAY),
        ListColumn("问题数", lambda file: file.problems, 9, Shown.COUNT),
        ListColumn("文件", lambda file: file.file, 44, Shown.WRAPPED),
        ListColumn("退回文件所在", lambda file: file.place, 50, Shown.WRAPPED),
    ]
    return ListSheet(
        name="退回未重报",
        title="已退回、尚未重新报送的文件",
        notes=[
            "在退回的文件上改正后重新放入共享文件夹即可：上报表由店长改，自评表由本人改；采纳后本表自动清除。"
        ],
        table=listed(returned, columns),
        empty="没有退回未重报的文件。",
        frozen=1,
    )


def _doubtful(facts: PeriodFacts) -> ListSheet:
    doubts = _doubts(facts)
    columns: Columns[tuple[str, Finding]] = [
        ListColumn("考核组", lambda row: row[0], 18, Shown.STRONG),
        ListColumn("位置", lambda row: row[1].place or "整份表", 16, Shown.WRAPPED),
        ListColumn("提示", lambda row: row[1].message, 70, Shown.WRAPPED),
        ListColumn("怎么核对", lambda row: row[1].remedy, 40, Shown.WRAPPED),
    ]
    return ListSheet(
        name="数据待核对",
        title="已受理、有提示的数据",
        notes=["提示不影响得分，也不退回。下发以前请与店长核对；有差错的，请店长改好重报。"],
        table=listed(
            ((group, finding) for group in facts.in_order(doubts) for finding in doubts[group]), columns
        ),
        empty="没有要核对的数据。",
        frozen=1,
    )


def _doubts(facts: PeriodFacts) -> dict[str, tuple[Finding, ...]]:
    """By group, what was said of the workbook that its month in force was made from, when it came."""
    transaction, groups = facts.transaction, [month.group for month in facts.months]
    current = transaction.months.current_before(groups, facts.period.shifted(1), 1)
    made_from = {(revision.group, revision.provenance.submission) for revision in current}
    found: dict[str, tuple[Finding, ...]] = {}
    for claim in transaction.journal.claims_of_all({sha256 for _, sha256 in made_from}):
        result = claim.result
        if result is None or result.group is None or result.status not in {"accepted", "waiting"}:
            continue
        if result.period == facts.period and (result.group, claim.dropped.sha256) in made_from:
            found[result.group] = result.findings
    return found
