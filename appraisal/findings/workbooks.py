"""What can be wrong in cells and rows, with a file as a whole, with sheets and headers, and whose month it is."""

from __future__ import annotations

from appraisal.findings.kind import error, warning

CELL_KINDS = (
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
        "请用 Excel 或 WPS 打开、保存一次，或去掉公式，直接填写。",
    ),
    error("cell.error_value", "“{name}”是错误值 {seen}。", "{hint}"),
    error(
        "cell.stale_formula",
        "“{name}”是公式，文件里存的结果是 {seen}。",
        "请用 Excel 或 WPS 打开，核对后保存一次，再放入。",
    ),
    error(
        "cell.unchecked_formula",
        "“{name}”是公式，文件注明还没有重新计算，存的结果是 {seen}。",
        "请用 Excel 或 WPS 打开、保存一次，再放入。",
    ),
    error(
        "cell.picture",
        "“{name}”放的是图片，系统读不出图片里的内容。",
        "{hint}图片请自行保存备查。",
    ),
    error(
        "cell.shown_otherwise",
        "“{name}”显示的是“{seen}”，单元格里存的却是 {stored}，看不出以哪个为准。",
        "请把单元格格式改为“常规”，再填写要报的内容。",
    ),
    error(
        "cell.looks_like_time",
        "“{name}”现在是 {seen}，像是时间 {clock} 被改成了常规格式。",
        "请填写{unit}数。",
    ),
    error(
        "cell.mixed_look",
        "“{name}”现在是“{seen}”，其中{look}，看不出哪些算数。",
        "请清空这一格，只填写要报的内容。",
    ),
    warning(
        "cell.partly_struck",
        "“{name}”里有一部分文字划了删除线，仍会一起采用。",
        "不要的文字请删除后再报。",
    ),
    warning(
        "cell.struck",
        "“{name}”（{seen}）划了删除线，但仍然计入考核。",
        "不要的请改正或清空；要的请去掉删除线。",
    ),
    warning(
        "row.struck",
        "第 {row} 行整行划了删除线，但仍然计入考核。",
        "不参评的请改选参评情况；要删去的请删除整行；要的请去掉删除线。",
    ),
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
        "cell.changed",
        "“{name}”应为“{expected}”，现在是“{seen}”{odd}。",
        "这一格由系统预填，请改回原来的内容。",
    ),
    error("row.check", "{say}。", "请核对这几格：{fields}。"),
    error("row.without_id", "这一行填了内容，但没有{whose}。", "请补上{whose}，或清空整行。"),
    error(
        "row.not_in_data",
        "{whose}“{id}”没有列在“{table}”里{odd}。",
        "请核对{whose}，或在“{table}”里补上这一行。",
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
    warning(
        "row.hidden",
        "第 {rows} 行被隐藏或筛选掉了，但仍然计入考核{blank}。",
        "请取消隐藏，确认这些行是要上报的。",
    ),
    warning("column.hidden", "{columns}被隐藏了，但仍然计入考核{blank}。", "请取消隐藏，核对这些列的数据。"),
)

FILE_KINDS = (
    # A file that is not looked into yet
    warning("file.arriving", "文件刚放进来，或还在复制。", "不用做什么，放好后下一次就处理。"),
    warning("file.in_use", "文件正被人打开着。", "请保存并关闭，关闭后下一次就处理。"),
    warning(
        "file.looks_incomplete",
        "文件看起来没有复制完整，等到 {until}。",
        "还在复制的不用管；复制断了的，请重新复制一次。到时还不完整就退回。",
    ),
    warning(
        "file.looks_empty",
        "文件看起来是空的，等到 {until}。",
        "还在复制的不用管；复制断了的，请重新复制一次。到时还是空的就退回。",
    ),
    # The file as a whole
    error(
        "workbook.not_xlsx",
        "这个文件是{actual}，不是 .xlsx 工作簿。",
        "{instead}",
    ),
    error(
        "workbook.own_paper",
        "这是系统发出的“{what}”，不是要报送的表。",
        "{instead}",
    ),
    error(
        "workbook.encrypted",
        "工作簿设了打开密码，无法读取。",
        "请在 Excel 或 WPS 中取消密码后重新保存，再放入。",
    ),
    error(
        "workbook.corrupt",
        "工作簿已损坏或没有复制完整（{detail}）。",
        "请在自己的电脑上确认能正常打开，另存一份 .xlsx 后重新放入。",
    ),
    error("workbook.empty", "文件是空的（0 字节）。", "请重新复制一次完整的文件。"),
    error("workbook.incomplete", "文件没有复制完整。", "请重新复制一次完整的文件。"),
    error(
        "workbook.macro", "工作簿里带有宏（{detail}）。", "请另存为不含宏的“Excel 工作簿（*.xlsx）”，再放入。"
    ),
    error(
        "workbook.active_content",
        "工作簿里带有{detail}。",
        "请删除后另存为 .xlsx 再放入；不会删除的，请把填好的数值粘贴到下发的空白表里。",
    ),
    error(
        "workbook.too_large",
        "工作簿太大（{detail}）。",
        "请在下发的空白表里重新粘贴数据（只粘贴数值）后再放入。",
    ),
    error(
        "workbook.zip_bomb",
        "工作簿解压后大得不正常（{detail}），为安全起见没有打开。",
        "请在下发的空白表里重新填写。",
    ),
    error(
        "workbook.unsafe_xml",
        "工作簿里含有文档类型定义（DTD），为安全起见没有打开。",
        "请用 Excel 或 WPS 打开后另存为 .xlsx 再放入。",
    ),
    error(
        "workbook.ambiguous",
        "工作簿内部结构有歧义（{detail}），不同软件会读出不同的数。",
        "请用 Excel 或 WPS 打开，核对后另存为 .xlsx 再放入。",
    ),
    error(
        "workbook.strict",
        "工作簿是“Strict Open XML”格式。",
        "请“另存为”选择普通的“Excel 工作簿（*.xlsx）”，再放入。",
    ),
    error(
        "workbook.outside_form",
        "工作簿在表格范围之外的单元格里有内容（{detail}）。",
        "请删除表格以外的内容后保存，再放入。",
    ),
    error(
        "workbook.timeout",
        "打开这个工作簿超过了时间或内存限制。",
        "请在下发的空白表里重新粘贴数据（只粘贴数值）后再放入。",
    ),
    error(
        "workbook.unrecognised",
        "没有认出这是哪一种表。",
        "请使用下发的表填写，不要改动工作表名称和表头。",
    ),
)

SUBMISSION_KINDS = (
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
    error(
        "header.unit_unclear",
        "“{name}”的单位写的是“{seen}”，系统不知道怎样换算。",
        "请换算成空白上报表上印的单位，并把表头改回原样。",
    ),
    error(
        "header.units_differ",
        "“{name}”的单位有不同的写法：{seen}，看不出以哪个为准。",
        "请只保留正确的一个单位，再核对这一列的数。",
    ),
    warning(
        "header.qualified",
        "“{name}”的表头里还写着“{seen}”，仍按“{name}”采用。",
        "如果是另一项数据，请换成正确的数据，并把表头改回原样。",
    ),
    # Whose month
    error("group.missing", "没有填写考核组。", "请在“考核组”右侧填写本组名称。"),
    error("group.unknown", "花名册里没有考核组“{group}”{odd}。", "请填写花名册中的名称：{known}。"),
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
    error(
        "group.file_name",
        "文件名里写的是“{seen}”，表里的考核组却是“{group}”，看不出以哪个为准。",
        "请核对：考核组填错的请改正，文件名不对的请改名，再放入。",
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
    error(
        "period.file_name",
        "文件名里写的是 {seen}，表里的考核月份却是 {period}，看不出以哪个为准。",
        "请核对：月份填错的请改正，文件名不对的请改名，再放入。",
    ),
    error("period.future", "考核月份 {period} 还没有到。", "请填写已经结束的月份。"),
    error("period.closed", "{period} 已经关账，不再接收上报。", "如确需更正，请联系人事重新开放。"),
    error(
        "period.issued",
        "{period} 的通报已于 {date} 下发，不能直接覆盖。",
        "如需更正，请把“报送性质”选为“更正报送”并写明“更正原因”后再放入，由人事同意后生效。",
    ),
    warning("period.unfinished", "{period} 还没有结束，数据可能不完整。", "建议次月5日起导出完整数据再报。"),
    error(
        "scheme.unknown",
        "这份表是按考核方案“{scheme}”做的，这里没有这个方案。",
        "请改用人事下发的本组空白表；应该有这个方案的，请管理员核对规则文件（现有：{known}）。",
    ),
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
)
