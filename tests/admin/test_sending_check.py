"""`doctor` looks whether mail and robots are set up; `--send-test` really sends, to ourselves."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest

from appraisal.admin.doctor import examine_sending, send_test
from appraisal.admin.machine import CheckState
from appraisal.workspace.notify_settings import GroupAddresses, Notify, Robot, Security, Service
from tests.delivery.servers import PASSWORD, MailServerHere, RobotHere

NOW = datetime(2026, 12, 8, 9, tzinfo=UTC)
MAIL = Notify((), "人事部 <hr@example.com>", "127.0.0.1", 465, Security.NONE, "hr@example.com")
ROBOT = {"旗舰店": GroupAddresses(robots=(Robot(Service.WECOM, "FLAGSHIP"),))}


@pytest.mark.parametrize(
    ("notify", "known", "told"),
    [
        (Notify(), {}, [("发送", CheckState.GOOD, "什么都不会发")]),
        (MAIL, {}, [("邮件", CheckState.NOTE, "APPRAISAL_SMTP_PASSWORD")]),
        (MAIL, {"SMTP_PASSWORD": PASSWORD}, [("邮件", CheckState.GOOD, "--send-test")]),
        (Notify(groups=ROBOT), {}, [("群机器人", CheckState.NOTE, "APPRAISAL_FLAGSHIP")]),
        (
            Notify(groups=ROBOT),
            {"FLAGSHIP": "https://x"},
            [("群机器人", CheckState.GOOD, "旗舰店的 FLAGSHIP")],
        ),
    ],
    ids=["off", "no password", "mail", "no address", "robot"],
)
def test_what_is_missing_is_named_without_asking_anybody(
    notify: Notify, known: dict[str, str], told: list[tuple[str, CheckState, str]]
) -> None:
    """And where to put it."""
    found = list(examine_sending(notify, known.get))
    assert [(one.matter, one.state) for one in found] == [(matter, state) for matter, state, _ in told]
    assert all(words in one.message for one, (_, _, words) in zip(found, told, strict=True))


def test_a_trial_goes_to_our_own_mailbox_and_to_every_robot() -> None:
    with MailServerHere() as mail, RobotHere() as robot:
        notify = dataclasses.replace(MAIL, smtp_port=mail.port, smtp_user="", groups=ROBOT)
        found = list(send_test(notify, NOW, {"FLAGSHIP": robot.url}.get))
    assert [one.state for one in found] == [CheckState.GOOD, CheckState.GOOD]
    assert mail.to == ["hr@example.com"]
    assert "试发" in robot.told[0][1]["text"]["content"]


def test_who_does_not_take_it_is_told_with_the_reason() -> None:
    """The service answers 200 all the same."""
    answer = (200, {"errcode": 93000, "errmsg": "invalid webhook url"})
    with MailServerHere(refuses={"hr@example.com": "550 no such user"}) as mail, RobotHere([answer]) as robot:
        notify = dataclasses.replace(MAIL, smtp_port=mail.port, smtp_user="", groups=ROBOT)
        found = list(send_test(notify, NOW, {"FLAGSHIP": robot.url}.get))
    assert [one.state for one in found] == [CheckState.WRONG, CheckState.WRONG]
    assert "550" in found[0].message
    assert "没有成功" in found[1].message
