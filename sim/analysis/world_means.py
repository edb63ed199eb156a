"""The world is the unit of every statistic about assumptions: its two plays are averaged first (MODEL.md 7.9).

With an odd number of runs the last world has one play. It counts in probabilities; here, where each world must weigh
the same, it is left out. A *quantity* is an outcome (did the run end there?) or a measure at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.inputs.schema_faults import unknown

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FEWEST_WORLDS = 100  # fewest worlds for statements about what moves what


class OfScenario:
    """What a scenario's findings about its quantities have in common."""

    scenario: Scenario

    def counts_runs(self, quantity: str) -> bool:
        """Whether a quantity is an outcome, whose effects are in runs; those on a measure are in its own unit."""
        return any(rule.name == quantity for rule in self.scenario.case.outcomes)


@dataclass(frozen=True)
class WorldTable:
    """Every quantity in every world with two plays: ``values[q, k]`` is its mean over the two plays of world k.

    Outcomes come first (the share of the plays that ended there: 0, 1/2 or 1), then measures. ``known`` is the share of
    the two plays in which a quantity has a value; where it is 0 the value is NaN.
    """

    outcomes: tuple[str, ...]
    measures: tuple[str, ...]
    values: Floats  # (outcomes + measures, worlds)
    known: Floats | None = None  # of the same shape; None where all is known

    @property
    def names(self) -> tuple[str, ...]:
        return self.outcomes + self.measures

    @property
    def worlds(self) -> int:
        return int(self.values.shape[1])

    @property
    def of_outcomes(self) -> WorldTable:
        """The outcomes alone."""
        return self._only(self.outcomes, (), (slice(0, len(self.outcomes)), slice(None)))

    def part(self, worlds: slice) -> WorldTable:
        """The same for some of the worlds."""
        return self._only(self.outcomes, self.measures, (slice(None), worlds))

    def limited(self, outcomes: Sequence[str], measures: Sequence[str]) -> WorldTable:
        """The same for some quantities. Raises ValueError for a name that is neither an outcome nor a measure."""
        rows = [self.names.index(name) for name in (*outcomes, *measures)]
        return self._only(tuple(outcomes), tuple(measures), (rows, slice(None)))

    def _only(self, outcomes: tuple[str, ...], measures: tuple[str, ...], part: Any) -> WorldTable:
        known = None if self.known is None else self.known[part]
        return WorldTable(outcomes, measures, self.values[part], known)

    def of(self, name: str) -> Floats:
        """One quantity in every world. Raises ValueError for a name that is neither an outcome nor a measure."""
        return np.asarray(self.values[self.names.index(name)])


def worlds_of(ensemble: Ensemble) -> int:
    """Worlds with two plays among the kept runs."""
    return ensemble.kept_runs // 2


def check_played(*given: object) -> None:
    """Raises TypeError for what is no ensemble, such as a scenario that has yet to be played."""
    for each in given:
        if not isinstance(each, Ensemble):
            raise TypeError(f"an ensemble, such as run(load_scenario(NAME)), not a {type(each).__name__}")


def refuse_too_few(runs: int) -> None:
    """Raises InputError for runs that are fewer than two worlds, of which no difference has an error."""
    if runs < 4:
        raise InputError.at("-n", "runs", str(runs), "at least 4 runs, which are two worlds with two plays each")


def world_table(ensemble: Ensemble) -> WorldTable:
    """Outcomes and meaningful measures, averaged over the two plays of each world."""
    measures, runs, ends = ensemble.meaningful_measures, 2 * worlds_of(ensemble), ending_shares(ensemble)
    values = np.empty((len(measures), worlds_of(ensemble)))
    known = np.ones_like(values)
    for place, name in enumerate(measures):
        per_run = ensemble.measure(name)[:runs]
        _average(per_run, values[place])
        if np.isnan(values[place]).any():
            _average(np.isfinite(per_run), known[place])
            both = np.stack([per_run[0::2], per_run[1::2]]).astype(np.float64)
            values[place] = np.nansum(both, axis=0) / np.where(known[place] > 0, 2 * known[place], np.nan)
    names = (ensemble.names.outcomes, measures)
    return WorldTable(*names, np.concatenate([ends, values]), np.concatenate([np.ones_like(ends), known]))


def ending_shares(ensemble: Ensemble, month: int = -1) -> Floats:
    """The share of each world's two plays that would have ended in each outcome after a month, (outcomes, worlds)."""
    ends = ensemble.classes[month, : 2 * worlds_of(ensemble)]
    shares = np.empty((len(ensemble.names.outcomes), worlds_of(ensemble)))
    for place, row in enumerate(shares):
        _average(ends == place, row)
    return shares


def world_means(per_run: npt.NDArray[np.generic]) -> Floats:
    """A quantity per run, shape (..., runs) with an even number of runs, averaged over the two plays of each world."""
    means = np.empty((*per_run.shape[:-1], per_run.shape[-1] // 2))
    _average(per_run, means)
    return means


def ratio_means(per_run: Floats) -> Floats:
    """Values of worlds whose mean is that of all runs with a value, shape (runs,) to (worlds,); NaN is no value.

    With s the sum and c the number of a world's values and m their mean over all runs, m + (s - c m)/mean of c: the
    linear part of the ratio, whose spread gives the standard error of m. Without NaN, the plain means of worlds.
    """
    both = np.stack([per_run[0::2], per_run[1::2]])
    count, total = np.isfinite(both).sum(axis=0), np.nansum(both, axis=0)
    if not count.any():
        return np.full(len(count), np.nan)
    mean, usual = total.sum() / count.sum(), count[count > 0].mean()
    return np.where(count > 0, mean + (total - count * mean) / usual, np.nan)


def _average(per_run: npt.NDArray[np.generic], into: Floats) -> None:
    np.add(per_run[..., 0::2], per_run[..., 1::2], out=into, dtype=np.float64)
    into *= 0.5


def quantities(ensemble: Ensemble, asked: str | None = None) -> tuple[str, ...]:
    """The outcome or measure asked for; without one, every outcome and the measures that the case shows.

    Raises InputError for a name that is neither.
    """
    measures = ensemble.meaningful_measures
    if asked is None:
        case = ensemble.scenario.case
        shown = {name for name, measure in case.measures.items() if measure.shown}
        shown |= {name for name, variable in case.variables.items() if variable.shown}
        return ensemble.names.outcomes + tuple(name for name in measures if name in shown)
    known = (*ensemble.names.outcomes, *measures)
    check_known(asked, known, "an outcome or a measure")
    return (asked,)


def check_known(asked: str, known: Sequence[str], what: str = "one of") -> None:
    """Raises InputError where ``--outcome`` names nothing known."""
    if asked not in known:
        raise InputError.at("--outcome", "outcome", asked, unknown(asked, known, what))


def plays(ensemble: Ensemble, quantity: str, worlds: int | None = None) -> Floats:
    """A quantity in both plays of each world with two plays, shape (2, worlds)."""
    runs = 2 * (worlds_of(ensemble) if worlds is None else worlds)
    outcome = quantity in ensemble.names.outcomes
    values = ensemble.ended(quantity)[:runs] if outcome else ensemble.measure(quantity)[:runs]
    return np.stack([values[0::2], values[1::2]]).astype(np.float64)


def check_enough(ensemble: Ensemble) -> None:
    """Raises InputError where there are too few worlds to say what moves what."""
    if worlds_of(ensemble) < FEWEST_WORLDS:
        allowed = f"at least {2 * FEWEST_WORLDS}, which are {FEWEST_WORLDS} worlds"
        raise InputError.at("-n", "runs", f"{ensemble.runs:,}", allowed)


def assumed_variance(two: Floats) -> tuple[float | None, float]:
    """Variance due to assumptions (the covariance of the plays) and in all, of a quantity of shape (2, worlds).

    The first is None where it may be 0 (less than three of its standard errors). A world in which either play has no
    value is left out.
    """
    two = two[:, np.isfinite(two).all(axis=0)]
    if not two.size:
        return None, 0.0
    centred = two - two.mean()
    products = centred[0] * centred[1]
    assumed, error = float(products.mean()), float(products.std() / np.sqrt(len(products)))
    return (assumed if assumed > 3 * error else None), float((centred**2).mean())
