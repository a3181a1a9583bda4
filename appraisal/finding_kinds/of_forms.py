"""What can be wrong with sheets and headers, whose month it is, and people."""

from __future__ import annotations

from appraisal.finding_kinds.kind import error, warning

KINDS = (
    # Sheets and headers
    error(
        "sheet.missing",
        "缺少工作表“{name}”，现有工作表：{found}。",
        "请从空白上报表里补回这张表，名称不要改动。",
    ),
    error("sheet.duplicate", "有不止一张工作表可以当作“{name}”：{found}。", "请只保留一张，其余删除。"),
    warning("sheet.hidden", "工作表“{name}”被隐藏了，但里面的内容仍然计入考核。", "请取消隐藏，核对后再报。"),
    error(
        "header.none",
        "在这张表里没有找到“{name}”的表头。",
        "请按空白上报表恢复表头这一行，各列名称不要改动。",
    ),
    error("header.missing", "表头里缺少“{name}”这一列。", "请按空白上报表恢复这一列的表头。"),
    error("header.duplicate", "表头“{name}”出现了不止一次（{found}）。", "请只保留正确的一列。"),
    # Whose month
    error("group.missing", "没有填写考核组。", "请在“考核组”右侧填写本组名称。"),
    error("group.unknown", "花名册里没有考核组“{group}”。", "请填写花名册中的名称：{known}。"),
    error(
        "group.wrong_folder",
        "这份表的考核组是“{group}”，却放在“{folder}”的文件夹里。",
        "请放入本组的文件夹，或直接放在收件夹里；考核组填错的请改正。",
    ),
    error(
        "group.retyped",
        "这份空白表是发给“{expected}”的，考核组却改成了“{group}”。",
        "请改回“{expected}”；要报“{group}”的，请用发给该组的空白上报表填写。",
    ),
    error("group.reserved", "考核组不能叫“{group}”，这个名称由系统使用。", "请改用本组的名称。"),
    error(
        "period.missing",
        "考核月份没有填写，或看不出是哪个月（现在是“{seen}”）。",
        "请填成“2026-11”这样的年月。",
    ),
    error(
        "period.retyped",
        "这份空白表是 {expected} 的，考核月份却改成了 {period}。",
        "请改回 {expected}；要报 {period} 的，请用该月的空白上报表填写。",
    ),
    error("period.future", "考核月份 {period} 还没有到。", "请填写已经结束的月份。"),
    error("period.closed", "{period} 已经关账，不再接收上报。", "如确需更正，请联系人事重新开放。"),
    error(
        "period.issued",
        "{period} 的通报已于 {date} 下发，不能直接覆盖。",
        "如需更正，请把“报送性质”选为“更正报送”并写明“更正原因”后再放入，由人事同意后生效。",
    ),
    warning("period.unfinished", "{period} 还没有结束，数据可能不完整。", "建议次月5日后导出完整数据再报。"),
    error("scheme.unknown", "没有找到考核方案“{scheme}”。", "请使用下发的空白上报表，现有方案：{known}。"),
    error(
        "scheme.not_in_force",
        "考核方案“{scheme}”在 {period} 没有生效的版本。",
        "该方案自 {since} 起的第一个完整月份开始考核；请核对考核月份。",
    ),
    error(
        "scheme.mismatch",
        "{group}按花名册应使用方案“{expected}”，这份表是“{scheme}”的。",
        "请领取本组方案的空白上报表填写。",
    ),
    # People
    error(
        "staff.unknown",
        "花名册里没有{whose}“{id}”（{name}）。",
        "请核对{whose}；新加入的请先由人事列入花名册。",
    ),
    error(
        "staff.missing",
        "花名册中的{name}（{id}）没有出现在“{table}”里。",
        "请补上这一行；不参评的人员也要列出，并填写参评情况和情况说明。",
    ),
    error("staff.duplicate", "{whose}“{id}”在本表出现了不止一次（{found}）。", "请只保留一行。"),
    error(
        "staff.name_mismatch",
        "{whose}“{id}”对应的{called}应为“{expected}”，表里写的是“{name}”。",
        "请核对这一行的{whose}和{called}，确认没有错行。",
    ),
    error(
        "staff.left",
        "{name}（{id}）已于 {date} 离开本组或离职，不在 {period} 的考核范围内。",
        "请删除这一行；如仍需考核，请人事更正花名册。",
    ),
    error(
        "staff.not_yet",
        "{name}（{id}）{date} 才加入，不在 {period} 的考核范围内。",
        "请删除这一行；日期不对的，请人事更正花名册。",
    ),
    error(
        "staff.two_groups",
        "{name}（{id}）按花名册属于“{group}”。",
        "请由所属考核组上报，或请人事更正花名册。",
    ),
    error("staff.none", "“{table}”里没有任何人员。", "请填写本组人员后再放入。"),
)
