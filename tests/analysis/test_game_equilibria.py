"""Known games, and what must hold of every game."""

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.analysis.game import (
    best_replies,
    dominated,
    dominated_by_lots,
    mixed_equilibria,
    pure_equilibria,
    weakly_dominated,
)

DILEMMA = np.array([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], dtype=float)
PENNIES = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], dtype=float)
SEXES = np.array([[[2, 0], [0, 1]], [[1, 0], [0, 2]]], dtype=float)


def test_prisoners_dilemma():
    assert pure_equilibria(DILEMMA) == [(1, 1)]
    assert dominated(DILEMMA) == [[(1,), ()], [(1,), ()]]
    assert mixed_equilibria(DILEMMA).equilibria == ()


def test_matching_pennies():
    assert pure_equilibria(PENNIES) == []
    (found,) = mixed_equilibria(PENNIES).equilibria
    assert found.chances == ((0.5, 0.5), (0.5, 0.5))
    assert found.payoffs == (0, 0)


def test_battle_of_the_sexes():
    assert pure_equilibria(SEXES) == [(0, 0), (1, 1)]
    (found,) = mixed_equilibria(SEXES).equilibria
    assert found.chances[0] == pytest.approx((2 / 3, 1 / 3))
    assert found.chances[1] == pytest.approx((1 / 3, 2 / 3))
    assert found.payoffs == pytest.approx((2 / 3, 2 / 3))


def test_a_degenerate_game_says_so_and_warns_nobody():
    found = mixed_equilibria(np.zeros((2, 2, 2)))
    assert "degenerate" in found.note


def every_equilibrium(payoffs):
    """Pure and mixed ones alike, as rows of both players' chances."""
    rows, columns = payoffs.shape[1:]
    pure = [np.concatenate([np.eye(rows)[i], np.eye(columns)[j]]) for i, j in pure_equilibria(payoffs)]
    return [*pure, *(np.concatenate(each.chances) for each in mixed_equilibria(payoffs).equilibria)]


def test_an_equilibrium_of_a_degenerate_game_that_support_enumeration_loses():
    payoffs = np.array([[[1, 1], [2, 0]], [[1, 0], [0, 0]]], dtype=float)
    assert any(each == pytest.approx([0, 1, 0.5, 0.5]) for each in every_equilibrium(payoffs))
    assert "degenerate" in mixed_equilibria(payoffs).note


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3)])
def test_random_games_lose_no_equilibrium_and_are_not_called_degenerate(shape):
    """Their number is odd (Wilson 1971), each is a best reply, and none of nashpy's vertex enumeration is missing."""
    random = np.random.default_rng(11)
    for payoffs in random.normal(size=(15, 2, *shape)):
        found = every_equilibrium(payoffs)
        assert len(found) % 2 == 1
        assert mixed_equilibria(payoffs).note == ""
        for chances in found:
            x, y = chances[: shape[0]], chances[shape[0] :]
            assert (payoffs[0] @ y).max() == pytest.approx(x @ payoffs[0] @ y)
            assert (x @ payoffs[1]).max() == pytest.approx(x @ payoffs[1] @ y)
        for pair in nashpy.Game(*payoffs).vertex_enumeration():
            assert any(np.abs(np.concatenate(pair) - chances).max() < 1e-6 for chances in found)


@given(arrays(np.float64, (2, 3, 3), elements=st.integers(0, 2)))
@settings(max_examples=60, deadline=None)
def test_every_finite_game_has_an_equilibrium(payoffs):
    assert every_equilibrium(payoffs)


def test_weak_dominance_and_dominance_by_lots():
    mixture = np.array([[[3, 0], [0, 3], [1, 1]], [[0, 1], [1, 0], [0, 0]]], dtype=float)
    assert dominated(mixture)[0] == [(), (), ()]
    (_, _, lots), columns = dominated_by_lots(mixture)
    assert lots == pytest.approx((0.5, 0.5, 0))
    assert columns == [None, None]
    assert weakly_dominated(np.array([[[1, 1], [1, 0]], [[1, 0], [0, 0]]], dtype=float)) == [[(), (0,)], [(), (0,)]]
    assert weakly_dominated(DILEMMA) == [[(), ()], [(), ()]]


def test_three_players_who_must_all_agree():
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 1, 1] = 1, 2
    assert {(0, 0, 0), (1, 1, 1)} <= set(pure_equilibria(payoffs))
    assert (0, 0, 1) not in pure_equilibria(payoffs)
    assert "two players" in mixed_equilibria(payoffs).note


@given(arrays(np.float64, (2, 3, 2), elements=st.integers(-9, 9)))
@settings(max_examples=60, deadline=None)
def test_an_equilibrium_is_a_profile_nobody_would_leave(payoffs):
    pure = set(pure_equilibria(payoffs))
    for cell in np.ndindex(3, 2):
        stays = all(payoffs[0, other, cell[1]] <= payoffs[0][cell] for other in range(3))
        stays &= all(payoffs[1, cell[0], other] <= payoffs[1][cell] for other in range(2))
        assert (cell in pure) == stays


@given(arrays(np.float64, (2, 3, 3), elements=st.floats(-1, 1)))
@settings(max_examples=60, deadline=None)
def test_everybody_has_a_best_reply_and_no_dominated_strategy_is_in_equilibrium(payoffs):
    replies = best_replies(payoffs)
    assert replies[0].any(axis=0).all()
    assert replies[1].any(axis=1).all()
    beaten = dominated(payoffs)
    for cell in pure_equilibria(payoffs):
        assert not any(beaten[player][place] for player, place in enumerate(cell))
