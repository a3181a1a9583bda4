"""What can be wrong with a file as a whole."""

from __future__ import annotations

from appraisal.finding_kinds.kind import error

KINDS = (
    # The file as a whole
    error(
        "workbook.not_xlsx",
        "这个文件是{actual}，不是 .xlsx 工作簿。",
        "请用 Excel 或 WPS 打开，“另存为”选择“Excel 工作簿（*.xlsx）”，再放入共享文件夹。",
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
    error("workbook.incomplete", "文件没有复制完整。", "请等复制结束，或重新复制一次。"),
    error(
        "workbook.macro", "工作簿里带有宏（{detail}）。", "请另存为不含宏的“Excel 工作簿（*.xlsx）”，再放入。"
    ),
    error(
        "workbook.active_content", "工作簿里带有{detail}。", "请删除后只保留填写内容，另存为 .xlsx 再放入。"
    ),
    error(
        "workbook.too_large",
        "工作簿太大（{detail}）。",
        "请用下发的空白上报表重新粘贴数据（只粘贴数值）后再放入。",
    ),
    error(
        "workbook.zip_bomb",
        "工作簿解压后大得不正常（{detail}），为安全起见没有打开。",
        "请用下发的空白上报表重新填写。",
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
        "工作簿在上报表范围之外的单元格里有内容（{detail}）。",
        "请删除表格以外的内容后保存，再放入。",
    ),
    error(
        "workbook.timeout",
        "打开这个工作簿超过了时间或内存限制。",
        "请用下发的空白上报表重新粘贴数据（只粘贴数值）后再放入。",
    ),
    error(
        "workbook.unrecognised",
        "没有认出这是哪一种考核上报表。",
        "请使用下发的空白上报表填写，不要改动工作表名称和表头。",
    ),
)
