"""签收情况.xlsx: of each issued group how many have signed and who has not; every entry with its day and witness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appraisal.hr.facts import Names, PeriodFacts
from appraisal.hr.handouts import STATE_NAMES, GroupAcknowledged, HandoutState, acknowledged
from appraisal.ledger.deliveries import Acknowledgement, Handout
from appraisal.ledger.delivery_records import CHANNEL_NAMES, TELLS_READING, Delivery, SentPaper
from appraisal.ledger.delivery_records import LETTERS as SENT_LETTERS
from appraisal.ledger.delivery_records import PAPER_NAMES as DELIVERED_NAMES
from appraisal.ledger.delivery_records import STATE_NAMES as DELIVERY_NAMES
from appraisal.publish.excel.listing import WHO, ListColumn, ListSheet, Shown, Value
from appraisal.scheme.forms.acknowledgement import NOTE, PAPER_NAMES, RESULT_NAMES


def acknowledgement_sheets(facts: PeriodFacts) -> list[ListSheet]:
    """Nothing where no group is issued, and nothing that was sent has failed to arrive."""
    groups = acknowledged(facts)
    return [*_undelivered(facts), *(_signed_and_sent(facts, groups) if groups else [])]


def _undelivered(facts: PeriodFacts) -> Iterator[ListSheet]:
    """What HR has to look after, whatever was sent to whom."""
    names = Names(facts.transaction)
    rows: list[list[Value]] = [
        [one.key.group, names.who(one.key.group, one.key.period, one.key.addressee), *sent_row(one)]
        for one in facts.transaction.deliveries.not_arrived(facts.period)
    ]
    if rows:
        yield ListSheet(
            name="没有发到",
            title=f"{facts.period.in_words}没有发到的",
            notes=["改好地址后用 send … --again 补发；“不确定”的先问收件人，再用 --unsure 了结。"],
            columns=[ListColumn("考核组", 18, Shown.STRONG), ListColumn("发给", 22), *SENT_COLUMNS],
            rows=rows,
            frozen=2,
        )


def _signed_and_sent(facts: PeriodFacts, groups: Sequence[GroupAcknowledged]) -> list[ListSheet]:
    names = facts.transaction.months.names(facts.period)
    entries = facts.transaction.acknowledgements.of_period(facts.period)
    return [
        ListSheet(
            name="签收情况",
            title=f"{facts.period.in_words}考核材料签收情况",
            notes=[f"按现在的一版列；没有收到签收登记的组，全部列为未签。{NOTE}"],
            columns=[
                ListColumn("考核组", 18, Shown.STRONG),
                ListColumn("应签", 8, Shown.COUNT),
                ListColumn("已签", 8, Shown.COUNT),
                ListColumn("拒签", 8, Shown.COUNT),
                ListColumn("未签", 8, Shown.COUNT),
                ListColumn("未签的人", 70, Shown.WRAPPED),
            ],
            rows=[
                [
                    one.group,
                    len(one.papers),
                    one.count(HandoutState.SIGNED),
                    one.count(HandoutState.REFUSED),
                    len(one.missing),
                    one.names,
                ]
                for one in groups
            ],
            frozen=1,
        ),
        ListSheet(
            name="签收登记",
            title=f"{facts.period.in_words}已登记的签收",
            columns=[
                *WHO,
                *ENTRY_COLUMNS,
            ],
            rows=[
                [one.group, one.staff, names.get((one.group, one.staff), ""), *entry_row(one)]
                for one in entries
            ],
            empty="还没有收到签收登记。",
            frozen=3,
        ),
        ListSheet(
            name="发送和已读",
            title=f"{facts.period.in_words}发给本人的材料",
            notes=[READING],
            columns=[*WHO, *SENT_COLUMNS],
            rows=[
                [one.key.group, one.key.addressee, names[one.key.group, one.key.addressee], *sent_row(one)]
                for one in facts.transaction.deliveries.of_period(facts.period)
                if (one.key.group, one.key.addressee) in names and one.key.paper in PERSONAL
            ],
            empty="还没有发给本人的材料。",
            frozen=3,
        ),
    ]


PERSONAL = {SentPaper.SLIP, SentPaper.PLAN, *SENT_LETTERS}
READING = (
    "已读是服务告诉的：本人的账号打开过消息，不是签收。钉钉只说已读，不说何时，所列为查到的时间，发出24小时内可查；"
    "飞书说明阅读的时间，7天内可查；企业微信的应用消息和邮件都查不到已读。查到的一直留在台账里。"
)
SENT_COLUMNS = (
    ListColumn("版次", 7, Shown.COUNT),
    ListColumn("材料", 12),
    ListColumn("发送方式", 11, Shown.CENTRED),
    ListColumn("情况", 12, Shown.CENTRED),
    ListColumn("时间", 18, Shown.CENTRED),
    ListColumn("到达", 18, Shown.CENTRED),
    ListColumn("已读", 18, Shown.CENTRED),
    ListColumn("说明", 34, Shown.WRAPPED),
)
"""What `sent_row` says."""


def sent_in_words(one: Delivery, names: Names) -> str:
    """`绩效单（钉钉）发给张三（KF001）：已发出，2026-12-08 09:00 到达，2026-12-08 09:30 已读`."""
    known = [(one.arrived_at, "到达"), (one.seen_at, "已读")]
    moments = "".join(f"，{moment:%Y-%m-%d %H:%M} {what}" for moment, what in known if moment)
    why = f"，{one.reason}" if one.reason else ""
    what = f"{DELIVERED_NAMES[one.key.paper]}（{CHANNEL_NAMES[one.channel]}）"
    who = names.who(one.key.group, one.key.period, one.key.addressee)
    return f"{what}发给{who}：{DELIVERY_NAMES[one.state]}{moments}{why}"


def sent_row(one: Delivery) -> list[Value]:
    """From 版次 to 说明."""
    is_told = one.channel in TELLS_READING
    moments = [f"{moment:%Y-%m-%d %H:%M}" if moment else "" for moment in (one.arrived_at, one.seen_at)]
    return [
        one.key.revision,
        DELIVERED_NAMES[one.key.paper],
        CHANNEL_NAMES[one.channel],
        DELIVERY_NAMES[one.state],
        f"{one.changed_at:%Y-%m-%d %H:%M}",
        *(moments if is_told else ["查不到", "查不到"]),
        one.reason,
    ]


ENTRY_COLUMNS = (
    ListColumn("版次", 7, Shown.COUNT),
    ListColumn("材料", 12),
    ListColumn("送达方式", 11, Shown.CENTRED),
    ListColumn("送达日期", 12, Shown.DAY),
    ListColumn("签收情况", 13, Shown.CENTRED),
    ListColumn("签收日期", 12, Shown.DAY),
    ListColumn("见证人", 11),
    ListColumn("备注", 24, Shown.WRAPPED),
    ListColumn("登记日期", 12, Shown.DAY),
)
"""What `entry_row` says."""


def entry_row(one: Acknowledgement) -> list[Value]:
    """From 版次 to 登记日期."""
    return [
        one.revision,
        PAPER_NAMES[one.paper],
        one.channel or "",
        one.delivered_on,
        RESULT_NAMES[one.state],
        one.on,
        one.witness,
        one.remark,
        one.entered_on,
    ]


def unsigned_row(paper: tuple[Handout, HandoutState]) -> list[Value]:
    """The same of a paper that nobody has signed for: `未送` stands where the result will."""
    one, state = paper
    return [one.revision, PAPER_NAMES[one.paper], "", None, STATE_NAMES[state], None, "", "", None]
