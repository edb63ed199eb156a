"""The numbers that the engine itself cannot do without, whatever the case."""

from __future__ import annotations

from collections.abc import Iterable

NEEDED_PARAMETERS = (
    *("sd_mech", "eps", "kappa", "tau_met", "lam_act", "lam", "lam_pick", "phi", "a0"),
    *("distrust", "follow", "link", "step"),
)
NEEDED_CONSTANTS = ("base_cap", "disputed", "share_unknown")
DEFAULTS = {  # what a case that does not name it does without
    "precedent": 0.0, "resolve": 0.0, "wish_base": 20.0, "hurry_base": -20.0, "snap_back": 0.0,
    "tied": 0.0, "paired": 0.0,
}  # fmt: skip


def needed_parameters(states: Iterable[str]) -> list[str]:
    """The parameters that every case gives."""
    return [*NEEDED_PARAMETERS, *(f"shortfall_{state}" for state in states)]


def needed_constants() -> list[str]:
    """The constants that every case gives."""
    return list(NEEDED_CONSTANTS)
