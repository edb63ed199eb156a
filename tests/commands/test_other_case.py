"""Every command on a case with other states, levers and outcomes: nothing about the shipped one is in the program."""

from __future__ import annotations

import json

import pytest

from commands.conftest import ROOT

OTHER = ("--case", str(ROOT / "tests/other_case"))
SHIPPED = ("DPRK", "Korea", "Kim", "Trump", "sanctions", "arsenal", "mirage")


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("run", "river", "-n", "60", "--no-charts"),
        ("run", "baseline", "river", "no-league", "-n", "20", "--no-charts"),
        ("story", "river"),
        ("story", "river", "--outcome", "as-before"),
        ("leverage", "river", "--pair", "DELTA,UPLANDS"),
        ("leverage", "river", "--pair", "LEAGUE,UPLANDS"),
        ("claims",),
        ("claims", "one-shot-ends-it"),
        ("claims", "agreement"),
        ("claims", "verify", str(ROOT / "tests/other_case/documents")),
        ("check", *(str(path) for path in sorted((ROOT / "tests/other_case").glob("*/*.yaml")))),
    ],
)
def test_a_command_speaks_of_this_case_alone(summitry, words):
    said = summitry(*words, *OTHER)
    assert (said.status, said.err) == (0, "")
    assert said.out
    assert not [word for word in SHIPPED if word in said.out]
    assert max(map(len, said.out.splitlines())) <= 80


def test_its_outcomes_and_measures_are_its_own(summitry):
    found = json.loads(summitry("run", "river", "-n", "40", "--no-charts", "--json", *OTHER).out)
    assert list(found["outcomes"]) == ["shooting", "water-flows", "standoff", "as-before"]
    assert sum(each["count"] for each in found["outcomes"].values()) == 40
