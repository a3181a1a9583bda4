"""What is said of a command line that came to nothing: one sentence in Chinese, where Typer says it in English."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import typer
from typer.exceptions import TyperException

from appraisal.cli.console import warn
from appraisal.cli.options import common
from appraisal.errors import AppraisalError
from appraisal.text import did_you_mean
from appraisal.workspace.files import REAL_FILES, reason_of
from appraisal.workspace.paths import Workspace, default_workspace


def report(error: Exception) -> int:
    """One sentence for what went wrong, and the exit code. What is nobody's mistake but ours is kept in a file."""
    if isinstance(error, typer.Abort | KeyboardInterrupt):
        warn("已中断。")
    elif isinstance(error, AppraisalError):
        warn(str(error))
        return error.exit_code
    elif isinstance(error, OSError) and error.errno is not None:  # the system refused us a file
        warn(f"{error.filename or '文件'} 用不了：{reason_of(error)}。请检查路径和权限后再试。")
    elif isinstance(error, TyperException):  # an unknown verb or option
        warn(in_chinese(error.format_message(), _names_known_to(error)))
    else:
        path = _write_crash(error)
        sentence = (
            f"请把 {path} 发给管理员" if path else f"{type(error).__name__} 的报告没能写下，请告诉管理员"
        )
        warn(f"内部错误，{sentence}。")
    return 2


def _names_known_to(error: Exception) -> list[str]:
    """The verbs and options that could have been meant where `error` came up."""
    command = getattr(getattr(error, "ctx", None), "command", None)
    options = [name for parameter in getattr(command, "params", ()) for name in parameter.opts]
    return [*getattr(command, "commands", ()), *options]


def _write_crash(error: Exception) -> Path | None:
    """The file with the traceback; None where it could not be written."""
    from appraisal.pipeline.log import keep_trace

    workspace = Workspace(common.workspace or default_workspace())
    moment = f"{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}"
    return keep_trace(workspace, REAL_FILES, moment, "".join(traceback.format_exception(error)))


_SENTENCES = (
    (r"No such command '(?P<name>.*?)'\..*", "没有“{name}”这个子命令{near}"),
    (r"No such option: (?P<name>\S+).*", "没有“{name}”这个选项{near}"),
    (r"Option '(?P<name>.*)' requires an argument\.", "“{name}”后面要写内容"),
    (r"Option '(?P<name>.*)' does not take a value\.", "“{name}”后面不写内容"),
    (r"Got unexpected extra argument(?:\(s\)|s)? \((?P<name>.*)\)", "多写了“{name}”"),
    (r"Missing argument '(?P<name>.*)'\.", "还要写上 {name}"),
    (r"Missing option '(?P<name>.*)'\.", "还要写上 {name}"),
    (r"Missing command\.", "后面还要写子命令"),
    (r"Invalid value for '(?P<name>.*?)': (?P<what>.*)", "{what}"),
    (r"Invalid value: (?P<what>.*)", "{what}"),
)
"""Typer's sentences, whole, and ours for them. What stands in `what` is already ours."""


def in_chinese(message: str, known: Iterable[str] = ()) -> str:
    """One Chinese sentence for Typer's message; `known` are the names that could have been meant."""
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            parts = found.groupdict()
            near = _nearest(parts.get("name", ""), known)
            text = sentence.format(**{"what": "", **parts}, near=near).rstrip("。")
            return f"{text}{'' if text.endswith('？') else '。'}用 --help 查看用法。"
    return f"命令写得不对（{message}）。用 --help 查看用法。"


def _nearest(name: str, known: Iterable[str]) -> str:
    """The dashes that options share say nothing about which one was meant."""
    bare = {option.lstrip("-"): option for option in known if option.startswith("-") == name.startswith("-")}
    near = did_you_mean(name.lstrip("-"), bare)
    return re.sub("“(.*)”", lambda found: f"“{bare[found[1]]}”", near)
