"""What somebody typed wrong on the command line, in Chinese: Typer says it in English."""

from __future__ import annotations

import re
from collections.abc import Iterable

from appraisal.text import did_you_mean

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
            told = sentence.format(**{"what": "", **parts}, near=near).rstrip("。")
            return f"{told}{'' if told.endswith('？') else '。'}用 --help 查看用法。"
    return f"命令写得不对（{message}）。用 --help 查看用法。"


def _nearest(name: str, known: Iterable[str]) -> str:
    """The dashes that options share say nothing about which one was meant."""
    bare = {one.lstrip("-"): one for one in known if one.startswith("-") == name.startswith("-")}
    near = did_you_mean(name.lstrip("-"), bare)
    return re.sub("“(.*)”", lambda found: f"“{bare[found[1]]}”", near)
