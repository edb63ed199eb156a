"""Probabilities and means with their simulation noise, and how much of the spread is assumption.

Runs that share a world are one cluster. With r the share of a quantity's variance that its two plays of a world have
in common (their covariance over the variance), n runs are worth n / (1 + r) independent ones; the Wilson (1927)
interval and the Monte Carlo standard error are taken there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

import numpy as np

from sim.ensemble.result import Ensemble

Z95 = 1.959963984540054  # 97.5% point of the standard normal


@dataclass(frozen=True)
class Probability:
    """``count`` of ``runs``, the share of variance due to assumptions (None without variance), 95% interval."""

    count: int
    runs: int
    probability: float
    low: float
    high: float
    assumptions: float | None


@dataclass(frozen=True)
class Mean:
    """A mean over runs with its 95% interval and the share of variance due to assumptions (None without variance)."""

    mean: float
    low: float
    high: float
    se: float
    sd: float
    assumptions: float | None


def t95(degrees: int) -> float:
    """97.5% point of Student's t, by the expansion of Fisher and Cornish (1960): to a thousandth from 3 degrees on.

    >>> round(t95(3), 2), round(t95(10), 3), round(t95(100), 3)
    (3.18, 2.228, 1.984)
    """
    z, n = Z95, max(degrees, 1)
    terms = (
        (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )  # fmt: skip
    return z + sum(term / n ** (power + 1) for power, term in enumerate(terms))


def wilson(count: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Wilson score interval of a proportion count/n, in [0, 1]; n may be a number of effective runs."""
    if n <= 0:
        return 0.0, 1.0
    share = count / n
    centre = share + z * z / (2 * n)
    half = z * sqrt(max(share * (1 - share), 0.0) / n + z * z / (4 * n * n))
    low = (centre - half) / (1 + z * z / n)
    high = (centre + half) / (1 + z * z / n)
    return (0.0 if count <= 0 else max(low, 0.0)), (1.0 if count >= n else min(high, 1.0))


def outcome_probabilities(ensemble: Ensemble, month: int | None = None) -> dict[str, Probability]:
    """Probability of each class at the end, or if runs ended after an earlier month."""
    counts = ensemble.counts[_at(month)]
    found = {}
    for place, name in enumerate(ensemble.names.outcomes):
        count = int(counts[place])
        share = _pair_covariance_share(ensemble, place, _at(month))
        effective = ensemble.runs / (1 + max(share or 0.0, 0.0))
        low, high = wilson(count * effective / ensemble.runs, effective)
        found[name] = Probability(count, ensemble.runs, count / ensemble.runs, low, high, share)
    return found


def measure_means(ensemble: Ensemble) -> dict[str, Mean]:
    """Mean of each measure at the end of the run, over the runs to which it applies; NaN where there are none."""
    found = {}
    total, squares, paired, products, counted, counted_pairs = ensemble.moments
    for place, name in enumerate(ensemble.names.measures):
        n, pairs = int(counted[place]), int(counted_pairs[place])
        if n == 0:
            found[name] = Mean(nan, nan, nan, nan, nan, None)
            continue
        mean = float(total[place]) / n
        variance = max(float(squares[place]) / n - mean * mean, 0.0)
        share: float | None = None
        if pairs and variance > 1e-12:
            centre = float(paired[place]) / (2 * pairs)
            share = min(max((float(products[place]) / pairs - centre * centre) / variance, 0.0), 1.0)
        se = sqrt(variance * (1 + (share or 0.0)) / n)
        found[name] = Mean(mean, mean - Z95 * se, mean + Z95 * se, se, sqrt(variance), share)
    return found


def _at(month: int | None) -> int:
    return -1 if month is None else month


def _pair_covariance_share(ensemble: Ensemble, outcome: int, month: int) -> float | None:
    """cov(Y_2k, Y_2k+1) / var(Y) of the indicator that a run is in this class; None without variance or pairs."""
    p = int(ensemble.counts[month][outcome]) / ensemble.runs
    if p in (0.0, 1.0) or not ensemble.pairs:
        return None
    both = int(ensemble.together[month][outcome]) / ensemble.pairs
    return float(np.clip((both - p * p) / (p * (1 - p)), 0.0, 1.0))


def runs_to_halve(runs: int) -> int:
    """How many more runs halve every interval."""
    return 3 * runs
