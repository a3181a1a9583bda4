"""Next month's blank (下月空白表), begun with what seldom changes from one month to the next."""

from __future__ import annotations

import re
from decimal import Decimal

from appraisal.appraise import NextBlank
from appraisal.handing_out import HandingOutError, hand_in_by, members, scheme_in_force, scheme_named
from appraisal.intake.submission import Submission
from appraisal.period import Period
from appraisal.publish.blank.layout import Known
from appraisal.scheme.forms.submission import MANAGER, PARTICIPATION, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.scheme import Scheme
from appraisal.set_up import Setup

NEXT_BLANK = "下月空白表"
"""The folder in the group's own that it lies in."""

_MONTH = re.compile(r"_(\d{4}-\d{2})_")

_LEFT = "已离职"


def next_blank(submission: Submission, scheme: Scheme, setup: Setup) -> NextBlank | None:
    """What the blank of the month after `submission` begins with: its people, 店长, the figures carried over.

    The people are those of the roster; without one, those of the submission who have not left. None
    where the roster does not know the group any more.
    """
    following = submission.period.shifted(1)
    try:
        return NextBlank(
            scheme=scheme_in_force(scheme_named(submission.scheme, setup.rulebook), setup, following),
            staff=members(submission.group, following, setup.roster)
            if setup.roster
            else _present(submission),
            handin=hand_in_by(following, setup.settings),
            known=_carried(submission, scheme),
        )
    except HandingOutError:
        return None


def _present(submission: Submission) -> tuple[tuple[str, str], ...]:
    main = next(table for table in submission.tables.values() if PARTICIPATION in table.columns)
    present = [row.values for row in main.rows if row.values[PARTICIPATION] != _LEFT]
    return tuple((str(one[STAFF_ID]), str(one[STAFF_NAME])) for one in present)


def _carried(submission: Submission, scheme: Scheme) -> Known:
    carried = {field.name for field in (*scheme.fields, *scheme.group_fields) if field.carried}
    figures: dict[str, dict[str, Decimal]] = {}
    for table in submission.tables.values():
        for row in table.rows:
            own = {name: value for name, value in row.values.items() if name in carried}
            figures.setdefault(str(row.values[STAFF_ID]), {}).update(
                (name, value) for name, value in own.items() if isinstance(value, Decimal)
            )
    labels = {
        name: value
        for name, value in submission.labels.items()
        if (name == MANAGER or name in carried) and isinstance(value, str | Decimal)
    }
    return Known(figures, labels)


def blank_month(name: str) -> Period | None:
    """The month that a file in the folder is for, by its name (`旗舰店_2026-12_考核上报表.xlsx`), if it says so."""
    found = _MONTH.findall(name)
    try:
        return Period.parse(found[-1]) if found else None
    except ValueError:
        return None
