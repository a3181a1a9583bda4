"""A filled month of any shipped scheme, made from the examples in its rule file.

sample("service-agent")              six people, from good to poor, as the submission it reads as
sample_workbook("service-agent")     the same typed into our blank
sample_month("service-agent")        the same scored, after the months before it

Person KF001 is the rule file's own example, worked by hand in tests/scoring/test_worked_examples.py.
What is particular about a sample stands in SPECIAL: each way in which a score is made, limited or
withheld, and each way in which something follows or does not, is in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from appraisal.intake.submission import Submission
from appraisal.publish.excel.package import normalised
from appraisal.publish.month import Month
from appraisal.scheme.forms.cells import CellType, Role
from appraisal.scheme.forms.submission import COMMISSION, EVIDENCE, STAFF_NAME, submission_form
from appraisal.scheme.formula.parse import Comparison, Name, parse
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import FieldType
from appraisal.scheme.rulebook import Rulebook, load_rulebook
from appraisal.scoring.results import History
from tests.builders.months import last_month, month
from tests.builders.submissions import RULES, staff_id, submission
from tests.builders.workbooks import filled_workbook

PEOPLE = 6
Cells = dict[tuple[str, str, str], Any]


@dataclass(frozen=True)
class Special:
    """Changes to a sample: by sheet and person (1 to 6) the cells that are otherwise; who does not take part."""

    rows: Mapping[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    keep_data: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()
    history: History = field(default_factory=History)


_LIKE_FIVE = {
    "接待人数": 1200, "询单人数": 800, "询单流失人数": 400, "平均响应时间": 45, "下单人数": 400, "付款人数": 330,
    "已付款订单数": 380, "有效订单数": 330, "订单总金额": 60000, "个人月目标": 90000, "成功退款金额": 6000,
    "有责投诉数": 9, "责任异常订单数": 8,
}  # fmt: skip
_POOR_REPORTS = {"报表上交及时性": 3, "报表数据真实性": 4, "报表整体质量": 2}
_FOURS = dict.fromkeys(
    ("表达清晰", "倾听与确认", "书面规范", "礼貌用语", "主动服务", "情绪稳定", "一次解决率", "答复准确", "处理时效",
     "突发处理", "升级判断", "工作交接", "跨岗配合", "互相帮助", "培训与考试", "知识更新应用"), 4,
)  # fmt: skip
_LIKE_THE_FIRST = {
    "语言表达": 5, "倾听": 4, "解释": 4, "效率": 5, "准确性": 4, "耐心细心": 4, "真诚关心": 5, "主动跟进": 4,
    EVIDENCE: "语言表达、效率、真诚关心：11月6日、13日、20日会话",
}  # fmt: skip
_TEAMS = ("客服一组", "客服二组", "客服三组", "夜班组", "售后组", "新人组")

SPECIAL: Mapping[str, Special] = {
    # the worked example's own marks; two tied last: the deduction is held; a small sample does not count;
    # one on probation without data is not scored
    "online-shop": Special(
        rows={
            ("自评", 1): {"报表上交及时性": 6, "报表数据真实性": 8, "报表整体质量": 5},
            ("店长评分", 1): {"报表上交及时性": 5, "报表数据真实性": 6, "报表整体质量": 4},
            ("考核数据", 4): {
                "接待人数": 40, "询单人数": 24, "询单流失人数": 9, "下单人数": 15, "付款人数": 14, "已付款订单数": 15,
                "有效订单数": 15, "订单总金额": 2900, "个人月目标": 3000, "成功退款金额": 0, "有责投诉数": 0,
                "责任异常订单数": 0,
            },
            **{("考核数据", who): _LIKE_FIVE for who in (5, 6)},
            **{(sheet, who): _POOR_REPORTS for sheet in ("自评", "店长评分") for who in (5, 6)},
        },
        statuses={"KF002": "试用期"},
    ),
    # whoever did not assess themselves is taken at the manager's mark; the deduction ends at the commission
    "online-shop-extended": Special(
        rows={("考核数据", 6): {COMMISSION: 60}}, absent=frozenset({"KF003"}), history=last_month(PEOPLE)
    ),
    # the worked example; whoever did not assess themselves is taken at the manager's whole total
    "online-shop-focus-split": Special(
        rows={
            ("自评", 1): {"任务完成情况": 95},
            ("店长评分", 1): {
                "报表上交及时性": 5,
                "报表数据真实性": 6,
                "报表整体质量": 4,
                "业务能力": 82,
                "协作配合": 80,
                "服务表现": 84,
            },
        },
        absent=frozenset({"KF002"}),
    ),
    # ones and fives with a record; the last but one reaches 80 and needs no plan
    "competence-six": Special(
        rows={
            **{(sheet, 5): _FOURS | {EVIDENCE: None} for sheet in ("自评", "店长评分")},
            ("自评", 6): dict.fromkeys(_FOURS, 3) | {EVIDENCE: None},
            ("店长评分", 6): dict.fromkeys(_FOURS, 3) | {"情绪稳定": 1, EVIDENCE: "11月8日与顾客争吵，会话已存档"},
            **{
                (sheet, who): _FOURS | {strong: 5, EVIDENCE: f"{strong}：11月{who}日会话"}
                for who, strong in ((2, "倾听与确认"), (3, "工作交接"), (4, "答复准确"))
                for sheet in ("自评", "店长评分")
            },
        }
    ),
    # two tied first, each rewarded; too few ratings, and none at all; a responsible complaint costs two stars
    "competence-three": Special(
        rows={
            ("考核数据", 2): {"评价总数": 120, "满意评价数": 108, "平均评价分": Decimal("4.7")},
            **{(sheet, 2): _LIKE_THE_FIRST for sheet in ("自评", "店长评分")},
            ("考核数据", 5): {"评价总数": 8, "满意评价数": 7, "平均评价分": None},
            ("考核数据", 6): {"有责投诉数": 1},
        }
    ),
    # few complaints are scored by count; the first is rewarded from 85 on, of the bottom two one reaches 85
    "service-agent": Special(
        rows={
            ("考核数据", 2): {"投诉数": 6, "已解决投诉数": 6, "投诉满意数": 5, "投诉解决总天数": 12},
            ("考核数据", 5): {
                "应反馈意见数": 50, "及时反馈意见数": 49, "应传递信息数": 60, "及时传递信息数": 58, "计划回访数": 100,
                "实际回访数": 96, "不实回访数": 1, "投诉数": 11, "已解决投诉数": 11, "投诉解决总天数": 30,
                "投诉满意数": 10, "满意度均分": Decimal("4.5"), "抽查不合格次数": 0,
            },
            ("考核数据", 3): {"应反馈意见数": 48, "及时反馈意见数": 48, "满意度均分": Decimal("4.5"), "抽查不合格次数": 0},
            ("考核数据", 4): {"应反馈意见数": 48, "及时反馈意见数": 48, "应传递信息数": 70, "及时传递信息数": 69,
                          "满意度均分": Decimal("4.5"), "抽查不合格次数": 0, "投诉满意数": 15},
            ("考核数据", 6): {"不实回访数": 6, COMMISSION: 800},
        }
    ),
    # complaints enough for the ratio; last for the third month running: a prompt to HR
    "dealer-agent": Special(
        rows={("考核数据", 3): {"投诉数": 25, "时限内处理数": 24, "已关闭投诉数": 23}},
        history=last_month(PEOPLE, sole_last={"KF006": 2}),
    ),
    # nothing to divide by: does not count; one who changed the group is scored and not ranked
    "service-supervisor": Special(
        rows={
            ("考核数据", 3): {"投诉总数": 0, "已解决投诉数": 0},
            ("考核数据", 5): {"满意度均分": Decimal("4.2"), "质检样本数": 100, "质检合格数": 84, "完成培训场次": 4},
        },
        statuses={"KF006": "当月调动"},
        keep_data=("KF006",),
    ),
    # 加减分 up to its cap lifts a score above 100, and takes five off; all four grades
    "account-manager": Special(
        rows={
            ("考核数据", 2): {
                "收入目标": 200000, "实际收入": 240000, "应回款": 180000, "实际回款": 178000, "上月末客户数": 100,
                "本月末客户数": 106, "流失客户数": 0, "满意度得分": 92, "投诉数": 12, "投诉满意数": 12,
                "客户档案数": 106, "完整档案数": 106,
            },
            ("上级评分", 2): {"加减分": 5, EVIDENCE: "11月12日签下年度框架客户，客户来信表扬"},
            ("考核数据", 5): {"实际收入": 230000, "收入目标": 250000, "本月末客户数": 138, "上月末客户数": 140, "流失客户数": 1},
            ("上级评分", 5): {"加减分": -5, EVIDENCE: "11月20日未经批准报价，同日泄露底价"},
            ("考核数据", 6): {"实际收入": 150000, "实际回款": 220000, "本月末客户数": 140, "流失客户数": 10},
        }
    ),
    # a leak: 59 at most, whatever else was earned; the other department's 1 and 5 with a record
    "customer-records": Special(
        rows={
            ("考核数据", 2): {"资料泄露次数": 1},
            ("协作部门评分", 6): {"部门协作": 1, EVIDENCE: "11月18日迟交客户名单，活动推迟两天"},
        }
    ),
    # teams; a grave complaint: 69 at most; equal scores ordered by 客户满意率; few contacts: complaints by count
    "service-department": Special(
        rows={
            **{
                (sheet, who): {STAFF_NAME: name}
                for sheet in ("考核数据", "上级评分")
                for who, name in enumerate(_TEAMS, 1)
            },
            ("考核数据", 2): {
                "接待人数": 9000, "一次解决数": 7900, "平均响应时间": 28, "评价总数": 1200, "满意评价数": 1132,
                "有责投诉数": 12, "已解决投诉数": 12, "班组销售额": 500000, "班组目标": 520000, "计划回访数": 300,
                "实际回访数": 295, "应训人次": 20, "参训人次": 20, STAFF_NAME: _TEAMS[1],
            },
            ("上级评分", 2): {"报表质量": 5, "加减分": 0, EVIDENCE: None, STAFF_NAME: _TEAMS[1]},
            ("上级评分", 3): {"加减分": 2, EVIDENCE: "售后流程改进被采用", STAFF_NAME: _TEAMS[2]},
            ("考核数据", 4): {"重大投诉数": 1, "满意评价数": 1500, "一次解决数": 11000, STAFF_NAME: _TEAMS[3]},
            ("考核数据", 6): {
                "接待人数": 800, "一次解决数": 640, "有责投诉数": 2, "已解决投诉数": 1, "评价总数": 25, "满意评价数": 20,
                STAFF_NAME: _TEAMS[5],
            },
        }
    ),
}  # fmt: skip


@cache
def shipped_rules() -> Rulebook:
    """Every rule file that comes with the program."""
    return load_rulebook(RULES)


def shipped(scheme: str) -> Scheme:
    found = shipped_rules().latest(scheme)
    assert found is not None
    return found


def sample(scheme: str) -> Submission:
    """The month as a well-read workbook."""
    return submission(**_options(shipped(scheme)))


def sample_workbook(scheme: str) -> bytes:
    """The month typed into our blank and saved as a spreadsheet saves it; the same bytes every time."""
    return normalised(filled_workbook(**_options(shipped(scheme))), created=date(2026, 12, 6))


def sample_month(scheme: str, filled: Submission | None = None) -> Month:
    """The sample scored; the months before it are those of SPECIAL."""
    return month(filled or sample(scheme), scheme=shipped(scheme), history=SPECIAL[scheme].history)


def _options(scheme: Scheme) -> dict[str, Any]:
    special = SPECIAL[scheme.scheme]
    cells: Cells = {}
    for number in range(1, PEOPLE + 1):
        cells |= _figures(scheme, number) | _marks(scheme, number)
    cells = {
        (sheet, who, name): value
        for (sheet, who, name), value in cells.items()
        if (who not in special.statuses or who in special.keep_data)
        and (who not in special.absent or sheet != "自评")
    }
    for (sheet, at), row in special.rows.items():
        cells |= {
            (sheet, staff_id(at), name): Decimal(value) if isinstance(value, int) else value
            for name, value in row.items()
        }
    return {
        "scheme": scheme,
        "staff": PEOPLE,
        "cells": cells,
        "statuses": special.statuses,
        "keep_data": special.keep_data,
        "absent": special.absent,
    }


def _figures(scheme: Scheme, number: int) -> Cells:
    """The examples, a little more of all for each next person, and relatively less of what is the smaller part."""
    cells: Cells = {}
    for sheet, table in scheme.tables.items():
        smaller = {}
        for check in table.checks:
            tree = parse(check.that)
            if isinstance(tree, Comparison) and isinstance(tree.left, Name) and isinstance(tree.right, Name):
                smaller[tree.left.name] = tree.right.name
        values: dict[str, Decimal] = {}
        for one in table.fields:
            example = one.example if one.example is not None else Decimal(10)
            bounded = one.between is not None and one.type is not FieldType.MONEY
            grown = example if bounded else example * (10 + number - 1) / 10
            less = 100 - 3 * (number - 1) if bounded or one.name in smaller else 100
            value = grown * less / 100
            values[one.name] = _as_typed(value, one.type)
        for name, other in smaller.items():
            values[name] = min(values[name], values[other])
        cells |= {(sheet, staff_id(number), name): value for name, value in values.items()}
    return cells


def _as_typed(value: Decimal, kind: FieldType) -> Decimal:
    decimals = {FieldType.COUNT: 0, FieldType.MONEY: 2, FieldType.DURATION: 1}.get(kind, 1)
    return round(value, decimals) if decimals else Decimal(int(value))


def _marks(scheme: Scheme, number: int) -> Cells:
    """Marks from high to low; what needs a record has one, by the name of the indicator."""
    cells: Cells = {}
    for sheet in submission_form(scheme).sheets:
        if sheet.role is not Role.REVIEW:
            continue
        records = []
        for turn, cell in enumerate(one for one in sheet.columns if one.type is CellType.MARK):
            assert cell.low is not None
            assert cell.high is not None
            mark = cell.high - Decimal(number - 1 + turn % 3) * (cell.high - cell.low) / 12
            if cell.low < 0:
                mark = Decimal(2 if number == 2 else -1 if number == 5 else 0)
            mark = round(mark, cell.decimals) if cell.decimals else Decimal(int(mark))
            cells[sheet.name, staff_id(number), cell.name] = mark
            if cell.ordinary is not None and not cell.ordinary[0] <= mark <= cell.ordinary[1]:
                records.append(f"{cell.name}：11月{turn + 1}日的记录")
        if any(cell.name == EVIDENCE for cell in sheet.columns):
            cells[sheet.name, staff_id(number), EVIDENCE] = "；".join(records) or None
    return cells
