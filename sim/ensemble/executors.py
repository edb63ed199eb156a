"""Where blocks are computed. The executor never changes a result (a test compares the bits)."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

PROCESSES_FROM = 100_000  # runs below which a second process costs more than it brings (measured)


def workers_for(runs: int, asked: int | None) -> int:
    """Number of workers: what was asked for, else one below PROCESSES_FROM runs and one a core above."""
    if asked is not None:
        return asked
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if runs < PROCESSES_FROM else cores


def open_executor(kind: str, workers: int) -> Executor:
    """``processes`` or ``threads``."""
    if kind == "threads":
        return ThreadPoolExecutor(workers)
    start = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(start))


def ordered(work: Callable[[Task], Result], tasks: Sequence[Task], kind: str, workers: int) -> Iterator[Result]:
    """Results in the order of the tasks; at most two tasks a worker are under way, so memory stays level."""
    if workers == 1:
        yield from map(work, tasks)
        return
    with open_executor(kind, workers) as executor:
        under_way: list[Future[Result]] = []
        waiting = iter(tasks)
        for task in waiting:
            under_way.append(executor.submit(work, task))
            if len(under_way) >= 2 * workers:
                yield under_way.pop(0).result()
        while under_way:
            yield under_way.pop(0).result()
