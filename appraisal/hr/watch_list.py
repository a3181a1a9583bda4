"""连续末位.xlsx: who has been last for one, two or more months running, with the months as evidence.

It is for HR alone and decides nothing: being last is not being unfit for the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from appraisal.hr.facts import GroupFacts
from appraisal.ledger.outcome_changes import stands
from appraisal.ledger.records import KeptOutcome
from appraisal.period import Period
from appraisal.publish.excel.listing import WHO, Columns, ListColumn, ListSheet, Shown, listed
from appraisal.scheme.forms.hr_acts import DECISION_NAMES, ActKind
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.final_score import counted_last, months_last, months_of
from appraisal.scoring.results import PersonMonth, StaffResult
from appraisal.workspace.names import hr_month_folder, safe_file_name

_EVIDENCE = "连续末位证据"


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
    def needs_evidence(self) -> bool:
        """Whether there is something to prove: HR is asked, or has answered."""
        return self.prompt is not None and stands(self.prompt)


class WatchedRow(NamedTuple):
    """One person; `months` are in words, a line each, the latest last."""

    group: str
    staff: str
    name: str
    post: str | None
    months_running: int
    months: str
    state: str
    decision: str
    evidence: str


def streak_of(facts: GroupFacts) -> Streak | None:
    """The group's streak; None where nobody is alone in the last place or the scheme knows no streaks."""
    result = facts.paper.result
    rules = facts.scheme.outcomes.rules
    limits = [rule.months_running for rule in rules if rule.months_running is not None]
    last = counted_last(result)
    if last is None or not limits:
        return None
    months = months_last(last.id, result.period, facts.paper.history)
    if months == 0:
        return None
    prompts = (outcome for outcome in facts.outcomes if outcome.key.type is OutcomeType.CONSIDER_TRANSFER)
    prompt = next((outcome for outcome in prompts if outcome.key.staff == last.id), None)
    return Streak(facts=facts, person=last, months=months, limit=min(limits), prompt=prompt)


def evidence_folder(streak: Streak) -> str:
    """Below HR's folder of the month; with the group's name where ids are the group's own."""
    person = streak.person
    name = f"{person.id}_{person.name}"
    if streak.facts.ids_are_own:
        name += f"_{streak.facts.month.group}"
    return f"{_EVIDENCE}/{safe_file_name(name)}"


def decision_in_words(streak: Streak) -> str:
    """What HR decided, by whom and why; 待裁定 where it was asked and has not."""
    if streak.prompt is None:
        return ""
    if streak.prompt.decision is None:
        return "待裁定"
    key = streak.prompt.key
    acts = [
        act
        for act in streak.facts.acts
        if act.kind is ActKind.DECIDE and (act.staff, act.outcome) == (key.staff, key.type)
    ]
    who_and_why = "".join(f"（{act.on}，{act.by}：{act.reason}）" for act in acts[-1:])
    return f"{DECISION_NAMES[streak.prompt.decision]}{who_and_why}"


def watched_of(facts: GroupFacts, note: str = "") -> WatchedRow | None:
    """Who of the group is to be watched, `note` before the state; None where nobody is."""
    streak = streak_of(facts)
    if streak is None:
        return None
    result = facts.paper.result
    return WatchedRow(
        group=result.group,
        staff=streak.person.id,
        name=streak.person.name,
        post=facts.posts.get(streak.person.id),
        months_running=streak.months,
        months="\n".join(_in_words(month) for month in _months(streak)),
        state=note + _state(streak),
        decision=decision_in_words(streak),
        evidence=f"{hr_month_folder(result.period)}/{evidence_folder(streak)}"
        if streak.needs_evidence
        else "",
    )


def watched_before(groups: Iterable[GroupFacts]) -> list[WatchedRow]:
    """Whoever is to be watched of groups that have no result yet: as last month left them."""
    rows = (watched_of(facts, f"本月尚无结果，暂计至{facts.month.period}。") for facts in groups)
    return [row for row in rows if row is not None]


def _months(streak: Streak) -> Iterator[PersonMonth]:
    paper, staff = streak.facts.paper, streak.person.id
    for back in reversed(range(1, streak.months)):
        month = paper.history.month_of(staff, paper.result.period.shifted(-back))
        assert month is not None
        yield month
    yield next(month for staff_id, month in months_of(paper.result) if staff_id == staff)


def _in_words(month: PersonMonth) -> str:
    return f"{month.period}：第{month.rank}名（参评{month.ranked_count}人），{month.final}分"


def _state(streak: Streak) -> str:
    so_far = f"已连续{streak.months}个月"
    if streak.prompt is not None:
        return f"{so_far}：提请人事研究，调岗须依法与本人协商"
    if streak.months >= streak.limit:
        return f"{so_far}，按方案的限定条件不提请研究"
    if streak.months == streak.limit - 1:
        return f"{so_far}，下月仍为末位的将提请人事研究"
    return f"{so_far}，请店长了解原因、给予帮助"


_COLUMNS: Columns[WatchedRow] = (
    *WHO,
    ListColumn("岗位", lambda row: row.post, 11),
    ListColumn("连续月数", lambda row: row.months_running, 9, Shown.COUNT),
    ListColumn("各月情况", lambda row: row.months, 36, Shown.WRAPPED),
    ListColumn("目前状态", lambda row: row.state, 30, Shown.WRAPPED),
    ListColumn("人事裁定", lambda row: row.decision, 20, Shown.WRAPPED),
    ListColumn("证据文件夹", lambda row: row.evidence, 28, Shown.WRAPPED),
)


def watch_list_sheet(period: Period, people: Iterable[WatchedRow]) -> ListSheet:
    longest_first = sorted(people, key=lambda row: (-row.months_running, row.group))
    return ListSheet(
        name="连续末位",
        title=f"{period.in_words}连续末位关注名单",
        notes=[
            "仅供人事内部使用，不在通报中列出。",
            "连续指日历月份相连、独自排在最后一名；并列、不参与排名或人数不足的月份不计，并使连续中断。",
            "末位不等于不能胜任工作。达到月数的只提请人事研究，调岗须依法与本人协商。",
        ],
        table=listed(longest_first, _COLUMNS),
        empty="目前没有需要关注的人员。",
        frozen=3,
    )
