"""合并通报: one notice for several groups, under the content rules of the single one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.period import Period
from appraisal.publish.documents import OPEN_DATE, marked_page
from appraisal.publish.excel.listing import NOTHING
from appraisal.publish.month import Month
from appraisal.publish.notice.context import notice_context
from appraisal.publish.notice.words import COPIES, NUMBER, PRAISE, TITLE
from appraisal.publish.templates.loading import COMBINED_HTML, COMBINED_WORD, Templates
from appraisal.publish.wording import deadline, plain_date
from appraisal.scoring.deadlines import appeals_by
from appraisal.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one group's month gives the notice: nothing else of the month is needed for it.

    `title` is that of the group's own notice where HR wrote one, else empty.
    """

    issued: date
    is_draft: bool
    summary: dict[str, str]
    title: str
    names: dict[str, Any]


def combined_word(
    chapters: Sequence[Chapter], templates: Templates, *, period: Period, settings: Settings
) -> bytes:
    """The notice of two or more groups' months as a Word file for HR to edit. Raises TemplateError."""
    names = combined_context(chapters, period=period, settings=settings)
    template = templates.word(COMBINED_WORD, is_draft=_is_draft(chapters))
    return template.render(names, created=_issued(chapters))


def combined_page(
    chapters: Sequence[Chapter], templates: Templates, *, period: Period, settings: Settings
) -> bytes:
    """The same as one self-contained page. Raises TemplateError."""
    names = combined_context(chapters, period=period, settings=settings)
    page = templates.text(COMBINED_HTML).render(names)
    return marked_page(page, is_draft=_is_draft(chapters)).encode()


def chapter_of(month: Month) -> Chapter:
    """What the notice says of one group's month."""
    names = notice_context(month)
    return Chapter(
        issued=month.result.issued,
        is_draft=month.is_draft,
        summary=_summary(month),
        title=names[TITLE] if month.words.get(TITLE) else "",
        names=names | {PRAISE: list(month.words.get(PRAISE, ()))},
    )


def _issued(chapters: Sequence[Chapter]) -> date:
    """Nobody loses a day to appeal: the latest of the groups' dates."""
    return max(chapter.issued for chapter in chapters)


def _is_draft(chapters: Sequence[Chapter]) -> bool:
    """As long as any group's month is not issued."""
    return any(chapter.is_draft for chapter in chapters)


def combined_context(chapters: Sequence[Chapter], *, period: Period, settings: Settings) -> dict[str, Any]:
    """A value for each name of `combined_notice` in names.yaml."""
    issued, is_draft = _issued(chapters), _is_draft(chapters)
    not_ranked = [
        (chapter.names["考核组"], person["姓名"])
        for chapter in chapters
        for person in chapter.names["不参与排名人员"]
    ]
    numbers = {chapter.names[NUMBER] for chapter in chapters}
    number = numbers.pop() if len(numbers) == 1 else ""
    return {
        "公司": settings.company,
        "文号": number,
        "月份": period.in_words,
        "试评": any(chapter.names["试评"] for chapter in chapters),
        "制度依据": chapters[0].names["制度依据"],
        "考核组名单": "、".join(chapter.summary["考核组"] for chapter in chapters),
        "考核组数": len(chapters),
        "概况": [chapter.summary for chapter in chapters],
        "各组": [
            {"序号": in_numerals(place), "通报": _own_notice(chapter, number), **chapter.names}
            for place, chapter in enumerate(chapters, 2)
        ],
        "申诉序号": in_numerals(len(chapters) + 2),
        "申诉截止": deadline(appeals_by(issued, settings), is_draft=is_draft),
        "申诉天数": settings.appeal_days,
        "申诉受理人": settings.appeals_to,
        "不参与排名人员": [
            {"序号": place, "考核组": group, "姓名": name, "说明": "按制度不参与本月排名"}
            for place, (group, name) in enumerate(not_ranked, 1)
        ],
        "落款": settings.signature,
        "下发日期": OPEN_DATE if is_draft else plain_date(issued),
        "抄送": _copies(chapters),
    }


def _own_notice(chapter: Chapter, number: str) -> str:
    """Title and 文号 of the group's own notice, as far as they are not what all of them bear."""
    title = f"《{chapter.title}》" if chapter.title else ""
    own_number = "" if number else chapter.names[NUMBER]
    return "，".join(filter(None, (title, own_number)))


def _copies(chapters: Sequence[Chapter]) -> str:
    """Everybody to whom a copy of any group's notice goes, once."""
    named = [re.split("[、，,；;]", chapter.names[COPIES].rstrip("。.")) for chapter in chapters]
    everybody = dict.fromkeys(name.strip() for names in named for name in names if name.strip())
    return f"{'、'.join(everybody)}。" if everybody else ""


def _summary(month: Month) -> dict[str, str]:
    result, average = month.result, month.average
    before = month.history.group_averages.get(result.period.shifted(-1))
    finals = result.finals
    return {
        "考核组": result.group,
        "应参评": str(len(result.staff)),
        "实际参评": str(len(result.ranked)),
        "平均": NOTHING if average is None else str(average),
        "较上月": NOTHING if average is None or before is None else _signed(average - before),
        "最高": str(max(finals, default=NOTHING)),
        "最低": str(min(finals, default=NOTHING)),
    }


def _signed(change: Decimal) -> str:
    if not change:
        return "持平"
    return f"{'+' if change > 0 else '−'}{abs(change)}"


_DIGITS = "零一二三四五六七八九"


def in_numerals(number: int) -> str:
    """A chapter's number as Chinese writes it: 二, 十, 二十三, 一百零五; from 1000 on in digits."""
    if number > 999:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    if not hundreds:
        leading = "" if tens < 2 else _DIGITS[tens]
        return f"{leading}{'十' if tens else ''}{_DIGITS[ones] if ones or not tens else ''}"
    middle = f"{_DIGITS[tens]}十" if tens else ("零" if ones else "")
    return f"{_DIGITS[hundreds]}百{middle}{_DIGITS[ones] if ones else ''}"
