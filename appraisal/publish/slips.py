"""绩效单: everybody's own result as a page, all of them as one Word file, and what follows for a person in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import dropwhile
from typing import Any

from markupsafe import Markup

from appraisal.publish.draft import marked_page
from appraisal.publish.month import Month
from appraisal.publish.points_explained import PointsOfPerson
from appraisal.publish.templates.loading import SLIP_HTML, SLIPS_WORD, Templates
from appraisal.publish.wording import (
    HELD,
    NOT_RANKED,
    OUTCOME_NAMES,
    SETTLED_BY_FINANCE,
    deadline,
    grade_sentence,
    graded_conditions,
    is_waived,
    issue_date,
    keeps_deadline,
    month_standard,
    rank_change_in_brief,
    stood_in_sentence,
)
from appraisal.scheme.model.outcome_rules import OutcomeType, Reviewer
from appraisal.scheme.model.units import money
from appraisal.scoring.results import NOTHING_LEFT, Outcome, OutcomeState, StaffResult


def outcome_sentences(month: Month, person: StaffResult, place: str) -> list[str]:
    """At least one sentence; `place` is the person's own, like `第3名`.

    A transfer is never mentioned: that prompt is for manager and HR.
    """
    result = month.result
    if result.is_trial:
        return ["本月为试评，只看得分和名次，不涉及奖励和提成调整。"]
    if not person.ranked:
        return ["本月不参与排名，没有奖励、提成调整和整改要求。"]
    if result.no_outcomes is not None:
        return [result.no_outcomes]
    grades = graded_conditions(month.scheme)
    sentences = [
        sentence
        for outcome in result.outcomes_of(person.id)
        for sentence in _sentence(
            month, outcome, outcome.reason if outcome.reason in grades else f"综合排名{place}"
        )
    ]
    return sentences or ["本月没有奖励、提成调整和整改要求。"]


def _sentence(month: Month, outcome: Outcome, what_for: str) -> Iterator[str]:
    if is_waived(outcome):
        yield f"{what_for}，经研究决定，不作{OUTCOME_NAMES[outcome.type]}。"
    if outcome.state is OutcomeState.REVERSED:
        return
    if outcome.decided_on is not None:
        what_for = f"{what_for}，经研究决定"
    if outcome.state is OutcomeState.HOLD:
        yield f"{what_for}，{OUTCOME_NAMES[outcome.type]}{HELD}。"
    elif outcome.type is OutcomeType.REWARD and outcome.amount is not None:
        yield f"{what_for}，奖励{money(outcome.amount)}。"
    elif outcome.type is OutcomeType.DEDUCT and outcome.amount == 0:
        yield f"{what_for}，当月{NOTHING_LEFT}，提成调整0.00元。"
    elif outcome.type is OutcomeType.DEDUCT and outcome.amount is not None:
        settled = f"，{SETTLED_BY_FINANCE}" if outcome.capped_by_payroll else ""
        yield f"{what_for}，当月提成减少{money(outcome.amount)}{settled}。"
    elif outcome.type is OutcomeType.RECTIFICATION and outcome.due is not None:
        by = deadline(outcome.due, is_draft=month.is_draft)
        yield plan_asked_for(month.scheme.superior, by, is_known=keeps_deadline(month, outcome))


def plan_asked_for(superior: str, by: str, *, is_known: bool) -> str:
    """The sentence to whom a plan is asked of; `is_known`: an issued revision said so before, by the same day."""
    if is_known:
        return f"向{superior}提交整改方案的期限不变，仍为{by}。"
    return f"请于{by}前向{superior}提交整改方案，方案表另发。"


_FEWEST_FOR_A_MEAN = 3

_MONTHS = 6
"""So many months of a person's scores stand on the slip, its own the last."""

_NOTHING = "—"


class SlipWriter:
    """Writes the slips of one month; what they share is worked out once."""

    def __init__(self, month: Month) -> None:
        self._month = month
        result, settings, rows_are = month.result, month.settings, month.scheme.rows_are
        average = month.average if len(result.ranked) >= _FEWEST_FOR_A_MEAN else None
        self._people_at = Counter(person.rank for person in result.ranked)
        names = sorted(
            (person.name for person in result.staff if len(person.name) > 1), key=len, reverse=True
        )
        self._any_name = re.compile("|".join(map(re.escape, names)) or "(?!)")
        self._shared: dict[str, Any] = {
            "公司": settings.company,
            "方案": month.scheme.name,
            "考核组": result.group,
            "月份": result.period.in_words,
            "版次": result.revision,
            "试评": result.is_trial,
            "对象": rows_are or "个人",
            "名称栏": month.form.name_title,
            "编号栏": month.form.id_title,
            "计数单位": month.scheme.people,
            "签收人": "本人" if rows_are is None else f"{rows_are}负责人",
            "上级": month.scheme.superior,
            "参评人数": len(result.ranked),
            "组平均": _NOTHING if average is None else str(average),
            "申诉截止": deadline(month.appeal_by, is_draft=month.is_draft),
            "申诉天数": settings.appeal_days,
            "申诉受理人": settings.appeals_to,
            "下发日期": issue_date(month),
        }

    def names(self, person: StaffResult) -> dict[str, Any]:
        """A value for each name of `slip` in names.yaml."""
        month = self._month
        points = PointsOfPerson(month, person)
        place = self._place(person)
        return {
            **self._shared,
            "姓名": person.name,
            "工号": person.id,
            "岗位": month.posts.get(person.id) or _NOTHING,
            "综合得分": _NOTHING if person.final is None else str(person.final),
            "名次": place,
            "较上月": rank_change_in_brief(month.rank_change(person)),
            "上月名次": self._place_last_month(person),
            **self._scores_so_far(person),
            "说明": [*self._remarks(person)],
            "数据指标": points.computed(),
            "评分指标": points.judged(),
            "计算": points.calculation(),
            "意见": [
                opinion for reviewer in month.scheme.reviewers for opinion in self._opinions(reviewer, person)
            ],
            "做得好": points.strength(),
            "可改进": points.weakness(),
            "结果运用": outcome_sentences(month, person, place),
        }

    def _remarks(self, person: StaffResult) -> Iterator[str]:
        """The month's own standard, the grade, why there is no rank, and whose marks stand in for whose."""
        scheme = self._month.scheme
        if (override := scheme.override_in(self._month.result.period)) is not None:
            yield month_standard(override)
        if person.ranked and (grade := scheme.grade_of(person.final)) is not None:
            yield grade_sentence(grade)
        if not person.ranked:
            yield f"{NOT_RANKED}，原因：{person.reason}。"
        if person.stood_in:
            yield stood_in_sentence(person)

    def _place(self, person: StaffResult) -> str:
        if person.rank is None:
            return NOT_RANKED
        return f"{'并列' if self._people_at[person.rank] > 1 else ''}第{person.rank}名"

    def _place_last_month(self, person: StaffResult) -> str:
        before = self._month.history.month_of(person.id, self._month.result.period.shifted(-1))
        if before is None or before.rank is None:
            return "上月没有名次"
        return f"上月{before.ranked_count}{self._month.scheme.people}中第{before.rank}名"

    def _scores_so_far(self, person: StaffResult) -> dict[str, str]:
        """The person's last months in one line of text and one drawn; nothing in the first month."""
        period, history = self._month.result.period, self._month.history
        before = [history.month_of(person.id, period.shifted(back)) for back in range(1 - _MONTHS, 0)]
        finals = [*(None if past is None else past.final for past in before), person.final]
        first = next((index for index, final in enumerate(finals) if final is not None), _MONTHS)
        if first >= _MONTHS - 1:
            return {"近月得分": "", "近月走势": ""}
        said = [
            f"{period.shifted(index + 1 - _MONTHS).month}月 {_NOTHING if final is None else final}"
            for index, final in enumerate(finals)
        ]
        return {"近月得分": "　".join(said[first:]), "近月走势": spark_line(finals)}

    def _opinions(self, reviewer: Reviewer, person: StaffResult) -> list[dict[str, str]]:
        """What the reviewer wrote, each text by itself and the unscored grades in one line."""
        texts, grades = [], []
        for remark in reviewer.remarks:
            typed = self._month.typed(reviewer.sheet_name, person.id, remark.name)
            if typed is None:
                continue
            if remark.type == "grade":
                grades.append(f"{remark.name}{typed}")
            else:
                texts.append((remark.name, self._without_colleagues(str(typed), person)))
        if grades:
            texts.append(("不计分评价", "，".join(grades)))
        return [{"考核人": reviewer.name, "项目": name, "内容": text} for name, text in texts]

    def _without_colleagues(self, text: str, person: StaffResult) -> str:
        return self._any_name.sub(lambda found: found[0] if found[0] == person.name else "同事", text)


_LONGEST_ON_PAPER = 75
"""Characters of a remark that a one-page slip has room for; the HTML page shows the whole of it."""


@dataclass(frozen=True, slots=True)
class Slips:
    """Self-contained HTML by staff id, in the order of the workbook, and the Word collection."""

    pages: Mapping[str, bytes]
    collection: bytes


def slips(month: Month, templates: Templates) -> Slips:
    """Everybody's slip, also of those who are not ranked or not scored. Raises TemplateError."""
    on_paper = _OnPaper(month, templates)
    paper = templates.word(SLIPS_WORD, is_draft=month.is_draft)
    collection = paper.render({"绩效单": on_paper}, created=month.result.issued)
    return Slips(on_paper.pages(), collection)


class _OnPaper(Sequence[Any]):
    """What everybody's slip says in Word, put together when its turn comes; the page is made with it.

    What twenty thousand slips say would take a third of a gigabyte at once.
    """

    def __init__(self, month: Month, templates: Templates) -> None:
        self._staff = month.result.staff
        self._is_draft = month.is_draft
        self._writer = SlipWriter(month)
        self._page = templates.text(SLIP_HTML)
        self._pages: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._staff)

    def __getitem__(self, index: Any) -> Any:
        """The slip's names at the place, or those of a slice of places."""
        if isinstance(index, slice):
            return [self[place] for place in range(len(self))[index]]
        person = self._staff[index]
        names = self._writer.names(person)
        if person.id not in self._pages:
            page = marked_page(self._page.render(names), is_draft=self._is_draft)
            self._pages[person.id] = page.encode()
        # A page of paper has no room for long remarks.
        opinions = [{**opinion, "内容": _shortened(opinion["内容"])} for opinion in names["意见"]]
        return {**names, "意见": opinions}

    def pages(self) -> dict[str, bytes]:
        """Everybody's page in the order of the workbook, also where the Word template left somebody out."""
        for index, person in enumerate(self._staff):
            if person.id not in self._pages:
                self[index]
        return {person.id: self._pages[person.id] for person in self._staff}


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ON_PAPER else f"{text[:_LONGEST_ON_PAPER]}……（全文见电子版）"


_STEP, _HEIGHT = 8, 18
"""Pixels from month to month, the same in every line: two months are short, and twelve are long."""


def spark_line(values: Sequence[Decimal | None]) -> Markup:
    """A line as small as a word, without axes, from the first value; a gap where a later one is missing, nothing below two.

    Thirty stand on a page: pygal would take 0.2 s and 150 kB for what are a few points here.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Markup("")
    values = [*dropwhile(lambda value: value is None, values)]
    low, span = min(known), max(known) - min(known) or Decimal(1)
    runs: list[list[str]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{2 + index * _STEP},{_HEIGHT - 3 - (value - low) / span * (_HEIGHT - 6):.1f}")
    lines = Markup("").join(
        Markup('<polyline points="{}"/>').format(" ".join(points)) for points in runs if len(points) > 1
    )
    last = Markup('<circle cx="{}" cy="{}" r="2"/>').format(*runs[-1][-1].split(",")) if runs[-1] else ""
    svg = '<svg class="spark" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">{2}{3}</svg>'
    return Markup(svg).format(4 + (len(values) - 1) * _STEP, _HEIGHT, lines, last)  # noqa: S704 - ours, and filled in
