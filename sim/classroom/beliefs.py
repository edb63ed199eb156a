"""Beliefs about claims: one reader's, the median and mean of several, and a scenario with such beliefs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from sim.inputs.case import Range
from sim.inputs.ledger import Ledger
from sim.inputs.scenario import Scenario


@dataclass(frozen=True)
class Belief:
    """Credence in [0, 1] and weight of a claim."""

    credence: float
    weight: Range


Beliefs = Mapping[str, Belief]


def beliefs(scenario: Scenario) -> dict[str, Belief]:
    """The belief that a scenario has about every claim."""
    return {name: Belief(claim.credence, claim.weight) for name, claim in scenario.ledger.claims.items()}


def believing(scenario: Scenario, new: Beliefs) -> Scenario:
    """The scenario with other credences and weights for some claims; effects and links stay as they are."""
    claims = dict(scenario.ledger.claims)
    for name, belief in new.items():
        claims[name] = replace(claims[name], credence=belief.credence, weight=belief.weight)
    return replace(scenario, ledger=Ledger(claims))


def middle(readers: Sequence[Beliefs]) -> dict[str, Belief]:
    """The median of the readers, claim by claim; of weights, the median of each corner."""
    return _joined(readers, median)


def mean(readers: Sequence[Beliefs]) -> dict[str, Belief]:
    """The mean of the readers: for credences the linear opinion pool (Stone 1961)."""
    return _joined(readers, fmean)


def reach(one: Belief, other: Belief, effect: float) -> float:
    """The first-order effect of moving a claim from one belief to another: its effect times the change of credence,
    plus its effect times the relative change of its weight where it holds."""
    heavier = max(one.weight.mode, other.weight.mode, 1e-9)
    weight = abs(one.weight.mode - other.weight.mode) / heavier
    return effect * (abs(one.credence - other.credence) + min(one.credence, other.credence) * weight)


def _joined(readers: Sequence[Beliefs], join: Callable[[Sequence[float]], float]) -> dict[str, Belief]:
    found = {}
    for name in readers[0]:
        each = [reader[name] for reader in readers]
        corners = ([getattr(one.weight, corner) for one in each] for corner in ("low", "mode", "high"))
        found[name] = Belief(join([one.credence for one in each]), Range(*map(join, corners)))
    return found
