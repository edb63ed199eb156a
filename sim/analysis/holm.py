"""Many comparisons at once: two-sided normal tests, adjusted by Holm (1979), so that the chance of a single false mark
among all that are shown stays below 5%."""

from __future__ import annotations

from math import erfc, isfinite, sqrt

import numpy as np

from sim.analysis.worlds import Floats

LEVEL = 0.05


def two_sided(estimate: float, se: float) -> float:
    """p of a normal test of 0; 1 where there is nothing to test (no estimate, or neither effect nor spread)."""
    if not isfinite(estimate) or not isfinite(se) or estimate == 0:
        return 1.0
    return erfc(abs(estimate) / (se * sqrt(2))) if se > 0 else 0.0


def holm(p: Floats) -> Floats:
    """Adjusted p values, in the order given: the k-th smallest of n times (n - k + 1), never falling, at most 1."""
    order = np.argsort(p, kind="stable")
    factors = np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return adjusted
