"""自评登记.xlsx: who owes a self-assessment of the month, by when, and whose has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from appraisal.hr.facts import PeriodFacts
from appraisal.intake.roster import part_of_month
from appraisal.period import Period
from appraisal.publish.excel.listing import WHO, Columns, ListColumn, ListSheet, Shown, listed
from appraisal.publish.wording import full_date
from appraisal.scheme.forms.self_assessment import META_KIND, self_reviewer
from appraisal.scheme.rulebook import Rulebook
from appraisal.scoring.deadlines import self_forms_by
from appraisal.workspace.settings import SelfFormPolicy, self_forms_in

REGISTER = "自评登记.xlsx"


@dataclass(frozen=True, slots=True)
class ExpectedSelfForm:
    """One person's form of the month. `is_over`: the group's workbook was taken without it; `is_returned`: one came and
    went back; `remark` is why none is owed."""

    group: str
    period: Period
    staff: str
    name: str
    due: date
    received_on: date | None
    is_over: bool
    is_returned: bool
    remark: str

    def days_late(self, today: date) -> int:
        """After its last day; of one that has not come, so far."""
        until = self.received_on or (self.due if self.remark or self.is_over else today)
        return max((until - self.due).days, 0)

    @property
    def is_open(self) -> bool:
        """Whether it is still waited for."""
        return self.received_on is None and not self.is_over and not self.remark

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "group": self.group,
            "staff": self.staff,
            "due": str(self.due),
            "received": str(self.received_on) if self.received_on else None,
            "open": self.is_open,
        }

    def in_words(self, today: date) -> str:
        if self.received_on is not None:
            return "已收到"
        if self.remark:
            return "不用交"
        if self.is_over:
            return "未交，上报表已报送"
        if self.is_returned:
            return "已退回，等本人改正"
        return "逾期未交" if self.days_late(today) else "未收到"


def expected_self_forms(facts: PeriodFacts, rulebook: Rulebook) -> tuple[ExpectedSelfForm, ...]:
    """Everybody of the roster's groups whose people assess themselves: all where forms are required, else those
    groups of which one has come. Without a roster nobody knows who owes one. A month that was taken is asked for
    what the settings said then.
    """
    settings, roster, period = facts.settings, facts.roster, facts.period
    if roster is None:
        return ()
    due = self_forms_by(period, settings)
    handed_in = {month.group for month in facts.months}
    back = {
        claim.result.staff
        for claim in facts.transaction.journal.returned(period)
        if claim.result is not None and claim.result.kind == META_KIND
    }
    found: list[ExpectedSelfForm] = []
    for group in facts.expected_groups:
        scheme = rulebook.in_force(roster.scheme_of(group) or "", period)
        came = {form.staff: form.received_on for form in facts.transaction.self_forms.of_month(group, period)}
        policy = _policy(facts, group)
        is_asked = policy is SelfFormPolicy.REQUIRED or (policy is SelfFormPolicy.ALLOWED and bool(came))
        if scheme is None or self_reviewer(scheme) is None or not is_asked:
            continue
        for member in roster.members_of(group, period):
            part = part_of_month(member.id, group, period, roster=roster, moved=settings.moved_staff)
            received, remark = came.get(member.id), part.told if part else ""
            found.append(
                ExpectedSelfForm(
                    group=group,
                    period=period,
                    staff=member.id,
                    name=member.name,
                    due=due,
                    received_on=received,
                    is_over=group in handed_in,
                    is_returned=member.id in back,
                    remark=remark,
                )
            )
    return tuple(found)


def _policy(facts: PeriodFacts, group: str) -> SelfFormPolicy:
    """What the settings say of self-assessments; of a month that was taken, those with which it was made."""
    in_force = facts.transaction.months.current(group, facts.period)
    if in_force is None:
        return facts.settings.self_forms
    kept = in_force[1].provenance.documents.get("settings")
    content = facts.transaction.documents.get(kept) if kept else None
    return self_forms_in(content or b"")


def self_form_register(facts: PeriodFacts, forms: Sequence[ExpectedSelfForm]) -> ListSheet:
    """The list of the period as of today."""
    today, received = facts.today, sum(form.received_on is not None for form in forms)
    waiting = sum(form.is_open for form in forms)
    owed = sum(not form.remark or form.received_on is not None for form in forms)
    columns: Columns[ExpectedSelfForm] = [
        *WHO,
        ListColumn("情况", lambda form: form.in_words(today), 20, Shown.CENTRED),
        ListColumn("收到日期", lambda form: form.received_on, 13, Shown.DAY),
        ListColumn("逾期天数", lambda form: form.days_late(today) or None, 10, Shown.COUNT),
        ListColumn("备注", lambda form: form.remark, 30, Shown.WRAPPED),
    ]
    return ListSheet(
        name="自评登记",
        title=f"{facts.period.in_words}自评表登记",
        lead=[
            f"截至{full_date(today)}：应交{owed}份，已收到{received}份，还在等{waiting}份。",
            *(f"提交截止：{full_date(form.due)}。" for form in forms[:1]),
        ],
        notes=["店长的上报表先报送的，没有自评表的人以上报表为准；下发以前补交的，收到后重新计算。"],
        table=listed(forms, columns),
        frozen=3,
        landscape=False,
        urgent="逾期天数",
    )
