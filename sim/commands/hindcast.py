"""``summitry hindcast [SCENARIO...]``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.at_hand import at_hand, json_option, out_option
from sim.commands.options import case_option, month_number, months_option, runs_option, seed_option, set_option
from sim.commands.progress import progress

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario


@click.command(name="hindcast")
@click.argument("scenarios", metavar="[SCENARIO...]", nargs=-1)
@click.option(
    "--leave-out", "left", metavar="MONTH", help="Weight on the other dates and score this one, 20 or 2019-11."
)
@click.option("--no-thresholds", is_flag=True, help="Leave out the runs with the disputed thresholds moved.")
@runs_option
@seed_option
@set_option
@months_option
@out_option
@json_option
@case_option
@click.pass_context
def command(
    ctx: click.Context, scenarios: tuple[str, ...], left: str | None, no_thresholds: bool, runs: int, seed: int,
    settings: tuple[str, ...], months: int | None, out: Path, as_json: bool, case: Path | None,
) -> None:  # fmt: skip
    """Hold scenarios against what happened, and say what that does to each claim.

    Scores against soft labels written after the event, beside naive forecasts; then prior and posterior credence of
    every claim of the first scenario (default: the one that follows what happened). A plausibility check, never
    validation.
    """
    from sim.analysis.hindcast import leave_one_out as score_without
    from sim.analysis.hindcast import score_forecasts
    from sim.analysis.hindcast_thresholds import threshold_effects, threshold_ends
    from sim.analysis.posterior import posterior
    from sim.analysis.worlds import check_enough
    from sim.commands.findings import leave, tell
    from sim.inputs.records import load_record
    from sim.inputs.scenario import load_scenario
    from sim.views.text.hindcast import Hindcast, hindcast_text

    words, record = list(ctx.obj or ()), load_record(case=case)
    named = list(dict.fromkeys(scenarios or (record.scenario,)))
    loaded = [load_scenario(name, case=case, set=settings, months=months) for name in named]
    record = load_record(tuple(rule.name for rule in loaded[0].case.outcomes), case=case)
    leave_out = None if left is None else month_number(left, loaded[0], "--leave-out")
    hands = [at_hand(scenario, runs, seed, out, words) for scenario in loaded]
    ensembles = [hand.ensemble for hand in hands]
    check_enough(ensembles[0])
    scored, after = score_forecasts(record, ensembles), posterior(ensembles[0], record, leave_out)
    left_out = None if leave_out is None else score_without(ensembles[0], record, leave_out)
    claims = tuple(each.claim for each in after.claims if each.stands_out)
    moved = [] if no_thresholds else threshold_ends(loaded[0].case)
    with progress(len(moved) * runs) as on_block:

        def load(more: Sequence[str]) -> Scenario:
            return load_scenario(named[0], case=case, set=[*settings, *more], months=months)

        moved_to = threshold_effects(ensembles[0], record, claims, load, leave_out, on_block) if moved else []
    found = Hindcast(record, loaded[0], scored, after, left_out, tuple(moved_to))

    from sim.views.tables.hindcast import hindcast_csv, hindcast_document

    tell(lambda screen: hindcast_text(found, screen), lambda: hindcast_document(found), as_json)

    from sim.views.charts.hindcast import draw_hindcast

    name = "hindcast" if leave_out is None else f"hindcast-without-{leave_out}"
    leave(hands[0].folder, name, hindcast_csv(found), lambda: draw_hindcast(found, ensembles[0]), as_json)
