"""Shapley values against published answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.ledger_variants import coalitions, coefficient


def shapley(players: Sequence[str], worth: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Each player's share, given the worth of every coalition; the shares add up to that of all less that of none."""
    shares = dict.fromkeys(players, 0.0)
    for coalition in coalitions(players):
        for player in players:
            shares[player] += coefficient(player, coalition, len(players)) * worth[coalition]
    return shares


def test_glove_game() -> None:
    """Two left gloves, one right: a pair is worth 1 (Shapley and Shubik; the textbook answer is 1/6, 1/6, 2/3)."""
    worth = {some: float("right" in some and len(some) > 1) for some in coalitions(["left 1", "left 2", "right"])}
    shares = shapley(["left 1", "left 2", "right"], worth)
    assert shares == pytest.approx({"left 1": 1 / 6, "left 2": 1 / 6, "right": 2 / 3}, abs=1e-15)


def test_argument_graph_of_qbaf_py() -> None:
    """b attacks a, c supports b, initial strengths 2, 1, 1, strengths add: -3/2 for b and -1/2 for c.

    The graph and the answers are those of the tests of QBAF-Py (Kampik et al.), tests/test_shapley.py.
    """

    def strength_of_a(present: frozenset[str]) -> float:
        c = 1.0 if "c" in present else 0.0
        b = 1.0 + c if "b" in present else 0.0
        return 2.0 - b

    worth = {some: strength_of_a(some) for some in coalitions(["b", "c"])}
    assert shapley(["b", "c"], worth) == {"b": -1.5, "c": -0.5}


@given(st.integers(1, 5), st.randoms(use_true_random=False))
def test_shares_add_up_to_the_whole(players: int, random: object) -> None:
    names = [f"p{place}" for place in range(players)]
    worth = {some: random.uniform(-1, 1) for some in coalitions(names)}  # type: ignore[attr-defined]
    whole = worth[frozenset(names)] - worth[frozenset()]
    assert sum(shapley(names, worth).values()) == pytest.approx(whole, abs=1e-12)


def test_coefficients_of_a_player_count_every_order_once() -> None:
    names = ["a", "b", "c", "d"]
    own = [coefficient("a", some, 4) for some in coalitions(names) if "a" in some]
    against = [coefficient("a", some, 4) for some in coalitions(names) if "a" not in some]
    assert sum(own) == pytest.approx(1)
    assert sum(against) == pytest.approx(-1)


def test_coalitions_come_smallest_first() -> None:
    assert coalitions(["a", "b"]) == [frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")]
