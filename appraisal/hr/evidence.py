"""证据说明.xlsx: what HR needs in hand before it speaks with a person who was last several months running.

Facts only: the months' places, scores, points and papers, and by hash what they were made with.

The evidence for each prompt to consider a transfer: the months as published, and what they were made with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from appraisal.hr.facts import GroupFacts, PeriodFacts
from appraisal.hr.plan_tracker import plan_in_words, printed
from appraisal.hr.watch_list import Streak, decision_in_words, evidence_folder, streak_of
from appraisal.period import Period
from appraisal.publish.excel import styles, theme
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import NOTHING, ListColumn, ListSheet, Shown, Value, write_listing
from appraisal.publish.wording import plain_date
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import IndicatorResult, StaffResult
from appraisal.workspace.names import month_folder, safe_file_name

SUMMARY, POINTS, SOURCES = "证据说明", "分项得分", "依据与出处"


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator of one month, as printed: `value` and each reviewer's points."""

    section: str
    indicator: str
    full: str
    value: str
    points: str


@dataclass(frozen=True, slots=True)
class EvidenceMonth:
    """One of the months. `sources` names what the month was made with: what it is → hash or path."""

    period: Period
    rank: int
    ranked_count: int
    final: Decimal
    average: Decimal | None
    revision: int
    issued_on: date | None
    document_number: str | None
    outcomes: str
    plan: str
    indicators: tuple[IndicatorLine, ...]
    sources: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One case: the person, the months running (the latest last), and the clause that asks for it."""

    group: str
    staff: str
    name: str
    post: str | None
    joined: date | None
    reason: str
    clause: str
    decision: str
    months: tuple[EvidenceMonth, ...]


def evidence_workbook(evidence: Evidence) -> bytes:
    """The workbook; the same values give the same bytes."""
    book = Book()
    _summary(book, evidence)
    write_listing(book, _points(evidence))
    write_listing(book, _sources(evidence))
    return book.finished(created=evidence.months[-1].period.last_day)


def _summary(book: Book, evidence: Evidence) -> None:
    months = _months(evidence)
    sheet = write_listing(book, months)
    row, wide = months.end + 2, len(months.columns)
    sheet.set_row(row - 1, 24)
    sheet.text(
        row, 1, "与本人沟通记录（人事填写）", styles.plain(book, bold=True, font_size=theme.HEADING_SIZE)
    )
    for label in ("沟通日期、参加人", "本人对考核事实的意见", "工作中的困难和需要的支持", "协商情况和结果"):
        row += 1
        sheet.set_row(row - 1, 42)
        sheet.block(row, 1, row, 3, label, styles.plain(book, border=1, border_color=_GREY, text_wrap=True))
        sheet.block(row, 4, row, wide, "", styles.plain(book, border=1, border_color=_GREY))
    signatures = "本人签名：＿＿＿＿＿＿＿＿　　人事签名：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿＿＿＿＿"
    sheet.set_row(row + 1, 30)
    sheet.block(row + 2, 1, row + 2, wide, signatures, styles.plain(book))


_GREY = theme.hexed(theme.GREY)


def _months(evidence: Evidence) -> ListSheet:
    joined = NOTHING if evidence.joined is None else plain_date(evidence.joined)
    return ListSheet(
        name=SUMMARY,
        title=f"{evidence.name}（{evidence.staff}）连续末位情况说明",
        lead=[
            "人事内部材料，不公开、不张贴。",
            f"考核组：{evidence.group}　　岗位：{evidence.post or NOTHING}　　入职日期：{joined}",
            f"情况：{evidence.reason}。",
            f"制度条款：{evidence.clause or NOTHING}",
            f"人事裁定：{evidence.decision}",
            "本材料只列事实，提请人事研究。末位不等于不能胜任工作；调岗须依法与本人协商。",
        ],
        columns=[
            ListColumn("考核月份", 10, Shown.CENTRED),
            ListColumn("名次", 7, Shown.COUNT),
            ListColumn("参评人数", 9, Shown.COUNT),
            ListColumn("综合得分", 10, Shown.SCORE),
            ListColumn("组平均", 9, Shown.SCORE),
            ListColumn("版次", 7, Shown.CENTRED),
            ListColumn("下发日期", 12, Shown.DAY),
            ListColumn("通报文号", 20, Shown.WRAPPED),
            ListColumn("结果运用", 26, Shown.WRAPPED),
            ListColumn("整改方案", 20, Shown.WRAPPED),
        ],
        rows=[_month_row(one) for one in evidence.months],
        one_page=True,
    )


def _month_row(one: EvidenceMonth) -> list[Value]:
    return [
        str(one.period),
        one.rank,
        one.ranked_count,
        one.final,
        one.average,
        f"第{one.revision}版",
        one.issued_on,
        one.document_number or NOTHING,
        one.outcomes or NOTHING,
        one.plan or NOTHING,
    ]


def _points(evidence: Evidence) -> ListSheet:
    """Indicators down, months across; an indicator that a month's scheme lacks stays empty there."""
    columns = [
        ListColumn("类别", 13),
        ListColumn("指标", 18, Shown.STRONG),
        ListColumn("标准分", 9, Shown.CENTRED),
    ]
    for month in evidence.months:
        columns += [
            ListColumn(f"{month.period} 实际值", 14, Shown.CENTRED),
            ListColumn(f"{month.period} 得分", 22, Shown.CENTRED),
        ]
    found = [{(one.section, one.indicator): one for one in month.indicators} for month in evidence.months]
    full = {key: one.full for lines in found for key, one in lines.items()}
    return ListSheet(
        name=POINTS,
        title=f"{evidence.name}（{evidence.staff}）各月分项得分",
        notes=[
            "与各月发布的考核结果一致。标准分以最近一个月的方案为准；考核人评分的指标列出每位考核人的评分。"
        ],
        columns=columns,
        rows=[
            [*key, points, *(text for lines in found for text in _month_cells(lines.get(key)))]
            for key, points in full.items()
        ],
        frozen=2,
    )


def _month_cells(line: IndicatorLine | None) -> Sequence[str]:
    return ("", "") if line is None else (line.value, line.points)


def _sources(evidence: Evidence) -> ListSheet:
    return ListSheet(
        name=SOURCES,
        title=f"{evidence.name}（{evidence.staff}）各月结果的依据与出处",
        notes=[
            "哈希值（SHA-256）由系统在计算时记下，可用来核对文件没有改动；上报原件按哈希值存放在 state/archive。"
        ],
        columns=[
            ListColumn("考核月份", 10, Shown.CENTRED),
            ListColumn("内容", 22, Shown.STRONG),
            ListColumn("哈希值或所在位置", 90, Shown.WRAPPED),
        ],
        rows=[
            [str(month.period), what, where]
            for month in evidence.months
            for what, where in month.sources.items()
        ],
    )


WORKBOOK = "证据说明.xlsx"


_KINDS = {"roster": "花名册", "settings": "设置文件", "templates": "文书模板"}


def evidence_documents(facts: PeriodFacts) -> dict[str, bytes]:
    """By name below HR's folder: for each case the explanation and the rule files it rests on."""
    documents: dict[str, bytes] = {}
    asked = {one.key.group for one in facts.outcomes if one.key.type is OutcomeType.CONSIDER_TRANSFER}
    for month in facts.months:
        streak = streak_of(facts.of_month(month)) if month.group in asked else None
        if streak is None or not streak.is_case:
            continue
        folder = evidence_folder(streak)
        months = _months_of(facts, streak)
        documents[f"{folder}/{WORKBOOK}"] = evidence_workbook(_evidence(facts, streak, months))
        for one in months:
            sha256 = one.revision.making.documents["rules"]
            content = facts.books.documents.get(sha256)
            assert content is not None
            documents[f"{folder}/{_rules_copy(sha256)}"] = content
    return documents


def _rules_copy(sha256: str) -> str:
    return f"考核方案_{sha256[:8]}.yaml"


_MOST_MONTHS = 6
"""Beyond so many months running the latest ones say enough, and still fit on a page."""


def _months_of(facts: PeriodFacts, streak: Streak) -> list[GroupFacts]:
    """The months running, the earliest first."""
    period, group = facts.period, streak.facts.month.group
    earlier = [period.shifted(-back) for back in reversed(range(1, min(streak.months, _MOST_MONTHS)))]
    found = [facts.books.months.get(group, one) for one in earlier]
    return [*(facts.of_month(one) for one in found if one is not None), streak.facts]


def _evidence(facts: PeriodFacts, streak: Streak, months: list[GroupFacts]) -> Evidence:
    person, prompt = streak.person, streak.prompt
    assert prompt is not None
    member = facts.roster.find(person.id) if facts.roster else None
    return Evidence(
        group=streak.facts.month.group,
        staff=person.id,
        name=person.name,
        post=streak.facts.paper.posts.get(person.id),
        joined=member.joined if member else None,
        reason=prompt.reason,
        clause=prompt.clause or "",
        decision=decision_in_words(streak),
        months=tuple(_month(facts, one, person.id) for one in months),
    )


def _month(facts: PeriodFacts, group: GroupFacts, staff: str) -> EvidenceMonth:
    result = group.paper.result
    person = result.person(staff)
    assert person.rank is not None
    assert person.final is not None
    plan = facts.books.plans.get(result.group, result.period, staff)
    return EvidenceMonth(
        period=result.period,
        rank=person.rank,
        ranked_count=len(result.ranked),
        final=person.final,
        average=group.paper.average,
        revision=result.revision,
        issued_on=group.month.issued_on,
        document_number=group.month.document_number,
        outcomes=group.in_brief(staff),
        plan="" if plan is None else plan_in_words(plan, facts.today),
        indicators=tuple(_indicators(group, person)),
        sources=dict(_sources_of(facts, group, person)),
    )


def _indicators(group: GroupFacts, person: StaffResult) -> Iterator[IndicatorLine]:
    """Every indicator, then the total, as the month's scheme prints them."""
    scheme = group.scheme
    for section, _, indicator in scheme.leaves():
        result = person.indicators[indicator.name]
        yield IndicatorLine(
            section=section,
            indicator=indicator.name,
            full=f"{indicator.points:f}" if indicator.counts else indicator.method.title,
            value="—" if indicator.is_judged else printed(result.value, _as_scored(indicator, result)),
            points=_points_in_words(person, indicator),
        )
    totals = "　".join(f"{name}{total}" for name, total in person.reviewers.items())
    yield IndicatorLine("合计", "综合得分", f"{scheme.full_points:f}", f"{person.final}", totals)


def _points_in_words(person: StaffResult, indicator: Indicator) -> str:
    """One figure where all reviewers agree, as they do on data; else each reviewer's."""
    result = person.indicators[indicator.name]
    points = result.points
    if result.value is not None and (limit := indicator.method.limit(result.value)) is not None:
        return f"综合得分最高{limit:f}分"
    if not points:
        return "不计分"
    if not indicator.is_judged:
        return str(next(iter(points.values())))
    return "　".join(f"{name}{each}" for name, each in points.items())


def _as_scored(indicator: Indicator, result: IndicatorResult) -> Indicator:
    """The indicator as it scored this value: of a small sample the count."""
    return indicator.by_count if result.by_count and indicator.by_count is not None else indicator


def _sources_of(facts: PeriodFacts, group: GroupFacts, person: StaffResult) -> Iterator[tuple[str, str]]:
    """What it is → where it lies in the outbox, or the hash of what the month was made with."""
    result, making = group.paper.result, group.revision.making
    folder = month_folder(result.group, result.period)
    placed = facts.books.placed.under(folder)
    stem = f"{result.group}_{result.period}"
    papers = {
        "个人绩效单": f"绩效单/{safe_file_name(f'{person.id}_{person.name}', '.html')}",
        "通报": safe_file_name(f"{stem}_考核通报", ".docx"),
        "考核结果": safe_file_name(f"{stem}_考核结果", ".xlsx"),
    }
    for what, name in papers.items():
        path = f"{folder}/{name}"
        yield what, f"outbox/{path}（{placed[path]}）" if path in placed else NOTHING
    rules = making.documents["rules"]
    yield "考核方案", f"{group.scheme.name}第{result.version}版，副本 {_rules_copy(rules)}（{rules}）"
    yield "店长上报表", f"state/archive（{making.submission}）"
    for kind, name in _KINDS.items():
        if kind in making.documents:
            yield name, making.documents[kind]
