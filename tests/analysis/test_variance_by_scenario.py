"""The split of variance over scenarios, against a model whose parts are known."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.variance import variance_split


def test_known_parts() -> None:
    """Scenario +-1 (variance 1), world (4), scenario times world (.25), chance (9)."""
    rng = np.random.default_rng(1)
    worlds = 40_000
    w = rng.normal(size=worlds)
    values = np.empty((2, 2, worlds))
    chance = 3 * rng.normal(size=(2, worlds))
    for s, sign in enumerate((-1, 1)):
        values[s] = sign + 2 * w + 0.5 * sign * w + chance
    found = variance_split(values)
    whole = 1 + 4 + 0.25 + 9
    assert found.scenario == pytest.approx(1 / whole, abs=0.003)
    assert found.with_assumptions == pytest.approx(0.25 / whole, abs=0.003)
    assert found.assumptions == pytest.approx(4 / whole, abs=0.02)
    assert found.chance == pytest.approx(9 / whole, abs=0.02)
    assert found.means == pytest.approx((-1, 1), abs=0.1)


def test_scenarios_that_do_nothing_share_nothing_on_average() -> None:
    rng = np.random.default_rng(2)
    found = [variance_split(rng.normal(size=(3, 2, 500))) for _ in range(200)]
    shares = np.array([each.scenario for each in found])
    assert shares.mean() == pytest.approx(0, abs=4 * shares.std() / np.sqrt(200))
    assert np.mean([each.se or 0 for each in found]) == pytest.approx(shares.std(), rel=0.5)


def test_what_never_differs_has_no_shares() -> None:
    assert variance_split(np.ones((2, 2, 50))).scenario is None
