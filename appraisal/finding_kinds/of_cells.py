"""What can be wrong in cells, and across the workbook."""

from __future__ import annotations

from appraisal.finding_kinds.kind import error, warning

KINDS = (
    # Cells
    error("cell.missing", "“{name}”没有填写。", "{hint}"),
    error("cell.not_a_number", "“{name}”应为数字，现在是“{seen}”。", "{hint}"),
    error("cell.out_of_range", "“{name}”应在 {low} 到 {high} 之间，现在是 {seen}。", "{hint}"),
    error("cell.not_whole", "“{name}”应为整数，现在是 {seen}。", "请填写整数。"),
    error(
        "cell.too_many_decimals",
        "“{name}”最多保留 {decimals} 位小数，现在是 {seen}。",
        "请按 {decimals} 位小数填写。",
    ),
    error(
        "cell.formula_without_value",
        "“{name}”是公式，但没有保存计算结果。",
        "请用 Excel 或 WPS 打开、保存一次，或改成直接填写数值。",
    ),
    error("cell.error_value", "“{name}”是错误值 {seen}。", "请改成正确的数值；确实没有填0。"),
    error(
        "cell.ambiguous_percent",
        "“{name}”看不出 {seen} 是百分数还是小数。",
        "请把整列写成“45.3%”这样的百分数。",
    ),
    error(
        "cell.too_many_points",
        "“{name}”最高 {full} 分，现在是 {seen}。",
        "{hint}",
    ),
    error(
        "cell.not_text",
        "“{name}”应为文字，现在被识别成了“{seen}”。",
        "请把单元格格式改为“文本”后重新填写。",
    ),
    error("cell.not_a_choice", "“{name}”只能从下拉选项中选择，现在是“{seen}”。", "可选：{choices}。"),
    error("cell.not_a_date", "“{name}”应为日期，现在是“{seen}”。", "请填成“2026-12-05”这样的日期。"),
    error("cell.too_long", "“{name}”的内容太长（{length} 字）。", "请精简到 {limit} 字以内。"),
    error("cell.unreadable", "“{name}”里有无法识别的字符。", "请删除后重新输入。"),
    error(
        "cell.duplicate",
        "同一个单元格在文件里出现了两次，读不出哪个是真的。",
        "请用 Excel 或 WPS 打开，核对后另存为 .xlsx。",
    ),
    error("cell.merged", "数据行里有合并单元格（{seen}）。", "请取消合并，每人一行、每格一个数。"),
    error(
        "cell.changed", "“{name}”应为“{expected}”，现在是“{seen}”。", "这一格由系统预填，请改回原来的内容。"
    ),
    error("row.check", "{say}。", "请核对这几格：{fields}。"),
    error("row.without_id", "这一行填了内容，但没有{whose}。", "请补上{whose}，或清空整行。"),
    error(
        "row.not_in_data", "{whose}“{id}”没有列在“{table}”里。", "请核对{whose}，或在“{table}”里补上这一行。"
    ),
    error(
        "row.missing",
        "“{data}”里的{name}（{id}）没有出现在“{table}”里。",
        "请在“{table}”里补上这一行。",
    ),
    error("row.empty", "{name}（{id}）这一行还没有填写。", "{hint}"),
    error(
        "mark.of_absent",
        "已选“逾期未评”，“{name}”却填了 {seen}。",
        "本人评过的请改选“本人已评”；没有评过的请清空分数。",
    ),
    error(
        "mark.no_evidence",
        "{name}（{id}）的{marks}要写明依据，这里没有写。",
        "请在这一格写清是哪一项、哪天、什么事（例如“{first}：3日的会话记录”）；没有依据的，请改评其他分数。",
    ),
    warning("row.hidden", "第 {rows} 行被隐藏或筛选掉了，但仍然计入考核。", "请确认这些行是要上报的。"),
    # Across the workbook
    warning("data.inconsistent", "{say}。", "请核对这几项数据是否取自同一口径。"),
    warning(
        "data.same_as_last_month",
        "这份数据与 {period} 完全相同的单元格很多（{share}）。",
        "请确认没有误用上月的文件。",
    ),
    warning("data.zero_for_unknown", "“{name}”整列都是 0。", "请确认确实没有发生，而不是尚未统计。"),
    warning(
        "data.self_marked_by_manager",
        "“{name}”在全部人员中自评与店长评分完全相同。",
        "自评应由员工本人填写，请确认。",
    ),
    warning(
        "data.manager_listed",
        "填表的店长“{name}”也在被考核的人员中。",
        "店长本人一般不列入本组；只是同名的，可不处理。",
    ),
    warning(
        "data.exported_early",
        "数据是 {date} 导出的，{period} 的最后几天可能还没有统计完。",
        "建议次月5日后重新导出再报。",
    ),
)
