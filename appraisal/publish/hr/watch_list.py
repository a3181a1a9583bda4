"""连续末位.xlsx: who has been last for one, two or more months running, with the months as evidence.

It is for HR alone and decides nothing: being last is not being unfit for the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from appraisal.period import Period
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import Column, Listing, Shown, Value, write_listing

WATCH_LIST = "连续末位"


@dataclass(frozen=True, slots=True)
class LastMonth:
    """A month in which the person was alone in the last place."""

    period: Period
    rank: int
    ranked_count: int
    final: Decimal

    @property
    def in_words(self) -> str:
        return f"{self.period}：第{self.rank}名（参评{self.ranked_count}人），{self.final}分"


@dataclass(frozen=True, slots=True)
class Watched:
    """One person and the months running, the latest last. `limit` is the number at which HR is asked."""

    group: str
    staff: str
    name: str
    post: str | None
    months: tuple[LastMonth, ...]
    limit: int
    stand: str
    decision: str
    evidence: str


@dataclass(frozen=True, slots=True)
class WatchList:
    period: Period
    people: tuple[Watched, ...]


def watch_list_workbook(watch_list: WatchList) -> bytes:
    """The workbook; the same values give the same bytes."""
    book = Book()
    write_listing(book, _listing(watch_list))
    return book.finished(created=watch_list.period.last_day)


def _listing(watch_list: WatchList) -> Listing:
    return Listing(
        name=WATCH_LIST,
        title=f"{watch_list.period.in_words}连续末位关注名单",
        notes=[
            "仅供人事内部使用，不在通报中列出。",
            "连续指日历月份相连、独自排在最后一名；并列、不参与排名或人数不足的月份不计，并使连续中断。",
            "末位不等于不能胜任工作。达到月数的只提请人事研究，调岗须依法与本人协商。",
        ],
        columns=[
            Column("考核组", 16, Shown.STRONG),
            Column("工号", 11),
            Column("姓名", 11),
            Column("岗位", 11),
            Column("连续月数", 9, Shown.COUNT),
            Column("各月情况", 36, Shown.WRAPPED),
            Column("目前状态", 30, Shown.WRAPPED),
            Column("人事裁定", 20, Shown.WRAPPED),
            Column("证据文件夹", 28, Shown.WRAPPED),
        ],
        rows=[_row(one) for one in watch_list.people],
        empty="目前没有需要关注的人员。",
        frozen=3,
    )


def _row(one: Watched) -> list[Value]:
    return [
        one.group,
        one.staff,
        one.name,
        one.post,
        len(one.months),
        "\n".join(month.in_words for month in one.months),
        one.stand,
        one.decision,
        one.evidence,
    ]
