"""One person's months, one after the other: what `history` tells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import KeptOutcome, PersonResult
from appraisal.publish.wording import NOT_RANKED, STATE_NAMES
from appraisal.scheme.forms.hr_acts import OUTCOME_SHORT_NAMES
from appraisal.scheme.model.units import money
from appraisal.scoring.results import OutcomeState


@dataclass(frozen=True, slots=True)
class PersonPast:
    """A person's months in order of time, each with what followed from it as it stands now."""

    staff: str
    months: tuple[tuple[PersonResult, tuple[KeptOutcome, ...]], ...]

    def in_words(self) -> Iterator[str]:
        """A heading, a line for each month, and what they come to."""
        if not self.months:
            yield f"台账里没有工号“{self.staff}”的考核结果。"
            return
        yield f"{self.months[-1][0].name}（{self.staff}）"
        for month, outcomes in self.months:
            yield f"  {month.period}  {month.group}  {_place(month)}{_outcomes(outcomes)}"
        ranked = [month for month, _ in self.months if month.rank is not None]
        firsts = sum(month.rank == 1 for month in ranked)
        lasts = sum(month.was_sole_last for month in ranked)
        yield f"共{len(self.months)}个月，参与排名{len(ranked)}个月，第一名{firsts}次，末位{lasts}次。"

    def as_json(self) -> Iterator[dict[str, object]]:
        """One object for each month."""
        for month, outcomes in self.months:
            yield {
                "staff": month.staff,
                "name": month.name,
                "group": month.group,
                "period": str(month.period),
                "revision": month.revision,
                "rank": month.rank,
                "of": month.ranked_count,
                "final": None if month.final is None else str(month.final),
                "reason": month.reason,
                "outcomes": [
                    {
                        "type": one.key.type.value,
                        "amount": None if one.amount is None else str(one.amount),
                        "due": None if one.due is None else str(one.due),
                        "state": one.state.value,
                    }
                    for one in outcomes
                ],
            }


def past_of(transaction: Transaction, staff: str) -> PersonPast:
    """The person's months in force, of every group."""
    return PersonPast(
        staff,
        tuple(
            (
                month,
                tuple(
                    one
                    for one in transaction.outcomes.of_month(month.group, month.period)
                    if one.key.staff == staff
                ),
            )
            for month in transaction.past.of_person(staff)
        ),
    )


def _place(month: PersonResult) -> str:
    score = "无得分" if month.final is None else f"{month.final}分"
    if month.rank is None:
        return f"{score}，{NOT_RANKED}（{month.reason}）"
    return f"{score}，第{month.rank}名（参评{month.ranked_count}人）"


def _outcomes(outcomes: tuple[KeptOutcome, ...]) -> str:
    return f"；{'、'.join(map(_brief, outcomes))}" if outcomes else ""


def _brief(one: KeptOutcome) -> str:
    amount = money(one.amount) if one.amount else ""
    state = "" if one.state is OutcomeState.DUE else f"（{STATE_NAMES[one.state]}）"
    return f"{OUTCOME_SHORT_NAMES[one.key.type]}{amount}{state}"
