"""A sample workspace: three months of one group, and in the last a second group with a faulty workbook.

The workbooks are the blank ones that managers get, filled in with openpyxl as by hand.
"""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from appraisal.intake.hr_acts import Act
from appraisal.period import Period
from appraisal.pipeline.context import open_context
from appraisal.pipeline.hr_acts import perform
from appraisal.pipeline.reports import PassReport
from appraisal.pipeline.run import no_progress, run_once
from appraisal.pipeline.setup import load_setup
from appraisal.pipeline.workbooks import Progress
from appraisal.publish.blank.workbook import blank_file_name, blank_workbook
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import (
    COMMISSION,
    DUE_DAYS,
    EXPLANATION,
    EXPORTED_ON,
    FIRST_SUBMISSION,
    MANAGER,
    PARTICIPATES,
    PARTICIPATION,
    PRESENT_DAYS,
    REVIEW_ABSENT,
    REVIEW_GIVEN,
    SOURCE_SOFTWARE,
    STAFF_ID,
    SUBMISSION_KIND,
    SubmissionForm,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import load_rulebook
from appraisal.scoring.deadlines import hand_in_by
from appraisal.workspace.paths import PROGRAM_FOLDER, Workspace, WorkspaceError
from appraisal.workspace.settings import Settings

if TYPE_CHECKING:
    from openpyxl import Workbook

DEMO_DAY = date(2026, 12, 7)
DEMO_PERIOD = Period(2026, 11)
DEMO_GROUP = "旗舰店"
EARLIER = ((Period(2026, 9), date(2026, 10, 13)), (Period(2026, 10), date(2026, 11, 6)))
"""The flagship's months before, and the days on which their notices went out."""
_SCHEME = "online-shop"

_SETTINGS = """\
# 示例设置：请换成本公司的名称。
company = "星河网络科技有限公司"
signature = "星河网络科技有限公司人事行政部"
policy = "《网店客服组月度绩效考核办法》"
appeals_to = "人事行政部 李经理"
"""

# 姓名、接待、询单、流失率%、响应秒、下单→付款%、有效%、完成率%、退款%、投诉、异常：像真的一个月那样有高有低
_FLAGSHIP = """
张晓雯 1210 806 36 24.5 95.1 97.2 104 2.8 0 2
李思远 1185 792 38 27.3 93.8 96.5 99 3.1 2 3
王佳琪 1342 901 41 29.6 92.4 95.8 101 4.4 3 4
陈子涵 1098 735 39 22.8 94.2 97.8 96 2.5 1 1
刘文博 1260 840 44 33.1 90.6 94.9 88 5.2 4 6
赵雨桐 1175 781 40 26.4 91.7 95.1 92 3.9 2 4
孙静怡 1304 866 47 38.9 88.3 93.6 83 6.4 6 7
周浩然 1022 688 37 25.2 93.1 96.9 97 3.3 1 2
吴梦瑶 1150 770 52 44.7 86.9 91.8 74 8.8 8 11
郑志强 1236 828 58 52.3 83.4 89.7 66 10.6 12 15
何丽华 1189 795 42 28.8 91.2 95.5 94 4.1 3 5
林俊杰 310 208 45 35.0 89.0 94.0 82 5.0 1 2
"""
_OUTLET = """
高雅婷 980 655 39 26.1 93.0 96.2 98 3.4 1 2
马天宇 1015 676 43 30.4 91.1 95.0 91 4.6 3 4
朱婉清 942 630 41 27.9 92.2 95.7 95 3.8 2 3
胡一鸣 1003 667 49 41.2 87.6 92.4 79 7.5 6 8
郭诗涵 968 644 46 36.8 89.4 93.9 85 5.9 4 6
罗嘉豪 951 632 40 29.0 91.9 95.3 93 4.2 2 3
"""


@dataclass
class FilledMonth:
    """What a manager types: labelled cells, and rows by sheet name and staff id."""

    labels: dict[str, object]
    rows: dict[str, dict[str, dict[str, object]]] = field(default_factory=dict)


def lay_out_demo(workspace: Workspace) -> None:
    """Write the two filled workbooks of the last month into the inbox."""
    scheme = _scheme(DEMO_PERIOD)
    flagship, outlet = _people(_FLAGSHIP, "KF"), _people(_OUTLET, "ZM")
    month = _month(scheme, flagship, manager="苏婉")
    joined_late = list(flagship)[-1]
    month.rows["考核数据"][joined_late] |= {
        PARTICIPATION: "入职不满一个月",
        EXPLANATION: "11月16日入职",
    }
    absent = list(flagship)[-2]
    marks = [indicator.name for indicator in scheme.judged_by()]
    month.rows["自评"][absent] |= {"自评情况": REVIEW_ABSENT} | dict.fromkeys(marks)
    _drop(workspace, scheme, "旗舰店", flagship, month, DEMO_PERIOD)

    faulty = _month(scheme, outlet, manager="沈一凡")
    first, second, third, fourth = list(outlet)[:4]
    faulty.rows["考核数据"][first]["付款人数"] = "延迟统计"
    faulty.rows["考核数据"][second]["平均响应时间"] = 0.4
    faulty.rows["考核数据"][third]["有责投诉数"] = None
    faulty.rows["考核数据"][fourth]["有效订单数"] = 9999
    faulty.rows["店长评分"][second]["报表数据真实性"] = 9
    _drop(workspace, scheme, "专卖店", outlet, faulty, DEMO_PERIOD)


def begin_demo(workspace: Workspace, progress: Progress = no_progress) -> None:
    """All but the last pass: the earlier months are issued, the last month's workbooks lie in the inbox.

    Raises WorkspaceError for a folder in which something else lies.
    """
    root, settings = workspace.root, workspace.root / "settings.toml"
    is_a_demo = settings.exists() and settings.read_bytes() == _SETTINGS.encode()
    if not is_a_demo and root.exists() and any(root.iterdir()):
        raise WorkspaceError(f"{root} 里已经有文件，示例不会建在里面。请写一个新的文件夹，例如：demo 示例。")
    workspace.made()
    settings.write_text(_SETTINGS, "utf-8")
    (root / "roster.csv").write_text(_roster(), "utf-8-sig", newline="")
    setup = load_setup(workspace)
    for period, day in EARLIER:
        lay_out_earlier(workspace, period)
        run_once(workspace, setup, today=day, progress=progress)
        act = Act(
            kind=ActKind.ISSUE, period=period, group=DEMO_GROUP, on=day, by="李经理", reason="通报已经审定"
        )
        with open_context(workspace, setup, today=day) as context:
            perform(context, act)
    lay_out_demo(workspace)


def last_pass(workspace: Workspace, progress: Progress = no_progress) -> PassReport:
    """The pass of the demo's day."""
    return run_once(workspace, load_setup(workspace), today=DEMO_DAY, progress=progress)


def lay_out_earlier(workspace: Workspace, period: Period) -> None:
    """The flagship's workbook of a month before: the same people but for the newcomer, other figures."""
    scheme = _scheme(period)
    people = dict(list(_people(_FLAGSHIP, "KF").items())[:-1])
    earlier = {
        staff: _before(index, line, period.month) for index, (staff, line) in enumerate(people.items())
    }
    month = _month(scheme, earlier, manager="苏婉", period=period)
    _drop(workspace, scheme, "旗舰店", earlier, month, period)


def _scheme(period: Period) -> Scheme:
    scheme = load_rulebook(PROGRAM_FOLDER / "rules").in_force(_SCHEME, period)
    assert scheme is not None
    return scheme


def _before(index: int, line: list[str], month: int) -> list[str]:
    """A person's line as it was some months before: a little up or down, but nobody below the last."""
    swing = (index * 5 + month * 3) % 7 - 3
    name, received, inquired, lost, seconds, paid, valid, reached, *rest = line
    if int(lost) > 55:
        swing = 0
    return [
        name,
        str(int(received) + 31 * swing),
        str(int(inquired) + 22 * swing),
        str(int(lost) - swing),
        f"{float(seconds) - 1.7 * swing:.1f}",
        paid,
        valid,
        str(int(reached) + 2 * swing),
        *rest,
    ]


def _people(table: str, prefix: str) -> dict[str, list[str]]:
    lines = [line.split() for line in table.split("\n") if line]
    return {f"{prefix}{number:03}": line for number, line in enumerate(lines, start=1)}


def _roster() -> str:
    groups = {"旗舰店": _people(_FLAGSHIP, "KF"), "专卖店": _people(_OUTLET, "ZM")}
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(["工号", "姓名", "考核组", "考核方案", "入职日期", "岗位"])
    for group, people in groups.items():
        for staff, (name, *_) in people.items():
            joined = (
                "2026-11-16" if name == "林俊杰" else f"202{len(staff) % 3 + 3}-0{int(staff[2:]) % 9 + 1}-11"
            )
            write.writerow([staff, name, group, _SCHEME, joined, "客服专员"])
    return out.getvalue()


def _month(
    scheme: Scheme, people: Mapping[str, list[str]], *, manager: str, period: Period = DEMO_PERIOD
) -> FilledMonth:
    month = FilledMonth(
        {
            MANAGER: manager,
            SOURCE_SOFTWARE: "赤兔",
            EXPORTED_ON: period.shifted(1).first_day.replace(day=6),
            SUBMISSION_KIND: FIRST_SUBMISSION,
        }
    )
    month.rows["考核数据"] = {
        staff: _figures(index, line) for index, (staff, line) in enumerate(people.items())
    }
    for reviewer in scheme.reviewers:
        month.rows[reviewer.sheet_name] = {
            staff: _review(scheme, reviewer.name, index, line)
            for index, (staff, line) in enumerate(people.items())
        }
    month.rows["抽访记录"] = {
        staff: {
            "抽访日期": period.first_day.replace(day=12 + index),
            "受访顾客": f"小**{index + 3}",
            "渠道": ("旺旺", "电话", "短信")[index % 3],
            "问题": "对这次咨询的回复是否满意",
            "服务评分": 96 - 4 * index,
            "情况记录": "回复清楚，会再来" if index < 2 else "等了一会儿才有人回",
        }
        for index, staff in enumerate(list(people)[:3])
    }
    return month


def _figures(index: int, line: list[str]) -> dict[str, object]:
    received, inquired = int(line[1]), int(line[2])
    lost = round(inquired * int(line[3]) / 100)
    ordered = inquired - lost
    paid = round(ordered * float(line[5]) / 100)
    orders = paid + 20 + 3 * index
    target = 90000 if received > 500 else 24000
    amount = Decimal(target * int(line[7])) / 100 + Decimal(index * 37) / 4
    return {
        PARTICIPATION: PARTICIPATES,
        DUE_DAYS: 22,
        PRESENT_DAYS: 22 - index % 3,
        "接待人数": received,
        "询单人数": inquired,
        "询单流失人数": lost,
        "平均响应时间": float(line[4]),
        "下单人数": ordered,
        "付款人数": paid,
        "已付款订单数": orders,
        "有效订单数": round(orders * float(line[6]) / 100),
        "订单总金额": float(amount),
        "个人月目标": target,
        "成功退款金额": float(round(amount * Decimal(line[8]) / 100, 2)),
        "有责投诉数": int(line[9]),
        "责任异常订单数": int(line[10]),
        COMMISSION: 1200 + 90 * ((index * 7) % 11) if index % 4 else None,
    }


def _review(scheme: Scheme, reviewer: str, index: int, line: list[str]) -> dict[str, object]:
    careless = min(int(line[9]) // 4, 3)
    strict = reviewer != "自评"
    marks = {
        indicator.name: float(
            max(
                indicator.points - careless * Decimal("0.5") * (turn + 1) - strict * Decimal(turn) / 2,
                Decimal(0),
            )
        )
        for turn, indicator in enumerate(scheme.judged_by())
    }
    if not strict:
        tasks = (
            "完成本月目标，跟进了大促后的售后" if int(line[7]) >= 90 else "目标没有完成，主要差在大促后一周"
        )
        return {"自评情况": REVIEW_GIVEN, "工作任务完成情况": tasks, **marks}
    grade = ("突出", "良好", "一般", "待提升")[min(careless, 3)]
    return {
        **marks,
        "扣分依据": "日报迟交，两处订单号登记有误"
        if careless > 1
        else ("周报缺一项分析" if careless else None),
        "工作能力": grade,
        "工作协作性": "良好" if index % 3 else "突出",
        "服务性": grade,
        "评语": "响应快，成交稳，请继续保持。"
        if careless == 0
        else "先把响应时间降下来，投诉要当天跟进到底。",
    }


def _drop(
    workspace: Workspace,
    scheme: Scheme,
    group: str,
    people: Mapping[str, list[str]],
    month: FilledMonth,
    period: Period,
) -> None:
    """The group's blank, filled in, lies in the inbox as if it had come an hour ago."""
    blank = blank_workbook(
        scheme,
        group=group,
        period=period,
        staff=tuple((staff, line[0]) for staff, line in people.items()),
        settings=Settings(),
        handin=hand_in_by(period, Settings()),
    )
    path = workspace.inbox / blank_file_name(scheme, group, period)
    path.write_bytes(filled_in(blank, submission_form(scheme), month))
    hour_ago = time.time() - 3600
    os.utime(path, (hour_ago, hour_ago))


def filled_in(blank: bytes, form: SubmissionForm, month: FilledMonth) -> bytes:
    """The blank workbook with the month typed into its cells, saved by openpyxl."""
    import openpyxl  # noqa: PLC0415 - only samples need it

    workbook, saved = openpyxl.load_workbook(io.BytesIO(blank)), io.BytesIO()
    type_in(workbook, form, month)
    workbook.save(saved)
    return saved.getvalue()


def type_in(workbook: Workbook, form: SubmissionForm, month: FilledMonth) -> None:
    """Type the month into the cells of the blank workbook."""
    for sheet in form.sheets:
        cells: Any = workbook[sheet.name]  # openpyxl's stubs do not know that a cell takes a value
        filled = (cell for row in cells.iter_rows(max_row=40) for cell in row if cell.value)
        places = {str(cell.value).replace("\n", ""): cell for cell in filled}
        for label in sheet.labels:
            if label.name in month.labels:
                cell = places[label.header]
                cells.cell(cell.row, cell.column + 1).value = month.labels[label.name]
        columns = {column.name: places[column.header] for column in sheet.columns}
        for row, values in _rows(cells, columns[STAFF_ID], month.rows.get(sheet.name, {})):
            for name, value in values.items():
                cell = cells.cell(row, columns[name].column)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with = is no formula


def _rows(
    cells: Any, header: Any, rows: Mapping[str, dict[str, object]]
) -> Iterator[tuple[int, dict[str, object]]]:
    """The worksheet row of each person: where the id stands, else the next empty row."""
    known = {
        str(cells.cell(row, header.column).value): row
        for row in range(header.row + 1, cells.max_row + 1)
        if cells.cell(row, header.column).value
    }
    empty = header.row + 2 if not known else max(known.values()) + 1
    for staff, values in rows.items():
        if staff in known:
            yield known[staff], values
        else:
            yield empty, {STAFF_ID: staff, **values}
            empty += 1
