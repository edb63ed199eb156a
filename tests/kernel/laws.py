"""Law 2 with many runs: ``python -m tests.kernel.laws [RUNS [SCENARIO ...]]`` plays scenarios by both engines.

The suite asks the same of 2,048 runs a scenario.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from sim.ensemble.block import COMPUTED_RUNS
from tests.kernel.helpers import CLOSE, SAME_CLASS, SCENARIOS, both, scenario

RUNS, SEED = 65_536, 3


@dataclass(frozen=True)
class Row:
    """One scenario: runs in another class, runs of the same class in which a measure differs by more than 1e-4 (a draw
    fell between the two engines' last bits), and the largest difference in all others."""

    name: str
    runs: int
    other_class: int
    other_measures: int
    apart: float

    @property
    def kept(self) -> bool:
        return max(self.other_class, self.other_measures) <= (1 - SAME_CLASS) * self.runs


def rows(runs: int, names: Sequence[str]) -> Iterator[Row]:
    """Each scenario, played in blocks so that memory stays level."""
    for name in names:
        plan, other_class, apart = scenario(name), 0, []
        for first in range(0, runs, COMPUTED_RUNS):
            one, two = both(plan, SEED, min(COMPUTED_RUNS, runs - first), first)
            same = one.classes[-1] == two.classes[-1]
            other_class += int((~same).sum())
            apart.append(np.nan_to_num(np.abs(one.values - two.values)[:, same]).max(axis=0))
        found = np.concatenate(apart)
        yield Row(name, runs, other_class, int((found > CLOSE).sum()), float(found[found <= CLOSE].max()))


def main(runs: int, names: Sequence[str]) -> int:
    print(f"{'scenario':32}{'runs':>9}{'other class':>13}{'other measures':>16}{'else at most':>14}")
    kept = True
    for row in rows(runs, names):
        kept &= row.kept
        numbers = f"{row.runs:9,}{row.other_class:13}{row.other_measures:16}{row.apart:14.1e}"
        print(f"{row.name:32}{numbers}{'' if row.kept else '  BROKEN'}", flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS, sys.argv[2:] or SCENARIOS))
