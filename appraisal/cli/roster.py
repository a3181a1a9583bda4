"""Verbs about the roster: out to Excel, and back in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from appraisal.cli.console import say, warn
from appraisal.cli.options import given_setup, given_workspace, with_options
from appraisal.text import printable

roster_app = typer.Typer(
    help="花名册：导出到 Excel 改，改好换上。", rich_markup_mode=None, no_args_is_help=True
)


@roster_app.command("export")
@with_options("workspace")
def export(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR|FILE", help="放在哪个文件夹，或存成哪个 .xlsx 文件。")
    ] = Path(),
) -> None:
    """把花名册导出成一份可以在 Excel 里改的表，各列都在（含邮箱、手机等）。"""
    from appraisal.publish.forms.for_hr import roster_workbook
    from appraisal.workspace.files import write_new

    roster = given_setup().roster
    path = out if out.suffix.lower() == ".xlsx" and not out.is_dir() else out / "花名册.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    written = write_new(path, roster_workbook(roster.members if roster else ()))
    say(f"花名册：{written}（{len(roster.members) if roster else 0}行）")
    say("改好以后放进 inbox/人事，或用 roster import 换上。")


@roster_app.command("import")
@with_options("workspace")
def import_roster(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="改好的花名册（.xlsx）。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出改了什么，不换。")] = False,
) -> None:
    """换上改好的花名册：列出改了什么，原来的一份留在 state/rosters。有一处不对就不换。"""
    from appraisal.intake.roster_file import RosterError, load_roster, read_roster
    from appraisal.pipeline.setup_changes import replace_roster, roster_changes_in_words
    from appraisal.scheme.rulebook import load_rulebook
    from appraisal.workspace.files import REAL_FILES, read_setup_file

    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"要 .xlsx 的花名册，现在是“{file.name}”；请用 Excel 另存为 .xlsx")
    place, content = given_workspace().made(), read_setup_file(file)
    rulebook = load_rulebook(*place.rules)
    roster = read_roster(content, file.name, rulebook)
    try:
        before = load_roster(place.root, rulebook)
    except RosterError as error:
        before = None
        warn(f"提示：现在的花名册用不了，没有对照。{error}")
    changes = roster_changes_in_words(before, roster)
    for change in changes or ("和现在的花名册一样，没有改动。",):
        say(printable(change))
    if dry_run or not changes:
        return
    now = datetime.now().astimezone()
    kept = replace_roster(place, REAL_FILES, content, now)
    say(f"已换上新的花名册。{f'原来的一份：{kept}' if kept else ''}")
