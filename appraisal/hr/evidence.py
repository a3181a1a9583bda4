"""证据说明.xlsx: what HR needs in hand before it speaks with a person who was last several months running.

Facts only: the months' places, scores, points and papers, and what they were made with. The schemes lie beside it as
Word documents that everybody can read; hashes stand in a column that is not printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from appraisal.hr.facts import GroupFacts, PeriodFacts
from appraisal.hr.plan_tracker import plan_in_words, printed
from appraisal.hr.watch_list import Streak, decision_in_words, evidence_folder, streak_of
from appraisal.ledger.months import RULE_FILE
from appraisal.ledger.records import GroupMonth
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.listing import (
    NOTHING,
    ColumnFormat,
    Columns,
    ListColumn,
    ListSheet,
    ListTable,
    Shown,
    listed,
)
from appraisal.publish.excel.listing_sheets import write_listing
from appraisal.publish.word.blocks import scheme_as_word
from appraisal.publish.wording import document_date
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import IndicatorResult, StaffResult
from appraisal.workspace.names import month_folder, safe_file_name

WORKBOOK = "证据说明.xlsx"

_MOST_MONTHS = 6
"""Beyond so many months running the latest ones say enough, and still fit on a page."""

_KINDS = {"roster": "花名册", "settings": "设置文件", "templates": "文书模板"}
_GREY = theme.hexed(theme.GREY)

Months = Sequence[GroupFacts]
"""The months running, the latest last."""


def evidence_documents(facts: PeriodFacts) -> dict[str, bytes]:
    """By name below HR's folder: for each case the explanation and the schemes that it rests on."""
    documents: dict[str, bytes] = {}
    asked = {
        outcome.key.group for outcome in facts.outcomes if outcome.key.type is OutcomeType.CONSIDER_TRANSFER
    }
    for month in facts.months:
        streak = streak_of(facts.of_month(month)) if month.group in asked else None
        if streak is None or not streak.needs_evidence:
            continue
        folder = evidence_folder(streak)
        months = _months_of(facts, streak)
        documents[f"{folder}/{WORKBOOK}"] = _workbook(facts, streak, months)
        for month_facts in months:
            documents.setdefault(f"{folder}/{_scheme_copy(month_facts)}", scheme_as_word(month_facts.scheme))
    return documents


def _months_of(facts: PeriodFacts, streak: Streak) -> Months:
    period, group = facts.period, streak.facts.month.group
    earlier = [period.shifted(-back) for back in reversed(range(1, min(streak.months, _MOST_MONTHS)))]
    found = [facts.transaction.months.get(group, before) for before in earlier]
    return [*(facts.of_month(month) for month in found if month is not None), streak.facts]


def _scheme_copy(month: GroupFacts) -> str:
    return safe_file_name(f"考核方案_{month.scheme.scheme}_第{month.scheme.version}版", ".docx")


def _workbook(facts: PeriodFacts, streak: Streak, months: Months) -> bytes:
    book = Book()
    _summary(book, _months(facts, streak, months))
    write_listing(book, _points(streak, months))
    write_listing(book, _evidence_files(facts, streak, months))
    return book.finished(created=facts.period.last_day)


def _summary(book: Book, months: ListSheet) -> None:
    """The months, and below them room for the record of the talk."""
    sheet = write_listing(book, months)
    row, wide = months.end + 2, len(months.columns)
    sheet.set_row(row - 1, 24)
    sheet.text(row, 1, "与本人沟通记录（人事填写）", book.style(bold=True, font_size=theme.HEADING_SIZE))
    for label in ("沟通日期、参加人", "本人对考核事实的意见", "工作中的困难和需要的支持", "协商情况和结果"):
        row += 1
        sheet.set_row(row - 1, 42)
        sheet.block(row, 1, row, 3, label, book.style(border=1, border_color=_GREY, text_wrap=True))
        sheet.block(row, 4, row, wide, "", book.style(border=1, border_color=_GREY))
    signatures = "本人签名：＿＿＿＿＿＿＿＿　　人事签名：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿＿＿＿＿"
    sheet.set_row(row + 1, 30)
    sheet.block(row + 2, 1, row + 2, wide, signatures, book.style())


def _months(facts: PeriodFacts, streak: Streak, months: Months) -> ListSheet:
    person, prompt = streak.person, streak.prompt
    assert prompt is not None
    member = facts.roster.find(person.id) if facts.roster else None
    joined = document_date(member.joined) if member and member.joined else NOTHING
    post = streak.facts.paper.posts.get(person.id) or NOTHING
    columns: Columns[GroupFacts] = [
        ListColumn("考核月份", lambda month: str(month.month.period), 10, Shown.CENTRED),
        ListColumn("名次", lambda month: month.paper.result.person(person.id).rank, 7, Shown.COUNT),
        ListColumn("参评人数", lambda month: len(month.paper.result.ranked), 9, Shown.COUNT),
        ListColumn("综合得分", lambda month: month.paper.result.person(person.id).final, 10, Shown.SCORE),
        ListColumn("组平均", lambda month: month.paper.average, 9, Shown.SCORE),
        ListColumn("版次", lambda month: f"第{month.paper.result.revision}版", 7, Shown.CENTRED),
        ListColumn("下发日期", lambda month: month.month.issued_on, 12, Shown.DAY),
        ListColumn("通报文号", lambda month: month.month.document_number or NOTHING, 20, Shown.WRAPPED),
        ListColumn("结果运用", lambda month: month.in_brief(person.id) or NOTHING, 26, Shown.WRAPPED),
        ListColumn("整改方案", lambda month: _plan_of(facts, month.month, person.id), 20, Shown.WRAPPED),
    ]
    return ListSheet(
        name="证据说明",
        title=f"{person.name}（{person.id}）连续末位情况说明",
        lead=[
            "人事内部材料，不公开、不张贴。",
            f"考核组：{streak.facts.month.group}　　岗位：{post}　　入职日期：{joined}",
            f"情况：{prompt.reason}。",
            f"制度条款：{prompt.clause or NOTHING}",
            f"人事裁定：{decision_in_words(streak)}",
            "本材料只列事实，提请人事研究。末位不等于不能胜任工作；调岗须依法与本人协商。",
        ],
        table=listed(months, columns),
        one_page=True,
    )


def _plan_of(facts: PeriodFacts, month: GroupMonth, staff: str) -> str:
    plan = facts.transaction.plans.get(month.group, month.period, staff)
    return NOTHING if plan is None else plan_in_words(plan, facts.today)


def _points(streak: Streak, months: Months) -> ListSheet:
    """Indicators down, months across; an indicator that a month's scheme lacks stays empty there."""
    person = streak.person
    columns = [
        ColumnFormat("类别", 13),
        ColumnFormat("指标", 18, Shown.STRONG),
        ColumnFormat("标准分", 9, Shown.CENTRED),
    ]
    for month in months:
        period = month.month.period
        columns += [
            ColumnFormat(f"{period} 实际值", 14, Shown.CENTRED),
            ColumnFormat(f"{period} 得分", 22, Shown.CENTRED),
        ]
    found = [_indicators(month, month.paper.result.person(person.id)) for month in months]
    full = {key: points for lines in found for key, (points, *_) in lines.items()}
    return ListSheet(
        name="分项得分",
        title=f"{person.name}（{person.id}）各月分项得分",
        notes=[
            "与各月发布的考核结果一致。标准分以最近一个月的方案为准；考核人评分的指标列出每位考核人的评分。"
        ],
        table=ListTable(
            columns,
            [
                [*key, points, *(text for lines in found for text in lines.get(key, ("", "", ""))[1:])]
                for key, points in full.items()
            ],
        ),
        frozen=2,
    )


def _indicators(month: GroupFacts, person: StaffResult) -> Mapping[tuple[str, str], tuple[str, str, str]]:
    """By 类别 and indicator, then the total: full points, value and points as the month's scheme prints them."""
    scheme = month.scheme
    lines = {}
    for section, _, indicator in scheme.leaves():
        result = person.indicators[indicator.name]
        lines[section, indicator.name] = (
            f"{indicator.points:f}" if indicator.counts else indicator.method.title,
            NOTHING if indicator.is_judged else printed(result.value, _as_scored(indicator, result)),
            _points_in_words(person, indicator),
        )
    totals = "　".join(f"{name}{total}" for name, total in person.reviewers.items())
    lines["合计", "综合得分"] = (f"{scheme.full_points:f}", f"{person.final}", totals)
    return lines


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


def _evidence_files(facts: PeriodFacts, streak: Streak, months: Months) -> ListSheet:
    person = streak.person
    return ListSheet(
        name="依据与出处",
        title=f"{person.name}（{person.id}）各月结果的依据与出处",
        notes=[
            "这些材料都由系统存档，事后改动可以查出：表右的校验码（不打印）由系统在计算时记下，供管理员核对。"
        ],
        table=ListTable(
            [
                ColumnFormat("考核月份", 10, Shown.CENTRED),
                ColumnFormat("材料", 22, Shown.STRONG),
                ColumnFormat("在哪里", 70, Shown.WRAPPED),
                ColumnFormat("校验码", 68),
            ],
            [
                [str(month.month.period), *source]
                for month in months
                for source in _evidence_files_of(facts, month, month.paper.result.person(person.id))
            ],
        ),
        landscape=False,
        unprinted=1,
    )


def _evidence_files_of(
    facts: PeriodFacts, group: GroupFacts, person: StaffResult
) -> Iterator[tuple[str, str, str]]:
    """What it is, where it lies, and its hash (SHA-256)."""
    result, provenance = group.paper.result, group.revision.provenance
    folder = month_folder(result.group, result.period)
    placed = facts.transaction.placed.under(folder)
    stem = f"{result.group}_{result.period}"
    papers = {
        "个人绩效单": f"绩效单/{safe_file_name(f'{person.id}_{person.name}', '.html')}",
        "通报": safe_file_name(f"{stem}_考核通报", ".docx"),
        "考核结果": safe_file_name(f"{stem}_考核结果", ".xlsx"),
    }
    for what, name in papers.items():
        path = f"{folder}/{name}"
        yield (what, f"outbox/{path}", placed[path]) if path in placed else (what, NOTHING, "")
    scheme = f"{group.scheme.name}第{result.version}版，见同一文件夹的《{_scheme_copy(group)}》"
    yield "考核方案", scheme, provenance.documents.get(RULE_FILE, "")
    yield f"{group.scheme.superior}上报表", "系统存档（state/archive）", provenance.submission
    for kind, name in _KINDS.items():
        if kind in provenance.documents:
            yield name, "系统存档（台账）", provenance.documents[kind]
