"""The ensemble is the same whoever computes it, and grows at its end only."""

from __future__ import annotations

import numpy as np
import pytest

from sim.ensemble import finished_blocks, run
from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS
from tests.ensemble.helpers import assert_same_bits

pytestmark = pytest.mark.usefixtures("small_blocks")
RUNS = 2 * BLOCK_RUNS + 1001  # three blocks, the last of them odd


@pytest.fixture(scope="module")
def alone(brief: Scenario, small_blocks: None) -> Ensemble:
    return run.run(brief, RUNS, 7, workers=1)


@pytest.mark.parametrize(("executor", "workers"), [("processes", 2), ("processes", 3), ("threads", 2)])
def test_the_executor_changes_no_bit(brief: Scenario, alone: Ensemble, executor: str, workers: int) -> None:
    assert_same_bits(alone, run.run(brief, RUNS, 7, workers=workers, executor=executor))


@pytest.mark.parametrize("runs", [1, 2, 999, 1000, BLOCK_RUNS, BLOCK_RUNS + 1])
def test_the_first_runs_of_a_longer_ensemble_are_the_shorter_one(brief: Scenario, alone: Ensemble, runs: int) -> None:
    few = run.run(brief, runs, 7)
    worlds = (runs + 1) // 2
    assert np.array_equal(few.values, alone.values[:, :runs], equal_nan=True)
    assert np.array_equal(few.classes, alone.classes[:, :runs])
    assert np.array_equal(few.holds, alone.holds[:, :worlds])
    assert all(np.array_equal(few.numbers[name], alone.numbers[name][:worlds]) for name in alone.numbers)


def test_an_odd_number_of_runs_leaves_one_world_with_one_play(alone: Ensemble) -> None:
    assert (alone.runs, alone.kept_runs, alone.pairs, alone.holds.shape[1]) == (RUNS, RUNS, RUNS // 2, RUNS // 2 + 1)
    assert (alone.counts.sum(axis=1) == RUNS).all()
    assert (alone.series_bins.sum(axis=2) == RUNS).all()
    assert (alone.leverage_bins.sum(axis=2) == RUNS).all()
    for classes, together in zip(alone.classes, alone.together, strict=True):
        assert (classes[0:-1:2] == classes[1::2]).sum() == together.sum()


def test_statistics_are_those_of_the_rows(alone: Ensemble) -> None:
    for place in range(len(alone.names.outcomes)):
        assert (alone.counts[:, place] == (alone.classes == place).sum(axis=1)).all()
    assert np.allclose(alone.moments[0], np.nansum(alone.values, axis=1, dtype=np.float64), rtol=1e-12)


def test_rows_are_capped_and_statistics_are_not(
    brief: Scenario, alone: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finished_blocks, "ROWS_KEPT", 5_000)
    monkeypatch.setattr(finished_blocks, "NUMBERS_KEPT", 2_500)
    capped = run.run(brief, RUNS, 7)
    assert (capped.runs, capped.kept_runs, capped.holds.shape[1]) == (RUNS, 5_000, 2_500)
    assert {len(drawn) for drawn in capped.numbers.values()} == {1_250}
    assert np.array_equal(capped.counts, alone.counts)
    assert capped.moments.tobytes() == alone.moments.tobytes()
    assert np.array_equal(capped.values, alone.values[:, :5_000], equal_nan=True)


def test_every_finished_block_is_told(brief: Scenario) -> None:
    told: list[int] = []
    run.run(brief, BLOCK_RUNS + 10, 7, on_block=told.append)
    assert told == [BLOCK_RUNS, 10]


def test_an_ensemble_and_its_scenario_name_themselves_in_a_line(brief: Scenario) -> None:
    assert repr(run.run(brief, 10, 7)) == "<Ensemble baseline: 10 runs of 2 months, seed 7>"
    assert repr(brief) == f"<Scenario baseline: {len(brief.ledger.claims)} claims, 2 months>"


def test_no_runs_are_refused(brief: Scenario) -> None:
    with pytest.raises(ValueError, match="at least one run"):
        run.run(brief, 0, 7)


def test_a_name_in_place_of_a_scenario_is_answered_with_the_line_to_write() -> None:
    with pytest.raises(TypeError, match=r"run\(load_scenario\('xi-first'\)\)"):
        run.run("xi-first")  # type: ignore[arg-type]


@pytest.mark.parametrize(("executor", "workers"), [("procesess", 1), ("dask:", 1), ("threads", 0), ("processes", -2)])
def test_an_unknown_executor_or_no_worker_is_bad_input(brief: Scenario, executor: str, workers: int) -> None:
    with pytest.raises(InputError):
        run.run(brief, 10, 7, executor=executor, workers=workers)


def test_another_seed_is_another_ensemble(brief: Scenario, alone: Ensemble) -> None:
    other = run.run(brief, 1000, 8)
    assert not np.array_equal(other.classes[-1], alone.classes[-1, :1000])
