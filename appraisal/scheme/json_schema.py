"""The rule file's JSON Schema: editors complete keys by it and show our Chinese words over them.

It is a help while typing. What a rule file means, and every contradiction in it, is judged by
`rulebook.py` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appraisal.scheme.methods import METHODS
from appraisal.scheme.model.scheme import Scheme

_PORTABLE = {
    r"[^\W\d]": r"[A-Za-z_\u0080-\uffff]",
    r"[\w→·]": r"[A-Za-z0-9_\u0080-\uffff]",
}
"""In JavaScript, which editors use, `\\w` knows no Chinese."""


def json_schema() -> dict[str, Any]:
    """The schema (draft 7, which editors know best) of one rule file."""
    raw = Scheme.model_json_schema(by_alias=True)
    definitions = {name: _tidied(definition) for name, definition in raw.pop("$defs").items()}
    for definition in definitions.values():
        if "enum" in definition:  # the key that has such a value says in Chinese what each choice means
            definition.pop("description", None)
    for name in ("Indicator", "SmallSample"):
        definitions[name]["oneOf"] = [{"required": [key]} for key in METHODS]
    schema: dict[str, Any] = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "考核方案"}
    schema.update(_tidied(raw))
    for definition in (schema, *definitions.values()):
        for key, property_ in definition.get("properties", {}).items():
            definition["properties"][key] = _with_choices(property_, definitions)
    schema["$defs"] = {
        name: definition for name, definition in definitions.items() if "enum" not in definition
    }
    return schema


def _with_choices(node: dict[str, Any], definitions: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A key with its choices in place, and for each what it means: editors show it while one chooses.

    Draft 7 ignores whatever stands beside a `$ref`; `enumDescriptions` is VS Code's own addition.
    """
    named = definitions.get(str(node.get("$ref", "")).rsplit("/", 1)[-1], {})
    if "enum" in named:
        node = {key: value for key, value in node.items() if key != "$ref"} | dict(named)
    return node


def _tidied(node: Any) -> Any:
    """The same without null and English titles, numbers as numbers, patterns as editors read them."""
    if isinstance(node, list):
        return [_tidied(item) for item in node]
    if not isinstance(node, Mapping):
        return node
    kept = {key: value for key, value in node.items() if key not in {"title", "default", "propertyNames"}}
    alternatives = [alternative for alternative in kept.pop("anyOf", []) if alternative != {"type": "null"}]
    if any(alternative.get("type") == "number" for alternative in alternatives):
        alternatives = [alternative for alternative in alternatives if alternative != {"type": "string"}]
    if len(alternatives) == 1:
        kept = dict(alternatives[0]) | kept
    elif alternatives:
        kept["anyOf"] = alternatives
    if "prefixItems" in kept:
        kept["items"] = kept.pop("prefixItems")[0]
    tidied = {_portable(key): _tidied(value) for key, value in kept.items() if key != "properties"}
    if "pattern" in tidied:
        tidied["pattern"] = _portable(tidied["pattern"])
    if "properties" in kept:
        tidied["properties"] = {name: _property(property_) for name, property_ in kept["properties"].items()}
    return tidied


def _property(node: Mapping[str, Any]) -> dict[str, Any]:
    """A key's schema, with the short name before the colon of its description as its title."""
    tidied: dict[str, Any] = _tidied(node)
    default = node.get("default")
    if isinstance(default, bool | int | str):
        tidied["default"] = int(default) if isinstance(default, str) and default.isdigit() else default
    return {"title": str(tidied["description"]).partition("：")[0]} | tidied


def _portable(pattern: str) -> str:
    for python, javascript in _PORTABLE.items():
        pattern = pattern.replace(python, javascript)
    return pattern
