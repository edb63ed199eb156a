"""One American summit with every number given (MODEL.md 7.4, the worked meeting), against the arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.inputs.arithmetic import evaluate
from sim.model.calendar import Due
from sim.model.deals import carried_out, collapse, give, sign
from sim.model.diplomacy import Diplomacy
from sim.model.packages import Side
from sim.model.summits import ROWS, Attendance, Circumstances, Meeting, attend, meet, pressed
from tests.model.settings import scenario_of

LEVELS = {
    "arsenal": 0.6, "strategic_tests": 0.4, "short_range_tests": 0.0, "freeze": 0.0, "sanctions": 0.8,
    "prc_enforcement": 0.8, "us_troops": 1.0, "exercises": 0.6, "aid": 0.05, "peace": 0.1, "tension": 0.5,
    "momentum": 0.4, "us_ties": 0.1, "tariffs": 0.2, "trade_talks": 0.0, "hawk": 1.0, "america_first": 0.6,
    "met_prc": 0.0, "first_meeting": 1.0, "strain": 0.0,
}  # fmt: skip
NUMBERS = {
    "lam": 6.0, "lam_pick": 3.0, "phi": 0.5, "a0": 0.7, "distrust": 0.6, "link": 1.0, "tied": 0.25, "boldness": 0.15,
    "remote": 0.2, "relief_for_disarmament": 0.5, "f_hawk": 0.08, "f_audience": 0.1, "follow": 0.7, "growth": 0.012,
    "precedent": 0.3, "resolve": 0.75, "wish_base": 3.0, "hurry_base": -3.0, "snap_back": 0.8, "walkout": 0.2,
}  # fmt: skip
LEVERAGE = {("DPRK", "US"): 0.7, ("US", "DPRK"): 0.3}
CASE = scenario_of("history").case


def variables(**changes: float) -> dict[str, float]:
    model = Diplomacy(scenario_of("history"), runs=2, seed=1)
    names = {name: value if isinstance(value, float) else 0.0 for name, value in model.variables.items()}
    names |= LEVELS | NUMBERS | {f"shortfall_{state}": 0.2 for state in CASE.states} | {"struck.KU": 0.5}
    names |= {"leverage.DPRK.US": 0.7, "leverage.US.DPRK": 0.3} | changes
    for derived in CASE.derived.values():
        names[derived.name] = float(evaluate(derived.value, names))
    names |= {f"start.{name}": names[name] for name in (*CASE.variables, *CASE.derived)}
    return names | {"start.tests": 0.5} | changes


def table(**changes: float) -> Meeting:
    """The meeting in one run, signed by a draw of .2 that the pair does not have for itself."""
    sides = tuple(
        Side(
            state,
            {issue: point.position.mode for issue, point in CASE.states[state].ideals.items()},
            {issue: point.salience.mode for issue, point in CASE.states[state].ideals.items()},
        )
        for state in ("DPRK", "US")
    )
    yes, no = np.array([True]), np.array([False])
    came = Attendance({}, yes, {"DPRK": no, "US": no}, yes, no)
    uniforms = np.zeros((ROWS, 1), dtype=np.float32)
    uniforms[:3, 0] = (0.1, 0.2, 0.9)
    holds = {claim: np.ones(1, dtype=np.float32) for claim in scenario_of("history").ledger.claims}
    own = np.full(1, 0.4, dtype=np.float32)
    here = Circumstances(CASE, variables(**changes), holds, uniforms, own)
    return meet(here, CASE.pairs["KU"], (sides[0], sides[1]), LEVERAGE, came, 3)


def offer(name: str) -> tuple[float, float, float, float]:
    """Gains and chances to accept of both sides, the terms pressed all the way."""
    met = table()
    place = next(k for k, each in enumerate(met.offers) if each.package.name == name and each.push == 1)
    gains, accepts = met.offers[place].gains, met.accepts[place]
    return tuple(float(np.ravel(each)[0]) for each in (*gains.values(), *accepts.values()))  # type: ignore[return-value]


def test_terms_and_shares() -> None:
    met = table()
    assert met.terms["DPRK"] == pytest.approx(0.7)
    shares = met.offers[0].shares
    assert shares["US"]["exercises"] == pytest.approx(0.8448, abs=1e-4)
    assert shares["DPRK"]["strategic_tests"] == pytest.approx(0.6316, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("freeze-for-freeze", (0.1271, 0.0374, 0.6704, 0.7092)),
        ("interim", (0.3550, 0.0051, None, None)),
        ("disarm-for-relief", (None, 0.2919, None, None)),
        ("grand", (0.6759, 0.4325, None, None)),
    ],
)
def test_gains_and_acceptance(name: str, expected: tuple[float | None, ...]) -> None:
    for found, wanted in zip(offer(name), expected, strict=True):
        assert wanted is None or found == pytest.approx(wanted, abs=6e-5)


def test_what_both_accept_and_the_chance_over_all_offers() -> None:
    met = table()
    both = [float(np.prod([each[0] for each in accepts.values()])) for accepts in met.accepts]
    assert both[0] == pytest.approx(0.4755, abs=1e-4)
    assert both[1] == pytest.approx(0.5934, abs=1e-4)
    assert both[3] == pytest.approx(0.9458, abs=1e-4)
    assert len(both) == 12
    assert float(met.chance[0]) == pytest.approx(0.8630, abs=1e-4)


def test_what_is_carried_out_falls_due_and_comes_back() -> None:
    """Bombs for troops, signed: first as each side by itself would do it, then hostages at the pace of the slower."""
    met = table()
    grand = next(k for k, each in enumerate(met.offers) if each.package.name == "grand" and each.push == 1)
    met = replace(met, picked=np.array([grand], dtype=np.int8), deal=np.array([True]))
    done = carried_out(met, variables())
    assert done["DPRK"] == pytest.approx(0.4441, abs=1e-4)
    assert done["US"] == pytest.approx(0.7062, abs=1e-4)
    now = variables(paired=0.0)
    now |= {name: float(np.ravel(value)[0]) for name, value in sign(CASE, met, now).items()}
    due = {"arsenal": 0.2664, "us_troops": 0.7062, "sanctions": 0.4394, "aid": 0.4084, "peace": 0.5741}
    for lever, amount in due.items():
        assert now[f"due.{lever}"] == pytest.approx(amount, abs=1e-4)
    assert now["rate.arsenal"] == pytest.approx(0.6 / 36)
    assert now["rate.sanctions"] == pytest.approx(0.8 / 12)
    assert now["exercises"] == pytest.approx(0.2173, abs=1e-4)
    for _ in range(3):
        now |= {name: float(value) for name, value in give(CASE, "KU", now).items()}
    assert now["arsenal"] == pytest.approx(0.55, abs=1e-4)
    assert now["us_troops"] == pytest.approx(1 - 3 / 36, abs=1e-4)
    assert now["sanctions"] == pytest.approx(0.60, abs=1e-4)
    broken = collapse(CASE, "KU", now | {"strain": 1.0}, np.zeros(1, dtype=np.float32))
    assert broken["arsenal"] == pytest.approx(0.55, abs=1e-4)
    assert broken["us_troops"] == pytest.approx(1 - 3 / 36 + 0.8 * 0.7 * 3 / 36, abs=1e-4)
    assert broken["sanctions"] == pytest.approx(0.76, abs=1e-4)
    assert broken["exercises"] == pytest.approx(0.5235, abs=1e-4)
    both = sign(CASE, met, variables(paired=1.0))
    assert both["due.us_troops"] == pytest.approx(0.4441, abs=1e-4)
    assert both["due.arsenal"] == pytest.approx(0.2664, abs=1e-4)


def test_the_terms_of_the_next_meeting_lean_on_those_struck() -> None:
    z = pressed(CASE.pairs["KU"], {"DPRK": 0.5, "US": 0.5}, variables(**{"deals.KU": 1.0, "struck.KU": 0.7}))
    assert z["DPRK"] == pytest.approx(0.56)


def test_wishes() -> None:
    """At a momentum of .4 and even leverage, strategic tests and claims aside."""
    even = {"leverage.DPRK.US": 0.0, "leverage.US.DPRK": 0.0, "strategic_tests": 0.0, "rok_ties": 0.4}
    holds = {claim: np.zeros(1, dtype=np.float32) for claim in scenario_of("history").ledger.claims}
    due, draws, own = Due("KU", 1.0, 1.0, 0.0), np.zeros((ROWS, 1), np.float32), np.zeros(1, np.float32)
    found = attend(Circumstances(CASE, variables(**even), holds, draws, own), due)
    for chance in found.wishes.values():
        assert float(np.ravel(chance)[0]) == pytest.approx(0.9526, abs=1e-4)  # logistic of 3
    found = attend(Circumstances(CASE, variables(), holds, draws, own), due)
    kim, trump = (float(np.ravel(chance)[0]) for chance in found.wishes.values())
    assert kim == pytest.approx(1 / (1 + np.exp(-(3 + 0.3 - 0.7))), abs=1e-4)
    assert trump == pytest.approx(1 / (1 + np.exp(-(3 + 0.7 - 0.3 - 1.5 * 0.4))), abs=1e-4)
