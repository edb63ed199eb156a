"""First-order shares: Ishigami's function, a straight line, a coin, and nothing at all."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.sensitivity import equal_bins, explained_alone


def ishigami(x: np.ndarray) -> np.ndarray:
    """Ishigami and Homma 1990 with a = 7, b = 0.1; shares .3139, .4424, 0."""
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_ishigami() -> None:
    x = np.random.default_rng(1).uniform(-np.pi, np.pi, (3, 2**16))
    y = ishigami(x)
    found = explained_alone([equal_bins(row, 128) for row in x], y[None])
    assert found.variance[:, 0] / y.var() == pytest.approx([0.3139, 0.4424, 0], abs=0.006)
    assert found.p[0, 0] < 1e-6
    assert found.p[2, 0] > 1e-3


def test_bins_hold_as_many_worlds_each_as_can_be() -> None:
    counts = np.bincount(equal_bins(np.random.default_rng(2).random(4321)))
    assert len(counts) == 20
    assert counts.max() - counts.min() <= 1


def test_few_worlds_get_few_bins() -> None:
    assert equal_bins(np.arange(50.0)).max() == 1


def test_a_claim_is_two_bins_and_its_share_is_the_squared_correlation() -> None:
    rng = np.random.default_rng(3)
    holds = rng.random(20_000) < 0.3
    y = 2.0 * holds + rng.normal(size=20_000)
    found = explained_alone([holds.astype(int)], y[None])
    expected = 4 * 0.3 * 0.7 / (4 * 0.3 * 0.7 + 1)
    assert found.variance[0, 0] / y.var() == pytest.approx(expected, abs=4 * found.se[0, 0] / y.var())


def test_noise_explains_nothing_on_average_and_its_error_is_as_said() -> None:
    """Without the correction 20 bins would explain 19/1999 of pure noise."""
    rng = np.random.default_rng(4)
    shares, errors, small = [], [], 0
    for _ in range(300):
        y = rng.normal(size=2000)
        found = explained_alone([equal_bins(rng.random(2000))], y[None])
        shares.append(found.variance[0, 0])
        errors.append(found.se[0, 0])
        small += found.p[0, 0] < 0.05
    assert np.mean(shares) == pytest.approx(0, abs=4 * np.std(shares) / np.sqrt(300))
    assert np.std(shares) == pytest.approx(np.mean(errors), rel=0.25)
    assert small / 300 == pytest.approx(0.05, abs=0.045)


def test_what_never_differs_explains_nothing() -> None:
    found = explained_alone([np.zeros(100, dtype=int)], np.random.default_rng(5).random((1, 100)))
    assert (found.variance[0, 0], found.se[0, 0], found.p[0, 0]) == (0, 0, 1)
    flat = explained_alone([equal_bins(np.arange(100.0))], np.ones((1, 100)))
    assert (flat.variance[0, 0], flat.se[0, 0], flat.p[0, 0]) == (0, 0, 1)
