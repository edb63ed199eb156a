"""Plays variants of a scenario on the same worlds and the same chance, and keeps of each what a question needs.

Run k of every variant has the same draws, so any difference between two variants is caused by what varies; differences
are taken world by world (``paired.py``). A variant is any scenario: with other beliefs, with one thing of another
scenario, under another structure. The result does not depend on which process plays a variant.

Do the conclusions depend on how the model is built? Each structural variant of the case is played, and two conclusions
are watched: which class of endings is the likeliest, and the sign of each difference between a scenario and the one it
is read against. One that changes under a variant is flagged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np

from sim.analysis.paired import Difference, Endings, adjusted, paired
from sim.analysis.world_means import Floats, plays, quantities, worlds_of
from sim.ensemble.intervals import Z95
from sim.ensemble.resources import refuse_if_too_large
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.ensemble.worker_pool import cores, ordered
from sim.inputs.catalogue import StructuralVariant
from sim.inputs.scenario import Scenario

ALONE = 8  # up to this many variants a second process costs more time than it saves
MOST_RUNS = 20_000  # of a scenario under one structural variant

Found = TypeVar("Found")
Load = Callable[[Sequence[str]], Scenario]  # loads the scenario asked about with these --set strings
LoadNamed = Callable[[str, Sequence[str]], Scenario]  # loads a scenario by name with these --set strings


@dataclass(frozen=True)
class Draws:
    """The number of runs and the seed that all variants share."""

    runs: int
    seed: int

    @classmethod
    def of(cls, ensemble: Ensemble) -> Draws:
        return cls(ensemble.runs, ensemble.seed)


def play_variants(
    scenarios: Iterable[Scenario],
    draws: Draws,
    read: Callable[[Ensemble], Found],
    on_runs: Callable[[int], None] | None = None,
) -> Iterator[Found]:
    """What ``read`` finds in each variant, in the order given.

    ``read`` is a function of a module (or a ``partial`` of one): it is called in the process that played the variant
    and should return little. ``on_runs`` is called with the number of runs of each finished variant.
    Raises InputError where one needs more memory or time than there is.
    """
    every = list(scenarios)
    for scenario in every:
        refuse_if_too_large(scenario, draws.runs, in_files=False)
    many = len(every) > ALONE
    work = partial(_play, draws, read, 1 if many else None)
    for found in ordered(work, every, "processes", min(cores(), len(every)) if many else 1):
        if on_runs is not None:
            on_runs(draws.runs)
        yield found


def endings(ensemble: Ensemble) -> Endings:
    """Where each run of the worlds with two plays ends."""
    return ensemble.classes[-1, : 2 * worlds_of(ensemble)].copy()


def _play(draws: Draws, read: Callable[[Ensemble], Found], workers: int | None, scenario: Scenario) -> Found:
    return read(run(scenario, draws.runs, draws.seed, workers=workers))


@dataclass(frozen=True)
class Contrast:
    """One difference (scenario minus the one it is read against), as the case is built and under a variant."""

    quantity: str
    plain: Difference
    varied: Difference

    @property
    def reversed(self) -> bool:
        """Whether the sign changes, with both differences surely not 0."""
        return self.plain.difference * self.varied.difference < 0 and _sure(self.varied)

    @property
    def lost(self) -> bool:
        """Whether the difference may be 0 under the variant, but not as the case is built."""
        return not _sure(self.varied)


@dataclass(frozen=True)
class Variation:
    """What one variant does. ``shift`` is the class whose probability changes most, and the change. ``surely`` says
    whether under it the likeliest class is surely likelier than the one that is likeliest as the case is built.
    """

    name: str
    title: str
    likeliest: str
    probability: float
    surely: bool
    shift: tuple[str, float]
    contrasts: tuple[Contrast, ...]

    def flags(self, plain: str) -> list[str]:
        """The conclusions that this variant overturns: ``likeliest``, or the name of a quantity whose sign turns."""
        return ["likeliest"] * (self.likeliest != plain and self.surely) + [
            each.quantity for each in self.contrasts if each.reversed
        ]

    @property
    def lost(self) -> list[str]:
        return [each.quantity for each in self.contrasts if each.lost]


@dataclass(frozen=True)
class Structure:
    """A scenario as the case is built, and what each structural variant changes in its conclusions."""

    scenario: str
    against: str | None
    likeliest: str
    probability: float
    runs: int
    variations: tuple[Variation, ...]


def structural_variants(
    ensemble: Ensemble,
    names: tuple[str, str | None],
    variants: Sequence[StructuralVariant],
    load: LoadNamed,
    on_runs: Callable[[int], None] | None = None,
) -> Structure:
    """The scenario of an ensemble under every variant; ``names`` are its own and that of the one it is read against."""
    draws = Draws(planned_runs(ensemble), ensemble.seed)
    pair = [name for name in names if name is not None]
    scenarios = [load(name, settings) for settings in ((), *(each.settings for each in variants)) for name in pair]
    found = list(play_variants(scenarios, draws, reading, on_runs))
    rows = [(found[at], found[at + 1] if len(pair) > 1 else None) for at in range(0, len(found), len(pair))]
    varied = dict(zip([(each.name, each.title) for each in variants], rows[1:], strict=True))
    return structure(ensemble.scenario.name, names[1], draws.runs, rows[0], varied)


def planned_runs(ensemble: Ensemble) -> int:
    """Runs of each scenario under each variant."""
    return min(ensemble.runs, MOST_RUNS)


@dataclass(frozen=True)
class Reading:
    """What is kept of one ensemble: shares of the runs by outcome, and the watched quantities in every world."""

    shares: Mapping[str, float]
    worlds: Mapping[str, Floats]

    @property
    def likeliest(self) -> tuple[str, float]:
        """The class that most runs end in, and its probability."""
        name = max(self.shares, key=lambda name: self.shares[name])
        return name, self.shares[name]


def reading(ensemble: Ensemble) -> Reading:
    """The shares of all runs, and every outcome and shown measure in each world with two plays."""
    shares = dict(zip(ensemble.names.outcomes, map(float, ensemble.counts[-1] / ensemble.runs), strict=True))
    return Reading(shares, {name: plays(ensemble, name).mean(axis=0) for name in quantities(ensemble)})


Pair = tuple[Reading, Reading | None]


def structure(
    scenario: str, against: str | None, runs: int, plain: Pair, varied: Mapping[tuple[str, str], Pair]
) -> Structure:
    """What each variant, by name and title, does to the conclusions that the plain pair gives."""
    sure = {name: each for name, each in _differences(*plain).items() if each.stands_out}
    rows = []
    for (name, title), both in varied.items():
        after = _differences(*both)
        contrasts = tuple(Contrast(what, each, after[what]) for what, each in sure.items() if what in after)
        surely = _surely_likeliest(both[0], plain[0].likeliest[0])
        rows.append(Variation(name, title, *both[0].likeliest, surely, _shift(plain[0], both[0]), contrasts))
    return Structure(scenario, against, *plain[0].likeliest, runs, tuple(rows))


def _differences(one: Reading, other: Reading | None) -> dict[str, Difference]:
    """Scenario minus the one it is read against, marked by Holm over all quantities."""
    if other is None:
        return {}
    names = [name for name in one.worlds if name in other.worlds]
    found = paired(np.stack([one.worlds[name] - other.worlds[name] for name in names]))
    return adjusted([dict(zip(names, found, strict=True))])[0]


def _surely_likeliest(varied: Reading, other: str) -> bool:
    """Whether more runs end in the likeliest class than in another, beyond the noise."""
    likeliest = varied.likeliest[0]
    if other not in varied.worlds:
        return True
    return _sure(paired((varied.worlds[likeliest] - varied.worlds[other])[None])[0])


def _shift(plain: Reading, varied: Reading) -> tuple[str, float]:
    """The largest change of a class's probability; by name, since a variant may list the classes in another order."""
    name = max(plain.shares, key=lambda name: abs(varied.shares.get(name, 0.0) - plain.shares[name]))
    return name, varied.shares.get(name, 0.0) - plain.shares[name]


def _sure(difference: Difference) -> bool:
    return abs(difference.difference) > Z95 * difference.se
