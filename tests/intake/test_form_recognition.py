"""Which scheme a workbook belongs to, and which version of it reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appraisal.intake.form import meta_of
from appraisal.intake.submission import Reading
from appraisal.intake.submission_reader import read_submission
from appraisal.scheme.rulebook import Rulebook
from appraisal.xlsx.grid import RawCell, RawSheet, RawWorkbook
from tests.builders.raw_edits import added, changed, told, without
from tests.builders.schemes import changed as rules_with
from tests.builders.schemes import scheme_of
from tests.builders.submissions import (
    FILE,
    SHA256,
    meta_sheet,
    online_shop,
    raw_workbook,
    rulebook,
    submission,
)

SECOND_VERSION = scheme_of(
    rules_with(
        ("version: 1", "version: 2"),
        ("effective_from: 2020-06-07", "effective_from: 2026-12-01"),
        ("name: 有效订单数, type: count", "name: 有效单数, type: count"),
        ("有效订单数 <= 已付款订单数", "有效单数 <= 已付款订单数"),
        ("value: 有效订单数 / 已付款订单数", "value: 有效单数 / 已付款订单数"),
    )
)
OTHER = scheme_of(
    rules_with(
        ("scheme: online-shop", "scheme: phone-service"),
        ("name: 网店客服组月度绩效考核", "name: 电话客服组月度绩效考核"),
        ("name: 接待人数, type: count", "name: 接听人数, type: count"),
        ("weighted_by: 接待人数", "weighted_by: 接听人数"),
        ("询单人数 <= 接待人数", "询单人数 <= 接听人数"),
        ("有责投诉数 <= 接待人数", "有责投诉数 <= 接听人数"),
        ("value: 有责投诉数 / 接待人数", "value: 有责投诉数 / 接听人数"),
    )
)
BOTH = rulebook(online_shop(), OTHER)


UNNAMED = "上报表.xlsx"
"""A name that says no month."""


def read(raw: RawWorkbook, rules: Rulebook | None = None, file: str = FILE) -> Reading:
    return read_submission(raw, file=file, sha256=SHA256, rulebook=rules or rulebook(), roster=None)


def test_the_hidden_sheet_names_the_scheme():
    """Whatever the headers fit."""
    for scheme in (online_shop(), OTHER):
        assert read(raw_workbook(scheme=scheme), BOTH).scheme == scheme.scheme


def test_meta_is_told_as_text():
    """Keys and values, wherever the version is a number."""
    assert meta_of(raw_workbook()) == {"scheme": "online-shop", "version": "1", "kind": "submission"}
    assert meta_of(without(raw_workbook(), "_meta")) == {}


def test_without_the_hidden_sheet_the_headers_decide():
    """A workbook that was copied sheet by sheet is still known."""
    for scheme in (online_shop(), OTHER):
        reading = read(without(raw_workbook(scheme=scheme), "_meta"), BOTH)
        assert reading.submission == submission(scheme=scheme)


def test_a_workbook_that_fits_two_schemes_alike_is_not_guessed():
    """Two schemes may ask for the same columns."""
    twin = scheme_of(rules_with(("scheme: online-shop", "scheme: second-shop")))
    raw = without(raw_workbook(), "_meta")
    assert told(read(raw, rulebook(online_shop(), twin)).findings) == [("workbook.unrecognised", "")]


@pytest.mark.parametrize(
    "raw",
    [
        RawWorkbook((RawSheet("Sheet1", {}),)),
        RawWorkbook((RawSheet("Sheet1", {(1, 1): RawCell("工号"), (1, 2): RawCell("姓名")}),)),
        RawWorkbook(
            (RawSheet("工资表", {(1, 1): RawCell("姓名"), (2, 1): RawCell("张三"), (2, 2): RawCell(5000)}),)
        ),
    ],
)
def test_another_workbook_is_not_taken_for_a_form(raw):
    """One sentence, not thirty findings."""
    reading = read(raw)
    assert told(reading.findings) == [("workbook.unrecognised", "")]
    assert reading == Reading(reading.findings)


def test_a_form_of_another_kind_is_not_a_submission():
    """A rectification plan names the same scheme."""
    raw = added(without(raw_workbook(), "_meta"), meta_sheet("online-shop", 1, kind="plan"))
    assert told(read(raw).findings) == [("workbook.unrecognised", "")]


def test_a_scheme_that_nobody_knows_is_told_with_those_known():
    """An old scheme was withdrawn, or the workbook is another company's."""
    raw = added(without(raw_workbook(), "_meta"), meta_sheet("beauty-shop", 1))
    reading = read(raw, BOTH)
    assert told(reading.findings) == [("scheme.unknown", "")]
    assert "online-shop、phone-service" in reading.findings[0].remedy


def test_the_version_in_force_in_the_month_reads_the_workbook():
    """A late November workbook is read by November's rules although December's are known."""
    rules = rulebook(online_shop(), SECOND_VERSION)
    reading = read(raw_workbook(), rules)
    assert reading.submission == submission()
    december = replace(submission().period, month=12)
    reading = read(raw_workbook(scheme=SECOND_VERSION, period=december), rules, UNNAMED)
    assert reading.submission is not None
    assert reading.submission.version == 2


def test_a_form_of_the_version_before_is_told_by_its_headers():
    """Its columns are no longer those of the rules in force."""
    december = replace(submission().period, month=12)
    reading = read(raw_workbook(period=december), rulebook(online_shop(), SECOND_VERSION), UNNAMED)
    assert told(reading.findings) == [("header.missing", "考核数据")]
    assert "有效单数" in reading.findings[0].message


def test_a_month_before_every_version_is_told_together_with_the_rest():
    """The scheme's first full month is named; other mistakes are told as well."""
    early = replace(submission().period, year=2020, month=6)
    raw = raw_workbook(period=early, cells={("自评", "KF001", "报表整体质量"): "优"})
    reading = read(raw, file=UNNAMED)
    assert told(reading.findings) == [
        ("scheme.not_in_force", "考核数据!E2"),
        ("cell.not_a_number", "自评!G6"),
    ]
    assert "2020-07" in reading.findings[0].remedy


def test_without_a_month_everything_else_is_told_all_the_same():
    """The latest version serves to read on."""
    raw = changed(raw_workbook(cells={("考核数据", "KF002", "付款人数"): None}), "考核数据", {"E2": None})
    assert told(read(raw).findings) == [("period.missing", "考核数据!E2"), ("cell.missing", "考核数据!K10")]
