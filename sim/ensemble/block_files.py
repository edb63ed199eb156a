"""The finished blocks of an unfinished run, a file each: a stopped run goes on from the files that are there.

A worker writes its block to a file that appears whole or not at all, even if the worker is killed; the main process
reads it. Every array in an npz carries a check sum, so damage is noticed and the block is played again. From time to
time running totals replace blocks without rows, so that the disk does not grow with the runs. A run of one block needs
no files.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from sim.ensemble.block import Block, play_block
from sim.ensemble.ensemble_npz import UNREADABLE, read_arrays
from sim.ensemble.identity import unfinished_key
from sim.ensemble.join_blocks import HISTOGRAMS, NUMBERS_KEPT, ROWS_KEPT, SUMS, Joiner
from sim.ensemble.safe_files import Folder, WholeFiles, inside, remove_own_folder, subfolder
from sim.inputs.scenario import Scenario

FOLD = 64  # blocks without rows that may be on disk before their totals replace them
KEPT = 3  # other unfinished runs that stay in a folder
PREFIX = ".blocks-"
TOTALS = "totals.npz"
_OURS = re.compile(r"block-\d{12}\.npz|totals\.npz")
_NUMBER = "number."  # prefix of the names of drawn numbers


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
        arrays = {each.name: getattr(block, each.name) for each in fields(block) if each.name != "numbers"}
        arrays |= {_NUMBER + name: drawn for name, drawn in block.numbers.items()}
        self._save(Task(block.first_run, block.runs).file, arrays)

    def read(self, task: Task) -> Block | None:
        """The block of a task; None where no file of exactly these runs can be read."""
        try:
            arrays = read_arrays(self.folder / task.file)
            numbers = {name.removeprefix(_NUMBER): arrays.pop(name) for name in [*arrays] if name.startswith(_NUMBER)}
            first, runs = int(arrays.pop("first_run")), int(arrays.pop("runs"))
            block = Block(first_run=first, runs=runs, numbers=numbers, **arrays)
        except UNREADABLE:
            return None
        return block if (block.first_run, block.runs) == (task.first_run, task.runs) else None

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
        totals = self._read_totals()
        if totals is None:
            return
        with_rows = (task for task in tasks if task.first_run < min(ROWS_KEPT, totals[0]))
        for block in map(self.read, with_rows):
            if block is None:
                return
            joiner.put_rows(block)
        joiner.go_on_from(*totals)

    def _read_totals(self) -> tuple[int, dict[str, Any]] | None:
        """Number of runs and their totals, if they can be read."""
        try:
            arrays = read_arrays(self.folder / TOTALS)
            return int(arrays.pop("runs")), {name: arrays[name] for name in (*SUMS, *HISTOGRAMS)}
        except UNREADABLE:
            return None

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
