"""A summit by hand, in plain Python numbers, written from the model's text (section 6) and not from its code."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.by_hand import HandRun

# pair -> the state that meets the DPRK, its tie, its recency
PAIRS = {
    "KP": ("PRC", "prc_ties", "met_prc"),
    "KU": ("US", "us_ties", "met_us"),
    "KS": ("ROK", "rok_ties", "met_rok"),
    "KR": ("RUS", "rus_ties", "met_rus"),
}
TALLIED = ("deals", "walkouts", "first_held", "first_terms", "first_chance", "first_deal")
UP = ("aid", "peace", "freeze")

# pair -> package -> (what the DPRK gives, what the other gives, what is given whole)
Parts = dict[str, float]
PACKAGES: dict[str, dict[str, tuple[Parts, Parts, tuple[str, ...]]]] = {
    "KU": {
        "freeze-for-freeze": ({"strategic_tests": 0.8, "short_range_tests": 0.5}, {"exercises": 0.7}, ()),
        "interim": (
            {"arsenal": 0.35, "freeze": 0.7, "strategic_tests": 0.8, "short_range_tests": 0.5},
            {"sanctions": 0.35, "exercises": 0.7, "peace": 0.4},
            (),
        ),
        "disarm-for-relief": (
            {"arsenal": 0.95, "freeze": 1, "strategic_tests": 1, "short_range_tests": 0.6},
            {"sanctions": 0.9, "exercises": 0.7, "aid": 0.5, "peace": 0.7},
            ("arsenal",),
        ),
        "grand": (
            {"arsenal": 1, "freeze": 1, "strategic_tests": 1, "short_range_tests": 0.6},
            {"us_troops": 1, "exercises": 1, "sanctions": 0.6, "aid": 0.4, "peace": 0.8},
            ("arsenal", "us_troops"),
        ),
    },
    "KP": {"backing": ({"strategic_tests": 0.5}, {"prc_enforcement": 0.12, "aid": 0.06}, ())},
    "KS": {
        "thaw": (
            {"strategic_tests": 0.3, "short_range_tests": 0.3, "peace": 0.1},
            {"exercises": 0.2, "peace": 0.15, "aid": 0.05},
            (),
        )
    },
    "KR": {"route": ({"strategic_tests": 0.2}, {"aid": 0.06, "sanctions": 0.02}, ())},
}
# tie at deal, at walk-out; tension at deal, at walk-out; share of lift, of walkout
AFTER = {
    "KP": (0.15, -0.05, -0.02, 0.01, 0.1, 0.2),
    "KU": (0.2, -0.08, -0.15, 0.05, 1, 1),
    "KS": (0.12, -0.05, -0.07, 0.02, 0.3, 0.4),
    "KR": (0.15, -0.05, 0, 0, 0, 0),
}


def hold_summit(run: HandRun, pair: str) -> None:
    """Terms, packages, acceptance, a deal or a walk-out, and what follows."""
    x, p, (other, tie, met) = run.x, run.p, PAIRS[pair]
    mine, theirs = run.leverage.get(("DPRK", other), 0.0), run.leverage.get((other, "DPRK"), 0.0)
    y = {"DPRK": 0.5 + (mine - theirs) / 2}
    y[other] = 1 - y["DPRK"]
    centre = 0.5 if pair == "KU" else 0.0
    first = x[f"first_held.{pair}"] == 0
    rub = friction(run, pair, first)
    lean = {
        "DPRK": p["phi"] * (theirs - centre) - rub["DPRK"],
        other: p["phi"] * (mine - centre) - rub[other],
    }
    table = []
    for name, (ours, others, whole) in PACKAGES[pair].items():
        if name not in run.scenario.case.packages:
            continue
        given = {"DPRK": signed(ours, whole, y[other]), other: signed(others, whole, y["DPRK"])}
        gains = {side: gain(run, side, given, x[tie]) for side in given}
        accept = {
            side: 1 / (1 + exp(-(p["lam"] * (gains[side] + lean[side]) + log(p["a0"] / (1 - p["a0"])))))
            for side in given
        }
        both = accept["DPRK"] * accept[other]
        table.append((given, both, exp(p["lam_pick"] * both * sum(gains.values()))))
    settle(run, pair, table, first, y["DPRK"])
    if first and pair == "KP":
        x["prc_ties"] -= p["slight"] * x["prc_rank"]
    for name in (tie, "tension", "momentum"):
        x[name] = min(1.0, max(0.0, x[name]))
    x[met] = 1.0
    if x["first_held.KP"] == 0:
        x["prc_rank"] = sum(x[f"first_held.{each}"] for each in ("KU", "KS", "KR")) / 3


def friction(run: HandRun, pair: str, first: bool) -> dict[str, float]:
    x, p, other = run.x, run.p, PAIRS[pair][0]
    if pair == "KU":
        audience = p["f_audience"] * max(x["tests"], x["tension"])
        linked = run.holds("trade-talks-linkage") * max(x["prc_ties"], x["met_prc"])
        return {
            "DPRK": audience,
            other: audience + p["f_hawk"] * x["hawk"] - 0.15 * x["tariffs"] * x["trade_talks"] * linked,
        }
    theirs = -0.2
    if pair == "KP":
        theirs += 0.3 * x["tests"] * run.holds("provocation-alienates-patron")
        theirs += p["slight"] * x["prc_rank"] if first else 0.0
    return {"DPRK": -0.2, other: theirs}


def signed(parts: Parts, whole: tuple[str, ...], terms_of_other: float) -> Parts:
    """f = min(1, part x 2 y of the other side), except parts given whole."""
    return {
        lever: min(1.0, part) if lever in whole else min(1.0, part * 2 * terms_of_other)
        for lever, part in parts.items()
    }


def moved(x: Parts, lever: str, given: dict[str, Parts]) -> float:
    """The level of a lever after the package in full."""
    left = 1.0
    for parts in given.values():
        left *= 1 - parts.get(lever, 0.0)
    return 1 - (1 - x[lever]) * left if lever in UP else x[lever] * left


def gain(run: HandRun, side: str, given: dict[str, Parts], tie: float) -> float:
    """Salience-weighted way toward the ideal points, less distrust."""
    x, p, x0 = run.x, run.p, run.start
    touched = {lever for parts in given.values() for lever in parts}
    after = {lever: moved(x, lever, given) for lever in touched}
    levels: dict[str, tuple[float, float]] = {}
    arsenal = x["arsenal"]
    if touched & {"arsenal", "freeze"}:
        grown = 12 * p["growth"] * (after.get("freeze", x["freeze"]) - x["freeze"])
        arsenal = max(0.0, after.get("arsenal", x["arsenal"]) - grown)
        levels["arsenal"] = (x["arsenal"], arsenal)
    if touched & {"sanctions", "prc_enforcement"}:
        bite = 0.3 + 0.7 * after.get("prc_enforcement", x["prc_enforcement"])
        levels["sanctions"] = (
            x["sanctions"] * (0.3 + 0.7 * x["prc_enforcement"]),
            after.get("sanctions", x["sanctions"]) * bite,
        )
    if "strategic_tests" in touched:
        levels["tests"] = (x0["tests"], x0["tests"] * (1 - given["DPRK"]["strategic_tests"]))
    for lever in ("us_troops", "aid", "peace", "exercises"):
        if lever in touched:
            levels[lever] = (x[lever], after[lever])
    total = 0.0
    for issue, (now, then) in levels.items():
        ideal_now = ideal_then = p[f"ideal.{side}.{issue}"]
        if issue == "sanctions" and side != "DPRK":
            h = p["relief_for_disarmament"]
            ideal_now *= 1 - h + h * min(1, x["arsenal"] / x0["arsenal"])
            ideal_then *= 1 - h + h * min(1, arsenal / x0["arsenal"])
        total += p[f"salience.{side}.{issue}"] * (abs(ideal_now - now) - abs(ideal_then - then))
    other = next(name for name in given if name != side)
    mine, returned = (for_good(run, given[name]) for name in (side, other))
    return total - p["distrust"] * (1 - tie) * max(0.0, mine - p["link"] * returned)


def for_good(run: HandRun, parts: Parts) -> float:
    """What a side gives for good, in shares of the start."""
    return sum(parts.get(lever, 0.0) * run.x[lever] / run.start[lever] for lever in ("arsenal", "us_troops"))


def settle(
    run: HandRun, pair: str, table: list[tuple[dict[str, Parts], float, float]], first: bool, terms: float
) -> None:
    """Which package, signed or not, and what is carried out."""
    x, p, tie = run.x, run.p, PAIRS[pair][1]
    total = sum(weight for _, _, weight in table)
    which = run.draws.month(f"summit/{pair}", run.month, 0, 2) * total
    picked, reach = 0, 0.0
    for place, (_, _, weight) in enumerate(table):
        if which >= reach:
            picked = place
        reach += weight
    given, both, _ = table[picked]
    deal = 1.0 if run.draws.month(f"summit/{pair}", run.month, 1, 2) < both else 0.0
    x[f"deals.{pair}"] += deal
    x[f"walkouts.{pair}"] += 1 - deal
    if first:
        x[f"first_held.{pair}"], x[f"first_terms.{pair}"], x[f"first_deal.{pair}"] = 1.0, terms, deal
        x[f"first_chance.{pair}"] = sum(weight * chance for _, chance, weight in table) / total
    worth = {side: deal * sum(promise(run, lever) * f for lever, f in parts.items()) for side, parts in given.items()}
    for side, amount in worth.items():
        x[f"promised.{pair}.{side}"] += amount
        x[f"received.{pair}.{side}"] += amount * p["follow"] * (1 - p[f"shortfall_{side}"])
        if first:
            x[f"first.{pair}.promised.{side}"] = amount
    for side, parts in given.items():
        for lever, f in parts.items():
            done = deal * f * p["follow"] * (1 - p[f"shortfall_{side}"])
            x[lever] = x[lever] + done * (1 - x[lever]) if lever in UP else x[lever] * (1 - done)
    tie_deal, tie_walk, calm_deal, calm_walk, lift, walkout = AFTER[pair]
    if pair == "KS":
        calm_deal *= p["thaw"]
    x[tie] += tie_deal if deal else tie_walk
    x["tension"] += calm_deal if deal else calm_walk
    x["momentum"] += lift * p["lift"] if deal else -walkout * p["walkout"]


def promise(run: HandRun, lever: str) -> float:
    """Weight of a lever times what there is of it to give (section 8)."""
    x, x0 = run.x, run.start
    ratio = {"sanctions": 0.45, "prc_enforcement": 0.6, "us_troops": 0.2, "exercises": 0.2, "arsenal": 0.4}
    if lever in ratio:
        return ratio[lever] * x[lever] / x0[lever]
    if lever in ("strategic_tests", "short_range_tests"):
        return {"strategic_tests": 0.45, "short_range_tests": 0.15}[lever] * x[lever]
    return {"aid": 0.4, "peace": 0.15}[lever] * (1 - x[lever]) if lever != "freeze" else 0.0
