"""Months at random: whatever is handed in, edited and decided in whatever order, the money is what the contract says.

A story is a list of events, drawn by the number of its seed: workbooks, corrections, self-assessments and plans dropped, HR's acts as verbs and as
sheets, rule files edited, days that pass. It is played to the program, in a workspace of its own with a real
ledger, and told to a model that knows the contract alone (tests/builders/model_of_months.py). After every event
both must say the same: what became of the file or act, what each person is paid in each month of payment, what
stands of every outcome. At the end of some, whose papers are all made, result.json, ledger and HR's lists must agree, and `verify` find nothing. A story that goes
wrong is shortened as far as it goes, and told.

    python -m pytest tests/reliability/test_random_months.py                          # sixty
    STORIES=5000 python -m pytest tests/reliability/test_random_months.py -m soak     # others, as many as one likes
"""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shutil
import tempfile
import traceback
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from appraisal.admin.demo import FilledMonth, filled_in
from appraisal.admin.published_months import read_hr_lists
from appraisal.admin.verify import verify
from appraisal.findings.finding import has_errors
from appraisal.intake.hr_acts import Act
from appraisal.ledger import ledger
from appraisal.ledger.errors import ActRefused
from appraisal.period import Period
from appraisal.pipeline import reader_process
from appraisal.pipeline.after_a_pass import circulate_by_itself
from appraisal.pipeline.appraise import (
    Appraised,
    ChunkSetup,
    RevisionRequest,
    appraise,
    inputs_of,
    scored_month,
)
from appraisal.pipeline.context import RunContext, open_context
from appraisal.pipeline.hr_acts import perform
from appraisal.pipeline.hr_folder import renew_hr_folder
from appraisal.pipeline.reports import FileReport
from appraisal.pipeline.run import take_files
from appraisal.pipeline.setup import PastSetups, Setup, load_setup
from appraisal.pipeline.setup_changes import ChangedRulesError, refuse_changed_rules
from appraisal.publish.blank.workbook import blank_workbook
from appraisal.publish.forms.for_hr import acts_workbook
from appraisal.publish.forms.personal import plan_workbook
from appraisal.publish.forms.self_assessment import self_workbook
from appraisal.publish.month import Month
from appraisal.publish.papers import RESULT_JSON
from appraisal.scheme.forms.hr_acts import (
    ACT_NAMES,
    DECISION_NAMES,
    OUTCOME_SHORT_NAMES,
    ActKind,
    OutcomeDecision,
    hr_acts_form,
)
from appraisal.scheme.forms.personal import PLAN_SHEET, paper_name
from appraisal.scheme.forms.self_assessment import self_form
from appraisal.scheme.forms.submission import (
    COMMISSION,
    CORRECTION,
    CORRECTION_REASON,
    GROUP,
    HAND_IN_BY,
    PERIOD,
    STAFF_ID,
    SUBMISSION_KIND,
    submission_form,
)
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.results import indented, result_as_json
from appraisal.validation.tables import validate_chunk
from appraisal.workspace.paths import Workspace
from appraisal.workspace.settings import Settings
from tests.builders.model_of_months import MANAGERS_COPY, OWN, PEOPLE, Book, Figures, Group
from tests.builders.other_forms import acts_place, filled_plan
from tests.builders.remembered import InlineExecutor, InlineSandbox, quickly
from tests.builders.schemes import scheme_of
from tests.builders.submissions import filled, staff_name
from tests.builders.workbooks import label_cell, opened, saved

US = "甲组"
FIRST = Period(2026, 9)
MONTHS = 3
DAYS = (date(2026, 10, 9), date(2026, 11, 27), date(2026, 12, 31), date(2027, 1, 29))
"""Some are so late in their month that what is dated days ahead falls into the next."""

RULES = """
scheme: small
name: 小组考核
version: {version}
effective_from: {since}
purpose: [试验]
scope: 小组
tables: {{人员: {{}}}}
sections:
  - name: 全部
    indicators:
      - {{name: 表现, points: 100, meaning: 总评, judged: {{anchors: [按实际评分]}}}}
reviewers:
  - {{name: 自评, weight: 40%, focus: 全部, if_absent: 店长}}
  - {{name: 店长, weight: 60%, focus: 全部}}
outcomes:
  minimum: 3
  rules:
    - {{when: first, do: reward, amount: {reward}}}
    - {{when: last, do: deduct, amount: 50, from: 当月提成}}
    - {{when: bottom 2, do: rectification, within: 7 days}}
    - {{when: last 2 months running, do: consider_transfer}}
"""
FIGURES = (
    Figures((90, 80, 70)),
    Figures((70, 90, 80)),
    Figures((90, 90, 70)),
    Figures((90, 70, 70)),
    Figures((90, 80, 70), own_is_blank=True),
    Figures((90, 80, 70), commission=30),
    Figures((80, 80, 80)),
    Figures((90, 80, 70), away="KF001"),
)
OWN_MARKS = (60, 100)
SECOND_SINCE = 1
"""The month from which the second version of the rules counts."""

# ------------------------------------------------------------------------------------- rules and papers


@dataclass(frozen=True)
class Rules:
    """What lies in the folder of rules: files, and what each pays."""

    first: int
    second: int | None = None

    def reward(self, month: int) -> int:
        return self.second if self.second is not None and month >= SECOND_SINCE else self.first


SETUPS = (Rules(100), Rules(300), Rules(100, 200))
"""As it was; the file edited in place; a second version beside the first."""


def rule_files(rules: Rules) -> dict[str, str]:
    files = {"small.yaml": RULES.format(version=1, since="2020-01-01", reward=rules.first)}
    if rules.second is not None:
        since = FIRST.shifted(SECOND_SINCE).first_day
        files["small_2.yaml"] = RULES.format(version=2, since=since, reward=rules.second)
    return files


@cache
def setup_of(rules: Rules) -> Setup:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "rules").mkdir()
        (root / "settings.toml").write_text('self_forms = "allowed"\n', "utf-8")
        for name, text in rule_files(rules).items():
            (root / "rules" / name).write_text(text, "utf-8")
        return load_setup(Workspace(root))


def scheme() -> Any:
    return scheme_of(rule_files(SETUPS[0])["small.yaml"])


@cache
def workbook(month: int, book: Book) -> bytes:
    """The manager's workbook, filled in."""
    if book.saved:
        return saved_again(workbook(month, book.content), book.saved)
    people = tuple((one, staff_name(at)) for at, one in enumerate(PEOPLE, 1))
    period, told = FIRST.shifted(month), book.figures
    blank = blank_workbook(
        scheme(), group=US, period=period, staff=people, settings=Settings(), handin=period.last_day
    )
    cells: dict[tuple[str, str, str], Any] = {
        ("人员", person, COMMISSION): told.commission if person == OWN else None for person in PEOPLE
    }
    for person, mark in zip(PEOPLE, told.marks, strict=True):
        cells["店长", person, "表现"] = mark
        cells["自评", person, "表现"] = None if person == OWN and told.own_is_blank else MANAGERS_COPY
    labels = {SUBMISSION_KIND: CORRECTION, CORRECTION_REASON: "录错"} if book.is_correction else {}
    away = {} if told.away is None else {told.away: "试用期"}
    content = filled(
        scheme=scheme(),
        group=US,
        period=period,
        staff=3,
        cells=cells,
        labels=labels,
        statuses=away,
        interviews=0,
    )
    rows = {sheet: {str(row[STAFF_ID]): dict(row) for row in found} for sheet, found in content.rows.items()}
    kept = {name: value for name, value in content.labels.items() if name not in {GROUP, PERIOD, HAND_IN_BY}}
    return filled_in(blank, submission_form(scheme()), FilledMonth(kept, rows))


def saved_again(content: bytes, times: int) -> bytes:
    """Other bytes that say the same."""
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a") as package:
        package.comment = f"{times}".encode()
    return target.getvalue()


@cache
def filled_self_form(month: int, mark: int) -> bytes:
    """KF003's self-assessment, filled in."""
    form = self_form(scheme())
    assert form is not None
    period = FIRST.shifted(month)
    name = staff_name(PEOPLE.index(OWN) + 1)
    blank = self_workbook(
        scheme(), group=US, period=period, staff_id=OWN, name=name, settings=Settings(), due=period.last_day
    )
    book = opened(blank)
    typed = {"表现": mark, "本人签名": name, "签名日期": date(2026, 10, 8)}
    for cell in form.sheet.labels:
        if cell.name in typed:
            label_cell(book["自评表"], cell.header).offset(column=1).value = typed[cell.name]
    return saved(book)


@cache
def blank_sheet() -> tuple[dict[str, bytes], dict[str, str]]:
    """HR's blank by its parts, and the cell of its first white row by the column's name."""
    with zipfile.ZipFile(io.BytesIO(acts_workbook())) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return parts, {
        cell.name: acts_place(cell.name).rpartition("!")[2] for cell in hr_acts_form().main.columns
    }


def sheet_of(row: Mapping[str, Any]) -> bytes:
    """The blank with the row typed in, written without openpyxl: it takes a tenth of the time."""
    parts, addresses = blank_sheet()
    where = "xl/worksheets/sheet1.xml"
    cells = parts[where].decode()
    for name, value in row.items():
        if value is not None:
            written = (value - date(1899, 12, 30)).days if isinstance(value, date) else value
            number = isinstance(written, int)
            typed = f"><v>{written}</v>" if number else f' t="inlineStr"><is><t>{written}</t></is>'
            cells, found = re.subn(rf'(<c r="{addresses[name]}" s="\d+")/>', rf"\1{typed}</c>", cells)
            assert found == 1
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in (parts | {where: cells.encode()}).items():
            package.writestr(name, content)
    return target.getvalue()


@cache
def plan_of(blank: bytes, name: str) -> bytes:
    return filled_plan({"本人签名": name}, data=blank)


# ------------------------------------------------------------------------------------------- the play


@dataclass
class Play:
    """A story played to the program and told to the model, side by side."""

    context: RunContext
    rules: Rules = SETUPS[0]
    model: Group = field(default_factory=Group)
    day: int = 0
    known: int | None = None
    """What the first version paid when months were scored by it."""
    told: list[str] = field(default_factory=list)
    """What really happened, in words."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def today(self) -> date:
        return DAYS[self.day]

    def at(self, *event: Any) -> None:
        """One event; what it is called is the name of a method."""
        name, *arguments = event
        getattr(self, name)(*arguments)
        self.must_agree()

    # ------------------------------------------------------------------------------ days and rules

    def days_pass(self) -> None:
        self.day = min(self.day + 1, len(DAYS) - 1)
        self.context = replace(self.context, today=self.today)

    def edit_rules(self, which: int) -> None:
        self.rules = SETUPS[which]
        self._tell(self.rules)
        self.context = replace(self.context, setup=setup_of(self.rules))

    def hr_looks(self) -> None:
        """The lists show what waits; all of HR's papers are made at the end."""
        with self.context.ledger.writing() as books:
            books.corrections.listed(books.corrections.all())

    # ------------------------------------------------------------------------------- what is dropped

    def drop(self, month: int, figures: int, kind: str, saved: int) -> None:
        month = self._over(month)
        current = self.model.in_force(month)
        is_correction = kind == "correction" or (
            kind == "as asked" and current is not None and current.issued
        )
        book = Book(FIGURES[figures], is_correction, saved)
        report = self._take(f"{month}.xlsx", workbook(month, book))
        if report is not None:
            said = self.model.drop(month, book, self.rules.reward(month))
            self._tell("drop", month, book, said)
            assert report.status == said, (report, said)
            if said == "accepted":
                self.known = self.rules.first

    def hand_in_own(self, month: int, mark: int) -> None:
        month = self._over(month)
        report = self._take(f"自评{month}.xlsx", filled_self_form(month, mark))
        if report is not None:
            said = self.model.hand_in_own(month, mark)
            self._tell("hand in own", month, mark, said)
            assert report.status == said, (report, said)

    def hand_in_plan(self, month: int, person: str) -> None:
        """Whose plan is asked for is asked of the model; in time or late is left to other tests."""
        month = self._over(month)
        folder = self.context.workspace.outbox / US / str(FIRST.shifted(month)) / "整改方案"
        blanks = sorted(folder.glob(f"{person}_*_整改方案.xlsx")) if folder.is_dir() else []
        if not blanks:
            return
        report = self._take(
            "整改.xlsx", plan_of(blanks[0].read_bytes(), staff_name(PEOPLE.index(person) + 1))
        )
        current = self.model.in_force(month)
        asked = current.follows.get((person, "rectification")) if current else None
        self._tell("plan", month, person, report and report.status)
        if report is not None and (asked is None or asked.state != "due"):
            assert report.status == "returned", report

    def _over(self, month: int) -> int:
        """A month that is over by now: the newest where the one meant is not."""
        return min(month, self.day, MONTHS - 1)

    def _take(self, name: str, content: bytes) -> FileReport | None:
        """The file dropped and a pass; None where the rules were edited in place and no pass begins."""
        path = self.context.workspace.inbox / name
        path.write_bytes(content)
        is_edited = self.known is not None and self.known != self.rules.first
        try:
            refuse_changed_rules(self.context.setup.rulebook, self.context.ledger)
        except ChangedRulesError:
            assert is_edited
            path.unlink()
            return None
        assert not is_edited
        midnight = datetime.combine(self.today, datetime.min.time()).astimezone()
        taken = take_files(replace(self.context, now=lambda: midnight), [path])
        (report,) = taken.reports
        assert report.status != "failed", report
        return report

    # --------------------------------------------------------------------------------------- HR's acts

    def act(self, kind: str, pick: int, ahead: int, how: str) -> None:
        """`ahead` is how many days ahead HR dates it."""
        model = self.model
        known = [one for one in sorted(model.months) if model.in_force(one)]
        wanted = {
            "issue": [one for one in known if not model.months[one].issued],
            "reopen": sorted(model.closed),
        }
        for month in self._picked(pick, wanted.get(kind, known), otherwise=pick % MONTHS):
            self._act(kind, month, ahead, how)

    def decide(self, pick: int, kind: str, decision: str, ahead: int, how: str) -> None:
        """About what is open, seldom about anything else."""
        months = sorted(self.model.months.items())
        waits = [
            (month, key)
            for month, now in months
            for key, one in now.follows.items()
            if one.is_for_hr and one.stands
        ]
        other = (pick % MONTHS, (PEOPLE[pick % len(PEOPLE)], kind))
        for month, (person, what) in self._picked(pick, waits, otherwise=other):
            if what != "consider_transfer" or not self.model.is_behind:
                whom = {"staff": person, "outcome": OutcomeType(what), "decision": OutcomeDecision(decision)}
                self._act("decide", month, ahead, how, **whom)

    def approve(self, pick: int, item: int | None, ahead: int, how: str) -> None:
        """`item` counts from 0 what waits; HR sees the lists first."""
        waiting = [one for one, now in sorted(self.model.months.items()) if now.waiting]
        for month in self._picked(pick, waiting, otherwise=pick % MONTHS):
            self.hr_looks()
            with self.context.ledger.reading() as books:
                numbers = [one.number for one in books.corrections.of_month(US, FIRST.shifted(month))]
            self._item = item
            number = None if item is None else numbers[item] if item < len(numbers) else 99
            self._act("approve_correction", month, ahead, how, item=number)

    @staticmethod
    def _picked(pick: int, wanted: Sequence[Any], *, otherwise: Any) -> Sequence[Any]:
        """One of what makes sense, if there is any; seldom something else."""
        if pick >= SENSIBLE:
            return [otherwise]
        return [wanted[pick % len(wanted)]] if wanted else []

    def _act(self, kind: str, month: int, ahead: int, how: str, **more: Any) -> None:
        on = self.today + timedelta(days=ahead)
        act = Act(ActKind(kind), FIRST.shifted(month), US, on, "刘芳", "按制度", **more)
        if act.on < act.period.first_day:
            return
        done = self._verb(act) if how == "verb" else self._sheet(act)
        if done is not None:
            said = self._told(act, month)
            self._tell(
                kind, month, *(str(one) for one in more.values()), f"dated {on} by {how}", f"done: {said}"
            )
            assert done[0] == said, (done, act)

    def _tell(self, *words: object) -> None:
        self.told.append(f"{self.today} {' '.join(map(str, words))}")

    def _verb(self, act: Act) -> tuple[bool, str]:
        try:
            perform(self.context, act, then=circulate_by_itself)
        except ActRefused as refused:
            return False, str(refused)
        return True, ""

    def _sheet(self, act: Act) -> tuple[bool, str] | None:
        row = {
            "考核组": act.group,
            "考核月份": str(act.period),
            "事项": ACT_NAMES[act.kind],
            "日期": act.on,
            "原因": act.reason,
            "经办人": act.by,
            "工号": act.staff,
            "裁定事项": act.outcome and OUTCOME_SHORT_NAMES[act.outcome],
            "裁定结果": act.decision and DECISION_NAMES[act.decision],
            "编号": act.item,
        }
        report = self._take("人事/办理.xlsx", saved_again(sheet_of(row), next(self.numbers)))
        if report is None:
            return None
        return report.status == "accepted", str([one.message for one in report.findings])

    def _told(self, act: Act, month: int) -> bool:
        """What the model makes of it."""
        model, on = self.model, act.on.toordinal()
        pays_in = _number(Period.of(max(act.on, self.today)))
        match act.kind:
            case ActKind.ISSUE:
                return model.issue(month, on, pays_in)
            case ActKind.APPROVE_CORRECTION:
                return model.approve(month, self._item, on, pays_in)
            case ActKind.WITHDRAW:
                return model.withdraw(month, on, pays_in)
            case ActKind.RESCORE:
                is_edited = self.known is not None and self.known != self.rules.first
                return not is_edited and model.rescore(month, self.rules.reward(month), on, pays_in)
            case ActKind.DECIDE:
                assert act.staff
                assert act.outcome
                assert act.decision
                return model.decide(month, (act.staff, act.outcome.value), act.decision.value, on, pays_in)
            case _:
                return model.close(month, on, closed=act.kind is ActKind.CLOSE)

    # ------------------------------------------------------------------------------------ do they agree

    def must_agree(self) -> None:
        with self.context.ledger.reading() as books:
            paid: defaultdict[tuple[int, str, str, int], Decimal] = defaultdict(Decimal)
            for month in self.model.months:
                period = FIRST.shifted(month)
                active: defaultdict[Any, int] = defaultdict(int)
                for line in books.outcomes.lines_of_month(US, period):
                    key = line.key
                    paid[month, key.staff, key.type.value, _number(line.paid_in)] += line.amount
                    active[key] += 1 if line.reverses is None else -1
                assert set(active.values()) <= {0, 1}, "more than one active line for one place"
                found = {
                    (one.key.staff, one.key.type.value): (str(one.state), one.decision and str(one.decision))
                    for one in books.outcomes.of_month(US, period)
                }
                assert self._comparable(found) == self._comparable(
                    {key: (one.state, one.decision) for key, one in self.model.months[month].follows.items()}
                ), (month, found)
                known = books.months.get(US, period)
                assert known is not None
                now = self.model.months[month]
                assert (known.is_issued, str(known.state) == "withdrawn") == (now.issued, now.withdrawn)
        assert {key: amount for key, amount in paid.items() if amount} == self.model.money()

    def _comparable(self, found: Mapping[Any, Any]) -> dict[Any, Any]:
        """Not the streaks where a closed month keeps later ones from following."""
        return {
            key: value
            for key, value in found.items()
            if not (self.model.is_behind and key[1] == "consider_transfer")
        }

    def must_end_well(self) -> None:
        """Result.json, ledger and HR's lists say the same, and `verify` finds nothing."""
        for month in sorted(self.model.closed):
            on = max(self.today, date.fromordinal(self.model.acted[month, True]))
            self._act("reopen", month, (on - self.today).days, "verb")
        take_files(self.context, [])
        self.must_agree()
        assert renew_hr_folder(self.context) == []
        with self.context.ledger.reading() as books:
            assert books.pending_recalculations.all() == ()
        if self.model.months:
            tools = replace(self.context, executor=None)
            assert [one for one in verify(tools) if not one.is_same] == []
        for month, now in self.model.months.items():
            self._papers_agree(FIRST.shifted(month), now)

    def _papers_agree(self, period: Period, now: Any) -> None:
        with self.context.ledger.reading() as books:
            current, lines = books.months.current(US, period), books.outcomes.lines_of_month(US, period)
            result = books.months.result(US, period)
        listed = read_hr_lists(self.context.workspace.outbox, period).lines
        assert listed is not None
        paid = [one.line for one in listed if one.line is not None]
        assert [(one.key, one.sequence, one.amount, one.paid_in) for one in paid] == [
            (one.key, one.sequence, one.amount, one.paid_in) for one in lines
        ]
        path = self.context.workspace.outbox / US / str(period) / "result.json"
        assert path.exists() is (current is not None) is (not now.withdrawn)
        if current is not None:
            told = json.loads(path.read_text("utf-8"))
            assert told["revision"] == current[1].number
            assert {(one["id"], one["final"], one["rank"]) for one in told["staff"]} == {
                (one.id, f"{one.final}" if one.final is not None else None, one.rank) for one in result.staff
            }


def _number(period: Period) -> int:
    return (period.year - FIRST.year) * 12 + period.month - FIRST.month


# ------------------------------------------------------------------------------------------ the stories

Event = tuple[Any, ...]


def story(seed: int) -> list[Event]:
    """The events of a seed, the same for ever: what people do often comes often."""
    chance = Random(seed)
    kinds = (
        [(_drop, _issue)] * 3
        + [(_drop, _approve)] * 3
        + [(_drop,)]
        + [(_decide,)] * 2
        + [(_days_pass,)] * 2
        + [(_other,)] * 4
    )
    return [make(chance) for _ in range(chance.randint(3, 6)) for make in chance.choice(kinds)]


def _drop(chance: Random) -> Event:
    kind = chance.choice(["as asked"] * 6 + ["first", "correction"])
    return "drop", chance.choice([0, 1, 2, 2]), chance.randrange(len(FIGURES)), kind, chance.choice([0, 0, 1])


SENSIBLE = 10


def _picks(chance: Random) -> int:
    return chance.randrange(SENSIBLE + 1)


def _how(chance: Random) -> tuple[int, str]:
    return chance.choice([0, 0, 0, 0, 5]), chance.choice(["verb", "sheet"])


def _act(chance: Random, kind: ActKind) -> Event:
    return "act", kind.value, _picks(chance), *_how(chance)


def _issue(chance: Random) -> Event:
    return _act(chance, ActKind.ISSUE)


def _approve(chance: Random) -> Event:
    return "approve", _picks(chance), chance.choice([None, None, 0, 1]), *_how(chance)


def _decide(chance: Random) -> Event:
    kind = chance.choice(["reward", "deduct", "consider_transfer"])
    return "decide", _picks(chance), kind, chance.choice(["apply", "waive"]), *_how(chance)


def _days_pass(_chance: Random) -> Event:
    return ("days_pass",)


def _other(chance: Random) -> Event:
    month = chance.randrange(MONTHS)
    seldom = (ActKind.WITHDRAW, ActKind.CLOSE, ActKind.REOPEN, ActKind.RESCORE)
    others: tuple[Event, ...] = (
        ("hand_in_own", month, chance.choice(OWN_MARKS)),
        ("hand_in_plan", month, chance.choice(PEOPLE)),
        ("edit_rules", chance.randrange(len(SETUPS))),
        ("edit_rules", 2),
    )
    return chance.choice([*(_act(chance, kind) for kind in seldom), *others])


class Readers(InlineSandbox):
    """Reads in this process, each file once, and marks none: a faulty file goes back as it came."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        if function is reader_process.mark:
            future: Future[Any] = Future()
            future.set_result(None)
            return future
        return super().submit(function, *arguments)


@dataclass(frozen=True)
class Told:
    """A story, and whether its papers are looked at in the end: they cost more than the rest of it."""

    events: tuple[Event, ...]
    with_papers: bool

    @property
    def needs_plans(self) -> bool:
        return any(one[0] == "hand_in_plan" for one in self.events)

    def without(self, at: int) -> Told:
        return replace(self, events=self.events[:at] + self.events[at + 1 :])


def results_alone(requests: Sequence[RevisionRequest], shared: ChunkSetup) -> list[Appraised]:
    """Of each month's papers what the program itself reads again."""
    return _appraised(requests, shared, with_plans=False)


def results_and_plans(requests: Sequence[RevisionRequest], shared: ChunkSetup) -> list[Appraised]:
    """The same with the forms that people fill in."""
    return _appraised(requests, shared, with_plans=True)


def _appraised(
    requests: Sequence[RevisionRequest], shared: ChunkSetup, *, with_plans: bool
) -> list[Appraised]:
    """As `appraise` does it, without the papers that nobody looks at."""
    form, appraised = submission_form(shared.scheme), []
    found = validate_chunk([request.submission for request in requests], shared.scheme)
    for request, findings in zip(requests, found, strict=True):
        inputs = inputs_of(request, shared)
        if has_errors(findings):
            appraised.append(Appraised(findings, None, {}, inputs))
            continue
        month, result = scored_month(request, findings, shared, form)
        documents = plans_of(month) if with_plans else {}
        documents[RESULT_JSON] = indented(result_as_json(result, inputs, month.scheme)).encode()
        appraised.append(Appraised(findings, result, documents, inputs))
    return appraised


def plans_of(month: Month) -> dict[str, bytes]:
    asked = [one.staff for one in month.result.outcomes if one.type is OutcomeType.RECTIFICATION]
    return {
        paper_name(one, month.result.person(one).name, PLAN_SHEET): plan_workbook(month, one) for one in asked
    }


APPRAISE_ALL, APPRAISE_RESULTS, APPRAISE_PLANS = (
    InlineExecutor(by) for by in (appraise, results_alone, results_and_plans)
)
"""A month's papers are made once for all stories that need the same of them."""


def executor_for(told: Told) -> Executor:
    """Where months are appraised while a story is played: no more papers are made than are looked at."""
    if told.with_papers:
        return APPRAISE_ALL
    return APPRAISE_PLANS if told.needs_plans else APPRAISE_RESULTS


IN_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where files cost least."""


@dataclass(frozen=True)
class Stage:
    """A new workspace, and the place to which it is copied for every story: the same, and so is its engine."""

    template: Path
    play: Path


@contextmanager
def building(template: Path) -> Iterator[Stage]:
    """HR's papers are made at the end of a story."""
    workspace = Workspace(template).made()
    (workspace.inbox / "人事").mkdir()
    with quickly(), tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        with open_context(workspace, setup_of(SETUPS[0]), today=DAYS[0]):
            pass
        yield Stage(template, Path(folder) / "工作区")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with building(tmp_path_factory.mktemp("template") / "工作区") as made:
        yield made


FORMER = PastSetups()
"""What months were made with, loaded once for all stories."""


@contextmanager
def playing(stage: Stage, executor: Executor) -> Iterator[Play]:
    root = Path(shutil.copytree(stage.template, stage.play))
    try:
        ledger._checked.clear()  # a copy is another file
        with open_context(
            Workspace(root), setup_of(SETUPS[0]), today=DAYS[0], executor=executor, sandbox=Readers()
        ) as context:
            yield Play(replace(context, past_setups=FORMER))
    finally:
        shutil.rmtree(root)


def trouble(told: Told, stage: Stage) -> str | None:
    """What program and model say differently, or what broke; None where all is well."""
    with playing(stage, executor_for(told)) as play:
        try:
            for one in told.events:
                play.at(*one)
            if told.with_papers:
                play.must_end_well()
        except Exception:  # noqa: BLE001 - whatever it is, the story is to be told shortly
            return "\n".join([*play.told, traceback.format_exc()])
    return None


def as_short_as_can_be(told: Told, stage: Stage) -> Told:
    """The story without every event that the trouble does without."""
    at = 0
    while at < len(told.events):
        shorter = told.without(at)
        if trouble(shorter, stage):
            told = shorter
        else:
            at += 1
    return told


WITH_PAPERS = 20
"""Of so many stories one ends with its papers."""


def must_come_out(seeds: Iterable[int], stage: Stage) -> None:
    for seed in seeds:
        told = Told(tuple(story(seed)), with_papers=seed % WITH_PAPERS == 0)
        if trouble(told, stage):
            short = as_short_as_can_be(told, stage)
            pytest.fail(f"story {seed}, shortened: {short}\n{trouble(short, stage)}", pytrace=False)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_whatever_is_done_in_whatever_order_comes_to_what_the_contract_says(stage: Stage, first: int) -> None:
    must_come_out(range(first, first + 20), stage)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_thousands_of_stories(stage: Stage) -> None:
    first, count = int(os.environ.get("FIRST_STORY", "60")), int(os.environ.get("STORIES", "5000"))
    must_come_out(range(first, first + count), stage)
