"""What the machine has to have: Python, packages, room on the disk, a clock that is right, fonts, LibreOffice."""

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

from appraisal.period import Period
from appraisal.processes.libreoffice import libreoffice_program
from appraisal.scoring.deadlines import is_arranged
from appraisal.workspace.paths import IS_INSTALLED, PROGRAM_FOLDER
from appraisal.workspace.system import font_folders

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


def good(matter: str, message: str) -> SetupCheck:
    return SetupCheck(matter, CheckState.GOOD, message)


def note(matter: str, message: str) -> SetupCheck:
    return SetupCheck(matter, CheckState.NOTE, message)


def wrong(matter: str, message: str) -> SetupCheck:
    return SetupCheck(matter, CheckState.WRONG, message)


def examine_machine(root: Path, *, now: datetime, today: date) -> Iterator[SetupCheck]:
    """Every check of the machine that the workspace `root` lies on."""
    yield good("Python", f"版本 {'.'.join(map(str, sys.version_info[:3]))}。")
    yield _packages()
    yield from _room(root)
    yield _clock(now)
    yield _calendar(today)
    yield _fonts()
    yield _libreoffice()


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
        return wrong("程序包", f"缺少 {'、'.join(missing)}。{again}")
    if others:
        return note("程序包", f"版本与清单不同：{'、'.join(others)}。{again}")
    return good("程序包", "都已按清单安装。")


def _wanted() -> list[Requirement]:
    """What the list asks for on this machine: requirements.txt, which an installed program brings along."""
    if IS_INSTALLED:
        listed = metadata.requires("monthly-appraisal-pipeline") or []
    else:
        listed = (PROGRAM_FOLDER / "requirements.txt").read_text("utf-8").splitlines()
    wanted = []
    for line in listed:
        try:
            requirement = Requirement(line.split("#")[0].strip())
        except InvalidRequirement:
            continue  # a comment or an option of pip's
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            wanted.append(requirement)
    return wanted


def _room(root: Path) -> Iterator[SetupCheck]:
    if root.is_dir() and (free := shutil.disk_usage(root).free) < _ENOUGH_ROOM:
        yield note("磁盘", f"只剩 {free >> 20} MB，请清理出至少 1 GB。")


def _clock(now: datetime) -> SetupCheck:
    offset = now.utcoffset()
    shown = f"{now:%Y-%m-%d %H:%M}（UTC{now:%z}）"
    if now.year < _YOUNGEST_YEAR:
        return wrong("时钟", f"本机时间是 {shown}，明显不对。请先校准，期限都按它计算。")
    if offset != CHINA:
        return note("时钟", f"本机时间是 {shown}，不是北京时间：半夜前后日期会差一天，请改时区或用 --date。")
    return good("时钟", f"{shown}。")


def _calendar(today: date) -> SetupCheck:
    last = Period.of(today).shifted(1).last_day
    if is_arranged(last):
        return good("放假安排", f"{last.year}年的已收录。")
    return note(
        "放假安排", f"{last.year}年的还没有收录，期限按周末和固定节日推算；公布后请升级 holidays 包。"
    )


def _fonts() -> SetupCheck:
    """Documents name fonts of Windows and WPS; this machine needs some Chinese font to show them."""
    places = font_folders()
    if not places:
        return good("字体", "系统自带中文字体。")
    files = (name.lower() for place in places for _, _, names in os.walk(place) for name in names)
    if any(part in name for name in files for part in _CHINESE):
        return good("字体", "本机有中文字体。")
    return note("字体", "本机没有中文字体，只影响在这台机器上预览和打印，例如可装 fonts-noto-cjk。")


_CHINESE = ("cjk", "wqy", "sourcehan", "simsun", "msyh", "fang", "droidsansfallback")
"""Parts of the file names of Chinese fonts."""


def _libreoffice() -> SetupCheck:
    """Only `print` needs it."""
    if found := libreoffice_program():
        return good("LibreOffice", f"{found}，print 可用。")
    return good("LibreOffice", "本机没有，只是 print（合成一个 PDF）用不了，别的都不受影响。")
