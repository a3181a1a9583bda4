"""The HTTP services of 企业微信, 钉钉 and 飞书: how they are asked, and what their answers mean.

They answer 200 to what they refuse; what counts is the code in the answer. Libraries for many services give back yes or
no, which does not tell a refusal from an answer that never came.
"""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from appraisal.delivery.message import SENT, Attachment, Handover, later, refused, unsure
from appraisal.workspace.notify import Service

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
    """Nobody sees a file before a message names it: where no answer came, nothing was sent."""
    return later(f"文件没有传上去：{outcome.reason}") if outcome.state is unsure("").state else outcome


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
