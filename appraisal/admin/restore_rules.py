"""Rule files as they were when months were scored by them, put back from the ledger into the workspace."""

from __future__ import annotations

from pathlib import Path

from appraisal.ledger.ledger import Ledger
from appraisal.pipeline.setup_changes import changed_rules
from appraisal.scheme.rulebook import load_rule_files, rulebook_of
from appraisal.workspace.files import Files
from appraisal.workspace.paths import Workspace

ASIDE = ".改动"
"""Added to the name of a file that makes room; no rule file is called so."""


def restore_rules(workspace: Workspace, ledger: Ledger, files: Files) -> tuple[str, ...]:
    """Put back every version that says something else now; a Chinese sentence about each file.

    What was there stays beside it. A workspace that used the program's rules has its own from then on: so it
    goes on as before when a new program brings other rules under the same version.
    """
    folder, own = workspace.own_or_shipped("rules"), workspace.root / "rules"
    found = load_rule_files(folder)
    with ledger.reading() as transaction:
        changed = {
            (one.scheme.scheme, one.scheme.version): one
            for one in changed_rules(rulebook_of(found), transaction)
        }
    told = []
    new = own if folder == own else workspace.root / "rules.tmp"
    for file in found:
        name, one = file.path.name, changed.get((file.scheme.scheme, file.scheme.version))
        if one is not None:
            told.append(f"{name} 已恢复为第{one.scheme.version}版原来的内容。")
            if new == own:
                aside = _free(own / f"{name}{ASIDE}")
                files.write(aside, file.content)
                told.append(f"{name} 改动后的内容另存为 {aside.name}。")
        if one is not None or (changed and new != own):
            files.write(new / name, file.content if one is None else one.kept)
    if changed and new != own:
        files.move(new, own)  # at once: a folder with some of the rules would be taken for all of them
        told.append("从现在起用工作区自己的 rules 文件夹，不再用程序附带的。")
    return tuple(told)


def _free(path: Path) -> Path:
    """The path, or with a number behind it where something lies there already."""
    free, number = path, 2
    while free.exists():
        free, number = path.with_name(f"{path.name}{number}"), number + 1
    return free
