"""One writer per folder: a lock of the operating system, released when its process ends, however it ends."""

import errno
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sim.ensemble.safe_files import Folder, cannot_write, prepare
from sim.errors import Busy, CannotWrite

LOCK_NAME = ".lock"
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_held: dict[Path, tuple[int, IO[bytes]]] = {}  # by folder: the thread that holds it (a process's own locks never stop
# itself), and the locked file
_guard = threading.Lock()


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Keep all others from writing to the folder, which is made if need be. The thread that holds it may nest calls.

    Raises Busy when another process (or another thread of this one) holds it, CannotWrite when it cannot be written.
    """
    prepare(folder)
    place, me = folder.resolve(), threading.get_ident()
    with _guard:
        owner = _held.get(place)
        if owner is None:
            _held[place] = me, _lock(place, folder)
        elif owner[0] != me:
            raise _busy(folder)
    if owner is not None:
        yield
        return
    try:
        yield
    finally:
        with _guard:
            _held.pop(place)[1].close()


def lock_again(folder: Path) -> None:
    """Lock a new folder in place of one that this thread held and has moved away. Raises Busy, CannotWrite."""
    prepare(folder)
    place = folder.resolve()
    with _guard:
        owner, moved = _held[place]
        _held[place] = owner, _lock(place, folder)
        moved.close()


def _busy(folder: Path) -> Busy:
    return Busy(f"{folder}: somebody else is writing there; wait until they are done, or choose another --out")


def _lock(place: Path, folder: Path) -> IO[bytes]:
    """The locked file. It is empty and never deleted: after deletion two could hold the lock."""
    try:
        with Folder(place) as here:
            handle = os.fdopen(here.open(LOCK_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab")
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        _take(handle)
    except OSError as error:
        handle.close()
        if error.errno in _TAKEN:
            raise _busy(folder) from None
        raise CannotWrite(f"{folder}: cannot be locked: {error.strerror}", 73) from error
    return handle


if sys.platform == "win32":
    import msvcrt

    def _take(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: IO[bytes]) -> None:
        """Take a record lock, which belongs to this process alone: workers do not inherit it."""
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
