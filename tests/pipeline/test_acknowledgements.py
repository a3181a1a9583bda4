"""签收: the list to sign and the register come with the issued papers; what comes back is entered person by person."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from appraisal.hr.acknowledgements import GroupAcknowledged, HandoutState
from appraisal.hr.facts import PeriodFacts
from appraisal.hr.person import months_recorded, person_meant, personal_record
from appraisal.hr.personal_workbook import personal_workbook
from appraisal.hr.status import status_of
from appraisal.intake.acknowledgements import RegisterReading, read_register
from appraisal.intake.hr_acts import Act
from appraisal.ledger.delivery_records import Handout
from appraisal.pipeline.reports import Status
from appraisal.publish.forms.for_hr import handover_of, register_workbook
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper, AcknowledgementState
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import META
from appraisal.validation.other_forms import PapersOnRecord, Surroundings, check_register
from tests.builders.months import month
from tests.builders.other_forms import filled_register, raw_of
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workbooks import opened, saved
from tests.builders.workspaces import Place, scores, workbook
from tests.hr.hr_shop import table
from tests.publish.documents import word_lines

GROUP, FOLDER = "旗舰店", "旗舰店/2026-11"
ISSUED, TODAY = date(2026, 12, 3), date(2026, 12, 9)
FORM = "签收/签收登记.xlsx"
HANDED_OVER = {"送达方式": "当面", "送达日期": date(2026, 12, 4)}
SIGNED = {**HANDED_OVER, "签收情况": "已签收", "签收日期": date(2026, 12, 4)}
REFUSED = {**SIGNED, "签收情况": "拒签", "见证人": "李经理"}


def test_those_of_one_name_who_have_not_signed_are_told_apart() -> None:
    """Whom HR has to ask; nobody else gets an id."""
    slips = [
        (Handout(GROUP, NOVEMBER, 1, staff, name, AcknowledgedPaper.SLIP), state)
        for staff, name, state in (
            ("KF001", "张伟", HandoutState.MADE),
            ("KF002", "李四", HandoutState.MADE),
            ("KF003", "张伟", HandoutState.SIGNED),
        )
    ]
    group = GroupAcknowledged(GROUP, NOVEMBER, tuple(slips), has_begun=True)
    assert group.names == "绩效单未送：张伟（KF001）、李四"


def test_from_the_list_to_the_proof(tmp_path: Path) -> None:
    """Who signed, who would not and before whom, who has not: for HR, for the group, in the person's record."""
    place = Place(tmp_path, hr=True)
    place.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    assert FORM not in place.files(FOLDER), "a draft is not handed out"
    place.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, date(2026, 12, 8), "李经理", "定稿"))
    files = place.files(FOLDER)
    told = "\n".join(word_lines(files["签收/签收表.docx"]))
    assert all(staff_name(number) in told for number in range(1, 7))
    assert "整改方案" in told
    assert "签收：2026-11 有1个组已下发，还没有收到签收登记" in status(place)

    day = {"送达日期": date(2026, 12, 8), "签收日期": date(2026, 12, 9)}
    entries = {("KF001", "绩效单"): SIGNED | day, ("KF006", "绩效单"): REFUSED | day}
    content = filled_register(files[FORM], entries)
    taken = place.take(content, "签收.xlsx", TODAY)
    assert taken.status is Status.ACCEPTED, taken.findings
    assert "已签收1份；拒签1份" in taken.receipt()
    files = place.files(FOLDER)
    assert files["签收/签收登记_已登记.xlsx"] == content
    assert FORM not in files
    assert place.take(content, "又一次.xlsx", TODAY).status is Status.UNCHANGED
    assert "应签8份，已签1份，拒签1份；绩效单未送：" in status(place)

    row, *_ = table(place.files("人事/2026-11")["签收情况.xlsx"])
    assert (row["应签"], row["已签"], row["拒签"]) == (8, 1, 1)
    assert staff_name(1) not in row["未签的人"]
    assert row["未签的人"].endswith(f"整改方案未送：{staff_name(5)}、{staff_name(6)}")
    with place.ledger() as ledger, ledger.reading() as books:
        person = person_meant(books, None, "KF006")
        months = months_recorded(books, person, since=None, until=None)
        settings = place.setup.settings
        record = personal_record(PeriodFacts(books, NOVEMBER, TODAY, None, settings), person, months)
    signed, owed = table(personal_workbook(record), "送达签收")
    assert (signed["签收情况"], signed["见证人"]) == ("拒签", "李经理")
    assert (owed["材料"], owed["签收情况"]) == ("整改方案", "未送")

    scan = b"%PDF-1.7 signed"
    assert place.take(scan, "签收_旗舰店_2026-11.pdf", TODAY).status is Status.RETURNED, "anybody's"
    (place.root / "inbox" / "人事").mkdir()
    assert place.take(scan, "人事/签收_旗舰店.pdf", TODAY).status is Status.RETURNED, "of which month?"
    kept = place.take(scan, "人事/签收_旗舰店_2026-11.pdf", TODAY)
    assert kept.status is Status.ACCEPTED, kept.findings
    assert place.files(FOLDER)["签收/签收_旗舰店_2026-11.pdf"] == scan


def status(place: Place) -> str:
    with place.ledger() as ledger, ledger.reading() as books:
        facts = PeriodFacts(books, NOVEMBER, TODAY, place.setup.roster, place.setup.settings)
        return "\n".join(status_of(facts).in_words())


# ------------------------------------------------------------------------- the register by itself


@pytest.fixture(scope="module")
def form() -> bytes:
    return register_workbook(handover_of(month()))


def reading(content: bytes) -> RegisterReading:
    return read_register(raw_of(content), roster=None)


SLIP_OF_1 = ("KF001", "绩效单")


def test_what_was_only_handed_over_is_delivered(form: bytes) -> None:
    """Rows without an entry say nothing."""
    read = reading(filled_register(form, {SLIP_OF_1: HANDED_OVER}))
    assert (read.findings, read.group, read.period, read.revision) == ((), GROUP, NOVEMBER, 1)
    assert [(one.staff, one.paper, one.state) for one in read.rows] == [
        ("KF001", AcknowledgedPaper.SLIP, AcknowledgementState.DELIVERED)
    ]


def test_a_register_without_its_hidden_sheet_is_still_one(form: bytes) -> None:
    """Its labels say of what."""
    book = opened(filled_register(form, {SLIP_OF_1: SIGNED}))
    del book[META]
    read = reading(saved(book))
    assert (read.findings, read.group, read.period, read.revision) == ((), GROUP, NOVEMBER, 1)


@pytest.mark.parametrize("word", ["签收", "已签", " 已收 "])
def test_a_word_that_can_only_mean_signed_is_taken(form: bytes, word: str) -> None:
    """The form asks for 已签收."""
    read = reading(filled_register(form, {SLIP_OF_1: SIGNED | {"签收情况": word}}))
    assert (read.findings, [one.state for one in read.rows]) == ((), [AcknowledgementState.SIGNED])


@pytest.mark.parametrize(
    ("entry", "codes"),
    [
        ({}, ["ack.empty"]),
        (SIGNED | {"签收情况": "？"}, ["cell.not_a_choice"]),
        (SIGNED | {"签收情况": "未签收"}, ["cell.not_a_choice"]),
        (SIGNED | {"签收日期": "昨天"}, ["cell.not_a_date"]),
        (REFUSED | {"见证人": None}, ["cell.missing"]),
        (SIGNED | {"签收日期": None}, ["cell.missing"]),
        (SIGNED | {"签收情况": None}, ["cell.missing"]),
    ],
)
def test_what_an_entry_lacks(form: bytes, entry: dict[str, Any], codes: list[str]) -> None:
    """A refusal has a witness, a signature its day, a day what it is of."""
    assert [one.code for one in reading(filled_register(form, {SLIP_OF_1: entry})).findings] == codes


@pytest.mark.parametrize(
    ("record", "codes"),
    [
        (PapersOnRecord(ISSUED, {"KF001"}), []),
        (PapersOnRecord(), ["ack.not_issued"]),
        (PapersOnRecord(ISSUED, {"KF002"}), ["ack.stranger"]),
        (PapersOnRecord(date(2026, 12, 7), {"KF001"}), ["ack.day", "ack.day"]),
        (
            PapersOnRecord(
                ISSUED, {"KF001"}, {("KF001", AcknowledgedPaper.SLIP): AcknowledgementState.REFUSED}
            ),
            ["ack.changed"],
        ),
    ],
)
def test_what_the_ledger_has_against_it(form: bytes, record: PapersOnRecord, codes: list[str]) -> None:
    """Nobody signs for what was not issued, before it was or who is not in it; what changes is told."""
    read = reading(filled_register(form, {SLIP_OF_1: SIGNED}))
    found = check_register(read, record, Surroundings(None, None, TODAY))
    assert [one.code for one in found] == codes
