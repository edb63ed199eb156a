"""``summitry sensitivity SCENARIO``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.commands.at_hand import at_hand, json_option, out_option
from sim.commands.options import case_option, months_option, runs_option, seed_option, set_option


@click.command(name="sensitivity")
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--over", "levels", metavar="A,B,C", help="Scenarios as a factor: how much of the spread is which is played."
)
@click.option("--outcome", metavar="O", help="Only this ending (or measure).")
@click.option("--sobol", is_flag=True, help="Total shares too, interactions included; plays some twenty designs more.")
@click.option("--no-variants", is_flag=True, help="Leave out the structural variants, which are played anew.")
@runs_option
@seed_option
@set_option
@months_option
@out_option
@json_option
@case_option
@click.pass_context
def command(
    ctx: click.Context, scenario: str, levels: str | None, outcome: str | None, sobol: bool, no_variants: bool,
    runs: int, seed: int, settings: tuple[str, ...], months: int | None, out: Path, as_json: bool, case: Path | None,
) -> None:  # fmt: skip
    """Say which assumptions matter, and which conclusions hang on how the model is built.

    Shares of the variance of every ending that claims, parameters, ideal points and start levels explain, read off the
    finished ensemble; then the structural variants of the case, played on the same draws.
    """
    from sim.analysis.sensitivity import sensitivity
    from sim.commands.findings import leave, tell
    from sim.commands.variations import check_levels, over_levels, total_shares, under_variants
    from sim.inputs.scenario import Scenario, load_scenario
    from sim.views.text.sensitivity import Findings, sensitivity_text

    def load(name: str, more: Sequence[str] = ()) -> Scenario:
        return load_scenario(name, case=case, set=[*settings, *more], months=months)

    words = list(ctx.obj or ())
    names = [name.strip() for name in (levels or "").split(",") if name.strip()]
    others = [load(name) for name in names]
    if levels is not None:
        check_levels(others)
    hand = at_hand(load(scenario), runs, seed, out, words)
    alone = sensitivity(hand.ensemble, outcome)
    found = Findings(
        hand.ensemble.scenario,
        alone,
        total_shares(hand.ensemble, alone) if sobol else None,
        over_levels(others, hand.ensemble, outcome) if levels is not None else None,
        None if no_variants else under_variants(hand.ensemble, scenario, load, case, names),
    )

    from sim.views.tables.sensitivity import sensitivity_csv, sensitivity_document

    tell(lambda screen: sensitivity_text(found, screen), lambda: sensitivity_document(found), as_json)

    from sim.views.charts.sensitivity import draw_sensitivity

    name = "sensitivity" if outcome is None else f"sensitivity-{outcome}"
    leave(hand.folder, name, sensitivity_csv(found), lambda: draw_sensitivity(found, hand.ensemble), as_json)
