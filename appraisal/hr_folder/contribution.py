"""What one group's month gives to HR's documents: it is opened once, and all of them have their part of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appraisal.hr_folder.grades import grades_of
from appraisal.hr_folder.group import Visit
from appraisal.hr_folder.overview import GroupOverview, group_overview
from appraisal.hr_folder.plans import reviewed_in
from appraisal.hr_folder.watch import watched_of
from appraisal.publish.hr.combined_notice import Chapter, chapter_of
from appraisal.publish.hr.grades import GradeLine
from appraisal.publish.hr.plan_tracker import Reviewed
from appraisal.publish.hr.watch_list import Watched


@dataclass(frozen=True, slots=True)
class Contribution:
    """One group's part in each document that is about all groups."""

    overview: GroupOverview
    chapter: Chapter
    grades: tuple[GradeLine, ...]
    reviewed: tuple[Reviewed, ...]
    watched: Watched | None


def contributions(visits: Iterable[Visit]) -> list[Contribution]:
    """Each group's, in order."""
    return [_contribution(one) for one in visits]


def _contribution(visit: Visit) -> Contribution:
    facts = visit.facts
    return Contribution(
        overview=group_overview(facts),
        chapter=chapter_of(facts.paper),
        grades=tuple(grades_of(facts)),
        reviewed=tuple(reviewed_in(visit)),
        watched=watched_of(facts),
    )
