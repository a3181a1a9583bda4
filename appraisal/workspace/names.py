"""File and folder names made from what people typed, safe on Linux, Windows and in shared folders; and HR's folder.

Names of groups are compared kindly (`text.key`), because another spelling of a group's name gains nothing. HR's
authority is not: issuing and payment follow from it. It belongs to the one folder `人事` of the inbox, by device
and number of the folder, so that no look-alike has it, whatever the file system makes of names.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from pathlib import Path

from appraisal.period import Period

HR_FOLDER = "人事"
"""HR's own folder in the inbox, where it wants one, and in the outbox."""

HR_FINAL = "定稿"
"""Below HR's folder of a month: what HR finished with its own hands goes before ours, and is never touched."""

RETURNED = "退回"
"""The folder of what was returned: each group's and HR's own, and one in the outbox for whatever is nobody's."""

RECEIPTS = "回执"
"""The folder of the outbox for receipts, where settings want them there."""

RESERVED_FOLDERS = (HR_FOLDER, RETURNED, RECEIPTS)
"""Folders of inbox and outbox that are no group's."""

LONGEST_NAME = 150
"""Bytes of UTF-8 that a name may take: file systems stop at 255, but the whole path on Windows at 260
characters, and a revision may still be added to the name."""

_LONGEST_ON_DISK = 255
"""Bytes that a file system takes for one name."""

_RECEIPT = ".回执.txt"

_FORBIDDEN = re.compile(r'[<>:"/\\|?*]|[^\S ]')

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
"""Control, formatting (bidi, zero-width), surrogate, unassigned: no name needs them."""

_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)\d)", re.IGNORECASE)
"""Device names of Windows, with any ending."""

_RETURNED = re.compile(r"(?:_退回(?:\s*[（(]\d+[）)]|\s*- 副本|\s*- 复件|_\d+)*)+$")
"""Our mark, and what copying programs add behind it."""


def safe_file_name(stem: str, extension: str = "") -> str:
    """`stem` as a name that every file system takes, with `extension` (`.xlsx`) behind it.

    Characters are brought to their plain form (NFKC) first, so that nothing turns into a separator
    later. Where anything had to be taken out or cut, a few digits made from the whole stem keep two
    different stems apart. An ordinary name comes back as it is.
    """
    plain = unicodedata.normalize("NFKC", stem)
    visible = "".join(mark for mark in plain if unicodedata.category(mark) not in _INVISIBLE)
    safe = _FORBIDDEN.sub("_", unicodedata.normalize("NFKC", visible)).strip(" .")
    if _RESERVED.fullmatch(safe.split(".")[0].rstrip()):
        safe = f"_{safe}"
    room = LONGEST_NAME - len(extension.encode())
    if safe and safe == plain and len(safe.encode()) <= room:
        return f"{safe}{extension}"
    mark = f"-{hashlib.sha256(stem.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    kept = safe.encode()[: room - len(mark)].decode("utf-8", "ignore").rstrip(" .")
    return f"{kept or '未命名'}{mark}{extension}"


def returned_stem(file: str) -> str:
    """`旗舰店_2026-11_考核上报表.xlsx` → `旗舰店_2026-11_考核上报表_退回`: the returned papers' name."""
    return safe_file_name(_stem(original_name(file)), "_退回")


def receipt_name(file: str) -> str:
    """The receipt's name beside the dropped file: the whole name with `.回执.txt` behind it.

    A name so long that this would not fit is cut, and a few digits made from it keep two apart.
    """
    written = os.fsencode(file)
    room = _LONGEST_ON_DISK - len(_RECEIPT.encode())
    if len(written) <= room:
        return f"{file}{_RECEIPT}"
    mark = f"-{hashlib.sha256(written).hexdigest()[:8]}{_RECEIPT}"
    kept = written[: _LONGEST_ON_DISK - len(mark.encode())].decode("utf-8", "ignore")
    return f"{kept}{mark}"


def original_name(file: str) -> str:
    """The name that a file bore before it was returned; any other name comes back as it is."""
    stem = _stem(file)
    return f"{_RETURNED.sub('', stem) or stem}{file[len(stem) :]}"


def _stem(file: str) -> str:
    return file[: -len(".xlsx")] if file.lower().endswith(".xlsx") else file


def month_folder(group: str, period: Period) -> str:
    """The month's folder below the outbox."""
    return f"{safe_file_name(group)}/{period}"


def returned_folder(group: str) -> str:
    """The folder below the outbox of what was returned to the group."""
    return f"{safe_file_name(group)}/{RETURNED}"


def hr_month_folder(period: Period) -> str:
    """HR's folder of a month below the outbox."""
    return f"{HR_FOLDER}/{period}"


PAYMENTS = f"{HR_FOLDER}/发放"
"""The folder below the outbox of what is paid, a file for each month of payment."""

YEARS = f"{HR_FOLDER}/年度"
"""The folder below the outbox of what the months of a year came to, a file for each year."""

PERSONS = f"{HR_FOLDER}/个人"
"""The folder below the outbox of what was put together about single people."""


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
    return next((folder for folder in RESERVED_FOLDERS if _as_shown(folder) == shown), None)


def _as_shown(name: str) -> str:
    """Letters and digits alone, in their plain form: what is left of a name to the eye."""
    plain = unicodedata.normalize("NFKC", name)
    seen = (mark for mark in plain if unicodedata.category(mark)[0] in "LN" and mark not in _BLANK_LETTERS)
    return "".join(_VARIANTS.get(mark, mark) for mark in seen).casefold()


_BLANK_LETTERS = frozenset("\u115f\u1160")
"""Fillers of the Korean script: letters that nobody sees. NFKC brings their other forms to these."""

_VARIANTS = {"亊": "事", "亻": "人"}
"""Characters that look like those of the reserved names and are others, not brought together by NFKC."""
