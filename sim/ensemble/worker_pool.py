"""Computes blocks in this thread, in threads, in worker processes or on Dask. The choice never changes a result.

A worker process may be killed at any moment, for its memory or by a shutdown. The pool of the standard library reports
that at once if answers are short: a worker that dies while it sends a long one leaves half a message, and the reader
waits for ever (tried). So work in processes writes its result to a file and answers with the file's name. The tasks of
lost workers are done again; the third death ends the run.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent import futures
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, TypeVar

from sim.errors import InputError, SummitryError, did_you_mean

Task = TypeVar("Task")
Result = TypeVar("Result")
Results = Generator[Result, None, None]

KINDS = ("processes", "threads", "dask")
INSECURE = "dask-insecure:"  # prefix of an address whose connections are not protected
PROCESSES_FROM = 100_000  # below this many runs a second process costs more time than it saves (measured)
WINDOW = 4  # tasks per worker that are running or whose results wait for an earlier one
MOST_DEATHS = 3  # the third death ends the run
DASK_WAIT = "10s"  # how long to wait for an answer from the address
DASK_QUIET = 60.0  # seconds without a result after which the scheduler is asked, and has as long to answer
_PROTECTED = ("tls://", "wss://")
_HELD = (signal.SIGINT, signal.SIGTERM)


class WorkersDieError(SummitryError):
    """Worker processes ended unexpectedly, again and again."""


def check_executor(kind: str, insecure: bool = False) -> str:
    """The executor as `run` takes it. Raises InputError for one that is unknown or unprotected.

    >>> check_executor("dask:tcp://10.0.0.1:8786", insecure=True)
    'dask-insecure:tcp://10.0.0.1:8786'
    """
    start, _, address = kind.partition(":")
    if kind in KINDS or kind.startswith(INSECURE):
        return kind
    if start != "dask" or not address.strip():
        raise _refused(kind, f"processes, threads, dask or dask:ADDRESS{did_you_mean(kind, KINDS)}")
    if insecure:
        return INSECURE + address
    if not address.startswith(_PROTECTED):
        reason = "whoever reaches that port could run programs on your workers"
        raise _refused(kind, f"dask:tls://HOST:PORT ({reason}; --insecure if only you can reach it)")
    return kind


def _refused(kind: str, allowed: str) -> InputError:
    return InputError.at("--executor", "executor", kind, allowed)


def workers_for(runs: int, asked: int | None) -> int:
    """Number of workers: as asked, else 1 below PROCESSES_FROM runs and one per core above. Raises InputError."""
    if asked is not None and asked < 1:
        raise InputError.at("--workers", "workers", str(asked), "at least 1")
    return asked or (1 if runs < PROCESSES_FROM else cores())


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def forks() -> bool:
    """Whether a worker starts at once, as a copy of this process. A fork copies one thread only."""
    return sys.platform == "linux" and threading.active_count() == 1


def in_processes(kind: str, workers: int) -> bool:
    """Whether work is done in other processes of this machine, so that answers must be short."""
    return kind == "processes" and workers > 1


def ordered(
    work: Callable[[Task], Result], tasks: Iterable[Task], kind: str = "processes", workers: int = 1
) -> Results[Result]:
    """Results in the order of the tasks; few tasks run at a time, so memory does not grow.

    Raises InputError for an unknown executor, SummitryError when workers keep dying, and what ``work`` raises.
    """
    kind = check_executor(kind)
    if kind.startswith("dask"):
        return _by_dask(work, tasks, kind, workers)
    if workers <= 1:
        return (work(task) for task in tasks)
    return _by_threads(work, tasks, workers) if kind == "threads" else _by_processes(work, tasks, workers)


def _by_threads(work: Callable[[Task], Result], tasks: Iterable[Task], workers: int) -> Results[Result]:
    executor = ThreadPoolExecutor(workers)
    try:
        yield from _through(executor, work, tasks, 2 * workers)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _through(
    executor: Executor,
    work: Callable[[Task], Result],
    tasks: Iterable[Task],
    window: int,
    result: Callable[[Future[Result]], Result] = Future.result,
) -> Iterator[Result]:
    """Results in order from any executor, with at most ``window`` tasks running; ``result`` waits for one."""
    under_way: deque[Future[Result]] = deque()
    for task in tasks:
        under_way.append(executor.submit(work, task))
        if len(under_way) >= window:
            yield result(under_way.popleft())
    while under_way:
        yield result(under_way.popleft())


# -- worker processes --------------------------------------------------------------------------------------------------


def _by_processes(work: Callable[[Task], Result], tasks: Iterable[Task], workers: int) -> Results[Result]:
    """As `ordered`. Tasks that were running when a worker died are done again by a new pool."""
    waiting, deaths = iter(tasks), 0
    under_way: deque[tuple[Task, Future[Result] | None]] = deque()
    pool = _Processes(work, workers)
    try:
        while True:
            under_way += [(task, None) for task in islice(waiting, WINDOW * workers - len(under_way))]
            if not under_way:
                return
            try:
                under_way = deque((task, pool.submit(task) if future is None else future) for task, future in under_way)
                result = under_way[0][1].result()  # type: ignore[union-attr]
            except BrokenExecutor:
                deaths += 1
                pool.end()
                if deaths >= MOST_DEATHS:
                    raise WorkersDieError(
                        f"worker processes ended unexpectedly {deaths} times; finished blocks are kept. "
                        "If memory is short, try fewer --workers"
                    ) from None
                under_way = deque((task, future if _succeeded(future) else None) for task, future in under_way)
                pool = _Processes(work, workers)
                continue
            under_way.popleft()
            yield result
    finally:
        pool.end()


def _succeeded(future: Future[Any] | None) -> bool:
    return future is not None and future.done() and not future.cancelled() and future.exception() is None


class _Processes:
    """The standard pool, with workers that end when this process does: they stop when our end of a pipe closes."""

    def __init__(self, work: Callable[[Any], Any], workers: int) -> None:
        fork = forks()
        context: Any = multiprocessing.get_context("fork" if fork else "spawn")
        theirs, self._ours = context.Pipe(duplex=False)
        given = (work, theirs, self._ours if fork else None)
        self._executor = ProcessPoolExecutor(workers, context, _begin_work, given)

    def submit(self, task: Any) -> Future[Any]:
        with _signals_wait():  # workers are started here
            return self._executor.submit(_do, task)

    def end(self) -> None:
        """Stop all workers."""
        self._ours.close()
        self._executor.shutdown(wait=True, cancel_futures=True)


_work: Callable[[Any], Any]  # of a worker process


def _begin_work(work: Callable[[Any], Any], theirs: Any, ours: Any) -> None:
    """Prepare a worker. ``ours`` is a fork's copy of the parent's end of the pipe: it would keep the pipe open."""
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent answers Ctrl-C
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if ours is not None:
        ours.close()
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)
    threading.Thread(target=_end_with, args=(theirs,), daemon=True).start()


def _end_with(pipe: Any) -> None:
    """End at once, even in the middle of a block, when the parent has died or closed the pipe."""
    wait([pipe])
    os._exit(1)


def _do(task: Any) -> Any:
    return _work(task)


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Hold signals back while a process is started, which would otherwise answer them as its parent does."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -- Dask, imported only here ------------------------------------------------------------------------------------------


def _by_dask(work: Callable[[Task], Result], tasks: Iterable[Task], kind: str, workers: int) -> Results[Result]:
    """As `ordered`, on a cluster of this machine or at an address. Raises InputError where there is none.

    A scheduler whose machine has died or stands still never breaks its connection: it is asked from time to time.
    """
    distributed = _imported("distributed", "dask is not installed")
    address = kind.partition(":")[2]
    with _connected(distributed, address, workers) as client:
        executor = client.get_executor(pure=False, retries=MOST_DEATHS - 1)
        window = 2 * max(workers, sum(client.nthreads().values()))

        def result(future: Future[Result]) -> Result:
            while not futures.wait([future], DASK_QUIET).done:
                there = client.sync(client.scheduler.ncores, callback_timeout=DASK_QUIET)
                if not (there or address):  # Dask has not started anew those of ours that ended: a race of its own
                    raise SummitryError("Dask workers ended unexpectedly; finished blocks are kept")
            return future.result()

        try:
            yield from _through(executor, work, tasks, window, result)
        except distributed.KilledWorker as error:
            raise SummitryError(f"Dask workers ended unexpectedly; finished blocks are kept. {error}") from error
        except (CancelledError, OSError) as error:
            raise SummitryError(f"the Dask cluster is gone; finished blocks are kept. {error}") from error


def _imported(name: str, missing: str) -> Any:
    try:
        return __import__(name)
    except ImportError:
        raise _refused(missing, "install it first: python -m pip install 'summitry[dask]'") from None


@contextmanager
def _connected(distributed: Any, address: str, workers: int) -> Iterator[Any]:
    """A client of the scheduler at the address, or of our own workers with one thread each and no dashboard.

    Other accounts of this machine can reach its ports, so our own cluster accepts only its own certificate.
    """
    if address:
        try:
            client = distributed.Client(address, timeout=DASK_WAIT, set_as_default=False)
        except (OSError, ValueError, RuntimeError, TypeError) as error:
            raise _refused(f"dask:{address}", f"the address of a scheduler ({error})") from error
        with client:
            yield client
        return
    _imported("cryptography", "cryptography is not installed")
    security = distributed.Security.temporary()
    with (
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            security=security,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0", "allowed_failures": MOST_DEATHS - 1},
            silence_logs=logging.CRITICAL,
        ) as cluster,
        distributed.Client(cluster, set_as_default=False, security=security) as client,
    ):
        yield client
