"""Past months under other rules: who would have stood where, and what money would have moved.

The archived workbooks are read and scored by the rules that are tried out, months in order, each
looking back on the tried-out months before it. Nothing is written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.findings.finding import Finding, has_errors
from appraisal.ledger.records import GroupMonth, Revision
from appraisal.period import Period
from appraisal.pipeline.context import Tools
from appraisal.pipeline.reading import archived_file, read_as_made
from appraisal.pipeline.setup import PastSetupError
from appraisal.publish.wording import outcome_in_brief
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook, load_rule_file
from appraisal.scoring.final_score import history_of, months_of
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import GroupResult, History, OutcomeState, PersonMonth, StaffResult
from appraisal.scoring.scoring import score_group
from appraisal.validation.tables import validate_chunk

_ALWAYS = date(2000, 1, 1)
"""From when the tried-out rules are in force: before any month."""


class SimulateError(AppraisalError):
    """There is nothing to try the rules on; one Chinese sentence and the next step."""


@dataclass(frozen=True, slots=True)
class SimulatedResult:
    """Where a person stands: `outcomes` is what follows, in short Chinese words, empty for nothing."""

    rank: int | None
    final: Decimal | None
    outcomes: str

    def as_json(self) -> dict[str, object]:
        final = None if self.final is None else str(self.final)
        return {"rank": self.rank, "final": final, "outcomes": self.outcomes or None}


@dataclass(frozen=True, slots=True)
class ResultChange:
    """One person under the published and the tried-out rules; None where there was no such person."""

    id: str
    name: str
    published: SimulatedResult | None
    simulated: SimulatedResult | None

    @property
    def is_same(self) -> bool:
        """Whether place and consequences are the same; the score alone may differ."""
        published, simulated = self.published, self.simulated
        return (
            published is not None
            and simulated is not None
            and ((published.rank, published.outcomes) == (simulated.rank, simulated.outcomes))
        )


@dataclass(frozen=True, slots=True)
class MoneyTotals:
    """元 that a month moves for certain, what waits for HR left out; both amounts positive."""

    rewards: Decimal
    deductions: Decimal

    def __add__(self, other: MoneyTotals) -> MoneyTotals:
        return MoneyTotals(self.rewards + other.rewards, self.deductions + other.deductions)

    def as_json(self) -> dict[str, str]:
        return {"reward": str(self.rewards), "deduct": str(self.deductions)}


NO_MONEY = MoneyTotals(Decimal("0.00"), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class SimulatedMonth:
    """One group's month twice over. `obstacle` says why the rules cannot be tried on it, None where they can."""

    group: str
    period: Period
    staff: tuple[ResultChange, ...] = ()
    published: MoneyTotals = NO_MONEY
    simulated: MoneyTotals = NO_MONEY
    obstacle: str | None = None

    def as_json(self) -> dict[str, object]:
        return {
            "group": self.group,
            "period": str(self.period),
            "staff": [
                {
                    "id": person.id,
                    "name": person.name,
                    "published": None if person.published is None else person.published.as_json(),
                    "simulated": None if person.simulated is None else person.simulated.as_json(),
                }
                for person in self.staff
            ],
            "money": {"published": self.published.as_json(), "simulated": self.simulated.as_json()},
            "obstacle": self.obstacle,
        }


def simulate(tools: Tools, rules: Path) -> Iterator[SimulatedMonth]:
    """Every month in force that was appraised by the scheme of this id, in order of time.

    Raises RulesError, SimulateError.
    """
    scheme = load_rule_file(rules).scheme
    with tools.ledger.reading() as transaction:
        months = [pair for pair in transaction.months.all_current() if pair[1].scheme == scheme.scheme]
    if not months:
        raise SimulateError(
            f"台账里没有用方案 {scheme.scheme} 考核过的月份，没有可试算的。请核对规则文件第一行的 scheme。"
        )
    return _simulated(tools, months, scheme.model_copy(update={"effective_from": _ALWAYS}))


def _simulated(
    tools: Tools, months: list[tuple[GroupMonth, Revision]], scheme: Scheme
) -> Iterator[SimulatedMonth]:
    past: defaultdict[str, list[tuple[str, PersonMonth]]] = defaultdict(list)
    for month, current in months:
        with tools.ledger.reading() as transaction:
            published = transaction.months.result(month.group, month.period, month.revision)
            decided = transaction.past.before(month.group, month.period).streak_from
        assert published is not None
        history = history_of(past[month.group], decided)
        result = _scored(tools, current, scheme, history)
        if isinstance(result, str):
            yield SimulatedMonth(month.group, month.period, obstacle=result)
            continue
        past[month.group] += months_of(result)
        yield SimulatedMonth(
            group=month.group,
            period=month.period,
            staff=tuple(_moved(published, result)),
            published=_money(published),
            simulated=_money(result),
        )


def _scored(tools: Tools, current: Revision, scheme: Scheme, history: History) -> GroupResult | str:
    """The month by the tried-out rules, or why it cannot be scored by them."""
    try:
        with tools.ledger.reading() as transaction:
            recorded = tools.with_setup_of(current, transaction)
    except (PastSetupError, AppraisalError, OSError) as error:
        return str(error)
    sha256 = current.provenance.submission
    if archived_file(tools.workspace, sha256) is None:
        return f"存档里没有当时的上报表（{sha256[:8]}…）"
    context = replace(recorded, setup=replace(recorded.setup, rulebook=Rulebook((scheme,))))
    reading = read_as_made(context, current)
    if reading is None:
        return "存档的上报表现在打不开"
    if reading.submission is None:
        return _first_of(reading.findings)
    findings = validate_chunk([reading.submission], scheme)[0]
    if has_errors(findings):
        return _first_of(findings)
    settings = recorded.setup.settings
    issue = Issue(current.issued, current.number, settings.extra_holidays, settings.trial)
    in_month = scheme.in_month(reading.submission.period)
    return score_group(reading.submission, in_month, history, issue)


def _first_of(findings: tuple[Finding, ...]) -> str:
    first = next(finding for finding in findings if finding.is_error)
    return f"当时的上报表不合新规则：{first.place} {first.message.rstrip('。')}"


def _moved(published: GroupResult, simulated: GroupResult) -> Iterator[ResultChange]:
    """Everybody, in the order of the tried-out places, then whoever is only in the published month."""
    before = {person.id: person for person in published.staff}
    for person in (*simulated.ranked, *simulated.not_ranked):
        former = before.pop(person.id, None)
        was = None if former is None else _result_of(published, former)
        yield ResultChange(person.id, person.name, was, _result_of(simulated, person))
    for former in before.values():
        yield ResultChange(former.id, former.name, _result_of(published, former), None)


def _result_of(result: GroupResult, person: StaffResult) -> SimulatedResult:
    # Deadlines are the calendar's, not the rules'.
    outcomes = (outcome_in_brief(replace(outcome, due=None)) for outcome in result.outcomes_of(person.id))
    return SimulatedResult(person.rank, person.final, "、".join(outcomes))


def _money(result: GroupResult) -> MoneyTotals:
    def total(kind: OutcomeType) -> Decimal:
        certain = [
            outcome
            for outcome in result.outcomes
            if outcome.type is kind and outcome.state is OutcomeState.DUE
        ]
        return sum((outcome.amount for outcome in certain if outcome.amount is not None), Decimal("0.00"))

    return MoneyTotals(total(OutcomeType.REWARD), total(OutcomeType.DEDUCT))
