"""What HR's pages say, read from the ledger as plain values: the newest month, and the twelve before it.

Everything comes from one query for everybody's results and a few for what waits; no result is opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from appraisal.hr.acknowledgements import STATE_NAMES, GroupAcknowledged, HandoutState
from appraisal.hr.appeals import appeal_in_words
from appraisal.hr.facts import PeriodFacts, in_brief, state_in_words
from appraisal.hr.plan_tracker import plan_in_words
from appraisal.hr.self_forms import ExpectedSelfForm
from appraisal.hr.status import MonthStatus, status_of
from appraisal.ledger.records import Appeal, GroupMonth, KeptOutcome, MoneyLine, PersonResult, Plan
from appraisal.page.attention import Attention, attention_of, with_id
from appraisal.period import Period
from appraisal.publish.excel.listing import NOTHING
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.acknowledgement import PAPER_NAMES
from appraisal.scoring.final_score import history_of, mean_final, months_last, places_gained

MONTHS = 12
"""So many months end with the page's own."""


@dataclass(frozen=True, slots=True)
class PersonOnPage:
    """One person's month. `change` is in places, better ones positive; `months` are the finals of MONTHS months."""

    staff: str
    name: str
    rank: int | None
    ranked: int
    change: int | None
    final: Decimal | None
    remark: str
    follows: str
    signed: str
    months: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month of a group's trend; what is None is not known."""

    period: Period
    ranked: int
    average: Decimal | None
    highest: Decimal | None
    lowest: Decimal | None


@dataclass(frozen=True, slots=True)
class GroupPage:
    """One group's month: `state` in words, people by rank, the trend from old to new."""

    group: str
    period: Period
    state: str
    revision: int | None
    attention: tuple[Attention, ...]
    people: tuple[PersonOnPage, ...]
    trend: tuple[MonthFigures, ...]

    @property
    def now(self) -> MonthFigures:
        return self.trend[-1]

    @property
    def change(self) -> Decimal | None:
        """By how much the average rose or fell since the month before; None where one of them is not known."""
        now, before = self.now.average, self.trend[-2].average
        return None if now is None or before is None else now - before


@dataclass(frozen=True, slots=True)
class MoneyMonth:
    """What payroll moves in one month: reversals are in the sums."""

    paid_in: Period
    lines: int
    rewards: Decimal
    deductions: Decimal


@dataclass(frozen=True, slots=True)
class MonthPage:
    """The whole page. `attention` begins with what is most urgent."""

    period: Period
    as_of: str
    attention: tuple[Attention, ...]
    groups: tuple[GroupPage, ...]
    money: tuple[MoneyMonth, ...]
    plans: tuple[tuple[str, ...], ...]
    appeals: tuple[tuple[str, ...], ...]
    acknowledged: tuple[tuple[str, ...], ...]
    watched: tuple[tuple[str, ...], ...]


def month_page(facts: PeriodFacts, forms: Iterable[ExpectedSelfForm] = ()) -> MonthPage:
    """The period as of the facts' day; `forms` as `attention_of` takes them."""
    status = status_of(facts)
    attention = tuple(attention_of(facts, status, forms))
    by_group: defaultdict[str, list[Attention]] = defaultdict(list)
    for matter in attention:
        by_group[matter.group].append(matter)
    results = _results(facts)
    said = {"follows": _follows(facts), "signed": _signed(status, facts.period)}
    months = {month.group: month for month in (*facts.withdrawn, *facts.months)}
    states = {group.group: group.in_words for group in status.groups}
    groups = tuple(
        _group_page(
            facts.period,
            group,
            months.get(group),
            states.get(group, ""),
            attention=tuple(by_group[group]),
            results=results.get(group, {}),
            said=said,
        )
        for group in facts.in_order({*states, *months})
    )
    return MonthPage(
        period=facts.period,
        as_of=full_date(facts.today),
        attention=attention,
        groups=groups,
        money=tuple(_money(facts)),
        plans=tuple(_plan_row(plan, facts) for plan in status.plans),
        appeals=tuple(_appeal_row(appeal, facts) for appeal in status.appeals),
        acknowledged=tuple(_acknowledged_row(group) for group in status.acknowledged),
        watched=tuple(_watched(facts, groups, results)),
    )


def _results(facts: PeriodFacts) -> dict[str, dict[Period, list[PersonResult]]]:
    """Everybody's results in force, by group and month."""
    found: dict[str, dict[Period, list[PersonResult]]] = {}
    for result in facts.transaction.past.of_periods(_window(facts.period)):
        found.setdefault(result.group, {}).setdefault(result.period, []).append(result)
    return found


def _window(period: Period) -> list[Period]:
    return [period.shifted(back) for back in range(1 - MONTHS, 1)]


def _follows(facts: PeriodFacts) -> Mapping[tuple[str, str], str]:
    """What follows for each person as it stands now, by group and 工号."""
    found: defaultdict[tuple[str, str], list[KeptOutcome]] = defaultdict(list)
    for outcome in facts.outcomes:
        found[outcome.key.group, outcome.key.staff].append(outcome)
    months = {month.group: month for month in facts.months}
    return {key: in_brief(outcomes, months[key[0]]) for key, outcomes in found.items() if key[0] in months}


def _group_page(
    period: Period,
    group: str,
    month: GroupMonth | None,
    state: str,
    *,
    attention: tuple[Attention, ...],
    results: Mapping[Period, Sequence[PersonResult]],
    said: Mapping[str, Mapping[tuple[str, str], str]],
) -> GroupPage:
    finals = {
        (result.staff, result.period): result
        for found in results.values()
        for result in found
        if result.rank is not None
    }
    people = sorted(
        results.get(period, ()), key=lambda result: (result.rank is None, result.rank or 0, result.staff)
    )
    window = _window(period)
    return GroupPage(
        group=group,
        period=period,
        state=state if month is None else state_in_words(month),
        revision=None if month is None else month.revision,
        attention=attention,
        people=tuple(
            _person_of(
                result,
                finals,
                window,
                {what: words.get((group, result.staff), "") for what, words in said.items()},
            )
            for result in people
        ),
        trend=tuple(_figures(month_shown, results.get(month_shown, ())) for month_shown in window),
    )


def _person_of(
    result: PersonResult,
    ranked: Mapping[tuple[str, Period], PersonResult],
    window: Sequence[Period],
    said: Mapping[str, str],
) -> PersonOnPage:
    months = [ranked.get((result.staff, period)) for period in window]
    before = months[-2]
    return PersonOnPage(
        staff=result.staff,
        name=result.name,
        rank=result.rank,
        ranked=result.ranked_count,
        change=places_gained(None if before is None else before.month, result.rank, result.ranked_count),
        final=result.final,
        remark=result.reason or "",
        follows=said["follows"],
        signed=said["signed"],
        months=tuple(None if found is None else found.final for found in months),
    )


def _figures(period: Period, results: Sequence[PersonResult]) -> MonthFigures:
    finals = [result.final for result in results if result.rank is not None and result.final is not None]
    return MonthFigures(
        period=period,
        ranked=len(finals),
        average=mean_final(finals),
        highest=max(finals, default=None),
        lowest=min(finals, default=None),
    )


def _money(facts: PeriodFacts) -> Iterable[MoneyMonth]:
    """The months of payment of the months shown, old to new."""
    outcomes = facts.transaction.outcomes
    for paid_in in outcomes.months_of_payment(_window(facts.period)):
        lines = outcomes.lines_paid_in(paid_in)
        yield MoneyMonth(paid_in, len(lines), _sum(lines, "reward"), _sum(lines, "deduct"))


def _sum(lines: Iterable[MoneyLine], kind: str) -> Decimal:
    return sum((line.amount for line in lines if line.key.type == kind), Decimal(0))


def _plan_row(plan: Plan, facts: PeriodFacts) -> tuple[str, ...]:
    due = full_date(plan.due) if plan.is_issued else "下发后定"
    return (
        plan.group,
        f"{plan.name}（{plan.staff}）",
        str(plan.period),
        due,
        plan_in_words(plan, facts.today),
    )


def _appeal_row(appeal: Appeal, facts: PeriodFacts) -> tuple[str, ...]:
    return (
        appeal.group,
        with_id(appeal),
        str(appeal.period),
        "、".join(appeal.items),
        NOTHING if appeal.answer_by is None else full_date(appeal.answer_by),
        appeal_in_words(appeal, facts.today),
    )


def _signed(status: MonthStatus, period: Period) -> Mapping[tuple[str, str], str]:
    """How far each person's papers have come, by group and 工号; nothing before the month is issued."""
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for group in (group for group in status.acknowledged if group.period == period):
        for handout, state in group.papers:
            said[group.group, handout.staff].append(f"{PAPER_NAMES[handout.paper]}{STATE_NAMES[state]}")
    return {who: "；".join(papers) for who, papers in said.items()}


def _acknowledged_row(group: GroupAcknowledged) -> tuple[str, ...]:
    counts = (
        len(group.papers),
        group.count(HandoutState.SIGNED),
        group.count(HandoutState.REFUSED),
        len(group.missing),
    )
    return (group.group, str(group.period), *map(str, counts))


def _watched(
    facts: PeriodFacts,
    groups: Sequence[GroupPage],
    results: Mapping[str, Mapping[Period, list[PersonResult]]],
) -> Iterable[tuple[str, ...]]:
    """Who was alone in the last place of this month, and for how many months running."""
    period = facts.period
    begun = facts.transaction.past.streaks_from([group.group for group in groups], period)
    for group in groups:
        of_group = results.get(group.group, {})
        last = next((result for result in of_group.get(period, ()) if result.was_sole_last), None)
        if last is None:
            continue
        before = (result for month, found in of_group.items() if month < period for result in found)
        history = history_of(((result.staff, result.month) for result in before), begun.get(group.group))
        running = months_last(last.staff, period, history)
        if running:
            final = NOTHING if last.final is None else str(last.final)
            yield group.group, f"{last.name}（{last.staff}）", f"{running}个月", final
