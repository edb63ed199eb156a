"""A story is the ensemble's own run, and its reasons add up."""

from __future__ import annotations

import math

import pytest

from sim.analysis.story import choose_run, replay
from sim.ensemble.run import run
from sim.errors import InputError
from sim.inputs.scenario import load_scenario
from sim.model.streams import BLOCK_RUNS

SEED = 11


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("xi-first", months=6)


@pytest.fixture(scope="module")
def ensemble(scenario):
    return run(scenario, runs=2 * BLOCK_RUNS + 100, seed=SEED)


@pytest.mark.parametrize("number", [0, 1, 777, BLOCK_RUNS - 1, BLOCK_RUNS, 2 * BLOCK_RUNS + 99])
def test_the_story_is_run_k_of_the_ensemble_to_the_last_bit(scenario, ensemble, number):
    story = replay(scenario, SEED, number)
    told = story.months[-1].levels | story.measures
    assert [told[name] for name in ensemble.names.measures] == pytest.approx(
        [float(ensemble.measure(name)[number]) for name in ensemble.names.measures], abs=0, nan_ok=True
    )
    assert story.outcome.name == ensemble.names.outcomes[ensemble.classes[-1, number]]
    holds = dict(zip(ensemble.names.claims, ensemble.holds[:, number // 2], strict=True))
    assert story.holds == holds


@pytest.mark.parametrize("number", [0, 5, 6])
def test_the_parts_of_each_acceptance_add_up_to_it(scenario, number):
    story = replay(scenario, SEED, number)
    meetings = [meeting for month in story.months for meeting in month.meetings]
    assert len(meetings) == len([summit for summit in scenario.summits if summit.month <= 6])
    assert all(meeting.come != bool(meeting.refused) for meeting in meetings)
    for meeting in (each for each in meetings if each.come):
        for side in meeting.pair.between:
            total = sum(part.amount for part in meeting.weighings[side])
            accept = 1 / (1 + math.exp(-story.start["lam"] * total))
            assert math.isclose(accept, meeting.offers[meeting.picked].accepts[side], abs_tol=1e-4)
        assert math.isclose(sum(meeting.terms.values()), 1, abs_tol=1e-6)


def test_the_conditions_told_are_met(scenario, ensemble):
    for name in ("test-pause", "mirage", "respite", "stalemate"):
        if ensemble.ended(name).any():
            story = replay(scenario, SEED, choose_run(scenario, SEED, name))
            assert story.outcome.name == name
            for condition, value in story.conditions:
                assert value >= condition.value if condition.bound == "min" else value <= condition.value


def test_by_default_the_first_run_of_the_likeliest_class_is_told(scenario, ensemble):
    first = ensemble.classes[-1, :BLOCK_RUNS].tolist()
    likeliest = max(set(first), key=first.count)
    assert choose_run(scenario, SEED) == first.index(likeliest)


def test_a_wanted_class_is_looked_for_in_later_blocks(scenario, ensemble):
    rare = [name for name in ensemble.names.outcomes if ensemble.ended(name).any()]
    for name in rare:
        number = choose_run(scenario, SEED, name)
        assert replay(scenario, SEED, number).outcome.name == name
        assert not ensemble.ended(name)[:number].any()


def test_a_class_that_is_not_there(scenario):
    with pytest.raises(InputError, match="did you mean"):
        choose_run(scenario, SEED, "mirrage")
