"""Joins blocks to an ensemble, always in block order, so that sums do not depend on which worker computed what when.

Statistics are running totals over all runs. Rows are kept of the first runs only; with a folder they are in nameless
files there, which take memory only for what is touched. So memory does not grow with the number of runs.
"""

import math
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.block import Block
from sim.ensemble.process import in_single_pages, let_go_of_pages
from sim.ensemble.result import Ensemble
from sim.ensemble.safe_files import cannot_finish
from sim.inputs.scenario import Scenario
from sim.kernel.columns import Names

ROWS_KEPT = 1_000_000  # runs of which a row is kept
NUMBERS_KEPT = 100_000  # runs of which the drawn numbers are kept

SUMS = ("counts", "together", "moments", "series", "leverage")
HISTOGRAMS = ("series_bins", "leverage_bins")
ROWS = {"classes": 1, "values": 1, "holds": 2, "caused": 2, "numbers": 2}  # runs that share a column

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
