"""A scored month, ready for the papers.

month()                                                12 staff of the online shop, issued 2026-12-03
month(staff=30, history=last_month(30))                with last month's places to compare with
month(month_of_finals("90", "80", "80", "70"))         any submission, scored by its scheme
corrected(month(), month(cells={...}))                 the second as a correction of the first
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from appraisal.intake.submission import Submission
from appraisal.publish.month import Month
from appraisal.scheme.forms.submission import submission_form
from appraisal.scheme.model.scheme import Scheme
from appraisal.scoring.outcomes import Issue
from appraisal.scoring.results import History, PersonMonth
from appraisal.scoring.scoring import score_group
from appraisal.workspace.settings import Settings
from tests.builders.submissions import NOVEMBER, online_shop, staff_id, submission

ISSUED = date(2026, 12, 3)
COMPANY = Settings(
    company="星河商贸有限公司",
    signature="星河商贸有限公司人力资源部",
    policy="客服绩效考核管理办法",
    appeals_to="人力资源部刘女士",
)


def month(
    filled: Submission | None = None,
    *,
    scheme: Scheme | None = None,
    settings: Settings = COMPANY,
    history: History | None = None,
    issue: Issue | None = None,
    posts: Mapping[str, str] = {},
    **options: Any,
) -> Month:
    """The month scored; `options` go to `submission`."""
    scheme = scheme or online_shop()
    filled = filled or submission(scheme=scheme, **options)
    history = history or History()
    result = score_group(filled, scheme, history, issue or Issue(ISSUED))
    return Month(result, filled, scheme, submission_form(scheme), settings, history, posts)


def last_month(staff: int, *, average: str = "71.20", sole_last: Mapping[str, int] = {}) -> History:
    """October: places that differ from November's. `sole_last` people were last so many months running."""
    people = {}
    for number in range(1, staff + 1):
        person = staff_id(number)
        months = range(sole_last.get(person, 1), 0, -1)
        people[person] = tuple(
            PersonMonth(
                NOVEMBER.shifted(-back), number * 5 % staff + 1, staff, Decimal(70), person in sole_last
            )
            for back in months
        )
    return History(people=people, group_averages={NOVEMBER.shifted(-1): Decimal(average)})


def corrected(former: Month, later: Month, reason: str | None = None) -> Month:
    """`later` as the second revision, which corrects `former`."""
    return replace(later, result=replace(later.result, revision=2), former=former.result, reason=reason)
