"""settings.toml: the workspace's own words and switches, each with a default.

Pure values; `load_settings` is the only function that touches a file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from appraisal.scheme.spelling import did_you_mean


class SettingsError(Exception):
    """settings.toml cannot be used; one Chinese sentence that says which line of it and why."""


class SelfForms(StrEnum):
    OFF = "off"
    ALLOWED = "allowed"
    REQUIRED = "required"


class Receipts(StrEnum):
    INBOX = "inbox"
    OUTBOX = "outbox"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, named as in settings.toml. An empty name prints as a visible 【公司名称】."""

    company: str = "【公司名称】"
    signature: str = "【落款】"
    policy: str = "【制度依据】"
    appeals_to: str = "【申诉受理人】"
    appeal_days: int = 3
    handin_day: int = 5
    document_number: str = ""
    notice_columns: tuple[str, ...] = ("名次", "姓名", "综合得分", "较上月")
    name_last: bool = False
    self_forms: SelfForms = SelfForms.OFF
    receipts: Receipts = Receipts.INBOX
    extra_holidays: tuple[date, ...] = ()
    trial: bool = False


NOTICE_COLUMNS = (
    "名次",
    "姓名",
    "工号",
    "综合得分",
    "自评合计",
    "店长合计",
    "较上月",
    "结果",
)
"""What `notice_columns` may name. (`<考核人>合计` works for every reviewer of the scheme.)"""


def load_settings(path: Path) -> Settings:
    """The settings in `path`, or the defaults where there is no such file. Raises SettingsError."""
    try:
        written = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} 读不出来（{error}），请另存为 UTF-8 文本。") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f'{path.name} 写法有误：{error}。文字要加英文双引号，例如 company = "某某公司"。'
        ) from None
    return _settings(written, path.name)


def _settings(written: dict[str, Any], file: str) -> Settings:
    defaults = Settings()
    known = [one.name for one in fields(Settings)]
    values: dict[str, Any] = {}
    for key, value in written.items():
        if key not in known:
            raise SettingsError(f"{file} 里有不认识的设置“{key}”{did_you_mean(key, known)}")
        values[key] = _converted(key, value, getattr(defaults, key), file)
    return Settings(**values)


def _converted(key: str, value: Any, default: Any, file: str) -> Any:
    """`value` as the type of the setting's default; SettingsError says what was expected."""
    if key == "extra_holidays":
        return _dates(value, file)
    if key == "notice_columns":
        return _notice_columns(value, file)
    if isinstance(default, StrEnum):
        choices = [one.value for one in type(default)]
        if value in choices:
            return type(default)(value)
        expected = f"只能是 {'、'.join(choices)}"
    elif isinstance(default, bool):
        if isinstance(value, bool):
            return value
        expected = "应为 true 或 false"
    elif isinstance(default, int):
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 31:
            return value
        expected = "应为 1 到 31 的整数"
    else:
        if isinstance(value, str):
            return value.strip() or default
        expected = "应为文字（加英文双引号）"
    raise SettingsError(f"{file}：{key} {expected}，现在是 {value!r}。")


def _dates(value: Any, file: str) -> tuple[date, ...]:
    if isinstance(value, list) and all(type(one) is date for one in value):
        return tuple(value)
    raise SettingsError(f"{file}：extra_holidays 应为日期列表，例如 [2027-02-08, 2027-02-09]。")


def _notice_columns(value: Any, file: str) -> tuple[str, ...]:
    if not (isinstance(value, list) and value and all(isinstance(one, str) for one in value)):
        raise SettingsError(f'{file}：notice_columns 应为文字列表，例如 ["名次", "姓名", "综合得分"]。')
    for one in value:
        if one not in NOTICE_COLUMNS and not one.endswith("合计"):
            raise SettingsError(f"{file}：通报里没有“{one}”这一列{did_you_mean(one, NOTICE_COLUMNS)}")
    return tuple(value)
