"""What a waiting correction would change, person by person, for HR to see before it agrees.

It is worked out by the pipeline, which has the workbook; the ledger keeps it beside the correction, as text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from appraisal.ledger.records import WaitingCorrection
from appraisal.publish.excel.listing import Columns, ListColumn, ListSheet, Shown, listed


@dataclass(frozen=True, slots=True)
class StandsAt:
    """Where a person stands in a month, as papers print it; an empty text where there is nothing."""

    score: str = ""
    rank: str = ""
    money: str = ""
    streak: str = ""
    plan: str = ""


_TITLES = {
    "score": "综合得分",
    "rank": "名次",
    "money": "奖励与提成调整",
    "streak": "连续末位",
    "plan": "整改方案",
}


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person for whom the correction changes something."""

    staff: str
    name: str
    before: StandsAt
    after: StandsAt

    def of(self, name: str) -> str:
        """`62.00 → 65.00`, or the one value where it stays."""
        before, after = self._both(name)
        return before if before == after else f"{before} → {after}"

    def in_words(self) -> str:
        """Only what changes: `综合得分 62.00 → 65.00，名次 第6名 → 第5名`."""
        changed = (name for name in _TITLES if len(set(self._both(name))) > 1)
        return "，".join(f"{_TITLES[name]} {self.of(name)}" for name in changed)

    def _both(self, name: str) -> tuple[str, str]:
        return getattr(self.before, name) or "无", getattr(self.after, name) or "无"


@dataclass(frozen=True, slots=True)
class CorrectionPreview:
    """What agreeing would come to as the month stands, which `made_of` names.

    `unchanged` counts the people for whom nothing changes, `later` are later months that look back on this one;
    `obstacle` says why it cannot be agreed to now, "" where it can.
    """

    made_of: str
    changes: tuple[PersonChange, ...] = ()
    unchanged: int = 0
    later: tuple[str, ...] = ()
    obstacle: str = ""

    def in_words(self) -> str:
        """The sentence that stands beside the changes."""
        if self.obstacle:
            return f"现在还不能同意：{self.obstacle}"
        sentence = (
            f"{len(self.changes)}人有变化，其余{self.unchanged}人没有变化" if self.changes else "没有人有变化"
        )
        followed = f"；以后的月份（{'、'.join(self.later)}）随之核对，有变化的另出新版" if self.later else ""
        return f"{sentence}{followed}。"

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def preview_of(correction: WaitingCorrection) -> CorrectionPreview | None:
    """What the ledger keeps beside the correction; None as long as no pass has worked it out."""
    if correction.preview is None:
        return None
    kept = json.loads(correction.preview)
    changes = tuple(
        PersonChange(
            change["staff"], change["name"], StandsAt(**change["before"]), StandsAt(**change["after"])
        )
        for change in kept.pop("changes")
    )
    return CorrectionPreview(changes=changes, later=tuple(kept.pop("later")), **kept)


def people_changed(correction: WaitingCorrection) -> set[str]:
    """For whom it changes something, by id; nobody before it is worked out."""
    preview = preview_of(correction)
    return {change.staff for change in preview.changes} if preview else set()


def changes_in_words(correction: WaitingCorrection) -> Iterator[str]:
    """Line by line, for `status`."""
    preview = preview_of(correction)
    if preview is not None:
        yield from (f"{change.name}（{change.staff}）  {change.in_words()}" for change in preview.changes)
        yield preview.in_words()


def correction_as_json(correction: WaitingCorrection) -> dict[str, object]:
    """For programs; no preview before it is worked out."""
    preview = preview_of(correction)
    changes = None if preview is None else asdict(preview)
    if changes is not None:
        del changes["made_of"]
    return {
        "group": correction.group,
        "period": str(correction.period),
        "number": correction.number,
        "reason": correction.reason,
        "preview": changes,
    }


def _change(name: str, width: float, shown: Shown) -> ListColumn[tuple[WaitingCorrection, PersonChange]]:
    return ListColumn(_TITLES[name], lambda row: row[1].of(name), width, shown)


_COLUMNS: Columns[tuple[WaitingCorrection, PersonChange]] = (
    ListColumn("编号", lambda row: row[0].number, 7, Shown.COUNT),
    ListColumn("考核组", lambda row: row[0].group, 16, Shown.STRONG),
    ListColumn("工号", lambda row: row[1].staff, 11),
    ListColumn("姓名", lambda row: row[1].name, 11, Shown.NAME),
    ListColumn("考核月份", lambda row: str(row[0].period), 10, Shown.CENTRED),
    _change("score", 16, Shown.CENTRED),
    _change("rank", 16, Shown.CENTRED),
    _change("money", 30, Shown.WRAPPED),
    _change("streak", 18, Shown.CENTRED),
    _change("plan", 30, Shown.WRAPPED),
)


def corrections_sheet(waiting: Sequence[WaitingCorrection]) -> ListSheet:
    """更正前后对照: a row for each person concerned, and how many are not."""
    previews = [
        (correction, preview) for correction in waiting if (preview := preview_of(correction)) is not None
    ]
    return ListSheet(
        name="更正前后对照",
        title="同意更正前后对照",
        lead=[
            f"编号{correction.number}　{correction.group} {correction.period}：{preview.in_words()}"
            for correction, preview in previews
        ],
        notes=[
            "按这个月当时的规则和设置试算，没有入账；“原值 → 新值”，不带箭头的不变。办理“同意更正”后才生效。"
        ],
        table=listed(
            ((correction, each) for correction, preview in previews for each in preview.changes), _COLUMNS
        ),
        empty="没有要列出的变化。",
        frozen=4,
    )
