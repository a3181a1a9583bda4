"""The documentation says what the code does: made pages are current, examples really load."""

from __future__ import annotations

import importlib.util
import io
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from ruamel.yaml import YAML

from appraisal.findings.finding import CATALOGUE
from appraisal.scheme.methods import METHODS
from appraisal.scheme.rulebook import parse_scheme
from tests.builders.schemes import SHOP_TEXT, mistakes_in

ROOT = Path(__file__).parents[1]
REFRESH = "is not current; refresh it: python docs/build_docs.py"
RULES_PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")


def build_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "docs" / "build_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES: dict[Path, str] = build_docs().pages()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", RULES_PAGE, re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_made_page_is_current(page: Path) -> None:
    """Whoever changes the code is told which command refreshes the page."""
    assert page.read_text("utf-8") == PAGES[page], f"{page.relative_to(ROOT)} {REFRESH}"


def with_example(example: str) -> str:
    """The shipped scheme with a part taken from the page: top-level keys, or one indicator beside a filler."""
    yaml = YAML(typ="safe")
    scheme: dict[str, Any] = yaml.load(SHOP_TEXT)
    part = yaml.load(example)
    if isinstance(part, list):
        filler = {
            "name": "其余",
            "points": 100 - part[0].get("points", 0),
            "meaning": "其余",
            "judged": {"anchors": ["按实际"]},
        }
        part = {"sections": [{"name": "例", "indicators": [*part, filler]}]}
    written = io.StringIO()
    yaml.dump(scheme | part, written)
    return written.getvalue()


def test_the_page_has_examples() -> None:
    """A part of every kind."""
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_grammar_page_loads(example: str) -> None:
    """Copied into a rule file, it is without mistakes."""
    assert mistakes_in(with_example(example)) == ()


@pytest.mark.slow
def test_every_scoring_method_has_an_example() -> None:
    """A new method file comes with its lines on the page."""
    shown = {
        one.method.key
        for example in EXAMPLES
        for one in parse_scheme(with_example(example), "page").indicators[:1]
    }
    assert set(METHODS) <= shown


def test_every_finding_is_on_its_page_with_sentence_and_remedy() -> None:
    """Code, what it says, what to do."""
    page = (ROOT / "docs" / "findings.md").read_text("utf-8")
    for kind in CATALOGUE.values():
        assert f"`{kind.code}`" in page
        assert kind.message.replace("|", "\\|") in page
        assert kind.remedy.replace("|", "\\|") in page


def test_no_made_part_is_left_empty() -> None:
    """A misspelled name of a part would be a KeyError; an empty one shows here."""
    parts = re.findall(
        r"<!-- made: [\w ]+ -->\n(.*?)<!-- end -->", PAGES[ROOT / "docs" / "rules.md"], re.DOTALL
    )
    assert len(parts) >= 15
    assert all(part.strip() for part in parts)


def test_every_case_of_the_reliability_page_has_the_test_that_it_names():
    """Sixty cases, each once; the module named defines a test of that case, or of a span around it."""
    page = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (\w+) \|$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 61))
    for number, module in rows:
        text = (ROOT / "tests" / "reliability" / f"{module}.py").read_text("utf-8")
        named = re.findall(r"(?:def test_|class Test)[Cc]ases?_?(\d+)(?:_(?:to|and)_(\d+))?", text)
        spans = [(int(first), int(last or first)) for first, last in named]
        assert any(first <= int(number) <= last for first, last in spans), (number, module)
