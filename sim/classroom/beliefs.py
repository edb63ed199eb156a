"""Beliefs about claims: one reader's, the median and mean of several, a scenario with such beliefs, and how far a class
agrees.

With s2 the variance (n - 1) of the n values given to one claim, and S2 that of all N values together,

    alpha = 1 - (sum over claims of n s2) / (N S2)          agreement on one claim = 1 - s2 / S2

The first is Krippendorff's alpha for interval data (``analysis/agreement.py``), the second one claim's part of it: 1
where all values are equal, 0 where they differ as much as values drawn at random from all N, below 0 where they differ
more. Both need two claims or more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median, variance

from sim.analysis.agreement import Unit, krippendorff_alpha
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


@dataclass(frozen=True)
class Spread:
    """The values given to one claim, sorted, their median, and the agreement (None for less than two values, for the
    only claim of a class, or where all values of the class are equal)."""

    claim: str
    values: tuple[float, ...]
    median: float
    agreement: float | None

    @property
    def range(self) -> float:
        """From the lowest value to the highest."""
        return self.values[-1] - self.values[0]


@dataclass(frozen=True)
class ClassAgreement:
    """``alpha`` over all claims with two values or more (None where nothing varies, or for a single claim), and each
    claim's spread, the least agreed first."""

    alpha: float | None
    claims: int  # with two values or more
    values: int
    spreads: tuple[Spread, ...]


def class_agreement(said: Mapping[str, Unit]) -> ClassAgreement:
    """Agreement over claims; ``said`` holds each reader's value for a claim, None where a reader gives none."""
    given = {claim: tuple(sorted(v for v in unit if v is not None)) for claim, unit in said.items()}
    shared = [values for values in given.values() if len(values) > 1]
    every = [value for values in shared for value in values]
    hat = variance(every) if len(shared) > 1 else 0.0
    spreads = [
        Spread(claim, values, median(values), 1 - variance(values) / hat if len(values) > 1 and hat > 0 else None)
        for claim, values in given.items()
        if values
    ]
    alpha = krippendorff_alpha(list(said.values()), "interval") if len(shared) > 1 else None
    spreads.sort(key=lambda each: (len(each.values) < 2, -each.range, each.claim))  # of one value only: last
    return ClassAgreement(alpha, len(shared), len(every), tuple(spreads))
