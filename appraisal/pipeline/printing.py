"""A month on paper: notice, slips, plans and 签收表 as one PDF, in the order in which they are handed out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth
from appraisal.period import Period
from appraisal.pipeline.notice_words import notice_stem
from appraisal.processes.libreoffice import as_pdfs
from appraisal.publish.papers import SLIPS
from appraisal.scheme.forms import acknowledgement
from appraisal.scheme.forms.personal import PLAN_SHEET
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import hr_month_folder, month_folder, safe_file_name
from appraisal.workspace.outbox import placed_paper
from appraisal.workspace.paths import Workspace

Paper = tuple[str, str, bytes]
"""What it is, the ending of its name, its content."""


class PrintError(AppraisalError):
    """The month has nothing that could be printed: one Chinese sentence."""


def papers_to_print(
    workspace: Workspace, transaction: Transaction, group: str, period: Period
) -> tuple[GroupMonth, list[Paper]]:
    """The month and its papers as they lie in the outbox, HR's edits and filled plans too; a draft has no list to sign.

    Raises PrintError.
    """
    found = transaction.months.current(group, period)
    if found is None:
        raise PrintError(f"{group} {period} 没有有效的考核结果，没有可以打印的。请核对考核组和考核月份。")
    month, _ = found
    outbox, folder = workspace.outbox, month_folder(group, period)
    placed = transaction.placed.under(folder)

    def newest(what: str, stem: str) -> list[Paper]:
        path = placed_paper(placed, folder, stem, ".docx")
        return [] if path is None else [_paper(what, outbox / path)]

    return month, [
        *newest("考核通报", notice_stem(group, period)),
        *newest("绩效单", SLIPS),
        *(_paper(path.stem, path) for path in _plans(outbox / folder)),
        *(
            paper
            for name in (acknowledgement.LIST, f"{acknowledgement.OF_LETTERS}{acknowledgement.LIST}")
            for paper in newest(name, f"{acknowledgement.FOLDER}/{name}")
        ),
    ]


def as_one_pdf(papers: list[Paper]) -> bytes:
    """One after the other, each with its bookmark. Raises LibreOfficeError."""
    from pypdf import PdfWriter  # noqa: PLC0415 - only printing needs it

    pages = as_pdfs([(ending, content) for _, ending, content in papers])
    writer = PdfWriter()
    for (name, _, _), page in zip(papers, pages, strict=True):
        writer.append(io.BytesIO(page), outline_item=name, import_outline=False)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def usual_place(workspace: Workspace, transaction: Transaction, month: GroupMonth) -> Path:
    """In HR's folder of the month; the name says which edition it is and of which day, or that it is a draft.

    What was printed stays when the day of issue is put right: its name tells that it is of another day.
    """
    current = transaction.months.current(month.group, month.period)
    stands = f"{current[1].issued}下发" if current and month.is_issued else "草稿"
    edition = f"第{month.revision}版_{stands}"
    name = safe_file_name(f"{month.group}_{month.period}_{edition}_打印", ".pdf")
    return workspace.outbox / hr_month_folder(month.period) / name


def _plans(folder: Path) -> Iterator[Path]:
    """Each person's form or filled plan, by staff id; not what a program keeps beside a file that it has open."""
    mark = f"_{PLAN_SHEET}"
    found = sorted(
        (folder / PLAN_SHEET).glob(f"*{mark}*.xlsx"),
        key=lambda path: (path.name.split(mark)[0], len(path.name)),
    )
    newest = {path.name.split(mark)[0]: path for path in found if not path.name.startswith(("~", "."))}
    yield from newest.values()


def _paper(what: str, path: Path) -> Paper:
    try:
        return what, path.suffix, path.read_bytes()
    except OSError as error:
        raise PrintError(
            f"{path.name} 读不出来（{reason_of(error)}），没有打印。请关闭打开它的程序，或放回原处后再试。"
        ) from None
