"""``summitry game FILE``, and its files: payoffs as a table, everything as JSON, the matrix as a picture."""

import json

import click

from sim.analysis.game import Solved, refuse_if_too_many, solve
from sim.commands.options import WholeNumber
from sim.commands.output import progress, say, show
from sim.commands.question import PICTURE_KINDS, Asked, question
from sim.defaults import DEFAULT_SAMPLES
from sim.ensemble.identity import common_identity
from sim.ensemble.results_folder import answers_folder, writing
from sim.ensemble.safe_files import WholeFiles, inside
from sim.inputs.game import load_game
from sim.views.charts import write_chart
from sim.views.text.game import game_csv, game_json, game_text

FOLDER = "games"


@question("game", takes="runs seed months out json")
@click.argument("file")
@click.option(
    "--samples", type=WholeNumber(10, 100_000), default=DEFAULT_SAMPLES, show_default=True, metavar="N",
    help="Bootstrap samples behind how sure an equilibrium is.",
)  # fmt: skip
def command(asked: Asked, file: str, samples: int) -> None:
    """Solve the choices of two or more states as a game.

    FILE is the name of a game in the case's scenarios/games/ or the path of a YAML file. Every
    profile of strategies is simulated in the same worlds; the payoffs are solved for best replies, equilibria and
    dominated strategies.
    """
    game = load_game(file, case=asked.case, months=asked.last_month)
    refuse_if_too_many(game, asked.runs)
    with progress(asked.runs * len(game.profiles)) as on_profile:
        found = solve(game, asked.runs, asked.seed, samples, on_profile)
    if asked.json:
        show(_json(found))
        return
    show(game_text(found, asked.screen))
    _write(found, asked)


def _json(found: Solved) -> str:
    return json.dumps(game_json(found), indent=1, ensure_ascii=False, allow_nan=False)


def _write(found: Solved, asked: Asked) -> None:
    """To ``OUT/games/NAME``. Raises CannotWrite, Busy; InputError where a name would lead elsewhere."""
    game, about = found.game, {"game": found.game.file_hash, "samples": found.samples}
    identity = common_identity([*game.scenarios.values()], found.seed) | about
    folder = answers_folder(inside(asked.out, FOLDER), game.name, identity, about, say)
    files = ["payoffs.csv", "game.json", *(f"payoffs.{kind}" for kind in PICTURE_KINDS)]
    with writing(folder, files, found.runs, say) as wanted:
        if not wanted:
            return
        with WholeFiles(folder) as whole:
            whole.write("payoffs.csv", [game_csv(found)])
            whole.write("game.json", [f"{_json(found)}\n".encode()])
        write_chart(folder, "payoffs", "game.draw_game", found)
    show("")
    asked.say_files(folder, files)
