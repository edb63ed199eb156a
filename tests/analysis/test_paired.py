"""Holm's adjustment and the normal test against hand-worked numbers; what intervals cover where they are shown."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from sim.analysis.effects import newcombe_interval
from sim.analysis.paired import ENOUGH_CHANGED, FEW_CHANGED, given_shown, holm, paired, two_sided

MOST = 70  # of worlds that differ; more have no part in expectations of up to 40
EXPECTED = (0, 0.1, 0.3, 1, 2, 4, 6, 8, 10, 12, 16, 20, 30)


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


def covered_where_shown(intervals: np.ndarray, chance: np.ndarray, truth: float) -> float:
    """The exact coverage of intervals [low, high] of shape (2, MOST, MOST), given that they are shown."""
    low, high = intervals
    return float(chance[(low <= truth + 1e-12) & (truth <= high + 1e-12)].sum() / chance[np.isfinite(low)].sum())


@pytest.mark.parametrize("worlds", [500, 5000])
def test_a_difference_that_few_worlds_make_is_covered_where_it_is_shown(worlds: int) -> None:
    """Exactly, by all numbers of worlds that differ one way and the other. Without ``given_shown`` it is down to 0."""
    one, other = np.indices((MOST, MOST))
    intervals = np.full((2, MOST, MOST), np.nan)
    for up, down in np.argwhere((one + other >= FEW_CHANGED) & (one + other < MOST)):
        found = paired(np.repeat([1.0, -1.0, 0.0], [up, down, worlds - up - down])[None])[0]
        intervals[:, up, down] = found.low, found.high
    for up in EXPECTED[1:]:
        for down in (each for each in EXPECTED if each <= up and each + up <= 40):
            many = binom.pmf(one + other, worlds, (up + down) / worlds)
            chance = many * binom.pmf(one, one + other, up / (up + down))
            assert covered_where_shown(intervals, chance, (up - down) / worlds) > 0.92, (up, down)


@pytest.mark.parametrize(("worlds", "part"), [(500, 0.5), (500, 0.05), (5000, 0.3), (5000, 0.05)])
def test_an_effect_on_a_rare_ending_is_covered_where_it_is_shown(worlds: int, part: float) -> None:
    """Exactly, with a claim that holds in a part of the worlds; without ``given_shown`` it is down to 0."""
    sizes = np.array([worlds * part, worlds * (1 - part)])
    counts = np.indices((MOST, MOST))
    counts = np.minimum(counts, sizes[:, None, None])
    interval = newcombe_interval(counts / sizes[:, None, None], np.broadcast_to(sizes[:, None, None], counts.shape))
    total = np.indices((MOST, MOST)).sum(axis=0)
    intervals = np.where(total >= FEW_CHANGED, given_shown(*interval, total), np.nan)
    for holds in (each for each in EXPECTED if each < sizes[0]):
        for fails in (each for each in EXPECTED if 0 < each + holds <= 40):
            chances = np.array([holds, fails]) / sizes
            chance = np.outer(*(binom.pmf(np.arange(MOST), n, p) for n, p in zip(sizes, chances, strict=True)))
            covered = covered_where_shown(intervals, chance, chances[0] - chances[1])
            assert covered > 0.92, (holds, fails)


def test_an_interval_that_is_always_shown_is_left_as_it_is() -> None:
    low, high = given_shown([1.0, -2.0], [2.0, -1.0], ENOUGH_CHANGED)
    assert (low.tolist(), high.tolist()) == ([1.0, -2.0], [2.0, -1.0])
