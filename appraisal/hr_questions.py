"""HR's questions as verbs of the command line: nothing is changed by asking."""

from __future__ import annotations

import json as json_module
from typing import Annotated

import typer

from appraisal.command_options import common, given_day, given_setup, given_workspace, period_of, takes
from appraisal.console import one_line, say

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
    from appraisal.hr.status import standing_of
    from appraisal.ledger.ledger import open_ledger
    from appraisal.pipeline.health import standing_of_watch
    from appraisal.scoring.deadlines import usual_month

    place, setup, today = given_workspace().made(), given_setup(), given_day()
    month = period_of(period) if period else usual_month(today)
    with open_ledger(common.ledger or place.default_ledger) as books_of, books_of.reading() as books:
        standing = standing_of(PeriodFacts(books, month, today, setup.roster, setup.settings))
        watch = standing_of_watch(place.state, datetime.now().astimezone())
        lines = (
            [json_module.dumps({**standing.as_json(), "watch": watch}, ensure_ascii=False)]
            if common.as_json
            else [*([watch] if watch else []), *standing.in_words()]
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
