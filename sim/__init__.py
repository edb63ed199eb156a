"""Summitry: a scenario simulation of leverage in summit diplomacy. Not a forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.defaults import VERSION

__version__ = VERSION

if TYPE_CHECKING:
    from sim.analysis.compare import compare as compare
    from sim.analysis.explain import explain as explain
    from sim.ensemble.run import run as run
    from sim.inputs.scenario import load_scenario as load_scenario

_HOMES = {
    "load_scenario": "sim.inputs.scenario",
    "run": "sim.ensemble.run",
    "compare": "sim.analysis.compare",
    "explain": "sim.analysis.explain",
}
__all__ = ["compare", "explain", "load_scenario", "run"]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import sim`` stays light."""
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute '{name}'")


def __dir__() -> list[str]:
    """The public names, imported or not."""
    return sorted([*__all__, "__version__"])
