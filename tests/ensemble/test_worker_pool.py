"""Worker processes: some die, and nothing is lost."""

from __future__ import annotations

import multiprocessing
import pickle
import sys
import threading
import time
from itertools import count
from operator import neg
from pathlib import Path
from typing import Any

import pytest

from sim.ensemble import worker_pool
from sim.ensemble.finished_blocks import BlockFiles, Task
from sim.ensemble.worker_pool import WINDOW, WorkersDieError, ordered
from sim.inputs.scenario import Scenario
from tests.ensemble.helpers import children_of, start_python
from tests.ensemble.work import DiesOn, fails, fails_unsendably, interrupts_itself, square


def _in_processes(work: Any, tasks: Any, workers: int) -> Any:
    return worker_pool._by_processes(work, tasks, workers)


@pytest.mark.parametrize("kind", ["processes", "threads"])
@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_order(kind: str, workers: int) -> None:
    assert list(ordered(square, range(40), kind, workers)) == [n * n for n in range(40)]
    assert list(ordered(square, [], kind, workers)) == []


@pytest.mark.parametrize("times", [1, 2])
def test_the_block_of_a_dead_worker_is_done_again(tmp_path: Path, times: int) -> None:
    work = DiesOn(tmp_path, 3, times)
    assert list(_in_processes(work, range(12), 2)) == [n * n for n in range(12)]
    assert len(list(tmp_path.iterdir())) == times


def test_the_third_death_ends_the_run(tmp_path: Path) -> None:
    done: list[int] = []
    with pytest.raises(WorkersDieError, match="ended unexpectedly 3 times") as told:
        done.extend(_in_processes(DiesOn(tmp_path, 3, 99), range(12), 2))
    assert told.value.exit_code == 70
    assert done == [0, 1, 4][: len(done)]
    assert "\n" not in str(told.value)


def test_an_error_in_a_worker_is_raised_here() -> None:
    with pytest.raises(LookupError, match="no such block") as told:
        list(_in_processes(fails, range(9), 2))
    assert "in fails" in str(told.value.__cause__)
    # once Dask is imported, as by an earlier test, an error is sent with those before it: the worker cannot, and ends
    with pytest.raises(Exception, match=r"pickle|local object|ended unexpectedly"):
        list(_in_processes(fails_unsendably, range(9), 2))


def test_few_tasks_are_under_way_and_no_worker_is_left() -> None:
    asked = count()
    results = _in_processes(square, asked, 2)
    for _ in range(5):
        next(results)
    assert next(asked) <= 5 + WINDOW * 2
    results.close()
    assert multiprocessing.active_children() == []


def test_workers_leave_ctrl_c_to_their_parent() -> None:
    assert list(_in_processes(interrupts_itself, range(6), 2)) == list(range(6))


def test_a_process_with_threads_is_not_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert list(_in_processes(neg, range(3), 1)) == [0, -1, -2]
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


def test_answers_of_blocks_are_short(tmp_path: Path, brief: Scenario) -> None:
    """A worker that is killed while it sends a long answer would leave half a message, and everybody waits for ever."""
    files = BlockFiles(tmp_path / "blocks", brief, 7)
    files.make()
    task = Task(0, 100)
    assert len(pickle.dumps((task, files(task)))) < 512  # what a pipe takes in one piece
