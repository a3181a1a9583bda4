"""A full, valid month of the online-shop scheme: as a raw workbook, and as the submission it reads as.

    raw_workbook()                                         12 staff, nothing wrong
    submission(staff=30, group="二店")                      the same month, typed
    raw_workbook(cells={("考核数据", "KF002", "付款人数"): "延迟统计"})
    submission(statuses={"KF012": "试用期"}, absent={"KF003"}, labels={"店铺客单价": None})

`raw_workbook(**options)` read by the intake is equal to `submission(**options)` for the same
options, as long as `cells` and `labels` hold typed values. Person KF001 is the worked example of
the rule file: data points 62, self 6/8/5, manager 5/6/4, 自评合计 81, 店长合计 77, final 78.20.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from appraisal.intake.roster import Roster
from appraisal.intake.submission import Reading, Row, Submission, Table
from appraisal.intake.submission_reader import read_submission
from appraisal.period import Period
from appraisal.scheme.forms.cells import Cell, CellType, Role, SheetForm
from appraisal.scheme.forms.submission import (
    COMMISSION,
    DUE_DAYS,
    EXPLANATION,
    EXPORTED_ON,
    FIRST_SUBMISSION,
    GROUP,
    HAND_IN_BY,
    INSTRUCTIONS,
    MANAGER,
    META,
    PARTICIPATES,
    PARTICIPATION,
    PERIOD,
    PRESENT_DAYS,
    REVIEW_ABSENT,
    REVIEW_GIVEN,
    SOURCE_SOFTWARE,
    STAFF_ID,
    STAFF_NAME,
    SUBMISSION_KIND,
    SubmissionForm,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import Rulebook, load_rule_file
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook, SheetState, cell_name, column_name
from appraisal.xlsx.reader import read_workbook

RULES = Path(__file__).parents[2] / "rules"
FILE, SHA256 = "旗舰店_2026-11_考核上报表.xlsx", "a" * 64
NOVEMBER = Period(2026, 11)

_EXAMPLE = {
    "接待人数": "1200", "询单人数": "800", "询单流失人数": "320", "平均响应时间": "28",
    "下单人数": "480", "付款人数": "432", "已付款订单数": "500", "有效订单数": "480",
    "订单总金额": "86400", "个人月目标": "90000", "成功退款金额": "3456",
    "有责投诉数": "3", "责任异常订单数": "6",
}  # fmt: skip
_EXAMPLE_MARKS = {"自评": ("6", "8", "5"), "店长": ("5", "6", "4")}
_SURNAMES = "张王李赵陈杨周吴徐孙马朱胡林郭何高罗郑梁"
_GIVEN = ("三", "敏", "思远", "晓雯", "佳琪", "子涵", "文博", "雨桐", "静怡", "浩然", "梦瑶", "志强", "丽华")


@cache
def online_shop() -> Scheme:
    """The shipped scheme."""
    return load_rule_file(RULES / "online_shop.yaml").scheme


def rulebook(*schemes: Scheme) -> Rulebook:
    """A rulebook of the given schemes, or of the shipped one alone."""
    return Rulebook(schemes or (online_shop(),))


def staff_id(number: int) -> str:
    """The id of the n-th person, counted from 1: `KF001`."""
    return f"KF{number:03}"


def staff_name(number: int) -> str:
    """The name of the n-th person, counted from 1; no two of the first 5,000 are alike."""
    surname, turn = _SURNAMES[(number - 1) % len(_SURNAMES)], (number - 1) // len(_SURNAMES)
    name = surname + _GIVEN[(number - 1 + turn) % len(_GIVEN)]
    return name if turn == 0 else name + "一二三四五六七八九十"[turn % 10] * (turn // 10 + 1)


@dataclass(frozen=True)
class Filled:
    """What stands in a filled form: labelled cells by name, and each sheet's rows."""

    form: SubmissionForm
    labels: Mapping[str, Any]
    rows: Mapping[str, list[dict[str, Any]]]


def filled(
    *,
    scheme: Scheme | None = None,
    staff: int = 12,
    group: str = "旗舰店",
    period: Period = NOVEMBER,
    labels: Mapping[str, Any] = {},
    cells: Mapping[tuple[str, str, str], Any] = {},
    statuses: Mapping[str, str] = {},
    keep_data: Collection[str] = (),
    absent: Collection[str] = (),
    interviews: int = 2,
) -> Filled:
    """A valid month, then changed as asked.

    `cells` replaces single cells by (sheet, staff id, column), None empties one. `statuses` gives
    people another 参评情况 with a reason, and clears their data and marks unless `keep_data` names
    them. `absent` people's 自评情况 is 逾期未评 and their own marks are blank.
    """
    form = submission_form(scheme or online_shop())
    rows = {sheet.name: _sheet_rows(sheet, staff, interviews) for sheet in form.sheets}
    for sheet in form.sheets:
        for row in rows[sheet.name]:
            person = row[STAFF_ID]
            if person in statuses and person not in keep_data:
                row.update(dict.fromkeys(_data_names(sheet)))
            if person in statuses and PARTICIPATION in row:
                row.update({PARTICIPATION: statuses[person], EXPLANATION: f"{statuses[person]}，本月不参评"})
            if person in absent and sheet.reviewer == "自评":
                row.update(dict.fromkeys(_data_names(sheet)) | {"自评情况": REVIEW_ABSENT})
            row.update(
                {name: value for (at, who, name), value in cells.items() if (at, who) == (sheet.name, person)}
            )
    return Filled(form, _labels(group, period) | dict(labels), rows)


def submission(*, file: str = FILE, sha256: str = SHA256, **options: Any) -> Submission:
    """The month of `filled(**options)` as a well-read workbook."""
    month = filled(**options)
    tables = {}
    for sheet in month.form.sheets:
        columns = {cell.name: column_name(at) for at, cell in enumerate(sheet.columns, 1)}
        tables[sheet.name] = Table(
            sheet.name,
            columns,
            tuple(
                Row(number, {name: _typed(value) for name, value in row.items()})
                for number, row in enumerate(month.rows[sheet.name], first_row(sheet))
            ),
        )
    places = {
        cell.name: (sheet.name, cell_name(*label_position(at)[:1], label_position(at)[1] + 1))
        for sheet in month.form.sheets
        for at, cell in enumerate(sheet.labels)
    }
    return Submission(
        file=file,
        sha256=sha256,
        scheme=month.form.scheme,
        version=month.form.version,
        group=month.labels[GROUP],
        period=month.labels[PERIOD],
        labels={
            cell.name: _typed(month.labels.get(cell.name)) for s in month.form.sheets for cell in s.labels
        },
        label_cells=places,
        tables=tables,
    )


def raw_workbook(**options: Any) -> RawWorkbook:
    """The month of `filled(**options)` as the safe reader hands it over, with all that surrounds it."""
    month = filled(**options)
    return RawWorkbook(
        (
            RawSheet(INSTRUCTIONS, {(1, 1): RawCell(f"{month.form.title} 填写说明")}),
            *(_raw_sheet(sheet, month) for sheet in month.form.sheets),
            meta_sheet(month.form.scheme, month.form.version),
        )
    )


def meta_sheet(scheme: str, version: int, kind: str = "submission") -> RawSheet:
    """The hidden sheet that names the scheme."""
    pairs = {"scheme": scheme, "version": version, "kind": kind}
    cells = {}
    for row, (key, value) in enumerate(pairs.items(), 1):
        cells |= {(row, 1): RawCell(key), (row, 2): RawCell(value)}
    return RawSheet(META, cells, SheetState.VERY_HIDDEN)


def label_position(at: int) -> tuple[int, int]:
    """(row, column) of the at-th label of a sheet, counted from 0; its value stands right of it."""
    return 2 + at // 3, 1 + 3 * (at % 3)


def header_row(sheet: SheetForm) -> int:
    """The row of the headers: below title, labels, a gap and the coloured band."""
    return 4 + -(-len(sheet.labels) // 3)


def first_row(sheet: SheetForm) -> int:
    """The row of the first person: below the headers and the grey line of sources."""
    return header_row(sheet) + 2


# --------------------------------------------------------------------------------- what stands in it


def _labels(group: str, period: Period) -> dict[str, Any]:
    following = period.shifted(1)
    return {
        GROUP: group,
        PERIOD: period,
        HAND_IN_BY: f"{following}-05",
        MANAGER: "黄店长",
        SOURCE_SOFTWARE: "赤兔",
        EXPORTED_ON: date(following.year, following.month, 6),
        SUBMISSION_KIND: FIRST_SUBMISSION,
        "店铺客单价": Decimal(190),
    }


def _data_names(sheet: SheetForm) -> list[str]:
    """Columns that a person who does not take part leaves blank."""
    own = {STAFF_ID, STAFF_NAME, PARTICIPATION, EXPLANATION, DUE_DAYS, PRESENT_DAYS}
    return [cell.name for cell in sheet.columns if cell.name not in own]


def _sheet_rows(sheet: SheetForm, staff: int, interviews: int) -> list[dict[str, Any]]:
    if sheet.role is Role.INTERVIEWS:
        return [_interview(number) for number in range(1, interviews + 1)]
    fill = _data_row if sheet.role is Role.DATA else _review_row
    blank: dict[str, Any] = {cell.name: None for cell in sheet.columns}
    return [
        blank | {STAFF_ID: staff_id(number), STAFF_NAME: staff_name(number)} | fill(sheet, number)
        for number in range(1, staff + 1)
    ]


def _data_row(sheet: SheetForm, number: int) -> dict[str, Any]:
    measured = (
        {name: Decimal(value) for name, value in _EXAMPLE.items()} if number == 1 else _measured(number)
    )
    engine = {
        PARTICIPATION: PARTICIPATES,
        DUE_DAYS: Decimal(22),
        PRESENT_DAYS: Decimal(22 - number % 3),
        COMMISSION: Decimal(1500 + 73 * (number % 17)),
    }
    known = engine | measured
    return {
        cell.name: known.get(cell.name, Decimal(10) if cell.type.is_number else None)
        for cell in sheet.columns
        if cell.name not in {STAFF_ID, STAFF_NAME}
    }


def _measured(number: int) -> dict[str, Decimal]:
    """Figures that differ from person to person and agree with each other, from good to poor."""
    received = 900 + 83 * (number % 9)
    inquired = received * (60 + number % 7) // 100
    lost = inquired * (30 + 5 * (number * 5 % 7)) // 100
    ordered = inquired - lost
    paid = ordered * (80 + number * 3 % 19) // 100
    orders = paid + number % 11
    amount = Decimal(paid * (150 + number * 11 % 90)) + Decimal(number % 100) / 100
    return {
        "接待人数": Decimal(received),
        "询单人数": Decimal(inquired),
        "询单流失人数": Decimal(lost),
        "平均响应时间": Decimal(15 + number * 7 % 50) + Decimal(number % 10) / 10,
        "下单人数": Decimal(ordered),
        "付款人数": Decimal(paid),
        "已付款订单数": Decimal(orders),
        "有效订单数": Decimal(orders * (82 + number * 5 % 18) // 100),
        "订单总金额": amount,
        "个人月目标": Decimal(60000 + 5000 * (number % 5)),
        "成功退款金额": Decimal(int(amount) * (1 + number * 4 % 15) // 100),
        "有责投诉数": Decimal(number * 3 % 13),
        "责任异常订单数": Decimal(number * 2 % 9),
    }


def _review_row(sheet: SheetForm, number: int) -> dict[str, Any]:
    marks = [cell for cell in sheet.columns if cell.type is CellType.MARK]
    row: dict[str, Any] = {}
    for at, cell in enumerate(marks):
        assert cell.high is not None
        if number == 1 and sheet.reviewer in _EXAMPLE_MARKS and at < 3:
            row[cell.name] = Decimal(_EXAMPLE_MARKS[sheet.reviewer][at])
        else:
            modest = Decimal(number * (at + 2) % 5) / 2 + (Decimal("0.5") if sheet.reviewer == "店长" else 0)
            row[cell.name] = max(cell.high - modest, Decimal(0))
    texts = {
        "自评情况": REVIEW_GIVEN,
        "工作任务完成情况": "完成本月目标，跟进大促售后",
        "扣分依据": "11月日报迟交一次",
        "工作能力": "良好",
        "工作协作性": "良好",
        "服务性": "突出",
        "评语": "响应及时，转化稳定，注意核对地址。",
    }
    return row | {cell.name: texts[cell.name] for cell in sheet.columns if cell.name in texts}


def _interview(number: int) -> dict[str, Any]:
    return {
        "抽访日期": date(2026, 11, 9 + number),
        STAFF_ID: staff_id(number),
        "受访顾客": f"小**{number}",
        "渠道": "旺旺",
        "问题": "客服是否说清了退换货的办法",
        "服务评分": Decimal(90 + number),
        "情况记录": "顾客表示满意",
    }


# ----------------------------------------------------------------------------------- how it is laid out


def _typed(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _raw_sheet(sheet: SheetForm, month: Filled) -> RawSheet:
    cells = {(1, 1): RawCell(f"{month.form.title} {sheet.name}")}
    for at, label in enumerate(sheet.labels):
        row, column = label_position(at)
        cells[row, column] = RawCell(label.header)
        _put(cells, (row, column + 1), label, month.labels.get(label.name))
    headers = header_row(sheet)
    for at, column in enumerate(sheet.columns, 1):
        cells[headers, at] = RawCell(column.header)
        if column.band and (at == 1 or sheet.columns[at - 2].band != column.band):
            cells[headers - 1, at] = RawCell(column.band)
        if column.source:
            cells[headers + 1, at] = RawCell(column.source)
        for number, row in enumerate(month.rows[sheet.name], first_row(sheet)):
            _put(cells, (number, at), column, row[column.name])
    return RawSheet(sheet.name, cells, merged=(f"A1:{column_name(len(sheet.columns))}1",))


def _put(cells: dict[tuple[int, int], RawCell], at: tuple[int, int], cell: Cell, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, RawCell):
        cells[at] = value
    elif isinstance(value, Decimal):
        number = int(value) if value == value.to_integral_value() else float(value)
        cells[at] = RawCell(number, "0.00%" if cell.type is CellType.PERCENT else "General")
    elif isinstance(value, Period):
        cells[at] = RawCell(str(value))
    elif isinstance(value, date):
        cells[at] = RawCell(value, "yyyy-mm-dd")
    else:
        cells[at] = RawCell(value)


def read_file(data: bytes, file: str, sha256: str, rulebook: Rulebook, roster: Roster | None) -> Reading:
    """The reading of dropped bytes; `file` and `sha256` are their name and hash. Raises nothing."""
    raw = read_workbook(data)
    if isinstance(raw, tuple):
        return Reading(raw)
    return read_submission(raw, file=file, sha256=sha256, rulebook=rulebook, roster=roster)
