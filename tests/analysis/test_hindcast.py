"""Scoring ensembles against a record: naive forecasts, the figures of MODEL.md, and a date left out."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario, run
from sim.analysis.hindcast import BEST, PERSISTENCE, UNIFORM, leave_one_out, naive, score_forecasts, threshold_ends
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


def test_scores_of_history(history: Ensemble, record: Record) -> None:
    """Uniform and the label itself are known; the model lies between, and never below its floor."""
    found = score_forecasts(record, [history])
    outcomes = len(history.names.outcomes)
    assert found.mean(UNIFORM)[0] == pytest.approx(-np.log(outcomes))
    assert all(score.brier == 0 for score in found.scores if score.forecast == BEST)
    for label in record.labels:
        best = found.at(BEST, label.month).log
        assert best == pytest.approx(sum(share * np.log(share) for share in label.classes.values() if share > 0))
        assert np.log(record.forecast_floor) <= found.at("history", label.month).log <= best


def test_a_floored_date_is_named_and_left_out_of_a_mean_of_its_own(history: Ensemble, record: Record) -> None:
    found = score_forecasts(record, [history])
    p = np.array(found.at(PERSISTENCE, record.labels[0].month).probabilities)
    y = np.array([record.labels[0].classes.get(name, 0.0) for name in found.outcomes])
    assert (record.labels[0].month in found.floored) == bool(p[y.argmax()] < record.forecast_floor)
    rest = [label.month for label in record.labels if label.month not in found.floored]
    if rest:
        kept = [found.at(PERSISTENCE, month).log for month in rest]
        assert found.mean(PERSISTENCE, found.floored)[0] == pytest.approx(np.mean(kept))
    assert set(found.beats(BEST, UNIFORM)) == {label.month for label in record.labels}


def test_persistence_is_the_label_before_and_the_start_at_first() -> None:
    labels = tuple(Label.model_construct(month=month, classes={name: 1.0}) for month, name in ((1, "a"), (2, "b")))
    start = np.array([0.25, 0.75])
    rows = dict(naive(Record("", "", "", "", 0.01, 0.001, labels, ()), ("a", "b"), start))[PERSISTENCE]
    assert np.array_equal(rows, [[0.25, 0.75], [1, 0]])


def test_leaving_a_date_out_scores_that_date_under_the_weights_of_the_others(history: Ensemble, record: Record) -> None:
    found = leave_one_out(history, record, 20)
    plain, weighted, uniform = found.scores
    assert plain.log == pytest.approx(score_forecasts(record, [history]).at("history", 20).log, abs=1e-9)
    assert found.gain == pytest.approx(weighted.log - plain.log)
    assert uniform.log == pytest.approx(-np.log(len(history.names.outcomes)), abs=0.001)
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
    thresholds = history.scenario.case.thresholds
    found = threshold_ends(history.scenario.case)
    c = thresholds["c"]
    assert {("c", c.low, c.mode), ("c", c.high, c.mode)} < set(found)
    assert all(end != usual for _, end, usual in found)
