"""Scenarios against what happened: scores of their classes at the labelled dates, next to naive forecasts.

Where one date is left out, worlds are weighted by the other labels, and the classes at that date are scored with and
without the weights. Disputed thresholds are moved to either end of their ranges, and each is run on the same draws.
A label may be soft: probabilities over the classes where coders cannot agree on one. p is the forecast and y the label,
both of shape (classes,) and adding to 1. All scores but the log score are better the smaller.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sim.analysis.posterior import bayes_factor, label_array, label_weights
from sim.analysis.reweight import effective_worlds
from sim.analysis.variants import Draws, Load, play_variants
from sim.analysis.world_means import Floats, ending_shares
from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.inputs.case import Case
from sim.inputs.records import Label, Record

UNIFORM, PERSISTENCE, BEST = "uniform", "persistence", "the label itself"
PLAIN, WEIGHTED = "as assumed", "weighted by the other dates"
START_RUNS = 4096  # runs whose start is classified, for persistence at the first date


@dataclass(frozen=True)
class Score:
    """Scores of one forecast at one date. ``binary`` is for the label's likeliest class; a greater log is better."""

    forecast: str
    month: int
    log: float
    brier: float
    binary: float
    ranked: float
    probabilities: tuple[float, ...]  # of the classes, in their own order
    floored: bool  # whether the forecast gave the label's likeliest class less than the floor


@dataclass(frozen=True)
class Scored:
    """The scores of every forecast at every labelled date."""

    outcomes: tuple[str, ...]
    labels: tuple[Label, ...]
    scores: tuple[Score, ...]

    @property
    def forecasts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(score.forecast for score in self.scores))

    def at(self, forecast: str, month: int) -> Score:
        return next(score for score in self.scores if (score.forecast, score.month) == (forecast, month))

    @property
    def floored(self) -> tuple[int, ...]:
        """Months at which a forecast (not the label itself) was floored, so that its mean depends on the floor."""
        months = {each.month for each in self.scores if each.floored and each.forecast != BEST}
        return tuple(sorted(months))

    def beats(self, forecast: str, other: str) -> tuple[int, ...]:
        """The months at which one forecast has the better log score."""
        months = [label.month for label in self.labels]
        return tuple(month for month in months if self.at(forecast, month).log > self.at(other, month).log)

    def mean(self, forecast: str, without: Sequence[int] = ()) -> tuple[float, float, float, float]:
        """Means over the dates (except months ``without``): log, Brier, binary Brier, ranked probability score."""
        some = (each for each in self.scores if each.forecast == forecast and each.month not in without)
        rows = [(each.log, each.brier, each.binary, each.ranked) for each in some]
        log, quadratic, binary, ranked = np.mean(rows, axis=0)
        return float(log), float(quadratic), float(binary), float(ranked)


def score_forecasts(record: Record, ensembles: Sequence[Ensemble]) -> Scored:
    """Score every ensemble and the naive forecasts at every labelled date. Raises InputError for too short a run."""
    outcomes = ensembles[0].names.outcomes
    last = record.labels[-1].month
    for ensemble in ensembles:
        if ensemble.months < last:
            allowed = f"at least {last}, the last labelled month"
            raise InputError.at("--months", "months", str(ensemble.months), allowed)
    forecasts = [(each.scenario.name, shares_at(each, record)) for each in ensembles]
    forecasts += naive(record, outcomes, start_shares(ensembles[0]))
    scores = [
        score(name, label, p, label_array(label.classes, outcomes), record.forecast_floor)
        for name, rows in forecasts for label, p in zip(record.labels, rows, strict=True)
    ]  # fmt: skip
    return Scored(outcomes, record.labels, tuple(scores))


def score(forecast: str, label: Label, p: Floats, y: Floats, floor: float) -> Score:
    """All scores of a forecast p against a label y."""
    top = int(y.argmax())
    return Score(
        forecast, label.month, log_score(p, y, floor), brier(p, y), brier_binary(float(p[top]), float(y[top])),
        ranked_probability(p, y), tuple(map(float, p)), bool(p[top] < floor),
    )  # fmt: skip


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


def shares_at(ensemble: Ensemble, record: Record) -> list[Floats]:
    """Shares of the runs in each class after each labelled month."""
    return [ensemble.counts[label.month] / ensemble.runs for label in record.labels]


def naive(record: Record, outcomes: tuple[str, ...], start: Floats) -> list[tuple[str, list[Floats]]]:
    """The naive forecasts: uniform over the classes; the label before (at the first date the class of the start); the
    label itself.
    """
    labels = [label_array(label.classes, outcomes) for label in record.labels]
    uniform = np.full(len(outcomes), 1 / len(outcomes))
    return [(UNIFORM, [uniform] * len(labels)), (PERSISTENCE, [start, *labels[:-1]]), (BEST, labels)]


def start_shares(ensemble: Ensemble) -> Floats:
    """Shares of the worlds in each class if they ended before the first month."""
    from sim.model.diplomacy import Diplomacy

    model = Diplomacy(ensemble.scenario, runs=START_RUNS, seed=ensemble.seed)
    shares = np.bincount(model.outcomes(), minlength=len(ensemble.names.outcomes)) / START_RUNS
    model.close()
    return shares


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
    """Scores at one labelled month, with worlds weighted by the other labels. Raises InputError for a month without a
    label, or where it is the only one.
    """
    months = [label.month for label in record.labels]
    if month not in months or len(months) < 2:
        also = ", and a second date to weight the worlds by" if len(months) < 2 else ""
        allowed = f"one of {', '.join(map(str, months))}{also}"
        raise InputError.at("--leave-out", "month", str(month), allowed)
    label = record.labels[months.index(month)]
    outcomes = ensemble.names.outcomes
    y = label_array(label.classes, outcomes)
    weights = label_weights(ensemble, [each for each in record.labels if each is not label], record)
    ended = ending_shares(ensemble, month)
    plain, weighted = ended.mean(axis=1), (ended * weights).sum(axis=1) / weights.sum()
    rows = ((PLAIN, plain), (WEIGHTED, weighted), (UNIFORM, np.full(len(outcomes), 1 / len(outcomes))))
    scores = [score(name, label, p, y, record.forecast_floor) for name, p in rows]
    counted = (plain > record.forecast_floor) & (weighted > record.forecast_floor)
    slope = np.where(counted, y, 0)[:, None]  # of the log score; a floored class does not move it
    scaled = weights / weights.mean()
    moved = slope * (scaled * (ended - weighted[:, None]) / np.maximum(weighted, 1e-300)[:, None]
                     - (ended - plain[:, None]) / np.maximum(plain, 1e-300)[:, None])  # fmt: skip
    error = float(moved.sum(axis=0).std() / np.sqrt(len(weights)))
    three, gain = (scores[0], scores[1], scores[2]), scores[1].log - scores[0].log
    return LeaveOneOut(month, outcomes, three, gain, error, effective_worlds(weights))


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
    """Each threshold with an end of its range and the value in force; ends equal to the value are left out."""
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
    """Play the scenario of an ensemble on the same draws with each threshold at either end of its range.

    ``claims`` are those whose Bayes factors are kept, from the labels of all months except ``without``.
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
    """The log scores by month and the Bayes factors by claim of one variant."""
    names, weights = ensemble.names, label_weights(ensemble, labels, record)
    holds = dict(zip(names.claims, ensemble.holds[:, : len(weights)], strict=True))
    logs = {
        label.month: log_score(p, label_array(label.classes, names.outcomes), record.forecast_floor)
        for label, p in zip(record.labels, shares_at(ensemble, record), strict=True)
    }
    return logs, {claim: bayes_factor(weights, holds[claim])[0] for claim in claims}
