"""How every test runs: laws are searched without a clock, which a busy machine would make fail by chance.

Two tiers. `pytest -m fast` is for while one works: every test but those in the rooms and files of `SLOW` and
those marked `slow`, `libreoffice` or `soak`. Plain `pytest` runs them all, before a change goes in. Searches by chance try
forty examples; `--hypothesis-profile soak` tries a thousand.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Connection, Dialect, Engine, event

settings.register_profile("soak", deadline=None, max_examples=1000)
settings.register_profile("sample", deadline=None, max_examples=40)
settings.load_profile("sample")

TESTS = Path(__file__).parent

SLOW = (
    "admin/",
    "cli/test_mistakes.py",
    "cli/test_screen_gone.py",
    "delivery/test_by_itself.py",
    "delivery/test_circulating.py",
    "delivery/test_killed.py",
    "hr/test_folder.py",
    "hr/test_folder_elsewhere.py",
    "hr/test_folder_in_time.py",
    "hr/test_missing.py",
    "hr/test_payroll.py",
    "hr/test_plan_tracker.py",
    "hr/test_watch_list.py",
    "intake/test_file_name.py",
    "intake/test_form_robustness.py",
    "intake/test_hr_acts.py",
    "intake/test_plan_form.py",
    "ledger/test_history.py",
    "ledger/test_killed.py",
    "ledger/test_opening.py",
    "ledger/test_outcomes.py",
    "pipeline/",
    "publish/test_blank_workbook.py",
    "publish/test_form_copies.py",
    "publish/test_notice_text.py",
    "publish/test_pages_in_browser.py",
    "publish/test_pages_in_libreoffice.py",
    "publish/test_papers_in_libreoffice.py",
    "publish/test_result_print.py",
    "publish/test_result_recalculation.py",
    "publish/test_result_sheets.py",
    "publish/test_returned_workbook.py",
    "publish/test_templates.py",
    "reliability/",
    "scheme/test_changing_any_rule_file.py",
    "scheme/test_differences.py",
    "scheme/test_new_method.py",
    "scheme/test_yaml_text.py",
    "scoring/test_whole_grammar.py",
    "validation/test_marks_that_need_a_record.py",
    "test_benchmarks.py",
    "test_doc_commands.py",
    "test_packaging.py",
    "test_readme.py",
    "test_windows_bundle.py",
)
"""Rooms and files for the whole suite only. A pass of the whole pipeline takes half a second of a processor, so
where most tests make passes the whole room stands here. In other files a test that takes over a quarter of a second
is marked `slow` (`pytest -m fast --durations=30` lists the dearest)."""

FAST_ALL_THE_SAME = (
    "admin/test_doctor.py",
    "admin/test_init.py",
    "pipeline/test_one_pass.py::test_a_faulty_workbook_comes_back_with_everything_that_is_wrong_at_once",
    "pipeline/test_one_pass.py::test_a_good_workbook_becomes_results_notice_slips_and_plans",
    "pipeline/test_one_pass.py::test_other_bytes_before_the_notice_is_issued_are_the_next_revision",
    "pipeline/test_one_pass.py::test_the_same_bytes_again_change_nothing",
    "pipeline/test_one_pass.py::test_the_worked_example_of_the_scheme_comes_out",
    "pipeline/test_plans.py",
    "pipeline/test_rows_that_are_teams.py",
    "pipeline/test_setup.py",
)
"""What of them `-m fast` runs nevertheless, so that a change of the whole is noticed at once."""


def is_slow(where: str) -> bool:
    """Whether a file, or a test as `file::Class::test[case]`, is for the whole suite only."""
    return where.startswith(SLOW) and not where.startswith(FAST_ALL_THE_SAME)


def is_left_out(file: str) -> bool:
    """Whether the fast tier runs nothing of the file."""
    return is_slow(file) and not any(named.startswith(f"{file}::") for named in FAST_ALL_THE_SAME)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The fast tier does not even import what it leaves out."""
    is_fast_tier = config.option.markexpr == "fast"
    return True if is_fast_tier and is_left_out(collection_path.relative_to(TESTS).as_posix()) else None


@pytest.fixture(scope="session", autouse=True)
def one_core() -> Iterator[None]:
    """Each worker counts on a core of its own: a command started in it appraises there, as on a small machine.

    On two cores it would start a process for that, which loads for over a second.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "sched_getaffinity", lambda _process: {0}, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def sql_compiled_once() -> Iterator[None]:
    """A statement is compiled once a worker, not once a ledger: each test has ledgers of its own, all of one shape."""
    dialects: dict[str, Dialect] = {}
    compiled: dict[object, object] = {}

    def share(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            connection.dialect = dialects.setdefault("sqlite", connection.dialect)
            connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", share)
    yield
    event.remove(Engine, "engine_connect", share)


def pytest_collection_finish() -> None:
    """What is loaded and collected stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the fast ones, before pytest looks at `-m`."""
    for item in items:
        where = item.path.relative_to(TESTS).as_posix() + "::" + item.nodeid.partition("::")[2]
        is_marked = any(item.get_closest_marker(name) for name in ("slow", "libreoffice", "soak"))
        if not is_marked and not is_slow(where):
            item.add_marker("fast")
