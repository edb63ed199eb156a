"""Every number of the engine, anywhere in its range, plays; beyond it, it is refused with the range, in any case."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.ensemble.block import play_block
from sim.errors import InputError
from sim.inputs.case import Range
from sim.inputs.catalogue import settable_keys
from sim.inputs.engine_numbers import engine_numbers
from sim.inputs.scenario import load_scenario
from sim.model.diplomacy import Diplomacy

OTHER_CASE = Path(__file__).parent.parent / "other_case"
CASES = {"history": None, "river": OTHER_CASE}
RUNS = 16


def numbers_of(name: str) -> list[tuple[str, str, float, float]]:
    plan = load_scenario(name, case=CASES[name])
    return [
        (section, number, of.low, of.high)
        for section in ("parameters", "constants")
        for number, of in engine_numbers(section, plan.case.states).items()
    ]


@settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(st.data())
def test_any_numbers_of_the_engine_play_and_levels_stay_in_bounds(data: st.DataObject) -> None:
    """Small ensembles: what must not happen must not happen in any run."""
    plan = load_scenario("river", case=OTHER_CASE)
    drawn = {
        (section, name): data.draw(st.floats(low, high) | st.sampled_from([float(low), float(high)]), label=name)
        for section, name, low, high in numbers_of("river")
    }
    parameters = {name: Range(x, x, x) for (section, name), x in drawn.items() if section == "parameters"}
    constants = {name: x for (section, name), x in drawn.items() if section == "constants"}
    case = replace(
        plan.case, parameters={**plan.case.parameters, **parameters}, constants={**plan.case.constants, **constants}
    )
    plan = replace(plan, case=case)
    model = Diplomacy(plan, runs=RUNS, seed=1)
    while not model.finished:
        model.step()
        for name in case.variables:
            level = np.asarray(model.variables[name])
            assert np.isfinite(level).all(), name
            assert ((level >= 0) & (level <= 1)).all(), name
        for dyad, level in model.leverage.items():
            assert ((np.asarray(level) >= 0) & (np.asarray(level) <= 1)).all(), dyad
    played = play_block(plan, 1, 0, RUNS)
    assert played.counts.sum(axis=1).tolist() == [RUNS] * (plan.months + 1)
    assert np.isfinite(played.series).all()
    assert np.isfinite(played.leverage).all()


@pytest.mark.parametrize("name", CASES)
def test_a_number_beyond_its_range_is_refused_with_the_range(name: str) -> None:
    wrong = [f"assume.{section}.{number}={high + 1}" for section, number, _, high in numbers_of(name)]
    with pytest.raises(InputError) as refused:
        load_scenario(name, case=CASES[name], set=wrong)
    told = {fault.place.file: fault.allowed for fault in refused.value.faults}
    for section, number, low, high in numbers_of(name):
        assert told[f"--set assume.{section}.{number}"].endswith(f"to {high:g}"), number
        assert low < high


def test_a_number_of_another_case_is_held_to_the_range_of_the_engine(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("schema: 1\nextends: baseline\nparameters: {a0: 1}\n")
    with pytest.raises(InputError, match=r"mine\.yaml:3:\d+: parameters\.a0: 1; from 0\.001 to 0\.999"):
        load_scenario(path, case=OTHER_CASE)


def test_a_case_need_not_name_them_and_a_number_of_its_own_replaces_the_default_whole(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(OTHER_CASE, case)
    baseline = case / "scenarios" / "baseline.yaml"
    text = baseline.read_text("utf-8")
    assert not {"sd_mech:", "base_cap:", "confidence_widths:"} & set(text.split())
    baseline.write_text(text.replace("parameters:\n", "parameters:\n  link: 0.5\n  phi: {value: 1}\n"), "utf-8")
    mine, plain = load_scenario("baseline", case=case), load_scenario("baseline", case=OTHER_CASE)
    assert mine.case.parameters == {**plain.case.parameters, "link": Range(0.5, 0.5, 0.5), "phi": Range(1, 1, 1)}
    assert mine.changes == ()
    assert {f"shortfall_{state}" for state in mine.case.states} <= set(mine.case.parameters)


def test_numbers_that_a_case_leaves_to_the_engine_are_listed_with_their_meaning() -> None:
    key = next(
        each
        for each in settable_keys(load_scenario("baseline", case=OTHER_CASE), "precedent")
        if each.key.endswith(".precedent")
    )
    assert key.meaning
    assert "0 to 1" in key.value
