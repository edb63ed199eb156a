"""Blocks joined to an ensemble, in block order, so that sums never depend on who computed what when.

Statistics are running totals over all runs. Rows are kept of the first runs only (rows.py); so memory stays level
however many runs there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ensemble import rows
from sim.ensemble.block import Block, Names
from sim.ensemble.result import Ensemble
from sim.ensemble.rows import RowFiles, Rows
from sim.inputs.scenario import Scenario

_SUMS = ("counts", "together", "moments", "series", "leverage")
_HISTOGRAMS = ("series_bins", "leverage_bins")

Array = npt.NDArray[Any]


class Joiner:
    """Takes the blocks of ``total`` runs in order. A block is in or it is not, also when a signal comes in between."""

    def __init__(self, scenario: Scenario, seed: int, version: str, total: int) -> None:
        self.scenario, self.seed, self.version, self.total = scenario, seed, version, total
        self.rows: Rows = Rows(total)
        self.numbers: tuple[str, ...] = ()  # names of the drawn numbers, in their order among the rows
        self._so_far: tuple[int, dict[str, Array]] = (0, {})  # runs and their totals, replaced in one step

    @property
    def runs(self) -> int:
        """Runs that are in."""
        return self._so_far[0]

    @property
    def totals(self) -> dict[str, Array]:
        """Sums and histograms over the runs that are in."""
        return self._so_far[1]

    def keep_rows_in(self, folder: Path) -> RowFiles:
        """Rows go to files there instead of memory: said before the first block."""
        files = RowFiles(folder, self.total)
        self.rows = files
        return files

    def add(self, block: Block) -> None:
        """Add the next block. Raises ValueError for any other, and CannotWrite where rows go to files."""
        runs, totals = self._so_far
        if block.first_run != runs:
            raise ValueError(f"block of run {block.first_run} came after {runs} runs")
        parts = {name: getattr(block, name) for name in _SUMS}
        parts |= {name: getattr(block, name).astype(np.int64) for name in _HISTOGRAMS}
        if runs < rows.ROWS_KEPT:
            self._keep(block)
        added = {name: totals[name] + part if totals else part for name, part in parts.items()}
        self._so_far = (runs + block.runs, added)

    def take_up(self, runs: int, totals: Mapping[str, Array], numbers: Sequence[str]) -> None:
        """Go on from the totals of ``runs`` runs, whose rows are there. Raises KeyError where one is missing."""
        totals = {name: totals[name] for name in (*_SUMS, *_HISTOGRAMS)}
        self._so_far, self.numbers = (runs, totals), tuple(numbers)

    def ensemble(self) -> Ensemble:
        """All that was added."""
        kept = self.rows.first(self.runs)
        numbers = dict(zip(self.numbers, kept.pop("numbers"), strict=True))
        return Ensemble(
            scenario=self.scenario, names=Names.of(self.scenario), seed=self.seed, runs=self.runs,
            version=self.version, numbers=numbers, **self.totals, **kept,
        )  # fmt: skip

    def _keep(self, block: Block) -> None:
        parts = {name: getattr(block, name) for name in ("classes", "values", "holds", "caused")}
        if block.numbers or block.first_run == 0:
            self.numbers = tuple(block.numbers)
            worlds = block.holds.shape[1]
            parts["numbers"] = np.array([*block.numbers.values()], dtype=np.float32).reshape(len(self.numbers), worlds)
        self.rows.put(block.first_run, parts)
