"""What a message is made of stays text: a name is no header, no template and no markup."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

from appraisal.delivery.message import Attachment, DeliveryRoute, Message
from appraisal.delivery.sending import rendered
from appraisal.ledger.delivery_records import Channel, DeliveryKey, SentPaper
from appraisal.publish.templates.loading import MESSAGE_REMINDER
from tests.builders.submissions import NOVEMBER
from tests.delivery.shop import Shop

NOW = datetime(2026, 12, 8, 9, tzinfo=UTC)


def test_names_are_inert(tmp_path: Path):
    """A line break in a group's name, braces and brackets in a person's."""
    group = "旗舰店\r\nBcc: everybody@example.com"
    with Shop(tmp_path).context() as context:
        names = {"收件人": "{{7*7}}<b>&", "事项": group}
        subject, text = rendered(context, MESSAGE_REMINDER, group, NOVEMBER, names)
    key = DeliveryKey(group, NOVEMBER, 1, SentPaper.HAND_IN_DUE, "店长")
    message = Message(
        key,
        "店长",
        DeliveryRoute(Channel.MAIL, "li@example.com"),
        subject,
        text,
        (Attachment('a"\r\nX: y.html', b"<p>"),),
    )
    mail = BytesParser(_class=EmailMessage, policy=default).parsebytes(
        message.written("人事部 <hr@example.com>", NOW)
    )
    assert sorted(mail.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    )
    assert mail["To"] == "li@example.com"
    assert "{{7*7}}<b>&：" in mail.get_body(("plain",)).get_content()
    assert Path(message.file).parts[0] == "2026-11"
    assert len(Path(message.file).parts) == 2


def test_the_same_message_bears_the_same_id():
    """A mailbox that gets it twice, because HR had an unsure one sent again, shows it once."""
    key = DeliveryKey("旗舰店", NOVEMBER, 1, SentPaper.SLIP, "KF001")
    mails = [
        Message(key, "", DeliveryRoute(Channel.MAIL, "a@example.com"), "x", text).written(
            "hr@example.com", NOW
        )
        for text in ("one", "other")
    ]
    ids = {BytesParser(policy=default).parsebytes(one)["Message-ID"] for one in mails}
    assert len(ids) == 1
