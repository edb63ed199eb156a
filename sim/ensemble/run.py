"""Runs an ensemble: cuts it into blocks, maps them over workers, joins them in order."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from functools import partial
from pathlib import Path

from sim.defaults import DEFAULT_RUNS, DEFAULT_SEED, VERSION
from sim.ensemble.block import COMPUTED_RUNS, Block, prepare
from sim.ensemble.finished_blocks import BlockFiles, Joiner, Task, play
from sim.ensemble.result import Ensemble
from sim.ensemble.worker_pool import in_processes, ordered, workers_for
from sim.inputs.scenario import Scenario


def tasks(runs: int, first: int = 0) -> Iterator[Task]:
    """The blocks of an ensemble from run ``first`` on, cut the same way for any number of workers."""
    return (Task(start, min(COMPUTED_RUNS, runs - start)) for start in range(first, runs, COMPUTED_RUNS))


def blocks(runs: int, first: int = 0) -> int:
    """How many blocks ``tasks`` gives."""
    return -(-(runs - first) // COMPUTED_RUNS)


def run(
    scenario: Scenario,
    runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
    *,
    workers: int | None = None,
    executor: str = "processes",
    on_block: Callable[[int], None] | None = None,
) -> Ensemble:
    """Play ``runs`` runs of a scenario; rows are in memory, nothing on disk (``saved_runs.run_into`` writes files).

    The same scenario, seed and version give the same result for any ``workers`` and ``executor`` (``processes``,
    ``threads``, ``dask`` or ``dask:ADDRESS``); the first runs of a longer ensemble are the shorter ensemble.
    ``on_block`` is called with the number of runs of each finished block. Raises ValueError for fewer runs than one,
    TypeError for what is no scenario, such as a scenario's name.

    >>> from sim import load_scenario
    >>> ensemble = run(load_scenario("xi-first", months=2), 100)
    >>> int(ensemble.counts[-1].sum())
    100
    """
    joiner = start(scenario, runs, seed)
    passed = in_processes(executor, min(workers_for(runs, workers), blocks(runs)))
    with tempfile.TemporaryDirectory(prefix="summitry-") if passed else nullcontext() as folder:
        files = BlockFiles(Path(folder), scenario, seed, keep=False) if folder else None
        for block_runs, _ in finish(joiner, files, workers, executor):
            if on_block is not None:
                on_block(block_runs)
    return joiner.ensemble()


def start(scenario: Scenario, runs: int, seed: int, folder: Path | None = None) -> Joiner:
    """An ensemble before its first block; rows go into ``folder``, else into memory. Raises as :func:`run`."""
    if not isinstance(scenario, Scenario):
        raise TypeError(f"a scenario is played, not its name or file: run(load_scenario({str(scenario)!r}))")
    if runs < 1:
        raise ValueError("an ensemble has at least one run")
    return Joiner(scenario, seed, VERSION, runs, folder)


def finish(
    joiner: Joiner, files: BlockFiles | None, workers: int | None = None, executor: str = "processes"
) -> Iterator[tuple[int, bool]]:
    """Play and add the missing blocks; yields each block's number of runs and whether it was there already.

    Blocks pass through files where they are kept or come from other processes.
    """
    found = files.there() if files else set()
    missing = [task for task in tasks(joiner.total, joiner.runs) if task.file not in found]
    count = min(workers_for(sum(task.runs for task in missing), workers), max(len(missing), 1))
    if in_processes(executor, count):
        prepare(joiner.scenario)
    work: Callable[[Task], Block | None] = partial(play, joiner.scenario, joiner.seed)
    if files and in_processes(executor, count):
        work = files
    with closing(ordered(work, missing, executor, count)) as played:
        for task in tasks(joiner.total, joiner.runs):
            there = task.file in found
            block = None if there else next(played)
            if block and files and files.keep:
                files.write(block)
            _join(joiner, files, task, block)
            del block  # before the next one is played
            yield task.runs, there


def _join(joiner: Joiner, files: BlockFiles | None, task: Task, block: Block | None) -> None:
    """Add a block: as returned, from its file, or (if the file is damaged) played again."""
    if block is None and files is not None:
        block = files.read(task)
    try:
        joiner.add(block or play(joiner.scenario, joiner.seed, task))
    except ValueError:
        joiner.add(play(joiner.scenario, joiner.seed, task))
    if files is not None:
        files.joined(joiner, task)
