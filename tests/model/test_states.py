"""The states against scripted opponents: subclasses and replaced choices show what a menu and its effects do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.model.diplomacy import Diplomacy
from sim.model.states import State
from tests.model.settings import scenario_of

RUNS = 512


def always(place: Callable[[State], int]) -> Callable[[Diplomacy], Diplomacy]:
    """A model in which every state takes the option that ``place`` names, each month."""

    def script(model: Diplomacy) -> Diplomacy:
        for state in model.states.values():
            _script(state, place)
        return model

    return script


def _script(state: State, place: Callable[[State], int]) -> None:
    def choose() -> None:
        state.choice = np.full(state.model.runs, place(state), dtype=np.int8)

    state.choose = choose  # type: ignore[method-assign]


def reference_option(state: State) -> int:
    assert state.menu is not None
    return [option.reference for option in state.menu.options].index(True)


def model(scenario: str = "history") -> Diplomacy:
    return Diplomacy(scenario_of(scenario), runs=RUNS, seed=4)


def test_where_all_hold_sanctions_move_only_by_a_deal() -> None:
    """Of the reference options only the DPRK's short-range test has effects, and they touch no sanctions."""
    held = always(reference_option)(model())
    before = held.variables["sanctions"]
    while held.month < 3:  # the first American summit is in month 3
        held.step()
        np.testing.assert_allclose(held.variables["sanctions"], before, atol=1e-6)
        assert np.min(held.variables["short_range_tests"]) > 0.5
    held.step()
    held.step()  # a deal is given in months, from the one after it is signed
    assert (held.variables["sanctions"] < before).any()


def test_where_all_take_their_first_option_peace_grows_and_pressure_falls() -> None:
    doves, hawks = always(lambda state: 0)(model()), always(lambda state: 2)(model())
    while not doves.finished:
        doves.step()
        hawks.step()
    for lower_for_doves in ("tension", "exercises", "prc_enforcement", "strategic_tests", "sanctions"):
        assert np.mean(doves.variables[lower_for_doves]) < np.mean(hawks.variables[lower_for_doves])
    for higher_for_doves in ("momentum", "aid", "rok_ties", "rus_ties", "prc_ties"):
        assert np.mean(doves.variables[higher_for_doves]) > np.mean(hawks.variables[higher_for_doves])
    assert doves.outcome_counts()["mirage"] < hawks.outcome_counts()["mirage"]


def test_only_the_scripted_state_differs_in_the_first_month() -> None:
    free, scripted = model(), model()
    _script(scripted.states["PRC"], lambda state: 0)
    free.step()
    scripted.step()
    assert (scripted.states["PRC"].choice == 0).all()
    for state in ("DPRK", "US", "ROK", "RUS"):
        np.testing.assert_array_equal(free.states[state].choice, scripted.states[state].choice)


class Stubborn(State):
    """Never moves: takes its reference option whatever happens."""

    def choose(self) -> None:
        self.choice = np.full(self.model.runs, reference_option(self), dtype=np.int8)


def test_a_subclass_can_take_a_seat() -> None:
    played = model()
    sitting = played.states["US"]
    sitting.__class__ = Stubborn
    while not played.finished:
        played.step()
        assert (sitting.choice == reference_option(sitting)).all()


@pytest.mark.parametrize("state", ["DPRK", "PRC", "US", "ROK", "RUS"])
def test_options_are_taken_as_often_as_their_odds_say(state: str) -> None:
    """8,192 runs of month 0, 5 options at 4 standard errors: a right choice misses with a chance of 0.1%."""
    played = Diplomacy(scenario_of("history"), runs=8192, seed=6, diary=True)
    played.step()
    agent = played.states[state]
    for place, odds in enumerate(agent.odds):
        taken = (agent.choice == place).astype(np.float64)
        se = np.sqrt((odds * (1 - odds)).mean() / len(taken))
        assert abs(taken.mean() - odds.mean()) < 4 * se


def test_the_order_in_which_agents_are_called_does_not_matter() -> None:
    """Backwards instead of forwards: all read the month as it was before anybody moved."""
    listed, shuffled = model(), model()
    for each in list(shuffled.agents):
        each.remove()
    for each in reversed(list(shuffled.states.values())):
        shuffled.register_agent(each)
    assert [agent.name for agent in shuffled.agents] == [agent.name for agent in listed.agents][::-1]
    while not listed.finished:
        listed.step()
        shuffled.step()
    for name, value in listed.variables.items():
        np.testing.assert_allclose(shuffled.variables[name], value, atol=2e-6)
