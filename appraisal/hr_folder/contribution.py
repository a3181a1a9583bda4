"""What one group's month gives to HR's documents: it is opened once, and all of them have their part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from appraisal.hr_folder.grades import grades_of
from appraisal.hr_folder.group import Visit
from appraisal.hr_folder.overview import GroupOverview, group_overview
from appraisal.hr_folder.plans import reviewed_in
from appraisal.hr_folder.watch import watched_of
from appraisal.period import Period
from appraisal.processes.packing import compacted, restored
from appraisal.publish.hr.grades import GradeLine
from appraisal.publish.hr.plan_tracker import Reviewed
from appraisal.publish.hr.watch_list import Watched
from appraisal.publish.notice.combined import chapter_of
from appraisal.publish.templates.loading import Templates
from appraisal.workspace.settings import Settings


@dataclass(frozen=True, slots=True)
class Contribution:
    """One group's part in each document that is about all groups.

    Its chapter of the combined notice is packed (2.5 kB, not 23): only who writes the notice opens it.
    """

    overview: GroupOverview
    chapter: bytes
    grades: tuple[GradeLine, ...]
    reviewed: tuple[Reviewed, ...]
    watched: Watched | None


def contributions(visits: Iterable[Visit]) -> list[Contribution]:
    """Each group's, in order."""
    return [_contribution(one) for one in visits]


def combined(
    write: Callable[..., bytes],
    chapters: Iterable[bytes],
    templates: Templates,
    *,
    period: Period,
    settings: Settings,
) -> bytes:
    """What `write` (`combined_word`, `combined_page`) makes of the groups' packed chapters."""
    return write([restored(one) for one in chapters], templates, period=period, settings=settings)


def _contribution(visit: Visit) -> Contribution:
    facts = visit.facts
    return Contribution(
        overview=group_overview(facts),
        chapter=compacted(chapter_of(facts.paper)),
        grades=tuple(grades_of(facts)),
        reviewed=tuple(reviewed_in(visit)),
        watched=watched_of(facts),
    )
