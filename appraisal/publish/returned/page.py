"""What goes back to a manager beside the marked workbook: a page that lists what is wrong, and the same for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from appraisal.findings.finding import Finding
from appraisal.period import Period
from appraisal.publish.templates.loading import RETURNED_HTML, Templates


class ReturnedCopy(StrEnum):
    """What lies beside the page: the file with its wrong cells marked, as it came, or nothing."""

    MARKED = "已标出"
    UNMARKED = "未标出"
    NONE = "没有"


def returned_html(
    file: str,
    findings: Sequence[Finding],
    *,
    group: str | None,
    period: Period | None,
    sha256: str,
    copy: ReturnedCopy,
    templates: Templates,
) -> str:
    """The page to read and print, from the names of `returned` in names.yaml; `sha256` is the file's. Raises TemplateError."""
    ordered = in_order_of_repair(findings)
    errors = [finding for finding in ordered if finding.is_error]
    warnings = [finding for finding in ordered if not finding.is_error]
    names = {
        "文件": file,
        "考核组": group or "",
        "月份": "" if period is None else period.in_words,
        "存档编号": sha256[:8],
        "退回的表": copy.value,
        "必须改正": _listed(errors, 1),
        "请核对": _listed(warnings, len(errors) + 1),
    }
    return templates.text(RETURNED_HTML).render(names)


def _listed(findings: Sequence[Finding], first: int) -> list[dict[str, Any]]:
    return [
        {
            "序号": number,
            "位置": finding.place or "整份文件",
            "问题": finding.message,
            "怎么改": finding.remedy,
        }
        for number, finding in enumerate(findings, first)
    ]


def returned_json(
    file: str, findings: Sequence[Finding], *, group: str | None, period: Period | None
) -> bytes:
    """What is wrong with a file that goes back, as JSON with the keys of `--json`."""
    report = {
        "file": file,
        "status": "returned",
        "group": group,
        "period": None if period is None else str(period),
        "findings": [finding.as_json() for finding in in_order_of_repair(findings)],
    }
    return f"{json.dumps(report, ensure_ascii=False, indent=1)}\n".encode()


def in_order_of_repair(findings: Sequence[Finding]) -> list[Finding]:
    """The file, its sheets, their headers, then the rows as they stand, and warnings last."""
    return sorted(findings, key=_urgency)


_FIRST = ("workbook.", "submission.", "scheme.", "group.", "period."), ("sheet.",), ("header.",)
"""What hides other mistakes is put right first: the file, its sheets, their headers."""


def _urgency(finding: Finding) -> int:
    if not finding.is_error:
        return len(_FIRST) + 1
    return next((index for index, codes in enumerate(_FIRST) if finding.code.startswith(codes)), len(_FIRST))
