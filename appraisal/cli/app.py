"""The command line's verbs. Heavy things are imported only inside the verb that needs them."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appraisal.cli.admin import admin_app
from appraisal.cli.blanks import blanks_app
from appraisal.cli.console import say, speak_utf8, warn
from appraisal.cli.hr import Verbs, hr_app
from appraisal.cli.options import FOR_A_RUN, common, given_day, given_setup, given_workspace, with_options
from appraisal.cli.roster import roster_app
from appraisal.cli.rules import rules_app
from appraisal.cli.send import send_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

app = typer.Typer(
    cls=Verbs,
    help="客服月度绩效考核：收件夹里的上报表进，结果、通报和绩效单出。不写子命令等于 run。",
    rich_markup_mode=None,
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
)
app.add_typer(blanks_app)
app.add_typer(rules_app, name="rules")
app.add_typer(roster_app, name="roster")
app.add_typer(hr_app)
app.add_typer(send_app)
app.add_typer(admin_app)

_INTERRUPTED = 130
"""What Typer makes of Ctrl-C."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and give its exit code: 0 well, 1 something came back, 2 cannot run."""
    speak_utf8()
    common.reset()
    try:
        result = app(args=arguments, standalone_mode=False)
    except Exception as error:  # noqa: BLE001 - no traceback ever reaches a user
        from appraisal.cli.mistakes import report

        return report(error)
    if result == _INTERRUPTED:
        warn("已中断。")
        return 2
    return result if isinstance(result, int) else 0


@app.callback()
@with_options(*FOR_A_RUN, "version")
def start(
    context: typer.Context,
) -> None:
    from appraisal.processes.system import use_what_is_allowed

    use_what_is_allowed()
    if context.invoked_subcommand is None:
        raise typer.Exit(_run())


@app.command()
@with_options(*FOR_A_RUN)
def run() -> None:
    """处理收件夹一遍：受理的出结果，有问题的退回。"""
    raise typer.Exit(_run())


def _run() -> int:
    with (
        _ctrl_c_between_steps() as stop_if_asked,
        _executor_for(given_workspace().inbox) as executor,
    ):
        from appraisal.cli.console import progress_bar, show_pass
        from appraisal.pipeline.appraise import prepare_worker
        from appraisal.pipeline.run import run_once
        from appraisal.processes.sandbox import WorkerPool
        from appraisal.workspace.files import REAL_FILES

        workspace, setup = given_workspace(), given_setup(REAL_FILES)
        if isinstance(executor, WorkerPool):
            executor.to_each(prepare_worker, setup.templates)
        with progress_bar(quiet=common.as_json) as show:

            def progress(done: int, of: int, what: str) -> None:
                show(done, of, what)
                stop_if_asked()

            report = run_once(
                workspace,
                setup,
                today=given_day(),
                ledger_url=common.ledger,
                executor=executor,
                progress=progress,
            )
    show_pass(report, as_json=common.as_json)
    return report.exit_code


@contextmanager
def _ctrl_c_between_steps() -> Iterator[Callable[[], None]]:
    """Ctrl-C ends the pass after the file or chunk that is under way, when what is given is called; twice, at once.

    Anywhere else it could strike while a process is being started, or be lost in a destructor.
    """
    import signal

    asked = False

    def ask(_number: int, _frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop_if_asked
    finally:
        signal.signal(signal.SIGINT, before)


def _executor_for(inbox: Path) -> AbstractContextManager[Executor | None]:
    """Where what lies in the inbox is appraised: processes load what they need beside all that this one loads."""
    from appraisal.pipeline.warm_up import warm_up
    from appraisal.processes.executors import executor_for
    from appraisal.processes.system import load_ahead
    from appraisal.workspace.inbox import list_inbox

    files = sum(entry.is_file for entry in list_inbox(inbox).entries) if inbox.is_dir() else 0
    if files:
        load_ahead("appraisal.pipeline.reader_process")
    return executor_for(files, common.scheduler, warm_up=warm_up)


@app.command()
@with_options(*FOR_A_RUN)
def watch() -> None:
    """守着收件夹，来一份处理一份；Ctrl-C 停止。"""
    import signal

    from appraisal.processes.system import load_ahead

    load_ahead("appraisal.pipeline.reader_process", "appraisal.publish.returned.workbook")
    from appraisal.cli.console import show_pass
    from appraisal.pipeline.log import log_to
    from appraisal.pipeline.warm_up import warm_up
    from appraisal.pipeline.watch import Watcher

    place = given_workspace().made()
    watcher = Watcher(
        workspace=place,
        today=given_day,
        tell=lambda report: show_pass(report, as_json=common.as_json),
        ledger_url=common.ledger,
        scheduler=common.scheduler,
    )
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda _number, _frame: watcher.halt())
    log_to(place.state / "log")
    if common.scheduler is None:
        warm_up()  # now, while nobody waits for a first file
    say(f"正在守候 {place.inbox}，按 Ctrl-C 停止。")
    watcher.run()
    say("已停止。")


@app.command()
@with_options("workspace", "date", "json")
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="要检查的上报表。")],
) -> None:
    """检查并试算上报表，不写任何文件。"""
    from appraisal.processes.system import load_ahead

    load_ahead("appraisal.pipeline.reader_process")
    from appraisal.cli.console import show_pass, show_scores
    from appraisal.pipeline.check import check_files
    from appraisal.pipeline.reports import PassReport

    setup = given_setup()
    checked = check_files(files, setup, given_day())
    report = PassReport([file.report for file in checked])
    show_pass(report, as_json=common.as_json)
    if not common.as_json:
        for file in checked:
            if file.result is not None:
                show_scores(file.result)
    raise typer.Exit(report.exit_code)


@app.command()
@with_options("workspace")
def demo(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]", help="示例工作区放在哪里（默认：--workspace 写的文件夹，没有写则是 demo）。"
        ),
    ] = None,
) -> None:
    """建一个示例工作区，放入两个组的上报表，跑一遍给您看。"""
    from appraisal.admin.demo import begin_demo, last_pass
    from appraisal.cli.console import progress_bar, show_pass
    from appraisal.workspace.names import HR_FOLDER
    from appraisal.workspace.paths import Workspace, default_workspace

    workspace = Workspace((folder or common.workspace or default_workspace() / "demo").resolve())
    with progress_bar(quiet=False) as progress:
        begin_demo(workspace, progress)
        report = last_pass(workspace, progress)
    show_pass(report, as_json=False)
    say(f"\n示例工作区：{workspace.root}")
    say("结果和通报在 outbox/旗舰店/2026-11（9月、10月已下发在前：可看较上月、近月走势和连续末位的提请）。")
    say("退回的上报表在 outbox/专卖店/退回：其中一份故意填错了几格。")
    say("请先打开这一页，各组办到哪一步、谁排第几、还有什么要办，都在上面：")
    say(f"  {workspace.outbox / HR_FOLDER / 'index.html'}")
