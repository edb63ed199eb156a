"""`story`: one run in words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.inputs.scenario import load_scenario
from sim.views.wording import NOT_A_FORECAST

SHIPPED = Path(__file__).parents[2] / "scenarios"


def test_a_story_tells_every_month_every_state_and_every_summit(summitry):
    said = summitry("story", "history", "--full")
    text = " ".join(said.out.split())
    assert (said.status, said.err) == (0, "")
    assert max(map(len, said.out.splitlines())) <= 80
    for month in range(21):
        assert f"(month {month})" in text
    for state in ("North Korea", "China", "the United States", "South Korea", "Russia"):
        assert state in text
    assert text.count("It is signed.") + text.count("They part without a deal.") + text.count("is not held: ") == 12
    assert "The American summit (Hanoi)" in text
    assert "On the table, with the chance that both sign:" in text
    assert "How it ends: " in text
    assert NOT_A_FORECAST in text


def test_a_story_counts_every_claim_under_an_if_of_the_case(summitry):
    claims = load_scenario("history").ledger.claims
    named = set(re.findall(r"\bif: ([a-z][a-z0-9-]+)", (SHIPPED / "baseline.yaml").read_text("utf-8")))
    ruling = [name for name, claim in claims.items() if claim.fails or name in named]
    said = " ".join(summitry("story", "history", "--full", "--months", "0").out.split())
    assert f"Of the {len(ruling)} claims that change how somebody behaves" in said


def test_a_full_story_has_the_arsenal_and_the_troops_in_every_month(summitry):
    said = " ".join(summitry("story", "history", "--full", "--months", "4").out.split())
    months = said.split(" (month ")[1:]
    assert len(months) == 5
    for month in months:
        for label in ("nuclear arsenal", "US troops in the South", "tension", "American pressure"):
            assert re.search(rf"{label} \d\.\d\d", month), month


@pytest.mark.parametrize("outcome", ["mirage", "neither"])
def test_a_story_of_a_wanted_end(summitry, outcome):
    said = summitry("story", "xi-first", "--outcome", outcome)
    label = {"mirage": "a mirage", "neither": "neither troops nor bombs"}[outcome]
    assert said.status == 0
    assert f"How it ends: {label}\n" in said.out


def test_the_same_run_is_told_twice_alike_and_another_one_otherwise(summitry):
    words = ("story", "xi-first", "--months", "4", "--run")
    assert summitry(*words, "7").out == summitry(*words, "7").out
    assert summitry(*words, "7").out != summitry(*words, "4103").out


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--outcome", "mirrage"), 'did you mean "mirage"?'),
        (("--outcome", "withdrawal"), "none of the first 32,768 runs ends so"),
        (("--run", "-1"), "at least 0"),
    ],
)
def test_a_run_that_is_not_there(summitry, words, line):
    said = summitry("story", "drawdown-gift", "--months", "2", *words)
    assert (said.status, said.out) == (2, "")
    assert line in said.err


def test_the_short_form_fits_a_screen(summitry):
    said = summitry("story", "history")
    assert said.status == 0
    assert len(said.out.splitlines()) <= 44
    assert NOT_A_FORECAST in " ".join(said.out.split())
