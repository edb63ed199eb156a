"""The debrief: swings of the choices made, the player's own world, and model players who live in it."""

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.model.diplomacy import Diplomacy
from sim.model.streams import Streams
from sim.play.debrief import _SameWorld, debrief
from sim.play.decisions import EARLY, MOVES
from sim.play.game import Game
from tests.play.helpers import play

WORLDS = 32


@pytest.fixture(scope="module")
def over():
    """A finished game of four months in which the US always presses and accepts."""
    game = play(
        load_scenario("history", months=3), ["US"],
        lambda game, answers: answers[2] if game.question.at == MOVES else answers[0],
    )  # fmt: skip
    return game, debrief(game, WORLDS)


def test_every_choice_has_its_link_in_the_order_of_play(over):
    game, found = over
    assert [link.decision for link in found.chain] == list(game.decisions)
    assert sorted((link.size for link in found.chain), reverse=True) == [link.size for link in found.largest]


def test_swings_of_a_choice_cancel_over_the_classes(over):
    _, found = over
    for link in found.chain:
        assert sum(each.difference for each in link.swings.values()) == pytest.approx(0, abs=1e-12)
        before, after = link.before.outcomes[link.most], link.after.outcomes[link.most]
        assert after.probability - before.probability == pytest.approx(link.swings[link.most].difference)


def test_the_model_s_own_state_is_told_with_its_odds(over):
    game, found = over
    for link in found.chain:
        assert (link.own is None) == link.question.at.startswith(EARLY)
        assert link.own is None or 0 <= link.own <= 1
        if link.question.at == MOVES:
            odds = game.months[link.question.month].odds["US"]
            assert link.own == pytest.approx(odds[2])
            assert sum(odds) == pytest.approx(1, abs=1e-5)


def test_claims_are_those_of_the_player_s_world(over):
    game, found = over
    assert {claim.id: held for claim, held in found.holds} == {
        id: bool(held[0]) for id, held in game.world.holds.items()
    }
    assert 0 < sum(held for _, held in found.holds) < len(found.holds)


def test_model_players_live_in_the_player_s_world_with_other_chance(over):
    game, found = over
    players = Diplomacy(game.plan, runs=50, seed=7, streams=_SameWorld(7, 50))
    assert all((holds == game.world.holds[id][0]).all() for id, holds in players.world.holds.items())
    assert all(np.ptp(np.asarray(value)) == 0 for value in players.world.drawn.values())
    same, own = _SameWorld(7, 4).monthly("move/US").month(0), Streams(7, 4).monthly("move/US").month(0)
    assert not (same == own).any()
    assert sum(found.players.values()) == 1000


def test_a_player_is_ranked_among_them(over):
    _, found = over
    seat = found.seats[0]
    below = float((seat.others < seat.satisfied).mean())
    assert seat.better_than == pytest.approx(below, abs=0.02)


def test_there_is_no_debrief_before_the_end():
    with pytest.raises(ValueError, match="over"):
        debrief(Game(load_scenario("history", months=0), 7, ["US"], []), WORLDS)
