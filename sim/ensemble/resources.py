"""Estimates the memory, time and disk of a run before any work, and refuses a run that cannot succeed."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sim.ensemble.block import COMPUTED_RUNS, NUMBERS_KEPT, ROWS_KEPT
from sim.ensemble.finished_blocks import FOLD
from sim.ensemble.run import blocks
from sim.ensemble.worker_pool import workers_for
from sim.errors import CannotWrite, InputError
from sim.inputs.months import MOST_MONTHS
from sim.inputs.scenario import Scenario
from sim.kernel.columns import BINS, Names

MOST_SECONDS = 2 * 86_400

# Measured (tests/benchmarks/scale.py, tests/ensemble/test_resources.py) and rounded upward.
PROGRAM_BYTES = 125e6  # Python with NumPy and Mesa
WORKER_BYTES = 60e6  # what a worker adds to it
SECONDS_TO_START = 1.0
SECONDS_A_RUN_MONTH = 1 / (60_000 * 21)  # one core, with CLAIMS claims
CLAIMS = 63
ARRAYS_A_CLAIM = 10  # arrays of one float32 a run that a block holds per claim while it is played
RESULTS_HELD = 3  # finished blocks that wait to be joined, per worker
CSV_CELL = 9.5  # bytes
MARGIN = 1.1  # on disk


@dataclass(frozen=True)
class Estimate:
    """What a run needs, in bytes and seconds; ``log`` is disk that it needs only until it is finished."""

    memory: float
    seconds: float
    disk: float
    log: float = 0.0


def estimate(scenario: Scenario, runs: int, workers: int | None = None, in_files: bool = True) -> Estimate:
    """What ``runs`` runs of a scenario need, within a factor of two on a machine like the one measured.

    Rows are ``in_files`` when the run goes into a folder, else in memory.
    """
    names, count, months = Names.of(scenario), workers_for(runs, workers), scenario.months + 1
    kept, block, claims = min(runs, ROWS_KEPT), min(runs, COMPUTED_RUNS), len(names.claims)
    bars = months * (len(names.series) + len(names.dyads)) * BINS
    row = months + 4 * len(names.measures)
    rows = kept * row + min(runs, NUMBERS_KEPT) // 2 * 4 * _numbers(scenario)
    bits = kept // 2 * (claims + len(names.causes))
    worker = 4 * ARRAYS_A_CLAIM * claims * block + RESULTS_HELD * (2 * bars + block * row)
    others = count * (worker + (WORKER_BYTES if count > 1 else 0))
    seconds = runs * months * SECONDS_A_RUN_MONTH * max(claims / CLAIMS, 0.3) / count
    archive = rows + bits / 8 + bars * (2 if runs < 2**16 else 4 if runs < 2**32 else 8)
    tables = kept * (22 + CSV_CELL * len(names.measures))
    tables += 60 * months * (len(names.outcomes) + 2 * len(names.dyads)) + 200 * claims
    logged = in_files and blocks(runs) > 1
    waiting = min(blocks(runs), ROWS_KEPT // COMPUTED_RUNS + 1 + FOLD)  # block files that are on disk at a time
    return Estimate(
        memory=PROGRAM_BYTES + (0 if logged else rows + bits) + 3 * 8 * bars + others,
        seconds=SECONDS_TO_START + seconds,
        disk=MARGIN * (archive + tables),
        log=MARGIN * (2 * (rows + bits) + (2 * waiting + 8) * bars) if logged else 0.0,  # rows: in blocks, and joined
    )


def _numbers(scenario: Scenario) -> int:
    """Uncertain numbers that are drawn, roughly."""
    case = scenario.case
    issues = sum(len(state.ideals) for state in case.states.values())
    return len(case.parameters) + 2 * issues + len(case.variables) + len(case.mechanisms)


def describe(needs: Estimate) -> str:
    """An estimate in words: "about 1.2 GB of memory, 3 minutes and 480 MB of disk"."""
    return f"about {_bytes(needs.memory)} of memory, {_time(needs.seconds)} and {_bytes(needs.disk)} of disk"


def refuse_if_too_large(
    scenario: Scenario,
    runs: int,
    folder: Path | None = None,
    workers: int | None = None,
    *,
    in_files: bool = True,
    taken: float = 0.0,
) -> Estimate:
    """The estimate, if this machine can do it. ``taken`` bytes of the free disk are reserved (below 0: ours hold them).

    Raises InputError for too many months, or more memory or time than there is; CannotWrite when the disk is too full.
    """
    if scenario.months > MOST_MONTHS:
        raise InputError.at("--months", "months", f"{scenario.months:,}", f"at most {MOST_MONTHS:,}")
    needs = estimate(scenario, runs, workers, in_files)
    what = f"{runs:,} runs of {scenario.months + 1:,} months"
    if needs.seconds > MOST_SECONDS:
        allowed = f"at most {_time(MOST_SECONDS)} ({describe(needs)}); see sim/ensemble/CLUSTER.md for more machines"
        raise InputError.at("-n", "runs", f"{what} need about {_time(needs.seconds)}", allowed)
    free = free_memory()
    if free is not None and needs.memory > free:
        allowed = f"at most {_bytes(free)}, which is what is free ({describe(needs)})"
        raise InputError.at("-n", "runs", f"{what} need about {_bytes(needs.memory)} of memory", allowed)
    free_room = free_disk(folder) if folder is not None else None
    most = needs.disk + needs.log
    if free_room is not None and most > (room := free_room - taken):
        raise CannotWrite(f"{folder}: {what} need about {_bytes(most)} of disk, and {_bytes(room)} are free", 74)
    return needs


def free_memory() -> float | None:
    """Bytes free without swapping, of the machine or its container. None where the system does not report it."""
    found = [free for free in (_meminfo(), _container()) if free is not None]
    return min(found, default=None)


def _meminfo() -> float | None:
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        return next(float(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError):
        pass
    try:
        return float(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return None


def _container() -> float | None:
    """Bytes that a control group (version 2) still allows."""
    group = Path("/sys/fs/cgroup")
    try:
        return float((group / "memory.max").read_text()) - float((group / "memory.current").read_text())
    except (OSError, ValueError):  # none, or "max"
        return None


def free_disk(folder: Path) -> float | None:
    """Bytes free where the folder is or will be."""
    for place in (folder, *folder.absolute().parents):
        try:
            return float(shutil.disk_usage(place).free)
        except OSError:
            continue
    return None


def _bytes(amount: float) -> str:
    """1.2 GB, 480 MB."""
    for unit, size in (("PB", 1e15), ("TB", 1e12), ("GB", 1e9)):
        if amount >= size:
            return f"{amount / size:,.1f} {unit}"
    return f"{max(amount, 0) / 1e6:,.0f} MB"


def _time(seconds: float) -> str:
    """45 seconds, 3 minutes, 2.5 hours, 12 days."""
    for unit, size in (("years", 365.25 * 86_400), ("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return "1 second" if round(seconds) == 1 else f"{seconds:,.0f} seconds"
