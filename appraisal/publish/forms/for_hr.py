"""The forms that HR hands out and takes back: 签收表 with 签收登记 of a group, 人事办理单, and the roster (花名册)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import cycle, islice

from appraisal.intake.roster import Contacts, StaffMember, as_cells
from appraisal.intake.roster_file import ROSTER_FORM
from appraisal.period import Period
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, meta_choices, set_widths, write_meta
from appraisal.publish.excel.form_page import FormPage, cell_style, guide
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.excel.styles import BOXED, HEADER, QUIET, TITLE, Style
from appraisal.publish.month import Month
from appraisal.publish.word.blocks import blocks_as_word
from appraisal.publish.wording import document_date
from appraisal.scheme.describe.document import Block, Heading, Paragraph, Signatures, TableBlock
from appraisal.scheme.forms import acknowledgement
from appraisal.scheme.forms import hr_acts as acts
from appraisal.scheme.forms.cells import Need, SheetForm
from appraisal.scheme.forms.personal import REVISION
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.workspace.names import HR_FOLDER

# --------------------------- 签收表 to print and sign, 签收登记 to fill in: the same people and papers

_REGISTER_WIDTHS = (12, 11, 12, 11, 13, 14, 13, 11, 28)
_REGISTER_PLACES = ((0, (1, 2)), (3, (4, 5)), (6, (7, 8)))
_EMPTY_REGISTER_ROWS = 8
"""For what else is handed over."""

_REGISTER_LEADS = (
    "请让每个人在签收表（打印的那张）上签名；送到、签收、拒签的情况填在这里，填好放入收件夹。",
    f"可以分几次放，没有填的行不算。签好的原件交人事存档；扫描件由人事放入收件夹的“{HR_FOLDER}”文件夹，文件名写成 {acknowledgement.FOLDER}_考核组_月份。",
)


@dataclass(frozen=True, slots=True)
class PapersToSign:
    """What the people of a group's revision are handed and sign for, each as 工号, 姓名 and 材料.

    `about` says when and how it was issued, `signers` who signs below the list.
    """

    company: str
    group: str
    period: Period
    revision: int
    made_on: date
    about: str
    signers: tuple[str, ...]
    papers: tuple[tuple[str, str, str], ...]


def handover_of(month: Month) -> PapersToSign:
    """The papers that an issued month comes with: the slip for everybody, the plan for those who owe one."""
    result = month.result
    owe = {outcome.staff for outcome in result.outcomes if outcome.type is OutcomeType.RECTIFICATION}
    slip, plan = (
        acknowledgement.PAPER_NAMES[acknowledgement.AcknowledgedPaper.SLIP],
        acknowledgement.PAPER_NAMES[acknowledgement.AcknowledgedPaper.PLAN],
    )
    number = f"，第{result.revision}版" if result.revision > 1 else ""
    return PapersToSign(
        company=month.settings.company,
        group=result.group,
        period=result.period,
        revision=result.revision,
        made_on=result.issued,
        about=f"{document_date(result.issued)}下发{number}",
        signers=(month.scheme.superior, "人事"),
        papers=tuple(
            (person.id, person.name, paper)
            for person in result.staff
            for paper in (slip, plan)
            if paper == slip or person.id in owe
        ),
    )


def signature_list(handover: PapersToSign) -> bytes:
    """The list to be signed by hand; the same papers give the same bytes."""
    header = (
        STAFF_ID,
        STAFF_NAME,
        acknowledgement.PAPER,
        acknowledgement.CHANNEL,
        acknowledgement.DELIVERED_ON,
        "本人签名",
        "日期",
        acknowledgement.REMARK,
    )
    rows = tuple((*known, "", "", "", "", "") for known in handover.papers)
    blocks: list[Block] = [
        Heading(1, f"{handover.period.in_words}考核材料{acknowledgement.LIST}"),
        Paragraph(f"{handover.company}　{handover.group}　{handover.about}"),
        TableBlock(header, rows, to_sign=True),
        Paragraph(f"{acknowledgement.NOTE}本人不愿签收的，在备注里写明“拒签”，并由见证人签名。"),
        Signatures(handover.signers),
    ]
    return blocks_as_word(blocks, created=handover.made_on)


def register_workbook(handover: PapersToSign) -> bytes:
    """The register of the papers to sign for, recognised by its hidden sheet when it comes back."""
    book = Book()
    page = FormPage(book, acknowledgement.REGISTER, _REGISTER_WIDTHS)
    page.line(f"{handover.period.in_words}考核材料{acknowledgement.REGISTER}", TITLE, 30)
    for lead in _REGISTER_LEADS:
        page.paragraph(lead, {**QUIET, "text_wrap": True})
    labels = {
        GROUP: handover.group,
        PERIOD: str(handover.period),
        REVISION: f"第{handover.revision}版",
    }
    page.labelled(acknowledgement.LABELS, labels, height=22, places=_REGISTER_PLACES)
    page.gap()
    page.headers(
        page.next_row(theme.HEADER_HEIGHT), [cell.header for cell in acknowledgement.COLUMNS], HEADER
    )
    page.sheet.freeze_panes(page.row, 2)
    first = page.row
    for known in (*handover.papers, *[()] * _EMPTY_REGISTER_ROWS):
        row = page.next_row(theme.ROW_HEIGHT)
        for column, cell in enumerate(acknowledgement.COLUMNS):
            value = known[column] if column < len(known) else ""
            page.sheet.write(row, column, value, cell_style(book, cell, locked=bool(value)))
    for column, cell in enumerate(acknowledgement.COLUMNS):
        guide(page.sheet, (first, column, page.row - 1, column), cell)
    page.line(acknowledgement.NOTE, QUIET, 22)
    page.finish(f"{handover.group} {handover.period} {acknowledgement.REGISTER}", landscape=True)
    write_meta(
        book,
        {
            "kind": acknowledgement.ACKNOWLEDGEMENTS,
            "version": 1,
            "group": handover.group,
            "period": str(handover.period),
            "revision": str(handover.revision),
        },
    )
    return book.finished(created=handover.made_on)


# --------------------------------------------------------- 人事办理单: HR asks for its acts, one a row

ACT_ROWS = 15
"""Empty rows: more than a month of several groups needs."""

_ACTS_CREATED = date(2020, 1, 1)
"""The blank is the same at all times, so its core properties tell no other day."""

_ACT_WIDTHS = {
    GROUP: 18.0, PERIOD: 11.0, acts.ACT: 11.0, STAFF_ID: 10.0, acts.OUTCOME: 11.0, acts.DECISION: 10.0, acts.ITEM: 7.0,
    acts.DOCUMENT_NUMBER: 20.0, acts.ACTED_ON: 12.0, acts.REASON: 34.0, acts.ACTED_BY: 10.0,
    acts.FORCED: 10.0,
}  # fmt: skip

_LEAD: Style = {"text_wrap": True, "valign": "top"}
_MEANING: Style = {
    **BOXED,
    "text_wrap": True,
    "font_size": theme.NOTE_SIZE,
    "bg_color": theme.hexed(theme.GREY_FAINT),
}
_NAME: Style = {**_MEANING, "bold": True, "align": "center"}

_ACT_LEADS = (
    "每行办一件，填好后放入收件夹的“人事”文件夹；放在别处的不办理，会退回。",
    "几件可以填在一张单上，从上到下依次办理；有一格填错，整张单退回，一件也不办。灰色的示例行不办理，不用删。",
)

_EXAMPLE_ACTS: tuple[Mapping[str, str | date], ...] = (
    {
        GROUP: f"{acts.EXAMPLE}旗舰店",
        PERIOD: "2026-11",
        acts.ACT: acts.ACT_NAMES[acts.ActKind.ISSUE],
        acts.DOCUMENT_NUMBER: "人事〔2026〕12号",
        acts.ACTED_ON: date(2026, 12, 3),
        acts.ACTED_BY: "刘芳",
    },
    {
        GROUP: f"{acts.EXAMPLE}旗舰店",
        PERIOD: "2026-11",
        acts.ACT: acts.ACT_NAMES[acts.ActKind.DECIDE],
        STAFF_ID: "KF009",
        acts.OUTCOME: acts.OUTCOME_SHORT_NAMES[OutcomeType.DEDUCT],
        acts.DECISION: acts.DECISION_NAMES[acts.OutcomeDecision.WAIVE],
        acts.ACTED_ON: date(2026, 12, 8),
        acts.REASON: "两人末位并列，经研究本月不作调整",
        acts.ACTED_BY: "刘芳",
    },
)


@lru_cache(maxsize=4)
def acts_workbook(groups: tuple[str, ...] = ()) -> bytes:
    """The blank for HR with these groups to choose from; the same bytes for the same groups."""
    form = acts.hr_acts_form()
    book = Book()
    _write_acts(book, form.main, groups)
    choices = (acts.EVERY_GROUP, *groups) if groups else ()
    write_meta(book, {"kind": acts.META_KIND, "version": form.version}, choices)
    return book.finished(created=_ACTS_CREATED)


def _write_acts(book: Book, form: SheetForm, groups: Sequence[str]) -> None:
    page = FormPage(book, form.name, [_ACT_WIDTHS[cell.name] for cell in form.columns])
    page.paragraph(acts.ACTS_SHEET, TITLE, 30)
    for lead in _ACT_LEADS:
        page.paragraph(lead, _LEAD, 18)
    page.gap(6)
    for act in acts.ACTS:
        row = page.next_row(6 + page.height_of(act.meaning, 1))
        page.put(row, (0, 0), act.name, _NAME)
        page.put(row, page.from_column(1), act.meaning, _MEANING)
    page.gap(6)
    page.headers(page.next_row(theme.HEADER_HEIGHT), [cell.header for cell in form.columns], HEADER)
    page.sheet.freeze_panes(page.row, 0)
    for example in _EXAMPLE_ACTS:
        row = page.next_row(theme.ROW_HEIGHT)
        for column, cell in enumerate(form.columns):
            page.sheet.write(row, column, example.get(cell.name, ""), cell_style(book, cell, locked=True))
    _empty_acts(page, form, groups)
    page.finish(acts.ACTS_SHEET, landscape=True)


def _empty_acts(page: FormPage, form: SheetForm, groups: Sequence[str]) -> None:
    first = page.row
    for _ in range(ACT_ROWS):
        row = page.next_row(theme.ROW_HEIGHT)
        for column, cell in enumerate(form.columns):
            page.sheet.write_blank(row, column, None, cell_style(page.book, cell, locked=False))
    for column, cell in enumerate(form.columns):
        source = meta_choices(1 + len(groups)) if groups and cell.name == GROUP else None
        guide(page.sheet, (first, column, page.row - 1, column), cell, source=source)


# ---------------------------------------------------------------------- 花名册 to fill in or to change

_ROSTER_CREATED = date(2026, 1, 1)
_SPARE_ROWS = 58
_ROSTER_WIDTH = 14.0
_ROSTER_WIDTHS = {"邮箱": 28.0, "账号": 20.0}
_EXAMPLE_NAMES = ("张三", "李四", "王五", "赵六", "钱七", "孙八")
"""Of invented people, as many as the example has."""
_ROSTER_MEANINGS = {
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
            zip(_EXAMPLE_NAMES, islice(cycle(groups.items()), max(2, len(groups))), strict=False), start=1
        )
    ]
    invented[0] = replace(
        invented[0], accounts=("星河旗舰店:小张",), contacts=Contacts(mail="zhangsan@example.com")
    )
    return roster_workbook(
        invented, "把示例的人换成本公司的人，另存为 roster.xlsx，放在工作区文件夹里（和 inbox 并排）。"
    )


_CHANGING = (
    "改好、存盘，放进收件夹的“人事”文件夹（inbox/人事）：系统先列出改了什么，再换上；原来的一份会留着。"
)


def roster_workbook(members: Sequence[StaffMember], what_next: str = _CHANGING) -> bytes:
    """The people in the form of a roster, in their order, with room for more; `what_next` says what to do with it."""
    book = Book()
    _write_roster(book, members)
    _write_meanings(book, what_next)
    return book.finished(created=_ROSTER_CREATED)


def _write_roster(book: Book, members: Sequence[StaffMember]) -> None:
    sheet, columns = book.sheet(ROSTER_FORM.name), ROSTER_FORM.columns
    set_widths(sheet, [_ROSTER_WIDTHS.get(cell.name, _ROSTER_WIDTH) for cell in columns])
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
        page.put(row, (2, 2), _ROSTER_MEANINGS[cell.name], {**BOXED, "text_wrap": True})
    print_on_a4(page.sheet, title=ROSTER_FORM.name, landscape=True)
