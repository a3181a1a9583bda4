"""发放明细: everything that payroll moves in one month of payment, whichever month it was earned in.

A line is here once it counts (issued, and not held), and stays: what is taken back later is a reversal in
the month of payment in which it was taken back. So a list that was paid never changes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from appraisal.hr.facts import Names
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import MoneyLine
from appraisal.period import Period
from appraisal.publish.excel.listing import (
    ColumnFormat,
    Columns,
    Computed,
    ListColumn,
    ListSheet,
    ListTable,
    Shown,
    Value,
    as_csv,
    listed,
)
from appraisal.publish.excel.listing_sheets import listings_workbook
from appraisal.publish.wording import OUTCOME_NAMES, money_ground
from appraisal.scheme.model.outcome_rules import OutcomeType


@dataclass(frozen=True, slots=True)
class Payment:
    """A line of the ledger with the person's name in the month that it is about."""

    line: MoneyLine
    name: str

    @property
    def kind(self) -> str:
        return "执行" if self.line.reverses is None else "冲回"

    @property
    def ground(self) -> str:
        return money_ground(self.line.reason, by_finance=self.line.capped_by_payroll)


@dataclass(frozen=True, slots=True)
class Payments:
    """A person's lines stand together. `ids_are_own`: another group may have the same staff ids."""

    paid_in: Period
    lines: tuple[Payment, ...]
    ids_are_own: bool

    def by_person(self) -> list[tuple[Payment, ...]]:
        found: defaultdict[tuple[str, str], list[Payment]] = defaultdict(list)
        for payment in self.lines:
            key = payment.line.key
            found[key.group if self.ids_are_own else "", key.staff].append(payment)
        return [tuple(lines) for _, lines in sorted(found.items())]

    def in_order(self) -> Iterator[Payment]:
        return chain.from_iterable(self.by_person())


def payment_lists(
    transaction: Transaction, about: Iterable[Period], *, ids_are_own: bool
) -> dict[str, bytes]:
    """The lists of every month in which something about these periods is paid, by their names in `人事/发放`."""
    names = Names(transaction)
    documents: dict[str, bytes] = {}
    for paid_in in transaction.outcomes.months_of_payment(about):
        lines = (Payment(line, names.of(line.key)) for line in transaction.outcomes.lines_paid_in(paid_in))
        payments = Payments(paid_in, tuple(lines), ids_are_own)
        documents[f"{paid_in}.xlsx"] = payments_workbook(payments)
        documents[f"{paid_in}.csv"] = payments_csv(payments)
    return documents


def payments_workbook(payments: Payments) -> bytes:
    """The lines and each person's total, without internal numbers; the same values give the same bytes."""
    lines = _lines(payments)
    return listings_workbook([lines, _by_person(payments, lines)], payments.paid_in.last_day)


def payments_csv(payments: Payments) -> bytes:
    """The lines for a program: exact ids, and with them `编号` and `笔次`, which name a line for good.

    `人员` says the id once more in a form that no spreadsheet takes for a number, so that 007 is still
    to be seen where somebody opens the file in Excel.
    """
    return as_csv(listed(payments.in_order(), _CSV_COLUMNS))


MONEY = (OutcomeType.REWARD, OutcomeType.DEDUCT)

_COLUMNS: Columns[Payment] = (
    ListColumn("工号", lambda payment: payment.line.key.staff, 11),
    ListColumn("姓名", lambda payment: payment.name, 11, Shown.NAME),
    ListColumn("考核组", lambda payment: payment.line.key.group, 17),
    ListColumn("考核月份", lambda payment: str(payment.line.key.period), 10, Shown.CENTRED),
    ListColumn("事项", lambda payment: OUTCOME_NAMES[payment.line.key.type], 12, Shown.CENTRED),
    ListColumn("金额", lambda payment: payment.line.amount, 13, Shown.MONEY),
    ListColumn("执行/冲回", lambda payment: payment.kind, 13, Shown.CENTRED),
    ListColumn("依据", lambda payment: payment.ground, 46, Shown.WRAPPED),
)
_CSV_COLUMNS: Columns[Payment] = (
    ListColumn("发放月份", lambda payment: str(payment.line.paid_in), 10),
    ListColumn("人员", lambda payment: f"{payment.name}（{payment.line.key.staff}）", 20),
    *_COLUMNS,
    ListColumn("版次", lambda payment: f"第{payment.line.revision}版", 7),
    ListColumn("记录日期", lambda payment: payment.line.recorded_on, 11),
    ListColumn("笔次", lambda payment: payment.line.sequence, 6),
    ListColumn("编号", lambda payment: str(payment.line.key), 29),
)


def _lines(payments: Payments) -> ListSheet:
    return ListSheet(
        name="发放明细",
        title=f"{payments.paid_in.in_words}奖励与提成调整发放明细",
        notes=[
            "金额单位：元，正数为增加，负数为减少。本月应发、应扣的都在这里，不论是哪个考核月份的；逐行计入，冲回也是。",
            "看和打印用本表；同名的 .csv 供工资软件导入，请不要用 Excel 打开：Excel 会去掉工号前面的零（007 变成 7）。",
        ],
        table=listed(payments.in_order(), _COLUMNS),
        totals={
            "工号": "合计",
            "金额": Computed("=SUM({金额})", sum_of(payment.line for payment in payments.lines)),
        },
        empty="本月没有要发放或扣减的。",
        frozen=2,
        keeps_columns=True,
    )


def _by_person(payments: Payments, listing: ListSheet) -> ListSheet:
    headers = [OUTCOME_NAMES[kind] for kind in MONEY]
    return ListSheet(
        name="按人合计",
        title=f"{payments.paid_in.in_words}奖励与提成调整：按人合计",
        notes=["由发放明细实时汇总，每人一行；冲回已计入。"],
        table=ListTable(
            [
                *listing.columns[:3],
                ColumnFormat("笔数", 8, Shown.COUNT),
                *(ColumnFormat(header, 14, Shown.MONEY) for header in headers),
                ColumnFormat("合计", 14, Shown.MONEY),
            ],
            [_person_row(payments, lines, listing) for lines in payments.by_person()],
        ),
        totals={"工号": "合计", **summed_totals([payment.line for payment in payments.lines], headers)},
        empty="本月没有要发放或扣减的。",
        frozen=2,
        landscape=False,
    )


def _person_row(payments: Payments, lines: tuple[Payment, ...], listing: ListSheet) -> list[Value]:
    # Compared as texts, one by one: SUMIFS would take 007 and 7 for one person.
    is_theirs = f"EXACT({listing.all_of('工号')},{{工号}})"
    if payments.ids_are_own:
        is_theirs += f"*EXACT({listing.all_of('考核组')},{{考核组}})"
    newest = max(lines, key=lambda payment: payment.line.key.period)
    return [
        newest.line.key.staff,
        newest.name,
        "、".join(dict.fromkeys(payment.line.key.group for payment in lines)),
        *summed(listing, is_theirs, [payment.line for payment in lines]),
    ]


def summed(listing: ListSheet, which: str, lines: Sequence[MoneyLine]) -> list[Value]:
    """Count, amount by 事项 and whole amount of the list's rows where the formula `which` is true: `lines`."""
    kinds, amounts = listing.all_of("事项"), listing.all_of("金额")
    return [
        Computed(f"=SUMPRODUCT({which}*1)", len(lines)),
        *(
            Computed(f'=SUMPRODUCT({which}*({kinds}="{OUTCOME_NAMES[kind]}")*{amounts})', sum_of(lines, kind))
            for kind in MONEY
        ),
        Computed(f"=SUMPRODUCT({which}*{amounts})", sum_of(lines)),
    ]


def summed_totals(lines: Sequence[MoneyLine], headers: Sequence[str]) -> dict[str, Value]:
    """The totals below rows of `summed`; `headers` are the columns of the kinds of money."""
    by_kind = {
        header: Computed(f"=SUM({{{header}}})", sum_of(lines, kind))
        for header, kind in zip(headers, MONEY, strict=True)
    }
    return {
        "笔数": Computed("=SUM({笔数})", len(lines)),
        **by_kind,
        "合计": Computed("=SUM({合计})", sum_of(lines)),
    }


def sum_of(lines: Iterable[MoneyLine], kind: OutcomeType | None = None) -> Decimal:
    """The lines' sum: rewards above zero, deductions below; of one kind of money where `kind` names it."""
    return sum((line.amount for line in lines if kind in {None, line.key.type}), Decimal(0))
