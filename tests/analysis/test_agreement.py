"""Krippendorff's alpha against the worked examples of its author, and what the codings of the case say."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.analysis.agreement import codings_agree, krippendorff_alpha
from sim.inputs.case_folder import find_case
from sim.inputs.layers import Reading
from sim.inputs.scenario import read_case_cards

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", C: four observers, twelve units, missing data.
OBSERVERS = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."]
# The same, section A: two observers, ten units, binary data; section B: two observers, twelve units, five categories.
BINARY = ["0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0"]
LETTERS = ["a a b b d c c c e d d a", "b a b b b c c c e d d d"]


def units(rows, value=float):
    return [[None if word == "." else value(word) for word in unit] for unit in zip(*map(str.split, rows), strict=True)]


@pytest.mark.parametrize(
    ("rows", "value", "level", "alpha"),
    [
        (OBSERVERS, float, "nominal", 0.743),
        (OBSERVERS, float, "interval", 0.849),
        (BINARY, float, "nominal", 0.095),
        (LETTERS, lambda word: float(ord(word)), "nominal", 0.692),
    ],
)
def test_the_published_examples(rows, value, level, alpha):
    assert round(krippendorff_alpha(units(rows, value), level), 3) == alpha


@pytest.mark.parametrize("level", ["nominal", "interval"])
def test_the_same_as_the_package_of_that_name(level):
    import krippendorff
    import numpy as np

    dice = random.Random(1)
    rows = [[dice.choice([None, 0.1, 0.2, 0.5, 0.9]) for _ in range(3)] for _ in range(40)]
    theirs = krippendorff.alpha(np.array(rows, dtype=float).T, level_of_measurement=level)
    assert math.isclose(krippendorff_alpha(rows, level), theirs, abs_tol=1e-12)


@given(some.lists(some.integers(0, 3), min_size=2, max_size=30).filter(lambda values: len(set(values)) > 1))
def test_perfect_agreement_is_1(values):
    assert krippendorff_alpha([(value, value) for value in values], "nominal") == 1
    assert krippendorff_alpha([(value, value) for value in values], "interval") == 1


def test_nothing_to_disagree_on_has_no_alpha():
    assert krippendorff_alpha([(1, 1), (1, 1)], "nominal") is None
    assert krippendorff_alpha([], "interval") is None
    assert krippendorff_alpha([(1, None), (None, 2)], "nominal") is None


def test_contradiction_is_below_0():
    assert krippendorff_alpha([(0, 1), (1, 0)], "nominal") < 0


def test_effects_are_compared_over_all_ordered_pairs_of_states():
    claims = [claim for card in read_case_cards(Reading(find_case())) for claim in card.given.claims]
    states = ["DPRK", "PRC", "US", "ROK", "RUS"]
    weights, credences, effects, mechanisms = codings_agree(claims, states)
    assert weights.units == credences.units == mechanisms.units == len(claims)
    assert effects.units == 20 * len(claims)
    disputed = sum(effect.coded_by != "both" for claim in claims for effect in claim.effects)
    assert disputed > 0
    assert math.isclose(effects.same, 1 - disputed / effects.units)
    assert all(0 < each.alpha < 1 for each in (weights, credences, effects, mechanisms))
