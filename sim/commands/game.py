"""``summitry game FILE``"""

from __future__ import annotations

import click

from sim.commands.progress import progress
from sim.commands.question import Asked, WholeNumber, question
from sim.commands.stdout import show
from sim.defaults import DEFAULT_SAMPLES


@question("game", takes="runs seed months out json")
@click.argument("file")
@click.option(
    "--samples",
    type=WholeNumber(10, 100_000),
    default=DEFAULT_SAMPLES,
    show_default=True,
    metavar="N",
    help="Bootstrap samples behind how sure an equilibrium is.",
)
def command(asked: Asked, file: str, samples: int) -> None:
    """Solve the choices of two or more states as a game.

    FILE is the name of a game in the case's scenarios/games/ or the path of a YAML file. Every
    profile of strategies is simulated in the same worlds; the payoffs are solved for best replies, equilibria and
    dominated strategies.
    """
    import json

    from sim.analysis.game import refuse_if_too_many, solve
    from sim.inputs.game import load_game
    from sim.views.text.game import game_json, game_text
    from sim.views.text.terminal import files_written

    game = load_game(file, case=asked.case, months=asked.last_month)
    refuse_if_too_many(game, asked.runs)
    with progress(asked.runs * len(game.profiles)) as on_profile:
        found = solve(game, asked.runs, asked.seed, samples, on_profile)
    if asked.json:
        show(json.dumps(game_json(found), indent=1, ensure_ascii=False, allow_nan=False))
        return
    show(game_text(found, asked.screen))
    from sim.views.tables.game_files import write_game_files

    written = write_game_files(found, asked.out)
    show("\n" + files_written(written, written[0].parent, asked.screen))
