"""Logit choice and acceptance at any sharpness: exponents are kept within what float32 can hold."""

from collections.abc import Sequence
from math import exp, inf, log

import numpy as np

from sim.model.assumptions import Value, larger, within

LARGEST_POWER = 80.0  # exp of it is within float32, also after a sum
TINY = 1e-30  # keeps a logarithm finite


def logit_weights(powers: Sequence[Value]) -> list[Value]:
    """exp of each power; where one is too large for float32, all those of that run are divided by the same number."""
    best = powers[0]
    for each in powers[1:]:
        best = larger(best, each)
    excess = within(0.0, best - LARGEST_POWER, inf)
    return [exponential(each - excess) for each in powers]


def exponential(x: Value) -> Value:
    """exp(x); a plain number stays one."""
    return exp(x) if isinstance(x, float) else np.exp(x)


def power(base: Value, exponent: Value) -> Value:
    """base ** exponent for a base from 0 upward, which counts as ``TINY`` at least."""
    base = larger(base, TINY)
    return exponential(exponent * (log(base) if isinstance(base, float) else np.log(base)))


def logistic(x: Value) -> Value:
    """1 / (1 + exp(-x)), 0 where exp(-x) is too large."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


def log_odds(chance: Value) -> Value:
    """log(p / (1 - p)); a plain number stays one and so widens no array."""
    return log(chance / (1 - chance)) if isinstance(chance, float) else np.log(chance / (1 - chance))
