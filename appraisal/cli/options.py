"""Arguments and options that several verbs take, each written once, and what they come to."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appraisal import __version__
from appraisal.cli.console import say

if TYPE_CHECKING:
    from appraisal.period import Period
    from appraisal.pipeline.context import RunContext, Tools
    from appraisal.pipeline.setup import Setup
    from appraisal.workspace.files import Files
    from appraisal.workspace.paths import Workspace


@dataclass
class Common:
    """Options that may stand before or after the verb; the one after it wins."""

    workspace: Path | None = None
    today: date | None = None
    as_json: bool = False
    ledger: str | None = None
    scheduler: str | None = None

    def reset(self) -> None:
        """A fresh command line, also when there are several in one process."""
        vars(self).update(vars(Common()))


common = Common()


def _kept_as(name: str) -> Callable[[Any], Any]:
    """What an option does with its value: it stands in `common` under the name from now on."""

    def keep(value: Any) -> Any:
        if value:
            setattr(common, name, value)
        return value

    return keep


def _set_date(value: str | None) -> str | None:
    if value is not None:
        try:
            common.today = date.fromisoformat(value)
        except ValueError:
            raise typer.BadParameter(f"日期应写成 2026-12-03 这样，现在是“{value}”") from None
        if common.today.year not in _YEARS:
            raise typer.BadParameter(f"日期要在 {_YEARS[0]} 年到 {_YEARS[-1]} 年之间，现在是“{value}”")
    return value


_YEARS = range(2000, 2100)
"""Months before and after a day are looked at: neither may leave the calendar."""


def _tell_version(asked: bool) -> None:
    if asked:
        say(__version__)
        raise typer.Exit


WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        envvar="APPRAISAL_WORKSPACE",
        callback=_kept_as("workspace"),
        metavar="DIR",
        help="工作区文件夹（默认：pipeline.py 所在的文件夹；用命令 appraisal 时是当前文件夹）。",
    ),
]
DateOption = Annotated[
    str | None,
    typer.Option("--date", callback=_set_date, metavar="YYYY-MM-DD", help="以这一天作为今天。"),
]
JsonOption = Annotated[
    bool, typer.Option("--json", callback=_kept_as("as_json"), help="每个文件输出一行 JSON，供程序读取。")
]
LedgerOption = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        callback=_kept_as("ledger"),
        metavar="URL",
        help="台账地址（默认：state 里的 SQLite 文件）。",
    ),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        callback=_kept_as("scheduler"),
        metavar="URL",
        help="由 Dask 集群计算：调度器地址，例如 tcp://主机:8786（默认：本机）。",
    ),
]
VersionOption = Annotated[
    bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="只显示版本号。")
]

_SHARED: Mapping[str, inspect.Parameter] = MappingProxyType(
    {
        name: inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=option)
        for name, default, option in (
            ("workspace", None, WorkspaceOption),
            ("date", None, DateOption),
            ("json", False, JsonOption),
            ("ledger", None, LedgerOption),
            ("scheduler", None, SchedulerOption),
            ("version", False, VersionOption),
        )
    }
)

FOR_A_LEDGER = ("workspace", "date", "json", "ledger")
"""What every verb about kept months takes."""

FOR_A_RUN = (*FOR_A_LEDGER, "scheduler")

Group = Annotated[str, typer.Argument(metavar="GROUP", help="考核组。")]
PeriodArgument = Annotated[str, typer.Argument(metavar="PERIOD", help="考核月份，例如 2026-11。")]
UsualPeriod = Annotated[
    str | None, typer.Argument(metavar="[PERIOD]", help="考核月份（默认：上月；下半月起为本月）。")
]
Staff = Annotated[str, typer.Argument(metavar="STAFF", help="工号；没有同名的，写姓名也可以。")]
GroupOfPerson = Annotated[
    str | None, typer.Option("--group", metavar="G", help="这个人的考核组：工号或姓名有几位时写。")
]
OneGroup = Annotated[str | None, typer.Option("--group", metavar="G", help="只办这一个考核组。")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="原因，记入台账。")]
Force = Annotated[
    bool,
    typer.Option("--force", help="日期不近、月份没有结束或没有报齐，也照办；要写明原因。"),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="经办人，记入台账。")]
Number = Annotated[str | None, typer.Option("--number", metavar="TEXT", help="通报文号。")]
Item = Annotated[
    int | None,
    typer.Option(
        "--item", metavar="N", help="编号：有几份更正在等、一人有几项待裁定时写，见 status 或名单。"
    ),
]


def as_folder(value: Path | None) -> Path | None:
    """A workbook's name would become a folder's."""
    if value is not None and value.suffix.casefold() == ".xlsx" and not value.is_dir():
        raise typer.BadParameter(f"--out 要写文件夹，里面的文件由程序起名，现在是“{value.name}”")
    return value


OutFolder = Annotated[Path, typer.Option("--out", callback=as_folder, metavar="DIR", help="放在哪个文件夹。")]


def with_options(*options: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The verb below takes these shared options too. What they say is kept in `common`, not handed on to it."""

    def decorate(verb: Callable[..., None]) -> Callable[..., None]:
        @wraps(verb)
        def call(**given: object) -> None:
            verb(**{name: value for name, value in given.items() if name not in options})

        own = inspect.signature(verb, eval_str=True)
        parameters = [*own.parameters.values(), *(_SHARED[name] for name in options)]
        call.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        return call

    return decorate


def given_workspace() -> Workspace:
    """The workspace asked for; folders that are absent stay absent."""
    from appraisal.workspace.paths import Workspace, default_workspace

    return Workspace((common.workspace or default_workspace()).resolve())


def given_setup(files: Files | None = None) -> Setup:
    """The workspace's rules, settings, roster and templates, noted with `files`. Raises what is wrong with them."""
    from appraisal.pipeline.setup import load_setup

    return load_setup(given_workspace(), files=files)


@contextmanager
def open_given_tools() -> Iterator[Tools]:
    """The workspace's tools, with the ledger asked for or its own, beside a pass or a watch that works on it.

    Raises LedgerError, also where the ledger is not the workspace's.
    """
    from appraisal.pipeline.context import check_ledger, open_tools
    from appraisal.processes.sandbox import Sandbox

    place, reader = given_workspace(), Sandbox(workers=1)
    with open_tools(place, today=given_day(), ledger=common.ledger, sandbox=reader) as tools:
        check_ledger(place, tools.ledger)
        yield tools


@contextmanager
def open_given_context() -> Iterator[RunContext]:
    """The tools of `open_given_tools` with the workspace's set-up. Raises what is wrong with either."""
    setup = given_setup()
    with open_given_tools() as tools:
        yield tools.with_setup(setup)


def has_ledger() -> bool:
    """Whether there is a ledger to ask; asking would make one."""
    return common.ledger is not None or given_workspace().ledger_file.exists()


def given_day() -> date:
    return common.today or datetime.now().astimezone().date()


def period_of(text: str, *, is_past: bool = False) -> Period:
    """The period that somebody typed: 2026-11, 2026-6, 2026年11月; BadParameter says how it is written.

    Without a year only what `is_past` may be meant: 10月 is the latest October that is not to come.
    """
    from appraisal.intake.values import read_day, read_month
    from appraisal.period import Period
    from appraisal.text import key

    if read_day(text) is None and (period := read_month(text)) is not None:
        return period
    month = re.fullmatch(r"(1[0-2]|0?[1-9])月(?:份)?", key(text))
    if month is None:
        raise typer.BadParameter(f"考核月份应写成 2026-11 这样，现在是“{text}”")
    now = Period.of(given_day())
    latest = Period(now.year - (int(month[1]) > now.month), int(month[1]))
    if not is_past:
        raise typer.BadParameter(f"请写上年份，例如 {latest}，现在是“{text}”")
    return latest
