"""Do the conclusions hang on how the model is built? Each structural variant is run on common random numbers.

Two conclusions are watched: which class of endings is the likeliest, and the sign of each difference between a
scenario and the one it is read against. One that changes under a variant is flagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.paired import Difference, adjusted, paired
from sim.analysis.quantities import plays, quantities
from sim.analysis.worlds import worlds_of
from sim.ensemble.intervals import Z95

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble


@dataclass(frozen=True)
class Contrast:
    """One difference (scenario minus the one it is read against), as the case is built and under a variant."""

    quantity: str
    plain: Difference
    varied: Difference

    @property
    def reversed(self) -> bool:
        """The sign turns, and both sides are surely not 0."""
        return self.plain.difference * self.varied.difference < 0 and _sure(self.varied)

    @property
    def lost(self) -> bool:
        """It can no longer be told from 0."""
        return not _sure(self.varied)


@dataclass(frozen=True)
class Variation:
    """What one variant does. ``shift`` is the largest change of any class's probability, and whose."""

    name: str
    title: str
    likeliest: str
    probability: float
    shift: tuple[str, float]
    contrasts: tuple[Contrast, ...]

    def flags(self, plain: str) -> list[str]:
        """The conclusions that this variant overturns: ``likeliest``, or the name of a quantity whose sign turns."""
        return ["likeliest"] * (self.likeliest != plain) + [each.quantity for each in self.contrasts if each.reversed]

    @property
    def lost(self) -> list[str]:
        return [each.quantity for each in self.contrasts if each.lost]


@dataclass(frozen=True)
class Structure:
    scenario: str
    against: str | None
    likeliest: str
    probability: float
    runs: int
    variations: tuple[Variation, ...]


def structure(
    plain: Ensemble, against: Ensemble | None, varied: Mapping[str, tuple[str, Ensemble, Ensemble | None]]
) -> Structure:
    """``varied`` has, for each variant, its title and the same two scenarios run under it."""
    before = _differences(plain, against)
    sure = {name: each for name, each in before.items() if each.stands_out}
    name, probability = likeliest(plain)
    rows = []
    for variant, (title, one, other) in varied.items():
        after = _differences(one, other)
        contrasts = tuple(Contrast(what, each, after[what]) for what, each in sure.items() if what in after)
        rows.append(Variation(variant, title, *likeliest(one), _shift(plain, one), contrasts))
    return Structure(
        plain.scenario.name, against.scenario.name if against else None, name, probability, plain.runs, tuple(rows)
    )


def likeliest(ensemble: Ensemble) -> tuple[str, float]:
    """The class that most runs end in, and its probability."""
    place = int(ensemble.counts[-1].argmax())
    return ensemble.names.outcomes[place], float(ensemble.counts[-1][place] / ensemble.runs)


def _differences(one: Ensemble, other: Ensemble | None) -> dict[str, Difference]:
    """Scenario minus the one it is read against, marked by Holm over all quantities."""
    if other is None:
        return {}
    shared = other.told_measures
    names = [name for name in quantities(one) if name in one.names.outcomes or name in shared]
    worlds = min(worlds_of(one), worlds_of(other))
    apart = np.stack([(plays(one, name, worlds) - plays(other, name, worlds)).mean(axis=0) for name in names])
    return dict(zip(names, adjusted(paired(apart)), strict=True))


def _shift(plain: Ensemble, varied: Ensemble) -> tuple[str, float]:
    """By name: a variant may ask for the classes in another order."""
    before = dict(zip(plain.names.outcomes, plain.counts[-1] / plain.runs, strict=True))
    after = dict(zip(varied.names.outcomes, varied.counts[-1] / varied.runs, strict=True))
    name = max(before, key=lambda name: abs(after.get(name, 0.0) - before[name]))
    return name, float(after.get(name, 0.0) - before[name])


def _sure(difference: Difference) -> bool:
    return abs(difference.difference) > Z95 * difference.se
