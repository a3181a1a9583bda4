"""Whether the ledger's money is what its results, HR's decisions and HR's lists say. Nothing is written.

A row that somebody changed in the database contradicts one of the others.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from appraisal.admin.published_months import ShownLine
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import Posting, money_due, settle, updated_outcomes
from appraisal.ledger.records import GroupMonth, KeptOutcome, MoneyLine, MonthState, OutcomeKey
from appraisal.period import Period
from appraisal.publish.wording import OUTCOME_NAMES, STATE_NAMES
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import GroupResult, OutcomeState, signed


def money_differences(transaction: Transaction, month: GroupMonth) -> Iterator[str]:
    """Chinese sentences about what stands in the ledger for the month and does not follow from it."""
    outcomes = transaction.outcomes.of_month(month.group, month.period)
    lines = transaction.outcomes.lines_of_month(month.group, month.period)
    yield from _outcomes_otherwise(transaction, month, outcomes)
    yield from _lines_otherwise(transaction, lines)
    due = money_due(outcomes) if month.is_issued else {}
    posting = Posting(month.period.last_day, month.revision, "", paid_in=month.period)
    for line in settle(lines, due, posting):
        yield f"{_named(line.key)}：台账的记录与现行结果相差 {line.amount} 元"


def money_list_differences(
    transaction: Transaction, period: Period, shown: Sequence[ShownLine] | None
) -> Iterator[str]:
    """Chinese sentences about HR's list of money where its lines are not the ledger's."""
    if shown is None:
        yield "奖励与提成调整明细.csv 读不出来"
        return
    groups = [month.group for month in transaction.months.of_period(period)]
    there = {(line.key, line.sequence): line for line in transaction.outcomes.lines_of_months(groups, period)}
    for listed in (row.line for row in shown if row.line is not None):
        name = f"{_named(listed.key)} 第{listed.sequence}笔"
        line = there.pop((listed.key, listed.sequence), None)
        if line is None:
            yield f"{name}：台账里没有"
        elif replace(listed, capped_by_payroll=line.capped_by_payroll) != line:
            yield f"{name}：台账记 {_in_words(line)}，明细记 {_in_words(listed)}"
    for line in there.values():
        yield f"{_named(line.key)} 第{line.sequence}笔：明细里没有"


def payment_list_differences(transaction: Transaction, paid_in: Period, content: bytes) -> Iterator[str]:
    """A Chinese sentence for each line in which 发放明细 of a month of payment and the ledger differ."""
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        shown = {(row["编号"].replace("'", ""), row["笔次"]): Decimal(row["金额"]) for row in rows}
    except (ValueError, KeyError, AttributeError, ArithmeticError):
        yield f"发放/{paid_in}.csv 读不出来"
        return
    lines = transaction.outcomes.lines_paid_in(paid_in)
    there = {(str(line.key).replace("'", ""), str(line.sequence)): line.amount for line in lines}
    for key, sequence in sorted({*shown, *there}):
        listed, entered = shown.get((key, sequence)), there.get((key, sequence))
        if listed != entered:
            difference = f"台账记 {entered or '无'}，清单记 {listed or '无'}"
            yield f"发放/{paid_in}.csv {key} 第{sequence}笔：{difference}"


def _in_words(line: MoneyLine) -> str:
    return f"{line.amount} 元（{line.recorded_on} 记，{line.paid_in} 发放）"


def _named(key: OutcomeKey) -> str:
    return f"{key.group} {key.staff} {OUTCOME_NAMES[key.type]}"


def _outcomes_otherwise(
    transaction: Transaction, month: GroupMonth, outcomes: Sequence[KeptOutcome]
) -> Iterator[str]:
    """Outcomes that stand otherwise than the result in force and HR's decisions say."""
    result = transaction.months.result(month.group, month.period, month.revision)
    is_withdrawn = month.state is MonthState.WITHDRAWN
    made_again = () if result is None or is_withdrawn else updated_outcomes(result, outcomes, is_issued=False)
    following = {outcome.key: outcome for outcome in made_again}
    acts = transaction.acts.find(group=month.group, period=month.period)
    decided = {(act.staff, act.outcome, act.decision) for act in acts if act.kind is ActKind.DECIDE}
    for outcome in outcomes:
        made = following.pop(outcome.key, None)
        if outcome.decision and (outcome.key.staff, outcome.key.type, outcome.decision) not in decided:
            yield f"{_named(outcome.key)}：台账里有裁定，却没有这次办理"
        state = OutcomeState.REVERSED if made is None else _decided(made.state, outcome.decision)
        if outcome.state is not state:
            yield f"{_named(outcome.key)}：台账里是“{STATE_NAMES[outcome.state]}”，应为“{STATE_NAMES[state]}”"
        elif made is not None and made.amount != outcome.amount:
            yield f"{_named(outcome.key)}：台账里是 {outcome.amount} 元，结果是 {made.amount} 元"
    for key in following:
        yield f"{_named(key)}：结果里有，台账里没有"


def _decided(state: OutcomeState, decision: OutcomeDecision | None) -> OutcomeState:
    if decision is None:
        return state
    return OutcomeState.DUE if decision is OutcomeDecision.APPLY else OutcomeState.REVERSED


_Amounts = Mapping[tuple[str, OutcomeType], Collection[Decimal]]
"""What a revision's result moves, by person and type."""


def _amounts(result: GroupResult | None) -> _Amounts:
    """Each rule's; and their sum, as ledgers kept them once."""
    found: defaultdict[tuple[str, OutcomeType], list[Decimal]] = defaultdict(list)
    for outcome in result.outcomes if result else ():
        if outcome.amount is not None:
            found[outcome.staff, outcome.type].append(signed(outcome.type, outcome.amount))
    return {who: [*amounts, sum(amounts, Decimal(0))] for who, amounts in found.items()}


def _lines_otherwise(transaction: Transaction, lines: Sequence[MoneyLine]) -> Iterator[str]:
    """Lines that do not alternate between an amount of their revision's result and its reversal."""
    results: dict[int, _Amounts] = {}
    chains: defaultdict[OutcomeKey, list[MoneyLine]] = defaultdict(list)
    for line in lines:
        chains[line.key].append(line)
    for key, chain in chains.items():
        for number, line in enumerate(chain, start=1):
            if line.revision not in results:
                results[line.revision] = _amounts(
                    transaction.months.result(key.group, key.period, line.revision)
                )
            amounts = results[line.revision].get((key.staff, key.type), ())
            latest = transaction.months.month_of_payment(key.group, line.recorded_on)
            is_paid_then = Period.of(line.recorded_on) <= line.paid_in <= latest
            if not (is_paid_then and _fits(line, number, chain, amounts)):
                yield f"{_named(key)} 第{line.sequence}笔：{_in_words(line)}，与第{line.revision}版的结果不符"


def _fits(line: MoneyLine, number: int, chain: Sequence[MoneyLine], amounts: Collection[Decimal]) -> bool:
    if line.sequence != number:
        return False
    if number % 2 == 0:
        return line.reverses == number - 1 and line.amount == -chain[number - 2].amount
    return line.reverses is None and line.amount in amounts
