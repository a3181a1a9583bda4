"""What went to whom: messages, papers to be signed for, and who signed; plain values, nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from appraisal.period import Period
from appraisal.scheme.forms.acknowledgement import LETTERS as ACKNOWLEDGED_LETTERS
from appraisal.scheme.forms.acknowledgement import AcknowledgedPaper, AcknowledgementState


class SentPaper(StrEnum):
    """What a message is about."""

    NOTICE = "notice"
    SLIP = "slip"
    PLAN = "plan"
    DECISION = "decision"
    APPEAL_ANSWER = "appeal_answer"
    WITHDRAWAL = "withdrawal"
    HAND_IN_DUE = "hand_in_due"
    PLAN_DUE = "plan_due"
    SELF_FORM_DUE = "self_form_due"
    RETURNED = "returned"
    RECEIPT = "receipt"


class Channel(StrEnum):
    """Which way it goes: a robot has the name of its `Service`, the company's own app there the name with `_app`."""

    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WECOM_APP = "wecom_app"
    DINGTALK_APP = "dingtalk_app"
    FEISHU_APP = "feishu_app"


class DeliveryState(StrEnum):
    """made 待发, sending 正在发, sent 已发出, unsure 不确定, refused 被拒收.

    `sending` outlives only a program that died at it: whoever sends next finds it and makes it `unsure`.
    """

    MADE = "made"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    REFUSED = "refused"


PAPER_NAMES = {
    SentPaper.NOTICE: "通报",
    SentPaper.SLIP: "绩效单",
    SentPaper.PLAN: "整改方案",
    SentPaper.DECISION: "决定书",
    SentPaper.APPEAL_ANSWER: "申诉答复书",
    SentPaper.WITHDRAWAL: "撤回通知",
    SentPaper.HAND_IN_DUE: "催报",
    SentPaper.PLAN_DUE: "催交整改方案",
    SentPaper.SELF_FORM_DUE: "催交自评表",
    SentPaper.RETURNED: "退回",
    SentPaper.RECEIPT: "回执",
}

STATE_NAMES = {
    DeliveryState.MADE: "待发",
    DeliveryState.SENDING: "正在发",
    DeliveryState.SENT: "已发出",
    DeliveryState.UNSURE: "不确定",
    DeliveryState.REFUSED: "被拒收",
}

CHANNEL_NAMES = {
    Channel.MAIL: "邮件",
    Channel.WECOM: "企业微信群",
    Channel.DINGTALK: "钉钉群",
    Channel.FEISHU: "飞书群",
    Channel.WECOM_APP: "企业微信",
    Channel.DINGTALK_APP: "钉钉",
    Channel.FEISHU_APP: "飞书",
}

TELLS_READING = frozenset({Channel.DINGTALK_APP, Channel.FEISHU_APP})
"""Who can be asked whether a message was read; 企业微信 tells it of no app's message, mail has no proof of it."""

LETTERS = frozenset({SentPaper.DECISION, SentPaper.APPEAL_ANSWER})
"""What HR decided about one person, in writing."""

FILE, DECIDED = "附件", "裁定"
"""Occasions: the robot's file beside its text; how many decisions of HR's the paper tells. A letter's is its name."""


@dataclass(frozen=True, slots=True)
class DeliveryKey:
    """What makes a message the same: it is sent once.

    `addressee` is a staff id, `店长`, a mail address or a robot's name; `occasion` tells several of one paper apart
    (a dropped file's claim, a reminder before its day and after it). `revision` is 0 where no month is there yet.
    """

    group: str
    period: Period
    revision: int
    paper: SentPaper
    addressee: str
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as it stands: `file` is its path below `state/outgoing`, `reason` why it did not arrive.

    `receipt` is the service's number of it. `arrived_at` and `seen_at` are what the service said, `asked_at` when it was
    asked last. 钉钉 says that it was read, not when: there it is the moment at which we heard.
    """

    id: int
    key: DeliveryKey
    channel: Channel
    address: str
    file: str
    state: DeliveryState
    reason: str
    changed_at: datetime
    receipt: str = ""
    arrived_at: datetime | None = None
    seen_at: datetime | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Handout:
    """A paper of a month that a person is to sign for; a letter, only after the day on which it was written."""

    group: str
    period: Period
    revision: int
    staff: str
    name: str
    paper: AcknowledgedPaper
    since: date | None = None

    def is_meant_by(self, entry: Acknowledgement) -> bool:
        """Whether the entry is about this paper: of its revision, of a letter of any, and not before it was there."""
        same = (self.group, self.staff, self.paper) == (entry.group, entry.staff, entry.paper)
        is_of_revision = self.paper in ACKNOWLEDGED_LETTERS or entry.revision == self.revision
        day = entry.on or entry.delivered_on
        return same and is_of_revision and (self.since is None or day is None or day >= self.since)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What was entered of one person's paper of one revision.

    `on` is the day of the signature or refusal, `witness` who saw it refused; `sha256` is the register that said so,
    `entered_on` the day on which it came.
    """

    group: str
    period: Period
    revision: int
    staff: str
    paper: AcknowledgedPaper
    state: AcknowledgementState
    channel: str | None
    delivered_on: date | None
    on: date | None
    witness: str
    remark: str
    entered_on: date
    sha256: str
