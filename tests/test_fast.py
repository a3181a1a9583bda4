"""The fast tier (tests/conftest.py) looks into every room of the program, and names no test that is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import FAST_ALL_THE_SAME, SLOW, TESTS, is_left_out

ROOMS = sorted(
    path.stem
    for path in (TESTS.parent / "appraisal").iterdir()
    if (path.suffix == ".py" and not path.stem.startswith("__")) or (path / "__init__.py").exists()
)


def files_of(room: str) -> list[Path]:
    return [*TESTS.glob(f"{room}/test_*.py"), *TESTS.glob(f"test_{room}.py")]


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_fast_tests(room: str) -> None:
    """A change anywhere is looked at within the minute."""
    files = [path for path in files_of(room) if not is_left_out(path.relative_to(TESTS).as_posix())]
    assert any("pytestmark = pytest.mark.libreoffice" not in path.read_text("utf-8") for path in files)


@pytest.mark.parametrize("named", SLOW + FAST_ALL_THE_SAME)
def test_what_is_named_is_there(named: str) -> None:
    """A file that was renamed would come into the fast tier unseen."""
    file, _, test = named.partition("::")
    assert (TESTS / file).exists()
    assert test.rpartition("::")[2] in (TESTS / file).read_text("utf-8") if test else True
