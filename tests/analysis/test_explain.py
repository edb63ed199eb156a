"""What an ensemble says about its claims; that effects and reweighting are right is tested with the laws on paths."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.compare import compare
from sim.analysis.effects import claim_effects
from sim.analysis.explain import Explanation, bounds, explain, moved
from sim.analysis.reweight import Holding, holding
from sim.analysis.world_means import WorldTable, world_table
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from tests.reweighted import reweight

RUNS, SEED = 4_096, 77
MONTHS = 8


def ensemble(*settings: str, runs: int = RUNS, months: int = MONTHS) -> Ensemble:
    return run(load_scenario("history", set=settings, months=months), runs, SEED, workers=1)


@pytest.fixture(scope="module")
def base() -> Ensemble:
    return ensemble()


@pytest.fixture(scope="module")
def found(base: Ensemble) -> Explanation:
    return explain(base)


def test_unchanged_credences_change_nothing(base: Ensemble) -> None:
    table = world_table(base)
    found = reweight(holding(base), table.values, dict(holding(base).credences))
    assert found.means == pytest.approx(np.nanmean(table.values, axis=1), rel=1e-9, nan_ok=True)
    assert found.effective_worlds == table.worlds


def test_explanation_sorts_marks_and_names_what_is_left(base: Ensemble, found: Explanation) -> None:
    sizes = [abs(each.effect) for each in found.effects]
    assert sizes == sorted(sizes, reverse=True)
    assert found.effects[0].stands_out
    loud = {each.name for each in (*found.effects, *found.measures) if each.stands_out}
    assert loud.isdisjoint(found.quiet)
    assert loud | set(found.quiet) == set(found.moved)
    assert found.tests[0] == len(found.effects) == len(found.moved) * len(base.names.outcomes)


def test_holds_and_fails_count_worlds(base: Ensemble, found: Explanation) -> None:
    for each in found.effects:
        assert each.holds == int(base.holds[base.names.claims.index(each.name)].sum())
        assert each.holds + each.fails == RUNS // 2


def test_effects_on_all_outcomes_cancel(found: Explanation) -> None:
    """A run ends in exactly one class, so what one gains the others lose."""
    for claim in found.moved:
        assert sum(each.effect for each in found.effects if each.name == claim) == pytest.approx(0, abs=1e-12)


def test_one_outcome_is_a_family_of_its_own(base: Ensemble) -> None:
    found = explain(base, ["mirage"])
    assert {each.quantity for each in found.effects} == {"mirage"}
    assert found.tests[0] == len(found.moved)
    with pytest.raises(ValueError, match="no outcome or measure nothing"):
        explain(base, ["nothing"])


def test_nothing_is_said_where_fewer_than_ten_worlds_differ() -> None:
    few = ensemble(runs=512)
    found, counts = explain(few), []
    for name, shares in zip(found.outcomes, world_table(few).values, strict=False):
        differ = min((shares > 0).sum(), (shares < 1).sum())
        counts.append(differ)
        for each in (each for each in found.effects if each.quantity == name):
            assert np.isfinite(each.se) == np.isfinite(each.low) == (differ >= 10)
            assert not (differ < 10 and each.stands_out)
    assert min(counts) < 10 <= max(counts)


def test_claims_that_do_nothing_change_no_ending_on_average_and_have_a_bound() -> None:
    """Where the plain half sum of effects would show 3 of 100 runs for each."""
    random = np.random.default_rng(1)
    names = [f"c{place}" for place in range(40)]
    worlds = Holding(dict.fromkeys(names, 0.5), {}, random.random((40, 2000)) < 0.5, np.zeros((0, 2000), dtype=bool))
    ends = random.integers(0, 5, (2, 2000))
    table = WorldTable(tuple("abcde"), (), np.stack([(ends == place).mean(axis=0) for place in range(5)]))
    assert abs(np.mean(list(moved(claim_effects, worlds, table).values()))) < 0.003
    assert all(0.01 < bound < 0.09 for bound in bounds(claim_effects(worlds, table)).values())


def test_a_claim_that_is_ruled_out_is_said_to_be() -> None:
    found = explain(ensemble("assume.claims.both-or-neither=off", runs=512, months=1))
    assert found.fixed == ("both-or-neither",)
    assert "both-or-neither" not in found.moved


def test_an_odd_last_run_is_left_out() -> None:
    odd, even = (explain(ensemble(runs=runs, months=1)) for runs in (401, 400))
    assert odd.worlds == even.worlds == 200
    assert repr(odd.effects) == repr(even.effects)  # NaN is not NaN


def test_measures_about_a_summit_that_is_not_held_are_not_told(base: Ensemble) -> None:
    early = ensemble(runs=8, months=1)  # the first American summit is in month 3
    assert "first_us_terms" in base.meaningful_measures
    assert "first_us_terms" not in early.meaningful_measures


def test_two_worlds_are_enough_not_to_fail() -> None:
    assert not any(each.stands_out for each in explain(ensemble(runs=4, months=1)).effects)


def test_a_scenario_is_not_explained_before_it_is_played() -> None:
    scenario = load_scenario("xi-first")
    for call in (lambda: explain(scenario), lambda: compare(scenario, scenario)):  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=r"run\(load_scenario\(NAME\)\), not a Scenario"):
            call()
