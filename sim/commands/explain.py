"""``summitry explain SCENARIO``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.commands.at_hand import at_hand, json_option, out_option
from sim.commands.options import case_option, months_option, runs_option, seed_option, set_option


@click.command(name="explain")
@click.argument("scenario", metavar="SCENARIO")
@click.option("--outcome", metavar="O", help="Only this outcome, claims ranked by their effect on it.")
@click.option(
    "--by",
    type=click.Choice(["claim", "document", "mechanism", "coding"]),
    default="claim",
    show_default=True,
    help="Claims are read off one ensemble; the others run variants on the same draws.",
)
@runs_option
@seed_option
@set_option
@months_option
@out_option
@json_option
@case_option
@click.pass_context
def command(
    ctx: click.Context,
    scenario: str,
    outcome: str | None,
    by: str,
    runs: int,
    seed: int,
    settings: tuple[str, ...],
    months: int | None,
    out: Path,
    as_json: bool,
    case: Path | None,
) -> None:
    """Say which claims do the work.

    The effect of every claim on every outcome, read off one finished ensemble: no run is needed to ask what a claim
    does, or how sure that is. --by document drops each author in turn and asks what each alone would say.
    """
    from sim.commands.explanation import check_outcome, explain_claims, explain_variants
    from sim.inputs.scenario import Scenario, load_scenario

    def load(more: Sequence[str] = ()) -> Scenario:
        return load_scenario(scenario, case=case, set=[*settings, *more], months=months)

    loaded, words = load(), list(ctx.obj or ())
    check_outcome(loaded, outcome)
    hand = at_hand(loaded, runs, seed, out, words)
    if by == "claim":
        explain_claims(hand, outcome, as_json)
    else:
        explain_variants(hand, by, outcome, load, as_json)
