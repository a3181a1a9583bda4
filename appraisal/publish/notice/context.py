"""The notice (通报) of a group's month: one set of names, printed by a Word and by an HTML template.

Fixed prose stands in the templates, where HR edits it; here is what depends on the month. No person
stands beside an indicator, and nothing is said that HR should add from knowledge of the month.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.publish.documents import marked_page
from appraisal.publish.month import Month
from appraisal.publish.notice.outcomes import (
    correction,
    money_sentences,
    overdue_plans,
    plans_by_deadline,
    plans_to_settle,
    why_no_plans,
)
from appraisal.publish.notice.words import ASKED_FOR, CAUSE, COPIES, PRAISE, TITLE
from appraisal.publish.points_explained import group_weaknesses
from appraisal.publish.templates.loading import NOTICE_HTML, NOTICE_WORD, Templates
from appraisal.publish.wording import (
    compared_places,
    deadline,
    document_number,
    issue_date,
    outcomes_in_brief,
    plain_date,
    rank_change_in_brief,
)
from appraisal.scheme.describe.explain_parts import small_sample
from appraisal.scheme.forms.submission import EXPORTED_ON, SOURCE_SOFTWARE
from appraisal.scheme.formula.printing import in_words
from appraisal.scheme.methods.method import StandardRow
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import POINT_DECIMALS, number_text, percent_text, round_half_up
from appraisal.scoring.results import StaffResult
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
        "排名注": _ranking_note(month),
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
    return f"{software}（{plain_date(exported)}导出）" if isinstance(exported, date) else str(software)


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


def _ranking_note(month: Month) -> str:
    ranked = month.result.ranked
    notes = []
    if len({person.rank for person in ranked}) < len(ranked):
        after = "1、2、2、3" if month.scheme.ranking.ties == "dense" else "1、2、2、4"
        notes.append(f"综合得分相同的并列同一名次（如{after}）")
    if len({(person.final, person.rank) for person in ranked}) > len({person.final for person in ranked}):
        notes.append(f"综合得分相同的，依次按{'、'.join(month.scheme.ranking.break_by)}排列先后")
    absent = [absent for person in ranked for absent in person.stood_in.items()]
    for missing, counted in dict.fromkeys(absent):
        notes.append(f"{absent.count((missing, counted))}人{missing}逾期未评，按{counted}评分计")
    if _CHANGE in _columns(month) and (compared := compared_places(month)):
        notes.append(compared)
    return f"注：{'；'.join(notes)}。" if notes else ""


def _standard(section: str, indicator: Indicator) -> dict[str, str]:
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


# ---------------------------------------------------------------------------------- its ranking table

MOST_ROWS = 500
"""Beyond so many ranked staff the notice prints both ends and refers to the workbook."""

ENDS = 20
"""How many of each end it prints then."""

_ROWS_OF_ONE_COLUMN = 8

_MOST_COLUMNS_OF_A_HALF = 4

_GRADE, _CHANGE = "等级", "较上月"


@dataclass(frozen=True, slots=True)
class RankingTable:
    """Header and rows as texts. A long narrow table stands in two halves beside each other."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    only_ends: bool


def ranking_table(month: Month) -> RankingTable:
    """The ranked staff by rank, in the columns of `notice_columns`."""
    columns = _columns(month)
    titles = {"姓名": month.form.name_title, "工号": month.form.id_title}
    header = tuple(titles.get(name, name) for name in columns)
    ranked = month.result.ranked
    only_ends = len(ranked) > MOST_ROWS
    shown = ranked[:ENDS] + ranked[-ENDS:] if only_ends else ranked
    if len(shown) > _ROWS_OF_ONE_COLUMN and len(header) <= _MOST_COLUMNS_OF_A_HALF:
        middle = -(-len(shown) // 2)
        halves = [shown[:middle], shown[middle:]]
    else:
        halves = [shown]
    filled = [[tuple(tell(person) for tell in columns.values()) for person in half] for half in halves]
    return RankingTable(header * len(halves), _side_by_side(filled, len(header)), only_ends)


def _side_by_side(halves: Sequence[Sequence[tuple[str, ...]]], width: int) -> tuple[tuple[str, ...], ...]:
    length = max(map(len, halves))
    padded = [[*half, *[("",) * width] * (length - len(half))] for half in halves]
    return tuple(tuple(text for row in rows for text in row) for rows in zip(*padded, strict=True))


def _columns(month: Month) -> dict[str, Callable[[StaffResult], str]]:
    """The asked columns that this scheme has, or the usual ones if it has none of them.

    `<考核人>合计` works for each of the scheme's reviewers. The usual ones name the grade where there are grades.
    """
    known: dict[str, Callable[[StaffResult], str]] = {
        "名次": lambda person: str(person.rank),
        "姓名": lambda person: month.result.name_of(person.id),
        "工号": lambda person: person.id,
        "综合得分": lambda person: str(person.final),
        **({_GRADE: lambda person: _grade(month, person)} if month.scheme.grades else {}),
        _CHANGE: lambda person: rank_change_in_brief(month.rank_change(person)),
        "结果": lambda person: _what_follows(month, person),
    }
    for reviewer in month.scheme.reviewers:
        known[f"{reviewer.name}合计"] = lambda person, name=reviewer.name: str(person.reviewers[name])  # type: ignore[misc]
    usual = Settings().notice_columns
    asked = [name for name in month.settings.notice_columns if name in known] or list(usual)
    if tuple(asked) == usual and _GRADE in known:
        asked.insert(asked.index("综合得分") + 1, _GRADE)
    return {name: known[name] for name in asked}


def _grade(month: Month, person: StaffResult) -> str:
    grade = month.scheme.grade_of(person.final)
    return "" if grade is None else grade.name


def _what_follows(month: Month, person: StaffResult) -> str:
    """Never a transfer, and the last person's deduction only where the settings name that person."""
    hidden = {OutcomeType.CONSIDER_TRANSFER}
    if not month.settings.name_last:
        hidden.add(OutcomeType.DEDUCT)
    return outcomes_in_brief(month.result.outcomes_of(person.id), hidden=hidden, is_draft=month.is_draft)
