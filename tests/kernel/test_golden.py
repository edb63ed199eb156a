"""Outcome counts of four scenarios are those that were kept, the same on every machine, NumPy and Python."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from sim.inputs.scenario import load_scenario
from sim.kernel.compiled import engine_of
from tests.kernel.golden import GOLDEN, RUNS, counts, dispatched

NOT_FOR_NUMBERS = ("AVX512_ICL", "AVX512_SPR")  # NumPy 2.4 sorts and halves with them


def test_the_counts_are_those_that_were_kept() -> None:
    assert engine_of(load_scenario("history")) == "compiled"
    found, kept = counts(), json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert found == kept
    assert all(sum(each.values()) == RUNS for each in found.values())


def test_they_do_not_depend_on_processor_features() -> None:
    off = [name for name in reversed(dispatched()) if name not in NOT_FOR_NUMBERS]
    environment = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(off)} if off else dict(os.environ)
    command = [sys.executable, "-m", "tests.kernel.golden"]
    answer = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    found = json.loads(answer.stdout)
    assert not set(found["dispatched"]) - set(NOT_FOR_NUMBERS)
    assert found["counts"] == json.loads(GOLDEN.read_text(encoding="utf-8"))
