"""The numbers that the engine itself reads, whatever the case: how far each can go at all, and what it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class EngineNumber:
    """A number of the engine. From ``low`` to ``high`` the model works; a case says what is plausible within it."""

    low: float
    high: float
    meaning: str
    default: float | None = None  # what a case that does not name it does with; None where every case names it


PARAMETERS = {
    "sd_mech": EngineNumber(0, 2, "spread of the scale that the claims of a mechanism share"),
    "eps": EngineNumber(0, 1, "pull of one argument on another"),
    "kappa": EngineNumber(0, 10, "accrual across causes; 1 is the probabilistic sum"),
    "tau_met": EngineNumber(0.1, 1200, "months for a meeting to fade"),
    "lam_act": EngineNumber(0, 100, "sharpness of the monthly choice"),
    "lam": EngineNumber(0.001, 100, "sharpness of acceptance"),
    "lam_pick": EngineNumber(0, 100, "sharpness of the choice of package"),
    "phi": EngineNumber(0, 10, "weight of what no deal costs"),
    "a0": EngineNumber(0.001, 0.999, "chance to accept a package that changes nothing, at leverage one half"),
    "distrust": EngineNumber(0, 20, "price of an irreversible gift"),
    "follow": EngineNumber(0, 1, "share of a deal carried out"),
    "link": EngineNumber(0, 1, "how far one irreversible gift offsets the other"),
    "step": EngineNumber(0, 10, "scale of the effects of all monthly moves"),
    "precedent": EngineNumber(0, 1, "how far new terms lean on those last struck", 0.0),
    "resolve": EngineNumber(0, 1, "chance that a pair signs by the same draw at all its summits", 0.0),
    "wish_base": EngineNumber(-20, 20, "log odds of coming to a planned summit", 20.0),
    "hurry_base": EngineNumber(-20, 20, "log odds a month that a summit is brought forward", -20.0),
    "snap_back": EngineNumber(0, 1, "share of what can come back that does when a deal collapses", 0.0),
    "tied": EngineNumber(0, 2, "what one hostage without the other costs either side", 0.0),
    "paired": EngineNumber(0, 1, "how far two hostages go at the pace of the slower", 0.0),
}
CONSTANTS = {
    "base_cap": EngineNumber(0, 1, "largest base of a claim"),
    "disputed": EngineNumber(0, 1, "what an effect or link counts that only one of two codings has"),
    "share_unknown": EngineNumber(0, 1, "share of an effect that no coding gives"),
}
_SHORTFALL = EngineNumber(0, 1, "extra share of a deal that the state leaves undone")

DEFAULTS = {name: number.default for name, number in PARAMETERS.items() if number.default is not None}


def engine_numbers(section: str, states: Iterable[str]) -> dict[str, EngineNumber]:
    """Those that stand among the `parameters` or the `constants` of a case with these states; none elsewhere."""
    if section == "parameters":
        return PARAMETERS | {f"shortfall_{state}": _SHORTFALL for state in states}
    return CONSTANTS if section == "constants" else {}


def in_words(section: str) -> str:
    """What an editor explains of them."""
    told = (
        f"{name}, {of.low:g} to {of.high:g}: {of.meaning}" for name, of in engine_numbers(section, ["STATE"]).items()
    )
    return f"The engine's own: {'; '.join(told)}."
