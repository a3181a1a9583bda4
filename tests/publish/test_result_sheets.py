"""What each sheet of the result workbook says, and how it is made to be read and printed."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO

import pytest

from appraisal.findings.finding import finding
from appraisal.intake.submission import Tidied
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book
from appraisal.publish.month import Month
from appraisal.publish.result.workbook import result_workbook
from appraisal.scoring.outcomes import Issue
from tests.builders.months import corrected, last_month, month
from tests.builders.schemes import changed, month_of_finals, one_mark_scheme, one_mark_text, scheme_of
from tests.builders.submissions import staff_id, submission
from tests.builders.workbooks import opened
from tests.publish.result_cells import Place, column, find, formulas, stored

SHEETS = ["综合排名", "结果运用", "分项得分", "近月走势", "评分标准", "考核数据", "数据核对说明"]


@cache
def ordinary() -> bytes:
    """Twelve people with a last month; one does not take part, one self-review is missing."""
    return result_workbook(
        month(statuses={"KF005": "入职不满一个月"}, absent={"KF003"}, history=last_month(12))
    )


@cache
def cells() -> dict[Place, object]:
    return stored(ordinary())


def texts(workbook: bytes, sheet: str) -> list[str]:
    """Every text of a sheet, row by row."""
    return [value for (at, _), value in stored(workbook).items() if at == sheet and isinstance(value, str)]


def part(workbook: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(workbook)) as package:
        return package.read(name).decode("utf-8")


def parts(workbook: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(workbook)) as package:
        return {name: package.read(name).decode("utf-8") for name in package.namelist()}


def sheet_xml(workbook: bytes, sheet: str) -> str:
    return part(workbook, f"xl/worksheets/sheet{SHEETS.index(sheet) + 1}.xml")


# -------------------------------------------------------------------------------- the workbook


def test_the_sheets_stand_in_the_agreed_order():
    """People find ranking first and evidence last; nothing is hidden."""
    book = opened(ordinary())
    assert book.sheetnames == SHEETS
    assert {sheet.sheet_state for sheet in book} == {"visible"}


def test_the_same_month_gives_the_same_bytes():
    """A published workbook can be made again, byte for byte."""
    assert result_workbook(month(staff=4)) == result_workbook(month(staff=4))


def test_formulas_use_only_what_excel_2010_knows():
    """Every version of Excel and WPS in an office opens the workbook and can calculate it."""
    known = [
        "AND",
        "AVERAGE",
        "AVERAGEIF",
        "COUNT",
        "COUNTIF",
        "COUNTIFS",
        "IF",
        "IFERROR",
        "INDEX",
        "ISNUMBER",
        "LEFT",
        "MATCH",
        "MAX",
        "MID",
        "MIN",
        "N",
        "NOT",
        "OR",
        "ROUND",
        "ROWS",
        "SUM",
        "SUMIF",
        "SUMPRODUCT",
    ]
    for workbook in (ordinary(), result_workbook(month(scheme=dense_and_broken()))):
        for formula in [*formulas(workbook).values(), *conditions(workbook)]:
            code = re.sub(r'"[^"]*"', '""', formula)
            assert set(re.findall(r"([A-Z][A-Z0-9.]*)\(", code)) <= set(known), formula
            assert len(formula) < 8192
            assert all(len(text) <= 255 for text in re.findall(r'"([^"]*)"', formula))
        assert not re.search(r'_xlfn|<f t="array"|cm="', "".join(parts(workbook).values()))


def dense_and_broken():
    return scheme_of(
        changed(("{ties: competition,", "{ties: dense, break_by: [报表整体质量, 平均响应时间],"))
    )


def conditions(workbook: bytes) -> list[str]:
    """The formulas of conditional formats."""
    return [
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        for xml in parts(workbook).values()
        for text in re.findall(r"<formula>([^<]*)</formula>", xml)
    ]


@pytest.mark.parametrize("name", ["=1+1", "A&B <1>", "{{7*7}}", "@SUM(A1)", "-2+3", "http://example.com"])
def test_no_text_of_people_turns_into_anything_else(name: str):
    """A name is shown as it is, never calculated, linked or interpreted."""
    renamed = {(sheet, "KF001", "姓名"): name for sheet in ("考核数据", "自评", "店长评分")}
    workbook = result_workbook(month(cells=renamed, staff=4))
    held = stored(workbook)
    assert held["考核数据", "B6"] == held["分项得分", "B6"] == name
    assert name in column(held, "综合排名", "B", 9, 12)
    assert ("考核数据", "B6") not in formulas(workbook)
    assert "<hyperlink" not in sheet_xml(workbook, "考核数据")


def test_commission_appears_nowhere():
    """当月提成 stays between the person, the manager and finance."""
    paid = {("考核数据", staff_id(at), "当月提成"): Decimal("4321.98") for at in range(1, 13)}
    everything = "".join(parts(result_workbook(month(cells=paid))).values())
    assert "4321.98" not in everything
    assert "当月提成" not in texts(ordinary(), "考核数据")


def test_no_word_that_the_company_must_not_use():
    """The workbook speaks of adjustments, never of fines."""
    everything = "".join(parts(ordinary()).values())
    assert not re.search("罚款|处罚|末位淘汰", everything)


# ------------------------------------------------------------------------------------ 综合排名


def test_the_heading_says_whose_result_it_is():
    """Group, month, revision, date of issue and scheme stand on top."""
    assert cells()["综合排名", "A1"] == "旗舰店　2026年11月绩效考核结果"
    facts = str(cells()["综合排名", "A2"])
    for fact in (
        "考核组：旗舰店",
        "考核月份：2026-11",
        "第1版",
        "2026年12月3日（星期四）",
        "网店客服组月度绩效考核（第1版）",
    ):
        assert fact in facts


def test_a_correction_and_a_trial_run_say_so():
    """Nobody takes a correction for the first paper, or a trial run for a real one."""
    again = stored(result_workbook(corrected(month(staff=4), month(staff=4))))
    assert "第2版·更正" in str(again["综合排名", "A2"])
    rehearsal = stored(result_workbook(month(staff=4, issue=Issue(date(2026, 12, 3), is_trial=True))))
    assert str(rehearsal["综合排名", "A1"]).endswith("（试运行）")


def test_the_table_lists_the_ranked_and_below_them_the_others():
    """Highest first; who is not ranked stands last with the reason."""
    headers = [cells().get(("综合排名", f"{letter}8")) for letter in "ABCDEFGHIJK"]
    assert headers == [
        "名次", "姓名", "工号", "综合得分", "自评\n合计", "店长\n合计", "服务类", "管理类", "较上月\n名次", "结果", "备注",
    ]  # fmt: skip
    finals = column(cells(), "综合排名", "D", 9, 19)
    assert finals == sorted(finals, reverse=True)
    assert column(cells(), "综合排名", "A", 9, 20) == [*range(1, 12), "—"]
    assert cells()["综合排名", "K20"] == "不参与排名：入职不满一个月。"
    assert "自评逾期未评，按店长评分计。" in column(cells(), "综合排名", "K", 9, 19)


def test_the_worked_example_reads_as_on_paper():
    """KF001: 81.00 × 30% + 77.00 × 70% = 78.20, of which 62 from data."""
    row = [cells()["综合排名", f"{letter}9"] for letter in "ABCDEFGH"]
    assert row == [1, "张三", "KF001", 78.2, 81, 77, 62, 16.2]


def test_results_are_told_in_brief():
    """First and last two read what follows for them; a thought about transfer is not on this sheet."""
    follows = column(cells(), "综合排名", "J", 9, 19)
    assert follows[0] == "奖励100元"
    assert follows[-2] == "12月10日前交整改方案"
    assert follows[-1] == "提成调整−100元；12月10日前交整改方案"
    assert set(follows[1:-2]) == {None}
    streak = month(history=last_month(12, sole_last={"KF011": 2}))
    shown = stored(result_workbook(streak))
    assert not any("调岗" in str(text) for text in column(shown, "综合排名", "J", 9, 20))
    assert any("调岗" in text for text in texts(result_workbook(streak), "结果运用"))


def test_a_rule_without_a_clause_is_worded_as_in_every_paper():
    """A grade follows from the score and not from a place."""
    rules = """
  minimum: 3
  rules:
    - {when: grade A, do: reward, amount: 200}
    - {when: last 3 months running, do: consider_transfer}
"""
    graded = "grades: [{name: A, from: 90}, {name: B}]\n"
    scheme = scheme_of(f"{one_mark_text(outcomes=rules)}{graded}")
    said = texts(
        result_workbook(month(month_of_finals("95", "80", "70", scheme=scheme), scheme=scheme)), "评分标准"
    )
    assert "综合得分等级为A，奖励200元。" in said
    assert "连续3个月综合排名最后一名，提请人事研究，调岗须依法与本人协商。" in said


def test_key_figures_and_the_sentence_how_the_score_is_made():
    """Six figures, and one sentence that a reader can check."""
    labels = {
        cell: value for (sheet, cell), value in cells().items() if sheet == "综合排名" and cell[1:] == "4"
    }
    figures = {label: cells()["综合排名", f"{cell[0]}5"] for cell, label in labels.items()}
    assert figures == {
        "应参评": 12, "实际参评": 11, "平均得分": 64.93, "最高": 78.2, "最低": 46.45, "平均与上月比": -6.27,
    }  # fmt: skip
    assert cells()["综合排名", "A6"] == (
        "综合得分＝自评合计×30%＋店长合计×70%。数据指标各考核人相同，"
        "差别只在报表上交及时性、报表数据真实性、报表整体质量。"
        "较上月名次按参评人数折算（上月12人，本月11人）。"
    )


def test_the_change_on_last_month_is_a_number_that_reads_as_an_arrow():
    """↑2 is two places better; the cell stays a number."""
    book = opened(ordinary(), data_only=True)
    cell = book["综合排名"]["I9"]
    assert cell.value == 5
    assert cell.number_format == '"↑"0;"↓"0;"持平"'
    assert stored(result_workbook(month(staff=4)))["综合排名", "I9"] == "—"


def test_the_ranking_looks_like_a_finished_page():
    """Data bars, both charts, frozen panes, no grid lines, A4, a line to sign on."""
    xml = sheet_xml(ordinary(), "综合排名")
    assert 'showGridLines="0"' in xml
    assert "<dataBar>" in xml
    assert 'paperSize="9"' in xml
    assert "<pageSetUpPr fitToPage=" in xml
    assert '<pane xSplit="2" ySplit="8"' in xml
    assert "<oddFooter>" in xml
    assert len([name for name in parts(ordinary()) if name.startswith("xl/charts/chart")]) == 3
    for who in ("制表", "店长", "人事", "批准"):
        assert any(text.startswith(f"{who}：") for text in texts(ordinary(), "综合排名"))


# -------------------------------------------------------------------------------- other sheets


def test_outcomes_are_listed_with_clause_deadline_and_state():
    """One line per person and matter, with sign, date and weekday."""
    lines = [[cells().get(("结果运用", f"{letter}{row}")) for letter in "BCDEFH"] for row in range(5, 9)]
    assert lines == [
        ["KF001", "奖励", 100, "—", "综合排名第一名，奖励100元", "执行"],
        ["KF011", "提成调整", -100, "—", "综合排名最后一名，当月提成减少100元", "执行"],
        ["KF004", "整改方案", "—", "2026年12月10日（星期四）前", "综合排名后两名，通报下发后一周内提交整改方案", "执行"],
        ["KF011", "整改方案", "—", "2026年12月10日（星期四）前", "综合排名后两名，通报下发后一周内提交整改方案", "执行"],
    ]  # fmt: skip


def test_a_provisional_deadline_keeps_its_bracket_on_one_line():
    draft = stored(result_workbook(replace(month(), is_draft=True)))
    assert column(draft, "结果运用", "E", 7, 8) == ["2026年12月10日\n（星期四，暂定）前"] * 2


def test_a_month_without_outcomes_says_why():
    """Too few people: no line, one sentence."""
    said = texts(result_workbook(month(staff=3)), "结果运用")
    assert any("少于4人" in text for text in said)


def test_a_tie_for_money_is_shown_as_held():
    """Two first places: both are listed, to be decided."""
    scheme = one_mark_scheme()
    tied = stored(result_workbook(month(month_of_finals("90", "90", "70", "60"), scheme=scheme)))
    assert column(tied, "结果运用", "H", 5, 6) == ["待研究确定", "待研究确定"]


def test_points_stand_under_category_indicator_and_full_points():
    """Three header rows; data items show value and points, marks each reviewer."""
    at = cells()
    assert at["分项得分", "C3"] == "服务类 · 旺旺沟通"
    assert (at["分项得分", "C4"], at["分项得分", "C5"], at["分项得分", "D5"]) == ("咨询转化率", "实际值", 16)
    assert (at["分项得分", "W5"], at["分项得分", "X5"]) == ("自评/6", 6)
    assert [at["分项得分", f"{letter}6"] for letter in "CDWX"] == [0.54, 12, 6, 5]
    assert str(at["分项得分", "A18"]).startswith("组平均")


def test_the_item_that_cost_most_is_shaded_for_each_person():
    """One conditional format per indicator, by the points lost."""
    assert sheet_xml(ordinary(), "分项得分").count("<conditionalFormatting") == 13


def test_filters_and_panes_where_people_look_things_up():
    """分项得分 and 考核数据 can be filtered, and keep headers and names in sight."""
    for sheet in ("分项得分", "考核数据"):
        xml = sheet_xml(ordinary(), sheet)
        assert "<autoFilter " in xml
        assert '<pane xSplit="2" ySplit="5"' in xml


def test_computed_sheets_are_protected_and_the_others_are_free_to_try():
    """Nobody types over a formula; whoever wants to try another rule may."""
    protected = [name for name in SHEETS if "<sheetProtection " in sheet_xml(ordinary(), name)]
    assert protected == ["综合排名", "分项得分", "近月走势"]


def test_the_trend_shows_every_month_that_is_known():
    """Last month's score and rank as issued beside this month's, a sparkline each, and one chart."""
    at = cells()
    assert [at["近月走势", f"{letter}6"] for letter in "ACDFG"] == ["KF001", 70, 78.2, 6, 1]
    assert sheet_xml(ordinary(), "近月走势").count("<x14:sparkline>") == 12
    first = result_workbook(month(staff=4))
    assert any("首次考核" in text for text in texts(first, "近月走势"))
    assert "sparkline" not in sheet_xml(first, "近月走势")


def test_the_standard_holds_every_number_that_counts():
    """Thresholds with their sign in the format, points, weights, limits: each alone in a cell."""
    sheet = opened(ordinary())["评分标准"]
    assert [(sheet.cell(5, at).value, sheet.cell(6, at).value) for at in (7, 8, 13)] == [
        (0.6, 16),
        (0.55, 14),
        ("其他", 0),
    ]
    assert sheet["G5"].number_format == '"≥"0.00%'
    assert sheet["F5"].value == 30
    said = " ".join(texts(ordinary(), "评分标准"))
    for words in (
        "付款人数 ÷ 询单人数",
        "6分起评，每迟交1个报表日减1分",
        "逾期未评的，按店长评分计",
        "（1、2、2、4）",
        "少于4人",
    ):
        assert words in said


def test_the_data_stand_as_they_were_read():
    """Figures, marks and remarks of every person, and what the group shares."""
    at = cells()
    assert at["考核数据", "E3"] == 190
    assert [at["考核数据", f"{letter}6"] for letter in "ABCFG"] == ["KF001", "张三", "参评", 1200, 800]
    assert "入职不满一个月，本月不参评" in column(at, "考核数据", "S", 6, 17)
    assert find(at, "考核数据", "11月日报迟交一次")
    assert find(at, "考核数据", "全组合计")


def test_the_notes_say_what_was_tidied_doubted_and_left_out():
    """Every change of a typed value, every warning, every item that was not judged, and the interviews."""
    filled = replace(
        submission(
            statuses={"KF005": "试用期"}, cells={("考核数据", "KF003", "询单人数"): Decimal(20)}, interviews=3
        ),
        tidied=(Tidied("考核数据", "G7", "１２００", "1200"),),
        warnings=(finding("data.zero_for_unknown", sheet="考核数据", cell="Q8", name="有责投诉数"),),
    )
    said = texts(result_workbook(month(filled)), "数据核对说明")
    for words in (
        "１２００",
        "“有责投诉数”整列都是 0。",
        "样本太少（询单人数20，不足30）",
        "全部指标",
        "没有考核数据",
        "93",
    ):
        assert words in said
    nothing = texts(result_workbook(month(interviews=0)), "数据核对说明")
    assert nothing.count("没有。") == 3
    assert "本月没有抽访记录。" in nothing


def test_the_font_is_ours_everywhere():
    """A Chinese font with a fallback on every machine, in cells and charts."""
    styles = part(ordinary(), "xl/styles.xml")
    assert set(re.findall(r'<name val="([^"]+)"/>', styles)) == {theme.SHEET_FONT}
    for name, xml in parts(ordinary()).items():
        if name.startswith("xl/charts/"):
            assert set(re.findall(r'typeface="([^"]+)"', xml)) == {theme.SHEET_FONT}


def large(people: int) -> Month:
    return month(staff=people, history=last_month(people))


def test_one_formula_text_a_column_serves_any_number_of_people():
    """The bytes grow with the people, not faster: nothing in the workbook is quadratic."""
    small, big = (len("".join(parts(result_workbook(large(people))).values())) for people in (100, 400))
    assert big < 4 * small


def test_a_large_workbook_put_together_on_disk_is_the_same():
    """Where the sheets wait until they are packed makes no difference to the bytes."""

    def packed(*, on_disk: bool) -> bytes:
        book = Book(on_disk=on_disk)
        book.sheet("甲").write_string(0, 0, "=1+1", book.style(bold=True))
        return book.finished(created=date(2026, 12, 3))

    assert packed(on_disk=True) == packed(on_disk=False)
