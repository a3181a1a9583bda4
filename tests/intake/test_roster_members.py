"""Who belongs to which group in which month."""

from __future__ import annotations

import pickle
from datetime import date

import pytest

from appraisal.intake.roster import Roster, StaffMember
from appraisal.period import Period

NOVEMBER = Period(2026, 11)


def member(
    identity: str = "1", group: str = "旗舰店", joined: date = date(2020, 1, 1), **dates: date
) -> StaffMember:
    return StaffMember(identity, "张三", group, "online-shop", joined, **dates)


@pytest.mark.parametrize(
    ("one", "is_in"),
    [
        (member(), True),
        (member(joined=date(2026, 11, 30)), True),
        (member(joined=date(2026, 12, 1)), False),
        (member(joined_group=date(2026, 11, 30)), True),
        (member(joined_group=date(2026, 12, 1)), False),
        (member(left_group=date(2026, 11, 1)), True),
        (member(left_group=date(2026, 10, 31)), False),
        (member(left=date(2026, 11, 1)), True),
        (member(left=date(2026, 10, 31)), False),
        (member(left_group=date(2027, 1, 1), left=date(2026, 10, 31)), False),
    ],
)
def test_whoever_is_there_on_any_day_of_the_month_belongs_to_it(one, is_in):
    """The last day counts; who left before or came after is out."""
    assert (Roster((one,)).members_of("旗舰店", NOVEMBER) == (one,)) is is_in


ROSTER = Roster(
    (
        member("1", left_group=date(2026, 11, 10)),
        member("2", "二店"),
        member("1", "二店", joined_group=date(2026, 11, 10)),
    )
)


def test_in_the_month_of_a_transfer_a_person_belongs_to_both_groups():
    """Both list them; one appraises them."""
    assert [one.id for one in ROSTER.members_of("旗舰店", NOVEMBER)] == ["1"]
    assert [one.id for one in ROSTER.members_of("二店", NOVEMBER)] == ["2", "1"]
    assert ROSTER.members_of("旗舰店", NOVEMBER.shifted(1)) == ()


def test_who_left_a_group_and_came_back_in_one_month_is_listed_once():
    """By the record that goes on."""
    back = member(joined_group=date(2026, 11, 20))
    roster = Roster((member(left_group=date(2026, 11, 5)), member("2"), back))
    assert roster.members_of("旗舰店", NOVEMBER) == (roster.members[1], back)


def test_groups_and_their_schemes():
    """In the order of the roster; an unknown group has none."""
    assert ROSTER.groups == ("旗舰店", "二店")
    assert (ROSTER.scheme_of("二店"), ROSTER.scheme_of("三店")) == ("online-shop", None)
    assert ROSTER.members_of("三店", NOVEMBER) == ()


def test_a_person_is_found_by_id_with_the_latest_record():
    """Where the person is now says the last row."""
    found = ROSTER.find("1")
    assert found is not None
    assert found.group == "二店"
    assert ROSTER.find("3") is None


def test_a_roster_goes_to_the_workers_as_it_is():
    """It pickles, before and after use."""
    assert pickle.loads(pickle.dumps(ROSTER)) == ROSTER
    assert pickle.loads(pickle.dumps(Roster(ROSTER.members))).groups == ROSTER.groups
