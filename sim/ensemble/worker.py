"""What a worker process does: one task after another, until nobody is there to give it any."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any


def labour(work: Callable[[Any], Any], pipe: Connection[Any, Any], not_ours: list[Connection[Any, Any]]) -> None:
    """Answer every task with ``(None, result)``, or with ``(error, None)``.

    Ctrl-C is the parent's business. ``not_ours`` are the ends of pipes that a fork copied: while they are open here,
    nobody else would see them close.
    """
    _let_signals_in()
    for other in not_ours:
        other.close()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            task = pipe.recv()
            _answer(pipe, work, task)
        except (EOFError, OSError):
            return


def _answer(pipe: Connection[Any, Any], work: Callable[[Any], Any], task: Any) -> None:
    try:
        answer: tuple[Exception | None, Any] = (None, work(task))
    except Exception as error:
        error.add_note("in a worker process:\n" + traceback.format_exc())
        answer = (_portable(error), None)
    pipe.send(answer)


def _portable(error: Exception) -> Exception:
    """The error, or what it says if it cannot be sent."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _end_with_parent() -> None:
    """End at once when the parent has died, even in the middle of a block: no orphans."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


@contextmanager
def signals_wait() -> Iterator[None]:
    """Signals wait while a process is started, which would otherwise answer them as its parent does."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _let_signals_in() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)


_HELD = (signal.SIGINT, signal.SIGTERM)
