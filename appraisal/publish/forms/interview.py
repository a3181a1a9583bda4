"""面谈记录: one page for the talk with a person among the last, figures filled in, the rest to write by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format

from appraisal.publish.excel import theme
from appraisal.publish.excel.book import (
    Book,
    Texts,
    filled_copy,
    print_on_a4,
    set_widths,
    write_across,
    write_meta,
)
from appraisal.publish.excel.styles import BOXED, HEADER, LABEL, QUIET, STILL_ALLOWED, TITLE, Style
from appraisal.publish.month import Month
from appraisal.publish.weaknesses import rows_in_print
from appraisal.publish.wording import full_date
from appraisal.scheme.forms import plan
from appraisal.scheme.forms.submission import GROUP, PERIOD, STAFF_ID, STAFF_NAME

INTERVIEW = "interview"
INTERVIEW_SHEET = "面谈记录"

_WIDTHS = (15, 13, 12, 14, 13, 25)
_LAST = len(_WIDTHS) - 1

_OPEN = (
    ("做得好的地方", "先说事实，再肯定", 58),
    ("本人怎么看", "由本人说明失分的原因，客观、主观分开记", 80),
    ("要改善的地方", "对着上面的数据，一项一项谈", 72),
    ("商定的行动", "做什么、多久一次、谁来看，与整改方案一致", 80),
    ("培训和需要的帮助", "谁在什么时候提供", 56),
    ("对考核的意见", "本人有异议的如实记下，并告知申诉的渠道和期限", 56),
)
"""What is talked about, in the order in which it is best talked about: label, help, height of the space."""

_TITLE, _HAND_OVER, _PAGE_HEADER, _INTERVIEWER = "标题", "怎么存", "页眉", "面谈人"
_KNOWN = (STAFF_NAME, STAFF_ID, plan.POST, GROUP, PERIOD, plan.SCORE_AND_PLACE)
_HIDDEN = ("scheme", "version", "kind", "period", "group", "staff")


def interview_form(month: Month, staff_id: str) -> bytes:
    """The record of the talk that goes with a person's plan, one A4 page to be signed by both."""
    result, person = month.result, month.result.person(staff_id)
    texts = {
        _TITLE: f"{month.scheme.name} · {INTERVIEW_SHEET}",
        _HAND_OVER: f"通报{full_date(result.issued)}下发；面谈在一周内进行，谈完双方签名，原件交人事存档。",
        _PAGE_HEADER: f"{result.group} {result.period} {person.name}",
        _INTERVIEWER: month.scheme.superior,
        STAFF_NAME: person.name,
        STAFF_ID: staff_id,
        plan.POST: month.posts.get(staff_id) or "—",
        GROUP: result.group,
        PERIOD: str(result.period),
        plan.SCORE_AND_PLACE: f"{person.final}分，第{person.rank}名（参评{len(result.ranked)}{month.scheme.people}）",
        **rows_in_print(month, staff_id),
        "scheme": result.scheme,
        "version": result.version,
        "kind": INTERVIEW,
        "period": str(result.period),
        "group": result.group,
        "staff": staff_id,
    }
    return filled_copy(_write, texts, created=result.issued)


def _write(book: Book, texts: Texts) -> None:
    _Page(book).write(texts)
    write_meta(book, {name: texts[name] for name in _HIDDEN})


class _Page:
    """Writes from top to bottom."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.sheet(INTERVIEW_SHEET)
        self.row = 0

    def write(self, texts: Texts) -> None:
        set_widths(self.sheet, _WIDTHS)
        self.sheet.hide_gridlines(2)
        self._line(texts[_TITLE], TITLE, 32)
        self._line(texts[_HAND_OVER], QUIET, 22)
        self._known(texts)
        self._pairs((("面谈日期", ""), ("面谈地点", ""), (_INTERVIEWER, texts[_INTERVIEWER])))
        self._gap()
        self._figures(plan.filled_in_rows(texts))
        self._gap()
        for label, hint, height in _OPEN:
            self._space(label, hint, height)
        self._gap()
        self._pairs((("本人签名", ""), ("面谈人签名", ""), ("下次面谈", "")), height=34)
        self._line("签名表示谈过这些内容，不代表本人认可考核结果。", QUIET, 20)
        self.sheet.protect("", STILL_ALLOWED)
        print_on_a4(self.sheet, title=texts[_PAGE_HEADER], one_page=True)

    def _line(self, text: str, style: Style, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.sheet.write(self.row, 0, text, self._style(style))
        self.row += 1

    def _gap(self) -> None:
        self.sheet.set_row(self.row, 8)
        self.row += 1

    def _known(self, texts: Texts) -> None:
        pairs = [(name, texts[name]) for name in _KNOWN]
        self._pairs(pairs[:3])
        self._pairs(pairs[3:])

    def _pairs(self, pairs: Sequence[tuple[str, str]], height: float = 24) -> None:
        self.sheet.set_row(self.row, height)
        for at, (label, value) in enumerate(pairs):
            self.sheet.write(self.row, 2 * at, label, self._style(LABEL))
            self.sheet.write(self.row, 2 * at + 1, value, self._box(locked=bool(value), shrink=True))
        self.row += 1

    def _figures(self, rows: Sequence[Mapping[str, str]]) -> None:
        columns = (
            (0, 1, plan.INDICATOR),
            (2, 2, plan.GOAL),
            (3, 3, plan.ACTUAL),
            (4, 4, plan.GAP),
            (5, 5, plan.LOST),
        )
        self.sheet.set_row(self.row, 22)
        for first, last, name in columns:
            write_across(self.sheet, (self.row, first, last), name, self._style(HEADER))
        for row in rows:
            self.row += 1
            self.sheet.set_row(self.row, 24)
            box = self._box(locked=True, align="center")
            for first, last, name in columns:
                write_across(self.sheet, (self.row, first, last), row[name], box)
        self.row += 1

    def _space(self, label: str, hint: str, height: float) -> None:
        """A label with what belongs there, and room to write."""
        self.sheet.set_row(self.row, height)
        self.sheet.write(self.row, 0, label, self._style({**LABEL, "text_wrap": True}))
        write_across(
            self.sheet, (self.row, 1, _LAST), "", self._box(locked=False, valign="top", text_wrap=True)
        )
        note = {"validate": "any", "input_title": label, "input_message": hint}
        self.sheet.data_validation(self.row, 1, self.row, 1, note)
        self.row += 1
        self.sheet.set_row(self.row, 15)
        self.sheet.write(self.row, 1, hint, self._style({**QUIET, "font_size": theme.NOTE_SIZE}))
        self.row += 1

    def _box(self, *, locked: bool, **more: object) -> Format:
        fill = theme.hexed(theme.GREY_FAINT if locked else theme.INPUT)
        return self.book.style(**BOXED, bg_color=fill, locked=locked, **more)

    def _style(self, style: Style) -> Format:
        return self.book.style(**style)
