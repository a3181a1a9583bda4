"""One message: to whom, what it says, its bytes as they lie in `state/outgoing` before it is sent; and what became of handing it over."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import PurePosixPath

from appraisal.ledger.delivery_records import (
    PAPER_NAMES,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryState,
    SentPaper,
)
from appraisal.text import printable
from appraisal.workspace.names import safe_file_name
from appraisal.workspace.notify_settings import bare_address

OUTGOING = "outgoing"
"""Below the state folder: a folder for each month, a file for each message."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DeliveryRoute:
    """How one addressee alone is reached: `address` is a mail address, an app's id, or the name of a robot's address."""

    channel: Channel
    address: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent to whom.

    `same` is what says the same and has gone before: it is entered as sent, and does not go again.
    """

    key: DeliveryKey
    who: str
    way: DeliveryRoute
    subject: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    same: Delivery | None = None

    @property
    def file(self) -> str:
        """Its path below `state/outgoing`."""
        key, ending = self.key, ".eml" if self.way.channel is Channel.MAIL else ".json"
        parts = (key.group, PAPER_NAMES[key.paper], f"第{key.revision}版", key.addressee, key.occasion)
        name = safe_file_name("_".join(filter(None, parts)), ending)
        return str(PurePosixPath(str(key.period), name))

    def written(self, sender: str, at: datetime) -> bytes:
        """Its bytes: a mail whole, ready for the server; for a robot what it is to be told."""
        return _as_mail(self, sender, at) if self.way.channel is Channel.MAIL else _as_json(self)


@dataclass(frozen=True, slots=True)
class Unsendable:
    """What cannot be sent: which paper for whom, and why; nobody else is sent it instead."""

    paper: SentPaper
    group: str
    who: str
    why: str


_TYPES: Mapping[str, tuple[str, str]] = {
    ".html": ("text", "html"),
    ".docx": ("application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


def _as_mail(message: Message, sender: str, at: datetime) -> bytes:
    """The same message has the same Message-ID whenever it is written: a mailbox that gets it twice shows it once."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = message.way.address
    mail["Subject"] = " ".join(message.subject.split())  # a line break would begin another header
    mail["Date"] = format_datetime(at)
    digest = hashlib.sha256(repr(message.key).encode("utf-8", "backslashreplace")).hexdigest()[:32]
    mail["Message-ID"] = f"<{digest}@{bare_address(sender).rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text.encode("utf-8", "backslashreplace").decode(), cte="base64")
    for attachment in message.attachments:
        maintype, subtype = _TYPES.get(PurePosixPath(attachment.name).suffix, ("application", "octet-stream"))
        said = {"charset": "utf-8"} if maintype == "text" else {}
        name = printable(attachment.name)
        mail.add_attachment(
            attachment.content, maintype=maintype, subtype=subtype, filename=name, params=said
        )
    return mail.as_bytes()


def _as_json(message: Message) -> bytes:
    files = [
        {"name": attachment.name, "content": base64.b64encode(attachment.content).decode()}
        for attachment in message.attachments
    ]
    payload = {"service": message.way.channel, "text": message.text, "files": files}
    return json.dumps(payload, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace")


def from_json(content: bytes) -> tuple[str, tuple[Attachment, ...]]:
    """Text and files of a robot's message."""
    payload = json.loads(content)
    files = (Attachment(file["name"], base64.b64decode(file["content"])) for file in payload["files"])
    return payload["text"], tuple(files)


def attached(content: bytes, channel: Channel) -> tuple[Attachment, ...]:
    """The files of a message as it was `written`."""
    if channel is not Channel.MAIL:
        return from_json(content)[1]
    parts = message_from_bytes(content, policy=SMTP).iter_attachments()
    return tuple(
        Attachment(part.get_filename() or "", bytes(part.get_payload(decode=True))) for part in parts
    )


@dataclass(frozen=True, slots=True)
class Handover:
    """The message's state from now on, and why. `ends_channel`: the others on the same way need not be tried now.

    `receipt` is the number by which its service can be asked later what became of it.
    """

    state: DeliveryState
    reason: str = ""
    ends_channel: bool = False
    receipt: str = ""


SENT = Handover(DeliveryState.SENT)


def refused(reason: str) -> Handover:
    """The service said no: it did certainly not arrive, and would not a second time."""
    return Handover(DeliveryState.REFUSED, reason)


def unsure(reason: str) -> Handover:
    """It was handed over, and no answer came that could be understood: HR finds out whether it arrived.

    Nothing more goes the same way now: it would be as unsure.
    """
    return Handover(DeliveryState.UNSURE, reason, ends_channel=True)


def later(reason: str, *, ends_channel: bool = False) -> Handover:
    """It was certainly not taken, and may be another time: it stays to be sent."""
    return Handover(DeliveryState.MADE, reason, ends_channel)
