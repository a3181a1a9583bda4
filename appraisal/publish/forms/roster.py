"""A roster (花名册) to fill in or to change: every column, what belongs into it, and whether it is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice

from appraisal.intake.roster import Contacts, StaffMember, as_cells
from appraisal.intake.roster_file import ROSTER_FORM
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, print_on_a4, set_widths
from appraisal.publish.excel.form_page import FormPage, cell_style, guide
from appraisal.publish.excel.styles import BOXED, HEADER, QUIET, TITLE
from appraisal.scheme.forms.cells import Need

_CREATED = date(2026, 1, 1)
_SPARE_ROWS = 58
_WIDTH = 14.0
_WIDTHS = {"邮箱": 28.0, "账号": 20.0}
_NAMES = ("张三", "李四", "王五", "赵六", "钱七", "孙八")
"""Of invented people, as many as the example has."""
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
    "邮箱": "绩效单只发到本人这个地址；一人一个，不知道就留空。",
    "手机": "只写数字。",
    "企业微信": "企业微信里的账号（userid）。",
    "钉钉": "钉钉里的 userid。",
    "飞书": "飞书里的 user_id。",
}


def roster_example(groups: Mapping[str, str]) -> bytes:
    """A roster of two invented people, or one of each group, given with its scheme's id; always the same bytes."""
    invented = [
        StaffMember(
            id=f"KF{number:03}",
            name=name,
            group=group,
            scheme=scheme,
            joined=date(2025, 3, 3),
            post="客服专员",
        )
        for number, (name, (group, scheme)) in enumerate(
            zip(_NAMES, islice(cycle(groups.items()), max(2, len(groups))), strict=False), start=1
        )
    ]
    invented[0] = replace(
        invented[0], accounts=("星河旗舰店:小张",), contacts=Contacts(mail="zhangsan@example.com")
    )
    return roster_workbook(
        invented, "把示例的人换成本公司的人，另存为 roster.xlsx，放在工作区文件夹里（和 inbox 并排）。"
    )


CHANGING = (
    "改好、存盘，放进收件夹的“人事”文件夹（inbox/人事）：系统先列出改了什么，再换上；原来的一份会留着。"
)


def roster_workbook(members: Sequence[StaffMember], what_next: str = CHANGING) -> bytes:
    """The people in the form of a roster, in their order, with room for more; `what_next` says what to do with it."""
    book = Book()
    _write_roster(book, members)
    _write_meanings(book, what_next)
    return book.finished(created=_CREATED)


def _write_roster(book: Book, members: Sequence[StaffMember]) -> None:
    sheet, columns = book.sheet(ROSTER_FORM.name), ROSTER_FORM.columns
    set_widths(sheet, [_WIDTHS.get(cell.name, _WIDTH) for cell in columns])
    sheet.set_default_row(theme.ROW_HEIGHT)
    sheet.set_row(0, theme.HEADER_HEIGHT)
    sheet.write_row(0, 0, [cell.header for cell in columns], book.style(**HEADER))
    people, last = [as_cells(member) for member in members], len(members) + _SPARE_ROWS
    for column, cell in enumerate(columns):
        style = cell_style(book, cell, locked=False)
        guide(sheet, (1, column, last, column), cell)
        for row in range(1, last + 1):
            value = people[row - 1][cell.name] if row <= len(people) else None
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, style)
            else:
                sheet.write(row, column, value or "", style)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    print_on_a4(sheet, title=ROSTER_FORM.name, landscape=True, repeat=(0, 0))


def _write_meanings(book: Book, what_next: str) -> None:
    page = FormPage(book, "怎么填", (14.0, 10.0, 70.0))
    page.sheet.set_default_row(theme.ROW_HEIGHT)
    page.line("花名册怎么填", TITLE, 30)
    page.line(what_next, QUIET)
    page.next_row()
    page.headers(page.next_row(), ("列", "要不要填", "填什么"), HEADER)
    for cell in ROSTER_FORM.columns:
        row = page.next_row()
        page.put(row, (0, 0), cell.name, {**BOXED, "bold": True, "align": "center"})
        needed = "必填" if cell.need is Need.ALWAYS else "可留空"
        page.put(row, (1, 1), needed, {**BOXED, "align": "center"})
        page.put(row, (2, 2), _MEANINGS[cell.name], {**BOXED, "text_wrap": True})
    print_on_a4(page.sheet, title=ROSTER_FORM.name, landscape=True)
