"""What a slip tells its owner, and that it tells nothing of anybody else."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from appraisal.publish.month import Month
from appraisal.publish.slips import SlipWriter, slips
from appraisal.publish.templates.loading import SLIP_HTML, examples
from appraisal.publish.wording import outcome_in_brief
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import round_half_up
from appraisal.scoring.outcomes import Issue
from tests.builders.months import ISSUED, last_month, month
from tests.builders.schemes import month_of_finals, one_mark_scheme
from tests.builders.submissions import online_shop, staff_name
from tests.publish.documents import html_lines, shipped, word_lines


def lines_of(one: Month, staff: str = "KF001") -> list[str]:
    return html_lines(slips(one, shipped()).pages[staff].decode())


def finals(*scores: str, **options: object) -> Month:
    """A month in which the n-th person has the n-th score."""
    scheme = options.pop("scheme", None) or one_mark_scheme()
    return month(month_of_finals(*scores, scheme=scheme), scheme=scheme, **options)  # type: ignore[arg-type]


def row_of(lines: list[str], indicator: str, length: int) -> list[str]:
    """The cells from an indicator's name on."""
    at = lines.index(indicator)
    return lines[at : at + length]


def test_head_shows_person_score_place_mean_and_change():
    """Who, which month, and the four figures that people look for first."""
    text = "".join(lines_of(month(history=last_month(12), posts={"KF001": "客服专员"})))
    for expected in ("姓名张三", "工号KF001", "岗位客服专员", "考核组旗舰店", "月份2026年11月", "版次第1版"):
        assert expected in text
    for expected in (
        "综合得分78.20",
        "名次（参评12人）第1名",
        "组平均65.55",
        "较上月（上月12人中第6名）↑5",
    ):
        assert expected in text


def test_the_last_six_months_stand_in_one_line_and_are_drawn_from_the_second_month_on():
    """A month without a score is a gap; a first month says nothing of months before it."""
    one = month(history=last_month(12, sole_last={"KF001": 2}))
    before = one.history.people["KF001"]
    two_months_ago = before[0]._replace(final=Decimal("69.10"))
    one = replace(one, history=replace(one.history, people={"KF001": (two_months_ago,)}))
    written = slips(one, shipped())
    assert "近月得分9月 69.10　10月 —　11月 78.20" in html_lines(written.pages["KF001"].decode())
    assert "近月得分　9月 69.10　10月 —　11月 78.20" in word_lines(written.collection)
    assert '<svg class="spark"' in written.pages["KF001"].decode()
    assert '<svg class="spark"' not in written.pages["KF002"].decode()


def test_every_data_point_is_explained():
    """How the value came about, where it stands, the points, and what the next band takes."""
    lines = lines_of(month())
    assert row_of(lines, "咨询转化率", 6) == [
        "咨询转化率", "16", "付款人数432 ÷ 询单人数800 = 54.00%", "≥50.00%", "12", "再多8人付款，可得14分",
    ]  # fmt: skip
    assert row_of(lines, "平均响应时间", 5) == ["平均响应时间", "10", "平均响应时间28.0秒", "≤30.0秒", "8"]


def test_marks_are_shown_by_reviewer_with_what_was_written():
    """Judged items: each reviewer's mark; below, the account, the grounds and the remark."""
    lines = lines_of(month())
    assert row_of(lines, "报表上交及时性", 3) == ["报表上交及时性", "6", "自评6分，店长5分"]
    assert row_of(lines, "扣分依据", 2) == ["扣分依据", "11月日报迟交一次"]
    assert row_of(lines, "工作任务完成情况", 2) == ["工作任务完成情况", "完成本月目标，跟进大促售后"]
    assert row_of(lines, "不计分评价", 2) == ["不计分评价", "工作能力良好，工作协作性良好，服务性突出"]


def test_calculation_leads_from_points_to_the_final_score():
    """The line that everybody checks first."""
    lines = lines_of(month())
    assert "自评合计 ＝ 数据62.00 ＋ 评分19.00 ＝ 81.00；店长合计 ＝ 数据62.00 ＋ 评分15.00 ＝ 77.00" in lines
    assert "综合得分 ＝ 81.00×30% ＋ 77.00×70% ＝ 78.20" in lines


def test_reader_with_a_calculator_agrees_with_every_slip():
    """Points, totals and final score follow from the printed numbers alone."""
    one = month(
        staff=30,
        cells={("考核数据", "KF007", "询单人数"): Decimal(29), ("考核数据", "KF007", "付款人数"): 20},
    )
    for person in one.result.staff:
        names = SlipWriter(one).names(person)
        counted = [row for row in names["数据指标"] if row["得分"] != "不计分"]
        data = sum(Decimal(row["得分"]) for row in counted)
        possible = sum(Decimal(row["标准分"]) for row in (*counted, *names["评分指标"]))
        totals = {}
        for at, reviewer in enumerate(("自评", "店长")):
            marks = sum(Decimal(re.findall(r"([\d.]+)分", row["评分"])[at]) for row in names["评分指标"])
            totals[reviewer] = round_half_up((data + marks) * 100 / possible, 2)
            assert f"{reviewer}合计 ＝ " in names["计算"][0]
            assert f"＝ {totals[reviewer]}" in names["计算"][0]
        final = round_half_up(totals["自评"] * Decimal("0.3") + totals["店长"] * Decimal("0.7"), 2)
        assert names["计算"][1].endswith(f"＝ {final}")
        assert names["综合得分"] == str(final)


def test_indicator_that_does_not_count_says_why_and_the_total_is_scaled():
    """Too small a sample: no points, none possible, and the total is out of what counts."""
    small = {("考核数据", "KF001", "询单人数"): Decimal(29), ("考核数据", "KF001", "付款人数"): Decimal(20)}
    lines = lines_of(month(cells=small))
    row = row_of(lines, "咨询转化率", 5)
    assert row == ["咨询转化率", "16", "不适用：样本太少（询单人数29，不足30）", "—", "不计分"]
    assert any("÷ 可计分80 × 100" in line for line in lines)


def test_strength_and_weakness_are_one_each():
    """One thing done well, one to work on with the next step."""
    lines = lines_of(month())
    assert "做得好：报表上交及时性，得5.3分（标准分6分）。" in lines
    assert "可改进：咨询转化率，得12分（标准分16分）；再多8人付款，可得14分。" in lines


def test_full_points_everywhere_need_no_advice():
    """Nothing lost: keep it up."""
    assert "可改进：各项都得了满分，请保持。" in lines_of(finals("100", "80", "70", "60"))


@pytest.mark.parametrize(
    ("staff", "sentence"),
    [
        ("KF001", "综合排名第1名，奖励100元。"),
        ("KF002", "本月没有奖励、提成调整和整改要求。"),
        ("KF003", "请于2026年12月10日（星期四）前向店长提交整改方案，方案表另发。"),
        ("KF004", "综合排名第4名，当月提成减少100元，由财务按实际提成核定。"),
        ("KF004", "请于2026年12月10日（星期四）前向店长提交整改方案，方案表另发。"),
    ],
)
def test_what_follows_is_told_to_whom_it_concerns(staff, sentence):
    """Money with who settles it, plans with the day, or nothing."""
    scheme = one_mark_scheme()
    unknown = {("人员", "KF004", "当月提成"): None}
    one = month(month_of_finals("90", "80", "70", "60", scheme=scheme, cells=unknown), scheme=scheme)
    assert sentence in lines_of(one, staff)


def test_where_there_is_no_commission_papers_say_so_and_print_no_minus():
    """0.00, never −0."""
    scheme = one_mark_scheme()
    nothing = {("人员", "KF004", "当月提成"): Decimal(0)}
    one = month(month_of_finals("90", "80", "70", "60", scheme=scheme, cells=nothing), scheme=scheme)
    assert "综合排名第4名，当月无可调提成，提成调整0.00元。" in lines_of(one, "KF004")
    (deduction,) = (each for each in one.result.outcomes if each.type is OutcomeType.DEDUCT)
    assert outcome_in_brief(deduction) == "提成调整0.00元（无可调提成）"


def test_held_money_is_told_without_an_amount():
    """A tie at the first place: 待研究确定."""
    lines = lines_of(finals("90", "90", "70", "60"))
    assert "综合排名并列第1名，奖励待研究确定。" in lines
    assert "并列第1名" in "".join(lines)
    assert "100元" not in "".join(lines)


def test_trial_month_moves_no_money():
    """试评: score and place only."""
    text = "".join(lines_of(month(issue=Issue(ISSUED, is_trial=True))))
    assert "（试评）" in text
    assert "本月为试评，只看得分和名次，不涉及奖励和提成调整。" in text
    assert "奖励100元" not in text


def test_transfer_is_never_mentioned():
    """That prompt is for manager and HR, who speak with the person."""
    one = finals("90", "80", "70", "60", history=last_month(4, sole_last={"KF004": 2}))
    assert "调岗" not in "".join(lines_of(one, "KF004"))


def test_too_few_ranked_is_the_reason_given():
    """Under the minimum nothing follows, and the slip says why."""
    assert "本月参与排名3人，少于4人，按方案不执行结果运用。" in lines_of(finals("90", "80", "70"))


def test_appeal_and_signatures_stand_at_the_foot():
    """To whom, until when, where the form lies, and that a signature means receipt only."""
    text = "".join(lines_of(month()))
    assert (
        "请于2026年12月8日（星期二）前（下发后3个工作日内）填申诉表交人力资源部刘女士，申诉期间不影响整改。"
        in text
    )
    assert "□本人已知悉□有异议，将申诉本人签名：日期：店长签名：面谈日期：" in text
    assert "签字仅表示收到，不代表认可。" in text
    assert "申诉表在本组当月文件夹的“申诉”里。" in text


def test_unranked_person_with_a_score_sees_it_and_the_reason():
    """Scored but not ranked: points explained, no place, nothing follows."""
    one = month(statuses={"KF006": "试用期"}, keep_data={"KF006"})
    text = "".join(lines_of(one, "KF006"))
    assert "综合得分73.45" in text
    assert "不参与排名，原因：试用期。" in text
    assert "本月不参与排名，没有奖励、提成调整和整改要求。" in text


def test_person_without_any_score_gets_a_short_slip():
    """No tables of nothing: the reason, and whom to ask."""
    one = month(statuses={"KF005": "试用期"})
    lines = lines_of(one, "KF005")
    assert "不参与排名，原因：试用期。" in lines
    assert "数据指标" not in lines
    assert "怎样算出综合得分" not in lines
    assert len(lines) < 25


def test_absent_self_review_is_said():
    """Whose marks count instead stands on the person's own slip."""
    lines = lines_of(month(absent={"KF004"}), "KF004")
    assert "自评逾期未评，按店长评分计。" in lines


def test_nobody_elses_name_or_score_is_on_a_slip():
    """Every page is its owner's alone, in HTML and in Word."""
    one = month(staff=30, history=last_month(30), statuses={"KF005": "试用期"})
    written = slips(one, shipped())
    for person in one.result.staff:
        page = written.pages[person.id].decode()
        others = [other for other in one.result.staff if other.id != person.id]
        assert not [other.name for other in others if other.name in page]
        own = {person.final, one.average, *person.reviewers.values()}
        assert not [other.final for other in others if other.final not in own and f"{other.final}" in page]


def test_colleague_in_a_remark_becomes_a_colleague():
    """A manager's remark may name somebody; on another's slip it does not."""
    cells = {
        ("店长评分", "KF001", "评语"): f"帮助{staff_name(2)}处理售后，{staff_name(1)}表现稳定",
        ("考核数据", "KF003", "姓名"): staff_name(1) + "丰",
        ("店长评分", "KF001", "扣分依据"): f"与{staff_name(1)}丰交接不清",
    }
    lines = lines_of(month(cells=cells))
    assert row_of(lines, "评语", 2)[1] == "帮助同事处理售后，张三表现稳定"
    assert row_of(lines, "扣分依据", 2)[1] == "与同事交接不清"


def test_mean_is_hidden_where_it_would_give_away_a_score():
    """Of two people's mean and one's own score the other's follows."""
    assert "组平均—" in "".join(lines_of(finals("90", "80")))
    assert "组平均80.00" in "".join(lines_of(finals("90", "80", "70")))


def test_commission_is_on_no_slip():
    """当月提成 is used for the cap and printed nowhere."""
    one = month(cells={("考核数据", "KF001", "当月提成"): Decimal("7654.32")})
    written = slips(one, shipped())
    assert "7,654.32" not in written.pages["KF001"].decode() + "".join(word_lines(written.collection))
    assert "7654.32" not in written.pages["KF001"].decode() + "".join(word_lines(written.collection))


def test_word_collection_says_the_same_as_the_pages():
    """Everybody once, in the order of the workbook, with the same cells."""
    one = month(staff=5, statuses={"KF005": "试用期"}, absent={"KF004"})
    written = slips(one, shipped())
    paper = word_lines(written.collection)
    assert paper.count("个人绩效考核结果通知单") == 5
    assert list(written.pages) == [person.id for person in one.result.staff]
    for page in written.pages.values():
        for line in html_lines(page.decode()):
            if line.startswith(("综合得分 ＝", "做得好", "可改进", "请于")) or "÷" in line:
                assert line in paper


def test_long_remark_is_shortened_on_paper_only():
    """One A4 page each: Word says where the rest is, the page has all of it."""
    text = "请核对地址。" * 60
    one = month(staff=4, cells={("店长评分", "KF001", "评语"): text})
    written = slips(one, shipped())
    assert text in html_lines(written.pages["KF001"].decode())
    assert any(line.endswith("……（全文见电子版）") for line in word_lines(written.collection))
    assert text not in word_lines(written.collection)


def test_every_promised_name_has_a_value_of_its_kind():
    """names.yaml is the whole truth: nothing missing, nothing more, entries with the same names."""
    one = month(statuses={"KF005": "试用期"}, absent={"KF004"})
    for person in one.result.staff:
        names = SlipWriter(one).names(person)
        assert names.keys() == examples(SLIP_HTML).keys()
        for name, example in examples(SLIP_HTML).items():
            if isinstance(example, list) and names[name] and isinstance(example[0], dict):
                assert names[name][0].keys() == example[0].keys()


def test_reviewers_and_sections_come_from_the_scheme():
    """A scheme with one reviewer and no data has a slip too, without what it has not got."""
    lines = lines_of(finals("90", "80", "70", "60"))
    assert "店长合计 ＝ 评分90.00 ＝ 90.00" in lines
    assert "数据指标" not in lines
    assert "自评" not in "".join(lines)


def test_forbidden_words_appear_nowhere():
    """No fines, no punishment, no elimination of the last; no trace of a tag or of None."""
    one = replace(month(statuses={"KF005": "试用期"}), history=last_month(12))
    written = slips(one, shipped())
    text = "".join((b"".join(written.pages.values()).decode(), *word_lines(written.collection)))
    assert not [word for word in ("罚款", "处罚", "末位淘汰", "None", "{{", "{%") if word in text]
    assert len(written.pages) == 12
    assert online_shop().name in text


def test_the_change_says_of_how_many_the_place_was():
    """Sixth of twelve and sixth of six are not the same place."""
    text = "".join(lines_of(finals("90", "80", "70", "60", history=last_month(12))))
    assert "名次（参评4人）第1名" in text
    assert "较上月（上月12人中第6名）↑1" in text
