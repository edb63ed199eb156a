"""Blocks joined to an ensemble, in block order, so that sums never depend on who computed what when."""

from __future__ import annotations

import numpy as np

from sim.ensemble.block import Block, Names
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario


class Joiner:
    """Takes the blocks in order and keeps running totals; memory grows only with the rows that are kept."""

    def __init__(self, scenario: Scenario, seed: int, version: str) -> None:
        self._scenario, self._seed, self._version = scenario, seed, version
        self._totals: dict[str, np.ndarray] = {}
        self._rows: dict[str, list[np.ndarray]] = {"classes": [], "values": [], "holds": [], "caused": []}
        self._numbers: list[dict[str, np.ndarray]] = []
        self.runs = 0

    def add(self, block: Block) -> None:
        if block.first_run != self.runs:
            raise ValueError(f"block of run {block.first_run} came after {self.runs} runs")
        for name in ("counts", "together", "moments", "series", "leverage"):
            part = getattr(block, name)
            self._totals[name] = self._totals[name] + part if name in self._totals else part.copy()
        for name in ("series_bins", "leverage_bins"):
            if name not in self._totals:
                self._totals[name] = np.zeros(getattr(block, name).shape, dtype=np.int64)
            self._totals[name] += getattr(block, name)
        for name, rows in self._rows.items():
            rows.append(getattr(block, name))
        if block.numbers:
            self._numbers.append(dict(block.numbers))
        self.runs += block.runs

    def ensemble(self) -> Ensemble:
        rows = {name: np.concatenate(parts, axis=1) for name, parts in self._rows.items()}
        numbers = {
            name: np.concatenate([part[name] for part in self._numbers]) for name in (self._numbers or [{}])[0]
        }
        return Ensemble(
            scenario=self._scenario, names=Names.of(self._scenario), seed=self._seed, runs=self.runs,
            version=self._version, numbers=numbers, **self._totals, **rows,
        )  # fmt: skip
