"""What stands in the notice of a month: the ranking, and sentences about money, plans and corrections.

A transfer is never mentioned. The last person's deduction bears no name unless the settings say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, zip_longest
from operator import attrgetter
from typing import Any

from appraisal.publish.month import Month, OpenPlan, PlanStage
from appraisal.publish.wording import (
    HELD,
    SETTLED_BY_FINANCE,
    compared_places,
    deadline,
    document_date,
    full_date,
    graded_conditions,
    is_waived,
    keeps_deadline,
    outcomes_in_brief,
    rank_change_in_brief,
)
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import money
from appraisal.scoring.results import NOTHING_LEFT, GroupResult, Outcome, OutcomeState, StaffResult
from appraisal.workspace.settings import Settings

# ----------------------------------------------------------------------------------------- the ranking

MOST_ROWS = 500
"""Beyond so many ranked staff the notice prints both ends and refers to the workbook."""

ENDS = 20
"""How many of each end it prints then."""

_ROWS_OF_ONE_COLUMN = 8

_MOST_COLUMNS_OF_A_HALF = 4

_GRADE, _CHANGE = "等级", "较上月"


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
    filled = [[tuple(tell(person) for tell in columns.values()) for person in half] for half in halves]
    return RankingTable(header * len(halves), _side_by_side(filled, len(header)), only_ends)


def _side_by_side(halves: Sequence[Sequence[tuple[str, ...]]], width: int) -> tuple[tuple[str, ...], ...]:
    rows = zip_longest(*halves, fillvalue=("",) * width)
    return tuple(tuple(chain.from_iterable(row)) for row in rows)


def _columns(month: Month) -> dict[str, Callable[[StaffResult], str]]:
    """The asked columns that this scheme has, or the usual ones if it has none of them.

    `<考核人>合计` works for each of the scheme's reviewers. The usual ones name the grade where there are grades.
    """
    known: dict[str, Callable[[StaffResult], str]] = {
        "名次": lambda person: str(person.rank),
        "姓名": lambda person: month.result.name_of(person.id),
        "工号": lambda person: person.id,
        "综合得分": lambda person: str(person.final),
        **({_GRADE: lambda person: _grade(month, person)} if month.scheme.grades else {}),
        _CHANGE: lambda person: rank_change_in_brief(month.rank_change(person)),
        "结果": lambda person: _what_follows(month, person),
    }
    for reviewer in month.scheme.reviewers:
        known[f"{reviewer.name}合计"] = lambda person, name=reviewer.name: str(person.reviewers[name])  # type: ignore[misc]
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
    return outcomes_in_brief(month.result.outcomes_of(person.id), hidden=hidden, is_draft=month.is_draft)


def ranking_note(month: Month) -> str:
    """How to read it: ties, whose marks stand in for whose, another number of people than last month."""
    ranked = month.result.ranked
    notes = []
    if len({person.rank for person in ranked}) < len(ranked):
        after = "1、2、2、3" if month.scheme.ranking.ties == "dense" else "1、2、2、4"
        notes.append(f"综合得分相同的并列同一名次（如{after}）")
    if len({(person.final, person.rank) for person in ranked}) > len({person.final for person in ranked}):
        notes.append(f"综合得分相同的，依次按{'、'.join(month.scheme.ranking.break_by)}排列先后")
    absent = [absent for person in ranked for absent in person.stood_in.items()]
    for missing, counted in dict.fromkeys(absent):
        notes.append(f"{absent.count((missing, counted))}人{missing}逾期未评，按{counted}评分计")
    if _CHANGE in _columns(month) and (compared := compared_places(month)):
        notes.append(compared)
    return f"注：{'；'.join(notes)}。" if notes else ""


# ------------------------------------------------------------------------------------- money and plans


def money_sentences(month: Month) -> list[str]:
    """What stands under 奖励与提成调整; at least one sentence, which may say why there is nothing."""
    result = month.result
    if result.is_trial:
        return ["试运行期间只通报得分和名次，不涉及奖励和提成调整。"]
    if result.no_outcomes is not None:
        return [result.no_outcomes]
    sentences = [*_rewards(month), *_deductions(month), *_updated(month)]
    return sentences or ["本月没有奖励和提成调整事项。"]


def plans_by_deadline(month: Month) -> list[dict[str, Any]]:
    """Who hands in a plan by when: 人员, 期限 and whether it is 不变 by a correction, one entry for each of these."""
    result = month.result
    by_day: dict[tuple[str, bool], list[str]] = {}
    for plan in _of(result, OutcomeType.RECTIFICATION):
        if plan.due is not None and plan.state is OutcomeState.DUE:
            day = deadline(plan.due, is_draft=month.is_draft), keeps_deadline(month, plan)
            by_day.setdefault(day, []).append(result.name_of(plan.staff))
    return [
        {"人员": "、".join(names), "期限": day, "不变": is_kept} for (day, is_kept), names in by_day.items()
    ]


def overdue_plans(month: Month) -> list[dict[str, str]]:
    """Earlier plans that never came: 人员, 月份 and 期限, one entry for all who owe the same ones."""
    owed: dict[str, list[OpenPlan]] = {}
    for plan in _plans_of_listed(month):
        if plan.stage is PlanStage.MISSING:
            owed.setdefault(plan.staff, []).append(plan)
    alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for staff, plans in owed.items():
        what = tuple((plan.period.in_words, full_date(plan.due)) for plan in plans)
        alike.setdefault(what, []).append(month.result.name_of(staff))
    return [
        {
            "人员": "、".join(who),
            "月份": "、".join(period for period, _ in what),
            "期限": "、".join(due for _, due in what),
        }
        for what, who in alike.items()
    ]


_STANDS = {
    PlanStage.SUBMITTED: "已经提交，至本通报下发前一日尚未审核，请{superior}尽快审核",
    PlanStage.RETURNED: "已退回补充，至本通报下发时尚未重新提交，请立即向{superior}补交",
}


def plans_to_settle(month: Month) -> list[dict[str, str]]:
    """Earlier plans that came and are not agreed to: 人员, 月份 and 情况, one entry for each month and situation."""
    situation = attrgetter("period", "stage")
    came = (plan for plan in _plans_of_listed(month) if plan.stage in _STANDS)
    return [
        {
            "人员": "、".join(month.result.name_of(plan.staff) for plan in same),
            "月份": period.in_words,
            "情况": _STANDS[stage].format(superior=month.scheme.superior),
        }
        for (period, stage), same in groupby(sorted(came, key=situation), key=situation)
    ]


def _plans_of_listed(month: Month) -> list[OpenPlan]:
    """Those of people whom this month's list has too, in order of time: nobody else reads the notice."""
    listed = {person.id for person in month.result.staff}
    return sorted((plan for plan in month.open_plans if plan.staff in listed), key=lambda plan: plan.period)


def why_no_plans(result: GroupResult) -> str:
    """The sentence that stands under 整改要求 where nobody hands in a plan."""
    if result.is_trial or result.no_outcomes is not None:
        return "本月不提整改要求，原因同上。"
    return "本月没有需要提交整改方案的人员。"


def correction(month: Month) -> dict[str, Any]:
    """版次, 事由, 变化 and 免于整改 of a notice that corrects an issued one; empty for any other."""
    result, former = month.result, month.former
    if former is None:
        return {}
    changes = list(_changes(former, result))
    reason = (month.reason or "【更正事由】").rstrip("。")
    return {
        "版次": result.revision,
        "事由": reason if changes else f"{reason}；得分和名次没有变化",
        "变化": changes,
        "免于整改": "、".join(_released(former, result)),
    }


def _of(result: GroupResult, wanted: OutcomeType) -> list[Outcome]:
    """The outcomes of one type that stand, or about which HR has decided: any other reversed one is history."""
    return [
        outcome
        for outcome in result.outcomes
        if outcome.type is wanted and (outcome.state is not OutcomeState.REVERSED or is_waived(outcome))
    ]


def _names(result: GroupResult, outcomes: Iterable[Outcome]) -> str:
    return "、".join(result.name_of(outcome.staff) for outcome in outcomes)


def _rewards(month: Month) -> Iterator[str]:
    """One sentence for all who are rewarded for the same: their place, or the grade of their score."""
    result = month.result
    grades = graded_conditions(month.scheme)

    def what_for(outcome: Outcome) -> str:
        rank = result.person(outcome.staff).rank
        return outcome.reason if outcome.reason in grades else f"综合排名第{'一' if rank == 1 else rank}名"

    def was_held(outcome: Outcome) -> bool:
        return outcome.state is OutcomeState.HOLD or outcome.decided_on is not None

    for (reason, is_for_hr, amount), group in groupby(
        _of(result, OutcomeType.REWARD),
        key=lambda outcome: (what_for(outcome), was_held(outcome), outcome.amount),
    ):
        outcomes = list(group)
        tied = "并列" if len(outcomes) > 1 and reason not in grades else ""
        if is_for_hr:
            yield f"{_names(result, outcomes)}{tied}{reason}，{_rewards_decided(month, outcomes)}。"
        elif amount is not None:
            each = "各" if len(outcomes) > 1 else ""
            yield f"{_names(result, outcomes)}{tied}{reason}，{each}奖励{money(amount)}。"


def _deductions(month: Month) -> Iterator[str]:
    result, names_last = month.result, month.settings.name_last
    outcomes = _of(result, OutcomeType.DEDUCT)
    open_ones = [outcome for outcome in outcomes if outcome.state is OutcomeState.HOLD]
    decided = [outcome for outcome in outcomes if outcome.decided_on is not None]
    if decided and not names_last:
        rest = f"，其余{HELD}" if open_ones else ""
        yield f"综合排名末位并列，提成调整经研究决定（{_last_day(decided)}）{rest}，结果另行通知本人。"
    elif open_ones:
        yield f"综合排名末位并列，提成调整{HELD}，结果另行通知本人。"
    due = [
        outcome for outcome in outcomes if outcome.state is OutcomeState.DUE and outcome.decided_on is None
    ]
    if names_last:
        for outcome in decided:
            what = "不作提成调整" if is_waived(outcome) else f"当月{_less(outcome)}"
            yield f"{result.name_of(outcome.staff)}综合排名末位并列，经研究决定（{_last_day([outcome])}），{what}。"
        for outcome in due:
            yield f"{result.name_of(outcome.staff)}综合排名末位，当月{_less(outcome)}。"
    elif due:
        yield "末位人员的提成调整由财务按制度办理，另行通知本人。"


def _less(outcome: Outcome) -> str:
    assert outcome.amount is not None
    settled = f"，{SETTLED_BY_FINANCE}" if outcome.capped_by_payroll else ""
    return (
        f"提成减少{money(outcome.amount)}{settled}" if outcome.amount else f"{NOTHING_LEFT}，提成调整0.00元"
    )


def _rewards_decided(month: Month, tied: Sequence[Outcome]) -> str:
    """`奖励待研究确定`, or `经研究决定（2026年12月10日）：奖励张三100元，李四不作奖励`."""
    decided = [outcome for outcome in tied if outcome.decided_on is not None]
    if not decided:
        return f"奖励{HELD}"
    given = [outcome for outcome in decided if not is_waived(outcome)]
    waived = [outcome for outcome in decided if is_waived(outcome)]
    open_ones = [outcome for outcome in tied if outcome.decided_on is None]
    each = "各" if len(given) > 1 else ""
    parts = [
        f"奖励{_names(month.result, given)}{each}{money(outcome.amount)}"
        for outcome in given[:1]
        if outcome.amount
    ]
    parts += [f"{_names(month.result, waived)}不作奖励"] if waived else []
    parts += [f"{_names(month.result, open_ones)}{HELD}"] if open_ones else []
    return f"经研究决定（{_last_day(decided)}）：{'，'.join(parts)}"


def _updated(month: Month) -> Iterator[str]:
    """Said by a notice that people have read otherwise before HR decided."""
    days = [outcome.decided_on for outcome in month.result.outcomes if outcome.decided_on is not None]
    if days and not month.is_draft and max(days) > month.result.issued:
        yield f"本通报已按{document_date(max(days))}的研究决定更新，此前印发的以本件为准。"


def _last_day(decided: Iterable[Outcome]) -> str:
    return document_date(max(outcome.decided_on for outcome in decided if outcome.decided_on is not None))


def _changes(former: GroupResult, result: GroupResult) -> Iterator[dict[str, str]]:
    """Everybody whose final or place differs, in the order of the new ranking."""
    before = {person.id: person for person in former.staff}
    for person in (*result.ranked, *result.not_ranked):
        old = before.get(person.id)
        if old is None or (old.final, old.rank) != (person.final, person.rank):
            yield {
                "姓名": result.name_of(person.id),
                "原得分": _score(old),
                "现得分": _score(person),
                "原名次": _rank(old),
                "现名次": _rank(person),
            }


def _score(person: StaffResult | None) -> str:
    return "—" if person is None or person.final is None else str(person.final)


def _rank(person: StaffResult | None) -> str:
    return "—" if person is None or person.rank is None else str(person.rank)


def _released(former: GroupResult, result: GroupResult) -> list[str]:
    """Who had to hand in a plan and no longer has to."""
    still = {plan.staff for plan in _of(result, OutcomeType.RECTIFICATION)}
    gone = [plan.staff for plan in _of(former, OutcomeType.RECTIFICATION) if plan.staff not in still]
    there = {person.id for person in result.staff}
    return [(result if staff in there else former).name_of(staff) for staff in gone]
