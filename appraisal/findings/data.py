"""What can be wrong with people and figures: ids, names and the roster; across a workbook; in exports of shop software."""

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
        "建议次月5日起重新导出再报。",
    ),
)

PEOPLE_KINDS = (
    error(
        "staff.unknown",
        "花名册里没有{whose}“{id}”（{name}）{odd}。",
        "请核对{whose}；新加入的请先由人事列入花名册。",
    ),
    error(
        "staff.missing",
        "花名册中的{name}（{id}）没有出现在“{table}”里。",
        "请补上这一行；不参评的人员也要列出，并填写参评情况和情况说明。",
    ),
    error(
        "staff.duplicate",
        "{whose}“{id}”在本表出现了不止一次（{found}）。",
        "同一个人的请只保留一行；不是同一个人的，请改正{whose}。",
    ),
    error(
        "staff.name_mismatch",
        "{whose}“{id}”对应的{called}应为“{expected}”，表里写的是“{name}”{odd}。",
        "请核对这一行的{whose}和{called}，确认没有错行。",
    ),
    error(
        "staff.id_mismatch",
        "{called}为“{name}”的{whose}应为“{expected}”，这里写的是“{id}”{odd}。",
        "请改正这一格；其他工作表里写的“{expected}”不用改。",
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
        "请删除这一行，由“{group}”上报；花名册不对的，请人事更正。",
    ),
    error(
        "staff.ranked_elsewhere",
        "{name}（{id}）{period} 已经在“{group}”参加排名，同一个月只能在一个组排名。",
        "不在本组排名的，请把“参评情况”改选为“当月调动”等原因；应在本组排名的，请人事先更正“{group}”的上报。",
    ),
    error(
        "staff.appraised_elsewhere",
        "{name}（{id}）按花名册 {told}，{period} 由“{group}”考核，这里的“{column}”却是“参评”。",
        "请改选“{expected}”，并写明“情况说明”；花名册的日期不对的，请人事更正。",
    ),
    warning(
        "staff.part_of_month",
        "{name}（{id}）按花名册 {told}，“{column}”却是“参评”，会参加排名。",
        "不参评的请更正为“{expected}”；按规定照常参评的，可不处理；日期不对的，请人事更正花名册。",
    ),
    error("staff.none", "“{table}”里没有任何人员。", "请填写本组人员后再放入。"),
)

EXPORT_KINDS = (
    error(
        "export.not_a_table",
        "这个文件既不是 .xlsx 工作簿，也不是文字表格（.csv）。",
        "请在软件里重新导出为 Excel（.xlsx）或 CSV；旧格式的请用 Excel 另存为 .xlsx。",
    ),
    error(
        "export.quotes_unclear",
        "文件第 {line} 行第 {column} 格里有不成对的引号，分不清这一行的各格。",
        "请用记事本打开，去掉这一格里多余的引号，保存后再用一次。",
    ),
    error(
        "export.no_table",
        "没有找到客服数据的表头：要有一列客服（账号、姓名或工号），和至少一列认得的数据。",
        "请确认导出的是按客服统计的报表；列名不同的，请在规则文件里给字段加别名。",
    ),
    error(
        "export.two_columns",
        "有{count}列都可以当作“{name}”，内容不一样：{found}。",
        "请选定一列再导入：命令后加 --column {name}=列名（列名一样的写列号，例如 {name}=C列）；或在导出文件里只留一列。",
    ),
    error(
        "export.two_fields",
        "列“{header}”可以当作不止一项数据：{found}。",
        "请选定一项再导入：命令后加 --column 数据名称={header}；或把这一列的列名改成其中一项的名称。",
    ),
    error(
        "export.clock_unclear",
        "“{header}”里有“1:23”这样的写法，分不清是分:秒还是时:分。",
        "请在表头写明（分:秒）再导入，例如“{name}（分:秒）”；或改成秒数。",
    ),
    warning(
        "export.clock_read",
        "“{header}”里“1:23”这样的写法按分:秒读：按时:分读就超出了允许的范围。",
        "如果不是，请改成秒数再导入。",
    ),
    error(
        "export.not_ready",
        "“{name}”还是“{seen}”，软件没有统计完。",
        "请次月5日起重新导出，再导入。",
    ),
    error(
        "export.other_month",
        "导出里写的时间是“{seen}”，不是 {period}。",
        "请重新导出考核月份的数据，或核对 --period；只是名称写错了的，改正名称后再导入。",
    ),
    error(
        "export.day_unclear",
        "“{seen}”看不出是哪一天，也看不出是不是整个月。",
        "请把日期写完整（例如 2026-11-01）；整月的数据请写月份（例如 2026年11月）。再导入。",
    ),
    error(
        "export.made_later",
        "导出文件里写的导出日期是 {made_on}，比今天（{today}）还晚。",
        "请核对文件里的日期和这台电脑的日期，改正后再导入。",
    ),
    warning(
        "export.part_of_month",
        "导出里写的时间是“{seen}”，不是整个 {period}。",
        "请确认只要这一段；要整月的，请重新导出。",
    ),
    error(
        "export.row_without_person",
        "第 {rows} 行有数据，却没有写是谁的。",
        "请在每一行补齐账号、姓名或工号（数据透视表：设计→报表布局→重复所有项目标签）；是合计的，请在这一行写上“合计”。再导入。",
    ),
    warning(
        "export.carried_down",
        "第 {rows} 行没有写是谁的，按上面一行的人读：和这个人的小计相符。",
        "请核对；不是的，请在每一行写明账号、姓名或工号，再导入。",
    ),
    error(
        "export.more_than_header",
        "第 {rows} 行的格数比表头（{header} 格）多，后面的数可能错了列。",
        "数字里的千分位逗号会被当成分隔符：请重新导出为 Excel（.xlsx），或去掉数字里的逗号，再导入。",
    ),
    warning(
        "export.hidden",
        "{what}被隐藏了，但仍然读入。",
        "请取消隐藏或筛选，确认这些数据是要导入的；不要的请删除后再导入。",
    ),
    warning(
        "export.struck",
        "第 {rows} 行有划了删除线的内容，但仍然读入。",
        "不要的请删除；要的请去掉删除线。再导入。",
    ),
    error(
        "export.row_twice",
        "“{who}”{day}的数据出现了两次（第 {first} 行和第 {second} 行）。",
        "请只保留正确的一行，再导入。",
    ),
    error(
        "export.conflict",
        "{who}的“{name}”在两份导出里不一样：{one} 和 {other}。",
        "请核对口径，只保留应填的一份，再导入。",
    ),
    warning(
        "export.not_averaged",
        "{who}的“{name}”有{rows}，比率和平均数不能相加、也不能再平均，没有填入。",
        "请按整月、按人导出一次，或手工填写；可以加权平均的，在规则文件里给字段写 weighted_by。",
    ),
    warning(
        "export.no_weight",
        "{who}的“{name}”有{rows}，要按“{weight}”加权平均，但不是每一行都有“{weight}”，没有填入。",
        "请连同“{weight}”一起导出，或按整月、按人导出一次，或手工填写。",
    ),
    warning(
        "export.not_one_target",
        "{who}的“{name}”在各行里不一样：{told}。全月只有一个数，不能相加，没有填入。",
        "请核对，手工填写。",
    ),
    warning(
        "export.gap_in_rows",
        "{who}的“{name}”在{count}行里有空缺，合计不完整，没有填入。",
        "空缺不等于0：请补齐后再导入，或手工填写。",
    ),
    warning(
        "export.summed",
        "{who}的{rows}已合并：人数、单数、金额相加{averages}。",
        "请核对；同一顾客跨天来访的会重复计数。",
    ),
    warning(
        "export.unknown_person",
        "没有放进去：“{who}”{why}。",
        "请核对花名册的“账号”列；确实是本组人员的，把这个账号加到那一列再导入。",
    ),
    warning(
        "export.unused", "没有用到的列：{found}。", "不需要的可以不管；需要的请在规则文件里给字段加别名。"
    ),
    error(
        "export.unit_unclear",
        "“{name}”的单位写的是“{seen}”，系统不知道怎样换算。",
        "请换算成认得的单位（元、万元，秒、分钟，人、单），改好表头里的单位，再导入。",
    ),
    error(
        "export.units_differ",
        "“{name}”的单位有不同的写法：{seen}，看不出以哪个为准。",
        "请在导出文件里只保留正确的一个单位，再导入。",
    ),
    warning(
        "export.qualified",
        "“{name}”的表头里还写着“{seen}”，仍按“{name}”填入。",
        "请核对口径；如果是另一项数据，请在命令后加 --column {name}=列名，选定正确的一列，再导入。",
    ),
    warning(
        "export.unit_assumed",
        "“{header}”的表头没有写单位，按{unit}读。",
        "如果不是，请在表头写明单位再导入。",
    ),
    warning(
        "export.total_differs",
        "“{name}”各行相加是 {sum}，导出里的{called}是 {total}。",
        "请确认没有漏掉人员，也没有重复计算；人数按顾客去重的，合计可以小一些。",
    ),
)
