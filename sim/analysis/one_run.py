"""A model of which one run is looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.diplomacy import Diplomacy


class OneRun(Diplomacy):
    """Plays as any other; ``column`` is the place of the run in its block."""

    column = 0

    def at(self, value: Any) -> float:
        """A value in this run."""
        return float(value[self.column]) if isinstance(value, np.ndarray) else float(value)

    def levels(self) -> dict[str, float]:
        """Every variable in this run."""
        return {name: self.at(value) for name, value in self.variables.items()}
