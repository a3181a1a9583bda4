"""The pages as HTML: `人事/index.html` and `人事/页面/<组>.html` of the values that `month_page` read, 个人绩效档案.html of a record.

A page of the month is made anew only where something that it says has changed: it bears a hash of what it was made from.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from appraisal import __version__
from appraisal.hr.person import PersonalRecord
from appraisal.hr.personal_workbook import figures_drawn, personal_lists
from appraisal.page.appearance import OF_EVERY_PAGE, SCRIPT, STYLE
from appraisal.page.attention import Attention, month_links
from appraisal.page.charts import bands_of, distribution_chart, personal_chart, trend_chart
from appraisal.page.month_page import GroupPage, MoneyMonth, MonthFigures, MonthPage, PersonOnPage
from appraisal.processes.executors import Errand, in_flight
from appraisal.publish.excel.listing import NOTHING, Computed, ListSheet, Shown, Value
from appraisal.publish.slips import spark_line
from appraisal.publish.templates.engine import prepared_text
from appraisal.publish.templates.loading import GROUP_PAGE_HTML, HR_PAGE_HTML, PERSON_PAGE_HTML, Templates
from appraisal.publish.wording import full_date, rank_change_in_brief
from appraisal.scoring.final_score import mean_final, mean_of_groups
from appraisal.workspace.names import month_folder, safe_file_name
from appraisal.workspace.settings import Settings

INDEX = "index.html"
GROUP_PAGES = "页面"

_NOT_WORTH_THE_WAY = 8
"""Up to so many pages are made here: a worker has to load what draws them."""


def hr_pages(
    page: MonthPage,
    settings: Settings,
    templates: Templates,
    *,
    is_current: Callable[[str, str], bool],
    executor: Executor | None = None,
) -> Iterator[tuple[str, bytes]]:
    """The pages that are not what they should be, by their name below `人事/`, the index last.

    `is_current(name, hash)` says whether the page of this name is there and bears this hash.
    """
    due: list[tuple[str, GroupPage, str]] = []
    for group in page.groups:
        name, made_from = (
            group_page_name(group.group),
            _hash_of(group, settings, templates.texts[GROUP_PAGE_HTML]),
        )
        if not is_current(name, made_from):
            due.append((name, group, made_from))
    if len(due) <= _NOT_WORTH_THE_WAY:
        executor = None
    write = partial(_group_html, settings=settings, template=templates.texts[GROUP_PAGE_HTML])
    errands = [Errand(executor, write, group, made_from) for _, group, made_from in due]
    for (name, _, _), errand in zip(due, in_flight(iter(errands), executor), strict=True):
        yield name, errand.result()
    made_from = _hash_of(page, settings, templates.texts[HR_PAGE_HTML])
    if not is_current(INDEX, made_from):
        names = _index_names(page, settings) | _of_every_page(made_from)
        yield INDEX, templates.text(HR_PAGE_HTML).render(names).encode()


def group_page_name(group: str) -> str:
    """Below `人事/`."""
    return f"{GROUP_PAGES}/{safe_file_name(group, '.html')}"


def is_up_to_date(path: Path, made_from: str) -> bool:
    """Whether the page is there and was made from values of this hash."""
    try:
        with path.open("rb") as file:
            return _mark_of(made_from).encode() in file.read(_HEAD)
    except OSError:
        return False


_HEAD = 1000
"""Bytes of a page in which its mark stands."""


def _mark_of(made_from: str) -> Markup:
    return Markup('<meta name="made-from" content="{}">').format(made_from)


def _hash_of(values: GroupPage | MonthPage, settings: Settings, template: str) -> str:
    said = (__version__, values, settings.company, template, STYLE, SCRIPT)
    return hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()


def _of_every_page(made_from: str) -> dict[str, Any]:
    return {**OF_EVERY_PAGE, "标记": _mark_of(made_from)}


def _index_names(page: MonthPage, settings: Settings) -> dict[str, Any]:
    finals = [
        person.final
        for group in page.groups
        for person in group.people
        if person.rank and person.final is not None
    ]
    there = [group for group in page.groups if group.people]
    trend, lists = _overall(page.groups), _lists_of_the_month(page)
    return {
        "公司": settings.company,
        "月份": page.period.in_words,
        "截至": page.as_of,
        "需要关注": [_attention(matter, "") for matter in page.attention],
        "种类": list(dict.fromkeys(matter.kind for matter in page.attention)),
        "要点": [
            {"名称": "已报送", "数值": f"{len(there)} / {len(page.groups)} 组", "链接": lists["未报送名单"]},
            {"名称": "需要关注", "数值": f"{len(page.attention)} 项", "链接": ""},
            {"名称": "参与排名", "数值": f"{len(finals)} 人", "链接": lists["汇总"]},
            {"名称": "平均得分", "数值": _text(mean_final(finals)), "链接": lists["汇总"]},
        ],
        "考核组": [_group_row(group) for group in page.groups],
        **_charts(trend, finals),
        "人员": [_person(person) | _of_group(group) for group in page.groups for person in group.people],
        "发放": [_money_row(month) for month in reversed(page.money)],
        "整改": _rows("考核组 人员 月份 期限 状态", page.plans),
        "申诉": _rows("考核组 人员 月份 项目 期限 状态", page.appeals),
        "签收": [
            row | {"页面": quote(group_page_name(row["考核组"]))}
            for row in _rows("考核组 月份 应签 已签 拒签 未签", page.acknowledged)
        ],
        "末位": _rows("考核组 人员 连续 得分", page.watched),
        "末位名单": lists["连续末位"],
        "年度表": lists[f"{page.period.year}年度"],
        "文件": [{"名称": name, "链接": link} for name, link in lists.items()],
    }


def _rows(names: str, rows: Iterable[tuple[str, ...]]) -> list[dict[str, str]]:
    return [dict(zip(names.split(), row, strict=True)) for row in rows]


def _money_row(month: MoneyMonth) -> dict[str, str]:
    return {
        "月份": month.paid_in.in_words,
        "笔数": str(month.lines),
        "奖励": f"{month.rewards:,.2f}",
        "扣减": f"{month.deductions:,.2f}",
        "合计": f"{month.rewards + month.deductions:,.2f}",
        "链接": f"发放/{month.paid_in}.xlsx",
    }


def _lists_of_the_month(page: MonthPage) -> dict[str, str]:
    """Where HR's lists of the month lie, those of which there may be none only if there is one, and the year's workbook."""
    names = ["汇总", "奖励与提成调整明细", "整改跟踪", "连续末位", "未报送名单"]
    names += ["申诉登记"] if page.appeals else []
    names += ["签收情况"] if any(row[1] == str(page.period) for row in page.acknowledged) else []
    year = page.period.year
    return {name: f"{page.period}/{name}.xlsx" for name in names} | {f"{year}年度": f"年度/{year}.xlsx"}


def _group_html(group: GroupPage, made_from: str, *, settings: Settings, template: str) -> bytes:
    finals = [person.final for person in group.people if person.rank is not None and person.final is not None]
    names = {
        "公司": settings.company,
        "月份": group.period.in_words,
        "考核组": group.group,
        "状态": group.state,
        "需要关注": [_attention(matter, "../") for matter in group.attention],
        "要点": [
            {"名称": "状态", "数值": group.state},
            {"名称": "参与排名", "数值": f"{group.now.ranked} / {len(group.people)} 人"},
            {"名称": "平均得分", "数值": _text(group.now.average)},
            {"名称": "较上月", "数值": _signed(group.change)},
        ],
        "人员": [_person(person) | {"绩效单": _slip(group, person)} for person in group.people],
        **_charts(group.trend, finals),
        "文件": _files(group, "../"),
    }
    return prepared_text(GROUP_PAGE_HTML, template).render(names | _of_every_page(made_from)).encode()


def _attention(matter: Attention, up: str) -> dict[str, Any]:
    return {
        "种类": matter.kind,
        "紧急": matter.is_urgent,
        "考核组": matter.group or "（未能识别）",
        "内容": matter.text,
        "链接": quote(f"{up}{matter.link}") if matter.link else "",
    }


def _of_group(group: GroupPage) -> dict[str, str]:
    return {"考核组": group.group, "页面": quote(group_page_name(group.group))}


def _group_row(group: GroupPage) -> dict[str, Any]:
    named = Counter(person.name for person in group.people)
    first = [
        f"{person.name}（{person.staff}）" if named[person.name] > 1 else person.name
        for person in group.people
        if person.rank == 1
    ]
    return _of_group(group) | {
        "状态": group.state,
        "参评": f"{group.now.ranked} / {len(group.people)}" if group.people else NOTHING,
        "平均": _text(group.now.average),
        "较上月": _signed(group.change),
        "最高": _text(group.now.highest),
        "最低": _text(group.now.lowest),
        "第一名": "、".join(first) or NOTHING,
        "走势": spark_line([month.average for month in group.trend]),
        "文件": _files(group, ""),
    }


def _files(group: GroupPage, up: str) -> list[dict[str, str]]:
    if not group.people:
        return []
    return [
        {"名称": name, "链接": quote(f"{up}{link}")} for name, link in month_links(group.group, group.period)
    ]


def _slip(group: GroupPage, person: PersonOnPage) -> str:
    folder = f"../../{month_folder(group.group, group.period)}/绩效单"
    return quote(f"{folder}/{safe_file_name(f'{person.staff}_{person.name}', '.html')}")


def _person(person: PersonOnPage) -> dict[str, Any]:
    return {
        "工号": person.staff,
        "姓名": person.name,
        "名次": NOTHING if person.rank is None else str(person.rank),
        "较上月": rank_change_in_brief(person.change),
        "较上月数": "" if person.change is None else str(person.change),
        "得分": _text(person.final),
        "走势": spark_line(person.months),
        "结果": person.follows or person.remark or NOTHING,
        "签收": person.signed or NOTHING,
    }


def _charts(trend: Sequence[MonthFigures], finals: Sequence[Decimal]) -> dict[str, Any]:
    """The two charts, each with its figures as rows."""
    bands = bands_of(finals)
    return {
        "走势图": trend_chart(trend) if any(month.average for month in trend) else "",
        "走势": [
            {
                "月份": str(month.period),
                "人数": str(month.ranked),
                "平均": _text(month.average),
                "最高": _text(month.highest),
                "最低": _text(month.lowest),
            }
            for month in trend
            if month.ranked
        ],
        "分布图": distribution_chart(bands) if bands else "",
        "分布": [{"分数段": band, "人数": str(people)} for band, people in bands],
    }


def _overall(groups: Sequence[GroupPage]) -> list[MonthFigures]:
    """All groups together, month by month: everybody's average, the band from the highest to the lowest."""
    return [
        MonthFigures(
            period=of_month[0].period,
            ranked=sum(figures.ranked for figures in of_month),
            average=mean_of_groups((figures.average, figures.ranked) for figures in of_month),
            highest=max(
                (figures.highest for figures in of_month if figures.highest is not None), default=None
            ),
            lowest=min((figures.lowest for figures in of_month if figures.lowest is not None), default=None),
        )
        for of_month in zip(*(group.trend for group in groups), strict=True)
    ]


def _text(value: Decimal | None) -> str:
    return NOTHING if value is None else str(value)


def _signed(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{value:+}"


# ------------------------------------------------------------------------------- a person's record


def personal_page(record: PersonalRecord, settings: Settings, templates: Templates) -> bytes:
    """The page; the same values give the same bytes."""
    months = [f"{month.month.period.year % 100}年{month.month.period.month}月" for month in record.months]
    names: dict[str, Any] = {
        **OF_EVERY_PAGE,
        "公司": settings.company,
        "标题": f"{record.person.in_words}个人绩效档案",
        "走势图": personal_chart(months, figures_drawn(record)) if months else "",
        "表": [_table(sheet) for sheet in personal_lists(record)],
    }
    return templates.text(PERSON_PAGE_HTML).render(names).encode()


def _table(sheet: ListSheet) -> dict[str, Any]:
    rows = [*sheet.rows]
    if sheet.rows and sheet.totals:
        rows.append([sheet.totals.get(column.header, "") for column in sheet.columns])
    return {
        "标题": sheet.name,
        "文字": [*sheet.lead, *sheet.notes],
        "列": [_cell(column.header, column.shown) for column in sheet.columns],
        "行": [
            [
                _cell(_as_listed(value, column.shown), column.shown)
                for value, column in zip(row, sheet.columns, strict=True)
            ]
            for row in rows
        ],
        "没有": sheet.empty,
    }


def _cell(text: str, shown: Shown) -> Mapping[str, object]:
    return {"文字": text, "是数": shown in {Shown.COUNT, Shown.SCORE, Shown.MONEY}}


def _as_listed(value: Value, shown: Shown) -> str:
    """As the column of the workbook shows it."""
    if isinstance(value, Computed):
        value = value.value
    if value is None:
        return NOTHING
    if isinstance(value, date):
        return full_date(value) if shown is Shown.DEADLINE else str(value)
    if shown is Shown.MONEY and isinstance(value, Decimal):
        return f"{value:+,.2f}".replace("-", "−") if value else "0.00"
    return str(value)
