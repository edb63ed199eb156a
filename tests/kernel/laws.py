"""Law 2 with many runs: ``python -m tests.kernel.laws [RUNS]`` plays every scenario by both engines and compares.

The suite asks the same of 2,048 runs a scenario.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.ensemble.block import COMPUTED_RUNS
from tests.kernel.helpers import CLOSE, SAME_CLASS, SCENARIOS, both, scenario

RUNS, SEED = 65_536, 3


@dataclass(frozen=True)
class Row:
    """One scenario: runs in another class, and where the class is the same the largest difference of a measure."""

    name: str
    runs: int
    other_class: int
    apart: float

    @property
    def kept(self) -> bool:
        return self.other_class <= (1 - SAME_CLASS) * self.runs and self.apart <= CLOSE


def rows(runs: int, names: tuple[str, ...] = SCENARIOS) -> Iterator[Row]:
    """Every scenario, played in blocks so that memory stays level."""
    for name in names:
        plan, other_class, apart = scenario(name), 0, 0.0
        for first in range(0, runs, COMPUTED_RUNS):
            one, two = both(plan, SEED, min(COMPUTED_RUNS, runs - first), first)
            same = one.classes[-1] == two.classes[-1]
            other_class += int((~same).sum())
            apart = max(apart, float(np.nan_to_num(np.abs(one.values - two.values)[:, same]).max()))
        yield Row(name, runs, other_class, apart)


def main(runs: int) -> int:
    print(f"{'scenario':32}{'runs':>9}{'other class':>13}{'largest difference':>20}")
    kept = True
    for row in rows(runs):
        kept &= row.kept
        broken = "" if row.kept else "  BROKEN"
        print(f"{row.name:32}{row.runs:9,}{row.other_class:13}{row.apart:20.1e}{broken}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS))
