"""``summitry discover SCENARIO --outcome O``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.at_hand import at_hand, json_option, out_option
from sim.commands.options import case_option, months_option, runs_option, seed_option, set_option


@click.command(name="discover")
@click.argument("scenario", metavar="SCENARIO")
@click.option("--outcome", required=True, metavar="O", help="The ending to look for, by its name in `run`.")
@runs_option
@seed_option
@set_option
@months_option
@out_option
@json_option
@case_option
@click.pass_context
def command(
    ctx: click.Context, scenario: str, outcome: str, runs: int, seed: int, settings: tuple[str, ...],
    months: int | None, out: Path, as_json: bool, case: Path | None,
) -> None:  # fmt: skip
    """Find the assumptions under which an ending is at home.

    PRIM looks for a box of assumptions in half of the worlds and counts it in the other half. Needs the extra
    `discover`: python -m pip install 'summitry[discover]'.
    """
    from sim.analysis.discovery import check_outcome, discover
    from sim.commands.findings import leave, tell
    from sim.inputs.scenario import load_scenario

    loaded = load_scenario(scenario, case=case, set=settings, months=months)
    check_outcome(loaded.case, outcome)
    words = list(ctx.obj or ())
    hand = at_hand(loaded, runs, seed, out, words)
    found = discover(hand.ensemble, outcome)

    from sim.views.text.discover import discovery_csv, discovery_document, discovery_text

    tell(lambda screen: discovery_text(found, loaded, screen), lambda: discovery_document(found, loaded), as_json)

    from sim.views.charts.discover import draw_discovery

    leave(
        hand.folder, f"discover-{outcome}", discovery_csv(found), lambda: draw_discovery(found, hand.ensemble), as_json
    )
