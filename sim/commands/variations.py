"""The further runs behind `sensitivity`: swapped designs, other scenarios, and the structural variants of the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sim.analysis.holm import LEVEL
from sim.analysis.scenario_as_factor import ScenarioFactor, scenario_as_factor
from sim.analysis.sensitivity import Sensitivity, stream_groups
from sim.analysis.sobol import Indices, assumption_streams, indices, player
from sim.analysis.structural_variants import Structure, planned_runs, structural_variants
from sim.commands.progress import progress
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.errors import Fault, InputError, Place
from sim.inputs.listing import list_variants
from sim.inputs.scenario import Scenario

SINGLE = 12  # factors whose own total share is told
MOST_WORLDS = 8192  # of a Sobol design

Load = Callable[[str, Sequence[str]], Scenario]


def total_shares(ensemble: Ensemble, alone: Sensitivity) -> Indices:
    """Total shares of every kind of assumption and of the factors that explain most alone."""
    best = {
        factor: float(alone.share[place][alone.p[place] < LEVEL].max(initial=0))
        for place, factor in enumerate(alone.factors)
    }
    single = sorted((factor for factor in best if best[factor] > 0), key=lambda factor: -best[factor])[:SINGLE]
    scenario = ensemble.scenario
    groups = stream_groups(assumption_streams(scenario), tuple(single))
    worlds = 1 << (min(alone.worlds, MOST_WORLDS).bit_length() - 1)
    with progress((len(groups) + 2) * 2 * worlds) as on_block:
        return indices(groups, player(scenario, alone.quantities, worlds, ensemble.seed), lambda: on_block(2 * worlds))


def check_levels(scenarios: Sequence[Scenario]) -> None:
    """Raises InputError for fewer than two different scenarios."""
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < 2 or len(set(names)) < len(names):
        fault = Fault(
            Place("--over", 0, 0), "scenarios", ",".join(names) or "nothing", "two or more different scenarios: A,B,C"
        )
        raise InputError([fault])


def over_levels(scenarios: Sequence[Scenario], ensemble: Ensemble, outcome: str | None) -> ScenarioFactor:
    """The scenarios named, on the draws of the ensemble at hand."""
    return scenario_as_factor([_like(ensemble, scenario) for scenario in scenarios], outcome)


def _like(ensemble: Ensemble, scenario: Scenario) -> Ensemble:
    """A scenario played on the same draws; the ensemble itself where it is that scenario."""
    if scenario.name == ensemble.scenario.name and scenario.files == ensemble.scenario.files:
        return ensemble
    with progress(ensemble.runs) as on_block:
        return run(scenario, ensemble.runs, ensemble.seed, on_block=on_block)


def under_variants(
    ensemble: Ensemble, name: str, load: Load, case: Path | None, others: Sequence[str] = ()
) -> Structure | None:
    """The scenario and another under every variant of the case; None for a case without variants.

    The other is the one it is read against; without one, the first of ``others`` that is not the scenario itself.
    """
    variants = list_variants(case)
    if not variants:
        return None
    against = ensemble.scenario.read_against or next((other for other in others if other != name), None)
    plays = (1 + len(variants)) * (2 if against else 1)
    with progress(plays * planned_runs(ensemble)) as on_runs:
        return structural_variants(ensemble, (name, against), variants, load, on_runs)
