"""What this process asks of the system: signals that stop it in order, and what becomes of memory that it frees.

SIGTERM (a time limit, a shutdown, a closed terminal) stops a run as Ctrl-C does. A month of arrays is freed at once;
glibc then gives the pages back to the kernel and fetches them again one by one a moment later, which was measured to
cost three quarters of the time of the arguments. Elsewhere than on glibc nothing is done about that.
"""

from __future__ import annotations

import ctypes
import mmap
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

_STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3  # numbers of mallopt(3)


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


@cache
def keep_freed_memory() -> None:
    """Ask the C library, once a process, not to return freed memory below 256 MiB."""
    if not sys.platform.startswith("linux"):
        return
    adjust = getattr(ctypes.CDLL(None), "mallopt", None)
    if adjust is not None:
        for setting, size in ((_TRIM_THRESHOLD, 1 << 28), (_TOP_PAD, 1 << 24), (_MMAP_THRESHOLD, 1 << 25)):
            adjust(setting, size)


def let_go_of_pages(array: npt.NDArray[Any]) -> None:
    """Free what was touched of an array that is a map of a file: it is read again when it is needed again."""
    _advise(array, "MADV_DONTNEED")


def in_single_pages(array: npt.NDArray[Any]) -> None:
    """Have an array that is a map of a file take memory for the pages that are touched, not for the 2 MB around each.

    A block touches a little of every row, which on file systems with large folios was measured to hold all rows.
    """
    _advise(array, "MADV_RANDOM")


def _advise(array: npt.NDArray[Any], advice: str) -> None:
    """Nothing is done for other arrays, and where the system cannot do it."""
    base: Any = array
    while base is not None and not isinstance(base, mmap.mmap):
        base = getattr(base, "base", None)
    if base is not None and hasattr(mmap, advice):
        base.madvise(getattr(mmap, advice))
