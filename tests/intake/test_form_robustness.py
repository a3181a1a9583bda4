"""Law: whatever people do to a form, reading it ends in a submission or in errors, never in an exception."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.findings.finding import has_errors
from appraisal.intake.submission_reader import read_submission
from appraisal.xlsx.grid import CellProblem, RawCell, cell_name
from tests.builders.raw_edits import changed, without
from tests.builders.submissions import FILE, SHA256, raw_workbook, rulebook

ODD = st.one_of(
    st.sampled_from(
        [
            None, "", 0, -1, 1.5, 1e300, 10**300, "延迟统计", "合计", "工号", "姓名", "付款人数", "考核组", "考核月份",
            "x" * 2000, "１２３", "45%", "2分30秒", "0:0:0", True, "参评", "KF001", "kf001", "\u200b", "\n", "=1+1",
            "(((", "）", "：", "考核组：", "考核月份:2026-11", "¥", "万", "1." + "9" * 50, date(2026, 11, 1), time(0, 3),
            datetime.fromisoformat("2026-01-01 03:00"), timedelta(days=3), RawCell(7, "000"), RawCell(0.5, "0%"),
        ]
    ),
    st.sampled_from([RawCell(None, problem=problem) for problem in CellProblem]),
    st.text(max_size=12),
)  # fmt: skip
PLACES = st.builds(cell_name, st.integers(1, 16), st.integers(1, 22))
SHEETS = st.sampled_from([sheet.name for sheet in raw_workbook(staff=1).sheets])
EDITS = st.lists(st.tuples(SHEETS, PLACES, ODD), min_size=1, max_size=12)


@given(
    edits=EDITS,
    merged=st.lists(st.builds("{}:{}".format, PLACES, PLACES), max_size=3),
    dropped=st.one_of(st.none(), SHEETS),
)
@settings(max_examples=150)
def test_reading_ends_in_a_submission_or_in_errors(edits, merged, dropped):
    """Odd cells anywhere, merged cells, a sheet less."""
    raw = changed(raw_workbook(staff=4), "考核数据", merged=tuple(merged))
    for sheet, place, value in edits:
        raw = changed(raw, sheet, {place: value})
    if dropped is not None:
        raw = without(raw, dropped)
    reading = read_submission(raw, file=FILE, sha256=SHA256, rulebook=rulebook(), roster=None)
    assert (reading.submission is None) is has_errors(reading.findings)
    assert all(finding.message for finding in reading.findings)
