"""One block by both engines, and what differs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.ensemble.block import Block, play_block
from sim.inputs.scenario import Scenario, load_scenario

OTHER_CASE = Path(__file__).parent.parent / "other_case"
CLOSE = 1e-4  # of a measure, between the two engines
SAME_CLASS = 0.9999  # share of runs
SCENARIOS = (
    *sorted(path.stem for path in (Path(__file__).parents[2] / "scenarios").glob("*.yaml")),
    *("variants/first-coder", "variants/second-coder", "other:baseline", "other:no-league", "other:river"),
    *("gas:baseline", "gas:union-last"),
)


def scenario(name: str) -> Scenario:
    """A scenario of the shipped case, or ``other:NAME`` and ``gas:NAME`` of those kept for tests."""
    case, _, bare = name.rpartition(":")
    return load_scenario(bare, case=OTHER_CASE.with_name(f"{case}_case") if case else None)


def both(plan: Scenario, seed: int, runs: int, first_run: int = 0, who_gained: bool = False) -> tuple[Block, Block]:
    """The block by the compiled model and by Mesa's."""
    one, two = (
        play_block(replace(plan, engine=engine), seed, first_run, runs, who_gained=who_gained)
        for engine in ("compiled", "mesa")
    )
    return one, two


def assert_equal_runs(one: Block, two: Block) -> None:
    """The same class in nearly all runs, and there the same measures; the same claims hold everywhere."""
    same = one.classes[-1] == two.classes[-1]
    assert same.mean() >= SAME_CLASS
    np.testing.assert_array_equal(one.holds, two.holds)
    np.testing.assert_array_equal(one.caused, two.caused)
    np.testing.assert_array_equal(np.isnan(one.values[:, same]), np.isnan(two.values[:, same]))
    apart = np.nan_to_num(np.abs(one.values - two.values)).max(axis=0)
    assert (apart <= CLOSE).mean() >= SAME_CLASS
