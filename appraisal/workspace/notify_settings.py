"""[notify] in settings.toml: to whom what may be sent, over which services, and what goes out by itself.

No secret stands there: the mailbox's password and the addresses of robots come from the environment or the system's
keyring, under the names given there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

from appraisal.text import did_you_mean, is_mail_address


class Circulated(StrEnum):
    """What `--to` and `automatic` may name."""

    NOTICE = "notice"
    SLIPS = "slips"
    PLANS = "plans"
    LETTERS = "letters"
    REMINDERS = "reminders"
    RECEIPTS = "receipts"


class Service(StrEnum):
    """Whose group robots and company's apps are known."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class Security(StrEnum):
    """How the connection to the mail server is guarded."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Robot:
    """A robot in a group's chat; `secret` is the name under which its address is found."""

    service: Service
    secret: str


_URLS = {
    Service.WECOM: "https://qyapi.weixin.qq.com",
    Service.DINGTALK: "https://oapi.dingtalk.com",
    Service.FEISHU: "https://open.feishu.cn",
}


@dataclass(frozen=True, slots=True)
class App:
    """The company's own app: `id` is the 企业ID, AppKey or App ID, `agent` the AgentId (飞书 has none)."""

    service: Service
    id: str
    agent: str
    url: str


@dataclass(frozen=True, slots=True)
class GroupAddresses:
    """Where a group's manager is reached, who else is sent its notice, and the robots of its chat."""

    manager: str = ""
    notice_to: tuple[str, ...] = ()
    robots: tuple[Robot, ...] = ()


@dataclass(frozen=True)
class Notify:
    """`groups` are by name. Without `mail_from` and `smtp_host` nothing goes by mail.

    Who has an id of one of `apps` in the roster is sent a personal paper by the first of them, everybody else by mail.
    """

    automatic: tuple[Circulated, ...] = ()
    mail_from: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    smtp_user: str = ""
    apps: tuple[App, ...] = ()
    groups: Mapping[str, GroupAddresses] = field(default_factory=dict, hash=False)

    @property
    def has_mail(self) -> bool:
        return bool(self.mail_from and self.smtp_host)

    @property
    def does_anything_by_itself(self) -> bool:
        """Sends, or asks whether what was sent by an app was read."""
        return bool(self.automatic or self.apps)

    def of(self, group: str) -> GroupAddresses:
        """The group's addresses; empty where none are given."""
        return self.groups.get(group, GroupAddresses())


def notify_of(written: Any) -> tuple[Notify, list[str]]:
    """The table as TOML has it, and what is wrong with it as Chinese clauses, each without its file's name."""
    if not isinstance(written, dict):
        return Notify(), ["notify 应写成一段，以 [notify] 开头"]
    mistakes: list[str] = []
    values: dict[str, Any] = {}
    known = [setting.name for setting in fields(Notify) if setting.name not in {"groups", "apps"}]
    for key, value in written.items():
        if key == "group":
            values["groups"] = _groups(value, mistakes)
        elif key == "app":
            values["apps"] = _apps(value, mistakes)
        elif key not in known:
            every = [*known, "app", "group"]
            near = did_you_mean(key, every) or f"。可用的有：{'、'.join(every)}"
            mistakes.append(f"[notify] 里有不认识的“{key}”{near.rstrip('。')}")
        else:
            for setting in _one(key, value, mistakes):
                values[key] = setting
    if values.get("smtp_security") is Security.NONE and values.get("smtp_user"):
        mistakes.append("[notify] smtp_security 是 none 时不要写 smtp_user：密码会不加密地发出去")
    return Notify(**values), mistakes


def _one(key: str, value: Any, mistakes: list[str]) -> Iterator[Any]:
    """The value as it is kept; nothing where it is a mistake."""
    if key == "automatic":
        choices = [choice.value for choice in Circulated]
        if isinstance(value, list) and all(name in choices for name in value):
            yield tuple(Circulated(name) for name in value)
        else:
            mistakes.append(f'[notify] automatic 应为列表，可用的有：{"、".join(choices)}，例如 ["notice"]')
    elif key == "smtp_port":
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 65535:
            yield value
        else:
            mistakes.append("[notify] smtp_port 应为 1 到 65535 的整数，不加引号，例如 465")
    elif key == "smtp_security":
        if value in [security.value for security in Security]:
            yield Security(value)
        else:
            mistakes.append(f"[notify] smtp_security 只能是 {'、'.join(Security)}")
    elif not isinstance(value, str) or not value.isprintable():
        mistakes.append(f"[notify] {key} 应为文字（加英文双引号）")
    elif key == "mail_from" and value.strip() and not is_mail_address(bare_address(value)):
        mistakes.append(f"[notify] mail_from “{value}”写得不对，例如 人事部 <hr@example.com>")
    else:
        yield value.strip()


def _tables(written: Any, what: str, name: str, mistakes: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each table `[[notify.<name>]]`, with where it stands; none where it is written otherwise."""
    if not isinstance(written, list) or not all(isinstance(table, dict) for table in written):
        mistakes.append(f"每个{what}写成一段，以 [[notify.{name}]] 开头（两层方括号）")
        return
    for number, table in enumerate(written, 1):
        yield f"第{number}段 [[notify.{name}]] ", table


def _apps(written: Any, mistakes: list[str]) -> tuple[App, ...]:
    """The tables `[[notify.app]]`, in their order."""
    apps: dict[Service, App] = {}
    for where, table in _tables(written, "应用", "app", mistakes):
        values = {name: str(value).strip() for name, value in table.items() if type(value) in {str, int}}
        if odd := [name for name in table if name not in {"service", "id", "agent", "url"}]:
            mistakes.append(f"{where}里有不认识的“{odd[0]}”，可用的有：service、id、agent、url")
        elif values.get("service") not in list(Service):
            mistakes.append(f"{where}service 只能是 {'、'.join(Service)}")
        elif (service := Service(values["service"])) in apps:
            mistakes.append(f"{where}和前面一段都是 {service}")
        elif not values.get("id"):
            mistakes.append(f"{where}要写 id：企业微信的企业ID、钉钉的 AppKey 或飞书的 App ID")
        elif service is not Service.FEISHU and not re.fullmatch("[0-9]+", values.get("agent", "")):
            mistakes.append(f"{where}要写 agent：应用的 AgentId，是一串数字")
        else:
            url = values.get("url", _URLS[service]).rstrip("/")
            apps[service] = App(service, values["id"], values.get("agent", ""), url)
    return tuple(apps.values())


def _groups(written: Any, mistakes: list[str]) -> dict[str, GroupAddresses]:
    """The tables `[[notify.group]]`, by the groups' names."""
    groups: dict[str, GroupAddresses] = {}
    for where, table in _tables(written, "组", "group", mistakes):
        name = table.get("name")
        if not isinstance(name, str) or not name.strip():
            mistakes.append(f'{where}要写 name，例如 name = "旗舰店"')
        elif name.strip() in groups:
            mistakes.append(f"{where}和前面一段都是“{name.strip()}”")
        else:
            groups[name.strip()] = _addresses(table, where, mistakes)
    return groups


def _addresses(written: Mapping[str, Any], where: str, mistakes: list[str]) -> GroupAddresses:
    known = ("name", "manager", "notice_to", "robots")
    mistakes += [
        f"{where}里有不认识的“{key}”{did_you_mean(key, known).rstrip('。')}"
        for key in written
        if key not in known
    ]
    manager, copies = written.get("manager", ""), written.get("notice_to", [])
    mails = [*([manager] if manager else []), *(copies if isinstance(copies, list) else [copies])]
    for mail in mails:
        if not isinstance(mail, str) or not is_mail_address(mail):
            mistakes.append(f"{where}里的邮箱“{mail}”写得不对：只写一个地址，例如 li@example.com")
            return GroupAddresses()
    robots = tuple(_robots(written.get("robots", []), where, mistakes))
    return GroupAddresses(manager, tuple(mails[1:] if manager else mails), robots)


_ROBOT = re.compile(rf"({'|'.join(Service)}):([A-Z][A-Z0-9_]{{0,40}})")


def _robots(written: Any, where: str, mistakes: list[str]) -> Iterator[Robot]:
    for robot in written if isinstance(written, list) else [written]:
        found = _ROBOT.fullmatch(robot) if isinstance(robot, str) else None
        if found is None:
            mistakes.append(
                f"{where}robots 应写成 服务:名称，服务是 {'、'.join(Service)}，名称用大写英文字母、数字和下划线"
                f'（机器人的地址放在环境变量 APPRAISAL_名称 里），例如 ["wecom:FLAGSHIP"]，现在是“{robot}”'
            )
        else:
            yield Robot(Service(found[1]), found[2])


def bare_address(written: str) -> str:
    """`hr@example.com` of `人事部 <hr@example.com>`."""
    found = re.fullmatch(r"[^<>]*<([^<>]*)>\s*", written)
    return (found[1] if found else written).strip()


SMTP_PASSWORD = "SMTP_PASSWORD"  # noqa: S105 - the name of one


def secret(name: str) -> str | None:
    """What stands under the name: `APPRAISAL_<name>` in the environment, or `appraisal` `<name>` in the keyring.

    The keyring is asked where its package is installed; one that is locked or not there has nothing.
    """
    value = os.environ.get(f"APPRAISAL_{name}")
    if value:
        return value.strip()
    try:
        import keyring  # noqa: PLC0415 - not everybody has it, and loading it takes a while
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        kept: str | None = keyring.get_password("appraisal", name)
    except KeyringError:
        return None
    return kept.strip() if kept else None


def where_to_put(name: str) -> str:
    """What an administrator is to do about one that is missing."""
    return (
        f"请设环境变量 APPRAISAL_{name}；或装 keyring 后执行 keyring set appraisal {name}，存进系统的密码库"
    )


EXAMPLE = """\

# 发送：通报、绩效单和提醒用邮件、群机器人和企业自己的应用发出。不写这一段就什么都不发；要用时去掉各行前面的“# ”。
# 密码和机器人地址不写在这里：放在环境变量 APPRAISAL_SMTP_PASSWORD、APPRAISAL_FLAGSHIP 里，或系统的密码库（keyring）里。
# [notify]
# automatic = []                            # 自动发哪些：notice 通报、slips 绩效单、plans 整改方案、letters 决定书和申诉答复书、reminders 提醒、receipts 回执和退回
# mail_from = "人事部 <hr@example.com>"
# smtp_host = "smtp.example.com"
# smtp_port = 465
# smtp_security = "tls"                     # tls、starttls 或 none
# smtp_user = "hr@example.com"
#
# [[notify.app]]                            # 企业自己的应用：个人的材料发给本人；先写的先用，都没有账号的发邮件
# service = "wecom"                         # wecom 企业微信、dingtalk 钉钉、feishu 飞书
# id = "ww0123456789abcdef"                 # 企业ID、AppKey 或 App ID；密钥放在环境变量 APPRAISAL_WECOM_APP_SECRET 里
# agent = 1000002                           # AgentId；飞书没有
#
# [[notify.group]]                          # 每个考核组一段
# name = "旗舰店"
# manager = "li@example.com"                # 店长的邮箱：回执、退回、催报发给他
# notice_to = ["boss@example.com"]          # 通报还抄给谁
# robots = ["wecom:FLAGSHIP"]               # 群机器人：wecom 企业微信、dingtalk 钉钉、feishu 飞书
"""
"""What a new settings.toml ends with."""
