"""The notice's ranking table: columns as the settings ask, narrow enough for two pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appraisal.publish.month import Month
from appraisal.publish.wording import outcome_in_brief, rank_change_in_brief
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import StaffResult
from appraisal.workspace.settings import Settings

MOST_ROWS = 500
"""Beyond so many ranked staff the notice prints both ends and refers to the workbook."""

ENDS = 20
"""How many of each end it prints then."""

_ROWS_OF_ONE_COLUMN = 8
_MOST_COLUMNS_OF_A_HALF = 4
_GRADE = "等级"


@dataclass(frozen=True, slots=True)
class RankingTable:
    """Header and rows as texts. A long narrow table stands in two halves beside each other."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    only_ends: bool


def ranking_table(month: Month) -> RankingTable:
    """The ranked staff by rank, in the columns of `notice_columns`."""
    columns = _columns(month)
    titles = {"姓名": month.form.name_title, "工号": month.form.id_title}
    header = tuple(titles.get(name, name) for name in columns)
    ranked = month.result.ranked
    only_ends = len(ranked) > MOST_ROWS
    shown = ranked[:ENDS] + ranked[-ENDS:] if only_ends else ranked
    if len(shown) > _ROWS_OF_ONE_COLUMN and len(header) <= _MOST_COLUMNS_OF_A_HALF:
        middle = -(-len(shown) // 2)
        halves = [shown[:middle], shown[middle:]]
    else:
        halves = [shown]
    filled = [[tuple(tell(one) for tell in columns.values()) for one in half] for half in halves]
    return RankingTable(header * len(halves), _side_by_side(filled, len(header)), only_ends)


def _side_by_side(halves: Sequence[Sequence[tuple[str, ...]]], width: int) -> tuple[tuple[str, ...], ...]:
    length = max(map(len, halves))
    padded = [[*half, *[("",) * width] * (length - len(half))] for half in halves]
    return tuple(tuple(text for row in rows for text in row) for rows in zip(*padded, strict=True))


def _columns(month: Month) -> dict[str, Callable[[StaffResult], str]]:
    """The asked columns that this scheme has, or the usual ones if it has none of them.

    `<考核人>合计` works for each of the scheme's reviewers. The usual ones name the grade where there are grades.
    """
    known: dict[str, Callable[[StaffResult], str]] = {
        "名次": lambda one: str(one.rank),
        "姓名": lambda one: one.name,
        "工号": lambda one: one.id,
        "综合得分": lambda one: str(one.final),
        **({_GRADE: lambda one: _grade(month, one)} if month.scheme.grades else {}),
        "较上月": lambda one: rank_change_in_brief(month.rank_change(one)),
        "结果": lambda one: _what_follows(month, one),
    }
    for reviewer in month.scheme.reviewers:
        known[f"{reviewer.name}合计"] = lambda one, name=reviewer.name: str(one.reviewers[name])  # type: ignore[misc]
    usual = Settings().notice_columns
    asked = [name for name in month.settings.notice_columns if name in known] or list(usual)
    if tuple(asked) == usual and _GRADE in known:
        asked.insert(asked.index("综合得分") + 1, _GRADE)
    return {name: known[name] for name in asked}


def _grade(month: Month, person: StaffResult) -> str:
    grade = month.scheme.grade_of(person.final)
    return "" if grade is None else grade.name


def _what_follows(month: Month, person: StaffResult) -> str:
    """Never a transfer, and the last person's deduction only where the settings name that person."""
    hidden = {OutcomeType.CONSIDER_TRANSFER}
    if not month.settings.name_last:
        hidden.add(OutcomeType.DEDUCT)
    shown = [one for one in month.result.outcomes_of(person.id) if one.type not in hidden]
    return "；".join(outcome_in_brief(one) for one in shown)
