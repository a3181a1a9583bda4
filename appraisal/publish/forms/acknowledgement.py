"""签收表 to print and sign, 签收登记 to fill in and drop: the same people and papers in both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appraisal.period import Period
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book, write_meta
from appraisal.publish.excel.form_page import FormPage, cell_style, guide
from appraisal.publish.excel.styles import HEADER, QUIET, TITLE
from appraisal.publish.month import Month
from appraisal.publish.word.blocks import blocks_paper
from appraisal.publish.wording import plain_date
from appraisal.scheme.describe.document import Block, Heading, Paragraph, Signatures, TableBlock
from appraisal.scheme.forms import acknowledgement as form
from appraisal.scheme.forms.appeal import REVISION
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.workspace.names import HR_FOLDER

_WIDTHS = (12, 11, 12, 11, 13, 14, 13, 11, 28)
_PLACES = ((0, (1, 2)), (3, (4, 5)), (6, (7, 8)))
_EMPTY_ROWS = 8
"""For what else is handed over."""

_LEADS = (
    "请让每个人在签收表（打印的那张）上签名；送到、签收、拒签的情况填在这里，填好放入收件夹。",
    f"可以分几次放，没有填的行不算。签好的原件交人事存档；扫描件由人事放入收件夹的“{HR_FOLDER}”文件夹，文件名写成 {form.FOLDER}_考核组_月份。",
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
    slip, plan = form.PAPER_NAMES[form.AcknowledgedPaper.SLIP], form.PAPER_NAMES[form.AcknowledgedPaper.PLAN]
    number = f"，第{result.revision}版" if result.revision > 1 else ""
    return PapersToSign(
        company=month.settings.company,
        group=result.group,
        period=result.period,
        revision=result.revision,
        made_on=result.issued,
        about=f"{plain_date(result.issued)}下发{number}",
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
        form.PAPER,
        form.CHANNEL,
        form.DELIVERED_ON,
        "本人签名",
        "日期",
        form.REMARK,
    )
    rows = tuple((*known, "", "", "", "", "") for known in handover.papers)
    blocks: list[Block] = [
        Heading(1, f"{handover.period.in_words}考核材料{form.LIST}"),
        Paragraph(f"{handover.company}　{handover.group}　{handover.about}"),
        TableBlock(header, rows, to_sign=True),
        Paragraph(f"{form.NOTE}本人不愿签收的，在备注里写明“拒签”，并由见证人签名。"),
        Signatures(handover.signers),
    ]
    return blocks_paper(blocks, created=handover.made_on)


def register_workbook(handover: PapersToSign) -> bytes:
    """The register of the same, recognised by its hidden sheet when it comes back."""
    book = Book()
    page = FormPage(book, form.REGISTER, _WIDTHS)
    page.line(f"{handover.period.in_words}考核材料{form.REGISTER}", TITLE, 30)
    for lead in _LEADS:
        page.paragraph(lead, {**QUIET, "text_wrap": True})
    labels = {
        GROUP: handover.group,
        PERIOD: str(handover.period),
        REVISION: f"第{handover.revision}版",
    }
    page.labelled(form.LABELS, labels, height=22, places=_PLACES)
    page.gap()
    page.headers(page.next_row(theme.HEADER_HEIGHT), [cell.header for cell in form.COLUMNS], HEADER)
    page.sheet.freeze_panes(page.row, 2)
    first = page.row
    for known in (*handover.papers, *[()] * _EMPTY_ROWS):
        row = page.next_row(theme.ROW_HEIGHT)
        for column, cell in enumerate(form.COLUMNS):
            value = known[column] if column < len(known) else ""
            page.sheet.write(row, column, value, cell_style(book, cell, locked=bool(value)))
    for column, cell in enumerate(form.COLUMNS):
        guide(page.sheet, (first, column, page.row - 1, column), cell)
    page.line(form.NOTE, QUIET, 22)
    page.finish(f"{handover.group} {handover.period} {form.REGISTER}", landscape=True)
    write_meta(
        book,
        {
            "kind": form.ACKNOWLEDGEMENTS,
            "version": 1,
            "group": handover.group,
            "period": str(handover.period),
            "revision": str(handover.revision),
        },
    )
    return book.finished(created=handover.made_on)
