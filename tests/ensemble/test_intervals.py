"""Probabilities and means with their noise: published values, and worlds as clusters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ensemble.block import value_moments
from sim.ensemble.intervals import (
    Z95,
    _mean,
    measure_means,
    outcome_probabilities,
    runs_to_halve,
    t95,
    wilson,
)
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.ensemble.tables import core, outcomes_csv
from sim.inputs.scenario import Scenario, load_scenario
from sim.views.text.run import answer_screen, everything
from sim.views.text.screen import Screen


@pytest.fixture(scope="module")
def ensemble(brief: Scenario) -> Ensemble:
    return run(brief, 4096, 7)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(count: int, n: int, low: float, high: float) -> None:
    assert wilson(count, n) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_wilson_holds_the_share(n: int, share: float) -> None:
    count = round(share * n)
    low, high = wilson(count, n)
    assert 0 <= low <= count / n <= high <= 1
    assert (low == 0) == (count == 0)
    assert (high == 1) == (count == n)


def test_nothing_known_without_runs() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_plays_of_one_world_count_as_one_where_they_always_agree(ensemble: Ensemble) -> None:
    """With 2,048 worlds whose plays end alike, the interval is that of 2,048 runs."""
    final = np.repeat(ensemble.classes[-1, ::2], 2)
    counts = np.bincount(final, minlength=len(ensemble.names.outcomes))
    alike = replace(
        ensemble, counts=np.vstack([ensemble.counts[:-1], counts]),
        together=np.vstack([ensemble.together[:-1], counts // 2]), classes=final[None, :],
    )  # fmt: skip
    for found in outcome_probabilities(alike).values():
        if 0 < found.count < found.runs:
            assert found.assumptions == pytest.approx(1)
            assert (found.low, found.high) == pytest.approx(wilson(found.count / 2, 2048))
        else:
            assert found.assumptions is None


def test_independent_plays_count_one_by_one(ensemble: Ensemble) -> None:
    """Counts of pairs as independence would have them, to a rounding."""
    n = ensemble.runs
    counts = ensemble.counts[-1]
    apart = replace(ensemble, together=np.rint((counts / n) ** 2 * (n // 2)).astype(np.int64)[None, :])
    for found in outcome_probabilities(apart).values():
        if 0 < found.count < n:
            assert (found.low, found.high) == pytest.approx(wilson(found.count, n), abs=2e-3)


def test_the_interval_covers_over_seeds(brief: Scenario) -> None:
    """Of 40 ensembles, at most 5 intervals miss a long ensemble's value of a class (expected 2; 6 or more: 1.4%)."""
    long = outcome_probabilities(run(brief, 60_000, 99))
    name = min(long, key=lambda each: abs(long[each].probability - 0.5))
    truth = long[name].probability
    assert 0.05 < truth < 0.95
    missed = 0
    for seed in range(40):
        found = outcome_probabilities(run(brief, 500, seed))[name]
        missed += not found.low <= truth <= found.high
    assert missed <= 5


def test_means_are_those_of_the_rows(ensemble: Ensemble) -> None:
    found = measure_means(ensemble)
    for name in ensemble.names.measures:
        whole = ensemble.measure(name).astype(np.float64)
        values = whole[~np.isnan(whole)]
        if not len(values):
            assert np.isnan(found[name].mean)
            continue
        assert found[name].mean == pytest.approx(values.mean(), abs=1e-9)
        if not np.isin(values, (0, 1)).all():
            assert found[name].half == pytest.approx(Z95 * found[name].se, rel=2e-3, abs=1e-12)
        two = whole.reshape(-1, 2)[~np.isnan(whole.reshape(-1, 2)).any(axis=1)]
        pairs = np.corrcoef(two[:, 0], two[:, 1])[0, 1] if values.std() > 1e-6 else None
        if pairs is not None and np.isfinite(pairs):
            assert found[name].assumptions == pytest.approx(max(pairs, 0.0), abs=0.02)


def test_a_month_of_a_long_run_is_the_end_of_a_short_one() -> None:
    """Counts, shares of assumptions, intervals: `outcomes.csv` of three months is the beginning of the long one."""
    long, short = (run(load_scenario("history", months=months), 2000, 7) for months in (9, 3))
    for month in range(4):
        assert outcome_probabilities(long, month) == outcome_probabilities(short, month)
    assert outcome_probabilities(long, 3) == outcome_probabilities(short)
    assert any(0 < found.count < found.runs for found in outcome_probabilities(short).values())
    assert outcomes_csv(long).startswith(outcomes_csv(short))


def test_an_odd_run_counts_in_probabilities_only(brief: Scenario) -> None:
    odd, even = run(brief, 1001, 7), run(brief, 1000, 7)
    assert np.array_equal(odd.together, even.together)
    assert sum(found.count for found in outcome_probabilities(odd).values()) == 1001


def test_halving_takes_three_times_as_many_more() -> None:
    assert runs_to_halve(10_000) == 30_000


def test_the_standard_error_of_a_mean_is_that_of_world_totals(ensemble: Ensemble) -> None:
    found = measure_means(ensemble)
    for name in ensemble.names.measures:
        values = ensemble.measure(name).astype(np.float64)
        if not np.isnan(values).any():
            worlds = values.reshape(-1, 2).mean(axis=1)
            assert found[name].se == pytest.approx(worlds.std(ddof=1) / np.sqrt(len(worlds)), rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(("freedom", "published"), [(3, 3.182446), (29, 2.045230), (30, 2.042272), (120, 1.979930)])
def test_students_t_as_published(freedom: int, published: float) -> None:
    assert t95(freedom) == pytest.approx(published, abs=2e-5)


@pytest.mark.parametrize("runs", [1, 2, 6])
def test_nothing_is_claimed_from_fewer_than_four_worlds(brief: Scenario, runs: int) -> None:
    few = run(brief, runs, 7)
    found = core(few)
    for each in (*found["outcomes"].values(), *found["measures"].values()):
        assert (each["low"], each["high"]) == (None, None)
    assert {*found["uncertainty"]["assumptions"].values(), *found["uncertainty"]["chance"].values()} == {None}
    text = "\n".join([answer_screen(few, None, Screen(80)), *everything(few, Screen(80))])
    assert "nan" not in text.lower().split()
    assert "too few worlds" in text
    assert "0.0000" not in text


@pytest.mark.parametrize(("runs", "split"), [(7, False), (198, False), (199, True), (400, True)])
def test_the_spread_is_split_from_a_hundred_worlds_on(brief: Scenario, runs: int, split: bool) -> None:
    found = core(run(brief, runs, 7))
    assert any(share is not None for share in found["uncertainty"]["assumptions"].values()) == split
    assert all(each["low"] is not None for each in found["outcomes"].values())


@pytest.mark.parametrize("worlds", [4, 5, 10, 50])
def test_intervals_of_means_cover_from_few_worlds(worlds: int) -> None:
    """Normal worlds of two plays each, half of whose variance is common: 2,000 intervals, at 4 standard errors."""
    chance = np.random.default_rng(worlds)
    common, own = chance.normal(size=(2000, 1, worlds)), chance.normal(size=(2000, 2, worlds))
    covered = 0
    for values in (common + own).astype(np.float32):
        (moments,) = value_moments(values.T.reshape(1, -1)).T.tolist()
        found = _mean(moments, signed=False)
        covered += found.low <= 0 <= found.high
    assert 0.95 - 4 * 0.0049 < covered / 2000 < 0.95 + 4 * 0.0049


def test_no_summits_no_gain_by_them() -> None:
    """It is 0 in every run by what it is, and no share of the runs."""
    means = measure_means(run(load_scenario("no-summits", months=2), 128))
    assert (means["gained.DPRK"].low, means["gained.DPRK"].high) == (0, 0)
    assert means["better.DPRK"].high > 0


@pytest.mark.parametrize("worlds", [20, 50, 100])
def test_the_interval_of_a_share_covers_where_few_or_no_runs_differ(worlds: int) -> None:
    """99 of 100 runs in truth, half of whose variance is common to a world's plays: mostly, all of few runs are 1."""
    chance = np.random.default_rng(worlds)
    world, own = chance.random((2000, 1, worlds)), chance.random((2000, 2, worlds))
    values = np.where(chance.random((2000, 1, worlds)) < 0.5, world, own) < 0.99
    covered = 0
    for runs in values.astype(np.float32):
        (moments,) = value_moments(runs.T.reshape(1, -1)).T.tolist()
        found = _mean(moments, signed=False)
        covered += found.low <= 0.99 <= found.high
        assert found.half > 0
    assert covered / 2000 > 0.9  # it goes up and down with n as shares are whole counts
