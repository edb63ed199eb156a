"""Comparative statics on whole runs, numbered as in the reference text: 8,192 paired runs, common random numbers.

A figure of the text must be met within its bound: 4 standard errors of both sides (ours by world, the text's as it
prints them, or ours at 16,384 runs where it prints none) and half a unit of its last digit. A right model misses one of
the 40 figures with a chance of about 0.3%. Where the text claims a direction, ours is over 3 standard errors from 0.
"""

from __future__ import annotations

from functools import cache
from math import sqrt

import pytest

from sim.analysis.effects import claim_effects
from sim.analysis.reweight import holding, reweight
from sim.analysis.worlds import world_table
from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from tests.model.paths import RUNS, SEED, TEXT_RUNS, Shift, ShownTest, arsenal_given_up, played, shift
from tests.model.settings import reference

Z = 4.0


def agrees(found: Shift, text: float, se: float | None = None, digit: float = 0.001) -> bool:
    of_text = found.se * sqrt(RUNS / TEXT_RUNS) if se is None else se
    return abs(found.mean - text) <= Z * sqrt(found.se**2 + of_text**2) + digit / 2


def sure(found: Shift) -> bool:
    return abs(found.mean) > 3 * found.se


PAIRED = [
    # scenario, against, months, measure, figure of the text, its standard error
    ("xi-first", "xi-fourth", None, "first_us_terms", 0.067, None),
    ("history", "xi-after-trump", None, "first_us_terms", 0.120, None),
    ("xi-first", "xi-fourth", None, "first_promised_us", 0.013, 0.001),
    ("history", "xi-after-trump", None, "first_promised_us", 0.015, 0.002),
    ("xi-first", "xi-fourth", 3, "extraction", 0.015, 0.0005),
    ("history", "xi-after-trump", 3, "extraction", 0.042, 0.0006),
    ("xi-first", "xi-fourth", None, "extraction", 0.010, 0.0005),
    ("history", "xi-after-trump", None, "extraction", 0.011, 0.0005),
    ("xi-first", "xi-fourth", None, "first_us_deal", 0.013, 0.002),
    ("history", "xi-after-trump", None, "first_us_deal", 0.005, 0.002),
    ("xi-first", "xi-fourth", None, "deals_us", -0.004, 0.002),
    ("history", "xi-after-trump", None, "deals_us", -0.012, 0.003),
    ("xi-first", "xi-fourth", None, "arsenal_ratio", 0.015, None),
    ("history", "xi-after-trump", None, "arsenal_ratio", 0.023, None),
    ("moscow-early", "no-moscow", None, "prc_enforcement", -0.023, 0.0004),
    ("moscow-early", "no-moscow", None, "aid", 0.022, 0.0002),
    ("moscow-early", "no-moscow", None, "extraction", 0.007, 0.0003),
    ("history", "no-hawk", None, "tension", 0.035, 0.001),
    ("history", "no-hawk", None, "mirage", 0.031, 0.002),
    ("history", "no-hawk", None, "fatal-step", 0.005, 0.001),
    ("drawdown-gift", "drawdown-chip", None, "deals_us", -0.66, 0.006),
    ("drawdown-gift", "drawdown-chip", None, "arsenal_ratio", 0.50, 0.004),
    ("drawdown-gift", "drawdown-chip", None, "sanctions", 0.28, 0.002),
    ("drawdown-gift", "drawdown-chip", None, "extraction", -0.10, 0.002),
    ("drawdown-gift", "drawdown-none", None, "deals_us", -0.22, 0.004),
    ("drawdown-gift", "drawdown-none", None, "arsenal_ratio", 0.000, 0.001),
    ("history", "no-trade-war", None, "deals_us", 0.054, 0.002),
    ("history", "no-trade-war", None, "promised_us", 0.023, 0.001),
    ("history", "no-trade-war", None, "prc_enforcement", 0.009, 0.0002),
]


@pytest.mark.parametrize(("name", "against", "months", "measure", "text", "se"), PAIRED)
def test_9_11_16_18_23_paired_scenarios_differ_as_the_text_says(
    name: str, against: str, months: int | None, measure: str, text: float, se: float | None
) -> None:
    found = shift(played(name, months=months), played(against, months=months), measure)
    assert agrees(found, text, se, digit=0.01 if round(text, 2) == text else 0.001)
    if se is None or abs(text) > 4 * se:
        assert sure(found)
        assert (found.mean > 0) == (text > 0)


@pytest.mark.parametrize(
    ("measure", "text", "se"), [("sanctions", -0.038, 0.002), ("deals_us", 0.078, 0.006), ("extraction", -0.010, 0.002)]
)
def test_12_an_arsenal_given_up_unasked_buys_a_little_relief(measure: str, text: float, se: float) -> None:
    assert agrees(shift(arsenal_given_up(), played("history"), measure), text, se)


def test_15_a_test_on_the_eve_of_the_american_summit_spoils_it_and_a_month_earlier_it_does_not() -> None:
    eve, earlier = ShownTest(3), ShownTest(2)
    for each in (eve, earlier):
        each.play_to(3)
    deal = eve.shift("first.KU.deal")
    assert sure(deal)
    assert agrees(deal, -0.040, 0.002)
    assert agrees(eve.shift("deals.KP"), -0.032, 0.002)
    assert agrees(earlier.shift("first.KU.deal"), -0.001, 0.001)
    for each in (eve, earlier):
        each.play_to(10)
        assert each.shift("squeeze").mean > 0.02
        assert each.shift("exercises").mean > 0.04


@pytest.mark.parametrize(("a0", "text"), [(0.4, 0.259), (0.65, 0.145), (0.9, 0.052)])
def test_24_the_lower_a0_the_more_mirages(a0: float, text: float) -> None:
    found = outcome_probabilities(played("history", f"assume.parameters.a0={a0}"))["mirage"]
    se = (found.high - found.low) / 3.92
    assert agrees(Shift(found.probability, se), text)


@cache
def many() -> Ensemble:
    return run(reference("history"), 2 * RUNS, SEED, workers=1)


@pytest.mark.parametrize("claim", ["both-or-neither", "warhead-clock", "us-waits-on-seoul-track"])
def test_31_an_effect_read_off_one_ensemble_equals_on_minus_off(claim: str) -> None:
    """Three claims, four quantities: |z| below 3.5; a right model misses one with a chance of 0.6%."""
    effects = claim_effects(holding(many()), world_table(many()))
    row = effects.rows.index(claim)
    on, off = (played("history", f"assume.claims.{claim}={switch}") for switch in ("on", "off"))
    for measure in ("arsenal_ratio", "extraction", "mirage", "test-pause"):
        column = effects.columns.index(measure)
        forced = shift(on, off, measure)
        apart = float(effects.effect[row, column]) - forced.mean
        assert abs(apart) < 3.5 * sqrt(float(effects.se[row, column]) ** 2 + forced.se**2)


@pytest.mark.parametrize(
    "credences", [{"icbm-reach": 0.2}, {"trump-wants-out": 0.9, "warhead-clock": 0.4, "icbm-reach": 0.5}]
)
def test_30_reweighting_equals_a_fresh_ensemble(credences: dict[str, float]) -> None:
    """A claim of a shared cause; one that stands alone and two of a cause at once. Four quantities, |z| below 3.5."""
    table = world_table(many())
    found = reweight(holding(many()), table.values, credences)
    settings = [f"assume.claims.{claim}={{credence: {credence}}}" for claim, credence in credences.items()]
    fresh = run(reference("history", *settings), RUNS, SEED + 1, workers=1)
    means = {name: each.probability for name, each in outcome_probabilities(fresh).items()}
    errors = {name: (each.high - each.low) / 3.92 for name, each in outcome_probabilities(fresh).items()}
    for name, each in measure_means(fresh).items():
        means[name], errors[name] = each.mean, each.se
    for name in ("arsenal_ratio", "extraction", "mirage", "test-pause"):
        column = table.names.index(name)
        assert abs(float(found.means[column]) - means[name]) < 3.5 * sqrt(
            float(found.se[column]) ** 2 + errors[name] ** 2
        )


def test_32_assumptions_explain_some_of_everything_and_all_of_nothing() -> None:
    found = {name: each.assumptions for name, each in outcome_probabilities(many()).items()}
    found |= {name: each.assumptions for name, each in measure_means(many()).items()}
    for name in ("fatal-step", "mirage", "test-pause", "arsenal_ratio", "extraction", "deals_us"):
        share = found[name]
        assert share is not None
        assert 0 < share < 1
