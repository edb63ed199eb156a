"""``Diplomacy`` is what a Mesa user takes it for, on Mesa 3.3 and 3.5."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import mesa
import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.model.diplomacy import Diplomacy
from tests.model.modellers_lesson import WithARule, main, played

PLAN = load_scenario("history", months=4)


def test_run_model_ends_after_the_last_month() -> None:
    model = Diplomacy(PLAN, runs=4)
    model.run_model()
    assert (model.month, model.steps, model.running) == (5, 5, False)


def test_a_model_that_nobody_holds_is_freed() -> None:
    model = Diplomacy(PLAN, runs=4)
    assert sorted(state.unique_id for state in model.states.values()) == [*range(1, len(model.states) + 1)]
    held = weakref.ref(model)
    del model
    gc.collect()
    assert held() is None


def test_a_step_past_the_end_does_nothing() -> None:
    model = Diplomacy(PLAN, runs=4)
    model.run_model()
    before = dict(model.variables)
    model.step()
    assert model.month == 5
    assert all(model.variables[name] is value for name, value in before.items())


def test_batch_run_plays_and_collects() -> None:
    found = mesa.batch_run(
        Diplomacy, {"scenario": PLAN, "runs": [4, 6]}, data_collection_period=1, display_progress=False
    )
    assert len(found) == 10
    for row in found:
        assert sum(row[rule.name] for rule in PLAN.case.outcomes) == pytest.approx(1)
        assert 0 <= row["tension"] <= 1
        assert 0 <= row["leverage.US.DPRK"] <= 1


@pytest.mark.parametrize("other", [{"rng": 7}, {"rng": np.int64(7)}, {}])
def test_seed_and_rng_are_both_taken(other: dict[str, int]) -> None:
    model, twin = Diplomacy(PLAN, runs=64, seed=7), Diplomacy(PLAN, runs=64, **(other or {"seed": 7}))
    for each in (model, twin):
        each.run_model()
    np.testing.assert_array_equal(model.outcomes(), twin.outcomes())
    np.testing.assert_array_equal(model.variables["tension"], twin.variables["tension"])


def test_generators_and_sequences_are_seeds_too() -> None:
    tensions = []
    for rng in (np.random.default_rng(3), np.random.SeedSequence(3), [1, 2, 3]):
        model = Diplomacy(PLAN, runs=8, rng=rng)
        model.run_model()
        tensions.append(float(model.variables["tension"].sum()))
    assert len(set(tensions)) > 1


def test_seed_and_rng_together_are_refused() -> None:
    with pytest.raises(ValueError, match="not both"):
        Diplomacy(PLAN, runs=2, seed=1, rng=1)


def test_what_it_is_can_be_read() -> None:
    model = Diplomacy(PLAN, runs=4)
    model.step()
    assert repr(model) == "<Diplomacy history: 4 runs, 1 of 5 months>"
    assert repr(model.states["DPRK"]) == "<State DPRK: 3 options a month>"


def test_the_collector_has_every_month() -> None:
    model = played(Diplomacy, runs=16)
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == model.plan.months + 1
    assert table["tension"].iloc[-1] == pytest.approx(float(model.variables["tension"].mean()))
    shares = np.bincount(model.outcomes(), minlength=len(model.case.outcomes)) / model.runs
    assert table.iloc[-1][[rule.name for rule in model.case.outcomes]].tolist() == pytest.approx(shares.tolist())


def test_the_modellers_lesson_runs(tmp_path: Path) -> None:
    main(str(tmp_path / "lesson.svg"))
    assert (tmp_path / "lesson.svg").read_text("utf-8").startswith("<?xml")
    ruled, plain = played(WithARule, runs=64), played(Diplomacy, runs=64)
    assert set(np.unique(ruled.states["US"].choice)) <= {0, 2}
    assert not np.array_equal(ruled.variables["pressure"], plain.variables["pressure"])
