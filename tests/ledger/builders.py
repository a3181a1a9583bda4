"""Months for the ledger's tests, given by everybody's final score; what follows is scored for real.

month({"甲": "90", "乙": "80", "丙": None})       旗舰店, November 2026; 丙 is not ranked
provenance(kind=RevisionKind.CORRECTION)         how a revision came about
record(ledger, "2026-11", {"甲": "90", …})        the next revision, scored with the ledger's own history
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from appraisal.intake.hr_acts import Act
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import MoneyLine, Provenance, RevisionKind
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.final_score import ranked
from appraisal.scoring.outcomes import Issue, outcomes_of_group
from appraisal.scoring.results import GroupResult, History, IndicatorResult, InputFile, Inputs, StaffResult
from tests.builders.schemes import one_mark_scheme

GROUP = "旗舰店"
NOVEMBER = Period(2026, 11)
ISSUED = date(2026, 12, 3)
SHA = "a" * 64

Finals = Mapping[str, str | None]

USUAL: Finals = {"甲": "90.00", "乙": "80.50", "丙": "70.25", "丁": "60.00"}
"""Four people: 甲 first, 丁 alone last."""


def month(
    finals: Finals = USUAL,
    *,
    period: Period = NOVEMBER,
    group: str = GROUP,
    revision: int = 1,
    issued: date = ISSUED,
    history: History | None = None,
) -> GroupResult:
    """The group's month with these finals; None is a person who is not ranked."""
    scheme = one_mark_scheme()
    staff = ranked([_person(name, final) for name, final in finals.items()], scheme)
    following = outcomes_of_group(
        staff,
        scheme,
        period=period,
        history=history or History(),
        issue=Issue(issued, revision),
        commissions={name: {"当月提成": Decimal(2000)} for name in finals},
    )
    return GroupResult(
        scheme=scheme.scheme,
        version=scheme.version,
        group=group,
        period=period,
        revision=revision,
        issued=issued,
        staff=tuple(staff),
        outcomes=following.outcomes,
        no_outcomes=following.none_because,
        warnings=following.warnings,
    )


def _person(name: str, final: str | None) -> StaffResult:
    score = None if final is None else Decimal(final).quantize(Decimal("0.01"))
    return StaffResult(
        id=name,
        name=f"{name}某",
        participation="参评" if score is not None else "产假",
        ranked=score is not None,
        reason=None if score is not None else "产假",
        rank=None,
        final=score,
        reviewers={"店长": score},
        indicators={
            "综合表现": IndicatorResult(
                value=None,
                applicable=score is not None,
                reason=None if score is not None else "没有考核数据",
                points={} if score is None else {"店长": score},
            )
        },
        sections={} if score is None else {"全部": score},
        stood_in={},
    )


def provenance(
    *, kind: RevisionKind = RevisionKind.FIRST, made_on: date = ISSUED, submission: str = SHA
) -> Provenance:
    return Provenance(
        kind=kind,
        made_on=made_on,
        submission=submission,
        inputs=Inputs((InputFile("manager", submission),), rules_sha256="b" * 64, program="1.0.0"),
        documents={"rules": "b" * 64},
        reason="数据漏报" if kind is RevisionKind.CORRECTION else None,
    )


def record(
    ledger: Ledger,
    period: Period,
    finals: Finals = USUAL,
    *,
    group: str = GROUP,
    on: date = ISSUED,
    submission: str = SHA,
) -> tuple[GroupResult, tuple[MoneyLine, ...]]:
    """Record the next revision, scored with the history that the ledger tells now."""
    with ledger.writing() as books:
        number = books.months.next_revision(group, period)
        history = books.past.before(group, period)
        result = month(finals, period=period, group=group, revision=number, issued=on, history=history)
        kind = RevisionKind.FIRST if number == 1 else RevisionKind.REPLACEMENT
        return result, books.months.record(result, provenance(kind=kind, made_on=on, submission=submission))


def act(
    kind: ActKind,
    period: Period = NOVEMBER,
    *,
    group: str | None = GROUP,
    on: date = ISSUED,
    document_number: str | None = None,
    item: int | None = None,
) -> Act:
    return Act(
        kind, period, group, on, by="人事 王某", reason="按规定", document_number=document_number, item=item
    )


def decision(
    staff: str,
    outcome: OutcomeType,
    decided: OutcomeDecision,
    period: Period = NOVEMBER,
    *,
    on: date = ISSUED + timedelta(days=5),
    item: int | None = None,
) -> Act:
    return Act(
        ActKind.DECIDE,
        period,
        GROUP,
        on,
        by="人事 王某",
        reason="研究决定",
        staff=staff,
        outcome=outcome,
        decision=decided,
        item=item,
    )


def issue(
    ledger: Ledger, period: Period = NOVEMBER, *, group: str = GROUP, on: date = ISSUED
) -> tuple[MoneyLine, ...]:
    """下发 the month as it stands."""
    with ledger.writing() as books:
        result = books.months.result(group, period)
        assert result is not None
        return books.acts.issue(
            act(ActKind.ISSUE, period, group=group, on=on, document_number="人发〔2026〕12号"),
            result,
            provenance().inputs,
        )
