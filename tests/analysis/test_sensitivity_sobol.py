"""Sobol indices: Ishigami's function, agreement with SciPy's own estimator, and chance that drops out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import load_scenario
from sim.analysis.sensitivity import assumption_streams, indices, player, second_of
from sim.model.streams import RenamedStreams, Streams

NAMES = ("x1", "x2", "x3")
FIRST = [0.3139, 0.4424, 0.0]
TOTAL = [0.5576, 0.4424, 0.2437]


def ishigami_play(worlds: int, noise: float) -> Callable[[Callable[[str], bool]], np.ndarray]:
    chance = noise * np.random.default_rng(9).normal(size=(2, 1, worlds))

    def play(swapped: Callable[[str], bool]) -> np.ndarray:
        streams = RenamedStreams(second_of(swapped), 7, 2 * worlds)
        x = [np.pi * (2 * streams.world_uniforms(name).astype(float) - 1) for name in NAMES]
        y = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
        return np.stack([y, y])[:, None] + chance

    return play


@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_ishigami_with_and_without_chance(noise: float) -> None:
    found = indices({name: [name] for name in NAMES}, ishigami_play(2**15, noise))
    assert found.worlds == 2**15
    assert found.variance[0] == pytest.approx(13.845, rel=0.03)
    assert found.first[:, 0] == pytest.approx(FIRST, abs=0.03)
    assert found.total[:, 0] == pytest.approx(TOTAL, abs=0.03)
    assert np.all(np.abs(found.first[:, 0] - FIRST) < 4 * found.first_se[:, 0])
    assert np.all(np.abs(found.total[:, 0] - TOTAL) < 4 * found.total_se[:, 0] + 1e-4)


def test_without_chance_it_is_scipys_own_estimate() -> None:
    from scipy.stats import sobol_indices

    play = ishigami_play(1024, 0)
    pages = [play(swap)[0] for swap in (lambda _: False, lambda _: True)]
    pages += [play(lambda name, own=own: name == own)[0] for own in NAMES]
    theirs = sobol_indices(func={"f_A": pages[0], "f_B": pages[1], "f_AB": np.stack(pages[2:])}, n=1024)
    ours = indices({name: [name] for name in NAMES}, play)
    assert ours.first[:, 0] == pytest.approx(theirs.first_order.ravel(), abs=1e-9)
    assert ours.total[:, 0] == pytest.approx(theirs.total_order.ravel(), abs=1e-9)


def test_a_group_holds_all_that_its_members_do_together() -> None:
    found = indices({"all": NAMES, "last two": NAMES[1:]}, ishigami_play(4096, 0))
    assert found.total[0, 0] == pytest.approx(1, abs=0.05)
    assert found.first[0, 0] == pytest.approx(1, abs=0.05)
    assert found.total[1, 0] == pytest.approx(0.4424 + 0.2437, abs=0.05)


def test_nothing_swapped_is_the_ensembles_own_worlds() -> None:
    own = RenamedStreams(second_of(lambda _: False), 5, 100)
    assert np.array_equal(own.world_uniforms("claim/x"), Streams(5, 100).world_uniforms("claim/x"))
    other = RenamedStreams(second_of(lambda _: True), 5, 100)
    assert not np.array_equal(other.world_normals("mechanism/x"), Streams(5, 100).world_normals("mechanism/x"))


def test_the_model_played_with_swapped_streams() -> None:
    scenario = load_scenario("history", months=1)
    names = assumption_streams(scenario)
    assert {"parameter/a0", "start/tension"} < set(names)
    assert {f"claim/{claim}" for claim in scenario.ledger.claims} < set(names)
    play = player(scenario, ("test-pause", "tension"), 64, 3)
    as_drawn, again = play(lambda _: False), play(lambda name: name == "no such stream")
    assert as_drawn.shape == (2, 2, 64)
    assert np.array_equal(as_drawn, again)
    assert not np.array_equal(as_drawn, play(lambda name: name.startswith("start/")))


def test_the_errors_are_as_large_as_the_spread_of_fresh_designs() -> None:
    def play_of(seed: int) -> Callable[[Callable[[str], bool]], np.ndarray]:
        def play(swapped: Callable[[str], bool]) -> np.ndarray:
            streams = RenamedStreams(second_of(swapped), seed, 1024)
            x = [streams.world_uniforms(name).astype(float) for name in NAMES]
            y = 10 + x[0] + 2 * x[1] * x[2]
            return np.stack([y, y])[:, None]

        return play

    found = [indices({name: [name] for name in NAMES}, play_of(seed)) for seed in range(60)]
    for shares, errors in (("total", "total_se"), ("first", "first_se")):
        spread = np.std([getattr(each, shares)[:, 0] for each in found], axis=0)
        said = np.mean([getattr(each, errors)[:, 0] for each in found], axis=0)
        assert said == pytest.approx(spread, rel=0.4)


def test_nothing_is_said_of_a_group_that_makes_a_difference_in_few_worlds() -> None:
    """An event of one world in fifty that x1 alone decides, but for x2 in one of 5,000: its share is not 0 ± 0."""

    def play(swapped: Callable[[str], bool]) -> np.ndarray:
        streams = RenamedStreams(second_of(swapped), 7, 8192)
        x1, x2, x3 = (streams.world_uniforms(name).astype(float) for name in NAMES)
        y = ((x1 < 0.02) | (x2 < 0.0002)).astype(float) + 0 * x3
        return np.stack([y, y])[:, None]

    found = indices({name: [name] for name in NAMES}, play)
    assert found.total[0, 0] > 0.5
    assert np.isnan(found.total[1:, 0]).all()
    assert np.isnan(found.total_se[1:, 0]).all()
