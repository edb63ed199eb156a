"""``summitry story SCENARIO``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.options import WholeNumber, case_option, months_option, seed_option, set_option
from sim.commands.stdout import show

LAST_RUN = 10**12


@click.command(name="story")
@click.argument("scenario")
@click.option(
    "--outcome", metavar="O", help="Tell the first run that ends in this class (default: the likeliest class)."
)
@click.option("--run", type=WholeNumber(0, LAST_RUN), metavar="K", help="Tell run K, as runs.csv counts them.")
@seed_option
@set_option
@months_option
@case_option
def command(
    scenario: str,
    outcome: str | None,
    run: int | None,
    seed: int,
    settings: tuple[str, ...],
    months: int | None,
    case: Path | None,
) -> None:
    """Tell one run month by month: who did what, what was offered, and why it failed or held.

    The run is the same as run K of `summitry run` with the same scenario and seed.
    """
    if outcome is not None and run is not None:
        raise click.UsageError("give --outcome or --run, not both: a run ends as it ends")
    from sim.analysis.story import choose_run, tell
    from sim.inputs.scenario import load_scenario
    from sim.views.text.screen import Screen
    from sim.views.text.story import story_text

    loaded = load_scenario(scenario, case=case, set=settings, months=months)
    told = choose_run(loaded, seed, outcome) if run is None else run
    show(story_text(tell(loaded, seed, told), Screen.here()))
