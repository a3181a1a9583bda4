"""What a form is made of: cells of some type that must be filled or need not, sheets with labels and a table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class CellType(StrEnum):
    """What a cell holds and how it is read."""

    TEXT = "text"
    IDENTITY = "identity"  # 工号: always text, `007` stays `007`
    CHOICE = "choice"
    DATE = "date"
    PERIOD = "period"
    MARK = "mark"  # points given by a reviewer
    COUNT = "count"
    MONEY = "money"
    DURATION = "duration"
    NUMBER = "number"
    PERCENT = "percent"

    @property
    def is_number(self) -> bool:
        return self in _NUMBERS


_NUMBERS = frozenset(
    {CellType.MARK, CellType.COUNT, CellType.MONEY, CellType.DURATION, CellType.NUMBER, CellType.PERCENT}
)


class Need(StrEnum):
    """When a cell must be filled."""

    ALWAYS = "always"
    WITH_DATA = "with_data"  # of everyone who takes part, and of a row with any data at all
    IF_NOT_PARTICIPATING = "if_not_participating"
    IF_REVIEWED = "if_reviewed"  # of everyone with data whose reviewer has reviewed
    IF_MARKED_OUT = "if_marked_out"  # of whoever has a mark that needs a record: out of the ordinary
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell to fill: a column's, or one beside a label."""

    name: str
    type: CellType
    need: Need = Need.NEVER
    called: str | None = None  # what this scheme calls it, where that is not its name: 班组编号 for 工号
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    decimals: int = 2
    band: str | None = None
    source: str | None = None
    hint: str = ""
    prefilled: bool = False  # the system fills it and the sheet locks it
    ordinary: tuple[Decimal, Decimal] | None = None  # of a mark: outside of it a record is needed
    weighted_by: str | None = None  # of an average: the column whose figures weigh it where rows are merged
    carried: bool = False  # a figure of the whole month, such as a target: rows of it are never added up

    @property
    def title(self) -> str:
        """The name as people read it."""
        return self.called or self.name

    @property
    def header(self) -> str:
        """The printed header or label: the name, its unit or the marks that may be given in brackets."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title

    @property
    def names(self) -> tuple[str, ...]:
        """The name, what it is called here, and every alias."""
        return (*dict.fromkeys((self.title, self.name)), *self.aliases)


class Role(StrEnum):
    """What a sheet is for."""

    DATA = "data"
    REVIEW = "review"
    INTERVIEWS = "interviews"


@dataclass(frozen=True, slots=True)
class SheetForm:
    """One sheet: labelled cells on top, then a table with one header row."""

    name: str
    role: Role
    labels: tuple[Cell, ...]
    columns: tuple[Cell, ...]
    reviewer: str | None = None
    instruction: str | None = None
    required: bool = True

    @property
    def marks(self) -> tuple[Cell, ...]:
        return tuple(column for column in self.columns if column.type is CellType.MARK)

    def column(self, name: str) -> Cell:
        return next(column for column in self.columns if column.name == name)
