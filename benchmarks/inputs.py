"""Filled workbooks by the thousand: the same seed gives the same files, byte for byte.

One workbook of the asked size is made as a manager would make it (our blank, typed into, saved by
openpyxl), with a mark in every cell that differs from shop to shop. A workbook then is that one with
the marks replaced in its XML: openpyxl would need a quarter of a second for each.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from appraisal.admin.demo import FilledMonth, filled_in
from appraisal.period import Period
from appraisal.publish.blank.workbook import blank_workbook
from appraisal.scheme.forms.submission import (
    DUE_DAYS,
    EXPORTED_ON,
    FIRST_SUBMISSION,
    MANAGER,
    PARTICIPATES,
    PARTICIPATION,
    PRESENT_DAYS,
    REVIEW_GIVEN,
    SOURCE_SOFTWARE,
    SUBMISSION_KIND,
    submission_form,
)
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.rulebook import load_rule_file
from appraisal.workspace.settings import Settings

RULES = Path(__file__).parents[1] / "rules" / "online_shop.yaml"
PERIOD = Period(2026, 11)
TODAY = date(2026, 12, 7)
SEED = 20261107

_SHOP = "@@@@"
"""Stands in the mother workbook for the shop's number."""

_MARK = re.compile(rb"<v>7(\d{8})</v>")
"""Stands in the mother workbook for a number that differs: its place in the list of a shop's numbers."""

_FIRST_MARK = 700_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SURNAMES = "张王李赵陈杨周吴徐孙马朱胡林郭何高罗郑梁"
_GIVEN = (
    "敏",
    "思远",
    "晓雯",
    "佳琪",
    "子涵",
    "文博",
    "雨桐",
    "静怡",
    "浩然",
    "梦瑶",
    "志强",
    "丽华",
    "一鸣",
)


@dataclass(frozen=True)
class Mother:
    """The workbook with marks: its parts as bytes, and how many people stand in it."""

    parts: dict[str, bytes]
    staff: int


def drop_workbooks(inbox: Path, *, workbooks: int, staff: int, seed: int = SEED) -> None:
    """Write the workbooks of so many shops, each with so many people, into the inbox."""
    mother = _mother(staff)
    for shop in range(1, workbooks + 1):
        (inbox / f"网店{shop:04}_{PERIOD}_考核上报表.xlsx").write_bytes(workbook(mother, shop, seed))


def workbook(mother: Mother, shop: int, seed: int = SEED) -> bytes:
    """One shop's workbook."""
    numbers = list(_numbers(random.Random(f"{seed}/{shop}"), mother.staff))

    def number(found: re.Match[bytes]) -> bytes:
        return b"<v>%s</v>" % numbers[int(found[1])].encode()

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in mother.parts.items():
            filled = part.replace(_SHOP.encode(), b"%04d" % shop)
            package.writestr(zipfile.ZipInfo(name, _EPOCH), _MARK.sub(number, filled), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _mother(staff: int) -> Mother:
    scheme = load_rule_file(RULES).scheme
    people = [(f"K{_SHOP}{number:03}", _name(number)) for number in range(1, staff + 1)]
    blank = blank_workbook(
        scheme, group=f"网店{_SHOP}", period=PERIOD, staff=people, settings=Settings(), handin=TODAY
    )
    filled = filled_in(blank, submission_form(scheme), _month(scheme, [staff for staff, _ in people]))
    with zipfile.ZipFile(io.BytesIO(filled)) as package:
        return Mother({name: package.read(name) for name in package.namelist()}, staff)


def _name(number: int) -> str:
    turn, surname = divmod(number - 1, len(_SURNAMES))
    again, given = divmod(turn, len(_GIVEN))
    return _SURNAMES[surname] + _GIVEN[given] + (str(again) if again else "")


_FULL_MARKS = (6, 8, 6)
"""Of the three judged indicators, as each reviewer gives them."""

_FIGURES = (
    "接待人数", "询单人数", "询单流失人数", "平均响应时间", "下单人数", "付款人数", "已付款订单数",
    "有效订单数", "订单总金额", "个人月目标", "成功退款金额", "有责投诉数", "责任异常订单数",
)  # fmt: skip


def _month(scheme: Scheme, people: list[str]) -> FilledMonth:
    """What is typed: marks in the order of `_numbers`, and texts that are everybody's."""
    mark = iter(range(_FIRST_MARK, _FIRST_MARK + 1_000_000_000))
    judged = [one.name for one in scheme.judged_by()]
    month = FilledMonth(
        {
            MANAGER: "黄店长",
            SOURCE_SOFTWARE: "赤兔",
            EXPORTED_ON: date(2026, 12, 6),
            SUBMISSION_KIND: FIRST_SUBMISSION,
        },
        {sheet.name: {} for sheet in submission_form(scheme).sheets},
    )
    own, manager = (month.rows[reviewer.sheet_name] for reviewer in scheme.reviewers)
    for person in people:
        figures: dict[str, object] = {name: next(mark) for name in _FIGURES}
        month.rows["考核数据"][person] = {
            PARTICIPATION: PARTICIPATES,
            DUE_DAYS: 22,
            PRESENT_DAYS: 22,
            **figures,
        }
        texts: dict[str, object] = {
            "自评情况": REVIEW_GIVEN,
            "工作任务完成情况": "完成本月目标，跟进大促售后",
        }
        own[person] = texts | {name: next(mark) for name in judged}
        manager[person] = {
            **{name: next(mark) for name in judged},
            "扣分依据": "日报迟交一次",
            "工作能力": "良好",
            "工作协作性": "良好",
            "服务性": "突出",
            "评语": "响应及时，转化稳定，注意核对地址。",
        }
    month.rows["抽访记录"] = {
        person: {
            "抽访日期": date(2026, 11, 12 + at),
            "受访顾客": f"小**{at}",
            "渠道": "旺旺",
            "问题": "对这次咨询的回复是否满意",
            "服务评分": 96 - 4 * at,
            "情况记录": "回复清楚",
        }
        for at, person in enumerate(people[:3])
    }
    return month


def _numbers(chance: random.Random, staff: int) -> Iterator[str]:
    """A shop's figures and marks, person by person; every check of the scheme holds."""
    for _ in range(staff):
        received = chance.randint(800, 1600)
        inquired = received * chance.randint(60, 70) // 100
        lost = inquired * chance.randint(30, 60) // 100
        ordered = inquired - lost
        paid = ordered * chance.randint(82, 97) // 100
        orders = paid + chance.randint(0, 60)
        target = chance.choice((60_000, 80_000, 90_000, 100_000))
        amount = target * chance.randint(60, 115) / 100
        yield from map(str, (received, inquired, lost, chance.randint(180, 640) / 10, ordered, paid, orders))
        yield str(orders * chance.randint(80, 99) // 100)
        yield from map(str, (amount, target, round(amount * chance.randint(1, 12) / 100, 2)))
        yield from map(str, (chance.randint(0, 10), chance.randint(0, 14)))
        for full in (*_FULL_MARKS, *_FULL_MARKS):
            yield str(full - chance.randint(0, 6) / 2)
