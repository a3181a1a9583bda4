"""HR's folder of many groups, looked at and written by workers: the same bytes, whatever becomes of a worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from appraisal.hr.facts import BATCH
from appraisal.processes.executors import Errand, executor_for
from appraisal.processes.sandbox import WorkerPool
from tests.builders.submissions import NOVEMBER
from tests.hr.hr_shop import Shop, opened, roster

GROUPS = [f"{number}店" for number in range(1, BATCH + 3)]
STAFF = 6
OCTOBER = NOVEMBER.shifted(-1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """More groups than are read together: one was asked for plans in October, one has no November yet."""
    people = roster(**dict.fromkeys(GROUPS, STAFF))
    with opened(tmp_path_factory.mktemp("shop"), people=people) as one:
        for group in GROUPS[-2:]:
            one.month(group, OCTOBER, staff=STAFF, last="KF004")
        one.issue(GROUPS[-2], OCTOBER)
        for group in GROUPS[:-1]:
            one.month(group, staff=STAFF, last="KF004")
        yield one


@pytest.fixture(scope="module")
def here(shop: Shop) -> dict[str, bytes]:
    """The folder as this process makes it alone."""
    return shop.documents()


class Watched(Executor):
    """A pool of one worker that counts what it is given."""

    def __init__(self) -> None:
        self.pool = WorkerPool(1)
        self.given = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        return self.pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as in Executor
        self.pool.shutdown(wait, cancel_futures=cancel_futures)


class Deadly(Watched):
    """Whose worker dies over one task, and whatever else it was given by then."""

    def __init__(self, over: int) -> None:
        super().__init__()
        self.over = over

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.given == self.over:
            fn, args, kwargs = os._exit, (1,), {}
        return super().submit(fn, *args, **kwargs)


def test_workers_make_the_same_folder(shop: Shop, here: dict[str, bytes]) -> None:
    """Looking at the groups and writing most documents is theirs."""
    with Watched() as executor:
        assert shop.documents(executor=executor) == here
    assert executor.given > len(here) // 2


def test_a_cluster_makes_the_same_folder(shop: Shop, here: dict[str, bytes]) -> None:
    """The groups' facts and the documents' values travel, no ledger does."""
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        executor_for(1, cluster.scheduler_address) as executor,
    ):
        assert shop.documents(executor=executor) == here


TASKS = 8
"""Two batches of groups, those of last month, two notices, and the lists but the largest."""


@pytest.mark.parametrize(
    "over",
    [
        one if one in {0, TASKS // 2, TASKS - 1} else pytest.param(one, marks=pytest.mark.soak)
        for one in range(TASKS)
    ],
)
def test_a_worker_that_dies_costs_nothing(shop: Shop, here: dict[str, bytes], over: int) -> None:
    """Whichever task it dies over (in the suite the first, one between and the last), that one and all it was given besides are done here."""
    with Deadly(over) as executor:
        assert shop.documents(executor=executor) == here
    assert executor.given > over


def test_a_mistake_of_ours_is_raised_wherever_it_happened() -> None:
    """Another try makes the same mistake: the folder is not written by halves."""
    with Watched() as executor:
        for place in (executor, None):
            with pytest.raises(TypeError):
                Errand(place, len, BATCH).result()


def test_a_few_groups_are_not_worth_the_way(tmp_path: Path) -> None:
    """A worker would have to load what HR's documents need first."""
    with opened(tmp_path, people=roster(一店=STAFF, 二店=STAFF)) as few, Watched() as executor:
        few.month("一店", staff=STAFF)
        few.month("二店", staff=STAFF)
        assert few.documents(executor=executor) == few.documents()
    assert executor.given == 0
