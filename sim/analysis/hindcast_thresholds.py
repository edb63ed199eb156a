"""How the hindcast changes with the disputed thresholds: the same scenario run with each at either end of its range."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.hindcast import shares_at
from sim.analysis.posterior import bayes_factor, label_weights
from sim.analysis.scores import label_array, log_score
from sim.analysis.variants import Draws, Load, play_variants
from sim.inputs.case import Case
from sim.inputs.records import Label, Record

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
    ensemble: Ensemble,
    record: Record,
    claims: Sequence[str],
    load: Load,
    without: int | None = None,
    on_runs: Callable[[int], None] | None = None,
) -> list[ThresholdEffect]:
    """The scenario of an ensemble on the same draws with each threshold at either end of its range.

    ``claims`` are those whose Bayes factors are kept; these rest on the labels but for the month ``without``.
    """
    labels = [label for label in record.labels if label.month != without]
    ends = threshold_ends(ensemble.scenario.case)
    scenarios = [load((f"assume.thresholds.{name}={end:g}",)) for name, end, _ in ends]
    read = partial(_read, record, labels, tuple(claims))
    played = play_variants(scenarios, Draws.of(ensemble), read, on_runs)
    return [ThresholdEffect(*end, logs, factors) for end, (logs, factors) in zip(ends, played, strict=True)]


def _read(
    record: Record, labels: Sequence[Label], claims: Sequence[str], ensemble: Ensemble
) -> tuple[dict[int, float], dict[str, float]]:
    weights = label_weights(ensemble, labels, record)
    holds = dict(zip(ensemble.names.claims, ensemble.holds[:, : len(weights)], strict=True))
    return _logs(ensemble, record), {claim: bayes_factor(weights, holds[claim])[0] for claim in claims}


def _logs(ensemble: Ensemble, record: Record) -> dict[int, float]:
    names = ensemble.names.outcomes
    return {
        label.month: log_score(p, label_array(label.classes, names), record.forecast_floor)
        for label, p in zip(record.labels, shares_at(ensemble, record), strict=True)
    }
