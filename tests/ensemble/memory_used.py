"""`python -m tests.ensemble.memory_used FOLDER RUNS MONTHS WORKERS`: play and write a run, print the bytes it took.

That is the largest resident size of this process, and for each worker that of the largest, less what a fork shares.
"""

from __future__ import annotations

import resource
import sys
from datetime import UTC, datetime
from pathlib import Path


def main(folder: Path, runs: int, months: int, workers: int) -> None:
    from sim.ensemble import saved_runs
    from sim.inputs.scenario import load_scenario

    scenario = load_scenario("baseline", months=months)
    shared = most_held()
    finished = saved_runs.run_into(folder, scenario, runs, 7, workers=workers)
    saved_runs.write_tables(folder, finished.ensemble, "x", datetime.now(UTC))
    largest = 1024 * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if workers > 1 else shared
    print(most_held() + workers * (largest - shared))


def most_held() -> int:
    """Bytes; not from getrusage, which on Linux also counts what the program was that started this one."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
