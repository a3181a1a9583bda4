"""An issued month goes out: the notice to all, each slip to its person alone, and nothing twice."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.delivery.circulate import Circulation, UnsureResolution
from appraisal.hr.acknowledgements import HandoutState, handouts, sent_in_words
from appraisal.hr.facts import Names
from appraisal.intake.hr_acts import Act
from appraisal.ledger.delivery_records import Acknowledgement, DeliveryState, SentPaper
from appraisal.ledger.records import Appeal, AppealState
from appraisal.pipeline.context import open_context
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper, AcknowledgementState
from appraisal.scheme.forms.hr_acts import ActKind, AppealDecision, OutcomeDecision
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.workspace.notify_settings import Circulated
from tests.builders.submissions import NOVEMBER, staff_name
from tests.builders.workspaces import readers, scores, workbook
from tests.delivery.servers import MailServerHere
from tests.delivery.shop import BEST_FIRST, GROUP, ISSUED, Shop

NAMES = [staff_name(at) for at in range(1, 7)]
NOTICE, SLIPS, PLANS = Circulated.NOTICE, Circulated.SLIPS, Circulated.PLANS


def states(told: Circulation) -> dict[str, str]:
    return {one.key.addressee: one.state.value for one in told.deliveries}


def attached(mail: EmailMessage) -> list[str | None]:
    return [part.get_filename() for part in mail.iter_attachments()]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_a_month_is_circulated_once_and_what_did_not_arrive_once_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """KF005's mailbox is refused and KF006 has none: nobody else is sent theirs; told, put right, sent."""
    with MailServerHere(refuses={"kf005@example.com": "550 no such user"}) as mail:
        shop = Shop(tmp_path, mail.port, without=("KF006",)).issued()
        told = shop.send(SLIPS)
        assert states(told) == {**{f"KF00{at}": "sent" for at in range(1, 5)}, "KF005": "refused"}
        (refused,) = [one for one in told.deliveries if one.state is DeliveryState.REFUSED]
        assert "550 no such user" in refused.reason
        (held,) = told.held
        assert (held.who, "花名册里没有邮箱" in held.why) == (f"{NAMES[5]}（KF006）", True)
        assert mail.to == [f"kf00{at}@example.com" for at in range(1, 5)]
        for at, one in enumerate(mail.received, 1):
            assert attached(one) == [f"KF00{at}_{NAMES[at - 1]}{end}" for end in (".html", "_申诉表.xlsx")]
            assert (one["To"], one["From"]) == (f"kf00{at}@example.com", "人事部 <hr@example.com>")
            assert [name for name in NAMES if name in text_of(one)] == [NAMES[at - 1]]

        shop.send(SLIPS)
        shop.send(SLIPS, again=True)
        assert len(mail.received) == 4
        where = ["--workspace", str(tmp_path), "--date", str(ISSUED)]
        assert main(["status", "2026-11", *where]) == 0
        assert f"2026-11 发送  绩效单（邮件）发给{NAMES[4]}（KF005）：被拒收" in capsys.readouterr().out

        fixed = (tmp_path / "roster.csv").read_text("utf-8").replace("kf005@", "five@")
        (tmp_path / "roster.csv").write_text(
            fixed.replace("2024-03-01,\n", "2024-03-01,six@example.com\n"), "utf-8"
        )
        shop.place._setup = None
        told = shop.send(SLIPS)
        assert (states(told)["KF005"], states(told)["KF006"]) == ("refused", "sent")
        assert shop.send(SLIPS, again=True).is_complete
        assert mail.to[4:] == ["six@example.com", "five@example.com"]


def test_a_second_revision_goes_to_whose_paper_it_changed_and_the_former_one_no_more(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """One mark of KF003's is corrected: KF003 gets a new slip, and KF001, whom the first one did not reach.

    For the others only edition, day and the group's average are new: the notice tells them.
    """
    with MailServerHere(refuses={"kf001@example.com": "550 no"}) as mail:
        shop = Shop(tmp_path, mail.port).issued()
        shop.send(SLIPS, PLANS)
        assert len(mail.to) == 5 + 2
        final = shop.place.workspace.outbox / "人事" / "2026-11" / "定稿" / "旗舰店_2026-11_考核通报.docx"
        final.parent.mkdir(parents=True, exist_ok=True)
        final.write_bytes(b"of the first edition")
        put_right = scores(BEST_FIRST) | {("店长评分", "KF003", "报表上交及时性"): 4}
        correction = workbook(cells=put_right, labels={"报送性质": "更正报送", "更正原因": "KF003申诉成立"})
        day = date(2026, 12, 10)
        shop.place.take(correction, today=day)
        shop.place.act(Act(ActKind.APPROVE_CORRECTION, NOVEMBER, GROUP, day, "人事", ""))
        with shop.place.ledger() as ledger, ledger.reading() as transaction:
            assert transaction.deliveries.not_arrived(NOVEMBER) == ()
        mail.refuses = {}
        assert shop.send(SLIPS, PLANS, again=True).is_complete
        told = shop.send(SLIPS, PLANS, again=True)
        assert {one.key.revision for one in told.deliveries} == {2}
        assert mail.to[7:] == ["kf001@example.com", "kf003@example.com"]
        assert all("更正后" in text_of(one) for one in mail.received[7:])
        where = ["--workspace", str(tmp_path), "--date", str(day)]
        assert main(["send", GROUP, "2026-11", "--to", "slips", *where]) == 0
        said = capsys.readouterr().out
        assert f"不用再发  绩效单  {NAMES[1]}（KF002）" in said
        assert "与已发的第1版相同，没有再发" in said
        assert "共：以前已发2，不用再发4。" in said
        signed = {"state": AcknowledgementState.SIGNED, "channel": None, "delivered_on": ISSUED, "on": ISSUED}
        with shop.place.ledger() as ledger, ledger.writing() as transaction:
            for staff in ("KF002", "KF003"):
                about = {"group": GROUP, "period": NOVEMBER, "revision": 1, "staff": staff}
                told_by = {"witness": "", "remark": "", "entered_on": ISSUED, "sha256": "0" * 64}
                one = Acknowledgement(**about, paper=AcknowledgedPaper.SLIP, **signed, **told_by)
                transaction.acknowledgements.put(one)
            slips = {one.staff: state for one, state in handouts(transaction, NOVEMBER)[GROUP]}
        assert (slips["KF002"], slips["KF003"]) == (HandoutState.SIGNED, HandoutState.SENT), (
            "who has signed for the same slip need not sign again"
        )
        shop.send(NOTICE)
        notice = next(mail.received[-1].iter_attachments()).get_content()
        assert notice.startswith(b"PK")

        shop.place.act(Act(ActKind.WITHDRAW, NOVEMBER, GROUP, day, "人事", "报错月份"))
        before = len(mail.to)
        told = shop.send(SLIPS, NOTICE)
        assert sorted(mail.to[before:]) == sorted({*mail.to[:before]}), "everybody once, whatever had come"
        last = mail.received[-1]
        assert last["Subject"] == "旗舰店2026年11月绩效考核已撤回"
        assert "报错月份" in text_of(last)
        assert next(last.iter_attachments()).get_filename() == "旗舰店_2026-11_撤回通知.docx"
        shop.send(SLIPS, NOTICE)
        assert len(mail.to) == before + len(told.messages), "once"


def test_a_decision_on_a_tie_goes_to_whom_it_changed_the_paper_of(tmp_path: Path):
    """The notice to everybody, the slip to the one person; each once, and it says what was decided.

    Two were refused before: with `--again` they get the paper of now, and the former one nobody any more.
    """
    tied = {("考核数据", "KF006", "平均响应时间"): 45}
    refuses = {"kf003@example.com": "550 no", "kf005@example.com": "550 no"}
    with MailServerHere(refuses) as mail:
        shop = Shop(tmp_path, mail.port)
        shop.place.take(workbook(cells=scores(BEST_FIRST) | tied))
        shop.issue()
        shop.send(SLIPS, NOTICE)
        before = len(mail.to)
        decided = replace(
            Act(ActKind.DECIDE, NOVEMBER, GROUP, ISSUED, "李经理", "店务会议研究"),
            staff="KF005",
            outcome=OutcomeType.DEDUCT,
            decision=OutcomeDecision.APPLY,
        )
        shop.place.act(decided)
        mail.refuses = {}
        shop.send(SLIPS, NOTICE, again=True)
        shop.send(SLIPS, NOTICE, again=True)
        (letter,) = shop.send(Circulated.LETTERS).messages
        with shop.place.ledger() as ledger, ledger.reading() as transaction:
            assert transaction.deliveries.not_arrived(NOVEMBER) == ()
    assert (letter.who, letter.attachments[0].name) == (
        f"{NAMES[4]}（KF005）",
        f"KF005_{NAMES[4]}_提成调整_决定书.docx",
    )
    again = mail.received[before:]
    slips = {one["To"]: one for one in again if "通知单" in one["Subject"]}
    assert [*slips] == ["kf003@example.com", "kf005@example.com"]
    assert len(again) == 7 + 2 + 1
    had_one = [one for one in again if one["To"] not in refuses]
    assert all("裁定执行（2026年12月8日）" in text_of(one) for one in had_one)
    assert "经研究决定" in next(slips["kf005@example.com"].iter_attachments()).get_content()
    assert not any("裁定" in text_of(one) for one in mail.received[:before])


def test_what_hr_decided_about_a_person_goes_to_that_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """The answer to an appeal, once, by `send` without `--to`; it is expected to be signed for all the same."""
    appeal = Appeal(
        group=GROUP,
        period=NOVEMBER,
        staff="KF002",
        revision=1,
        appeal_by=ISSUED,
        state=AppealState.RECEIVED,
        came_on=ISSUED,
        sha256="0" * 64,
        items={"平均响应时间": "当日系统故障"},
        name=NAMES[1],
        complete_on=ISSUED,
        answer_by=ISSUED,
    )
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port).issued()
        with shop.place.ledger() as ledger, ledger.writing() as transaction:
            transaction.appeals.put(appeal)
        act = Act(ActKind.ANSWER, NOVEMBER, GROUP, ISSUED, "李经理", "经查系统无故障")
        shop.place.act(replace(act, staff="KF002", item=1, answer=AppealDecision.MAINTAIN))
        send = ["send", GROUP, "2026-11", "--workspace", str(tmp_path), "--date", str(ISSUED)]
        assert main([*send, "--dry-run"]) == 0
        assert f"将会发出  申诉答复书  {NAMES[1]}（KF002）" in capsys.readouterr().out
        assert shop.send(Circulated.LETTERS).is_complete
        assert shop.send(Circulated.LETTERS).is_complete
        assert _letter_state(shop) is HandoutState.SENT
        shop.place.act(replace(act, staff="KF002", item=1, answer=AppealDecision.CORRECT, reason="再查有误"))
        assert _letter_state(shop) is HandoutState.MADE  # the second letter, which has not gone
        (letter,) = mail.received
        assert shop.send(Circulated.LETTERS).is_complete
        assert (len(mail.received), _letter_state(shop)) == (2, HandoutState.SENT)
    assert (letter["To"], letter["Subject"]) == ("kf002@example.com", "您的2026年11月申诉答复书")
    assert attached(letter) == [f"KF002_{NAMES[1]}_申诉答复书.docx"]


def _letter_state(shop: Shop) -> HandoutState:
    with shop.place.ledger() as ledger, ledger.reading() as transaction:
        states = {one.paper.value: state for one, state in handouts(transaction, NOVEMBER)[GROUP]}
    return states["appeal_answer"]


def test_notice_and_plans(tmp_path: Path):
    """The notice to everybody and the manager, one mail each; the plan's form to who owes one, with its day."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port).issued()
        assert shop.send(NOTICE).is_complete
        assert sorted(mail.to) == sorted([*(f"kf00{at}@example.com" for at in range(1, 7)), "li@example.com"])
        assert {tuple(attached(one)) for one in mail.received} == {("旗舰店_2026-11_考核通报.docx",)}
        assert "参与排名6人" in text_of(mail.received[0])
        mail.to.clear()
        told = shop.send(PLANS)
        assert told.is_complete
        assert mail.to == [f"{one.key.addressee.lower()}@example.com" for one in told.deliveries]
        assert attached(mail.received[-1]) == [
            f"{told.deliveries[-1].key.addressee}_{NAMES[5]}_整改方案.xlsx"
        ]
        assert "2026年12月15日（星期二）" in text_of(mail.received[-1])


def test_what_was_changed_after_it_was_issued_is_held(tmp_path: Path):
    """Whoever may write into the group's folder does not write what HR sends; HR's own final version goes before."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port).issued()
        outbox = shop.place.workspace.outbox
        (outbox / GROUP / "2026-11" / "绩效单" / f"KF001_{NAMES[0]}.html").write_text("改过", "utf-8")
        (notice,) = (outbox / GROUP / "2026-11").glob("*考核通报.docx")
        notice.write_bytes(b"changed")
        told = shop.send(NOTICE, SLIPS)
        assert [(one.paper, one.who) for one in told.held] == [
            (SentPaper.NOTICE, "全部"),
            (SentPaper.SLIP, f"{NAMES[0]}（KF001）"),
        ]
        assert all("下发以后有人改过" in one.why for one in told.held)
        assert len(mail.to) == 5

        final = outbox / "人事" / "2026-11" / "定稿" / notice.name
        final.parent.mkdir(parents=True)
        final.write_bytes(b"final")
        assert shop.send(NOTICE).is_complete
        assert next(mail.received[-1].iter_attachments()).get_content() == b"final"


def test_what_is_unsure_is_left_to_hr(tmp_path: Path):
    """The server hung up after it was given a mail: the others wait, that one goes again only when HR says so."""
    others = {f"KF00{at}" for at in range(2, 7)}
    with MailServerHere(answers={"kf001@example.com": None}) as mail:
        shop = Shop(tmp_path, mail.port).issued()
        assert states(shop.send(SLIPS)) == {"KF001": "unsure", **dict.fromkeys(others, "made")}
        assert states(shop.send(SLIPS, again=True)) == {"KF001": "unsure", **dict.fromkeys(others, "sent")}
        assert mail.to.count("kf001@example.com") == 1
        mail.answers.clear()
        assert shop.send(SLIPS, unsure=UnsureResolution.AGAIN).is_complete
        assert mail.to.count("kf001@example.com") == 2


def test_it_sends_while_a_watch_holds_the_workspace(tmp_path: Path):
    """HR need not stop it."""
    with MailServerHere() as mail:
        place = Shop(tmp_path, mail.port).issued().place
        with open_context(place.workspace, place.setup, today=ISSUED, sandbox=readers()):
            assert main(["send", GROUP, "2026-11", "--to", "slips", "--workspace", str(tmp_path)]) == 0
        assert len(mail.to) == 6


def test_an_older_ledger_does_not_send_again(tmp_path: Path):
    """Put back from a backup, it does not know what was handed over since; the outgoing folder does."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port).issued()
        ledger = shop.place.workspace.state / "ledger.db"
        backup = ledger.read_bytes()
        assert shop.send(SLIPS).is_complete
        ledger.write_bytes(backup)
        told = shop.send(SLIPS, again=True)
        assert {one.state for one in told.deliveries} == {DeliveryState.UNSURE}
        assert "台账里没有记录" in told.deliveries[0].reason
        assert len(mail.to) == 6


def test_a_server_that_is_gone_costs_nothing_but_time(tmp_path: Path):
    """Everything waits, with the reason; the next sending takes it up."""
    with MailServerHere() as mail:
        port = mail.port
    shop = Shop(tmp_path, port).issued()
    told = shop.send(SLIPS)
    assert [one.state for one in told.deliveries].count(DeliveryState.MADE) == 6
    assert "连不上邮件服务器" in told.deliveries[0].reason
    with shop.place.ledger() as ledger, ledger.reading() as transaction:
        told = transaction.deliveries.not_arrived(NOVEMBER)
        names = Names(transaction)
        assert transaction.pending_hr_folders.noted() == (NOVEMBER,)
        assert [sent_in_words(one, names).partition("，")[0] for one in told] == [
            f"绩效单（邮件）发给{NAMES[at - 1]}（KF00{at}）：待发" for at in range(1, 7)
        ]
    with MailServerHere(listens_on=port) as mail:
        assert shop.send(SLIPS).is_complete
        assert len(mail.to) == 6


def test_the_verb_tells_what_it_would_do_and_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """A dry run writes nothing; the exit code says whether everybody was reached."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port, without=("KF006",)).issued()
        send = [
            "send",
            GROUP,
            "2026-11",
            "--to",
            "slips",
            "--workspace",
            str(tmp_path),
            "--date",
            str(ISSUED),
        ]
        assert main([*send, "--dry-run"]) == 0
        assert (
            f"将会发出  绩效单  {NAMES[0]}（KF001）（邮件 kf001@example.com），附 KF001_{NAMES[0]}.html"
            in capsys.readouterr().out
        )
        assert not mail.to
        assert not list(shop.place.workspace.state.glob("outgoing/*/*"))
        assert main(send) == 1
        assert "共：已发出5，没有发1。" in capsys.readouterr().out
        assert main(send) == 1
        assert "共：以前已发5，没有发1。" in capsys.readouterr().out
        assert main([*send, "--json"]) == 1
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [one["state"] for one in lines] == ["sent"] * 5 + ["held"]
        assert len(mail.to) == 5
    assert main(["send", GROUP, "2026-11", "--to", "everybody", "--workspace", str(tmp_path)]) == 2
    assert main(["send", GROUP[:-1], "2026-11", "--workspace", str(tmp_path)]) == 2
    assert f"没有考核组“{GROUP[:-1]}”，是不是“{GROUP}”？" in capsys.readouterr().err


def test_reminders_go_once_before_the_day_and_once_after(tmp_path: Path):
    """To the manager who has not handed in."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port)
        before, after = date(2026, 12, 3), date(2026, 12, 9)
        for day in (before, before, after, after):
            shop.send(Circulated.REMINDERS, today=day)
        assert mail.to == ["li@example.com", "li@example.com"]
        assert [one["Subject"].partition("：")[0] for one in mail.received] == [
            "请按时交",
            "已过期限，请补交",
        ]


def test_reminders_of_all_groups_go_to_those_that_have_handed_in_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    """They are whom it is for; a notice for all is for those that are issued."""
    with MailServerHere() as mail:
        Shop(tmp_path, mail.port)
        send = ["send", "全部", "2026-11", "--workspace", str(tmp_path), "--date", "2026-12-03"]
        assert main([*send, "--to", "reminders"]) == 0
        assert mail.to == ["li@example.com"]
        capsys.readouterr()
        assert main(send) == 0
        assert "没有要发的" in capsys.readouterr().out


def test_what_came_back_is_told_to_the_manager_with_the_marked_workbook(tmp_path: Path):
    """And what was accepted; each file once."""
    with MailServerHere() as mail:
        shop = Shop(tmp_path, mail.port)
        shop.place.take(workbook(cells={("考核数据", "KF001", "询单人数"): "三十"}))
        shop.send(Circulated.RECEIPTS)
        shop.handed_in()
        shop.send(Circulated.RECEIPTS)
        shop.send(Circulated.RECEIPTS)
        assert mail.to == ["li@example.com", "li@example.com"]
        assert attached(mail.received[0])[0] == "上报表_退回.xlsx"
        assert "三十" in text_of(mail.received[0])
        assert "已受理，第1版" in text_of(mail.received[1])
