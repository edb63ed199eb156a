"""``summitry game FILE``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.at_hand import json_option, out_option
from sim.commands.options import WholeNumber, case_option, months_option, runs_option, seed_option
from sim.commands.progress import progress
from sim.commands.stdout import show
from sim.defaults import DEFAULT_SAMPLES


@click.command(name="game")
@click.argument("file")
@runs_option
@seed_option
@months_option
@click.option(
    "--samples",
    type=WholeNumber(10, 100_000),
    default=DEFAULT_SAMPLES,
    show_default=True,
    metavar="N",
    help="Bootstrap samples behind how sure an equilibrium is.",
)
@out_option
@json_option
@case_option
def command(
    file: str, runs: int, seed: int, months: int | None, samples: int, out: Path, as_json: bool, case: Path | None
) -> None:
    """Solve the choices of two or more states as a game.

    FILE is the name of a game in the case's scenarios/games/ or the path of a YAML file. Every
    profile of strategies is simulated in the same worlds; the payoffs are solved for best replies, equilibria and
    dominated strategies.
    """
    import json

    from sim.analysis.game import refuse_if_too_many, solve
    from sim.inputs.game import load_game
    from sim.views.text.game import game_json, game_text
    from sim.views.text.screen import Screen
    from sim.views.text.terminal import files_written

    game = load_game(file, case=case, months=months)
    refuse_if_too_many(game, runs)
    with progress(runs * len(game.profiles)) as on_profile:
        found = solve(game, runs, seed, samples, on_profile)
    if as_json:
        show(json.dumps(game_json(found), indent=1, ensure_ascii=False, allow_nan=False))
        return
    show(game_text(found, Screen.here()))
    from sim.views.tables.game_files import write_game_files

    written = write_game_files(found, out)
    show("\n" + files_written(written, written[0].parent, Screen.here()))
