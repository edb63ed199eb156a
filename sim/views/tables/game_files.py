"""The files of a solved game: the payoffs as a table, everything as JSON, the matrix as a picture."""

from __future__ import annotations

import json
from pathlib import Path

from sim.analysis.game import Solved
from sim.ensemble.folder import WholeFiles, inside, prepare
from sim.ensemble.lock import hold
from sim.views.charts.game import write_game_chart
from sim.views.text.game import game_csv, game_json

FOLDER = "games"


def write_game_files(found: Solved, out: Path) -> list[Path]:
    """Write them to ``OUT/games/NAME``. Raises CannotWrite, Busy; InputError where a name would lead elsewhere."""
    parent = inside(out, FOLDER)
    prepare(parent)
    folder = inside(parent, found.game.name)
    with hold(folder):
        with WholeFiles(folder) as files:
            files.write("payoffs.csv", [game_csv(found)])
            text = json.dumps(game_json(found), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
            files.write("game.json", [text.encode()])
        return [folder / "payoffs.csv", folder / "game.json", *write_game_chart(found, folder)]
