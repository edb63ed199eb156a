"""How much of the spread over the classes comes from which claims hold, from other assumptions, and from chance.

The share of all assumptions is the covariance of a world's two plays over the variance (``ensemble/intervals.py``).
The share of the claims is the linear one: each class's mean over a world's plays is regressed on which claims hold
there, and the variance explained (adjusted for the number of claims, as in Ezekiel's adjusted R squared, so that
chance within worlds explains nothing) is set against the variance over runs. What assumptions explain beyond that is
other numbers and interactions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.ensemble.intervals import outcome_probabilities
from sim.ensemble.result import Ensemble

WORLDS_READ = 50_000  # worlds that the regression uses at most: the share is then known to within a percent
STRETCH = 4096  # worlds of it at a time


@dataclass(frozen=True)
class Sources:
    """Shares of variance, each in [0, 1], adding to 1; claims and others are None where too few worlds tell."""

    assumptions: float
    claims: float | None
    chance: float

    @property
    def others(self) -> float | None:
        """Assumptions other than which claims hold."""
        return None if self.claims is None else self.assumptions - self.claims


def claim_shares(ensemble: Ensemble) -> dict[str, float] | None:
    """For each class, the share of the variance over runs that which claims hold explains linearly, in [0, 1].

    Classes that no run or every run ended in get 0. None where there are not at least twice as many worlds as claims.
    """
    worlds = min(ensemble.kept_runs // 2, ensemble.holds.shape[1], WORLDS_READ)
    varying = _varying(ensemble.holds[:, :worlds])
    if worlds <= 2 * (len(varying) + 1):
        return None
    means = _world_means(ensemble, worlds)
    explained = _adjusted_explained(varying, means)
    shares = {}
    for place, name in enumerate(ensemble.names.outcomes):
        p = int(ensemble.counts[-1][place]) / ensemble.runs
        variance = p * (1 - p)
        shares[name] = float(np.clip(explained[place] / variance, 0, 1)) if variance > 0 else 0.0
    return shares


def sources_by_outcome(ensemble: Ensemble) -> dict[str, Sources | None]:
    """Where the spread of each class over runs comes from. None for a class that no run or every run ended in."""
    by_claims = claim_shares(ensemble)
    sources: dict[str, Sources | None] = {}
    for name, each in outcome_probabilities(ensemble).items():
        if each.assumptions is None:
            sources[name] = None
        else:
            claims = None if by_claims is None else min(by_claims[name], each.assumptions)
            sources[name] = Sources(each.assumptions, claims, 1 - each.assumptions)
    return sources


def sources_of_spread(ensemble: Ensemble) -> Sources | None:
    """One split for all classes together, each weighed by its variance. None where every run ended alike."""
    found = outcome_probabilities(ensemble)
    told = {name: each for name, each in sources_by_outcome(ensemble).items() if each is not None}
    if not told:
        return None
    weights = {name: found[name].probability * (1 - found[name].probability) for name in told}
    total = sum(weights.values())
    assumed = sum(weights[name] * each.assumptions for name, each in told.items()) / total
    claims = [weights[name] * each.claims for name, each in told.items() if each.claims is not None]
    return Sources(assumed, sum(claims) / total if claims else None, 1 - assumed)


def _varying(holds: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The claims that hold in some worlds and fail in others, shape (claims, worlds)."""
    return np.asarray(holds[holds.any(axis=1) & ~holds.all(axis=1)])


def _world_means(ensemble: Ensemble, worlds: int) -> npt.NDArray[np.float64]:
    """Share of each world's two plays that ended in each class, shape (worlds, outcomes)."""
    ends = ensemble.classes[-1, : 2 * worlds].reshape(worlds, 2)
    return np.stack([(ends == place).mean(axis=1) for place in range(len(ensemble.names.outcomes))], axis=1)


def _adjusted_explained(holds: npt.NDArray[np.bool_], means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Variance of each column of ``means`` that the claims explain, less what as many random columns would.

    Least squares by the normal equations, summed over stretches of worlds so that memory stays level; their
    coefficients are counts, and exact.
    """
    claims, worlds = holds.shape
    centred = means - means.mean(axis=0)
    gram, cross = np.zeros((claims + 1, claims + 1)), np.zeros((claims + 1, means.shape[1]))
    for first in range(0, worlds, STRETCH):
        stretch = slice(first, first + STRETCH)
        design = np.vstack([np.ones((1, worlds))[:, stretch], holds[:, stretch]])
        gram += design @ design.T
        cross += design @ centred[stretch]
    fitted, _, rank, _ = np.linalg.lstsq(gram, cross, rcond=None)
    left = ((centred**2).sum(axis=0) - (fitted * cross).sum(axis=0)) / (worlds - rank)
    return np.asarray(means.var(axis=0, ddof=1) - left)
