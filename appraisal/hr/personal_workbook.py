"""个人绩效档案: the lists of one person's record, and the workbook that has them on one sheet with the line of the months."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import chain

from xlsxwriter.chart import Chart

from appraisal.hr.acknowledgements import (
    ENTRY_COLUMNS,
    READING,
    SENT_COLUMNS,
    STATE_NAMES,
    HandoutState,
)
from appraisal.hr.appeals import answer_to, appeal_in_words, items_in_words
from appraisal.hr.facts import state_in_words
from appraisal.hr.person import FEWEST, PersonalRecord, RecordedMonth
from appraisal.hr.plan_tracker import plan_in_words
from appraisal.intake.hr_acts import Act
from appraisal.ledger.delivery_records import Acknowledgement, Delivery, Handout
from appraisal.ledger.records import Appeal, MoneyLine, Plan
from appraisal.period import Period
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.charts import ScoreLine, score_chart
from appraisal.publish.excel.listing import Columns, Computed, ListColumn, ListSheet, Shown, Value, listed
from appraisal.publish.excel.listing_sheets import write_stack
from appraisal.publish.points_explained import Weakness
from appraisal.publish.wording import OUTCOME_NAMES, document_date, full_date, money_ground
from appraisal.scheme.forms.acknowledgement import PAPER_NAMES
from appraisal.scheme.forms.hr_acts import DECISION_NAMES, ActKind


def personal_lists(record: PersonalRecord) -> list[ListSheet]:
    """The months, then whatever else there is something of."""
    others = (_weaknesses, _money, _plans, _sent, _signed, _appeals, _decisions)
    return [_months(record), *(sheet for of in others if (sheet := of(record)).rows)]


def personal_workbook(record: PersonalRecord) -> bytes:
    """The lists on one sheet, with the line of the months below the first; the same values give the same bytes."""
    book = Book()
    sheet, (months, *_) = write_stack(book, personal_lists(record), "个人绩效档案")
    if record.months:
        sheet.insert_chart(months.end + 1, 0, _chart(book, months, record))
    return book.finished(created=record.today)


_CHART_ROWS = 13
LINES = ("综合得分", "组平均", "半数人自", "半数人至")
"""The columns that the chart draws: the person's own line, the group's average, the group's middle half."""


def _drawn(index: int, width: float, shown: Shown) -> ListColumn[RecordedMonth]:
    """A column that the chart draws: empty where there is no figure, a dash would be drawn as 0."""
    return ListColumn(
        LINES[index], lambda month: "" if (value := _figures(month)[index]) is None else value, width, shown
    )


_MONTHS: Columns[RecordedMonth] = (
    ListColumn("考核月份", lambda month: str(month.month.period), 10, Shown.CENTRED),
    ListColumn("考核组", lambda month: month.month.group, 12, Shown.STRONG),
    _drawn(0, 10, Shown.SCORE),
    _drawn(1, 10, Shown.SCORE),
    _drawn(2, 9, Shown.COUNT),
    _drawn(3, 9, Shown.COUNT),
    ListColumn("名次", lambda month: month.person.rank, 7, Shown.COUNT),
    ListColumn("参评人数", lambda month: month.ranked, 9, Shown.COUNT),
    ListColumn("状态", lambda month: state_in_words(month.month), 12, Shown.CENTRED),
    ListColumn("版次", lambda month: f"第{month.month.revision}版", 7, Shown.CENTRED),
    ListColumn("结果", lambda month: month.follows, 35, Shown.WRAPPED),
    ListColumn("备注", lambda month: month.person.reason or "", 12, Shown.WRAPPED),
)


def _months(record: PersonalRecord) -> ListSheet:
    person, months = record.person, record.months
    post = f"　　岗位：{record.post}" if record.post else ""
    joined = f"　　入职日期：{document_date(record.joined)}" if record.joined else ""
    groups = dict.fromkeys(month.month.group for month in reversed(months))
    return ListSheet(
        name="各月得分与名次",
        title=f"{person.in_words}个人绩效档案",
        lead=[
            f"考核组：{'、'.join(groups) or '—'}{post}{joined}",
            f"截至{full_date(record.today)}，共{len(months)}个考核月。只有本人的内容，不含他人的姓名和得分。",
        ],
        notes=[
            f"“半数人自、至”：本组得分居中的一半人所在的范围，取整到分；参与排名不足{FEWEST}人的不列。",
        ],
        table=listed(months, _MONTHS),
        empty="这段时间没有考核结果。",
        room=_CHART_ROWS if months else 0,
    )


def figures_drawn(record: PersonalRecord) -> list[tuple[str, list[Decimal | int | None]]]:
    """The lines of the chart by their names in `LINES`; None where a month has no figure."""
    return [(line, [_figures(month)[index] for month in record.months]) for index, line in enumerate(LINES)]


def _figures(month: RecordedMonth) -> tuple[Decimal | int | None, ...]:
    return month.person.final, month.average, *(month.middle_half or (None, None))


def _chart(book: Book, sheet: ListSheet, record: PersonalRecord) -> Chart:
    """The person's line, the group's average and its middle half."""
    months = sheet.all_of("考核月份")
    lines = [ScoreLine(name, months, sheet.all_of(name), is_main=name == LINES[0]) for name in LINES]
    figures = [figure for _, line in figures_drawn(record) for figure in line if figure is not None]
    chart = score_chart(book, "综合得分走势", lines, figures)
    width = sum(int(column.width * 7 + 5) for column in sheet.columns)
    chart.set_size({"width": width * 9 // 10, "height": 230})
    return chart


_WEAKNESSES: Columns[tuple[Period, Weakness]] = (
    ListColumn("考核月份", lambda row: str(row[0]), 10, Shown.CENTRED),
    ListColumn("指标", lambda row: row[1].indicator.name, 24, Shown.STRONG),
    ListColumn("实际", lambda row: row[1].value_in_print, 14, Shown.CENTRED),
    ListColumn("目标", lambda row: row[1].goal_in_print, 14, Shown.CENTRED),
    ListColumn("差距", lambda row: row[1].gap_in_print, 18, Shown.CENTRED),
    ListColumn("失分", lambda row: row[1].lost_in_print, 10, Shown.CENTRED),
)


def _weaknesses(record: PersonalRecord) -> ListSheet:
    return ListSheet(
        name="失分最多的指标",
        notes=["每月列二至四项，失分多的在前；不计分的指标不列。"],
        table=listed(
            ((month.month.period, weak) for month in record.months for weak in month.weaknesses), _WEAKNESSES
        ),
    )


def _money(record: PersonalRecord) -> ListSheet:
    def ground(line: MoneyLine) -> str:
        return money_ground(record.withheld(line.reason), by_finance=line.capped_by_payroll)

    columns: Columns[MoneyLine] = [
        ListColumn("考核月份", lambda line: str(line.key.period), 10, Shown.CENTRED),
        ListColumn("发放月份", lambda line: str(line.paid_in), 10, Shown.CENTRED),
        ListColumn("事项", lambda line: OUTCOME_NAMES[line.key.type], 10, Shown.CENTRED),
        ListColumn("金额", lambda line: line.amount, 13, Shown.MONEY),
        ListColumn("执行/冲回", lambda line: "执行" if line.reverses is None else "冲回", 11, Shown.CENTRED),
        ListColumn("依据", ground, 46, Shown.WRAPPED),
    ]
    return ListSheet(
        name="奖励与提成调整",
        notes=["金额单位：元，正数为增加，负数为减少；只列已记入台账的，撤销的另有一行冲回。"],
        table=listed(record.lines, columns),
        totals={
            "考核月份": "合计",
            "金额": Computed("=SUM({金额})", sum((line.amount for line in record.lines), Decimal(0))),
        },
    )


_PLANS: Columns[tuple[Plan, str]] = (
    ListColumn("考核月份", lambda row: str(row[0].period), 10, Shown.CENTRED),
    ListColumn("提交截止", lambda row: row[0].due if row[0].is_issued else "下发后定", 28, Shown.DEADLINE),
    ListColumn("状态", lambda row: row[1], 12, Shown.CENTRED),
    ListColumn("首次提交", lambda row: row[0].submitted_on, 13, Shown.DAY),
    ListColumn("审核日期", lambda row: row[0].judged_on, 13, Shown.DAY),
    ListColumn("面谈日期", lambda row: row[0].talked_on, 13, Shown.DAY),
)


def _plans(record: PersonalRecord) -> ListSheet:
    plans = [
        (plan, state or plan_in_words(plan, record.today))
        for month in record.months
        for plan, state in ((month.plan, ""), (month.released, "免于整改"))
        if plan is not None
    ]
    return ListSheet(name="整改与面谈", table=listed(plans, _PLANS))


_SENT: Columns[Delivery] = (
    ListColumn("考核月份", lambda delivery: str(delivery.key.period), 10, Shown.CENTRED),
    *SENT_COLUMNS,
)


def _sent(record: PersonalRecord) -> ListSheet:
    sent = (delivery for month in record.months for delivery in month.sent)
    return ListSheet("发送和已读", listed(sent, _SENT), notes=[READING])


_SIGNED: Columns[Acknowledgement] = (
    ListColumn("考核月份", lambda entry: str(entry.period), 10, Shown.CENTRED),
    *ENTRY_COLUMNS,
)


def _signed(record: PersonalRecord) -> ListSheet:
    """What was entered, and below it in each month the papers that nobody has signed for."""
    of_months = [
        (*listed(month.acknowledgements, _SIGNED).rows, *map(_unsigned_row, month.unsigned))
        for month in record.months
    ]
    return ListSheet("送达签收", replace(listed((), _SIGNED), rows=[*chain.from_iterable(of_months)]))


def _unsigned_row(paper: tuple[Handout, HandoutState]) -> list[Value]:
    """`未送` stands where the result will."""
    handout, state = paper
    name = PAPER_NAMES[handout.paper]
    return [str(handout.period), handout.revision, name, "", None, STATE_NAMES[state], None, "", "", None]


def _appeals(record: PersonalRecord) -> ListSheet:
    def said(appeal: Appeal) -> str:
        answer = answer_to(appeal, (act for month in record.months for act in month.decisions))
        return record.withheld(answer.reason) if answer else ""

    columns: Columns[Appeal] = [
        ListColumn("考核月份", lambda appeal: str(appeal.period), 10, Shown.CENTRED),
        ListColumn("版次", lambda appeal: appeal.revision, 7, Shown.COUNT),
        ListColumn("收到日期", lambda appeal: appeal.came_on, 12, Shown.DAY),
        ListColumn(
            "申诉事项和理由", lambda appeal: record.withheld(items_in_words(appeal)), 40, Shown.WRAPPED
        ),
        ListColumn("情况", lambda appeal: appeal_in_words(appeal, record.today), 20, Shown.WRAPPED),
        ListColumn("答复日期", lambda appeal: appeal.decided_on, 12, Shown.DAY),
        ListColumn("复核情况", said, 34, Shown.WRAPPED),
    ]
    return ListSheet("申诉", listed((appeal for month in record.months for appeal in month.appeals), columns))


def _decisions(record: PersonalRecord) -> ListSheet:
    columns: Columns[Act] = [
        ListColumn("考核月份", lambda act: str(act.period), 10, Shown.CENTRED),
        ListColumn("裁定日期", lambda act: act.on, 12, Shown.DAY),
        ListColumn("事项", lambda act: OUTCOME_NAMES[act.outcome] if act.outcome else "", 24, Shown.WRAPPED),
        ListColumn(
            "裁定", lambda act: DECISION_NAMES[act.decision] if act.decision else "", 10, Shown.CENTRED
        ),
        ListColumn("经办人", lambda act: act.by, 12, Shown.CENTRED),
        ListColumn("原因", lambda act: record.withheld(act.reason), 40, Shown.WRAPPED),
    ]
    decisions = (act for month in record.months for act in month.decisions if act.kind is ActKind.DECIDE)
    return ListSheet("人事裁定", listed(decisions, columns))
