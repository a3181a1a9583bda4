"""Whose word a dropped file is: told by the folder in which it lies, never by what that folder's name looks like.

Names of groups are compared kindly (`text.key`), because another spelling of a group's name gains nothing. HR's
authority is not: issuing and payment follow from it. It belongs to the one folder `人事` of the inbox, by device
and number of the folder, so that no look-alike has it, whatever the file system makes of names.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path

from appraisal.workspace.names import HR_FOLDER, RESERVED_FOLDERS


def has_hr_folder(inbox: Path) -> bool:
    """Whether something named 人事 lies in the inbox: where it is a link or a file, nobody has its authority."""
    return os.path.lexists(inbox / HR_FOLDER)


def is_in_hr_folder(path: Path, inbox: Path) -> bool:
    """Whether the file, somewhere in the inbox, lies in HR's own folder. A link has no authority."""
    first, *below = path.relative_to(inbox).parts
    if not below:
        return False
    try:
        true, seen = (inbox / HR_FOLDER).lstat(), (inbox / first).lstat()
    except OSError:
        return False
    return stat.S_ISDIR(true.st_mode) and os.path.samestat(true, seen)


def reserved_name_like(name: str) -> str | None:
    """The reserved folder name that people would read `name` as, or that it is; None for any other name."""
    shown = _as_shown(name)
    return next((one for one in RESERVED_FOLDERS if _as_shown(one) == shown), None)


def _as_shown(name: str) -> str:
    """Letters and digits alone, in their plain form: what is left of a name to the eye."""
    plain = unicodedata.normalize("NFKC", name)
    return "".join(_VARIANTS.get(mark, mark) for mark in plain if _is_visible(mark)).casefold()


def _is_visible(mark: str) -> bool:
    return unicodedata.category(mark)[0] in "LN" and mark not in _BLANK_LETTERS


_BLANK_LETTERS = frozenset("\u115f\u1160")
"""Fillers of the Korean script: letters that nobody sees. NFKC brings their other forms to these."""

_VARIANTS = {"亊": "事", "亻": "人"}
"""Characters that look like those of the reserved names and are others, not brought together by NFKC."""
