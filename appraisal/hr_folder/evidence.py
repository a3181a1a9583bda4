"""The evidence for each prompt to consider a transfer: the months as published, and what they were made with."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.hr_folder.facts import PeriodFacts
from appraisal.hr_folder.group import GroupFacts
from appraisal.hr_folder.plans import plan_in_words, printed
from appraisal.hr_folder.watch import Streak, decision_in_words, evidence_folder, streak_of
from appraisal.outboxes import month_folder
from appraisal.publish.excel.listing import NOTHING
from appraisal.publish.hr.evidence import Evidence, EvidenceMonth, IndicatorLine, evidence_workbook
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import IndicatorResult, StaffResult
from appraisal.workspace.names import safe_file_name

WORKBOOK = "证据说明.xlsx"
_KINDS = {"roster": "花名册", "settings": "设置文件", "templates": "文书模板"}


def evidence_documents(facts: PeriodFacts) -> dict[str, bytes]:
    """By name below HR's folder: for each case the explanation and the rule files it rests on."""
    documents: dict[str, bytes] = {}
    asked = {one.key.group for one in facts.outcomes if one.key.type is OutcomeType.CONSIDER_TRANSFER}
    for month in facts.months:
        streak = streak_of(facts.of_month(month)) if month.group in asked else None
        if streak is None or not streak.is_case:
            continue
        folder = evidence_folder(streak)
        months = _months(facts, streak)
        documents[f"{folder}/{WORKBOOK}"] = evidence_workbook(_evidence(facts, streak, months))
        for one in months:
            sha256 = one.revision.making.documents["rules"]
            content = facts.books.documents.get(sha256)
            assert content is not None
            documents[f"{folder}/{_rules_copy(sha256)}"] = content
    return documents


def _rules_copy(sha256: str) -> str:
    return f"考核方案_{sha256[:8]}.yaml"


_MOST_MONTHS = 6
"""Beyond so many months running the latest ones say enough, and still fit on a page."""


def _months(facts: PeriodFacts, streak: Streak) -> list[GroupFacts]:
    """The months running, the earliest first."""
    period, group = facts.period, streak.facts.month.group
    earlier = [period.shifted(-back) for back in reversed(range(1, min(streak.months, _MOST_MONTHS)))]
    found = [facts.books.months.get(group, one) for one in earlier]
    return [*(facts.of_month(one) for one in found if one is not None), streak.facts]


def _evidence(facts: PeriodFacts, streak: Streak, months: list[GroupFacts]) -> Evidence:
    person, prompt = streak.person, streak.prompt
    assert prompt is not None
    member = facts.roster.find(person.id) if facts.roster else None
    return Evidence(
        group=streak.facts.month.group,
        staff=person.id,
        name=person.name,
        post=streak.facts.paper.posts.get(person.id),
        joined=member.joined if member else None,
        reason=prompt.reason,
        clause=prompt.clause or "",
        decision=decision_in_words(streak),
        months=tuple(_month(facts, one, person.id) for one in months),
    )


def _month(facts: PeriodFacts, group: GroupFacts, staff: str) -> EvidenceMonth:
    result = group.paper.result
    person = result.person(staff)
    assert person.rank is not None
    assert person.final is not None
    plan = facts.books.plans.get(result.group, result.period, staff)
    return EvidenceMonth(
        period=result.period,
        rank=person.rank,
        ranked_count=len(result.ranked),
        final=person.final,
        average=group.paper.average,
        revision=result.revision,
        issued_on=group.month.issued_on,
        document_number=group.month.document_number,
        outcomes=group.in_brief(staff),
        plan="" if plan is None else plan_in_words(plan, facts.today),
        indicators=tuple(_indicators(group, person)),
        sources=dict(_sources(facts, group, person)),
    )


def _indicators(group: GroupFacts, person: StaffResult) -> Iterator[IndicatorLine]:
    """Every indicator, then the total, as the month's scheme prints them."""
    scheme = group.scheme
    for section, _, indicator in scheme.leaves():
        result = person.indicators[indicator.name]
        yield IndicatorLine(
            section=section,
            indicator=indicator.name,
            full=f"{indicator.points:f}" if indicator.counts else indicator.method.title,
            value="—" if indicator.is_judged else printed(result.value, _as_scored(indicator, result)),
            points=_points(person, indicator),
        )
    totals = "　".join(f"{name}{total}" for name, total in person.reviewers.items())
    yield IndicatorLine("合计", "综合得分", f"{scheme.full_points:f}", f"{person.final}", totals)


def _points(person: StaffResult, indicator: Indicator) -> str:
    """One figure where all reviewers agree, as they do on data; else each reviewer's."""
    result = person.indicators[indicator.name]
    points = result.points
    if result.value is not None and (limit := indicator.method.limit(result.value)) is not None:
        return f"综合得分最高{limit:f}分"
    if not points:
        return "不计分"
    if not indicator.is_judged:
        return str(next(iter(points.values())))
    return "　".join(f"{name}{each}" for name, each in points.items())


def _as_scored(indicator: Indicator, result: IndicatorResult) -> Indicator:
    """The indicator as it scored this value: of a small sample the count."""
    return indicator.by_count if result.by_count and indicator.by_count is not None else indicator


def _sources(facts: PeriodFacts, group: GroupFacts, person: StaffResult) -> Iterator[tuple[str, str]]:
    """What it is → where it lies in the outbox, or the hash of what the month was made with."""
    result, making = group.paper.result, group.revision.making
    folder = month_folder(result.group, result.period)
    placed = facts.books.placed.under(folder)
    stem = f"{result.group}_{result.period}"
    papers = {
        "个人绩效单": f"绩效单/{safe_file_name(f'{person.id}_{person.name}', '.html')}",
        "通报": safe_file_name(f"{stem}_考核通报", ".docx"),
        "考核结果": safe_file_name(f"{stem}_考核结果", ".xlsx"),
    }
    for what, name in papers.items():
        path = f"{folder}/{name}"
        yield what, f"outbox/{path}（{placed[path]}）" if path in placed else NOTHING
    rules = making.documents["rules"]
    yield "考核方案", f"{group.scheme.name}第{result.version}版，副本 {_rules_copy(rules)}（{rules}）"
    yield "店长上报表", f"state/archive（{making.submission}）"
    for kind, name in _KINDS.items():
        if kind in making.documents:
            yield name, making.documents[kind]
