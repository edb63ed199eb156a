"""First-order shares of variance from the worlds at hand: how far does one drawn number, alone, move a mean?

The worlds are cut into bins of equal count by the number (a claim gives two: holds and fails). With n_b worlds in bin
b, m_b their mean, m the mean of all, B bins, n worlds and s2 the variance within bins,

    explained = ( sum n_b (m_b - m)^2 - (B - 1) s2 ) / n

The term with s2 is what bins of pure noise would show (the bias that ANOVA's F test removes). The sum over s2 is
noncentral chi-square with B - 1 degrees of freedom, whence se = s2/n sqrt(2 (B - 1) + 4 n explained/s2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BINS = 20  # a straight line loses 1/400 of its share to them
FEWEST = 20  # worlds in a bin


@dataclass(frozen=True)
class Explained:
    """Variance of each quantity that each factor explains alone, in the quantity's units squared; shape (factors,
    quantities).

    May fall below 0 by noise. ``p`` is the chance of so much or more where the factor does nothing.
    """

    variance: Floats
    se: Floats
    p: Floats


def equal_bins(numbers: npt.NDArray[np.floating], bins: int = BINS) -> npt.NDArray[np.int64]:
    """The bin of each world, shape (worlds,): from 0 for the lowest numbers, as many worlds in each as can be."""
    bins = max(2, min(bins, len(numbers) // FEWEST))
    places = np.empty(len(numbers), dtype=np.int64)
    places[np.argsort(numbers, kind="stable")] = np.arange(len(numbers)) * bins // max(len(numbers), 1)
    return places


def explained_alone(bins: Sequence[npt.NDArray[np.integer]], values: Floats) -> Explained:
    """What each factor explains of each quantity; ``bins`` has an array (worlds,) a factor, ``values`` is (quantities,
    worlds).

    A factor that never differs explains nothing, surely.
    """
    rows = [_one(np.asarray(places), values - values.mean(axis=1, keepdims=True)) for places in bins]
    variance, se, p = (np.array([row[part] for row in rows]).reshape(len(bins), len(values)) for part in range(3))
    return Explained(variance, se, p)


def _one(places: npt.NDArray[np.integer], centred: Floats) -> tuple[Floats, Floats, Floats]:
    quantities, worlds = centred.shape
    sizes = np.bincount(places)
    places, sizes = np.cumsum(sizes > 0)[places] - 1, sizes[sizes > 0]
    free, left = len(sizes) - 1, worlds - len(sizes)
    if free < 1 or left < 1:
        return np.zeros(quantities), np.zeros(quantities), np.ones(quantities)
    sums = np.stack([np.bincount(places, weights=row, minlength=len(sizes)) for row in centred])
    between = (sums**2 / sizes).sum(axis=1)
    within = np.maximum((centred**2).sum(axis=1) - between, 0) / left
    variance = (between - free * within) / worlds
    se = within / worlds * np.sqrt(2 * free + 4 * between_signal(variance, within, worlds))
    return variance, se, np.array([_tail(float(b), float(w), free) for b, w in zip(between, within, strict=True)])


def between_signal(variance: Floats, within: Floats, worlds: int) -> Floats:
    """n explained/s2, the noncentrality; 0 where there is neither spread nor signal."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(worlds * np.maximum(variance, 0) / within, nan=0.0, posinf=0.0)


def _tail(between: float, within: float, free: int) -> float:
    """P(chi-square with ``free`` degrees >= between/within), by the cube root of Wilson and Hilferty (1931)."""
    if within <= 0:
        return 0.0 if between > 0 else 1.0
    slack = 2 / (9 * free)
    return 0.5 * erfc(((between / within / free) ** (1 / 3) - (1 - slack)) / sqrt(2 * slack))
