"""个人绩效档案: the lists of one person's record, and the workbook that has them on one sheet with the line of the months."""

from __future__ import annotations

from decimal import Decimal

from xlsxwriter.chart import Chart

from appraisal.hr.acknowledgements import (
    ENTRY_COLUMNS,
    READING,
    SENT_COLUMNS,
    entry_row,
    sent_row,
    unsigned_row,
)
from appraisal.hr.appeals import answer_to, appeal_in_words, items_in_words
from appraisal.hr.facts import state_in_words
from appraisal.hr.personal_record import FEWEST, PersonalRecord, RecordedMonth
from appraisal.hr.plan_tracker import plan_in_words
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.charts import ScoreLine, score_chart
from appraisal.publish.excel.listing import Computed, ListColumn, ListSheet, Shown
from appraisal.publish.excel.stack import write_stack
from appraisal.publish.wording import OUTCOME_NAMES, full_date, money_ground, plain_date
from appraisal.scheme.forms.hr_acts import DECISION_NAMES, ActKind


def personal_lists(record: PersonalRecord) -> list[ListSheet]:
    """The months, then whatever else there is something of."""
    others = (_weaknesses, _money, _plans, _sent, _signed, _appeals, _decisions)
    return [_months(record), *(one for of in others if (one := of(record)).rows)]


def personal_workbook(record: PersonalRecord) -> bytes:
    """The lists on one sheet, with the line of the months below the first; the same values give the same bytes."""
    book = Book()
    sheet, (months, *_) = write_stack(book, personal_lists(record), "个人绩效档案")
    if record.months:
        sheet.insert_chart(months.end + 1, 0, _chart(book, months, record))
    return book.finished(created=record.today)


_MONTH = ListColumn("考核月份", 10, Shown.CENTRED)
_MIDDLE = ("半数人自", "半数人至")
_CHART_ROWS = 13
LINES = ("综合得分", "组平均", *_MIDDLE)
"""The columns that the chart draws: the person's own line, the group's average, the group's middle half."""


def _months(record: PersonalRecord) -> ListSheet:
    person, months = record.person, record.months
    post = f"　　岗位：{record.post}" if record.post else ""
    joined = f"　　入职日期：{plain_date(record.joined)}" if record.joined else ""
    groups = dict.fromkeys(one.month.group for one in reversed(months))
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
        columns=[
            _MONTH,
            ListColumn("考核组", 12, Shown.STRONG),
            *(ListColumn(header, 10, Shown.SCORE) for header in LINES[:2]),
            *(ListColumn(header, 9, Shown.COUNT) for header in _MIDDLE),
            ListColumn("名次", 7, Shown.COUNT),
            ListColumn("参评人数", 9, Shown.COUNT),
            ListColumn("状态", 12, Shown.CENTRED),
            ListColumn("版次", 7, Shown.CENTRED),
            ListColumn("结果", 35, Shown.WRAPPED),
            ListColumn("备注", 12, Shown.WRAPPED),
        ],
        rows=[
            [
                str(one.month.period),
                one.month.group,
                # Nothing stands where there is no figure: a dash would be drawn as 0.
                *("" if figure is None else figure for figure in _figures(one)),
                one.person.rank,
                one.ranked,
                state_in_words(one.month),
                f"第{one.month.revision}版",
                one.follows,
                one.person.reason or "",
            ]
            for one in months
        ],
        empty="这段时间没有考核结果。",
        room=_CHART_ROWS if months else 0,
    )


def figures_drawn(record: PersonalRecord) -> list[tuple[str, list[Decimal | int | None]]]:
    """The lines of the chart by their names in `LINES`; None where a month has no figure."""
    return [(line, [_figures(one)[at] for one in record.months]) for at, line in enumerate(LINES)]


def _figures(one: RecordedMonth) -> tuple[Decimal | int | None, ...]:
    return one.person.final, one.average, *(one.middle_half or (None, None))


def _chart(book: Book, sheet: ListSheet, record: PersonalRecord) -> Chart:
    """The person's line, the group's average and its middle half."""
    months = sheet.all_of("考核月份")
    lines = [ScoreLine(one, months, sheet.all_of(one), is_main=one == LINES[0]) for one in LINES]
    figures = [one for _, line in figures_drawn(record) for one in line if one is not None]
    chart = score_chart(book, "综合得分走势", lines, figures)
    width = sum(int(column.width * 7 + 5) for column in sheet.columns)
    chart.set_size({"width": width * 9 // 10, "height": 230})
    return chart


def _weaknesses(record: PersonalRecord) -> ListSheet:
    return ListSheet(
        name="失分最多的指标",
        notes=["每月列二至四项，失分多的在前；不计分的指标不列。"],
        columns=[
            _MONTH,
            ListColumn("指标", 24, Shown.STRONG),
            ListColumn("实际", 14, Shown.CENTRED),
            ListColumn("目标", 14, Shown.CENTRED),
            ListColumn("差距", 18, Shown.CENTRED),
            ListColumn("失分", 10, Shown.CENTRED),
        ],
        rows=[
            [
                str(one.month.period),
                weak.indicator.name,
                weak.value_in_print,
                weak.goal_in_print,
                weak.gap_in_print,
                weak.lost_in_print,
            ]
            for one in record.months
            for weak in one.weaknesses
        ],
    )


def _money(record: PersonalRecord) -> ListSheet:
    return ListSheet(
        name="奖励与提成调整",
        notes=["金额单位：元，正数为增加，负数为减少；只列已记入台账的，撤销的另有一行冲回。"],
        columns=[
            _MONTH,
            ListColumn("发放月份", 10, Shown.CENTRED),
            ListColumn("事项", 10, Shown.CENTRED),
            ListColumn("金额", 13, Shown.MONEY),
            ListColumn("执行/冲回", 11, Shown.CENTRED),
            ListColumn("依据", 46, Shown.WRAPPED),
        ],
        rows=[
            [
                str(one.key.period),
                str(one.paid_in),
                OUTCOME_NAMES[one.key.type],
                one.amount,
                "执行" if one.reverses is None else "冲回",
                money_ground(record.withheld(one.reason), by_finance=one.capped_by_payroll),
            ]
            for one in record.lines
        ],
        totals={
            "考核月份": "合计",
            "金额": Computed("=SUM({金额})", sum((one.amount for one in record.lines), Decimal(0))),
        },
    )


def _plans(record: PersonalRecord) -> ListSheet:
    plans = [
        (plan, state or plan_in_words(plan, record.today))
        for month in record.months
        for plan, state in ((month.plan, ""), (month.released, "免于整改"))
        if plan is not None
    ]
    return ListSheet(
        name="整改与面谈",
        columns=[
            _MONTH,
            ListColumn("提交截止", 28, Shown.DEADLINE),
            ListColumn("状态", 12, Shown.CENTRED),
            ListColumn("首次提交", 13, Shown.DAY),
            ListColumn("审核日期", 13, Shown.DAY),
            ListColumn("面谈日期", 13, Shown.DAY),
        ],
        rows=[
            [
                str(one.period),
                one.due if one.is_issued else "下发后定",
                state,
                one.submitted_on,
                one.judged_on,
                one.talked_on,
            ]
            for one, state in plans
        ],
    )


def _sent(record: PersonalRecord) -> ListSheet:
    sent = [one for month in record.months for one in month.sent]
    rows = [[str(one.key.period), *sent_row(one)] for one in sent]
    return ListSheet("发送和已读", [_MONTH, *SENT_COLUMNS], rows, notes=[READING])


def _signed(record: PersonalRecord) -> ListSheet:
    rows = [
        [str(month.month.period), *row]
        for month in record.months
        for row in (*map(entry_row, month.acknowledgements), *map(unsigned_row, month.unsigned))
    ]
    return ListSheet("送达签收", [_MONTH, *ENTRY_COLUMNS], rows)


def _appeals(record: PersonalRecord) -> ListSheet:
    return ListSheet(
        name="申诉",
        columns=[
            _MONTH,
            ListColumn("版次", 7, Shown.COUNT),
            ListColumn("收到日期", 12, Shown.DAY),
            ListColumn("申诉事项和理由", 40, Shown.WRAPPED),
            ListColumn("情况", 20, Shown.WRAPPED),
            ListColumn("答复日期", 12, Shown.DAY),
            ListColumn("复核情况", 34, Shown.WRAPPED),
        ],
        rows=[
            [
                str(one.period),
                one.revision,
                one.came_on,
                record.withheld(items_in_words(one)),
                appeal_in_words(one, record.today),
                one.decided_on,
                record.withheld(answer.reason) if (answer := answer_to(one, month.decisions)) else "",
            ]
            for month in record.months
            for one in month.appeals
        ],
    )


def _decisions(record: PersonalRecord) -> ListSheet:
    return ListSheet(
        name="人事裁定",
        columns=[
            _MONTH,
            ListColumn("裁定日期", 12, Shown.DAY),
            ListColumn("事项", 24, Shown.WRAPPED),
            ListColumn("裁定", 10, Shown.CENTRED),
            ListColumn("经办人", 12, Shown.CENTRED),
            ListColumn("原因", 40, Shown.WRAPPED),
        ],
        rows=[
            [
                str(act.period),
                act.on,
                OUTCOME_NAMES[act.outcome] if act.outcome else "",
                DECISION_NAMES[act.decision] if act.decision else "",
                act.by,
                record.withheld(act.reason),
            ]
            for one in record.months
            for act in one.decisions
            if act.kind is ActKind.DECIDE
        ],
    )
