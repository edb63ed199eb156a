"""The finished blocks of a run: joined to an ensemble, and until it is finished a file each, from which it can go on.

Blocks are joined in their order, so that sums do not depend on which worker computed what when. Statistics are running
totals over all runs. Rows are kept of the first runs only; with a folder they are in nameless files there, which take
memory only for what is touched. So memory does not grow with the number of runs.

A worker writes its block to a file that appears whole or not at all, even if the worker is killed; the main process
reads it. Every array in an npz carries a check sum, so damage is noticed and the block is played again. From time to
time running totals replace blocks without rows, so that the disk does not grow with the runs. A run of one block needs
no files.
"""

import math
import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.block import NUMBERS_KEPT, ROWS_KEPT, Block, check_tallies, play_block
from sim.ensemble.ensemble_npz import UNREADABLE, read_arrays
from sim.ensemble.identity import unfinished_key
from sim.ensemble.result import Ensemble
from sim.ensemble.safe_files import Folder, WholeFiles, cannot_finish, inside, remove_own_folder, subfolder
from sim.ensemble.signals_and_memory import in_single_pages, let_go_of_pages
from sim.inputs.scenario import Scenario
from sim.kernel.columns import Names
from sim.model.streams import BLOCK_RUNS

SUMS = ("counts", "together", "moments", "series", "leverage")
HISTOGRAMS = ("series_bins", "leverage_bins")
ROWS = {"classes": 1, "values": 1, "holds": 2, "caused": 2, "numbers": 2}  # runs that share a column

FOLD = 64  # blocks without rows that may be on disk before their totals replace them
KEPT = 3  # other unfinished runs that stay in a folder
PREFIX = ".blocks-"
TOTALS = "totals.npz"
_OURS = re.compile(r"block-\d{12}\.npz|totals\.npz")
_NUMBER = "number."  # prefix of the names of drawn numbers

Array = npt.NDArray[Any]


class Joiner:
    """Takes the blocks of ``total`` runs in order. A block is added whole or not at all, even if a signal interrupts.

    Rows are kept in files in ``folder``; without one, in memory.
    """

    def __init__(self, scenario: Scenario, seed: int, version: str, total: int, folder: Path | None = None) -> None:
        self.scenario, self.seed, self.version, self.total = scenario, seed, version, total
        self._folder = folder
        self._rows: dict[str, Array] = {}
        self._numbers: tuple[str, ...] = ()  # names of the drawn numbers, in their order among the rows
        self._so_far: tuple[int, dict[str, Array]] = (0, {})  # runs and their totals, replaced in one step

    @property
    def runs(self) -> int:
        """Number of runs added so far."""
        return self._so_far[0]

    @property
    def totals(self) -> dict[str, Array]:
        """Sums and histograms over the runs added so far."""
        return self._so_far[1]

    def add(self, block: Block) -> None:
        """Add the next block. Raises ValueError for any other, and CannotWrite where rows go to files."""
        runs, totals = self._so_far
        if block.first_run != runs:
            raise ValueError(f"block of run {block.first_run} came after {runs} runs")
        parts = {name: getattr(block, name) for name in SUMS}
        parts |= {name: getattr(block, name).astype(np.int64) for name in HISTOGRAMS}
        added = {name: totals[name] + part if totals else part for name, part in parts.items()}
        self.put_rows(block)
        self._so_far = (runs + block.runs, added)

    def go_on_from(self, runs: int, totals: Mapping[str, Array]) -> None:
        """Start from the totals of ``runs`` runs, whose rows were put before. Raises KeyError where one is missing."""
        self._so_far = (runs, {name: totals[name] for name in (*SUMS, *HISTOGRAMS)})

    def put_rows(self, block: Block) -> None:
        """Keep the rows of a block as far as there is room. Raises ValueError for arrays of another shape."""
        parts = {name: getattr(block, name) for name in ROWS if name != "numbers"}
        if block.first_run == 0:
            self._numbers = tuple(block.numbers)
        if block.first_run < NUMBERS_KEPT:
            worlds = block.holds.shape[1]
            parts["numbers"] = np.array([*block.numbers.values()], np.float32).reshape(len(self._numbers), worlds)
        for name, part in parts.items() if block.first_run < ROWS_KEPT else ():
            if name not in self._rows:
                self._rows[name] = _room((len(part), _columns(name, self.total)), part.dtype, self._folder)
            room = self._rows[name][:, block.first_run // ROWS[name] :][:, : part.shape[1]]
            room[...] = part[:, : room.shape[1]]
            let_go_of_pages(self._rows[name])

    def ensemble(self) -> Ensemble:
        """The ensemble of all blocks added."""
        kept: dict[str, Any] = {name: rows[:, : _columns(name, self.runs)] for name, rows in self._rows.items()}
        numbers = dict(zip(self._numbers, kept.pop("numbers"), strict=True))
        return Ensemble(
            scenario=self.scenario, names=Names.of(self.scenario), seed=self.seed, runs=self.runs,
            version=self.version, numbers=numbers, **(self.totals | kept),
        )  # fmt: skip


def _columns(name: str, runs: int) -> int:
    """How many columns a kind of rows has for a number of runs."""
    kept = NUMBERS_KEPT if name == "numbers" else ROWS_KEPT
    return -(-min(runs, kept) // ROWS[name])


def _room(shape: tuple[int, int], dtype: np.dtype[Any], folder: Path | None) -> Array:
    """An array in memory, or in a nameless file that vanishes with its last user. Raises CannotWrite.

    The whole file is allocated at once: a memory map that meets a full disk while it is written kills the process.
    """
    if folder is None or math.prod(shape) == 0 or not hasattr(os, "posix_fallocate"):
        return np.empty(shape, dtype)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            os.posix_fallocate(file.fileno(), 0, math.prod(shape) * dtype.itemsize)
            rows = np.memmap(file, dtype, "r+", shape=shape).view(np.ndarray)
    except OSError as error:
        raise cannot_finish(folder, error) from error
    in_single_pages(rows)
    return rows


@dataclass(frozen=True)
class Task:
    """One block to compute."""

    first_run: int
    runs: int

    @property
    def file(self) -> str:
        """The name of its file.

        >>> Task(16384, 16384).file
        'block-000000016384.npz'
        """
        return f"block-{self.first_run:012d}.npz"


def play(scenario: Scenario, seed: int, task: Task) -> Block:
    """Compute one block."""
    return play_block(
        scenario, seed, task.first_run, task.runs,
        keep_rows=task.first_run < ROWS_KEPT, keep_numbers=task.first_run < NUMBERS_KEPT,
    )  # fmt: skip


@dataclass(frozen=True)
class BlockFiles:
    """The blocks of one run in a folder of their own. Use it only while holding the lock of the results folder."""

    folder: Path
    scenario: Scenario
    seed: int
    keep: bool = True  # keep files until the run is finished, else only until they are joined

    def __call__(self, task: Task) -> None:
        """Compute one block and write its file; a worker process calls this. Raises CannotWrite."""
        self.write(play(self.scenario, self.seed, task))

    def write(self, block: Block) -> None:
        """Raises CannotWrite."""
        arrays = {
            each.name: getattr(block, each.name) for each in fields(block) if each.name not in ("numbers", "names")
        }
        arrays |= {_NUMBER + name: drawn for name, drawn in block.numbers.items()}
        self._save(Task(block.first_run, block.runs).file, arrays)

    def read(self, task: Task) -> Block | None:
        """The block of a task; None where no file of exactly these runs can be read."""
        try:
            arrays = read_arrays(self.folder / task.file)
            numbers = {name.removeprefix(_NUMBER): arrays.pop(name) for name in [*arrays] if name.startswith(_NUMBER)}
            given, names = (int(arrays.pop("first_run")), int(arrays.pop("runs"))), Names.of(self.scenario)
            kept, drawn = (task.runs if task.first_run < most else 0 for most in (ROWS_KEPT, NUMBERS_KEPT))
            check_tallies(arrays | {"numbers": numbers}, names, self.scenario.months, task.runs, kept, drawn)
            block = Block(first_run=task.first_run, runs=task.runs, names=names, numbers=numbers, **arrays)
        except UNREADABLE:
            return None
        return block if given == (task.first_run, task.runs) else None

    def there(self) -> set[str]:
        """Names of the block files in the folder."""
        return {path.name for path in self.folder.glob("block-*.npz") if _OURS.fullmatch(path.name)}

    def joined(self, joiner: Joiner, task: Task) -> None:
        """Note that a block is joined; when many without rows are, totals replace their files. Raises CannotWrite."""
        spent = [task.file]
        if self.keep:
            spent = [name for name in self.there() if ROWS_KEPT <= int(name[6:18]) < joiner.runs]
            if len(spent) < FOLD:
                return
            self._save(TOTALS, {"runs": np.array(joiner.runs), **joiner.totals})
        with Folder(self.folder) as here:
            for name in spent:
                with suppress(FileNotFoundError):
                    here.remove(name)

    def go_on(self, joiner: Joiner, tasks: Iterable[Task]) -> None:
        """Continue from saved totals, if they and all rows of their runs can be read."""
        try:
            totals = read_arrays(self.folder / TOTALS)
            runs = int(totals["runs"])
            check_tallies(totals, Names.of(self.scenario), self.scenario.months, runs)
            if runs > joiner.total or (runs < joiner.total and runs % BLOCK_RUNS):
                return
            for task in (task for task in tasks if task.first_run < min(ROWS_KEPT, runs)):
                if (block := self.read(task)) is None:
                    return
                joiner.put_rows(block)
            joiner.go_on_from(runs, totals)
        except UNREADABLE:
            return

    def make(self) -> None:
        """Make the folder. Raises CannotWrite, also where it is a link."""
        subfolder(self.folder.parent, self.folder.name).close()

    def remove(self) -> None:
        """Delete the blocks: the run is finished, or begins anew."""
        remove_own_folder(self.folder, _OURS)

    def _save(self, name: str, arrays: dict[str, Any]) -> None:
        with WholeFiles(self.folder, settle=False) as files, files.file(name) as file:
            np.savez(file, **arrays)


def block_files(folder: Path, scenario: Scenario, runs: int, seed: int) -> BlockFiles:
    """The block files of a run in its results folder. Raises InputError for a link that leads elsewhere."""
    return BlockFiles(inside(folder, PREFIX + unfinished_key(scenario, runs, seed)), scenario, seed)


def forget_old(ours: BlockFiles) -> None:
    """Delete the blocks of other unfinished runs, except the latest ``KEPT``."""
    found = [path for path in ours.folder.parent.glob(PREFIX + "*") if path != ours.folder and not path.is_symlink()]
    for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        remove_own_folder(path, _OURS)
