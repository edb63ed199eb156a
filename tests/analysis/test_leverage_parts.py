"""The parts of a leverage: its own formula agrees with the engine's, and each part is what dropping the claim does."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.analysis.leverage_parts import accrued, first_summit_month, leverage_parts
from sim.ensemble.run import run
from sim.inputs.ledger import Ledger
from sim.inputs.scenario import load_scenario
from sim.model.diplomacy import Diplomacy
from sim.model.streams import BLOCK_RUNS

SEED = 5


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("history", months=4)


@pytest.mark.parametrize("dyad", [("DPRK", "US"), ("PRC", "DPRK"), ("US", "DPRK"), ("ROK", "US")])
def test_the_leverage_taken_apart_is_the_engines(scenario, dyad):
    found = leverage_parts(scenario, *dyad, 0, SEED)
    model = Diplomacy(scenario, runs=BLOCK_RUNS, seed=SEED)
    model._events()
    model._arguments()
    assert math.isclose(found.leverage, float(model.leverage[dyad].mean()), rel_tol=1e-5)
    assert math.isclose(found.reverse, float(np.mean(model.leverage.get(dyad[::-1], 0.0))), rel_tol=1e-5, abs_tol=1e-9)
    if dyad != ("ROK", "US"):
        assert math.isclose(found.terms, 0.5 + (found.leverage - found.reverse) / 2, abs_tol=1e-6)


def test_a_later_month_without_a_summit_is_as_the_ensemble_has_it(scenario):
    ensemble = run(scenario, runs=BLOCK_RUNS, seed=SEED)
    found = leverage_parts(scenario, "DPRK", "US", 4, SEED)
    assert math.isclose(found.leverage, ensemble.leverage_mean(("DPRK", "US"))[4], rel_tol=1e-5)


def test_by_hand():
    # two causes feed: one restated twice (0.5 x 0.8 and 0.4), one of 0.3; one cause cuts by 0.2; kappa one half
    def feed(name, group, sign, share, strength):
        claim = SimpleNamespace(id=name, group=group)
        return claim, SimpleNamespace(sign=sign, share=share), np.array([strength])

    feeds = [
        feed("a", "one", 1, 0.5, 0.8),
        feed("b", "one", 1, 1.0, 0.4),
        feed("c", "two", 1, 1.0, 0.3),
        feed("d", "x", -1, 0.4, 0.5),
    ]
    found = float(accrued(feeds, np.array([0.5]))[0])
    twice = 0.4 * 2**0.25
    assert math.isclose(found, (1 - math.sqrt((1 - twice) * 0.7)) * math.sqrt(0.8))
    once = float(accrued(feeds[1:], np.array([0.5]))[0])
    assert math.isclose(once, (1 - math.sqrt(0.6 * 0.7)) * math.sqrt(0.8))
    sure = [feed(name, "one", 1, 1.0, 0.97) for name in "ab"]
    assert math.isclose(float(accrued(sure, np.array([1.0]))[0]), 0.98)  # some doubt is left, however many say it
    assert float(accrued([], np.array([0.5]))[0]) == 0


def test_signs_and_order_of_the_parts(scenario):
    found = leverage_parts(scenario, "PRC", "DPRK", 0, SEED)
    assert {part.sign for part in found.parts} == {1, -1}
    for part in found.parts:
        assert part.part * part.sign >= 0
    sizes = [abs(part.part) for part in found.parts]
    assert sizes == sorted(sizes, reverse=True)
    assert found.low <= found.leverage <= found.high


@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_part_is_what_dropping_the_claims_effect_does(scenario, place):
    part = leverage_parts(scenario, "PRC", "DPRK", 0, SEED).parts[place]
    whole = leverage_parts(scenario, "PRC", "DPRK", 0, SEED).leverage
    others = tuple(effect for effect in part.claim.effects if (effect.holder, effect.target) != ("PRC", "DPRK"))
    claims = {**scenario.ledger.claims, part.claim.id: replace(part.claim, effects=others)}
    without = leverage_parts(replace(scenario, ledger=Ledger(claims)), "PRC", "DPRK", 0, SEED)
    assert math.isclose(whole - without.leverage, part.part, abs_tol=1e-6)
    assert part.claim.id not in {each.claim.id for each in without.parts}


def test_the_first_summit_of_two_states(scenario):
    assert first_summit_month(scenario, "US", "DPRK") == 3
    assert first_summit_month(scenario, "DPRK", "RUS") == 0
    assert first_summit_month(scenario, "ROK", "RUS") == 0
