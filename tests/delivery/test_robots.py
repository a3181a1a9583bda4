"""Group robots: what the services answer decides, whatever HTTP says; limits are kept, secrets told to nobody."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from appraisal.delivery.message import Attachment, DeliveryRoute, Handover, Message
from appraisal.delivery.services import CUT, MOST_BYTES, send_by_robot, shortened
from appraisal.ledger.delivery_records import Channel, DeliveryKey, DeliveryState, SentPaper
from appraisal.workspace.notify_settings import Circulated
from tests.builders.submissions import NOVEMBER
from tests.delivery.servers import RobotHere
from tests.delivery.shop import GROUP, Shop

NOW = datetime(2026, 12, 8, 9, tzinfo=UTC)
KEY = DeliveryKey(GROUP, NOVEMBER, 1, SentPaper.NOTICE, "wecom:FLAGSHIP")
WECOM, DINGTALK, FEISHU = Channel.WECOM, Channel.DINGTALK, Channel.FEISHU
MADE, SENT, UNSURE, REFUSED = (
    DeliveryState.MADE,
    DeliveryState.SENT,
    DeliveryState.UNSURE,
    DeliveryState.REFUSED,
)


def sent(
    here: RobotHere,
    service: Channel = WECOM,
    *,
    text: str = "通报",
    file: Attachment | None = None,
    sign: str | None = None,
    seconds: float = 5.0,
) -> Handover:
    message = Message(KEY, "", DeliveryRoute(service, "FLAGSHIP"), "", text, (file,) if file else ())
    known = {"FLAGSHIP": here.url, "FLAGSHIP_SIGN": sign}
    return send_by_robot(
        service, "FLAGSHIP", message.written("", NOW), secret=known.get, now=NOW, seconds=seconds
    )


@pytest.mark.parametrize(
    ("service", "answer", "state", "told"),
    [
        (WECOM, (200, {"errcode": 0, "errmsg": "ok"}), SENT, ""),
        (WECOM, (200, {"errcode": 93000, "errmsg": "invalid webhook url"}), REFUSED, "93000 invalid webhook url"),
        (WECOM, (200, {"errcode": 45009, "errmsg": "api freq out of limit"}), MADE, "45009"),
        (DINGTALK, (200, {"errcode": 0, "errmsg": "ok"}), SENT, ""),
        (DINGTALK, (200, {"errcode": 310000, "errmsg": "keywords not in content"}), REFUSED, "310000"),
        (DINGTALK, (200, {"errcode": 130101, "errmsg": "send too fast"}), MADE, "130101"),
        (FEISHU, (200, {"code": 0, "msg": "success", "data": {}}), SENT, ""),
        (FEISHU, (200, {"StatusCode": 0, "StatusMessage": "success"}), SENT, ""),
        (FEISHU, (200, {"code": 19024, "msg": "Key Words Not Found"}), REFUSED, "19024 Key Words Not Found"),
        (FEISHU, (200, {"code": 9499, "msg": "too many request"}), MADE, "9499"),
        (FEISHU, (400, {"code": 9499, "msg": "Bad Request"}), REFUSED, "9499 Bad Request"),
        (WECOM, (200, b"<html>login</html>"), UNSURE, "看不懂"),
        (WECOM, (200, {}), UNSURE, "看不懂"),
        (WECOM, (429, {}), MADE, "发得太快"),
        (WECOM, (404, {}), REFUSED, "HTTP 404"),
        (WECOM, (302, {}), REFUSED, "HTTP 302"),
        (WECOM, (502, b""), UNSURE, "HTTP 502"),
        (WECOM, None, UNSURE, "没有等到答复"),
    ],
)  # fmt: skip
def test_the_services_own_code_decides(
    service: Channel, answer: tuple[int, object] | None, state: DeliveryState, told: str
):
    """Also where it comes with 200; a redirection is not followed, and no answer leaves it open."""
    with RobotHere([answer]) as here:
        outcome = sent(here, service)
        assert len(here.told) == 1
    assert (outcome.state, told in outcome.reason) == (state, True)
    assert "0f1e" not in outcome.reason


def test_a_service_that_is_slow_leaves_it_open_and_one_that_is_not_there_took_nothing():
    with RobotHere(slow=5) as here:
        assert sent(here, seconds=0.1).state is UNSURE
    outcome = sent(here)
    assert (outcome.state, outcome.ends_channel) == (MADE, True)


def test_each_is_told_in_its_own_way():
    """Text as the service takes it; 钉钉 and 飞书 signed where a signature is kept."""
    with RobotHere([(200, {"errcode": 0, "code": 0})]) as here:
        for service in (WECOM, DINGTALK, FEISHU):
            assert sent(here, service, sign="SEC1").state is SENT
        (_, wecom), (ding_path, ding), (_, feishu) = here.told
    assert wecom == ding == {"msgtype": "text", "text": {"content": "通报"}}
    asked = {name: one for name, (one,) in parse_qs(urlsplit(ding_path).query).items()}
    assert asked["sign"] == mac(b"SEC1", f"{asked['timestamp']}\nSEC1".encode())
    assert feishu["content"] == {"text": "通报"}
    assert feishu["sign"] == mac(f"{feishu['timestamp']}\nSEC1".encode(), b"")


def mac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


def test_a_file_is_uploaded_first():
    """What could not be uploaded was seen by nobody: it is no unsure message."""
    notice = Attachment("旗舰店_2026-11_考核通报.docx", b"PK\x03\x04" * 10)
    with RobotHere([(200, {"errcode": 0, "media_id": "M1"}), (200, {"errcode": 0})]) as here:
        assert sent(here, file=notice).state is SENT
        (upload, body), (_, told) = here.told
    assert "/webhook/upload_media?key=0f1e&type=file" in upload
    assert notice.content in body
    assert notice.name.encode() in body
    assert told == {"msgtype": "file", "file": {"media_id": "M1"}}
    with RobotHere([None]) as here:
        assert sent(here, file=notice).state is MADE


def test_a_text_that_is_too_long_is_cut_at_a_character_and_says_so():
    """2,048 bytes, 682 Chinese characters."""
    assert shortened("通" * 682) == "通" * 682
    cut = shortened("通" * 1000)
    assert len(cut.encode()) <= MOST_BYTES
    assert cut.strip("通") == CUT


def test_a_group_is_told_once_and_no_more_than_twenty_times_a_minute(tmp_path: Path):
    """The notice as text and file; the address of the robot stands in no file."""
    with RobotHere([(200, {"errcode": 0, "code": 0, "media_id": "M1"})]) as here:
        shop = Shop(
            tmp_path, robots="wecom:FLAGSHIP feishu:CHAT", secrets={"FLAGSHIP": here.url, "CHAT": here.url}
        )
        shop.issued()
        assert shop.send(Circulated.NOTICE).is_complete
        assert [path.rpartition("/")[2].partition("?")[0] for path, _ in here.told] == [
            "send",
            "upload_media",
            "send",
            "send",
        ]
        assert "旗舰店各位同事" in here.told[0][1]["text"]["content"]
        shop.send(Circulated.NOTICE, again=True)
        assert len(here.told) == 4
        for path in shop.place.workspace.state.rglob("*"):
            assert not path.is_file() or b"0f1e" not in path.read_bytes()

        with shop.context() as context:
            for at in range(20):
                with context.ledger.writing() as transaction:
                    key = DeliveryKey(GROUP, NOVEMBER, 9, SentPaper.NOTICE, "x", str(at))
                    transaction.deliveries.make(key, FEISHU, "CHAT", "x.json", context.now())
                    made = transaction.deliveries.of_month(GROUP, NOVEMBER)[-1]
                    transaction.deliveries.end(made.id, SENT, "", context.now())
            with context.ledger.writing() as transaction:
                (text,) = [
                    one
                    for one in transaction.deliveries.of_month(GROUP, NOVEMBER)
                    if one.key.addressee == "feishu:CHAT"
                ]
                transaction.deliveries.end(text.id, REFUSED, "", context.now())
        (waits,) = [
            one for one in shop.send(Circulated.NOTICE, again=True).deliveries if one.state is not SENT
        ]
        assert (waits.state, "一分钟最多发20条" in waits.reason) == (MADE, True)


def test_without_its_secret_a_robot_waits_and_says_what_to_do(tmp_path: Path):
    shop = Shop(tmp_path, robots="wecom:FLAGSHIP").issued()
    told = shop.send(Circulated.NOTICE)
    assert {one.state for one in told.deliveries} == {MADE}
    assert "APPRAISAL_FLAGSHIP" in told.deliveries[0].reason


def test_what_lies_in_the_outgoing_folder_is_what_will_be_said():
    """JSON that people can read."""
    written = json.loads(Message(KEY, "", DeliveryRoute(WECOM, "FLAGSHIP"), "", "通报").written("", NOW))
    assert written == {"service": "wecom", "text": "通报", "files": []}
