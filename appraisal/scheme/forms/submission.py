"""The sheets, labelled cells and headers of the workbook that people fill, built from a scheme.

`publish` writes the blank workbook from it and `intake` reads filled ones by it, so the two
cannot drift apart. Wording of what is not about one indicator stands here once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.model.indicator import Indicator
from appraisal.scheme.model.outcome_rules import Remark, Reviewer
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import DataField, FieldType

INSTRUCTIONS = "填写说明"
INTERVIEWS = "抽访记录"
META = "_meta"
"""The hidden sheet that names scheme id and version: A1:B4 hold key and value."""

STAFF_ID = "工号"
STAFF_NAME = "姓名"
PARTICIPATION = "参评情况"
DUE_DAYS = "应出勤天数"
PRESENT_DAYS = "实出勤天数"
COMMISSION = "当月提成"
EXPLANATION = "情况说明"
ENGINE_COLUMNS = (STAFF_ID, STAFF_NAME, PARTICIPATION, DUE_DAYS, PRESENT_DAYS, COMMISSION, EXPLANATION)
"""Columns that every scheme's people have; a scheme does not define them."""


def is_figure_of_the_month(cell: Cell) -> bool:
    """Whether a figure in the column of a data sheet says that its person has data: a target carried over does not."""
    return cell.name not in ENGINE_COLUMNS and not cell.carried


PARTICIPATES = "参评"
JOINED_IN_MONTH, MOVED_IN_MONTH, HAS_LEFT = "入职不满一个月", "当月调动", "已离职"
PARTICIPATION_CHOICES = (
    PARTICIPATES,
    JOINED_IN_MONTH,
    "试用期",
    "出勤不足一半",
    MOVED_IN_MONTH,
    "兼职外包",
    HAS_LEFT,
)

OF_TEAMS = {JOINED_IN_MONTH: "当月新设", MOVED_IN_MONTH: "当月调整", HAS_LEFT: "已撤销"}
TEAM_PARTICIPATION_CHOICES = (PARTICIPATES, *OF_TEAMS.values())
"""What a row that is no person may have instead."""

EVIDENCE = "评分依据"
"""The column of a review sheet where marks that need a record are explained."""

REVIEW_GIVEN = "本人已评"
REVIEW_ABSENT = "逾期未评"
GRADES = ("突出", "良好", "一般", "待提升")

GROUP = "考核组"
PERIOD = "考核月份"
HAND_IN_BY = "报送截止"
MANAGER = "店长"
SOURCE_SOFTWARE = "数据来源软件"
EXPORTED_ON = "导出日期"
COMPLETE_FROM = 5
"""The day of the next month from which software has counted the last payments (1 + 4 days' lag)."""

SUBMISSION_KIND = "报送性质"
CORRECTION_REASON = "更正原因"
FIRST_SUBMISSION = "首次报送"
CORRECTION = "更正报送"

SPARE_ROWS = 10
"""Empty staff rows below the roster's in a blank workbook."""

ZERO_OR_BLANK = "确实没有填0；没统计到就空着，并在“情况说明”里写明原因。"


@dataclass(frozen=True, slots=True)
class SubmissionForm:
    """The whole workbook of one scheme version."""

    scheme: str
    version: int
    title: str
    sheets: tuple[SheetForm, ...]

    @property
    def main(self) -> SheetForm:
        """The first data sheet: it carries whose month it is, and who takes part."""
        return next(sheet for sheet in self.sheets if sheet.role is Role.DATA)

    @property
    def id_title(self) -> str:
        """What the ids of the appraised are called: 工号, or 班组编号."""
        return self.main.column(STAFF_ID).title

    @property
    def name_title(self) -> str:
        """What their names are called: 姓名, or 班组名称."""
        return self.main.column(STAFF_NAME).title

    def idle_targets(self, participation: object, filled: Collection[str]) -> tuple[str, ...]:
        """Of a person's `filled` columns what the blank carried over for somebody who was not there.

        A target alone is not data: it would ask for all the other figures.
        """
        if participation in {None, PARTICIPATES}:
            return ()
        data = [cell for sheet in self.sheets if sheet.role is Role.DATA for cell in sheet.columns]
        mine = [cell for cell in data if cell.name in filled]
        if any(map(is_figure_of_the_month, mine)):
            return ()
        return tuple(cell.name for cell in mine if cell.carried)

    def review_sheet(self, reviewer: str) -> SheetForm:
        return next(sheet for sheet in self.sheets if sheet.reviewer == reviewer)

    def sheet(self, name: str) -> SheetForm:
        return next(sheet for sheet in self.sheets if sheet.name == name)


def review_status_name(reviewer: str) -> str:
    """The column that says whether a reviewer who may be absent has reviewed: 自评情况."""
    return f"{reviewer}情况"


def submission_form(scheme: Scheme) -> SubmissionForm:
    """The workbook that a store manager fills for this scheme."""
    sheets = [*_data_sheets(scheme), *(_review_sheet(scheme, reviewer) for reviewer in scheme.reviewers)]
    if scheme.interviews:
        sheets.append(_interview_sheet(scheme))
    return SubmissionForm(scheme.scheme, scheme.version, scheme.name, tuple(sheets))


def _data_sheets(scheme: Scheme) -> Iterator[SheetForm]:
    for index, (name, table) in enumerate(scheme.tables.items()):
        fields = tuple(_data_cell(field) for field in table.fields)
        group_fields = tuple(_data_cell(field, of_group=True) for field in table.group_fields)
        if index == 0:
            columns = (*_people_columns(scheme), *fields, *_closing_columns(scheme))
            yield SheetForm(name, Role.DATA, (*heading_labels(scheme), *group_fields), columns)
        else:
            yield SheetForm(name, Role.DATA, group_fields, (*_identity_columns(scheme), *fields))


def heading_labels(scheme: Scheme) -> tuple[Cell, ...]:
    """The labelled cells on top of the main sheet: whose month it is, and how it was handed in.

    Where no figures are asked, nobody must say from which software they are.
    """
    softwares = ("赤兔", "生意参谋", "京东客服管家", "拼多多商家后台", "其他")
    exported = Need.ALWAYS if scheme.fields else Need.NEVER
    superior = scheme.superior
    return (
        Cell(GROUP, CellType.TEXT, Need.ALWAYS, prefilled=True, hint="本组名称，与花名册一致"),
        Cell(PERIOD, CellType.PERIOD, Need.ALWAYS, prefilled=True, hint="写成 2026-11 这样的年月"),
        Cell(HAND_IN_BY, CellType.TEXT, prefilled=True),
        Cell(MANAGER, CellType.TEXT, Need.ALWAYS, called=superior, hint=f"填表的{superior}姓名"),
        Cell(SOURCE_SOFTWARE, CellType.CHOICE, exported, choices=softwares, hint="数据从哪个软件导出"),
        Cell(EXPORTED_ON, CellType.DATE, exported, hint=f"次月{COMPLETE_FROM}日起导出，写成 2026-12-05"),
        Cell(SUBMISSION_KIND, CellType.CHOICE, choices=(FIRST_SUBMISSION, CORRECTION), hint="一般为首次报送"),
        Cell(CORRECTION_REASON, CellType.TEXT, hint="更正报送时必填：改了什么、为什么"),
    )


def _identity_columns(scheme: Scheme) -> tuple[Cell, ...]:
    rows = scheme.rows_are
    return (
        Cell(
            STAFF_ID,
            CellType.IDENTITY,
            Need.ALWAYS,
            called=rows and f"{rows}编号",
            aliases=("员工编号", "编号"),
            band=rows or "人员",
            prefilled=True,
        ),
        Cell(
            STAFF_NAME,
            CellType.TEXT,
            Need.ALWAYS,
            called=rows and f"{rows}名称",
            aliases=("员工姓名", "客服姓名") if rows is None else (rows,),
            band=rows or "人员",
            prefilled=True,
        ),
    )


def _people_columns(scheme: Scheme) -> tuple[Cell, ...]:
    """Who it is and whether they take part; a team has no days of work of its own."""
    is_team = scheme.rows_are is not None
    participation = Cell(
        PARTICIPATION,
        CellType.CHOICE,
        Need.ALWAYS,
        choices=TEAM_PARTICIPATION_CHOICES if is_team else PARTICIPATION_CHOICES,
        band=scheme.rows_are or "人员",
        hint="不参评的请在“情况说明”里写明原因",
    )
    return (*_identity_columns(scheme), participation, *(() if is_team else _DAYS))


def _days(name: str, alias: str) -> Cell:
    return Cell(
        name,
        CellType.NUMBER,
        unit="天",
        aliases=(alias,),
        low=Decimal(0),
        high=Decimal(31),
        decimals=1,
        band="人员",
        hint="可不填",
    )


_DAYS = (_days(DUE_DAYS, "应出勤"), _days(PRESENT_DAYS, "实出勤"))


def _closing_columns(scheme: Scheme) -> tuple[Cell, ...]:
    """当月提成 is asked only where something may be taken off it."""
    asked = any(rule.from_ == COMMISSION for rule in scheme.outcomes.rules)
    return (*([_COMMISSION] if asked else []), _EXPLANATION)


_COMMISSION = Cell(
    COMMISSION,
    CellType.MONEY,
    unit="元",
    low=Decimal(0),
    band="其他",
    source="不印在任何下发的材料上",
    hint="可不填；只用于核对提成调整的上限，不对外印出",
)
_EXPLANATION = Cell(
    EXPLANATION, CellType.TEXT, Need.IF_NOT_PARTICIPATING, band="其他", hint="不参评的必须写明原因"
)


def _data_cell(field: DataField, *, of_group: bool = False) -> Cell:
    need = Need.NEVER if not field.required else (Need.ALWAYS if of_group else Need.WITH_DATA)
    low, high = field.between or (Decimal(0), None)
    return Cell(
        name=field.name,
        type=CellType(field.type.value),
        need=need,
        unit=field.unit,
        aliases=field.aliases,
        low=low,
        high=high,
        decimals=_INPUT_DECIMALS[field.type],
        band=field.band,
        source=field.source,
        hint=field.hint or ZERO_OR_BLANK,
        weighted_by=field.weighted_by,
        carried=field.carried,
    )


_INPUT_DECIMALS = {
    FieldType.COUNT: 0,
    FieldType.MONEY: 2,
    FieldType.DURATION: 2,
    FieldType.NUMBER: 4,
    FieldType.PERCENT: 6,
}


def _review_sheet(scheme: Scheme, reviewer: Reviewer) -> SheetForm:
    status = Cell(
        review_status_name(reviewer.name),
        CellType.CHOICE,
        Need.ALWAYS,
        choices=(REVIEW_GIVEN, REVIEW_ABSENT),
        hint="本人按时评了选“本人已评”；过期没评选“逾期未评”，分数留空",
    )
    marks = tuple(_mark(indicator) for indicator in scheme.judged_by(reviewer.name))
    columns = (
        *_identity_columns(scheme),
        *((status,) if reviewer.if_absent else ()),
        *(_remark(remark) for remark in reviewer.remarks if remark.place == "before"),
        *marks,
        *((_EVIDENCE_COLUMN,) if any(mark.ordinary for mark in marks) else ()),
        *(_remark(remark) for remark in reviewer.remarks if remark.place == "after"),
    )
    return SheetForm(
        name=reviewer.sheet_name,
        role=Role.REVIEW,
        labels=(),
        columns=columns,
        reviewer=reviewer.name,
        instruction=reviewer.instruction,
    )


def _mark(indicator: Indicator) -> Cell:
    marking = indicator.method.marking(indicator.measure)
    return Cell(
        indicator.name,
        CellType.MARK,
        Need.IF_REVIEWED,
        unit=marking.in_header,
        low=marking.low,
        high=marking.high,
        decimals=marking.decimals,
        hint=marking.words,
        ordinary=marking.ordinary,
    )


_EVIDENCE_COLUMN = Cell(
    EVIDENCE,
    CellType.TEXT,
    Need.IF_MARKED_OUT,
    hint="评分参照里注明要写依据的分数，写清是哪一项、哪天、什么事；几项都要写的，每项先写名称",
)


def _remark(remark: Remark) -> Cell:
    if remark.type == "grade":
        return Cell(remark.name, CellType.CHOICE, choices=GRADES, hint=remark.hint or "不计分")
    return Cell(remark.name, CellType.TEXT, hint=remark.hint or "")


def _interview_sheet(scheme: Scheme) -> SheetForm:
    columns = (
        Cell("抽访日期", CellType.DATE),
        Cell(STAFF_ID, CellType.IDENTITY, called=_identity_columns(scheme)[0].called),
        Cell("受访顾客", CellType.TEXT, hint="请打码，如“小**8”"),
        Cell("渠道", CellType.CHOICE, choices=("旺旺", "电话", "短信")),
        Cell("问题", CellType.TEXT),
        Cell("服务评分", CellType.NUMBER, low=Decimal(0), high=Decimal(100), decimals=1, hint="0 到 100"),
        Cell("情况记录", CellType.TEXT),
    )
    return SheetForm(
        INTERVIEWS, Role.INTERVIEWS, (), columns, instruction="仅作佐证，不直接计分", required=False
    )
