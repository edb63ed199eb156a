"""The first summit of a pair, played again: the same numbers as in the ensemble."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.first_summit import first_summit
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario


def test_it_finds_what_the_ensemble_kept() -> None:
    scenario = load_scenario("xi-first")
    ensemble = run(scenario, 300, 5, workers=1)
    found = first_summit(scenario, "KU", 300, 5)
    assert found.between == ("DPRK", "US")
    assert found.month == 3
    assert found.runs == 300
    np.testing.assert_array_equal(found.terms, ensemble.measure("first_us_terms"))
    np.testing.assert_array_equal(found.chance, ensemble.measure("first_us_chance"))
    np.testing.assert_array_equal(found.signed >= 0, ensemble.measure("first_us_deal") == 1)
    np.testing.assert_array_equal(found.promised["US"], ensemble.measure("first_promised_us"))
    for dyad, values in found.leverage.items():
        assert values.mean() == pytest.approx(ensemble.leverage_mean(dyad)[3], rel=1e-5)


def test_terms_follow_from_leverage_and_promises_from_a_deal() -> None:
    found = first_summit(load_scenario("xi-fourth"), "KU", 200, 5)
    gap = found.leverage["DPRK", "US"] - found.leverage["US", "DPRK"]
    np.testing.assert_allclose(found.terms, 0.5 + gap / 2, atol=1e-6)
    for promised in found.promised.values():
        assert not promised[found.signed < 0].any()
        assert (promised[found.signed >= 0] > 0).all()
    assert found.signed.max() < len(found.packages)


def test_more_runs_begin_with_the_fewer() -> None:
    scenario = load_scenario("xi-first")
    few, many = (first_summit(scenario, "KU", runs, 5).terms for runs in (100, 8300))
    np.testing.assert_array_equal(few, many[:100])


def test_a_pair_that_never_meets_is_refused() -> None:
    with pytest.raises(ValueError, match="no run in which KP meet"):
        first_summit(load_scenario("no-china"), "KP", 10, 5)
