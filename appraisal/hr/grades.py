"""等级与绩效系数: everybody's grade of a month and the factor that finance reckons the performance pay with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from appraisal.hr.facts import GroupFacts
from appraisal.period import Period
from appraisal.publish.excel.listing import WHO, Columns, ListColumn, ListSheet, Shown, as_csv, listed
from appraisal.publish.wording import NOT_RANKED
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState, StaffResult

GRADES = "等级与绩效系数"


class GradeState(StrEnum):
    """Whether the factor is to be reckoned with: not before the month is issued, and never on trial."""

    IN_FORCE = "执行"
    NOT_ISSUED = "待下发"
    TRIAL = "试运行，不执行"


class GradeRow(NamedTuple):
    """One person's month. Who has no place has no factor; the remark says why.

    `rewards` are in 元; they stand among the money lines too, and are paid once.
    """

    group: str
    staff: str
    name: str
    final: Decimal | None
    grade: str
    factor: Decimal | None
    rewards: Decimal | None
    state: str
    revision: str
    remark: str


_COLUMNS: Columns[GradeRow] = (
    *WHO,
    ListColumn("综合得分", lambda row: row.final, 11, Shown.SCORE),
    ListColumn("等级", lambda row: row.grade, 9, Shown.CENTRED),
    ListColumn("绩效系数", lambda row: row.factor, 11, Shown.SCORE),
    ListColumn("另有奖励", lambda row: row.rewards, 12, Shown.MONEY),
    ListColumn("状态", lambda row: row.state, 16, Shown.CENTRED),
    ListColumn("版次", lambda row: row.revision, 8, Shown.CENTRED),
    ListColumn("备注", lambda row: row.remark, 30, Shown.WRAPPED),
)


def grades_of(facts: GroupFacts) -> Iterator[GradeRow]:
    """The ranked by rank with their grade, then the others; nobody where the scheme has no grades."""
    if not facts.scheme.grades:
        return
    result = facts.paper.result
    for person in (*result.ranked, *result.not_ranked):
        grade = facts.scheme.grade_of(person.final) if person.ranked else None
        yield GradeRow(
            group=result.group,
            staff=person.id,
            name=person.name,
            final=person.final,
            grade=grade.name if grade else NOT_RANKED,
            factor=grade.factor if grade else None,
            rewards=_rewards(facts, person),
            state=_state(facts).value,
            revision=f"第{result.revision}版",
            remark=person.reason or "",
        )


def _state(facts: GroupFacts) -> GradeState:
    if facts.paper.result.is_trial:
        return GradeState.TRIAL
    return GradeState.IN_FORCE if facts.month.is_issued else GradeState.NOT_ISSUED


def _rewards(facts: GroupFacts, person: StaffResult) -> Decimal | None:
    """What is due to the person beside the factor; None without any."""
    mine = [
        outcome
        for outcome in facts.outcomes
        if outcome.key.staff == person.id and outcome.state is OutcomeState.DUE
    ]
    amounts = [outcome.amount or Decimal(0) for outcome in mine if outcome.key.type is OutcomeType.REWARD]
    return sum(amounts, Decimal(0)) if amounts else None


def grades_sheet(period: Period, rows: Sequence[GradeRow]) -> ListSheet:
    """The sheet beside the money lines."""
    return ListSheet(
        name=GRADES,
        title=f"{period.in_words}考核等级与绩效系数",
        notes=[
            "绩效工资由财务按绩效系数核定；下发以前和试运行的月份不执行。更正后以最后一版为准。",
            "“另有奖励”已列在“奖励与提成调整明细”里，这里只作对照，不要重复发放。",
        ],
        table=listed(rows, _COLUMNS),
        frozen=3,
    )


def grades_csv(rows: Sequence[GradeRow]) -> bytes:
    """The rows and columns of `grades_sheet` as csv, for a program."""
    return as_csv(listed(rows, _COLUMNS))
