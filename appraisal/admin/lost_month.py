"""One group's month put back into the ledger: its revisions, where it stands, what follows, and its money.

Where HR's lists do not show whether it was issued, it is closed: nothing is paid until HR has looked at it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial

from appraisal.admin.published_months import HrLists, PublishedRevision, ShownLine
from appraisal.admin.remade_revision import MadeAgain, made_again
from appraisal.hr.payroll import LineState
from appraisal.intake.hr_acts import Act
from appraisal.ledger.history import UNKNOWN_DAY
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import Posting, decided, needs_decision, taken_back, updated_outcomes
from appraisal.ledger.records import GroupMonth, KeptOutcome, MonthState, RevisionKind
from appraisal.period import Period
from appraisal.pipeline.appraise import DecidedOutcomes
from appraisal.pipeline.context import RunContext
from appraisal.publish.wording import OUTCOME_NAMES
from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
from appraisal.scoring.results import GroupResult, OutcomeState

BY, WHY = "台账恢复", "由存档和已发布的结果恢复"
"""Who stands in the ledger for an act that was put back, and why."""


@dataclass(frozen=True, slots=True)
class RestoredMonth:
    """What was put back of one group's month, and Chinese sentences about what HR should look at."""

    group: str
    period: Period
    revisions: tuple[int, ...]
    lines: int
    to_check: tuple[str, ...]

    def in_words(self) -> str:
        numbers = "、".join(f"第{number}版" for number in self.revisions) or "各版都在"
        return f"{self.group} {self.period}：{numbers}；奖励与提成调整{self.lines}条。"

    def as_json(self) -> dict[str, object]:
        return asdict(self) | {"period": str(self.period)}


@dataclass(frozen=True, slots=True)
class LostMonth:
    """One group's month, as its papers and HR's lists show it, on its way back into the ledger."""

    group: str
    period: Period
    revisions: Sequence[PublishedRevision]
    lists: HrLists
    today: date

    def put_back(self, context: RunContext) -> RestoredMonth:
        """Enter what the ledger lacks, in one transaction."""
        with context.ledger.reading() as transaction:
            month = transaction.months.get(self.group, self.period)
            issued = {
                revision.number: revision.issued
                for revision in transaction.months.revisions(self.group, self.period)
            }
        state, unsure = self._state(month)
        is_news = state.is_issued and not (month and month.is_issued)
        base = self._first_issued(state)
        to_check, made = [*unsure], list[MadeAgain]()
        for revision in self.revisions:
            number = revision.result.revision
            if issued.get(number) != revision.result.issued or (is_news and number == base):
                made.append(self._made_again(context, revision, made, state))
                to_check += made[-1].to_check
        with context.ledger.writing() as transaction:
            for each in made:
                provenance = each.provenance(context, transaction)
                if each.result.revision == 1:
                    provenance = replace(provenance, made_on=self._handed_in(each, to_check))
                transaction.months.put_back(each.result, provenance)
            lines = self._conclude(transaction, state, made, to_check)
        numbers = tuple(revision.result.revision for revision in made)
        return RestoredMonth(
            group=self.group, period=self.period, revisions=numbers, lines=lines, to_check=tuple(to_check)
        )

    def _made_again(
        self, context: RunContext, revision: PublishedRevision, made: Sequence[MadeAgain], state: GroupMonth
    ) -> MadeAgain:
        """Made once more as what follows the revision before it."""
        number = revision.result.revision
        before = next(
            (earlier for earlier in reversed(self.revisions) if earlier.result.revision < number), None
        )
        former = made[-1].result if made else None
        if before is not None and former is None:
            with context.ledger.reading() as transaction:
                former = transaction.months.result(self.group, self.period, before.result.revision)
        return made_again(
            context,
            revision,
            before,
            former=former,
            first_issued=state.issued_on,
            decided=None if revision.is_former else partial(self._decided, state),
        )

    def _handed_in(self, first: MadeAgain, to_check: list[str]) -> date:
        """By the draft that lies there, which bears the day, else by HR's lists: what was issued bears another."""
        if first.made is not None and first.made[0].is_draft:
            return first.result.issued
        day = self.lists.handed_in.get(self.group)
        if day is None:
            to_check.append("年度表和迟报名单里看不到哪天报送：报送日不详，不计迟报。")
        return day or UNKNOWN_DAY

    def _first_issued(self, state: GroupMonth) -> int | None:
        """The revision that was issued first, by the date that it bears."""
        day = state.issued_on
        issued = [
            revision.result.revision for revision in self.revisions if day and revision.result.issued >= day
        ]
        return min(issued, default=None)

    # ------------------------------------------------------------------------------ where it stands

    def _state(self, known: GroupMonth | None) -> tuple[GroupMonth, list[str]]:
        """By the ledger where it knows more, else by HR's lists; and what is not sure of it."""
        newest = self.revisions[-1]
        revision = max(newest.result.revision, known.revision if known else 0)
        number = known.document_number if known else None
        blank = GroupMonth(
            group=self.group,
            period=self.period,
            state=MonthState.OPEN,
            revision=revision,
            issued_on=None,
            document_number=number,
        )
        if known is not None and known.is_issued and known.revision >= newest.result.revision:
            return known, []
        shown = self.lists.months.get(self.group)
        paid = [row.line.recorded_on for row in self._shown_lines() if row.line is not None]
        if shown is not None and shown.state is MonthState.WITHDRAWN:
            return replace(blank, state=MonthState.WITHDRAWN), []
        if all(revision.is_former for revision in self.revisions):
            sentence = "月份文件夹里没有现行的 result.json，按已撤回恢复，请核对。"
            return replace(blank, state=MonthState.WITHDRAWN), [sentence]
        issued_on = (shown.issued_on if shown else None) or min(paid, default=None)
        issued_on = issued_on or (known.issued_on if known else None)
        if issued_on is not None:
            state = shown.state if shown and shown.state is MonthState.CLOSED else MonthState.ISSUED
            return replace(blank, state=state, issued_on=issued_on), []
        if shown is not None:
            return replace(blank, state=shown.state), []
        sentence = (
            "人事文件夹里看不出是否已下发、已发放：先按已关账恢复，核对后请重新开放，已下发过的不要再下发。"
        )
        return replace(blank, state=MonthState.CLOSED), [sentence]

    def _shown_lines(self) -> list[ShownLine]:
        return [row for row in self.lists.lines or () if row.key.group == self.group]

    # -------------------------------------------------------------------------- what follows, and money

    def _conclude(
        self, transaction: Transaction, state: GroupMonth, made: Sequence[MadeAgain], to_check: list[str]
    ) -> int:
        """Outcomes, money, acts and the hashes of the papers; the number of lines put back."""
        base = self._first_issued(state)
        first = next((revision for revision in made if revision.result.revision == base), None)
        if first is not None and state.document_number is None:
            state = replace(state, document_number=first.document_number)
        former = transaction.outcomes.of_month(self.group, self.period)
        now = former
        for revision in made:
            is_after = base is not None and revision.result.revision > base
            now = updated_outcomes(revision.result, now, is_issued=is_after)
        if state.state is MonthState.WITHDRAWN:
            now = tuple(taken_back(outcome, state.revision) for outcome in now)
        now = tuple(self._as_shown(outcome, to_check) for outcome in now)
        for outcome in now:
            if outcome.decision is not None:
                self._put_back_decision(transaction, state, outcome)
        transaction.outcomes.put(now, instead_of=former)
        is_closed = state.state is MonthState.CLOSED
        transaction.months.put_back_state(
            replace(state, state=MonthState.ISSUED if state.is_issued else MonthState.OPEN)
            if is_closed
            else state
        )
        lines = self._put_back_money(transaction, state, now, to_check)
        self._put_back_acts(transaction, state, made, base)
        if is_closed and not transaction.months.is_closed(self.group, self.period):
            transaction.acts.close(replace(self._act(ActKind.CLOSE, state), on=self.today))
        for revision in made:
            transaction.placed.wrote(revision.ours)
        transaction.pending_hr_folders.note(self.period)
        return lines

    def _as_shown(self, outcome: KeptOutcome, to_check: list[str]) -> KeptOutcome:
        """With HR's decision, where the list of money shows one."""
        rows = [row for row in self._shown_lines() if row.key == outcome.key]
        if not rows:
            if needs_decision(outcome):
                to_check.append(f"{outcome.key.staff} {OUTCOME_NAMES[outcome.key.type]}：看不出是否已裁定。")
            return outcome
        state = _STATES[rows[-1].state]
        if state is outcome.state:
            return outcome
        if needs_decision(outcome) and state is not OutcomeState.HOLD:
            return decided(
                outcome, OutcomeDecision.APPLY if state is OutcomeState.DUE else OutcomeDecision.WAIVE
            )
        name = OUTCOME_NAMES[outcome.key.type]
        to_check.append(f"{outcome.key.staff} {name}：明细里是“{rows[-1].state.value}”，与现行结果不符。")
        return outcome

    def _decided(self, state: GroupMonth, result: GroupResult) -> DecidedOutcomes | None:
        """What HR has decided about it, by the list of money."""
        first = updated_outcomes(result, (), is_issued=False)
        kept = tuple(self._as_shown(outcome, []) for outcome in first)
        acts = tuple(self._decision(outcome, state) for outcome in kept if outcome.decision is not None)
        return DecidedOutcomes(kept, acts) if acts else None

    def _decision(self, outcome: KeptOutcome, state: GroupMonth) -> Act:
        """With its ground, as far as the list of money gives it."""
        key = outcome.key
        act = replace(
            self._act(ActKind.DECIDE, state), staff=key.staff, outcome=key.type, decision=outcome.decision
        )
        if key.part > 1:
            act = replace(act, item=key.part)
        last = [row for row in self._shown_lines() if row.key == key][-1]
        if (ground := _GROUND.search(last.reason)) is not None:
            return replace(
                act, reason=ground["why"] or "", by=ground["by"], on=date.fromisoformat(ground["on"])
            )
        if last.line is not None:  # a reversal names the reason of the decision that it came of
            return replace(act, reason=last.reason.partition("：")[2], on=last.line.recorded_on)
        return act

    def _put_back_money(
        self, transaction: Transaction, state: GroupMonth, now: Sequence[KeptOutcome], to_check: list[str]
    ) -> int:
        capped = {outcome.key for outcome in now if outcome.capped_by_payroll}
        shown = [
            replace(row.line, capped_by_payroll=row.key in capped)
            for row in self._shown_lines()
            if row.line is not None
        ]
        there = {
            (line.key, line.sequence): line
            for line in transaction.outcomes.lines_of_month(self.group, self.period)
        }
        for line in shown:
            known = there.get((line.key, line.sequence))
            if known is not None and known.amount != line.amount:
                sentence = f"台账记{known.amount}元，明细是{line.amount}元，以台账为准"
                to_check.append(f"{line.key.staff} 第{line.sequence}笔：{sentence}。")
        entered = transaction.outcomes.put_back(shown)
        if state.issued_on is None:
            return len(entered)
        # What was issued was paid, also where no list shows it: entered as paid then, never to be paid again.
        paid_in = Period.of(state.issued_on)
        posting = Posting(on=state.issued_on, revision=state.revision, why=WHY, paid_in=paid_in)
        guessed = transaction.outcomes.settle(self.group, self.period, posting)
        to_check += [
            f"{line.key.staff} {OUTCOME_NAMES[line.key.type]} {line.amount}元：明细里看不到，"
            f"按 {line.recorded_on} 已记入、{line.paid_in} 发放恢复，请核对工资记录。"
            for line in guessed
        ]
        return len(entered) + len(guessed)

    def _put_back_acts(
        self, transaction: Transaction, state: GroupMonth, made: Sequence[MadeAgain], base: int | None
    ) -> None:
        for revision in made:
            if revision.kind is RevisionKind.CORRECTION:
                act = self._act(ActKind.APPROVE_CORRECTION, state)
                transaction.acts.put_back(
                    replace(act, on=revision.result.issued, document_number=revision.document_number)
                )
            elif revision.result.revision == base:
                transaction.acts.put_back(self._act(ActKind.ISSUE, state))

    def _put_back_decision(self, transaction: Transaction, state: GroupMonth, outcome: KeptOutcome) -> None:
        """Where the ledger does not know who made it."""
        acts = transaction.acts.find(group=self.group, period=self.period)
        made = {(act.staff, act.outcome, act.decision) for act in acts}
        if (outcome.key.staff, outcome.key.type, outcome.decision) not in made:
            transaction.acts.put_back(self._decision(outcome, state))

    def _act(self, kind: ActKind, state: GroupMonth) -> Act:
        on = state.issued_on or self.today
        number = state.document_number if kind is ActKind.ISSUE else None
        return Act(
            kind=kind, period=self.period, group=self.group, on=on, by=BY, reason=WHY, document_number=number
        )


_GROUND = re.compile(
    r"；裁定(?:不?执行)(?:：(?P<why>.*))?（(?P<by>[^（）]*)，(?P<on>\d{4}-\d{2}-\d{2})）$", re.DOTALL
)
"""How `ground_of` ends."""

_STATES = {
    LineState.IN_FORCE: OutcomeState.DUE,
    LineState.NOT_ISSUED: OutcomeState.DUE,
    LineState.HELD: OutcomeState.HOLD,
    LineState.WAIVED: OutcomeState.REVERSED,
    LineState.TAKEN_BACK: OutcomeState.REVERSED,
    LineState.REVERSAL: OutcomeState.REVERSED,
}
