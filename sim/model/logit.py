"""Logit choice and acceptance that hold for any sharpness: exponents are kept where float32 can carry them."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log

import numpy as np

from sim.model.assumptions import Value

LARGEST_POWER = 80.0  # exp of it is within float32, also after a sum


def logit_weights(powers: Sequence[Value]) -> list[Value]:
    """exp of each power; where one is too large for float32, all of that run are divided by the same number."""
    if max(float(np.max(power)) for power in powers) > LARGEST_POWER:
        best = powers[0]
        for power in powers[1:]:
            best = np.maximum(best, power)
        excess = np.maximum(best - np.float32(LARGEST_POWER), 0)
        powers = [power - excess for power in powers]
    return [exp(power) if isinstance(power, float) else np.exp(power) for power in powers]


def logistic(x: Value) -> Value:
    """1 / (1 + exp(-x)), 0 where exp(-x) is too large."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def log_odds(chance: Value) -> Value:
    """log(p / (1 - p)); a plain number stays one and so widens no array."""
    return log(chance / (1 - chance)) if isinstance(chance, float) else np.log(chance / (1 - chance))
