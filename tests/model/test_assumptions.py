"""What a world draws once: triangular numbers, which claims hold, and what differs where one fails."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inputs.case import Range
from sim.model.assumptions import World, draw_world, triangular
from sim.model.streams import Streams
from tests.model.by_hand_world import WHERE_IT_FAILS
from tests.model.settings import scenario_of

RUNS = 16_384


@cache
def world() -> World:
    return draw_world(scenario_of("history"), Streams(9, RUNS))


@settings(deadline=None, derandomize=True)
@given(st.floats(-2, 2), st.floats(0, 1), st.floats(0.05, 3))
def test_triangular_is_the_inverse_of_the_distribution_function(low: float, fold: float, width: float) -> None:
    of = Range(low, low + fold * width, low + width)
    u = np.linspace(0, 1, 101, dtype=np.float32)
    x = triangular(u, of).astype(np.float64)
    assert (np.diff(x) >= -1e-5).all()
    assert x[0] == pytest.approx(of.low, abs=1e-5)
    assert x[-1] == pytest.approx(of.high, abs=1e-5)
    np.testing.assert_allclose(_distribution(x, of), u, atol=2e-3)


def _distribution(x: np.ndarray, of: Range) -> np.ndarray:
    """The distribution function as textbooks write it."""
    width = of.high - of.low
    rising = np.clip(x - of.low, 0, None) ** 2 / (width * (of.mode - of.low)) if of.mode > of.low else np.zeros_like(x)
    falling = 1 - np.clip(of.high - x, 0, None) ** 2 / (width * (of.high - of.mode)) if of.high > of.mode else rising
    return np.where(x < of.mode, rising, falling)


def test_triangular_against_scipy() -> None:
    from scipy.stats import triang

    of = Range(0.4, 0.7, 0.9)
    u = np.linspace(0, 1, 1001, dtype=np.float32)
    expected = triang.ppf(u, c=0.6, loc=0.4, scale=0.5)
    np.testing.assert_allclose(triangular(u, of), expected, atol=1e-6)


def test_claims_hold_as_often_as_their_credence() -> None:
    """8,192 worlds; 63 claims; 4.3 standard errors: a right draw misses with a chance of 0.1%."""
    for claim in scenario_of("history").ledger.claims.values():
        c, n = claim.credence, RUNS // 2
        assert abs(world().holds[claim.id].mean() - c) <= 4.3 * np.sqrt(c * (1 - c) / n)


def test_restatements_fall_with_their_cause_and_others_hold_by_themselves() -> None:
    ledger = scenario_of("history").ledger
    for group, claims in ledger.groups.items():
        cause = world().causes[group]
        if len(claims) == 1:
            assert cause.all()
            continue
        chance = (1 + max(ledger.claims[claim].credence for claim in claims)) / 2
        assert abs(cause.mean() - chance) <= 4.3 * np.sqrt(chance * (1 - chance) / len(cause))
        for claim in claims:
            assert not (world().holds[claim] & ~cause).any()
            assert (cause & ~world().holds[claim]).any() or ledger.claims[claim].credence == 1


def test_a_claim_that_fails_weighs_nothing_and_no_base_passes_the_cap() -> None:
    cap = np.float32(scenario_of("history").case.constants["base_cap"])
    for claim, base in world().base.items():
        assert not base[~world().holds[claim]].any()
        assert (base[world().holds[claim]] > 0).all()
        assert base.max() <= cap


@pytest.mark.parametrize("coupling", WHERE_IT_FAILS, ids=lambda coupling: f"{coupling[0]} {coupling[1]}")
def test_what_differs_where_a_claim_fails(coupling: tuple[str, str, str, float]) -> None:
    claim, number, operation, by = coupling
    kind, _, rest = number.partition(".")
    point = tuple(rest.split("."))
    values = {"ideal": world().ideals, "salience": world().saliences}.get(kind)
    value = np.asarray(world().parameters[kind] if values is None else values[point])  # type: ignore[index]
    name = f"{kind}/{rest}" if rest else f"parameter/{kind}"
    fixed = scenario_of("history").case.parameters[kind].mode if not rest else 0.0
    drawn = world().drawn.get(name, np.full(value.shape, fixed, dtype=np.float32))
    others = [other for other, same, *_ in WHERE_IT_FAILS if same == number and other != claim]
    alone = np.all([world().holds[other] for other in others], axis=0) if others else np.ones(len(drawn), dtype=bool)
    holds, value, drawn = world().holds[claim][alone], value[alone], drawn[alone]
    np.testing.assert_array_equal(value[holds], drawn[holds])
    expected = {"set": np.full_like(drawn, by), "times": drawn * np.float32(by), "add": drawn + np.float32(by)}[
        operation
    ]
    if operation != "times":
        expected = np.clip(expected, 0, 1)
    np.testing.assert_allclose(value[~holds], expected[~holds], rtol=1e-6)
    assert (value[~holds] != drawn[~holds]).mean() > 0.99 or operation == "times"


def test_a_salience_that_is_multiplied_may_pass_1() -> None:
    """The text cuts what a failing claim sets or adds, not what it multiplies."""
    assert np.asarray(world().saliences["DPRK", "arsenal"]).max() > 1


def test_the_two_plays_of_a_world_share_it() -> None:
    laid = np.asarray(world().spread(world().base["both-or-neither"]))
    assert laid.shape == (RUNS,)
    np.testing.assert_array_equal(laid[0::2], laid[1::2])
