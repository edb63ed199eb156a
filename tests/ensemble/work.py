"""Work that tests give to workers. Every spawned worker imports this file: it imports nothing of ours and no NumPy."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def square(number: int) -> int:
    return number * number


def slowly(task: int) -> int:
    time.sleep(0.3)
    return task


def fails(number: int) -> int:
    if number == 2:
        raise LookupError("no such block")
    return number


class UnsendableError(Exception):
    """Holds what cannot be pickled."""

    def __init__(self) -> None:
        super().__init__(lambda: None)


def fails_unsendably(number: int) -> int:
    raise UnsendableError


def interrupts_itself(number: int) -> int:
    os.kill(os.getpid(), signal.SIGINT)
    return number


class DiesOn:
    """Work during which the worker kills itself, the first `times` times that it comes to one task."""

    def __init__(self, folder: Path, task: int, times: int) -> None:
        self.folder, self.task, self.times = folder, task, times

    def __call__(self, task: int) -> int:
        if task == self.task and len(list(self.folder.iterdir())) < self.times:
            (self.folder / str(time.monotonic_ns())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return task * task
