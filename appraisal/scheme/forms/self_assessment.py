"""自评表: one person's self-assessment as a workbook of their own, built from the scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from appraisal.scheme.forms.cells import Cell, CellType, Need, Role, SheetForm
from appraisal.scheme.forms.submission import (
    GROUP,
    PERIOD,
    REVIEW_ABSENT,
    STAFF_ID,
    STAFF_NAME,
    SubmissionForm,
    review_status_name,
    submission_form,
)
from appraisal.scheme.model.outcome_rules import Reviewer
from appraisal.scheme.model.scheme import Scheme

SELF_SHEET = "自评表"
META_KIND = "self"
"""What `kind` in the hidden `_meta` sheet says; scheme, version, group, period, staff and name follow."""

SIGNED_BY = "本人签名"
SIGNED_ON = "签名日期"

HEAD = (
    Cell(GROUP, CellType.TEXT, Need.ALWAYS, prefilled=True),
    Cell(PERIOD, CellType.PERIOD, Need.ALWAYS, prefilled=True),
    Cell(STAFF_ID, CellType.IDENTITY, Need.ALWAYS, prefilled=True),
    Cell(STAFF_NAME, CellType.TEXT, Need.ALWAYS, prefilled=True),
)
"""Whose form it is, filled by the system."""

SIGNATURE = (
    Cell(SIGNED_BY, CellType.TEXT, Need.ALWAYS, hint="请输入本人姓名"),
    Cell(SIGNED_ON, CellType.DATE, Need.ALWAYS, hint="写成 2026-12-01"),
)


@dataclass(frozen=True, slots=True)
class SelfForm:
    """The labelled cells of the one sheet, from top to bottom; each value stands right of its label.

    `account`, `marks` and `closing` are columns of the reviewer's sheet in the manager's workbook and
    bear the same names, so that what a person fills in fits there. `anchors` say what the marks mean.
    """

    reviewer: Reviewer
    account: tuple[Cell, ...]
    marks: tuple[Cell, ...]
    closing: tuple[Cell, ...]
    anchors: Mapping[str, str]

    @property
    def own(self) -> tuple[Cell, ...]:
        """What the person says, as against who it is and the signature."""
        return (*self.account, *self.marks, *self.closing)

    @property
    def sheet(self) -> SheetForm:
        labels = (*HEAD, *self.own, *SIGNATURE)
        return SheetForm(
            name=SELF_SHEET, role=Role.REVIEW, labels=labels, columns=(), reviewer=self.reviewer.name
        )


def self_reviewer(scheme: Scheme) -> Reviewer | None:
    """Who assesses themselves: the first reviewer who may be absent; None where there is none."""
    return next((reviewer for reviewer in scheme.reviewers if reviewer.if_absent is not None), None)


def self_sheet(form: SubmissionForm) -> SheetForm | None:
    """Where the manager's workbook holds what people say of themselves: that reviewer's sheet."""
    for sheet in form.sheets:
        names = {cell.name for cell in sheet.columns}
        if sheet.reviewer is not None and review_status_name(sheet.reviewer) in names:
            return sheet
    return None


def with_separate_self_forms(form: SubmissionForm) -> SubmissionForm:
    """The manager's form where everybody hands in their own: what they say of themselves need not stand in it."""
    own = self_sheet(form)
    if own is None or own.reviewer is None:
        return form
    who = {STAFF_ID, STAFF_NAME}
    columns = tuple(cell if cell.name in who else replace(cell, need=Need.NEVER) for cell in own.columns)
    open_ = replace(own, columns=columns, instruction=_COMES_BY_ITSELF)
    return replace(form, sheets=tuple(open_ if sheet is own else sheet for sheet in form.sheets))


_COMES_BY_ITSELF = f"不用填：本人交的{SELF_SHEET}自动并入；截止后没有交的，选“{REVIEW_ABSENT}”，分数留空"


def self_form(scheme: Scheme) -> SelfForm | None:
    """The form by which a person of this scheme assesses themselves; None where nobody does."""
    reviewer, sheet = self_reviewer(scheme), self_sheet(submission_form(scheme))
    if reviewer is None or sheet is None:
        return None
    names = {STAFF_ID, STAFF_NAME, review_status_name(reviewer.name)}
    columns = sheet.columns
    anchors = {
        indicator.name: "；".join(row.words for row in indicator.method.standard(indicator.measure))
        for indicator in scheme.judged_by()
    }
    before = {remark.name for remark in reviewer.remarks if remark.place == "before"}
    remarks = [cell for cell in columns if cell.name not in names and cell.name not in anchors]
    return SelfForm(
        reviewer=reviewer,
        account=tuple(cell for cell in remarks if cell.name in before),
        marks=tuple(replace(cell, need=Need.ALWAYS) for cell in columns if cell.name in anchors),
        closing=tuple(cell for cell in remarks if cell.name not in before),
        anchors=anchors,
    )
