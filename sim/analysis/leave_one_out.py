"""One date left out: worlds weighted by the other labels, and the classes at that date scored with and without the
weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.hindcast import UNIFORM, Score, score
from sim.analysis.posterior import label_weights
from sim.analysis.reweight import effective_worlds
from sim.analysis.scores import label_array
from sim.errors import Fault, InputError, Place
from sim.inputs.records import Record

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

PLAIN, WEIGHTED = "as assumed", "weighted by the other dates"


@dataclass(frozen=True)
class LeaveOneOut:
    """Scores at ``month`` of the plain and the weighted ensemble and of the uniform forecast.

    ``gain`` is how much the weights add to the log score, with its standard error over worlds.
    """

    month: int
    outcomes: tuple[str, ...]
    scores: tuple[Score, Score, Score]
    gain: float
    gain_se: float
    effective: float


def leave_one_out(ensemble: Ensemble, record: Record, month: int) -> LeaveOneOut:
    """Raises InputError for a month without a label, or when it is the only one."""
    months = [label.month for label in record.labels]
    if month not in months or len(months) < 2:
        allowed = "one of " + ", ".join(map(str, months)) + (", and another to weight on" if len(months) < 2 else "")
        raise InputError([Fault(Place("--leave-out", 0, 0), "month", str(month), allowed)])
    label = record.labels[months.index(month)]
    outcomes = ensemble.names.outcomes
    y = label_array(label.classes, outcomes)
    weights = label_weights(ensemble, [each for each in record.labels if each is not label], record)
    classes = ensemble.classes[month, : 2 * len(weights)]
    ended = np.stack([(classes[0::2] == at) * 0.5 + (classes[1::2] == at) * 0.5 for at in range(len(outcomes))])
    plain, weighted = ended.mean(axis=1), (ended * weights).sum(axis=1) / weights.sum()
    rows = ((PLAIN, plain), (WEIGHTED, weighted), (UNIFORM, np.full(len(outcomes), 1 / len(outcomes))))
    scores = [score(name, label, p, y, record.forecast_floor) for name, p in rows]
    told = (plain > record.forecast_floor) & (weighted > record.forecast_floor)
    slope = np.where(told, y, 0)[:, None]  # of the log score; a floored class does not move it
    scaled = weights / weights.mean()
    apart = slope * (scaled * (ended - weighted[:, None]) / np.maximum(weighted, 1e-300)[:, None]
                     - (ended - plain[:, None]) / np.maximum(plain, 1e-300)[:, None])  # fmt: skip
    error = float(apart.sum(axis=0).std() / np.sqrt(len(weights)))
    return LeaveOneOut(
        month,
        outcomes,
        (scores[0], scores[1], scores[2]),
        scores[1].log - scores[0].log,
        error,
        effective_worlds(weights),
    )
