"""Reweighting and effects on toy worlds that can be solved by hand."""

from __future__ import annotations

from itertools import product

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.effects import cause_effects, claim_effects
from sim.analysis.reweight import Holding, effective_worlds, world_weights
from sim.analysis.world_means import WorldTable
from sim.inputs.ledger import cause_credence
from tests.reweighted import reweight

Bools = npt.NDArray[np.bool_]


def two_claims(counts: dict[tuple[bool, bool], int], credences: tuple[float, float]) -> Holding:
    """Worlds with two claims, each alone, ``counts`` of each pattern."""
    rows = [pattern for pattern, count in counts.items() for _ in range(count)]
    holds = np.array(rows, dtype=bool).T
    return Holding(dict(zip("ab", credences, strict=True)), {}, holds, np.zeros((0, len(rows)), dtype=bool))


# 20 worlds in exactly the proportions of credences .5 and .4; y is 1 where both hold, 0.5 where only a does, else 0.
TOY = two_claims({(True, True): 4, (True, False): 6, (False, True): 4, (False, False): 6}, (0.5, 0.4))
Y = np.array([1.0] * 4 + [0.5] * 6 + [0.0] * 10)


def test_effect_by_hand() -> None:
    """a: (4 x 1 + 6 x .5)/10 - 0 = .7. b: (4 x 1)/8 - (6 x .5)/12 = .25."""
    effects = claim_effects(TOY, WorldTable(("y",), (), Y[None]))
    assert effects.rows == ("a", "b")
    assert effects.effect[:, 0] == pytest.approx([0.7, 0.25])
    assert effects.holds.tolist() == [10, 8]
    assert effects.fails.tolist() == [10, 12]


def test_standard_error_by_hand() -> None:
    """a: the 10 worlds where it holds lie .3 (four) and .2 (six) off .7, the others on 0: sqrt(4 x .09 + 6 x
    .04)/10."""
    effects = claim_effects(TOY, WorldTable(("y",), (), Y[None]))
    assert effects.se[0, 0] == pytest.approx(np.sqrt(4 * 0.3**2 + 6 * 0.2**2) / 10)
    assert effects.se[1, 0] == pytest.approx(
        np.sqrt((4 * 0.5**2 + 4 * 0.5**2) / 8**2 + (6 * 0.25**2 + 6 * 0.25**2) / 12**2)
    )


def test_a_small_side_without_a_hit_is_not_certain() -> None:
    """4 worlds without a hit against 40 with 8: the spread of the small side is that of all worlds in a test, and its
    interval is Wilson's in an estimate.
    """
    worlds = Holding({"a": 0.9}, {}, np.arange(44)[None] < 40, np.zeros((0, 44), dtype=bool))
    effects = claim_effects(worlds, WorldTable(("y",), (), (np.arange(44.0)[None] < 8) * 1.0))
    assert effects.effect[0, 0] == pytest.approx(0.2)
    assert effects.se[0, 0] == pytest.approx(np.sqrt(0.2 * 0.8 / 40))
    assert effects.null_se[0, 0] == pytest.approx(np.sqrt(8 / 44 * 36 / 44 * (1 / 40 + 1 / 4)))
    low, high = effects.interval()
    assert (low[0, 0], high[0, 0]) == pytest.approx((-0.2989, 0.3476), abs=5e-4)


@pytest.mark.parametrize("share", [0.004, 0.02, 0.3])
def test_intervals_of_effects_cover_where_a_class_is_rare_and_a_side_small(share: float) -> None:
    random = np.random.default_rng(9)
    covered = []
    for _ in range(400):
        holds = random.random((8, 1500)) < np.array([0.05, 0.1, 0.3, 0.5, 0.5, 0.7, 0.9, 0.95])[:, None]
        worlds = Holding(dict.fromkeys("abcdefgh", 0.5), {}, holds, np.zeros((0, 1500), dtype=bool))
        chance = share * (1 + holds[3] * 0.5 - 0.25)
        plays = random.random((2, 1500)) < np.where(random.random(1500) < 0.3, np.sqrt(share), 1) * chance
        low, high = claim_effects(worlds, WorldTable(("y",), (), plays.mean(axis=0)[None])).interval()
        covered.append(((low <= 0) & (high >= 0))[[0, 1, 2, 4, 5, 6, 7], 0])
    assert (np.mean(covered, axis=0) > 0.92).all()


def test_a_quantity_that_means_nothing_in_some_runs_counts_where_it_does() -> None:
    """The mean over runs with a value: a world with one such play counts half."""
    holds = np.array([[True, True, True, False, False]])
    worlds = Holding({"a": 0.5}, {}, holds, np.zeros((0, 5), dtype=bool))
    table = WorldTable((), ("y",), np.array([[4.0, 1.0, np.nan, 2.0, 2.0]]), np.array([[1.0, 0.5, 0.0, 1.0, 0.5]]))
    assert claim_effects(worlds, table).effect[0, 0] == pytest.approx((4 * 2 + 1) / 3 - 2)


def test_reweighting_by_hand() -> None:
    """With a at .8: .8 (.4 x 1 + .6 x .5) = .56. With b at 1 as well: .8."""
    assert reweight(TOY, Y[None], {"a": 0.8}).means[0] == pytest.approx(0.56)
    assert reweight(TOY, Y[None], {"a": 0.8, "b": 1.0}).means[0] == pytest.approx(0.8)


def test_effective_worlds_by_hand() -> None:
    """With a certain, half of the worlds weigh 2 and half nothing: 10 of 20 count. Unchanged, all do."""
    assert reweight(TOY, Y[None], {"a": 1.0}).effective_worlds == pytest.approx(10)
    assert reweight(TOY, Y[None], {}).effective_worlds == 20
    assert effective_worlds(np.array([3.0, 1.0])) == pytest.approx(16 / 10)


def test_standard_error_of_a_reweighted_mean_by_hand() -> None:
    found = reweight(TOY, Y[None], {"a": 1.0})
    assert found.se[0] == pytest.approx(np.sqrt(4 * 0.3**2 + 6 * 0.2**2) / 10)


def shared(credences: dict[str, float], worlds: int, seed: int) -> Holding:
    """Worlds drawn as the model draws them, all claims restating one cause."""
    random = np.random.default_rng(seed)
    chance = cause_credence(list(credences.values()))
    cause = random.random(worlds) < chance
    holds = np.array([cause & (random.random(worlds) < credence / chance) for credence in credences.values()])
    return Holding(credences, {"cause": tuple(credences)}, holds, cause[None])


def exact(credences: dict[str, float]) -> dict[tuple[bool, ...], float]:
    """Probability of every pattern (cause, claims...) of claims that restate one cause."""
    chance = cause_credence(list(credences.values()))
    found = {}
    for pattern in product([False, True], repeat=len(credences) + 1):
        p = chance if pattern[0] else 1 - chance
        for held, credence in zip(pattern[1:], credences.values(), strict=True):
            q = credence / chance if pattern[0] else 0.0
            p *= q if held else 1 - q
        found[pattern] = p
    return found


credence = st.floats(0.05, 0.95)


@given(st.lists(st.tuples(credence, st.floats(0, 1)), min_size=2, max_size=4))
def test_weights_are_the_ratio_of_the_exact_probabilities(pairs: list[tuple[float, float]]) -> None:
    """For every pattern of a shared cause and its claims: weight = P(pattern | new) / P(pattern | drawn)."""
    drawn = {f"c{place}": before for place, (before, _) in enumerate(pairs)}
    new = {f"c{place}": after for place, (_, after) in enumerate(pairs)}
    before, after = exact(drawn), exact(new)
    patterns = [pattern for pattern, p in before.items() if p > 0]
    rows = np.array(patterns, dtype=bool).T
    weights = world_weights(Holding(drawn, {"cause": tuple(drawn)}, rows[1:], rows[:1]), new)
    assert weights == pytest.approx([after[pattern] / before[pattern] for pattern in patterns], rel=1e-9, abs=1e-12)


def test_a_restated_claim_at_one_holds_its_cause_and_leaves_the_other_its_credence() -> None:
    worlds = shared({"a": 0.6, "b": 0.4}, 200_000, seed=1)
    found = reweight(worlds, worlds.holds.astype(float), {"a": 1.0})
    assert found.means[0] == pytest.approx(1)
    assert abs(found.means[1] - 0.4) < 4 * found.se[1]


def test_effect_of_a_restated_claim_is_that_of_its_weights() -> None:
    """The sums over stretches agree with the plain formula of the docstring."""
    worlds = shared({"a": 0.6, "b": 0.4, "c": 0.5}, 40_000, seed=2)
    random = np.random.default_rng(3)
    values = random.random((2, worlds.worlds)) + worlds.holds[:1] * 0.3
    effects = claim_effects(worlds, WorldTable(("x",), ("y",), values))
    for row, claim in enumerate("abc"):
        one, zero = (world_weights(worlds, {claim: at}) for at in (1.0, 0.0))
        means = [(values * w).sum(axis=1) / w.sum() for w in (one, zero)]
        apart = one / one.sum() * (values - means[0][:, None]) - zero / zero.sum() * (values - means[1][:, None])
        assert effects.effect[row] == pytest.approx(means[0] - means[1], abs=1e-12)
        assert effects.se[row] == pytest.approx(np.sqrt((apart**2).sum(axis=1)), rel=1e-9)


def test_effect_of_a_shared_cause_is_a_plain_difference() -> None:
    worlds = shared({"a": 0.6, "b": 0.4}, 5_000, seed=4)
    values = np.random.default_rng(5).random((1, 5_000))
    effects = cause_effects(worlds, WorldTable(("y",), (), values))
    cause = worlds.caused[0]
    assert effects.rows == ("cause",)
    assert effects.effect[0, 0] == pytest.approx(values[0, cause].mean() - values[0, ~cause].mean(), abs=1e-12)


@pytest.mark.parametrize("fixed", [0.0, 1.0])
def test_a_claim_drawn_at_0_or_1_is_left_out_and_cannot_be_moved(fixed: float) -> None:
    worlds = two_claims({(bool(fixed), True): 5, (bool(fixed), False): 5}, (fixed, 0.5))
    effects = claim_effects(worlds, WorldTable(("y",), (), np.arange(10.0)[None]))
    assert effects.rows == ("b",)
    assert worlds.fixed == ("a",)
    with pytest.raises(ValueError, match="another credence needs a run of its own"):
        world_weights(worlds, {"a": 0.5})
    assert world_weights(worlds, {"a": fixed}).tolist() == [1.0] * 10


def test_a_certain_claim_of_a_shared_cause_lets_the_others_move() -> None:
    worlds = shared({"a": 1.0, "b": 0.5}, 10_000, seed=6)
    found = reweight(worlds, worlds.holds.astype(float), {"b": 0.9})
    assert found.means[0] == pytest.approx(1)
    assert abs(found.means[1] - 0.9) < 4 * found.se[1]


@pytest.mark.parametrize(("claim", "value"), [("z", 0.5), ("a", -0.1), ("a", 1.1)])
def test_impossible_credences_are_refused(claim: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"no claim z|lies between"):
        world_weights(TOY, {claim: value})


def test_no_world_left_is_not_a_number() -> None:
    worlds = two_claims({(True, True): 3}, (0.5, 0.5))
    found = reweight(worlds, np.ones((1, 3)), {"a": 0.0})
    assert np.isnan(found.means[0])
    assert found.effective_worlds == 0
    effects = claim_effects(worlds, WorldTable(("y",), (), np.ones((1, 3))))
    assert np.isnan(effects.effect).all()
    assert effects.fails.tolist() == [0, 0]
