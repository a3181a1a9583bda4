"""填写说明: the first sheet of the blank workbook, one page that gets a manager through it in ten minutes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from appraisal.publish.blank.layout import BlankFormula, on_two_lines
from appraisal.publish.excel import theme
from appraisal.publish.excel.book import Book
from appraisal.publish.excel.form_page import LINE_HEIGHT, FormPage
from appraisal.publish.excel.pages import print_on_a4
from appraisal.publish.excel.styles import BOXED, QUIET, TITLE, Style
from appraisal.scheme.forms.cells import Role
from appraisal.scheme.forms.self_assessment import self_sheet
from appraisal.scheme.forms.submission import (
    COMPLETE_FROM,
    INSTRUCTIONS,
    INTERVIEWS,
    PARTICIPATES,
    PARTICIPATION,
    REVIEW_ABSENT,
    STAFF_ID,
    STAFF_NAME,
    ZERO_OR_BLANK,
    SubmissionForm,
)
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.units import number_text, percent_text
from appraisal.workspace.settings import SelfFormPolicy, Settings

_COLUMNS, _COLUMN_WIDTH = 8, 11.5
_ROOM = 100
"""Half-width characters on a line: 8 columns of 85 pixels, a Chinese character takes 13."""

_HEADING = {
    "bold": True,
    "font_size": theme.HEADING_SIZE,
    "font_color": theme.hexed(theme.ACCENT),
    "bottom": 1,
    "bottom_color": theme.hexed(theme.ACCENT),
    "valign": "bottom",
}
_TEXT = {"text_wrap": True, "valign": "top"}
_SMALL = {**_TEXT, **QUIET, "font_size": theme.NOTE_SIZE}
_BOXED = {**BOXED, "align": "center", "text_wrap": True}
_HEADER = {
    **_BOXED,
    "bold": True,
    "font_size": theme.NOTE_SIZE,
    "bg_color": theme.hexed(theme.ACCENT_LIGHT),
    "font_color": theme.hexed(theme.ACCENT),
}

_EXAMPLE_PERSON = {STAFF_ID: "KF001", STAFF_NAME: "张三", PARTICIPATION: PARTICIPATES}

_COLOURS = (
    ("白底", theme.INPUT, "请填写"),
    ("灰底", theme.GREY_FAINT, "系统预填或自动计算，不用填"),
    ("红底", theme.WRONG_LIGHT, "退回时才有：必须改正"),
    ("黄底", theme.DOUBT_LIGHT, "退回时才有：请核对，没有错可以不改"),
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What the page speaks about."""

    scheme: Scheme
    form: SubmissionForm
    settings: Settings
    hand_in_by: str


def write_instructions(page: InstructionPage, advice: Advice, progress: Mapping[str, BlankFormula]) -> None:
    """Fills the sheet; `progress` shows 已填/应填 of every sheet by its name."""
    page.text(f"{advice.scheme.name} · {INSTRUCTIONS}", TITLE, height=34)
    page.text(f"请最迟于{advice.hand_in_by}填好，放入共享文件夹。大约需要十分钟。", {**_TEXT, "bold": True})
    page.heading("怎么填")
    for number, step in zip("①②③④⑤⑥⑦⑧⑨", _steps(advice), strict=False):
        page.text(f"{number} {step}")
    page.text("被退回时，直接改退回的那一份，保存后再放入，标记会自动清除。")
    page.heading("填报进度（已填/应填）")
    page.strip(list(progress), list(progress.values()))
    page.heading("颜色")
    page.colours()
    rows_are = advice.scheme.rows_are
    page.heading("示例（一位参评人员）" if rows_are is None else f"示例（一个参评{rows_are}）")
    page.strip(*_example(advice))
    page.heading("容易填错的地方")
    for caution in _cautions(advice):
        page.text(f"· {caution}")
    page.heading("关于这项考核")
    for line in _about(advice):
        page.text(line, _SMALL)
    page.sheet.protect("")
    page.sheet.activate()
    print_on_a4(page.sheet, title=advice.scheme.name, one_page=True)


def _steps(advice: Advice) -> Iterator[str]:
    data = "、".join(f"“{sheet.name}”" for sheet in advice.form.sheets if sheet.role is Role.DATA)
    if advice.scheme.fields:
        yield _export_step(advice.settings.handin_day)
        yield f"把数据填进{data}的白底格；粘贴时请用“选择性粘贴—数值”，不要连格式一起粘贴。"
    else:
        yield f"核对{data}里的人员和参评情况；不参评的，写明情况说明。"
    own = self_sheet(advice.form) if advice.settings.self_forms is SelfFormPolicy.REQUIRED else None
    for reviewer in advice.scheme.reviewers:
        is_own = own is not None and own.reviewer == reviewer.name
        yield f"“{own.name}”{own.instruction}。" if is_own and own else _review_step(reviewer)
    if advice.scheme.interviews:
        yield f"做过抽访的，记在“{INTERVIEWS}”里；没有可以不填。"
    yield "看各表右上角的“已填/应填”，两个数相等就是填齐了。保存，放入共享文件夹。"


def _export_step(handin_day: int) -> str:
    why = f"{COMPLETE_FROM}日以前软件里还有“延迟统计”，数不全"
    if handin_day < COMPLETE_FROM:
        return f"从绩效软件导出本月数据，尽量靠近报送截止（{why}；有没统计完的，请告诉人事，{COMPLETE_FROM}日起再报）。"
    return f"次月{COMPLETE_FROM}日起，从绩效软件导出本月数据（{why}）。"


def _review_step(reviewer: Reviewer) -> str:
    instruction = f"：{reviewer.instruction.rstrip('。')}" if reviewer.instruction else ""
    if reviewer.if_absent is None:
        return f"填写“{reviewer.sheet_name}”{instruction}。"
    absent = f"过期没有评的选“{REVIEW_ABSENT}”，分数留空，按{reviewer.if_absent}的评分计。"
    return f"收齐“{reviewer.sheet_name}”{instruction}。{absent}"


def _cautions(advice: Advice) -> Iterator[str]:
    """The mistakes that happen every month; what is about one field stands in the rule file."""
    yield ZERO_OR_BLANK
    for field in (*advice.scheme.fields, *advice.scheme.group_fields):
        if field.hint:
            yield f"{field.name}：{field.hint}。"
    titles = f"{advice.form.id_title}、{advice.form.name_title}"
    yield f"每月都用新下发的空白表，不要在上月的文件上改；{titles}的顺序不要动，也不要加合计行。"
    alone = f"；{advice.scheme.superior}本人不列入名单" if advice.scheme.rows_are is None else ""
    yield f"下拉选项请点选，不要粘贴覆盖{alone}。"


def _example(advice: Advice) -> tuple[list[str], list[str]]:
    """The headers of the main sheet and one filled row; columns without an example are left out."""
    rows_are = advice.scheme.rows_are
    known = dict(_EXAMPLE_PERSON)
    if rows_are is not None:
        known |= {STAFF_ID: "01", STAFF_NAME: f"第一{rows_are}"}
    known |= {
        field.name: number_text(field.example) for field in advice.scheme.fields if field.example is not None
    }
    columns = [cell for cell in advice.form.main.columns if cell.name in known]
    return [on_two_lines(cell.header) for cell in columns], [known[cell.name] for cell in columns]


def _about(advice: Advice) -> Iterator[str]:
    scheme, settings = advice.scheme, advice.settings
    yield f"目的：{'；'.join(sentence.rstrip('。') for sentence in scheme.purpose)}。"
    weights = "、".join(
        f"{reviewer.name}{percent_text(reviewer.weight)}（{reviewer.focus}）" for reviewer in scheme.reviewers
    )
    yield f"范围：{scheme.scope}，每月一次，满分{number_text(scheme.full_points)}分。考核人和重点：{weights}。"
    yield f"填表有疑问请联系人事；对考核结果有异议请找{settings.appeals_to}。"


class InstructionPage(FormPage):
    """The sheet in the making; it stands before those that it is about."""

    def __init__(self, book: Book) -> None:
        super().__init__(book, INSTRUCTIONS, [_COLUMN_WIDTH] * _COLUMNS)

    def text(self, text: str, style: Style = _TEXT, *, height: float | None = None) -> None:
        """A text over the whole page, as high as it takes."""
        lines = ceil(
            theme.text_width(text) * style.get("font_size", theme.BODY_SIZE) / theme.BODY_SIZE / _ROOM
        )
        self.paragraph(text, style, height or 5 + LINE_HEIGHT * lines)

    def heading(self, text: str) -> None:
        self.text(text, _HEADING, height=30)

    def strip(self, headers: Sequence[str], values: Sequence[str | BlankFormula]) -> None:
        """A table of one row, wrapped where the page ends."""
        self.gap(5)
        boxed = self.book.style(**_BOXED)
        for start in range(0, len(headers), _COLUMNS):
            self.headers(self.next_row(30), headers[start : start + _COLUMNS], _HEADER)
            row = self.next_row(theme.ROW_HEIGHT)
            for column, value in enumerate(values[start : start + _COLUMNS]):
                if isinstance(value, BlankFormula):
                    self.sheet.write_formulas(row, column, value.text, boxed, [value.value])
                else:
                    self.sheet.write(row, column, value, boxed)

    def colours(self) -> None:
        """Two to a row: a sample, and what it means."""
        self.gap(5)
        for index, (name, colour, meaning) in enumerate(_COLOURS):
            row = self.row - 1 if index % 2 else self.next_row(theme.ROW_HEIGHT)
            column = index % 2 * _COLUMNS // 2
            self.put(row, (column, column), name, _BOXED | {"bg_color": theme.hexed(colour)})
            self.put(row, (column + 1, column + 1), meaning, {"indent": 1})
