"""A workspace with real dropped workbooks, for tests of the whole path.

place = Place(tmp_path)
place.drop("旗舰店.xlsx", workbook(period=Period(2026, 11)))
report = place.run(date(2026, 12, 7))
"""

from __future__ import annotations

import atexit
import json
import os
import pickle
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from appraisal.admin.demo import FilledMonth, type_in
from appraisal.admin.verify import VerifiedMonth, verify
from appraisal.intake.hr_acts import Act
from appraisal.intake.read_any import Paper
from appraisal.intake.self_assessment import SelfReading
from appraisal.intake.submission import Reading
from appraisal.ledger.ledger import Ledger, open_ledger
from appraisal.period import Period
from appraisal.pipeline.after_a_pass import (
    circulate_by_itself,
    finish_act,
    finish_pass,
    renew_next_month_blanks,
)
from appraisal.pipeline.context import RunContext, open_context, open_tools
from appraisal.pipeline.hr_acts import PerformedAct, perform
from appraisal.pipeline.reports import FileReport, PassReport
from appraisal.pipeline.run import run_in
from appraisal.pipeline.setup import Setup, load_setup
from appraisal.processes.packing import packed_value, unpacked_value
from appraisal.processes.sandbox import Sandbox
from appraisal.publish.blank.workbook import blank_workbook
from appraisal.scheme.forms.submission import STAFF_ID
from appraisal.workspace.files import RealFiles
from appraisal.workspace.inbox import observe_inbox
from appraisal.workspace.paths import TEMPLATES, Workspace, mark_paths
from appraisal.workspace.settings import Settings
from tests.builders.remembered import InlineExecutor
from tests.builders.submissions import NOVEMBER, filled, online_shop, staff_id, staff_name
from tests.builders.workbooks import opened, saved

DECEMBER_7 = date(2026, 12, 7)


@cache
def _blank(group: str, period: Period, staff: int) -> bytes:
    """The blank workbook as openpyxl opens it, pickled: five times as fast as opening it again."""
    people = tuple((staff_id(number), staff_name(number)) for number in range(1, staff + 1))
    content = blank_workbook(
        online_shop(), group=group, period=period, staff=people, settings=Settings(), handin=None
    )
    return pickle.dumps(opened(content))


def workbook(*, group: str = "旗舰店", period: Period = NOVEMBER, staff: int = 6, **options: Any) -> bytes:
    """The blank workbook of the group, filled in as `filled(**options)` says, saved by openpyxl; made once."""
    said = repr((group, period, staff, sorted(options.items())))
    if said not in _workbooks:
        _workbooks[said] = _workbook(group, period, staff, options)
    return _workbooks[said]


_workbooks: dict[str, bytes] = {}
"""By what they say: making one takes as long as a third of a pass."""


def _workbook(group: str, period: Period, staff: int, options: Mapping[str, Any]) -> bytes:
    month = filled(group=group, period=period, staff=staff, **options)
    rows = {sheet: {str(row[STAFF_ID]): dict(row) for row in rows} for sheet, rows in month.rows.items()}
    labels = {
        name: value for name, value in month.labels.items() if name not in {"考核组", "考核月份", "报送截止"}
    }
    book = pickle.loads(_blank(group, period, staff))
    type_in(book, month.form, FilledMonth(labels, rows))
    return saved(book)


def scores(best_first: list[int], *, staff: int = 6) -> dict[tuple[str, str, str], Any]:
    """Cells that put the people, by number, into this order: the earlier, the faster they answer.

    Everybody else's figures are made equal, so that only the response time decides.
    """
    same = filled(staff=1).rows["考核数据"][0]
    figures = {name: value for name, value in same.items() if name not in {"工号", "姓名"}}
    cells: dict[tuple[str, str, str], Any] = {}
    for number in range(1, staff + 1):
        cells |= {("考核数据", staff_id(number), name): value for name, value in figures.items()}
        for sheet in ("自评", "店长评分"):
            for name, mark in (("报表上交及时性", 5), ("报表数据真实性", 6), ("报表整体质量", 4)):
                cells[sheet, staff_id(number), name] = mark
    for place, number in enumerate(best_first):
        cells["考核数据", staff_id(number), "平均响应时间"] = (15, 22, 28, 35, 45, 55, 70)[place]
    return cells


class Readers(Sandbox):
    """Reader processes that outlive a pass: starting them costs more than reading a test's workbook."""

    def __exit__(self, *_raised: object) -> None:
        """The next pass reads with them too."""


@cache
def readers() -> Sandbox:
    """Those of this test run."""
    lasting = Readers()
    atexit.register(Sandbox.__exit__, lasting, None, None, None)
    return lasting


class Forgetful(Sandbox):
    """Reads like any other, but of the one file it forgets the half: a mistake of ours, at which its checks break."""

    def __init__(self, file: str) -> None:
        self._file = file

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        reading = readers().submit(function, *arguments)
        if self._file not in arguments:
            return reading
        half: Future[Any] = Future()
        half.set_result(packed_value(_half_of(unpacked_value(reading.result()))))
        return half

    def __exit__(self, *_raised: object) -> None:
        """It has nothing of its own."""


def _half_of(paper: Reading | SelfReading) -> Paper:
    """Without the values of a form, or the places of a workbook's labels."""
    if isinstance(paper, SelfReading):
        return replace(paper, values={})
    assert paper.draft is not None
    return replace(paper, draft=replace(paper.draft, label_cells={}))


APPRAISED_ONCE = InlineExecutor()
"""Most months that tests hand in are those of other tests, to the last figure."""


def _without_hr(context: RunContext) -> list[str]:
    """What follows a pass but for HR's folder."""
    return [*renew_next_month_blanks(context), *circulate_by_itself(context)]


_loaded: dict[tuple[bytes, ...], Setup] = {}
"""The set-ups of workspaces that go by the shipped rules and templates, by the files of their own."""


def loaded(workspace: Workspace) -> Setup:
    """`load_setup`, once for all workspaces that are set up alike."""
    if any((workspace.root / own).exists() for own in ("rules", TEMPLATES)):
        return load_setup(workspace)
    own_files = [workspace.root / name for name in ("settings.toml", "roster.csv", "roster.xlsx")]
    alike = tuple(path.read_bytes() if path.exists() else b"" for path in own_files)
    if alike not in _loaded:
        _loaded[alike] = load_setup(workspace)
    return _loaded[alike]


@cache
def _empty_ledger() -> tuple[bytes, bytes]:
    """A SQLite ledger with this version's tables and nothing in them, and its name in it."""
    with TemporaryDirectory(prefix="ledger-") as folder:
        file = Path(folder, "ledger.db")
        with open_ledger(f"sqlite:///{file}") as ledger, ledger.reading() as transaction:
            name = transaction.identity.mark().ledger
        return file.read_bytes(), name.encode()


@cache
def _tried_templates() -> bytes:
    """The note that a start leaves of the templates it has tried: trying the shipped ones takes half a second."""
    with TemporaryDirectory(prefix="tried-") as folder:
        workspace = Workspace(Path(folder)).made()
        load_setup(workspace, files=RealFiles())
        return (workspace.state / "tried_templates.txt").read_bytes()


def empty_ledger() -> bytes:
    """An empty ledger of its own name, as a first pass makes it; migrating one anew takes a fifth of a pass."""
    content, name = _empty_ledger()
    return content.replace(name, uuid4().hex.encode())


@dataclass
class Place:
    """A workspace in a test's own folder. HR's folder, half the work of a pass, is written where `hr` asks for it."""

    root: Path
    settings: str = ""
    roster: str = ""
    hr: bool = False
    _setup: Setup | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.root).made()
        ledger = self.workspace.state / "ledger.db"
        if not ledger.exists() and not list(self.workspace.outbox.iterdir()):  # one that was lost stays lost
            ledger.write_bytes(empty_ledger())
            ledger.chmod(0o600)
            RealFiles().write(self.workspace.state / "tried_templates.txt", _tried_templates(), private=True)
        if self.settings:
            (self.root / "settings.toml").write_text(self.settings, "utf-8")
        if self.roster:
            (self.root / "roster.csv").write_text(self.roster, "utf-8")

    @property
    def setup(self) -> Setup:
        if self._setup is None:
            self._setup = loaded(self.workspace)
        return self._setup

    def copied_to(self, root: Path) -> Place:
        """The same workspace elsewhere: what many tests begin with is made once."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return Place(root, hr=self.hr)

    def drop(self, name: str, content: bytes) -> Path:
        """A file that has lain in the inbox for an hour."""
        path = self.workspace.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        hour_ago = time.time() - 3600
        os.utime(path, (hour_ago, hour_ago))
        return path

    def run(
        self,
        today: date = DECEMBER_7,
        executor: Executor | None = APPRAISED_ONCE,
        sandbox: Sandbox | None = None,
    ) -> PassReport:
        """A pass; the same month with the same past is appraised once for all tests."""
        found = observe_inbox(self.workspace.made().inbox)
        with self.opened(today, executor, sandbox) as context:
            return run_in(context, found, then=finish_pass if self.hr else _without_hr)

    def take(self, content: bytes, name: str = "上报表.xlsx", today: date = DECEMBER_7) -> FileReport:
        """Drop one file, run, and give its report."""
        self.drop(name, content)
        (report,) = self.run(today).files
        return report

    def act(self, act: Act) -> PerformedAct:
        with self.opened(act.on) as context:
            return perform(context, act, then=finish_act if self.hr else circulate_by_itself)

    def opened(
        self,
        today: date,
        executor: Executor | None = APPRAISED_ONCE,
        sandbox: Sandbox | None = None,
    ) -> AbstractContextManager[RunContext]:
        return open_context(
            self.workspace, self.setup, today=today, executor=executor, sandbox=sandbox or readers()
        )

    def ledger(self) -> Ledger:
        return open_ledger(self.workspace.default_ledger)

    def result(self, group: str = "旗舰店", period: Period = NOVEMBER) -> dict[str, Any]:
        path = self.workspace.outbox / group / str(period) / "result.json"
        return json.loads(path.read_text("utf-8"))

    def files(self, folder: str) -> dict[str, bytes]:
        """Every file below a folder of the outbox, by its path inside it; not the mark of the ledger."""
        root, (_, mark) = self.workspace.outbox / folder, mark_paths(self.workspace)
        paths = [path for path in root.rglob("*") if path.is_file() and path != mark]
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def verified(place: Place) -> list[VerifiedMonth]:
    """Whether the months can be made again from the archive as they were, and HR's lists are the ledger's."""
    assert place.hr, "without the lists there is nothing to hold against the ledger"
    with open_tools(place.workspace, today=date(2027, 12, 31), sandbox=readers()) as tools:
        return [*verify(tools)]
