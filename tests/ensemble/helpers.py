"""What tests of the ensemble share: comparing bits, and playing in another process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sim.ensemble.result import Ensemble

ROOT = Path(__file__).resolve().parents[2]
ARRAYS = (
    "counts", "together", "moments", "series", "series_bins", "leverage", "leverage_bins",
    "classes", "values", "holds", "caused",
)  # fmt: skip


def assert_same_bits(one: Ensemble, two: Ensemble) -> None:
    """Every array of two ensembles, to the last bit."""
    for name in ARRAYS:
        left, right = getattr(one, name), getattr(two, name)
        assert left.dtype == right.dtype, name
        assert left.tobytes() == right.tobytes(), name
    assert list(one.numbers) == list(two.numbers)
    assert all(np.array_equal(one.numbers[name], two.numbers[name]) for name in one.numbers)
    assert (one.runs, one.seed, one.version, one.names) == (two.runs, two.seed, two.version, two.names)


def start_python(
    module: str, arguments: Sequence[object], environment: Mapping[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start `python -m MODULE ARGUMENTS` in the project's root."""
    given = dict(os.environ if environment is None else environment)
    given["PYTHONPATH"] = str(ROOT)
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-m", module, *map(str, arguments)],
        cwd=ROOT, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def run_python(
    module: str, arguments: Sequence[object], environment: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of `python -m MODULE ARGUMENTS`."""
    process = start_python(module, arguments, environment)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def run_text(program: str, *arguments: str) -> str:
    """Standard output of a program given as text."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False).stdout


def children_of(pid: int) -> list[int]:
    """Processes whose parent is this one."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = status.read_text().splitlines()
        except OSError:  # it has ended
            continue
        if f"PPid:\t{pid}" in lines:
            found.append(int(status.parent.name))
    return found
