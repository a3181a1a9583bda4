"""settings.toml: the workspace's own words and switches, each with a default.

Pure values; `load_settings` is the only function that touches a file.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from appraisal.errors import AppraisalError
from appraisal.text import did_you_mean
from appraisal.workspace.files import read_setup_file, reason_of
from appraisal.workspace.notify_settings import Notify, notify_of


class SettingsError(AppraisalError):
    """settings.toml cannot be used; Chinese sentences that say what in it, why and what to write instead."""


class SelfFormPolicy(StrEnum):
    OFF = "off"
    ALLOWED = "allowed"
    REQUIRED = "required"


class Receipts(StrEnum):
    INBOX = "inbox"
    OUTBOX = "outbox"
    OFF = "off"


class MovedStaff(StrEnum):
    LAST_DAY = "last_day"
    FIRST_DAY = "first_day"
    MOST_DAYS = "most_days"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, named as in settings.toml, with what it is for in a Chinese clause.

    An empty name prints as a visible 【公司名称】.
    """

    company: Annotated[str, "公司名称，印在通报和绩效单上"] = "【公司名称】"
    signature: Annotated[str, "通报落款"] = "【落款】"
    policy: Annotated[str, "考核制度的名称，通报第一句引用"] = "【制度依据】"
    appeals_to: Annotated[str, "对结果有异议找谁"] = "【申诉受理人】"
    appeal_days: Annotated[int, "几个工作日内提出异议"] = 3
    handin_day: Annotated[int, "次月几日报送截止，遇休息日顺延"] = 5
    document_number: Annotated[str, "文号式样，可用 {年} {月} {组}；留空则通报不印文号"] = ""
    notice_columns: Annotated[
        tuple[str, ...], "通报排名表的列，还可以用 工号、自评合计、店长合计、等级、结果"
    ] = (
        "名次",
        "姓名",
        "综合得分",
        "较上月",
    )
    name_last: Annotated[bool, "通报里是否写出末位人员的姓名"] = False
    self_forms: Annotated[SelfFormPolicy, "员工自评表：off 不用，allowed 可用，required 必须"] = (
        SelfFormPolicy.OFF
    )
    receipts: Annotated[Receipts, "回执放在哪里：inbox 收件夹，outbox 输出文件夹，off 不要"] = Receipts.INBOX
    acts_from_inbox: Annotated[
        bool, "收件夹里没有“人事”文件夹时，直接放在收件夹里的人事办理单是否也办理（谁能放文件，谁就能下发）"
    ] = False
    moved_staff: Annotated[
        MovedStaff,
        "月中调组的人由哪个组考核：last_day 月末所在的组，first_day 月初所在的组，most_days 在组天数多的组",
    ] = MovedStaff.LAST_DAY
    extra_holidays: Annotated[tuple[date, ...], "公司自己的放假日，例如 [2027-02-08, 2027-02-09]"] = ()
    trial: Annotated[bool, "试运行：只算分，不动钱，通报标“试评”"] = False
    notify: Annotated[
        Notify, "发送：邮件、群机器人和企业应用，写成 [notify] 一段，放在文件末尾；不写就什么都不发"
    ] = field(default_factory=Notify)


def setting_meaning(setting: str) -> str:
    """What a setting is for, in one Chinese clause."""
    (meaning,) = get_type_hints(Settings, include_extras=True)[setting].__metadata__
    return str(meaning)


DOCUMENT_NUMBER_GAPS = ("{年}", "{月}", "{组}")
"""What `document_number` may leave to be filled in."""

NOTICE_COLUMNS = (
    "名次",
    "姓名",
    "工号",
    "综合得分",
    "自评合计",
    "店长合计",
    "等级",
    "较上月",
    "结果",
)
"""What `notice_columns` may name. (`<考核人>合计` works for every reviewer of the scheme.)"""


def load_settings(path: Path) -> Settings:
    """The settings in `path`, or the defaults where there is no such file. Raises SettingsError."""
    try:
        text = read_setup_file(path).decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(f"{path.name} 读不出来：{reason_of(error)}。请检查这个文件。") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} 不是 UTF-8 编码。请用记事本打开，另存为 UTF-8。") from None
    written, unreadable = _read(text, path.name)
    settings, mistakes = _settings(written, path.name)
    if unreadable or mistakes:
        raise SettingsError("".join((*unreadable, *mistakes)))
    return settings


def self_forms_in(content: bytes) -> SelfFormPolicy:
    """What a settings file that was found right once says of people's self-assessments."""
    return SelfFormPolicy(tomllib.loads(content.decode("utf-8-sig")).get("self_forms", SelfFormPolicy.OFF))


def _read(text: str, file: str) -> tuple[dict[str, Any], list[str]]:
    """What stands there, and each line that cannot be read: it is left out, and the others read all the same."""
    lines = text.split("\n")
    mistakes: list[str] = []
    while True:
        try:
            return tomllib.loads("\n".join(lines)), mistakes
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"at line (\d+), column (\d+)", str(error))
            index = int(found[1]) - 1 if found else -1
            place = f"第{found[1]}行第{found[2]}列" if found else "末尾"
            mistakes.append(f"{file} {place}写法有误。{_remedy(lines[index])}")
            if not _SETTING.match(lines[index]):
                return {}, mistakes
            lines[index] = ""


_SETTING = re.compile(r"\s*\w+\s*=")
"""A line that says one setting: without it the others are what they were."""


def _remedy(line: str) -> str:
    """What to write in the line that cannot be read, by what its setting holds."""
    name = line.partition("=")[0].strip()
    default = getattr(Settings(), name, "")
    if isinstance(default, bool):
        return f"{name} 只能写 true（是）或 false（否），不加引号，例如 {name} = false。"
    if isinstance(default, int):
        return f"{name} 应为整数，不加引号，例如 {name} = {default}。"
    return '文字要加英文双引号，例如 company = "某某公司"。'


def _settings(written: dict[str, Any], file: str) -> tuple[Settings, list[str]]:
    """The settings, and what is wrong with those that were written."""
    defaults = Settings()
    known = [setting.name for setting in fields(Settings)]
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for key, value in written.items():
        if key not in known:
            near = did_you_mean(key, known) or f"。可用的有：{'、'.join(known)}。"
            mistakes.append(f"{file} 里有不认识的设置“{key}”{near}")
            continue
        if key == "notify":
            values[key], wrong = notify_of(value)
            mistakes += [f"{file}：{mistake}。" for mistake in wrong]
            continue
        try:
            values[key] = _converted(key, value, getattr(defaults, key), file)
        except SettingsError as error:
            mistakes.append(str(error))
    return Settings(**values), mistakes


def _converted(key: str, value: Any, default: Any, file: str) -> Any:
    """`value` as the type of the setting's default; SettingsError says what was expected."""
    if key == "extra_holidays":
        return _dates(value, file)
    if key == "notice_columns":
        return _notice_columns(value, file)
    if isinstance(default, StrEnum):
        choices = [choice.value for choice in type(default)]
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
            if key == "document_number":
                _known_gaps(value, file)
            return value.strip() or default
        expected = "应为文字（加英文双引号）"
    raise SettingsError(f"{file}：{key} {expected}，现在是 {_as_written(value)}。")


def _as_written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"“{value}”" if isinstance(value, str) else str(value)


def _known_gaps(pattern: str, file: str) -> None:
    """A gap that nothing fills would be printed as it stands."""
    for gap in re.findall(r"\{[^{}]*\}", pattern):
        if gap not in DOCUMENT_NUMBER_GAPS:
            known = " ".join(DOCUMENT_NUMBER_GAPS)
            raise SettingsError(f"{file}：document_number 里的 {gap} 不认识，只能用 {known}。")


def _dates(value: Any, file: str) -> tuple[date, ...]:
    if isinstance(value, list) and all(type(day) is date for day in value):
        return tuple(value)
    raise SettingsError(f"{file}：extra_holidays 应为日期列表，例如 [2027-02-08, 2027-02-09]。")


def _notice_columns(value: Any, file: str) -> tuple[str, ...]:
    if not (isinstance(value, list) and value and all(isinstance(column, str) for column in value)):
        raise SettingsError(f'{file}：notice_columns 应为文字列表，例如 ["名次", "姓名", "综合得分"]。')
    for column in value:
        if column not in NOTICE_COLUMNS and not column.endswith("合计"):
            near = did_you_mean(column, NOTICE_COLUMNS) or f"。可用的有：{'、'.join(NOTICE_COLUMNS)}。"
            raise SettingsError(f"{file}：通报里没有“{column}”这一列{near}")
    return tuple(value)
