"""Laying out a new workspace: folders, explained settings, an example roster, a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from appraisal.publish.forms.roster import roster_example
from appraisal.workspace.files import Files, reason_of
from appraisal.workspace.names import HR_FOLDER
from appraisal.workspace.paths import PROGRAM, Workspace, WorkspaceError
from appraisal.workspace.settings import Settings, meaning_of

SETTINGS = "settings.toml"
ROSTER_EXAMPLE = "花名册示例.xlsx"
READ_ME = "先读我.txt"


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The names of the files that were written, and of those that were there already and stayed."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def lay_out(workspace: Workspace, files: Files) -> LaidOut:
    """Make what the workspace lacks; nothing that is there is touched. Raises WorkspaceError."""
    workspace.made()
    contents: Mapping[str, bytes] = {
        SETTINGS: settings_file().encode("utf-8"),
        ROSTER_EXAMPLE: roster_example(),
        READ_ME: _for_people(workspace).encode("utf-8-sig"),
    }
    kept = tuple(name for name in contents if (workspace.root / name).exists())
    written = tuple(name for name in contents if name not in kept)
    try:
        (workspace.inbox / HR_FOLDER).mkdir(exist_ok=True)
        for name in written:
            files.write(workspace.root / name, contents[name])
    except OSError as error:
        raise WorkspaceError(
            f"工作区 {workspace.root} 写不进去：{reason_of(error)}。请检查文件夹的权限。"
        ) from None
    return LaidOut(written, kept)


def settings_file() -> str:
    """settings.toml with every setting at its default, each explained in the line above it."""
    defaults = Settings()
    lines = [
        "# 月度绩效考核的设置。井号后面是说明；改等号右边，保存即可，下一次运行生效。",
        '# 文字写在英文双引号里。名称留空（""）时，通报上会印出【公司名称】这样的空位，提醒补上。',
    ]
    for one in fields(Settings):
        default = getattr(defaults, one.name)
        lines += ["", f"# {meaning_of(one.name)}", f"{one.name} = {_in_toml(default)}"]
    return "\n".join(lines) + "\n"


def _in_toml(default: Any) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    if isinstance(default, tuple):
        return f"[{', '.join(map(_in_toml, default))}]"
    if isinstance(default, StrEnum):
        return f'"{default.value}"'
    if isinstance(default, str):
        return '""' if default.startswith("【") else f'"{default}"'
    return str(default)


def _for_people(workspace: Workspace) -> str:
    return _READ_ME.format(root=workspace.root, program=PROGRAM).replace("\n", "\r\n")


_READ_ME = """\
月度绩效考核 · 这个文件夹怎么用

inbox      收件夹。店长每月把填好的上报表放进来。要限定各组只交各组的，就在里面建以考核组命名的文件夹。
           inbox/人事 只给人事写入的权限：放在那里的人事办理单会照办，放在别处的一律退回。
outbox     结果。受理的在 outbox/考核组/月份，退回的在 outbox/考核组/退回，给人事的在 outbox/人事。
state      台账和存档。系统自己用，请勿改动；备份时连同它一起备份。

装好以后做三件事：
1. 打开 settings.toml，填上公司名称、落款、制度名称和申诉受理人。
2. 打开 花名册示例.xlsx，换成本公司的人，另存为 roster.xlsx，放在这个文件夹里。
3. 运行 {program} doctor --workspace "{root}"，看看还缺什么。

每月：
1. 发空白表：{program} template online-shop --group 旗舰店 --workspace "{root}"
2. 收表、出结果：{program} run --workspace "{root}"（一直守候用 watch）
3. 人事核对通报后下发：{program} issue 旗舰店 2026-11 --workspace "{root}"

成绩是个人信息：outbox 里给人事的文件夹和 state 只让需要的人看到。
"""
