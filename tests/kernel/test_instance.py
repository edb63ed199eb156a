"""A thread has one instance of a compiled file at a time, whatever it plays: each takes 4 GB of addresses."""

from __future__ import annotations

import gc
from threading import Thread

from sim.inputs.scenario import load_scenario
from sim.kernel.compiled import compiled
from sim.kernel.instance import Machine
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
