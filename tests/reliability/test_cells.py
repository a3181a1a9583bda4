"""Cases 41 to 49: what stands in a cell, and where the cell stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.builders.hazards import (
    DATA,
    MANAGER,
    WORKBOOK,
    Month,
    OnePass,
    address,
    good_parts,
    label_address,
    text,
    value,
)

PAID, MARK = "付款人数", "报表数据真实性"
(DAY_STYLE,) = re.findall(rf'<c r="{label_address("导出日期")}" s="(\d+)"', good_parts()[DATA].decode())
"""The style of a cell that holds a day."""


def paid(group: str, element: str) -> bytes:
    """The month with something else in the cell of KF001's 付款人数."""
    return Month(group).cell(PAID, "KF001", element).data()


def mark(group: str, element: str) -> bytes:
    return Month(group).cell(MARK, "KF001", element, MANAGER).data()


def exported(group: str, element: str) -> Month:
    return Month(group).label("导出日期", element)


def header(group: str, old: str, new: str) -> bytes:
    written = "".join(f"&#{ord(mark)};" for mark in old), "".join(f"&#{ord(mark)};" for mark in new)
    return Month(group).put(DATA, f"<t>{written[0]}</t>", f"<t>{written[1]}</t>").data()


OVER_TWO = f'<mergeCell ref="{address(PAID, "KF001")}:{address(PAID, "KF002")}"/>'
REFUSED: Mapping[str, tuple[str, str]] = {
    "NaN": (value("NaN"), "cell.not_a_number"),
    "无穷": (value("INF"), "cell.not_a_number"),
    "太大": (value("1e999"), "cell.not_a_number"),
    "五千位": (value("9" * 5000), "cell.not_a_number"),
    "十六进制": (value("0x5F"), "cell.not_a_number"),
    "逗号小数": (text("95,5"), "cell.not_a_number"),
    "带分": (text("95分"), "cell.not_a_number"),
    "带百分号": (text("95%"), "cell.not_a_number"),
    "负数": (value("-1"), "cell.out_of_range"),
    "小数": (value("431.5"), "cell.not_whole"),
    "真假": (value("1", "b"), "cell.not_a_number"),
    "出错值": (value("#N/A", "e"), "cell.error_value"),
    "除以零": (value("#DIV/0!", "e", formula="1/0"), "cell.error_value"),
    "没算": ('<c r="@"><f>SUM(A1:A2)</f></c>', "cell.formula_without_value"),
    "没算二": ('<c r="@"><f>SUM(A1:A2)</f><v></v></c>', "cell.formula_without_value"),
}
TAKEN: Mapping[str, str] = {
    "文字数": text("432"),
    "带空格": text(" 432 "),
    "全角": text("４３２"),
    "千分位": text("432.0"),
}
DAMAGED: Mapping[str, str] = {
    "串号太大": value("99999", "s"),
    "串号为负": value("-1", "s"),
    "样式太大": value("432", style="99999"),
    "类型不明": value("432", "zz"),
}
DATES: Mapping[str, str] = {
    "一万年": value("2958466", style=DAY_STYLE),
    "负日期": value("-5", style=DAY_STYLE),
    "六十": value("60", style=DAY_STYLE),
    "没有这天": text("2026-02-31"),
}
FILES: Mapping[str, bytes] = {
    **{f"{name}.xlsx": paid(name, element) for name, (element, _) in REFUSED.items()},
    **{f"{name}.xlsx": paid(name, element) for name, element in TAKEN.items()},
    **{f"{name}.xlsx": paid(name, element) for name, element in DAMAGED.items()},
    **{f"{name}.xlsx": exported(name, element).data() for name, element in DATES.items()},
    "对照.xlsx": Month("对照").data(),
    "超分.xlsx": mark("超分", value("99")),
    "两位小数.xlsx": mark("两位小数", value("4.25")),
    "1904.xlsx": exported("一九〇四", value(str(46362 - 1462), style=DAY_STYLE))
    .put(WORKBOOK, "<workbookPr/>", '<workbookPr date1904="1"/>').data(),
    "超长.xlsx": Month("超长").cell("情况说明", "KF001", text("长" * 32_768)).data(),
    "五兆.xlsx": Month("五兆").cell("情况说明", "KF001", text("长" * 1_700_000)).data(),
    "空字符.xlsx": Month("空字符").cell("情况说明", "KF001", text("甲_x0000_乙")).data(),
    "合并.xlsx": Month("合并").put(DATA, "<mergeCells", f"<mergeCells>{OVER_TWO}</mergeCells><mergeCells").data(),
    "改表头.xlsx": header("改表头", "付款人数", "付了钱的"),
    "重表头.xlsx": header("重表头", "接待人数", "付款人数"),
}  # fmt: skip


@pytest.fixture(scope="module")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> OnePass:
    return OnePass.over(tmp_path_factory.mktemp("cells"), FILES)


def refused_as(dropped: OnePass, name: str, code: str, place: str | None = None) -> None:
    """One finding and no other, of this kind, and it names the cell."""
    assert dropped.returned(f"{name}.xlsx") == [code], dropped.said(f"{name}.xlsx")
    assert dropped.places(f"{name}.xlsx") == [place or f"考核数据!{address(PAID, 'KF001')}"]


@pytest.mark.parametrize("name", ["没算", "没算二"])
def test_case_41_a_formula_without_a_value_is_never_a_blank(dropped: OnePass, name: str) -> None:
    refused_as(dropped, name, "cell.formula_without_value")
    assert "Excel" in dropped.said(f"{name}.xlsx")


@pytest.mark.parametrize("name", ["出错值", "除以零"])
def test_case_42_an_error_value_is_never_a_blank(dropped: OnePass, name: str) -> None:
    refused_as(dropped, name, "cell.error_value")


@pytest.mark.parametrize("name", ["NaN", "无穷", "太大", "五千位", "十六进制", "逗号小数"])
def test_case_43_what_is_no_number_never_gets_into_a_total(dropped: OnePass, name: str) -> None:
    """And the manager is told to type a number, with what stands there now."""
    refused_as(dropped, name, "cell.not_a_number")
    assert "应为数字" in dropped.said(f"{name}.xlsx")


class TestCase44:
    """One rule for numbers typed as text: the sign must be certain, a unit must be the column's."""

    @pytest.mark.parametrize("name", TAKEN)
    def test_a_number_typed_as_text_is_that_number(self, dropped: OnePass, name: str) -> None:
        dropped.accepted(f"{name}.xlsx")
        assert dropped.place.result(name)["staff"] == dropped.place.result("对照")["staff"]

    @pytest.mark.parametrize("name", ["带分", "带百分号"])
    def test_another_unit_is_asked_about(self, dropped: OnePass, name: str) -> None:
        refused_as(dropped, name, "cell.not_a_number")


class TestCase45:
    """A number that cannot be meant."""

    @pytest.mark.parametrize("name", ["负数", "小数", "真假"])
    def test_a_count_is_a_whole_number_from_nought(self, dropped: OnePass, name: str) -> None:
        refused_as(dropped, name, REFUSED[name][1])

    @pytest.mark.parametrize(
        ("name", "code"), [("超分", "cell.too_many_points"), ("两位小数", "cell.too_many_decimals")]
    )
    def test_a_mark_lies_within_its_points_with_one_decimal(
        self, dropped: OnePass, name: str, code: str
    ) -> None:
        refused_as(dropped, name, code, f"店长评分!{address(MARK, 'KF001', MANAGER)}")


@pytest.mark.parametrize("name", DAMAGED)
def test_case_46_a_wrong_index_is_damage_and_never_another_persons_value(dropped: OnePass, name: str) -> None:
    refused_as(dropped, name, "workbook.corrupt")


class TestCase47:
    """Days."""

    def test_the_date_system_of_1904_is_understood(self, dropped: OnePass) -> None:
        dropped.accepted("1904.xlsx")

    @pytest.mark.parametrize("name", DATES)
    def test_a_day_that_does_not_exist_names_its_cell(self, dropped: OnePass, name: str) -> None:
        """The year 10000, a negative day, 1900-02-29, 2026-02-31."""
        refused_as(dropped, name, "cell.not_a_date", f"考核数据!{label_address('导出日期')}")


@pytest.mark.parametrize(
    ("name", "code"), [("超长", "cell.too_long"), ("五兆", "cell.too_long"), ("空字符", "cell.unreadable")]
)
def test_case_48_a_text_that_cannot_be_kept_whole_is_told_and_not_cut(
    dropped: OnePass, name: str, code: str
) -> None:
    refused_as(dropped, name, code, f"考核数据!{address('情况说明', 'KF001')}")


class TestCase49:
    """Cells merged, headers changed."""

    def test_a_merge_over_people_is_named(self, dropped: OnePass) -> None:
        refused_as(dropped, "合并", "cell.merged")

    def test_a_header_that_was_renamed_is_missed_by_name(self, dropped: OnePass) -> None:
        refused_as(dropped, "改表头", "header.missing", "考核数据")
        assert "付款人数" in dropped.said("改表头.xlsx")

    def test_a_header_that_comes_twice_is_named_and_so_is_the_one_it_replaced(self, dropped: OnePass) -> None:
        assert dropped.returned("重表头.xlsx") == ["header.missing", "header.duplicate"]
        assert dropped.places("重表头.xlsx") == ["考核数据", f"考核数据!{address(PAID, 'KF001')[0]}7"]
        assert "缺少“接待人数”" in dropped.said("重表头.xlsx")
        assert "表头“付款人数”出现了不止一次" in dropped.said("重表头.xlsx")


def test_every_file_had_one_verdict(dropped: OnePass) -> None:
    assert sorted(one.file for one in dropped.report.files) == sorted(FILES)
