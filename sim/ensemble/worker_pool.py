"""Where blocks are computed. The executor never changes a result (a test compares the bits)."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TypeVar

from sim.errors import Fault, InputError, Place, did_you_mean

Task = TypeVar("Task")
Result = TypeVar("Result")

KINDS = ("processes", "threads", "dask")
PROCESSES_FROM = 100_000  # runs below which a second process costs more than it brings (measured)
AHEAD = 2  # tasks a worker has at a time, so that it need not wait for the next


def check_executor(kind: str) -> None:
    """Raises InputError for what is no executor."""
    if kind not in KINDS and not (kind.startswith("dask:") and kind.removeprefix("dask:").strip()):
        allowed = f"processes, threads, dask or dask:ADDRESS{did_you_mean(kind, KINDS)}"
        raise InputError([Fault(Place("--executor", 0, 0), "executor", kind, allowed)])


def workers_for(runs: int, asked: int | None) -> int:
    """Number of workers: what was asked for, else one below PROCESSES_FROM runs and one a core above."""
    if asked is not None and asked < 1:
        raise InputError([Fault(Place("--workers", 0, 0), "workers", str(asked), "at least 1")])
    return asked or (1 if runs < PROCESSES_FROM else cores())


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered(
    work: Callable[[Task], Result], tasks: Iterable[Task], kind: str = "processes", workers: int = 1
) -> Generator[Result, None, None]:
    """Results in the order of the tasks; few tasks are under way at a time, so memory stays level.

    Raises InputError for an unknown executor, SummitryError when workers keep dying.
    """
    check_executor(kind)
    if kind.startswith("dask"):
        from sim.ensemble.dask_executor import ordered_by_dask

        return ordered_by_dask(work, tasks, kind.removeprefix("dask").removeprefix(":"), workers)
    if workers <= 1:
        return (work(task) for task in tasks)
    if kind == "threads":
        return _by_threads(work, tasks, workers)
    from sim.ensemble.crew import ordered_by_processes

    return ordered_by_processes(work, tasks, workers)


def _by_threads(work: Callable[[Task], Result], tasks: Iterable[Task], workers: int) -> Generator[Result, None, None]:
    executor = ThreadPoolExecutor(workers)
    try:
        yield from through(executor, work, tasks, AHEAD * workers)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def through(executor: Executor, work: Callable[[Task], Result], tasks: Iterable[Task], window: int) -> Iterator[Result]:
    """Results in order from any executor, at most ``window`` tasks under way."""
    under_way: deque[Future[Result]] = deque()
    for task in tasks:
        under_way.append(executor.submit(work, task))
        if len(under_way) >= window:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()
