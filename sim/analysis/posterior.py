"""What one path of events did to each assumption: worlds weighted by how well their classes agree with the labels.

With L dates, the weight of a play is the product over the dates of label(class)^(1/L), where a label below its floor
counts as the floor; the weight w of a world is the mean over its two plays. The power makes the dates together count
as one observation, since they are one path. Then

    Bayes factor       mean of w where it holds / mean of w where it fails
    posterior odds     Bayes factor times the odds of its credence
    posterior mean     sum w x / sum w, for a number x

Standard errors are over worlds (delta method; of the logarithm for the Bayes factor).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import Tested, holm, two_sided
from sim.analysis.reweight import effective_worlds
from sim.analysis.world_means import Floats, worlds_of
from sim.ensemble.result import Ensemble
from sim.inputs.records import Label, Record


@dataclass(frozen=True)
class ClaimPosterior(Tested):
    """Prior and posterior credence, the Bayes factor and the standard error of its logarithm; ``p`` is Holm's."""

    claim: str
    prior: float
    posterior: float
    factor: float
    log_se: float
    p: float


@dataclass(frozen=True)
class NumberPosterior(Tested):
    """Means of a drawn number before and after, the move in prior standard deviations with its error; ``p`` is
    Holm's.
    """

    number: str
    prior: float
    posterior: float
    move: float
    se: float
    p: float


@dataclass(frozen=True)
class Posterior:
    """``effective`` worlds of ``worlds``; claims and numbers, those that moved most first."""

    scenario: str
    months: tuple[int, ...]  # of the labels that gave the weights
    worlds: int
    effective: float
    claims: tuple[ClaimPosterior, ...]
    numbers: tuple[NumberPosterior, ...]

    @property
    def loud(self) -> list[ClaimPosterior]:
        """The claims that stand out from simulation noise."""
        return [each for each in self.claims if each.stands_out]


def posterior(ensemble: Ensemble, record: Record, without: int | None = None) -> Posterior:
    """Update every claim and every drawn number by the labels of all months except ``without``."""
    labels = [label for label in record.labels if label.month != without]
    weights = label_weights(ensemble, labels, record)
    return Posterior(
        ensemble.scenario.name, tuple(label.month for label in labels), len(weights), effective_worlds(weights),
        _claims(ensemble, weights), _numbers(ensemble, weights),
    )  # fmt: skip


@dataclass(frozen=True)
class Weighing:
    """One way to turn labels into weights (``power`` of the product, ``floor`` of a label), and its posteriors."""

    power: float
    floor: float
    posteriors: Mapping[str, float]  # by claim


def other_weighings(
    ensemble: Ensemble, record: Record, claims: Sequence[str], without: int | None = None
) -> tuple[Weighing, ...]:
    """Posterior credences of some claims under other powers and floors than those of the record.

    Powers go from half the usual one to 1 (every date its own observation), floors from 1/5 to 5 times the usual.
    """
    labels = [label for label in record.labels if label.month != without]
    usual = 1 / len(record.labels)
    credences = ensemble.scenario.ledger.claims
    found = []
    for power in (usual / 2, usual, 2 * usual, 1.0):
        for floor in (record.label_floor / 5, record.label_floor, 5 * record.label_floor):
            weights = label_weights(ensemble, labels, replace(record, label_floor=floor), power)
            held = dict(zip(ensemble.names.claims, ensemble.holds[:, : len(weights)], strict=True))
            after = {
                claim: updated(credences[claim].credence, bayes_factor(weights, held[claim])[0]) for claim in claims
            }
            found.append(Weighing(power, floor, after))
    return tuple(found)


def label_weights(ensemble: Ensemble, labels: Sequence[Label], record: Record, power: float | None = None) -> Floats:
    """Weight of each world with two plays, shape (worlds,); the usual power is one over the dates of the record."""
    runs = 2 * worlds_of(ensemble)
    logs = np.zeros(runs)
    for label in labels:
        floored = np.maximum(label_array(label.classes, ensemble.names.outcomes), record.label_floor)
        logs += np.log(floored)[ensemble.classes[label.month, :runs]]
    each = np.exp(logs * (1 / len(record.labels) if power is None else power))
    return np.asarray((each[0::2] + each[1::2]) / 2)


def label_array(label: Mapping[str, float], outcomes: tuple[str, ...]) -> Floats:
    """A label's probabilities in the order of the classes; those it does not name have 0."""
    return np.array([label.get(name, 0.0) for name in outcomes])


def bayes_factor(weights: Floats, holds: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Mean weight where it holds over mean weight where it fails, and the standard error of the logarithm: by the
    spread of each side or of all worlds, whichever is larger, since a few worlds may happen to be alike.
    """
    sides = weights[holds], weights[~holds]
    own, pooled = (
        sum(some.var(ddof=1) / some.mean() ** 2 / len(side) for some, side in zip(spread, sides, strict=True))
        for spread in (sides, (weights, weights))
    )
    return float(sides[0].mean() / sides[1].mean()), float(np.sqrt(max(own, pooled)))


def updated(credence: float, factor: float) -> float:
    """Posterior credence: odds times the Bayes factor."""
    return credence * factor / (credence * factor + 1 - credence)


def _claims(ensemble: Ensemble, weights: Floats) -> tuple[ClaimPosterior, ...]:
    found = []
    for id, holds in zip(ensemble.names.claims, ensemble.holds[:, : len(weights)], strict=True):
        if 1 < holds.sum() < len(holds) - 1:
            prior = ensemble.scenario.ledger.claims[id].credence
            factor, error = bayes_factor(weights, holds)
            found.append((id, prior, updated(prior, factor), factor, error))
    adjusted = holm(np.array([two_sided(float(np.log(row[3])), row[4]) for row in found]))
    rows = [ClaimPosterior(*row, p=float(p)) for row, p in zip(found, adjusted, strict=True)]
    return tuple(sorted(rows, key=lambda row: -abs(np.log(row.factor))))


def _numbers(ensemble: Ensemble, weights: Floats) -> tuple[NumberPosterior, ...]:
    found = []
    for name, drawn in ensemble.numbers.items():
        worlds = min(len(drawn), len(weights))
        x, w = drawn[:worlds].astype(np.float64), weights[:worlds]
        before, spread = float(x.mean()), float(x.std())
        after = float((w * x).sum() / w.sum())
        error = (
            float(np.sqrt((((w / w.mean() - 1) * (x - before) - w / w.mean() * (after - before)) ** 2).sum())) / worlds
        )
        if spread > 0:
            found.append((name, before, after, (after - before) / spread, error / spread))
    adjusted = holm(np.array([two_sided(row[3], row[4]) for row in found]))
    rows = [NumberPosterior(*row, p=float(p)) for row, p in zip(found, adjusted, strict=True)]
    return tuple(sorted(rows, key=lambda row: -abs(row.move)))
