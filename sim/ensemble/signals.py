"""SIGTERM (a time limit, a shutdown, a closed terminal) stops a run as Ctrl-C does: in order."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def stops_are_interrupts() -> Iterator[None]:
    """Meanwhile these signals raise KeyboardInterrupt; in the main thread only, since only there it can be arranged."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {stop: signal.getsignal(stop) for stop in _STOPS}
    for stop, answer in before.items():
        if answer == signal.SIG_DFL:  # who ignores them (nohup) or answers them in another way has a reason
            signal.signal(stop, _interrupt)
    try:
        yield
    finally:
        for stop, answer in before.items():
            if signal.getsignal(stop) is _interrupt:
                signal.signal(stop, answer)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
