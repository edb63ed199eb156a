"""The first summit of a pair, played again: the same numbers as in the ensemble."""

from __future__ import annotations

import numpy as np
import pytest
from first_summit import first_summit

from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario


def test_it_finds_what_the_ensemble_kept() -> None:
    scenario = load_scenario("xi-first")
    ensemble = run(scenario, 300, 5, workers=1)
    found = first_summit(scenario, "KU", 300, 5)
    assert found.between == ("DPRK", "US")
    assert found.month == 3
    assert 100 < found.runs < 300  # of the others one side stayed away, for good or for a month
    assert found.terms[:4] == pytest.approx(ensemble.measure("first_us_terms")[:4], rel=1e-6)


def test_terms_follow_from_leverage_and_promises_from_a_deal() -> None:
    found = first_summit(load_scenario("xi-fourth"), "KU", 200, 5)
    gap = found.leverage["DPRK", "US"] - found.leverage["US", "DPRK"]
    np.testing.assert_allclose(found.terms, 0.5 + gap / 2, atol=1e-6)
    for promised in found.promised.values():
        assert not promised[found.signed < 0].any()
        assert (promised[found.signed >= 0] >= 0).all()
    assert found.signed.max() < len(found.packages)


def test_more_runs_begin_with_the_fewer() -> None:
    scenario = load_scenario("xi-first")
    few, many = (first_summit(scenario, "KU", runs, 5).terms for runs in (100, 8300))
    np.testing.assert_array_equal(few, many[: len(few)])


def test_a_pair_that_never_meets_is_refused() -> None:
    with pytest.raises(ValueError, match="no run in which KP meet"):
        first_summit(load_scenario("no-china"), "KP", 10, 5)
