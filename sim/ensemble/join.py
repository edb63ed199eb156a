"""Blocks joined to an ensemble, in block order, so that sums never depend on who computed what when.

Statistics are running totals over all runs. Rows are kept of the first runs only, in arrays that have their final size
from the start; so memory stays level however many runs there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.block import Block, Names
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario

ROWS_KEPT = 1_000_000  # runs of which a row is kept
NUMBERS_KEPT = 100_000  # runs of which the drawn numbers are kept
NUMBER = "number/"  # how the names of drawn numbers begin among the rows

_SUMS = ("counts", "together", "moments", "series", "leverage")
_HISTOGRAMS = ("series_bins", "leverage_bins")
_ROWS = {"classes": 1, "values": 1, "holds": 2, "caused": 2}  # runs to a column

Array = npt.NDArray[Any]


class Joiner:
    """Takes the blocks of ``total`` runs in order. A block is in or it is not, also when a signal comes in between."""

    def __init__(self, scenario: Scenario, seed: int, version: str, total: int) -> None:
        self.scenario, self.seed, self.version, self.total = scenario, seed, version, total
        self._so_far: tuple[int, dict[str, Array]] = (0, {})  # runs and their totals, replaced in one step
        self._rows: dict[str, Array] = {}

    @property
    def runs(self) -> int:
        """Runs that are in."""
        return self._so_far[0]

    @property
    def totals(self) -> dict[str, Array]:
        """Sums and histograms over the runs that are in."""
        return self._so_far[1]

    def add(self, block: Block) -> None:
        """Add the next block. Raises ValueError for any other."""
        runs, totals = self._so_far
        if block.first_run != runs:
            raise ValueError(f"block of run {block.first_run} came after {runs} runs")
        parts = {name: getattr(block, name) for name in _SUMS}
        parts |= {name: getattr(block, name).astype(np.int64) for name in _HISTOGRAMS}
        self._keep(runs, _rows_of(block))
        added = {name: totals[name] + part if totals else part for name, part in parts.items()}
        self._so_far = (runs + block.runs, added)

    def rows(self, first: int, last: int) -> dict[str, Array]:
        """The kept rows of runs ``first`` to ``last`` - 1 (both even, or the last the end), as views."""
        return {name: part for name, row in self._rows.items() if (part := _cut(name, row, first, last)).shape[-1]}

    def take_up(
        self, runs: int, totals: Mapping[str, Array], pieces: Iterable[tuple[int, Mapping[str, Array]]]
    ) -> None:
        """Go on from the totals of ``runs`` runs and their rows, given in pieces with the first run of each."""
        for first, rows in pieces:
            self._keep(first, dict(rows))
        self._so_far = (runs, dict(totals))

    def ensemble(self) -> Ensemble:
        """All that was added."""
        rows = {name: _cut(name, row, 0, self.runs) for name, row in self._rows.items()}
        numbers = {name[len(NUMBER) :]: rows.pop(name) for name in list(rows) if name.startswith(NUMBER)}
        return Ensemble(
            scenario=self.scenario, names=Names.of(self.scenario), seed=self.seed, runs=self.runs,
            version=self.version, numbers=numbers, **self.totals, **rows,
        )  # fmt: skip

    def _keep(self, first_run: int, rows: Mapping[str, Array]) -> None:
        """Put rows in their place, as far as there is room for them."""
        for name, part in rows.items():
            each = _runs_to_a_column(name)
            if name not in self._rows:
                columns = -(-min(self.total, _limit(name)) // each)
                self._rows[name] = np.empty((*part.shape[:-1], columns), dtype=part.dtype)
            room = self._rows[name][..., first_run // each :][..., : part.shape[-1]]
            room[...] = part[..., : room.shape[-1]]


def _rows_of(block: Block) -> dict[str, Array]:
    return {name: getattr(block, name) for name in _ROWS} | {NUMBER + name: row for name, row in block.numbers.items()}


def _runs_to_a_column(name: str) -> int:
    return _ROWS.get(name, 2)


def _limit(name: str) -> int:
    return NUMBERS_KEPT if name.startswith(NUMBER) else ROWS_KEPT


def _cut(name: str, row: Array, first: int, last: int) -> Array:
    each = _runs_to_a_column(name)
    return row[..., first // each : -(-last // each)]
