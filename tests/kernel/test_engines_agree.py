"""The compiled model is Mesa's: run by run, in every shipped scenario and another case, with any numbers in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.ensemble.block import play_block, play_ends
from sim.inputs.scenario import load_scenario
from sim.kernel.compiled import compiled
from sim.model.streams import BLOCK_RUNS
from tests.kernel.helpers import CLOSE, SAME_CLASS, SCENARIOS, assert_equal_runs, both, scenario


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_is_played_alike(name: str) -> None:
    # 2,048 runs a scenario, 50,000 in all: one run in another class for each 10,000 would be the bound
    assert_equal_runs(*both(scenario(name), seed=3, runs=2048))


@pytest.mark.parametrize("name", ["xi-first", "gas:baseline"])  # a measure of the gas case can lie below 0
def test_a_block_is_the_same_in_all_its_parts(name: str) -> None:
    one, two = both(scenario(name), seed=11, runs=1001, first_run=BLOCK_RUNS, who_gained=True)
    assert_equal_runs(one, two)
    np.testing.assert_array_equal(one.counts, two.counts)
    np.testing.assert_array_equal(one.together, two.together)
    np.testing.assert_allclose(one.moments, two.moments, atol=0.02, rtol=1e-4)
    np.testing.assert_allclose(one.series, two.series, atol=0.02)
    np.testing.assert_allclose(one.leverage, two.leverage, atol=0.02)
    for mine, theirs in ((one.series_bins, two.series_bins), (one.leverage_bins, two.leverage_bins)):
        assert mine.dtype == theirs.dtype
        np.testing.assert_array_equal(mine.sum(axis=2), theirs.sum(axis=2))
        assert np.abs(mine.astype(int) - theirs.astype(int)).sum() <= 2e-4 * mine.sum()
    assert list(one.numbers) == list(two.numbers)
    for name, drawn in one.numbers.items():
        np.testing.assert_allclose(drawn, two.numbers[name], atol=2e-6)


def test_where_no_rows_are_kept_the_sums_are_the_same() -> None:
    with_rows = play_block(scenario("history"), 5, 0, 700)
    without = play_block(scenario("history"), 5, 0, 700, keep_rows=False)
    assert without.values.shape[1] == without.classes.shape[1] == without.holds.shape[1] == 0
    np.testing.assert_array_equal(with_rows.counts, without.counts)
    np.testing.assert_array_equal(with_rows.moments, without.moments)
    np.testing.assert_array_equal(with_rows.series_bins, without.series_bins)


@pytest.mark.parametrize(
    "scripts",
    [
        {"US": "always-press", "DPRK": "tit-for-tat", "PRC": "always-hold", "ROK": "always-concede"},
        {"US": "always-concede", "DPRK": "always-hold", "PRC": "tit-for-tat", "ROK": "always-press"},
    ],
    ids=lambda scripts: scripts["US"],
)
def test_scripted_behaviour_is_played_alike(scripts: dict[str, str]) -> None:
    """Each script by two states: a structure of its own is compiled for each set of them."""
    plan = load_scenario("history", set=[f"behaviour.{state}={script}" for state, script in scripts.items()])
    assert_equal_runs(*both(plan, seed=2, runs=1024))


def test_ends_are_alike_also_where_streams_have_other_names() -> None:
    def renamed(name: str) -> str:
        return f"second/{name}" if name.startswith(("claim/", "start/", "mechanism/")) else name

    plan = scenario("history")
    plain = play_ends(plan, 4, 0, 500)
    one, two = (play_ends(replace(plan, engine=engine), 4, 0, 500, renamed) for engine in ("compiled", "mesa"))
    assert (one.classes == two.classes).mean() >= SAME_CLASS
    assert (one.classes == plain.classes).mean() < 0.9
    for name, values in one.values.items():
        np.testing.assert_allclose(values, two.values[name], atol=CLOSE)
    np.testing.assert_array_equal(play_ends(plan, 4, 0, 500).classes, plain.classes)


def test_scenarios_of_a_case_share_one_file() -> None:
    shipped = [name for name in SCENARIOS if ":" not in name]
    assert len({compiled(load_scenario(name)).layout["structure"] for name in shipped}) == 1
    assert compiled(load_scenario("xi-first")) is compiled(load_scenario("drawdown-none"))


@pytest.fixture
def class_coding(tmp_path: Path) -> Path:
    """What both coders have, in other numbers, with less of it, and another of their two mechanisms."""
    file = tmp_path / "class.yaml"
    file.write_text(
        "both-or-neither: {credence: 0.9, supports: []}\n"
        "us-waits-on-seoul-track: {mechanism: agenda-control, weight: 0.7}\n"
        "pyongyang-sets-agenda: {effects: [{holder: DPRK, target: US, sign: '+', share: 0.4}]}\n"
    )
    return file


@pytest.mark.parametrize("coding", ["second", "class"])
def test_another_coding_is_other_numbers_of_the_same_file(coding: str, class_coding: Path) -> None:
    plan = load_scenario("history", set=[f"assume.coding={class_coding if coding == 'class' else coding}"])
    assert compiled(plan) is compiled(load_scenario("history"))
    one, two = both(plan, seed=8, runs=512)
    assert_equal_runs(one, two)
    assert list(one.numbers) == list(two.numbers)


def test_a_link_that_no_coder_has_is_another_file(class_coding: Path) -> None:
    class_coding.write_text("both-or-neither: {attacks: [buffer-loss-fear]}\n")
    plan = load_scenario("history", set=[f"assume.coding={class_coding}"])
    assert compiled(plan) is not compiled(load_scenario("history"))
    assert_equal_runs(*both(plan, seed=8, runs=256))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_numbers_in_their_ranges_are_played_alike(data: st.DataObject) -> None:
    plan = load_scenario("history")
    parameters = {
        name: replace(of, low=fixed, mode=fixed, high=fixed)
        for name, of in plan.case.parameters.items()
        for fixed in [data.draw(st.floats(of.low, of.high), label=name)]
    }
    claims = {
        id: replace(claim, credence=data.draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]), label=id))
        for id, claim in plan.ledger.claims.items()
    }
    changed = replace(plan, case=replace(plan.case, parameters=parameters), ledger=replace(plan.ledger, claims=claims))
    assert_equal_runs(*both(changed, seed=data.draw(st.integers(0, 2**64)), runs=256))
