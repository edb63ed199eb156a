"""Scenarios that several tests play, and folders to play them into."""

from __future__ import annotations

import pytest

from sim.inputs.scenario import Scenario, load_scenario


@pytest.fixture(scope="session")
def brief() -> Scenario:
    """Three months of the case: quick to play, with a summit of every kind but one."""
    return load_scenario("baseline", months=2)
