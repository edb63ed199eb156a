"""A categorical choice as a factor: how much of the spread is which scenario is played?

S scenarios are played on common random numbers and taken as equally likely. With g(s, w) the mean of a quantity in
scenario s and world w over chance, the variance over all runs splits into

    scenario alone          variance over s of the mean of g over w, less what noise in those means would show
    scenario with the rest  mean over w of the variance over s of g, less the part above
    assumptions             variance over w of the mean of g over s
    chance                  the rest

Squares are products of the two plays of a world, so that chance drops out of the first three.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.worlds import check_enough, plays, quantities, worlds_of

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class VarianceSplit:
    """Shares of the variance of one quantity over all runs of all scenarios; they add to 1. ``se`` is of ``scenario``.

    ``means`` is the quantity's mean in each scenario. All shares are None where the quantity never differs.
    """

    means: tuple[float, ...]
    scenario: float | None
    se: float | None
    with_assumptions: float | None
    assumptions: float | None
    chance: float | None


@dataclass(frozen=True)
class ScenarioFactor:
    scenarios: tuple[str, ...]
    worlds: int
    splits: dict[str, VarianceSplit]


def scenario_as_factor(ensembles: Sequence[Ensemble], asked: str | None = None) -> ScenarioFactor:
    """The split of every quantity that means something in all scenarios. Raises InputError as :func:`quantities`."""
    for ensemble in ensembles:
        check_enough(ensemble)
    shared = [ensemble.told_measures for ensemble in ensembles]
    wanted = [
        name for name in quantities(ensembles[0], asked)
        if name in ensembles[0].names.outcomes or all(name in measures for measures in shared)
    ]  # fmt: skip
    worlds = min(worlds_of(ensemble) for ensemble in ensembles)
    splits = {name: variance_split(np.stack([plays(each, name, worlds) for each in ensembles])) for name in wanted}
    return ScenarioFactor(tuple(ensemble.scenario.name for ensemble in ensembles), worlds, splits)


def variance_split(values: Floats) -> VarianceSplit:
    """The split of a quantity given in every scenario, play and world, shape (scenarios, 2, worlds).

    A world without a value in any of them is left out."""
    values = values[:, :, np.isfinite(values).all(axis=(0, 1))]
    if not values.size:
        return VarianceSplit((float("nan"),) * len(values), None, None, None, None, None)
    means = values.mean(axis=(1, 2))
    whole = float(values.var())
    if whole <= 0:
        return VarianceSplit(tuple(map(float, means)), None, None, None, None, None)
    apart = values - values.mean(axis=0)
    by_world = (apart[:, 0] * apart[:, 1]).mean(axis=0)
    one, two = values.mean(axis=0) - values.mean()
    away = apart.mean(axis=1) - apart.mean(axis=(1, 2))[:, None]
    noise = float((away**2).mean()) / values.shape[2]
    alone = float(means.var()) - noise
    slope = (means - means.mean())[:, None] * away * 2
    se = float(np.sqrt(slope.mean(axis=0).var() / values.shape[2]))  # wide by up to 1.4 where alone is all noise
    mixed, assumed = float(by_world.mean()) - alone, float((one * two).mean())
    shares = (alone / whole, se / whole, mixed / whole, assumed / whole, 1 - (alone + mixed + assumed) / whole)
    return VarianceSplit(tuple(map(float, means)), *shares)
