"""The verb that circulates a month: notice, slips, plans, reminders, receipts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from appraisal.cli.console import say, say_json
from appraisal.cli.options import (
    FOR_A_LEDGER,
    Group,
    PeriodArgument,
    common,
    open_given_context,
    period_of,
    with_options,
)
from appraisal.text import printable

if TYPE_CHECKING:
    from appraisal.delivery.circulate import Circulation
    from appraisal.delivery.sending import ReadStates
    from appraisal.ledger.delivery_records import Delivery, DeliveryKey
    from appraisal.period import Period
    from appraisal.pipeline.context import RunContext

send_app = typer.Typer(rich_markup_mode=None)


@send_app.command()
@with_options(*FOR_A_LEDGER)
def send(
    group: Group,
    period: PeriodArgument,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="WHAT",
            help="只发这些，可以写多次：notice 通报、slips 绩效单、plans 整改方案、letters 决定书和申诉答复书、reminders 提醒、receipts 回执和退回。"
            "不写则发前四样。",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会发给谁，不发。")] = False,
    again: Annotated[bool, typer.Option("--again", help="被拒收的也再发，按现在的地址。")] = False,
    states: Annotated[
        bool, typer.Option("--states", help="不发，只向钉钉、飞书查已发的有没有到达、已读，记进台账。")
    ] = False,
    unsure: Annotated[
        str | None,
        typer.Option(
            "--unsure",
            metavar="again|arrived",
            help="不确定有没有发到的：again 再发一次，arrived 已核实收到。",
        ),
    ] = None,
) -> None:
    """发送：把已下发的通报发到群和邮箱，绩效单各发各人，每人每版只发一次。考核组写“全部”，各组都发。"""
    if states:
        raise typer.Exit(0 if _ask_states(group, period_of(period)) else 1)
    from appraisal.delivery.circulate import OF_AN_ISSUED_MONTH, UnsureResolution, circulate, trial
    from appraisal.pipeline.context import count_pass
    from appraisal.workspace.notify_settings import Circulated

    for paper in to or ():
        if paper not in set(Circulated):
            raise typer.BadParameter(f"--to 只能是 {'、'.join(Circulated)}，现在是“{paper}”")
    if unsure is not None and unsure not in set(UnsureResolution):
        raise typer.BadParameter(f"--unsure 只能是 again 或 arrived，现在是“{unsure}”")
    wanted = tuple(map(Circulated, to)) if to else OF_AN_ISSUED_MONTH
    found_out, month, is_complete = UnsureResolution(unsure) if unsure else None, period_of(period), True
    with open_given_context() as context:
        if not dry_run:  # an older copy of the ledger would send once more: now it is known to be one
            count_pass(context)
        groups = _groups(context, group, month, is_issued=bool({*wanted} & {*OF_AN_ISSUED_MONTH}))
        if not (groups or common.as_json):
            say(f"{month}：没有要发的（还没有一个组下发）。")
        for name in groups:
            if dry_run:
                circulation = trial(context, name, month, wanted)
            else:
                circulation = circulate(context, name, month, wanted, again=again, unsure=found_out)
            _show(name, month, circulation)
            is_complete &= circulation.is_complete or dry_run
    raise typer.Exit(0 if is_complete else 1)


def _ask_states(group: str, period: Period) -> bool:
    """What the services tell of the group's messages; whether all told."""
    from appraisal.delivery.sending import fetch_read_states, only_sender
    from appraisal.hr.acknowledgements import sent_in_words
    from appraisal.hr.facts import Names
    from appraisal.ledger.delivery_records import TELLS_READING

    with open_given_context() as context:
        groups = {*_groups(context, group, period, is_issued=True)}
        with only_sender(context):
            states = fetch_read_states(
                context, which=lambda delivery: delivery.key.period == period and delivery.key.group in groups
            )
        with context.ledger.reading() as transaction:
            sent = [
                delivery
                for delivery in transaction.deliveries.of_period(period)
                if delivery.key.group in groups and delivery.channel in TELLS_READING
            ]
            names = Names(transaction)
            words = [sent_in_words(delivery, names) for delivery in sent]
    _show_states(sent, words, states)
    return not states.problems


def _groups(context: RunContext, group: str, period: Period, *, is_issued: bool) -> list[str]:
    """The group that was named; or every one whose month is issued, or was and is taken back; or simply every one."""
    from appraisal.delivery.issued_messages import is_out
    from appraisal.delivery.notifications import withdrawal_of
    from appraisal.hr.person import group_meant
    from appraisal.scheme.forms.hr_acts import EVERY_GROUP_WORDS

    with context.ledger.reading() as transaction:
        if group not in EVERY_GROUP_WORDS:
            return [group_meant(transaction, context.setup.roster, group)]
        months = transaction.months.of_period(period)
        known = [
            month.group
            for month in months
            if not is_issued or is_out(month) or withdrawal_of(transaction, month)
        ]
    everybody = context.setup.roster.groups if context.setup.roster and not is_issued else ()
    return list(dict.fromkeys([*everybody, *known]))


def _show(group: str, period: Period, circulation: Circulation) -> None:
    from appraisal.ledger.delivery_records import CHANNEL_NAMES, PAPER_NAMES, STATE_NAMES

    if common.as_json:
        _show_json(group, period, circulation)
        return
    stands = {delivery.key: delivery for delivery in circulation.deliveries}
    say(f"{printable(group)} {period}：")
    counts: Counter[str] = Counter()
    for message in circulation.messages:
        known = stands.get(message.key)
        state = (
            "不用再发"
            if message.same
            else "以前已发"
            if message.key in circulation.sent_before
            else STATE_NAMES[known.state]
            if known
            else "将会发出"
        )
        counts[state] += 1
        why = f"：{known.reason}" if known and known.reason else ""
        files = f"，附 {'、'.join(file.name for file in message.attachments)}" if message.attachments else ""
        what = f"{PAPER_NAMES[message.key.paper]}  {message.who}（{CHANNEL_NAMES[message.way.channel]} {message.way.address}）"
        say(printable(f"  {state}  {what}{files}{why}"))
    for held in circulation.held:
        counts["没有发"] += 1
        say(printable(f"  没有发  {PAPER_NAMES[held.paper]}  {held.who}：{held.why}"))
    say(f"共：{'，'.join(f'{state}{count}' for state, count in counts.items()) or '没有要发的'}。")


def _show_states(sent: list[Delivery], words: list[str], states: ReadStates) -> None:
    from appraisal.hr.acknowledgements import READING

    if common.as_json:
        for delivery in sent:
            times = {"arrived_at": delivery.arrived_at, "seen_at": delivery.seen_at}
            say_json(
                _key_as_json(delivery.key)
                | {"channel": delivery.channel.value, "state": delivery.state.value}
                | {name: moment and moment.isoformat() for name, moment in times.items()}
            )
        return
    for delivery, in_words in zip(sent, words, strict=True):
        say(printable(f"  {delivery.key.group}  {in_words}"))
    say(f"查了{states.asked}条，{'；'.join(states.problems) or '都有答复'}。{READING}")


def _show_json(group: str, period: Period, circulation: Circulation) -> None:
    stands = {delivery.key: delivery for delivery in circulation.deliveries}
    for message in circulation.messages:
        known = stands.get(message.key)
        state, reason = (known.state.value, known.reason) if known else ("new", "")
        say_json(
            _key_as_json(message.key)
            | {"channel": message.way.channel.value, "state": state, "reason": reason}
        )
    for held in circulation.held:
        say_json(
            {"group": group, "period": str(period), "paper": held.paper.value, "addressee": held.who}
            | {"state": "held", "reason": held.why}
        )


def _key_as_json(key: DeliveryKey) -> dict[str, object]:
    return {
        "group": key.group,
        "period": str(key.period),
        "revision": key.revision,
        "paper": key.paper.value,
        "addressee": key.addressee,
    }
