"""The one gate for files that Summitry writes or deletes: whole or not at all, and never through a link.

A results folder may come from a stranger, or be shared. Names in it are reached through a descriptor of the folder,
so that a link put in the way later leads nowhere; links that are there are replaced or refused, not followed; a file
that is not yet whole has a name that nobody can foresee and plant a link at.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from sim.errors import CannotWrite, Fault, InputError, Place, clean_lines

UNFINISHED = ".part-"  # how the names of files that are not yet whole begin
_LEFT_BEHIND = re.compile(r"\.part-[0-9a-f]{32}")
_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd and os.unlink in os.supports_dir_fd
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_IS_LINK = (errno.ELOOP, errno.ENOTDIR, errno.EMLINK)


class Folder:
    """A folder held open. Names are plain names in it. Every method raises OSError."""

    def __init__(self, path: Path, descriptor: int | None = None) -> None:
        self.path = path
        self._descriptor = descriptor
        if descriptor is None and _BY_DESCRIPTOR:
            self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _at(self, name: str) -> tuple[str, dict[str, Any]]:
        """How the system is told a name: relative to the descriptor where that can be."""
        if self._descriptor is None:
            return str(self.path / name), {}
        return name, {"dir_fd": self._descriptor}

    def open(self, name: str, flags: int) -> int:
        """A descriptor of a file that is no link."""
        path, where = self._at(name)
        return os.open(path, flags | _NO_LINK | getattr(os, "O_BINARY", 0), 0o666, **where)

    def sha256(self, name: str) -> str:
        """Of a file in it, in hexadecimal."""
        with os.fdopen(self.open(name, os.O_RDONLY), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def create(self, name: str) -> IO[bytes]:
        """A new file to write to."""
        return os.fdopen(self.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")

    def rename(self, old: str, new: str) -> None:
        """Take the place of what is called ``new``; a link of that name is replaced itself."""
        if self._descriptor is None:
            os.replace(self.path / old, self.path / new)
        else:
            os.replace(old, new, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Take away a file, or a link itself."""
        path, where = self._at(name)
        os.unlink(path, **where)

    def sub(self, name: str) -> Folder:
        """A folder in it that is no link."""
        if self._descriptor is None:
            if (self.path / name).is_symlink():
                raise OSError(errno.ELOOP, "it is a link", name)
            return Folder(self.path / name)
        return Folder(self.path / name, self.open(name, os.O_RDONLY | os.O_DIRECTORY))

    def names(self) -> list[str]:
        return sorted(os.listdir(self.path if self._descriptor is None else self._descriptor))

    def settle(self) -> None:
        """Let new names reach the disk, where that can be asked for."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)


def inside(parent: Path, name: str) -> Path:
    """``parent/name``, when it is a plain name and no link leads elsewhere. Raises InputError."""
    path = parent / name
    leaves = name in ("", ".", "..") or Path(name).name != name or "\\" in name or "\0" in name
    if leaves or (_is_link(path) and not _stays(path, parent)):
        fault = Fault(Place(str(path), 0, 0), "--out", "leads out of the folder", f"a folder that lies in {parent}")
        raise InputError([fault])
    return path


def _is_link(path: Path) -> bool:
    """Raises CannotWrite for a name that no file can have."""
    try:
        return path.is_symlink()
    except OSError as error:
        raise cannot_write(path, error) from error


def _stays(path: Path, parent: Path) -> bool:
    """Whether a link leads to something inside the folder it lies in. A loop does not."""
    try:
        return path.resolve(strict=True).is_relative_to(parent.resolve())
    except (OSError, RuntimeError):
        return False


def prepare(folder: Path) -> None:
    """Make the folder and see that a file can be written there, before any work. Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with Folder(folder) as here:
            name = _unforeseeable()
            file = here.create(name)
            try:
                with file:
                    file.write(b"can this be written?")
            except OSError as error:
                raise cannot_finish(folder, error) from error
            finally:
                here.remove(name)
    except OSError as error:
        raise cannot_write(folder, error) from error


def subfolder(folder: Path, name: str) -> Folder:
    """A folder in a folder of ours, made if need be. Raises CannotWrite, also where a link stands in its place."""
    path = folder / name
    try:
        with Folder(folder) as here, suppress(FileExistsError):
            where, at = here._at(name)
            os.mkdir(where, **at)
        with Folder(folder) as here:
            return here.sub(name)
    except OSError as error:
        if error.errno in _IS_LINK:
            raise CannotWrite(f"{path}: is a link or no folder; Summitry does not write through it", 73) from error
        raise cannot_write(path, error) from error


def remove_own_folder(folder: Path, belongs: re.Pattern[str]) -> None:
    """Take away a folder's files whose names match, and it itself if nothing else is in it; no link is followed."""
    with suppress(OSError), Folder(folder.parent) as parent:
        with parent.sub(folder.name) as here:
            for name in here.names():
                if belongs.fullmatch(name) or _LEFT_BEHIND.fullmatch(name):
                    with suppress(OSError):
                        here.remove(name)
        path, where = parent._at(folder.name)
        os.rmdir(path, **where)


def clean(folder: Path) -> None:
    """Take away what an earlier run left half-written. Only whoever holds the folder may do so."""
    for within in (".", "figures"):
        with suppress(OSError), Folder(folder) as outer, outer.sub(within) as here:
            for name in filter(_LEFT_BEHIND.fullmatch, here.names()):
                with suppress(OSError):
                    here.remove(name)


def half_written(folder: Path) -> bool:
    """Whether there is something to clean."""
    return any(_LEFT_BEHIND.fullmatch(path.name) for path in folder.glob(f"{UNFINISHED}*"))


def cannot_finish(path: Path, error: OSError) -> CannotWrite:
    """The one line for a disk that fills up or fails while a file is written."""
    return CannotWrite(f"{path}: writing failed: {error.strerror or error}; nothing half-written was left", 74)


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """The one line for a place that cannot be written to."""
    return CannotWrite(f"{path}: cannot write there: {error.strerror or error}", 73)


def _unforeseeable() -> str:
    return UNFINISHED + secrets.token_hex(16)


class WholeFiles:
    """Files of one folder that appear together when the block ends well, and not at all when it does not.

    ``within`` names a folder in it, made if need be, that must be no link. Without ``settle`` the bytes need not have
    reached the disk: enough for what a check sum guards.

    >>> with WholeFiles(folder) as files:          # doctest: +SKIP
    ...     files.write("outcomes.csv", [b"..."])
    """

    def __init__(self, folder: Path, within: str | None = None, settle: bool = True) -> None:
        self._path = folder if within is None else folder / within
        self._settle = settle
        self._ready: list[tuple[str, str]] = []
        try:
            self._folder = Folder(folder) if within is None else subfolder(folder, within)
        except OSError as error:
            raise cannot_write(folder, error) from error

    def __enter__(self) -> WholeFiles:
        return self

    def write(self, name: str, pieces: Iterable[bytes | memoryview], first: bool = False) -> None:
        """Write the pieces to a file that is not yet there under its name, which it takes in order or ``first`` of all.

        Raises CannotWrite.
        """
        with self.file(name) as file:
            for piece in pieces:
                file.write(piece)
        if first:
            self._ready.insert(0, self._ready.pop())

    def sha256(self, name: str) -> str:
        """Of a file that was written. Raises OSError."""
        return self._folder.sha256(next(hidden for hidden, final in self._ready if final == name))

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write to; it takes its name with the others. Raises CannotWrite."""
        final, hidden = inside(self._path, name), _unforeseeable()
        try:
            with self._folder.create(hidden) as file:
                self._ready.append((hidden, name))
                yield file
                file.flush()
                if self._settle:
                    os.fsync(file.fileno())
        except OSError as error:
            raise cannot_finish(final, error) from error

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            if kind is None:
                for hidden, name in self._ready:
                    self._folder.rename(hidden, name)
                if self._settle:
                    self._folder.settle()
        except OSError as failure:
            raise cannot_finish(self._path, failure) from failure
        finally:
            for hidden, _name in self._ready:
                with suppress(OSError):  # it has its name, or the disk is read-only, which was said
                    self._folder.remove(hidden)
            self._folder.close()


def write_whole(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """One file, whole or not at all. Raises CannotWrite."""
    with WholeFiles(path.parent) as files:
        files.write(path.name, pieces)


def write_text(path: Path, text: str) -> None:
    """A text that a person reads, whole or not at all, cleaned of what a terminal would obey; its folder is made.

    Raises CannotWrite.
    """
    prepare(path.parent)
    write_whole(path, [clean_lines(text).encode()])
