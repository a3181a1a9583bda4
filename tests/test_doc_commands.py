"""Every command that the pages print is run, in their order, in one workspace.

A page prints what is run here as `sh`. What needs another system or an administrator's rights stands in blocks
of another name (bash, bat, powershell, ini); the handbook says that it was not tried.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from appraisal.cli.app import main
from appraisal.pipeline.reports import Status
from tests.builders.exports import CHITU, TARGETS, csv_export, xlsx_export
from tests.builders.submissions import staff_id, staff_name
from tests.builders.workspaces import Place, scores, workbook

ROOT = Path(__file__).parents[1]
PAGES = tuple(
    f"{page}.md"
    for page in (
        "README",
        "README.zh-CN",
        *map("docs/{}".format, ("店长一页纸", "管理员手册", "人事手册", "常见问题")),
    )
)
PROGRAM = "python pipeline.py"
TODAY = "2026-12-09"
NOT_RUN = ("watch", "doctor --self-test", "print")
"""What never ends, and what tests of its own run: looked at for its words only."""
WANTS = {"approve": "没有等待同意的更正", "answer": "没有可以答复的申诉", "下发": "没有"}
"""Acts that want what is not there by then (a paper; a group that is not issued), and how they are refused."""


def printed(page: str) -> Iterator[str]:
    """Every command of a page, without its comment: in blocks of `sh`, and in the text."""
    text = (ROOT / page).read_text("utf-8")
    for block, named in re.findall(rf"```sh\n(.*?)```|`({PROGRAM} [^`]+)`", text, re.DOTALL):
        for line in (block or named).splitlines():
            command = re.split(r"\s+#", line)[0].strip()
            if command.startswith((PROGRAM, "cp ", "mv ", "rm ")):
                yield command


def first_printed() -> dict[str, str]:
    """Each command once, with the page that prints it first."""
    found: dict[str, str] = {}
    for page in PAGES:
        for command in printed(page):
            found.setdefault(command, page)
    return found


COMMANDS = first_printed()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace `appraisal` with a month in which the last place is shared, and the files that commands name."""
    folder = tmp_path_factory.mktemp("docs")
    ids = [*map(staff_id, range(1, 11))]
    people = "".join(
        f"{one},{staff_name(at)},旗舰店,online-shop,2024-01-01,\n" for at, one in enumerate(ids, 1)
    )
    place = Place(folder / "appraisal", roster=f"工号,姓名,考核组,考核方案,入职日期,账号\n{people}", hr=True)
    slowest = {("考核数据", one, "平均响应时间"): 70 for one in ("KF006", "KF010")}
    month = workbook(staff=10, cells=scores([1, 2, 3, 4, 5, 7], staff=10) | slowest)
    assert place.take(month).status is Status.ACCEPTED
    (folder / "上报表.xlsx").write_bytes(month)
    rules = (ROOT / "rules" / "online_shop.yaml").read_text("utf-8").replace("version: 1", "version: 2", 1)
    rules = rules.replace("effective_from: 2020-06-07", "effective_from: 2027-01-01")
    own = folder / "appraisal" / "rules"
    for path in (folder / "新规则.yaml", own / "online_shop_2.yaml"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(rules, "utf-8")
    for name in ("赤兔.csv", "赤兔_11月.csv"):
        csv_export(folder / name, CHITU)
    for name in ("目标.xlsx", "月目标.xlsx"):
        xlsx_export(folder / name, TARGETS)
    (folder / "backup").mkdir()
    return folder


def test_the_pages_print_commands() -> None:
    """Each page that has some, and enough of them."""
    assert all([*printed(page)] for page in PAGES)
    assert len(COMMANDS) > 40


def test_every_command_does_what_its_page_says(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """None is unknown, none ends in an error of ours; an act is refused only for want of a paper."""
    monkeypatch.chdir(desk)
    monkeypatch.setenv("APPRAISAL_WORKSPACE", str(desk / "appraisal"))
    wrong = []
    for command, page in COMMANDS.items():
        code, told = run(command, desk, capsys)
        is_held = code == 1 and " send " in command  # nobody's address is known here
        if code != 0 and not is_held and not is_for_want(command, told):
            wrong.append(f"{page}: {command}\n  {code} {told}")
    if wrong:
        pytest.fail("\n".join(wrong))


def run(command: str, desk: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    here = command.replace("/srv/appraisal", str(desk / "appraisal")).replace("/backup", str(desk / "backup"))
    here = here.replace("D:/appraisal", "new").replace("D:/考核", "新")
    if not here.startswith(PROGRAM):
        done = subprocess.run(shlex.split(here), capture_output=True, text=True, check=False)
        return done.returncode, done.stderr
    words = shlex.split(here.removeprefix(PROGRAM))
    if any(here.removeprefix(f"{PROGRAM} ").startswith(one) for one in NOT_RUN):
        words = [*words[:1], "--help"]
    elif not {"--date", "rules", "init", "simulate", "template", "import"} & set(words):
        words += ["--date", TODAY]
    capsys.readouterr()
    code = main(words)
    return code, capsys.readouterr().err


def is_for_want(command: str, told: str) -> bool:
    return any(f" {verb} " in command and why in told for verb, why in WANTS.items())
