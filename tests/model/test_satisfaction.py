"""Satisfaction: nothing to wish for is 0, and every issue counts by its salience and distance."""

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.model.diplomacy import Diplomacy
from sim.model.satisfaction import fatal, satisfaction


def still(*settings):
    return Diplomacy(load_scenario("history", set=settings), runs=16, seed=3)


def test_by_hand_for_one_state():
    model = still()
    side, levels = model.states["DPRK"].side, model.variables
    now = {"arsenal": levels["arsenal"], "sanctions": levels["squeeze"], "us_troops": 1.0, "aid": levels["aid"]}
    now |= {"peace": levels["peace"], "tests": levels["tests"], "exercises": levels["exercises"]}
    assert set(now) == set(side.ideals)
    expected = -sum(side.saliences[name] * abs(side.ideals[name] - level) for name, level in now.items())
    assert satisfaction(model, "DPRK") == pytest.approx(expected, abs=1e-5)


def test_a_state_without_a_care_has_all_it_wants():
    issues = load_scenario("history").case.states["RUS"].ideals
    model = still(*(f"assume.states.RUS.{issue}.salience=0" for issue in issues))
    assert (satisfaction(model, "RUS") == 0).all()


def test_tests_are_lived_with_as_they_are_and_not_as_they_were_at_the_start():
    model = still()
    before = satisfaction(model, "US").copy()
    model.variables["tests"] = model.variables["tests"] * 0
    assert (satisfaction(model, "US") > before).all()


def test_the_fatal_step_is_read_from_the_case():
    model = still()
    assert not fatal(model).any()
    model.variables[model.case.month.hazard.measure] = np.array([1.0] + [0.0] * 15, dtype=np.float32)
    assert list(np.flatnonzero(fatal(model))) == [0]
