"""Prepares a folder with which the program runs on a Windows that has no network.

    python tools/windows_bundle.py 离线包

The packages are fetched by pip as wheels for Windows and unpacked: this, and only this, needs the network. Python
itself (`EMBEDDABLE`) is downloaded by the administrator, who trusts nobody else with it. There is no Windows here to
try it on; what can be tried elsewhere is in tests/test_windows_bundle.py.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import InvalidRequirement, Requirement

ROOT = Path(__file__).resolve().parents[1]
PYTHON = "3.12"
EMBEDDABLE = "python-3.12.10-embed-amd64.zip"
PROGRAM = (
    "appraisal",
    "rules",
    "templates",
    "docs",
    "pipeline.py",
    "requirements.txt",
    "README.zh-CN.md",
    "LICENSE",
)
_WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "extra": ""}
_LITTER = shutil.ignore_patterns("__pycache__", "*.pyc")

_START = """\
@echo off
chcp 65001 >nul
cd /d "%~dp0"
set "APPRAISAL_WORKSPACE=%~dp0workspace"
"""
SCRIPTS = {
    "安装.cmd": f"""\
{_START}if not exist python\\python.exe (
  echo 请先把 {EMBEDDABLE} 解压到这里的 python 文件夹，再双击一次。
  pause
  exit /b 2
)
> python\\python312._pth (
  echo python312.zip
  echo .
  echo ..\\packages
  echo ..\\program
)
python\\python.exe -m appraisal init
python\\python.exe -m appraisal doctor --self-test
pause
""",
    "运行一次.cmd": f"{_START}python\\python.exe -m appraisal run\nexit /b %ERRORLEVEL%\n",
    "守候.cmd": f"{_START}python\\python.exe -m appraisal watch\npause\n",
}
READ_ME = f"""\
1. 在有外网的机器上从 python.org 下载 {EMBEDDABLE}
   （Python 3.12.10 的 Windows embeddable package, 64-bit），解压到这里的 python 文件夹。
2. 把整个文件夹拷到 Windows 的本机磁盘，路径要短，例如 D:\\appraisal。
3. 双击 安装.cmd：建工作区 workspace，检查，并用示例自检。自检不一致，先不要正式使用。
4. 双击 守候.cmd；或用任务计划程序定时执行 运行一次.cmd。权限、备份、升级见 program\\docs\\管理员手册.md。
"""


def lay_out(folder: Path) -> None:
    """The program, the start scripts and a page for people; what is there of them is replaced."""
    for name in PROGRAM:
        source, target = ROOT / name, folder / "program" / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=_LITTER)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    for name, text in {**SCRIPTS, "先读我.txt": READ_ME}.items():
        (folder / name).write_text(text, "utf-8", newline="\r\n")


def fetch(folder: Path) -> None:
    """The packages of requirements.txt, and what they want on Windows alone, unpacked into `packages`."""
    packages = folder / "packages"
    shutil.rmtree(packages, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(packages)]
    wheels = ["--platform", "win_amd64", "--python-version", PYTHON, "--only-binary", ":all:"]
    wanted = ["-r", str(ROOT / "requirements.txt"), *sorted(wanted_on_windows())]
    subprocess.run([*pip, *wheels, *wanted], check=True)  # noqa: S603 - our own words
    shutil.rmtree(packages / "bin", ignore_errors=True)  # scripts for the system that we are on


def wanted_on_windows() -> set[str]:
    """What the packages that are installed here ask for on Windows and not here; pip looks at this machine alone."""
    here = {**default_environment(), "extra": ""}
    return {
        str(Requirement(f"{one.name}{one.specifier}"))
        for one in _asked_for()
        if one.marker and one.marker.evaluate(here | _WINDOWS) and not one.marker.evaluate(here)
    }


def _asked_for() -> Iterator[Requirement]:
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines():
        try:
            name = Requirement(line.split("#")[0].strip()).name
        except InvalidRequirement:
            continue  # a comment
        yield from map(Requirement, metadata.requires(name) or ())


if __name__ == "__main__":
    to = Path(sys.argv[1] if len(sys.argv) > 1 else "离线包")
    lay_out(to)
    fetch(to)
    print(f"{to}: 接下来看里面的 先读我.txt")
