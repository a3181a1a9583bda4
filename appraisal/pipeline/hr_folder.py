"""HR's folder in the outbox, written anew once a pass for the periods about which something changed,
and with it the lists of the months in which something about them is paid, their years, and HR's page with its groups'.

Whatever changes a period notes it in the ledger, in its own transaction; the note goes when the folder says
what the ledger says. The first pass of a day also renews what is waited for: a plan is overdue, a group late,
though nothing has come. What waiting corrections would change is worked out by agreeing to them in a rehearsal:
each once, and again only when its month has moved on. What stands in `outbox/人事/<period>/` and is not ours, 定稿 above all, is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from appraisal.hr.corrections import CorrectionPreview, PersonChange, StandsAt, preview_of
from appraisal.hr.facts import PeriodFacts
from appraisal.hr.folder import hr_documents, newest_period, periods_that_wait, periods_to_renew
from appraisal.hr.payments import payment_lists
from appraisal.hr.self_forms import REGISTER, ExpectedSelfForm, expected_self_forms, self_form_register
from appraisal.hr.year import year_of, year_workbook
from appraisal.intake.hr_acts import Act
from appraisal.ledger.errors import ActRefused, LedgerError
from appraisal.ledger.ledger import Transaction
from appraisal.ledger.outcome_changes import as_outcome
from appraisal.ledger.records import KeptOutcome, WaitingCorrection
from appraisal.page.month_page import month_page
from appraisal.page.pages import GROUP_PAGES, INDEX, group_page_name, hr_pages, is_up_to_date
from appraisal.period import Period
from appraisal.pipeline.context import RunContext
from appraisal.pipeline.hr_act_effects import effect_of
from appraisal.pipeline.log import keep_mistake
from appraisal.pipeline.placing import place_documents
from appraisal.publish.excel.listing_sheets import listings_workbook
from appraisal.publish.forms.for_hr import acts_workbook
from appraisal.publish.templates.engine import TemplateError
from appraisal.publish.wording import NOT_RANKED, outcomes_in_brief
from appraisal.scheme.forms.hr_acts import ACTS_SHEET, ActKind
from appraisal.scheme.model.outcome_rules import OutcomeType
from appraisal.scoring.final_score import counted_last, months_last
from appraisal.scoring.results import OutcomeState, StaffResult
from appraisal.workspace.files import reason_of
from appraisal.workspace.names import HR_FOLDER, PAYMENTS, YEARS, hr_month_folder


def renew_hr_folder(context: RunContext) -> list[str]:
    """Write what the noted changes and the day reach; Chinese sentences about what could not be written."""
    today = context.today
    sentences = _take(context, [(partial(preview_corrections, context), "更正前后对照")])
    with context.ledger.reading() as transaction:
        noted = transaction.pending_hr_folders.noted()
        waiting_corrections = transaction.corrections.all()
        is_new_day = transaction.pending_hr_folders.is_new_day(today)
        periods = periods_to_renew(transaction, noted)
        if is_new_day:
            waiting = periods_that_wait(context.facts(transaction, Period.of(today)))
            periods = tuple(sorted({*periods, *waiting, *_with_open_forms(context, transaction)}))
    steps = [(partial(_write, context, period), str(period)) for period in periods]
    if noted:
        steps.append((partial(_write_payments, context, noted), PAYMENTS))
    if noted or is_new_day:
        steps.append((partial(_write_years, context, noted), YEARS))
        steps.append((partial(_write_pages, context, periods), INDEX))
    if periods:
        steps.append((partial(_lay_out_blank, context), ACTS_SHEET))
    sentences += _take(context, steps)
    if not sentences and (noted or is_new_day):
        with context.ledger.writing() as transaction:
            transaction.pending_hr_folders.renewed(noted)
            transaction.corrections.listed(waiting_corrections)
            if is_new_day:
                transaction.pending_hr_folders.looked_through(today)
    return sentences


def _take(context: RunContext, steps: Iterable[tuple[Callable[[], None], str]]) -> list[str]:
    """Take the steps, each with what it writes; Chinese sentences about those that could not be taken.

    The months are placed by now and the other periods have papers of their own: neither pays for
    a mistake of ours in one of HR's documents.
    """
    sentences = []
    for step, what in steps:
        try:
            step()
        except OSError as error:
            because = reason_of(error)
        except TemplateError as error:
            because = str(error).rstrip("。")
        except LedgerError:
            raise
        except Exception:  # noqa: BLE001 - a mistake of ours in one document must not cost the others
            because = f"内部错误，请把编号 {keep_mistake(context.workspace, context.files)} 告诉管理员"
        else:
            continue
        sentences.append(f"人事文件夹的 {what} 没能更新（{because}），下次自动再试。")
    return sentences


def acts_sheet(context: RunContext) -> bytes:
    """The sheet on which HR asks for its acts, with the workspace's groups to choose from."""
    roster = context.setup.roster
    if roster is not None:
        return acts_workbook(roster.groups)
    with context.ledger.reading() as transaction:
        return acts_workbook(tuple(sorted({month.group for month, _ in transaction.months.all_current()})))


def _lay_out_blank(context: RunContext) -> None:
    """The blank sheet; one that HR fills in where it lies stays HR's."""
    place_documents(context, HR_FOLDER, {f"{ACTS_SHEET}.xlsx": acts_sheet(context)})


def _write(context: RunContext, period: Period) -> None:
    place_documents(context, hr_month_folder(period), documents_of(context, period), drops_others=True)


def documents_of(context: RunContext, period: Period) -> dict[str, bytes]:
    """Everything that lies in HR's folder of the period, by its name there."""
    with context.ledger.reading() as transaction:
        facts, forms = _facts_with_forms(context, transaction, period)
        documents = hr_documents(facts, context.setup.templates, executor=context.executor)
        if forms:
            documents[REGISTER] = listings_workbook([self_form_register(facts, forms)], context.today)
    return documents


def _with_open_forms(context: RunContext, transaction: Transaction) -> tuple[Period, ...]:
    """Last month, as long as somebody's self-assessment of it is waited for: HR sees it before the deadline."""
    last_month = Period.of(context.today).shifted(-1)
    _, forms = _facts_with_forms(context, transaction, last_month)
    return (last_month,) if any(form.is_open for form in forms) else ()


def _facts_with_forms(
    context: RunContext, transaction: Transaction, period: Period
) -> tuple[PeriodFacts, tuple[ExpectedSelfForm, ...]]:
    facts = context.facts(transaction, period)
    return facts, expected_self_forms(facts, context.setup.rulebook)


def _write_payments(context: RunContext, about: tuple[Period, ...]) -> None:
    with context.ledger.reading() as transaction:
        documents = payment_lists(transaction, about, ids_are_own=context.setup.roster is None)
    if documents:
        place_documents(context, PAYMENTS, documents)


def _write_years(context: RunContext, about: tuple[Period, ...]) -> None:
    """Those of the periods, and of the newest month, to which HR's page leads."""
    with context.ledger.reading() as transaction:
        newest = newest_period(transaction, context.setup.settings, context.today)
    documents = years_about(context, [*about, *([newest] if newest else [])])
    if documents:
        place_documents(context, YEARS, documents)


def years_about(context: RunContext, about: Iterable[Period]) -> dict[str, bytes]:
    """The workbooks of the years of these periods, by their names in `人事/年度`."""
    with context.ledger.reading() as transaction:
        years = (
            year_of(context.facts(transaction, Period(year, 12)))
            for year in sorted({period.year for period in about})
        )
        return {f"{year.facts.period.year}.xlsx": year_workbook(year) for year in years}


def _write_pages(context: RunContext, periods: Collection[Period]) -> None:
    """The pages of the newest month; before the first one is taken, of the newest of `periods`."""
    setup = context.setup
    with context.ledger.reading() as transaction:
        newest = newest_period(transaction, setup.settings, context.today)
        period = newest or max(periods, default=None)
        if period is None:
            return
        facts, forms = _facts_with_forms(context, transaction, period)
        if period < (last_month := Period.of(context.today).shifted(-1)):
            forms += _facts_with_forms(context, transaction, last_month)[1]
        page = month_page(facts, forms)
        # One that a broken-off pass wrote is written again, so that the ledger knows it.
        entered = transaction.placed.under(HR_FOLDER).keys() - transaction.placed.intended(HR_FOLDER)

    def is_current(name: str, made_from: str) -> bool:
        path = f"{HR_FOLDER}/{name}"
        return path in entered and is_up_to_date(context.workspace.outbox / path, made_from)

    pages = dict(
        hr_pages(page, setup.settings, setup.templates, is_current=is_current, executor=context.executor)
    )
    there = {f"{HR_FOLDER}/{group_page_name(group.group)}" for group in page.groups}
    gone = [path for path in entered - there if path.startswith(f"{HR_FOLDER}/{GROUP_PAGES}/")]
    if pages or gone:
        place_documents(context, HR_FOLDER, pages, gone=gone)


def preview_corrections(context: RunContext) -> None:
    """Work out those that are new or whose month has moved on, and have HR's lists written with them."""
    with context.ledger.reading() as transaction:
        waiting = [
            (correction, _month_as_it_stands(transaction, correction))
            for correction in transaction.corrections.all()
        ]
    for correction, made_of in waiting:
        known = preview_of(correction)
        if known is None or known.made_of != made_of:
            preview = _rehearsed(context, correction, made_of)
            with context.ledger.writing() as transaction:
                transaction.corrections.previewed(correction, preview.as_text())
                transaction.pending_hr_folders.note(correction.period)


def _month_as_it_stands(transaction: Transaction, correction: WaitingCorrection) -> str:
    """It becomes another with every revision, act and self-assessment."""
    group, period = correction.group, correction.period
    revision = len(transaction.months.revisions(group, period))
    acts = len(transaction.acts.find(group=group, period=period))
    return f"{revision}.{acts}.{len(transaction.self_forms.ever(group, period))}"


def _rehearsed(context: RunContext, correction: WaitingCorrection, made_of: str) -> CorrectionPreview:
    group, period = correction.group, correction.period
    day = max(context.today, correction.received_on)
    act = Act(
        kind=ActKind.APPROVE_CORRECTION,
        period=period,
        group=group,
        on=day,
        by="",
        reason="",
        item=correction.number,
    )
    with context.ledger.rehearsing() as transaction:
        later = tuple(map(str, transaction.months.periods_after(group, period)))
        before = _everybody(transaction, group, period)
        try:
            effect_of(context, act, transaction).write(transaction)
        except ActRefused as refused:
            return CorrectionPreview(made_of, obstacle=str(refused))
        after = _everybody(transaction, group, period)
    changes = tuple(
        PersonChange(staff, (before.get(staff) or after[staff])[0], was, becomes)
        for staff in {**after, **before}
        if (was := _stands_at(before, staff)) != (becomes := _stands_at(after, staff))
    )
    return CorrectionPreview(made_of, changes, len({**after, **before}) - len(changes), later)


_ABSENT = StandsAt(score="不在名单", rank="不在名单")


def _stands_at(people: Mapping[str, tuple[str, StandsAt]], staff: str) -> StandsAt:
    return people[staff][1] if staff in people else _ABSENT


def _everybody(transaction: Transaction, group: str, period: Period) -> dict[str, tuple[str, StandsAt]]:
    """By staff id, each person's name and where they stand by the ledger, in the order of places."""
    result = transaction.months.result(group, period)
    assert result is not None
    history = transaction.past.before(group, period)
    follows: dict[str, list[KeptOutcome]] = {}
    for outcome in transaction.outcomes.of_month(group, period):
        if outcome.state is not OutcomeState.REVERSED:
            follows.setdefault(outcome.key.staff, []).append(outcome)
    last = counted_last(result)

    def stands_at(person: StaffResult) -> StandsAt:
        return StandsAt(
            score="" if person.final is None else str(person.final),
            rank=NOT_RANKED if person.rank is None else f"第{person.rank}名",
            money=_in_brief(follows.get(person.id, ()), OutcomeType.REWARD, OutcomeType.DEDUCT),
            streak=f"{months_last(person.id, period, history)}个月" if person is last else "",
            plan=_in_brief(follows.get(person.id, ()), OutcomeType.RECTIFICATION),
        )

    return {person.id: (person.name, stands_at(person)) for person in (*result.ranked, *result.not_ranked)}


def _in_brief(outcomes: Sequence[KeptOutcome], *wanted: OutcomeType) -> str:
    return outcomes_in_brief(as_outcome(outcome) for outcome in outcomes if outcome.key.type in wanted)
