"""Whether an indicator is whole, and whether every name in a formula exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from appraisal.scheme.forms.submission import (
    ENGINE_COLUMNS,
    EVIDENCE,
    INSTRUCTIONS,
    INTERVIEWS,
    META,
    STAFF_ID,
    STAFF_NAME,
    heading_labels,
    review_status_name,
    submission_form,
)
from appraisal.scheme.formula.parse import group_names_in, names_in, parse
from appraisal.scheme.methods.method import Place, Problem
from appraisal.scheme.model.indicator import Indicator, methods_given
from appraisal.scheme.model.scheme import Scheme, Section
from appraisal.text import did_you_mean


def doubled_names(scheme: Scheme) -> Iterator[Problem]:
    """Fields, indicators, reviewers, sheets and sections that share a name or take one of ours."""
    fields: list[tuple[Place, str]] = [
        (("tables", table_name, kind, index, "name"), field.name)
        for table_name, table in scheme.tables.items()
        for kind in ("fields", "group_fields")
        for index, field in enumerate(getattr(table, kind))
    ]
    for path, name in fields:
        if name in ENGINE_COLUMNS:
            yield Problem(path, f"“{name}”是系统固有的列，请不要再定义")
    yield from _repeated("字段", fields)
    yield from _repeated(
        "指标", [((*path, "name"), indicator.name) for path, indicator in indicator_paths(scheme)]
    )
    yield from _repeated(
        "考核人",
        [(("reviewers", index, "name"), reviewer.name) for index, reviewer in enumerate(scheme.reviewers)],
    )
    sheets: list[tuple[Place, str]] = [(("tables", name), name) for name in scheme.tables]
    sheets += [
        (("reviewers", index, "sheet"), reviewer.sheet_name)
        for index, reviewer in enumerate(scheme.reviewers)
    ]
    yield from _repeated("工作表", sheets)
    for path, name in sheets:
        if name in {INSTRUCTIONS, INTERVIEWS, META}:
            yield Problem(path, f"工作表不能叫“{name}”，这个名称由系统使用")
    sections = [((*place, "name"), section.name) for place, section in section_paths(scheme)]
    for above in dict.fromkeys(place[:-2] for place, _ in sections):
        yield from _repeated("类别", [entry for entry in sections if entry[0][:-2] == above])


def doubled_columns(scheme: Scheme) -> Iterator[Problem]:
    """A sheet is read by its headers: no two columns or labels may answer to one name."""
    form = submission_form(scheme)
    labels = [name for cell in heading_labels(scheme) for name in (cell.name, cell.title)]
    for table_name, table in scheme.tables.items():
        fields = {field.name for field in table.fields}
        ours = {
            name for cell in form.sheet(table_name).columns for name in cell.names if cell.name not in fields
        }
        headers: list[tuple[Place, str]] = [((), name) for name in fields | ours]
        headers += [
            (("tables", table_name, "fields", index, "aliases", place), alias)
            for index, field in enumerate(table.fields)
            for place, alias in enumerate(field.aliases)
        ]
        yield from _repeated("列名或别名", headers)
        for index, field in enumerate(table.group_fields):
            if field.name in labels:
                path = ("tables", table_name, "group_fields", index, "name")
                yield Problem(path, f"“{field.name}”是表头上方固有的一格，请换个名称")
    for index, reviewer in enumerate(scheme.reviewers):
        sheet = form.sheet(reviewer.sheet_name)
        own = [STAFF_ID, STAFF_NAME, review_status_name(reviewer.name)]
        own += [cell.name for cell in sheet.columns if cell.name == EVIDENCE]
        columns: list[tuple[Place, str]] = [((), name) for name in own]
        marked = {indicator.name for indicator in scheme.judged_by(reviewer.name)}
        columns += [
            ((*path, "name"), indicator.name)
            for path, indicator in indicator_paths(scheme)
            if indicator.name in marked
        ]
        columns += [
            (("reviewers", index, "remarks", place, "name"), remark.name)
            for place, remark in enumerate(reviewer.remarks)
        ]
        yield from _repeated("评分表的栏目", columns)


def _repeated(kind: str, named: Iterable[tuple[Place, str]]) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for path, name in named:
        seen[name] += 1
        if seen[name] == 2:
            yield Problem(path, f"{kind}“{name}”重名了")


def section_paths(scheme: Scheme) -> Iterator[tuple[Place, Section]]:
    """Every 类别 with its path in the rule file, each before those inside it."""

    def walk(sections: Sequence[Section], above: Place) -> Iterator[tuple[Place, Section]]:
        for index, section in enumerate(sections):
            place = (*above, "sections", index)
            yield place, section
            yield from walk(section.sections, place)

    return walk(scheme.sections, ())


def indicator_paths(scheme: Scheme) -> Iterator[tuple[Place, Indicator]]:
    """Every indicator with its path in the rule file."""
    for place, section in section_paths(scheme):
        for index, indicator in enumerate(section.indicators):
            yield (*place, "indicators", index), indicator


def is_sound(indicator: Indicator) -> bool:
    """Whether it has exactly one scoring method; others are told once, and are in no sum."""
    return len(methods_given(indicator)) == 1


def unknown_names(
    formula: str, place: Place, columns: Sequence[str], single: Sequence[str] = ()
) -> Iterator[Problem]:
    """Names that are neither a column nor a single figure; a sum and its like want a column."""
    tree = parse(formula)
    known = [*columns, *single]
    for name in names_in(tree):
        if name not in known:
            yield Problem(place, f"公式里的“{name}”不是已定义的字段{did_you_mean(name, known)}")
    for name in group_names_in(tree):
        if name in single:
            yield Problem(place, f"“{name}”每组只有一个数，不能再求合计或平均")
