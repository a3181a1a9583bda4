"""What is wrong, or only unlikely, across the figures of a workbook."""

from __future__ import annotations

from appraisal.findings.kind import error, warning

DATA_KINDS = (
    warning("data.inconsistent", "{say}。", "请核对这几项数据是否取自同一口径。"),
    warning(
        "data.same_as_last_month",
        "这份数据与 {period} 完全相同的单元格很多（{share}）。",
        "请确认没有误用那个月的文件。",
    ),
    warning(
        "data.unlike_own",
        "“{name}”是 {seen}，{who}（{id}）以前是 {usual}，相差约{times}倍{guess}。",
        "请核对这一格；确实如此的，可不处理。",
    ),
    warning(
        "data.unlike_group",
        "“{name}”是 {seen}，同组的人多在 {usual} 之间，相差约{times}倍{guess}。",
        "请核对这一格；确实如此的，可不处理。",
    ),
    warning(
        "data.column_unlike_before",
        "“{name}”这一列有{count}人的数和以前相差约{times}倍{guess}。例如{who}（{id}）是 {seen}，以前是 {usual}。",
        "请核对这一列的单位和口径；确实如此的，可不处理。",
    ),
    warning(
        "data.cells_swapped",
        "{who}（{id}）的“{name}”是 {seen}、“{other}”是 {other_seen}，以前是 {usual} 和 {other_usual}，像是填颠倒了。",
        "请核对这两格；确实如此的，可不处理。",
    ),
    warning(
        "data.columns_swapped",
        "“{name}”和“{other}”这两列像是填颠倒了，有{count}人的数和以前正好相反。"
        "例如{who}（{id}）是 {seen} 和 {other_seen}，以前是 {usual} 和 {other_usual}。",
        "请核对这两列；确实如此的，可不处理。",
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
    error(
        "data.exported_later",
        "“{name}”是 {date}，比今天（{today}）还晚。",
        "请改成实际导出数据的日期。",
    ),
    warning(
        "data.exported_early",
        "数据是 {date} 导出的，{period} 的最后几天可能还没有统计完。",
        "建议次月5日后重新导出再报。",
    ),
)
