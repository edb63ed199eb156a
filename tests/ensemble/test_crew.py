"""Worker processes: some die, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from itertools import count
from multiprocessing.connection import Connection
from operator import neg
from pathlib import Path
from typing import Any

import pytest

from sim.ensemble.crew import WINDOW, WorkersDieError, ordered_by_processes
from sim.ensemble.worker_pool import ordered
from tests.ensemble.helpers import children_of, start_python


def _square(number: int) -> int:
    return number * number


class DiesOn:
    """Work during which the worker kills itself, the first `times` times that it comes to one task."""

    def __init__(self, folder: Path, task: int, times: int, sending: bool = False) -> None:
        self.folder, self.task, self.times, self.sending = folder, task, times, sending

    def __call__(self, task: int) -> Any:
        if task == self.task and len(list(self.folder.iterdir())) < self.times:
            (self.folder / str(time.monotonic_ns())).touch()
            if not self.sending:
                os.kill(os.getpid(), signal.SIGKILL)
            Connection._send = _die_in_the_middle  # type: ignore[attr-defined]
            return b"x" * 4_000_000
        return task * task


def _die_in_the_middle(pipe: Connection[Any, Any], message: bytes) -> None:
    os.write(pipe.fileno(), message)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("kind", ["processes", "threads"])
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_order(kind: str, workers: int) -> None:
    assert list(ordered(_square, range(40), kind, workers)) == [n * n for n in range(40)]
    assert list(ordered(_square, [], kind, workers)) == []


@pytest.mark.parametrize("sending", [False, True])
@pytest.mark.parametrize("times", [1, 2])
def test_the_block_of_a_dead_worker_is_done_again(tmp_path: Path, times: int, sending: bool) -> None:
    work = DiesOn(tmp_path, 3, times, sending)
    assert list(ordered_by_processes(work, range(12), 2)) == [n * n for n in range(12)]
    assert len(list(tmp_path.iterdir())) == times


def test_the_third_death_ends_the_run(tmp_path: Path) -> None:
    done: list[int] = []
    with pytest.raises(WorkersDieError, match="ended unexpectedly 3 times") as told:
        done.extend(ordered_by_processes(DiesOn(tmp_path, 3, 99), range(12), 2))
    assert told.value.exit_code == 70
    assert done == [0, 1, 4]
    assert "\n" not in str(told.value)


def _fails(number: int) -> int:
    if number == 2:
        raise LookupError("no such block")
    return number


class UnsendableError(Exception):
    """Holds what cannot be pickled."""

    def __init__(self) -> None:
        super().__init__(lambda: None)


def _fails_unsendably(number: int) -> int:
    raise UnsendableError


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(LookupError, match="no such block") as told:
        list(ordered_by_processes(_fails, range(9), 2))
    assert "in _fails" in told.value.__notes__[0]
    with pytest.raises(RuntimeError, match="UnsendableError"):
        list(ordered_by_processes(_fails_unsendably, range(9), 2))


def test_few_tasks_are_under_way_and_no_worker_is_left() -> None:
    asked = count()
    results = ordered_by_processes(_square, asked, 2)
    for _ in range(5):
        next(results)
    assert next(asked) <= 5 + WINDOW * 2
    results.close()
    assert multiprocessing.active_children() == []


def _interrupts_itself(number: int) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return number


def test_workers_leave_ctrl_c_to_their_parent() -> None:
    assert list(ordered_by_processes(_interrupts_itself, range(6), 2)) == list(range(6))


def test_a_process_with_threads_is_not_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert list(ordered_by_processes(neg, range(3), 1)) == [0, -1, -2]
    finally:
        stop.set()
        thread.join()


def test_no_orphans_when_the_parent_is_killed(tmp_path: Path) -> None:
    parent = start_python("tests.ensemble.play_into", [tmp_path / "run", 10_000_000, 2, 2])
    assert parent.stdout is not None
    assert parent.stdout.readline() == "playing\n"
    workers = children_of(parent.pid)
    assert len(workers) == 2
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{worker}").exists() for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


if sys.platform != "linux":
    del test_no_orphans_when_the_parent_is_killed  # it reads /proc
