"""The law of the claims: each moves what its paragraph speaks of, by 5 standard errors at 102,400 runs, or is colour by
its card. The table there is held against fresh runs of another seed, in which each must move it too.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from claims_effects import BEGIN, DESCRIPTION, ELSEWHERE, END, SURE, Effects, effects

from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from tests.model.paths import shift

RUNS = 8_192  # 3.5 times the standard errors of the table
PAIRED_RUNS = 2_048  # on against off in the same worlds: sharper for a claim that moves one thing a little
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


def test_every_claim_moves_its_observable_in_fresh_runs_too(text: str, fresh: dict[str, Effects]) -> None:
    """By 5 standard errors, the way the table says: over all runs or, for a weak claim, with it on against off."""
    still = []
    for name, observable, where, said, _ in ROW.findall(text):
        effect, se = fresh[where or "history"].of(name, observable)
        if abs(effect) < SURE * se:
            effect, se = on_against_off(name, observable, where or "history")
        if effect * float(said) <= 0 or abs(effect) < SURE * se:
            still.append((name, observable, effect, se))
    assert not still


def on_against_off(claim: str, observable: str, scenario: str) -> tuple[float, float]:
    played = (
        run(load_scenario(scenario, set=[f"assume.claims.{claim}={switch}"]), PAIRED_RUNS, seed=7, workers=1)
        for switch in ("on", "off")
    )
    on, off = (
        (each.ended if observable in each.names.outcomes else each.measure)(observable).astype(np.float64)
        for each in played
    )
    found = shift(on, off)
    return found.mean, found.se
