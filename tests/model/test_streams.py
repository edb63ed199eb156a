"""Named streams: each draw belongs to (seed, name, block), whatever else is drawn."""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import numpy as np
import pytest

from sim.model.diplomacy import Diplomacy
from sim.model.streams import BLOCK_RUNS, Streams, generator
from tests.model.settings import scenario_of

SEED = 42


def test_a_stream_is_pcg64dxsm_keyed_by_the_hash_of_its_name_and_the_block() -> None:
    digest = blake2b(b"weight/both-or-neither", digest_size=8).digest()
    words = (int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little"))
    sequence = np.random.SeedSequence(SEED, spawn_key=(*words, 3))
    expected = np.random.Generator(np.random.PCG64DXSM(sequence)).random(10)
    np.testing.assert_array_equal(generator(SEED, "weight/both-or-neither", 3).random(10), expected)


def test_a_group_and_a_claim_of_one_name_have_streams_of_their_own() -> None:
    streams = Streams(SEED, 100)
    assert (streams.world_uniforms("group/instability") != streams.world_uniforms("claim/instability")).all()


@pytest.mark.parametrize("runs", [1, 7, 1000, BLOCK_RUNS + 2])
def test_the_first_runs_of_more_runs_are_the_same(runs: int) -> None:
    few, many = Streams(SEED, runs), Streams(SEED, 3 * BLOCK_RUNS)
    worlds = (runs + 1) // 2
    np.testing.assert_array_equal(few.world_uniforms("x"), many.world_uniforms("x")[:worlds])
    np.testing.assert_array_equal(few.world_normals("x"), many.world_normals("x")[:worlds])
    one, two = few.monthly("x", 2), many.monthly("x", 2)
    for month in range(3):
        np.testing.assert_array_equal(one.month(month), two.month(month)[:, :runs])


def test_a_later_block_is_the_same_drawn_alone() -> None:
    alone, all_of_it = Streams(SEED, 50, first_block=2), Streams(SEED, 3 * BLOCK_RUNS)
    np.testing.assert_array_equal(alone.world_uniforms("x"), all_of_it.world_uniforms("x")[BLOCK_RUNS:][:25])


@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("asked", [[0, 1, 2, 3, 4], [4], [1, 3], [0, 4]])
def test_months_that_are_skipped_pass_over_their_draws(rows: int, asked: list[int]) -> None:
    every = Streams(SEED, 2 * BLOCK_RUNS).monthly("summit/KU", rows)
    drawn = {month: every.month(month) for month in range(5)}
    some = Streams(SEED, 2 * BLOCK_RUNS).monthly("summit/KU", rows)
    for month in asked:
        np.testing.assert_array_equal(some.month(month), drawn[month])


def test_a_month_is_drawn_once() -> None:
    stream = Streams(SEED, 10).monthly("x")
    stream.month(1)
    with pytest.raises(ValueError, match="already drawn"):
        stream.month(1)


def test_uniforms_lie_in_the_half_open_unit_interval_and_are_float32() -> None:
    drawn = Streams(SEED, 4 * BLOCK_RUNS).world_uniforms("x")
    assert drawn.dtype == np.float32
    assert drawn.min() >= 0
    assert drawn.max() < 1
    assert abs(drawn.mean() - 0.5) < 4 * np.sqrt(1 / 12 / len(drawn))


def test_an_added_claim_leaves_every_other_draw_alone() -> None:
    scenario = scenario_of("history")
    claims = dict(scenario.ledger.claims)
    claims["one-more"] = replace(claims["both-or-neither"], id="one-more", group="one-more", fails=())
    more = replace(scenario, ledger=replace(scenario.ledger, claims=claims))
    before, after = (Diplomacy(each, runs=500, seed=SEED).world for each in (scenario, more))
    assert set(after.drawn) - set(before.drawn) <= {"mechanism/one-more"}
    for name, drawn in before.drawn.items():
        np.testing.assert_array_equal(after.drawn[name], drawn)
    for claim, holds in before.holds.items():
        np.testing.assert_array_equal(after.holds[claim], holds)
        np.testing.assert_array_equal(after.base[claim], before.base[claim])


def test_another_calendar_leaves_worlds_and_chance_alone() -> None:
    """Until the calendars part, both models are bit for bit the same; their worlds always are."""
    one, two = (Diplomacy(scenario_of(name), runs=500, seed=SEED) for name in ("history", "no-moscow"))
    for name, drawn in one.world.drawn.items():
        np.testing.assert_array_equal(two.world.drawn[name], drawn)
    while one.month < 13:  # Vladivostok is in month 13
        one.step()
        two.step()
        for name, value in one.variables.items():
            np.testing.assert_array_equal(two.variables[name], value)
    one.step()
    two.step()
    np.testing.assert_array_equal(*(model.streams.monthly("move/US").month(14) for model in (one, two)))
    assert (one.variables["rus_ties"] != two.variables["rus_ties"]).any()
