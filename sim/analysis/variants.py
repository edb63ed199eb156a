"""Plays variants of a scenario on the same worlds and the same chance, and keeps of each what a question needs.

Run k of every variant has the same draws, so any difference between two variants is caused by what varies; differences
are taken world by world (``paired.py``). A variant is any scenario: with other beliefs, with one thing of another
scenario, under another structure. The result does not depend on which process plays a variant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sim.analysis.paired import Endings
from sim.analysis.world_means import worlds_of
from sim.ensemble.estimate import refuse_if_too_large
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.ensemble.worker_pool import cores, ordered
from sim.inputs.scenario import Scenario

ALONE = 8  # up to this many variants a second process costs more time than it saves

Found = TypeVar("Found")
Load = Callable[[Sequence[str]], Scenario]  # loads the scenario asked about with these --set strings


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
        refuse_if_too_large(scenario, draws.runs, scenario.months, in_files=False)
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
