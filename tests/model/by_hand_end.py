"""How a run by hand is read: measures, who gained, the class of its ending (MODEL.md 7.7).

Written from MODEL.md by somebody who had read neither `sim.model` nor the formulas of an earlier calculation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tests.model.by_hand_world import ISSUES, STATES

if TYPE_CHECKING:
    from tests.model.by_hand import HandRun

MEANS = (
    "kim_over_us", "kim_over_xi", "kim_over_seoul", "xi_over_us", "xi_over_seoul", "seoul_over_us", "moscow_over_us",
    "moscow_over_kim", "pax",
)  # fmt: skip
READ = {
    "collapses_us": "collapses.KU", "off_us": "calledoff.KU", "off_prc": "calledoff.KP",
    "refused_by_us": "refused.KU.US", "refused_by_kim": "refused.KU.DPRK", "refused_by_xi": "refused.KP.PRC",
    "xi_refused_by_kim": "refused.KP.DPRK", "deals_us": "deals.KU", "walkouts_us": "walkouts.KU",
    "deals_prc": "deals.KP", "deals_rok": "deals.KS", "deals_rus": "deals.KR", "promised_us": "promised.KU.US",
    "received_us": "received.KU.US", "promised_dprk": "promised.KU.DPRK", "first_us_held": "first.KU.held",
    "attention_kim": "mean.attention", "sidelined_xi": "mean.sidelined", "mean_pressure": "mean.pressure",
    "mean_tests": "mean.tests", "mean_tension": "mean.tension", "mean_enforcement": "mean.enforcement",
    "mean_prc_ties": "mean.prc_ties",
} | {name: f"mean.{name}" for name in MEANS}  # fmt: skip
# read only where the pair has met
READ_OF_MEETINGS = {
    "KP": {"first_xi_month": "first.KP.month"},
    "KU": {
        "first_us_chance": "first.KU.chance", "first_us_terms": "first.KU.terms", "first_us_deal": "first.KU.deal",
        "first_kim_signs": "first.KU.signs.DPRK", "first_trump_signs": "first.KU.signs.US",
        "first_us_freeze": "tabled.freeze_for_freeze", "first_us_interim": "tabled.interim",
        "first_us_relief": "tabled.disarm_for_relief", "first_us_grand": "tabled.grand",
        "first_promised_us": "first.KU.promised.US", "first_promised_dprk": "first.KU.promised.DPRK",
        "last_us_terms": "last.KU.terms", "last_us_deal": "last.KU.deal",
    },
}  # fmt: skip


def measures(run: HandRun) -> dict[str, float]:
    """By name; those of a meeting only where it was held."""
    x, start = run.x, run.start

    def let_go(name: str) -> float:
        return (1 - x[f"pinned.{name}"]) * max(0.0, 1 - x[name] / start[name])

    eased = 0.45 * let_go("sanctions") + 0.2 * let_go("exercises") + 0.2 * let_go("us_troops")
    by_us, by_prc = max(x["received.KU.US"], eased), 0.6 * let_go("prc_enforcement")
    ratio = x["arsenal"] / start["arsenal"]
    calm = 0.45 * (1 - x["strategic_tests"]) + 0.15 * (1 - x["short_range_tests"]) + 0.4 * max(0.0, 1 - ratio)
    found = {
        "arsenal_ratio": ratio, "troop_ratio": x["us_troops"] / start["us_troops"],
        "given_by_us": by_us, "given_by_prc": by_prc, "extraction": by_us + 0.7 * by_prc, "calm_index": calm,
        "bombs_going": max(0.0, 1 - (x["arsenal"] - x["due.arsenal"]) / start["arsenal"]),
        "troops_going": max(0.0, 1 - (x["us_troops"] - x["due.us_troops"]) / start["us_troops"]),
        "price": x["promised.KU.US"] - x["promised.KU.DPRK"],
        "talks": max(x["first.KU.held"], x["first.KS.held"]), "renewed": max(0.0, x["pressure"] - 0.5),
    }  # fmt: skip
    found |= {measure: x[name] for measure, name in READ.items()}
    for pair, read in READ_OF_MEETINGS.items():
        found |= {measure: x[name] for measure, name in read.items() if x[f"first.{pair}.held"]}
    return found | {f"gain.{state}": gain(run, state) for state in STATES}


def gain(run: HandRun, state: str) -> float:
    """The share that a state has come of the way to all it wants."""
    before = satisfaction(run, state, run.start)
    return (satisfaction(run, state, run.x) - before) / max(0.25, -before)


def satisfaction(run: HandRun, state: str, x: Mapping[str, float]) -> float:
    """Minus the distances from the ideal points by salience; the tests are those lived with."""
    far = 0.0
    for issue in ISSUES:
        level = x["squeeze" if issue == "sanctions" else issue]
        far += run.p[f"salience.{state}.{issue}"] * abs(run.ideal(state, issue, x) - level)
    return -far


def outcome(run: HandRun) -> str:
    """The first class whose conditions all hold."""
    x, found = run.x, measures(run)
    bombs, troops = found["bombs_going"] >= 0.15, found["troops_going"] >= 0.15
    paused = x["strategic_tests"] <= 0.38
    classes = {
        "fatal-step": x["fatal"] >= 1,
        "neither": bombs and troops,
        "disarmament": bombs,
        "withdrawal": troops and "us_troops" not in run.pinned,
        "mirage": found["talks"] >= 0.5 and x["momentum"] <= 0.25 and found["renewed"] >= 0.14,
        "test-pause": paused and found["given_by_us"] >= 0.1,
        "dividend": found["extraction"] >= 0.25 and found["given_by_us"] >= 0.05,
        "respite": paused,
        "relapse": x["strategic_tests"] >= 0.72,
    }
    return next((name for name, fits in classes.items() if fits), "stalemate")
