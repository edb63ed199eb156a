"""Probabilities and means with their simulation noise, and how much of the spread is assumption.

Runs that share a world are one cluster. With r the share of a quantity's variance that the two plays of a world have
in common (their covariance over the variance), n runs are worth n / (1 + r) independent ones, and the interval of a
probability is Wilson's (1927) for that number. The standard error of a mean is that of world totals, its interval
Student's t with one degree of freedom less than worlds. A measure, other than a gain, that is 0 or 1 in every run is a
share of the runs, with the interval of a probability: values that happen to be all alike have no spread of their own
and would look certain. There is no interval below 4 worlds, and no split of the variance below 100.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import nan, sqrt

from sim.ensemble.block import Tallies
from sim.vocabulary import gain, gained

Z95 = 1.959963984540054  # 97.5% point of the standard normal
WORLDS_FOR_INTERVAL = 4
WORLDS_FOR_SHARE = 10  # below, r is taken as 1: an estimate from so few covers 84% instead of 95% (simulated)
WORLDS_FOR_SPLIT = 100
_SIGNED = (gain(""), gained(""))  # beginnings of measures whose 0 is no share: no summits, no gain by them


@dataclass(frozen=True)
class Probability:
    """``count`` of ``runs``, the 95% interval (NaN below 4 worlds), and the share of variance due to assumptions (None
    without variance, and below 100 worlds)."""

    count: int
    runs: int
    probability: float
    low: float
    high: float
    assumptions: float | None


@dataclass(frozen=True)
class Mean:
    """A mean over runs with its 95% interval (NaN below 4 worlds) and the share of variance due to assumptions (None
    without variance, and below 100 worlds)."""

    mean: float
    low: float
    high: float
    se: float
    assumptions: float | None

    @property
    def half(self) -> float:
        """The longer side of the interval, shown after a ±. NaN where there are too few worlds."""
        return max(self.high - self.mean, self.mean - self.low)


@lru_cache(maxsize=256)
def t95(freedom: int) -> float:
    """97.5% point of Student's t; from 30 degrees of freedom by its expansion (Abramowitz and Stegun 26.7.5).

    >>> round(t95(3), 3), round(t95(60), 3), round(t95(10_000), 3)
    (3.182, 2.0, 1.96)
    """
    if freedom < 30:
        from scipy.special import stdtrit  # heavy, and only needed for few runs

        return float(stdtrit(freedom, 0.975))
    z, v = Z95, freedom
    terms = (
        (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )  # fmt: skip
    return z + sum(term / v**power for power, term in enumerate(terms, start=1))


def wilson(count: float, n: float) -> tuple[float, float]:
    """Wilson score interval of a proportion count/n, in [0, 1]; n may be a number of effective runs."""
    if n <= 0:
        return 0.0, 1.0
    share, z = count / n, Z95
    centre = share + z * z / (2 * n)
    half = z * sqrt(max(share * (1 - share), 0.0) / n + z * z / (4 * n * n))
    low = (centre - half) / (1 + z * z / n)
    high = (centre + half) / (1 + z * z / n)
    return (0.0 if count <= 0 else max(low, 0.0)), (1.0 if count >= n else min(high, 1.0))


def outcome_probabilities(ensemble: Tallies, month: int | None = None) -> dict[str, Probability]:
    """Probability of each class at the end, or if runs ended after an earlier month."""
    at = -1 if month is None else month
    counts, both = ensemble.counts[at], ensemble.together[at]
    return {
        name: probability(int(counts[place]), int(both[place]), ensemble.runs)
        for place, name in enumerate(ensemble.names.outcomes)
    }


def probability(count: int, both: int, runs: int) -> Probability:
    """The probability of what happened in ``count`` of ``runs``, in ``both`` worlds in both plays.

    >>> found = probability(40, 20, 100)  # the two plays of a world always end alike: worth 50 runs
    >>> round(found.low, 3), round(found.high, 3), found.assumptions
    (0.276, 0.538, None)
    """
    share, worlds = count / runs, (runs + 1) // 2
    common = _pair_covariance_share(share, both, runs // 2)
    low, high = _of_share(share, runs, common, worlds)
    return Probability(count, runs, share, low, high, common if worlds >= WORLDS_FOR_SPLIT else None)


def _of_share(share: float, runs: float, common: float | None, worlds: int) -> tuple[float, float]:
    """The interval of a share of runs, of whose variance the two plays of a world have ``common`` in common."""
    effective = runs / (1 + ((common or 0.0) if worlds >= WORLDS_FOR_SHARE else 1.0))
    return wilson(share * effective, effective) if worlds >= WORLDS_FOR_INTERVAL else (nan, nan)


def measure_means(ensemble: Tallies) -> dict[str, Mean]:
    """Mean of each measure at the end of the run, over the runs to which it applies; NaN where there are none."""
    rows = zip(ensemble.names.measures, ensemble.moments.T.tolist(), strict=True)
    return {name: _mean(row, name.startswith(_SIGNED)) for name, row in rows}


def _mean(moments: Sequence[float], signed: bool) -> Mean:
    """The mean over n runs with ``pairs`` worlds of two; from sums of y, y squared, y in pairs, products of pairs.

    The squared deviations of world totals are those of runs plus twice the products of deviations within worlds.
    """
    total, squares, in_pairs, products, n, pairs = moments
    if n == 0:
        return Mean(nan, nan, nan, nan, None)
    mean, worlds = total / n, int(n - pairs)
    variance = max(squares / n - mean * mean, 0.0)
    within = products - mean * in_pairs + pairs * mean * mean
    share = min(max(within / (pairs * variance), 0.0), 1.0) if pairs and variance > 1e-12 else None
    se = sqrt(max(n * variance + 2 * within, 0.0) * worlds / (worlds - 1)) / n if worlds > 1 else nan
    half = t95(worlds - 1) * se if worlds >= WORLDS_FOR_INTERVAL else nan
    only_0_and_1 = squares == total and not signed
    low, high = _of_share(mean, n, share, worlds) if only_0_and_1 else (mean - half, mean + half)
    return Mean(mean, low, high, se, share if worlds >= WORLDS_FOR_SPLIT else None)


def _pair_covariance_share(p: float, both: int, pairs: int) -> float | None:
    """cov(Y_2k, Y_2k+1) / var(Y) of an indicator with mean p; None without variance or pairs."""
    if p in (0.0, 1.0) or not pairs:
        return None
    return min(max((both / pairs - p * p) / (p * (1 - p)), 0.0), 1.0)


def runs_to_halve(runs: int) -> int:
    """How many more runs halve every interval."""
    return 3 * runs
