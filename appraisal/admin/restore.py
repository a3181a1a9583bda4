"""A ledger that was lost or is an old backup, completed from what archive, papers and HR's lists prove.

Month by month in order of time, each in one transaction, and the marks of the workspace last: interrupted,
the same command does the rest. Nothing that the ledger knows is taken away. Money that was paid is entered as
paid; where that cannot be seen the month is closed, so that nothing is paid until HR has looked at it. An appeal
(申诉) is put back where HR's register and the filed form in the month's folder agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from appraisal.admin.lost_month import LostMonth, RestoredMonth
from appraisal.admin.published_months import (
    BEFORE_RESTORING,
    HrLists,
    Published,
    ShownAppeal,
    published_revisions,
    read_hr_lists,
)
from appraisal.errors import AppraisalError
from appraisal.hr.appeals import APPEALS, STATES
from appraisal.hr.payments import payment_lists
from appraisal.intake.hr_acts import Act
from appraisal.intake.plans_and_appeals import AppealReading
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Appeal, AppealState, FileResult, InboxFile, Step
from appraisal.period import Period
from appraisal.pipeline.context import RunContext, what_is_wrong
from appraisal.pipeline.hr_folder import acts_sheet, documents_of, renew_hr_folder, years_about
from appraisal.pipeline.placing import filed_appeals, note_placed, open_outbox
from appraisal.pipeline.plans_and_appeals import appeal_by
from appraisal.pipeline.reading import archived_file, read_again
from appraisal.scheme.forms.hr_acts import ACTS_SHEET, ActKind, AppealDecision
from appraisal.workspace.files import free_path
from appraisal.workspace.names import HR_FOLDER, PAYMENTS, YEARS, hr_month_folder
from appraisal.workspace.paths import sha256_of, write_marks


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
            group=group, period=period, revisions=revisions, lists=lists[period], today=context.today
        ).put_back(context)
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
                InboxFile(
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
            context.files.move(path, free_path(outbox / folder / BEFORE_RESTORING / name))
            aside.append(name)
    with context.ledger.writing() as transaction:
        transaction.placed.wrote(ours)
    return aside


def _become_own(context: RunContext) -> None:
    """From now on this ledger is the workspace's, and nobody else's."""
    with context.ledger.writing() as transaction:
        mark = transaction.identity.rename()
    write_marks(context.workspace, mark, context.files)


def write_check_list(context: RunContext, restored: Restored) -> str:
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


# --------------------------------------------------------------------------------------------- appeals

_DECISIONS = {
    AppealState.MAINTAINED: AppealDecision.MAINTAIN,
    AppealState.CORRECTED: AppealDecision.CORRECT,
}


@dataclass(frozen=True, slots=True)
class _Filed:
    """A filed form, and what stands in it."""

    path: Path
    sha256: str
    items: Mapping[str, str]


_Forms = dict[tuple[str, int], list[_Filed]]
"""By person and revision, the first one first."""


def put_back_appeals(
    context: RunContext, published: Published, lists: Mapping[Period, HrLists]
) -> tuple[str, ...]:
    """Enter those that the ledger lacks; Chinese sentences about what is not proved."""
    sentences: list[str] = []
    for period, group in published:
        shown = {
            (row.staff, row.revision): row
            for row in lists[period].appeals
            if (row.group, row.period) == (group, period)
        }
        forms, unread = _filed(context, group, period)
        sentences += (f"{group} {period} 的申诉表 {name} 读不懂，没有恢复。" for name in unread)
        with context.ledger.writing() as transaction:
            for staff, number in sorted({*shown, *forms}):
                row, filed = shown.get((staff, number)), forms.get((staff, number), [])
                where = f"{group} {period} {staff} 对第{number}版的申诉"
                known = transaction.appeals.get(group, period, staff, number)
                if known is None and row is not None and filed:
                    known = _entered(context, transaction, row, filed)
                if known is not None and row is not None:
                    _restore_decision(transaction, known, row)
                if known is None:
                    sentences.append(f"{where}：{_not_proved(row, filed)}")
    return tuple(sentences)


def _filed(context: RunContext, group: str, period: Period) -> tuple[_Forms, list[str]]:
    """The month's filed forms, and the names of those that are no appeal against it."""
    forms, unread = defaultdict[tuple[str, int], list[_Filed]](list), []
    for path in filed_appeals(context.workspace.outbox, group, period):
        sha256 = sha256_of(path.read_bytes())
        reading = read_again(context, path)
        if (
            isinstance(reading, AppealReading)
            and (reading.group, reading.period) == (group, period)
            and reading.staff is not None
            and reading.revision is not None
        ):
            forms[reading.staff, reading.revision].append(_Filed(path, sha256, reading.in_words))
        else:
            unread.append(path.name)
    return forms, unread


def _entered(
    context: RunContext, transaction: Transaction, row: ShownAppeal, filed: list[_Filed]
) -> Appeal | None:
    """As it was before HR's answer; None where its revision is not there."""
    revisions = transaction.months.revisions(row.group, row.period)
    revision = next((revision for revision in revisions if revision.number == row.revision), None)
    if revision is None:
        return None
    items: dict[str, str] = {}
    for form in filed:
        items |= form.items
    newest = filed[-1]
    if (
        archived_file(context.workspace, newest.sha256) is None
    ):  # came back once: filed without the marks of that
        context.files.store(context.workspace.archive / f"{newest.sha256}.xlsx", [newest.path.read_bytes()])
    transaction.appeals.put(
        Appeal(
            group=row.group,
            period=row.period,
            staff=row.staff,
            revision=row.revision,
            appeal_by=appeal_by(context, revision, transaction),
            state=AppealState.RECEIVED if row.state in _DECISIONS else row.state,
            came_on=row.came_on,
            sha256=newest.sha256,
            items=items,
            complete_on=row.came_on if row.answer_by else None,  # at the earliest; `answer_by` is what counts
            answer_by=row.answer_by,
        )
    )
    return transaction.appeals.get(row.group, row.period, row.staff, row.revision)


def _restore_decision(transaction: Transaction, known: Appeal, row: ShownAppeal) -> None:
    """HR's decision with its ground, where the register tells one that the ledger does not know."""
    if known.decided_on is not None or row.decided_on is None or row.state not in _DECISIONS:
        return
    act = Act(
        kind=ActKind.ANSWER,
        period=row.period,
        group=row.group,
        on=row.decided_on,
        by=row.by,
        reason=row.reason,
        staff=row.staff,
        answer=_DECISIONS[row.state],
        item=row.revision,
    )
    # A correction that came after is told by the register; which revision HR had before it is not.
    number = known.revision_now if row.waits_for_correction else known.revision
    transaction.appeals.decided(replace(known, revision_now=number), act)
    transaction.acts.put_back(act)


def _not_proved(row: ShownAppeal | None, filed: list[_Filed]) -> str:
    if row is None:
        names = "、".join(form.path.name for form in filed)
        return (
            f"有已提交的申诉表（{names}），{APPEALS}里看不到，没有恢复。请核对纸质记录，"
            "再把它复制进收件夹（收到日期会记为放进的那天），下发日期不能再改。"
        )
    stood = f"收到日期{row.came_on}，{STATES[row.state]}"
    why = "没有它所针对的版次" if filed else "找不到已提交的申诉表"
    return f"{APPEALS}里有（{stood}），{why}，没有恢复。请本人重新提交，并核对纸质记录。"
