"""Whether mail, group robots and the company's apps are set up; with `doctor --send-test` also whether they take a message."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from appraisal.admin.machine import SetupCheck, good, note, wrong
from appraisal.delivery.apps import CompanyApps, secret_name
from appraisal.delivery.handover import SENT, Handover
from appraisal.delivery.mail import MailServer
from appraisal.delivery.robots import send_by_robot
from appraisal.delivery.secrets import SMTP_PASSWORD, secret, where_to_put
from appraisal.ledger.delivery_records import Channel
from appraisal.workspace.notify import Notify, Robot, bare_address

Secrets = Callable[[str], str | None]
_TEXT = "绩效考核系统的试发，收到即可，不用回复。"


def examine_sending(notify: Notify, secrets: Secrets = secret) -> Iterator[SetupCheck]:
    """Whether what the settings name has its password or address; nobody is connected to."""
    robots = list(_robots(notify))
    if not notify.has_mail and not robots and not notify.apps:
        yield good("发送", "没有设 [notify]，什么都不会发出去。")
    if notify.has_mail:
        if notify.smtp_user and secrets(SMTP_PASSWORD) is None:
            yield note("邮件", f"没有邮箱 {notify.smtp_user} 的密码，{where_to_put(SMTP_PASSWORD)}。")
        else:
            yield good("邮件", f"{notify.mail_from} 经 {notify.smtp_host} 发送。试发用 doctor --send-test。")
    for group, robot in robots:
        if secrets(robot.secret) is None:
            yield note("群机器人", f"{group}的 {robot.secret} 没有地址，{where_to_put(robot.secret)}。")
        else:
            yield good("群机器人", f"{group}的 {robot.secret} 已设好。试发用 doctor --send-test。")
    for app in notify.apps:
        name = secret_name(app.service)
        if secrets(name) is None:
            yield note("企业应用", f"{app.service} 的应用没有密钥，{where_to_put(name)}。")
        else:
            yield good("企业应用", f"{app.service} 的应用 {app.id} 已设好。检查密钥用 doctor --send-test。")


def send_test(notify: Notify, now: datetime, secrets: Secrets = secret) -> Iterator[SetupCheck]:
    """A mail to the sender's own mailbox, a line from every robot, and a token for every app; what became of each.

    An app has nobody of its own to write to: nothing is sent by it.
    """
    if notify.has_mail:
        address = bare_address(notify.mail_from)
        with MailServer(notify, secrets) as server:
            yield _outcome("邮件", address, server.send(_mail(notify.mail_from, now), address))
    content = json.dumps({"text": _TEXT, "files": []}).encode()
    for group, robot in _robots(notify):
        taken = send_by_robot(Channel(robot.service), robot.secret, content, secret=secrets, now=now)
        yield _outcome("群机器人", f"{group}的 {robot.secret}", taken)
    apps = CompanyApps(notify, secrets, lambda: now)
    for app in notify.apps:
        known = apps.check(app.service)
        if known == SENT:
            yield good("企业应用", f"{app.service} 认得应用和密钥；没有发给任何人，请用 send 先发给自己试。")
        else:
            yield wrong("企业应用", f"{app.service}：{known.reason}。请改好再试。")


def _robots(notify: Notify) -> Iterator[tuple[str, Robot]]:
    return ((group, robot) for group, one in notify.groups.items() for robot in one.robots)


def _outcome(matter: str, to: str, handover: Handover) -> SetupCheck:
    if handover == SENT:
        return good(matter, f"试发给 {to}：对方已收下，请看一眼。")
    return wrong(matter, f"试发给 {to}：没有成功，{handover.reason}。请改好再试。")


def _mail(sender: str, now: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, bare_address(sender), "绩效考核系统试发"
    mail["Date"] = format_datetime(now)
    mail.set_content(_TEXT, cte="base64")
    return mail.as_bytes()
