"""What changed in the set-up, and is told: rules, which can be put back as they were, templates, and a roster that HR dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

from appraisal.errors import AppraisalError
from appraisal.intake.roster import Roster, roster_changes
from appraisal.intake.roster_file import CSV, XLSX, RosterReading
from appraisal.ledger.ledger import Ledger, Transaction
from appraisal.ledger.records import Revision
from appraisal.period import Period
from appraisal.pipeline.context import RunContext, Tools
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.reply import give_back, not_placed, reply, reply_unchanged
from appraisal.pipeline.reports import FileReport, Status
from appraisal.pipeline.setup import Setup
from appraisal.publish.templates.loading import MONTH_TEMPLATES
from appraisal.scheme.describe.differences import differences
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import Plausibility
from appraisal.scheme.rulebook import Rulebook, RulesError, load_rule_files, parse_scheme, rulebook_of
from appraisal.workspace.files import Files, free_path
from appraisal.workspace.names import HR_FOLDER, RETURNED, returned_folder
from appraisal.workspace.paths import RULES, TEMPLATES, Workspace, sha256_of
from appraisal.workspace.settings import Settings, setting_meaning

_TOLD = 4
"""So many differences of a rule file are told; `rules diff` tells them all."""


# ------------------------------------------------------------------------- since a revision was made


def changes_since(recorded: Setup, revision: Revision, now: Setup) -> tuple[str, ...]:
    """What would make the revision's month another one now than with the set-up recorded; Chinese clauses."""
    return (
        *_rule_changes(recorded, revision, now),
        *_setting_changes(recorded.settings, now.settings),
        *_roster_changes(recorded.roster, revision, now.roster),
        *(
            f"模板 {name} 改过"
            for name in (f"{TEMPLATES}/{template}" for template in MONTH_TEMPLATES)
            if recorded.own_documents.get(name) != now.own_documents.get(name)
        ),
    )


def _rule_changes(recorded: Setup, revision: Revision, now: Setup) -> Iterator[str]:
    before = recorded.rulebook.in_force(revision.scheme, revision.period)
    after = now.rulebook.in_force(revision.scheme, revision.period)
    if before is None or after is None:
        yield f"规则文件里现在没有管 {revision.period} 的考核方案“{revision.scheme}”"
    elif changes := _differences(before, after, [revision.period]):
        yield f"考核方案（{_in_brief(changes)}）"


_NOT_OF_A_MONTH = frozenset({"handin_day", "receipts", "self_forms", "notify"})
"""Settings about how files come and go; they change no paper of a month."""


def _setting_changes(before: Settings, after: Settings) -> Iterator[str]:
    for name in (field.name for field in fields(Settings) if field.name not in _NOT_OF_A_MONTH):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            what = setting_meaning(name).partition("，")[0].partition("：")[0]
            yield f"设置 {name}（{what}）由“{_value(was)}”改为“{_value(now)}”"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _roster_changes(before: Roster | None, revision: Revision, after: Roster | None) -> Iterator[str]:
    def posts(roster: Roster | None) -> dict[str, str | None]:
        members = roster.members_of(revision.group, revision.period) if roster else ()
        return {member.id: member.post for member in members}

    if posts(before) != posts(after):
        yield "花名册里本组当月的人员或岗位改过"


# ---------------------------------------------------------------------- the same version, other content


class ChangedRulesError(AppraisalError):
    """Rule files by which months were scored are gone or say something else; what, and what to do."""


@dataclass(frozen=True, slots=True)
class RulesProblem:
    """A version of a scheme by which `periods` were scored: its file says something else now, or there is none.

    `kept` is the text of then. Without `differences` the scheme has no rule file any more: by mistake, most likely.
    """

    scheme: Scheme
    kept: bytes
    periods: tuple[Period, ...]
    differences: tuple[str, ...] = ()

    def __str__(self) -> str:
        scheme, months = self.scheme, "、".join(map(str, self.periods[-3:]))
        if not self.differences:
            return (
                f"考核方案 {scheme.scheme} 的规则文件不见了，而 {months} 等月份"
                f"是按它的第{scheme.version}版算的，所以没有往下办理。请执行 rules restore 放回来；"
                "不再使用的方案也请留着文件，已算的月份要凭它核对。"
            )
        return (
            f"考核方案 {scheme.scheme} 第{scheme.version}版的版本号没有变，内容变了：{_in_brief(self.differences)}。"
            f"{months} 等月份是按原来的内容算的，所以没有往下办理。"
            f"要用新内容的，请把 version 改为 {scheme.version + 1}，并在 effective_from 写明从哪天起；"
            "不要用的，请执行 rules restore 恢复原来的内容。"
        )


def refuse_changed_rules(rulebook: Rulebook, ledger: Ledger) -> None:
    """Raises ChangedRulesError where a version in the ledger says something else, or its scheme nothing, in the rulebook."""
    with ledger.reading() as transaction:
        amiss = rules_problems(rulebook, transaction)
    if amiss:
        raise ChangedRulesError("\n".join(map(str, amiss)))


def rules_problems(rulebook: Rulebook, transaction: Transaction) -> list[RulesProblem]:
    """All that keeps a pass from beginning with these rules."""
    return [*changed_rules(rulebook, transaction), *missing_rules(rulebook, transaction)]


def missing_rules(rulebook: Rulebook, transaction: Transaction) -> tuple[RulesProblem, ...]:
    """Every version of schemes that the rulebook does not know and months were scored by."""
    there = {sha256_of(text) for text in rulebook.texts.values()}
    gone: dict[tuple[str, int], RulesProblem] = {}
    for scheme, kept in _kept(transaction, transaction.documents.rule_files() - there):
        if scheme.scheme not in rulebook.ids:
            periods = transaction.months.periods_scored_by(scheme.scheme, scheme.version)
            if periods:
                gone[scheme.scheme, scheme.version] = RulesProblem(scheme, kept, periods)
    return tuple(gone[key] for key in sorted(gone))


def changed_rules(rulebook: Rulebook, transaction: Transaction) -> tuple[RulesProblem, ...]:
    """The versions of the rulebook that the ledger knows with another meaning; comments change none."""
    known = transaction.documents.rule_files()
    new = {
        (version.scheme, version.version): version
        for version in rulebook.versions
        if sha256_of(rulebook.text_of(version)) not in known
    }
    if not new:
        return ()
    kept: defaultdict[tuple[str, int], list[tuple[Scheme, bytes]]] = defaultdict(list)
    for scheme, content in _kept(transaction, known):
        kept[scheme.scheme, scheme.version].append((scheme, content))
    found = (_changed(new[key], kept[key], transaction) for key in new if key in kept)
    return tuple(amiss for amiss in found if amiss is not None)


def _kept(transaction: Transaction, sha256s: Collection[str]) -> Iterator[tuple[Scheme, bytes]]:
    """The rule texts with these hashes, read."""
    for sha256 in sha256s:
        content = transaction.documents.get(sha256) or b""
        # A grammar of before: what was made by it cannot be made again, and says so.
        with suppress(RulesError):
            yield parse_scheme(content.decode("utf-8-sig"), f"{sha256}.yaml"), content


def _changed(
    now: Scheme, before: Sequence[tuple[Scheme, bytes]], transaction: Transaction
) -> RulesProblem | None:
    periods = transaction.months.periods_scored_by(now.scheme, now.version)
    changes: tuple[str, ...] = ()
    for scheme, _ in before:
        changes = _differences(scheme, now, periods)
        if not changes:
            return None
    return RulesProblem(now, before[-1][1], periods, changes)


def _differences(before: Scheme, after: Scheme, periods: Collection[Period]) -> tuple[str, ...]:
    """What differs for these months: what is laid down for other months alone may come and go, and so may warnings."""

    def as_used(scheme: Scheme) -> Scheme:
        used = tuple(
            override for override in scheme.overrides if any(override.covers(period) for period in periods)
        )
        return scheme.model_copy(update={"overrides": used, "plausibility": Plausibility()})

    return tuple(map(str, differences(as_used(before), as_used(after))))


def _in_brief(changes: Sequence[str]) -> str:
    shown = "；".join(changes[:_TOLD])
    return shown if len(changes) <= _TOLD else f"{shown}；等共{len(changes)}处"


# ----------------------------------------------------------------------------- put back as it was

ASIDE = ".改动"
"""Added to the name of a file that makes room; no rule file is called so."""


def restore_rules(tools: Tools) -> tuple[str, ...]:
    """Put back every version that says something else now, or whose scheme is gone; a Chinese sentence about each file.

    What was there stays beside it. One of the program's files is put back into the workspace's own folder, where it
    takes the place of that version: so it goes on as before when a new program brings other rules.
    """
    workspace, files = tools.workspace, tools.files
    own, found = workspace.root / RULES, load_rule_files(*workspace.rules)
    with tools.ledger.reading() as transaction:
        changed = {
            (amiss.scheme.scheme, amiss.scheme.version): amiss
            for amiss in changed_rules(rulebook_of(found), transaction)
        }
        missing = missing_rules(rulebook_of(found), transaction)
    sentences = []
    for gone in missing:
        path = free_path(own / f"{gone.scheme.scheme.replace('-', '_')}_{gone.scheme.version}.yaml")
        files.write(path, gone.kept)
        sentences.append(f"{path.name} 已放回（{gone.scheme.name}第{gone.scheme.version}版）。")
    for file in found:
        amiss = changed.get((file.scheme.scheme, file.scheme.version))
        if amiss is None:
            continue
        name, version = file.path.name, amiss.scheme.version
        if file.path.parent == own:
            aside = free_path(own / f"{name}{ASIDE}")
            files.write(aside, file.content)
            files.write(file.path, amiss.kept)
            sentences.append(f"{name} 已恢复为第{version}版原来的内容。")
            sentences.append(f"{name} 改动后的内容另存为 {aside.name}。")
        else:
            path = free_path(own / name)
            files.write(path, amiss.kept)
            sentences.append(
                f"第{version}版原来的内容放在工作区自己的 {RULES} 文件夹的 {path.name} 里，"
                f"代替程序附带的 {name}。"
            )
    return tuple(sentences)


# --------------------------------------------------------------------------------- a new roster

FORMER_ROSTERS = "rosters"
"""In the state folder: the rosters that were replaced, each by the moment at which it was."""

_ROSTER_CHANGES_TOLD = 20
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
    changes = roster_changes_in_words(context.setup.roster, paper.roster)
    if not changes:
        reply_unchanged(context, dropped, "和现在的花名册一样。")
        return
    content = dropped.copy.path.read_bytes()
    try:
        kept = replace_roster(context.workspace, context.files, content, context.now())
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
            kept = workspace.state / FORMER_ROSTERS / f"{now:%Y%m%d-%H%M%S-%f}_{name}"
            files.write(kept, former.read_bytes(), private=True)
            files.sync([kept])
    files.write(workspace.root / XLSX, content)
    files.sync([workspace.root / XLSX])
    files.remove(workspace.root / CSV)
    return kept


def roster_changes_in_words(before: Roster | None, after: Roster) -> tuple[str, ...]:
    """What the new roster changes, as sentences for people; the first of many, and how many there are."""
    changes = roster_changes(before, after)
    more = (f"……共{len(changes)}处。",) if len(changes) > _ROSTER_CHANGES_TOLD else ()
    return (*(f"{change}。" for change in changes[:_ROSTER_CHANGES_TOLD]), *more)
