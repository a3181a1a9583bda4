"""A new roster in the place of the one that is there: what it changes is told, and the former one stays."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from appraisal.intake.roster import Roster
from appraisal.intake.roster_changes import roster_changes
from appraisal.intake.roster_file import CSV, XLSX, RosterReading
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.reply import give_back, not_placed, reply
from appraisal.pipeline.reports import FileReport, Status
from appraisal.workspace.files import Files
from appraisal.workspace.names import HR_FOLDER, RETURNED, returned_folder
from appraisal.workspace.paths import Workspace

FORMER = "rosters"
"""In the state folder: the rosters that were replaced, each by the moment at which it was."""

_TOLD = 20
_FROM_WHEN = "从下一次处理起按新的花名册。"


def take_roster(context: RunContext, dropped: DroppedFile) -> None:
    """HR's roster takes the place of the one that is there; anybody else's goes back."""
    paper = dropped.paper
    assert isinstance(paper, RosterReading)
    if not dropped.is_from_hr:
        dropped.findings = (paper.elsewhere,)
    if dropped.is_faulty or paper.roster is None:
        give_back(context, dropped, returned_folder(HR_FOLDER) if dropped.is_from_hr else RETURNED)
        return
    changes = told_changes(context.setup.roster, paper.roster)
    if not changes:
        note = "和现在的花名册一样。"
        reply(context, dropped, FileReport(dropped.name, Status.UNCHANGED, note=note))
        return
    content, now = dropped.claimed.archived.read_bytes(), datetime.now().astimezone()
    try:
        kept = replace_roster(context.workspace, context.files, content, now)
    except OSError as error:
        not_placed(context, dropped, error)
        return
    outputs = () if kept is None else (kept.relative_to(context.workspace.root).as_posix(),)
    note = "".join(("花名册已换上：", *changes, _FROM_WHEN))
    reply(context, dropped, FileReport(dropped.name, Status.ACCEPTED, outputs=outputs, note=note))


def replace_roster(workspace: Workspace, files: Files, content: bytes, now: datetime) -> Path | None:
    """Put the workbook in the place of the roster; where the former one is kept, None where there was none.

    Between writing and removing a former roster.csv an interruption leaves both, which the next start refuses: never
    none at all.
    """
    kept = None
    for name in (XLSX, CSV):
        former = workspace.root / name
        if former.exists():
            kept = workspace.state / FORMER / f"{now:%Y%m%d-%H%M%S-%f}_{name}"
            files.write(kept, former.read_bytes(), private=True)
            files.sync([kept])
    files.write(workspace.root / XLSX, content)
    files.sync([workspace.root / XLSX])
    files.remove(workspace.root / CSV)
    return kept


def told_changes(before: Roster | None, after: Roster) -> tuple[str, ...]:
    """What the new roster changes, as sentences for people; the first of many, and how many there are."""
    changes = roster_changes(before, after)
    more = (f"……共{len(changes)}处。",) if len(changes) > _TOLD else ()
    return (*(f"{one}。" for one in changes[:_TOLD]), *more)
