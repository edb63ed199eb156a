"""Scenarios as the tests of the model use them, each read once."""

from __future__ import annotations

from functools import cache

from sim.inputs.scenario import Scenario, load_scenario

# Claims added after the ledger that the reference figures of the specification were measured with.
ADDED = (
    *("china-sole-control", "walk-out-threat", "economy-first-need"),
    *("region-faces-backed-north", "many-options-unproven", "no-appeasement-record"),
)
REFERENCE = ("assume.coding=first", *(f"assume.claims.{claim}=off" for claim in ADDED))


@cache
def scenario_of(name: str, *settings: str, months: int | None = None) -> Scenario:
    """A shipped scenario with settings over it."""
    return load_scenario(name, set=settings, months=months)


def reference(name: str, *settings: str, months: int | None = None) -> Scenario:
    """The same under the first coding and the 57 claims of the reference figures."""
    return scenario_of(name, *REFERENCE, *settings, months=months)
