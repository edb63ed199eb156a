"""Forecasts from the middle of a game: visible levels in, fresh worlds, common draws, honest intervals."""

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.play.decisions import ACCEPT, MOVES, PUSH, REFUSE, Decision
from sim.play.forecast import Ahead, Continued, ahead, visible
from sim.play.game import Game

WORLDS = 64


@pytest.fixture(scope="module")
def game():
    """At the first American summit, in month 3, with the US held by a person."""
    scenario = load_scenario("history", months=5)
    decisions = []
    game = Game(scenario, 7, ["US"], decisions)
    while game.question.at != "KU":
        decisions.append(game.question.answers(game.states["US"].menu.options)[0])
        game = game.again(decisions)
    return game


def test_fresh_worlds_stand_where_the_game_stands(game):
    model = Continued(game, WORLDS)
    levels = game.levels()
    for name in visible(game):
        assert np.asarray(model.variables[name]) == pytest.approx(levels[name], abs=1e-6), name
    for name in game.case.variables:
        assert np.asarray(model.variables[f"start.{name}"]) == pytest.approx(game.start[name], abs=1e-6)


def test_nothing_hidden_is_visible(game):
    seen = set(visible(game))
    assert not seen & {*game.case.parameters, *game.case.derived}
    assert not any(name.startswith(("leverage.", "gap.")) for name in seen)
    assert {"tension", "arsenal", "met_prc", "deals.KP", "fatal"} <= seen


def test_fresh_worlds_do_not_know_the_claims_of_the_player_s_world(game):
    model = Continued(game, WORLDS)
    doubtful = [id for id, claim in game.plan.ledger.claims.items() if 0.2 < claim.credence < 0.8]
    assert all(0 < model.world.holds[id].mean() < 1 for id in doubtful)


def test_refusing_signs_nothing_and_accepting_signs_what_lies_there(game):
    ends = {}
    for answer in game.question.answers(()):
        model = Continued(game, WORLDS, answer)
        model.play_on()
        ends[answer] = np.asarray(model.variables["deals.KU"])
        assert model.signs is not None
    refused = next(each for each in ends if each.choice == REFUSE)
    accepted = next(each for each in ends if each.choice == ACCEPT)
    assert (ends[refused] == 0).all()
    assert 0 < ends[accepted].mean() <= 1
    assert any(each.choice == PUSH for each in ends)


def test_answers_share_their_draws(game):
    answers = game.question.answers(())
    one, two = ahead(game, answers[0], WORLDS), ahead(game, answers[0], WORLDS)
    assert (one.classes == two.classes).all()
    other = ahead(game, answers[1], WORLDS)
    same = (one.classes == other.classes).mean()
    shuffled = (one.classes == np.roll(other.classes, 8)).mean()
    assert same > shuffled


def test_a_month_s_move_is_made_once_and_the_model_goes_on():
    scenario = load_scenario("history", months=3)
    game = Game(scenario, 7, ["US"], [])
    answers = game.question.answers(game.states["US"].menu.options)
    model = Continued(game, WORLDS, answers[2])
    model.play_moves()
    assert (model.states["US"].choice == 2).all()
    model = Continued(game, WORLDS, answers[2])
    model.play_on()
    assert len(np.unique(model.states["US"].choice)) > 1


def test_what_another_player_has_decided_this_month_holds():
    scenario = load_scenario("history", months=3)
    made = [Decision(0, "DPRK", "early KS", "as-planned"), Decision(0, "DPRK", MOVES, "strategic test")]
    game = Game(scenario, 7, ["DPRK", "US"], made)
    assert game.question is not None
    assert (game.question.state, game.question.at) == ("US", MOVES)
    model = Continued(game, WORLDS)
    model.play_moves()
    menu = [option.name for option in game.states["DPRK"].menu.options]
    assert (model.states["DPRK"].choice == menu.index("strategic test")).all()


def test_probabilities_add_to_one_and_lie_in_their_intervals(game):
    found = ahead(game, None, WORLDS).outcomes
    assert sum(each.probability for each in found.values()) == pytest.approx(1)
    assert all(each.low <= each.probability <= each.high for each in found.values())


def test_worlds_whose_two_runs_agree_count_once(game):
    alike, apart = (
        Ahead(game.case, hit.astype(np.int8), np.zeros(200, np.float32)).outcomes[game.case.outcomes[1].name]
        for hit in (np.repeat(np.arange(100) < 40, 2), np.tile([True, False], 100))
    )
    assert alike.assumptions == pytest.approx(1)
    assert apart.assumptions == 0
    assert alike.high - alike.low > apart.high - apart.low
