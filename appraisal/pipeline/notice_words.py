"""What HR wrote into a notice before its next edition is made, so that the edition says it too.

HR's file itself is left where it lies: it is never overwritten. What stands in the marked places is carried on, and
what was changed elsewhere is told, since nobody but HR can say where it belongs.
"""

from __future__ import annotations

from dataclasses import dataclass

from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, Revision
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.revisions import papers_as_published
from appraisal.publish.notice.words import (
    NUMBER,
    ReadNotice,
    Words,
    changed_words,
    document_number_in,
    read_notice,
)
from appraisal.workspace.names import month_folder, safe_file_name
from appraisal.workspace.outbox import placed_paper
from appraisal.workspace.paths import sha256_of


@dataclass(frozen=True, slots=True)
class HrWords:
    """HR's words, those of earlier editions included; `told` are Chinese sentences about what was edited now."""

    words: Words
    told: tuple[str, ...] = ()

    @property
    def number(self) -> str | None:
        """文号, where HR wrote it into a draft: a later edition bears its own."""
        return document_number_in(self.words)


NO_WORDS = HrWords({})


def hr_words(recorded: RunContext, month: GroupMonth, current: Revision, transaction: Transaction) -> HrWords:
    """By the notice of the current revision as it lies in the outbox; `recorded` has the revision's set-up."""
    kept = _of_this_edition(month, transaction.documents.words(current.provenance.documents))
    found = _edited_notice(recorded, current, transaction)
    if found is None:
        return HrWords(kept)
    path, content = found
    hers, ours = read_notice(content), _as_placed(recorded, month, current, transaction)
    if hers is None or ours is None:
        return HrWords(kept, told=(f"您改过的 {path} 读不出来，里面写的没有带上；原件没有动。",))
    wrote = changed_words(hers.words, ours.words)
    return HrWords(_of_this_edition(month, {**kept, **wrote}), _told(path, wrote, hers, ours))


def _of_this_edition(month: GroupMonth, words: Words) -> Words:
    return {place: said for place, said in words.items() if place != NUMBER or not month.is_issued}


def _told(path: str, wrote: Words, hers: ReadNotice, ours: ReadNotice) -> tuple[str, ...]:
    carried = f"里面写的{'、'.join(wrote)}已带入新的通报。" if wrote else ""
    is_all = hers.other_text == ours.other_text and ours.words.keys() <= hers.words.keys()
    others = "" if is_all else "请注意：别处的改动没有带入，要保留的请抄到新的通报里。"
    stays = "原样留着，不再是最新的；最新的是旁边名称带版次的那一份，末尾写“已下发”的是正式下发的。"
    return (f"您改过的 {path} {stays}{carried}{others}",)


def notice_stem(group: str, period: Period) -> str:
    """What the name of the notice begins with."""
    return safe_file_name(f"{group}_{period}_考核通报")


def _edited_notice(
    context: RunContext, current: Revision, transaction: Transaction
) -> tuple[str, bytes] | None:
    """Path and content of the current notice, where it is not as we placed it."""
    folder = month_folder(current.group, current.period)
    placed = transaction.placed.under(folder)
    newest = placed_paper(placed, folder, notice_stem(current.group, current.period), ".docx")
    if newest is None:
        return None
    try:
        content = (context.workspace.outbox / newest).read_bytes()
    except OSError:  # HR has taken it away, or has it open: nothing of hers can be read there
        return None
    # An interrupted pass may have begun to put the next edition there: that is ours too.
    ours = {placed[newest], *transaction.placed.intended(folder).get(newest, ())}
    return None if sha256_of(content) in ours else (f"outbox/{newest}", content)


def _as_placed(
    recorded: RunContext, month: GroupMonth, current: Revision, transaction: Transaction
) -> ReadNotice | None:
    """The same notice as we placed it, made once more."""
    documents = papers_as_published(recorded, transaction, month, current)
    name = f"{notice_stem(current.group, current.period)}.docx"
    return read_notice(documents[name]) if name in documents else None
