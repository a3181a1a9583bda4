"""HR's verbs: what HR does with a month, and what HR asks. Asking changes nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from appraisal.cli.console import say, say_json, warn
from appraisal.cli.options import (
    FOR_A_LEDGER,
    By,
    Force,
    Group,
    GroupOfPerson,
    Item,
    Number,
    OneGroup,
    PeriodArgument,
    Reason,
    Staff,
    UsualPeriod,
    as_folder,
    common,
    given_day,
    given_setup,
    given_workspace,
    open_given_context,
    period_of,
    with_options,
)
from appraisal.text import printable

if TYPE_CHECKING:
    from appraisal.intake.hr_acts import Act
    from appraisal.pipeline.acts_for_watch import Answer


hr_app = typer.Typer(rich_markup_mode=None)


class Verbs(TyperGroup):
    """The verbs; HR's are known by the words of its sheet too: `下发` is `issue`."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb that somebody typed."""
        return super().get_command(ctx, cmd_name if cmd_name.isascii() else _verb_of(cmd_name))


def _verb_of(word: str) -> str:
    """The verb by the name that its act has on HR's sheet; any other word as it is."""
    from appraisal.scheme.forms.hr_acts import ACT_NAMES, ActKind

    verbs = {ACT_NAMES[kind]: kind.value for kind in ACT_NAMES if kind is not ActKind.REISSUE}
    verbs[ACT_NAMES[ActKind.APPROVE_CORRECTION]] = "approve"
    return verbs.get(word, word)


def _act(
    verb: str, group: str | None, period: str, reason: str, by: str, *, force: bool = False, **more: Any
) -> None:
    """Carry out one act, by the value of its kind, and say what it did."""
    from appraisal.intake.hr_acts import Act
    from appraisal.ledger.errors import ActRefused
    from appraisal.scheme.forms.hr_acts import EVERY_GROUP_WORDS, FOR_EVERY_GROUP, ActKind

    kind, month = ActKind(verb), period_of(period)
    if kind in FOR_EVERY_GROUP and group in EVERY_GROUP_WORDS:
        group = None
    act = Act(
        kind=kind, period=month, group=group, on=given_day(), by=by, reason=reason, is_forced=force, **more
    )
    try:
        answer = _answer(act)
    except ActRefused:
        if group is not None and group not in EVERY_GROUP_WORDS:
            _must_be_known(group)
        raise
    if common.as_json:
        content = {"outputs": list(answer.outputs), "warnings": list(answer.warnings)}
        say_json({"act": verb, "group": group, "period": period, **content})
        return
    for warning in answer.warnings:
        warn(f"提示：{warning}")
    say(answer.words)
    for output in answer.outputs[:3]:
        say(f"  → {output}")


def _answer(act: Act) -> Answer:
    """Carried out here, or by the watch that holds the workspace. Raises ActRefused."""
    from appraisal.ledger.errors import ActRefused
    from appraisal.pipeline.acts_for_watch import answer_of, hand_over
    from appraisal.pipeline.context import open_context
    from appraisal.pipeline.hr_acts import on_a_known_day, perform
    from appraisal.pipeline.log import is_watched
    from appraisal.workspace.files import REAL_FILES
    from appraisal.workspace.lock import WorkspaceInUseError

    workspace, now = given_workspace(), datetime.now().astimezone()
    try:
        with open_context(workspace, given_setup(), today=given_day(), ledger=common.ledger) as context:
            return answer_of(perform(on_a_known_day(context, now.date()), act))
    except WorkspaceInUseError:
        if not is_watched(workspace.state, now):
            raise
    answer = hand_over(workspace.state, REAL_FILES, act, ledger_url=common.ledger)
    if answer.is_refused:
        raise ActRefused(answer.words)
    return answer


def _must_be_known(group: str) -> None:
    """Raises PersonError, which names the groups that there are, where none is called so."""
    from appraisal.hr.person import group_meant

    with open_given_context() as context, context.ledger.reading() as transaction:
        group_meant(transaction, context.setup.roster, group)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def issue(
    group: Group,
    period: PeriodArgument,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
    again: Annotated[
        bool, typer.Option("--again", help="改下发日期或文号：还没有结算的，按这次的重新下发；要写明原因。")
    ] = False,
    force: Force = False,
) -> None:
    """下发：定下通报的日期（--date）和文号，各项期限随之确定。考核组写“全部”，报齐的各组一起下发。"""
    _act("reissue" if again else "issue", group, period, reason, by, force=force, document_number=number)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def approve(
    group: Group,
    period: PeriodArgument,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
    item: Item = None,
) -> None:
    """同意更正：等待中的更正报送生效，出更正通报。"""
    _act("approve_correction", group, period, reason, by, document_number=number, item=item)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def rescore(
    group: Group,
    period: PeriodArgument,
    reason: Reason = "",
    by: By = "",
    number: Number = None,
) -> None:
    """重算：按现在的考核方案、设置、花名册和模板算这个月；已下发的出更正通报。"""
    _act("rescore", group, period, reason, by, document_number=number)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def close(
    period: PeriodArgument,
    group: OneGroup = None,
    reason: Reason = "",
    by: By = "",
    force: Force = False,
) -> None:
    """关账：这个月不再接收上报。没有结束、没有报齐的月份不关。"""
    _act("close", group, period, reason, by, force=force)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def reopen(period: PeriodArgument, group: OneGroup = None, reason: Reason = "", by: By = "") -> None:
    """重新开放已经关账的月份。"""
    _act("reopen", group, period, reason, by)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def withdraw(group: Group, period: PeriodArgument, reason: Reason = "", by: By = "") -> None:
    """撤回：报错月份或考核组的，整月收回，金额冲回。"""
    _act("withdraw", group, period, reason, by)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def decide(
    group: Group,
    period: PeriodArgument,
    staff: Annotated[str, typer.Argument(metavar="工号", help="工号；组里没有同名的，写姓名也可以。")],
    outcome: Annotated[
        str,
        typer.Argument(metavar="TYPE", help="reward 奖励、deduct 提成调整或 consider_transfer 调岗提请。"),
    ],
    decision: Annotated[str, typer.Argument(metavar="apply|waive", help="apply 执行，waive 不执行。")],
    reason: Reason = "",
    by: By = "",
    item: Item = None,
) -> None:
    """裁定：了结一项待研究确定的结果。"""
    from appraisal.scheme.forms.hr_acts import DECISION_CHOICES, OUTCOME_CHOICES, OutcomeDecision
    from appraisal.scheme.model.outcome_rules import OutcomeType

    outcome, decision = OUTCOME_CHOICES.get(outcome, outcome), DECISION_CHOICES.get(decision, decision)
    if outcome not in set(OutcomeType):
        raise typer.BadParameter(f"裁定事项只能是 {'、'.join(OutcomeType)}，现在是“{outcome}”")
    if decision not in set(OutcomeDecision):
        raise typer.BadParameter(f"裁定结果只能是 apply 或 waive，现在是“{decision}”")
    chosen: dict[str, Any] = {
        "staff": staff,
        "outcome": OutcomeType(outcome),
        "decision": OutcomeDecision(decision),
        "item": item,
    }
    _act("decide", group, period, reason, by, **chosen)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def answer(
    group: Group,
    period: PeriodArgument,
    staff: Annotated[str, typer.Argument(metavar="工号", help="工号；组里没有同名的，写姓名也可以。")],
    decision: Annotated[
        str, typer.Argument(metavar="maintain|correct", help="maintain 维持，correct 更正。")
    ],
    reason: Reason = "",
    by: By = "",
    item: Item = None,
) -> None:
    """申诉决定：答复一份申诉，出申诉答复书；原因（--reason）写复核情况。"""
    from appraisal.scheme.forms.hr_acts import APPEAL_DECISION_CHOICES, AppealDecision

    decision = APPEAL_DECISION_CHOICES.get(decision, decision)
    if decision not in set(AppealDecision):
        raise typer.BadParameter(f"申诉决定只能是 maintain 或 correct，现在是“{decision}”")
    chosen: dict[str, Any] = {"staff": staff, "answer": AppealDecision(decision), "item": item}
    _act("answer", group, period, reason, by, **chosen)


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def status(
    period: UsualPeriod = None,
    group: Annotated[str | None, typer.Option(metavar="G", help="只看这一个考核组。")] = None,
    person: Annotated[
        str | None, typer.Option(metavar="STAFF", help="只看这一个人：工号，没有同名的写姓名也可以。")
    ] = None,
) -> None:
    """谁报了谁没报、整改方案到期和逾期、等待的更正、待裁定的结果。"""
    from appraisal.hr.person import group_meant, person_meant
    from appraisal.hr.status import status_of
    from appraisal.pipeline.log import state_of_watch
    from appraisal.pipeline.reports import PassReport, waiting_findings
    from appraisal.scoring.deadlines import usual_month
    from appraisal.workspace.inbox import observe_inbox_once

    place = given_workspace().made()
    month = period_of(period, is_past=True) if period else usual_month(given_day())
    now = datetime.now().astimezone()
    watch = state_of_watch(place.state, now)
    settling = PassReport(
        [], not_ready=waiting_findings(observe_inbox_once(place.inbox).not_ready, now)
    ).waiting
    with open_given_context() as context, context.ledger.reading() as transaction:
        setup = context.setup
        status = status_of(context.facts(transaction, month), setup.rulebook)
        if group is not None:
            status = status.of_group(group_meant(transaction, setup.roster, group))
        if person is not None:
            status = status.of_person(person_meant(transaction, setup.roster, person, group))
        if common.as_json:
            inbox = [file.as_json() for file in settling]
            say_json({**status.as_json(), "inbox": inbox, "watch": watch})
            return
        waiting = [f"收件夹里还没有处理：{file.file}  {file.findings[0].message}" for file in settling]
        for line in [*([watch] if watch else []), *waiting, *status.in_words()]:
            say(printable(line))


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def history(staff: Staff, group: GroupOfPerson = None) -> None:
    """一个人的各月名次、得分和结果。"""
    from appraisal.hr.person import past_of, person_meant

    given_workspace().made()
    with open_given_context() as context, context.ledger.reading() as transaction:
        past = past_of(transaction, person_meant(transaction, context.setup.roster, staff, group))
    if common.as_json:
        for month in past.as_json():
            say_json(month)
        return
    for line in past.in_words():
        say(printable(line))


@hr_app.command()
@with_options(*FOR_A_LEDGER)
def person(
    staff: Staff,
    group: GroupOfPerson = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="PERIOD", help="从哪个考核月份起（默认：最早的）。")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", metavar="PERIOD", help="到哪个考核月份止（默认：最近的）。")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", callback=as_folder, metavar="DIR", help="放在哪个文件夹（默认：outbox/人事/个人）。"
        ),
    ] = None,
) -> None:
    """一个人的绩效档案：各月得分和名次、失分、金额、整改和裁定，连同本人的绩效单等，放在一个文件夹里。"""
    from appraisal.hr.person import person_meant
    from appraisal.pipeline.personal_folder import personal_folder, put_into, put_into_outbox

    first, last = (None if text is None else period_of(text, is_past=True) for text in (since, until))
    given_workspace().made()
    with open_given_context() as context:
        with context.ledger.reading() as transaction:
            meant = person_meant(transaction, context.setup.roster, staff, group)
        folder = personal_folder(context, meant, since=first, until=last)
        paths = put_into_outbox(context, folder) if out is None else put_into(out, folder)
    months = [str(month) for month in folder.months]
    if common.as_json:
        content = {"staff": meant.staff, "name": meant.name, "groups": list(meant.groups), "periods": months}
        say_json({**content, "outputs": [str(path) for path in paths]})
        return
    span = f"{months[0]}至{months[-1]}，共{len(months)}个考核月" if months else "这段时间没有考核结果"
    say(printable(f"{meant.in_words}{'、'.join(meant.groups)}：{span}。"))
    say(f"  → {paths[1]}")
    say(f"  共{len(paths)}个文件，都在 {paths[0].parent}")
    say("  只收本人的内容。已发给本人的材料照原样，交出以前请看一遍。")
