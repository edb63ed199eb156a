"""Writes and deletes all of Summitry's files: whole or not at all, and never through a link.

A results folder may come from a stranger, or be shared. Files are opened relative to a descriptor of the folder, so a
link put in its path later has no effect; links in it are replaced or refused, never followed; an unfinished file has a
random name, so that nobody can put a link there beforehand.
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

from sim.errors import CannotWrite, InputError, clean_lines

FIGURES = "figures"  # the folder of pictures in a results folder
UNFINISHED = ".part-"  # prefix of the names of unfinished files
_LEFT_BEHIND = re.compile(r"\.part-[0-9a-f]{32}")
_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.rename in os.supports_dir_fd and os.unlink in os.supports_dir_fd
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # for whoever might open the other end of a pipe
_IS_LINK = (errno.ELOOP, errno.ENOTDIR, errno.EMLINK)


class Folder:
    """An open folder. Names are plain names in it. Every method raises OSError."""

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
        """A name and options for the system: relative to the descriptor where it supports that."""
        if self._descriptor is None:
            return str(self.path / name), {}
        return name, {"dir_fd": self._descriptor}

    def open(self, name: str, flags: int) -> int:
        """Open a file that is no link, as a descriptor; a pipe without a reader cannot be opened to write."""
        path, where = self._at(name)
        return os.open(path, flags | _NO_LINK | _NO_WAIT | getattr(os, "O_BINARY", 0), 0o666, **where)

    def sha256(self, name: str) -> str:
        """SHA-256 of a file in the folder, in hexadecimal."""
        with os.fdopen(self.open(name, os.O_RDONLY), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def create(self, name: str) -> IO[bytes]:
        """A new file to write to."""
        return os.fdopen(self.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")

    def rename(self, old: str, new: str) -> None:
        """Rename a file, replacing ``new``; if that is a link, the link itself is replaced."""
        if self._descriptor is None:
            os.replace(self.path / old, self.path / new)
        else:
            os.replace(old, new, src_dir_fd=self._descriptor, dst_dir_fd=self._descriptor)

    def remove(self, name: str) -> None:
        """Delete a file, or a link itself."""
        path, where = self._at(name)
        os.unlink(path, **where)

    def sub(self, name: str) -> Folder:
        """Open a folder in it that is no link."""
        if self._descriptor is None:
            if (self.path / name).is_symlink():
                raise OSError(errno.ELOOP, "it is a link", name)
            return Folder(self.path / name)
        return Folder(self.path / name, self.open(name, os.O_RDONLY | os.O_DIRECTORY))

    def names(self) -> list[str]:
        return sorted(os.listdir(self.path if self._descriptor is None else self._descriptor))

    def settle(self) -> None:
        """Have new names reach the disk, where the system can do that."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)


def inside(parent: Path, name: str) -> Path:
    """``parent/name``. Raises InputError if it is no plain name, or a link that leads out of ``parent``."""
    path = parent / name
    leaves = name in ("", ".", "..") or Path(name).name != name or "\\" in name or "\0" in name
    if leaves or (_is_link(path) and not _stays(path, parent)):
        allowed = f"a folder that lies in {parent}"
        raise InputError.at(str(path), "--out", "leads out of the folder", allowed)
    return path


def _is_link(path: Path) -> bool:
    """Whether it is a link. Raises CannotWrite for a name that no file can have."""
    try:
        return path.is_symlink()
    except OSError as error:
        raise cannot_write(path, error) from error


def _stays(path: Path, parent: Path) -> bool:
    """Whether a link leads to something inside its folder. A loop does not."""
    try:
        return path.resolve(strict=True).is_relative_to(parent.resolve())
    except (OSError, RuntimeError):
        return False


def prepare(folder: Path) -> None:
    """Make the folder and try to write a file there, before any work. Raises CannotWrite."""
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
    """Open a folder in one of ours, made if need be. Raises CannotWrite, also where it is a link."""
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
    """Delete a folder's files whose names match, and the folder if it is then empty; no link is followed."""
    with suppress(OSError), Folder(folder.parent) as parent:
        with parent.sub(folder.name) as here:
            for name in here.names():
                if belongs.fullmatch(name) or _LEFT_BEHIND.fullmatch(name):
                    with suppress(OSError):
                        here.remove(name)
        path, where = parent._at(folder.name)
        os.rmdir(path, **where)


def clean(folder: Path) -> None:
    """Delete what an earlier run left half-written. Call it only while holding the folder's lock."""
    for within in (".", FIGURES):
        with suppress(OSError), Folder(folder) as outer, outer.sub(within) as here:
            for name in filter(_LEFT_BEHIND.fullmatch, here.names()):
                with suppress(OSError):
                    here.remove(name)


def half_written(folder: Path) -> bool:
    """Whether the folder has half-written files."""
    return any(_LEFT_BEHIND.fullmatch(path.name) for path in folder.glob(f"{UNFINISHED}*"))


def cannot_finish(path: Path, error: OSError) -> CannotWrite:
    """The error for a disk that fills up or fails while a file is written."""
    return CannotWrite(f"{path}: writing failed: {error.strerror or error}; nothing half-written was left", 74)


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """The error for a place that cannot be written to."""
    return CannotWrite(f"{path}: cannot write there: {error.strerror or error}", 73)


def _unforeseeable() -> str:
    return UNFINISHED + secrets.token_hex(16)


class WholeFiles:
    """Files of one folder that appear together when the ``with`` block succeeds, and not at all when it fails.

    ``within`` names a subfolder, made if need be, that must be no link. Without ``settle`` the bytes may not have
    reached the disk yet, which is enough for files with a check sum.

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
        """Write the pieces to a file, which takes its name at the end, in order or ``first`` of all.

        Raises CannotWrite.
        """
        with self.file(name) as file:
            for piece in pieces:
                file.write(piece)
        if first:
            self._ready.insert(0, self._ready.pop())

    def sha256(self, name: str) -> str:
        """SHA-256 of a file that was written. Raises OSError."""
        return self._folder.sha256(next(hidden for hidden, final in self._ready if final == name))

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write to; it takes its name when the others do. Raises CannotWrite."""
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
                with suppress(OSError):  # it already has its name, or the disk is read-only, which was reported
                    self._folder.remove(hidden)
            self._folder.close()


def write_whole(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """Write one file, whole or not at all. Raises CannotWrite."""
    with WholeFiles(path.parent) as files:
        files.write(path.name, pieces)


def write_text(path: Path, text: str) -> None:
    """Write a text whole or not at all, without terminal control characters; its folder is made.

    Raises CannotWrite.
    """
    prepare(path.parent)
    write_whole(path, [clean_lines(text).encode()])
