"""奖励与提成调整明细: what payroll moves for the appraisal of one month, as a workbook and as CSV.

Every line of the ledger stands here once and for ever: what was taken back keeps its line, and the
reversal has a line of its own. So the lines of one month of payment always add up to what is paid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from appraisal.hr.facts import Names, PeriodFacts
from appraisal.hr.grades import GradeRow, grades_sheet
from appraisal.hr.payments import MONEY, sum_of, summed, summed_totals
from appraisal.intake.hr_acts import Act
from appraisal.ledger.outcome_changes import ground_of
from appraisal.ledger.records import KeptOutcome, MoneyLine, OutcomeKey
from appraisal.period import Period
from appraisal.publish.excel.listing import (
    ColumnFormat,
    Columns,
    Computed,
    ListColumn,
    ListSheet,
    ListTable,
    Shown,
    as_csv,
    listed,
)
from appraisal.publish.excel.listing_sheets import listings_workbook
from appraisal.publish.wording import HELD, OUTCOME_NAMES
from appraisal.scoring.results import OutcomeState, signed
from appraisal.workspace.names import hr_month_folder


class LineState(StrEnum):
    """Where a line stands: what is not issued, held or waived has no month of payment and does not count."""

    IN_FORCE = "执行"
    NOT_ISSUED = "待下发"
    HELD = HELD
    WAIVED = "不执行"
    TAKEN_BACK = "已撤销"
    REVERSAL = "冲回"


@dataclass(frozen=True, slots=True)
class PayrollLine:
    """One line. `amount` is signed as the person feels it; `written` is the ledger's line, None as long as nothing is to be paid."""

    key: OutcomeKey
    name: str
    amount: Decimal
    reason: str
    clause: str | None
    state: LineState
    revision: int
    written: MoneyLine | None = None


@dataclass(frozen=True, slots=True)
class Payroll:
    """The lines of the appraised month, those of other months that are paid at the same time, and the grades."""

    period: Period
    lines: tuple[PayrollLine, ...]
    elsewhere: tuple[PayrollLine, ...] = ()
    grades: tuple[GradeRow, ...] = ()


def payroll_of(facts: PeriodFacts, grades: Iterable[GradeRow]) -> Payroll:
    """Every line of the appraised period; beside them, what other periods move in the same months."""
    kept, period = facts.transaction.outcomes, facts.period
    months = (*facts.months, *facts.withdrawn)
    lines = kept.lines_of_months([month.group for month in months], period)
    paid_in = sorted({period.shifted(1), *(line.paid_in for line in lines)})
    elsewhere = [line for month in paid_in for line in kept.lines_paid_in(month) if line.key.period != period]
    outcomes = {outcome.key: outcome for outcome in facts.outcomes if outcome.key.type in MONEY}
    acts = (
        facts.transaction.acts.find(period=period)
        if any(outcome.decision for outcome in outcomes.values())
        else ()
    )
    issued = {month.group for month in months if month.is_issued}
    names = Names(facts.transaction)
    places = {group: place for place, group in enumerate(facts.in_order(month.group for month in months))}
    listed = sorted(_of_period(lines, outcomes, issued, names, acts), key=lambda line: places[line.key.group])
    return Payroll(
        period=period,
        lines=tuple(listed),
        elsewhere=tuple(
            line for written in _by_key(elsewhere).values() for line in _written(written, None, names)
        ),
        grades=tuple(grades),
    )


def _by_key(lines: Iterable[MoneyLine]) -> dict[OutcomeKey, list[MoneyLine]]:
    found: defaultdict[OutcomeKey, list[MoneyLine]] = defaultdict(list)
    for line in lines:
        found[line.key].append(line)
    return found


def _of_period(
    lines: Iterable[MoneyLine],
    outcomes: Mapping[OutcomeKey, KeptOutcome],
    issued: Collection[str],
    names: Names,
    acts: Sequence[Act],
) -> Iterator[PayrollLine]:
    """By person and type: the lines written, then the outcome where they do not say it yet."""
    by_key = _by_key(lines)
    for key in sorted({*by_key, *outcomes}):
        written, outcome = by_key.get(key, []), outcomes.get(key)
        yield from _written(written, outcome, names)
        if outcome is not None and not _is_settled(outcome, written):
            decided = [act for act in acts if act.group == key.group]
            yield _unsettled(outcome, names, ground_of(outcome, decided), is_issued=key.group in issued)


def _is_settled(outcome: KeptOutcome, written: Sequence[MoneyLine]) -> bool:
    """Whether the lines say how the outcome stands: the last one holds, or takes back what was reversed."""
    if not written:
        return False
    if outcome.state is OutcomeState.DUE:
        return written[-1].reverses is None
    return outcome.state is OutcomeState.REVERSED


def _written(lines: Sequence[MoneyLine], outcome: KeptOutcome | None, names: Names) -> Iterator[PayrollLine]:
    taken_back = {line.reverses for line in lines}
    for line in lines:
        if line.reverses is not None:
            state = LineState.REVERSAL
        else:
            state = LineState.TAKEN_BACK if line.sequence in taken_back else LineState.IN_FORCE
        yield PayrollLine(
            key=line.key,
            name=names.of(line.key),
            amount=line.amount,
            reason=line.reason,
            clause=outcome.clause if outcome else None,
            state=state,
            revision=line.revision,
            written=line,
        )


def _unsettled(outcome: KeptOutcome, names: Names, ground: str, *, is_issued: bool) -> PayrollLine:
    """An outcome without a line that holds: not issued, held, or never in force."""
    in_force = LineState.IN_FORCE if is_issued else LineState.NOT_ISSUED
    never = LineState.TAKEN_BACK if outcome.decision is None else LineState.WAIVED
    states = {OutcomeState.DUE: in_force, OutcomeState.HOLD: LineState.HELD, OutcomeState.REVERSED: never}
    return PayrollLine(
        key=outcome.key,
        name=names.of(outcome.key),
        amount=signed(outcome.key.type, outcome.amount or Decimal(0)),
        reason=ground,
        clause=outcome.clause,
        state=states[outcome.state],
        revision=outcome.revision,
    )


def payroll_workbook(payroll: Payroll) -> bytes:
    """The workbook; the same values give the same bytes."""
    lines = _lines(payroll)
    lists = [lines, _by_payment(payroll, lines)]
    if payroll.elsewhere:
        lists.append(_elsewhere(payroll))
    if payroll.grades:
        lists.append(grades_sheet(payroll.period, payroll.grades))
    return listings_workbook(lists, payroll.period.last_day)


def payroll_csv(payroll: Payroll) -> bytes:
    """The lines for a program, in the columns of the workbook."""
    return as_csv(listed(payroll.lines, _COLUMNS))


_COLUMNS: Columns[PayrollLine] = (
    ListColumn("考核组", lambda line: line.key.group, 13, Shown.STRONG),
    ListColumn("工号", lambda line: line.key.staff, 10),
    ListColumn("姓名", lambda line: line.name, 10, Shown.NAME),
    ListColumn("事项", lambda line: OUTCOME_NAMES[line.key.type], 9, Shown.CENTRED),
    ListColumn("金额", lambda line: line.amount, 11, Shown.MONEY),
    ListColumn("状态", lambda line: line.state.value, 11, Shown.CENTRED),
    ListColumn("发放月份", lambda line: str(line.written.paid_in) if line.written else "", 10, Shown.CENTRED),
    ListColumn("依据", lambda line: line.reason, 24, Shown.WRAPPED),
    ListColumn("条款", lambda line: line.clause or "", 24, Shown.WRAPPED),
    ListColumn("版次", lambda line: f"第{line.revision}版", 7, Shown.CENTRED),
    ListColumn("记录日期", lambda line: line.written.recorded_on if line.written else None, 11, Shown.DAY),
    ListColumn("考核月份", lambda line: str(line.key.period), 9, Shown.CENTRED),
    ListColumn("笔次", lambda line: line.written.sequence if line.written else None, 6, Shown.COUNT),
    ListColumn("编号", lambda line: str(line.key), 29),
)


def _lines(payroll: Payroll) -> ListSheet:
    return ListSheet(
        name="奖励与提成调整明细",
        title=f"{payroll.period.in_words}考核奖励与提成调整明细",
        notes=[
            "金额单位：元，正数为增加，负数为减少。按“发放月份”筛选后逐行计入；没有发放月份的行没有生效，不计入合计。",
            "已撤销的行由对应的冲回行抵销，两行都要计入，不另作处理。编号和笔次合起来唯一，同一笔只发放一次。",
        ],
        table=listed(payroll.lines, _COLUMNS),
        totals={
            "考核组": "生效合计",
            "金额": Computed(
                '=SUMPRODUCT(({发放月份}<>"")*{金额})',
                sum_of(line.written for line in payroll.lines if line.written),
            ),
        },
        empty="本月没有奖励和提成调整事项。",
        frozen=3,
        unprinted=2,
        keeps_columns=True,
    )


def _by_payment(payroll: Payroll, listing: ListSheet) -> ListSheet:
    """Control totals: one row for each month of payment."""
    paid = [line.written for line in payroll.lines if line.written]
    headers = [f"{OUTCOME_NAMES[kind]}（含冲回）" for kind in MONEY]
    # Compared one by one: SUMIFS would take the text 2026-12 for a date.
    is_paid = f"({listing.all_of('发放月份')}={{发放月份}})"
    return ListSheet(
        name="按发放月份合计",
        title=f"{payroll.period.in_words}考核奖励与提成调整：按发放月份合计",
        notes=["由明细表实时汇总，供发放前核对总额。"],
        table=ListTable(
            [
                ColumnFormat("发放月份", 14, Shown.CENTRED),
                ColumnFormat("笔数", 10, Shown.COUNT),
                *(ColumnFormat(header, 20, Shown.MONEY) for header in headers),
                ColumnFormat("合计", 18, Shown.MONEY),
            ],
            [
                [str(month), *summed(listing, is_paid, [line for line in paid if line.paid_in == month])]
                for month in sorted({line.paid_in for line in paid})
            ],
        ),
        totals={"发放月份": "合计", **summed_totals(paid, headers)},
        empty="还没有生效的奖励和提成调整。",
        landscape=False,
    )


def _elsewhere(payroll: Payroll) -> ListSheet:
    """Lines that stand in the folders of other months but are paid together with these."""
    columns: Columns[PayrollLine] = [
        *_COLUMNS[:8],
        ListColumn("明细所在文件夹", lambda line: hr_month_folder(line.key.period), 24),
        ListColumn("考核月份", lambda line: str(line.key.period), 10, Shown.CENTRED),
    ]
    return ListSheet(
        name="其他考核月份同期发放",
        title=f"与{payroll.period.in_words}考核同期发放的其他考核月份记录",
        notes=[
            "只作提示，不计入本表合计。这些记录列在各自考核月份文件夹的明细里，请到那里取用，勿重复发放。"
        ],
        table=listed(payroll.elsewhere, columns),
    )
