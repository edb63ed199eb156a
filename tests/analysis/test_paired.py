"""Holm's adjustment and the normal test against hand-worked numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sim.analysis.paired import holm, two_sided


def test_holm_1979_by_hand() -> None:
    """.01, .04, .03, .005 become .03, .06, .06, .02."""
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_holm_never_exceeds_one_and_keeps_the_order() -> None:
    adjusted = holm(np.array([0.9, 0.2, 0.6]))
    assert adjusted.tolist() == pytest.approx([1.0, 0.6, 1.0])


def test_holm_of_nothing() -> None:
    assert holm(np.array([])).size == 0


def test_two_sided_normal() -> None:
    assert two_sided(1.959963984540054, 1) == pytest.approx(0.05)
    assert two_sided(-2.5758293035489004, 1) == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("estimate", "se", "p"), [(0, 0, 1), (0, 1, 1), (1, 0, 0), (float("nan"), 1, 1), (1, float("nan"), 1)]
)
def test_two_sided_at_the_edges(estimate: float, se: float, p: float) -> None:
    assert two_sided(estimate, se) == p
