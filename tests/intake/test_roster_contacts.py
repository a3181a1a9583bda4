"""Where people are reached: optional columns of the roster, checked, out to Excel and back without a loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from appraisal.intake.roster import Contacts, Roster, StaffMember, roster_changes
from appraisal.intake.roster_file import RosterError, read_roster
from appraisal.publish.forms.for_hr import roster_workbook

ZHANG = StaffMember(
    "007",
    "张三",
    "旗舰店",
    "online-shop",
    date(2025, 3, 3),
    left=date(2026, 11, 30),
    post="客服专员",
    accounts=("店:小张", "店:小张2"),
    contacts=Contacts("zhang.san@example.com", "13800000000", "ZhangSan", "0123", "ou_7d8a"),
)
LI = StaffMember("KF2", "李四", "旗舰店", "online-shop", date(2021, 5, 6))


def mistakes(*members: StaffMember) -> tuple[str, ...]:
    with pytest.raises(RosterError) as caught:
        read_roster(roster_workbook(members))
    return caught.value.mistakes


def test_what_is_exported_is_read_back_as_it_was():
    """Zeros in front, several accounts, every contact."""
    assert read_roster(roster_workbook([ZHANG, LI])) == Roster((ZHANG, LI))


@pytest.mark.parametrize(
    ("contacts", "told"),
    [
        (Contacts(mail="张三"), "K2 邮箱“张三”写得不对：只写一个地址，例如 zhang@example.com"),
        (
            Contacts(mail="a@b.cn、c@d.cn"),
            "K2 邮箱“a@b.cn、c@d.cn”写得不对：只写一个地址，例如 zhang@example.com",
        ),
        (Contacts(mobile="138xx"), "L2 手机“138xx”写得不对：只写数字，例如 13800000000"),
    ],
)
def test_what_reaches_nobody_is_refused(contacts: Contacts, told: str):
    """By its cell."""
    assert mistakes(replace(LI, contacts=contacts)) == (told,)


def test_one_mailbox_is_one_persons():
    """Or one would be sent the other's slip; after somebody left it may be given to another."""
    mail = Contacts(mail="ke@example.com")
    there, gone = (
        replace(ZHANG, left=None, contacts=mail),
        replace(ZHANG, left=date(2021, 1, 1), contacts=mail),
    )
    (told,) = mistakes(replace(there, accounts=()), replace(LI, contacts=mail))
    assert told.endswith("的邮箱都有“ke@example.com”，一个邮箱只能归一个人")
    gone = replace(gone, joined=date(2020, 1, 1))
    assert len(read_roster(roster_workbook([gone, replace(LI, contacts=mail)])).members) == 2


def test_what_another_roster_changes_is_said_person_by_person():
    """New, gone, and each changed cell with what stood there."""
    new = StaffMember("KF3", "王五", "旗舰店", "online-shop", date(2026, 12, 1))
    moved = replace(ZHANG, left=None, contacts=replace(ZHANG.contacts, mail=None))
    assert roster_changes(Roster((ZHANG, LI)), Roster((moved, new))) == (
        "张三（007，旗舰店）：离职日期 2026-11-30 → 空；邮箱 zhang.san@example.com → 空",
        "新增 王五（KF3，旗舰店），2026-12-01 起",
        "去掉 李四（KF2，旗舰店）（离职的不要删行，填离职日期；以前月份要用）",
    )
    assert roster_changes(Roster((LI,)), Roster((LI,))) == ()
