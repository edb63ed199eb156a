"""Pairs of claims on worlds whose interactions were planted."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.explain import pairs_of
from sim.analysis.reweight import Holding
from sim.analysis.world_means import WorldTable

WORLDS = 6_000


def worlds(claims: int, seed: int) -> Holding:
    names = [f"c{place}" for place in range(claims)]
    holds = np.random.default_rng(seed).random((claims, WORLDS)) < 0.5
    return Holding(dict.fromkeys(names, 0.5), {}, holds, np.zeros((0, WORLDS), dtype=bool))


def table(chance: np.ndarray, seed: int) -> WorldTable:
    ended = (np.random.default_rng(seed).random((2, len(chance))) < chance).mean(axis=0)
    return WorldTable(("yes", "no"), (), np.stack([ended, 1 - ended]))


def test_what_was_planted() -> None:
    """c0 adds .3 where c1 holds and .1 where it fails; c2 adds .1 whatever holds."""
    held = worlds(5, 1)
    one, other, third = held.holds[:3]
    found = pairs_of(held, table(0.2 + 0.1 * one + 0.2 * (one & other) + 0.1 * third, 2))
    assert found.tests == 20
    loud = [each for each in found.pairs if each.stands_out]
    assert {each.claims for each in loud} == {("c0", "c1")}
    yes = next(each for each in loud if each.quantity == "yes")
    assert yes.where_holds[0] == pytest.approx(0.3, abs=4 * yes.where_holds[1])
    assert yes.where_fails[0] == pytest.approx(0.1, abs=4 * yes.where_fails[1])
    assert yes.interaction == pytest.approx(yes.where_holds[0] - yes.where_fails[0])
    shares = {each.claim: each for each in found.shares if each.quantity == "yes"}
    variance = 0.4 * 0.6
    for claim, alone, together in (("c0", 0.01, 0.01 + 0.00125), ("c1", 0.0025, 0.0025 + 0.00125), ("c3", 0, 0)):
        first, shapley = shares[claim].first, shares[claim].shapley
        assert first[0] == pytest.approx(alone / variance, abs=4 * first[1])
        assert shapley[0] == pytest.approx(together / variance, abs=4 * shapley[1])


def test_marks_where_nothing_works_together_are_rare() -> None:
    """Forty claims that do nothing, one of them nearly always true, and a class of one run in fifty."""
    marks = 0
    for seed in range(12):
        held = worlds(20, seed)
        held.holds[0] = np.random.default_rng(50 + seed).random(WORLDS) < 0.98
        found = pairs_of(held, table(np.full(WORLDS, 0.02), 100 + seed))
        marks += any(each.stands_out for each in found.pairs)
    assert marks <= 2


def test_claims_of_one_cause_and_small_cells_are_left_out() -> None:
    random = np.random.default_rng(3)
    cause = random.random(WORLDS) < 0.5
    holds = np.stack([cause & (random.random(WORLDS) < 0.8) for _ in range(2)] + [random.random(WORLDS) < 0.002])
    held = Holding({"a": 0.4, "b": 0.4, "rare": 0.002, "sure": 1.0}, {"cause": ("a", "b")},
                   np.vstack([holds, np.ones((1, WORLDS), dtype=bool)]), cause[None])  # fmt: skip
    assert pairs_of(held, table(np.full(WORLDS, 0.5), 4)).pairs == ()


def test_nothing_to_pair() -> None:
    held = Holding({"a": 1.0}, {}, np.ones((1, 50), dtype=bool), np.zeros((0, 50), dtype=bool))
    assert pairs_of(held, table(np.full(50, 0.5), 1)).pairs == ()
