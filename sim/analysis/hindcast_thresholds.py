"""How the hindcast changes with the disputed thresholds: the same scenario run with each at either end of its range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.hindcast import shares_at
from sim.analysis.posterior import bayes_factor, label_weights
from sim.analysis.scores import label_array, log_score
from sim.inputs.case import Case
from sim.inputs.records import Record

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble


@dataclass(frozen=True)
class ThresholdEffect:
    """One threshold at one end. ``logs`` are the log scores by month, ``factors`` the Bayes factors by claim."""

    threshold: str
    value: float
    usual: float
    logs: Mapping[int, float]
    factors: Mapping[str, float]

    @property
    def mean_log(self) -> float:
        return float(np.mean(list(self.logs.values())))


def threshold_ends(case: Case) -> list[tuple[str, float, float]]:
    """Threshold, an end of its range, and the value in force; an end that is the value itself is left out."""
    return [
        (name, end, span.mode)
        for name, span in case.thresholds.items()
        for end in (span.low, span.high)
        if end != span.mode
    ]


def threshold_effects(
    case: Case, record: Record, claims: tuple[str, ...], play: Callable[[str], Ensemble], without: int | None = None
) -> list[ThresholdEffect]:
    """``play`` runs the scenario with one ``--set`` string; ``claims`` are those whose Bayes factors are kept.

    The factors rest on the labels but for the month ``without``.
    """
    labels = [label for label in record.labels if label.month != without]
    found = []
    for name, end, usual in threshold_ends(case):
        ensemble = play(f"assume.thresholds.{name}={end:g}")
        weights = label_weights(ensemble, labels, record)
        holds = dict(zip(ensemble.names.claims, ensemble.holds[:, : len(weights)], strict=True))
        factors = {claim: bayes_factor(weights, holds[claim])[0] for claim in claims}
        found.append(ThresholdEffect(name, end, usual, _logs(ensemble, record), factors))
    return found


def _logs(ensemble: Ensemble, record: Record) -> dict[int, float]:
    names = ensemble.names.outcomes
    return {
        label.month: log_score(p, label_array(label.classes, names), record.forecast_floor)
        for label, p in zip(record.labels, shares_at(ensemble, record), strict=True)
    }
