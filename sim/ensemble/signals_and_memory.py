"""Settings of this process: which signals stop it cleanly, and what happens to memory that it frees.

SIGTERM (a time limit, a shutdown, a closed terminal) stops a run as Ctrl-C does. The arrays of a month are freed at
once; glibc then returns the pages to the kernel and fetches them again one by one a moment later, which was measured to
take three quarters of the time of the arguments. Nothing is done about that without glibc.
"""

from __future__ import annotations

import ctypes
import gc
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
    """Make these signals raise KeyboardInterrupt meanwhile; outside the main thread, where it cannot, do nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {stop: signal.getsignal(stop) for stop in _STOPS}
    for stop, answer in before.items():
        if answer == signal.SIG_DFL:  # leave a signal that is ignored (nohup) or has a handler as it is
            signal.signal(stop, _interrupt)
    try:
        yield
    finally:
        for stop, answer in before.items():
            if signal.getsignal(stop) is _interrupt:
                signal.signal(stop, answer)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def collect_rarely() -> None:
    """Look for unreachable cycles after 50,000 new objects, not 700: a run makes many objects and few cycles."""
    gc.set_threshold(50_000, 20)


@cache
def keep_freed_memory() -> None:
    """Ask the C library, once per process, not to return freed memory below 256 MiB."""
    if not sys.platform.startswith("linux"):
        return
    adjust = getattr(ctypes.CDLL(None), "mallopt", None)
    if adjust is not None:
        for setting, size in ((_TRIM_THRESHOLD, 1 << 28), (_TOP_PAD, 1 << 24), (_MMAP_THRESHOLD, 1 << 25)):
            adjust(setting, size)


def let_go_of_pages(array: npt.NDArray[Any]) -> None:
    """Free the touched pages of a memory-mapped array; they are read again when needed."""
    _advise(array, "MADV_DONTNEED")


def in_single_pages(array: npt.NDArray[Any]) -> None:
    """Have a memory-mapped array take memory only for the pages that are touched, not for the 2 MB around each.

    A block touches a little of every row; on file systems with large folios that was measured to load all rows.
    """
    _advise(array, "MADV_RANDOM")


def _advise(array: npt.NDArray[Any], advice: str) -> None:
    """Advise the system on a memory-mapped array; does nothing for other arrays or where the system cannot."""
    base: Any = array
    while base is not None and not isinstance(base, mmap.mmap):
        base = getattr(base, "base", None)
    if base is not None and hasattr(mmap, advice):
        base.madvise(getattr(mmap, advice))
