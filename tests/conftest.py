"""How every test runs: laws are searched without a clock, which a busy machine would make fail by chance.

Two tiers. Every test is marked `fast` except those named in `SLOW` and those marked `office` or `soak`.
`pytest -m fast` runs the fast ones, for while one works; plain `pytest` runs them all, before a change goes in.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")

TESTS = Path(__file__).parent

SLOW = (
    "admin/test_demo.py",
    "admin/test_purge.py",
    "admin/test_simulate.py",
    "admin/test_verify.py",
    "hr/test_folder.py",
    "hr/test_folder_elsewhere.py",
    "hr/test_folder_in_time.py",
    "ledger/test_history.py",
    "ledger/test_killed.py",
    "pipeline/test_a_year_in_a_shop.py",
    "pipeline/test_any_order_of_arrival.py",
    "pipeline/test_cluster.py",
    "pipeline/test_every_rule_at_once.py",
    "pipeline/test_every_scheme.py",
    "pipeline/test_import_exports.py",
    "pipeline/test_month_of_its_own.py",
    "pipeline/test_months_that_remember.py",
    "pipeline/test_next_month.py",
    "pipeline/test_one_pass.py::test_two_runs_give_identical_bytes",
    "pipeline/test_other_papers.py",
    "pipeline/test_plans_that_come_back.py",
    "pipeline/test_saved_by_libreoffice.py",
    "pipeline/test_schemes_of_a_shop.py",
    "pipeline/test_watch.py",
    "pipeline/test_watch_in_trouble.py",
    "publish/test_form_copies.py",
    "publish/test_pages_in_browser.py",
    "publish/test_papers_in_office.py",
    "publish/test_result_print.py",
    "publish/test_result_recalculation.py",
    "publish/test_result_sheets.py",
    "publish/test_returned_workbook.py",
    "reliability/",
    "scheme/test_changing_any_rule_file.py",
    "scheme/test_new_method.py",
    "scoring/test_whole_grammar.py",
    "test_benchmarks.py",
    "test_packaging.py",
    "test_readme.py",
)
"""Folders, files and `file::test` that are for the whole suite only: what takes over half a second of a
processor, by itself or all together. Rather make a test faster than name it here."""


def is_slow(where: str) -> bool:
    """Whether a file, or a test as `file::Class::test[case]`, is named in `SLOW`, or lies in what is."""
    return any(where.startswith(one) for one in SLOW)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """The fast tier does not even import the slow files: some make their inputs when they are imported."""
    is_fast_tier = config.option.markexpr == "fast"
    return True if is_fast_tier and is_slow(collection_path.relative_to(TESTS).as_posix()) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the fast ones, before pytest looks at `-m`."""
    for item in items:
        where = item.path.relative_to(TESTS).as_posix() + "::" + item.nodeid.partition("::")[2]
        if not is_slow(where) and not any(item.iter_markers("office")) and not any(item.iter_markers("soak")):
            item.add_marker("fast")
