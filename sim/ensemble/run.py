"""Run an ensemble: cut it into blocks, map them over an executor, join them in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from sim import __version__
from sim.defaults import DEFAULT_RUNS, DEFAULT_SEED
from sim.ensemble import rows
from sim.ensemble.block import COMPUTED_RUNS, Block, play_block
from sim.ensemble.join import Joiner
from sim.ensemble.result import Ensemble
from sim.ensemble.worker_pool import ordered, workers_for
from sim.inputs.scenario import Scenario


@dataclass(frozen=True)
class Task:
    """One block to compute."""

    first_run: int
    runs: int


def tasks(runs: int, first: int = 0) -> Iterator[Task]:
    """The blocks of an ensemble from run ``first`` on: always the same cut, whoever computes them."""
    return (Task(start, min(COMPUTED_RUNS, runs - start)) for start in range(first, runs, COMPUTED_RUNS))


def blocks(runs: int, first: int = 0) -> int:
    """How many blocks that are."""
    return -(-(runs - first) // COMPUTED_RUNS)


def play(scenario: Scenario, seed: int, task: Task) -> Block:
    """Compute one block."""
    return play_block(
        scenario, seed, task.first_run, task.runs,
        keep_rows=task.first_run < rows.ROWS_KEPT, keep_numbers=task.first_run < rows.NUMBERS_KEPT,
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
    """Play ``runs`` runs of a scenario; nothing is written, and rows are held in memory (``store.run_into`` has them
    on disk).

    Same scenario, seed and version: same result, for any ``workers`` and ``executor`` (``processes``, ``threads``,
    ``dask`` or ``dask:ADDRESS``); the first runs of a longer ensemble are the shorter ensemble. ``on_block`` is told
    the runs of each finished block. Raises ValueError for fewer runs than one.
    """
    joiner = start(scenario, runs, seed)
    for block_runs in finish(joiner, workers, executor):
        if on_block is not None:
            on_block(block_runs)
    return joiner.ensemble()


def start(scenario: Scenario, runs: int, seed: int) -> Joiner:
    """An ensemble of which nothing has been played yet."""
    if runs < 1:
        raise ValueError("an ensemble has at least one run")
    return Joiner(scenario, seed, __version__, runs)


def finish(joiner: Joiner, workers: int | None = None, executor: str = "processes") -> Iterator[int]:
    """Play and add what is missing; yields the runs of each block once it is in."""
    count = min(workers_for(joiner.total - joiner.runs, workers), blocks(joiner.total, joiner.runs))
    if count > 1:
        import sim.model.diplomacy  # noqa: F401 - before workers are forked, so that they need not import it again
    work = partial(play, joiner.scenario, joiner.seed)
    with closing(ordered(work, tasks(joiner.total, joiner.runs), executor, count)) as finished:
        for block in finished:
            joiner.add(block)
            done = block.runs
            del block  # before the next one is played
            yield done
