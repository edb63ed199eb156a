"""Paired differences, flips and months of two scenarios, by hand and on the model."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.compare import against_first, compare, difference_of_runs
from sim.analysis.paired import FEW_CHANGED, adjusted, paired
from sim.analysis.world_means import ratio_means
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.errors import InputError
from sim.inputs.scenario import load_scenario

RUNS = 2_000


def play(name: str, *settings: str, runs: int = RUNS, seed: int = 5, months: int = 6) -> Ensemble:
    return run(load_scenario(name, set=settings, months=months), runs, seed, workers=1)


@pytest.fixture(scope="module")
def first() -> Ensemble:
    return play("xi-first")


@pytest.fixture(scope="module")
def fourth() -> Ensemble:
    return play("xi-fourth")


def test_paired_by_hand() -> None:
    """0, 1, 1, 2: mean 1, variance 2/3, se sqrt(2/3/4)."""
    found = paired(np.array([[0.0, 1.0, 1.0, 2.0]]))[0]
    assert found.difference == 1
    assert found.se == pytest.approx(np.sqrt(2 / 3 / 4))
    assert np.isnan([found.low, found.high]).all()  # three worlds that differ are too few for an interval
    assert found.changed == 3


def test_a_symmetric_interval_is_students() -> None:
    found = paired(np.array([[-1.0, 1.0] * 15]))[0]
    assert found.high == pytest.approx(2.0452 * np.sqrt(1 / 29), abs=1e-4)
    assert found.low == pytest.approx(-found.high)


@pytest.mark.parametrize("share", [0.004, 0.01, 0.05])
def test_the_interval_covers_where_few_worlds_differ_all_the_same_way(share: float) -> None:
    """A plain normal interval covers .90 of the first; without an interval a case counts for neither."""
    random = np.random.default_rng(8)
    found = paired(np.where(random.random((1500, 4000)) < share, random.choice([0.5, 1.0], (1500, 4000)), 0.0))
    said = [each for each in found if np.isfinite(each.low)]
    covered = np.mean([each.low <= 0.75 * share <= each.high for each in said])
    assert len(said) > 1000
    assert 0.93 < covered < 0.975


def test_a_world_without_a_value_is_left_out_and_one_with_one_play_counts_half() -> None:
    per_run = np.array([1.0, 3.0, 5.0, np.nan, np.nan, np.nan, 2.0, 4.0])
    worlds = ratio_means(per_run)
    assert np.isnan(worlds).tolist() == [False, False, True, False]
    assert np.nanmean(worlds) == pytest.approx(3)
    assert ratio_means(np.arange(8.0)) == pytest.approx([0.5, 2.5, 4.5, 6.5])


def test_few_changed_worlds_are_never_marked() -> None:
    apart = np.zeros((1, 1000))
    apart[0, : FEW_CHANGED - 1] = 1.0
    assert not adjusted([{"one": paired(apart)[0]}])[0]["one"].stands_out
    apart[0, : 5 * FEW_CHANGED] = 1.0
    assert adjusted([{"one": paired(apart)[0]}])[0]["one"].stands_out


def test_a_world_whose_runs_agree_has_not_changed_though_others_have_no_value() -> None:
    per_run = np.zeros(2000)
    per_run[1:400:8] = np.nan
    per_run[400 : 400 + 2 * (FEW_CHANGED - 1) : 2] = -1.0
    found = difference_of_runs(per_run)
    assert (found.changed, found.p) == (FEW_CHANGED - 1, 1.0)
    assert np.isnan(found.low)
    per_run[600] = -1.0
    assert np.isfinite(difference_of_runs(per_run).low)


def test_one_world_is_not_enough() -> None:
    with pytest.raises(ValueError, match="at least two worlds"):
        paired(np.zeros((1, 1)))


def test_differences_are_those_of_the_probabilities(first: Ensemble, fourth: Ensemble) -> None:
    found = compare(first, fourth)
    for place, (name, one) in enumerate(found.outcomes.items()):
        before, after = first.counts[-1][place] / RUNS, fourth.counts[-1][place] / RUNS
        assert one.difference == pytest.approx(after - before, abs=1e-12)
        assert found.shares[name] == pytest.approx((before, after))
        assert one.changed < FEW_CHANGED or one.low <= one.difference <= one.high
    for name, one in found.measures.items():
        apart = fourth.measure(name).astype(float) - first.measure(name)
        told = apart[np.isfinite(apart)]  # where such a meeting was held under both
        assert one.difference == pytest.approx(told.mean() if len(told) else np.nan, abs=1e-6, nan_ok=True)


def test_pairing_is_much_surer_than_two_separate_samples(first: Ensemble, fourth: Ensemble) -> None:
    found = compare(first, fourth)
    one, (before, after) = found.outcomes["test-pause"], found.shares["test-pause"]
    separate = np.sqrt((before * (1 - before) + after * (1 - after)) / RUNS)
    assert one.se < separate / 1.5


def test_flips_count_every_run_once(first: Ensemble, fourth: Ensemble) -> None:
    found = compare(first, fourth)
    assert found.flips.sum() == RUNS
    assert found.flips.sum(axis=1).tolist() == first.counts[-1].tolist()
    assert found.flips.sum(axis=0).tolist() == fourth.counts[-1].tolist()
    assert found.changed == pytest.approx(float((first.classes[-1] != fourth.classes[-1]).mean()))


def test_the_last_month_is_the_end(first: Ensemble, fourth: Ensemble) -> None:
    found = compare(first, fourth)
    assert found.monthly.difference[-1] == pytest.approx([one.difference for one in found.outcomes.values()])
    assert found.monthly.difference.shape == (7, len(found.outcomes))
    assert found.monthly.peak is not None


def test_a_scenario_against_itself(first: Ensemble) -> None:
    found = compare(first, first)
    assert found.changed == 0
    assert found.things == ()
    assert found.monthly.peak is None
    assert all(one.difference == one.se == 0 and not one.stands_out for one in found.outcomes.values())


def test_several_are_adjusted_together(first: Ensemble, fourth: Ensemble) -> None:
    third = play("trump-first")
    both = against_first(first, fourth, third)
    alone = compare(first, fourth)
    assert [one.b for one in both] == ["xi-fourth", "trump-first"]
    assert both[0].tests == 2 * len(alone.outcomes)
    assert all(both[0].outcomes[name].p >= alone.outcomes[name].p for name in alone.outcomes)
    assert isinstance(compare(first, fourth, third), list)


def test_what_differs_is_listed(first: Ensemble) -> None:
    found = compare(first, play("xi-first", "assume.parameters.a0=0.5", "assume.balance=true"))
    assert len(found.things) == 2


@pytest.mark.parametrize(("runs", "seed", "word"), [(RUNS - 2, 5, "runs"), (RUNS, 6, "seed")])
def test_ensembles_that_do_not_pair_are_refused(first: Ensemble, runs: int, seed: int, word: str) -> None:
    with pytest.raises(InputError, match=word):
        compare(first, play("xi-fourth", runs=runs, seed=seed))


def test_too_few_runs_are_refused() -> None:
    with pytest.raises(InputError, match="at least 4 runs"):
        compare(play("xi-first", runs=3, months=1), play("xi-fourth", runs=3, months=1))


def test_scenarios_of_other_lengths_are_compared_at_their_own_ends(first: Ensemble) -> None:
    found = compare(first, play("xi-fourth", months=4))
    assert found.months == (6, 4)
    assert len(found.monthly.difference) == 5
    assert any("length" in thing for thing in found.things)
