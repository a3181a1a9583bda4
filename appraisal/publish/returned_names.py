"""The names that the page of a returned file prints: the list that HR is given, with an example of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from appraisal.findings.finding import Finding
from appraisal.period import Period
from appraisal.publish.template_names import TemplateName

_EXAMPLE = [
    {"序号": 1, "位置": "考核数据!F9", "问题": "“付款人数”没有填写。", "怎么改": "请填写；确实没有填0。"}
]

RETURNED_NAMES = (
    TemplateName("文件", "放进来的文件的名称", "旗舰店_2026-11_考核上报表.xlsx"),
    TemplateName("考核组", "考核组；看不出来则为空", "旗舰店"),
    TemplateName("月份", "考核月份；看不出来则为空", "2026年11月"),
    TemplateName("存档编号", "放进来的文件在存档里的编号，文件名以它开头", "3fa29c01"),
    TemplateName("必须改正", "必须改正的问题，按改正的先后：序号、位置、问题、怎么改", _EXAMPLE),
    TemplateName("请核对", "只需核对的问题：序号、位置、问题、怎么改；没有则为空", _EXAMPLE),
)


def returned_names(
    file: str, findings: Sequence[Finding], *, group: str | None, period: Period | None, sha256: str
) -> dict[str, Any]:
    """The values of `RETURNED_NAMES`; `findings` are in the order of repair, `sha256` is the file's."""
    errors = [one for one in findings if one.is_error]
    warnings = [one for one in findings if not one.is_error]
    return {
        "文件": file,
        "考核组": group or "",
        "月份": "" if period is None else period.in_words,
        "存档编号": sha256[:8],
        "必须改正": _listed(errors, 1),
        "请核对": _listed(warnings, len(errors) + 1),
    }


def _listed(findings: Sequence[Finding], first: int) -> list[dict[str, Any]]:
    return [
        {"序号": number, "位置": one.place or "整份文件", "问题": one.message, "怎么改": one.remedy}
        for number, one in enumerate(findings, first)
    ]
