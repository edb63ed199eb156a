"""A thread has one instance of a compiled file at a time, whatever it plays: each takes 4 GB of addresses."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from sim.inputs.scenario import load_scenario
from sim.kernel.compiled import compiled
from sim.kernel.instance import Machine
from tests.ensemble.helpers import ROOT
from tests.kernel.helpers import scenario

ONE, OTHER = load_scenario("history", months=1), scenario("other:baseline")


def machines() -> int:
    gc.collect()
    return sum(isinstance(each, Machine) and each.running for each in gc.get_objects())


def play_both() -> None:
    for plan in (ONE, OTHER, ONE):
        found = compiled(plan).play(plan, 1, 0, 128)
        assert found.counts[-1].sum() == 128


def test_another_structure_takes_the_place_of_the_last() -> None:
    play_both()
    assert machines() == 1


def test_a_thread_takes_its_own_with_it() -> None:
    play_both()
    thread = Thread(target=play_both)
    thread.start()
    thread.join()
    assert machines() == 1


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the limit is not kept")
def test_too_few_addresses_are_one_line(tmp_path: Path) -> None:
    """As under a cluster's `ulimit -v`; a worker sends the line to its parent."""
    play = ["-m", "sim", "run", "history", "--months", "0", "--no-charts", "--out", str(tmp_path)]
    for more in (["-n", "40"], ["-n", "20000", "--workers", "2"]):
        command = ["sh", "-c", 'ulimit -v 2000000; exec "$0" "$@"', sys.executable, *play, *more]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 70
        assert done.stderr.splitlines()[-1].startswith("the compiled model reserves 4 GB of addresses")
