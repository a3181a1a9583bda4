"""考核结果: the scored workbook of one group and month, a living model of the appraisal."""

from __future__ import annotations

from appraisal.publish.excel.book import Book
from appraisal.publish.month import Month
from appraisal.publish.result.arranging import arrange
from appraisal.publish.result.data import write_data
from appraisal.publish.result.figures import figures_of
from appraisal.publish.result.points import write_points
from appraisal.publish.result.ranking import write_ranking
from appraisal.publish.result.standard import write_standard
from appraisal.publish.result.tidying import write_tidying
from appraisal.publish.result.totals import write_outcomes
from appraisal.publish.result.trend import write_trend

_MANY = 1000
"""Above so many staff the sheets are put together on disk: their XML takes 10 KB a person."""


def result_workbook(month: Month) -> bytes:
    """The workbook's bytes, the same for the same month.

    Sheets: 综合排名 · 结果运用 · 分项得分 · 近月走势 · 评分标准 · 考核数据 · 数据核对说明. Every number
    that follows from another is an Excel 2010 formula over 考核数据 and 评分标准, with the pipeline's
    own number as its cached value: whoever changes a threshold sees the sheet rank anew, marked as a
    trial. 当月提成 is not in it.
    """
    book = Book(on_disk=len(month.result.staff) > _MANY, is_draft=month.is_draft)
    layout = arrange(month)
    figures = figures_of(month, layout)
    write_ranking(book, month, layout, figures)
    write_outcomes(book, month)
    write_points(book, month, layout, figures)
    write_trend(book, month, layout)
    write_standard(book, month, layout)
    write_data(book, month, layout)
    write_tidying(book, month)
    return book.finished(created=month.result.issued)
