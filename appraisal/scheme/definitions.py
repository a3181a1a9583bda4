"""What every part of a rule file shares: strict keys, and how percentages, formulas and names are written."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from appraisal.scheme.formula import FormulaError, parse


class Definition(BaseModel):
    """Part of a rule file: unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))


def _percentage(written: Any) -> Any:
    if isinstance(written, str) and (match := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", written)):
        return Decimal(match[1]) / 100
    raise ValueError(f"应写成百分数，例如 30%，现在是“{written}”")


Percentage = Annotated[
    Decimal,
    BeforeValidator(_percentage),
    WithJsonSchema({"type": "string", "pattern": r"^\d+(\.\d+)?%$"}),
]


def _readable_formula(written: Any) -> Any:
    if isinstance(written, int | float | Decimal) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str):
        raise ValueError(f"应为公式，现在是“{written}”")
    try:
        parse(written)
    except FormulaError as error:
        raise ValueError(error.sentence) from None
    return written


Formula = Annotated[str, BeforeValidator(_readable_formula)]


FieldName = Annotated[
    str, Field(pattern=r"^[^\W\d][\w→·]*$", description="名称：汉字或字母开头，不含空格和符号")
]
SheetName = Annotated[
    str, Field(pattern=r"^[^\W\d][\w→·]{0,30}$", description="工作表名称：最多31个字，不含空格和符号")
]
Points = Annotated[Decimal, Field(gt=0, decimal_places=2)]
WholeNumber = Annotated[int, Field(strict=True)]
