"""What the papers of one group should come to, worked out once more from the contract alone.

Nothing here asks the program: three people, two marks each, the rules of `SCHEME`, and what the contract says of
submissions, corrections, HR's acts and money. Months are 0, 1, 2 …, people "KF001" to "KF003". A test plays the
same things to the program and to a `Group`, and holds what they say against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

PEOPLE = ("KF001", "KF002", "KF003")
OWN = "KF003"
"""Who hands in a self-assessment. In some workbooks the manager leaves that mark to the form."""

MINIMUM, DEDUCTION, PLACES_BELOW = 3, Decimal(50), 2

Key = tuple[str, str]
"""A person and what follows: reward, deduct, rectification, consider_transfer."""


@dataclass(frozen=True)
class Figures:
    """What a manager writes of a month; a mark or a person's own mark of None is left to somebody else."""

    marks: tuple[int, int, int]
    own_is_blank: bool = False
    commission: int | None = None
    """KF003's 当月提成, where it is known."""
    away: str | None = None
    """Who is not appraised in the month."""


@dataclass(frozen=True)
class Book:
    """A manager's workbook: two are the same bytes if all is the same, and the same content but for `saved`."""

    figures: Figures
    is_correction: bool = False
    saved: int = 0

    @property
    def content(self) -> Book:
        return replace(self, saved=0)


@dataclass(frozen=True)
class Follows:
    """One outcome as it stands: `why` is what a decision on it was about."""

    state: str
    amount: Decimal | None
    why: str
    decision: str | None = None

    @property
    def stands(self) -> bool:
        return self.state != "reversed" or self.decision is not None

    @property
    def is_for_hr(self) -> bool:
        return self.state == "hold" or self.decision is not None or self.why == "streak"


@dataclass
class Month:
    """Where a month stands. `used` is every workbook by which it was ever scored, the last one last."""

    book: Book
    own: int | None
    reward: int
    """What the rules pay by which it is scored."""
    issued: bool = False
    withdrawn: bool = False
    used: list[Book] = field(default_factory=list)
    follows: dict[Key, Follows] = field(default_factory=dict)
    waiting: list[Book] = field(default_factory=list)


@dataclass
class Group:
    """Months by number, in force or withdrawn; who may be paid when, and what was paid."""

    months: dict[int, Month] = field(default_factory=dict)
    forms: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    closed: set[int] = field(default_factory=set)
    paid: defaultdict[tuple[int, str, str, int], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )
    """By month, person, kind, and calendar month of payment."""
    acted: dict[tuple[int, bool], int] = field(default_factory=dict)
    """The day of a month's last act; closing and opening are apart."""
    is_behind: bool = False
    """Whether a later month could not follow, because it is closed: its streaks are not known then."""

    # ------------------------------------------------------------------------------ what is handed in

    def in_force(self, month: int) -> Month | None:
        found = self.months.get(month)
        return found if found is not None and not found.withdrawn else None

    def drop(self, month: int, book: Book, reward: int) -> str:
        """What becomes of a manager's workbook where today's rules pay `reward`."""
        own = self._latest(month)
        if not fits(book, own):
            return "returned"
        known, current = self.months.get(month), self.in_force(month)
        if current is not None:
            says = (current.book.content, current.own, current.reward)
            if book == current.used[-1] or (book.content, own, reward) == says:
                return "unchanged"
        if known is not None and book in known.used and (current is not None or book != known.used[-1]):
            return "returned"  # other figures took its place
        if month in self.closed:
            return "returned"
        if current is None or not current.issued:
            self._become(month, book, own, reward)
            return "accepted"
        if not book.is_correction:
            return "returned"
        if book not in current.waiting:
            current.waiting.append(book)
        return "waiting"

    def hand_in_own(self, month: int, mark: int) -> str:
        """What becomes of KF003's self-assessment."""
        if mark == self._latest(month):
            return "unchanged"
        if mark in self.forms[month] or month in self.closed:
            return "returned"
        self.forms[month].append(mark)
        current = self.in_force(month)
        if current is None or current.issued or not fits(current.book, mark):
            return "waiting"
        self._become(month, current.book, mark, current.reward)
        return "accepted"

    def _latest(self, month: int) -> int | None:
        return self.forms[month][-1] if self.forms[month] else None

    # ------------------------------------------------------------------------------------- HR's acts

    def issue(self, month: int, on: int, pays_in: int) -> bool:
        current = self.in_force(month)
        if current is None or current.issued or not self._is_in_order(month, on):
            return False
        current.issued = True
        self._settle(month, pays_in)
        return True

    def approve(self, month: int, item: int | None, on: int, pays_in: int) -> bool:
        """`item` counts the corrections that wait from 0."""
        current = self.in_force(month)
        if current is None or not current.waiting or month in self.closed:
            return False
        if item is None and len(current.waiting) > 1:
            return False
        at = item or 0
        if at >= len(current.waiting):
            return False
        book, own = current.waiting[at], self._latest(month)
        if not fits(book, own) or not self._is_in_order(month, on):
            return False
        current.waiting = current.waiting[at + 1 :]
        self._become(month, book, own, current.reward)
        self._settle(month, pays_in)
        return True

    def rescore(self, month: int, reward: int, on: int, pays_in: int) -> bool:
        """By the rules of today, which pay `reward`."""
        current = self.in_force(month)
        if current is None or reward == current.reward or month in self.closed:
            return False
        own = current.own if current.issued else self._latest(month)
        if not fits(current.book, own) or not self._is_in_order(month, on):
            return False
        self._become(month, current.book, own, reward)
        self._settle(month, pays_in)
        return True

    def withdraw(self, month: int, on: int, pays_in: int) -> bool:
        current = self.in_force(month)
        if current is None or month in self.closed or not self._is_in_order(month, on):
            return False
        current.withdrawn, current.issued, current.waiting = True, False, []
        current.follows = {key: taken_back(one) for key, one in current.follows.items()}
        self._settle(month, pays_in)
        self._look_back(month)
        return True

    def decide(self, month: int, key: Key, decision: str, on: int, pays_in: int) -> bool:
        current = self.in_force(month)
        meant = current.follows.get(key) if current else None
        if current is None or meant is None or not meant.stands or not meant.is_for_hr:
            return False
        if decision == "apply" and self._is_given_to_another(current, key):
            return False
        if not self._is_in_order(month, on):
            return False
        state = "due" if decision == "apply" else "reversed"
        current.follows[key] = replace(meant, state=state, decision=decision)
        self._settle(month, pays_in)
        self._look_back(month)
        return True

    @staticmethod
    def _is_given_to_another(current: Month, key: Key) -> bool:
        """One place that moves money is one person's."""
        return any(
            one.amount is not None and one.decision == "apply"
            for (person, kind), one in current.follows.items()
            if kind == key[1] and person != key[0]
        )

    def close(self, month: int, on: int, *, closed: bool) -> bool:
        """What nobody has handed in is not closed by mistake."""
        if closed and self.in_force(month) is None:
            return False
        if not self._is_in_order(month, on, closing=True):
            return False
        (self.closed.add if closed else self.closed.discard)(month)
        return True

    def _is_in_order(self, month: int, on: int, *, closing: bool = False) -> bool:
        """No act before the one that it follows."""
        if on < self.acted.get((month, closing), on):
            return False
        self.acted[month, closing] = on
        return True

    # ------------------------------------------------------------------------------ what comes of it

    def _become(self, month: int, book: Book, own: int | None, reward: int) -> None:
        """The month's next revision."""
        now = self.months.setdefault(month, Month(book, own, reward))
        now.book, now.own, now.reward, now.withdrawn = book, own, reward, False
        if book not in now.used:
            now.used.append(book)
        self._follow_from(month)
        self._look_back(month)

    def _follow_from(self, month: int) -> None:
        """Decisions hold while their outcome is the same; in an issued month what no longer holds is taken back."""
        current = self.months[month]
        before, new = current.follows, self._outcomes(month)
        stands: dict[Key, Follows] = {}
        for key, one in new.items():
            was = before.get(key)
            same = was is not None and (was.amount, was.why) == (one.amount, one.why)
            if was is not None and was.decision and same and one.is_for_hr:
                state = "due" if was.decision == "apply" else "reversed"
                stands[key] = replace(one, state=state, decision=was.decision)
            else:
                stands[key] = one
        gone = (
            {key: taken_back(one) for key, one in before.items() if key not in new} if current.issued else {}
        )
        current.follows = {**stands, **gone}

    def _look_back(self, month: int) -> None:
        """Later months count the months before them: who was last in both."""
        later = [one for one in sorted(self.months) if one > month and self.in_force(one)]
        for one in later:
            if one in self.closed:
                self.is_behind = True
                return
            self._follow_from(one)

    def _outcomes(self, month: int) -> dict[Key, Follows]:
        current = self.months[month]
        scores = finals(current)
        if not counts(scores):
            return {}
        places = sorted(scores, key=lambda one: -scores[one])
        best, worst = scores[places[0]], scores[places[-1]]
        found: dict[Key, Follows] = {}
        reward, known = Decimal(current.reward), current.book.figures.commission
        first = [one for one in places if scores[one] == best]
        last = [one for one in places if scores[one] == worst]
        for one in first:
            found[one, "reward"] = self._money(reward, f"first: {first}", is_shared=len(first) > 1)
        for one in last:
            limit = known if one == OWN else None
            amount = DEDUCTION if limit is None else min(DEDUCTION, Decimal(limit))
            why = f"last: {last}, {limit}"
            found[one, "deduct"] = self._money(amount, why, is_shared=len(last) > 1)
        cut = scores[places[-PLACES_BELOW]]
        for one in places:
            if scores[one] <= cut and scores[one] != best:
                found[one, "rectification"] = Follows("due", None, "bottom 2")
        if len(last) == 1 and self._was_last(last[0], month - 1):
            found[last[0], "consider_transfer"] = Follows("due", None, "streak")
        return found

    @staticmethod
    def _money(amount: Decimal, why: str, *, is_shared: bool) -> Follows:
        """A tie at a place that moves money waits for HR."""
        return Follows("hold" if is_shared else "due", amount, why)

    def _was_last(self, person: str, month: int) -> bool:
        """Alone, in a month that counts; after HR's answer to a prompt the streak begins anew."""
        current = self.in_force(month)
        if current is None:
            return False
        answered = current.follows.get((person, "consider_transfer"))
        if answered is not None and answered.decision is not None:
            return False
        scores = finals(current)
        if not counts(scores):
            return False
        worst = min(scores.values())
        return [one for one, final in scores.items() if final == worst] == [person]

    def _settle(self, month: int, pays_in: int) -> None:
        """What is due and not yet paid, or paid and no longer due, moves in the first month that is open."""
        while pays_in in self.closed:
            pays_in += 1
        for (person, kind), amount in self._moves(month):
            already = sum(
                paid
                for (of, who, what, _), paid in self.paid.items()
                if (of, who, what) == (month, person, kind)
            )
            self.paid[month, person, kind, pays_in] += amount - already

    def _moves(self, month: int) -> Iterator[tuple[Key, Decimal]]:
        """What each outcome moves as the month stands, 0 included."""
        current = self.months[month]
        for key, one in current.follows.items():
            if one.amount is not None:
                is_due = one.state == "due" and current.issued
                sign = -1 if key[1] == "deduct" else 1
                yield key, sign * one.amount if is_due else Decimal(0)

    def money(self) -> dict[tuple[int, str, str, int], Decimal]:
        return {key: amount for key, amount in self.paid.items() if amount}

    def follow_all(self) -> None:
        """Nothing is closed any more, and every month follows those before it."""
        self.is_behind = False
        for one in sorted(self.months):
            if self.in_force(one):
                self._follow_from(one)


def fits(book: Book, own: int | None) -> bool:
    """Whether workbook and form make a month: the mark stands in one of them, and they do not contradict."""
    return own is not None if book.figures.own_is_blank else own in {None, MANAGERS_COPY}


MANAGERS_COPY = 80
"""What managers write as everybody's own mark."""


def finals(month: Month) -> Mapping[str, Decimal]:
    """Own mark 40 %, the manager's 60 %, of those who are appraised."""
    own = dict.fromkeys(PEOPLE, MANAGERS_COPY)
    if month.own is not None:
        own[OWN] = month.own
    return {
        person: (own[person] * Decimal("0.4") + mark * Decimal("0.6")).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
        for person, mark in zip(PEOPLE, month.book.figures.marks, strict=True)
        if person != month.book.figures.away
    }


def counts(scores: Mapping[str, Decimal]) -> bool:
    """Whether anything follows: enough people, and not all on one place."""
    return len(scores) >= MINIMUM and len(set(scores.values())) > 1


def taken_back(one: Follows) -> Follows:
    """What HR decided about it falls with it."""
    return replace(one, state="reversed", decision=None) if one.stands else one
