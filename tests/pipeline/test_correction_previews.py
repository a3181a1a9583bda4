"""Before HR agrees to a correction she sees whom it changes, and how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from appraisal.hr.corrections import CorrectionPreview, preview_of
from appraisal.hr.facts import PeriodFacts
from appraisal.hr.status import MonthStatus, status_of
from appraisal.intake.hr_acts import Act
from appraisal.pipeline.after_a_pass import circulate_by_itself
from appraisal.pipeline.hr_acts import perform
from appraisal.pipeline.hr_folder import renew_hr_folder
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from tests.builders.ledgers import CountedRehearsals
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import Place, scores, workbook
from tests.hr.hr_shop import above, table

GROUP, DECEMBER_8, DECEMBER_10 = "旗舰店", date(2026, 12, 8), date(2026, 12, 10)
LIST, SHEET = "未报送名单.xlsx", "更正前后对照"


def act(kind: ActKind, on: date = DECEMBER_10, **more: object) -> Act:
    return Act(kind, NOVEMBER, GROUP, on, "李经理", "按制度", **more)  # type: ignore[arg-type]


def correction(best_first: list[int]) -> bytes:
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"}
    return workbook(cells=scores(best_first), labels=labels)


def status(place: Place) -> MonthStatus:
    with place.ledger() as ledger, ledger.reading() as books:
        return status_of(PeriodFacts(books, NOVEMBER, DECEMBER_10, None, place.setup.settings))


def preview(place: Place) -> CorrectionPreview:
    with place.ledger() as ledger, ledger.reading() as books:
        (waiting,) = books.corrections.all()
    found = preview_of(waiting)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """KF006 was last of six; the correction says that KF005 was."""
    one = Place(tmp_path_factory.mktemp("shop"), hr=True)
    one.take(workbook(cells=scores([1, 2, 3, 4, 5, 6])))
    one.act(act(ActKind.ISSUE, DECEMBER_8))
    one.take(correction([1, 2, 3, 4, 6, 5]), today=DECEMBER_10)
    return one


def test_hr_sees_whom_a_correction_changes_before_she_agrees(place: Place) -> None:
    document = place.files("人事/2026-11")[LIST]
    fifth, sixth = sorted(table(document, SHEET), key=lambda row: row["工号"])
    assert (fifth["工号"], fifth["名次"], fifth["连续末位"]) == ("KF005", "第5名 → 第6名", "无 → 1个月")
    assert fifth["综合得分"].count("→") == 1
    assert fifth["奖励与提成调整"] == "无 → 提成调整−100元"
    assert sixth["奖励与提成调整"] == "提成调整−100元 → 无"
    assert sixth["整改方案"] == "12月15日前交整改方案", "both of the last two owe one, as before"
    assert "2人有变化，其余4人没有变化。" in above(document, SHEET)


def test_status_tells_the_same(place: Place) -> None:
    said = "\n".join(status(place).in_words())
    assert "（KF006）" in said
    assert "名次 第6名 → 第5名" in said
    assert "其余4人没有变化" in said
    (waiting,) = status(place).as_json()["waiting"]  # type: ignore[misc]
    assert [one["staff"] for one in waiting["preview"]["changes"]] == ["KF006", "KF005"]


def test_it_is_worked_out_again_only_when_the_month_moved_on(place: Place) -> None:
    with place.opened(DECEMBER_10) as context:
        ledger = CountedRehearsals(context.ledger)
        counted = replace(context, ledger=ledger)
        assert renew_hr_folder(counted) == []
        assert ledger.rehearsals == 0
        perform(context, act(ActKind.CLOSE), then=circulate_by_itself)
        assert renew_hr_folder(counted) == []
        assert ledger.rehearsals == 1
    assert "现在还不能同意：旗舰店 2026-11 已经关账" in preview(place).in_words()
    place.act(act(ActKind.REOPEN))


def test_what_she_saw_is_what_comes_of_it(place: Place) -> None:
    """One way: the rehearsal has entered nothing, and the act does the same."""
    seen = {one.staff: (one.after.rank, one.after.score) for one in preview(place).changes}
    with place.ledger() as ledger, ledger.reading() as books:
        assert len(books.months.revisions(GROUP, NOVEMBER)) == 1
        paid = {line.key.staff for line in books.outcomes.lines_of_month(GROUP, NOVEMBER)}
    assert paid == {"KF001", "KF006"}
    place.act(act(ActKind.APPROVE_CORRECTION))
    now = {one["id"]: (f"第{one['rank']}名", one["final"]) for one in place.result()["staff"]}
    assert seen == {staff: now[staff] for staff in ("KF005", "KF006")}
