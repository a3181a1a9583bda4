"""Group robots of 企业微信, 钉钉 and 飞书: three services, one way to be told and to be understood.

They answer 200 to a message that they refuse; what counts is the code in the answer. Libraries for many services
give back yes or no, which does not tell a refusal from an answer that never came.
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
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.parse import quote_plus, urlsplit

from appraisal.delivery.handover import SENT, Handover, later, refused, unsure
from appraisal.delivery.message import Attachment, from_json
from appraisal.delivery.secrets import where_to_put
from appraisal.ledger.delivery_records import Channel

SECONDS = 15.0
MOST_BYTES = 2048
"""Of text in one message: 企业微信's limit, kept with all of them."""

A_MINUTE = 20
"""Messages that a robot may send in a minute; the same for all of them."""

CUT = "……（后面略去，全文见通报）"

_TOO_FAST = {Channel.WECOM: {45009, 45033}, Channel.DINGTALK: {130101, 410100}, Channel.FEISHU: {9499, 11232}}
"""Codes that mean: another time."""

TAKES_FILES = frozenset({Channel.WECOM})
"""Whose robots can be given a file; those of the others need an app of the company's for that."""


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    body: bytes


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
    if not _is_address(url):
        return later(f"群机器人 {name} 的地址应以 https:// 开头", ends_channel=True)
    text, files = from_json(content)
    told = _told(service, url, text, files, seconds)
    if isinstance(told, Handover):
        return told
    url, told = _signed(service, url, told, secret(f"{name}_SIGN"), now)
    body = json.dumps(told, ensure_ascii=False).encode()
    return _understood(service, _posted(url, body, "application/json; charset=utf-8", seconds))


def shortened(text: str) -> str:
    """The text, cut at a character where it is more than a message may hold, and saying so."""
    raw = text.encode("utf-8", "backslashreplace")
    if len(raw) <= MOST_BYTES:
        return raw.decode()
    return raw[: MOST_BYTES - len(CUT.encode())].decode("utf-8", "ignore") + CUT


def _is_address(url: str) -> bool:
    """Also a machine's own: for trying out."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}
    )


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
    """Give 企业微信 the file; nobody sees it before a message names it, so that no answer means: not sent."""
    boundary = secrets.token_hex(16)
    name = file.name.replace('"', "_").replace("\r", "_").replace("\n", "_")
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{name}"; '
        f"filelength={len(file.content)}\r\nContent-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + file.content + f"\r\n--{boundary}--\r\n".encode()
    to = f"{url.replace('/webhook/send', '/webhook/upload_media', 1)}&type=file"
    reply = _posted(to, body, f"multipart/form-data; boundary={boundary}", seconds)
    outcome = _understood(Channel.WECOM, reply)
    if outcome is SENT and isinstance(reply, _Reply):
        media = _object(reply.body).get("media_id")
        return media if isinstance(media, str) and media else later("上传文件后没有得到编号")
    return later(f"文件没有传上去：{outcome.reason}") if outcome.state is unsure("").state else outcome


def _signed(
    service: Channel, url: str, told: dict[str, Any], key: str | None, now: datetime
) -> tuple[str, dict[str, Any]]:
    """With the signature that 钉钉 and 飞书 ask for where the robot was set up with one."""
    if key is None:
        return url, told
    if service is Channel.DINGTALK:
        moment = str(int(now.timestamp() * 1000))
        sign = _mac(key.encode(), f"{moment}\n{key}".encode())
        return f"{url}&timestamp={moment}&sign={quote_plus(sign)}", told
    if service is Channel.FEISHU:
        moment = str(int(now.timestamp()))
        return url, {**told, "timestamp": moment, "sign": _mac(f"{moment}\n{key}".encode(), b"")}
    return url, told


def _mac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The address is a secret and the message is personal: neither goes to where an answer points."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        del req, fp, code, msg, headers, newurl


def _posted(url: str, body: bytes, kind: str, seconds: float) -> _Reply | Handover:
    """The answer; where there is none, whether the message may have arrived. No text names the address."""
    request = urllib.request.Request(url, body, {"Content-Type": kind})  # noqa: S310 - _is_address
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(request, timeout=seconds) as reply:
            return _Reply(reply.status, reply.read(65_536))
    except urllib.error.HTTPError as error:
        with error:
            return _Reply(error.code, error.read(65_536))
    except urllib.error.URLError as error:  # before the message was handed over
        return later(f"连不上（{error.reason}）", ends_channel=True)
    except (OSError, HTTPException) as error:
        why = "等不到答复" if isinstance(error, TimeoutError) else type(error).__name__
        return unsure(f"消息已经交出去，没有等到答复（{why}）")


def _understood(service: Channel, reply: _Reply | Handover) -> Handover:
    """What the answer says by the service's own code."""
    if isinstance(reply, Handover):
        return reply
    if reply.status == 429:
        return later("发得太快，服务要求稍后再发")
    if 300 <= reply.status < 500:
        return refused(f"服务答复 HTTP {reply.status}")
    if reply.status != 200:
        return unsure(f"服务出错，HTTP {reply.status}")
    answer = _object(reply.body)
    code = (
        answer.get("code", answer.get("StatusCode")) if service is Channel.FEISHU else answer.get("errcode")
    )
    words = str(answer.get("msg") or answer.get("errmsg") or "")[:200]
    if code == 0:
        return SENT
    if not isinstance(code, int):
        return unsure("服务的答复看不懂")
    if code in _TOO_FAST.get(service, ()):
        return later(f"发得太快，服务要求稍后再发（{code} {words}）")
    return refused(f"服务拒收：{code} {words}")


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
