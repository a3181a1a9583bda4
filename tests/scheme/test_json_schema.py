"""Editors complete and check rule files by a JSON Schema that agrees with the model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from ruamel.yaml import YAML

from appraisal.scheme.json_schema import json_schema
from appraisal.scheme.methods import METHODS
from tests.builders.schemes import SHOP_FILE, SHOP_TEXT, changed

SCHEMA = json_schema()
REFRESH = "refresh it: python docs/build_docs.py"


def as_an_editor_reads(text: str) -> Any:
    """YAML as the language server sees it: a day is text."""
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str, ensure_ascii=False))


def complaints(text: str) -> list[str]:
    validator = Draft7Validator(SCHEMA)
    return [
        f"{error.json_path}: {error.message}" for error in validator.iter_errors(as_an_editor_reads(text))
    ]


def described(node: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every key that an editor may hover over."""
    if isinstance(node, dict):
        for name, one in node.get("properties", {}).items():
            yield f"{path}.{name}", one
        for key, inner in node.items():
            yield from described(inner, f"{path}.{key}")


def test_the_schema_beside_the_rules_is_current() -> None:
    """`rules/schema.json` is what `rules schema` prints."""
    stored = json.loads((SHOP_FILE.parent / "schema.json").read_text("utf-8"))
    assert stored == SCHEMA, REFRESH


def test_the_shipped_rule_file_names_its_schema() -> None:
    """On the first line, where the YAML language server looks for it."""
    assert SHOP_TEXT.splitlines()[0] == "# yaml-language-server: $schema=schema.json"


def test_it_is_a_sound_schema() -> None:
    """Draft 7, which editors know best."""
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_every_shipped_rule_file_fits() -> None:
    """No editor underlines anything in a file that the program accepts."""
    files = sorted(Path(SHOP_FILE).parent.glob("*.yaml"))
    assert files
    assert {path.name: complaints(path.read_text("utf-8")) for path in files} == {
        path.name: [] for path in files
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("            points: 16", "            ponits: 16"),
        ("            points: 16", "            points: 十六"),
        ("scope: 网店客服组\n", ""),
        ("weight: 30%", "weight: 0.3"),
        ('">=60%: 16"', '"≥60%: 16"'),
        ("when: first", "when: frist"),
        ("within: 7 days", "within: 7天"),
        ("{name: 询单人数, type: count", "{name: 询单 人数, type: count"),
        ("between: [1, 3600]", "between: [1]"),
        ("ties: competition", "ties: fair"),
        ("    sheet: 店长评分", "    sheet: 店长/评分"),
        ("            unit: duration\n", "            unit: duration\n            judged: {anchors: [a]}\n"),
    ],
)
def test_an_editor_underlines_what_is_wrong(old: str, new: str) -> None:
    """Unknown keys, wrong types, wrong patterns, two scoring methods at once."""
    assert complaints(changed((old, new)))


def test_each_scoring_method_is_a_key_and_exactly_one_is_wanted() -> None:
    """The keys come from the method files."""
    indicator = SCHEMA["$defs"]["Indicator"]
    assert set(METHODS) <= set(indicator["properties"])
    assert indicator["oneOf"] == [{"required": [key]} for key in METHODS]


def test_the_money_source_is_called_from() -> None:
    """As in the rule file, not as in Python."""
    assert "from" in SCHEMA["$defs"]["OutcomeRule"]["properties"]
    assert "from_" not in json.dumps(SCHEMA)


def test_every_key_says_in_chinese_what_it_is() -> None:
    """The hover text of an editor: a short title and a description."""
    keys = dict(described(SCHEMA))
    assert len(keys) > 50
    silent = [
        path
        for path, one in keys.items()
        if one.get("title", "").isascii() or one.get("description", "").isascii()
    ]
    assert silent == []


def test_names_of_fields_fit_in_javascript_too() -> None:
    r"""In an editor `\w` knows no Chinese, so the patterns name the characters."""
    assert "\\w" not in json.dumps([one.get("pattern") for _, one in described(SCHEMA)])


def test_every_choice_says_in_chinese_what_it_means() -> None:
    """VS Code shows `enumDescriptions` beside the choices and on hovering over the one taken."""
    choices = {path: one for path, one in described(SCHEMA) if "enum" in one}
    assert len(choices) >= 8
    for path, one in choices.items():
        assert len(one["enumDescriptions"]) == len(one["enum"]), path
        assert not any(words in one["enum"] for words in one["enumDescriptions"]), path
    do = SCHEMA["$defs"]["OutcomeRule"]["properties"]["do"]
    assert dict(zip(do["enum"], do["enumDescriptions"], strict=True))["rectification"] == "整改方案"
