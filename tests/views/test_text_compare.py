"""The first sentences of a comparison: what is not seen is not said to be nothing, and what is nothing not `0.0%`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.analysis.compare import Comparison, compare
from sim.analysis.paired import Difference
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.views.text.compare import chain_in_words, sentence, short_comparison
from sim.views.text.screen import Screen


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(*(run(load_scenario(name, months=4), 64, 1) for name in ("xi-first", "xi-fourth")))


@pytest.mark.parametrize(
    ("low", "high", "changed", "p", "said"),
    [
        (0.01, 0.03, 40, 0.001, "Kim gains more by all summits"),
        (-0.03, -0.01, 40, 0.001, "Kim gains less by all summits"),
        (-0.01, 0.015, 40, 1.0, "Kim gains about as much by all summits"),
        (-0.05, 0.01, 40, 1.0, "whether Kim gains more by all summits is too close to tell"),
        (float("nan"), float("nan"), 3, 1.0, "whether Kim gains more by all summits is too close to tell"),
        (float("nan"), float("nan"), 0, 1.0, "Kim gains about as much by all summits"),
    ],
)
def test_about_as_much_is_said_only_where_a_tenth_is_ruled_out(
    found: Comparison, low: float, high: float, changed: int, p: float, said: str
) -> None:
    gained = Difference((low + high) / 2, 0.01, low, high, changed, p)
    one = replace(
        found, measures={**found.measures, "gained.DPRK": gained}, levels={**found.levels, "gained.DPRK": (0.2, 0.2)}
    )
    twice = "0.200 against 0.200" if p < 0.05 else "0.20 against 0.20"
    assert f"{said} ({twice})" in chain_in_words(one, load_scenario("xi-fourth"))


def test_what_is_said_to_differ_is_seen_to_differ(found: Comparison) -> None:
    surely = Difference(0.001, 0.0001, 0.0008, 0.0012, 40, 0.001)
    one = replace(
        found,
        measures={**found.measures, "first_us_terms": surely},
        levels={**found.levels, "first_us_terms": (0.6271, 0.6281)},
    )
    assert "with better terms (62.8 against 62.7 of 100)" in chain_in_words(one, load_scenario("xi-fourth"))


def test_the_chain_has_its_differences_beside_long_names() -> None:
    """Labels of rows are cut before the column that says who gained by how much is dropped."""
    two = [run(load_scenario(name, months=4), 64, 1) for name in ("xi-first-certain", "xi-fourth-certain")]
    lines = short_comparison(compare(*two), (two[0], two[1]), Screen(80)).splitlines()
    head = next(line for line in lines if line.startswith("from leverage to gain"))
    assert head.endswith("difference")
    assert any(line.startswith("gained by Kim ") and " ±" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_an_ending_of_no_run_is_said_in_words(found: Comparison) -> None:
    name, one = next(iter(found.outcomes.items()))
    never = replace(found, outcomes={name: replace(one, difference=0.2, p=0.001)}, shares={name: (0.0, 0.2)})
    assert "more often (20.0% of runs instead of no run)" in sentence(never, load_scenario("xi-fourth"))
