"""等级与绩效系数: everybody's grade of a month and the factor that finance reckons the performance pay with.

What 等级与绩效系数 lists of a group: everybody, if its scheme has grades, with what finance needs of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from appraisal.hr.facts import GroupFacts
from appraisal.period import Period
from appraisal.publish.excel.listing import ListColumn, ListSheet, Shown, Value
from appraisal.publish.excel.worksheet import inert
from appraisal.publish.wording import NOT_RANKED
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import OutcomeState, StaffResult

GRADES = "等级与绩效系数"


class GradeState(StrEnum):
    """Whether the factor is to be reckoned with: not before the month is issued, and never on trial."""

    IN_FORCE = "执行"
    NOT_ISSUED = "待下发"
    TRIAL = "试运行，不执行"


@dataclass(frozen=True, slots=True)
class GradeLine:
    """One person's month. Grade and factor are None for who has no place; the remark says why.

    `rewards` are in 元; they stand among the money lines too, and are paid once.
    """

    group: str
    staff: str
    name: str
    final: Decimal | None
    grade: str | None
    factor: Decimal | None
    rewards: Decimal | None
    state: GradeState
    revision: int
    remark: str


_COLUMNS = (
    ListColumn("考核组", 16, Shown.STRONG),
    ListColumn("工号", 11),
    ListColumn("姓名", 11),
    ListColumn("综合得分", 11, Shown.SCORE),
    ListColumn("等级", 9, Shown.CENTRED),
    ListColumn("绩效系数", 11, Shown.SCORE),
    ListColumn("另有奖励", 12, Shown.MONEY),
    ListColumn("状态", 16, Shown.CENTRED),
    ListColumn("版次", 8, Shown.CENTRED),
    ListColumn("备注", 30, Shown.WRAPPED),
)


def grades_listing(period: Period, lines: Sequence[GradeLine]) -> ListSheet:
    """The sheet beside the money lines."""
    return ListSheet(
        name=GRADES,
        title=f"{period.in_words}考核等级与绩效系数",
        notes=[
            "绩效工资由财务按绩效系数核定；下发以前和试运行的月份不执行。更正后以最后一版为准。",
            "“另有奖励”已列在“奖励与提成调整明细”里，这里只作对照，不要重复发放。",
        ],
        columns=_COLUMNS,
        rows=[_row(line) for line in lines],
        frozen=3,
    )


def grades_csv(lines: Sequence[GradeLine]) -> bytes:
    """The same lines and columns for a program: UTF-8 with its mark."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(column.header for column in _COLUMNS)
    for line in lines:
        writer.writerow(inert(one) if isinstance(one, str) else one for one in _row(line))
    return written.getvalue().encode("utf-8-sig", "backslashreplace")


def _row(line: GradeLine) -> list[Value]:
    return [
        line.group,
        line.staff,
        line.name,
        line.final,
        line.grade or NOT_RANKED,
        line.factor,
        line.rewards,
        line.state.value,
        f"第{line.revision}版",
        line.remark,
    ]


def grades_of(facts: GroupFacts) -> Iterator[GradeLine]:
    """The ranked by rank with their grade, then the others with the reason why they have none."""
    if not facts.scheme.grades:
        return
    result = facts.paper.result
    for person in (*result.ranked, *result.not_ranked):
        grade = facts.scheme.grade_of(person.final) if person.ranked else None
        yield GradeLine(
            group=result.group,
            staff=person.id,
            name=person.name,
            final=person.final,
            grade=grade.name if grade else None,
            factor=grade.factor if grade else None,
            rewards=_rewards(facts, person),
            state=_state(facts),
            revision=result.revision,
            remark=person.reason or "",
        )


def _state(facts: GroupFacts) -> GradeState:
    if facts.paper.result.is_trial:
        return GradeState.TRIAL
    return GradeState.IN_FORCE if facts.month.is_issued else GradeState.NOT_ISSUED


def _rewards(facts: GroupFacts, person: StaffResult) -> Decimal | None:
    """What is due to the person beside the factor; None without any."""
    mine = [one for one in facts.outcomes if one.key.staff == person.id and one.state is OutcomeState.DUE]
    amounts = [one.amount or Decimal(0) for one in mine if one.key.type is OutcomeType.REWARD]
    return sum(amounts, Decimal(0)) if amounts else None
