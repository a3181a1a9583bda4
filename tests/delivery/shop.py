"""A shop that circulates its months: a roster with addresses, settings that name the servers of a test.

shop = Shop(tmp_path, mail=mail.port, robots="wecom:FLAGSHIP")
shop.issued()                                a month handed in and issued
shop.send(Circulated.SLIPS)                  what `send --to slips` does
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Self

from appraisal.delivery.circulate import Circulation, UnsureResolution, circulate
from appraisal.intake.hr_acts import Act
from appraisal.pipeline.context import RunContext, open_tools
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.workspace.notify_settings import Circulated
from tests.builders.faults import Fate, FatedFiles, FatedLedger
from tests.builders.submissions import NOVEMBER, staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook

GROUP = "旗舰店"
ISSUED = date(2026, 12, 8)
BEST_FIRST = [1, 2, 3, 4, 5, 6]


def roster(without: tuple[str, ...] = (), ids_of: str = "") -> str:
    """Six people; `without` have no mailbox; `ids_of` is a service in which everybody is `u1` and so on."""
    rows = (
        f"{staff_id(at)},{staff_name(at)},{GROUP},online-shop,2024-03-01,"
        f"{'' if staff_id(at) in without else f'{staff_id(at).lower()}@example.com'}"
        f"{f',u{at}' if ids_of else ''}"
        for at in range(1, 7)
    )
    head = f"工号,姓名,考核组,考核方案,入职日期,邮箱{',' if ids_of else ''}{ids_of}"
    return "\n".join((head, *rows, ""))


def settings(mail: int | None, robots: str = "", more: str = "", apps: str = "") -> str:
    server = f'smtp_host = "127.0.0.1"\nsmtp_port = {mail}\nsmtp_security = "none"\n' if mail else ""
    sender = 'mail_from = "人事部 <hr@example.com>"\n' if mail else ""
    names = ", ".join(f'"{one}"' for one in robots.split())
    group = f'[[notify.group]]\nname = "{GROUP}"\nmanager = "li@example.com"\nrobots = [{names}]\n'
    return (
        f'company = "示例商贸"\nsignature = "示例商贸人事部"\n{more}[notify]\n{sender}{server}{group}{apps}'
    )


@cache
def _issued_month() -> Path:
    """Folders of a workspace."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    shop = Shop(Path(folder.name))
    shop.handed_in()
    shop.issue()
    return shop.root


@dataclass
class Shop:
    root: Path
    mail: int | None = None
    robots: str = ""
    secrets: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    more: str = ""
    apps: str = ""
    ids_of: str = ""
    clock: datetime = datetime(2026, 12, 8, 9, tzinfo=UTC)

    def __post_init__(self) -> None:
        said = settings(self.mail, self.robots, self.more, self.apps)
        self.place = Place(self.root, settings=said, roster=roster(self.without, self.ids_of), hr=True)

    def handed_in(self) -> None:
        self.place.take(workbook(cells=scores(BEST_FIRST)))

    def issue(self) -> None:
        self.place.act(Act(ActKind.ISSUE, NOVEMBER, GROUP, ISSUED, "人事", ""))

    def issued(self) -> Self:
        """With a month handed in and issued; one that was made once for all tests is copied."""
        for name in ("inbox", "outbox", "state"):
            shutil.copytree(_issued_month() / name, self.root / name, dirs_exist_ok=True)
        return self

    @contextmanager
    def context(self, fate: Fate | None = None, today: date = ISSUED) -> Iterator[RunContext]:
        """What sending is given; a fate rules every change of a file and of the ledger."""
        with open_tools(self.place.workspace, today=today) as tools:
            context = tools.with_setup(self.place.setup)
            if fate is not None:
                context = replace(context, files=FatedFiles(fate), ledger=FatedLedger(context.ledger, fate))
            yield replace(context, now=self._now(), secret=self.secrets.get)

    def _now(self) -> Callable[[], datetime]:
        def now() -> datetime:
            self.clock += timedelta(milliseconds=1)
            return self.clock

        return now

    def send(
        self,
        *wanted: Circulated,
        again: bool = False,
        unsure: UnsureResolution | None = None,
        today: date = ISSUED,
        fate: Fate | None = None,
    ) -> Circulation:
        with self.context(fate, today) as context:
            return circulate(context, GROUP, NOVEMBER, wanted, again=again, unsure=unsure)
