"""Percentages and sentences: nothing reads as never, and nothing is called likeliest that might not be."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.analysis.variance import Part, Sources
from sim.ensemble.intervals import Mean, Probability, wilson
from sim.inputs.scenario import load_scenario
from sim.views import wording
from sim.views.text import hindcast
from sim.views.text.case_words import meanings
from sim.views.text.screen import Screen


def found(count, runs):
    return Probability(count, runs, count / runs, *wilson(count, runs), 0.3)


def outcome(name):
    return SimpleNamespace(name=name, label=f"a {name}", says=f"{name} it is")


def test_the_note_is_as_promised():
    assert wording.NOT_A_FORECAST == (
        "Not a forecast: these percentages describe this model under the listed assumptions; "
        "the ± is simulation noise only."
    )


@pytest.mark.parametrize(
    ("count", "runs", "words"),
    [
        (0, 10_000, "below 0.039%"),
        (10_000, 10_000, "above 99.961%"),
        (0, 3, "below 57%"),
        (1, 10_000, "0.01%"),
        (1, 1_000_000, "0.0001%"),
        (4, 10_000, "0.04%"),
        (312, 1000, "31.2%"),
        (9_999, 10_000, "100.0%"),
    ],
)
def test_share_of_runs(count, runs, words):
    assert wording.share_of_runs(found(count, runs)) == words


@given(some.integers(0, 10**7), some.integers(1, 10**7))
def test_what_happened_never_reads_as_nothing(count, runs):
    each = found(min(count, runs), runs)
    words = wording.share_of_runs(each)
    assert words not in ("0%", "0.0%", "-0.0%")
    if each.count == 0:
        assert float(words.removeprefix("below ").rstrip("%")) >= 100 * each.high - 1e-6
    if each.count == runs:
        assert float(words.removeprefix("above ").rstrip("%")) <= 100 * each.low + 1e-6


def test_the_likeliest_and_by_how_much():
    outcomes = [outcome("lull"), outcome("storm"), outcome("calm")]
    sentence = wording.what_is_likeliest(
        outcomes, {"lull": found(200, 1000), "storm": found(700, 1000), "calm": found(100, 1000)}
    )
    assert sentence == (
        "A storm is likeliest in this model, with 70.0% of runs, 3.5 times as many as the next, a lull (20.0%). "
        "It means: storm it is."
    )


def test_what_is_too_close_to_call_is_not_called():
    sentence = wording.what_is_likeliest([outcome("a"), outcome("b")], {"a": found(52, 100), "b": found(48, 100)})
    assert "too close to call" in sentence
    assert "likeliest" not in sentence


def test_a_single_end():
    assert (
        wording.what_is_likeliest([outcome("a")], {"a": found(10, 10)}) == "Every run ends in a a. It means: a it is."
    )
    assert wording.what_is_likeliest([outcome("a"), outcome("b")], {"a": found(0, 10), "b": found(10, 10)}).startswith(
        "Every run ends in a b"
    )


def test_the_spread_in_one_sentence():
    assumed, claims, numbers = Part(0.45, 0.01), Part(0.15, 0.01), Part(0.01, 0.01)
    sentence = wording.where_the_spread_comes_from(Sources(assumed, claims, numbers))
    assert "55% (±2) comes from chance within a world, 45% (±2) from what is assumed" in sentence
    assert "15% (±2) from which claims hold and less than 3% from the other numbers" in sentence
    assert "29% (±3) from claims and numbers together" in sentence
    assert "too few worlds" in wording.where_the_spread_comes_from(Sources(assumed, None, None))
    assert "too few worlds" in wording.where_the_spread_comes_from(None)


def test_how_many_more_runs_halve_an_interval():
    assert "30,000 more runs would halve these intervals (-n 40000)" in wording.more_runs(10_000)


@pytest.mark.parametrize(("half", "words"), [(0.013, "0.50 ± 0.01"), (0.0013, "0.500 ± 0.001"), (0, "0.5000 ± 0.0000")])
def test_a_mean_in_as_many_digits_as_its_noise_allows(half, words):
    assert wording.with_noise(Mean(0.5, 0.5 - half, 0.5 + half, half / 1.96, 0.1)) == words


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_listed(words, text):
    assert wording.listed(words) == text


def test_an_assumption_is_named_with_what_a_claim_says_and_a_number_means():
    told = "\n".join(
        meanings(load_scenario("xi-first"), ["claim/mirage-pressure-return", "parameter/growth"], Screen())
    )
    assert "mirage-pressure-return: Xi will urge caution on Kim" in told
    assert "growth: arsenal added a month" in told


@pytest.mark.parametrize("loud", [0, 1])
def test_hindcast_says_that_what_stands_out_is_picked(loud: int) -> None:
    found = SimpleNamespace(posterior=SimpleNamespace(loud=["a claim"] * loud, claims=["a claim", "another"]))
    said = hindcast._others(cast(hindcast.Hindcast, found), 3)
    assert (wording.PICKED in said) == bool(loud)
    assert f"{2 - loud} of 2 claims do not move" in said
