"""Probabilities and means with their simulation noise; they are computed where results are kept, one floor below."""

from __future__ import annotations

from sim.ensemble.intervals import (
    Z95,
    Mean,
    Probability,
    measure_means,
    outcome_probabilities,
    runs_to_halve,
    wilson,
)

__all__ = ["Z95", "Mean", "Probability", "measure_means", "outcome_probabilities", "runs_to_halve", "wilson"]
