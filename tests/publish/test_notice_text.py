"""What the notice says in every kind of month; it is read back from the real Word file."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from appraisal.publish.month import Month, OpenPlan, PlanStage
from appraisal.publish.notice.notice import notice, notice_context
from appraisal.publish.slips import outcome_sentences
from appraisal.publish.templates.loading import NOTICE_WORD, examples
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scheme.model.units import round_half_up
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import OutcomeState
from appraisal.workspace.settings import Settings
from tests.builders.months import COMPANY, ISSUED, corrected, last_month, month
from tests.builders.schemes import month_of_finals, one_mark_scheme
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.publish.documents import html_lines, shipped, word_lines

HEADINGS = [
    "一、总体情况",
    "二、考核结果",
    "三、奖励与提成调整",
    "四、主要问题",
    "五、整改要求",
    "六、异议与申诉",
]


def lines_of(one: Month) -> list[str]:
    return word_lines(notice(one, shipped()).word)


def section(lines: list[str], heading: str) -> list[str]:
    """The lines below a heading, up to the next one."""
    start = lines.index(heading) + 1
    ends = [
        lines.index(one) for one in (*HEADINGS, "特此通报。") if one in lines and lines.index(one) >= start
    ]
    return lines[start : min(ends)]


def finals(*scores: str, **options: object) -> Month:
    """A month in which the n-th person has the n-th score."""
    scheme = options.pop("scheme", None) or one_mark_scheme()
    return month(month_of_finals(*scores, scheme=scheme), scheme=scheme, **options)  # type: ignore[arg-type]


def test_title_and_introduction_name_month_group_basis_source_and_weights():
    """The first lines say whose month it is, by which rule, from which data and how it is weighted."""
    lines = lines_of(month())
    assert lines[:4] == [
        "星河商贸有限公司",
        "关于2026年11月旗舰店绩效考核情况的通报",
        "旗舰店全体人员：",
        (
            "根据《客服绩效考核管理办法》，现将2026年11月旗舰店绩效考核情况通报如下。"
            "数据取自赤兔（2026年12月6日导出），综合得分按自评30%、店长70%加权计算。"
        ),
    ]


def test_sections_stand_in_order():
    """Six numbered sections, then the closing words, the signature and the attachments."""
    lines = lines_of(month())
    places = [lines.index(one) for one in (*HEADINGS, "特此通报。", "星河商贸有限公司人力资源部", "附件1")]
    assert places == sorted(places)


def test_overview_counts_people_and_compares_with_last_month():
    """应参评, 实际参评, the scores, the change on last month, and a clause for each 类别."""
    lines = lines_of(month(history=last_month(12), statuses={"KF005": "试用期"}))
    (overview,) = section(lines, "一、总体情况")
    assert overview.startswith(
        "本月应参评12人，实际参评11人，不参与排名1人（见附件2）。平均得分64.97分，比上月下降6.23分；"
    )
    assert "最高78.20分，最低46.45分。" in overview
    assert re.search(r"服务类平均\d+\.\d\d分（标准分80分）；管理类平均\d+\.\d\d分（标准分20分）。$", overview)


def test_first_month_says_nothing_of_a_change():
    """Without an earlier average there is no comparison."""
    (overview,) = section(lines_of(month()), "一、总体情况")
    assert "上月" not in overview


def test_same_average_as_last_month_is_level():
    """A difference of zero is put in words."""
    (overview,) = section(
        lines_of(finals("80", "60", "70", "50", history=last_month(4, average="65.00"))), "一、总体情况"
    )
    assert "平均得分65.00分，与上月持平；" in overview


def test_ranking_table_has_the_default_columns_in_two_halves():
    """Twelve people stand in two halves of six, so that the notice keeps to two pages."""
    table = section(lines_of(month(history=last_month(12))), "二、考核结果")
    assert table[:8] == ["名次", "姓名", "综合得分", "较上月"] * 2
    assert table[8:12] == ["1", "张三", "78.20", "↑5"]


def test_columns_follow_the_settings():
    """HR chooses the columns; one that this scheme has not got is left out."""
    settings = replace(COMPANY, notice_columns=("名次", "工号", "店长合计", "督导合计", "结果"))
    table = section(lines_of(month(staff=4, settings=settings)), "二、考核结果")
    assert table[:4] == ["名次", "工号", "店长合计", "结果"]
    assert table[4:8] == ["1", "KF001", "77.00", "奖励100元"]


def test_columns_that_no_reviewer_has_fall_back_to_the_usual_ones():
    """A table without columns would be a file that Word does not open."""
    settings = replace(COMPANY, notice_columns=("督导合计",))
    table = section(lines_of(month(staff=4, settings=settings)), "二、考核结果")
    assert table[:4] == ["名次", "姓名", "综合得分", "较上月"]


def test_column_of_outcomes_hides_the_last_persons_deduction():
    """The deduction is not by name, unless the settings say so."""
    settings = replace(COMPANY, notice_columns=("姓名", "结果"))
    hidden = section(lines_of(month(staff=4, settings=settings)), "二、考核结果")
    shown = section(lines_of(month(staff=4, settings=replace(settings, name_last=True))), "二、考核结果")
    assert not any("提成调整" in line for line in hidden)
    assert sum("提成调整−100元" in line for line in shown) == 1


def test_large_group_prints_both_ends_and_refers_to_the_workbook():
    """Above 500 ranked staff only the first and the last twenty stand in the notice."""
    table = section(lines_of(finals(*(str(score / 10) for score in range(1, 502)))), "二、考核结果")
    assert table[0] == "人数较多，只列前20名和后20名，全部名次见考核结果工作簿。"
    rows = [table[at : at + 8] for at in range(9, len(table), 8)]
    assert [row[0] for row in rows] == [str(place) for place in range(1, 21)]
    assert [row[4] for row in rows] == [str(place) for place in range(482, 502)]


def test_five_hundred_are_printed_whole():
    """At the limit itself everybody is in the table."""
    table = section(lines_of(finals(*(str(score / 10) for score in range(1, 501)))), "二、考核结果")
    assert len(table) == 8 + 500 * 4


def test_first_is_named_and_the_last_is_not():
    """The reward goes by name; the last person's deduction is told to that person alone."""
    money = section(lines_of(finals("90", "80", "70", "60")), "三、奖励与提成调整")
    assert money == [
        f"{staff_name(1)}综合排名第一名，奖励100元。",
        "末位人员的提成调整由财务按制度办理，另行通知本人。",
    ]


def test_last_is_named_where_the_settings_say_so():
    """Then the amount stands there too, and who settles it."""
    settings = replace(COMPANY, name_last=True)
    money = section(lines_of(month(staff=4, settings=settings)), "三、奖励与提成调整")
    assert money[1] == f"{staff_name(4)}综合排名末位，当月提成减少100元。"


def test_tie_at_the_first_place_is_held():
    """Money waits for a decision; the notice says so."""
    lines = lines_of(finals("90", "90", "70", "60"))
    money = section(lines, "三、奖励与提成调整")
    assert money[0] == f"{staff_name(1)}、{staff_name(2)}并列综合排名第一名，奖励待研究确定。"
    assert "注：综合得分相同的并列同一名次（如1、2、2、4）。" in lines


def test_tie_at_the_last_place_is_held_without_names():
    """Nobody is named before anything is decided."""
    money = section(lines_of(finals("90", "80", "60", "60")), "三、奖励与提成调整")
    assert money[1] == "综合排名末位并列，提成调整待研究确定，结果另行通知本人。"


def decided(one: Month, **states: OutcomeState) -> Month:
    """The month since HR has decided on 10 December about these people's money."""
    told = tuple(
        replace(each, state=states[each.staff], decided_on=date(2026, 12, 10))
        if each.staff in states and each.amount
        else each
        for each in one.result.outcomes
    )
    return replace(one, result=replace(one.result, outcomes=told))


def test_what_hr_decided_about_a_tie_stands_in_the_notice():
    """At the first place by name, at the last one only where the settings name the last."""
    due, waived = OutcomeState.DUE, OutcomeState.REVERSED
    tie = finals("90", "90", "80", "60", "60")
    one, two, five = staff_name(1), staff_name(2), staff_name(5)
    all_of_it = decided(tie, KF001=due, KF002=waived, KF004=waived, KF005=due)
    money = section(lines_of(all_of_it), "三、奖励与提成调整")
    assert (
        money[0]
        == f"{one}、{two}并列综合排名第一名，经研究决定（2026年12月10日）：奖励{one}100元，{two}不作奖励。"
    )
    assert money[1] == "综合排名末位并列，提成调整经研究决定（2026年12月10日），结果另行通知本人。"
    assert money[2] == "本通报已按2026年12月10日的研究决定更新，此前印发的以本件为准。"
    part = section(lines_of(decided(tie, KF002=due)), "三、奖励与提成调整")
    assert part[0].endswith(f"：奖励{two}100元，{one}待研究确定。")
    named = replace(all_of_it, settings=replace(COMPANY, name_last=True))
    money = section(lines_of(named), "三、奖励与提成调整")
    assert f"{staff_name(4)}综合排名末位并列，经研究决定（2026年12月10日），不作提成调整。" in money
    assert f"{five}综合排名末位并列，经研究决定（2026年12月10日），当月提成减少" in "\n".join(money)
    assert "本通报已按" not in "\n".join(lines_of(replace(all_of_it, is_draft=True))), (
        "nobody has read another"
    )


def test_tied_first_places_each_get_the_reward_where_the_rules_say_so():
    """`if_tied: each` pays everyone, and the notice says 各."""
    scheme = one_mark_scheme(
        outcomes="{minimum: 3, rules: [{when: first, do: reward, amount: 88.5, if_tied: each}]}"
    )
    money = section(lines_of(finals("90", "90", "70", scheme=scheme)), "三、奖励与提成调整")
    assert money == [f"{staff_name(1)}、{staff_name(2)}并列综合排名第一名，各奖励88.50元。"]


def test_a_reward_for_a_grade_names_the_grade_and_no_place():
    """Everybody of the grade stands in one sentence, whatever their places."""
    scheme = one_mark_scheme(
        outcomes="{minimum: 3, rules: [{when: grade A, do: reward, amount: 500}]}\n"
        "grades: [{name: A, from: 90, factor: 1.2}, {name: B, factor: 1}]"
    )
    money = section(lines_of(finals("95", "91", "70", scheme=scheme)), "三、奖励与提成调整")
    assert money == [f"{staff_name(1)}、{staff_name(2)}综合得分等级为A，各奖励500元。"]


@pytest.mark.parametrize(
    ("scores", "because"),
    [
        (("90", "80", "70"), "本月参与排名3人，少于4人，按方案不执行结果运用。"),
        (("80", "80", "80", "80"), "本月参与排名人员综合得分全部相同，并列同一名次，不执行结果运用。"),
    ],
)
def test_month_without_outcomes_says_why(scores, because):
    """Too few people, or all level: no money and no plans, with the reason."""
    lines = lines_of(finals(*scores))
    assert section(lines, "三、奖励与提成调整") == [because]
    assert section(lines, "五、整改要求") == ["本月不提整改要求，原因同上。"]


def test_trial_month_says_so_and_moves_no_money():
    """试评 stands in the title, and no amount anywhere."""
    lines = lines_of(month(issue=Issue(ISSUED, is_trial=True)))
    assert lines[1] == "关于2026年11月旗舰店绩效考核试评情况的通报"
    assert section(lines, "三、奖励与提成调整") == ["试运行期间只通报得分和名次，不涉及奖励和提成调整。"]
    assert not re.search(r"\d元", "".join(lines))


def test_transfer_is_never_mentioned():
    """Three months last is a prompt for manager and HR, not for the notice."""
    last = {staff_id(4): 2}
    one = finals("90", "80", "70", "60", history=last_month(4, sole_last=last))
    assert OutcomeType.CONSIDER_TRANSFER in {outcome.type for outcome in one.result.outcomes}
    everything = "".join(lines_of(one)) + notice(one, shipped()).page
    assert "调岗" not in everything
    assert "连续" not in everything


def test_main_problems_are_figures_without_persons():
    """Two or three indicators with mean, target and how many miss it; the cause is HR's to write."""
    one = month()
    problems = section(lines_of(replace(one, is_draft=True)), "四、主要问题")
    assert section(lines_of(one), "四、主要问题") == problems[:-1], "an issued notice has no gaps"
    assert problems[:4] == ["指标", "组均值", "目标", "未达标人数"]
    assert len(problems) == 4 + 3 * 4 + 1
    assert problems[-1] == "原因：【请人事补充】"
    values = [person.indicators["咨询转化率"].value for person in one.result.staff]
    below = sum(value < Decimal("0.5") for value in values)
    mean = round_half_up(sum(values) / 12 * 100, 2)
    assert problems[4:8] == ["咨询转化率", f"{mean}%", "50.00%", str(below)]
    assert not any(person.name in "".join(problems) for person in one.result.staff)


def test_no_problem_where_everybody_reaches_the_targets():
    """Then the section says so."""
    assert section(lines_of(finals("90", "80", "70", "60")), "四、主要问题") == ["本月没有未达到目标的指标。"]


def test_plans_name_people_and_the_day_with_its_weekday():
    """The bottom two, what to hand in, to whom and by when."""
    (plans,) = section(lines_of(finals("90", "80", "70", "60")), "五、整改要求")
    assert plans == (
        f"请{staff_name(3)}、{staff_name(4)}分析失分原因、提出改进措施，"
        "于2026年12月10日（星期四）前向店长提交整改方案（附件2）。"
    )


def test_plans_that_never_came_are_asked_for_again():
    """One sentence for a person, or for several who owe the same, with the months and the deadlines."""
    *_, first, last = section(lines_of(with_overdue()), "五、整改要求")
    assert first == (
        f"{staff_name(2)}2026年9月的整改方案应于2026年10月12日（星期一）前提交，"
        "至本通报下发时尚未收到，请立即向店长补交。"
    )
    assert last.startswith(
        f"{staff_name(4)}2026年9月、2026年10月的整改方案应于2026年10月12日（星期一）、2026年11月10日（星期二）前提交"
    )


def test_a_plan_that_waits_for_the_manager_is_chased_and_a_returned_one_says_returned():
    """Nobody is told that nothing came where something did."""
    *_, returned, waiting = section(lines_of(with_plans_that_came()), "五、整改要求")
    assert waiting == (
        f"{staff_name(2)}2026年10月的整改方案已经提交，至本通报下发前一日尚未审核，请店长尽快审核。"
    )
    assert returned == (
        f"{staff_name(4)}2026年10月的整改方案已退回补充，至本通报下发时尚未重新提交，请立即向店长补交。"
    )


def test_nobody_is_asked_for_a_plan_in_a_notice_they_do_not_read():
    """Who has left the group since is HR's to ask."""
    gone = OpenPlan(NOVEMBER.shifted(-1), "KF099", date(2026, 11, 10))
    lines = section(lines_of(replace(finals("90", "80", "70", "60"), open_plans=(gone,))), "五、整改要求")
    assert len(lines) == 1


def test_appeal_says_to_whom_and_until_when():
    """Three working days after issue: Thursday's paper can be appealed until Tuesday."""
    (appeal,) = section(lines_of(month()), "六、异议与申诉")
    assert appeal.startswith(
        "对考核结果有异议的，请于2026年12月8日（星期二）前（下发后3个工作日内）填写申诉表（在本组当月文件夹的“申诉”里，"
        "每人一份），放入收件夹或交人力资源部刘女士，"
    )
    assert appeal.endswith("申诉期间不影响整改。")


def test_each_date_stands_in_one_place_only():
    """HR who changes a date must not hunt for it."""
    text = "".join(lines_of(month()))
    dates = re.findall(r"\d{4}年\d+月\d+日", text)
    assert len(dates) == len(set(dates)) == 4


def test_unranked_people_are_listed_alike_and_without_a_reason():
    """Why somebody is not ranked is nobody else's business."""
    lines = lines_of(month(statuses={"KF005": "试用期", "KF006": "出勤不足一半"}))
    start = lines.index("附件2")
    assert lines[start:] == [
        "附件2", "不参与排名人员", "序号", "姓名", "说明",
        "1", staff_name(5), "按制度不参与本月排名", "2", staff_name(6), "按制度不参与本月排名",
    ]  # fmt: skip
    assert "试用期" not in "".join(lines)
    assert "出勤" not in "".join(lines)


def test_attachments_are_numbered_as_they_are_there():
    """Without unranked people the plan form is attachment 2; a single attachment bears no number."""
    full = lines_of(month(statuses={"KF005": "试用期"}))
    assert [line for line in full if "．" in line] == [
        "附件：1．评分标准简表", "2．不参与排名人员", "3．整改方案表（另发本人）",
    ]  # fmt: skip
    assert "附件：评分标准简表" in lines_of(finals("90", "80", "70"))


def test_absent_self_review_is_said_without_names():
    """Every paper says whose marks count instead; the notice only how often."""
    lines = lines_of(month(absent={"KF004", "KF007"}))
    assert "注：2人自评逾期未评，按店长评分计。" in lines


def test_standard_is_attached_in_short():
    """Each indicator with points, formula and bands."""
    lines = lines_of(month())
    at = lines.index("咨询转化率", lines.index("附件1"))
    assert lines[at : at + 3] == ["咨询转化率", "16", "付款人数 ÷ 询单人数"]
    assert lines[at + 3].startswith("≥60.00% 16分；≥55.00% 14分；")


def test_missing_settings_print_visibly():
    """A name that nobody set is a placeholder that HR cannot overlook."""
    text = "".join(lines_of(month(settings=Settings())))
    for placeholder in ("【公司名称】", "【落款】", "【制度依据】", "【申诉受理人】"):
        assert placeholder in text
    assert "《【" not in text


def test_document_number_is_filled_in():
    """A pattern with year, month and group; a number that HR gave when issuing goes before it."""
    settings = replace(COMPANY, document_number="星人〔{年}〕{月}号")
    assert lines_of(month(settings=settings))[1] == "星人〔2026〕11号"
    issued = replace(month(settings=settings), document_number="星人〔2026〕7号")
    assert lines_of(issued)[1] == "星人〔2026〕7号"


def test_nobody_ranked_still_makes_a_notice():
    """All on probation: no table, no average, and every section says something."""
    one = month(staff=2, statuses={"KF001": "试用期", "KF002": "试用期"})
    lines = lines_of(one)
    assert section(lines, "一、总体情况") == [
        "本月应参评2人，实际参评0人，不参与排名2人（见附件2）。本月没有参与排名的人员。"
    ]
    assert section(lines, "二、考核结果") == []
    assert section(lines, "五、整改要求") == ["本月不提整改要求，原因同上。"]


def test_correction_says_what_changed_and_who_is_released():
    """更正通报: the reason, old and new side by side, how money is settled, who need not hand in a plan."""
    scheme = one_mark_scheme()
    former = finals("90", "80", "70", "60", "50")
    later = month(
        month_of_finals("90", "80", "70", "60", "75", scheme=scheme),
        scheme=scheme,
    )
    lines = lines_of(corrected(former, later, "补录漏记的评分。"))
    assert lines[1] == "关于更正2026年11月旗舰店绩效考核情况的通报"
    at = lines.index("姓名")
    assert (
        "更正事由：补录漏记的评分。本通报为第2版，此前各版以本版为准。得分或名次有变化的人员如下：" in lines
    )
    assert lines[at : at + 5] == ["姓名", "原得分", "现得分", "原名次", "现名次"]
    assert lines[at + 5 : at + 20] == [
        staff_name(5), "50.00", "75.00", "5", "3",
        staff_name(3), "70.00", "70.00", "3", "4",
        staff_name(4), "60.00", "60.00", "4", "5",
    ]  # fmt: skip
    assert lines[at + 20].endswith(f"以本版为准。{staff_name(5)}免于提交整改方案。")


def test_a_correction_gives_a_new_deadline_to_whom_it_touches_and_leaves_the_others_theirs():
    """The day of the first notice is over when it is corrected; only who owes a plan anew gets another."""
    scheme = one_mark_scheme()
    former = finals("90", "80", "70", "60", "50")
    promised_deadlines = {"KF004": date(2026, 12, 10), "KF005": date(2026, 12, 10)}
    later = month(
        month_of_finals("90", "80", "70", "60", "75", scheme=scheme),
        scheme=scheme,
        issue=Issue(date(2026, 12, 21), 2, promised_deadlines=promised_deadlines),
    )
    corrects = corrected(former, later, "补录漏记的评分。")
    told = section(lines_of(corrects), "五、整改要求")
    assert told == [
        f"请{staff_name(3)}分析失分原因、提出改进措施，于2026年12月28日（星期一）前向店长提交整改方案（附件2）。",
        f"{staff_name(4)}提交整改方案的期限不变，仍为2026年12月10日（星期四）。",
    ]
    assert outcome_sentences(corrects, corrects.result.person("KF004"), "第5名")[-1:] == [
        "向店长提交整改方案的期限不变，仍为2026年12月10日（星期四）。"
    ]


def test_correction_without_a_typed_reason_asks_for_it():
    """A reason that nobody typed is a visible placeholder; where nobody's place changed it says so, and there is no table."""
    lines = lines_of(corrected(month(), month()))
    assert "更正事由：【更正事由】；得分和名次没有变化。本通报为第2版，此前各版以本版为准。" in lines
    assert "原得分" not in lines


def test_new_revision_of_a_month_not_yet_issued_is_no_correction():
    """Nobody has seen the first one, so there is nothing to correct."""
    one = month()
    again = replace(one, result=replace(one.result, revision=2))
    assert lines_of(again) == lines_of(one)


def test_notice_of_twelve_has_600_to_900_characters():
    """Short enough to be read: the text before the attachments, tables included."""
    lines = lines_of(month(history=last_month(12), statuses={"KF005": "试用期"}))
    length = len("".join(lines[: lines.index("附件1")]))
    assert 600 <= length <= 900


def with_overdue() -> Month:
    """Two people owe a plan of September, one of them another of October."""
    september, october = (
        (NOVEMBER.shifted(-2), date(2026, 10, 12)),
        (NOVEMBER.shifted(-1), date(2026, 11, 10)),
    )
    owed = [(september, 2), (september, 4), (october, 4)]
    overdue = tuple(OpenPlan(period, staff_id(number), due) for (period, due), number in owed)
    return replace(finals("90", "80", "70", "60"), open_plans=overdue)


def with_plans_that_came() -> Month:
    """Of two plans of October one is to be judged, and one was returned and has not come again."""
    october = NOVEMBER.shifted(-1), date(2026, 11, 10)
    stages = {2: PlanStage.SUBMITTED, 4: PlanStage.RETURNED}
    came = tuple(
        OpenPlan(october[0], staff_id(number), october[1], stage) for number, stage in stages.items()
    )
    return replace(finals("90", "80", "70", "60"), open_plans=came)


MONTHS = {
    "plain": lambda: month(history=last_month(12), statuses={"KF005": "试用期"}, absent={"KF004"}),
    "trial": lambda: month(issue=Issue(ISSUED, is_trial=True)),
    "few": lambda: finals("90", "80", "70"),
    "tied": lambda: finals("90", "90", "60", "60"),
    "nobody": lambda: month(staff=2, statuses={"KF001": "试用期", "KF002": "试用期"}),
    "large": lambda: finals(*(str(score / 10) for score in range(1, 502))),
    "overdue": with_overdue,
    "to settle": with_plans_that_came,
    "corrected": lambda: corrected(finals("90", "80", "70", "60"), finals("90", "80", "70", "85")),
}


@pytest.mark.parametrize("kind", MONTHS)
def test_page_says_the_same_as_the_word_file(kind):
    """Both are printed from one set of names; the shipped templates do not drift apart."""
    one = MONTHS[kind]()
    assert html_lines(notice(one, shipped()).page) == lines_of(one)


@pytest.mark.parametrize("kind", MONTHS)
def test_every_promised_name_has_a_value_of_its_kind(kind):
    """names.yaml is the whole truth: nothing missing, nothing more, entries with the same names."""
    names = notice_context(MONTHS[kind]())
    assert names.keys() == examples(NOTICE_WORD).keys()
    for name, example in examples(NOTICE_WORD).items():
        value = names[name]
        if isinstance(example, list) and value and isinstance(example[0], dict):
            assert value[0].keys() == example[0].keys()
        elif isinstance(example, dict) and value:
            assert value.keys() == example.keys()


@pytest.mark.parametrize("kind", MONTHS)
def test_forbidden_words_appear_nowhere(kind):
    """No fines, no punishment, no elimination of the last."""
    text = "".join(lines_of(MONTHS[kind]()))
    assert not [word for word in ("罚款", "处罚", "末位淘汰", "None", "{{", "{%") if word in text]


def test_places_are_compared_by_how_many_were_ranked():
    """The note says so, where the table shows the change."""
    one = finals("90", "80", "70", "60", history=last_month(12))
    assert notice_context(one)["排名注"] == "注：较上月名次按参评人数折算（上月12人，本月4人）。"
    without = replace(one, settings=replace(COMPANY, notice_columns=("名次", "姓名")))
    assert notice_context(without)["排名注"] == ""


def test_two_people_of_one_name_are_told_apart_by_id():
    """Wherever names stand: table, reward, plans, those who are not ranked; nobody else gets an id."""
    names = {(sheet, f"KF00{at}", "姓名"): "张伟" for sheet in ("人员", "店长") for at in (1, 3, 4, 5)}
    scheme = one_mark_scheme()
    told = notice_context(
        month(
            month_of_finals(
                "90", "80", "70", "60", "50", scheme=scheme, cells=names, statuses={"KF005": "试用期"}
            ),
            scheme=scheme,
        )
    )
    assert [row[1] for row in told["排名"]] == [
        "张伟（KF001）",
        staff_name(2),
        "张伟（KF003）",
        "张伟（KF004）",
    ]
    assert told["奖励与提成调整"][0].startswith("张伟（KF001）综合排名第一名")
    assert told["整改"][0]["人员"] == "张伟（KF003）、张伟（KF004）"
    assert told["不参与排名人员"][0]["姓名"] == "张伟（KF005）"


def test_a_correction_without_a_number_of_its_own_bears_the_firsts_with_its_edition():
    """No two notices have one number; a number that HR gave is taken as it is."""
    numbered = replace(COMPANY, document_number="绩通〔{年}〕{月}号")
    first = finals("90", "80", "70", "60", settings=numbered)
    later = corrected(first, finals("80", "90", "70", "60", settings=numbered))
    assert notice_context(first)["文号"] == "绩通〔2026〕11号"
    assert notice_context(later)["文号"] == "绩通〔2026〕11号（第2版·更正）"
    assert notice_context(replace(later, document_number="绩通〔2026〕19号"))["文号"] == "绩通〔2026〕19号"
    assert notice_context(corrected(first, finals("80", "90", "70", "60")))["文号"] == ""
