"""Rows of the first runs: in memory, or in files of which only what is read takes memory.

Columns are runs: one a run in ``classes`` and ``values``, one a world in ``holds``, ``caused`` and ``numbers``. Every
array has its final size from the start; a block's rows are written where they belong, whatever was there.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from sim.ensemble.folder import cannot_finish
from sim.ensemble.memory import let_go_of_pages
from sim.errors import CannotWrite

ROWS_KEPT = 1_000_000  # runs of which a row is kept
NUMBERS_KEPT = 100_000  # runs of which the drawn numbers are kept

_RUNS_A_COLUMN = {"classes": 1, "values": 1, "holds": 2, "caused": 2, "numbers": 2}

Array = npt.NDArray[Any]
Stretch = tuple[int, int, int]  # first run, the run after the last, check sum of what was written of them


class Rows:
    """In memory."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._arrays: dict[str, Array] = {}

    def put(self, first_run: int, parts: Mapping[str, Array]) -> None:
        """The rows of a block, as far as there is room for them. Raises ValueError for arrays of another shape."""
        for name, part in parts.items():
            if name not in self._arrays:
                self._arrays[name] = np.empty((len(part), _columns(name, self._total)), dtype=part.dtype)
            room = self._arrays[name][:, first_run // _RUNS_A_COLUMN[name] :][:, : part.shape[1]]
            room[...] = part[:, : room.shape[1]]

    def first(self, runs: int) -> dict[str, Array]:
        """The rows of the first runs."""
        return {name: array[:, : _columns(name, runs)] for name, array in self._arrays.items()}


class RowFiles(Rows):
    """In a folder, a ``.npy`` file an array. Check sums of all that was put there tell damage later."""

    def __init__(self, folder: Path, total: int) -> None:
        super().__init__(total)
        self._folder = folder
        self.stretches: tuple[Stretch, ...] = ()

    def put(self, first_run: int, parts: Mapping[str, Array]) -> None:
        """Raises CannotWrite, and ValueError for arrays of another shape."""
        check = 0
        try:
            self._folder.mkdir(exist_ok=True)
            for name, part in parts.items():
                if first_run == 0:
                    _make(self._path(name), (len(part), _columns(name, self._total)), part.dtype)
                with open(self._path(name), "r+b", buffering=0) as file:
                    check = _write(file, first_run // _RUNS_A_COLUMN[name], part, check)
        except OSError as error:
            raise cannot_finish(self._folder, error) from error
        before = tuple(each for each in self.stretches if each[0] < first_run)
        self.stretches = (*before, (first_run, first_run + parts["classes"].shape[1], check))

    def first(self, runs: int) -> dict[str, Array]:
        """Maps of the files: what was read of them can be let go again (memory.py). Raises CannotWrite for a file that
        is gone."""
        try:
            return self._maps(runs)
        except (OSError, ValueError) as error:
            raise CannotWrite(f"{self._folder}: the rows of this run were taken away: {error}", 74) from error

    def take_up(self, stretches: Sequence[Stretch]) -> None:
        """Go on from what is there. Raises OSError for a file that is gone, ValueError for one that is damaged."""
        self.stretches = ()
        arrays = self._maps(self._total)
        for first, last, told in stretches:
            check = 0
            for name, array in arrays.items():
                each = _RUNS_A_COLUMN[name]
                for line in array[:, first // each : -(-last // each)]:
                    check = crc32(line.tobytes(), check)
                let_go_of_pages(array)
            if check != told:
                raise ValueError(f"the rows of runs {first} to {last - 1} are not those that were written")
            self.stretches += ((first, last, told),)

    def settle(self) -> None:
        """Let all that was put there reach the disk. Raises CannotWrite."""
        try:
            for path in self._paths().values():
                with open(path, "r+b") as file:
                    os.fsync(file.fileno())
        except OSError as error:
            raise cannot_finish(self._folder, error) from error

    def _maps(self, runs: int) -> dict[str, Array]:
        maps = {name: np.load(path, mmap_mode="r").view(np.ndarray) for name, path in self._paths().items()}
        return {name: array[:, : _columns(name, runs)] for name, array in maps.items()}

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.npy"

    def _paths(self) -> dict[str, Path]:
        return {name: self._path(name) for name in _RUNS_A_COLUMN}


def _columns(name: str, runs: int) -> int:
    """Columns that so many runs have."""
    kept = NUMBERS_KEPT if name == "numbers" else ROWS_KEPT
    return -(-min(runs, kept) // _RUNS_A_COLUMN[name])


def _make(path: Path, shape: tuple[int, int], dtype: np.dtype[Any]) -> None:
    """A file with room for an array, in place of what has this name: whoever reads the old one goes on reading it."""
    path.unlink(missing_ok=True)
    with open(path, "xb") as file:
        head = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, head)
        file.truncate(file.tell() + math.prod(shape) * dtype.itemsize)


def _write(file: IO[bytes], first: int, part: Array, check: int) -> int:
    """Put columns in their place; the check sum, continued."""
    np.lib.format.read_magic(file)
    (lines, columns), _, dtype = np.lib.format.read_array_header_1_0(file)
    if part.dtype != dtype or part.ndim != 2 or len(part) != lines:
        raise ValueError(f"a block's rows have shape {part.shape} and type {part.dtype}, not {lines} lines of {dtype}")
    start = file.tell()
    for line, row in enumerate(part[:, : max(columns - first, 0)]):
        data = row.tobytes()
        file.seek(start + (line * columns + first) * dtype.itemsize)
        left = memoryview(data)
        while left:  # a disk that fills up takes some of it, and says so only the next time
            left = left[file.write(left) :]
        check = crc32(data, check)
    return check
