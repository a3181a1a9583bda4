"""What is set up and what is missing, one line per matter; looks at everything, changes nothing."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from appraisal.intake.roster_file import RosterError, load_roster
from appraisal.ledger.engine import is_on_network
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import open_ledger
from appraisal.period import Period
from appraisal.pipeline.own_ledger import GONE, what_is_wrong
from appraisal.pipeline.setup_changes import changed_rules
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import load_templates, own_templates, try_out
from appraisal.scheme.loading import RulesError
from appraisal.scheme.rulebook import Rulebook, load_rule_files, rulebook_of
from appraisal.scoring.deadlines import is_arranged
from appraisal.workspace.authority import has_hr_folder
from appraisal.workspace.files import reason_of
from appraisal.workspace.ledger_mark import read_marks
from appraisal.workspace.paths import IS_INSTALLED, PROGRAM_FOLDER, RULES, TEMPLATES, Workspace
from appraisal.workspace.settings import Settings, SettingsError, load_settings

OLDEST_PYTHON = (3, 11)
CHINA = timedelta(hours=8)
_ENOUGH_ROOM = 1 << 30
"""One GiB: a month of a large shop takes some ten MiB."""
_YOUNGEST_YEAR = 2026
"""The program is no older than this: an earlier date is a clock that is wrong."""


class CheckState(StrEnum):
    """good 好, note 注意 (works all the same), wrong 要改 (a pass would not run)."""

    GOOD = "good"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class SetupCheck:
    """One matter, how it stands, and what to do about it, in Chinese."""

    matter: str
    state: CheckState
    message: str

    def as_json(self) -> dict[str, str]:
        return {"check": self.matter, "state": self.state.value, "message": self.message}


def examine(
    workspace: Workspace, *, now: datetime, today: date, ledger_url: str | None
) -> Iterator[SetupCheck]:
    """Every check in turn. `now` bears the machine's time zone; `today` may be another day."""
    yield _python()
    yield _packages()
    yield from _folders(workspace)
    rules, rulebook = _rules(workspace)
    yield rules
    yield _templates(workspace)
    yield _settings(workspace)
    yield _roster(workspace, rulebook)
    yield _ledger(workspace, ledger_url, rulebook)
    yield _clock(now)
    yield _calendar(today)
    yield _fonts()


def _good(matter: str, message: str) -> SetupCheck:
    return SetupCheck(matter, CheckState.GOOD, message)


def _note(matter: str, message: str) -> SetupCheck:
    return SetupCheck(matter, CheckState.NOTE, message)


def _wrong(matter: str, message: str) -> SetupCheck:
    return SetupCheck(matter, CheckState.WRONG, message)


def _python() -> SetupCheck:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return _wrong("Python", f"版本 {version} 太旧，请安装 3.11 或更高版本。")
    return _good("Python", f"版本 {version}。")


def _packages() -> SetupCheck:
    missing, others = [], []
    for wanted in _wanted():
        try:
            installed = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            missing.append(wanted.name)
        else:
            if not wanted.specifier.contains(installed, prereleases=True):
                others.append(f"{wanted.name} {installed}（应为{wanted.specifier}）")
    again = "请重新安装本程序。" if IS_INSTALLED else "请执行 pip install -r requirements.txt。"
    if missing:
        return _wrong("程序包", f"缺少 {'、'.join(missing)}。{again}")
    if others:
        return _note("程序包", f"版本与清单不同：{'、'.join(others)}。{again}")
    return _good("程序包", "都已按清单安装。")


def _listed() -> list[str]:
    """What the program was tested with: the lines of requirements.txt, which an installed program brings along."""
    if IS_INSTALLED:
        return metadata.requires("monthly-appraisal-pipeline") or []
    return (PROGRAM_FOLDER / "requirements.txt").read_text("utf-8").splitlines()


def _wanted() -> list[Requirement]:
    """What the list asks for on this machine."""
    wanted = []
    for line in _listed():
        try:
            requirement = Requirement(line.split("#")[0].strip())
        except InvalidRequirement:
            continue  # a comment or an option of pip's
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            wanted.append(requirement)
    return wanted


def _folders(workspace: Workspace) -> Iterator[SetupCheck]:
    root = workspace.root
    if not root.is_dir():
        yield _wrong("工作区", f"没有 {root} 这个文件夹。请先执行 init 建立工作区，或用 --workspace 指定。")
        return
    refused = [f"{one.name}（{why}）" for one in _own_folders(workspace) if (why := _why_not_writable(one))]
    if refused:
        yield _wrong("工作区", f"{root} 里写不进去：{'、'.join(refused)}。请改正权限，或关闭占用它的程序。")
    else:
        yield _good("工作区", f"{root}，可以读写。")
    if workspace.inbox.is_dir() and not has_hr_folder(workspace.inbox):
        yield _note(
            "人事办理",
            "收件夹里没有“人事”文件夹，人事办理单无处可放。请建立它，只给人事写入的权限；"
            "设了 acts_from_inbox = true 的，现在谁能往收件夹放文件，谁就能下发。",
        )
    if is_on_network(workspace.state):
        yield _note("工作区", "state 在网络盘上，断网或多机同时运行可能损坏台账，请放到本机磁盘。")
    free = shutil.disk_usage(root).free
    if free < _ENOUGH_ROOM:
        yield _note("磁盘", f"只剩 {free >> 20} MB，请清理出至少 1 GB。")


def _own_folders(workspace: Workspace) -> list[Path]:
    folders = [workspace.inbox, workspace.outbox, workspace.state, workspace.archive]
    return [workspace.root, *(one for one in folders if one.exists())]


def _why_not_writable(folder: Path) -> str:
    """Empty where a file can be made in it: asking the system about rights is not the same everywhere."""
    probe = folder / f".probe-{os.getpid()}.tmp"
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        return reason_of(error)
    return ""


def _rules(workspace: Workspace) -> tuple[SetupCheck, Rulebook | None]:
    try:
        files = load_rule_files(*workspace.rules)
    except RulesError as error:
        first = error.mistakes[0]
        return _wrong(
            "规则", f"有 {len(error.mistakes)} 处错误，第一处：{first}。请用 rules check 查看全部。"
        ), None
    rulebook = rulebook_of(files)
    own = [one.path.name for one in files if one.path.parent == workspace.root / RULES]
    told = f"，其中工作区自己的：{'、'.join(own)}" if own else ""
    return _good("规则", f"方案：{'、'.join(rulebook.ids)}{told}。"), rulebook


def _templates(workspace: Workspace) -> SetupCheck:
    own, shipped = workspace.root / TEMPLATES, PROGRAM_FOLDER / TEMPLATES
    try:
        try_out(load_templates(own, shipped), () if own == shipped else own_templates(own))
    except TemplateError as error:
        return _wrong("模板", str(error))
    return _good("模板", "都用样例数据试排过，没有问题。")


_NAMES = ("company", "signature", "policy", "appeals_to")


def _settings(workspace: Workspace) -> SetupCheck:
    path = workspace.root / "settings.toml"
    try:
        settings = load_settings(path)
    except SettingsError as error:
        return _wrong("设置", str(error))
    blank = [
        str(getattr(settings, one)) for one in _NAMES if getattr(settings, one) == getattr(Settings(), one)
    ]
    if not path.exists():
        return _note("设置", "没有 settings.toml，全部用默认值。执行 init 会建一份带说明的。")
    if blank:
        return _note(
            "设置", f"还没填：{'、'.join(blank)}。通报上会印出这样的空位，请在 settings.toml 里补上。"
        )
    trial = "现在是试运行：只算分，不动钱。" if settings.trial else ""
    return _note("设置", trial) if trial else _good("设置", f"{settings.company}。")


def _roster(workspace: Workspace, rulebook: Rulebook | None) -> SetupCheck:
    try:
        roster = load_roster(workspace.root, rulebook)
    except RosterError as error:
        return _wrong("花名册", str(error))
    if roster is None:
        return _note("花名册", "没有 roster.xlsx 或 roster.csv，以上报表里的人员为准，查不出漏报和错名。")
    schemes = dict.fromkeys(one.scheme for one in roster.members)
    unknown = [one for one in schemes if rulebook is not None and one not in rulebook.ids]
    if unknown:
        return _wrong("花名册", f"考核方案 {'、'.join(unknown)} 不在规则文件里，请核对花名册的“考核方案”列。")
    people = len({one.id for one in roster.members})
    return _good("花名册", f"{people}人，考核组：{'、'.join(roster.groups)}。")


def _ledger(workspace: Workspace, url: str | None, rulebook: Rulebook | None) -> SetupCheck:
    if url is None and not (workspace.state / "ledger.db").exists():
        if read_marks(workspace):
            return _wrong("台账", GONE)
        return _good("台账", "还没有，第一次运行时建立。")
    try:
        with open_ledger(url or workspace.default_ledger) as ledger, ledger.reading() as transaction:
            months = [
                month
                for period in transaction.months.periods()
                for month in transaction.months.of_period(period)
            ]
            left = transaction.pending_recalculations.all()
            unfinished = transaction.journal.unfinished()
            wrong = what_is_wrong(workspace, ledger)
            changed = () if rulebook is None else changed_rules(rulebook, transaction)
    except LedgerError as error:
        return _wrong("台账", str(error))
    if wrong is not None:
        return _wrong("台账", wrong)
    if changed:
        return _wrong("规则", "".join(map(str, changed)))
    told = f"记有 {len(months)} 个组月。"
    if left or unfinished:
        return _note("台账", f"{told}上一次运行没有做完，请再运行一次 run。")
    return _good("台账", told)


def _clock(now: datetime) -> SetupCheck:
    offset = now.utcoffset()
    shown = f"{now:%Y-%m-%d %H:%M}（UTC{now:%z}）"
    if now.year < _YOUNGEST_YEAR:
        return _wrong("时钟", f"本机时间是 {shown}，明显不对。请先校准，期限都按它计算。")
    if offset != CHINA:
        return _note("时钟", f"本机时间是 {shown}，不是北京时间：半夜前后日期会差一天，请改时区或用 --date。")
    return _good("时钟", f"{shown}。")


def _calendar(today: date) -> SetupCheck:
    last = Period.of(today).shifted(1).last_day
    if is_arranged(last):
        return _good("放假安排", f"{last.year}年的已收录。")
    return _note(
        "放假安排", f"{last.year}年的还没有收录，期限按周末和固定节日推算；公布后请升级 holidays 包。"
    )


def _fonts() -> SetupCheck:
    """Documents name fonts of Windows and WPS; this machine needs some Chinese font to show them."""
    if sys.platform in {"win32", "darwin"}:
        return _good("字体", "系统自带中文字体。")
    places = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    if any(_is_chinese(name) for place in places for _, _, names in os.walk(place) for name in names):
        return _good("字体", "本机有中文字体。")
    return _note("字体", "本机没有中文字体，只影响在这台机器上预览和打印，例如可装 fonts-noto-cjk。")


_CHINESE = ("cjk", "wqy", "sourcehan", "simsun", "msyh", "fang", "droidsansfallback")
"""Parts of the file names of Chinese fonts."""


def _is_chinese(name: str) -> bool:
    return any(part in name.lower() for part in _CHINESE)
