"""Simulated games: common worlds, intervals, bootstrap, and known answers through the same path."""

from dataclasses import replace

import numpy as np
import pytest

from sim.analysis.game import refuse_if_too_many, resampled, simulate, solve
from sim.errors import InputError
from sim.inputs.game import load_game
from sim.model.diplomacy import Diplomacy
from sim.model.satisfaction import fatal, satisfaction
from sim.views.text.game import in_words, profile_text

RUNS = 64


@pytest.fixture(scope="module")
def troops():
    return load_game("troops", months=4)


@pytest.fixture(scope="module")
def solved(troops):
    return solve(troops, runs=RUNS, seed=3, samples=40)


def test_a_payoff_is_the_mean_satisfaction_less_the_cost_of_fatal_steps(troops, solved):
    profile = ("beijing-first", "withdraw")
    model = Diplomacy(troops.scenarios[profile], runs=RUNS, seed=3)
    while not model.finished:
        model.step()
    expected = (satisfaction(model, "US") - troops.fatal_cost * fatal(model)).mean()
    assert solved.payoffs[1, 0, 2] == pytest.approx(float(expected), abs=1e-5)


def test_profiles_share_their_worlds(troops):
    by_world = simulate(troops, RUNS, 3)
    assert by_world.shape == (2, 2, 3, RUNS // 2)
    one, two = by_world[1, 0, 0], by_world[1, 0, 1]
    assert np.corrcoef(one, two)[0, 1] > 0.3


def test_an_odd_number_of_runs_leaves_a_world_with_one_play(troops):
    assert simulate(troops, 5, 3).shape[-1] == 3


def test_the_same_seed_gives_the_same_solution(troops, solved):
    again = solve(troops, runs=RUNS, seed=3, samples=40)
    assert (again.payoffs == solved.payoffs).all()
    assert (again.sure == solved.sure).all()


def test_shares_of_samples_are_shares(solved):
    assert solved.sure.shape == (2, 3)
    assert ((solved.sure >= 0) & (solved.sure <= 1)).all()
    assert all(0 <= share <= 1 for each in solved.dominated_sure.values() for share in each.values())


def test_bootstrap_means_scatter_as_the_standard_error_says():
    values = np.random.default_rng(1).normal(size=(1, 2, 2, 400))
    samples = resampled(values, 5, 300)
    assert samples.shape == (300, 1, 2, 2)
    assert samples.mean(axis=0) == pytest.approx(values.mean(axis=-1), abs=0.02)
    assert samples.std(axis=0) == pytest.approx(values.std(axis=-1) / 20, rel=0.2)


def test_all_profiles_are_drawn_with_the_same_worlds():
    values = np.tile(np.arange(50.0), (1, 2, 2, 1))
    samples = resampled(values, 5, 20)
    assert (samples == samples[:, :, :1, :1]).all()


def game_of(tmp_path, name, rows):
    lines = [
        "schema: 1", f"title: {name}", "question: What is the solution?", "players:",
        "  Row: {strategies: {one: {}, two: {}}}", "  Column: {strategies: {one: {}, two: {}}}", "payoffs:",
    ]  # fmt: skip
    for (row, column), (first, second) in zip(
        [("one", "one"), ("one", "two"), ("two", "one"), ("two", "two")], rows, strict=True
    ):
        lines.append(f"  - {{when: {{Row: {row}, Column: {column}}}, gives: {{Row: {first}, Column: {second}}}}}")
    path = tmp_path / f"{name}.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return solve(load_game(path))


def test_the_prisoner_s_dilemma_through_the_same_path(tmp_path):
    found = game_of(tmp_path, "dilemma", [(3, 3), (0, 5), (5, 0), (1, 1)])
    assert [found.profile(cell) for cell in found.pure] == [("two", "two")]
    assert found.dominated == {"Row": {"one": ("two",), "two": ()}, "Column": {"one": ("two",), "two": ()}}
    assert found.sure is None
    assert (found.half == 0).all()


def test_matching_pennies_through_the_same_path(tmp_path):
    found = game_of(tmp_path, "pennies", [(1, -1), (-1, 1), (-1, 1), (1, -1)])
    assert found.pure == ()
    assert [each.chances for each in found.mixed.equilibria] == [((0.5, 0.5), (0.5, 0.5))]


def test_the_battle_of_the_sexes_through_the_same_path(tmp_path):
    found = game_of(tmp_path, "sexes", [(2, 1), (0, 0), (0, 0), (1, 2)])
    assert [found.profile(cell) for cell in found.pure] == [("one", "one"), ("two", "two")]
    (mixed,) = found.mixed.equilibria
    assert mixed.chances[0] == pytest.approx((2 / 3, 1 / 3))


@pytest.mark.parametrize("runs", [1, 7, 10**9])
def test_too_few_and_too_many_runs_are_refused(troops, runs):
    with pytest.raises(InputError, match="runs"):
        refuse_if_too_many(troops, runs)


def test_what_few_samples_bear_out_is_said_with_doubt(solved):
    """A strategy dominated in half of the samples `may be`; a profile left out by a hair is named."""
    player, name = "DPRK", solved.game.strategies["DPRK"][0].name
    other = solved.game.strategies["DPRK"][1].name
    for share, verb in ((0.48, "may be dominated"), (0.95, "is dominated")):
        sure = {each: dict.fromkeys(inside, 1.0) for each, inside in solved.dominated_sure.items()}
        sure[player][name] = share
        changed = replace(solved, dominated={player: {name: (other,)}}, dominated_sure=sure)
        assert f"{name} {verb}: {other} is better whatever the others do" in in_words(changed)
    cell = next(cell for cell in solved.cells if cell not in solved.pure)
    sure = solved.sure.copy()
    for share, named in ((0.49, False), (0.52, True)):
        sure[cell] = share
        said = in_words(replace(solved, sure=sure))
        assert (f"{profile_text(solved, cell)} (one in 52%)" in said) is named
