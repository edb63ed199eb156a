"""Where the spread comes from, on made-up ensembles whose answer is known."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.analysis.variance import claim_shares, sources_of_spread

WORLDS = 40_000


def ensemble(chance, holds):
    """Two classes; each play of world w ends in the second with probability chance[w]."""
    rng = np.random.default_rng(7)
    worlds = len(chance)
    plays = (rng.random((worlds, 2)) < chance[:, None]).astype(np.int8)
    classes = plays.reshape(1, -1)
    counts = np.bincount(classes[0], minlength=2)[None, :]
    together = np.array([[((plays == k).all(axis=1)).sum() for k in (0, 1)]])
    names = SimpleNamespace(outcomes=("no", "yes"))
    return SimpleNamespace(
        names=names, counts=counts, together=together, runs=2 * worlds, pairs=worlds, kept_runs=2 * worlds,
        classes=classes, holds=np.asarray(holds, dtype=bool),
    )  # fmt: skip


def claims(count, worlds=WORLDS):
    return np.random.default_rng(3).random((count, worlds)) < 0.5


def test_claims_other_assumptions_and_chance_as_solved_by_hand():
    # p = 0.5 + 0.2 (claim 0) + 0.2 (something unnamed), each +-1: the variance of p is 0.04 + 0.04, of a play 0.25
    held = claims(3)
    other = np.random.default_rng(4).choice([-1, 1], WORLDS)
    found = sources_of_spread(ensemble(0.5 + 0.2 * np.where(held[0], 1, -1) + 0.2 * other, held))
    assert math.isclose(found.claims, 0.16, abs_tol=0.015)
    assert math.isclose(found.others, 0.16, abs_tol=0.015)
    assert math.isclose(found.chance, 0.68, abs_tol=0.015)
    assert math.isclose(found.claims + found.others + found.chance, 1)


def test_chance_alone_is_not_put_down_to_many_claims():
    held = claims(60, 300)
    shares = [claim_shares(ensemble(np.full(300, 0.5), np.roll(held, shift, axis=1)))["yes"] for shift in range(5)]
    assert (
        max(shares) < 0.15
    )  # unadjusted, sixty random claims in 300 worlds would explain a tenth of a play's variance
    assert min(shares) < 0.03


def test_a_claim_that_decides_alone():
    held = claims(2, 2000)
    found = sources_of_spread(ensemble(held[1].astype(float), held))
    assert math.isclose(found.claims, 1, abs_tol=0.02)
    assert math.isclose(found.chance, 0, abs_tol=0.02)


def test_too_few_worlds_to_tell_claims_apart():
    held = claims(30, 40)
    assert claim_shares(ensemble(np.full(40, 0.5), held)) is None
    assert sources_of_spread(ensemble(np.full(40, 0.5), held)).claims is None


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_no_spread_has_no_sources(chance):
    assert sources_of_spread(ensemble(np.full(200, chance), claims(2, 200))) is None


def test_claims_that_always_hold_explain_nothing():
    held = np.stack([np.ones(500, bool), np.zeros(500, bool)])
    assert claim_shares(ensemble(np.full(500, 0.5), held))["yes"] == 0
