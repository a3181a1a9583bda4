"""Every mistake of a rule file is told at once, in Chinese, with line, column, path and a suggestion."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.scheme.rulebook import RulesError, load_rule_file, parse_scheme
from tests.builders.rule_mistake import RuleFileMistake
from tests.builders.rule_mistakes import MISTAKES
from tests.builders.schemes import EVERYTHING_TEXT, FILE, SHOP_TEXT, changed, mistakes_in


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_reported_where_it_stands(mistake: RuleFileMistake) -> None:
    """`file:line:col: path: message`, and the place is that of the wrong key or entry."""
    line, column = mistake.place
    reported = [str(one) for one in mistakes_in(mistake.text)]
    assert f"{FILE}:{line}:{column}: {mistake.path}: {mistake.message}" in reported


def test_a_mistake_under_a_key_that_is_a_number_stands_there_too() -> None:
    """`3: …` without quotes means the same as `"3": …`."""
    text = changed(('"3": 问一次就明白', "3: 顾客从不重复"), text=EVERYTHING_TEXT)
    (mistake,) = mistakes_in(text)
    line = text.splitlines()[mistake.line - 1]
    assert line[mistake.column - 1 :].startswith("3: 顾客从不重复")


def test_no_kind_of_mistake_stands_twice_in_the_table() -> None:
    """The table is the documentation too: each sentence once per place."""
    told = [(one.path, one.message) for one in MISTAKES]
    assert len(set(told)) == len(told)


def test_all_mistakes_of_a_file_are_told_together_in_the_order_of_lines() -> None:
    """Whoever corrects the file does it in one go."""
    text = changed(
        ("            points: 16", "            ponits: 16"),
        ("weight: 30%", "weight: 三成"),
        ("when: first", "when: frist"),
        ("scope: 网店客服组", "scope:"),
    )
    told = mistakes_in(text)
    assert [one.path.rsplit(".", 1)[-1] for one in told] == [
        "scope",
        "ponits",
        "weight",
        "when",
    ]
    assert [one.line for one in told] == sorted(one.line for one in told)


def test_contradictions_are_told_together_too() -> None:
    """Once every part is well-formed, everything between the parts is told at once."""
    text = changed(
        ("weight: 30%", "weight: 25%"), ("value: 付款人数 / 询单人数", "value: 付款数 / 询单人数"),
        ("  minimum: 4", "  minimum: 2"), ('"<=25: 9"', '"<=20: 9"'),
    )  # fmt: skip
    assert [one.path.rsplit(".", 1)[-1] for one in mistakes_in(text)] == [
        "value",
        "2",
        "reviewers",
        "minimum",
    ]


def test_one_place_is_told_once() -> None:
    """The same sentence for the same place does not repeat."""
    told = mistakes_in(changed(("value: 付款人数 / 询单人数", "value: 付款数 / 付款数")))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "1:1", "应以“scheme: 方案代号”这样的键值开始"),
        ("- 网店\n- 客服\n", "1:1", "应以“scheme: 方案代号”这样的键值开始"),
        ("scheme: [x\n", "2:1", "YAML 写法有误"),
        ("scheme: a\n---\nscheme: b\n", "2:1", "YAML 写法有误"),
        ("a: " + "[" * 300 + "]" * 300, "1:33", "层次套得太深，读不了（最多 30 层）"),
        ("a: 1\n" * 200_000, "1:1", "文件有 1000000 个字，最多 500000 个字"),
        (f"a: {'字' * 2001}", "1:4", "这段内容有 2001 个字，最多 2000 个字"),
        (f"a: {'9' * 5000}", "1:4", "这个数写了太多位，最多 15 位"),
        (f"a: [{'b, ' * 20_000}]", "1:59996", "内容太多，最多 20000 项"),
        ("a: &a [1]\nb: [" + "*a, " * 101 + "]", "2:405", "引用（*名称）太多，最多 100 处"),
        ("a: &a {b: [1, *a]}", "1:15", "引用“*a”指向了它自己所在的内容，请改掉"),
        ('a: "\\ud83d"', "1:4", "这段内容里有不能保存的字符"),
        ('a: "\\0"', "1:4", "这段内容里有不能保存的字符"),
        ("a: !!bool x", "1:4", "不用写“!!bool”这样的类型标记，请删掉"),
        ('a: {5: 一, "5": 二}', "1:4", "这里有两个键写法不同、意思相同"),
    ],
)
def test_what_is_no_rule_file_at_all(text: str, place: str, message: str) -> None:
    """One mistake, placed as well as can be."""
    (told,) = mistakes_in(text)
    assert str(told).startswith(f"{FILE}:{place}: 文件: {message}")


def test_a_few_lines_that_would_become_millions_are_refused_at_once() -> None:
    """Eight lists of ten, each ten times the one before it: told at the alias that is too much."""
    bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 9)]
    started = process_time()
    (told,) = mistakes_in("\n".join(bomb))

    assert str(told).startswith(f"{FILE}:5:10: 文件: 内容太多，最多 20000 项")
    assert process_time() - started < 1


def test_what_is_written_once_may_be_used_in_several_places() -> None:
    """An anchor and its aliases mean the same as the words themselves."""
    anchored = changed(("            min_denominator: 30", "            min_denominator: &few 30"))
    assert parse_scheme(
        anchored.replace("min_denominator: 30", "min_denominator: *few"), FILE
    ) == parse_scheme(SHOP_TEXT, FILE)


def test_a_key_that_comes_in_by_a_merge_is_placed_at_its_entry() -> None:
    """YAML's `<<` has no place of its own for the key."""
    (told,) = mistakes_in(changed(("{name: 询单人数, type", "{<<: {naem: 1}, name: 询单人数, type")))
    assert told.path == "tables.考核数据.fields.询单人数.naem"
    assert told.message == "不认识的键“naem”，是不是“name”？"
    assert SHOP_TEXT.splitlines()[told.line - 1].startswith("      - {name: 询单人数")


def test_text_that_looks_like_a_day_stays_text() -> None:
    """A scheme may be called 2026-01-01."""
    assert (
        parse_scheme(changed(("name: 网店客服组月度绩效考核", "name: 2026-01-01")), FILE).name == "2026-01-01"
    )


@pytest.mark.parametrize("written", ["target: 30", 'target: "30"'])
def test_a_target_may_be_written_with_or_without_quotes(written: str) -> None:
    """A bare number is a number to YAML and means the same."""
    scheme = parse_scheme(changed(('target: "30"', written)), FILE)
    assert scheme.indicators[1].target_value == 30


def test_bands_may_be_written_without_quotes_where_yaml_allows() -> None:
    """`<=20: 10` is a key and a value to YAML; `>` would begin a text block and needs quotes."""
    assert parse_scheme(changed(('["<=20: 10", "<=25: 9"', "[<=20: 10, <=25: 9")), FILE) == parse_scheme(
        SHOP_TEXT, FILE
    )


LINES = SHOP_TEXT.splitlines(keepends=True)
DAMAGE = st.sampled_from(
    ["", "{}", "[", "- x", "x: y", "null", ".nan", "@", "*a", ">", "：", "2020-13-45", "<<: *a"]
)


@pytest.mark.slow
@given(st.integers(0, len(LINES) - 1), DAMAGE, st.integers(0, 40))
def test_no_damage_to_a_rule_file_crashes_the_loader(line: int, damage: str, column: int) -> None:
    """A line lost, doubled or scribbled into: a scheme or mistakes with a place, never a traceback."""
    text = LINES[line]
    spoilt = text[:column] + damage + text[column:] if damage else ""
    for mistake in mistakes_in("".join([*LINES[:line], spoilt, *LINES[line + 1 :]])):
        assert mistake.line >= 1
        assert mistake.column >= 1
        assert not mistake.message.isascii()


# --------------------------------------------------------------------------------------- files


def test_a_rule_file_keeps_its_bytes(tmp_path: Path) -> None:
    """A byte order mark, as Windows Notepad writes it, is no mistake."""
    path = tmp_path / "online_shop.yaml"
    path.write_bytes("\ufeff".encode() + SHOP_TEXT.encode())
    file = load_rule_file(path)
    assert (file.scheme.scheme, file.path, file.content) == ("online-shop", path, path.read_bytes())


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    """Saved as GBK: the first line that is not UTF-8."""
    path = tmp_path / "gbk.yaml"
    path.write_bytes(b"scheme: a\nname: " + "网店".encode("gb18030"))
    with pytest.raises(RulesError) as caught:
        load_rule_file(path)
    assert str(caught.value) == "gbk.yaml:2:1: 文件: 不是 UTF-8 编码，请另存为 UTF-8"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """One sentence, no traceback."""
    with pytest.raises(RulesError, match=r"没有\.yaml:1:1: 文件: 读不出来"):
        load_rule_file(tmp_path / "没有.yaml")
