"""What a workbook's file name says of its group and month.

A blank's hidden `_meta` says for whom it was handed out, so that neither can be typed over. Where that was taken
away the name is the next witness: if it says otherwise, nobody can know which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath

from appraisal.period import Period
from appraisal.text import key

_WITH_SEPARATOR = re.compile(r"(?<!\d)(20\d\d)\s*[-_.年]\s*(1[0-2]|0?[1-9])(?!\d)(?!\s*[-_.月]\s*\d)")
_WITHOUT = re.compile(r"(?<![0-9A-Za-z])(20\d\d)(0[1-9]|1[0-2])(?![0-9A-Za-z])")
"""A month; a whole date, as the day of an export, is none."""

_SHORTEST_GROUP = 2
"""A name of one character stands in many a word."""


def period_in_name(file: str) -> Period | None:
    """The one month that the name speaks of; None where it speaks of none or several."""
    stem = PurePath(file).stem
    found = {
        Period(int(year), int(month))
        for at in (_WITH_SEPARATOR, _WITHOUT)
        for year, month in at.findall(stem)
    }
    return found.pop() if len(found) == 1 else None


def group_in_name(file: str, groups: Iterable[str]) -> str | None:
    """The one of the groups that the name speaks of; of `一店` and `十一店` the longer one."""
    stem = key(PurePath(file).stem)
    found = [one for one in groups if len(one) >= _SHORTEST_GROUP and key(one) in stem]
    longest = max(found, key=len, default=None)
    is_clear = longest is not None and all(key(one) in key(longest) for one in found)
    return longest if is_clear else None
