"""Where every run of many variants of a few scenarios ends: all on the same worlds and the same chance.

A variant is a scenario and what is believed otherwise of some of its claims. Variants are spread over processes; who
computes one never changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from sim.analysis.beliefs import Beliefs, believing
from sim.analysis.outcome_differences import Endings
from sim.analysis.worlds import worlds_of
from sim.ensemble.estimate import refuse_if_too_large
from sim.ensemble.run import run
from sim.ensemble.worker_pool import cores, ordered
from sim.inputs.scenario import Scenario

ALONE = 8  # variants up to which a second process costs more than it brings


@dataclass(frozen=True)
class Variant:
    """The scenario at a place of the list, with other beliefs about some claims."""

    place: int
    beliefs: Beliefs = field(default_factory=dict)


def play_endings(
    scenarios: Sequence[Scenario],
    variants: Sequence[Variant],
    runs: int,
    seed: int,
    on_runs: Callable[[int], None] | None = None,
) -> list[Endings]:
    """The ends of each variant's runs (an even number), in the order of the variants.

    Raises InputError where that needs more memory or time than there is.
    """
    import sim.model.diplomacy  # noqa: F401  # before workers are forked, so that they need not import it again

    for scenario in scenarios:
        refuse_if_too_large(scenario, runs, scenario.months, in_files=False)
    workers = 1 if len(variants) <= ALONE else min(cores(), len(variants))
    found = []
    for ends in ordered(partial(_ends, tuple(scenarios), runs, seed), variants, "processes", workers):
        found.append(ends)
        if on_runs is not None:
            on_runs(runs)
    return found


def _ends(scenarios: Sequence[Scenario], runs: int, seed: int, variant: Variant) -> Endings:
    ensemble = run(believing(scenarios[variant.place], variant.beliefs), runs, seed, workers=1)
    return ensemble.classes[-1, : 2 * worlds_of(ensemble)].copy()
