"""Filled 整改方案, 面谈记录 and 申诉表: the issued month that one is about, and its place in the month's folder.

Each lies there in the place of its empty form, as the person filled it in: one that was returned before bears no marks
of that. It is found again in the archive by the hash that the ledger keeps. Whenever a month's papers are written (again), what has come by then is among them and the forms
of it are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import GroupMonth, MonthState, PlanState, Revision
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile
from appraisal.pipeline.reading import archived_file, as_filled_in
from appraisal.scheme.forms import appeal
from appraisal.scheme.forms.hr_acts import ActKind
from appraisal.scheme.forms.interview import INTERVIEW_SHEET
from appraisal.scheme.forms.plan import PLAN_SHEET, paper_name
from appraisal.scoring.results import GroupResult
from appraisal.validation.other_forms import Surroundings
from appraisal.workspace.names import month_folder
from appraisal.workspace.outbox import Outbox


@dataclass(frozen=True, slots=True)
class IssuedRevision:
    """The month as it stands, and what was issued."""

    month: GroupMonth
    revision: Revision
    result: GroupResult

    @property
    def mark(self) -> str:
        """What tells its papers from those of the revision in force, in their names."""
        number = self.revision.number
        return "" if number == self.month.revision else f"_第{number}版"

    def name_of(self, staff: str) -> str | None:
        """What the person is called there; None who is not in it."""
        return next((one.name for one in self.result.staff if one.id == staff), None)


def surroundings(context: RunContext, dropped: DroppedFile) -> Surroundings:
    """What the form is held against besides the ledger."""
    return Surroundings(context.setup.roster, dropped.managers_group, context.today)


def issued_revision(
    transaction: Transaction,
    group: str | None,
    period: Period | None,
    number: int | None,
    *,
    or_withdrawn: bool = False,
) -> IssuedRevision | None:
    """The revision with the number, or the one in force where there is none; None where it was never issued.

    `or_withdrawn`: also of a month that was taken back after its issue, for people sign for having heard of that.
    """
    month = transaction.months.get(group, period) if group and period else None
    if month is None or not (month.is_issued or (or_withdrawn and _was_issued(transaction, month))):
        return None
    number = number or month.revision
    known = transaction.months.revisions(month.group, month.period)
    revision = next((one for one in known if one.number == number), None)
    if revision is None or (month.issued_on is not None and revision.issued < month.issued_on):
        return None
    result = transaction.months.result(month.group, month.period, number)
    assert result is not None
    return IssuedRevision(month, revision, result)


def _was_issued(transaction: Transaction, month: GroupMonth) -> bool:
    acts = transaction.acts.find(group=month.group, period=month.period)
    return month.state is MonthState.WITHDRAWN and any(one.kind is ActKind.ISSUE for one in acts)


SUBMITTED, JUDGED = "_已提交", "_已审核"
_MARKS = {PlanState.SUBMITTED: SUBMITTED, PlanState.ACCEPTED: JUDGED}


@dataclass(frozen=True, slots=True)
class FiledPaper:
    """A filled form by its name in the month's folder, and the name of the empty one."""

    form: str
    name: str
    content: bytes


def filed_papers(context: RunContext, transaction: Transaction, result: GroupResult) -> list[FiledPaper]:
    """What has come of the month's plans, talks and appeals, of people whom the result knows."""
    group, period = result.group, result.period
    hashes = {
        (staff, PLAN_SHEET, _MARKS[state]): sha256
        for staff, (state, sha256) in transaction.plans.papers_of(group, period).items()
        if state in _MARKS
    }
    talks = transaction.plans.talks_of(group, period)
    hashes |= {(staff, INTERVIEW_SHEET, SUBMITTED): talk.sha256 for staff, talk in talks.items()}
    names = {one.id: one.name for one in result.staff}
    papers = {
        (paper_name(staff, names[staff], sheet), paper_name(staff, names[staff], sheet, mark)): sha256
        for (staff, sheet, mark), sha256 in hashes.items()
        if staff in names
    }
    papers |= {
        (
            appeal.paper_name(one.staff, one.name),
            appeal.paper_name(one.staff, one.name, SUBMITTED),
        ): one.sha256
        for one in transaction.appeals.of_month(group, period)
        if one.revision == result.revision and one.complete_on is not None and one.staff in names
    }
    return [
        FiledPaper(form, name, as_filled_in(context, archived))
        for (form, name), sha256 in papers.items()
        if (archived := archived_file(context.workspace, sha256)) is not None
    ]


def filed_appeals(outbox: Path, group: str, period: Period) -> list[Path]:
    """The filled 申诉表 that lie in the month's folder, against former revisions too, in the order of their coming."""
    found = (outbox / month_folder(group, period)).rglob(f"{appeal.FOLDER}/*{SUBMITTED}*.xlsx")
    forms = [path for path in found if path.is_file() and not path.name.startswith("~$")]
    return sorted(forms, key=lambda path: (path.stat().st_mtime_ns, path.name))


def with_filed(documents: Mapping[str, bytes], filed: list[FiledPaper]) -> dict[str, bytes]:
    """The month's documents, those that were filled in the place of their forms."""
    forms = {one.form: one for one in filed}
    return {
        (forms[name].name if name in forms else name): (forms[name].content if name in forms else content)
        for name, content in documents.items()
    }


def file_paper(
    context: RunContext, outbox: Outbox, *, folder: str, name: str, archived: Path, instead_of: Sequence[str]
) -> str:
    """Put the filled form into the folder and take away the empty one and those before; its path.

    What somebody wrote into them where they lie stays, but for the very bytes that were handed in.
    """
    (path,) = outbox.place(folder, {name: as_filled_in(context, archived)})
    outbox.drop([f"{folder}/{one}" for one in instead_of], or_like=archived.read_bytes())
    outbox.files.sync([outbox.at(path)])
    return path
