"""Two scenarios on the same draws: how much more often each ending comes about, how runs moved between endings, and
what each difference between the two does alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import (
    LEVEL,
    Difference,
    OutcomeDifferences,
    adjusted,
    changed_share,
    ending_differences,
    holm,
    marked,
    outcome_differences,
    paired,
)
from sim.analysis.variants import Draws, endings, play_variants
from sim.analysis.world_means import Floats, check_played, ratio_means, refuse_too_few, worlds_of
from sim.defaults import VERSION
from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.inputs.differences import differences
from sim.inputs.scenario import Scenario


@dataclass(frozen=True)
class Monthly:
    """Differences of the outcomes' shares if the runs had ended after each month; shapes (months + 1, outcomes).

    ``low`` and ``high`` are the 95% intervals of :func:`~sim.analysis.paired.paired`, NaN where too few worlds differ.
    """

    difference: Floats
    se: Floats
    low: Floats
    high: Floats
    stands_out: npt.NDArray[np.bool_]  # Holm over all months and outcomes

    @property
    def peak(self) -> tuple[int, int] | None:
        """Month and place of the outcome with the largest difference that stands out, the first such month."""
        marked = np.where(self.stands_out, np.abs(self.difference), -1.0)
        if marked.max() < 0:
            return None
        month, place = np.unravel_index(int(marked.argmax()), marked.shape)
        return int(month), int(place)

    @property
    def early(self) -> bool:
        """Whether the largest difference comes before the end and has shrunk by a third or more by then."""
        if self.peak is None or self.peak[0] == len(self.difference) - 1:
            return False
        return bool(np.abs(self.difference[-1]).max() * 1.5 < abs(self.difference[self.peak]))


@dataclass(frozen=True)
class Comparison:
    """Scenario ``b`` against ``a``: every difference is b minus a.

    ``things`` lists how the two differ. ``flips[i, j]`` counts the runs that end in outcome i under a and j under b.
    ``shares`` are those of the paired runs, under a and under b.
    """

    a: str
    b: str
    titles: tuple[str, str]
    runs: int
    worlds: int
    seed: int
    version: str
    months: tuple[int, int]
    things: tuple[str, ...]
    outcomes: Mapping[str, Difference]
    measures: Mapping[str, Difference]
    shares: Mapping[str, tuple[float, float]]
    levels: Mapping[str, tuple[float, float]]  # means of the measures under a and under b
    flips: npt.NDArray[np.int64]
    monthly: Monthly
    tests: int  # number of outcome differences that Holm's adjustment covers

    @property
    def changed(self) -> float:
        """Share of the paired runs that end differently."""
        return 1 - float(np.trace(self.flips)) / self.runs


@overload
def compare(a: Ensemble, b: Ensemble) -> Comparison: ...
@overload
def compare(a: Ensemble, b: Ensemble, *more: Ensemble) -> Comparison | list[Comparison]: ...
def compare(a: Ensemble, b: Ensemble, *more: Ensemble) -> Comparison | list[Comparison]:
    """One ensemble against another on the same draws; with more, a list of each against the first.

    Raises as :func:`against_first`, and TypeError for a scenario.
    """
    check_played(a, b, *more)
    found = against_first(a, b, *more)
    return found if more else found[0]


def against_first(first: Ensemble, *others: Ensemble) -> list[Comparison]:
    """Each of the others against the first, marked by Holm over all outcome differences together.

    Raises InputError where they do not share seed, runs and outcomes, or have fewer than two worlds of two plays.
    """
    found = [_compare_two(first, other) for other in others]
    outcomes, measures = adjusted([one.outcomes for one in found]), adjusted([one.measures for one in found])
    tests = sum(map(len, outcomes))
    return [
        replace(one, outcomes=outcomes[place], measures=measures[place], tests=tests) for place, one in enumerate(found)
    ]


def _compare_two(a: Ensemble, b: Ensemble) -> Comparison:
    _check(a, b)
    worlds = min(worlds_of(a), worlds_of(b))
    runs, names = 2 * worlds, a.names.outcomes
    ends = a.classes[-1, :runs], b.classes[-1, :runs]
    measures = [name for name in a.meaningful_measures if name in b.meaningful_measures]
    per_run = {name: b.measure(name)[:runs].astype(np.float64) - a.measure(name)[:runs] for name in measures}
    flips = np.bincount(ends[0].astype(np.int64) * len(names) + ends[1], minlength=len(names) ** 2)
    flips = flips.reshape(len(names), len(names)).astype(np.int64)
    shares = {name: (flips[at].sum() / runs, flips[:, at].sum() / runs) for at, name in enumerate(names)}
    return Comparison(
        a=a.scenario.name, b=b.scenario.name, titles=(a.scenario.title, b.scenario.title),
        runs=runs, worlds=worlds, seed=a.seed, version=a.version, months=(a.months, b.months),
        things=tuple(differences(a.scenario, b.scenario)),
        outcomes=dict(zip(names, paired(ending_differences(*ends, len(names))), strict=True)),
        measures={name: difference_of_runs(row) for name, row in per_run.items()},
        shares={name: (float(one), float(two)) for name, (one, two) in shares.items()},
        levels={name: _levels(a, b, name, runs) for name in measures},
        flips=flips, monthly=_monthly(a, b, runs), tests=len(names),
    )  # fmt: skip


def _check(a: Ensemble, b: Ensemble) -> None:
    for what, one, other in (
        ("runs", a.runs, b.runs), ("seed", a.seed, b.seed), ("outcomes", a.names.outcomes, b.names.outcomes),
    ):  # fmt: skip
        if one != other:
            allowed = f"the same {what} as {a.scenario.name}"
            raise InputError.at(b.scenario.name, what, f"{one} and {other}", allowed)
    refuse_too_few(min(a.kept_runs, b.kept_runs))


def difference_of_runs(per_run: Floats) -> Difference:
    """The mean of runs' differences, shape (runs,), NaN where a run has no value. A world differs where one of its
    plays does, though its part of a mean over runs (:func:`ratio_means`) is never quite 0 where some have no value.
    """
    changed = int(np.count_nonzero(np.nansum(np.abs(per_run).reshape(-1, 2), axis=1)))
    return paired(ratio_means(per_run)[None], [changed])[0]


def _levels(a: Ensemble, b: Ensemble, measure: str, runs: int) -> tuple[float, float]:
    """A measure's mean under each, over the runs in which it has a value under both."""
    both = np.stack([each.measure(measure)[:runs] for each in (a, b)])
    both = both[:, np.isfinite(both).all(axis=0)]
    one, two = both.mean(axis=1, dtype=np.float64) if both.shape[1] else (np.nan, np.nan)
    return float(one), float(two)


def _monthly(a: Ensemble, b: Ensemble, runs: int) -> Monthly:
    """Difference of every outcome after every month that both have."""
    months = min(a.months, b.months) + 1
    found = [
        paired(ending_differences(a.classes[month, :runs], b.classes[month, :runs], len(a.names.outcomes)))
        for month in range(months)
    ]
    p = holm(np.array([each.p for row in found for each in row])).reshape(months, -1)
    parts = np.array([[(each.difference, each.se, each.low, each.high) for each in row] for row in found])
    difference, se, low, high = np.moveaxis(parts, -1, 0)
    return Monthly(difference, se, low, high, p < LEVEL)


@dataclass(frozen=True)
class DifferencePart:
    """One difference, in words, and what it does when it alone is changed in the first scenario."""

    lines: tuple[str, ...]
    what: OutcomeDifferences


@dataclass(frozen=True)
class OneAtATime:
    """``whole`` is b against a; ``beyond`` is each outcome's difference less the sum of the parts' differences.

    ``shares`` are the outcomes' shares under a and under b.
    """

    a: str
    b: str
    runs: int
    seed: int
    version: str
    shares: Mapping[str, tuple[float, float]]
    whole: OutcomeDifferences
    parts: tuple[DifferencePart, ...]
    beyond: Mapping[str, float]

    @property
    def interplay(self) -> float:
        """How much of the outcomes the sum of the parts gets wrong (:func:`paired.changed_share`)."""
        return float(changed_share(*(self.whole.halves - sum(part.what.halves for part in self.parts))))


def one_at_a_time(
    a: Scenario,
    b: Scenario,
    changes: Sequence[tuple[tuple[str, ...], Scenario]],
    runs: int,
    seed: int,
    on_runs: Callable[[int], None] | None = None,
) -> OneAtATime:
    """Play a, b and a with each change. Raises InputError where the two end in other classes, or for too few runs."""
    refuse_too_few(runs)
    names, others = ([rule.name for rule in each.case.outcomes] for each in (a, b))
    if names != others:
        raise InputError.at(b.name, "outcomes", ", ".join(others), f"those of {a.name}")
    scenarios = [a, b, *(scenario for _, scenario in changes)]
    first, *played = play_variants(scenarios, Draws(runs, seed), endings, on_runs)
    whole, *each = marked([outcome_differences(first, other, names) for other in played])
    shares = [np.bincount(ends, minlength=len(names)) / len(ends) for ends in (first, played[0])]
    beyond = {
        name: whole.outcomes[name].difference - sum(part.outcomes[name].difference for part in each) for name in names
    }
    return OneAtATime(
        a.name, b.name, runs, seed, VERSION,
        {name: (float(shares[0][place]), float(shares[1][place])) for place, name in enumerate(names)},
        whole, tuple(DifferencePart(lines, what) for (lines, _), what in zip(changes, each, strict=True)), beyond,
    )  # fmt: skip
