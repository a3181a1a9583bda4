"""The verbs that make files to hand out: blanks, also with the figures of shop software, and a month to print."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appraisal.cli.console import say
from appraisal.cli.options import (
    Group,
    OutFolder,
    PeriodArgument,
    common,
    given_day,
    given_setup,
    given_workspace,
    has_ledger,
    open_given_context,
    open_given_tools,
    period_of,
    with_options,
)
from appraisal.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from appraisal.period import Period
    from appraisal.publish.blank.workbook import Known

blanks_app = typer.Typer(rich_markup_mode=None)


@blanks_app.command()
@with_options("workspace", "date")
def template(
    scheme: Annotated[
        str | None,
        typer.Argument(
            metavar="[SCHEME]", help="考核方案代号，例如 online-shop；花名册里有的考核组可以不写。"
        ),
    ] = None,
    group: Annotated[str | None, typer.Option(metavar="G", help="考核组；不写则出通用空白表。")] = None,
    every: Annotated[bool, typer.Option("--all", help="花名册里的全部考核组，各出各的。")] = False,
    period: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="考核月份（默认：上月；下半月起为本月）。")
    ] = None,
    own: Annotated[
        bool, typer.Option("--self", help="改出每人一份的自评表（要写 --group 或 --all）。")
    ] = False,
    out: OutFolder = Path(),
) -> None:
    """生成要分发的空白上报表，或每人一份的自评表。"""
    from appraisal.pipeline.blanks import blanks_asked_for
    from appraisal.scoring.deadlines import usual_month
    from appraisal.workspace.files import write_new

    setup = given_setup()
    month = period_of(period) if period else usual_month(given_day())
    with _carried() as carried:
        blanks = blanks_asked_for(
            setup, month, scheme=scheme, group=group, every=every, own=own, carried=carried
        )
    for blank in blanks:
        (out / blank.name).parent.mkdir(parents=True, exist_ok=True)
        written = write_new(out / blank.name, blank.content)
        say(f"{'自评表' if own else '空白上报表'}：{written}")
        if written != out / blank.name:
            say(f"“{blank.name}”已经在那里，没有覆盖，新的另存为“{written.name}”。")


@contextmanager
def _carried() -> Iterator[Callable[[str, Period], Known]]:
    """What a group's blank of a month takes from the months before it; nothing where there is no ledger."""
    from appraisal.publish.blank.workbook import NOTHING_KNOWN

    if not has_ledger():
        yield lambda _group, _period: NOTHING_KNOWN
        return
    from appraisal.pipeline.after_a_pass import carried_into

    with open_given_context() as context:
        yield lambda group, period: carried_into(context, group, period)


@blanks_app.command("import")
@with_options("workspace", "date", "json")
def import_exports(
    exports: Annotated[
        list[Path], typer.Argument(metavar="EXPORT...", help="绩效软件导出的表（.xlsx 或 .csv）。")
    ],
    group: Annotated[str, typer.Option(metavar="G", help="考核组，按花名册。")],
    period: Annotated[str, typer.Option(metavar="YYYY-MM", help="考核月份。")],
    column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="数据=列名", help="一项数据取哪一列，例如 付款人数=询单→最终付款人数；可以写多次。"
        ),
    ] = None,
    out: OutFolder = Path(),
) -> None:
    """把绩效软件导出的数据填进空白上报表，并列出没有放进去的。"""
    from appraisal.cli.console import show_import
    from appraisal.pipeline.import_exports import WantedBlank, import_into_blank

    pairs = [text.partition("=") for text in column or ()]
    if not all(name.strip() and header.strip() for name, _, header in pairs):
        raise typer.BadParameter("--column 应写成 数据=列名，例如 --column 付款人数=最终付款人数")
    setup, month = given_setup(), period_of(period)
    chosen = {name.strip(): header.strip() for name, _, header in pairs}
    with _carried() as carried:
        wanted = WantedBlank(group, month, chosen, carried(group, month))
    imported = import_into_blank(exports, setup, wanted, today=given_day(), out=out)
    show_import(imported.report, imported.told, as_json=common.as_json)
    raise typer.Exit(imported.report.exit_code)


@blanks_app.command("print")
@with_options("workspace", "date", "ledger")
def print_month(
    group: Group,
    period: PeriodArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.pdf", help="写到哪里（默认：outbox/人事/<月份> 里）。"),
    ] = None,
) -> None:
    """把一个组一个月的通报、绩效单、整改方案和签收表合成一个 PDF，打开就能打印；要装有 LibreOffice。"""
    from appraisal.pipeline.printing import as_one_pdf, papers_to_print, usual_place
    from appraisal.workspace.files import REAL_FILES

    if out is not None and out.suffix.casefold() != ".pdf":
        raise typer.BadParameter(f"--out 要写成 .pdf 文件，现在是“{out.name}”")
    place = given_workspace().made()
    with open_given_tools() as tools, tools.ledger.reading() as transaction:
        month, papers = papers_to_print(place, transaction, group, period_of(period, is_past=True))
        path = out or usual_place(place, transaction, month)
    REAL_FILES.write(path, as_one_pdf(papers))
    say(printable(f"{month.group} {month.period} 第{month.revision}版，共{len(papers)}份文件：{path}"))
