"""A ledger that was lost or is an old backup, completed from what archive, papers and HR's lists prove.

Month by month in order of time, each in one transaction, and the marks of the workspace last: interrupted,
the same command does the rest. Nothing that the ledger knows is taken away. Money that was paid is entered as
paid; where that cannot be seen the month is closed, so that nothing is paid until HR has looked at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from appraisal.admin.lost_appeals import put_back_appeals
from appraisal.admin.lost_month import LostMonth, RestoredMonth
from appraisal.admin.published import BEFORE_RESTORING, HrLists, Published, published_revisions, read_hr_lists
from appraisal.errors import AppraisalError
from appraisal.hr.appeals import APPEALS
from appraisal.hr.payments import payment_lists
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import Dropped, FileResult, Step
from appraisal.period import Period
from appraisal.pipeline.context import RunContext, what_is_wrong
from appraisal.pipeline.hr_folder import acts_sheet, documents_of, renew_hr_folder, years_about
from appraisal.pipeline.placing import note_placed, open_outbox
from appraisal.pipeline.setup_changes import changed_rules, missing_rules
from appraisal.scheme.forms.hr_acts import ACTS_SHEET
from appraisal.scheme.rulebook import load_rule_files, rulebook_of
from appraisal.workspace.files import Files
from appraisal.workspace.names import HR_FOLDER, PAYMENTS, YEARS, hr_month_folder
from appraisal.workspace.paths import RULES, Workspace, sha256_of, write_marks


class RestoreRefused(AppraisalError):  # noqa: N818 - nothing was done yet
    """The ledger holds other months than this workspace, or a rule file is missing; one Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Restored:
    """All of it: months, archived files that count as received; `to_check` is about no single month."""

    months: tuple[RestoredMonth, ...]
    received: int
    to_check: tuple[str, ...]


ALWAYS_TO_CHECK = (
    "非金额事项的裁定（例如考虑调岗）、办理人和原因：台账里的下发等办理只按文件补记，请对照纸质记录。",
    "等待同意的更正、还没有下发的新报送：请店长重新放进收件夹。",
    "整改方案的提交和审核、面谈：请把各月“整改方案”文件夹里“_已提交”“_已审核”的文件复制进收件夹。",
    "签收：台账里不再记着，请把各月“签收”文件夹里“_已登记”的文件复制进收件夹，签收情况随之补上。",
    "发送和已读：以前的见“恢复前”里的《签收情况》；交出去过的不再发，send 列为“不确定”，核对后用 --unsure 了结。",
    "自评表：只恢复了已用进结果的，没有用到的请重新放进收件夹。",
    "退回的文件：台账里不再记着，店长改好后照常报送。",
)
"""What no paper proves."""


def restore(context: RunContext) -> Restored | None:
    """Complete the ledger and make it the workspace's own; None where nothing is wrong with it.

    Raises RestoreRefused, LedgerError, OSError.
    """
    if what_is_wrong(context.workspace, context.ledger) is None:
        return None
    published, unreadable = published_revisions(context.workspace.outbox)
    _refuse_strangers(context, published)
    _refuse_without_rules(context, published)
    lists = {
        period: read_hr_lists(context.workspace.outbox, period)
        for period in dict.fromkeys(period for period, _ in published)
    }
    months = tuple(
        LostMonth(
            context=context, group=group, period=period, revisions=revisions, lists=lists[period]
        ).put_back()
        for (period, group), revisions in published.items()
    )
    appeals = put_back_appeals(context, published, lists)
    unknown = _money_of_nobody(lists, published)
    received = _receive(context, published)
    sentences = _renew_hr_folders(context)
    _become_own(context)
    return Restored(months, received, (*unreadable, *unknown, *appeals, *sentences, *ALWAYS_TO_CHECK))


def _refuse_strangers(context: RunContext, published: Published) -> None:
    with context.ledger.reading() as transaction:
        known = {(month.period, month.group) for month, _ in transaction.months.all_current()}
    if known and not known & published.keys():
        raise RestoreRefused(
            "这个台账里的月份，本工作区一个也没有发布过：它是别的工作区的。请核对 --ledger，台账没有改动。"
        )


def _refuse_without_rules(context: RunContext, published: Published) -> None:
    """No paper of a month can be read without the rules that it was scored by."""
    used = {
        (revision.result.scheme, revision.result.version)
        for revisions in published.values()
        for revision in revisions
    }
    if missing := sorted(used - context.setup.rulebook.texts.keys()):
        names = "、".join(f"{scheme} 第{version}版" for scheme, version in missing)
        raise RestoreRefused(
            f"已发布的月份是按考核方案 {names} 算的，规则文件里没有。请把规则文件放回 rules 文件夹再恢复，台账没有改动。"
        )


def _money_of_nobody(lists: Mapping[Period, HrLists], published: Published) -> Iterator[str]:
    """Lines of groups that have no result.json any more."""
    for period, shown in lists.items():
        groups = dict.fromkeys(row.key.group for row in shown.lines or () if row.line is not None)
        for group in groups:
            if (period, group) not in published:
                yield f"{group} {period}：明细里有已记入的金额，但没有它的 result.json，台账里没有恢复。"


# ------------------------------------------------------------------------------ archive, HR's folder, marks


def _receive(context: RunContext, published: Published) -> int:
    """Every archived file that the journal does not know, with the month that was made from it."""
    used = {
        file.sha256: revision.result
        for revisions in published.values()
        for revision in revisions
        for file in revision.inputs.files
    }
    paths = sorted(context.workspace.archive.glob("*"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    received = 0
    with context.ledger.writing() as transaction:
        for path in paths:
            sha256 = path.name.partition(".")[0]
            if sha256 != sha256_of(path.read_bytes()) or transaction.journal.claims_of(sha256):
                continue
            status, result = path.stat(), used.get(sha256)
            received_at = datetime.fromtimestamp(status.st_mtime).astimezone()
            claim = transaction.journal.receive(
                Dropped(
                    sha256=sha256,
                    file=path.name,
                    folder=None,
                    size=status.st_size,
                    mtime_ns=status.st_mtime_ns,
                ),
                received_at,
            )
            became = FileResult("ignored")
            if result is not None:
                became = FileResult("accepted", result.group, result.period, result.revision)
            transaction.journal.advance(claim.id, Step.CLEARED, became)
            received += 1
    return received


def _renew_hr_folders(context: RunContext) -> list[str]:
    """HR's lists as the ledger has them now; those that said otherwise are put aside. What was, in Chinese."""
    sentences = []
    for folder, documents in _hr_lists(context):
        if aside := _set_aside(context, folder, documents):
            sentences.append(
                f"{folder} 里的{'、'.join(aside)}与恢复的台账不同，原件移到了“{BEFORE_RESTORING}”。"
            )
    _set_aside(context, HR_FOLDER, {f"{ACTS_SHEET}.xlsx": acts_sheet(context)}, is_kept=True)
    return [*sentences, *renew_hr_folder(context)]


def _hr_lists(context: RunContext) -> Iterator[tuple[str, dict[str, bytes]]]:
    """As the ledger has them, folder by folder."""
    with context.ledger.reading() as transaction:
        periods = transaction.months.periods()
    for period in periods:
        # A register of appeals that the ledger does not know makes room for the next one.
        yield hr_month_folder(period), {f"{APPEALS}.xlsx": b""} | documents_of(context, period)
    with context.ledger.reading() as transaction:
        payments = payment_lists(transaction, periods, ids_are_own=context.setup.roster is None)
    yield PAYMENTS, payments
    yield YEARS, years_about(context, periods)


def _set_aside(
    context: RunContext, folder: str, documents: dict[str, bytes], *, is_kept: bool = False
) -> list[str]:
    """Know those that are as we write them for ours, and move the others away unless they are kept."""
    outbox, aside, ours = context.workspace.outbox, [], {}
    with context.ledger.reading() as transaction:
        placed = transaction.placed.under(folder)
    for name, content in documents.items():
        path = outbox / folder / name
        if not path.is_file() or path.is_symlink():
            continue
        there = sha256_of(path.read_bytes())
        if there == sha256_of(content):
            ours[f"{folder}/{name}"] = there
        elif placed.get(f"{folder}/{name}") != there and not is_kept:
            context.files.move(path, _free(outbox / folder / BEFORE_RESTORING / name))
            aside.append(name)
    with context.ledger.writing() as transaction:
        transaction.placed.wrote(ours)
    return aside


def _free(path: Path) -> Path:
    """The path, or the first beside it where nothing stands: an earlier original is never lost."""
    names: Iterable[Path] = (path.with_stem(f"{path.stem}_{turn}") for turn in range(2, 1000))
    return path if not path.exists() else next(free for free in names if not free.exists())


def _become_own(context: RunContext) -> None:
    """From now on this ledger is the workspace's, and nobody else's."""
    with context.ledger.writing() as transaction:
        mark = transaction.identity.rename()
    write_marks(context.workspace, mark, context.files)


def put_down(context: RunContext, restored: Restored) -> str:
    """What HR should look at as a text in HR's folder; its path in the workspace."""
    lines = [f"{context.today} 台账恢复：请逐条核对。", ""]
    for month in restored.months:
        lines += [month.in_words(), *(f"  - {sentence}" for sentence in month.to_check)]
    lines += [
        "",
        "文件里看不出来、需要人事核对的：",
        *(f"- {sentence}" for sentence in restored.to_check),
        "",
    ]
    outbox = open_outbox(context, HR_FOLDER)
    name = f"台账恢复_{context.today}.txt"
    (path,) = outbox.place(HR_FOLDER, {name: "\r\n".join(lines).encode("utf-8-sig")})
    with context.ledger.writing() as transaction:
        note_placed(transaction, outbox)
    return f"outbox/{path}"


ASIDE = ".改动"
"""Added to the name of a file that makes room; no rule file is called so."""


def restore_rules(workspace: Workspace, ledger: Ledger, files: Files) -> tuple[str, ...]:
    """Put back every version that says something else now, or whose scheme is gone; a Chinese sentence about each file.

    What was there stays beside it. One of the program's files is put back into the workspace's own folder, where it
    takes the place of that version: so it goes on as before when a new program brings other rules.
    """
    own, found = workspace.root / RULES, load_rule_files(*workspace.rules)
    with ledger.reading() as transaction:
        changed = {
            (amiss.scheme.scheme, amiss.scheme.version): amiss
            for amiss in changed_rules(rulebook_of(found), transaction)
        }
        missing = missing_rules(rulebook_of(found), transaction)
    sentences = []
    for gone in missing:
        path = _free(own / f"{gone.scheme.scheme.replace('-', '_')}_{gone.scheme.version}.yaml")
        files.write(path, gone.kept)
        sentences.append(f"{path.name} 已放回（{gone.scheme.name}第{gone.scheme.version}版）。")
    for file in found:
        amiss = changed.get((file.scheme.scheme, file.scheme.version))
        if amiss is None:
            continue
        name, version = file.path.name, amiss.scheme.version
        if file.path.parent == own:
            aside = _free(own / f"{name}{ASIDE}")
            files.write(aside, file.content)
            files.write(file.path, amiss.kept)
            sentences.append(f"{name} 已恢复为第{version}版原来的内容。")
            sentences.append(f"{name} 改动后的内容另存为 {aside.name}。")
        else:
            path = _free(own / name)
            files.write(path, amiss.kept)
            sentences.append(
                f"第{version}版原来的内容放在工作区自己的 {RULES} 文件夹的 {path.name} 里，"
                f"代替程序附带的 {name}。"
            )
    return tuple(sentences)
