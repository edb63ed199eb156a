"""The law of the claims: each moves what its paragraph speaks of, by 5 standard errors at 102,400 runs, or is colour by
its card. The table there is held against fresh runs of another seed.
"""

from __future__ import annotations

import re

import pytest
from claims_effects import BEGIN, DESCRIPTION, ELSEWHERE, END, SURE, Effects, effects

from sim.inputs.scenario import load_scenario

RUNS = 8_192  # 3.5 times the standard errors of the table
AGREE = 4.5  # standard errors of the difference: 63 claims that agree break it with probability .0004
ROW = re.compile(r"^\| (\S+) \|.*\| `([\w.-]+)`(?: \(in (\S+)\))? ([+-][\d.]+) ± ([\d.]+) \|.*\|$", re.MULTILINE)


@pytest.fixture(scope="module")
def text() -> str:
    return DESCRIPTION.read_text("utf-8").partition(BEGIN)[2].partition(END)[0]


@pytest.fixture(scope="module")
def fresh() -> dict[str, Effects]:
    return {name: effects(load_scenario(name), RUNS, seed=7) for name in ("history", *ELSEWHERE.values())}


def test_every_claim_has_its_row_with_the_observable_of_its_card(text: str) -> None:
    claims = load_scenario("history").ledger.claims
    rows = {name: observable for name, observable, *_ in ROW.findall(text)}
    assert rows == {name: claim.observable for name, claim in claims.items() if not claim.colour}


def test_every_claim_moves_its_observable_or_is_colour(text: str) -> None:
    assert not [name for name, _, _, effect, se in ROW.findall(text) if abs(float(effect)) < SURE * float(se)]
    colour = [name for name, claim in load_scenario("history").ledger.claims.items() if claim.colour]
    assert f"{', '.join(colour)} are colour by their cards" in text


def test_fresh_runs_of_another_seed_agree_with_the_table(text: str, fresh: dict[str, Effects]) -> None:
    for name, observable, where, said, error in ROW.findall(text):
        effect, se = fresh[where or "history"].of(name, observable)
        assert abs(effect - float(said)) < AGREE * (se**2 + float(error) ** 2) ** 0.5, name
