"""A seat in the page is the seat of `summitry play`: the same choices give the same history, and forecasts agree."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ensemble.run import run
from sim.inputs.scenario import Scenario, load_scenario
from sim.page.data import page_data
from sim.page.explorer import cards_of
from sim.play.decisions import ACCEPT, BRING_FORWARD, COME, EARLY, GO, KEEP, MOVES, REFUSE, STAY_AWAY, Decision
from sim.play.forecast import ahead
from sim.play.game import Game

HERE = Path(__file__).parent
SEED, WORLDS, SEAT = 2018, 500, "DPRK"
OPTIONS, SIGNS = [month % 3 for month in range(21)], [month % 4 != 0 for month in range(21)]
COMES, EARLIES = [month not in (0, 5) for month in range(21)], [month in (2, 9) for month in range(21)]

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("xi-first")


@pytest.fixture(scope="module")
def shown(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("seat")
    ensembles = [run(scenario, 128, SEED, workers=1)]
    data, out = folder / "data.json", folder / "out.json"
    data.write_text(json.dumps(page_data(ensembles, cards_of(ensembles, None), None)), "utf-8")
    given = [SEAT, *(",".join(str(int(each)) for each in row) for row in (OPTIONS, SIGNS, COMES, EARLIES))]
    subprocess.run(["node", str(HERE / "seat_game.mjs"), str(data), str(out), *given], check=True)
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def decisions(scenario: Scenario) -> tuple[list[Decision], Game]:
    """The same choices in the terminal's game, question by question."""
    made: list[Decision] = []
    menu = scenario.case.menus[SEAT].options
    game = Game(scenario, SEED, (SEAT,), made)
    while game.question is not None:
        month, at = game.question.month, game.question.at
        if at == MOVES:
            choice = menu[OPTIONS[month]].name
        elif at.startswith(COME):
            choice = GO if COMES[month] else STAY_AWAY
        elif at.startswith(EARLY):
            choice = BRING_FORWARD if EARLIES[month] else KEEP
        else:
            choice = ACCEPT if SIGNS[month] else REFUSE
        made.append(Decision(month, SEAT, at, choice))
        game.close()
        game = Game(scenario, SEED, (SEAT,), made)
    return made, game


def test_the_same_choices_give_the_same_history(scenario: Scenario, shown: dict[str, Any]) -> None:
    _, game = decisions(scenario)
    assert shown["outcome"] == int(game.outcomes()[0])
    assert shown["same"], "a game in a link is another game"
    assert f"{sum(shown['holds'])} of {len(shown['holds'])} claims held in your world" in shown["debrief"]
    assert shown["holds"] == [bool(game.holds[name][0] > 0) for name in scenario.ledger.claims]
    for month, seen in zip(shown["months"], game.months, strict=True):
        for name, variable in scenario.case.variables.items():
            assert month["variables"][name] == pytest.approx(seen.levels[name], abs=1e-4), (seen.month, variable.name)
        held = [each["pair"] for each in month["meetings"] if each["held"]]
        assert held == [each.pair.id for each in seen.meetings if each.come]
    game.close()


def test_the_first_forecasts_are_those_of_play(scenario: Scenario, shown: dict[str, Any]) -> None:
    early, first = shown["odds"][:2]
    menu = scenario.case.menus[SEAT].options
    begun = Game(scenario, SEED, (SEAT,), ())
    kept = [Decision(0, SEAT, f"{EARLY}KS", choice) for choice in (KEEP, BRING_FORWARD)]
    game = Game(scenario, SEED, (SEAT,), kept[:1])
    asked = [(begun, each) for each in kept]
    moves = [(game, Decision(0, SEAT, MOVES, option.name)) for option in menu]
    for (at, decision), odds in zip([*asked, *moves], [*early["odds"], *first["odds"]], strict=True):
        found = ahead(at, decision, WORLDS)
        wanted = np.bincount(found.classes, minlength=len(odds)) / found.classes.size
        # the same draws and rules; a month is begun anew in one and gone on with in the other
        assert np.abs(wanted - np.array(odds)).sum() / 2 < 0.05
    game.close()
