"""What changes under other credences, without new runs: worlds are weighted.

The weight of a world is the probability of its pattern of holding claims under the new credences over that under the
credences it was drawn at (MODEL.md 7.9). With c the credence of a claim and C the chance of its cause (1 for a
claim that stands alone, (1 + largest c of the cause)/2 for several that restate one), q = c/C, and a dash for what is
new:

    for every cause of several claims    C'/C where it holds,   (1 - C')/(1 - C) where it does not
    for every claim whose cause holds    q'/q where it holds,   (1 - q')/(1 - q) where it does not

This is exact for any c' in [0, 1] as long as 0 < c < 1. A claim drawn at exactly 0 or 1 holds in no world or in all, so
weights cannot change it; it needs a run of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.analysis.world_means import Bools, Floats, worlds_of
from sim.ensemble.result import Ensemble
from sim.inputs.ledger import cause_credence


@dataclass(frozen=True)
class Holding:
    """Which claims and shared causes hold in each world, and the credences they were drawn at.

    ``holds`` has a row a claim of ``credences``, ``caused`` one a cause of ``members``; shapes (rows, worlds).
    """

    credences: Mapping[str, float]
    members: Mapping[str, tuple[str, ...]]  # shared cause -> the claims that restate it
    holds: Bools
    caused: Bools

    @property
    def worlds(self) -> int:
        return int(self.holds.shape[1])

    @property
    def fixed(self) -> tuple[str, ...]:
        """Claims drawn at exactly 0 or 1, which cannot be reweighted."""
        return tuple(claim for claim, credence in self.credences.items() if credence in (0.0, 1.0))

    @property
    def alone(self) -> tuple[str, ...]:
        """Claims with a cause of their own that can be reweighted."""
        others = {claim for claims in self.members.values() for claim in claims} | set(self.fixed)
        return tuple(claim for claim in self.credences if claim not in others)

    def row(self, claim: str) -> Bools:
        return np.asarray(self.holds[tuple(self.credences).index(claim)])

    def cause_row(self, cause: str) -> Bools:
        return np.asarray(self.caused[tuple(self.members).index(cause)])

    def part(self, worlds: slice) -> Holding:
        """The same for some of the worlds."""
        return Holding(self.credences, self.members, self.holds[:, worlds], self.caused[:, worlds])

    def only(self, worlds: Bools) -> Holding:
        """The same for the worlds marked in ``worlds``, bool, shape (worlds,)."""
        return Holding(self.credences, self.members, self.holds[:, worlds], self.caused[:, worlds])


def holding(ensemble: Ensemble) -> Holding:
    """What holds in each world with two plays of an ensemble."""
    worlds, ledger = worlds_of(ensemble), ensemble.scenario.ledger
    credences = {id: claim.credence for id, claim in ledger.claims.items()}
    members = {group: ids for group, ids in ledger.groups.items() if len(ids) > 1}
    return Holding(credences, members, ensemble.holds[:, :worlds], ensemble.caused[:, :worlds])


def world_weights(worlds: Holding, credences: Mapping[str, float]) -> Floats:
    """Weight of each world under other credences, shape (worlds,); claims not named keep theirs.

    Raises ValueError for an unknown claim, a credence outside [0, 1], or another credence for a claim drawn at 0 or 1.
    """
    new = {**worlds.credences, **credences}
    _check(worlds, credences)
    changed = {claim for claim in credences if new[claim] != worlds.credences[claim]}
    weights = np.ones(worlds.worlds)
    for claim in worlds.alone:
        if claim in changed:
            weights *= _ratio(worlds.row(claim), worlds.credences[claim], new[claim])
    for cause, claims in worlds.members.items():
        if not changed.isdisjoint(claims):
            weights *= cause_weights(worlds, cause, new)
    return weights


def cause_weights(worlds: Holding, cause: str, new: Mapping[str, float]) -> Floats:
    """The part of the weight that a shared cause and its claims contribute, shape (worlds,)."""
    claims = worlds.members[cause]
    drawn = cause_credence([worlds.credences[claim] for claim in claims])
    wanted = cause_credence([new[claim] for claim in claims])
    holds = worlds.cause_row(cause)
    weights = _ratio(holds, drawn, wanted)
    for claim in claims:
        ratio = _ratio(worlds.row(claim), worlds.credences[claim] / drawn, new[claim] / wanted)
        np.multiply(weights, ratio, out=weights, where=holds)
    return weights


def _ratio(holds: Bools, drawn: float, wanted: float) -> Floats:
    """wanted/drawn where it holds, (1 - wanted)/(1 - drawn) where not; 0 for what cannot occur."""
    true = wanted / drawn if drawn > 0 else 0.0
    false = (1 - wanted) / (1 - drawn) if drawn < 1 else 0.0
    return np.where(holds, true, false)


def _check(worlds: Holding, credences: Mapping[str, float]) -> None:
    for claim, credence in credences.items():
        if claim not in worlds.credences:
            raise ValueError(f"there is no claim {claim}")
        if not 0 <= credence <= 1:
            raise ValueError(f"the credence of {claim} lies between 0 and 1, not at {credence}")
        if claim in worlds.fixed and credence != worlds.credences[claim]:
            drawn = worlds.credences[claim]
            raise ValueError(f"{claim} was drawn at credence {drawn:g}: another credence needs a run of its own")


def effective_worlds(weights: Floats) -> float:
    """(sum w)^2 / sum w^2 (Kish 1965): the number of equally weighted worlds with the same precision."""
    squares = float((weights * weights).sum())
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0
