"""What can be wrong with a dropped file: the type, and the catalogue of every kind.

Bad data is never an exception here. A check yields findings; each says in plain Chinese what
the person sees in which cell and what to do about it. `docs/findings.md` is generated from
`CATALOGUE`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """An error returns the workbook; a warning is printed and the workbook is scored."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding: a stable code, and its sentences with `{named}` gaps."""

    code: str
    severity: Severity
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in one place.

    `sheet` and `cell` (like `C7`) are None where the fault is not in a sheet or not in one cell.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    sheet: str | None = None
    cell: str | None = None

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR

    @property
    def place(self) -> str:
        """Where to look, as a person would say it: `考核数据!C7`, `考核数据` or an empty string."""
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.sheet or ""

    def as_json(self) -> dict[str, str | None]:
        """The five keys that `--json` and the returned `.json` carry."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "sheet": self.sheet,
            "cell": self.cell,
            "message": f"{self.message}{self.remedy}",
        }


def finding(code: str, *, sheet: str | None = None, cell: str | None = None, **gaps: object) -> Finding:
    """The finding of kind `code`; `gaps` fill the sentences' named gaps.

    Raises KeyError for a code that is not in the catalogue or a gap that was not filled: both
    are mistakes of ours, not of the person who filled the form.
    """
    kind = CATALOGUE[code]
    shown = {name: _shown(value) for name, value in gaps.items()}
    return Finding(
        code=code,
        severity=kind.severity,
        message=kind.message.format_map(shown),
        remedy=kind.remedy.format_map(shown),
        sheet=sheet,
        cell=cell,
    )


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them returns the workbook."""
    return any(one.is_error for one in findings)


_LONGEST_QUOTE = 60


def _shown(value: object) -> str:
    """A value as quoted in a sentence: on one line, printable, and short."""
    text = printable(str(value))
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "…"


def printable(text: str) -> str:
    """A text from outside as a sentence may hold it: on one line, and any stream takes it."""
    shown = "".join(mark if mark.isprintable() else "␣" for mark in text)
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def _error(code: str, message: str, remedy: str) -> Kind:
    return Kind(code, Severity.ERROR, message, remedy)


def _warning(code: str, message: str, remedy: str) -> Kind:
    return Kind(code, Severity.WARNING, message, remedy)


_KINDS = (
    # The file as a whole
    _error(
        "workbook.not_xlsx",
        "这个文件是{actual}，不是 .xlsx 工作簿。",
        "请用 Excel 或 WPS 打开，“另存为”选择“Excel 工作簿（*.xlsx）”，再放入共享文件夹。",
    ),
    _error(
        "workbook.encrypted",
        "工作簿设了打开密码，无法读取。",
        "请在 Excel 或 WPS 中取消密码后重新保存，再放入。",
    ),
    _error(
        "workbook.corrupt",
        "工作簿已损坏或没有复制完整（{detail}）。",
        "请在自己的电脑上确认能正常打开，另存一份 .xlsx 后重新放入。",
    ),
    _error("workbook.empty", "文件是空的（0 字节）。", "请重新复制一次完整的文件。"),
    _error("workbook.incomplete", "文件没有复制完整。", "请等复制结束，或重新复制一次。"),
    _error(
        "workbook.macro", "工作簿里带有宏（{detail}）。", "请另存为不含宏的“Excel 工作簿（*.xlsx）”，再放入。"
    ),
    _error(
        "workbook.active_content", "工作簿里带有{detail}。", "请删除后只保留填写内容，另存为 .xlsx 再放入。"
    ),
    _error(
        "workbook.too_large",
        "工作簿太大（{detail}）。",
        "请用下发的空白上报表重新粘贴数据（只粘贴数值）后再放入。",
    ),
    _error(
        "workbook.zip_bomb",
        "工作簿解压后大得不正常（{detail}），为安全起见没有打开。",
        "请用下发的空白上报表重新填写。",
    ),
    _error(
        "workbook.unsafe_xml",
        "工作簿里含有文档类型定义（DTD），为安全起见没有打开。",
        "请用 Excel 或 WPS 打开后另存为 .xlsx 再放入。",
    ),
    _error(
        "workbook.ambiguous",
        "工作簿内部结构有歧义（{detail}），不同软件会读出不同的数。",
        "请用 Excel 或 WPS 打开，核对后另存为 .xlsx 再放入。",
    ),
    _error(
        "workbook.strict",
        "工作簿是“Strict Open XML”格式。",
        "请“另存为”选择普通的“Excel 工作簿（*.xlsx）”，再放入。",
    ),
    _error(
        "workbook.outside_form",
        "工作簿在上报表范围之外的单元格里有内容（{detail}）。",
        "请删除表格以外的内容后保存，再放入。",
    ),
    _error(
        "workbook.timeout",
        "打开这个工作簿超过了时间或内存限制。",
        "请用下发的空白上报表重新粘贴数据（只粘贴数值）后再放入。",
    ),
    _error(
        "workbook.unrecognised",
        "没有认出这是哪一种考核上报表。",
        "请使用下发的空白上报表填写，不要改动工作表名称和表头。",
    ),
    # Sheets and headers
    _error(
        "sheet.missing",
        "缺少工作表“{name}”，现有工作表：{found}。",
        "请从空白上报表里补回这张表，名称不要改动。",
    ),
    _error("sheet.duplicate", "有不止一张工作表可以当作“{name}”：{found}。", "请只保留一张，其余删除。"),
    _warning(
        "sheet.hidden", "工作表“{name}”被隐藏了，但里面的内容仍然计入考核。", "请取消隐藏，核对后再报。"
    ),
    _error(
        "header.none",
        "在这张表里没有找到“{name}”的表头。",
        "请按空白上报表恢复表头这一行，各列名称不要改动。",
    ),
    _error("header.missing", "表头里缺少“{name}”这一列。", "请按空白上报表恢复这一列的表头。"),
    _error("header.duplicate", "表头“{name}”出现了不止一次（{found}）。", "请只保留正确的一列。"),
    # Whose month
    _error("group.missing", "没有填写考核组。", "请在“考核组”右侧填写本组名称。"),
    _error("group.unknown", "花名册里没有考核组“{group}”。", "请填写花名册中的名称：{known}。"),
    _error(
        "group.wrong_folder",
        "这份表的考核组是“{group}”，却放在“{folder}”的文件夹里。",
        "请放入本组的文件夹，或直接放在收件夹里；考核组填错的请改正。",
    ),
    _error(
        "group.retyped",
        "这份空白表是发给“{expected}”的，考核组却改成了“{group}”。",
        "请改回“{expected}”；要报“{group}”的，请用发给该组的空白上报表填写。",
    ),
    _error("group.reserved", "考核组不能叫“{group}”，这个名称由系统使用。", "请改用本组的名称。"),
    _error(
        "period.missing",
        "考核月份没有填写，或看不出是哪个月（现在是“{seen}”）。",
        "请填成“2026-11”这样的年月。",
    ),
    _error(
        "period.retyped",
        "这份空白表是 {expected} 的，考核月份却改成了 {period}。",
        "请改回 {expected}；要报 {period} 的，请用该月的空白上报表填写。",
    ),
    _error("period.future", "考核月份 {period} 还没有到。", "请填写已经结束的月份。"),
    _error("period.closed", "{period} 已经关账，不再接收上报。", "如确需更正，请联系人事重新开放。"),
    _error(
        "period.issued",
        "{period} 的通报已于 {date} 下发，不能直接覆盖。",
        "如需更正，请把“报送性质”选为“更正报送”并写明“更正原因”后再放入，由人事同意后生效。",
    ),
    _warning("period.unfinished", "{period} 还没有结束，数据可能不完整。", "建议次月5日后导出完整数据再报。"),
    _error("scheme.unknown", "没有找到考核方案“{scheme}”。", "请使用下发的空白上报表，现有方案：{known}。"),
    _error(
        "scheme.not_in_force",
        "考核方案“{scheme}”在 {period} 没有生效的版本。",
        "该方案自 {since} 起的第一个完整月份开始考核；请核对考核月份。",
    ),
    _error(
        "scheme.mismatch",
        "{group}按花名册应使用方案“{expected}”，这份表是“{scheme}”的。",
        "请领取本组方案的空白上报表填写。",
    ),
    # People
    _error(
        "staff.unknown",
        "花名册里没有{whose}“{id}”（{name}）。",
        "请核对{whose}；新加入的请先由人事列入花名册。",
    ),
    _error(
        "staff.missing",
        "花名册中的{name}（{id}）没有出现在“{table}”里。",
        "请补上这一行；不参评的人员也要列出，并填写参评情况和情况说明。",
    ),
    _error("staff.duplicate", "{whose}“{id}”在本表出现了不止一次（{found}）。", "请只保留一行。"),
    _error(
        "staff.name_mismatch",
        "{whose}“{id}”对应的{called}应为“{expected}”，表里写的是“{name}”。",
        "请核对这一行的{whose}和{called}，确认没有错行。",
    ),
    _error(
        "staff.left",
        "{name}（{id}）已于 {date} 离开本组或离职，不在 {period} 的考核范围内。",
        "请删除这一行；如仍需考核，请人事更正花名册。",
    ),
    _error(
        "staff.not_yet",
        "{name}（{id}）{date} 才加入，不在 {period} 的考核范围内。",
        "请删除这一行；日期不对的，请人事更正花名册。",
    ),
    _error(
        "staff.two_groups",
        "{name}（{id}）按花名册属于“{group}”。",
        "请由所属考核组上报，或请人事更正花名册。",
    ),
    _error("staff.none", "“{table}”里没有任何人员。", "请填写本组人员后再放入。"),
    # Cells
    _error("cell.missing", "“{name}”没有填写。", "{hint}"),
    _error("cell.not_a_number", "“{name}”应为数字，现在是“{seen}”。", "{hint}"),
    _error("cell.out_of_range", "“{name}”应在 {low} 到 {high} 之间，现在是 {seen}。", "{hint}"),
    _error("cell.not_whole", "“{name}”应为整数，现在是 {seen}。", "请填写整数。"),
    _error(
        "cell.too_many_decimals",
        "“{name}”最多保留 {decimals} 位小数，现在是 {seen}。",
        "请按 {decimals} 位小数填写。",
    ),
    _error(
        "cell.formula_without_value",
        "“{name}”是公式，但没有保存计算结果。",
        "请用 Excel 或 WPS 打开、保存一次，或改成直接填写数值。",
    ),
    _error("cell.error_value", "“{name}”是错误值 {seen}。", "请改成正确的数值；确实没有填0。"),
    _error(
        "cell.ambiguous_percent",
        "“{name}”看不出 {seen} 是百分数还是小数。",
        "请把整列写成“45.3%”这样的百分数。",
    ),
    _error(
        "cell.too_many_points",
        "“{name}”最高 {full} 分，现在是 {seen}。",
        "{hint}",
    ),
    _error(
        "cell.not_text",
        "“{name}”应为文字，现在被识别成了“{seen}”。",
        "请把单元格格式改为“文本”后重新填写。",
    ),
    _error("cell.not_a_choice", "“{name}”只能从下拉选项中选择，现在是“{seen}”。", "可选：{choices}。"),
    _error("cell.not_a_date", "“{name}”应为日期，现在是“{seen}”。", "请填成“2026-12-05”这样的日期。"),
    _error("cell.too_long", "“{name}”的内容太长（{length} 字）。", "请精简到 {limit} 字以内。"),
    _error("cell.unreadable", "“{name}”里有无法识别的字符。", "请删除后重新输入。"),
    _error(
        "cell.duplicate",
        "同一个单元格在文件里出现了两次，读不出哪个是真的。",
        "请用 Excel 或 WPS 打开，核对后另存为 .xlsx。",
    ),
    _error("cell.merged", "数据行里有合并单元格（{seen}）。", "请取消合并，每人一行、每格一个数。"),
    _error(
        "cell.changed", "“{name}”应为“{expected}”，现在是“{seen}”。", "这一格由系统预填，请改回原来的内容。"
    ),
    _error("row.check", "{say}。", "请核对这几格：{fields}。"),
    _error("row.without_id", "这一行填了内容，但没有{whose}。", "请补上{whose}，或清空整行。"),
    _error(
        "row.not_in_data", "{whose}“{id}”没有列在“{table}”里。", "请核对{whose}，或在“{table}”里补上这一行。"
    ),
    _error(
        "row.missing",
        "“{data}”里的{name}（{id}）没有出现在“{table}”里。",
        "请在“{table}”里补上这一行。",
    ),
    _error("row.empty", "{name}（{id}）这一行还没有填写。", "{hint}"),
    _error(
        "mark.of_absent",
        "已选“逾期未评”，“{name}”却填了 {seen}。",
        "本人评过的请改选“本人已评”；没有评过的请清空分数。",
    ),
    _error(
        "mark.no_evidence",
        "{name}（{id}）的{marks}要写明依据，这里没有写。",
        "请在这一格写清是哪一项、哪天、什么事（例如“{first}：3日的会话记录”）；没有依据的，请改评其他分数。",
    ),
    _warning("row.hidden", "第 {rows} 行被隐藏或筛选掉了，但仍然计入考核。", "请确认这些行是要上报的。"),
    # Across the workbook
    _warning("data.inconsistent", "{say}。", "请核对这几项数据是否取自同一口径。"),
    _warning(
        "data.same_as_last_month",
        "这份数据与 {period} 完全相同的单元格很多（{share}）。",
        "请确认没有误用上月的文件。",
    ),
    _warning("data.zero_for_unknown", "“{name}”整列都是 0。", "请确认确实没有发生，而不是尚未统计。"),
    _warning(
        "data.self_marked_by_manager",
        "“{name}”在全部人员中自评与店长评分完全相同。",
        "自评应由员工本人填写，请确认。",
    ),
    _warning(
        "data.manager_listed",
        "填表的店长“{name}”也在被考核的人员中。",
        "店长本人一般不列入本组；只是同名的，可不处理。",
    ),
    _warning(
        "data.exported_early",
        "数据是 {date} 导出的，{period} 的最后几天可能还没有统计完。",
        "建议次月5日后重新导出再报。",
    ),
    # Papers of single persons, and HR's own
    _error(
        "self.signed_by_other",
        "“本人签名”应为{name}本人，现在是“{seen}”。",
        "自评由本人填写和签名，别人不得代填。",
    ),
    _error(
        "self.marks_differ",
        "{name}（{id}）的“{column}”：本人自评表填的是 {own}，这里填的是 {typed}。",
        "以本人自评表为准的，请清空这一格；本人要改的，请本人改好自评表重新放入。",
    ),
    _warning(
        "self.words_differ",
        "{name}（{id}）的“{column}”：本人自评表写的是“{own}”，这里写的是“{typed}”，已采用本人写的。",
        "请核对。",
    ),
    _error(
        "self.not_absent",
        "{name}（{id}）已经交了自评表，这里却选了“逾期未评”。",
        "请改选“本人已评”，或清空这一格。",
    ),
    _error(
        "self.form_missing",
        "没有收到{name}（{id}）本人的自评表，这里却填了自评。",
        "请本人补交自评表；不再补交的，请清空自评的分数，并选“逾期未评”。",
    ),
    _warning(
        "self.absent",
        "没有收到{name}（{id}）的自评表，按“逾期未评”处理。",
        "本人已经交了的，请核对自评表是否被退回。",
    ),
    _warning(
        "self.stranger", "收到了工号“{id}”的自评表，但“{table}”里没有这个人，没有采用。", "请核对名单。"
    ),
    _error(
        "plan.signed_by_other",
        "“本人签名”应为{name}本人，现在是“{seen}”。",
        "整改方案由本人填写和签名，别人不得代填。",
    ),
    _error(
        "plan.row_gone",
        "方案里缺少指标“{name}”这一行。",
        "请从原来下发的整改方案里补回这一行并填写。",
    ),
    _error(
        "plan.empty",
        "方案里没有写任何一项指标。",
        "请在原来下发的整改方案上填写，不要删除各行。",
    ),
    _error(
        "plan.goal_unclear",
        "“下月目标值”要写一个能核对的数，现在是“{seen}”。",
        "请写成“{example}”这样的数值；怎么做到写在“改进措施”里。",
    ),
    _error(
        "plan.done_too_early",
        "“完成时限”{date} 没有晚于考核月份 {period}。",
        "请核对年份和月份，填写今后要完成的日期。",
    ),
    _error(
        "plan.more_wanted",
        "店长审核退回补充：{opinion}。",
        "请按店长的意见补充；补充后把“店长审核”清空，再放入。",
    ),
    _error(
        "plan.not_asked",
        "{group} {period} 没有要求{name}（{id}）提交整改方案。",
        "请核对工号和考核月份；更正后免于提交的，不用再交。",
    ),
    _error(
        "plan.withdrawn",
        "{group} {period} 的考核已经撤回。",
        "整改方案不用再交；重新考核后仍需要的，会另发新的方案表。",
    ),
    _error(
        "plan.accepted_before",
        "这份整改方案店长已于 {date} 审核同意。",
        "不用再交；确需修改的，请店长在“店长审核”里选“同意”后再放入。",
    ),
    _warning(
        "plan.late",
        "整改方案应于 {due} 前提交，今天 {today}，逾期{days}天。",
        "方案已经收下，逾期会如实列在整改跟踪里。",
    ),
    # Exports of shop software
    _error(
        "export.not_a_table",
        "这个文件既不是 .xlsx 工作簿，也不是文字表格（.csv）。",
        "请在软件里重新导出为 Excel（.xlsx）或 CSV；旧格式的请用 Excel 另存为 .xlsx。",
    ),
    _error(
        "export.no_table",
        "没有找到客服数据的表头：要有一列客服（账号、姓名或工号），和至少一列认得的数据。",
        "请确认导出的是按客服统计的报表；列名不同的，请在规则文件里给字段加别名。",
    ),
    _error(
        "export.two_columns",
        "有{count}列都可以当作“{name}”，内容不一样：{found}。",
        "请选定一列再导入：命令后加 --column {name}=列名（列名一样的写列号，例如 {name}=C列）；或在导出文件里只留一列。",
    ),
    _error(
        "export.two_fields",
        "列“{header}”可以当作不止一项数据：{found}。",
        "请选定一项再导入：命令后加 --column 数据名称={header}；或把这一列的列名改成其中一项的名称。",
    ),
    _error(
        "export.clock_unclear",
        "“{header}”里有“1:23”这样的写法，分不清是分:秒还是时:分。",
        "请在表头写明（分:秒）再导入，例如“{name}（分:秒）”；或改成秒数。",
    ),
    _warning(
        "export.clock_read",
        "“{header}”里“1:23”这样的写法按分:秒读：按时:分读就超出了允许的范围。",
        "如果不是，请改成秒数再导入。",
    ),
    _error(
        "export.not_ready",
        "“{name}”还是“{seen}”，软件没有统计完。",
        "请次月5日后重新导出，再导入。",
    ),
    _error(
        "export.other_month",
        "这份导出是{seen}的，不是 {period} 的。",
        "请重新导出考核月份的数据，或核对 --period。",
    ),
    _warning(
        "export.part_of_month",
        "导出的时间是{seen}，不是整个 {period}。",
        "请确认只要这一段；要整月的，请重新导出。",
    ),
    _error(
        "export.row_twice",
        "“{who}”{day}的数据出现了两次（第 {first} 行和第 {second} 行）。",
        "请只保留正确的一行，再导入。",
    ),
    _error(
        "export.conflict",
        "{who}的“{name}”在两份导出里不一样：{one} 和 {other}。",
        "请核对口径，只保留应填的一份，再导入。",
    ),
    _warning(
        "export.not_averaged",
        "{who}的“{name}”有{rows}，比率和平均数不能相加、也不能再平均，没有填入。",
        "请按整月、按人导出一次，或手工填写；可以加权平均的，在规则文件里给字段写 weighted_by。",
    ),
    _warning(
        "export.no_weight",
        "{who}的“{name}”有{rows}，要按“{weight}”加权平均，但不是每一行都有“{weight}”，没有填入。",
        "请连同“{weight}”一起导出，或按整月、按人导出一次，或手工填写。",
    ),
    _warning(
        "export.not_one_target",
        "{who}的“{name}”在各行里不一样：{told}。全月只有一个数，不能相加，没有填入。",
        "请核对，手工填写。",
    ),
    _warning(
        "export.gap_in_rows",
        "{who}的“{name}”在{count}行里有空缺，合计不完整，没有填入。",
        "空缺不等于0：请补齐后再导入，或手工填写。",
    ),
    _warning(
        "export.summed",
        "{who}的{rows}已合并：人数、单数、金额相加{averages}。",
        "请核对；同一顾客跨天来访的会重复计数。",
    ),
    _warning("export.unknown_person", "没有放进去：“{who}”{why}。", "请核对花名册的“账号”列。"),
    _warning(
        "export.unused", "没有用到的列：{found}。", "不需要的可以不管；需要的请在规则文件里给字段加别名。"
    ),
    _warning(
        "export.unit_assumed",
        "“{header}”的表头没有写单位，按{unit}读。",
        "如果不是，请在表头写明单位再导入。",
    ),
    _warning(
        "export.total_differs",
        "“{name}”各行相加是 {sum}，比导出里的合计 {total} 少。",
        "请确认没有漏掉人员。",
    ),
    _error(
        "self.not_used",
        "这里没有启用本人自评表，这份没有采用。",
        "请把自评交给店长，由店长录入上报表的“自评”。",
    ),
    _error(
        "self.two_at_once",
        "{name}（{id}）{period} 的自评表同时收到了不止一份，内容不同：{files}。",
        "请只保留正确的一份，重新放入。",
    ),
    _error(
        "self.superseded",
        "这份自评表已经被本人后来交的一份取代。",
        "要改回来的，请在后来的一份上改正后重新放入。",
    ),
    _error(
        "act.none",
        "办理单里没有填写要办的事项。",
        "请从示例下面的白底行开始填，每行办一件。",
    ),
    _error(
        "act.wrong_folder",
        "人事办理单放在了“{folder}”里，没有办理。",
        "请由人事放入收件夹的“人事”文件夹。",
    ),
    _error(
        "act.only_to_decide",
        "“{name}”只在“裁定”时填写，这一行的事项是“{act}”。",
        "“{act}”是对整个考核组办理的，请清空这一格；要对这个人作裁定的，请把事项改选为“裁定”。",
    ),
    _error("act.one_group", "“{act}”要写明是哪个考核组，不能写“全部”。", "请每个考核组填一行。"),
    _error("act.group_unknown", "花名册里没有考核组“{group}”。", "{near}现有考核组：{known}。"),
    _error("act.in_future", "“日期”{date} 还没有到。", "请填写不晚于今天的日期。"),
    _error(
        "act.before_month", "“日期”{date} 早于考核月份 {period} 的第一天。", "请核对年份、日期和考核月份。"
    ),
    _error("act.refused", "{sentence}", "这一行没有办理，请核对后重新填一张单。"),
    _error(
        "submission.duplicate",
        "这份文件与已被取代的第 {revision} 版完全相同。",
        "如需恢复旧数据，请在现行版本上改正后重新报送。",
    ),
    _error(
        "submission.two_for_one_period",
        "{group} {period} 同时收到了不止一份上报表：{files}。",
        "请只保留一份正确的，重新放入。",
    ),
    _error(
        "submission.not_placed",
        "结果没能写入输出文件夹（{reason}）。",
        "请关闭正在打开的结果文件，并检查磁盘空间和文件夹权限；文件仍在收件夹，下次会自动再处理。",
    ),
    _error(
        "submission.not_archived",
        "文件没能存入归档文件夹（{reason}），还没有处理。",
        "请检查工作区 state 文件夹所在磁盘的空间和权限；文件仍在收件夹，下次会自动再处理。",
    ),
    _error(
        "submission.failed",
        "处理时出现内部错误，文件已完整保留（编号 {reference}）。",
        "请把这个编号告诉管理员。",
    ),
)

CATALOGUE: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in _KINDS})
