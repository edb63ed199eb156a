"""Where the spread comes from, on made-up worlds whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.reweight import Holding
from sim.analysis.variance import claim_features, number_features, sources_by_outcome, split
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario

WORLDS = 4_000


def plays(chance, seed=7):
    """Two classes; each play of a world ends in the second with the chance of that world."""
    second = np.random.default_rng(seed).random((2, len(chance))) < chance
    return np.stack([~second, second], axis=1).astype(float)


def signs(count, worlds=WORLDS, seed=3):
    """Independent features of -1 and 1."""
    return np.random.default_rng(seed).choice([-1.0, 1.0], (worlds, count))


def test_the_parts_as_solved_by_hand():
    """p = .5 + .15 c0 + .1 c1 c2 + .12 n + .08 c0 n: variances .0225 + .01, .0144, .0064 of a play's .25."""
    claims, number = signs(12), np.random.default_rng(4).random(WORLDS)
    n = np.sqrt(12) * (number - 0.5)
    chance = 0.5 + 0.15 * claims[:, 0] + 0.1 * claims[:, 1] * claims[:, 2] + 0.12 * n + 0.08 * claims[:, 0] * n
    found = split(plays(np.clip(chance, 0, 1)), claims, number_features({"n": number}, WORLDS))
    for part, share in ((found.claims, 0.13), (found.numbers, 0.0576), (found.together, 0.0256)):
        assert part.share == pytest.approx(share, abs=4 * part.se)
        assert part.se < 0.02
    shares = [part.share for part in (found.claims, found.numbers, found.together, found.chance)]
    assert sum(shares) == pytest.approx(1)


def test_errors_are_as_large_as_the_spread():
    """Over fresh worlds, where the parts are and where they are not."""
    parts = []
    for seed in range(40):
        claims, other = signs(20, 500, seed), signs(20, 500, 100 + seed)
        parts.append(split(plays(0.5 + 0.2 * claims[:, 0], seed), claims, other))
    for part, share in (("claims", 0.16), ("numbers", 0.0)):
        found = [getattr(each, part) for each in parts]
        assert np.mean([each.share for each in found]) == pytest.approx(share, abs=0.015)
        assert np.mean([each.se for each in found]) == pytest.approx(np.std([each.share for each in found]), rel=0.5)


def test_claims_that_restate_one_cause_are_taken_together():
    """Each follows the cause; what they explain is counted once."""
    random = np.random.default_rng(1)
    cause = random.random(WORLDS) < 0.5
    holds = np.stack([cause & (random.random(WORLDS) < 0.9) for _ in range(3)])
    claims = claim_features(Holding(dict.fromkeys("abc", 0.45), {"cause": tuple("abc")}, holds, cause[None]))
    assert claims.T @ claims / WORLDS == pytest.approx(np.eye(4), abs=1e-9)
    found = split(plays(0.5 + 0.3 * np.where(cause, 1, -1)), claims, np.zeros((WORLDS, 0)))
    assert found.claims.share == pytest.approx(0.36, abs=4 * found.claims.se)
    assert abs(found.together.share) < 4 * found.together.se


def test_claims_that_always_hold_explain_nothing():
    worlds = Holding({"a": 1.0, "b": 0.5}, {}, np.ones((2, 500), dtype=bool), np.zeros((0, 500), dtype=bool))
    claims = claim_features(worlds)
    assert claims.shape == (500, 0)
    assert split(plays(np.full(500, 0.5)), claims, claims).claims.share == 0


def test_too_few_worlds_to_tell_claims_apart():
    found = split(plays(np.full(40, 0.5)), signs(2, 40), signs(2, 40))
    assert found.claims is found.numbers is found.together is None


def test_nothing_is_said_of_a_class_in_which_both_plays_of_few_worlds_end():
    """Where none does, its share would be 0 with hardly an error, though assumptions may decide all of it."""
    ensemble = run(load_scenario("history"), 400, 3)
    told = {name for name, found in sources_by_outcome(ensemble).items() if found}
    often = {name for name, both in zip(ensemble.names.outcomes, ensemble.together[-1], strict=True) if both >= 10}
    assert told == often
    assert "mirage" in told
    assert "disarmament" not in told


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_no_spread_has_no_sources(chance):
    assert split(plays(np.full(200, chance)), signs(2, 200), signs(2, 200)) is None
