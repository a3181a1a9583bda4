"""Writes the pages and files that are made from the code, so that they cannot go stale unnoticed.

    python docs/build_docs.py

docs/findings.md and rules/schema.json are written whole; in docs/rules.md only what stands between
`<!-- made: NAME -->` and `<!-- end -->`. tests/test_docs.py fails when one of them is not current.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Container, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))

from appraisal.findings.finding import CATALOGUE
from appraisal.findings.kind import Kind, Severity
from appraisal.scheme.describe.document import Block, Heading, Paragraph, TableBlock, as_markdown
from appraisal.scheme.describe.explain import FIELD_TYPES
from appraisal.scheme.formula.parse import GROUP_FUNCTIONS, parse
from appraisal.scheme.formula.printing import in_words
from appraisal.scheme.json_schema import json_schema
from appraisal.scheme.methods import METHODS
from appraisal.scheme.model.units import Unit, decimals_of, in_print
from tests.builders.rule_mistakes import MISTAKES

_MADE = re.compile(r"(<!-- made: ([\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> dict[Path, str]:
    """Every generated file of the repository with the content that it should have."""
    rules = ROOT / "docs" / "rules.md"
    return {
        rules: _filled(rules.read_text("utf-8")),
        ROOT / "docs" / "findings.md": as_markdown(_findings()),
        ROOT / "rules" / "schema.json": json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n",
    }


def _filled(page: str) -> str:
    """The page with every made part made anew."""
    parts = _parts()
    return _MADE.sub(lambda match: f"{match[1]}\n{as_markdown(parts[match[2]])}\n{match[3]}", page)


# ------------------------------------------------------------------------------------- docs/rules.md


def _parts() -> Mapping[str, tuple[Block, ...]]:
    schema = json_schema()
    definitions: Mapping[str, Mapping[str, Any]] = schema["$defs"]
    keys = {name: (_keys(one),) for name, one in definitions.items() if "properties" in one}
    for name in ("Indicator", "SmallSample", "IndicatorOverride"):
        keys[name] = (_keys(definitions[name], without=METHODS),)
    methods = {
        f"method {key}": (Paragraph(str(method.__doc__)), _keys(definitions[method.__name__]))
        for key, method in METHODS.items()
        if "properties" in definitions[method.__name__]
    }
    return {
        "Scheme": (_keys(schema),),
        **keys,
        **methods,
        "methods": (_methods(),),
        "field types": (_field_types(),),
        "units": (_units(),),
        "formulas": (_formulas(),),
        "mistakes": tuple(_mistakes()),
    }


def _keys(definition: Mapping[str, Any], without: Container[str] = ()) -> TableBlock:
    required = definition.get("required", ())
    rows = tuple(
        (
            f"`{key}`",
            "是" if key in required else "",
            f"`{json.dumps(one['default'], ensure_ascii=False)}`" if "default" in one else "",
            str(one["description"]),
        )
        for key, one in definition["properties"].items()
        if key not in without
    )
    return TableBlock(("键", "必写", "不写时", "说明"), rows)


def _methods() -> TableBlock:
    rows = (
        (f"`{key}`", one.title, str(one.__doc__), "每位考核人评分" if one.by_reviewers else "按数据计算")
        for key, one in METHODS.items()
    )
    return TableBlock(("键", "名称", "怎么计分", "数值从哪里来"), tuple(rows))


def _field_types() -> TableBlock:
    return TableBlock(
        ("写法", "意思"), tuple((f"`{one.value}`", words) for one, words in FIELD_TYPES.items())
    )


def _units() -> TableBlock:
    names = {
        Unit.PERCENT: ("百分比", "0.54"),
        Unit.RATIO: ("比值", "1.0526"),
        Unit.DURATION: ("时长（秒）", "28"),
        Unit.MONEY: ("金额（元）", "86400"),
        Unit.COUNT: ("次数", "3"),
        Unit.NUMBER: ("其他数", "4.5"),
    }
    rows = (
        (f"`{unit.value}`", name, str(decimals_of(unit)), in_print(Decimal(example), unit))
        for unit, (name, example) in names.items()
    )
    return TableBlock(("写法", "意思", "小数位数", "印出来"), tuple(rows))


_FORMULAS = (
    ("付款人数 / 询单人数", "两项相除；分母为0时不适用"),
    ("订单总金额 - 成功退款金额", "加减乘除都可以，先乘除后加减"),
    ("(接待人数 - 询单人数) / 接待人数", "括号用英文半角"),
    ("有责投诉数 * 60%", "百分数可以直接写"),
    ("店铺客单价 ?? mean(订单总金额)", "`??`：前面的没填，就用后面的"),
    *((f"{name}(付款人数)", f"全组的{words}，空白的不算") for name, words in GROUP_FUNCTIONS.items()),
    ("付款人数 <= 下单人数", "比较：`<` `<=` `>` `>=` `=` `!=`，只用在核对和限制条件里"),
    ("final >= 60", "`final` 是综合得分，只用在 only_if 和 unless 里"),
)


def _formulas() -> TableBlock:
    rows = ((f"`{text}`", in_words(parse(text)), note) for text, note in _FORMULAS)
    return TableBlock(("写法", "读作", "说明"), tuple(rows))


def _mistakes() -> Iterator[Block]:
    for topic in dict.fromkeys(one.topic for one in MISTAKES):
        yield Heading(3, topic)
        rows = (
            (_shown(one.new) or f"没有写 {_shown(one.old)}", one.message)
            for one in MISTAKES
            if one.topic == topic
        )
        yield TableBlock(("写成了", "报告"), tuple(rows))


def _shown(written: str) -> str:
    """A piece of a rule file on one line, control characters visible; nothing for an empty one."""
    text = " ⏎ ".join(line.strip(" ") for line in written.strip("\n ").splitlines())
    text = "".join(mark if mark.isprintable() else ("⇥" if mark == "\t" else "␇") for mark in text)
    return f"`{text}`" if text else ""


# ---------------------------------------------------------------------------------- docs/findings.md

_GROUPS = {
    "文件": ("workbook", "file"),
    "工作表和表头": ("sheet", "header"),
    "考核组、月份和方案": ("group", "period", "scheme"),
    "人员和评分": ("staff", "row", "mark"),
    "单元格": ("cell",),
    "数据之间": ("data",),
    "整改方案和面谈记录": ("plan", "talk"),
    "申诉表": ("appeal",),
    "签收登记": ("ack", "scan"),
    "个人自评表": ("self",),
    "人事办理单": ("act",),
    "软件导出的数据": ("export",),
    "报送": ("submission",),
}


def _findings() -> Iterator[Block]:
    yield Heading(1, "填报问题一览")
    yield Paragraph(
        "Every kind of finding, made from `appraisal/findings/` by `python docs/build_docs.py`. "
        "The codes are stable: `--json` and the returned `.json` carry them."
    )
    yield Paragraph(
        "店长放入的表有问题时，退回的工作簿、网页清单和回执里就是下面这些话。"
        "花括号里的内容在报告中换成实际的名称和数值。“退回”的要改好再放入；“提示”的照常计分，只请核对。"
    )
    yield Heading(2, "一格说的是什么")
    yield Paragraph(
        "What a cell says is decided in one place, `appraisal/intake/cells.py`, for every form, the roster and exports. "
        "What is nearer to the number is more certain; what two places say differently is asked for, never chosen."
    )
    yield TableBlock(("次序", "看哪里", "例子", "怎样算"), _ORDER)
    yield Paragraph(
        "Whatever else a cell shows than it holds is asked for. These differences change no meaning and are kept; "
        "[What a cell shows](reliability.md#what-a-cell-shows) tells how all this is held against LibreOffice."
    )
    yield TableBlock(("看到的", "存的", "采用"), _KEPT)
    yield Paragraph(
        "姓名、工号和标签按看见的字比较：全角半角、空格、看不见的填充符、部首形的字（⻓、⽥）和姓名里别样的点（•、．）"
        "按通常的字采用，列在“数据核对说明”里并写出编码；只是长得像而不是同一个字的，退回时指出是哪个字。"
    )
    known = dict(_GROUPS)
    others = tuple(dict.fromkeys(_family(one) for one in CATALOGUE.values()))
    known["其他"] = tuple(one for one in others if not any(one in group for group in _GROUPS.values()))
    for title, families in known.items():
        kinds = [one for one in CATALOGUE.values() if _family(one) in families]
        if kinds:
            yield Heading(2, title)
            yield TableBlock(("代码", "轻重", "报告什么", "怎么办"), tuple(_kind(one) for one in kinds))


_ORDER = (
    ("1", "格子能不能用", "错误值、没有算过的公式、图片", "不采用，退回"),
    (
        "2",
        "字的样子",
        "3 划了删除线、旁边写 2",
        "数、工号、姓名、日期里样子不一的，退回；整格划掉的照算并提示",
    ),
    ("3", "格子里写的单位", "35秒、8.64万元、45.3%", "按写的算，不管表头"),
    ("4", "数字格式印出来的单位", "1.5 显示为 1.5分钟；1 显示为 KF001", "和写在格子里一样；看见什么就是什么"),
    (
        "5",
        "数字格式的缩放",
        "86400 显示为 8.6万元",
        "只是显示方法，仍是 86400；和单位对不上的、只移小数点的（0!.00），退回",
    ),
    ("6", "表头括号里的单位", "（单位：分钟）、（万元，含运费）", "整列都按这个单位"),
    ("7", "表头下面的单位行", "元、秒、人", "同上"),
    ("8", "表格上方的说明", "单位：万元", "用在能用这个单位、又没有写自己单位的列"),
    ("9", "都没有写", "", "按空白上报表印的单位"),
)


_KEPT = (
    ("8.6、13%", "8.64、0.125", "存的数：四舍五入只是显示方法"),
    ("86.40（格式 0.00,，没有印单位）", "86400", "86400，即存的数，表头的单位照样核对"),
    ("-（会计专用格式的零）", "0", "0"),
    ("####（列太窄）", "86400", "86400"),
    ("12月、25.12.01", "2025-12-01", "整个日期"),
    ("0:00:28", "一天的几分之几", "28秒；带上午、下午（AM、PM）的是钟点，退回"),
    ("隐藏的行和列", "有数", "照算，并提示"),
    ("划掉的整格", "有数", "照算，并提示"),
    ("导出表里的 -、暂无数据", "文字", "没有数，不是 0"),
    ("导出表里合并的账号", "只在第一行", "合并到的各行都是这个账号"),
)


def _family(kind: Kind) -> str:
    return kind.code.partition(".")[0]


def _kind(kind: Kind) -> tuple[str, ...]:
    weight = "退回" if kind.severity is Severity.ERROR else "提示"
    return f"`{kind.code}`", weight, kind.message, kind.remedy


def main() -> None:
    """Write what has changed."""
    for path, content in pages().items():
        if not path.exists() or path.read_text("utf-8") != content:
            path.write_text(content, "utf-8", newline="\n")
            print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
