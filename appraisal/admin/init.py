"""Laying out a new workspace: folders, explained settings, an example roster, a page for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from appraisal.errors import AppraisalError
from appraisal.pipeline.blanks import latest_scheme
from appraisal.publish.forms.for_hr import roster_example
from appraisal.scheme.rulebook import Rulebook
from appraisal.text import key
from appraisal.workspace.files import Files, reason_of
from appraisal.workspace.names import HR_FOLDER, reserved_name_like, safe_file_name
from appraisal.workspace.notify_settings import EXAMPLE as NOTIFY_EXAMPLE
from appraisal.workspace.paths import PROGRAM, Workspace, WorkspaceError
from appraisal.workspace.settings import Settings, setting_meaning

SETTINGS = "settings.toml"
ROSTER_EXAMPLE = "花名册示例.xlsx"
READ_ME = "先读我.txt"
_EXAMPLE_GROUPS = {"旗舰店": "online-shop"}


class InitError(AppraisalError):
    """What a new workspace is to be for does not fit; one Chinese sentence with the next step."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a new workspace is to be for: the names in its settings, and the scheme's id of each group."""

    settings: Settings = field(default_factory=Settings)
    groups: Mapping[str, str] = field(default_factory=dict)


def purpose_of(names: Mapping[str, str], groups: Iterable[str], rulebook: Rulebook) -> Purpose:
    """From what was typed: names by setting, groups as `旗舰店=online-shop`. Raises InitError, BlankError."""
    if odd := [text for text in names.values() if not text.isprintable() or '"' in text or "\\" in text]:
        raise InitError(f"“{odd[0]}”里有不能用的字符（双引号、反斜杠、换行）。请去掉后再试。")
    given: dict[str, Any] = {name: text.strip() for name, text in names.items() if text.strip()}
    return Purpose(Settings(**given), dict(_group(written, rulebook) for written in groups))


def _group(written: str, rulebook: Rulebook) -> tuple[str, str]:
    group, _, scheme = (part.strip() for part in written.partition("="))
    if not group or not scheme:
        raise InitError(
            f"考核组应写成 组=方案，例如 旗舰店=online-shop，现在是“{written}”。方案有：{'、'.join(rulebook.ids)}。"
        )
    if reserved_name_like(group) or safe_file_name(group) != group:
        raise InitError(f"“{group}”不能作考核组的名称：文件夹不能这样叫，或另有用处。请换一个名称。")
    by_name = {key(version.name): version.scheme for version in rulebook.versions}
    return group, latest_scheme(by_name.get(key(scheme), scheme), rulebook).scheme


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The names of the files that were written, and of those that were there already and stayed."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def lay_out(workspace: Workspace, files: Files, purpose: Purpose | None = None) -> LaidOut:
    """Make what the workspace lacks; nothing that is there is touched. Raises WorkspaceError."""
    purpose = purpose or Purpose()
    groups = purpose.groups or _EXAMPLE_GROUPS
    workspace.made()
    contents: Mapping[str, bytes] = {
        SETTINGS: settings_file(purpose.settings).encode("utf-8"),
        ROSTER_EXAMPLE: roster_example(groups),
        READ_ME: _for_people(workspace, groups).encode("utf-8-sig"),
    }
    kept = tuple(name for name in contents if (workspace.root / name).exists())
    written = tuple(name for name in contents if name not in kept)
    try:
        for name in (HR_FOLDER, *purpose.groups):
            (workspace.inbox / name).mkdir(exist_ok=True)
        for name in written:
            files.write(workspace.root / name, contents[name])
    except OSError as error:
        raise WorkspaceError(
            f"工作区 {workspace.root} 写不进去：{reason_of(error)}。请检查文件夹的权限。"
        ) from None
    return LaidOut(written, kept)


def settings_file(settings: Settings | None = None) -> str:
    """settings.toml with every setting as it is, or at its default, each explained in the line above it."""
    settings = settings or Settings()
    lines = [
        "# 月度绩效考核的设置。井号后面是说明；改等号右边，保存即可，下一次运行生效。",
        '# 文字写在英文双引号里。名称留空（""）时，通报上会印出【公司名称】这样的空位，提醒补上。',
    ]
    for setting in fields(Settings):
        if setting.name == "notify":
            continue
        value = getattr(settings, setting.name)
        lines += ["", f"# {setting_meaning(setting.name)}", f"{setting.name} = {_in_toml(value)}"]
    return "\n".join(lines) + "\n" + NOTIFY_EXAMPLE


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


def _for_people(workspace: Workspace, groups: Mapping[str, str]) -> str:
    blanks = "\n".join(
        f'      {PROGRAM} template {scheme} --group {group} --workspace "{workspace.root}"'
        for group, scheme in groups.items()
    )
    page = _READ_ME.format(root=workspace.root, program=PROGRAM, group=next(iter(groups)), blanks=blanks)
    return page.replace("\n", "\r\n")


_READ_ME = """\
月度绩效考核 · 这个文件夹怎么用

谁能进哪个文件夹（请管理员照此给权限，写法见管理员手册）：

  文件夹          里面是什么                              谁写      谁读
  inbox           收件夹：店长每月把填好的上报表放进来    店长      店长、人事
  inbox/考核组    只收这个组的；没有这个文件夹就放 inbox  该组店长  该组店长、人事
  inbox/人事      人事办理单、花名册；别处的办理单一律退回  只有人事  只有人事
  outbox/考核组   这个组的结果、通报、绩效单、退回的表    程序      该组店长、人事
  outbox/人事     人事总览和各份清单；定稿 文件夹归人事用 程序      只有人事
  state           台账和存档，系统自己用，请勿改动        程序      只有程序和备份

装好以后做三件事：
1. 打开 settings.toml，看看公司名称、落款、制度名称和申诉受理人填好没有。
2. 打开 花名册示例.xlsx，换成本公司的人，另存为 roster.xlsx，放在这个文件夹里。
3. 运行 {program} doctor --workspace "{root}"，看看还缺什么。

每月：
1. 发空白表（人员来自花名册）：
{blanks}
2. 收表、出结果：{program} run --workspace "{root}"（一直守候用 watch）
3. 人事打开 outbox/人事/index.html，看还有什么要办；核对通报后下发：
      {program} issue {group} 2026-11 --workspace "{root}"

成绩是个人信息：只让需要的人看到。每天备份整个文件夹，state 也在内。
"""
