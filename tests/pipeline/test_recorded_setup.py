"""A revision is made from what it recorded: a set-up that was changed since changes no month by itself."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import update

from appraisal.cli.app import main
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import RevisionKind
from appraisal.ledger.tables import documents
from appraisal.period import Period
from appraisal.pipeline.hr_acts import PerformedAct
from appraisal.pipeline.reports import Status
from appraisal.pipeline.setup import load_setup
from appraisal.pipeline.setup_changes import ChangedRulesError, refuse_changed_rules
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.submission import CORRECTION, CORRECTION_REASON, SUBMISSION_KIND
from appraisal.workspace.paths import PROGRAM_FOLDER
from tests.builders.samples import shipped
from tests.builders.schemes import one_mark_text
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook
from tests.ledger.builders import record

DECEMBER = Period(2026, 12)
LAST_IN_NOVEMBER = workbook(cells=scores([1, 2, 3, 4, 5, 6]))
CORRECTED = workbook(
    cells=scores([1, 2, 3, 4, 6, 5]),
    labels={SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "响应时间导错"},
)


@pytest.fixture(scope="module")
def scored_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = Place(tmp_path_factory.mktemp("scored") / "工作区", 'company = "星河"')
    shutil.copytree(PROGRAM_FOLDER / "rules", place.root / "rules")
    assert place.take(LAST_IN_NOVEMBER).status is Status.ACCEPTED
    return place.root


@pytest.fixture
def place(tmp_path: Path, scored_once: Path) -> Place:
    """A workspace with rules of its own, by which November was scored and not issued yet."""
    return Place(shutil.copytree(scored_once, tmp_path / "工作区"))


def set_up_anew(place: Place, **changes: str) -> Place:
    """The same workspace with other settings, rules (`{was: now}`) or a notice of its own, loaded anew."""
    if "settings" in changes:
        (place.root / "settings.toml").write_text(changes["settings"], "utf-8")
    if "notice" in changes:
        (place.root / "templates").mkdir()
        (place.root / "templates" / "notice.html.j2").write_text(changes["notice"], "utf-8")
    return Place(place.root, hr=place.hr)


def change_rules(place: Place, *pairs: tuple[str, str]) -> Place:
    """The rule file edited in place, and loaded anew."""
    path = place.root / "rules" / "online_shop.yaml"
    text = path.read_text("utf-8")
    for was, now in pairs:
        assert was in text
        text = text.replace(was, now)
    path.write_text(text, "utf-8")
    return Place(place.root, hr=place.hr)


DEARER = ("do: reward, amount: 100", "do: reward, amount: 500")
NEW_VERSION = ("version: 1\n", "version: 2\n")


def act(
    place: Place, kind: ActKind, day: int = 8, period: Period = NOVEMBER, reason: str = ""
) -> PerformedAct:
    return place.act(Act(kind, period, "旗舰店", date(2026, 12, day), "李经理", reason))


def rewards(place: Place, period: Period = NOVEMBER) -> list[int]:
    with place.ledger() as ledger, ledger.reading() as books:
        return [
            int(line.amount) for line in books.outcomes.lines_of_month("旗舰店", period) if line.amount > 0
        ]


def notice(place: Place, period: Period = NOVEMBER) -> str:
    return place.files(f"旗舰店/{period}")[f"旗舰店_{period}_考核通报.html"].decode()


def verifies(place: Place) -> bool:
    return main(["verify", "--workspace", str(place.root)]) == 0


def test_a_month_is_issued_by_the_rules_that_it_was_reviewed_with(place: Place) -> None:
    """A file edited in place pays nobody more; HR is told what was changed and not heeded."""
    scored = place.result()
    changed = change_rules(place, DEARER)

    done = act(changed, ActKind.ISSUE)

    assert rewards(changed) == [100]
    assert changed.result()["staff"] == scored["staff"]
    assert "由100元改为500元" in done.warnings[0]
    assert "仍按当时的办理" in done.warnings[0]
    assert verifies(changed)


def test_a_month_is_issued_with_the_company_and_the_template_of_then(place: Place) -> None:
    """Nothing that HR has read on the draft reads otherwise on the notice."""
    changed = set_up_anew(place, settings='company = "别家"\ntrial = true', notice="<p>另一种通报</p>")

    done = act(changed, ActKind.ISSUE)

    assert "星河" in notice(changed)
    assert "试评" not in notice(changed)
    assert "另一种通报" not in notice(changed)
    told = done.warnings[0]
    assert "设置 company（公司名称）由“星河”改为“别家”" in told
    assert "设置 trial（试运行）由“否”改为“是”" in told
    assert "模板 templates/notice.html.j2 改过" in told
    assert verifies(changed)


def test_a_correction_corrects_figures_and_not_rules(place: Place) -> None:
    """The agreed revision pays what the rules of the month say."""
    place.hr = True
    act(place, ActKind.ISSUE)
    assert place.take(CORRECTED, "更正.xlsx").status is Status.WAITING
    changed = change_rules(place, DEARER)

    done = act(changed, ActKind.APPROVE_CORRECTION, 10)

    assert rewards(changed) == [100, 100]  # the second gives the last back his deduction
    assert "由100元改为500元" in done.warnings[0]
    assert verifies(changed)


def test_a_correction_asks_for_no_forms_that_its_month_did_without(place: Place) -> None:
    """Own forms became a duty after November: nobody can hand one in for it any more."""
    place.hr = True
    act(place, ActKind.ISSUE)
    changed = set_up_anew(place, settings='company = "星河"\nself_forms = "required"\n')
    report = changed.take(CORRECTED, "更正.xlsx", date(2026, 12, 9))
    assert report.status is Status.WAITING, report.findings
    act(changed, ActKind.APPROVE_CORRECTION, 10)
    assert {one["id"]: one["rank"] for one in changed.result()["staff"]}["KF005"] == 6


def test_a_correction_that_only_a_later_version_takes_comes_back_at_once(place: Place) -> None:
    """HR could never agree to it: the month goes by the rules of then, which have no such figure."""
    act(place, ActKind.ISSUE)
    slow = {("考核数据", staff_id(6), "平均响应时间"): 5000}
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "漏报"}
    correction = workbook(cells=scores([1, 2, 3, 4, 5, 6]) | slow, labels=labels)
    changed = change_rules(
        place, NEW_VERSION, ("unit: 秒, between: [1, 3600]", "unit: 秒, between: [1, 86400]")
    )

    returned = changed.take(correction, "更正.xlsx", today=date(2026, 12, 9))

    (told,) = [one for one in returned.findings if one.is_error]
    assert told.code == "submission.other_rules"
    assert "按考核方案第1版下发" in told.message
    assert "平均响应时间" in told.message
    with changed.ledger() as ledger, ledger.reading() as books:
        assert books.corrections.all() == ()


def test_a_correction_on_the_form_of_then_is_read_by_the_rules_of_then(place: Place) -> None:
    """What a later version asks for besides no manager can have filled in."""
    place.hr = True
    act(place, ActKind.ISSUE)
    asked = (
        "      - {name: 平均响应时间,",
        "      - {name: 首次响应, type: count, example: 3}\n      - {name: 平均响应时间,",
    )
    changed = change_rules(place, NEW_VERSION, asked)

    assert changed.take(LAST_IN_NOVEMBER, "又一次.xlsx", today=date(2026, 12, 9)).status is Status.UNCHANGED
    assert changed.take(CORRECTED, "更正.xlsx", today=date(2026, 12, 9)).status is Status.WAITING
    act(changed, ActKind.APPROVE_CORRECTION, 10)

    assert rewards(changed) == [100, 100]
    assert verifies(changed)


def test_what_follows_from_another_month_pays_nobody_by_new_rules(place: Place) -> None:
    """December is made anew because November's last place moved, by December's own rules."""
    place.hr = True
    act(place, ActKind.ISSUE)
    assert place.take(
        workbook(period=DECEMBER, cells=scores([1, 2, 3, 4, 5, 6])), "12.xlsx", date(2027, 1, 6)
    )
    place.act(Act(ActKind.ISSUE, DECEMBER, "旗舰店", date(2027, 1, 7), "李经理", ""))
    paid = rewards(place, DECEMBER)
    assert place.take(CORRECTED, "更正.xlsx", date(2027, 1, 8)).status is Status.WAITING
    changed = change_rules(set_up_anew(place, settings='company = "别家"'), DEARER)

    done = changed.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, "旗舰店", date(2027, 1, 9), "李经理", ""))

    assert [one.period for one in done.recomputed.remade] == [DECEMBER]
    assert rewards(changed, DECEMBER) == paid
    assert "星河" in notice(changed, DECEMBER)
    assert verifies(changed)


# ------------------------------------------------------------------------------------------- rescore


def test_only_a_named_act_makes_a_month_by_changed_rules(place: Place) -> None:
    """Issued: a correction with a 更正通报 that says why, the money settled by the difference."""
    act(place, ActKind.ISSUE)
    changed = change_rules(place, DEARER, NEW_VERSION)

    done = act(changed, ActKind.RESCORE, 10, reason="总经理批准自11月起提高奖励")

    assert done.revision == 2
    assert "由100元改为500元" in done.warnings[0]
    assert rewards(changed) == [100, 500]
    assert "总经理批准自11月起提高奖励" in notice(changed)
    assert "更正" in notice(changed)
    with changed.ledger() as ledger, ledger.reading() as books:
        _, current = books.months.current("旗舰店", NOVEMBER) or (None, None)
    assert current is not None
    assert (current.version, current.provenance.kind) == (2, RevisionKind.CORRECTION)
    assert verifies(changed)


def test_a_month_that_is_not_issued_is_replaced(place: Place) -> None:
    """Settings count as well: whoever forgot the company's name has the draft made with it."""
    changed = set_up_anew(place, settings='company = "别家"')

    done = act(changed, ActKind.RESCORE, reason="公司名称写错")

    assert done.revision == 2
    assert "别家" in notice(changed)
    assert "更正事由" not in notice(changed)
    assert act(changed, ActKind.ISSUE, 9).warnings == ()
    assert verifies(changed)


@pytest.mark.parametrize(
    ("pairs", "reason", "told"),
    [
        ((), "重算", "就是按现在的"),
        ((DEARER,), "重算", "版本号没有变，内容变了"),
        ((DEARER, NEW_VERSION), "", "要写明原因"),
    ],
)
def test_a_month_is_rescored_only_for_a_reason(
    place: Place, pairs: tuple[tuple[str, str], ...], reason: str, told: str
) -> None:
    """Nothing differs; the same version says something else; nobody says why."""
    changed = change_rules(place, *pairs)
    with pytest.raises(ActRefused, match=told):
        act(changed, ActKind.RESCORE, reason=reason)
    assert changed.result()["revision"] == 1


# --------------------------------------------------------------------- the same version, other content


def test_a_version_that_says_something_else_starts_no_pass(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The difference in words, the months, and what to do; the file waits."""
    changed = change_rules(place, DEARER)
    changed.drop("12.xlsx", workbook(period=DECEMBER))
    with pytest.raises(ChangedRulesError) as refused:
        changed.run(date(2027, 1, 6))

    told = str(refused.value)
    assert "考核方案 online-shop 第1版的版本号没有变，内容变了" in told
    assert "由100元改为500元" in told
    assert "2026-11" in told
    assert "version 改为 2" in told
    assert (changed.workspace.inbox / "12.xlsx").exists()
    assert main(["rules", "check", "--workspace", str(changed.root)]) == 2
    assert told in capsys.readouterr().err
    assert main(["doctor", "--workspace", str(changed.root)]) == 2
    assert "版本号没有变，内容变了" in capsys.readouterr().out


def test_what_changes_no_month_is_no_change(place: Place) -> None:
    """A comment, and what is laid down for a month that nobody has scored yet."""
    path = place.root / "rules" / "online_shop.yaml"
    path.write_text(
        f"# 说明\n{path.read_text('utf-8')}\n"
        "overrides:\n  - {name: 大促, from: 2026-12, until: 2026-12, indicators: {平均响应时间: {bands: ['<=30: 10', 'else: 0']}}}\n",
        "utf-8",
    )
    changed = Place(place.root)
    assert changed.run(date(2026, 12, 8)).files == []
    assert act(changed, ActKind.ISSUE).warnings == ()


def test_the_roster_of_then_is_not_judged_by_the_rules_of_one_group(tmp_path: Path) -> None:
    """Another group's scheme stands in it by id and by name; only our group's rules are kept with our month."""
    people = [f"{staff_id(n)},{staff_name(n)},旗舰店,online-shop,2020-01-01" for n in range(1, 7)]
    others = [
        f"X{n},客户经理{n},二组,{scheme},2020-01-01"
        for n, scheme in enumerate(("account-manager", shipped("account-manager").name))
    ]
    place = Place(tmp_path, roster="\n".join(["工号,姓名,考核组,考核方案,入职日期", *people, *others]))
    place.take(LAST_IN_NOVEMBER)
    act(set_up_anew(place, settings='company = "新公司"'), ActKind.ISSUE)
    assert rewards(place) == [100]


def test_a_raised_version_takes_the_place_of_the_file(place: Place) -> None:
    """The months of before stay with the ledger's copy: the old file need not be kept."""
    changed = change_rules(place, DEARER, NEW_VERSION)
    assert changed.run(date(2026, 12, 8)).files == []
    act(changed, ActKind.ISSUE)
    assert rewards(changed) == [100]
    assert verifies(changed)


def test_a_program_with_other_rules_goes_on_with_those_of_before(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The program's files were others when November was scored: restored, they are the workspace's own."""
    shutil.rmtree(place.root / "rules")
    with place.ledger() as ledger, ledger.writing() as books:
        text = (PROGRAM_FOLDER / "rules" / "online_shop.yaml").read_bytes()
        dearer = text.replace(DEARER[0].encode(), DEARER[1].encode())
        _kept_instead(books, text, dearer)
    updated = Place(place.root)
    with pytest.raises(ChangedRulesError, match="由500元改为100元"):
        updated.run()

    assert main(["rules", "restore", "--workspace", str(place.root)]) == 0

    assert "工作区自己的 rules" in capsys.readouterr().out
    (own,) = (place.root / "rules").iterdir()
    assert (own.name, own.read_bytes()) == ("online_shop.yaml", dearer)
    assert Place(place.root).run().files == []


def _kept_instead(books: Transaction, text: bytes, other: bytes) -> None:
    """As if the ledger had kept another text from the first."""
    sha256 = hashlib.sha256(text).hexdigest()
    kept = documents.c.sha256 == sha256
    books._connection.execute(
        update(documents).where(kept).values(sha256=hashlib.sha256(other).hexdigest(), content=other)
    )


def test_edited_rules_are_restored_and_the_edited_ones_kept(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the ledger keeps is put back, what was there lies beside it: nothing is lost."""
    path = place.root / "rules" / "online_shop.yaml"
    before = path.read_bytes()
    changed = change_rules(place, DEARER)
    edited = path.read_bytes()

    assert main(["rules", "restore", "--workspace", str(changed.root)]) == 0

    assert path.read_bytes() == before
    assert path.with_name("online_shop.yaml.改动").read_bytes() == edited
    assert "online_shop.yaml" in capsys.readouterr().out
    assert Place(place.root).run(date(2026, 12, 8)).files == []
    assert load_setup(place.workspace).rulebook.ids


def test_a_rule_file_that_is_gone_is_our_fault_and_is_put_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Managers' files are not sent back for it: nothing is begun, at a start as while one watches."""
    place = Place(tmp_path)
    with place.ledger() as ledger:
        record(ledger, NOVEMBER)
        with ledger.writing() as books:
            books.documents.keep("rules", one_mark_text().encode())
        with pytest.raises(ChangedRulesError, match="考核方案 one-mark 的规则文件不见了"):
            refuse_changed_rules(place.setup.rulebook, ledger)
    where = ("--workspace", str(place.root))
    assert main(["run", *where]) == 2
    assert "请执行 rules restore 放回来" in capsys.readouterr().err

    assert main(["rules", "restore", *where]) == 0

    assert "one_mark_1.yaml 已放回" in capsys.readouterr().out
    assert (place.root / "rules" / "one_mark_1.yaml").read_text("utf-8") == one_mark_text()
    assert main(["rules", "check", *where]) == 0
