"""A paper to its person by the company's app: never to anybody else, never twice; what is known of its reading is kept.

The ends here answer as the services' documents say; nothing was tried against the real ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from appraisal.cli.app import main
from appraisal.delivery.apps import CompanyApps, ReadState
from appraisal.delivery.message import Attachment, DeliveryRoute, Handover, Message
from appraisal.delivery.sending import OFTEN_ENOUGH, ReadStates, fetch_read_states
from appraisal.hr.acknowledgements import HandoutState, acknowledged, acknowledgement_sheets
from appraisal.ledger.delivery_records import Channel, DeliveryKey, DeliveryState, SentPaper
from appraisal.pipeline.after_a_pass import circulate_by_itself
from appraisal.pipeline.context import open_context
from appraisal.workspace.notify_settings import App, Circulated, Notify, Service
from tests.builders.submissions import NOVEMBER
from tests.builders.workspaces import readers
from tests.delivery.servers import MailServerHere, RobotHere
from tests.delivery.shop import GROUP, ISSUED, Shop

NOW = datetime(2026, 12, 8, 9, tzinfo=UTC)
WECOM, DINGTALK, FEISHU = Channel.WECOM_APP, Channel.DINGTALK_APP, Channel.FEISHU_APP
MADE, SENT, UNSURE, REFUSED = (
    DeliveryState.MADE,
    DeliveryState.SENT,
    DeliveryState.UNSURE,
    DeliveryState.REFUSED,
)
Answer = tuple[int, Any] | None
GOOD: dict[str, Answer] = {
    "gettoken": (200, {"errcode": 0, "access_token": "T1"}),
    "internal": (200, {"code": 0, "tenant_access_token": "T1"}),
    "upload": (200, {"errcode": 0, "media_id": "M1"}),
    "files": (200, {"code": 0, "data": {"file_key": "F1"}}),
    "send": (200, {"errcode": 0, "msgid": "W1"}),
    "asyncsend_v2": (200, {"errcode": 0, "task_id": 71}),
    "messages": (200, {"code": 0, "data": {"message_id": "om_1"}}),
}
SLIP = Attachment("KF001_张三.html", b"<p>slip</p>")


def ends(**other: Answer | list[Answer]) -> Callable[[str, Any], Answer]:
    """Answers by the last word of the path; a list is answered one after the other, the last again and again."""

    def answer(path: str, _told: Any) -> Answer:
        word = path.partition("?")[0].rpartition("/")[2]
        found = other.get(word, GOOD.get(word, (404, {})))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found

    return answer


def sent(
    here: RobotHere,
    channel: Channel,
    *files: Attachment,
    to: str = "u1",
    secret: str | None = "S",
    seconds: float = 5.0,
) -> Handover:
    key = DeliveryKey(GROUP, NOVEMBER, 1, SentPaper.SLIP, "KF001")
    content = Message(key, "", DeliveryRoute(channel, to), "", "您的绩效单", files).written("", NOW)
    return apps(here, secret, seconds).send(channel, to, content)


def apps(here: RobotHere, secret: str | None = "S", seconds: float = 5.0) -> CompanyApps:
    url = here.url.partition("/cgi-bin")[0]
    every = tuple(App(one, "ww1", "1000002", url) for one in Service)
    return CompanyApps(Notify(apps=every), lambda _: secret, lambda: NOW, seconds=seconds)


def test_each_service_is_told_in_its_own_way():
    """The file is with the service before anybody sees a word; 钉钉, which takes no HTML, gets it in a zip."""
    with RobotHere(ends()) as here:
        assert [sent(here, one, SLIP) for one in (WECOM, DINGTALK, FEISHU)] == [
            Handover(SENT, receipt="W1"),
            Handover(SENT, receipt="71"),
            Handover(SENT, receipt="om_1"),
        ]
        wecom, dingtalk, feishu = here.told[:4], here.told[4:8], here.told[8:]
    assert wecom[0][0] == "/cgi-bin/gettoken?corpid=ww1&corpsecret=S"
    assert b'filename="KF001_\xe5' in wecom[1][1]
    assert [told for _, told in wecom[2:]] == [
        {"touser": "u1", "agentid": 1000002, "msgtype": "text", "text": {"content": "您的绩效单"}},
        {"touser": "u1", "agentid": 1000002, "msgtype": "file", "file": {"media_id": "M1"}},
    ]
    assert wecom[2][0].endswith("?access_token=T1")
    assert b".zip" in dingtalk[1][1]
    assert dingtalk[3][1] == {
        "agent_id": 1000002,
        "userid_list": "u1",
        "msg": {"msgtype": "file", "file": {"media_id": "M1"}},
    }
    assert feishu[0][1] == {"app_id": "ww1", "app_secret": "S"}
    assert feishu[2] == (
        "/open-apis/im/v1/messages?receive_id_type=user_id",
        {"receive_id": "u1", "msg_type": "text", "content": '{"text": "您的绩效单"}'},
    )


@pytest.mark.parametrize(
    ("channel", "answers", "state", "told"),
    [
        (WECOM, {"send": (200, {"errcode": 0, "invaliduser": "u1"})}, REFUSED, "没有这个账号"),
        (WECOM, {"send": (200, {"errcode": 0, "unlicenseduser": "u1"})}, REFUSED, "接口许可"),
        (WECOM, {"send": (200, {"errcode": 81013, "errmsg": "all invalid"})}, REFUSED, "81013"),
        (WECOM, {"send": (200, {"errcode": 45009, "errmsg": "freq"})}, MADE, "发得太快"),
        (WECOM, {"send": (200, {"errcode": -1, "errmsg": "system busy"})}, MADE, "稍后再发"),
        (WECOM, {"send": None}, UNSURE, "没有等到答复"),
        (WECOM, {"gettoken": (200, {"errcode": 40001, "errmsg": "bad secret"})}, MADE, "40001"),
        (WECOM, {"gettoken": None}, MADE, "取不到应用的令牌"),
        (WECOM, {"upload": None}, MADE, "文件没有传上去"),
        (WECOM, {"send": [(200, {"errcode": 0}), (200, {"errcode": 45009})]}, UNSURE, "已发出1条"),
        (DINGTALK, {"asyncsend_v2": (200, {"errcode": 143103})}, MADE, "发得太快"),
        (DINGTALK, {"asyncsend_v2": (200, {"errcode": 88, "sub_code": "90018"})}, MADE, "90018"),
        (DINGTALK, {"asyncsend_v2": (200, {"errcode": 88, "sub_code": "60011"})}, REFUSED, "60011"),
        (FEISHU, {"messages": (400, {"code": 230013, "msg": "no availability"})}, REFUSED, "230013"),
        (FEISHU, {"messages": (400, {"code": 230020, "msg": "frequency"})}, MADE, "230020"),
    ],
)  # fmt: skip
def test_what_does_not_arrive(channel: Channel, answers: dict[str, Any], state: DeliveryState, told: str):
    with RobotHere(ends(**answers)) as here:
        outcome = sent(here, channel, SLIP)
    assert (outcome.state, told in outcome.reason) == (state, True)


@pytest.mark.parametrize(
    ("channel", "word", "code"),
    [
        (WECOM, "send", {"errcode": 42001}),
        (DINGTALK, "asyncsend_v2", {"errcode": 88, "sub_code": "40014"}),
        (FEISHU, "messages", {"code": 99991663}),
    ],
)
def test_a_token_that_ran_out_on_the_way_is_fetched_anew(channel: Channel, word: str, code: dict[str, Any]):
    expired = (400 if channel is FEISHU else 200, code)
    with RobotHere(ends(**{word: [GOOD[word], expired, GOOD[word]]})) as here:
        assert sent(here, channel, SLIP).state is SENT
    assert sum("token" in path.partition("?")[0] for path, _ in here.told) == 2


def test_a_slow_service_leaves_it_open_and_without_a_secret_nothing_is_tried():
    with RobotHere(ends()) as here:
        outcome = sent(here, WECOM, secret=None)
        assert (outcome.state, "APPRAISAL_WECOM_APP_SECRET" in outcome.reason) == (MADE, True)
        assert here.told == []
    with RobotHere(ends(), slow=5) as here:
        assert sent(here, WECOM, seconds=0.1).state is MADE  # no token: nothing was said


@pytest.mark.parametrize("to", ["@all", "u1|u2", "u1,u2", "oc_1", ""])
def test_what_may_mean_more_than_one_person_is_told_to_nobody(to: str):
    with RobotHere(ends()) as here:
        assert sent(here, WECOM, to=to).state is REFUSED
        assert here.told == []


def test_what_the_services_tell_of_reading():
    def result(**lists: list[object]) -> dict[str, Answer]:
        return {"getsendresult": (200, {"errcode": 0, "send_result": lists})}

    def asked(channel: Channel, **answers: Any) -> ReadState | Handover:
        with RobotHere(ends(**answers)) as here:
            return apps(here).read_state(channel, "u1", "71")

    assert asked(DINGTALK, **result()) == ReadState()
    assert asked(DINGTALK, **result(unread_user_id_list=["u1"])) == ReadState(NOW)
    assert asked(DINGTALK, **result(read_user_id_list=["u1"])) == ReadState(NOW, NOW)
    assert asked(DINGTALK, **result(read_user_id_list=["u2"])) == ReadState()
    forbidden = asked(DINGTALK, **result(forbidden_list=[{"userid": "u1", "code": "143106", "count": 1}]))
    assert isinstance(forbidden, ReadState)
    assert "143106 同样的内容今天已经发给过他" in forbidden.refused
    moment = NOW + timedelta(minutes=30)
    readers = {"items": [{"user_id": "ou_1", "timestamp": str(int(moment.timestamp() * 1000))}]}
    assert asked(FEISHU, read_users=(200, {"code": 0, "data": readers})) == ReadState(moment, moment)
    assert asked(FEISHU, read_users=(200, {"code": 0, "data": {"items": []}})) == ReadState()
    assert isinstance(asked(FEISHU, read_users=(200, {"code": 230002})), Handover)


def test_slips_by_an_app_from_sending_to_seen(tmp_path: Path):
    """Each to its person by the app that the roster knows; seen is kept when the service has forgotten, and signs nothing."""
    lists: dict[str, list[str]] = {"unread_user_id_list": ["u1", "u2"]}
    result: list[Answer] = [(200, {"errcode": 0, "send_result": lists})]
    with MailServerHere() as mail, RobotHere(ends(getsendresult=result)) as here:
        url = here.url.partition("/cgi-bin")[0]
        table = f'[[notify.app]]\nservice = "dingtalk"\nid = "ding1"\nagent = 7\nurl = "{url}"\n'
        shop = Shop(tmp_path, mail.port, apps=table, ids_of="钉钉").issued()
        shop.secrets["DINGTALK_APP_SECRET"] = "S"
        with shop.context() as context, context.ledger.writing() as transaction:  # a sender that died at it
            key = DeliveryKey(GROUP, NOVEMBER, 1, SentPaper.SLIP, "KF003")
            made = transaction.deliveries.make(key, DINGTALK, "u3", "2026-11/x.json", NOW)
            transaction.deliveries.begin(made, NOW)
        told = shop.send(Circulated.SLIPS)
        assert {one.key.addressee: one.state for one in told.deliveries if one.state is not SENT} == {
            "KF003": UNSURE
        }
        assert mail.to == []
        receivers = [said["userid_list"] for path, said in here.told if "asyncsend_v2" in path]
        assert sorted(set(receivers)) == ["u1", "u2", "u4", "u5", "u6"]
        assert not [path for path, _ in here.told if "getsendresult" in path]  # it is too early
        before = len(here.told)
        shop.send(Circulated.SLIPS, again=True)
        assert len(here.told) == before  # nothing goes twice

        shop.clock += OFTEN_ENOUGH
        assert asked(shop) == ReadStates(5)
        assert states(shop)[:3] == [HandoutState.ARRIVED, HandoutState.ARRIVED, HandoutState.MADE]
        lists.update(read_user_id_list=["u1"], unread_user_id_list=[], failed_user_id_list=["u4"])
        assert asked(shop, again=False) == ReadStates(0)  # not more often than once an hour
        assert asked(shop) == ReadStates(5)
        assert states(shop)[:4] == [
            HandoutState.SEEN,
            HandoutState.ARRIVED,
            HandoutState.MADE,
            HandoutState.MADE,
        ]
        lists.clear()  # forgotten there
        assert asked(shop) == ReadStates(3)
        shop.clock += timedelta(days=1)
        assert asked(shop) == ReadStates(0)  # it would not tell any more
        assert states(shop)[0] is HandoutState.SEEN
        with shop.context() as context, context.ledger.reading() as transaction:
            facts = context.facts(transaction, NOVEMBER)
            sheet = acknowledgement_sheets(facts)[-1]
        first, fourth = (next(row for row in sheet.rows if row[1] == one) for one in ("KF001", "KF004"))
        assert first[4:7] == ["绩效单", "钉钉", "已发出"]
        assert str(first[9]).startswith("2026-12-08 10:00")
        assert (fourth[6], fourth[-1]) == ("被拒收", "钉钉没有发到")


def test_the_verb_and_every_pass_ask_the_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    """Two hours after sending a pass hears that it arrived, then `send --states` that it was read."""
    monkeypatch.setenv("APPRAISAL_DINGTALK_APP_SECRET", "S")
    lists: dict[str, list[str]] = {"unread_user_id_list": ["u1"]}
    answers: list[Answer] = [(200, {"errcode": 0, "send_result": lists})]
    with RobotHere(ends(getsendresult=answers)) as here:
        url = here.url.partition("/cgi-bin")[0]
        table = f'[[notify.app]]\nservice = "dingtalk"\nid = "ding1"\nagent = 7\nurl = "{url}"\n'
        sent_at = datetime.now(UTC) - timedelta(hours=2)
        shop = Shop(tmp_path, apps=table, ids_of="钉钉", clock=sent_at).issued()
        shop.secrets["DINGTALK_APP_SECRET"] = "S"
        assert shop.send(Circulated.SLIPS).is_complete
        place = shop.place
        for _ in range(2):
            with open_context(place.workspace, place.setup, today=ISSUED, sandbox=readers()) as context:
                assert circulate_by_itself(context) == []
        assert states(shop)[0] is HandoutState.ARRIVED
        assert len([path for path, _ in here.told if "getsendresult" in path]) == 6  # once an hour is enough

        lists.update(read_user_id_list=["u1"], unread_user_id_list=[])
        ask = ["send", GROUP, "2026-11", "--states", "--workspace", str(tmp_path), "--date", str(ISSUED)]
        assert main(ask) == 0
        said = capsys.readouterr().out
        assert "查了6条，都有答复" in said
        (line,) = (one for one in said.splitlines() if "KF001" in one)
        assert " 已读" in line
        assert main([*ask, "--json"]) == 0
        lines = [json.loads(one) for one in capsys.readouterr().out.splitlines()]
        assert [bool(one["seen_at"]) for one in lines] == [True, *[False] * 5]
        answers[0] = (200, {"errcode": 33001, "errmsg": "no such corp"})
        assert main(ask) == 1
        assert "33001" in capsys.readouterr().out


def asked(shop: Shop, *, again: bool = True) -> ReadStates:
    with shop.context() as context:
        return fetch_read_states(context, not_again_within=timedelta(0) if again else OFTEN_ENOUGH)


def states(shop: Shop) -> list[HandoutState]:
    """Of the slips, in the order of the ids."""
    with shop.context() as context, context.ledger.reading() as transaction:
        facts = context.facts(transaction, NOVEMBER)
        (group,) = acknowledged(facts)
        slips = [(one.staff, state) for one, state in group.papers if one.paper.value == "slip"]
    return [state for _, state in sorted(slips)]


def test_who_has_no_id_is_sent_it_by_mail(tmp_path: Path):
    """A refused mail goes by the app when the roster has an id since; the group's robot is never told."""
    with RobotHere(ends()) as here, MailServerHere(refuses={"kf001@example.com": "550 no"}) as mail:
        url = here.url.partition("/cgi-bin")[0]
        table = f'[[notify.app]]\nservice = "wecom"\nid = "ww1"\nagent = "7"\nurl = "{url}"\n'
        shop = Shop(tmp_path, mail.port, "wecom:FLAGSHIP", apps=table).issued()
        shop.secrets.update(WECOM_APP_SECRET="S", FLAGSHIP=here.url)
        assert [one.state for one in shop.send(Circulated.SLIPS).deliveries].count(SENT) == 5
        assert here.told == []
        shop.ids_of = "企业微信"
        shop.__post_init__()
        told = shop.send(Circulated.SLIPS, again=True)
        assert told.is_complete
        assert {one.address for one in told.deliveries if one.channel is WECOM} == {"u1"}
        assert len(mail.to) == 5
