"""Scripted behaviour: what each rule does, month by month and at the table, from Python and from YAML."""

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.inputs.schema_scenario import BehaviourName
from sim.model.behaviours import BEHAVIOURS, CONCEDE, HOLD, PRESS, partners, place_of, stance_of
from sim.model.diplomacy import Diplomacy

RUNS = 64


def played(months, **behaviours):
    """A model with these behaviours, and the choices of every state in each month."""
    model = Diplomacy(load_scenario("history"), runs=RUNS, seed=5, diary=True)
    for state, name in behaviours.items():
        model.states[state].behaviour = BEHAVIOURS[name]
    choices = []
    for _ in range(months):
        model.step()
        choices.append({name: state.choice.copy() for name, state in model.states.items()})
    return model, choices


@pytest.mark.parametrize(
    ("name", "stance"), [("always-hold", HOLD), ("always-concede", CONCEDE), ("always-press", PRESS)]
)
@pytest.mark.parametrize("state", ["DPRK", "PRC", "US", "ROK", "RUS"])
def test_who_always_does_a_thing_always_does_it(state, name, stance):
    model, choices = played(3, **{state: name})
    wanted = place_of(model.states[state].menu, stance)
    assert all((month[state] == wanted).all() for month in choices)


def test_a_menu_is_read_around_its_reference():
    menu = load_scenario("history").case.menus["US"]
    assert [option.name for option in menu.options] == ["ease", "hold", "press"]
    assert list(stance_of(menu, np.array([0, 1, 2], dtype=np.int8))) == [CONCEDE, HOLD, PRESS]


def test_tit_for_tat_concedes_at_first_and_then_mirrors_its_one_partner():
    model, choices = played(4, US="tit-for-tat")
    theirs, mine = model.states["DPRK"].menu, model.states["US"].menu
    assert (choices[0]["US"] == 0).all()
    for before, after in pairwise(choices):
        assert (stance_of(mine, after["US"]) == stance_of(theirs, before["DPRK"])).all()


def test_tit_for_tat_among_several_answers_the_side_on_which_most_are():
    model, choices = played(3, DPRK="tit-for-tat", US="always-press", PRC="always-press", ROK="always-press")
    assert len(partners(model.states["DPRK"])) == 4
    assert (choices[1]["DPRK"] == place_of(model.states["DPRK"].menu, PRESS)).all()


def test_who_concedes_signs_everything_and_who_holds_signs_nothing():
    both, _ = played(4, DPRK="always-concede", PRC="always-concede", ROK="always-concede", US="always-concede")
    assert both.meetings
    assert all(meeting.deal.all() for meeting in both.meetings)
    none, _ = played(4, DPRK="always-hold")
    assert not any(meeting.deal.any() for meeting in none.meetings)


def test_tit_for_tat_refuses_whom_it_sees_pressing():
    model, _ = played(4, DPRK="always-press", PRC="tit-for-tat", ROK="tit-for-tat", US="tit-for-tat")
    assert all(
        (accept[meeting.pair.other("DPRK")] == 0).all() for meeting in model.meetings for accept in meeting.accepts
    )


def test_the_model_s_own_rule_is_the_default_bit_for_bit():
    plain, choices = played(3)
    named = Diplomacy(load_scenario("history", set=["behaviour.US=model"]), runs=RUNS, seed=5)
    for _ in range(3):
        named.step()
    assert (named.states["US"].choice == choices[-1]["US"]).all()
    assert (named.variables["tension"] == plain.variables["tension"]).all()


def test_yaml_names_the_rules_that_there_are():
    assert set(get_args(BehaviourName)) == set(BEHAVIOURS)
    scenario = load_scenario("history", set=["behaviour.US=always-press"])
    assert scenario.behaviour == (("US", "always-press"),)
    model = Diplomacy(scenario, runs=8, seed=1)
    model.step()
    assert (model.states["US"].choice == 2).all()
