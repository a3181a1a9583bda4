"""What would be wrong with tables of data: their checks, and each field by itself."""

from __future__ import annotations

from collections.abc import Iterator

from appraisal.scheme.checks.indicators import unknown_names
from appraisal.scheme.formula.parse import is_comparison, parse
from appraisal.scheme.methods.method import Place, Problem
from appraisal.scheme.model.scheme import Scheme
from appraisal.scheme.model.tables import DataField, FieldType
from appraisal.text import did_you_mean


def problems_of_tables(scheme: Scheme) -> Iterator[Problem]:
    """Each check, and each field by itself."""
    for table_name, table in scheme.tables.items():
        columns = [field.name for field in table.fields]
        of_group = [field.name for field in table.group_fields]
        for index, check in enumerate(table.checks):
            place: Place = ("tables", table_name, "checks", index, "that")
            if not is_comparison(parse(check.that)):
                yield Problem(place, "核对应写成比较式，例如 付款人数 <= 下单人数")
            yield from unknown_names(check.that, place, columns, of_group)
        for kind in ("fields", "group_fields"):
            for index, field in enumerate(getattr(table, kind)):
                yield from _field(field, ("tables", table_name, kind, index), scheme)


def _field(field: DataField, place: Place, scheme: Scheme) -> Iterator[Problem]:
    low, high = field.between or (0, None)
    if high is not None and low > high:
        yield Problem((*place, "between"), "最小值大于最大值")
    elif field.example is not None and (field.example < low or (high is not None and field.example > high)):
        yield Problem((*place, "example"), "示例超出了允许的范围")
    if field.weighted_by is not None:
        yield from _weight_of_rows(field, (*place, "weighted_by"), scheme)


def _weight_of_rows(field: DataField, place: Place, scheme: Scheme) -> Iterator[Problem]:
    """`weighted_by` merges the rows of an average by the figures of a column that can be added up."""
    added_up = {FieldType.COUNT, FieldType.MONEY}
    if field in scheme.group_fields:
        yield Problem(place, f"“{field.name}”每组只有一个数，没有几行可合并")
    elif field.type in added_up:
        yield Problem(place, f"“{field.name}”是整数或金额，几行直接相加，不用加权")
    weights = [column.name for column in scheme.fields if column.type in added_up]
    if field.weighted_by not in weights:
        near = did_you_mean(field.weighted_by or "", weights)
        yield Problem(place, f"“{field.weighted_by}”不是已定义的整数或金额字段{near}")
