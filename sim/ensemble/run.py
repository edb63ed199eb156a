"""Run an ensemble: cut it into blocks, map them over an executor, join them in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sim import __version__
from sim.ensemble.block import COMPUTED_RUNS, Block, play_block
from sim.ensemble.executors import ordered, workers_for
from sim.ensemble.join import Joiner
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario

DEFAULT_RUNS = 10_000
DEFAULT_SEED = 2018
ROWS_KEPT = 1_000_000  # runs of which a row is kept
NUMBERS_KEPT = 100_000  # runs of which the drawn numbers are kept


@dataclass(frozen=True)
class Task:
    """One block to compute."""

    first_run: int
    runs: int


def tasks(runs: int) -> list[Task]:
    """The blocks of an ensemble: always the same cut, whoever computes them."""
    return [Task(first, min(COMPUTED_RUNS, runs - first)) for first in range(0, runs, COMPUTED_RUNS)]


def play(scenario: Scenario, seed: int, task: Task) -> Block:
    """Compute one block."""
    return play_block(
        scenario, seed, task.first_run, task.runs,
        keep_rows=task.first_run < ROWS_KEPT, keep_numbers=task.first_run < NUMBERS_KEPT,
    )  # fmt: skip


def run(
    scenario: Scenario,
    runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
    *,
    workers: int | None = None,
    executor: str = "processes",
    on_block: Callable[[int], None] | None = None,
) -> Ensemble:
    """Play ``runs`` runs of a scenario.

    Same scenario, seed and version: same result, for any ``workers`` and ``executor`` (``processes`` or ``threads``); the
    first runs of a longer ensemble are the shorter ensemble. ``on_block`` is told the runs of each finished block.
    """
    if runs < 1:
        raise ValueError("an ensemble has at least one run")
    joiner = Joiner(scenario, seed, __version__)
    count = min(workers_for(runs, workers), len(tasks(runs)))
    for block in ordered(partial(play, scenario, seed), tasks(runs), executor, count):
        joiner.add(block)
        if on_block is not None:
            on_block(block.runs)
    return joiner.ensemble()
