"""Verbs about rule files: checked, told in words, two compared, put back as months were scored by them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appraisal.cli.console import say
from appraisal.cli.options import given_workspace, has_ledger, open_given_tools, with_options

if TYPE_CHECKING:
    from appraisal.scheme.model.scheme import Scheme


rules_app = typer.Typer(help="检查、说明、对照考核方案文件。", rich_markup_mode=None)

_WHICH = "方案代号（最新版）、代号@版本（例如 online-shop@1），或一个规则文件。"


@rules_app.command("check")
@with_options("workspace", "ledger")
def rules_check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="只检查这一个文件。")] = None,
) -> None:
    """检查考核方案文件，一次列出全部错误，和值得再想一想的地方。

    有台账的，还核对已经用过的版本内容变了没有。
    """
    from appraisal.pipeline.setup_changes import refuse_changed_rules
    from appraisal.scheme.rulebook import load_rule_file, load_rule_files, rulebook_of

    files = [load_rule_file(file)] if file is not None else load_rule_files(*given_workspace().rules)
    if has_ledger():
        with open_given_tools() as tools:
            refuse_changed_rules(rulebook_of(files), tools.ledger)
    for rule_file in files:
        scheme = rule_file.scheme
        for doubt in rule_file.doubts:
            say(f"提醒 {doubt}")
        say(
            f"{scheme.scheme} 第{scheme.version}版 {scheme.name}：没有问题"
            f"（{len(scheme.indicators)}项指标，自 {scheme.first_period} 起考核）"
        )


@rules_app.command("explain")
@with_options("workspace")
def rules_explain(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help=_WHICH)],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.docx", help="写成可以打印、签字的 Word 文件。")
    ] = None,
) -> None:
    """用文字说明一套考核方案。"""
    from appraisal.scheme.describe.explain import explain_scheme

    explained = _scheme_meant(scheme)
    if out is None:
        say(explain_scheme(explained))
        return
    if out.suffix.casefold() != ".docx":
        raise typer.BadParameter(f"--out 要写成 .docx 文件，现在是“{out.name}”")
    from appraisal.publish.word.blocks import scheme_as_word

    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(scheme_as_word(explained))
    say(f"考核方案（Word）：{out}")


@rules_app.command("diff")
@with_options("workspace")
def rules_diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help=f"原来的：{_WHICH}")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="改后的，写法同上。")],
) -> None:
    """逐条说明两份规则有哪些不同。"""
    from appraisal.scheme.describe.differences import explain_differences
    from appraisal.scheme.describe.document import as_markdown

    say(as_markdown(explain_differences(_scheme_meant(old), _scheme_meant(new))))


@rules_app.command("restore")
@with_options("workspace", "ledger")
def rules_restore() -> None:
    """版本号没有变、内容变了的规则文件，恢复成以前月份用过的内容；不见了的，放回来。"""
    from datetime import datetime

    from appraisal.pipeline.setup_changes import restore_rules
    from appraisal.workspace.files import REAL_FILES
    from appraisal.workspace.lock import workspace_lock

    place = given_workspace()
    sentences: tuple[str, ...] = ()
    if has_ledger():
        with (
            workspace_lock(place.state, datetime.now().astimezone(), REAL_FILES),
            open_given_tools() as tools,
        ):
            sentences = restore_rules(tools)
    for sentence in sentences or ("规则文件与台账里用过的一致，没有要恢复的。",):
        say(sentence)


@rules_app.command("schema")
def rules_schema() -> None:
    """输出考核方案文件的 JSON Schema，供编辑器提示。"""
    import json

    from appraisal.scheme.json_schema import json_schema

    say(json.dumps(json_schema(), ensure_ascii=False, indent=2))


def _scheme_meant(written: str) -> Scheme:
    """The scheme in a file, or of the workspace by its id, with `@` and a version or the latest."""
    from appraisal.pipeline.blanks import latest_scheme
    from appraisal.scheme.rulebook import load_rule_file, load_rulebook

    if Path(written).suffix or Path(written).is_file():
        return load_rule_file(Path(written)).scheme
    scheme_id, _, number = written.partition("@")
    rulebook = load_rulebook(*given_workspace().rules)
    latest = latest_scheme(scheme_id, rulebook)
    if not number:
        return latest
    versions = {str(version.version): version for version in rulebook.versions_of(latest.scheme)}
    if number not in versions:
        known = "、".join(versions)
        raise typer.BadParameter(f"方案“{scheme_id}”没有第“{number}”版，现有第 {known} 版")
    return versions[number]
