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
from appraisal.hr.personal_record import PersonalRecord
from appraisal.hr.personal_workbook import figures_drawn, personal_lists
from appraisal.page.attention import Attention, month_links
from appraisal.page.behaviour import OF_EVERY_PAGE, SCRIPT, STYLE
from appraisal.page.charts import bands_of, distribution_chart, personal_chart, trend_chart
from appraisal.page.month_page import GroupPage, MoneyMonth, MonthFigures, MonthPage, PersonOnPage
from appraisal.processes.executors import Errand, in_flight
from appraisal.publish.excel.listing import NOTHING, Computed, ListSheet, Shown, Value
from appraisal.publish.slips import spark_line
from appraisal.publish.templates.engine import prepared_text
from appraisal.publish.templates.loading import GROUP_PAGE_HTML, HR_PAGE_HTML, PERSON_PAGE_HTML, Templates
from appraisal.publish.wording import full_date
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


def bears(path: Path, made_from: str) -> bool:
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
        one.final for group in page.groups for one in group.people if one.rank and one.final is not None
    ]
    there = [group for group in page.groups if group.people]
    trend, lists = _overall(page.groups), _lists_of_the_month(page)
    return {
        "公司": settings.company,
        "月份": page.period.in_words,
        "截至": page.as_of,
        "需要关注": [_attention(one, "") for one in page.attention],
        "种类": list(dict.fromkeys(one.kind for one in page.attention)),
        "要点": [
            {"名称": "已报送", "数值": f"{len(there)} / {len(page.groups)} 组", "链接": lists["未报送名单"]},
            {"名称": "需要关注", "数值": f"{len(page.attention)} 项", "链接": ""},
            {"名称": "参与排名", "数值": f"{len(finals)} 人", "链接": lists["汇总"]},
            {"名称": "平均得分", "数值": _text(mean_final(finals)), "链接": lists["汇总"]},
        ],
        "考核组": [_group_row(one) for one in page.groups],
        **_charts(trend, finals),
        "人员": [_person(one) | _of_group(group) for group in page.groups for one in group.people],
        "发放": [_money_row(one) for one in reversed(page.money)],
        "整改": _rows("考核组 人员 月份 期限 状态", page.plans),
        "申诉": _rows("考核组 人员 月份 项目 期限 状态", page.appeals),
        "签收": [
            one | {"页面": quote(group_page_name(one["考核组"]))}
            for one in _rows("考核组 月份 应签 已签 拒签 未签", page.acknowledged)
        ],
        "末位": _rows("考核组 人员 连续 得分", page.watched),
        "末位名单": lists["连续末位"],
        "年度表": lists[f"{page.period.year}年度"],
        "文件": [{"名称": name, "链接": link} for name, link in lists.items()],
    }


def _rows(names: str, rows: Iterable[tuple[str, ...]]) -> list[dict[str, str]]:
    return [dict(zip(names.split(), row, strict=True)) for row in rows]


def _money_row(one: MoneyMonth) -> dict[str, str]:
    return {
        "月份": one.paid_in.in_words,
        "笔数": str(one.lines),
        "奖励": f"{one.rewards:,.2f}",
        "扣减": f"{one.deductions:,.2f}",
        "合计": f"{one.rewards + one.deductions:,.2f}",
        "链接": f"发放/{one.paid_in}.xlsx",
    }


def _lists_of_the_month(page: MonthPage) -> dict[str, str]:
    """Where HR's lists of the month lie, those of which there may be none only if there is one, and the year's workbook."""
    names = ["汇总", "奖励与提成调整明细", "整改跟踪", "连续末位", "未报送名单"]
    names += ["申诉登记"] if page.appeals else []
    names += ["签收情况"] if any(one[1] == str(page.period) for one in page.acknowledged) else []
    year = page.period.year
    return {name: f"{page.period}/{name}.xlsx" for name in names} | {f"{year}年度": f"年度/{year}.xlsx"}


def _group_html(group: GroupPage, made_from: str, *, settings: Settings, template: str) -> bytes:
    finals = [one.final for one in group.people if one.rank is not None and one.final is not None]
    names = {
        "公司": settings.company,
        "月份": group.period.in_words,
        "考核组": group.group,
        "状态": group.state,
        "需要关注": [_attention(one, "../") for one in group.attention],
        "要点": [
            {"名称": "状态", "数值": group.state},
            {"名称": "参与排名", "数值": f"{group.now.ranked} / {len(group.people)} 人"},
            {"名称": "平均得分", "数值": _text(group.now.average)},
            {"名称": "较上月", "数值": _signed(group.change)},
        ],
        "人员": [_person(one) | {"绩效单": _slip(group, one)} for one in group.people],
        **_charts(group.trend, finals),
        "文件": _files(group, "../"),
    }
    return prepared_text(GROUP_PAGE_HTML, template).render(names | _of_every_page(made_from)).encode()


def _attention(one: Attention, up: str) -> dict[str, Any]:
    return {
        "种类": one.kind,
        "紧急": one.is_urgent,
        "考核组": one.group or "（未能识别）",
        "内容": one.text,
        "链接": quote(f"{up}{one.link}") if one.link else "",
    }


def _of_group(group: GroupPage) -> dict[str, str]:
    return {"考核组": group.group, "页面": quote(group_page_name(group.group))}


def _group_row(group: GroupPage) -> dict[str, Any]:
    named = Counter(one.name for one in group.people)
    first = [
        f"{one.name}（{one.staff}）" if named[one.name] > 1 else one.name
        for one in group.people
        if one.rank == 1
    ]
    return _of_group(group) | {
        "状态": group.state,
        "参评": f"{group.now.ranked} / {len(group.people)}" if group.people else NOTHING,
        "平均": _text(group.now.average),
        "较上月": _signed(group.change),
        "最高": _text(group.now.highest),
        "最低": _text(group.now.lowest),
        "第一名": "、".join(first) or NOTHING,
        "走势": spark_line([one.average for one in group.trend]),
        "文件": _files(group, ""),
    }


def _files(group: GroupPage, up: str) -> list[dict[str, str]]:
    if not group.people:
        return []
    return [
        {"名称": name, "链接": quote(f"{up}{link}")} for name, link in month_links(group.group, group.period)
    ]


def _slip(group: GroupPage, one: PersonOnPage) -> str:
    folder = f"../../{month_folder(group.group, group.period)}/绩效单"
    return quote(f"{folder}/{safe_file_name(f'{one.staff}_{one.name}', '.html')}")


def _person(one: PersonOnPage) -> dict[str, Any]:
    return {
        "工号": one.staff,
        "姓名": one.name,
        "名次": NOTHING if one.rank is None else str(one.rank),
        "较上月": _places(one.change),
        "较上月数": "" if one.change is None else str(one.change),
        "得分": _text(one.final),
        "走势": spark_line(one.months),
        "结果": one.follows or one.remark or NOTHING,
        "签收": one.signed or NOTHING,
    }


def _charts(trend: Sequence[MonthFigures], finals: Sequence[Decimal]) -> dict[str, Any]:
    """The two charts, each with its figures as rows."""
    bands = bands_of(finals)
    return {
        "走势图": trend_chart(trend) if any(one.average for one in trend) else "",
        "走势": [
            {
                "月份": str(one.period),
                "人数": str(one.ranked),
                "平均": _text(one.average),
                "最高": _text(one.highest),
                "最低": _text(one.lowest),
            }
            for one in trend
            if one.ranked
        ],
        "分布图": distribution_chart(bands) if bands else "",
        "分布": [{"分数段": band, "人数": str(people)} for band, people in bands],
    }


def _overall(groups: Sequence[GroupPage]) -> list[MonthFigures]:
    """All groups together, month by month: everybody's average, the band from the highest to the lowest."""
    return [
        MonthFigures(
            period=of_month[0].period,
            ranked=sum(one.ranked for one in of_month),
            average=mean_of_groups((one.average, one.ranked) for one in of_month),
            highest=max((one.highest for one in of_month if one.highest is not None), default=None),
            lowest=min((one.lowest for one in of_month if one.lowest is not None), default=None),
        )
        for of_month in zip(*(group.trend for group in groups), strict=True)
    ]


def _text(value: Decimal | None) -> str:
    return NOTHING if value is None else str(value)


def _signed(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{value:+}"


def _places(change: int | None) -> str:
    if change is None:
        return NOTHING
    return "持平" if change == 0 else f"↑{change}" if change > 0 else f"↓{-change}"


# ------------------------------------------------------------------------------- a person's record


def personal_page(record: PersonalRecord, settings: Settings, templates: Templates) -> bytes:
    """The page; the same values give the same bytes."""
    months = [f"{one.month.period.year % 100}年{one.month.period.month}月" for one in record.months]
    names: dict[str, Any] = {
        **OF_EVERY_PAGE,
        "公司": settings.company,
        "标题": f"{record.person.in_words}个人绩效档案",
        "走势图": personal_chart(months, figures_drawn(record)) if months else "",
        "表": [_table(one) for one in personal_lists(record)],
    }
    return templates.text(PERSON_PAGE_HTML).render(names).encode()


def _table(sheet: ListSheet) -> dict[str, Any]:
    rows = [*sheet.rows]
    if sheet.rows and sheet.totals:
        rows.append([sheet.totals.get(one.header, "") for one in sheet.columns])
    return {
        "标题": sheet.name,
        "文字": [*sheet.lead, *sheet.notes],
        "列": [_cell(one.header, one.shown) for one in sheet.columns],
        "行": [
            [
                _cell(_as_listed(value, one.shown), one.shown)
                for value, one in zip(row, sheet.columns, strict=True)
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
