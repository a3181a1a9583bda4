"""A month's papers: as they were issued, and as a person was sent them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path, PurePosixPath

from appraisal.delivery.message import Attachment, attached
from appraisal.delivery.sending import handed_over
from appraisal.ledger.delivery_records import (
    DECIDED,
    LETTERS,
    Delivery,
    DeliveryKey,
    DeliveryState,
    SentPaper,
)
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth
from appraisal.period import Period
from appraisal.publish.month import Month
from appraisal.publish.slips import plan_asked_for
from appraisal.publish.wording import document_date, full_date
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scoring.deadlines import appeals_by
from appraisal.scoring.final_score import mean_final
from appraisal.scoring.results import GroupResult
from appraisal.workspace.files import read_dropped, reason_of
from appraisal.workspace.names import HR_FINAL, hr_month_folder, month_folder
from appraisal.workspace.outbox import placed_paper
from appraisal.workspace.paths import Workspace, sha256_of
from appraisal.workspace.settings import Settings


@dataclass(frozen=True)
class IssuedFiles:
    """A month's papers in the outbox, as they were issued: somebody who may write there may change them."""

    outbox: Path
    transaction: Transaction
    group: str
    period: Period

    @cached_property
    def _placed(self) -> dict[str, str]:
        return self.transaction.placed.under(month_folder(self.group, self.period))

    def ours(self, folder: str, stem: str, suffix: str) -> Attachment | str:
        """The file that we placed, or the one beside it where somebody else's stands there; else why not."""
        inside = f"{month_folder(self.group, self.period)}/{folder}".removesuffix("/")
        path = placed_paper(self._placed, inside, stem, suffix)
        if path is None:
            return f"找不到 outbox/{inside}/{stem}{suffix}"
        return self._as_placed(path, f"{stem}{suffix}")

    def beginning(self, path: str) -> list[tuple[str, Attachment | str]]:
        """Every file that we placed whose path in the month's folder begins so, by its name."""
        whole = f"{month_folder(self.group, self.period)}/{path}"
        names = [
            (placed, PurePosixPath(placed).name)
            for placed in sorted(self._placed)
            if placed.startswith(whole)
        ]
        return [(name, self._as_placed(placed, name)) for placed, name in names]

    def _as_placed(self, path: str, name: str) -> Attachment | str:
        content = self._read(path)
        if isinstance(content, str):
            return content
        if sha256_of(content) != self._placed[path]:
            return f"outbox/{path} 下发以后有人改过；要发改过的，请把定稿放到 outbox/{self._hers}"
        return Attachment(name, content)

    @property
    def _hers(self) -> str:
        return f"{hr_month_folder(self.period)}/{HR_FINAL}"

    def hers(self, name: str) -> Attachment | None:
        """What HR has put in its own folder under this name."""
        content = self._read(f"{self._hers}/{name}")
        return None if isinstance(content, str) else Attachment(name, content)

    def _read(self, path: str) -> bytes | str:
        try:
            return read_dropped(self.outbox / path, self.outbox)
        except OSError as error:
            return f"outbox/{path} 读不出来（{reason_of(error)}）"


WENT = frozenset({DeliveryState.SENT, DeliveryState.UNSURE})
"""It has arrived, or may have."""


@dataclass(frozen=True)
class SentFiles:
    """What people were sent of a month, whichever revision, to be held against what they would be sent now."""

    workspace: Workspace
    settings: Settings
    transaction: Transaction
    month: GroupMonth

    @cached_property
    def went(self) -> tuple[Delivery, ...]:
        """In the order in which they were made."""
        deliveries = self.transaction.deliveries.of_month(self.month.group, self.month.period)
        return tuple(delivery for delivery in deliveries if delivery.state in WENT)

    def same(self, key: DeliveryKey, file: Attachment, now: Month) -> Delivery | None:
        """What the person was sent last of the paper, where it says the same: it need not go again.

        Edition, dates and the group's average are the notice's to tell. After a month was taken back, and wherever it
        is not certain what the person has, nothing is the same.
        """
        theirs = [
            delivery
            for delivery in self.went
            if delivery.key != key and _line_of(delivery.key) == _line_of(key)
        ]
        if not theirs or theirs[-1].state is not DeliveryState.SENT or self._was_taken_back:
            return None
        sent = next(
            delivery for delivery in theirs if delivery.file == theirs[-1].file
        )  # the others stand for it
        former = self._result(sent.key.revision)
        content = self._sent(sent, file.name)
        if former is None or content is None:
            return None
        if content == file.content:
            return sent
        staff = key.addressee
        if key.paper in LETTERS or _of(former, staff) != _of(now.result, staff):
            return None
        if key.paper is SentPaper.PLAN:  # the form is filled in all the same
            return sent
        days = [full_date(outcome.due) for outcome in now.result.outcomes_of(staff) if outcome.due]
        asked = {
            plan_asked_for(now.scheme.superior, day, is_known=is_known)
            for day in days
            for is_known in (True, False)
        }
        is_same = self._told(content, former, asked) == self._told(file.content, now.result, asked)
        return sent if is_same else None

    @cached_property
    def _was_taken_back(self) -> bool:
        acts = self.transaction.acts.find(group=self.month.group, period=self.month.period)
        return any(act.kind is ActKind.WITHDRAW for act in acts)

    @cached_property
    def _result(self) -> Callable[[int], GroupResult | None]:
        """The result of a revision, read once for all people."""
        return cache(partial(self.transaction.months.result, self.month.group, self.month.period))

    def _sent(self, delivery: Delivery, name: str) -> bytes | None:
        """The file of that name, as it was handed over."""
        try:
            content = handed_over(self.workspace, delivery.file).read_bytes()
        except OSError:
            return None
        return next(
            (
                attachment.content
                for attachment in attached(content, delivery.channel)
                if attachment.name == name
            ),
            None,
        )

    def _told(self, page: bytes, result: GroupResult, known: Collection[str]) -> str:
        """The slip without what it bears of the whole group, and what is `known` to be the same."""
        appeals = full_date(appeals_by(result.issued, self.settings))
        common = (*known, f"第{result.revision}版", appeals, document_date(result.issued))
        average = re.escape(str(mean_final(result.finals)))
        return re.sub(
            rf"{'|'.join(map(re.escape, common))}|(?<![\d.]){average}(?![\d.元])", "", page.decode()
        )


def _line_of(key: DeliveryKey) -> tuple[str, str, str]:
    """What stands for one another of a person's papers: a slip since HR decided for the one before, each letter for itself."""
    return key.paper, key.addressee, key.occasion.partition(DECIDED)[0]


def _of(result: GroupResult, staff: str) -> object:
    """What it is about the person alone; what HR decided about that stands in the paper."""
    follows = [(outcome.type, outcome.amount, outcome.due) for outcome in result.outcomes_of(staff)]
    return [person for person in result.staff if person.id == staff], follows
