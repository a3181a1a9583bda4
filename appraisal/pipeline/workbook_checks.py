"""Managers' workbooks, checked and decided about; those in which something is wrong go back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from appraisal.findings.finding import Finding, finding
from appraisal.intake.submission import Submission
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.records import Revision
from appraisal.period import Period
from appraisal.pipeline.check import check_paper, with_more_findings, with_unusual_figures
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.dropped_file import DroppedFile, KnownMonth, NextStep, decision_on, fingerprint
from appraisal.pipeline.reading import read_with_latest_forms, with_latest_forms
from appraisal.pipeline.reply import give_back, isolate_failure
from appraisal.pipeline.revisions import CONTENT, earlier_months, scheme_of, validate
from appraisal.pipeline.self_assessments import several_forms
from appraisal.pipeline.setup import PastSetupError, Setup
from appraisal.processes.packing import packed_value
from appraisal.scheme.forms.submission import STAFF_ID, submission_form
from appraisal.scoring.results import GroupResult

AT_ONCE = 32
"""Faulty workbooks that are looked through for more in one go."""


def check_and_decide(context: RunContext, workbooks: Sequence[DroppedFile]) -> list[DroppedFile]:
    """What the workbooks' own cells cannot show: roster, folder, calendar, the month's state.

    Gives those that say what another of them says: they are to be judged by what becomes of that one.
    """
    with context.ledger.reading() as transaction:
        for dropped in workbooks:
            with isolate_failure(context, dropped):
                then = _as_its_month_was_made(context, transaction, dropped)
                setup = _read_by_the_rules_of_then(dropped, then)
                if setup is None:
                    _put_in_self_forms(dropped, _with_policy_of_then(context.setup, then), transaction)
                _check(dropped, setup or context.setup, context.today)
                if dropped.is_readable:  # decided while it is open, though it may yet have a rival
                    dropped.known_month = _known_month(transaction, *dropped.month)
                    dropped.decision = decision_on(dropped.submission, dropped.known_month)
                    if dropped.decision is NextStep.WAIT and then is not None:
                        dropped.add(*_why_hr_could_not_agree(dropped, *then))
    decided = [dropped for dropped in workbooks if dropped.is_open and dropped.is_readable]
    repeated = _refuse_rivals(decided)
    for dropped in decided:
        if not dropped.is_faulty and isinstance(dropped.decision, Finding):
            dropped.add(dropped.decision)
    return [dropped for dropped in repeated if not dropped.is_faulty]


def _as_its_month_was_made(
    context: RunContext, transaction: Transaction, dropped: DroppedFile
) -> tuple[RunContext, Revision] | None:
    """The set-up with which its month was made, and the revision in force, where HR issued it and today's is another."""
    if dropped.group is None or dropped.period is None:
        return None
    in_force = transaction.months.current(dropped.group, dropped.period)
    if in_force is None or not in_force[0].is_issued:
        return None
    try:
        recorded = context.as_recorded(in_force[1], transaction)
    except PastSetupError:
        return None  # HR is told when it agrees
    return None if recorded.setup is context.setup else (recorded, in_force[1])


def _read_by_the_rules_of_then(
    dropped: DroppedFile, then: tuple[RunContext, Revision] | None
) -> Setup | None:
    """Take what today's rules find wrong as those of its month read it, where they find it well; their set-up."""
    if dropped.is_readable or then is None:
        return None
    if any(problem.code in _BY_ITS_NAME for problem in dropped.findings):
        return None  # in the archive it bears no name that could be asked
    recorded, _ = then
    reading = read_with_latest_forms(recorded, dropped.copy.sha256)
    if reading is None or reading.submission is None:
        return None
    submission = replace(reading.submission, file=dropped.name)
    dropped.take(packed_value(replace(reading, draft=submission)))
    return recorded.setup


_BY_ITS_NAME = frozenset({"group.file_name", "period.file_name"})


def _with_policy_of_then(setup: Setup, then: tuple[RunContext, Revision] | None) -> Setup:
    """Who must hand in a form of their own is no matter of today's for a month that HR has issued."""
    if then is None:
        return setup
    policy = then[0].setup.settings.self_forms
    return replace(setup, settings=replace(setup.settings, self_forms=policy))


def _put_in_self_forms(dropped: DroppedFile, setup: Setup, transaction: Transaction) -> None:
    """What its people said of themselves, put into the workbook; what is wrong then is told."""
    reading = dropped.reading
    if reading is not None:
        whole = with_latest_forms(reading, setup, transaction)
        if whole is not reading:
            dropped.take(packed_value(whole))
        if whole.draft is not None and whole.draft.self_forms:
            dropped.add(*several_forms(transaction, whole.draft.group, whole.draft.period))


def _check(dropped: DroppedFile, setup: Setup, today: date) -> None:
    if dropped.is_readable and dropped.paper is not None:
        dropped.add(*check_paper(dropped.paper, setup, folder_group=dropped.folder_group, today=today))


def _known_month(transaction: Transaction, group: str, period: Period) -> KnownMonth:
    months = transaction.months
    if months.is_purged(group, period):
        return KnownMonth(None, None, {}, is_purged=True)
    is_closed = months.is_closed(group, period)
    in_force = months.current(group, period)
    submissions = {
        revision.provenance.submission: revision.number for revision in months.revisions(group, period)
    }
    if in_force is None:
        return KnownMonth(None, None, submissions, is_closed=is_closed)
    month, current = in_force
    earlier = {sha256: number for sha256, number in submissions.items() if number != current.number}
    return KnownMonth(
        current.number,
        current.provenance.submission,
        earlier,
        issued_on=month.issued_on,
        is_closed=is_closed,
        current_content=current.provenance.documents.get(CONTENT),
    )


def _why_hr_could_not_agree(
    dropped: DroppedFile, recorded: RunContext, current: Revision
) -> Iterator[Finding]:
    """What the rules of its month have against the correction, though today's have nothing."""
    reading = read_with_latest_forms(recorded, dropped.copy.sha256)
    if reading is None:
        return
    broken = validate(recorded.setup, [reading.submission])[0] if reading.submission else ()
    first = next((problem for problem in (*reading.findings, *broken) if problem.is_error), None)
    if first is not None:
        group, period = dropped.month
        yield finding(
            "submission.other_rules",
            group=group,
            period=period,
            version=current.version,
            place=first.place,
            problem=first.message.rstrip("。"),
        )


def _refuse_rivals(workbooks: Sequence[DroppedFile]) -> list[DroppedFile]:
    """Two different files for one group and month in one pass: nobody can know which is meant.

    Gives those that differ from the first of their month in bytes alone.
    """
    repeated: list[DroppedFile] = []
    by_month: dict[tuple[str, Period], list[DroppedFile]] = defaultdict(list)
    for dropped in workbooks:
        by_month[dropped.month].append(dropped)
    for (group, period), rivals in by_month.items():
        if len(rivals) > 1 and len({fingerprint(dropped.submission) for dropped in rivals}) == 1:
            repeated += rivals[1:]
        elif len(rivals) > 1:
            names = "、".join(dropped.name for dropped in rivals)
            refused = finding("submission.two_for_one_period", group=group, period=period, files=names)
            for dropped in rivals:
                dropped.add(refused)
    return repeated


def give_back_faulty(context: RunContext, workbooks: Sequence[DroppedFile]) -> None:
    """Workbooks in which something is wrong go back, with everything that is wrong with them."""
    faulty = [dropped for dropped in workbooks if dropped.is_open and not dropped.is_readable]
    for start in range(0, len(faulty), AT_ONCE):
        drafts = [
            (dropped, draft)
            for dropped in faulty[start : start + AT_ONCE]
            if (draft := dropped.draft) and _is_of_today(context.setup, draft)
        ]
        found = with_more_findings(context.setup, [(draft, dropped.findings) for dropped, draft in drafts])
        for (dropped, _), findings in zip(drafts, found, strict=True):
            dropped.findings = findings
        warn_of_unusual_figures(context, drafts)
    for dropped in (dropped for dropped in faulty if dropped.is_open):
        with isolate_failure(context, dropped):
            give_back(context, dropped)


def warn_of_unusual_figures(context: RunContext, workbooks: Sequence[tuple[DroppedFile, Submission]]) -> None:
    """Each with what is said of its figures beside those of the months before: it changes nothing of what becomes of it."""
    workbooks = [workbook for workbook in workbooks if _is_of_today(context.setup, workbook[1])]
    months = [(submission, scheme_of(context.setup, submission)) for _, submission in workbooks]
    with context.ledger.reading() as transaction:
        earlier = earlier_months(transaction, months)
    for (dropped, submission), before in zip(workbooks, earlier, strict=True):
        with isolate_failure(context, dropped):
            dropped.findings = with_unusual_figures(context.setup, submission, dropped.findings, before)


def _is_of_today(setup: Setup, submission: Submission) -> bool:
    """Whether it was read by the version of its scheme that stands in the rules of today."""
    scheme = setup.rulebook.in_force(submission.scheme, submission.period)
    return scheme is not None and scheme.version == submission.version


Scored = tuple[Submission, GroupResult]
"""A month that is to be entered: what was handed in, and what it came to."""


def ranked_elsewhere(
    setup: Setup, transaction: Transaction, months: Sequence[Scored]
) -> list[tuple[Finding, ...]]:
    """For each of the months, all of one period: who of its ranked is ranked in another group already.

    One person, one group, one month: nobody's money moves in two groups. Only a roster makes an id the same person
    everywhere; without one the ids are each group's own.
    The ledger comes first, then the months in their order: the second group is told.
    """
    if setup.roster is None or not months:
        return [() for _ in months]
    everybody = {person.id for _, result in months for person in result.ranked}
    groups: dict[str, str] = {}
    found = []
    standing = transaction.past.ranked_in(months[0][1].period, sorted(everybody))
    for submission, result in months:
        others = groups | {person.staff: person.group for person in standing if person.group != result.group}
        found.append(tuple(_findings(setup, submission, result, others)))
        if not found[-1]:
            groups |= {person.id: result.group for person in result.ranked}
    return found


def _findings(
    setup: Setup, submission: Submission, result: GroupResult, others: dict[str, str]
) -> Iterator[Finding]:
    table = submission.tables[submission_form(scheme_of(setup, submission)).main.name]
    cells = {row.values[STAFF_ID]: table.cell(row, STAFF_ID) for row in table.rows}
    for person in result.ranked:
        if person.id in others:
            yield finding(
                "staff.ranked_elsewhere",
                sheet=table.sheet,
                cell=cells.get(person.id),
                name=person.name,
                id=person.id,
                period=result.period,
                group=others[person.id],
            )
