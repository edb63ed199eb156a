"""Scores of a forecast over classes against a label: how well was what happened foreseen?

A label may be soft: probabilities over the classes where coders cannot agree on one. p is the forecast and y the
label, both of shape (classes,) and adding to 1; a hard label has a single 1. All scores but the log score are better
the smaller.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.analysis.world_means import Floats


def label_array(label: Mapping[str, float], outcomes: tuple[str, ...]) -> Floats:
    """A label's probabilities in the order of the classes; those it does not name have 0."""
    return np.array([label.get(name, 0.0) for name in outcomes])


def log_score(p: Floats, y: Floats, floor: float) -> float:
    """Sum over classes of y log p, in natural units, at most 0; greater is better (Good 1952, expected under the
    label).

    A forecast below ``floor`` counts as ``floor``, so that a class held to be impossible costs much but not infinitely.
    """
    return float((y * np.log(np.maximum(p, floor))).sum())


def brier(p: Floats, y: Floats) -> float:
    """Sum over classes of (p - y)^2, from 0 to 2 (Brier 1950). Against a soft label: the distance from the label."""
    return float(((p - y) ** 2).sum())


def brier_binary(p: float, y: float) -> float:
    """(p - y)^2 for one event, from 0 to 1: .7 on what happened scores .09."""
    return (p - y) ** 2


def ranked_probability(p: Floats, y: Floats) -> float:
    """Mean over the classes but the last of (cumulative p - cumulative y)^2, from 0 to 1 (Epstein 1969).

    The classes are in their own order, and a near miss costs less than a far one.
    """
    return float(((np.cumsum(p)[:-1] - np.cumsum(y)[:-1]) ** 2).mean()) if len(p) > 1 else 0.0
