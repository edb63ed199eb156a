"""Mesa keeps every model for good: whoever plays one to read something off it closes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.analysis.game import simulate
from sim.analysis.leverage_parts import leverage_parts
from sim.analysis.story import choose_run, replay
from sim.inputs.game import load_game
from sim.inputs.scenario import load_scenario
from sim.model.diplomacy import Diplomacy
from sim.play.debrief import debrief
from sim.play.forecast import ahead, odds, position
from sim.play.game import Game

WORLDS = 8


@pytest.fixture
def still_open(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The models made from here on that nobody has closed, by class."""
    made: list[Diplomacy] = []
    begin = Diplomacy.__init__

    def noted(model: Diplomacy, *args: object, **settings: object) -> None:
        made.append(model)
        begin(model, *args, **settings)

    monkeypatch.setattr(Diplomacy, "__init__", noted)
    return lambda: [type(model).__name__ for model in made if vars(model)]


def decided(months: int) -> Game:
    """A game of which the first answer was given to every question."""
    scenario, decisions = load_scenario("history", months=months), []
    game = Game(scenario, 7, ["US"], decisions)
    while game.question is not None:
        decisions.append(game.question.answers(game.states["US"].menu.options)[0])
        game = Game(scenario, 7, ["US"], decisions)
    return game


def test_after_a_story(still_open: Callable[[], list[str]]) -> None:
    scenario = load_scenario("history", months=0)
    replay(scenario, 1, choose_run(scenario, 1))
    assert still_open() == []


def test_after_a_leverage_was_taken_apart(still_open: Callable[[], list[str]]) -> None:
    leverage_parts(load_scenario("history"), "US", "DPRK", 0, 1)
    assert still_open() == []


def test_after_the_profiles_of_a_game(still_open: Callable[[], list[str]]) -> None:
    simulate(load_game("troops"), 2, 1)
    assert still_open() == []


def test_within_a_game_and_after_it(still_open: Callable[[], list[str]]) -> None:
    game, over = Game(load_scenario("history", months=0), 7, ["US"], []), decided(months=0)
    mine = still_open()
    position(game, "US", WORLDS)
    odds(game, WORLDS)
    ahead(game, None, WORLDS)
    debrief(over, WORLDS)
    assert still_open() == mine
