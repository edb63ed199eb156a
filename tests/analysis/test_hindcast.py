"""Scoring ensembles against a record: naive forecasts, the figures of the written model, and a date left out."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario, run
from sim.analysis.hindcast import BEST, PERSISTENCE, UNIFORM, leave_one_out, naive, score_forecasts
from sim.analysis.hindcast_thresholds import threshold_ends
from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.inputs.records import Label, Record, load_record

RUNS = 8192


@pytest.fixture(scope="module")
def history() -> Ensemble:
    return run(load_scenario("history", set=["assume.coding=first"]), RUNS, 2018)


@pytest.fixture(scope="module")
def record(history: Ensemble) -> Record:
    return load_record(history.names.outcomes)


def test_the_written_scores_of_history(history: Ensemble, record: Record) -> None:
    """The reference run: -1.31, -1.28, -1.74, -2.80; mean Brier .19. Its 57 claims have grown, so the bound is
    wide.
    """
    found = score_forecasts(record, [history])
    logs = [found.at("history", month).log for month in (3, 6, 12, 20)]
    assert logs == pytest.approx([-1.31, -1.28, -1.74, -2.80], abs=0.12)
    assert found.mean("history")[1] == pytest.approx(0.19, abs=0.03)
    assert found.mean(UNIFORM)[0] == pytest.approx(-2.20, abs=0.005)
    assert [found.at(BEST, month).log for month in (3, 6, 12, 20)] == pytest.approx(
        [-0.80, -0.87, -1.03, -1.19], abs=0.006
    )
    assert all(score.brier == 0 for score in found.scores if score.forecast == BEST)


def test_persistence_is_the_label_before_and_the_start_at_first() -> None:
    labels = tuple(Label(month, "2018-01-01", {name: 1.0}, "", "") for month, name in ((1, "a"), (2, "b")))
    start = np.array([0.25, 0.75])
    rows = dict(naive(Record("", "", "", 0.01, 0.001, labels, ()), ("a", "b"), start))[PERSISTENCE]
    assert np.array_equal(rows, [[0.25, 0.75], [1, 0]])


def test_leaving_a_date_out_scores_that_date_under_the_weights_of_the_others(history: Ensemble, record: Record) -> None:
    found = leave_one_out(history, record, 20)
    plain, weighted, uniform = found.scores
    assert plain.log == pytest.approx(score_forecasts(record, [history]).at("history", 20).log, abs=1e-9)
    assert found.gain == pytest.approx(weighted.log - plain.log)
    assert uniform.log == pytest.approx(-2.197, abs=0.001)
    assert 0 < found.gain_se < 0.2
    assert found.effective < RUNS / 2


def test_the_error_of_the_gain_is_as_large_as_its_spread(history: Ensemble, record: Record) -> None:
    found = [leave_one_out(run(history.scenario, 400, seed), record, 12) for seed in range(14)]
    spread = np.std([each.gain for each in found])
    assert np.mean([each.gain_se for each in found]) == pytest.approx(spread, rel=0.6)


def test_months_that_have_no_label_are_refused(history: Ensemble, record: Record) -> None:
    with pytest.raises(InputError, match="--leave-out: month: 7; one of 3, 6, 12, 20"):
        leave_one_out(history, record, 7)
    with pytest.raises(InputError, match="at least 20, the last labelled month"):
        score_forecasts(record, [run(load_scenario("history", months=12), 10, 1)])


def test_the_ends_of_the_disputed_thresholds(history: Ensemble) -> None:
    found = {(name, end) for name, end, _ in threshold_ends(history.scenario.case)}
    assert {("c", 0.06), ("c", 0.14), ("k", 0.5), ("n_mid", 0.8)} < found
    assert len(found) == 14
