"""What 连续末位.xlsx lists: per group the one person who is last, and for how many months running."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from appraisal.hr_folder.group import GroupFacts
from appraisal.ledger.records import ActKind, Decision, KeptOutcome
from appraisal.period import Period
from appraisal.publish.hr.watch_list import LastMonth, Watched, WatchList
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.outcomes import months_last
from appraisal.scoring.ranking import sole_last
from appraisal.scoring.results import OutcomeState, StaffResult
from appraisal.workspace.names import safe_file_name

EVIDENCE = "连续末位证据"

DECISIONS = {Decision.APPLY: "执行", Decision.WAIVE: "不执行"}


@dataclass(frozen=True, slots=True)
class Streak:
    """Months running up to the facts' month; `limit` is the number at which the scheme asks HR to look.

    `prompt` is the outcome that asks, None below the limit or where the scheme's conditions forbid it.
    """

    facts: GroupFacts
    person: StaffResult
    months: int
    limit: int
    prompt: KeptOutcome | None

    @property
    def is_case(self) -> bool:
        """Whether there is something to prove: HR is asked, or has answered."""
        prompt = self.prompt
        return prompt is not None and (
            prompt.state is not OutcomeState.REVERSED or prompt.decision is not None
        )


def evidence_folder(streak: Streak) -> str:
    """Below HR's folder of the month; with the group's name where ids are the group's own."""
    person = streak.person
    name = f"{person.id}_{person.name}"
    if streak.facts.ids_are_own:
        name += f"_{streak.facts.month.group}"
    return f"{EVIDENCE}/{safe_file_name(name)}"


def streak_of(facts: GroupFacts) -> Streak | None:
    """The group's streak; None where nobody is alone in the last place or the scheme knows no streaks."""
    result = facts.paper.result
    rules = facts.scheme.outcomes.rules
    limits = [rule.months_running for rule in rules if rule.months_running is not None]
    last = sole_last(result.staff) if result.no_outcomes is None else None
    if last is None or not limits:
        return None
    months = months_last(last.id, result.period, facts.paper.history)
    if months == 0:
        return None
    prompts = (one for one in facts.outcomes if one.key.type is OutcomeType.CONSIDER_TRANSFER)
    prompt = next((one for one in prompts if one.key.staff == last.id), None)
    return Streak(facts, last, months, min(limits), prompt)


def watch_list_of(period: Period, people: Iterable[Watched]) -> WatchList:
    """Longest streaks first."""
    return WatchList(period, tuple(sorted(people, key=lambda one: (-len(one.months), one.group))))


def watched_before(groups: Iterable[GroupFacts]) -> list[Watched]:
    """Who stands there of groups that have no result yet: as last month left them."""
    return [
        one for facts in groups if (one := watched_of(facts, f"本月尚无结果，暂计至{facts.month.period}。"))
    ]


def watched_of(facts: GroupFacts, note: str = "") -> Watched | None:
    """Who of the group stands there; None where nobody does."""
    streak = streak_of(facts)
    if streak is None:
        return None
    result = facts.paper.result
    return Watched(
        group=result.group,
        staff=streak.person.id,
        name=streak.person.name,
        post=facts.posts.get(streak.person.id),
        months=tuple(_months(streak)),
        limit=streak.limit,
        stand=note + _stand(streak),
        decision=decision_in_words(streak),
        evidence=f"人事/{result.period}/{evidence_folder(streak)}" if streak.is_case else "",
    )


def _months(streak: Streak) -> Iterator[LastMonth]:
    paper = streak.facts.paper
    for back in reversed(range(1, streak.months)):
        month = paper.history.month_of(streak.person.id, paper.result.period.shifted(-back))
        assert month is not None
        assert month.rank is not None
        assert month.final is not None
        yield LastMonth(month.period, month.rank, month.ranked_count, month.final)
    person = streak.person
    assert person.rank is not None
    assert person.final is not None
    yield LastMonth(paper.result.period, person.rank, len(paper.result.ranked), person.final)


def _stand(streak: Streak) -> str:
    so_far = f"已连续{streak.months}个月"
    if streak.prompt is not None:
        return f"{so_far}：提请人事研究，调岗须依法与本人协商"
    if streak.months >= streak.limit:
        return f"{so_far}，按方案的限定条件不提请研究"
    if streak.months == streak.limit - 1:
        return f"{so_far}，下月仍为末位的将提请人事研究"
    return f"{so_far}，请店长了解原因、给予帮助"


def decision_in_words(streak: Streak) -> str:
    """What HR decided, by whom and why; 待裁定 where it was asked and has not."""
    if streak.prompt is None:
        return ""
    if streak.prompt.decision is None:
        return "待裁定"
    key = streak.prompt.key
    acts = [
        one
        for one in streak.facts.acts
        if one.kind is ActKind.DECIDE and (one.staff, one.outcome) == (key.staff, key.type)
    ]
    told = "".join(f"（{one.on}，{one.by}：{one.reason}）" for one in acts[-1:])
    return f"{DECISIONS[streak.prompt.decision]}{told}"
