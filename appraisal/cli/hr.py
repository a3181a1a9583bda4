"""HR's verbs: what HR does with a month, and what HR asks. Asking changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from appraisal.cli.console import one_line, say, say_json, warn
from appraisal.cli.options import (
    FOR_A_LEDGER,
    By,
    Group,
    Item,
    Number,
    OneGroup,
    PeriodArgument,
    Reason,
    StaffId,
    UsualPeriod,
    common,
    given_day,
    given_setup,
    given_workspace,
    open_given_ledger,
    period_of,
    takes,
)

if TYPE_CHECKING:
    from appraisal.scheme.forms.hr_acts import ActKind


hr_app = typer.Typer(rich_markup_mode=None)


def _act(kind: ActKind, group: str | None, period: str, reason: str, by: str, **more: object) -> None:
    """Carry out one act and say what it did."""
    from appraisal.ledger.records import Act
    from appraisal.pipeline.context import open_context
    from appraisal.pipeline.hr_acts import perform

    act = Act(kind, period_of(period), group, given_day(), by, reason, **more)  # type: ignore[arg-type]
    with open_context(
        given_workspace(), given_setup(), today=given_day(), ledger_url=common.ledger
    ) as context:
        done = perform(context, act)
    if common.as_json:
        told = {"outputs": list(done.outputs), "warnings": list(done.warnings)}
        say_json({"act": kind.value, "group": group, "period": period, **told})
        return
    for warning in done.warnings:
        warn(f"提示：{warning}")
    say(done.in_words())
    for output in done.outputs[:3]:
        say(f"  → {output}")


@hr_app.command()
@takes(*FOR_A_LEDGER)
def issue(
    group: Group,
    period: PeriodArgument,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
) -> None:
    """下发：定下通报的日期（--date）和文号，各项期限随之确定。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.ISSUE, group, period, reason, by, document_number=number)


@hr_app.command()
@takes(*FOR_A_LEDGER)
def approve(
    group: Group,
    period: PeriodArgument,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
    item: Item = None,
) -> None:
    """同意更正：等待中的更正报送生效，出更正通报。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.APPROVE_CORRECTION, group, period, reason, by, document_number=number, item=item)


@hr_app.command()
@takes(*FOR_A_LEDGER)
def rescore(
    group: Group,
    period: PeriodArgument,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
) -> None:
    """重算：按现在的考核方案、设置、花名册和模板算这个月；已下发的出更正通报。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.RESCORE, group, period, reason, by, document_number=number)


@hr_app.command()
@takes(*FOR_A_LEDGER)
def close(period: PeriodArgument, group: OneGroup = None, reason: Reason = "", by: By = "") -> None:
    """关账：这个月不再接收上报。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.CLOSE, group, period, reason, by)


@hr_app.command()
@takes(*FOR_A_LEDGER)
def reopen(period: PeriodArgument, group: OneGroup = None, reason: Reason = "", by: By = "") -> None:
    """重新开放已经关账的月份。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.REOPEN, group, period, reason, by)


@hr_app.command()
@takes(*FOR_A_LEDGER)
def withdraw(group: Group, period: PeriodArgument, reason: Reason = "", by: By = "") -> None:
    """撤回：报错月份或考核组的，整月收回，金额冲回。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.WITHDRAW, group, period, reason, by)


@hr_app.command()
@takes(*FOR_A_LEDGER)
def decide(
    group: Group,
    period: PeriodArgument,
    staff: Annotated[str, typer.Argument(metavar="工号", help="工号。")],
    outcome: Annotated[str, typer.Argument(metavar="TYPE", help="reward、deduct 或 consider_transfer。")],
    decision: Annotated[str, typer.Argument(metavar="apply|waive", help="apply 执行，waive 不执行。")],
    reason: Reason = "",
    by: By = "",
    item: Item = None,
) -> None:
    """裁定：了结一项待研究确定的结果。"""
    from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
    from appraisal.scheme.model.outcome_rules import OutcomeType

    if outcome not in set(OutcomeType):
        raise typer.BadParameter(f"裁定事项只能是 {'、'.join(OutcomeType)}，现在是“{outcome}”")
    if decision not in set(OutcomeDecision):
        raise typer.BadParameter(f"裁定结果只能是 apply 或 waive，现在是“{decision}”")
    chosen = {
        "staff": staff,
        "outcome": OutcomeType(outcome),
        "decision": OutcomeDecision(decision),
        "item": item,
    }
    _act(ActKind.DECIDE, group, period, reason, by, **chosen)


@hr_app.command()
@takes(*FOR_A_LEDGER)
def status(period: UsualPeriod = None) -> None:
    """谁报了谁没报、整改方案到期和逾期、等待的更正、待裁定的结果。"""
    from appraisal.hr.facts import PeriodFacts
    from appraisal.hr.status import status_of
    from appraisal.pipeline.health import state_of_watch
    from appraisal.pipeline.inbox_in_words import told_not_ready
    from appraisal.pipeline.reports import PassReport
    from appraisal.scoring.deadlines import usual_month
    from appraisal.workspace.arrival import look_once

    place, setup, today = given_workspace().made(), given_setup(), given_day()
    month = period_of(period) if period else usual_month(today)
    now = datetime.now().astimezone()
    watch = state_of_watch(place.state, now)
    settling = PassReport([], not_ready=told_not_ready(look_once(place.inbox).not_ready, now)).waiting
    with open_given_ledger() as ledger, ledger.reading() as transaction:
        status = status_of(PeriodFacts(transaction, month, today, setup.roster, setup.settings))
        if common.as_json:
            inbox = [file.as_json() for file in settling]
            say_json({**status.as_json(), "inbox": inbox, "watch": watch})
            return
        waiting = [f"收件夹里还没有处理：{file.file}  {file.findings[0].message}" for file in settling]
        for line in [*([watch] if watch else []), *waiting, *status.in_words()]:
            say(one_line(line))


@hr_app.command()
@takes(*FOR_A_LEDGER)
def history(staff: StaffId) -> None:
    """一个人的各月名次、得分和结果。"""
    from appraisal.hr.person import past_of

    given_workspace().made()
    with open_given_ledger() as ledger, ledger.reading() as transaction:
        past = past_of(transaction, staff)
    if common.as_json:
        for month in past.as_json():
            say_json(month)
        return
    for line in past.in_words():
        say(one_line(line))
