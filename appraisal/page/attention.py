"""What waits for somebody, most urgent first, each with the document to open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from appraisal.hr.acknowledgements import sent_in_words
from appraisal.hr.appeals import appeal_in_words
from appraisal.hr.facts import Names, PeriodFacts
from appraisal.hr.missing import CAME_BACK, missing_groups, returned_files
from appraisal.hr.self_forms import REGISTER, ExpectedSelfForm
from appraisal.hr.status import MonthStatus
from appraisal.ledger.records import Appeal
from appraisal.period import Period
from appraisal.publish.wording import OUTCOME_NAMES, full_date
from appraisal.scheme.model.units import money
from appraisal.workspace.names import month_folder, safe_file_name


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing that waits for somebody: what kind, whose, in words, and the document to open (below `人事/`)."""

    kind: str
    group: str
    text: str
    link: str = ""

    @property
    def is_urgent(self) -> bool:
        """It is late, or nobody else knows of it."""
        return self.kind in {"已退回", "未报送", "已逾期", "自评逾期", "申诉逾期", "未送达"}


def attention_of(
    facts: PeriodFacts, status: MonthStatus, forms: Iterable[ExpectedSelfForm]
) -> list[Attention]:
    """Most urgent first: what stops a month, what is late or lost, then what HR is to decide.

    `forms` are the self-assessments of the month, and of a later one that is still being collected.
    """
    every = (
        *_not_handed_in(facts, status),
        *_for_hr(facts, status),
        *_self_forms_waited_for(forms, facts.today),
        *_unanswered(facts, status),
        *_undelivered(facts, status),
    )
    return sorted(every, key=lambda matter: not matter.is_urgent)


def _undelivered(facts: PeriodFacts, status: MonthStatus) -> Iterator[Attention]:
    names = Names(facts.transaction)
    for delivery in status.undelivered:
        yield Attention(
            "未送达",
            delivery.key.group,
            sent_in_words(delivery, names),
            f"{delivery.key.period}/签收情况.xlsx",
        )


def _not_handed_in(facts: PeriodFacts, status: MonthStatus) -> Iterator[Attention]:
    """What came back, and what never came."""
    returned = returned_files(facts, earlier=True)
    for file in returned:
        who = "店长改后重报" if file.is_workbook else "本人改后重交"
        text = f"《{file.file}》{file.problems}处要改，{full_date(file.returned_on)}退回，等{who}"
        yield Attention("已退回", file.group, text, f"../{file.place.removeprefix('outbox/')}")
    for group, situation in missing_groups(facts, returned).items():
        if situation != CAME_BACK:
            text = f"{facts.period.in_words}{situation}"
            yield Attention("未报送", group, text, f"{facts.period}/未报送名单.xlsx")
    for left in status.left_open:
        if not left.is_handed_in and left.situation != CAME_BACK:
            yield Attention("未报送", left.group, left.in_words, f"{left.periods[-1]}/未报送名单.xlsx")


def _for_hr(facts: PeriodFacts, status: MonthStatus) -> Iterator[Attention]:
    """Plans that are late, and what only HR can settle."""
    folder, names = str(facts.period), Names(facts.transaction)
    late: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for plan in status.overdue:
        late[plan.group][str(plan.period)].append(f"{plan.name}（{plan.staff}）")
    for group, of_months in late.items():
        who = "；".join(f"{month} {'、'.join(names_)}" for month, names_ in of_months.items())
        yield Attention("已逾期", group, f"整改方案过期未交齐：{who}", f"{folder}/整改跟踪.xlsx")
    for wait in status.waiting:
        text = f"{wait.period}的更正报送（编号{wait.number}）等人事同意：{wait.reason}"
        yield Attention("待同意", wait.group, text, f"{folder}/未报送名单.xlsx")
    for held in status.held:
        amount = "" if held.amount is None else money(held.amount)
        who = f"{names.who(held.key.group, held.key.period, held.key.staff)}{held.key.period}的"
        text, of_month = f"{who}{OUTCOME_NAMES[held.key.type]}{amount}", str(held.key.period)
        yield Attention("待裁定", held.key.group, text, f"{of_month}/奖励与提成调整明细.xlsx")
    for left in status.left_open:
        if left.is_handed_in:
            yield Attention("待下发", left.group, left.in_words, _workbook(left.group, left.periods[-1]))
    for month in facts.months:
        if not month.is_issued:
            text = f"第{month.revision}版已算好，尚未下发"
            yield Attention("待下发", month.group, text, _workbook(month.group, month.period))


def _self_forms_waited_for(forms: Iterable[ExpectedSelfForm], today: date) -> Iterator[Attention]:
    """One line for each group, with everybody who has not handed in."""
    waited_for: defaultdict[tuple[Period, str], list[ExpectedSelfForm]] = defaultdict(list)
    for form in forms:
        if form.is_open:
            waited_for[form.period, form.group].append(form)
    for (period, group), open_forms in waited_for.items():
        kind = "自评逾期" if any(form.days_late(today) for form in open_forms) else "自评未交"
        who = "、".join(f"{form.name}（{form.staff}）" for form in open_forms)
        text = f"{period}的自评表应于{full_date(open_forms[0].due)}前交，还在等{len(open_forms)}份：{who}"
        yield Attention(kind, group, text, f"{period}/{REGISTER}")


def _unanswered(facts: PeriodFacts, status: MonthStatus) -> Iterator[Attention]:
    for appeal in status.appeals:
        if appeal.is_open or appeal.waits_for_correction:
            kind = "申诉逾期" if appeal.is_overdue(facts.today) else "申诉待办"
            text = f"{with_id(appeal)}对{appeal.period}第{appeal.revision}版的申诉：{appeal_in_words(appeal, facts.today)}"
            yield Attention(kind, appeal.group, text, f"{facts.period}/申诉登记.xlsx")


def with_id(appeal: Appeal) -> str:
    return f"{appeal.name}（{appeal.staff}）" if appeal.name else appeal.staff


def _workbook(group: str, period: Period) -> str:
    (_, link), *_ = month_links(group, period)
    return link


def month_links(group: str, period: Period) -> tuple[tuple[str, str], ...]:
    """What to open of a group's month, by its name, from `outbox/人事/`."""
    folder, stem = f"../{month_folder(group, period)}", f"{group}_{period}"
    papers = (
        ("考核结果", safe_file_name(f"{stem}_考核结果", ".xlsx")),
        ("考核通报", safe_file_name(f"{stem}_考核通报", ".html")),
        ("绩效单", "绩效单/绩效单_打印合集.docx"),
    )
    return tuple((name, f"{folder}/{file}") for name, file in papers)
