"""Published months made again from archive and ledger, and held against what lies in the outbox.

Every paper is looked at three times: as it was placed (the ledger's hash), as it lies there, and as
it comes out now from the bytes, rules, roster and settings of then. So a paper that somebody edited
is told from one that cannot be made again. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain, starmap
from pathlib import Path

from appraisal import __version__
from appraisal.admin.published_months import read_hr_lists
from appraisal.admin.verify_money import money_differences, money_list_differences, payment_list_differences
from appraisal.errors import AppraisalError
from appraisal.ledger.purging import is_payment_list
from appraisal.ledger.records import GroupMonth, MonthState, Revision
from appraisal.period import Period
from appraisal.pipeline.appraise import Appraised, Failed
from appraisal.pipeline.context import Tools
from appraisal.pipeline.reading import archived_file, read_as_made
from appraisal.pipeline.revisions import make_revision, request_again
from appraisal.pipeline.setup import PastSetupError
from appraisal.publish.papers import RESULT_JSON
from appraisal.publish.wording import outcome_in_brief
from appraisal.scoring.results import GroupResult, StaffResult
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import HR_FOLDER, PAYMENTS, YEARS, hr_month_folder, month_folder
from appraisal.workspace.paths import sha256_of


class VerifyError(AppraisalError):
    """There is nothing to verify at the path; one Chinese sentence and the next step."""


class PaperState(StrEnum):
    """same 一致, edited 人工改过, missing 不见了, unreproducible 重算不一致."""

    SAME = "same"
    EDITED = "edited"
    MISSING = "missing"
    UNREPRODUCIBLE = "unreproducible"


STATE_WORDS = {
    PaperState.SAME: "一致",
    PaperState.EDITED: "被人改过",
    PaperState.MISSING: "不见了",
    PaperState.UNREPRODUCIBLE: "没有人改过，但重算出来的不一样",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper by its path below the outbox."""

    path: str
    state: PaperState


@dataclass(frozen=True, slots=True)
class VerifiedMonth:
    """What came of one group's month, or of HR's lists of a month, which have no revision.

    `differences` are Chinese sentences about places, scores and money that come out otherwise now;
    `obstacle` says why nothing could be computed, None where it could.
    """

    group: str
    period: str
    revision: int | None
    papers: tuple[Paper, ...]
    differences: tuple[str, ...] = ()
    obstacle: str | None = None

    @property
    def is_same(self) -> bool:
        return (
            not self.differences
            and self.obstacle is None
            and all(paper.state is PaperState.SAME for paper in self.papers)
        )

    def as_json(self) -> dict[str, object]:
        return {
            "group": self.group,
            "period": self.period,
            "revision": self.revision,
            "same": self.is_same,
            "papers": [{"file": f"outbox/{paper.path}", "state": paper.state.value} for paper in self.papers],
            "differences": list(self.differences),
            "obstacle": self.obstacle,
        }


def verify(tools: Tools, path: Path | None = None) -> Iterator[VerifiedMonth]:
    """Every month in force, in order of time, and every list of HR's whose papers lie in `path` (default: all).

    Raises VerifyError.
    """
    with tools.ledger.reading() as transaction:
        months, periods = transaction.months.all_current(), transaction.months.periods()
    outbox, asked = tools.workspace.outbox, None if path is None else path.resolve()
    chosen = [
        pair for pair in months if _concerns(outbox, asked, month_folder(pair[0].group, pair[0].period))
    ]
    lists = [period for period in periods if _concerns(outbox, asked, hr_month_folder(period))]
    if not chosen and not lists:
        raise VerifyError(
            "台账里还没有发布过的月份，没有可核验的。"
            if path is None
            else f"{path} 里没有本工作区发布过的月份。请给出 outbox 里的考核组或月份文件夹。"
        )
    return chain(starmap(partial(_verify_month, tools), chosen), map(partial(_verify_lists, tools), lists))


def _concerns(outbox: Path, asked: Path | None, folder: str) -> bool:
    there = (outbox / folder).resolve()
    return asked is None or there.is_relative_to(asked) or asked.is_relative_to(there)


def _verify_lists(tools: Tools, period: Period) -> VerifiedMonth:
    """HR's lists, those of what is paid of the month and of the year that it ends too, as they were placed; and their money against the ledger's; withdrawn months' too."""
    folder = hr_month_folder(period)
    with tools.ledger.reading() as transaction:
        placed = transaction.placed.under(folder)
        withdrawn = [
            month for month in transaction.months.of_period(period) if month.state is MonthState.WITHDRAWN
        ]
        sentences = [sentence for month in withdrawn for sentence in money_differences(transaction, month)]
        if placed and period not in transaction.pending_hr_folders.noted():
            lines = read_hr_lists(tools.workspace.outbox, period).lines
            sentences += money_list_differences(transaction, period, lines)
        paid_in = transaction.outcomes.months_of_payment([period])
        paid = transaction.placed.under(PAYMENTS)
        if not transaction.pending_hr_folders.noted():
            for month in paid_in:
                list_of_month = tools.workspace.outbox / PAYMENTS / f"{month}.csv"
                if list_of_month.is_file():
                    sentences += payment_list_differences(transaction, month, list_of_month.read_bytes())
        ends_year = period == max(
            month for month in transaction.months.periods() if month.year == period.year
        )
        of_year = transaction.placed.under(YEARS) if ends_year else {}
    lists = placed | {path: digest for path, digest in paid.items() if is_payment_list(path, paid_in)}
    lists |= {path: digest for path, digest in of_year.items() if path.startswith(f"{YEARS}/{period.year}")}
    return VerifiedMonth(
        group=HR_FOLDER,
        period=str(period),
        revision=None,
        papers=tuple(_papers(tools.workspace.outbox, lists, None)),
        differences=tuple(sentences),
    )


def _verify_month(tools: Tools, month: GroupMonth, current: Revision) -> VerifiedMonth:
    with tools.ledger.reading() as transaction:
        placed = transaction.placed.under(month_folder(month.group, month.period))
        published = transaction.months.result(month.group, month.period, month.revision)
        money = tuple(money_differences(transaction, month))
    assert published is not None
    made, obstacle = _made_again(tools, month, current)
    papers = tuple(_papers(tools.workspace.outbox, placed, made))
    differences = () if made is None else tuple(_differences(published, made, current))
    if not differences and any(paper.state is PaperState.UNREPRODUCIBLE for paper in papers):
        differences = (_ONLY_FORMATTING_DIFFERS,)
    return VerifiedMonth(
        group=month.group,
        period=str(month.period),
        revision=month.revision,
        papers=papers,
        differences=(*money, *differences),
        obstacle=obstacle,
    )


def _made_again(tools: Tools, month: GroupMonth, current: Revision) -> tuple[Appraised | None, str | None]:
    """The month once more, or why not."""
    try:
        with tools.ledger.reading() as transaction:
            context = tools.with_setup_of(current, transaction)
    except (PastSetupError, AppraisalError, OSError) as error:
        return None, f"{error}，无法重算"
    sha256 = current.provenance.submission
    if archived_file(tools.workspace, sha256) is None:
        return None, f"存档里没有当时的上报表（{sha256[:8]}…），无法重算"
    reading = read_as_made(context, current)
    if reading is None or reading.submission is None:
        return None, "存档的上报表现在读不通，无法重算"
    with tools.ledger.reading() as transaction:
        request = request_again(transaction, reading.submission, month, current)
    made = make_revision(context, request)
    if isinstance(made, Failed) and made.template:
        return None, f"{made.template.rstrip('。')}，无法重算"
    if isinstance(made, Failed):
        return None, f"重算时出现内部错误：{made.trace.strip().splitlines()[-1]}"
    if made.result is None:
        first = next(finding for finding in made.findings if finding.is_error)
        return None, f"存档的上报表现在通不过核对（{first.message.rstrip('。')}），无法重算"
    return made, None


def _papers(outbox: Path, placed: Mapping[str, str], made: Appraised | None) -> Iterator[Paper]:
    """Every paper that we placed, former revisions' by their hash alone."""
    again = {} if made is None else made.documents
    for path, digest in placed.items():
        name = "/".join(path.split("/")[2:])
        lying = _sha256_at(outbox / path)
        if lying is None:
            yield Paper(path, PaperState.MISSING)
        elif lying != digest:
            yield Paper(path, PaperState.EDITED)
        elif name in again and sha256_of(again[name]) != digest:
            yield Paper(path, PaperState.UNREPRODUCIBLE)
        else:
            yield Paper(path, PaperState.SAME)


_ONLY_FORMATTING_DIFFERS = (
    f"重算的得分、名次、结果和金额都和当时一样，文件却写得不同：当时的程序也是 {__version__} 版，"
    "多半是同一版本号的另一份程序，或程序包的版本不同"
)


def _sha256_at(path: Path) -> str | None:
    try:
        return sha256_of(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise VerifyError(f"{path} 读不出来：{reason_of(error)}。请检查后再核验。") from None


def _differences(published: GroupResult, made: Appraised, current: Revision) -> Iterator[str]:
    """What came out otherwise, in words; nothing where only the look of a paper differs."""
    result = made.result
    assert result is not None
    if current.provenance.inputs.program != __version__:
        yield f"当时的程序是 {current.provenance.inputs.program} 版，现在是 {__version__} 版，{RESULT_JSON} 因此不同"
    before = {person.id: person for person in published.staff}
    for person in result.staff:
        former = before.pop(person.id, None)
        if former is None:
            yield f"{person.name}（{person.id}）：当时没有这个人"
        elif (former.final, former.rank) != (person.final, person.rank):
            yield f"{person.name}（{person.id}）：{_place_and_score(former)} → {_place_and_score(person)}"
        was, now = _outcomes(published, person.id), _outcomes(result, person.id)
        if former is not None and was != now:
            yield f"{person.name}（{person.id}）：{was} → {now}"
    for former in before.values():
        yield f"{former.name}（{former.id}）：现在没有这个人"


def _place_and_score(person: StaffResult) -> str:
    place = f"第{person.rank}名" if person.rank else "不参与排名"
    return f"{person.final if person.final is not None else '—'}分 {place}"


def _outcomes(result: GroupResult, staff: str) -> str:
    return "、".join(outcome_in_brief(outcome) for outcome in result.outcomes_of(staff)) or "无结果运用"
