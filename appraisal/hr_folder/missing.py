"""What 未报送名单.xlsx lists: groups that owe the month, corrections and returned files that lie open."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.handing_out import hand_in_by
from appraisal.hr_folder.facts import PeriodFacts
from appraisal.publish.hr.missing import Missing, MissingGroup, ReturnedLine, WaitingLine
from appraisal.workspace.names import safe_file_name

_RETURNED = "退回"


def missing_of(facts: PeriodFacts) -> Missing:
    """The period as of today; waiting corrections of every period, for they wait for HR."""
    deadline = hand_in_by(facts.period, facts.settings)
    returned = tuple(_returned(facts))
    there = {one.group for one in facts.months}
    withdrawn = {one.group for one in facts.withdrawn}
    return Missing(
        period=facts.period,
        today=facts.today,
        hand_in_by=deadline,
        expected=len({*facts.expected_groups, *there, *withdrawn}),
        groups=tuple(
            MissingGroup(
                group=group,
                people=_people(facts, group),
                days_late=max((facts.today - deadline).days, 0),
                stand=_stand(group, withdrawn, {one.group for one in returned}),
            )
            for group in facts.missing_groups
        ),
        waiting=tuple(
            WaitingLine(one.group, one.period, one.file, one.reason, one.received_on)
            for one in facts.books.corrections.all()
        ),
        returned=returned,
    )


def _people(facts: PeriodFacts, group: str) -> int | None:
    return None if facts.roster is None else len(facts.roster.members_of(group, facts.period))


def _stand(group: str, withdrawn: set[str], returned: set[str]) -> str:
    if group in returned:
        return "已退回，等待改正后重报"
    return "已撤回，等待重新报送" if group in withdrawn else "尚未报送"


def _returned(facts: PeriodFacts) -> Iterator[ReturnedLine]:
    """Files whose returned papers still lie in the outbox; each as it was returned the last time."""
    groups = {*facts.expected_groups, *(one.group for one in facts.months)}
    folders = {_RETURNED, *(f"{safe_file_name(group)}/{_RETURNED}" for group in groups)}
    claims = facts.books.journal.returned(facts.period)
    where = {_folder_of(path) for claim in claims if claim.verdict for path in claim.verdict.outputs}
    open_papers = {
        f"outbox/{path}" for folder in folders & where for path in facts.books.placed.under(folder)
    }
    lines: dict[str, ReturnedLine] = {}
    for claim in claims:
        assert claim.verdict is not None
        if open_papers.isdisjoint(claim.verdict.outputs):
            continue
        lines[claim.verdict.outputs[0]] = ReturnedLine(
            group=claim.verdict.group or "",
            file=claim.dropped.file,
            returned_on=claim.received_at.date(),
            problems=sum(one.is_error for one in claim.verdict.findings),
            place=claim.verdict.outputs[0],
        )
    yield from sorted(lines.values(), key=lambda one: (one.group, one.returned_on, one.file))


def _folder_of(path: str) -> str:
    """Below the outbox."""
    return path.removeprefix("outbox/").rpartition("/")[0]
