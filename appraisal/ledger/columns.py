"""Column types that keep our values exactly, and alike on SQLite and PostgreSQL; and records as rows of such columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Dialect, Row, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from appraisal.period import Period


class AsText(TypeDecorator[Any]):
    """A value kept as text that sorts by code point, whatever the server's locale."""

    impl = Text
    cache_ok = True

    def __init__(self, write: Callable[[Any], str], read: Callable[[str], Any]) -> None:
        super().__init__()
        self.write = write
        self.read = read

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.write(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else self.read(value)


_UNSTORABLE = re.compile(r"[\\\x00\ud800-\udfff]")
_ESCAPED = re.compile(r"\\(\\|u[0-9a-f]{4})")


def _escaped(text: str) -> str:
    """Names of dropped files may hold lone surrogates, which no database takes."""
    return _UNSTORABLE.sub(lambda match: "\\\\" if match[0] == "\\" else f"\\u{ord(match[0]):04x}", text)


def _restored(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda match: "\\" if match[1] == "\\" else chr(int(match[1][1:], 16)), text)


WORDS = AsText(_escaped, _restored)
"""Any Python text."""

PERIOD = AsText(str, lru_cache(maxsize=512)(Period.parse))

DAY = AsText(date.isoformat, date.fromisoformat)

MOMENT = AsText(datetime.isoformat, datetime.fromisoformat)
"""With its offset from UTC."""


def choice(of: type[StrEnum]) -> AsText:
    """One of an enumeration's values."""
    return AsText(str, of)


class Hundredths(TypeDecorator[Decimal]):
    """A number with two decimals, kept as a whole number of hundredths: exact, and sums are too."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        if value is None:
            return None
        hundredths = value.scaleb(2)
        if hundredths != int(hundredths):
            raise ValueError(f"more than two decimals: {value}")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else Decimal(value).scaleb(-2)


_COLUMN_OF = {"group": "group_name"}
"""Fields that are columns by another name: GROUP is a word of SQL."""

Record = TypeVar("Record")


def as_row(record: Any, **columns: str) -> dict[str, Any]:
    """The record as values by column. A field goes into the column of its own name, or of the name given for it."""
    names = _COLUMN_OF | columns
    return {names.get(field.name, field.name): getattr(record, field.name) for field in fields(record)}


def as_record(kind: type[Record], row: Row[Any], **otherwise: Any) -> Record:
    """The record that a row holds: each field from the column of its name, except the values given in `otherwise`."""
    names = [field.name for field in fields(kind) if field.name not in otherwise]  # type: ignore[arg-type]
    return kind(**{name: getattr(row, _COLUMN_OF.get(name, name)) for name in names}, **otherwise)
