"""The Mesa model: works alone, keeps its levels in bounds, ends in one class, repeats."""

from __future__ import annotations

import mesa
import numpy as np
import pytest

from sim.model.diplomacy import Diplomacy
from tests.model.settings import scenario_of

EXTREMES = [
    [],
    ["assume.parameters.step=10", "assume.parameters.shock=1"],
    ["assume.parameters.a0=0.999", "assume.parameters.follow=1"],
    ["assume.parameters.a0=0.001", "assume.parameters.walkout=1", "assume.parameters.nerve=1"],
    ["assume.parameters.growth=1", "assume.parameters.kappa=10", "assume.parameters.lam_act=100"],
    ["assume.parameters.lam=100", "assume.parameters.lam_pick=100", "assume.parameters.distrust=20"],
    ["assume.parameters.lam=100", "assume.parameters.lam_pick=100", "assume.parameters.distrust=0"],
]


def play(*settings: str, runs: int = 512, seed: int = 2, name: str = "history") -> Diplomacy:
    model = Diplomacy(scenario_of(name, *settings), runs=runs, seed=seed)
    while not model.finished:
        model.step()
    return model


@pytest.mark.parametrize("settings", EXTREMES)
def test_25_states_stay_in_bounds_in_every_month(settings: list[str]) -> None:
    model = Diplomacy(scenario_of("history", *settings), runs=512, seed=2)
    names = [*model.case.variables, *model.case.derived, *(pair.met for pair in model.case.pairs.values()), "prc_rank"]
    while not model.finished:
        model.step()
        for name in names:
            value = np.asarray(model.variables[name])
            unbounded = name in model.case.variables and model.case.variables[name].unbounded
            assert value.min() >= 0, name
            assert unbounded or value.max() <= 1, name
            assert np.isfinite(value).all()
        for each in model.leverage.values():  # no clipping there: float32 rounding alone, ten times it at a kappa of 10
            assert np.min(each) > -5e-6
            assert np.max(each) < 1 + 5e-6


@pytest.mark.parametrize("settings", EXTREMES)
def test_values_stay_float32_whatever_is_fixed(settings: list[str]) -> None:
    model = play(*settings, runs=16)
    for name in (*model.case.variables, *model.case.derived):
        value = model.variables[name]
        assert isinstance(value, float) or value.dtype == np.float32, name


def test_25_a_fatal_step_stays() -> None:
    model = Diplomacy(scenario_of("history", "assume.parameters.log10_h0=-2"), runs=2000, seed=2)
    struck = np.zeros(2000, dtype=bool)
    while not model.finished:
        model.step()
        now = model.variables["fatal"] == 1
        assert now[struck].all()
        struck = now
        assert (model.outcomes()[struck] == 0).all()
    assert 0 < struck.mean() < 1


def test_25_every_run_ends_in_one_class_and_classes_are_the_first_that_fit() -> None:
    model = play(runs=2000)
    assert sum(model.outcome_counts().values()) == 2000
    names = model.variables | model.measures()
    for run, place in enumerate(model.outcomes()):
        fits = [
            all(
                _meets(float(np.broadcast_to(names[each.variable], 2000)[run]), each.bound, each.value)
                for each in rule.when
            )
            for rule in model.case.outcomes
        ]
        assert fits.index(True) == place


def _meets(value: float, bound: str, threshold: float) -> bool:
    return value >= np.float32(threshold) if bound == "min" else value <= np.float32(threshold)


def test_25_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    one, two, other = play(), play(), play(seed=3)
    for name, value in one.variables.items():
        np.testing.assert_array_equal(two.variables[name], value)
    assert (one.variables["tension"] != other.variables["tension"]).mean() > 0.9


@pytest.mark.parametrize("runs", [1, 3, 100])
def test_the_first_runs_of_more_runs_are_these_runs(runs: int) -> None:
    few, many = play(runs=runs), play(runs=600)
    np.testing.assert_array_equal(few.outcomes(), many.outcomes()[:runs])
    for name in few.case.variables:
        one, other = (np.broadcast_to(each.variables[name], each.runs)[:runs] for each in (few, many))
        np.testing.assert_array_equal(one, other)


def test_it_is_an_ordinary_mesa_model_with_a_data_collector() -> None:
    model = Diplomacy(scenario_of("history"), runs=100, seed=5)
    assert isinstance(model, mesa.Model)
    collector = mesa.DataCollector(
        model_reporters={"tension": lambda each: float(np.mean(each.variables["tension"]))},
        agent_reporters={"first option": lambda agent: float(np.mean(agent.choice == 0))},
    )
    while not model.finished:
        model.step()
        collector.collect(model)
    months = collector.get_model_vars_dataframe()
    assert len(months) == model.plan.months + 1 == 21
    assert months["tension"].between(0, 1).all()
    agents = collector.get_agent_vars_dataframe()
    assert len(agents) == 21 * 5
    assert agents["first option"].between(0, 1).all()


def test_one_run_is_a_model_too() -> None:
    model = play(runs=1)
    assert sum(model.outcome_counts().values()) == 1
    assert model.outcomes().shape == (1,)


def test_a_pin_holds_and_a_shift_adds() -> None:
    np.testing.assert_allclose(play(name="drawdown-gift").variables["us_troops"], 0.1)
    model = Diplomacy(scenario_of("history", "events=[{month: 2, shift: {tariffs: 0.3}}]"), runs=4, seed=1)
    levels = []
    while model.month < 4:
        model.step()
        levels.append(model.variables["tariffs"])
    assert levels[1:3] == [pytest.approx(0.2), pytest.approx(0.5)]


def test_the_rank_counts_those_met_before_xi_and_then_stays() -> None:
    waiting, first = (
        Diplomacy(scenario_of("xi-fourth-certain"), runs=2, seed=1),
        Diplomacy(scenario_of("xi-first-certain"), runs=2, seed=1),
    )
    ranks = []
    while not waiting.finished:
        waiting.step()
        first.step()
        ranks.append(float(np.max(waiting.variables["prc_rank"])))
        assert not np.any(first.variables["prc_rank"])
    assert ranks[:4] == [0, pytest.approx(1 / 3), pytest.approx(2 / 3), 1]
    assert set(ranks[3:]) == {1}


def test_a_state_that_is_surely_better_off_with_one_option_takes_it_at_any_sharpness() -> None:
    """At a sharpness that float32 cannot carry as plain exponentials the best option is taken, not a broken one."""
    dull, sharp = (
        Diplomacy(scenario_of("history", f"assume.parameters.lam_act={lam}"), 500, 1, diary=True) for lam in (5, 100)
    )
    dull.step()
    sharp.step()
    for name, state in sharp.states.items():
        best = np.argmax(np.stack(dull.states[name].odds), axis=0)
        clear = np.sort(np.stack(dull.states[name].odds), axis=0)
        sure = clear[-1] > 2 * clear[-2]
        assert (state.choice[sure] == best[sure]).mean() > 0.99


def test_the_second_summit_of_a_month_knows_what_the_first_did() -> None:
    """In month 3 of history Kim meets Trump, then Xi, on the leverage that follows from that meeting."""
    model = Diplomacy(scenario_of("history"), runs=64, seed=1, diary=True)
    while model.month < 3:
        model.step()
    model.step()
    first, second = (meeting for meeting in model.meetings if meeting.month == 3)
    assert (first.pair.id, second.pair.id) == ("KU", "KP")
    np.testing.assert_allclose(
        first.terms["DPRK"], 0.5 + 0.5 * (model.leverage["DPRK", "US"] - model.leverage["US", "DPRK"])
    )
    np.testing.assert_allclose(
        second.terms["DPRK"], 0.5 + 0.5 * (model.leverage["DPRK", "PRC"] - model.leverage["PRC", "DPRK"])
    )
    month_began = Diplomacy(scenario_of("history"), runs=64, seed=1)
    while month_began.month < 3:
        month_began.step()
    month_began._events()
    month_began._arguments()
    np.testing.assert_array_equal(month_began.leverage["DPRK", "US"], model.leverage["DPRK", "US"])
    assert (month_began.leverage["DPRK", "PRC"] != model.leverage["DPRK", "PRC"]).any()
