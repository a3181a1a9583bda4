"""The HTTP services of 企业微信, 钉钉 and 飞书: how they are asked, what their answers mean, and their group robots.

They answer 200 to what they refuse; what counts is the code in the answer. Libraries for many services give back yes or
no, which does not tell a refusal from an answer that never came.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import quote_plus, urlsplit

from appraisal.delivery.message import SENT, Attachment, Handover, from_json, later, refused, unsure
from appraisal.ledger.delivery_records import Channel, DeliveryState
from appraisal.workspace.notify_settings import Service, where_to_put

SECONDS = 15.0
MOST_BYTES = 2048
"""Of text in one message: the limit of 企业微信 and 钉钉, kept with all of them."""

CUT = "……（后面略去，全文见通报）"
JSON = "application/json; charset=utf-8"

_LATER = {
    Service.WECOM: {-1, 45009, 45033},
    Service.DINGTALK: {-1, 90002, 90005, 90006, 90018, 90030, 130101, 143103, 143104, 410100},
    Service.FEISHU: {11232, 230020, 99991400},
}
"""Codes that mean: too fast, or busy, another time."""

_IN_SUB_CODE = 88
"""钉钉 says in `sub_code` what it is."""

_BAD_OR_TOO_FAST = 9499
"""飞书's robots say the one or the other by it; which, only the words tell."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a service answered; `answer` is empty where it is no JSON object."""

    status: int
    answer: Mapping[str, Any]

    @property
    def code(self) -> object:
        """The service's own; 0 is good."""
        known = ("errcode", "code", "StatusCode")
        code = next((self.answer[name] for name in known if name in self.answer), None)
        inner = str(self.answer.get("sub_code", ""))
        return int(inner) if code == _IN_SUB_CODE and inner.isdecimal() else code


def shortened(text: str) -> str:
    """The text, cut at a character where it is more than a message may hold, and saying so."""
    raw = text.encode("utf-8", "backslashreplace")
    if len(raw) <= MOST_BYTES:
        return raw.decode()
    return raw[: MOST_BYTES - len(CUT.encode())].decode("utf-8", "ignore") + CUT


def is_address(url: str) -> bool:
    """Also a machine's own: for trying out."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    )


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The address is a secret and the message is personal: neither goes to where an answer points."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """It is not gone to."""


def ask(
    url: str, body: bytes | None, kind: str, seconds: float, *, bearer: str | None = None
) -> Reply | Handover:
    """The answer; where there is none, whether what was told may have arrived. No text names the address."""
    headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    request = urllib.request.Request(url, body, headers)  # noqa: S310 - is_address
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=seconds) as reply:
            return Reply(reply.status, _object(reply.read(65_536)))
    except urllib.error.HTTPError as error:
        with error:
            return Reply(error.code, _object(error.read(65_536)))
    except urllib.error.URLError as error:  # before the message was handed over
        return later(f"连不上（{error.reason}）", ends_channel=True)
    except (OSError, HTTPException) as error:
        why = "等不到答复" if isinstance(error, TimeoutError) else type(error).__name__
        return unsure(f"消息已经交出去，没有等到答复（{why}）")


def understood(service: Service, reply: Reply | Handover) -> Handover:
    """What the answer says by the service's own code."""
    if isinstance(reply, Handover):
        return reply
    if reply.status == 429:
        return later("发得太快，服务要求稍后再发")
    if reply.status != 200 and not 300 <= reply.status < 500:
        return unsure(f"服务出错，HTTP {reply.status}")
    code = reply.code
    words = str(reply.answer.get("msg") or reply.answer.get("errmsg") or "")[:200]
    is_too_fast = code == _BAD_OR_TOO_FAST and "too many" in words
    if isinstance(code, int) and (code in _LATER[service] or is_too_fast):
        return later(f"服务忙或发得太快，要求稍后再发（{code} {words}）")
    if isinstance(code, int) and code != 0:
        return refused(f"服务拒收：{code} {words}")
    if reply.status != 200:
        return refused(f"服务答复 HTTP {reply.status}")
    return SENT if code == 0 else unsure("服务的答复看不懂")


def form_with_file(field: str, file: Attachment, values: Mapping[str, str]) -> tuple[bytes, str]:
    """The body of an upload, and its content type."""
    boundary = secrets.token_hex(16)
    name = file.name.replace('"', "_").replace("\r", "_").replace("\n", "_")
    said = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in values.items()
    )
    head = (
        f'{said}--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"; '
        f"filelength={len(file.content)}\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode("utf-8", "backslashreplace") + file.content + f"\r\n--{boundary}--\r\n".encode()
    return body, f"multipart/form-data; boundary={boundary}"


def not_uploaded(outcome: Handover) -> Handover:
    """The outcome of an upload that failed, unsure told as later: nobody sees a file before a message names it."""
    return later(f"文件没有传上去：{outcome.reason}") if outcome.state is DeliveryState.UNSURE else outcome


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


# ------------------------------------------------------------------------------------------ group robots

A_MINUTE = 20
"""Messages that a robot may send in a minute; the same for all of them."""

TAKES_FILES = frozenset({Channel.WECOM})
"""Whose robots can be given a file; those of the others need an app of the company's for that."""


def send_by_robot(
    service: Channel,
    name: str,
    content: bytes,
    *,
    secret: Callable[[str], str | None],
    now: datetime,
    seconds: float = SECONDS,
) -> Handover:
    """Have the robot whose address is kept under `name` say what the message says; what became of it."""
    url = secret(name)
    if url is None:
        return later(f"没有群机器人 {name} 的地址，{where_to_put(name)}", ends_channel=True)
    if not is_address(url):
        return later(f"群机器人 {name} 的地址应以 https:// 开头", ends_channel=True)
    text, files = from_json(content)
    payload = _told(service, url, text, files, seconds)
    if isinstance(payload, Handover):
        return payload
    url, payload = _signed(service, url, payload, secret(f"{name}_SIGN"), now)
    body = json.dumps(payload, ensure_ascii=False).encode()
    return understood(Service(service), ask(url, body, JSON, seconds))


def _told(
    service: Channel, url: str, text: str, files: tuple[Attachment, ...], seconds: float
) -> dict[str, Any] | Handover:
    """What the service is sent; where a file could not be uploaded, what became of that."""
    if files:
        media = _uploaded(url, files[0], seconds)
        return media if isinstance(media, Handover) else {"msgtype": "file", "file": {"media_id": media}}
    if service is Channel.FEISHU:
        return {"msg_type": "text", "content": {"text": shortened(text)}}
    return {"msgtype": "text", "text": {"content": shortened(text)}}


def _uploaded(url: str, file: Attachment, seconds: float) -> str | Handover:
    """Give 企业微信 the file."""
    body, kind = form_with_file("media", file, {})
    to = f"{url.replace('/webhook/send', '/webhook/upload_media', 1)}&type=file"
    reply = ask(to, body, kind, seconds)
    outcome = understood(Service.WECOM, reply)
    if outcome is SENT and isinstance(reply, Reply):
        media = reply.answer.get("media_id")
        return media if isinstance(media, str) and media else later("上传文件后没有得到编号")
    return not_uploaded(outcome)


def _signed(
    service: Channel, url: str, payload: dict[str, Any], key: str | None, now: datetime
) -> tuple[str, dict[str, Any]]:
    """With the signature that 钉钉 and 飞书 ask for where the robot was set up with one."""
    if key is None:
        return url, payload
    if service is Channel.DINGTALK:
        moment = str(int(now.timestamp() * 1000))
        sign = _mac(key.encode(), f"{moment}\n{key}".encode())
        return f"{url}&timestamp={moment}&sign={quote_plus(sign)}", payload
    if service is Channel.FEISHU:
        moment = str(int(now.timestamp()))
        return url, {**payload, "timestamp": moment, "sign": _mac(f"{moment}\n{key}".encode(), b"")}
    return url, payload


def _mac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
