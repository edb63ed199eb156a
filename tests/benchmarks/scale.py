"""Memory and time from 10^4 runs up, the slope between them, and what a second process brings, all in one go.

    python -m tests.benchmarks.scale [--scenario NAME] [--most RUNS] [--workers N]

Every go is a process of its own, so that its memory is its own: the most it ever held, with its workers. `play` is
the time of computing and joining, `write` that of the tables and worlds.npz, `cpu` the processor time of both over all
processes. A row is the median of its goes, and the most memory of any; sizes take turns, since machines change pace.
The slopes are those of one process (`--workers`), because seven blocks of 10^5 runs cannot be shared evenly by two.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from tests.ensemble.memory_used import most_held

SPEEDUP_RUNS = 500_000
TURNS = 3
HEADER = ("runs", "goes", "workers", "play s", "write s", "cpu s", "runs/s", "memory MB", "disk MB")
LINE = "{:>12} {:>4} {:>7} {:>7} {:>7} {:>7} {:>8} {:>9} {:>8}"

Measured = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, the slope and the speedup."""
    given = _parser().parse_args(arguments)
    if given.one:
        print(json.dumps(_one(given.scenario, given.one, given.workers)))
        return
    sizes = [10**power for power in range(4, 10) if 10**power <= given.most]
    print(LINE.format(*HEADER))
    rows = _in_turns(given.scenario, sizes, given.workers)
    large = [row for row in rows if row["runs"] >= 100_000]
    if len(large) > 1:
        slopes = f"{_slope(large, 'play'):.3f} by the clock, {_slope(large, 'cpu_play'):.3f} in processor time"
        print(f"\nslope of log time over log runs, from 10^5 runs: {slopes}")
    memory = [row["memory"] for row in rows]
    print(f"most memory of any size: {max(memory) / memory[0]:.2f} times that of 10^4 runs")
    print(f"\ntwo processes against one, {SPEEDUP_RUNS:,} runs:")
    goes: dict[int, list[Measured]] = {1: [], 2: []}
    for _ in range(TURNS):
        for workers, measured in goes.items():
            measured.append(_measure(given.scenario, SPEEDUP_RUNS, workers))
    one, two = (_typical(measured) for measured in goes.values())
    for row in (one, two):
        _print(row)
    print(f"speedup {one['play'] / two['play']:.2f}")


def _in_turns(scenario: str, sizes: Sequence[int], workers: int) -> list[Measured]:
    """A row a size, printed; the largest is played in the middle turn only."""
    goes: dict[int, list[Measured]] = {runs: [] for runs in sizes}
    for turn in range(TURNS):
        for runs in sizes:
            if runs <= 1_000_000 or turn == TURNS // 2:
                goes[runs] += [_measure(scenario, runs, workers) for _ in range(3 if runs <= 100_000 else 1)]
    rows = [_typical(measured) for measured in goes.values()]
    for row in rows:
        _print(row)
    return rows


def _typical(goes: Sequence[Measured]) -> Measured:
    """The median of each figure, but the most memory."""
    middle = {name: median(each[name] for each in goes) for name in goes[0]}
    return {**middle, "memory": max(each["memory"] for each in goes), "goes": len(goes)}


def _print(row: Measured) -> None:
    speed, memory, disk = row["runs"] / row["play"], row["memory"] / 1e6, row["disk"] / 1e6
    figures = (f"{row[name]:.2f}" for name in ("play", "write", "cpu"))
    texts = (f"{row['runs']:,}", row["goes"], row["workers"], *figures, f"{speed:,.0f}", f"{memory:.0f}", f"{disk:.1f}")
    print(LINE.format(*texts), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scenario", default="baseline")
    parser.add_argument("--most", type=lambda text: int(float(text)), default=1_000_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    return parser


def _measure(scenario: str, runs: int, workers: int) -> Measured:
    """One go, in a new process."""
    command = [sys.executable, "-m", "tests.benchmarks.scale", "--scenario", scenario, "--one", str(runs)]
    command += ["--workers", str(workers)]
    found: Measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _one(name: str, runs: int, workers: int) -> Measured:
    """Play and write one ensemble; what it took."""
    from sim.ensemble import saved_runs
    from sim.ensemble.run import run
    from sim.ensemble.worker_pool import workers_for
    from sim.inputs.scenario import load_scenario

    scenario = load_scenario(name)
    run(scenario, 1, 2018)  # imports are not what is measured
    with tempfile.TemporaryDirectory() as folder:
        start, cpu, shared = perf_counter(), _cpu(), most_held()
        finished = saved_runs.run_into(Path(folder), scenario, runs, 2018, workers=workers)
        played, cpu_played = perf_counter(), _cpu()
        saved_runs.write_tables(Path(folder), finished.ensemble, "benchmark", datetime.now(UTC))
        written = perf_counter()
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*"))
    return {
        "runs": runs, "workers": workers_for(runs, workers), "play": played - start, "write": written - played,
        "cpu_play": cpu_played - cpu, "cpu": _cpu() - cpu,
        "memory": _memory(workers_for(runs, workers), shared), "disk": disk,
    }  # fmt: skip


def _cpu() -> float:
    """Processor time of this process and of its workers that have ended, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _memory(workers: int, shared: int) -> int:
    """The most that this process held, and for each worker the most that the largest held beyond what a fork shares."""
    largest = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if workers > 1 else shared
    return most_held() + workers * max(largest - shared, 0)


def _slope(rows: list[Measured], of: str) -> float:
    """Least squares slope of log time on log runs."""
    points = [(math.log(row["runs"]), math.log(row[of])) for row in rows]
    x, y = (math.fsum(column) / len(points) for column in zip(*points, strict=True))
    return math.fsum((a - x) * (b - y) for a, b in points) / math.fsum((a - x) ** 2 for a, _ in points)


if __name__ == "__main__":
    main()
