"""Worker processes that may die: each has its own pipe, so the death of one is seen and its blocks are done again.

With ``ProcessPoolExecutor`` all workers share one pipe; one that is killed while it sends a block leaves half a
message there, and everybody waits for ever (tried: it does, and a test here kills one so).
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from sim.ensemble.worker import labour, signals_wait
from sim.ensemble.worker_pool import AHEAD
from sim.errors import SummitryError

Task = TypeVar("Task")
Result = TypeVar("Result")

MOST_DEATHS = 3  # the third death ends the run
WINDOW = 4  # tasks a worker that may be under way or wait for an earlier one


class WorkersDieError(SummitryError):
    """Worker processes ended unexpectedly, again and again."""


@dataclass
class _Worker:
    process: BaseProcess
    pipe: Connection[Any, Any]
    places: deque[int] = field(default_factory=deque)  # of its tasks, in the order in which it does them


def ordered_by_processes(
    work: Callable[[Task], Result], tasks: Iterable[Task], workers: int
) -> Generator[Result, None, None]:
    """Results in the order of the tasks. Raises WorkersDieError at the third death, and what ``work`` raises."""
    crew = _Crew(work, enumerate(tasks))
    try:
        crew.hire(workers)
        yield from crew.results()
    finally:
        crew.end()


class _Crew:
    """The workers, what each has to do, and the results that came before their turn."""

    def __init__(self, work: Callable[[Any], Any], tasks: Iterator[tuple[int, Any]]) -> None:
        self._work = work
        self._waiting = tasks
        self._under_way: dict[int, Any] = {}  # tasks by place
        self._lost: deque[int] = deque()  # places of tasks whose worker died
        self._done: dict[int, Any] = {}
        self._deaths = 0
        self._workers: list[_Worker] = []
        self._fork = sys.platform == "linux" and threading.active_count() == 1  # a fork copies one thread only

    def results(self) -> Iterator[Any]:
        """Hand out tasks, take in results, and pass them on in order."""
        turn = 0
        while self._hand_out() or self._done:
            while turn in self._done:
                yield self._done.pop(turn)
                turn += 1
            if self._under_way:
                self._take_in()

    def hire(self, count: int) -> None:
        """That many more workers."""
        context: Any = multiprocessing.get_context("fork" if self._fork else "spawn")
        for _ in range(count):
            ours, theirs = context.Pipe()
            not_theirs = [ours, *(worker.pipe for worker in self._workers)] if self._fork else []
            with signals_wait():
                process = context.Process(target=labour, args=(self._work, theirs, not_theirs), daemon=True)
                process.start()
            theirs.close()
            self._workers.append(_Worker(process, ours))

    def end(self) -> None:
        """No worker is left."""
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            _see_off(worker)

    def _hand_out(self) -> int:
        """Give every worker enough to do; the number of tasks under way."""
        for _ in range(AHEAD):
            for worker in self._workers:
                if len(worker.places) < AHEAD and (place := self._next_place()) is not None:
                    worker.places.append(place)
                    _send(worker.pipe, self._under_way[place])
        return len(self._under_way)

    def _next_place(self) -> int | None:
        """Place of the next task to do, if there is one and room for its result."""
        if self._lost:
            return self._lost.popleft()
        if len(self._under_way) + len(self._done) >= WINDOW * len(self._workers):
            return None
        for place, task in self._waiting:
            self._under_way[place] = task
            return place
        return None

    def _take_in(self) -> None:
        """Wait for results, or for the end of a worker."""
        ready = wait([worker.pipe for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                failure, result = worker.pipe.recv()
            except (EOFError, OSError):
                self._replace(worker)
                continue
            if failure is not None:
                raise failure
            place = worker.places.popleft()
            del self._under_way[place]
            self._done[place] = result

    def _replace(self, dead: _Worker) -> None:
        """A new worker; what the dead one had to do is done again. Raises WorkersDieError."""
        self._deaths += 1
        self._workers.remove(dead)
        status = _see_off(dead)
        if self._deaths >= MOST_DEATHS:
            raise WorkersDieError(
                f"worker processes ended unexpectedly {self._deaths} times (the last with status {status}); "
                "finished blocks are kept. If memory is short, try fewer --workers"
            )
        self._lost.extend(dead.places)
        self.hire(1)


def _send(pipe: Connection[Any, Any], task: Any) -> None:
    """A worker that has died cannot take it; that is seen when its pipe is read."""
    try:
        pipe.send(task)
    except OSError:
        return


def _see_off(worker: _Worker) -> int | None:
    """Wait for the end of a worker, with force if it takes long; its exit status."""
    worker.pipe.close()
    worker.process.join(5)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    status = worker.process.exitcode
    worker.process.close()
    return status
