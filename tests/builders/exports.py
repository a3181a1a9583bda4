"""Exports of shop software as files, each in the manner of its software.

csv_export(tmp_path / "x.csv", CHITU, encoding="gb18030")     rows of texts as a text table
xlsx_export(tmp_path / "x.xlsx", JINGDONG, merged=("B2:C2",)) rows of values as a workbook
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

Rows = Sequence[Sequence[Any]]

ROSTER = """工号,姓名,考核组,考核方案,入职日期,账号
KF001,张三,旗舰店,online-shop,2024-01-01,旗舰店:小美、jd_xiaomei、pdd8123:小美
KF002,李四,旗舰店,online-shop,2024-01-01,旗舰店:阿强、pdd8123:阿强
KF003,王五,旗舰店,online-shop,2024-01-01,旗舰店:小王、pdd8123:小王
KF004,孙七,旗舰店,online-shop,2024-01-01,旗舰店:小孙、pdd8123:小孙
KF009,赵六,专卖店,online-shop,2024-01-01,专卖店:小赵
"""

CHITU: Rows = (
    ("旗舰店客服绩效报表",),
    ("统计周期：2026-11-01 至 2026-11-30",),
    (
        "旺旺昵称", "接待人数", "询单人数", "询单流失人数", "平均响应(s)", "询单→最终下单人数", "询单→最终付款人数",
        "付款订单数", "有效订单数", "客服销售额", "成功退款金额", "客单价",
    ),
    ("旗舰店:小美", "1200", "800", "320", "28", "480", "432", "500", "480", "￥86,400.00", "3456", "200"),
    ("旗舰店:阿强", "1,100", "700", "300", "35秒", "400", "350", "400", "390", "6.5万", "2000", "186"),
    ("旗舰店:小王", "１０００", "600", "250", "41", "350", "300", "330", "320", "60000", "1800", "200"),
    ("旗舰店:小孙", "900", "500", "200", "1分5秒", "300", "260", "280", "270", "48000", "1500", "185"),
    ("合计", "4200", "2600", "1070", "-", "1530", "1342", "1510", "1460", "259400", "8756", "-"),
    ("同行同层均值", "1000", "600", "250", "30", "400", "350", "400", "390", "60000", "2000", "171"),
)  # fmt: skip
"""赤兔 and 生意参谋: titles, sub-account names, 合计 and 同行 rows, units in cells."""

JINGDONG: Rows = (
    ("京东客服管家", None, None, None, None),
    ("客服", "咨询", None, "服务指标", "出库"),
    ("客服", "接待量", "询单人数", "平均响应时长(秒)", "出库人数"),
    ("jd_xiaomei", 300, 200, 20.5, 90),
    ("汇总值", 300, 200, 20.5, 90),
)
"""京东: a head of two rows, partly merged."""

PINDUODUO: Rows = (
    ("客服账号", "人工接待人数", "询单人数", "平均人工响应时长（分钟）", "最终成团人数"),
    ("旗舰店:小美", 100, 80, 0.5, 40),
)
"""拼多多: minutes."""

TARGETS: Rows = (
    ("工号", "姓名", "月目标", "责任投诉数", "异常订单数"),
    ("KF001", "张三", "90000", "3", "6"),
    ("KF002", "李四", "80000", "0", "2"),
    ("KF003", "王 五", "70000", "1", "0"),
    ("4", "孙七", "60000", "0", "1"),
)
"""What no software exports, in a table of the shop's own."""


ACCOUNTS = ("旗舰店:小美", "旗舰店:阿强", "旗舰店:小王", "旗舰店:小孙")

_DAY = ("100", "60", "20", "45.00%", "28", "40", "36", "45", "40", "2,880.50", "96.00", "80.01")
_DAY_OFF = ("-",) * len(_DAY)

SHENGYI: Rows = (
    ("【生意参谋】服务洞察-客服绩效明细",),
    ("统计日期：2026-11-01 ~ 2026-11-30", "", "导出时间：2026-12-06 09:30:11"),
    (),
    (
        "统计日期", "客服昵称", "接待人数", "询单人数", "询单流失人数", "询单→最终付款转化率", "平均响应时长(秒)",
        "询单→最终下单人数", "询单→最终付款人数", "付款订单数", "有效订单数", "客服销售额(元)", "成功退款金额(元)", "客单价(元)",
    ),
    *(
        (f"2026-11-{day:02}", account, *(_DAY_OFF if (day + at) % 7 == 0 else _DAY))
        for day in range(1, 31)
        for at, account in enumerate(ACCOUNTS)
    ),
    ("汇总", "-", "10400"),
    ("同行同层均值", "-", "80"),
    ("同行同层优秀", "-", "120"),
)  # fmt: skip
"""生意参谋: a row for each day and account, days off as `-`, more columns than anybody wants."""

JINGDONG_SHOP: Rows = (
    ("京麦 客服管家 - 客服数据",),
    ("时间：2026年11月",),
    ("客服", None, "接待", None, "满意度", None, "销售", None),
    ("客服PIN", "客服姓名", "接待量", "平均响应时间", "满意率", "评价量", "促成下单人数", "出库人数"),
    ("jd_xiaomei", "小美", 3000, "00:00:28", 0.98, 20, 1000, 900),
    ("jd_aqiang", "李四", "2,900", "1分8秒", "98%", 20, "900", "800"),
    ("jd_xiaowang", "王 五", "2800", "35秒", "-", "-", "800", "700"),
    ("jd_xiaosun", "孙七", "2700", 41, "暂无数据", 0, "700", "600"),
    ("合计", "", 11400, "", "", "", "", ""),
)

PINDUODUO_SHOP: Rows = (
    (
        "客服账号",
        "咨询人数",
        "人工接待人数",
        "3分钟人工回复率",
        "平均人工响应时长（分钟）",
        "询单人数",
        "最终成团人数",
        "客服销售额(元)",
    ),
    *(
        (
            f"{account.replace('旗舰店', 'pdd8123')}",
            "3,200",
            "3,000",
            "99.1%",
            "0.50",
            "2,000",
            "900",
            "123,456.60",
        )
        for account in ACCOUNTS
    ),
    ("总计", "12,800", "12,000", "-", "-", "8,000", "3,600", "493,826.40"),
)

REST = {
    "接待人数": 3000, "询单人数": 2000, "询单流失人数": 700, "平均响应时间": 30, "下单人数": 1000, "付款人数": 600,
    "已付款订单数": 1350, "有效订单数": 1200, "订单总金额": 90000, "个人月目标": 85000, "成功退款金额": 2900, "有责投诉数": 1,
    "责任异常订单数": 2,
}  # fmt: skip
"""A figure for each field, for a table of what the software did not tell."""


def rest_of(*told: str) -> Rows:
    """The shop's own table with all fields but those that the software tells."""
    fields = [name for name in REST if name not in told]
    people = [("KF001", "张三"), ("KF002", "李四"), ("KF003", "王五"), ("KF004", "孙七")]
    return [("工号", "姓名", *fields), *((*one, *(REST[name] for name in fields)) for one in people)]


def replaced(rows: Rows, row: int, column: int, value: Any) -> list[list[Any]]:
    """The rows with one cell changed; both count from 0."""
    copied = [list(one) for one in rows]
    copied[row][column] = value
    return copied


def csv_export(path: Path, rows: Rows, *, encoding: str = "utf-8-sig", separator: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def xlsx_export(path: Path, rows: Rows, *, merged: Sequence[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)
    return path
