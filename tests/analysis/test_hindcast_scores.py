"""Scores with answers worked out by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.hindcast import brier, brier_binary, log_score, ranked_probability


def test_brier_of_seven_tenths_on_yes_is_nine_hundredths() -> None:
    assert brier_binary(0.7, 1) == pytest.approx(0.09)
    assert brier(np.array([0.7, 0.3]), np.array([1.0, 0.0])) == pytest.approx(2 * 0.09)


def test_ranked_probability_score_by_hand() -> None:
    p, y = np.array([0.2, 0.5, 0.3]), np.array([0.0, 0.0, 1.0])
    assert ranked_probability(p, y) == pytest.approx((0.2**2 + 0.7**2) / 2)
    near, far = np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])
    assert ranked_probability(near, y) == pytest.approx(0.5)
    assert ranked_probability(far, y) == pytest.approx(1)


def test_log_score_of_uniform_and_of_what_was_held_impossible() -> None:
    y = np.array([0.45, 0.3, 0.25])
    assert log_score(np.full(3, 1 / 3), y, 0.001) == pytest.approx(-log(3))
    assert log_score(np.array([0.0, 0.5, 0.5]), y, 0.001) == pytest.approx(0.45 * log(0.001) + 0.55 * log(0.5))


def test_uniform_scores_of_the_written_hindcast() -> None:
    """The reference figures for month 20: log score -2.20, Brier .22; the best possible -1.19."""
    y = np.array([0, 0, 0, 0, 0, 0.45, 0.05, 0.3, 0.2])
    uniform = np.full(9, 1 / 9)
    assert log_score(uniform, y, 0.001) == pytest.approx(-2.20, abs=0.005)
    assert log_score(y, y, 0.001) == pytest.approx(-1.19, abs=0.005)
    assert brier(uniform, y) == pytest.approx(0.22, abs=0.005)


def shares(size: int) -> st.SearchStrategy[np.ndarray]:
    return st.lists(st.floats(0.01, 1), min_size=size, max_size=size).map(lambda w: np.array(w) / sum(w))


@given(shares(5), shares(5))
def test_no_forecast_beats_the_label_itself(p: np.ndarray, y: np.ndarray) -> None:
    assert log_score(p, y, 1e-9) <= log_score(y, y, 1e-9) + 1e-12
    assert brier(p, y) >= brier(y, y) == 0
    assert 0 == ranked_probability(y, y) <= ranked_probability(p, y) <= 1
