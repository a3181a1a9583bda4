"""Rule files as they were when months were scored by them, put back from the ledger into the workspace, also where they are gone."""

from __future__ import annotations

from pathlib import Path

from appraisal.ledger.ledger import Ledger
from appraisal.pipeline.setup_changes import changed_rules, missing_rules
from appraisal.scheme.rulebook import load_rule_files, rulebook_of
from appraisal.workspace.files import Files
from appraisal.workspace.paths import RULES, Workspace

ASIDE = ".改动"
"""Added to the name of a file that makes room; no rule file is called so."""


def restore_rules(workspace: Workspace, ledger: Ledger, files: Files) -> tuple[str, ...]:
    """Put back every version that says something else now, or whose scheme is gone; a Chinese sentence about each file.

    What was there stays beside it. One of the program's files is put back into the workspace's own folder, where it
    takes the place of that version: so it goes on as before when a new program brings other rules.
    """
    own, found = workspace.root / RULES, load_rule_files(*workspace.rules)
    with ledger.reading() as transaction:
        changed = {
            (one.scheme.scheme, one.scheme.version): one
            for one in changed_rules(rulebook_of(found), transaction)
        }
        missing = missing_rules(rulebook_of(found), transaction)
    told = []
    for gone in missing:
        path = _free(own / f"{gone.scheme.scheme.replace('-', '_')}_{gone.scheme.version}.yaml")
        files.write(path, gone.kept)
        told.append(f"{path.name} 已放回（{gone.scheme.name}第{gone.scheme.version}版）。")
    for file in found:
        one = changed.get((file.scheme.scheme, file.scheme.version))
        if one is None:
            continue
        name, version = file.path.name, one.scheme.version
        if file.path.parent == own:
            aside = _free(own / f"{name}{ASIDE}")
            files.write(aside, file.content)
            files.write(file.path, one.kept)
            told.append(f"{name} 已恢复为第{version}版原来的内容。")
            told.append(f"{name} 改动后的内容另存为 {aside.name}。")
        else:
            path = _free(own / name)
            files.write(path, one.kept)
            told.append(
                f"第{version}版原来的内容放在工作区自己的 {RULES} 文件夹的 {path.name} 里，"
                f"代替程序附带的 {name}。"
            )
    return tuple(told)


def _free(path: Path) -> Path:
    """The path, or with a number behind it where something lies there already."""
    free, number = path, 2
    while free.exists():
        free, number = path.with_name(f"{path.stem}_{number}{path.suffix}"), number + 1
    return free
