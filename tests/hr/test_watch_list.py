"""连续末位.xlsx and the evidence folders: for HR alone, facts and no decision."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl.utils import range_boundaries

from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from tests.builders.schemes import SHOP_TEXT
from tests.builders.submissions import NOVEMBER
from tests.builders.workbooks import opened as opened_workbook
from tests.hr.hr_shop import FLAGSHIP, SECOND, Shop, above, alike, opened, table
from tests.publish.documents import word_lines

NAME = "连续末位.xlsx"
EVIDENCE = "连续末位证据/KF012_朱志强"
SEPTEMBER, OCTOBER, DECEMBER = Period(2026, 9), Period(2026, 10), Period(2026, 12)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with opened(tmp_path) as one:
        yield one


def last_in(shop: Shop, *periods: Period, staff: str = "KF012") -> None:
    for period in periods:
        shop.month(period=period, last=staff)
        shop.issue(period=period)


def test_one_month_is_watched(shop: Shop) -> None:
    last_in(shop, NOVEMBER)
    (row,) = table(shop.documents()[NAME])
    assert (row["考核组"], row["工号"], row["连续月数"]) == (FLAGSHIP, "KF012", 1)
    assert row["各月情况"].startswith("2026-11：第12名（参评12人），")
    assert "请店长了解原因" in row["目前状态"]


def test_before_the_limit_it_says_what_the_next_month_would_bring(shop: Shop) -> None:
    last_in(shop, OCTOBER, NOVEMBER)
    (row,) = table(shop.documents()[NAME])
    assert row["连续月数"] == 2
    assert row["目前状态"] == "已连续2个月，下月仍为末位的将提请人事研究"
    assert [line[:7] for line in row["各月情况"].split("\n")] == ["2026-10", "2026-11"]


def test_at_the_limit_hr_is_asked_and_finds_the_evidence(shop: Shop) -> None:
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    documents = shop.documents()
    (row,) = table(documents[NAME])
    assert row["目前状态"] == "已连续3个月：提请人事研究，调岗须依法与本人协商"
    assert (row["人事裁定"], row["证据文件夹"]) == ("待裁定", f"人事/2026-11/{EVIDENCE}")
    assert f"{EVIDENCE}/证据说明.xlsx" in documents


def test_longest_streaks_come_first(shop: Shop) -> None:
    last_in(shop, NOVEMBER)
    for period in (OCTOBER, NOVEMBER):
        shop.month(SECOND, period, staff=8, last="KF003")
    assert [one["连续月数"] for one in table(shop.documents()[NAME])] == [2, 1]


def test_a_shared_last_place_is_nobodys_and_breaks_the_run(shop: Shop) -> None:
    last_in(shop, SEPTEMBER)
    shop.month(period=OCTOBER, last="KF011", cells=alike("KF012", "KF011", people=12))
    last_in(shop, NOVEMBER)
    assert table(shop.documents(OCTOBER)[NAME])[0]["考核组"] == "目前没有需要关注的人员。"
    assert table(shop.documents()[NAME])[0]["连续月数"] == 1


def test_while_this_month_is_missing_the_list_stands_as_last_month_left_it(shop: Shop) -> None:
    last_in(shop, OCTOBER, NOVEMBER)
    shop.month(SECOND, DECEMBER, staff=8, last="KF003")
    rows = table(shop.documents(DECEMBER)[NAME])
    assert [(one["考核组"], one["连续月数"]) for one in rows] == [(FLAGSHIP, 2), (SECOND, 1)]
    assert rows[0]["目前状态"].startswith("本月尚无结果，暂计至2026-11。")


def test_a_decision_is_told_with_its_reason_and_the_count_restarts(shop: Shop) -> None:
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    shop.decide("KF012", OutcomeType.CONSIDER_TRANSFER, OutcomeDecision.WAIVE)
    documents = shop.documents()
    (row,) = table(documents[NAME])
    assert row["人事裁定"] == "不执行（2026-12-08，人事刘女士：研究决定）"
    assert f"{EVIDENCE}/证据说明.xlsx" in documents
    last_in(shop, DECEMBER)
    assert table(shop.documents(DECEMBER)[NAME])[0]["连续月数"] == 1


def test_a_scheme_without_the_rule_watches_nobody(shop: Shop) -> None:
    text = "\n".join(line for line in SHOP_TEXT.splitlines() if "months running" not in line)
    shop.rules = text
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    documents = shop.documents()
    assert table(documents[NAME])[0]["考核组"] == "目前没有需要关注的人员。"
    assert not [name for name in documents if name.startswith("连续末位证据")]


def test_nobody_is_told_outside_hr(shop: Shop) -> None:
    """The combined notice is for everybody: it never mentions a transfer or a run of months."""
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    shop.month(SECOND, staff=8)
    page = shop.documents()["合并通报.html"].decode()
    assert "朱志强" in page
    assert "调岗" not in page
    assert "连续" not in page


# ---------------------------------------------------------------------------------------- evidence


def test_evidence_shows_the_months_as_published(shop: Shop) -> None:
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    document = shop.documents()[f"{EVIDENCE}/证据说明.xlsx"]
    rows = table(document)[:3]
    assert [(one["考核月份"], one["名次"], one["参评人数"]) for one in rows] == [
        (str(period), 12, 12) for period in (SEPTEMBER, OCTOBER, NOVEMBER)
    ]
    assert rows[0]["通报文号"] == "示例绩通〔2026〕9号"
    assert rows[2]["整改方案"] == "待提交"
    told = above(document)
    assert "2026-09、2026-10、2026-11连续3个月综合排名最后一名" in told
    assert "末位不等于不能胜任工作；调岗须依法与本人协商" in told


def test_evidence_shows_every_indicator_of_every_month(shop: Shop) -> None:
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    rows = {one["指标"]: one for one in table(shop.documents()[f"{EVIDENCE}/证据说明.xlsx"], "分项得分")}
    assert len(rows) == len(shop.scheme.indicators) + 1
    assert (rows["平均响应时间"]["2026-10 实际值"], rows["平均响应时间"]["2026-10 得分"]) == (
        "900.0秒",
        "0.00",
    )
    assert rows["报表整体质量"]["2026-11 得分"] == "自评0.00　店长0.00"
    assert rows["综合得分"]["标准分"] == "100"


def test_evidence_holds_the_scheme_as_a_document_and_says_where_the_rest_lies(shop: Shop) -> None:
    with shop.ledger.writing() as books:
        books.placed.wrote({"旗舰店/2026-10/绩效单/KF012_朱志强.html": "d" * 64})
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    documents = shop.documents()
    scheme = next(name for name in documents if name.startswith(f"{EVIDENCE}/考核方案_"))
    assert any("咨询转化率" in line for line in word_lines(documents[scheme]))
    rows = table(documents[f"{EVIDENCE}/证据说明.xlsx"], "依据与出处")
    told = {(one["考核月份"], one["材料"]): (one["在哪里"], one["校验码"]) for one in rows}
    slip = "outbox/旗舰店/2026-10/绩效单/KF012_朱志强.html"
    assert told["2026-10", "个人绩效单"] == (slip, "d" * 64)
    assert told["2026-11", "个人绩效单"] == ("—", None)
    where, sha256 = told["2026-09", "考核方案"]
    assert where.endswith(f"见同一文件夹的《{scheme.rpartition('/')[2]}》")
    assert sha256 == hashlib.sha256(SHOP_TEXT.encode()).hexdigest()
    assert told["2026-09", "设置文件"] == ("系统存档（台账）", "c" * 64)


def test_what_only_a_program_reads_is_not_printed(shop: Shop) -> None:
    """Hashes of the evidence, and the internal numbers of the list of money."""
    last_in(shop, SEPTEMBER, OCTOBER, NOVEMBER)
    documents = shop.documents()
    for name, sheet, left_out in (
        (f"{EVIDENCE}/证据说明.xlsx", "依据与出处", ["校验码"]),
        ("奖励与提成调整明细.xlsx", "奖励与提成调整明细", ["笔次", "编号"]),
    ):
        page = opened_workbook(documents[name])[sheet]
        headers = list(table(documents[name], sheet)[0])
        _, _, last, _ = range_boundaries(page.print_area.rpartition("!")[2].replace("$", ""))
        assert headers[last:] == left_out


def test_two_people_of_the_same_name_and_number_have_folders_of_their_own(tmp_path: Path) -> None:
    """Without a roster employee numbers are the group's own."""
    with opened(tmp_path) as shop:
        shop.roster = None
        for period in (SEPTEMBER, OCTOBER, NOVEMBER):
            for group in (FLAGSHIP, SECOND):
                shop.month(group, period, last="KF012")
        documents = shop.documents()
    folders = {f"{EVIDENCE}_{group}" for group in (FLAGSHIP, SECOND)}
    assert {
        name.removesuffix("/证据说明.xlsx") for name in documents if name.endswith("证据说明.xlsx")
    } == folders
    assert {one["证据文件夹"] for one in table(documents[NAME])} == {f"人事/2026-11/{one}" for one in folders}
