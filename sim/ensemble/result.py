"""A finished ensemble: what every analysis and every view reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from math import isnan
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.block import COMPUTED_RUNS, Tallies, both_plays, value_moments
from sim.ensemble.intervals import outcome_probabilities
from sim.errors import clean_text
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.kernel.columns import BINS

if TYPE_CHECKING:
    import pandas as pd

OUTCOME_COLUMNS = ("month", "outcome", "count", "probability", "low", "high", "share_of_assumptions")
LEVERAGE_COLUMNS = ("month", "holder", "target", "mean", "q05", "q25", "q50", "q75", "q95")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Ensemble(Tallies):
    """Statistics of all ``runs`` runs, and rows of the first ``kept_runs`` of them.

    Runs 2k and 2k+1 are two plays of world k. ``holds`` and ``caused`` say in which worlds each claim and each shared
    cause hold; ``numbers`` are the uncertain numbers as drawn (first worlds only).
    """

    scenario: Scenario
    seed: int
    version: str
    levels_runs: int = 0  # runs behind the levels by month (series, leverage), where these are not ``runs``

    def first(self, runs: int) -> Ensemble:
        """The ensemble of its first runs, at most ``kept_runs``: classes, measures and worlds are cut.

        Levels by month are kept as sums over all runs, not run by run: they stay those of the larger ensemble.
        Raises ValueError for more runs than have rows.
        """
        if not 1 <= runs <= self.kept_runs:
            raise ValueError(f"rows are kept of {self.kept_runs} runs")
        classes, values, worlds = self.classes[:, :runs], self.values[:, :runs], (runs + 1) // 2
        blocks = [values[:, first : first + COMPUTED_RUNS] for first in range(0, runs, COMPUTED_RUNS)]
        outcomes = len(self.names.outcomes)
        return replace(
            self, runs=runs, levels_runs=self.levels_runs or self.runs, classes=classes, values=values,
            counts=np.stack([np.bincount(month, minlength=outcomes) for month in classes]),
            together=np.stack([both_plays(month, outcomes) for month in classes]),
            moments=sum(map(value_moments, blocks), np.zeros_like(self.moments)),
            holds=self.holds[:, :worlds], caused=self.caused[:, :worlds],
            numbers={name: drawn[:worlds] for name, drawn in self.numbers.items()},
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"<Ensemble {self.scenario.name}: {self.runs:,} runs of {self.months} months, seed {self.seed}>"

    @property
    def months(self) -> int:
        return len(self.counts) - 1

    @property
    def kept_runs(self) -> int:
        return int(self.classes.shape[1])

    @property
    def pairs(self) -> int:
        """Worlds with two plays."""
        return self.runs // 2

    @property
    def meaningful_measures(self) -> tuple[str, ...]:
        """The measures that mean something here: all but those about a summit that the scenario does not plan."""
        held = {summit.pair for summit in self.scenario.summits if summit.month <= self.months}
        needs = {name: measure.needs for name, measure in self.scenario.case.measures.items()}
        return tuple(name for name in self.names.measures if needs.get(name) is None or needs[name] in held)

    def measure(self, name: str) -> npt.NDArray[np.float32]:
        """A measure's value in every kept run."""
        return self.values[self.names.measures.index(name)]

    def ended(self, outcome: str) -> npt.NDArray[np.bool_]:
        """Whether each kept run ended in this class."""
        return self.classes[-1] == self.names.outcomes.index(outcome)

    def outcome_rows(self) -> list[tuple[object, ...]]:
        """Rows of OUTCOME_COLUMNS: by month, and at the end (the last month), how many runs would be in each class."""
        return [
            (self._month(month), name, each.count, each.probability, each.low, each.high, each.assumptions)
            for month in range(self.months + 1)
            for name, each in outcome_probabilities(self, month).items()
        ]

    def leverage_rows(self) -> list[tuple[object, ...]]:
        """Rows of LEVERAGE_COLUMNS: by month, mean and quantiles over runs of each state's leverage on each other."""
        rows: list[tuple[object, ...]] = []
        for dyad in self.names.dyads:
            means, levels = self.leverage_mean(dyad), self.leverage_quantiles(dyad, QUANTILES)
            for month in range(self.months + 1):
                rows.append((self._month(month), *dyad, float(means[month]), *map(float, levels[month])))
        return rows

    def _month(self, month: int) -> str:
        return month_name(month, self.scenario.first_month)

    def to_frame(self) -> pd.DataFrame:
        """A row a kept run, by number: its world, its class at the end, and every measure.

        >>> from sim import load_scenario, run
        >>> frame = run(load_scenario("xi-first", months=2), 10).to_frame()
        >>> len(frame), frame.index.name, list(frame.columns[:2])
        (10, 'run', ['world', 'outcome'])
        """
        import pandas as pd  # heavy, and Mesa brings it

        runs = np.arange(self.kept_runs)
        outcome = pd.Categorical.from_codes(self.classes[-1].astype(int), list(self.names.outcomes))
        columns = dict(zip(self.names.measures, self.values, strict=True))
        return pd.DataFrame({"world": runs // 2, "outcome": outcome, **columns}, index=pd.Index(runs, name="run"))

    def outcomes_frame(self) -> pd.DataFrame:
        """`outcomes.csv` as a frame: by month, how many runs would be in each class, with 95% intervals.

        >>> from sim import load_scenario, run
        >>> frame = run(load_scenario("xi-first", months=2), 10).outcomes_frame()
        >>> int(frame[frame["month"] == "2018-05"]["count"].sum())
        10
        """
        import pandas as pd

        return pd.DataFrame(self.outcome_rows(), columns=list(OUTCOME_COLUMNS))

    def leverage_frame(self) -> pd.DataFrame:
        """`leverage.csv` as a frame: by month, mean and quantiles over runs of each state's leverage on each other.

        >>> from sim import load_scenario, run
        >>> frame = run(load_scenario("xi-first", months=2), 10).leverage_frame()
        >>> sorted(set(frame["holder"]))
        ['DPRK', 'PRC', 'ROK', 'RUS', 'US']
        """
        import pandas as pd

        return pd.DataFrame(self.leverage_rows(), columns=list(LEVERAGE_COLUMNS))

    def _repr_html_(self) -> str:
        """What a notebook shows: the classes at the end, and that this is no forecast."""
        found = outcome_probabilities(self)
        labels = {rule.name: rule.label for rule in self.scenario.case.outcomes}
        rows = "".join(
            f"<tr><td>{escape(clean_text(labels[name], 60))}</td><td>{each.count:,}</td><td>{each.probability:.1%}</td>"
            + ("<td></td>" if isnan(each.low) else f"<td>{each.low:.1%} to {each.high:.1%}</td>") + "</tr>"
            for name, each in found.items()
        )  # fmt: skip
        return (
            f"<table><caption>{escape(clean_text(self.scenario.title, 200))}: {self.runs:,} runs of {self.months} "
            f"months, seed {self.seed}</caption><tr><th>how it ends</th><th>runs</th><th>share</th>"
            f"<th>95% interval</th></tr>{rows}</table><p>Not a forecast: these percentages describe this model under "
            "the listed assumptions; the interval is simulation noise only.</p>"
        )

    def series_mean(self, name: str) -> npt.NDArray[np.float64]:
        """Mean over all runs after each month."""
        return self.series[:, self.names.series.index(name)] / (self.levels_runs or self.runs)

    def series_quantiles(self, name: str, at: tuple[float, ...]) -> npt.NDArray[np.float64]:
        """Quantiles over all runs after each month, shape (months + 1, len(at)), to a thousandth of the range."""
        return quantiles(self.series_bins[:, self.names.series.index(name)], at, self.names.top(name))

    def leverage_mean(self, dyad: tuple[str, str]) -> npt.NDArray[np.float64]:
        return self.leverage[:, self.names.dyads.index(dyad)] / (self.levels_runs or self.runs)

    def leverage_quantiles(self, dyad: tuple[str, str], at: tuple[float, ...]) -> npt.NDArray[np.float64]:
        return quantiles(self.leverage_bins[:, self.names.dyads.index(dyad)], at, 1.0)


def quantiles(bins: npt.NDArray[np.integer[Any]], at: tuple[float, ...], top: float) -> npt.NDArray[np.float64]:
    """Quantiles from histograms on [0, top], linear within a bin; ``bins`` has shape (rows, BINS)."""
    reached = np.cumsum(bins, axis=1)
    found = np.empty((len(bins), len(at)))
    for column, level in enumerate(at):
        target = level * reached[:, -1]
        place = np.minimum((reached < target[:, None]).sum(axis=1), BINS - 1)
        rows = np.arange(len(bins))
        inside = np.maximum(bins[rows, place], 1)
        below = reached[rows, place] - bins[rows, place]
        found[:, column] = (place + np.clip((target - below) / inside, 0, 1)) / BINS * top
    return found
