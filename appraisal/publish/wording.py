"""Sentences that several papers share, so that they never say the same thing two ways."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from appraisal.publish.draft import OPEN_DATE
from appraisal.publish.month import Month
from appraisal.scheme.forms.hr_acts import OUTCOME_SHORT_NAMES
from appraisal.scheme.model.indicator import Override
from appraisal.scheme.model.outcome_rules import Grade, OutcomeType
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import money, number_text
from appraisal.scoring.results import NOTHING_LEFT, Outcome, OutcomeState, StaffResult

NOT_RANKED = "不参与排名"
HELD = "待研究确定"
SETTLED_BY_FINANCE = "由财务按实际提成核定"
"""Said of a deduction that is an upper limit: the commission is not known."""
_WEEKDAYS = "一二三四五六日"


def money_ground(reason: str, *, by_finance: bool) -> str:
    """Why a sum is paid or taken back; that finance settles it is said once."""
    return f"{reason}（{SETTLED_BY_FINANCE}）" if by_finance and SETTLED_BY_FINANCE not in reason else reason


def full_date(day: date) -> str:
    """`2026年12月10日（星期四）`: dates are always printed with their weekday."""
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"


def document_date(day: date) -> str:
    """`2026年12月3日`: the date of a document, which is no deadline and bears no weekday (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(day: date) -> str:
    return f"{day.month}月{day.day}日"


def issue_date(month: Month, *, with_weekday: bool = False) -> str:
    """`2026年12月3日`, or the place for it in a draft."""
    if month.is_draft:
        return OPEN_DATE
    return (full_date if with_weekday else document_date)(month.result.issued)


def deadline(day: date, *, is_draft: bool) -> str:
    """`2026年12月10日（星期四）`; in a draft `（星期四，暂定）`: it is counted from the day of issue, not known yet."""
    return f"{full_date(day).removesuffix('）')}，暂定）" if is_draft else full_date(day)


def keeps_deadline(month: Month, plan: Outcome) -> bool:
    """Whether a correction leaves the person the day that the notice before it had named."""
    before = () if month.former is None else month.former.outcomes_of(plan.staff)
    return any(outcome.type is plan.type and outcome.due == plan.due for outcome in before)


def document_number(month: Month) -> str:
    """文号 as HR issued it, else the settings' pattern with year of issue, month and group filled in.

    An empty text where the company uses none. A correction to which HR gave none of its own bears the first
    notice's with its edition: no two notices have one number.
    """
    if month.document_number is not None:
        return month.document_number
    issued, period = month.result.issued, month.result.period
    text = month.settings.document_number
    for gap, value in (("{年}", issued.year), ("{月}", period.month), ("{组}", month.result.group)):
        text = text.replace(gap, str(value))
    return text if month.former is None else number_of_edition(text, month.result.revision)


def number_of_edition(first: str, revision: int) -> str:
    """`示例绩通〔2026〕11号（第2版·更正）`; none where the first notice bore none."""
    return f"{first}（第{revision}版·更正）" if first else ""


def is_waived(outcome: Outcome) -> bool:
    """Whether HR decided that what was held is not carried out."""
    return outcome.state is OutcomeState.REVERSED and outcome.decided_on is not None


def outcome_in_brief(outcome: Outcome, *, is_draft: bool = False) -> str:
    """What stands in the column 结果: `奖励100元`, `提成调整−100元（待财务核定）`; a draft's deadline is 暂定."""
    if outcome.state is OutcomeState.HOLD:
        return f"{OUTCOME_NAMES[outcome.type]}{HELD}"
    if is_waived(outcome):
        return f"{OUTCOME_NAMES[outcome.type]}不执行（研究决定）"
    match outcome.type:
        case OutcomeType.REWARD if outcome.amount is not None:
            return f"奖励{money(outcome.amount)}"
        case OutcomeType.DEDUCT if outcome.amount == 0:
            return f"提成调整0.00元（{NOTHING_LEFT}）"
        case OutcomeType.DEDUCT if outcome.amount is not None:
            settled_by = "（待财务核定）" if outcome.capped_by_payroll else ""
            return f"提成调整−{money(outcome.amount)}{settled_by}"
        case OutcomeType.RECTIFICATION if outcome.due is not None:
            return f"{short_date(outcome.due)}{'（暂定）' if is_draft else ''}前交整改方案"
        case _:
            return OUTCOME_NAMES[outcome.type]


def outcomes_in_brief(
    outcomes: Iterable[Outcome], *, hidden: Collection[OutcomeType] = (), is_draft: bool = False
) -> str:
    """`奖励100元；12月10日前交整改方案`: all of a person's, but for those of a `hidden` type."""
    return "；".join(
        outcome_in_brief(outcome, is_draft=is_draft) for outcome in outcomes if outcome.type not in hidden
    )


def grade_sentence(grade: Grade) -> str:
    """`综合得分等级为A，绩效系数1.2，绩效工资由财务按系数核定。`"""
    factor = (
        "" if grade.factor is None else f"，绩效系数{number_text(grade.factor)}，绩效工资由财务按系数核定"
    )
    return f"综合得分等级为{grade.name}{factor}。"


def graded_conditions(scheme: Scheme) -> frozenset[str]:
    """The conditions of outcomes that follow from a grade and not from a place: `综合得分等级为A`."""
    return frozenset(rule.condition for rule in scheme.outcomes.rules if rule.grade is not None)


def month_standard(override: Override) -> str:
    """`2026年11月按大促月标准计分：平均响应时间。`"""
    return f"{override.months}按{override.name}标准计分：{'、'.join(override.indicators)}。"


OUTCOME_NAMES = OUTCOME_SHORT_NAMES | {
    OutcomeType.CONSIDER_TRANSFER: "提请人事研究，调岗须依法与本人协商",
}

STATE_NAMES = {OutcomeState.DUE: "执行", OutcomeState.HOLD: HELD, OutcomeState.REVERSED: "已撤销"}


def rank_change_in_brief(change: int | None) -> str:
    """`↑2`, `↓1`, `持平`, `—` where there is nothing to compare with."""
    if change is None:
        return "—"
    if change == 0:
        return "持平"
    return f"{'↑' if change > 0 else '↓'}{abs(change)}"


def compared_places(month: Month) -> str:
    """How places are compared with last month's where another number was ranked; else empty."""
    before, now, people = month.ranked_last_month, len(month.result.ranked), month.scheme.people
    if not before or not now or before == now:
        return ""
    return f"较上月名次按参评人数折算（上月{before}{people}，本月{now}{people}）"


def stood_in_sentence(person: StaffResult) -> str:
    """Said on every paper of a person whose reviewer did not review; empty where all did."""
    return "".join(stood_in(absent, present) for absent, present in person.stood_in.items())


def stood_in(absent: str, present: str) -> str:
    """`自评逾期未评，按店长评分计。`"""
    return f"{absent}逾期未评，按{present}评分计。"
