"""``summitry sensitivity SCENARIO``, and the further runs that it needs"""

from collections.abc import Sequence

import click

from sim.analysis.paired import LEVEL
from sim.analysis.sensitivity import (
    Indices,
    Sensitivity,
    assumption_streams,
    indices,
    player,
    sensitivity,
    stream_groups,
)
from sim.analysis.variance import scenario_as_factor
from sim.analysis.variants import Structure, planned_runs, structural_variants
from sim.commands.options import outcome_option
from sim.commands.output import progress
from sim.commands.question import Asked, question
from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.inputs.catalogue import list_variants
from sim.inputs.scenario import Scenario
from sim.views.text.sensitivity import Findings, sensitivity_csv, sensitivity_document, sensitivity_text

SINGLE = 12  # factors whose own total share is given
MOST_WORLDS = 8192  # in a Sobol design


@question("sensitivity", "SCENARIO", "runs seed set months out full json")
@click.option(
    "--over", "levels", metavar="A,B,C", help="Scenarios as a factor: how much of the spread is which is played."
)
@outcome_option("Only this ending (or measure).")
@click.option("--sobol", is_flag=True, help="Total shares too, interactions included; plays some twenty designs more.")
@click.option("--no-variants", is_flag=True, help="Leave out the structural variants, which are played anew.")
def command(asked: Asked, levels: str | None, outcome: str | None, sobol: bool, no_variants: bool) -> None:
    """Say which assumptions matter, and which conclusions depend on how the model is built.

    Shares of the variance of every ending that claims, parameters, ideal points and start levels explain, read from
    the finished ensemble; then the structural variants of the case, played on the same draws.
    """
    names = [name.strip() for name in (levels or "").split(",") if name.strip()]
    others = [asked.load(name) for name in names]
    if levels is not None:
        _check_levels(others)
    finished = asked.play(asked.load_first())
    ensemble = finished.ensemble
    alone = sensitivity(ensemble, outcome)
    own = (ensemble.scenario.name, ensemble.scenario.files)
    played = [ensemble if (each.name, each.files) == own else asked.play_in_memory([each])[0] for each in others]
    found = Findings(
        ensemble.scenario,
        alone,
        total_shares(ensemble, alone) if sobol else None,
        scenario_as_factor(played, outcome) if played else None,
        None if no_variants else under_variants(asked, ensemble, names),
    )

    asked.answer(lambda screen: sensitivity_text(found, screen, asked.full), lambda: sensitivity_document(found))
    name = "sensitivity" if outcome is None else f"sensitivity-{outcome}"
    chart = ("assumptions.draw_sensitivity", found, ensemble)
    asked.keep(finished.folder, {f"{name}.csv": sensitivity_csv(found)}, {name: chart})


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


def _check_levels(scenarios: Sequence[Scenario]) -> None:
    """Raises InputError for fewer than two different scenarios."""
    names = [scenario.name for scenario in scenarios]
    if not 2 <= len(set(names)) == len(names):
        allowed = "two or more different scenarios: A,B,C"
        raise InputError.at("--over", "scenarios", ",".join(names) or "nothing", allowed)


def under_variants(asked: Asked, ensemble: Ensemble, others: Sequence[str] = ()) -> Structure | None:
    """The scenario and another under every variant of the case; None for a case without variants.

    The other is the one it is read against; without one, the first of ``others`` that is not the scenario itself.
    """
    variants, name = list_variants(asked.case), asked.scenarios[0]
    if not variants:
        return None
    against = ensemble.scenario.read_against or next((other for other in others if other != name), None)
    plays = (1 + len(variants)) * (2 if against else 1)
    with progress(plays * planned_runs(ensemble)) as on_runs:
        return structural_variants(ensemble, (name, against), variants, asked.load, on_runs)
