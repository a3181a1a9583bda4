"""Whose row of an export it is, by the roster's accounts, names and ids."""

from __future__ import annotations

from collections.abc import Sequence

from appraisal.intake.export_rows import ExportRow
from appraisal.intake.staff import Roster, StaffMember
from appraisal.period import Period
from appraisal.text import key, person_name


def person_of(
    row: ExportRow, members: Sequence[StaffMember], roster: Roster, period: Period
) -> tuple[StaffMember, str] | str:
    """Whose of `members` the row is, and by which account (empty where by name or id); or why nobody's."""
    found: dict[str, tuple[StaffMember, str]] = {}
    for kind, told in row.who.items():
        for member, account in _meant(kind, told, members):
            known = found.get(member.id)
            if known is None or not known[1]:
                found[member.id] = (member, account)
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        names = "、".join(f"{one.name}（{one.id}）" for one, _ in found.values())
        return f"可以是{names}，分不清是谁"
    others = [
        one
        for kind, told in row.who.items()
        for one, _ in _meant(kind, told, [one for one in roster.members if one.is_there_in(period)])
    ]
    return f"属于考核组“{others[0].group}”" if others else "不在花名册本组人员的账号、姓名和工号里"


def _meant(kind: str, told: str, members: Sequence[StaffMember]) -> list[tuple[StaffMember, str]]:
    """Everyone of `members` whom the text may mean: by account whole, by account after the shop's name, by name."""
    if kind == "id":
        return [(one, "") for one in members if key(one.id) == key(told)]
    if kind == "account":
        whole = [(one, key(told)) for one in members if any(key(own) == key(told) for own in one.accounts)]
        if whole:
            return whole
        part = _own_part(told)
        own = [(one, part) for one in members if any(_own_part(account) == part for account in one.accounts)]
        if own:
            return own
        told = told.replace("：", ":").rsplit(":", 1)[-1]
    return [(one, "") for one in members if person_name(one.name) == person_name(told)]


def _own_part(account: str) -> str:
    """`小美` of `旗舰店:小美`."""
    return key(account).rsplit(":", 1)[-1]
