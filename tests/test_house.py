"""The house keeps its shape: rooms and floors, one name for one thing, modules that fit in a head."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "appraisal"
AT_THE_TOP = {"__init__", "__main__", "errors", "period", "text"}
LONGEST = 400
MOST_ARGUMENTS = 7
MOST_BY_POSITION = 4
"""For a record: whoever reads five values in a row has to look up what each is."""

TOOLS = {"Ledger", "Files", "Sandbox", "Executor", "Tools", "RunContext", "SendingContext"}
HOLDS_TOOLS = {
    "Tools": "what is open, in one bundle; with a set-up it is the RunContext",
    "Errand": "one call: begun in an executor, and made here where that is lost",
    "Outbox": "a folder through the one door to files: a tool itself",
    "Watcher": "outlives every context: it opens one for each day and set-up",
    "_Month": "lives for one call: what the messages of a month have in common is gathered once",
}
"""Classes that keep a tool instead of being handed it, with the reason."""

MODULES = sorted(HOUSE.rglob("*.py"))


def test_nothing_else_lies_flat_at_the_top() -> None:
    """A new capability gets a room, or a module in one."""
    assert {path.stem for path in HOUSE.glob("*.py")} == AT_THE_TOP


def test_every_room_has_its_floor() -> None:
    """import-linter looks only at what stands in its list."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (floors,) = (contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers")
    named = [name.strip() for floor in floors for name in floor.replace("|", ":").split(":")]
    rooms = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    ground = AT_THE_TOP - {"__init__", "__main__"}
    assert sorted(named) == sorted(f"appraisal.{name}" for name in rooms | ground)


def test_no_module_needs_itself_by_a_detour() -> None:
    """Also not by an import inside a function: whoever reads one module of a circle has to read them all."""
    needs = {_dotted(path): _imported_modules(path) for path in MODULES}
    while free := [name for name, needed in needs.items() if not needed & needs.keys() - {name}]:
        for name in free:
            del needs[name]
    assert sorted(needs) == []


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imported_modules(path: Path) -> set[str]:
    """What it imports, as modules or as names in them."""
    imports = [
        node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
    ]
    return {
        name
        for node in imports
        for alias in node.names
        for name in (node.module, f"{node.module}.{alias.name}")
    }


def test_no_name_of_a_class_or_function_stands_for_two_things() -> None:
    """Whoever searches for one finds one. A verb of the command line is called like what carries it out."""
    defined: dict[str, list[str]] = defaultdict(list)
    for path in MODULES:
        for node in ast.parse(path.read_text("utf-8")).body:
            is_public = (
                isinstance(node, ast.FunctionDef) and node.name[0] != "_" and path.parent.name != "cli"
            )
            if isinstance(node, ast.ClassDef) or is_public:
                defined[node.name].append(path.relative_to(HOUSE).as_posix())
    assert {name: places for name, places in defined.items() if len(places) > 1} == {}


RIDDLES = {
    "answers", "belonging", "cases", "compact", "desk", "desks", "inert", "look", "oddities", "office",
    "orders", "outboxes", "passes", "plain", "promises", "reception", "renewal", "sealed", "sources",
    "standing", "unfollowed", "verdict", "verdicts",
}  # fmt: skip
"""Words that once named things here and told a newcomer nothing."""


def test_no_name_is_a_riddle() -> None:
    """What a file, class or function is called says what is in it. (LibreOffice is one word.)"""
    names = [(path.stem, path) for path in MODULES] + [
        (node.name.replace("LibreOffice", "Libreoffice"), path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]
    riddles = [
        f"{path.relative_to(HOUSE).as_posix()}: {name}"
        for name, path in names
        if RIDDLES & {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}
    ]
    assert riddles == []


def test_calls_stay_short_and_large_records_are_made_by_keyword() -> None:
    """What goes into `*columns` or `*names` is one list, whatever its length."""
    trees = {path.relative_to(HOUSE).as_posix(): ast.parse(path.read_text("utf-8")) for path in MODULES}
    everything = [node for tree in trees.values() for node in ast.walk(tree)]
    records = {node.name for node in everything if isinstance(node, ast.ClassDef)}
    functions = {node.name for node in everything if isinstance(node, ast.FunctionDef)}
    lists = {node.name for node in everything if isinstance(node, ast.FunctionDef) and node.args.vararg}
    long, unnamed = [], []
    for module, tree in trees.items():
        of_libraries = _imported_from_libraries(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in of_libraries | lists:
                continue
            if name in records and len(node.args) > MOST_BY_POSITION:
                unnamed.append(f"{module}:{node.lineno} {name}")
            if name in functions and len(node.args) + len(node.keywords) > MOST_ARGUMENTS:
                long.append(f"{module}:{node.lineno} {name}")
    assert (long, unnamed) == ([], [])


def test_tools_are_handed_on_and_not_kept() -> None:
    """Steps are functions; a class that keeps tools hides what it changes."""
    keeping = {
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
        and TOOLS & {name for field in _kept_by(node) for name in re.findall(r"\w+", ast.unparse(field))}
    }
    assert keeping == set(HOLDS_TOOLS)


def _kept_by(of: ast.ClassDef) -> list[ast.expr]:
    """The types of what it keeps: its fields, and what it is made with."""
    made_with = [
        node.args for node in of.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    ]
    arguments = [argument for given in made_with for argument in (*given.args, *given.kwonlyargs)]
    return [
        *(node.annotation for node in of.body if isinstance(node, ast.AnnAssign)),
        *(argument.annotation for argument in arguments if argument.annotation is not None),
    ]


def _imported_from_libraries(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("appraisal")
        for alias in node.names
    }


def test_only_the_modules_for_it_ask_which_system_this_is() -> None:
    """So that whoever brings the program to another system has a few pages to read."""
    asking = {
        path.relative_to(HOUSE).as_posix()
        for path in MODULES
        if re.search(r"sys\.platform|os\.name\b|platform\.system", path.read_text("utf-8"))
    }
    assert asking == {"processes/system.py", "workspace/system.py"}


def test_a_module_is_one_idea() -> None:
    """Longer than 400 lines it holds two."""
    lines = {
        path.relative_to(HOUSE).as_posix(): len(path.read_text("utf-8").splitlines()) for path in MODULES
    }
    assert {name for name, count in lines.items() if count > LONGEST} == set()


def test_the_tests_stand_in_the_same_rooms() -> None:
    """Beside them only what belongs to no room."""
    of_their_own = {"builders", "fuzz", "golden", "reliability", "samples"}
    rooms = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name[0] not in "_."}
    assert folders - of_their_own <= rooms


REPLACING = {"setattr", "delattr", "setitem", "delitem", "patch"}
REPLACING_BY_MOCK = {"object", "dict", "multiple"}
"""Functions that put another value in the place of one, the second ones as `patch.object`."""


def test_tests_hand_in_what_they_replace() -> None:
    """Through the context, or as an argument: only what is outside of the program is patched."""
    replaced = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted((ROOT / "tests").rglob("*.py"))
        for node in _replacements(ast.parse(path.read_text("utf-8")))
    }
    assert replaced == set()


def _replacements(tree: ast.Module) -> Iterator[ast.Call | ast.Attribute]:
    """Where a name of ours gets another value: `setattr(module, ...)`, `setattr("appraisal...", ...)`, `Class.method = ...`."""
    ours = _our_modules_and_classes(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _replaces(node.func):
            of = node.args[0]
            is_named = isinstance(of, ast.Constant) and str(of.value).startswith("appraisal.")
            if is_named or _root(of) in ours:
                yield node
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _root(node) in ours:
            yield node


def _replaces(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in REPLACING
    return isinstance(function, ast.Attribute) and function.attr in REPLACING | REPLACING_BY_MOCK


def _root(node: ast.expr) -> str:
    """`a` of `a.b.c`."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _our_modules_and_classes(tree: ast.Module) -> set[str]:
    """By the names under which they were imported."""
    ours = {"appraisal"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            ours |= {
                alias.asname for alias in node.names if alias.asname and alias.name.startswith("appraisal.")
            }
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "appraisal":
            room = ROOT.joinpath(*(node.module or "").split("."))
            ours |= {
                alias.asname or alias.name
                for alias in node.names
                if alias.name[0].isupper()
                or (room / f"{alias.name}.py").exists()
                or (room / alias.name).is_dir()
            }
    return ours
