"""The notice (通报) of a group's month, and of several groups: each a set of names, printed by a Word and by an HTML template.

Fixed prose stands in the templates, where HR edits it; here is what depends on the month. No person
stands beside an indicator, and nothing is said that HR should add from knowledge of the month.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.period import Period
from appraisal.publish.draft import OPEN_DATE, marked_page
from appraisal.publish.excel.listing import NOTHING
from appraisal.publish.month import Month
from appraisal.publish.notice.contents import (
    ENDS,
    correction,
    money_sentences,
    overdue_plans,
    plans_by_deadline,
    plans_to_settle,
    ranking_note,
    ranking_table,
    why_no_plans,
)
from appraisal.publish.notice.words import ASKED_FOR, CAUSE, COPIES, NUMBER, PRAISE, TITLE
from appraisal.publish.points_explained import group_weaknesses
from appraisal.publish.templates.loading import (
    COMBINED_HTML,
    COMBINED_WORD,
    NOTICE_HTML,
    NOTICE_WORD,
    Templates,
)
from appraisal.publish.wording import (
    deadline,
    document_date,
    document_number,
    issue_date,
)
from appraisal.scheme.describe.explain_parts import small_sample
from appraisal.scheme.forms.submission import EXPORTED_ON, SOURCE_SOFTWARE
from appraisal.scheme.formula.printing import in_words
from appraisal.scheme.methods.method import StandardRow
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, number_text, percent_text, round_half_up
from appraisal.scoring.deadlines import appeals_by
from appraisal.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Notice:
    """A Word file for HR to edit, and the same as one self-contained page."""

    word: bytes
    page: str


def notice(month: Month, templates: Templates) -> Notice:
    """The month's notice. Raises TemplateError."""
    names = notice_context(month)
    word = templates.word(NOTICE_WORD, is_draft=month.is_draft).render(names, created=month.result.issued)
    page = marked_page(templates.text(NOTICE_HTML).render(names), is_draft=month.is_draft)
    return Notice(word, page)


def notice_context(month: Month) -> dict[str, Any]:
    """A value for each name of `notice` in names.yaml."""
    result, settings = month.result, month.settings
    table = ranking_table(month)
    plans = plans_by_deadline(month)
    attachments = _attachments(has_unranked=bool(result.not_ranked), has_plans=bool(plans))
    return {
        "公司": settings.company,
        "文号": document_number(month),
        "月份": result.period.in_words,
        "考核组": result.group,
        "试评": result.is_trial,
        "更正": correction(month),
        "标题": _title(month),
        "制度依据": settings.policy if settings.policy.startswith(("《", "【")) else f"《{settings.policy}》",
        "数据来源": _data_source(month),
        "权重": _weights(month.scheme),
        "计数单位": month.scheme.people,
        "对象数": "人数" if month.scheme.rows_are is None else f"{month.scheme.rows_are}数",
        "名称栏": month.form.name_title,
        "上级": month.scheme.superior,
        "应参评人数": len(result.staff),
        "实际参评人数": len(result.ranked),
        "不参与排名人数": len(result.not_ranked),
        "得分概况": _scores(month),
        "类别概况": _sections(month),
        "只列两端": ENDS if table.only_ends else 0,
        "排名表头": table.header,
        "排名": table.rows,
        "排名注": ranking_note(month),
        "奖励与提成调整": money_sentences(month),
        "表扬": _hr_wrote(month, PRAISE),
        "主要问题": group_weaknesses(month),
        "原因": _hr_wrote(month, CAUSE),
        "整改": plans,
        "无整改原因": why_no_plans(result),
        "整改逾期": overdue_plans(month),
        "整改未结": plans_to_settle(month),
        "整改附件": f"附件{len(attachments)}",
        "申诉截止": deadline(month.appeal_by, is_draft=month.is_draft),
        "申诉天数": settings.appeal_days,
        "申诉受理人": settings.appeals_to,
        "附件": attachments,
        "评分标准": [_standard(top, indicator) for top, _, indicator in month.scheme.leaves()],
        "不参与排名人员": [
            {"序号": number, "姓名": result.name_of(person.id)}
            for number, person in enumerate(result.not_ranked, 1)
        ],
        "落款": settings.signature,
        "下发日期": issue_date(month),
        "抄送": "".join(month.words.get(COPIES, ["人事、财务。"])),
    }


def _hr_wrote(month: Month, place: str) -> list[str]:
    """HR's paragraphs; where there are none, a draft asks for them and an issued notice says nothing."""
    return list(month.words.get(place, [ASKED_FOR[place]] if month.is_draft else []))


def _title(month: Month) -> str:
    """HR's own; that of a later edition says what it is."""
    corrects = month.former is not None
    if (own := "".join(month.words.get(TITLE, ()))) != "":
        return f"{own}（更正）" if corrects and "更正" not in own else own
    result = month.result
    trial = "试评" if result.is_trial else ""
    return f"关于{'更正' if corrects else ''}{result.period.in_words}{result.group}绩效考核{trial}情况的通报"


def _weights(scheme: Scheme) -> str:
    """`自评30%、店长70%加权`; a single reviewer weighs nothing against others."""
    counted = [reviewer for reviewer in scheme.reviewers if reviewer.weight]
    if len(counted) == 1:
        return f"{counted[0].name}评分"
    return "、".join(f"{reviewer.name}{percent_text(reviewer.weight)}" for reviewer in counted) + "加权"


def _attachments(*, has_unranked: bool, has_plans: bool) -> list[str]:
    names = ["评分标准简表"]
    names += ["不参与排名人员"] if has_unranked else []
    names += ["整改方案表（另发本人）"] if has_plans else []
    return names if len(names) == 1 else [f"{number}．{name}" for number, name in enumerate(names, 1)]


def _data_source(month: Month) -> str:
    """`赤兔（2026年12月6日（星期日）导出）`, as far as the workbook says it."""
    software = month.submission.labels.get(SOURCE_SOFTWARE) or "绩效软件"
    exported = month.submission.labels.get(EXPORTED_ON)
    return f"{software}（{document_date(exported)}导出）" if isinstance(exported, date) else str(software)


def _scores(month: Month) -> str:
    average = month.average
    if average is None:
        return "本月没有参与排名的人员。"
    before = month.history.group_averages.get(month.result.period.shifted(-1))
    change = "" if before is None else f"，{_change(average - before)}"
    finals = month.result.finals
    return f"平均得分{average}分{change}；最高{max(finals)}分，最低{min(finals)}分。"


def _change(difference: Decimal) -> str:
    if not difference:
        return "与上月持平"
    return f"比上月{'提高' if difference > 0 else '下降'}{abs(difference)}分"


def _sections(month: Month) -> str:
    """One clause for each top 类别; empty where nobody is ranked."""
    ranked = month.result.ranked
    if not ranked:
        return ""
    clauses = []
    for section in month.scheme.counted_sections:
        known = [person.sections[section.name] for person in ranked if section.name in person.sections]
        if not known:
            continue
        mean = round_half_up(sum(known, Decimal(0)) / len(known), POINT_DECIMALS)
        full = sum((indicator.points for indicator in section.all_indicators), Decimal(0))
        clauses.append(f"{section.name}平均{mean}分（标准分{number_text(full)}分）")
    return "；".join(clauses) + "。" if clauses else ""


def _standard(section: str, indicator: Indicator) -> dict[str, str]:
    """What is asked of an indicator, and what earns how many points."""
    tree = indicator.expression
    rows = indicator.method.standard(indicator.measure)
    lines = [*map(_line_of_standard, rows), *small_sample(indicator)]
    return {
        "类别": section,
        "指标": indicator.name,
        "标准分": number_text(indicator.points) if indicator.counts else indicator.method.title,
        "计算": indicator.method.title if tree is None else in_words(tree),
        "得分标准": "；".join(lines),
    }


def _line_of_standard(row: StandardRow) -> str:
    """`≥60.00% 16分`; some lines say their points themselves."""
    if row.points is None or row.words.endswith("分"):
        return row.words
    return f"{row.words} {number_text(row.points)}分"


# ------------------------------------------------------------------------- 合并通报, of several groups


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
    """The notice of two or more groups' months as one self-contained page. Raises TemplateError."""
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
        "下发日期": OPEN_DATE if is_draft else document_date(issued),
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
