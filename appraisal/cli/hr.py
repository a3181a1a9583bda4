"""HR's acts and questions as verbs of the command line.

HR's questions as verbs of the command line: nothing is changed by asking."""

from __future__ import annotations

import json as json_module
from typing import TYPE_CHECKING, Annotated

import typer

from appraisal.cli.console import one_line, say, warn
from appraisal.cli.options import common, given_day, given_setup, given_workspace, period_of, takes

if TYPE_CHECKING:
    from appraisal.scheme.forms.hr_acts import ActKind


hr_app = typer.Typer(rich_markup_mode=None)


Group = Annotated[str, typer.Argument(metavar="GROUP", help="考核组。")]


Month = Annotated[str, typer.Argument(metavar="PERIOD", help="考核月份，例如 2026-11。")]


Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="原因，记入台账。")]


By = Annotated[str, typer.Option("--by", metavar="NAME", help="经办人，记入台账。")]


Number = Annotated[str | None, typer.Option("--number", metavar="TEXT", help="通报文号。")]


OneGroup = Annotated[str | None, typer.Option("--group", metavar="G", help="只办这一个考核组。")]


def _act(kind: ActKind, group: str | None, period: str, reason: str, by: str, **more: object) -> None:
    """Carry out one act and say what it did."""
    from appraisal.ledger.records import Act
    from appraisal.pipeline.context import perform

    act = Act(kind, period_of(period), group, given_day(), by, reason, **more)  # type: ignore[arg-type]
    done = perform(given_workspace(), given_setup(), act, today=given_day(), ledger_url=common.ledger)
    if common.as_json:
        told = {"act": kind.value, "group": group, "period": period, "outputs": list(done.outputs)}
        say(json_module.dumps(told, ensure_ascii=False))
        return
    for warning in done.warnings:
        warn(f"提示：{warning}")
    say(done.in_words())
    for output in done.outputs[:3]:
        say(f"  → {output}")


@hr_app.command()
@takes("workspace", "date", "json", "ledger")
def issue(
    group: Group,
    period: Month,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
) -> None:
    """下发：定下通报的日期（--date）和文号，各项期限随之确定。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.ISSUE, group, period, reason, by, document_number=number)


@hr_app.command()
@takes("workspace", "date", "json", "ledger")
def approve(
    group: Group,
    period: Month,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
) -> None:
    """同意更正：等待中的更正报送生效，出更正通报。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.APPROVE_CORRECTION, group, period, reason, by, document_number=number)


@hr_app.command()
@takes("workspace", "date", "json", "ledger")
def close(
    period: Month,
    group: OneGroup = None,
    reason: Reason = "",
    by: By = "",
) -> None:
    """关账：这个月不再接收上报。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.CLOSE, group, period, reason, by)


@hr_app.command()
@takes("workspace", "date", "json", "ledger")
def reopen(
    period: Month,
    group: OneGroup = None,
    reason: Reason = "",
    by: By = "",
) -> None:
    """重新开放已经关账的月份。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.REOPEN, group, period, reason, by)


@hr_app.command()
@takes("workspace", "date", "json", "ledger")
def withdraw(
    group: Group,
    period: Month,
    reason: Reason = "",
    by: By = "",
) -> None:
    """撤回：报错月份或考核组的，整月收回，金额冲回。"""
    from appraisal.scheme.forms.hr_acts import ActKind

    _act(ActKind.WITHDRAW, group, period, reason, by)


@hr_app.command()
@takes("workspace", "date", "json", "ledger")
def decide(
    group: Group,
    period: Month,
    staff: Annotated[str, typer.Argument(metavar="工号", help="工号。")],
    outcome: Annotated[str, typer.Argument(metavar="TYPE", help="reward、deduct 或 consider_transfer。")],
    decision: Annotated[str, typer.Argument(metavar="apply|waive", help="apply 执行，waive 不执行。")],
    reason: Reason = "",
    by: By = "",
) -> None:
    """裁定：了结一项待研究确定的结果。"""
    from appraisal.scheme.forms.hr_acts import ActKind, OutcomeDecision
    from appraisal.scheme.model.outcome_rules import OutcomeType

    if outcome not in set(OutcomeType):
        raise typer.BadParameter(f"裁定事项只能是 {'、'.join(OutcomeType)}，现在是“{outcome}”")
    if decision not in set(OutcomeDecision):
        raise typer.BadParameter(f"裁定结果只能是 apply 或 waive，现在是“{decision}”")
    chosen = {"staff": staff, "outcome": OutcomeType(outcome), "decision": OutcomeDecision(decision)}
    _act(ActKind.DECIDE, group, period, reason, by, **chosen)


@hr_app.command()
@takes("workspace", "date", "json", "ledger")
def purge(
    before: Annotated[str, typer.Option("--before", metavar="YYYY-MM", help="清除这个月以前的。")],
    force: Annotated[bool, typer.Option("--force", help="不满两年的也清除。")] = False,
) -> None:
    """清除以前月份的个人数据：台账、存档和输出一起清。"""
    from datetime import datetime

    from appraisal.admin.purge import purge as purge_months
    from appraisal.ledger.ledger import open_ledger
    from appraisal.workspace.files import REAL_FILES
    from appraisal.workspace.lock import alone

    place, month = given_workspace().made(), period_of(before)
    with (
        alone(place.state, datetime.now().astimezone(), REAL_FILES),
        open_ledger(common.ledger or place.default_ledger) as opened,
    ):
        done = purge_months(place, opened, REAL_FILES, before=month, today=given_day(), forced=force)
    say(json_module.dumps(done.as_json(), ensure_ascii=False) if common.as_json else done.in_words())


questions_app = typer.Typer(rich_markup_mode=None)


@questions_app.command()
@takes("workspace", "date", "json", "ledger")
def status(
    period: Annotated[
        str | None, typer.Argument(metavar="[PERIOD]", help="考核月份（默认：上月；下半月起为本月）。")
    ] = None,
) -> None:
    """谁报了谁没报、整改方案到期和逾期、等待的更正、待裁定的结果。"""
    from datetime import datetime

    from appraisal.hr.facts import PeriodFacts
    from appraisal.hr.status import status_of
    from appraisal.ledger.ledger import open_ledger
    from appraisal.pipeline.health import standing_of_watch
    from appraisal.scoring.deadlines import usual_month

    place, setup, today = given_workspace().made(), given_setup(), given_day()
    month = period_of(period) if period else usual_month(today)
    with open_ledger(common.ledger or place.default_ledger) as books_of, books_of.reading() as books:
        status = status_of(PeriodFacts(books, month, today, setup.roster, setup.settings))
        watch = standing_of_watch(place.state, datetime.now().astimezone())
        lines = (
            [json_module.dumps({**status.as_json(), "watch": watch}, ensure_ascii=False)]
            if common.as_json
            else [*([watch] if watch else []), *status.in_words()]
        )
    for line in lines:
        say(line if common.as_json else one_line(line))


@questions_app.command()
@takes("workspace", "date", "json", "ledger")
def history(
    staff: Annotated[str, typer.Argument(metavar="STAFF", help="工号。")],
) -> None:
    """一个人的各月名次、得分和结果。"""
    from appraisal.hr.person import past_of
    from appraisal.ledger.ledger import open_ledger

    place = given_workspace().made()
    with open_ledger(common.ledger or place.default_ledger) as books_of, books_of.reading() as books:
        past = past_of(books, staff)
    if common.as_json:
        for month in past.as_json():
            say(json_module.dumps(month, ensure_ascii=False))
        return
    for line in past.in_words():
        say(one_line(line))
