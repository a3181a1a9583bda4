"""A paper to its person by the company's own app in 企业微信, 钉钉 or 飞书, and what the service tells of it later.

Held against the services' public documents in 2026, never tried against the real ones: text holds 2,048 bytes
(企业微信, 钉钉), a file 20 MB (飞书 30 MB). 钉钉 takes no HTML file: what it does not take goes to it in a zip. It answers
before it delivers: its result of sending tells whom it left out, and who has read, for 24 hours. 飞书 tells the moment of
reading for 7 days. 企业微信 names in its answer who was not reached, and tells of no message whether it was read.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, urlencode

from appraisal.delivery.message import SENT, Attachment, Handover, from_json, later, refused
from appraisal.delivery.services import (
    JSON,
    SECONDS,
    Reply,
    ask,
    form_with_file,
    is_address,
    not_uploaded,
    shortened,
    understood,
)
from appraisal.ledger.delivery_records import Channel, DeliveryState
from appraisal.workspace.notify_settings import App, Notify, Service, where_to_put

APPS = {
    Channel.WECOM_APP: Service.WECOM,
    Channel.DINGTALK_APP: Service.DINGTALK,
    Channel.FEISHU_APP: Service.FEISHU,
}
TELLS_FOR = {Channel.DINGTALK_APP: timedelta(hours=24), Channel.FEISHU_APP: timedelta(days=7)}
"""How long after sending a service tells whether a message was read."""

_EXPIRED = {
    Service.WECOM: {40014, 42001},
    Service.DINGTALK: {40014, 42001},
    Service.FEISHU: {99991661, 99991663, 99991664},
}
"""Codes that mean: the access token is none any more."""

_MEGABYTE = 1024 * 1024
_MOST_OF_A_FILE = {
    Service.WECOM: 20 * _MEGABYTE,
    Service.DINGTALK: 20 * _MEGABYTE,
    Service.FEISHU: 30 * _MEGABYTE,
}
_DINGTALK_TAKES = frozenset({".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".pdf", ".rar"})

_ONE_PERSON = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


def is_one_person(identity: str) -> bool:
    """Whether it can only mean one person: never `@all`, a list, or a chat."""
    return bool(_ONE_PERSON.fullmatch(identity)) and not identity.startswith("oc_")


def secret_name(service: Service) -> str:
    """The name under which the app's secret is found."""
    return f"{service.upper()}_APP_SECRET"


@dataclass(frozen=True, slots=True)
class ReadState:
    """What a service tells of a message that it took; `refused` says why it did not reach its person after all."""

    arrived: datetime | None = None
    seen: datetime | None = None
    refused: str = ""


class CompanyApps:
    """The apps of the settings. An access token is kept while this lives, and fetched anew when it has run out."""

    def __init__(
        self,
        notify: Notify,
        secret: Callable[[str], str | None],
        now: Callable[[], datetime],
        *,
        seconds: float = SECONDS,
    ) -> None:
        self._apps = {app.service: app for app in notify.apps}
        self._secret = secret
        self._now = now
        self._seconds = seconds
        self._tokens: dict[Service, str] = {}

    def check(self, service: Service) -> Handover:
        """Whether the service knows the app and its secret; nobody is sent anything."""
        token = self._token(self._apps[service])
        return token if isinstance(token, Handover) else SENT

    def send(self, channel: Channel, address: str, content: bytes) -> Handover:
        """Text and files to one person; all files are with the service before anybody sees a word.

        Where the first words went out and something after them did not, it is unsure, and says so.
        """
        app = self._app(channel)
        if isinstance(app, Handover):
            return app
        if not is_one_person(address):
            return refused(f"“{address}”不是一个人的账号")
        text, files = from_json(content)
        parts = [_text(app.service, shortened(text))]
        for file in files:
            part = self._uploaded(app, file)
            if isinstance(part, Handover):
                return part
            parts.append(part)
        outcome = SENT
        for sent_before, part in enumerate(parts):
            outcome = self._say(app, address, part)
            if outcome.state is not DeliveryState.SENT:
                more = f"已发出{sent_before}条，后面的没有发到（{outcome.reason}）"
                return replace(outcome, state=DeliveryState.UNSURE, reason=more) if sent_before else outcome
        return outcome

    def read_state(self, channel: Channel, address: str, receipt: str) -> ReadState | Handover:
        """What became of a message that was sent; a Handover says why the service did not tell."""
        app = self._app(channel)
        if isinstance(app, Handover):
            return app
        if app.service is Service.DINGTALK:
            asked = {"agent_id": int(app.agent), "task_id": int(receipt)}
            answer = self._called(app, "/topapi/message/corpconversation/getsendresult", _json(asked), JSON)
            return answer if isinstance(answer, Handover) else _dingtalk(answer, address, self._now())
        path = f"/open-apis/im/v1/messages/{quote(receipt, safe='')}/read_users"
        answer = self._called(app, f"{path}?user_id_type=open_id&page_size=20", None, JSON)
        return answer if isinstance(answer, Handover) else _feishu(answer)

    def _app(self, channel: Channel) -> App | Handover:
        missing = f"settings.toml 的 [[notify.app]] 里没有 {APPS[channel]}"
        return self._apps.get(APPS[channel]) or later(missing, ends_channel=True)

    def _uploaded(self, app: App, file: Attachment) -> Mapping[str, Any] | Handover:
        """The part of a message that names the file, which is with the service now."""
        service = app.service
        if service is Service.DINGTALK and PurePosixPath(file.name).suffix not in _DINGTALK_TAKES:
            file = _zipped(file)
        if len(file.content) > _MOST_OF_A_FILE[service]:
            return refused(f"{file.name} 超过{_MOST_OF_A_FILE[service] // _MEGABYTE}MB，服务不收")
        if service is Service.FEISHU:
            path = "/open-apis/im/v1/files"
            form = form_with_file("file", file, {"file_type": "stream", "file_name": file.name})
        else:
            path = f"{'/cgi-bin' if service is Service.WECOM else ''}/media/upload?type=file"
            form = form_with_file("media", file, {})
        answer = self._called(app, path, *form)
        if isinstance(answer, Handover):
            return not_uploaded(answer)
        if service is Service.FEISHU:
            number = _inside(answer, "data").get("file_key")
            part: Mapping[str, Any] = {"msg_type": "file", "content": _as_text({"file_key": number})}
        else:
            number = answer.get("media_id")
            part = {"msgtype": "file", "file": {"media_id": number}}
        return part if number else later("上传文件后没有得到编号")

    def _say(self, app: App, address: str, part: Mapping[str, Any]) -> Handover:
        if app.service is Service.WECOM:
            payload = {"touser": address, "agentid": int(app.agent), **part}
            answer = self._called(app, "/cgi-bin/message/send", _json(payload), JSON)
        elif app.service is Service.DINGTALK:
            payload = {"agent_id": int(app.agent), "userid_list": address, "msg": part}
            answer = self._called(app, "/topapi/message/corpconversation/asyncsend_v2", _json(payload), JSON)
        else:
            path = f"/open-apis/im/v1/messages?receive_id_type={_kind_of_id(address)}"
            answer = self._called(app, path, _json({"receive_id": address, **part}), JSON)
        return answer if isinstance(answer, Handover) else _taken(app.service, answer)

    def _called(self, app: App, path: str, body: bytes | None, kind: str) -> Mapping[str, Any] | Handover:
        """A good answer; or what became of it. With a new token where the former has run out."""
        reply: Reply | Handover = SENT
        for _ in range(2):
            token = self._token(app)
            if isinstance(token, Handover):
                return token
            bearer = token if app.service is Service.FEISHU else None
            mark = "" if bearer else f"{'&' if '?' in path else '?'}access_token={quote(token, safe='')}"
            reply = ask(f"{app.url}{path}{mark}", body, kind, self._seconds, bearer=bearer)
            if isinstance(reply, Handover) or reply.code not in _EXPIRED[app.service]:
                break
            self._tokens.pop(app.service, None)
        outcome = understood(app.service, reply)
        if isinstance(reply, Reply) and outcome is SENT:
            return reply.answer
        if isinstance(reply, Reply) and reply.code in _EXPIRED[app.service]:
            return later(f"服务不认刚取得的令牌（{reply.code}）", ends_channel=True)
        return outcome

    def _token(self, app: App) -> str | Handover:
        """Whatever goes wrong here, nothing was sent to anybody."""
        known = self._tokens.get(app.service)
        if known:
            return known
        name = secret_name(app.service)
        secret = self._secret(name)
        if secret is None:
            return later(f"没有应用的密钥，{where_to_put(name)}", ends_channel=True)
        if not is_address(app.url):
            return later(f"应用的网址“{app.url}”应以 https:// 开头", ends_channel=True)
        if app.service is Service.FEISHU:
            path, body = "tenant_access_token/internal", _json({"app_id": app.id, "app_secret": secret})
            reply = ask(f"{app.url}/open-apis/auth/v3/{path}", body, JSON, self._seconds)
        elif app.service is Service.WECOM:
            asked = urlencode({"corpid": app.id, "corpsecret": secret})
            reply = ask(f"{app.url}/cgi-bin/gettoken?{asked}", None, JSON, self._seconds)
        else:
            asked = urlencode({"appkey": app.id, "appsecret": secret})
            reply = ask(f"{app.url}/gettoken?{asked}", None, JSON, self._seconds)
        outcome = understood(app.service, reply)
        field = "tenant_access_token" if app.service is Service.FEISHU else "access_token"
        token = reply.answer.get(field) if isinstance(reply, Reply) and outcome is SENT else None
        if not isinstance(token, str) or not token:
            why = outcome.reason.removeprefix("消息已经交出去，") or "答复里没有令牌"
            return later(f"取不到应用的令牌（{why}）", ends_channel=True)
        self._tokens[app.service] = token
        return token


def _text(service: Service, text: str) -> Mapping[str, Any]:
    if service is Service.FEISHU:
        return {"msg_type": "text", "content": _as_text({"text": text})}
    return {"msgtype": "text", "text": {"content": text}}


def _kind_of_id(address: str) -> str:
    """What 飞书 is told that the id is."""
    if "@" in address:
        return "email"
    return {"ou_": "open_id", "on_": "union_id"}.get(address[:3], "user_id")


def _taken(service: Service, answer: Mapping[str, Any]) -> Handover:
    """Sent, with the service's number; or refused where 企业微信 names the person as not reached."""
    if service is Service.WECOM:
        if answer.get("invaliduser"):
            return refused("企业微信里没有这个账号，或者不在应用的可见范围内")
        if answer.get("unlicenseduser"):
            return refused("这个账号没有企业微信的接口许可，或者已经过期")
        number = answer.get("msgid")
    elif service is Service.DINGTALK:
        number = answer.get("task_id")
    else:
        number = _inside(answer, "data").get("message_id")
    return replace(SENT, receipt="" if number is None else str(number))


_HELD_BACK = {
    "143103": "应用一分钟发得太多，过一会儿再发",
    "143104": "企业一分钟发得太多，过一会儿再发",
    "143105": "今天给这个人的消息太多，明天再发",
    "143106": "同样的内容今天已经发给过他",
}
"""What 钉钉 calls them."""


def _dingtalk(answer: Mapping[str, Any], address: str, now: datetime) -> ReadState:
    result = _inside(answer, "send_result")

    def is_in(name: str) -> bool:
        found = result.get(name)
        return isinstance(found, list) and address in found

    if is_in("read_user_id_list"):
        return ReadState(now, now)
    if is_in("unread_user_id_list"):
        return ReadState(now)
    if is_in("invalid_user_id_list"):
        return ReadState(refused="钉钉里没有这个账号，或者不在应用的可见范围内")
    held = result.get("forbidden_list")
    why = [
        f"{entry.get('code')} {_HELD_BACK.get(str(entry.get('code')), '')}".strip()
        for entry in (held if isinstance(held, list) else [])
        if isinstance(entry, dict) and entry.get("userid") == address
    ]
    if why or is_in("forbidden_user_id_list"):
        return ReadState(refused=f"钉钉限流，没有发给他（{'、'.join(why) or '没有给出原因'}）")
    return ReadState(refused="钉钉没有发到") if is_in("failed_user_id_list") else ReadState()


def _feishu(answer: Mapping[str, Any]) -> ReadState:
    """In a talk with the app only the person can be among the readers."""
    items = _inside(answer, "data").get("items")
    readers = [reader for reader in (items if isinstance(items, list) else []) if isinstance(reader, dict)]
    moments = [int(moment) for reader in readers if (moment := str(reader.get("timestamp", ""))).isdecimal()]
    if not moments:
        return ReadState()
    seen = datetime.fromtimestamp(min(moments) / 1000, UTC).astimezone()
    return ReadState(seen, seen)


def _inside(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = answer.get(name)
    return found if isinstance(found, dict) else {}


def _zipped(file: Attachment) -> Attachment:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(file.name), file.content, zipfile.ZIP_DEFLATED)
    return Attachment(f"{PurePosixPath(file.name).stem}.zip", whole.getvalue())


def _as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(value: object) -> bytes:
    return _as_text(value).encode("utf-8", "backslashreplace")
