"""Flips: a comparison whose turning point is known by arithmetic, numbers, and settings that load."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import load_scenario
from sim.analysis.flip import NEAR, flip, surely, verdict
from sim.analysis.flip_candidates import Move, Side, both_sides, gap, numbers, one_claim, setting, two_claims
from sim.analysis.reweight import Holding
from sim.ensemble.run import run
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.views.text.flip import flip_text
from sim.views.text.screen import Screen

WORLDS = 20_000


def sides(*values: float) -> tuple[Side, Side]:
    """Two claims of credence 1/2 that stand alone; B minus A is values[0] + values[1] where a holds + values[2] where
    b does.
    """
    rng = np.random.default_rng(1)
    holds = rng.random((2, WORLDS)) < 0.5
    worlds = Holding({"a": 0.5, "b": 0.5}, {}, holds, np.zeros((0, WORLDS), dtype=bool))
    base = rng.normal(size=WORLDS)
    return Side(worlds, base), Side(worlds, base + values[0] + values[1] * holds[0] + values[2] * holds[1])


def test_one_claim_turns_where_arithmetic_says() -> None:
    """-1 + 4a: 1 at a = .5, 0 at a = .25. The other claim cannot do it."""
    found = one_claim(*sides(-1, 4, 0.001))
    assert [each.moves[0].name for each in found] == ["a"]
    assert found[0].moves[0].after == pytest.approx(0.25, abs=0.01)
    assert found[0].size == pytest.approx(0.25, abs=0.01)
    assert found[0].extreme[0].after == 0
    assert found[0].beyond.difference == pytest.approx(-1, abs=0.02)


def test_two_claims_where_one_is_not_enough() -> None:
    """-1 + 2a + 2b, 1 as drawn: each alone leads to 0 at best, both together beyond; -.5 + 1.2 a + 1.2 b likewise
    needs both.
    """
    a, b = sides(-0.5, 1.2, 1.2)
    assert one_claim(a, b) == []
    found = two_claims(a, b)
    assert {move.name for move in found[0].moves} == {"a", "b"}
    assert found[0].size == pytest.approx(0.5 + 0.5 - 0.5 / 1.2, abs=0.02)


def test_nothing_turns_it() -> None:
    a, b = sides(3, 1, 1)
    assert one_claim(a, b) == two_claims(a, b) == []


def test_the_gap_is_paired() -> None:
    found = gap(*sides(2, 0, 0), {})
    assert found.difference == pytest.approx(2)
    assert found.se == pytest.approx(0, abs=1e-9)


def by_world(mean: float, worlds: int = 1_000, seed: int = 1) -> np.ndarray:
    return mean + np.random.default_rng(seed).normal(size=worlds)


@pytest.mark.parametrize(
    ("fresh", "beyond", "worlds", "said"),
    [
        (-1.0, -1.0, 1_000, "reversed"),
        (0.1, -1.0, 1_000, "reversed"),
        (0.1, 0.1, 1_000, "zero"),
        (0.1, 0.1, 12, "not confirmed"),  # not seen to differ from 0 is not seen to be 0
        (1.0, 0.1, 1_000, "not confirmed"),
        (-0.1, -0.1, 12, "not confirmed"),
    ],
)
def test_verdicts_of_fresh_runs(fresh: float, beyond: float, worlds: int, said: str) -> None:
    parts = (by_world(mean, worlds, seed) for seed, mean in enumerate((2.0, fresh, beyond)))
    assert verdict(*parts, surely(60)) == said


def test_a_difference_that_stays_is_not_said_to_be_gone() -> None:
    """Where the true difference at the change is just NEAR of the plain one, at most 5 of 100 are called gone."""
    gone = [
        verdict(by_world(0.3, 2_000, seed), by_world(0.3 * NEAR, 2_000, 500 + seed), by_world(0.3, 2_000, 900 + seed),
                surely(1))
        for seed in range(200)
    ]  # fmt: skip
    assert sum(each != "not confirmed" for each in gone) <= 12


def test_a_number_that_decides() -> None:
    """The difference is planted to hang on a0 alone: above .7 it is positive, below negative."""
    a, b = (run(load_scenario("history", months=0), 4000, 1) for _ in range(2))
    apart = 0.8 - a.numbers["parameter/a0"].astype(float)
    found = numbers(a, b, apart)
    assert found[0].moves[0].name == "parameter/a0"
    assert found[0].moves[0].after > 0.8
    fixed = {move.name.partition("/")[0] for each in found for move in each.moves}
    assert "mechanism" not in fixed, "no scenario can fix the scale of a mechanism"


def test_the_settings_of_moves_load() -> None:
    moves = [
        Move("both-or-neither", 0.5, 0.1), Move("parameter/a0", 0.7, 0.5), Move("ideal/US.us_troops", 0.55, 0.9),
        Move("salience/DPRK.aid", 0.7, 0.3), Move("start/tension", 0.5, 0.4),
    ]  # fmt: skip
    scenario = load_scenario("history", set=[setting(move) for move in moves])
    assert scenario.ledger.claims["both-or-neither"].credence == pytest.approx(0.1)
    assert scenario.case.parameters["a0"].mode == 0.5
    assert scenario.case.states["US"].ideals["us_troops"].position.mode == 0.9
    assert scenario.case.states["DPRK"].ideals["aid"].salience.mode == 0.3
    assert scenario.case.variables["tension"].start.mode == 0.4


def test_flip_of_a_scenario_against_itself_says_that_there_is_nothing_to_flip() -> None:
    ensemble = run(load_scenario("history", months=1), 400, 1)
    both = (ensemble.scenario, ensemble.scenario)
    found = flip(ensemble, ensemble, "tension", lambda _: both, 2)
    assert found.nothing_to_flip
    assert found.smallest is None
    with pytest.raises(InputError, match="did you mean"):
        flip(ensemble, ensemble, "tensoin", lambda _: both, 2)


def test_the_only_thing_in_which_two_scenarios_differ_is_no_flip() -> None:
    """With one credence in both they are one scenario, whose difference from itself would be 0 for nothing."""

    def load(name: str, more: tuple[str, ...] = ()) -> Scenario:
        return load_scenario(name, set=more, months=8)

    a, b = (run(load(name), 2000, 1) for name in ("xi-first", "lessons/doubt"))
    found = flip(a, b, "extraction", lambda more: (load("xi-first", more), load("lessons/doubt", more)), 2)
    moved = [{move.name for move in each.candidate.moves} for each in (*found.found, *found.failed)]
    assert not any("both-or-neither" in names for names in moved)
    none = replace(found, searched=(("one claim", 0),), found=(), failed=(), one_scenario=())
    assert "No change looked worth a try." in " ".join(flip_text(none, a.scenario, ("x",), Screen()).split())
    if found.one_scenario:
        said = " ".join(flip_text(found, a.scenario, ("x",), Screen()).split())
        assert "The claim both-or-neither is all that xi-first and doubt differ in: with the same" in said
    if found.smallest is None and not found.nothing_to_flip:
        assert "would have been missed in one of five tries" in " ".join(
            flip_text(found, a.scenario, ("x",), Screen()).split()
        )


def test_sides_read_the_worlds_in_which_both_have_a_value() -> None:
    """A meeting that was not held has no terms."""
    ensemble = run(load_scenario("xi-first", months=8), 200, 1)
    sides, by_world = both_sides(ensemble, ensemble, "first_us_terms")
    known = int(np.isfinite(by_world).sum())
    assert 0 < known < len(by_world) == 100
    assert [side.worlds.worlds for side in sides] == [len(side.values) for side in sides] == [known, known]
