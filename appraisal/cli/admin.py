"""The administrator's verbs: a new workspace, its health, past months looked at once more, or forgotten."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appraisal.cli.console import aligned_rows, say, say_json
from appraisal.cli.options import (
    FOR_A_LEDGER,
    common,
    given_day,
    given_setup,
    given_workspace,
    has_ledger,
    open_given_tools,
    period_of,
    with_options,
)
from appraisal.text import printable

if TYPE_CHECKING:
    from appraisal.admin.machine import SetupCheck
    from appraisal.admin.simulate import SimulatedMonth
    from appraisal.admin.verify import VerifiedMonth
    from appraisal.pipeline.context import Tools
    from appraisal.scheme.rulebook import Rulebook

admin_app = typer.Typer(rich_markup_mode=None)


@admin_app.command()
@with_options("workspace")
def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[DIR]", help="新工作区放在哪里（默认：--workspace）。")
    ] = None,
    company: Annotated[str, typer.Option("--company", metavar="TEXT", help="公司名称。")] = "",
    signature: Annotated[str, typer.Option("--signature", metavar="TEXT", help="通报落款。")] = "",
    policy: Annotated[str, typer.Option("--policy", metavar="TEXT", help="考核制度的名称。")] = "",
    appeals_to: Annotated[str, typer.Option("--appeals-to", metavar="TEXT", help="对结果有异议找谁。")] = "",
    group: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="G=SCHEME", help="考核组和方案，例如 旗舰店=online-shop；可写几个。"),
    ] = None,
) -> None:
    """建一个新工作区；在终端里不带选项时逐项询问，回车跳过。"""
    from appraisal.admin.init import READ_ME, lay_out, purpose_of
    from appraisal.scheme.rulebook import load_rulebook
    from appraisal.workspace.files import REAL_FILES
    from appraisal.workspace.paths import PROGRAM, Workspace

    place = Workspace(folder.resolve()) if folder is not None else given_workspace()
    rulebook = load_rulebook(*place.rules)
    names = {"company": company, "signature": signature, "policy": policy, "appeals_to": appeals_to}
    groups = group or []
    if not any((*names.values(), *groups)) and sys.stdin is not None and sys.stdin.isatty():
        names, groups = _asked(rulebook)
    purpose = purpose_of(names, groups, rulebook)
    laid_out = lay_out(place, REAL_FILES, purpose)
    say(f"工作区：{place.root}")
    for name in laid_out.written:
        say(f"  已建 {name}")
    for name in laid_out.kept:
        say(f"  已有 {name}，没有改动")
    for name in purpose.groups:
        say(f"  收件夹 inbox/{printable(name)}，请只给该组店长写入的权限")
    say("  收件夹 inbox/人事，请只给人事写入的权限")
    say(f'接下来怎么做、权限怎么给，写在 {READ_ME} 里。还缺什么：{PROGRAM} doctor --workspace "{place.root}"')


def _asked(rulebook: Rulebook) -> tuple[dict[str, str], list[str]]:
    """What the administrator answers at the terminal: names by setting, groups with their schemes."""

    def answer(question: str, default: str = "") -> str:
        return str(typer.prompt(question, default=default, show_default=bool(default)))

    company = answer("公司名称（回车跳过）")
    names = {
        "company": company,
        "signature": answer("通报落款", f"{company}人事行政部" if company else ""),
        "policy": answer("考核制度的名称，例如《客服绩效考核办法》"),
        "appeals_to": answer("对结果有异议找谁"),
    }
    groups = [group for group in re.split(r"[、，,\s]+", answer("有哪些考核组（用、隔开）")) if group]
    if groups:
        say("考核方案有：")
        for number, scheme in enumerate(rulebook.ids, start=1):
            latest = rulebook.latest(scheme)
            say(f"  {number:2} {scheme}　{latest.name if latest else ''}")
    chosen = [answer(f"{group} 用哪个方案（编号或代号）", "online-shop") for group in groups]
    by_number = {str(number): scheme for number, scheme in enumerate(rulebook.ids, start=1)}
    return names, [
        f"{group}={by_number.get(choice, choice)}" for group, choice in zip(groups, chosen, strict=True)
    ]


@admin_app.command()
@with_options(*FOR_A_LEDGER)
def doctor(
    self_test: Annotated[
        bool,
        typer.Option("--self-test", help="另在工作区里跑一遍示例（约一分钟），中途强行结束一次，逐字核对。"),
    ] = False,
    send_test: Annotated[
        bool,
        typer.Option(
            "--send-test", help="另试发一封邮件给发件邮箱自己，让各群机器人说一句话，并检查企业应用的密钥。"
        ),
    ] = False,
) -> None:
    """检查装好了什么、还缺什么；只看不改。"""
    from appraisal.admin.machine import CheckState

    wrong = 0
    for check in _checks(self_test=self_test, send_test=send_test):
        _show_check(check)
        wrong += check.state is CheckState.WRONG
    if not common.as_json:
        say(f"有{wrong}项要改，改好以前不能运行。" if wrong else "可以运行。")
    raise typer.Exit(2 if wrong else 0)


def _checks(*, self_test: bool, send_test: bool) -> Iterator[SetupCheck]:
    from appraisal.admin.doctor import examine

    place, now = given_workspace(), datetime.now().astimezone()
    yield from examine(place, now=now, today=given_day(), ledger_url=common.ledger)
    if send_test:
        from appraisal.admin.doctor import send_test as send
        from appraisal.workspace.settings import load_settings

        yield from send(load_settings(place.root / "settings.toml").notify, now)
    if self_test:
        yield _self_test()


def _self_test() -> SetupCheck:
    """On the workspace's own disk, which is what is to be tried; elsewhere where there is none."""
    import tempfile

    from appraisal.admin.self_test import self_test
    from appraisal.cli.console import progress_bar

    root = given_workspace().root
    with progress_bar(quiet=common.as_json) as progress:
        return self_test(root if root.is_dir() else Path(tempfile.gettempdir()), progress)


def _show_check(check: SetupCheck) -> None:
    if common.as_json:
        say_json(check.as_json())
        return
    marks = {"good": "好　", "note": "注意", "wrong": "要改"}
    say(f"{marks[check.state]}  {check.matter}：{printable(check.message)}")


@admin_app.command()
@with_options(*FOR_A_LEDGER)
def verify(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="[PATH]", help="outbox 里的考核组、月份文件夹或文件（默认：全部）。"),
    ] = None,
) -> None:
    """核验已发布的月份：按存档和台账重算，与输出文件夹里的比较；只看不改。"""
    from appraisal.admin.verify import verify as verify_months

    differing = 0
    with _tools_of_kept_months() as tools:
        for month in verify_months(tools, path):
            differing += not month.is_same
            _show_verified(month)
    if not common.as_json:
        say(f"{differing}个月份有出入。" if differing else "全部一致。")
    raise typer.Exit(1 if differing else 0)


def _show_verified(month: VerifiedMonth) -> None:
    from appraisal.admin.verify import STATE_WORDS, PaperState

    if common.as_json:
        say_json(month.as_json())
        return
    verdict = f"{len(month.papers)}个文件都一致。" if month.is_same else "有出入："
    number = "" if month.revision is None else f" 第{month.revision}版"
    say(f"{printable(month.group)} {month.period}{number}：{verdict}")
    for paper in month.papers:
        if paper.state is not PaperState.SAME:
            say(f"  - outbox/{printable(paper.path)}：{STATE_WORDS[paper.state]}")
    for sentence in month.differences:
        say(f"  - {printable(sentence)}")
    if month.obstacle is not None:
        say(f"  - {printable(month.obstacle)}")


@admin_app.command()
@with_options(*FOR_A_LEDGER)
def restore() -> None:
    """台账丢了或是旧备份时，由存档和已发布的结果补回；不会重复发放，看不出来的列给人事核对。"""
    from appraisal.admin.restore import restore as restore_ledger
    from appraisal.admin.restore import write_check_list
    from appraisal.pipeline.context import open_tools
    from appraisal.workspace.files import REAL_FILES
    from appraisal.workspace.lock import workspace_lock

    place, setup = given_workspace().made(), given_setup()
    with (
        workspace_lock(place.state, datetime.now().astimezone(), REAL_FILES),
        open_tools(place, today=given_day(), ledger=common.ledger) as tools,
    ):
        context = tools.with_setup(setup)
        restored = restore_ledger(context)
        if restored is None:
            say("台账完好，不用恢复。")
            return
        listed = write_check_list(context, restored)
    if common.as_json:
        for month in restored.months:
            say_json(month.as_json())
        say_json({"received": restored.received, "to_check": list(restored.to_check), "list": listed})
        return
    for month in restored.months:
        say(printable(month.in_words()))
        for sentence in month.to_check:
            say(f"  - {printable(sentence)}")
    say(f"已恢复，存档里{restored.received}份记为收到。文件里看不出来的，请人事照 {listed} 核对。")


@admin_app.command()
@with_options("workspace", "json", "ledger")
def simulate(
    rules: Annotated[Path, typer.Option("--rules", metavar="FILE", help="要试算的规则文件。")],
) -> None:
    """用另一份规则试算过去各月：名次、奖励和提成调整会怎样；不写任何文件。"""
    from appraisal.admin.simulate import NO_MONEY
    from appraisal.admin.simulate import simulate as simulate_months

    published, simulated = NO_MONEY, NO_MONEY
    with _tools_of_kept_months() as tools:
        for month in simulate_months(tools, rules):
            published, simulated = published + month.published, simulated + month.simulated
            _show_simulated(month)
    if not common.as_json:
        say(
            f"合计：奖励 {published.rewards} → {simulated.rewards} 元，"
            f"提成调整 −{published.deductions} → −{simulated.deductions} 元（待研究确定的不计）。"
        )


def _show_simulated(month: SimulatedMonth) -> None:
    if common.as_json:
        say_json(month.as_json())
        return
    say(f"{printable(month.group)} {month.period}")
    if month.obstacle is not None:
        say(f"  不能试算：{printable(month.obstacle)}")
        return
    moved = [person for person in month.staff if not person.is_same]
    rows = [("工号", "姓名", "名次", "综合得分", "结果")]
    for person in moved:
        sides = (person.published, person.simulated)
        ranks = " → ".join("—" if side is None or side.rank is None else str(side.rank) for side in sides)
        finals = " → ".join("—" if side is None or side.final is None else str(side.final) for side in sides)
        results = " → ".join("—" if side is None else side.outcomes or "无" for side in sides)
        rows.append((person.id, person.name, ranks, finals, results))
    if moved:
        for line in aligned_rows(rows):
            say(f"  {line}")
    say(f"  {'其余' if moved else '全部'}{len(month.staff) - len(moved)}人的名次和结果不变。")


@admin_app.command()
@with_options(*FOR_A_LEDGER)
def purge(
    before: Annotated[str, typer.Option("--before", metavar="YYYY-MM", help="清除这个月以前的。")],
    force: Annotated[bool, typer.Option("--force", help="不满两年的也清除。")] = False,
) -> None:
    """清除以前月份的个人数据：台账、存档和输出一起清。"""
    from appraisal.admin.purge import purge as purge_months
    from appraisal.workspace.files import REAL_FILES
    from appraisal.workspace.lock import workspace_lock

    place, month = given_workspace().made(), period_of(before)
    with workspace_lock(place.state, datetime.now().astimezone(), REAL_FILES), open_given_tools() as tools:
        done = purge_months(tools, before=month, forced=force)
    if common.as_json:
        say_json(done.as_json())
    else:
        say(done.in_words())


def _tools_of_kept_months() -> AbstractContextManager[Tools]:
    """With the ledger that is there; the workspace's set-up of today may be broken."""
    from appraisal.pipeline.context import GONE, NotOurLedgerError, has_worked
    from appraisal.workspace.paths import WorkspaceError

    place = given_workspace()
    if not has_ledger():
        if has_worked(place):
            raise NotOurLedgerError(GONE)
        raise WorkspaceError(
            f"工作区 {place.root} 里还没有台账。请先运行一次 run，或用 --workspace 指定工作区。"
        )
    return open_given_tools()
