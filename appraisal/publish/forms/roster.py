"""An example roster (花名册) to fill in: every column, what belongs into it, and whether it is needed."""

from __future__ import annotations

from datetime import date

from appraisal.intake.roster_file import ROSTER_FORM
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, print_on_a4, set_widths
from appraisal.publish.excel.input_cells import cell_style, guide
from appraisal.publish.excel.page import FormPage
from appraisal.publish.excel.styles import BOXED, HEADER, QUIET, TITLE
from appraisal.scheme.forms.cells import Need

_CREATED = date(2026, 1, 1)
_ROWS = 60
_WIDTH = 14.0
_EXAMPLES = (
    (
        "KF001",
        "张三",
        "旗舰店",
        "online-shop",
        date(2025, 3, 3),
        None,
        None,
        None,
        "客服专员",
        "星河旗舰店:小张",
    ),
    ("KF002", "李四", "旗舰店", "online-shop", date(2026, 11, 16), None, None, None, "客服专员", None),
)
_MEANINGS = {
    "工号": "一人一个，以后不变；前面有0的照写，如 007。",
    "姓名": "与上报表里写的一样。",
    "考核组": "一个组每月交一份上报表；同一组写同样的名称。",
    "考核方案": "方案的代号或名称，例如 online-shop；同一组写同样的。",
    "入职日期": "写成 2026-11-03。",
    "入组日期": "中途调入本组的写调入那天，否则留空。",
    "离组日期": "调出的写在原组的最后一天，再为新组另写一行；否则留空。",
    "离职日期": "最后工作日；在职的留空。不要删除离职人员的行。",
    "岗位": "印在绩效单和整改方案上，可以留空。",
    "账号": "接待用的子账号，几个之间用、隔开；上报表里写账号也认得出本人。",
}


def roster_example() -> bytes:
    """A workbook whose first sheet is a roster of two invented people; always the same bytes."""
    book = Book()
    _write_roster(book)
    _write_meanings(book)
    return book.finished(created=_CREATED)


def _write_roster(book: Book) -> None:
    sheet, columns = book.sheet(ROSTER_FORM.name), ROSTER_FORM.columns
    set_widths(sheet, [_WIDTH] * len(columns))
    sheet.set_default_row(theme.ROW_HEIGHT)
    sheet.set_row(0, theme.HEADER_HEIGHT)
    sheet.write_row(0, 0, [one.header for one in columns], book.style(**HEADER))
    for at, cell in enumerate(columns):
        style = cell_style(book, cell, locked=False)
        guide(sheet, (1, at, _ROWS, at), cell)
        for row in range(1, _ROWS + 1):
            value = _EXAMPLES[row - 1][at] if row <= len(_EXAMPLES) else None
            if isinstance(value, date):
                sheet.write_datetime(row, at, value, style)
            else:
                sheet.write(row, at, value or "", style)
    sheet.freeze_panes(1, 2)
    print_on_a4(sheet, title=ROSTER_FORM.name, landscape=True, repeat=(0, 0))


def _write_meanings(book: Book) -> None:
    page = FormPage(book, "怎么填", (14.0, 10.0, 70.0))
    page.sheet.set_default_row(theme.ROW_HEIGHT)
    page.line("花名册怎么填", TITLE, 30)
    page.line("把示例两行换成本公司的人，另存为 roster.xlsx，放在工作区文件夹里（和 inbox 并排）。", QUIET)
    page.next_row()
    page.headers(page.next_row(), ("列", "要不要填", "填什么"), HEADER)
    for cell in ROSTER_FORM.columns:
        row = page.next_row()
        page.put(row, (0, 0), cell.name, {**BOXED, "bold": True, "align": "center"})
        needed = "必填" if cell.need is Need.ALWAYS else "可留空"
        page.put(row, (1, 1), needed, {**BOXED, "align": "center"})
        page.put(row, (2, 2), _MEANINGS[cell.name], {**BOXED, "text_wrap": True})
    print_on_a4(page.sheet, title=ROSTER_FORM.name, landscape=True)
