"""Group robots of 企业微信, 钉钉 and 飞书: three services, one way to be told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from appraisal.delivery.message import SENT, Attachment, Handover, from_json, later
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
from appraisal.ledger.delivery_records import Channel
from appraisal.workspace.notify import Service, where_to_put

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
