"""``summitry story SCENARIO``"""

import click

from sim.commands.options import WholeNumber, outcome_option
from sim.commands.output import show
from sim.commands.question import Asked, question
from sim.views.text.story import short_story, story_text

LAST_RUN = 10**12


@question("story", "SCENARIO", "seed set months full")
@outcome_option("Tell the first run with this ending (default: the likeliest).")
@click.option("--run", type=WholeNumber(0, LAST_RUN), metavar="K", help="Tell run K, as runs.csv counts them.")
def command(asked: Asked, outcome: str | None, run: int | None) -> None:
    """Tell one run month by month: who did what, what was offered, and why it was signed or failed.

    The run is the same as run K of `summitry run` with the same scenario and seed.
    """
    if outcome is not None and run is not None:
        raise click.UsageError("give --outcome or --run, not both: a run ends as it ends")
    from sim.analysis.story import choose_run, replay

    scenario = asked.load_first()
    chosen = choose_run(scenario, asked.seed, outcome) if run is None else run
    story = replay(scenario, asked.seed, chosen)
    show(story_text(story, asked.screen) if asked.full else short_story(story, asked.screen))
