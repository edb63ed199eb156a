"""The arrays of the model against one run at a time by hand: every variable, every month, to 1e-5."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.diplomacy import Diplomacy
from sim.model.streams import Streams
from tests.model.by_hand import HandRun
from tests.model.by_hand_deal import PAIRS
from tests.model.by_hand_world import WHERE_IT_FAILS, Uniforms
from tests.model.settings import scenario_of

RUNS = 64
SEED = 11
CLOSE = 1e-5

# Scenario, settings, the runs followed: all pairs meet, Xi is kept waiting, levers are pinned, a package is taken off,
# both codings are read, strong moves drive levels to 0 and 1, fatal steps are frequent, an arsenal grows past 1 under a
# deal that collapses, and levels meet their end while more of them is due.
FOLLOWED = [
    ("history", [], range(10)),
    ("history", ["assume.coding=first"], range(10, 16)),
    ("history", ["assume.coding=second"], range(16, 20)),
    ("xi-fourth", [], range(20, 26)),
    ("trump-first", [], range(26, 30)),
    ("drawdown-gift", [], range(30, 34)),
    ("drawdown-none", [], range(34, 37)),
    ("drawdown-chip", ["assume.parameters.a0=0.9"], range(37, 43)),
    ("balanced-ledger", [], range(43, 46)),
    ("china-stops-enforcing", [], range(46, 49)),
    (
        "history",
        ["assume.parameters.step=6", "assume.parameters.walkout=0.9", "assume.parameters.a0=0.3"],
        range(49, 54),
    ),
    ("no-china", ["assume.parameters.log10_h0=-2", "assume.parameters.eps=1"], range(54, 60)),
    ("xi-trip-in-plan", ["assume.parameters.wish_base=0.5", "assume.parameters.hurry_base=-1"], range(6)),
    ("xi-fourth-certain", ["assume.parameters.precedent=1"], range(6, 10)),
    ("history", ["assume.parameters.growth=0.08"], (3, 54)),
    ("drawdown-chip", ["assume.parameters.step=4", "assume.parameters.a0=0.9"], (32, 42)),
]


def test_every_variable_of_every_month_agrees_with_the_calculation_by_hand() -> None:
    """In runs that see deals and walkouts of every pair and every choice: else they would not do what is compared."""
    seen: set[tuple[str, object]] = set()
    for name, settings, followed in FOLLOWED:
        scenario, runs = scenario_of(name, *settings), list(followed)
        model, uniforms = Diplomacy(scenario, runs=RUNS, seed=SEED), Uniforms(Streams(SEED, RUNS))
        hands = [HandRun(scenario, uniforms, run) for run in runs]
        while not model.finished:
            model.step()
            for run, hand in zip(runs, hands, strict=True):
                hand.step()
                assert _worst(model, hand, run) < CLOSE, (name, run, model.month, _apart(model, hand, run)[:3])
            seen |= _choices(model, runs)
        _assert_same_end(model, hands, runs)
        seen |= _met(model, runs)
    assert seen >= {(pair, tally) for pair in PAIRS for tally in ("deals", "walkouts")}
    assert seen >= {(state, place) for state in ("DPRK", "PRC", "US", "ROK", "RUS") for place in range(3)}
    assert seen >= {("fatal", 0), ("fatal", 1)}
    assert seen >= {(claim, holds) for claim, *_ in WHERE_IT_FAILS for holds in (True, False)}


def _assert_same_end(model: Diplomacy, hands: list[HandRun], runs: list[int]) -> None:
    outcomes, final = model.outcomes(), model.measures()
    for run, hand in zip(runs, hands, strict=True):
        assert model.case.outcomes[outcomes[run]].name == hand.outcome()
        for measure, value in hand.measures().items():
            assert np.broadcast_to(final[measure], RUNS)[run] == pytest.approx(value, abs=CLOSE)


def _choices(model: Diplomacy, runs: list[int]) -> set[tuple[str, object]]:
    """What each state chose this month."""
    choices = {state.name: state.choice for state in model.states.values() if state.choice is not None}
    return {(name, int(place)) for name, choice in choices.items() for place in choice[runs]}


def _met(model: Diplomacy, runs: list[int]) -> set[tuple[str, object]]:
    """How meetings ended, whether a fatal step was taken, and which claims held that decide how they end."""
    found: set[tuple[str, object]] = {("fatal", int(struck)) for struck in model.variables["fatal"][runs]}
    found |= {(claim, bool(holds)) for claim, *_ in WHERE_IT_FAILS for holds in model.holds[claim][runs]}
    return found | {
        (pair, tally)
        for pair in PAIRS
        for tally in ("deals", "walkouts")
        if np.broadcast_to(model.variables[f"{tally}.{pair}"], RUNS)[runs].max() > 0
    }


def _apart(model: Diplomacy, hand: HandRun, run: int) -> list[tuple[float, str]]:
    """How far each variable, leverage and choice of one run is from its value by hand, the farthest first."""
    apart = []
    for name, value in hand.x.items():
        apart.append((abs(_at(model.variables[name], run) - value), name))
    for dyad, value in hand.leverage.items():
        apart.append((abs(_at(model.leverage.get(dyad, 0.0), run) - value), f"leverage {dyad}"))
    for state, place in hand.choice.items():
        choice = model.states[state].choice
        assert choice is not None
        apart.append((float(abs(int(choice[run]) - place)), f"choice of {state}"))
    return sorted(apart, reverse=True)


def _worst(model: Diplomacy, hand: HandRun, run: int) -> float:
    return _apart(model, hand, run)[0][0]


def _at(value: object, run: int) -> float:
    return float(np.broadcast_to(np.asarray(value), RUNS)[run])


NOTICED = {
    "constants.friendly.value=0.21": 3,
    "constants.freeze_months.value=13": 3,
    "constants.attention_ahead.value=0.81": 3,
    "constants.x_exercises.value=0.21": 20,
    "month.decay.aid=0.98": 1,
    "bargaining.KS.at_deal.tension=-0.08*thaw": 3,
    "packages.interim.gives.US.peace=0.41": 16,
    "moves.PRC.source=elsewhere": 0,
}


@pytest.mark.parametrize("changed", NOTICED)
def test_the_comparison_notices_a_number_that_is_slightly_off(changed: str) -> None:
    """The control: a change of a number is seen within so many months (a change of words never)."""
    scenario, last = scenario_of("history", changed), NOTICED[changed] or 3
    model, uniforms = Diplomacy(scenario, runs=RUNS, seed=SEED), Uniforms(Streams(SEED, RUNS))
    hands = [HandRun(scenario, uniforms, run) for run in range(16)]
    worst = 0.0
    while model.month <= last:
        model.step()
        for hand in hands:
            hand.step()
            worst = max(worst, _worst(model, hand, hands.index(hand)))
    final = model.measures()["extraction"]
    worst = max(worst, *(abs(_at(final, run) - hand.measures()["extraction"]) for run, hand in enumerate(hands)))
    assert (worst > CLOSE) == (NOTICED[changed] > 0)
