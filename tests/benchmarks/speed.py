"""How fast the model runs, both sides of every comparison in one go, as a table.

    python -m tests.benchmarks.speed

The array model plays a whole block of runs as one Mesa model; its rival is the same class with ``runs=1``, one Mesa
model a run, stepped 21 times. The rival draws each stream as a whole block of 4,096 runs and uses one of them: that is
how a run keeps its draws whatever the ensemble's size. A second rival draws only what it needs (so it has other draws):
the ratio is not owed to that. Times are of this machine as it is now: if it is shared or noisy, so are they.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

import numpy as np

from sim.ensemble.block import COMPUTED_RUNS, play_block
from sim.ensemble.memory import keep_freed_memory
from sim.inputs.scenario import Scenario, load_scenario
from sim.model.diplomacy import Diplomacy
from sim.model.streams import BLOCK_RUNS, FloatArray, MonthlyStream, Streams, generator

SINGLE_MODELS = 24
REPEATS = 5
COLD_STARTS = 5


class OnlyWhatIsNeeded(Streams):
    """Streams that draw no more than their runs. Not the draws of the product: for timing alone."""

    def world_uniforms(self, name: str) -> FloatArray:
        return generator(self.seed, name, 0).random(self.worlds, dtype=np.float32)

    def world_normals(self, name: str) -> FloatArray:
        return generator(self.seed, name, 0).standard_normal(self.worlds, dtype=np.float32)

    def monthly(self, name: str, rows: int = 1) -> MonthlyStream:
        return _Few(generator(self.seed, name, 0), rows, self.runs)


class _Few(MonthlyStream):
    def __init__(self, source: np.random.Generator, rows: int, runs: int) -> None:
        self._source, self._rows, self._runs = source, rows, runs

    def month(self, month: int) -> FloatArray:
        return self._source.random((self._rows, self._runs), dtype=np.float32)


def play(model: Diplomacy) -> None:
    while not model.finished:
        model.step()


def seconds(work: Callable[[], object], repeats: int) -> float:
    """Median processor time of one go, in seconds: what other people's work does to the clock stays out."""
    taken = []
    for _ in range(repeats):
        began = process_time()
        work()
        taken.append(process_time() - began)
    return median(taken)


def block_rate(scenario: Scenario, runs: int) -> float:
    """Runs a second of one array model of so many runs."""
    return runs / seconds(lambda: play(Diplomacy(scenario, runs=runs, seed=1)), REPEATS)


def one_model_a_run(scenario: Scenario, lean: bool) -> float:
    """Seconds a run when every run is a Mesa model of its own."""

    def single(seed: int) -> None:
        streams = OnlyWhatIsNeeded(seed, 1) if lean else None
        play(Diplomacy(scenario, runs=1, seed=seed, streams=streams))

    single(0)
    began = process_time()
    for seed in range(SINGLE_MODELS):
        single(seed)
    return (process_time() - began) / SINGLE_MODELS


def stage_shares(scenario: Scenario, runs: int) -> dict[str, float]:
    """Share of the model's time in drawing worlds and in each stage of a month."""
    began = perf_counter()
    model = Diplomacy(scenario, runs=runs, seed=1)
    spent = {"drawing worlds": perf_counter() - began}

    def timed(name: str, stage: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            start = perf_counter()
            stage()
            spent[name] = spent.get(name, 0.0) + perf_counter() - start

        return run

    model._stages = {name: timed(name, stage) for name, stage in model._stages.items()}
    play(model)
    total = sum(spent.values())
    return {name: each / total for name, each in spent.items()}


def cold_start() -> tuple[float, float]:
    """Median seconds of the bare imports, and of a cold run of 10,000 until its table is out; taken in turns."""
    bare, table = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(COLD_STARTS):
            began = perf_counter()
            subprocess.run([sys.executable, "-c", "import numpy, mesa, yaml"], check=True)
            bare.append(perf_counter() - began)
            table.append(_until_the_table(folder))
    return median(bare), median(table)


def _until_the_table(folder: str) -> float:
    command = [sys.executable, "-m", "sim", "run", "history", "-n", "10000", "--fresh", "--no-charts", "--out", folder]
    began = perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"stalemate"):  # the last row of the table
                taken = perf_counter() - began
                process.stdout.read()
                return taken
    raise RuntimeError("no table was printed")


def main() -> None:
    keep_freed_memory()
    scenario = load_scenario("history")
    claims, months = len(scenario.ledger.claims), scenario.months + 1
    print(f"history, {claims} claims, {months} months; processor time of one core unless it says otherwise")
    print("on this machine as it is now; on a shared machine figures move by a third from one go to the next\n")
    block = {runs: block_rate(scenario, runs) for runs in _SIZES}
    whole = COMPUTED_RUNS / seconds(lambda: play_block(scenario, 1, 0, COMPUTED_RUNS), REPEATS)
    single, lean = one_model_a_run(scenario, lean=False), one_model_a_run(scenario, lean=True)
    rows = [(f"array model, blocks of {runs:,} runs", rate) for runs, rate in block.items()]
    rows += [(f"the same with all statistics and rows kept, {COMPUTED_RUNS:,} runs", whole)]
    rows += [(f"one Mesa model a run, Diplomacy(runs=1), {SINGLE_MODELS} of them", 1 / single)]
    rows += [("one Mesa model a run that draws only what it needs", 1 / lean)]
    for title, rate in rows:
        print(f"{title:68s} {rate:12,.1f} runs/s")
    best = block[COMPUTED_RUNS]
    print(f"\n{'array model to one Mesa model a run':68s} {best * single:12,.0f} times (at least 100)")
    print(f"{'array model to one that draws only what it needs':68s} {best * lean:12,.0f} times")
    print(f"\nshare of the model's time, blocks of {COMPUTED_RUNS:,}")
    for name, share in stage_shares(scenario, COMPUTED_RUNS).items():
        print(f"  {name:20s} {100 * share:5.1f}%")
    bare, table = cold_start()
    print(f"\nwall clock, median of {COLD_STARTS}, taken in turns")
    print(f"  {'import numpy, mesa, yaml':50s} {bare:6.2f} s")
    print(
        f"  {'cold run of 10,000 until its table is printed':50s} {table:6.2f} s, {table / bare:.2f} times (at most 2)"
    )


_SIZES = tuple(dict.fromkeys((BLOCK_RUNS, 2 * BLOCK_RUNS, COMPUTED_RUNS)))

if __name__ == "__main__":
    main()
