"""The results folder: where it is, whether it can be written, and files that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from sim.ensemble.identity import short_hash
from sim.errors import CannotWrite, Fault, InputError, Place
from sim.inputs.scenario import Scenario

UNFINISHED = ".part-"  # how the names of files that are not yet whole begin


def folder_for(out: Path | str, scenario: Scenario) -> Path:
    """``OUT/NAME``, or ``OUT/NAME~HASH`` with ``--set`` or another number of months than the files say.

    Raises InputError where a link or a name would lead out of ``out``.
    """
    name = scenario.name
    if scenario.overrides or scenario.months != scenario.resolved.get("months"):
        name += "~" + short_hash([scenario.overrides, scenario.months])[:8]
    return inside(Path(out), name)


def inside(parent: Path, name: str) -> Path:
    """``parent/name``, when it is a plain name and no link leads elsewhere. Raises InputError."""
    path = parent / name
    leaves = name in ("", ".", "..") or Path(name).name != name or "\\" in name or "\0" in name
    if leaves or (path.is_symlink() and not _stays(path, parent)):
        fault = Fault(Place(str(path), 0, 0), "--out", "leads out of the folder", f"a folder that lies in {parent}")
        raise InputError([fault])
    return path


def _stays(path: Path, parent: Path) -> bool:
    """Whether a link leads to something inside the folder it lies in. A loop does not."""
    try:
        return path.resolve(strict=True).is_relative_to(parent.resolve())
    except (OSError, RuntimeError):
        return False


def prepare(folder: Path) -> None:
    """Make the folder and see that a file can be written there, before any work. Raises CannotWrite."""
    probe = folder / f"{UNFINISHED}probe-{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
    except OSError as error:
        raise CannotWrite(f"{folder}: cannot write there: {error.strerror}", 73) from error
    try:
        probe.write_bytes(b"can this be written?")
    except OSError as error:
        raise cannot_finish(folder, error) from error
    finally:
        probe.unlink(missing_ok=True)


def clean(folder: Path) -> None:
    """Take away what an earlier run left half-written. Only whoever holds the folder may do so."""
    for leftover in (*folder.glob(f"{UNFINISHED}*"), *folder.glob(f"*/{UNFINISHED}*")):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def cannot_finish(path: Path, error: OSError) -> CannotWrite:
    """The one line for a disk that fills up or fails while a file is written."""
    return CannotWrite(f"{path}: writing failed: {error.strerror or error}; nothing half-written was left", 74)


class WholeFiles:
    """Files of one folder that appear together when the block ends well, and not at all when it does not.

    >>> with WholeFiles(folder) as files:          # doctest: +SKIP
    ...     files.write("outcomes.csv", [b"..."])
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ready: list[tuple[Path, Path]] = []

    def __enter__(self) -> WholeFiles:
        return self

    def write(self, name: str, pieces: Iterable[bytes | memoryview]) -> None:
        """Write the pieces to a file that is not yet there under its name. Raises CannotWrite."""
        with self.file(name) as file:
            for piece in pieces:
                file.write(piece)

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write to; it takes its name with the others. Raises CannotWrite."""
        final = inside(self._folder, name)
        hidden = self._folder / f"{UNFINISHED}{name}-{os.getpid()}"
        self._ready.append((hidden, final))
        try:
            with open(hidden, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise cannot_finish(final, error) from error

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            if kind is None:
                for hidden, final in self._ready:
                    os.replace(hidden, final)
                _settle(self._folder)
        except OSError as failure:
            raise cannot_finish(self._folder, failure) from failure
        finally:
            for hidden, _final in self._ready:
                with suppress(OSError):  # such as that of a read-only disk, which was told
                    hidden.unlink(missing_ok=True)


def write_whole(path: Path, pieces: Iterable[bytes | memoryview]) -> None:
    """One file, whole or not at all. Raises CannotWrite."""
    with WholeFiles(path.parent) as files:
        files.write(path.name, pieces)


def _settle(folder: Path) -> None:
    """Let the new names themselves reach the disk, where a folder can be opened for that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
