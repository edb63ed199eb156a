"""Means of quantities under other credences, for tests that compare them with fresh runs or with known answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.analysis.reweight import Holding, effective_worlds, world_weights
from sim.analysis.world_means import Floats


@dataclass(frozen=True)
class Reweighted:
    """Means of quantities, shape (quantities,), under other credences, and the effective worlds they rest on.

    ``se`` is sqrt(sum (w (v - m))^2) / sum w, NaN without any weight.
    """

    means: Floats
    se: Floats
    effective_worlds: float


def reweight(worlds: Holding, values: Floats, credences: Mapping[str, float]) -> Reweighted:
    """Means of ``values`` (quantities, worlds; NaN in worlds without one) under other credences.

    Raises as :func:`world_weights`.
    """
    weights = world_weights(worlds, credences)
    total = (np.isfinite(values) * weights).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.nansum(values * weights, axis=1) / total
        away = (values - means[:, None]) * weights
        return Reweighted(means, np.sqrt(np.nansum(away * away, axis=1)) / total, effective_worlds(weights))
