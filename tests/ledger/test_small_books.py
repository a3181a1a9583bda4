"""Documents, placed files, and what waits: corrections and self-assessments."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Ledger
from appraisal.ledger.records import KeptSelfForm, WaitingCorrection
from appraisal.period import Period
from appraisal.scheme.forms.hr_acts import ActKind
from tests.ledger.builders import GROUP, ISSUED, NOVEMBER, SHA, act, issue, record


def test_a_document_is_kept_once_and_found_by_its_hash(ledger: Ledger) -> None:
    content = b"scheme: online-shop\n" + bytes(range(256))
    with ledger.writing() as books:
        sha256 = books.documents.keep("rules", content)
        assert books.documents.keep("rules", content) == sha256 == hashlib.sha256(content).hexdigest()
    with ledger.reading() as books:
        assert books.documents.get(sha256) == content
        assert books.documents.get("0" * 64) is None


def test_placed_files_are_known_by_path(ledger: Ledger) -> None:
    """The last bytes that we wrote count; what was moved away is no longer ours to replace."""
    with ledger.writing() as books:
        books.placed.wrote({"旗舰店/2026-11/a.xlsx": "1" * 64, "旗舰店/2026-11/b.html": "2" * 64})
        books.placed.wrote({"旗舰店/2026-11/a.xlsx": "3" * 64})
        books.placed.forget(["旗舰店/2026-11/b.html", "never/there"])
        books.placed.wrote({})
    with ledger.reading() as books:
        assert books.placed.under("旗舰店/2026-11") == {"旗舰店/2026-11/a.xlsx": "3" * 64}


def test_placed_files_are_listed_by_folder(ledger: Ledger) -> None:
    """The folder itself, not another one whose name begins alike."""
    paths = [
        "旗舰店/2026-11/绩效单/甲.html",
        "旗舰店/2026-11/a",
        "旗舰店/2026-110/a",
        "旗舰店/2026-11",
        "旗舰店2/a",
    ]
    with ledger.writing() as books:
        books.placed.wrote(dict.fromkeys(paths, "1" * 64))
    with ledger.reading() as books:
        assert list(books.placed.under("旗舰店/2026-11")) == sorted(paths[:2])
        assert len(books.placed.under("旗舰店")) == 4


def test_what_is_about_to_be_written_is_known_until_it_is_written_or_given_up(ledger: Ledger) -> None:
    """Bytes of both attempts are ours: the first was interrupted, the second came on another day."""
    with ledger.writing() as books:
        books.placed.intend({"旗舰店/2026-11/a.xlsx": "1" * 64, "旗舰店/2026-11/b.xlsx": "2" * 64})
        books.placed.intend({"旗舰店/2026-11/a.xlsx": "1" * 64})
        books.placed.intend({"旗舰店/2026-11/a.xlsx": "3" * 64, "旗舰店/2026-12/a.xlsx": "4" * 64})
        books.placed.intend({})
    with ledger.writing() as books:
        found = books.placed.intended("旗舰店/2026-11")
        assert found == {
            "旗舰店/2026-11/a.xlsx": {"1" * 64, "3" * 64},
            "旗舰店/2026-11/b.xlsx": {"2" * 64},
        }
        books.placed.wrote({"旗舰店/2026-11/a.xlsx": "3" * 64})
        books.placed.forget(["旗舰店/2026-11/b.xlsx"])
    with ledger.reading() as books:
        assert books.placed.intended("旗舰店/2026-11") == {}
        assert list(books.placed.intended("旗舰店")) == ["旗舰店/2026-12/a.xlsx"]


def test_a_changed_month_is_noted_until_the_later_ones_have_been_looked_through(ledger: Ledger) -> None:
    """Twice is as good as once; a month that no other looks back on is not noted."""
    december = NOVEMBER.shifted(1)
    record(ledger, NOVEMBER)
    record(ledger, december)
    with ledger.writing() as books:
        books.pending_recalculations.note(GROUP, december)
        books.pending_recalculations.note(GROUP, NOVEMBER)
        books.pending_recalculations.note(GROUP, NOVEMBER)
    with ledger.writing() as books:
        assert books.pending_recalculations.all() == ((GROUP, NOVEMBER),)
        books.pending_recalculations.done_from(GROUP, NOVEMBER)
    with ledger.reading() as books:
        assert books.pending_recalculations.all() == ()


def correction(number: int = 7, *, is_listed: bool = True) -> WaitingCorrection:
    return WaitingCorrection(
        GROUP, NOVEMBER, number, f"{number:064}", "更正.xlsx", "数据漏报", ISSUED, is_listed=is_listed
    )


def agree(ledger: Ledger, *, item: int | None = None, on: date = ISSUED) -> WaitingCorrection:
    with ledger.writing() as books:
        return books.acts.approve_correction(act(ActKind.APPROVE_CORRECTION, item=item, on=on))


def wait_for_hr(ledger: Ledger, *corrections: WaitingCorrection) -> None:
    record(ledger, NOVEMBER)
    issue(ledger)
    with ledger.writing() as books:
        for one in corrections:
            books.corrections.wait(one)


def test_a_correction_waits_until_hr_agrees(ledger: Ledger) -> None:
    """同意更正 hands the correction out once, and is itself recorded."""
    wait_for_hr(ledger, correction(), correction())
    with ledger.reading() as books:
        assert books.corrections.of_month(GROUP, NOVEMBER) == (correction(),)
        assert books.corrections.of_month("二店", NOVEMBER) == ()
    assert agree(ledger) == correction()
    with pytest.raises(ActRefused, match="没有等待同意的更正"):
        agree(ledger)
    with ledger.reading() as books:
        assert [one.kind for one in books.acts.find(group=GROUP)] == [
            ActKind.ISSUE,
            ActKind.APPROVE_CORRECTION,
        ]


def test_hr_agrees_to_the_correction_that_it_saw(ledger: Ledger) -> None:
    """Another came meanwhile: it must be said which is meant, and the later one goes on waiting."""
    wait_for_hr(ledger, correction(7), correction(9))
    with pytest.raises(ActRefused, match=r"有2份更正在等待同意：编号7.*编号9.*请写明"):
        agree(ledger)
    with pytest.raises(ActRefused, match="没有编号8的更正"):
        agree(ledger, item=8)
    assert agree(ledger, item=7) == correction(7)
    with ledger.reading() as books:
        assert books.corrections.all() == (correction(9),)


def test_a_later_correction_answers_for_those_before_it(ledger: Ledger) -> None:
    """The manager sent it after them: they are not asked about again."""
    wait_for_hr(ledger, correction(7), correction(9))
    assert agree(ledger, item=9) == correction(9)
    with ledger.reading() as books:
        assert books.corrections.all() == ()


def test_a_correction_that_no_list_has_shown_is_agreed_to_by_its_number_only(ledger: Ledger) -> None:
    wait_for_hr(ledger, correction(is_listed=False))
    with pytest.raises(ActRefused, match=r"刚刚收到.*编号7"):
        agree(ledger)
    with ledger.writing() as books:
        books.corrections.listed([correction()])
    assert agree(ledger) == correction()


def test_nobody_agrees_before_it_came(ledger: Ledger) -> None:
    wait_for_hr(ledger, replace(correction(), received_on=ISSUED + timedelta(days=2)))
    with pytest.raises(ActRefused, match="于 2026-12-05 收到"):
        agree(ledger)


def test_a_withdrawn_month_has_nothing_to_correct(ledger: Ledger) -> None:
    record(ledger, NOVEMBER)
    with ledger.writing() as books:
        books.corrections.wait(correction())
        books.acts.withdraw(act(ActKind.WITHDRAW))
    with ledger.reading() as books:
        assert books.corrections.all() == ()


def test_self_assessments_stay_for_every_revision_of_the_month(ledger: Ledger) -> None:
    """The latest of each person, its values typed as they were."""
    values = {
        "商品了解": Decimal("8.5"),
        "工作任务完成情况": "=1+1",
        "评分日期": date(2026, 12, 1),
        "考核月份": NOVEMBER,
        "说明": None,
    }
    form = KeptSelfForm(GROUP, NOVEMBER, "甲", SHA, values, ISSUED)
    other = KeptSelfForm(GROUP, NOVEMBER, "乙", "b" * 64, {}, ISSUED)
    with ledger.writing() as books:
        books.self_forms.keep(KeptSelfForm(GROUP, NOVEMBER, "甲", "f" * 64, {"商品了解": Decimal(1)}, ISSUED))
        books.self_forms.keep(form)
        books.self_forms.keep(other)
    with ledger.reading() as books:
        assert books.self_forms.of_month(GROUP, NOVEMBER) == (other, form)
        assert [one.sha256[0] for one in books.self_forms.ever(GROUP, NOVEMBER)] == ["f", SHA[0], "b"]
        assert books.self_forms.of_month(GROUP, Period(2026, 10)) == ()


def test_acts_are_kept_with_who_when_and_why(ledger: Ledger) -> None:
    """Acts on every group are found with each group's own."""
    record(ledger, NOVEMBER)
    issue(ledger)
    closing = act(ActKind.CLOSE, group=None)
    with ledger.writing() as books:
        books.acts.close(closing)
        books.acts.close(act(ActKind.CLOSE, Period(2026, 10), group="二店"))
    with ledger.reading() as books:
        found = books.acts.find(group=GROUP, period=NOVEMBER)
        assert [one.kind for one in found] == [ActKind.ISSUE, ActKind.CLOSE]
        assert found[1] == closing
        assert (found[0].by, found[0].reason, found[0].on) == ("人事 王某", "按规定", ISSUED)
        assert found[0].document_number == "人发〔2026〕12号"
        assert len(books.acts.find()) == 3
