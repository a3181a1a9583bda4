"""What is set up and what is missing, one line per matter; looks at everything, changes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from appraisal.admin.machine import SetupCheck, examine_machine, good, note, wrong
from appraisal.delivery.apps import CompanyApps, secret_name
from appraisal.delivery.mail import MailServer
from appraisal.delivery.message import SENT, Handover
from appraisal.delivery.services import send_by_robot
from appraisal.intake.roster_file import RosterError, load_roster
from appraisal.ledger.delivery_records import Channel
from appraisal.ledger.errors import LedgerError
from appraisal.ledger.ledger import open_ledger
from appraisal.pipeline.context import GONE, what_is_wrong
from appraisal.pipeline.log import is_watched, state_of_watch
from appraisal.pipeline.setup_changes import rules_problems
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.templates.loading import load_templates, own_templates, try_out
from appraisal.scheme.rulebook import Rulebook, RulesError, load_rule_files, rulebook_of
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import HR_FOLDER, has_hr_folder
from appraisal.workspace.notify_settings import (
    SMTP_PASSWORD,
    Notify,
    Robot,
    bare_address,
    secret,
    where_to_put,
)
from appraisal.workspace.paths import PROGRAM_FOLDER, RULES, TEMPLATES, Workspace, mark_paths, read_marks
from appraisal.workspace.settings import Settings, SettingsError, load_settings
from appraisal.workspace.system import LONGEST_PATH, is_on_network, is_open_to_all

_NAMES_BELOW = 110
"""Characters that the longest of our papers has below the workspace, two long names of groups in it."""
_EXCEL_OPENS = 218
"""Characters of a whole path, on Windows."""
_SILENT = timedelta(days=1)
"""A workspace at work is looked at by somebody, or by the system's scheduler, at least so often."""


def examine(
    workspace: Workspace, *, now: datetime, today: date, ledger_url: str | None
) -> Iterator[SetupCheck]:
    """Every check in turn. `now` bears the machine's time zone; `today` may be another day."""
    yield from examine_machine(workspace.root, now=now, today=today)
    yield from _folders(workspace)
    rules, rulebook = _rules(workspace)
    yield rules
    yield _templates(workspace)
    settings, check = _settings(workspace)
    yield check
    yield from examine_sending(settings.notify)
    yield _roster(workspace, rulebook)
    yield _ledger(workspace, ledger_url, rulebook)
    yield _schedule(workspace, now)


def _folders(workspace: Workspace) -> Iterator[SetupCheck]:
    root = workspace.root
    if not root.is_dir():
        yield wrong("工作区", f"没有 {root} 这个文件夹。请先执行 init 建立工作区，或用 --workspace 指定。")
        return
    below = (workspace.inbox, workspace.outbox, workspace.state, workspace.archive)
    folders = [root, *(folder for folder in below if folder.exists())]
    refused = [f"{folder.name}（{why}）" for folder in folders if (why := _why_not_writable(folder))]
    if refused:
        yield wrong("工作区", f"{root} 里写不进去：{'、'.join(refused)}。请改正权限，或关闭占用它的程序。")
    else:
        yield good("工作区", f"{root}，可以读写。")
    yield from _hr_folder(workspace.inbox)
    if is_on_network(workspace.state):
        yield note("工作区", "state 在网络盘上，断网或多机同时运行可能损坏台账，请放到本机磁盘。")
    if is_on_network(workspace.inbox):
        yield good("共享盘", "收件夹在网络盘上：文件事件传不过来，守候每5秒自己看一遍，照样可用。")
    if LONGEST_PATH is not None and len(str(root)) + _NAMES_BELOW > _EXCEL_OPENS:
        yield note(
            "工作区",
            f"工作区的路径有 {len(str(root))} 个字符，里面的文件会超过 Excel 能打开的 {_EXCEL_OPENS} 个。"
            "请换一个短的位置，例如 D:\\考核。",
        )


def _hr_folder(inbox: Path) -> Iterator[SetupCheck]:
    if inbox.is_dir() and not has_hr_folder(inbox):
        yield note(
            "人事办理",
            "收件夹里没有“人事”文件夹，人事办理单无处可放。请建立它，只给人事写入的权限；"
            "设了 acts_from_inbox = true 的，现在谁能往收件夹放文件，谁就能下发。",
        )
    elif (inbox / HR_FOLDER).is_dir() and is_open_to_all(inbox / HR_FOLDER):
        yield note("人事办理", "收件夹里的“人事”文件夹谁都能写入，谁就能下发。请改成只给人事写入的权限。")


def _why_not_writable(folder: Path) -> str:
    """Empty where a file can be made in it: asking the system about rights is not the same everywhere."""
    probe = folder / f".probe-{os.getpid()}.tmp"
    try:
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        return reason_of(error)
    return ""


def _rules(workspace: Workspace) -> tuple[SetupCheck, Rulebook | None]:
    try:
        files = load_rule_files(*workspace.rules)
    except RulesError as error:
        first = error.mistakes[0]
        return wrong(
            "规则", f"有 {len(error.mistakes)} 处错误，第一处：{first}。请用 rules check 查看全部。"
        ), None
    rulebook = rulebook_of(files)
    own = [file.path.name for file in files if file.path.parent == workspace.root / RULES]
    clause = f"，其中工作区自己的：{'、'.join(own)}" if own else ""
    return good("规则", f"方案：{'、'.join(rulebook.ids)}{clause}。"), rulebook


def _templates(workspace: Workspace) -> SetupCheck:
    own, shipped = workspace.root / TEMPLATES, PROGRAM_FOLDER / TEMPLATES
    try:
        try_out(load_templates(own, shipped), () if own == shipped else own_templates(own))
    except TemplateError as error:
        return wrong("模板", str(error))
    return good("模板", "都用样例数据试排过，没有问题。")


_NAMES = ("company", "signature", "policy", "appeals_to")


def _settings(workspace: Workspace) -> tuple[Settings, SetupCheck]:
    """The defaults where it cannot be read."""
    path = workspace.root / "settings.toml"
    try:
        settings = load_settings(path)
    except SettingsError as error:
        return Settings(), wrong("设置", str(error))
    blank = [
        str(getattr(settings, name))
        for name in _NAMES
        if getattr(settings, name) == getattr(Settings(), name)
    ]
    if not path.exists():
        return settings, note("设置", "没有 settings.toml，全部用默认值。执行 init 会建一份带说明的。")
    if blank:
        return settings, note(
            "设置", f"还没填：{'、'.join(blank)}。通报上会印出这样的空位，请在 settings.toml 里补上。"
        )
    trial = "现在是试运行：只算分，不动钱。" if settings.trial else ""
    return settings, note("设置", trial) if trial else good("设置", f"{settings.company}。")


def _roster(workspace: Workspace, rulebook: Rulebook | None) -> SetupCheck:
    try:
        roster = load_roster(workspace.root, rulebook)
    except RosterError as error:
        return wrong("花名册", str(error))
    if roster is None:
        return note("花名册", "没有 roster.xlsx 或 roster.csv，以上报表里的人员为准，查不出漏报和错名。")
    schemes = dict.fromkeys(member.scheme for member in roster.members)
    unknown = [scheme for scheme in schemes if rulebook is not None and scheme not in rulebook.ids]
    if unknown:
        return wrong("花名册", f"考核方案 {'、'.join(unknown)} 不在规则文件里，请核对花名册的“考核方案”列。")
    people = len({member.id for member in roster.members})
    return good("花名册", f"{people}人，考核组：{'、'.join(roster.groups)}。")


def _ledger(workspace: Workspace, url: str | None, rulebook: Rulebook | None) -> SetupCheck:
    if url is None and not workspace.ledger_file.exists():
        if read_marks(workspace):
            return wrong("台账", GONE)
        return good("台账", "还没有，第一次运行时建立。")
    try:
        with open_ledger(url or workspace.default_ledger) as ledger, ledger.reading() as transaction:
            months = [
                month
                for period in transaction.months.periods()
                for month in transaction.months.of_period(period)
            ]
            left = transaction.pending_recalculations.all()
            unfinished = transaction.journal.unfinished()
            amiss = what_is_wrong(workspace, ledger)
            changed = [] if rulebook is None else rules_problems(rulebook, transaction)
    except LedgerError as error:
        return wrong("台账", str(error))
    if amiss is not None:
        return wrong("台账", amiss)
    if changed:
        return wrong("规则", "".join(map(str, changed)))
    sentence = f"记有 {len(months)} 个组月。"
    if left or unfinished:
        return note("台账", f"{sentence}上一次运行没有做完，请再运行一次 run。")
    return good("台账", sentence)


def _schedule(workspace: Workspace, now: datetime) -> SetupCheck:
    """Whether anybody looks at the inbox: a watch, or passes that the system begins at set times."""
    if is_watched(workspace.state, now):
        sentence = state_of_watch(workspace.state, now)
        return note("定时", sentence) if sentence else good("定时", "守候（watch）在运行。")
    how = "请按管理员手册用任务计划程序或 systemd 定时运行 run，或让 watch 一直运行。"
    try:
        last = datetime.fromtimestamp(mark_paths(workspace)[0].stat().st_mtime, now.tzinfo)
    except OSError:
        return note("定时", f"还没有运行过。{how}")
    if now - last > _SILENT:
        return note("定时", f"{last:%Y-%m-%d %H:%M} 以后没有运行过，守候也没有在运行。{how}")
    return good("定时", f"最近一次运行在 {last:%Y-%m-%d %H:%M}。")


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
    return ((group, robot) for group, addresses in notify.groups.items() for robot in addresses.robots)


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
