"""Which assumptions matter: the share of the variance of every outcome and measure that each explains alone.

Everything is read from the worlds of one ensemble: every claim (holds or fails), every shared cause, and every number
as it was drawn. The worlds are cut into bins of equal count by the number (a claim gives two). With n_b worlds in bin
b, m_b their mean, m the mean of all, B bins, n worlds and s2 the variance within bins,

    explained = ( sum n_b (m_b - m)^2 - (B - 1) s2 ) / n

The term with s2 is what bins of pure noise would show (the bias that ANOVA's F test removes). The sum over s2 is
noncentral chi-square with B - 1 degrees of freedom, whence se = s2/n sqrt(2 (B - 1) + 4 n explained/s2).

Shares are of the variance due to assumptions; times ``assumptions`` they are of all variance, whose rest is chance.
Interactions are what the shares leave of 1: their totals need Sobol's design.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import LEVEL, holm
from sim.analysis.world_means import Floats, assumed_variance, check_enough, plays, quantities, worlds_of
from sim.ensemble.result import Ensemble

BINS = 20  # with so many, a linear effect loses 1/400 of its share
FEWEST = 20  # worlds in a bin
KINDS: Mapping[str, str] = {
    "claim": "claims", "cause": "shared causes", "parameter": "parameters", "ideal": "ideal points",
    "salience": "saliences", "mechanism": "scales of mechanisms", "start": "start levels",
    "weight": "weights of claims",
}  # fmt: skip
"""The kinds of factors in words, by the part of a factor's name before the stroke."""


@dataclass(frozen=True)
class Explained:
    """Variance of each quantity that each factor explains alone, in the quantity's units squared; shape (factors,
    quantities).

    It may be below 0 by noise. ``p`` is the chance of this much or more if the factor does nothing.
    """

    variance: Floats
    se: Floats
    p: Floats


def equal_bins(numbers: npt.NDArray[np.floating], bins: int = BINS) -> npt.NDArray[np.int64]:
    """The bin of each world, shape (worlds,): from 0 for the lowest numbers, with equal numbers of worlds."""
    bins = max(2, min(bins, len(numbers) // FEWEST))
    places = np.empty(len(numbers), dtype=np.int64)
    places[np.argsort(numbers, kind="stable")] = np.arange(len(numbers)) * bins // max(len(numbers), 1)
    return places


def explained_alone(bins: Sequence[npt.NDArray[np.integer]], values: Floats) -> Explained:
    """What each factor explains of each quantity; ``bins`` has an array (worlds,) a factor, ``values`` is (quantities,
    worlds), NaN where a world has no value.

    A factor that never differs explains 0 with standard error 0.
    """
    there = np.isfinite(values)
    if not there.all():
        parts = [
            explained_alone([places[some] for places in bins], row[None, some])
            for row, some in zip(values, there, strict=True)
        ]
        return Explained(*(np.hstack([getattr(part, name) for part in parts]) for name in ("variance", "se", "p")))
    if not values.shape[1]:
        nothing = np.zeros((len(bins), len(values)))
        return Explained(nothing, nothing, nothing + 1)
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


@dataclass(frozen=True)
class Sensitivity:
    """``share[f, q]``: part of quantity q's variance due to assumptions that factor f explains alone; NaN where there
    is none.

    ``p`` is Holm's over all factors and quantities. ``assumptions`` is the part of all variance that is due to
    assumptions, None where it may be 0.
    """

    scenario: str
    worlds: int
    seed: int
    factors: tuple[str, ...]  # kind/name
    quantities: tuple[str, ...]
    share: Floats
    se: Floats
    p: Floats
    assumptions: tuple[float | None, ...]

    def kind(self, factor: int) -> str:
        return self.factors[factor].partition("/")[0]

    def stands_out(self, factor: int, quantity: int) -> bool:
        return bool(self.p[factor, quantity] < LEVEL)

    def ranked(self, quantity: int) -> list[int]:
        """Factors that stand out, the largest share first."""
        found = [place for place in range(len(self.factors)) if self.stands_out(place, quantity)]
        return sorted(found, key=lambda place: -self.share[place, quantity])

    def of_kind(self, kind: str, quantity: int) -> tuple[float, float]:
        """The shares of one kind of factor added up, with the standard error (errors taken as independent)."""
        rows = [place for place in range(len(self.factors)) if self.kind(place) == kind]
        return float(self.share[rows, quantity].sum()), float(np.sqrt((self.se[rows, quantity] ** 2).sum()))


def sensitivity(ensemble: Ensemble, asked: str | None = None) -> Sensitivity:
    """First-order shares of every factor. Raises InputError for an unknown quantity or too few worlds."""
    check_enough(ensemble)
    wanted = quantities(ensemble, asked)
    worlds = worlds_with_numbers(ensemble)
    bins = factor_bins(ensemble, worlds)
    both = [plays(ensemble, name, worlds) for name in wanted]
    variances = [assumed_variance(two) for two in both]
    explained = explained_alone(list(bins.values()), np.stack([two.mean(axis=0) for two in both]))
    assumed = np.array([np.nan if part is None else part for part, _ in variances])
    return Sensitivity(
        ensemble.scenario.name, worlds, ensemble.seed, tuple(bins), wanted,
        explained.variance / assumed, explained.se / assumed, holm(explained.p.ravel()).reshape(explained.p.shape),
        tuple(None if part is None else min(part / whole, 1.0) for part, whole in variances),
    )  # fmt: skip


def worlds_with_numbers(ensemble: Ensemble) -> int:
    """Worlds with two plays whose drawn numbers were kept."""
    return min([worlds_of(ensemble), *(len(drawn) for drawn in ensemble.numbers.values())])


def factor_bins(ensemble: Ensemble, worlds: int) -> dict[str, npt.NDArray[np.integer]]:
    """The bin of each world for every factor that differs between worlds, by kind/name."""
    found: dict[str, npt.NDArray[np.integer]] = {}
    for kind, names, rows in (
        ("claim", ensemble.names.claims, ensemble.holds), ("cause", ensemble.names.causes, ensemble.caused),
    ):  # fmt: skip
        for name, row in zip(names, rows[:, :worlds], strict=True):
            if 0 < row.sum() < worlds:
                found[f"{kind}/{name}"] = row.astype(np.int64)
    return found | {name: equal_bins(drawn[:worlds]) for name, drawn in ensemble.numbers.items()}


def stream_groups(streams: tuple[str, ...], single: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """The streams of a world by kind (a shared cause counts as claims), then single ones, for Sobol's design."""
    kinds: dict[str, list[str]] = {}
    for stream in streams:
        kind = stream.partition("/")[0]
        kinds.setdefault(KINDS["claim" if kind == "group" else kind], []).append(stream)
    groups = {kind: tuple(names) for kind, names in kinds.items()}
    return groups | {name: (name.replace("cause/", "group/", 1),) for name in single}
