"""Which assumptions matter: the share of the variance of every outcome and measure that each explains alone.

Everything is read from the worlds of one ensemble by binning (``binning.py``): every claim (holds or fails), every
shared cause, and every number as it was drawn. Shares are of the variance due to assumptions; times ``assumptions``
they are of all variance, whose rest is chance. Interactions are what the shares leave of 1: their totals need Sobol's
design.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.binning import equal_bins, explained_alone
from sim.analysis.holm import LEVEL, holm
from sim.analysis.quantities import assumed_variance, check_enough, plays, quantities
from sim.analysis.worlds import worlds_of

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

Floats = npt.NDArray[np.float64]

KINDS: Mapping[str, str] = {
    "claim": "claims", "cause": "shared causes", "parameter": "parameters", "ideal": "ideal points",
    "salience": "saliences", "mechanism": "scales of mechanisms", "start": "start levels",
    "weight": "weights of claims",
}  # fmt: skip
"""What the part of a factor's name before the stroke stands for."""


@dataclass(frozen=True)
class Sensitivity:
    """``share[f, q]``: part of quantity q's variance due to assumptions that factor f explains alone; NaN where there
    is none.

    ``p`` is Holm's over all factors and quantities. ``assumptions`` is the part of all variance that is due to
    assumptions, None where it cannot be told from 0.
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
