"""Scenarios that several tests play, and folders to play them into."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sim.ensemble import run
from sim.inputs.scenario import Scenario, load_scenario
from sim.model.streams import BLOCK_RUNS


@pytest.fixture(scope="session")
def brief() -> Scenario:
    """Three months of the case: quick to play, with a summit of every kind but one."""
    return load_scenario("baseline", months=2)


@pytest.fixture(scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks as small as they can be, for tests that play many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "COMPUTED_RUNS", BLOCK_RUNS)
        yield
