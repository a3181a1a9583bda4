"""Papers that the system itself sends out and nobody hands in: told for what they are, with what to do instead.

A person who was sent a result or a list may drop it where they drop everything else. Workbooks are known by
their first sheet, which a program that saves them again keeps; pages by the beginning of their title.
"""

from __future__ import annotations

from appraisal.findings.finding import Finding, finding

_CORRECT = "结果要更正的，请在原来的考核上报表上改好，再放入（已下发的，“报送性质”选“更正报送”）。"
_FOR_READING = "这份只供查看，不用放入收件夹；考核上报表请另外放入。"
_OF_HR = "这是人事的汇总材料，不用放入收件夹；要更正的，请在相应的考核上报表上改，或由人事填写人事办理单。"
_REPAIR = "请按里面的说明改上报表，再放入改好的上报表（.xlsx）。"
_ROSTER = "花名册由人事放进收件夹的“人事”文件夹（inbox/人事）换上；或放到工作区里，和收件夹并列，文件名为 roster.xlsx。"

_WORKBOOKS = {
    "综合排名": ("考核结果", _CORRECT),
    "花名册": ("花名册", _ROSTER),
    "各组汇总": ("汇总", _OF_HR),
    "奖励与提成调整明细": ("奖励与提成调整明细", _OF_HR),
    "整改跟踪": ("整改跟踪", _OF_HR),
    "未报送": ("未报送名单", _OF_HR),
    "连续末位": ("连续末位", _OF_HR),
    "证据说明": ("证据说明", _OF_HR),
    "申诉登记": ("申诉登记", _OF_HR),
    "签收情况": ("签收情况", _OF_HR),
    "各月得分与名次": ("个人绩效档案", _OF_HR),
}
"""By its first sheet: what each is called, what to do instead."""

_PAGES = (
    ("退回说明", "<title>退回说明", _REPAIR),
    ("考核通报", "绩效考核通报</title>", _FOR_READING),
    ("绩效单", "绩效考核结果通知单", _FOR_READING),
    ("退回说明", '"status": "returned"', _REPAIR),
    ("回执", "\n详见：", _FOR_READING),
)
"""What each is called, what stands in the beginning of its text, what to do instead."""

_BEGINNING = 1024


def own_workbook(first_sheet: str) -> Finding | None:
    """What to tell of a workbook with this sheet in front if it is one that nobody hands in; None for any other."""
    known = _WORKBOOKS.get(first_sheet)
    return None if known is None else _told(*known)


def own_page(data: bytes) -> Finding | None:
    """The same of a dropped file that is no workbook."""
    text = data[:_BEGINNING].decode("utf-8", "ignore")
    return next((_told(what, instead) for what, mark, instead in _PAGES if mark in text), None)


def _told(what: str, instead: str) -> Finding:
    return finding("workbook.own_paper", what=what, instead=instead)
